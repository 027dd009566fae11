"""A change of a network, in memory: a question supposes it, a load would write it (docs/rules.md, section 7)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from graph.errors import InvalidInput, NearlyFits, RejectedRow, TooManyRows
from graph.model import REMOVALS, TABLES, Column, Table, Type
from graph.sources.chunks import Chunk, Note, Reject
from graph.sources.names import nearest
from graph.sources.native import NativeSource

ROWS_AT_MOST = 100_000
REMOVE = "remove"

_ADDED = {table.name: table for table in TABLES}
_REMOVED = {table.name.removeprefix(f"{REMOVE}/"): table for table in REMOVALS}


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that are to go and rows that are to come; implements `Source`.

    `name` is for people, and `unit` what they count its rows by: lines of files, or rows of a document.
    Two changes are equal where their `hash` is: that of all their cells.
    """

    name: str = field(compare=False)
    unit: str = field(compare=False)
    hash: str
    rows: tuple[Chunk, ...] = field(compare=False, repr=False)

    def rejected(self, reject: Reject) -> RejectedRow:
        """The error about a row of it that a load would set aside."""
        return RejectedRow(f"{reject.file}, {self.unit} {reject.line}", reject.column, reject.value, reject.reason)

    def chunks(self) -> Iterator[Chunk]:
        """All rows, those that are to go first."""
        return iter(self.rows)

    def notes(self) -> list[Note]:
        """None: whatever there is to know of its files was an error."""
        return []


def read_change(path: Path, *, rows_at_most: int = ROWS_AT_MOST) -> Change:
    """The change in a folder of native files.

    Raises UnknownSource and InvalidInput where it is none, where a file of it is not read or breaks, and TooManyRows.
    """
    if not path.exists():
        raise InvalidInput(f"there is no change at {path}")
    source = NativeSource(path)
    if source.unread:
        note = source.unread[0]
        raise InvalidInput(f"{path}: {note.file} is {note.text}; a change is taken whole")
    chunks: list[Chunk] = []
    count = 0
    for chunk in source.chunks():
        count += len(chunk.lines)
        if count > rows_at_most:
            raise TooManyRows(str(path), rows_at_most)
        chunks.append(chunk)
    return _change(str(path), "line", chunks)


def change_of(tables: Mapping[str, Any], *, rows_at_most: int, name: str = "change") -> Change:
    """The change in a document: `{table: [rows], "remove": {table: [rows]}}`, rows with the columns of native files.

    A column that a row does not have is left alone, and null is an empty cell; ids are texts.
    `name` is what errors call it. Raises InvalidInput, naming the table and row, and TooManyRows.
    """
    tables = dict(tables)
    removed = tables.pop(REMOVE, {})
    if not isinstance(removed, Mapping):
        raise InvalidInput(f"{name}: {REMOVE} holds tables of rows")
    chunks = [
        chunk
        for place, known, given in (("", _ADDED, tables), (f"{REMOVE}/", _REMOVED, removed))
        for table in _known(name, place, given, known)
        for chunk in _chunks(name, f"{place}{table}", known[table], given[table])
    ]
    if sum(len(chunk.lines) for chunk in chunks) > rows_at_most:
        raise TooManyRows(name, rows_at_most)
    order = [*REMOVALS, *TABLES]
    return _change(name, "row", sorted(chunks, key=lambda chunk: order.index(chunk.table)))


def _change(name: str, unit: str, chunks: Sequence[Chunk]) -> Change:
    hash = sha256()
    for chunk in chunks:
        hash.update(json.dumps([chunk.table.name, chunk.columns], ensure_ascii=False).encode())
    return Change(name, unit, hash.hexdigest(), tuple(chunks))


def _known(name: str, place: str, given: Mapping[str, Any], known: Mapping[str, Table]) -> Iterator[str]:
    for table in given:
        if table not in known:
            if meant := nearest(table, known):
                raise NearlyFits(name, "the table", f"{place}{table}", f"{place}{meant}")
            raise InvalidInput(f"{name}: {place}{table} is no table: there are {', '.join(known)}")
        yield table


def _chunks(change: str, name: str, table: Table, rows: Any) -> Iterator[Chunk]:
    """Rows with the same columns, one after the other, make a chunk."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise InvalidInput(f"{change}: {name} is a list of rows")
    lines = [(number, _cells(name, number, table, row)) for number, row in enumerate(rows, 1)]
    for columns, some in groupby(lines, key=lambda line: tuple(sorted(line[1]))):
        numbered = list(some)
        cells = {column: [row[column] for _, row in numbered] for column in columns}
        yield Chunk(table, name, [number for number, _ in numbered], cells, [])


def _cells(name: str, number: int, table: Table, row: Any) -> dict[str, str]:
    where = f"{name}, row {number}"
    if not isinstance(row, Mapping):
        raise InvalidInput(f"{where}: a row is an object of columns")
    for column in table.required:
        if column not in row:
            raise InvalidInput(f"{where}: there is no {column}")
    cells = {}
    for column, value in row.items():
        if declared := table.column(column):
            cells[column] = _cell(f"{where}, {column}", declared, value)
        elif table.keeps_other_columns:
            cells[column] = _cell(f"{where}, {column}", Column(column, Type.TEXT), value)
        elif _ADDED[name.removeprefix(f"{REMOVE}/")].column(column) is None:
            raise InvalidInput(f"{where}: {name} have no column {column!r}")
    return cells


def _cell(where: str, column: Column, value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool() if column.type is Type.FLAG:
            return str(value).lower()
        case int() if column.type is Type.COUNT:
            return str(value)
        case [*names] if column.type is Type.NAMES and all(isinstance(name, str) for name in names):
            return ";".join(names)
        case _:
            raise InvalidInput(f"{where}: {value!r} is no {column.type}")
