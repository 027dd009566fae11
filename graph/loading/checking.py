"""Which rows of a source are right, column by column: the one judge of every way into the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.loading.cells import typed
from graph.loading.forgotten import NOBODY, Forgotten
from graph.model import MEMBERS, Column, Table, Type
from graph.sources.chunks import Chunk, Reject, Source

Codes = NDArray[np.signedinteger[Any]]
Lookup = Callable[[str, list[str]], Sequence[str]]

UNKNOWN = -1
ASKED_TO_BE_FORGOTTEN = "asked to be forgotten"


class KnownIds:
    """The ids that relationships may name, each with its code: those of this load, and those that the graph has.

    `in_graph` is asked for a table and ids, and tells which of them are there; `forgotten` are members of neither.
    Codes count from 0 in each table, in the order in which ids come to be known.
    """

    def __init__(self, in_graph: Lookup, forgotten: Forgotten = NOBODY) -> None:
        self._in_graph = in_graph
        self._forgotten = forgotten
        self._codes: defaultdict[str, dict[str, int]] = defaultdict(dict)

    def declare(self, table: str, ids: pa.StringArray) -> Codes:
        """The codes of these ids, each known from now on."""
        codes = self._codes[table]
        return _each_once(ids, lambda texts: [codes.setdefault(text, len(codes)) for text in texts])

    def find(self, table: str, ids: pa.StringArray) -> Codes:
        """The codes of these ids, UNKNOWN where an id is neither declared nor in the graph, or null."""
        codes = self._codes[table]

        def find(texts: list[str]) -> list[int]:
            found = [codes.get(text, UNKNOWN) for text in texts]
            if strange := [text for text, code in zip(texts, found, strict=True) if code == UNKNOWN]:
                for text in self._in_graph(table, strange):
                    codes.setdefault(text, len(codes))
                found = [codes.get(text, UNKNOWN) for text in texts]
            return found

        return _each_once(ids, find)

    def forgotten(self, ids: pa.StringArray) -> NDArray[np.bool_]:
        """Which of these members asked to be forgotten."""
        if not self._forgotten.hashes:
            return np.zeros(len(ids), dtype=bool)
        return _each_once(ids, lambda texts: [text in self._forgotten for text in texts]) > 0

    def texts(self, table: str) -> list[str]:
        """Every known id of a table, in the order of the codes."""
        return list(self._codes[table])


def _each_once(ids: pa.StringArray, codes_of: Callable[[list[str]], list[int]]) -> Codes:
    encoded = ids.dictionary_encode()
    codes = np.array([*codes_of(encoded.dictionary.to_pylist()), UNKNOWN], dtype=np.int64)
    null = len(codes) - 1
    places: Codes = pc.fill_null(encoded.indices, null).to_numpy(zero_copy_only=False)
    return codes[places]


@dataclass(frozen=True, slots=True)
class CheckedChunk:
    """What of a chunk goes into the graph, and what is set aside.

    `columns`: its right rows as `graph.loading.cells.typed` gives them.
    `codes`: of the same rows, those of each column that declares or names ids.
    """

    table: Table
    columns: dict[str, pa.Array]
    codes: dict[str, Codes]
    rejects: list[Reject]

    @property
    def rows(self) -> int:
        """How many rows are right."""
        return len(next(iter(self.columns.values())))


def checked(source: Source, tiers: Set[str], known: KnownIds) -> Iterator[CheckedChunk]:
    """All of a source, in its order; `tiers`: the names that any loaded rule pack defines.

    A row is set aside for the first thing that is wrong with it.
    Raises InvalidInput where a file breaks while it is read.
    """
    for chunk in source.chunks():
        yield _checked(chunk, tiers, known)


def _checked(chunk: Chunk, tiers: Set[str], known: KnownIds) -> CheckedChunk:
    cells = chunk.arrays
    columns: dict[str, pa.Array] = {}
    codes: dict[str, Codes] = {}
    problems: dict[int, tuple[str, str]] = {}

    def note(name: str, places: NDArray[np.bool_], reason: str) -> None:
        for place in np.flatnonzero(places).tolist():
            problems.setdefault(place, (name, reason))

    for name, texts in cells.items():
        columns[name], reasons = typed(chunk.table.column(name) or Column(name, Type.TEXT), texts, tiers)
        for place, reason in reasons.items():
            problems.setdefault(place, (name, reason))
    for name in _members_in(chunk.table):
        note(name, known.forgotten(columns[name]), ASKED_TO_BE_FORGOTTEN)
    match chunk.table.refers:
        case ((one, table), (other, same_table)) if table == same_table:
            same = pc.equal(cells[one], cells[other]).to_numpy(zero_copy_only=False)
            note(other, same, "a relationship of somebody with themselves")
    for name, table in chunk.table.refers:
        codes[name] = known.find(table, columns[name])
        note(name, codes[name] == UNKNOWN, "nobody declares this id")

    rejects = [
        Reject(chunk.file, chunk.lines[place], name, _shown(cells[name][place].as_py(), reason), reason)
        for place, (name, reason) in problems.items()
    ]
    if problems:
        right = np.ones(len(chunk.lines), dtype=bool)
        right[list(problems)] = False
        columns = {name: column.filter(pa.array(right)) for name, column in columns.items()}
        codes = {name: column[right] for name, column in codes.items()}
    if not chunk.table.refers:
        codes["id"] = known.declare(chunk.table.name, columns["id"])
    return CheckedChunk(chunk.table, columns, codes, sorted(chunk.rejects + rejects, key=lambda reject: reject.line))


def _members_in(table: Table) -> list[str]:
    """The columns that declare or name members."""
    if not table.refers:
        return ["id"] if table.name == MEMBERS.name else []
    return [name for name, other in table.refers if other == MEMBERS.name]


def _shown(value: str, reason: str) -> str:
    return "" if reason == ASKED_TO_BE_FORGOTTEN else value
