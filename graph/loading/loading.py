"""Writes a source into the graph: what is right is loaded, what is wrong is set aside with its place and reason.

A load adds and updates. It sets the columns that are there, leaves the others and deletes nothing.
Every batch is a transaction that may be repeated: the same rows again change nothing.
So a load that was cut short is completed by loading again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

import pyarrow as pa

from graph.driver import schema
from graph.driver.connection import Row
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import NothingToLoad
from graph.loading import bulk_import
from graph.loading.checking import CheckedChunk, KnownIds, Lookup, checked
from graph.loading.forgetting import forgotten, refuse_forgotten_owners
from graph.loading.instant_columns import instant_texts
from graph.loading.load_lock import LoadLock, load_lock
from graph.loading.targets import TARGETS
from graph.loading.unlisted import disconnections, missing, unlisted
from graph.model import CONNECTIONS, Table
from graph.server.server import Server
from graph.sources.chunks import OwnExports, Reject, Source

_log = logging.getLogger(__name__)


ROWS_AT_ONCE = 10_000
NODES_AT_ONCE = 1_000
IMPORT_FROM = 150_000  # where both ways take as long: an import has to stop and start the server


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Rows by the name of their table, for each table that the source has; `version` is the graph's, after the load.

    `missing` counts, by the owner of own exports, connections that the last archive does not list.
    """

    loaded: dict[str, int]
    rejected: dict[str, int]
    version: int
    missing: dict[str, int] = field(default_factory=dict)


Progress = Callable[[str, int], None]
Rejected = Callable[[Reject], None]


def load(
    database: Database,
    source: Source,
    *,
    tiers: Set[str],
    reject: Rejected,
    progress: Progress = lambda *_: None,
    replace: bool = False,
    server: Server | None = None,
    import_from: int = IMPORT_FROM,
) -> LoadReport:
    """Loads all of a source.

    `tiers`: the names that any loaded rule pack defines.
    `reject` is handed each row that is set aside.
    `progress` is told, chunk by chunk, the table and the number of its rows just done.
    `replace`: the network that the graph has goes first, if the source has anything to put in its place; rule packs
    stay.
    `server`: the embedded server that `database` is; with it, `import_from` rows or more go into a graph without a
    network by way of an import, for which the server is stopped.
    Raises LoadRunning, DatabaseError, and InvalidInput where a file breaks while it is read; then the graph's state
    stays `loading`, and loading again completes it. Raises NothingToLoad, before anything, where `replace` would
    leave nothing, and ForgottenOwner.
    """
    refuse_forgotten_owners(source, database.read(forgotten()))
    if replace:
        _require_a_row(source, tiers)
    schema.apply(database)
    with load_lock(database, emptying=replace) as lock:
        in_graph: Lookup = (lambda *_: []) if lock.emptying else partial(_in_graph, database)
        known = KnownIds(in_graph, database.read(forgotten()))
        report = LoadReport({}, {}, lock.version)
        chunks = _told(checked(source, tiers, known), report, reject)
        if server is not None and database.read(bulk_import.may_replace(network=lock.emptying)):
            first, is_large = _begin(chunks, import_from)
            chunks = chain(first, chunks)
            if is_large:
                left = bulk_import.run(server, database, chunks, known, progress)
                schema.apply(database)
                for query in left:
                    database.write(query, first=lock.held)
                return report
        if lock.emptying:
            _empty(database, lock, progress)
        if isinstance(source, OwnExports):
            gone = unlisted(database, source)
            report.missing.update(missing(source, gone))
            for query in disconnections(gone) if source.drop_missing else ():
                database.write(query, first=lock.held)
        for chunk in chunks:
            _write(database, lock, chunk, progress)
    return report


