"""Pairs that a group, a page or a member brings together, and whom nothing else does (docs/reports.md).

Two rows for each member are enough to know it of all pairs: seen once, and seen twice.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import AHEAD, Row, ask_for, nothing, ones_in, row_at
from analysis.bulk.network import Network
from analysis.bulk.rows import SELF, Batch, Rows
from analysis.bulk.tally import Tally


@njit(nogil=True, cache=True)
def count_bridges(
    network: Network,
    start: int,
    stop: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    in_group: Rows,
    at_page: Rows,
    tally: Tally,
) -> None:
    """The pairs that a group or page brings together: those without a degree, and those who share nothing else."""
    for member in range(start, stop):
        row = member - start
        first_group, end_group = network.group_starts[member], network.group_starts[member + 1]
        first_page, end_page = network.page_starts[member], network.page_starts[member + 1]
        once, twice = seen(in_group, network.groups, first_group, end_group, nothing(), nothing())
        once, twice = seen(at_page, network.pages, first_page, end_page, once, twice)
        others = ~row_at(exceptions[batch.exceptions[row]], SELF)
        no_degree = others & ~row_at(batch.level3, row)
        only_here = others & once & ~twice & ~row_at(batch.level1, row)
        _add_bridges(in_group, network.groups, first_group, end_group, no_degree, only_here, tally.groups)
        _add_bridges(at_page, network.pages, first_page, end_page, no_degree, only_here, tally.pages)


@njit(nogil=True, cache=True, forceinline=True)
def seen(rows: Rows, places: NDArray[np.uint32], start: int, stop: int, once: Row, twice: Row) -> tuple[Row, Row]:
    """What is in a row of `places[start:stop]`, and what is in two of them; joined with what was seen before."""
    for at in range(np.uint64(start), np.uint64(stop)):
        ask_for(rows, places[at + np.uint64(AHEAD)])
        row = row_at(rows, places[at])
        twice |= once & row
        once |= row
    return once, twice


@njit(nogil=True, cache=True, forceinline=True)
def _add_bridges(
    rows: Rows,
    places: NDArray[np.uint32],
    start: int,
    stop: int,
    no_degree: Row,
    only_here: Row,
    pairs: NDArray[np.int64],
) -> None:
    for at in range(np.uint64(start), np.uint64(stop)):
        shared = row_at(rows, places[at])
        pairs[places[at], 0] += np.int64(ones_in(shared & no_degree))
        pairs[places[at], 1] += np.int64(ones_in(shared & only_here))


@njit(nogil=True, cache=True)
def count_gatekeepers(
    start: int,
    stop: int,
    level1: Rows,
    touched: NDArray[np.uint32],
    touched_ends: NDArray[np.int64],
    exception_row: NDArray[np.int32],
    exceptions: NDArray[np.uint64],
    gatekeepers: NDArray[np.int64],
) -> None:
    """The pairs of degree 2 that one mutual alone joins, at that mutual; `touched` has some members' mutuals."""
    for member in range(start, stop):
        first, end = touched_ends[member - start], touched_ends[member - start + 1]
        once, twice = seen(level1, touched, first, end, nothing(), nothing())
        only = once & ~(twice | row_at(level1, member) | row_at(exceptions[exception_row[member]], SELF))
        for at in range(np.uint64(first), np.uint64(end)):
            gatekeepers[touched[at]] += np.int64(ones_in(only & row_at(level1, touched[at])))
