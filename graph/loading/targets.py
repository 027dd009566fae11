"""What the rows of each table become in the graph, whatever way they take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.model import (
    ASSUMED,
    ASSUMED_FIELDS,
    BLOCKS,
    COMPANIES,
    COMPANY_MEMBERS,
    CONNECTIONS,
    GROUP_MEMBERS,
    GROUPS,
    MEMBERS,
)
from graph.sources.linkedin.tables import JOBS, OWNERS, PAGES, PEOPLE
from graph.sources.settings import SETTINGS


@dataclass(frozen=True, slots=True)
class Target:
    """Nodes of the label, or relationships of the type, `name`, and the statement that writes them.

    A row becomes one if its column has the value that `only` names; of rows with one `key` the last wins.
    All columns become properties, but those of `without`, the ids of the two ends, and the column of `only`.
    """

    name: str
    statement: str
    key: tuple[str, ...]
    only: tuple[str, str] | None = None
    without: tuple[str, ...] = ()


_MEMBER = "Member"

SAYING = (MEMBERS, SETTINGS)  # whose rows say what their columns name

TARGETS = {
    MEMBERS: (Target(_MEMBER, "load/members", ("id",)),),
    SETTINGS: (Target(_MEMBER, "load/settings", ("id",)),),
    PEOPLE: (Target(_MEMBER, "load/people", ("id",)),),
    OWNERS: (Target(_MEMBER, "load/owners", ("id",)),),
    GROUPS: (Target("Group", "load/groups", ("id",)),),
    COMPANIES: (Target("Company", "load/companies", ("id",)),),
    PAGES: (Target("Company", "load/pages", ("id",)),),
    CONNECTIONS: (Target("CONNECTED_TO", "load/connections", ("a", "b")),),
    GROUP_MEMBERS: (Target("MEMBER_OF", "load/group_members", ("member", "group")),),
    COMPANY_MEMBERS: (
        Target("WORKS_AT", "load/works_at", ("member", "company", "since"), only=("tie", "works_at")),
        Target("FOLLOWS", "load/follows", ("member", "company"), only=("tie", "follows"), without=("until",)),
    ),
    JOBS: (Target("WORKS_AT", "load/jobs", ("member", "company")),),
    BLOCKS: (
        Target("BLOCKED", "load/blocked", ("member", "other"), only=("kind", "block"), without=("reason",)),
        Target("LIMITED", "load/limited", ("member", "other"), only=("kind", "limit")),
    ),
}


def said_fields(columns: Iterable[str]) -> list[str]:
    """The fields of members that rows with these columns say, which therefore are assumed no more.

    Where a column says what is assumed, no other takes anything out. Source: the rules, section 6.
    """
    names = {*columns}
    return [] if ASSUMED in names else [name for name in ASSUMED_FIELDS if name in names]
