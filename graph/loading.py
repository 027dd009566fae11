"""Writes a source into the graph: what is right is loaded, what is wrong is set aside with its place and reason.

A load adds and updates. It sets the columns that are there, leaves the others and deletes nothing.
Every batch is a transaction that may be repeated: the same rows again change nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from graph import schema
from graph.cells import Value, values
from graph.database import Database, Query, Row
from graph.model import BLOCKS, COMPANIES, COMPANY_MEMBERS, CONNECTIONS, GROUP_MEMBERS, GROUPS, MEMBERS, Column, Type
from graph.sources.chunks import Chunk, Reject, Source
from graph.sources.settings import SETTINGS


@dataclass(frozen=True, slots=True)
class _Target:
    """What a statement writes: the rows whose column has a value (`only`), by `key`, all columns but `without`."""

    statement: str
    key: tuple[str, ...]
    only: tuple[str, str] | None = None
    without: tuple[str, ...] = ()


_TARGETS = {
    MEMBERS: (_Target("load/members", ("id",)),),
    SETTINGS: (_Target("load/settings", ("id",)),),
    GROUPS: (_Target("load/groups", ("id",)),),
    COMPANIES: (_Target("load/companies", ("id",)),),
    CONNECTIONS: (_Target("load/connections", ("a", "b")),),
    GROUP_MEMBERS: (_Target("load/group_members", ("member", "group")),),
    COMPANY_MEMBERS: (
        _Target("load/works_at", ("member", "company", "since"), only=("tie", "works_at")),
        _Target("load/follows", ("member", "company"), only=("tie", "follows"), without=("until",)),
    ),
    BLOCKS: (
        _Target("load/blocked", ("member", "other"), only=("kind", "block"), without=("reason",)),
        _Target("load/limited", ("member", "other"), only=("kind", "limit")),
    ),
}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """Rows by the name of their table, for each table that the source has; `version` is the graph's new one."""

    loaded: dict[str, int]
    rejected: dict[str, int]
    version: int


def load(
    database: Database,
    source: Source,
    *,
    tiers: Set[str],
    reject: Callable[[Reject], None],
    progress: Callable[[str, int], None] = lambda *_: None,
) -> LoadReport:
    """Loads all of a source.

    `tiers`: the names that any loaded rule pack defines.
    `reject` is handed each row that is set aside.
    `progress` is told, chunk by chunk, the table and the number of its rows just done.
    Raises DatabaseError, and InvalidInput where a file breaks while it is read; then the graph's state stays `loading`,
    and loading again completes it.
    """
    schema.apply(database)
    version: int = database.write(Query("load/begin", decode=lambda rows: rows[0]["version"]))
    known = _KnownIds(database)
    loaded: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for chunk in source.chunks():
        rows, rejects = _checked(chunk, tiers, known)
        for name, parameters in _writes(chunk, rows):
            database.write(Query(name, decode=lambda _: None, parameters=parameters))
        if not chunk.table.refers:
            known.declare(chunk.table.name, [str(row["id"]) for row in rows])
        for row in rejects:
            reject(row)
        table = chunk.table.name
        loaded[table] += len(rows)
        rejected[table] += len(rejects)
        progress(table, len(rows) + len(rejects))
    database.write(Query("load/end", decode=lambda _: None))
    return LoadReport(dict(loaded), dict(rejected), version)


class _KnownIds:
    """The ids that relationships may name: those of this load, and those that the graph had."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: defaultdict[str, set[str]] = defaultdict(set)

    def declare(self, table: str, ids: Iterable[str]) -> None:
        self._ids[table].update(ids)

    def unknown(self, table: str, ids: Iterable[str]) -> set[str]:
        asked = set(ids) - self._ids[table]
        if asked:
            lookup = Query(f"load/known_{table}", decode=_ids, parameters={"ids": list(asked)})
            found = self._database.read(lookup)
            self.declare(table, found)
        return asked - self._ids[table]


def _ids(rows: Sequence[Row]) -> list[str]:
    return [row["id"] for row in rows]


def _checked(chunk: Chunk, tiers: Set[str], known: _KnownIds) -> tuple[list[Row], list[Reject]]:
    """The rows of a chunk as values, and those set aside, each for the first thing that is wrong with it."""
    columns: dict[str, list[Value]] = {}
    problems: dict[int, tuple[str, str]] = {}
    for name, cells in chunk.columns.items():
        column = chunk.table.column(name) or Column(name, Type.TEXT)
        columns[name], reasons = values(column, cells, tiers)
        for place, reason in reasons.items():
            problems.setdefault(place, (name, reason))
    for place, name in _with_themselves(chunk):
        problems.setdefault(place, (name, "a relationship of somebody with themselves"))
    for name, table in chunk.table.refers:
        unknown = known.unknown(table, (str(id) for id in columns[name] if id is not None))
        for place, id in enumerate(columns[name]):
            if id in unknown:
                problems.setdefault(place, (name, "nobody declares this id"))
    rows = [
        dict(zip(columns, row, strict=True))
        for place, row in enumerate(zip(*columns.values(), strict=True))
        if place not in problems
    ]
    rejects = [
        Reject(chunk.file, chunk.lines[place], name, chunk.columns[name][place], reason)
        for place, (name, reason) in problems.items()
    ]
    return rows, sorted(chunk.rejects + rejects, key=lambda reject: reject.line)


def _with_themselves(chunk: Chunk) -> Iterator[tuple[int, str]]:
    match chunk.table.refers:
        case ((one, table), (other, same_table)) if table == same_table:
            pairs = zip(chunk.columns[one], chunk.columns[other], strict=True)
            yield from ((place, other) for place, (a, b) in enumerate(pairs) if a == b)


def _writes(chunk: Chunk, rows: list[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that write these rows, with their parameters; of rows with one key the last stands there."""
    table = chunk.table
    if table == CONNECTIONS:
        rows = [row | {"a": min(row["a"], row["b"]), "b": max(row["a"], row["b"])} for row in rows]
    for target in _TARGETS[table]:
        wanted = rows
        hidden = {*target.key, *target.without}
        if target.only is not None:
            name, value = target.only
            column = table.column(name)
            default = column.default if column else None
            wanted = [row for row in rows if row.get(name, default) == value]
            hidden.add(name)
        by_key = {
            tuple(row.get(name) for name in target.key): {n: v for n, v in row.items() if n not in hidden}
            for row in wanted
        }
        if by_key:
            parameters: dict[str, Any] = {
                "rows": [dict(zip(target.key, key, strict=True)) | {"values": rest} for key, rest in by_key.items()]
            }
            if not table.refers:
                parameters["defaults"] = table.defaults()
            yield target.statement, parameters
