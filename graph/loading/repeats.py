"""Rows that say again what another row of the same load says: of those with one key the last counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.loading.checking import CheckedChunk, Codes
from graph.loading.targets import TARGETS
from graph.model import CONNECTIONS, REMOVALS, REMOVED_CONNECTIONS

FileAndTable = tuple[str, str]

_UNDIRECTED = (CONNECTIONS, REMOVED_CONNECTIONS)
_NONE = np.iinfo(np.int64).min


class _Keys(NamedTuple):
    """The keys of some rows of a file: the two ends as one number, and further numbers."""

    ends: Codes
    further: tuple[Codes, ...]
    file: FileAndTable


class Repeats:
    """Counts them, file by file, in eight bytes a row."""

    def __init__(self) -> None:
        self._keys: defaultdict[str, list[_Keys]] = defaultdict(list)

    def add(self, chunk: CheckedChunk) -> None:
        """Takes the keys of the right rows."""
        place = chunk.file, chunk.table.name
        if chunk.table in REMOVALS:
            further = tuple(_numbers(chunk.columns[name]) for name in chunk.table.key[2:] if name in chunk.columns)
            self._keys[chunk.table.name].append(_Keys(_ends(chunk, chunk.table.key[:2]), further, place))
            return
        for target in TARGETS[chunk.table]:
            ends = _ends(chunk, target.key[:2])
            further = tuple(_since(chunk, name) for name in target.key[2:])
            if target.only is not None:
                name, value = target.only
                kinds = chunk.columns.get(name)
                if kinds is None and value != chunk.table.defaults()[name]:
                    continue
                if kinds is not None:
                    wanted = pc.equal(kinds, value).to_numpy(zero_copy_only=False)
                    ends, further = ends[wanted], tuple(each[wanted] for each in further)
            self._keys[target.statement].append(_Keys(ends, further, place))

    def counts(self) -> Counter[FileAndTable]:
        """How many rows of each file repeat a key; what was taken is let go."""
        counts: Counter[FileAndTable] = Counter()
        while self._keys:
            counts += _repeated(self._keys.popitem()[1])
        return counts


def _repeated(pieces: list[_Keys]) -> Counter[FileAndTable]:
    ends = np.concatenate([piece.ends for piece in pieces])
    further = [np.concatenate(each) for each in zip(*(piece.further for piece in pieces), strict=True)]
    if not further:
        equal = len(ends) - _different(ends)
        if not equal or len({piece.file for piece in pieces}) == 1:
            return Counter({pieces[0].file: equal})
    order = np.lexsort((*further, ends))
    same = np.ones(max(len(ends) - 1, 0), dtype=bool)
    for each in (ends, *further):
        in_order = each[order]
        same &= in_order[1:] == in_order[:-1]
    files = np.repeat(np.arange(len(pieces)), [len(piece.ends) for piece in pieces])
    repeats = np.bincount(files[order[1:][same]], minlength=len(pieces)).tolist()
    counts: Counter[FileAndTable] = Counter()
    for piece, count in zip(pieces, repeats, strict=True):
        counts[piece.file] += count
    return counts


def _different(numbers: Codes) -> int:
    in_order = np.sort(numbers)
    return int(np.count_nonzero(in_order[1:] != in_order[:-1])) + bool(len(in_order))


def _ends(chunk: CheckedChunk, names: tuple[str, ...]) -> Codes:
    if len(names) == 1:
        return chunk.codes[names[0]].astype(np.int64)
    one, other = (chunk.codes[name].astype(np.int64) for name in names)
    if chunk.table in _UNDIRECTED:
        one, other = np.minimum(one, other), np.maximum(one, other)
    return (one << 32) | other


def _since(chunk: CheckedChunk, name: str) -> Codes:
    return _numbers(chunk.columns[name]) if name in chunk.columns else np.full(chunk.rows, _NONE)


def _numbers(column: pa.Array) -> Codes:
    """A number for each value of a column, the same for the same."""
    if pa.types.is_timestamp(column.type):
        numbers: Codes = pc.fill_null(column.cast(pa.int64()), _NONE).to_numpy()
        return numbers
    known = {None: -1, "works_at": 0, "follows": 1, "block": 2, "limit": 3}
    return np.array([known[value] for value in column.to_pylist()], dtype=np.int64)
