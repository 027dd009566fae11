"""Which rows of a source are right, column by column: the one judge of every way into the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.loading.cells import typed
from graph.loading.forgotten import NOBODY, Forgotten
from graph.loading.instant_columns import instant_texts
from graph.loading.presence import Presence, Since
from graph.loading.targets import TARGETS
from graph.model import COMPANY_MEMBERS, MEMBERS, REMOVED_COMPANY_MEMBERS, REMOVED_CONNECTIONS, Column, Table, Type
from graph.sources.chunks import Chunk, Reject

Codes = NDArray[np.signedinteger[Any]]
Problems = dict[int, tuple[str, str]]

UNKNOWN = -1

_UNDECLARED = "nobody declares this id"
_NOT_THERE = "not in the graph"
_FORGOTTEN = "asked to be forgotten"


class KnownIds:
    """The ids that relationships may name, each with its code: those of this load, and those that the graph has.

    Members who asked to be `forgotten` are none of them.
    Codes count from 0 in each table, in the order in which ids come to be known.
    """

    def __init__(self, there: Presence, forgotten: Forgotten = NOBODY) -> None:
        self._there = there
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
                for text in self._there.ids(table, strange):
                    codes.setdefault(text, len(codes))
                found = [codes.get(text, UNKNOWN) for text in texts]
            return found

        return _each_once(ids, find)

    def forgotten(self, members: pa.StringArray) -> NDArray[np.intp]:
        """The places of those who asked to be forgotten."""
        if not self._forgotten.hashes:
            return np.empty(0, np.intp)
        return np.flatnonzero(_each_once(members, lambda texts: [text in self._forgotten for text in texts]) > 0)

    def texts(self, table: str) -> list[str]:
        """Every known id of a table, in the order of the codes."""
        return list(self._codes[table])


def _each_once(ids: pa.StringArray, codes_of: Callable[[list[str]], list[int]]) -> Codes:
    encoded = ids.dictionary_encode()
    codes = np.array([*codes_of(encoded.dictionary.to_pylist()), UNKNOWN], dtype=np.int64)
    null = len(codes) - 1
    places: Codes = pc.fill_null(encoded.indices, null).to_numpy(zero_copy_only=False)
    return codes[places]


class KnownStints:
    """When the stints of members at companies began: those of this load, and those that the graph has."""

    def __init__(self, there: Presence) -> None:
        self._there = there
        self._written: list[tuple[Codes, Codes, Codes]] = []
        self._indexed: defaultdict[tuple[int, int], set[Since]] = defaultdict(set)
        self._gone: defaultdict[tuple[str, str], list[set[Since] | None]] = defaultdict(list)

    def write(self, members: Codes, companies: Codes, since: pa.Array) -> None:
        """These stints are there from now on."""
        begun = pc.fill_null(since.cast(pa.int64()), _NEVER).to_numpy()
        self._written.append((members.astype(np.int32), companies.astype(np.int32), begun))

    def remove(self, member: str, company: str, since: set[Since] | None) -> None:
        """Those of the graph that began then, or all (None), are there no more."""
        self._gone[member, company].append(since)

    def of(self, pairs: list[tuple[str, str]], codes: list[tuple[int, int]]) -> list[set[Since]]:
        """When the stints of each pair began, pairs named by ids and by codes."""
        for members, companies, begun in self._written:
            for member, company, since in zip(members.tolist(), companies.tolist(), begun.tolist(), strict=True):
                self._indexed[member, company].add(None if since == _NEVER else since)
        self._written.clear()
        there = self._there.stints(list(dict.fromkeys(pairs)))
        return [
            self._left(pair, there.get(pair, set())) | self._indexed.get(code, set())
            for pair, code in zip(pairs, codes, strict=True)
        ]

    def _left(self, pair: tuple[str, str], there: set[Since]) -> set[Since]:
        for gone in self._gone.get(pair, ()):
            there = set() if gone is None else there - gone
        return there


_NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may refer to: what the graph has, and what of this load came before them."""

    ids: KnownIds
    stints: KnownStints
    there: Presence

    @classmethod
    def of(cls, there: Presence, forgotten: Forgotten = NOBODY) -> Known:
        """At the beginning of a load."""
        return cls(KnownIds(there, forgotten), KnownStints(there), there)


