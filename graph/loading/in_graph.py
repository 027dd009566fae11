"""What the graph has already, as far as the checking of rows asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.driver.connection import Row
from graph.driver.query import Graph, Query
from graph.loading.presence import Pair, Since
from graph.model import REMOVED_COMPANY_MEMBERS, Table

ROWS_AT_ONCE = 10_000


class InGraph:
    """What the graph has when it is asked, also while a load runs; implements `Presence`."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def ids(self, table: str, ids: list[str]) -> Sequence[str]:
        """Those of the ids that a node of this table has."""
        return self._graph.read(
            Query(f"load/known_{table}", decode=lambda rows: [row["id"] for row in rows], parameters={"ids": ids})
        )

    def stints(self, pairs: Sequence[Pair]) -> dict[Pair, set[Since]]:
        """When the stints of a member at a company began, of those pairs that have any."""
        found: dict[Pair, set[Since]] = {}
        for start in range(0, len(pairs), ROWS_AT_ONCE):
            rows = [{"member": member, "company": company} for member, company in pairs[start : start + ROWS_AT_ONCE]]
            found |= self._graph.read(Query("load/known_stints", decode=_stints, parameters={"rows": rows}))
        return found

    def holds(self, removal: Table, rows: Sequence[Row]) -> set[int]:
        """The places of those rows that name a relationship which is there."""
        found: set[int] = set()
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = [{"place": place, **row} for place, row in enumerate(rows[start : start + ROWS_AT_ONCE], start)]
            found |= self._graph.read(
                Query(
                    removal.name.replace("remove/", "load/found_"),
                    decode=lambda places: {row["place"] for row in places},
                    parameters=going(removal, some),
                )
            )
        return found


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
