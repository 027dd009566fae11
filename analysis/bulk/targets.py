"""What each target counts for by itself: from it follows how far a sum over some of them may be off.

Rows say something of one member and all targets; here it is asked of one target and all members.
A batch is as many members as a word has bits, so its rows are turned into columns a square at a time.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, WORDS, empty_rows, ones
from analysis.bulk.network import Network
from analysis.bulk.rows import BATCH, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_TARGET, SELF, Batch, Rows
from analysis.bulk.traits import Trait


@njit(nogil=True, cache=True)
def count_targets(
    network: Network,
    start: int,
    stop: int,
    first: int,
    size: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    reached: Rows,
    by_target: NDArray[np.int32],
) -> None:
    """For each target and tier, members who write to them directly as if on it, then those on it who reach them.

    `reached`: whom each of the members reaches. Source: docs/rules.md, section 11.
    """
    tiers = network.on_tier.shape[1]
    columns = empty_rows(BATCH)
    for degree in range(1, 4):
        columns[stop - start :] = NONE
        for row in range(stop - start):
            _fill_direct(degree, batch, exceptions, masks, row, columns)
        _turn(columns)
        for tier in range(tiers):
            if degree <= network.direct_degrees[tier]:
                _add(columns, _members_of(network.heard_as, start, stop, tier), first, size, tier, by_target)
    columns[: stop - start] = reached[: stop - start]
    columns[stop - start :] = NONE
    _turn(columns)
    for tier in range(tiers):
        _add(columns, _members_of(network.on_tier, start, stop, tier), first, size, tiers + tier, by_target)


@njit(nogil=True, cache=True)
def _fill_direct(
    degree: int, batch: Batch, exceptions: NDArray[np.uint64], masks: Rows, row: int, columns: Rows
) -> None:
    """The targets at this degree whom a member writes to directly, if their tier reaches so far."""
    exception = batch.exceptions[row]
    for word in range(WORDS):
        if degree == 1:
            allowed = batch.level1[row, word] & masks[Trait.CONNECTIONS, word]
        elif degree == 2:
            allowed = batch.level2[row, word] & ~batch.level1[row, word] & masks[Trait.SHARED, word]
            allowed &= masks[Trait.NETWORK, word]
        else:
            allowed = batch.level3[row, word] & ~batch.level2[row, word] & masks[Trait.ANYONE, word]
            allowed &= masks[Trait.NETWORK, word]
        columns[row, word] = allowed & ~(
            exceptions[exception, SELF, word]
            | exceptions[exception, BLOCKED_BY_TARGET, word]
            | exceptions[exception, BLOCKED_BY_MEMBER, word]
            | exceptions[exception, LIMITED_BY_TARGET, word]
        )


@njit(nogil=True, cache=True)
def _turn(rows: Rows) -> None:
    """Makes bit b of row m bit m of row b, in each square of 64 by 64 (Warren, Hacker's Delight, section 7-3)."""
    distance, low = 32, np.uint64(0x0000_0000_FFFF_FFFF)
    while distance:
        shift = np.uint64(distance)
        for row in range(64):
            if not row & distance:
                other = row + distance
                for word in range(WORDS):
                    swapped = ((rows[row, word] >> shift) ^ rows[other, word]) & low
                    rows[row, word] ^= swapped << shift
                    rows[other, word] ^= swapped
        distance >>= 1
        low ^= low << np.uint64(distance)


@njit(nogil=True, cache=True)
def _members_of(flags: NDArray[np.bool_], start: int, stop: int, tier: int) -> np.uint64:
    """Those of some members of whom the tier's flag is set, a bit each."""
    members = NONE
    for member in range(start, stop):
        members |= np.uint64(flags[member, tier]) << np.uint64(member - start)
    return members


@njit(nogil=True, cache=True)
def _add(columns: Rows, members: np.uint64, first: int, size: int, column: int, by_target: NDArray[np.int32]) -> None:
    """Counts, for each target, those of the members who are in its column."""
    if members == NONE:
        return
    for number in range(size):
        by_target[first + number, column] += np.int32(ones(columns[number & 63, number >> 6] & members))
