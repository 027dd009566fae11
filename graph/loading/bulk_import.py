"""A first load of many rows: the network as files for `neo4j-admin database import full`, while no server runs.

What ends in the graph is what `graph.loading.loading` would write batch by batch.
The rows are kept in memory, as columns, until the last one is known: of rows with one key the last wins.
Source: Neo4j's operations manual, "Import".
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from graph.driver.connection import Address, Row, native
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import LoadRunning, ServerFailed
from graph.loading.checking import CheckedChunk, Codes, KnownIds
from graph.loading.instant_columns import instant_texts
from graph.loading.targets import TARGETS, Target, said_fields
from graph.model import (
    ASSUMED,
    ASSUMED_FIELDS,
    ASSUMED_TIES,
    BLOCKS,
    COMPANIES,
    COMPANY_MEMBERS,
    CONNECTIONS,
    GROUP_MEMBERS,
    GROUPS,
    MEMBERS,
)
from graph.server.server import Server

_log = logging.getLogger(__name__)


Columns = dict[str, pa.Array]
Progress = Callable[[str, int], None]

_NO_HEADER = re.compile(r"[{\r\n]")  # what a header reads as something else than a part of a name

_LATER_AT_ONCE = 10_000
_ROWS_AT_ONCE = 1 << 20
_LABELS = {table.name: TARGETS[table][0].name for table in (MEMBERS, GROUPS, COMPANIES)}
_TEXTS = (pa.string(), pa.large_string())
_TYPES = {
    **dict.fromkeys(_TEXTS, "string"),
    pa.bool_(): "boolean",
    pa.int64(): "long",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.timestamp("us", "UTC"): "datetime",
    pa.list_(pa.string()): "string[]",
}
_BETWEEN_NAMES = ";"  # the tool's own


def may_replace(*, network: bool) -> Query[bool]:
    """Whether the graph has nothing that would be lost; with `network`, the network that it has may go."""
    return Query("load/counts", decode=lambda rows: not rows[0]["others"] and (network or not rows[0]["network"]))


def replace_network(
    server: Server,
    database: Database,
    chunks: Iterable[CheckedChunk],
    known: KnownIds,
    progress: Progress,
    *,
    held: Query[None],
) -> list[Query[None]]:
    """Puts a network in place of the one that the graph has; packs and state stay, constraints are for the caller.

    `database` goes on where the server listens afterwards.
    Gives what is still to be written then, with constraints in place.
    Raises LoadRunning by `held`, ServerError, and InvalidInput where a file breaks while it is read; then the graph is
    as it was.
    """
    pieces = _collected(chunks, progress)
    with server.import_folder() as folder:
        files = _Files(folder)
        left = _write_network(files, pieces, known)

        def look_at_the_graph() -> None:
            database.write(held)
            with _told_of_room():
                _write_kept(files, database.read(Query("load/kept", decode=list)))

        database.move_to(server.replace_graph(folder, files.arguments, before=look_at_the_graph).address)
    return left


def begin_with_network(
    server: Server, chunks: Iterable[CheckedChunk], known: KnownIds, progress: Progress
) -> tuple[Address, list[Query[None]]]:
    """Starts the server of an empty home with a network in its graph, whose state is `loading` until a load ends.

    Gives where it listens, and what is still to be written, with constraints in place.
    Raises LoadRunning where another command set the home up meanwhile, ServerError, and InvalidInput where a file
    breaks while it is read; then the home is as it was.
    """
    pieces = _collected(chunks, progress)
    with server.import_folder() as folder:
        files = _Files(folder)
        left = _write_network(files, pieces, known)
        with _told_of_room():
            state = {"id": pa.array(["graph"]), "version": pa.array([0]), "loading": pa.array([True])}
            files.nodes("GraphState", np.zeros(1, np.int64), state)

        def nobody_was_faster() -> None:
            if not server.is_empty:
                raise LoadRunning("another command set this graph up meanwhile: load again")

        running = server.replace_graph(folder, files.arguments, before=nobody_was_faster)
    return running.address, left


def _write_network(files: _Files, pieces: dict[str, list[_Piece]], known: KnownIds) -> list[Query[None]]:
    """Writes what there is into files; gives what they cannot say, as statements to be run afterwards."""
    _log.info("writing the files of the import")
    with _told_of_room():
        left = _write_nodes(files, pieces, known)
        _write_relationships(files, pieces, known)
    return left


@contextmanager
def _told_of_room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerFailed(f"the files of the import cannot be written: {error}: make room and try again") from error


# What there is


@dataclass(frozen=True, slots=True)
class _Piece:
    """Rows that become nodes of one label or relationships of one type: the codes of their ends, and properties."""

    ends: tuple[Codes, ...]
    columns: Columns


def _collected(chunks: Iterable[CheckedChunk], progress: Progress) -> defaultdict[str, list[_Piece]]:
    pieces: defaultdict[str, list[_Piece]] = defaultdict(list)
    for chunk in chunks:
        for target in TARGETS[chunk.table]:
            pieces[target.name].append(_piece(chunk, target))
        progress(chunk.table.name, chunk.rows + len(chunk.rejects))
    return pieces


def _piece(chunk: CheckedChunk, target: Target) -> _Piece:
    ends = target.key[:2]
    columns = {name: column for name, column in chunk.columns.items() if name not in {*ends, *target.without}}
    codes = [chunk.codes[name].astype(np.int32) for name in ends]
    if target.only is not None:
        name, value = target.only
        kind = columns.pop(name, None)
        if kind is None:
            kind = pa.repeat(chunk.table.defaults()[name], chunk.rows)
        wanted = pc.equal(kind, value)
        columns = {name: column.filter(wanted) for name, column in columns.items()}
        codes = [column[wanted.to_numpy(zero_copy_only=False)] for column in codes]
    return _Piece(tuple(codes), columns)


def _merged(pieces: Sequence[_Piece], numbers: Codes, size: int, defaults: Mapping[str, Any]) -> Columns:
    """The columns of `size` things, where row i is about thing `numbers[i]`.

    The last row that has a column gives its value; of a thing that has no such row, the value is the default.
    """
    starts = np.cumsum([0, *(len(piece.ends[0]) for piece in pieces)])
    columns = {}
    for name in dict.fromkeys([*(name for piece in pieces for name in piece.columns), *defaults]):
        having = [place for place, piece in enumerate(pieces) if name in piece.columns]
        if having:
            rows = np.concatenate([numbers[starts[place] : starts[place + 1]] for place in having])
            last = _last(rows, size)
            values = pa.chunked_array([_large(pieces[place].columns[name]) for place in having]).combine_chunks()
            column = values.take(pa.array(last, mask=last < 0))
        else:
            column = pa.nulls(size, pa.scalar(defaults[name]).type)
        columns[name] = pc.fill_null(column, defaults[name]) if name in defaults else column
    return columns


def _large(column: pa.Array) -> pa.Array:
    """A column that may be longer than 2 GiB in all."""
    return column.cast(pa.large_string()) if column.type == pa.string() else column


def _last(numbers: Codes, size: int) -> Codes:
    """The place where each number from 0 to `size` stands for the last time, -1 where it stands nowhere."""
    last = np.full(size, -1, np.int32)
    last[numbers] = np.arange(len(numbers), dtype=np.int32)
    return last


# The files


class _Files:
    """The files of an import in a folder; `arguments` tell the tool about them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.arguments = ["--id-type=integer"]

    def nodes(self, label: str, ids: Codes, columns: Columns) -> None:
        """Writes nodes; `ids` are numbers that only the files know."""
        if len(ids):
            file = self._write(label, {f":ID({label})": pa.array(ids)}, columns)
            self.arguments.append(f"--nodes={label}={file}")

    def relationships(self, type: str, start: tuple[str, Codes], end: tuple[str, Codes], columns: Columns) -> None:
        """Writes relationships; each end is a label and the numbers of its nodes."""
        if len(start[1]):
            ends = {f":START_ID({start[0]})": pa.array(start[1]), f":END_ID({end[0]})": pa.array(end[1])}
            file = self._write("-".join((start[0], type, end[0])), ends, columns)
            self.arguments.append(f"--relationships={type}={file}")

    def _write(self, name: str, numbers: Columns, columns: Columns) -> str:
        header = [*numbers, *(f"{name}:{_TYPES[column.type]}" for name, column in columns.items())]
        table = pa.table(list({**numbers, **columns}.values()), names=[str(place) for place in range(len(header))])
        path = self._folder / f"{name}.csv"
        with path.open("wb") as file:
            file.write((",".join('"' + field.replace('"', '""') + '"' for field in header) + "\n").encode())
            for start in range(0, table.num_rows, _ROWS_AT_ONCE):
                rows = table.slice(start, _ROWS_AT_ONCE)
                texts = pa.table([_texts(column) for column in rows.columns], names=rows.column_names)
                pa.csv.write_csv(texts, file, pa.csv.WriteOptions(include_header=False))
        if "--multiline-fields=true" not in self.arguments and any(map(_has_line_ends, columns.values())):
            self.arguments.append("--multiline-fields=true")
        return f"./{path.name}"


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(column.type):
        return pc.binary_join(column, _BETWEEN_NAMES)
    return instant_texts(column) if pa.types.is_timestamp(column.type) else column


