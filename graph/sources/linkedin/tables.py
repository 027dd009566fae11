"""What rows of own exports do that other rows do not: they know little of people, and nothing for good."""

from __future__ import annotations

from dataclasses import replace

from graph.model import (
    ASSUMED,
    ASSUMED_NAMES,
    ASSUMED_TIES,
    COMPANIES,
    COMPANY_MEMBERS,
    MEMBERS,
    Column,
    Table,
    Type,
)

_EVERYTHING = Column(ASSUMED, Type.NAMES, tuple(sorted(ASSUMED_NAMES)), ASSUMED_NAMES)

# Of a member whom the graph does not have, everything is assumed (docs/rules.md, section 6).
PEOPLE = replace(MEMBERS, columns=(*(each for each in MEMBERS.columns if each.name != ASSUMED), _EVERYTHING))

# An owner, and what is assumed of them no more; `positions`: whether their archive has their stints.
OWNERS = replace(
    PEOPLE,
    columns=(*PEOPLE.columns, Column("known", Type.NAMES, None, ASSUMED_TIES), Column("positions", Type.FLAG)),
)

# A company whose name, once given, stays.
PAGES = replace(COMPANIES, columns=(Column("id", Type.ID), Column("name", Type.TEXT)), keeps_other_columns=False)

# Where a contact works, as the row about them says: in place of what an earlier row about them said.
JOBS = Table(
    COMPANY_MEMBERS.name,
    (Column("member", Type.ID), Column("company", Type.ID)),
    key=("member",),
    required=("member", "company"),
    refers=COMPANY_MEMBERS.refers,
)
