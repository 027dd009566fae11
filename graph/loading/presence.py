"""What is there before a load, as far as the checking of rows asks: ids, stints, and relationships that are to go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from graph.model import Table

Pair = tuple[str, str]
Since = int | None  # microseconds since 1970


class Presence(Protocol):
    """Whatever rows are checked against: a graph, a snapshot, nothing, or a graph that nobody asks."""

    def ids(self, table: str, ids: list[str], /) -> Sequence[str]:
        """Those of the ids that a node of this table has."""
        ...

    def stints(self, pairs: Sequence[Pair], /) -> dict[Pair, set[Since]]:
        """When the stints of a member at a company began, of those pairs that have any."""
        ...

    def holds(self, removal: Table, rows: Sequence[dict[str, Any]], /) -> set[int]:
        """The places of those rows that name a relationship which is there."""
        ...


class _Nothing:
    def ids(self, _: object, __: list[str], /) -> Sequence[str]:
        return []

    def stints(self, _: object, /) -> dict[Pair, set[Since]]:
        return {}

    def holds(self, _: object, __: Sequence[dict[str, Any]], /) -> set[int]:
        return set()


class _Anything(_Nothing):
    def ids(self, _: object, ids: list[str], /) -> Sequence[str]:
        return ids

    def holds(self, _: object, rows: Sequence[dict[str, Any]], /) -> set[int]:
        return {*range(len(rows))}


NOTHING: Presence = _Nothing()
ANYTHING: Presence = _Anything()  # whatever a row refers to may be there