def _has_line_ends(column: pa.Array) -> bool:
    return column.type in _TEXTS and bool(pc.any(pc.match_substring_regex(column, "[\r\n]")).as_py())


def _write_nodes(files: _Files, pieces: dict[str, list[_Piece]], known: KnownIds) -> list[Query[None]]:
    """Writes all nodes; pieces go as soon as their file is written."""
    left: list[Query[None]] = []
    for table in (MEMBERS, GROUPS, COMPANIES):
        label = _LABELS[table.name]
        texts = pa.array(known.texts(table.name), pa.string())
        some = pieces.pop(label, [])
        rows = np.concatenate([piece.ends[0] for piece in some] or [np.empty(0, np.int32)])
        columns = _merged(some, rows, len(texts), table.defaults())
        if ASSUMED in columns:
            columns[ASSUMED] = _assumed(some, len(texts))
        for name in filter(_NO_HEADER.search, list(columns)):
            left += _later(TARGETS[table][0], texts, name, columns.pop(name))
        files.nodes(label, np.arange(len(texts)), {"id": texts, **columns})
    return left


def _assumed(pieces: Sequence[_Piece], size: int) -> pa.Array:
    """The sets of what is assumed of `size` members: a piece with the column sets them, another one takes out of them.

    A set is a number here, a bit a name.
    """
    names = [*ASSUMED_FIELDS, *ASSUMED_TIES]
    sets = np.zeros(size, np.int64)
    for piece in pieces:
        [members] = piece.ends
        if ASSUMED in piece.columns:
            column = piece.columns[ASSUMED]
            bits = np.zeros(len(members), np.int64)
            places = pc.index_in(column.flatten(), pa.array(names)).to_numpy()
            np.bitwise_or.at(bits, pc.list_parent_indices(column).to_numpy(), 1 << places.astype(np.int64))
            sets[members] = bits  # of rows about one member the last one stays
        else:
            sets[members] &= ~sum(1 << names.index(name) for name in said_fields(piece.columns))
    lists = {
        number: sorted(name for bit, name in enumerate(names) if number >> bit & 1) or None
        for number in np.unique(sets).tolist()
    }
    return pa.array([lists[number] for number in sets.tolist()], pa.list_(pa.string()))


