"""What the graph has already, as far as the checking of rows asks: ids, stints, and relationships that are to go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.driver.database import Database, Query, Row
from graph.model import REMOVED_COMPANY_MEMBERS, Table

ROWS_AT_ONCE = 10_000

Pair = tuple[str, str]
Since = int | None  # microseconds since 1970


class InGraph:
    """What is there before a load, or while it runs; nothing where there is no `database`, or all of it goes first."""

    def __init__(self, database: Database | None) -> None:
        self._database = database

    def ids(self, table: str, ids: list[str]) -> Sequence[str]:
        """Those of the ids that a node of this table has."""
        if self._database is None:
            return []
        return self._database.read(
            Query(f"load/known_{table}", decode=lambda rows: [row["id"] for row in rows], parameters={"ids": ids})
        )

    def stints(self, pairs: Sequence[Pair]) -> dict[Pair, set[Since]]:
        """When the stints of a member at a company began, of those pairs that have any."""
        found: dict[Pair, set[Since]] = {}
        if self._database is None:
            return found
        for start in range(0, len(pairs), ROWS_AT_ONCE):
            rows = [{"member": member, "company": company} for member, company in pairs[start : start + ROWS_AT_ONCE]]
            found |= self._database.read(Query("load/known_stints", decode=_stints, parameters={"rows": rows}))
        return found

    def holds(self, removal: Table, rows: Sequence[Row]) -> set[int]:
        """The places of those rows that name a relationship which is there."""
        found: set[int] = set()
        if self._database is None:
            return found
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = [{"place": place, **row} for place, row in enumerate(rows[start : start + ROWS_AT_ONCE], start)]
            found |= self._database.read(
                Query(
                    removal.name.replace("remove/", "load/found_"),
                    decode=lambda places: {row["place"] for row in places},
                    parameters=going(removal, some),
                )
            )
        return found


class AnyGraph(InGraph):
    """Of a graph that nobody asks: whatever a row refers to may be there."""

    def __init__(self) -> None:
        super().__init__(None)

    def ids(self, table: str, ids: list[str]) -> Sequence[str]:  # noqa: ARG002  of whatever table
        """All of them."""
        return ids

    def holds(self, removal: Table, rows: Sequence[Row]) -> set[int]:  # noqa: ARG002
        """All of them."""
        return {*range(len(rows))}


def going(removal: Table, rows: Sequence[Row]) -> dict[str, Any]:
    """The parameters of the statements that find and remove relationships."""
    if removal != REMOVED_COMPANY_MEMBERS:
        return {"rows": rows}
    return {"rows": rows, "every_stint": not rows or "since" not in rows[0]}


def _stints(rows: Sequence[Row]) -> dict[Pair, set[Since]]:
    found: dict[Pair, set[Since]] = {}
    for row in rows:
        found.setdefault((row["member"], row["company"]), set()).add(row["since"])
    return found
