"""Pairs that a group, a page or a member brings together, and whom nothing else does (docs/reports.md)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, WORDS, ones
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
    once, twice = np.empty(WORDS, np.uint64), np.empty(WORDS, np.uint64)
    for member in range(start, stop):
        row = member - start
        once[:] = NONE
        twice[:] = NONE
        for at in range(network.group_starts[member], network.group_starts[member + 1]):
            for word in range(WORDS):
                shared = in_group[network.groups[at], word]
                twice[word] |= once[word] & shared
                once[word] |= shared
        for at in range(network.page_starts[member], network.page_starts[member + 1]):
            for word in range(WORDS):
                shared = at_page[network.pages[at], word]
                twice[word] |= once[word] & shared
                once[word] |= shared
        for at in range(network.group_starts[member], network.group_starts[member + 1]):
            _count_bridge(
                row, batch, exceptions, once, twice, in_group[network.groups[at]], tally.groups[network.groups[at]]
            )
        for at in range(network.page_starts[member], network.page_starts[member + 1]):
            _count_bridge(
                row, batch, exceptions, once, twice, at_page[network.pages[at]], tally.pages[network.pages[at]]
            )


@njit(nogil=True, cache=True)
def _count_bridge(
    row: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    once: NDArray[np.uint64],
    twice: NDArray[np.uint64],
    shared: NDArray[np.uint64],
    pairs: NDArray[np.int64],
) -> None:
    no_degree = only_here = NONE
    for word in range(WORDS):
        others = shared[word] & ~exceptions[batch.exceptions[row], SELF, word]
        no_degree += ones(others & ~batch.level3[row, word])
        only_here += ones(others & once[word] & ~twice[word] & ~batch.level1[row, word])
    pairs[0] += np.int64(no_degree)
    pairs[1] += np.int64(only_here)


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
    """The pairs of degree 2 that one mutual alone joins, at that mutual; `touched` has some members' mutuals.

    Two bits a pair, seen once and seen twice, are enough to know who is the only one.
    """
    once, twice = np.empty(WORDS, np.uint64), np.empty(WORDS, np.uint64)
    for member in range(start, stop):
        mutuals = touched[touched_ends[member - start] : touched_ends[member - start + 1]]
        once[:] = NONE
        twice[:] = NONE
        for mutual in mutuals:
            for word in range(WORDS):
                twice[word] |= once[word] & level1[mutual, word]
                once[word] |= level1[mutual, word]
        for word in range(WORDS):
            once[word] &= ~(twice[word] | level1[member, word] | exceptions[exception_row[member], SELF, word])
        for mutual in mutuals:
            pairs = NONE
            for word in range(WORDS):
                pairs += ones(once[word] & level1[mutual, word])
            gatekeepers[mutual] += np.int64(pairs)
