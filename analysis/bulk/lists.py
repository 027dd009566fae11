"""Lists behind each other: list i is `values[starts[i]:starts[i + 1]]`; and pairs of a list's number and a value."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import AHEAD

Rows = NDArray[np.int32]
Pairs = tuple[Rows, Rows]


def pairs_of(lists: pa.ChunkedArray) -> Pairs:
    """For each value of some lists of rows, which list it is in, and the value."""
    whole = lists.chunk(0) if lists.num_chunks == 1 else lists.combine_chunks()  # which would copy one chunk, too
    lengths = np.diff(whole.offsets.to_numpy())
    return np.repeat(np.arange(len(lengths), dtype=np.int32), lengths), whole.values.to_numpy()


def lists_of(size: int, *pairs: Pairs) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """The starts and values of so many lists, of all pairs together: each list is sorted, each value in it once.

    Behind the last one come AHEAD zeros, for the kernel looks ahead.
    It is a counting sort by list, then each list by itself: memory is that of the values, and no copy of the pairs.
    """
    starts = np.zeros(size + 1, np.int64)
    for owners, _ in pairs:
        _count(owners, starts)
    np.cumsum(starts, out=starts)
    values, ends = np.empty(starts[-1] + AHEAD, np.int32), starts[:-1].copy()
    for owners, of_owners in pairs:
        _put(owners, of_owners, ends, values)
    used = _sort_each_once(starts, values)
    values[used:] = 0
    return starts, values[: used + AHEAD].view(np.uint32)


@njit(nogil=True, cache=True)
def _count(owners: Rows, starts: NDArray[np.int64]) -> None:
    for owner in owners:
        starts[owner + 1] += 1


@njit(nogil=True, cache=True)
def _put(owners: Rows, of_owners: Rows, ends: NDArray[np.int64], values: Rows) -> None:
    for place in range(len(owners)):
        values[ends[owners[place]]] = of_owners[place]
        ends[owners[place]] += 1


@njit(nogil=True, cache=True)
def _sort_each_once(starts: NDArray[np.int64], values: Rows) -> int:
    """Sorts each list and moves it up to the one before, without what stands in it twice."""
    used, first = 0, 0
    for number in range(len(starts) - 1):
        end = starts[number + 1]
        values[first:end].sort()
        begin = used
        for at in range(first, end):
            if used == begin or values[at] != values[used - 1]:
                values[used] = values[at]
                used += 1
        starts[number + 1], first = used, end
    return used