def dry_run(
    database: Database,
    source: Source,
    *,
    tiers: Set[str],
    reject: Rejected,
    progress: Progress = lambda *_: None,
    replace: bool = False,
) -> LoadReport:
    """What `load` would load and set aside; writes nothing to the graph. Raises DatabaseError and InvalidInput."""
    refuse_forgotten_owners(source, database.read(forgotten()))
    known = KnownIds((lambda *_: []) if replace else partial(_in_graph, database), database.read(forgotten()))
    report = LoadReport({}, {}, database.read(schema.state()).version)
    if isinstance(source, OwnExports):
        report.missing.update(missing(source, {} if replace else unlisted(database, source)))
    for chunk in _told(checked(source, tiers, known), report, reject):
        progress(chunk.table.name, chunk.rows + len(chunk.rejects))
    return report


def _told(chunks: Iterator[CheckedChunk], report: LoadReport, reject: Rejected) -> Iterator[CheckedChunk]:
    """The same chunks, counted in the report, their bad rows handed on."""
    for chunk in chunks:
        table = chunk.table.name
        report.loaded[table] = report.loaded.get(table, 0) + chunk.rows
        report.rejected[table] = report.rejected.get(table, 0) + len(chunk.rejects)
        for row in chunk.rejects:
            reject(row)
        yield chunk


def _begin(chunks: Iterator[CheckedChunk], rows: int) -> tuple[list[CheckedChunk], bool]:
    """The first chunks, and whether they have that many rows to be imported."""
    first: list[CheckedChunk] = []
    for chunk in chunks:
        first.append(chunk)
        if chunk.table not in bulk_import.TABLES:
            return first, False
        rows -= chunk.rows
        if rows <= 0:
            return first, True
    return first, False


def _require_a_row(source: Source, tiers: Set[str]) -> None:
    if not any(chunk.rows for chunk in checked(source, tiers, KnownIds(lambda *_: []))):
        raise NothingToLoad


# What the graph has


def _in_graph(database: Database, table: str, ids: list[str]) -> list[str]:
    return database.read(Query(f"load/known_{table}", decode=_ids, parameters={"ids": ids}))


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]


def _empty(database: Database, lock: LoadLock, progress: Progress) -> None:
    some = Query("load/empty", decode=lambda rows: int(rows[0]["gone"]), parameters={"most": NODES_AT_ONCE})
    while gone := database.write(some, first=lock.held):
        progress("what was there", gone)


# What goes into it


def _write(database: Database, lock: LoadLock, chunk: CheckedChunk, progress: Progress) -> None:
    table = chunk.table
    instants = {name for name, column in chunk.columns.items() if pa.types.is_timestamp(column.type)}
    told = len(chunk.rejects)
    for start in range(0, chunk.rows, ROWS_AT_ONCE):
        columns = {name: _values(column.slice(start, ROWS_AT_ONCE)) for name, column in chunk.columns.items()}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        for name, parameters in _writes(table, rows, instants):
            database.write(Query(name, decode=lambda _: None, parameters=parameters), first=lock.held)
        progress(table.name, len(rows) + told)
        told = 0
    if told:
        progress(table.name, told)


def _values(column: pa.Array) -> list[Any]:
    """The values for the driver, times as text: it takes long over times of its own."""
    values: list[Any] = (instant_texts(column) if pa.types.is_timestamp(column.type) else column).to_pylist()
    return values


def _writes(table: Table, rows: list[Row], instants: Set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that write these rows, with their parameters; of rows with one key the last stands there."""
    if table == CONNECTIONS:
        rows = [row | {"a": min(row["a"], row["b"]), "b": max(row["a"], row["b"])} for row in rows]
    for target in TARGETS[table]:
        wanted = rows
        hidden = {*target.key, *target.without}
        if target.only is not None:
            name, value = target.only
            wanted = [row for row in rows if row.get(name, table.defaults()[name]) == value]
            hidden.add(name)
        by_key = {
            tuple(row.get(name) for name in target.key): {n: v for n, v in row.items() if n not in hidden}
            for row in wanted
        }
        if by_key:
            parameters: dict[str, Any] = {
                "rows": [
                    {
                        **dict(zip(target.key, key, strict=True)),
                        "values": {name: value for name, value in rest.items() if name not in instants},
                        "instants": [[name, value] for name, value in rest.items() if name in instants],
                    }
                    for key, rest in by_key.items()
                ]
            }
            if not table.refers:
                parameters["defaults"] = table.defaults()
            yield target.statement, parameters
