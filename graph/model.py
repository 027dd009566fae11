"""The nodes, relationships and values of the graph (docs/rules.md, section 1).

A `Table` is one kind of input row; its `Column`s say which values a cell may hold.
Whatever reads, checks, writes or documents the graph takes its names from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """How the text of a cell is read."""

    ID = "id"
    TEXT = "text"
    CHOICE = "choice"
    TIER = "tier"
    FLAG = "flag"
    COUNT = "count"
    INSTANT = "instant"
    NAMES = "names"


LARGEST_COUNT = 2**63 - 1
STRONGEST = 100  # a tie, of which the weakest has 1


@dataclass(frozen=True, slots=True)
class Column:
    """A named column: its type and the value of an empty cell (None: no value).

    `choices`: of a choice the allowed values, of names those that a set may have.
    `least` and `most` bound a count.
    """

    name: str
    type: Type
    default: str | bool | int | tuple[str, ...] | None = None
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = LARGEST_COUNT

    def __post_init__(self) -> None:
        if (self.type in (Type.CHOICE, Type.NAMES)) != bool(self.choices):
            raise ValueError(f"{self.name}: choices go with the types choice and names, and only with them")
        if self.type is Type.CHOICE and self.default not in (None, self.choices[0]):
            raise ValueError(f"{self.name}: the first choice is the default, where there is one")


def _choice(name: str, *choices: str) -> Column:
    return Column(name, Type.CHOICE, choices[0], choices)


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of input row.

    `key` names the columns that identify a row; `refers` maps a column to the table whose ids it must hold;
    `keeps_other_columns`: a column that is not listed stays on the node, as text.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: tuple[str, ...]
    refers: tuple[tuple[str, str], ...] = ()
    keeps_other_columns: bool = False

    def column(self, name: str) -> Column | None:
        """The declared column of this name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def defaults(self) -> dict[str, str | bool | int | tuple[str, ...]]:
        """What a new node holds before its row is applied: every declared column that has a default."""
        return {column.name: column.default for column in self.columns if column.default is not None}


ASSUMED = "assumed"
ASSUMED_FIELDS = (
    "tier",
    "visibility",
    "accepts_from",
    "accepts_inmail",
    "open_profile",
    "contact_info",
    "contact_form",
    "comments_open",
    "inmail_credits",
    "messages_sent",
    "inmails_sent",
)
ASSUMED_TIES = ("connections", "groups", "companies", "blocks")
ASSUMED_NAMES = (*ASSUMED_FIELDS, *ASSUMED_TIES)

MEMBERS = Table(
    "members",
    (
        Column("id", Type.ID),
        Column("name", Type.TEXT),
        Column("tier", Type.TIER, ""),
        Column("tier_expires_at", Type.INSTANT),
        _choice("status", "active", "restricted", "deactivated", "closed"),
        Column("restricted_until", Type.INSTANT),
        _choice("visibility", "public", "network", "connections", "private"),
        _choice("accepts_from", "anyone", "shared_connections", "connections", "nobody"),
        Column("accepts_inmail", Type.FLAG, True),
        Column("open_profile", Type.FLAG, False),
        _choice("contact_info", "nobody", "connections", "network", "anyone"),
        Column("contact_form", Type.FLAG, False),
        Column("comments_open", Type.FLAG, False),
        Column("inmail_credits", Type.COUNT, 0),
        Column("messages_sent", Type.COUNT, 0),
        Column("inmails_sent", Type.COUNT, 0),
        Column(ASSUMED, Type.NAMES, None, (*ASSUMED_FIELDS, *ASSUMED_TIES)),
    ),
    key=("id",),
    required=("id",),
    keeps_other_columns=True,
)
GROUPS = Table(
    "groups",
    (Column("id", Type.ID), Column("name", Type.TEXT), Column("messaging", Type.FLAG, True)),
    key=("id",),
    required=("id",),
    keeps_other_columns=True,
)
COMPANIES = Table(
    "companies",
    (Column("id", Type.ID), Column("name", Type.TEXT)),
    key=("id",),
    required=("id",),
    keeps_other_columns=True,
)
CONNECTIONS = Table(
    "connections",
    (
        Column("a", Type.ID),
        Column("b", Type.ID),
        Column("since", Type.INSTANT),
        Column("strength", Type.COUNT, least=1, most=STRONGEST),
    ),
    key=("a", "b"),
    required=("a", "b"),
    refers=(("a", "members"), ("b", "members")),
)
GROUP_MEMBERS = Table(
    "group_members",
    (Column("member", Type.ID), Column("group", Type.ID), Column("since", Type.INSTANT)),
    key=("member", "group"),
    required=("member", "group"),
    refers=(("member", "members"), ("group", "groups")),
)
COMPANY_MEMBERS = Table(
    "company_members",
    (
        Column("member", Type.ID),
        Column("company", Type.ID),
        _choice("tie", "works_at", "follows"),
        Column("since", Type.INSTANT),
        Column("until", Type.INSTANT),
    ),
    key=("member", "company", "tie", "since"),
    required=("member", "company"),
    refers=(("member", "members"), ("company", "companies")),
)
BLOCKS = Table(
    "blocks",
    (
        Column("member", Type.ID),
        Column("other", Type.ID),
        _choice("kind", "block", "limit"),
        Column("since", Type.INSTANT),
        Column("reason", Type.TEXT),
    ),
    key=("member", "other", "kind"),
    required=("member", "other"),
    refers=(("member", "members"), ("other", "members")),
)

TABLES = (MEMBERS, GROUPS, COMPANIES, CONNECTIONS, GROUP_MEMBERS, COMPANY_MEMBERS, BLOCKS)


def _removal(table: Table, *which: Column) -> Table:
    """Rows that name relationships of a table which are to go: by the two ends, and columns that say which of several.

    Source: the rules, section 7.
    """
    ends = tuple(column for column in table.columns if column.name in table.required)
    names = tuple(column.name for column in (*ends, *which))
    return Table(f"remove/{table.name}", (*ends, *which), key=names, required=table.required, refers=table.refers)


REMOVED_CONNECTIONS = _removal(CONNECTIONS)
REMOVED_GROUP_MEMBERS = _removal(GROUP_MEMBERS)
REMOVED_COMPANY_MEMBERS = _removal(
    COMPANY_MEMBERS,
    Column("tie", Type.CHOICE, choices=("works_at", "follows")),
    Column("since", Type.INSTANT),
)
REMOVED_BLOCKS = _removal(BLOCKS, Column("kind", Type.CHOICE, choices=("block", "limit")))

REMOVALS = (REMOVED_CONNECTIONS, REMOVED_GROUP_MEMBERS, REMOVED_COMPANY_MEMBERS, REMOVED_BLOCKS)
# A matrix of more segments than this shows nothing any more.
SEGMENTS_AT_MOST = 1_000
