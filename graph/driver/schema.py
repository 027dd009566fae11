"""The constraints and indexes of the graph, and its version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.driver.connection import Row
from graph.driver.database import Database
from graph.driver.query import Query

CONSTRAINTS = (
    "schema/member_id_unique",
    "schema/group_id_unique",
    "schema/company_id_unique",
    "schema/rule_pack_name_unique",
    "schema/graph_state_id_unique",
    "schema/forgotten_hash_unique",
)
INDEXES = (
    "schema/member_tier",
    "schema/member_text",
    "schema/member_assumed",
    "schema/group_text",
    "schema/company_text",
)


@dataclass(frozen=True, slots=True)
class GraphState:
    """`version` is 0 before the first load; `loading` is true while one runs, and after one that was cut short.

    An answer of several reads holds where the state before and after is one and the same, and not loading.
    """

    version: int = 0
    loading: bool = False


def apply(database: Database) -> None:
    """Sees to it that every constraint, with its index, and every other index is there."""
    for name in CONSTRAINTS + INDEXES:
        database.write(Query(name, decode=lambda _: None))


def state() -> Query[GraphState]:
    """The version of the graph as it is now."""
    return Query("schema/version", decode=_state)


def _state(rows: Sequence[Row]) -> GraphState:
    return GraphState(**rows[0]) if rows else GraphState()
