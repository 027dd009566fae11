"""Connections that the graph has, and that the newest of somebody's own exports no longer lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from graph.driver.connection import Row
from graph.driver.database import Database
from graph.driver.query import Query
from graph.sources.chunks import OwnExports

_ROWS_AT_ONCE = 10_000

Unlisted = Mapping[str, Set[str]]


def unlisted(database: Database, source: OwnExports) -> Unlisted:
    """By owner, whom the graph has them connected to without their being listed."""
    return {owner: database.read(_connections_of(owner)) - listed for owner, listed in source.listed.items()}


def missing(source: OwnExports, in_graph: Unlisted) -> dict[str, int]:
    """By owner, how many connections the last archive does not list, of those in the graph and in earlier archives."""
    counts = {owner: len(earlier | in_graph.get(owner, set())) for owner, earlier in source.earlier.items()}
    return {owner: count for owner, count in counts.items() if count}


def disconnections(some: Unlisted) -> Iterator[Query[None]]:
    """What takes these connections away."""
    rows = [{"a": min(owner, other), "b": max(owner, other)} for owner, others in some.items() for other in others]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        parameters = {"rows": rows[start : start + _ROWS_AT_ONCE]}
        yield Query("load/disconnect", decode=lambda _: None, parameters=parameters)


def _connections_of(member: str) -> Query[Set[str]]:
    return Query("load/connections_of", decode=_ids, parameters={"member": member})


def _ids(rows: Sequence[Row]) -> Set[str]:
    return {row["id"] for row in rows}
