"""Connections that the graph has, and that the last of somebody's own exports does not list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from graph.driver.connection import Row
from graph.driver.database import Database
from graph.driver.query import Query
from graph.model import REMOVED_CONNECTIONS
from graph.sources.chunks import Chunk, OwnExports

Unlisted = Mapping[str, Set[str]]


def unlisted(database: Database, source: OwnExports) -> Unlisted:
    """By owner, whom the graph has them connected to without their being listed."""
    return {owner: database.read(_connections_of(owner)) - listed for owner, listed in source.listed.items()}


def missing(source: OwnExports, in_graph: Unlisted) -> dict[str, int]:
    """By owner, how many connections the last archive does not list, of those in the graph and in earlier archives."""
    counts = {owner: len(earlier | in_graph.get(owner, set())) for owner, earlier in source.earlier.items()}
    return {owner: count for owner, count in counts.items() if count}


def disconnections(source: OwnExports, in_graph: Unlisted) -> Iterator[Chunk]:
    """These connections as rows of what is to go, in the place of the files that do not list them."""
    for owner, others in in_graph.items():
        if others:
            cells = {"a": [owner] * len(others), "b": sorted(others)}
            yield Chunk(REMOVED_CONNECTIONS, source.places[owner], [1] * len(others), cells, [])


def _connections_of(member: str) -> Query[Set[str]]:
    return Query("load/connections_of", decode=_ids, parameters={"member": member})


def _ids(rows: Sequence[Row]) -> Set[str]:
    return {row["id"] for row in rows}