def _later(target: Target, ids: pa.StringArray, name: str, texts: pa.StringArray) -> Iterator[Query[None]]:
    for start in range(0, len(ids), _LATER_AT_ONCE):
        pairs = zip(*(column.slice(start, _LATER_AT_ONCE).to_pylist() for column in (ids, texts)), strict=True)
        rows = [{"id": id, "values": {name: text}, "instants": []} for id, text in pairs if text is not None]
        yield Query(target.statement, decode=lambda _: None, parameters={"rows": rows, "defaults": {}, "known": []})


def _write_relationships(files: _Files, pieces: dict[str, list[_Piece]], known: KnownIds) -> None:
    """Writes all relationships; pieces go as soon as their file is written."""
    for table in (CONNECTIONS, GROUP_MEMBERS, COMPANY_MEMBERS, BLOCKS):
        (_, start_table), (_, end_table) = table.refers
        for target in TARGETS[table]:
            some = pieces.pop(target.name, None)
            if not some:
                continue
            start, end = (np.concatenate([piece.ends[place] for piece in some]) for place in (0, 1))
            if table == CONNECTIONS:
                order = _order(known.texts(start_table))
                swapped = order[start] > order[end]
                start[swapped], end[swapped] = end[swapped], start[swapped]
            key = _paired(start, end)
            for name in target.key[2:]:
                key = _paired(_numbered(key), _numbered(_instants(some, name)))
            numbers = _numbered(key)
            del key
            size = int(numbers.max(initial=-1)) + 1
            last = _last(numbers, size)
            files.relationships(
                target.name,
                (_LABELS[start_table], start[last]),
                (_LABELS[end_table], end[last]),
                _merged(some, numbers, size, {}),
            )