@dataclass(frozen=True, slots=True)
class CheckedChunk:
    """What of a chunk goes into the graph, or out of it, and what is set aside.

    `columns`: its right rows as `graph.loading.cells.typed` gives them.
    `codes`: of the same rows, those of each column that declares or names ids.
    """

    table: Table
    file: str
    columns: dict[str, pa.Array]
    codes: dict[str, Codes]
    rejects: list[Reject]

    @property
    def rows(self) -> int:
        """How many rows are right."""
        return len(next(iter(self.columns.values())))


def checked(chunks: Iterable[Chunk], tiers: Set[str] | None, known: Known) -> Iterator[CheckedChunk]:
    """All of a source but what is to go, in its order.

    `tiers`: the names that any loaded rule pack defines; None where nobody can tell.

    A row is set aside for the first thing that is wrong with it.
    Raises InvalidInput where a file breaks while it is read.
    """
    for chunk in chunks:
        rows = _Rows(chunk, tiers, known.ids)
        if chunk.table == COMPANY_MEMBERS:
            yield from _with_stints(rows, known.stints)
        else:
            yield rows.right()


def checked_removals(chunks: Iterable[Chunk], known: Known) -> list[CheckedChunk]:
    """What is to go, all of it judged by the graph before anything does (the rules, section 7)."""
    found = []
    for chunk in chunks:
        rows = _Rows(chunk, frozenset(), known.ids, unknown=_NOT_THERE)
        places = rows.still_right()
        there = known.there.holds(chunk.table, removal_rows(rows.right()))
        rows.set_aside(np.delete(places, sorted(there)), "", _NOT_THERE)
        right = rows.right()
        if chunk.table == REMOVED_COMPANY_MEMBERS:
            _note_gone(right, known.stints)
        found.append(right)
    return found


