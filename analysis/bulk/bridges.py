"""Pairs that a group, a page or a member brings together, and whom nothing else does (docs/reports.md)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, ONE, WORDS, ones
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
    network: Network,
    targets: NDArray[np.int32],
    is_touched: NDArray[np.bool_],
    level1: Rows,
    once: Rows,
    twice: Rows,
    gatekeepers: NDArray[np.int64],
) -> None:
    """The pairs of degree 2 with one mutual, at that mutual; `once` and `twice` are made here.

    Two bits a pair, seen once and seen twice, are enough to know who is the only one.
    """
    once[:] = NONE
    twice[:] = NONE
    for mutual in np.flatnonzero(is_touched):
        for at in range(network.starts[mutual], network.starts[mutual + 1]):
            other = network.neighbours[at]
            for word in range(WORDS):
                twice[other, word] |= once[other, word] & level1[mutual, word]
                once[other, word] |= level1[mutual, word]
    for number in range(len(targets)):
        once[targets[number], number >> 6] &= ~(ONE << np.uint64(number & 63))
    for mutual in np.flatnonzero(is_touched):
        pairs = NONE
        for at in range(network.starts[mutual], network.starts[mutual + 1]):
            other = network.neighbours[at]
            for word in range(WORDS):
                only = once[other, word] & ~twice[other, word] & ~level1[other, word]
                pairs += ones(only & level1[mutual, word])
        gatekeepers[mutual] += np.int64(pairs)