def _order(texts: list[str]) -> Codes:
    """The place of each text by code point."""
    order = np.empty(len(texts), np.int32)
    order[pc.sort_indices(pa.array(texts, pa.string())).to_numpy()] = np.arange(len(texts))
    return order


def _paired(one: Codes, other: Codes) -> Codes:
    """A number for each pair of numbers."""
    return one.astype(np.int64) * (int(other.max(initial=0)) + 1) + other


def _numbered(values: Codes) -> Codes:
    """Equal values get equal numbers, from 0 without a gap."""
    order = np.argsort(values, kind="stable")
    in_order = values[order]
    is_next = np.empty(len(values), np.int8)
    is_next[:1] = 0
    np.not_equal(in_order[1:], in_order[:-1], out=is_next[1:])
    del in_order
    numbers = np.empty(len(values), np.int32)
    numbers[order] = np.cumsum(is_next, dtype=np.int32)
    return numbers


def _instants(pieces: Sequence[_Piece], name: str) -> Codes:
    """The microseconds of a column in all pieces, and a number that is no instant where there is none."""
    none = np.iinfo(np.int64).min
    return np.concatenate(
        [
            pc.fill_null(piece.columns[name].cast(pa.int64()), none).to_numpy()
            if name in piece.columns
            else np.full(len(piece.ends[0]), none)
            for piece in pieces
        ]
    )


def _write_kept(files: _Files, nodes: Sequence[Row]) -> None:
    """The nodes that are no part of the network, as they are in the graph."""
    labels = {node["id"]: node["label"] for node in nodes}
    numbers = {node["id"]: number for number, node in enumerate(nodes)}
    for label in sorted({*labels.values()}):
        some = [node for node in nodes if node["label"] == label]
        names = dict.fromkeys(name for node in some for name in node["properties"])
        columns = {name: _kept(native([node["properties"].get(name) for node in some])) for name in names}
        files.nodes(label, np.array([numbers[node["id"]] for node in some]), columns)
    edges: defaultdict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)
    for node in nodes:
        for type, other in node["edges"]:
            edges[type, node["label"], labels[other]].append((numbers[node["id"]], numbers[other]))
    for (type, start, end), ends in edges.items():
        starts, stops = np.array(ends).T
        files.relationships(type, (start, starts), (end, stops), {})


def _kept(values: list[Any]) -> pa.Array:
    column = pa.array(values)
    return column.cast(pa.timestamp("us", "UTC")) if pa.types.is_timestamp(column.type) else column