def removal_rows(chunk: CheckedChunk) -> list[dict[str, Any]]:
    """The rows of a checked removal, as the statements take them."""
    columns = {
        name: (instant_texts(column) if pa.types.is_timestamp(column.type) else column).to_pylist()
        for name, column in chunk.columns.items()
    }
    if chunk.table == REMOVED_CONNECTIONS:
        ends = list(zip(columns["a"], columns["b"], strict=True))
        return [{"a": min(pair), "b": max(pair)} for pair in ends]
    absent = {column.name: None for column in chunk.table.columns if column.type is Type.CHOICE}
    return [absent | dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _note_gone(chunk: CheckedChunk, stints: KnownStints) -> None:
    began = chunk.columns["since"].cast(pa.int64()).to_pylist() if "since" in chunk.columns else None
    for place, row in enumerate(removal_rows(chunk)):
        if row["tie"] != "follows":
            stints.remove(row["member"], row["company"], None if began is None else {began[place]})


class _Rows:
    """The rows of a chunk while they are judged."""

    def __init__(self, chunk: Chunk, tiers: Set[str] | None, known: KnownIds, unknown: str = _UNDECLARED) -> None:
        self._chunk = chunk
        self._cells = chunk.arrays
        self._known = known
        self._problems: Problems = {}
        self.columns: dict[str, pa.Array] = {}
        self.codes: dict[str, Codes] = {}
        for name in _naming_members(chunk.table):
            self.set_aside(known.forgotten(self._cells[name]), name, _FORGOTTEN)
        ignored = _ignored(chunk.table, self._cells)
        for name, texts in self._cells.items():
            column = chunk.table.column(name) or Column(name, Type.TEXT)
            if column.type is Type.TIER and tiers is None:
                column = Column(name, Type.TEXT, column.default)
            self.columns[name], reasons = typed(column, texts, tiers or frozenset())
            for place, reason in reasons.items():
                if not (name in ignored and ignored[name][place]):
                    self._problems.setdefault(place, (name, reason))
        match chunk.table.refers:
            case ((one, table), (other, same_table)) if table == same_table:
                same = pc.equal(self._cells[one], self._cells[other]).to_numpy(zero_copy_only=False)
                self.set_aside(np.flatnonzero(same), other, "a relationship of somebody with themselves")
        for name, table in chunk.table.refers:
            self.codes[name] = known.find(table, self.columns[name])
            self.set_aside(np.flatnonzero(self.codes[name] == UNKNOWN), name, unknown)

    def set_aside(self, places: NDArray[np.intp], name: str, reason: str) -> None:
        """Notes what is wrong with rows, where nothing was wrong before."""
        for place in places.tolist():
            self._problems.setdefault(place, (name, reason))

    def still_right(self) -> NDArray[np.intp]:
        """The places of the rows with which nothing is wrong."""
        right = np.ones(len(self._chunk.lines), dtype=bool)
        right[list(self._problems)] = False
        return np.flatnonzero(right)

    def right(self) -> CheckedChunk:
        """The right rows, and those that are set aside; an id that is declared is known from now on."""
        chunk = self._chunk
        columns, codes = self.columns, self.codes
        rejects = [
            Reject(chunk.file, chunk.lines[place], name, self._value(place, name, reason), reason)
            for place, (name, reason) in self._problems.items()
        ]
        if self._problems:
            places = self.still_right()
            columns = {name: column.take(pa.array(places)) for name, column in columns.items()}
            codes = {name: column[places] for name, column in codes.items()}
        if not chunk.table.refers:
            codes = codes | {"id": self._known.declare(chunk.table.name, columns["id"])}
        rejects = sorted(chunk.rejects + rejects, key=lambda reject: reject.line)
        return CheckedChunk(chunk.table, chunk.file, columns, codes, rejects)

    def _value(self, place: int, name: str, reason: str) -> str:
        if reason == _FORGOTTEN:
            return ""
        if name:
            return str(self._cells[name][place].as_py())
        return ",".join(str(cells[place].as_py()) for cells in self._cells.values())


def _naming_members(table: Table) -> list[str]:
    """The columns that declare or name members."""
    if not table.refers:
        return ["id"] if table.name == MEMBERS.name else []
    return [name for name, other in table.refers if other == MEMBERS.name]


def _ignored(table: Table, cells: Mapping[str, pa.StringArray]) -> dict[str, NDArray[np.bool_]]:
    """The rows whose cells of a column mean nothing: they become relationships without that property."""
    ignored = {}
    for target in TARGETS.get(table, ()):
        if target.only is not None and target.only[0] in cells:
            kind, value = target.only
            for name in target.without:
                ignored[name] = pc.equal(cells[kind], value).to_numpy(zero_copy_only=False)
    return ignored


def _with_stints(rows: _Rows, stints: KnownStints) -> Iterator[CheckedChunk]:
    """The ties to companies; where no column says since when, a stint is the one of the two (the rules, section 1)."""
    if "since" in rows.columns:
        chunk = rows.right()
        works = _works(chunk.columns, chunk.rows)
        stints.write(
            chunk.codes["member"][works],
            chunk.codes["company"][works],
            chunk.columns["since"].filter(pa.array(works)),
        )
        yield chunk
        return
    right = rows.still_right()
    stints_at = right[_works(rows.columns, len(rows.codes["member"]))[right]]
    ids = [rows.columns[name].take(pa.array(stints_at)).to_pylist() for name in ("member", "company")]
    codes = [rows.codes[name][stints_at].tolist() for name in ("member", "company")]
    found = stints.of(list(zip(*ids, strict=True)), list(zip(*codes, strict=True)))
    several = np.array([len(began) > 1 for began in found], dtype=bool)
    rows.set_aside(stints_at[several], "company", "several stints of the two: a column since has to say which")
    chunk = rows.right()
    began = [next(iter(each), None) for each in found if len(each) < 2]
    since = pa.array(began, pa.int64()).cast(pa.timestamp("us", "UTC"))
    is_stint = _works(chunk.columns, chunk.rows)
    stint = _some(chunk, is_stint)
    stints.write(stint.codes["member"], stint.codes["company"], since)
    yield replace(stint, columns={**stint.columns, "since": since}, rejects=chunk.rejects)
    if not is_stint.all():
        yield _some(chunk, ~is_stint)


def _works(columns: Mapping[str, pa.Array], rows: int) -> NDArray[np.bool_]:
    if "tie" not in columns:
        return np.ones(rows, dtype=bool)
    works: NDArray[np.bool_] = pc.fill_null(pc.equal(columns["tie"], "works_at"), False).to_numpy(zero_copy_only=False)
    return works


def _some(chunk: CheckedChunk, places: NDArray[np.bool_]) -> CheckedChunk:
    columns = {name: column.filter(pa.array(places)) for name, column in chunk.columns.items()}
    codes = {name: column[places] for name, column in chunk.codes.items()}
    return replace(chunk, columns=columns, codes=codes, rejects=[])
