"""The kernel: one block of targets against everybody, in rows of bits (docs/engine.md explains it).

A block is up to BITS targets. Every member has a row for it: bit b says something of the member and target b.
Degree, shared groups and shared pages are symmetric, so one row serves both directions:
the member as sender and the targets as recipients, and the other way round.
"""

from __future__ import annotations

from enum import IntFlag, auto
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import AHEAD, NONE, ONE, WORDS, empty_rows, join_rows, nothing, put_row, row_at
from analysis.bulk.bridges import count_bridges, count_gatekeepers
from analysis.bulk.certainty import count_certainty, feature_masks
from analysis.bulk.denials import count_denials
from analysis.bulk.network import HAS_BLOCKED, IS_BLOCKED_BY, IS_LIMITED_BY, LIMITS, Network
from analysis.bulk.reach import count_degrees, count_reach, count_segments, segments_of
from analysis.bulk.rows import (
    BATCH,
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    EVERYBODY,
    LIMITED_BY_MEMBER,
    LIMITED_BY_TARGET,
    SELF,
    Batch,
    Rows,
)
from analysis.bulk.tally import Tally
from analysis.bulk.targets import count_targets
from analysis.bulk.traits import Trait


class Wanted(IntFlag):
    """What is counted; everything but GATEKEEPERS needs all three levels, and TARGETS needs REACH."""

    DEGREES = auto()
    REACH = auto()
    SEGMENTS = auto()
    DENIALS = auto()
    BRIDGES = auto()
    GATEKEEPERS = auto()
    CERTAINTY = auto()
    TARGETS = auto()


# The compiler takes plain numbers.
DEGREES, REACH, SEGMENTS, DENIALS, BRIDGES, GATEKEEPERS, CERTAINTY, TARGETS = map(int, Wanted)
TRAITS = len(Trait)


class Workspace(NamedTuple):
    """Memory of one thread, between blocks all zeros where it says so."""

    level1: Rows  # place: targets at degree 1; zeros
    level2: Rows  # place: targets at degree 1 and 2, and oneself
    is_touched: NDArray[np.bool_]  # place: whether it has a row in level1; zeros
    touched: NDArray[np.uint32]  # lists of the touched neighbours of a batch of members, behind each other
    touched_ends: NDArray[np.int64]  # where each ends and the next begins
    in_group: Rows  # group: targets who are in it; zeros
    at_page: Rows  # page: targets who are tied to it; zeros
    at_counted_page: Rows
    exception_row: NDArray[np.int32]  # place: its row of exceptions, 0 where there is none; zeros


def empty_workspace(network: Network, *, levels: bool = True) -> Workspace:
    """The memory that a thread needs: 16 · WORDS bytes a member; next to none without `levels`."""
    groups, pages, _ = network.sizes.tolist()
    size = len(network.traits)
    neighbours_of_a_batch = np.diff(network.starts[[*range(0, size, BATCH), size]])
    return Workspace(
        level1=empty_rows(size if levels else 0),
        level2=empty_rows(size if levels else 0),
        is_touched=np.zeros(size, np.bool_),
        touched=np.zeros(neighbours_of_a_batch.max(initial=0) + AHEAD, np.uint32),
        touched_ends=np.zeros(BATCH + 1, np.int64),
        in_group=empty_rows(groups),
        at_page=empty_rows(pages),
        at_counted_page=empty_rows(pages),
        exception_row=np.zeros(size, np.int32),
    )


@njit(nogil=True, cache=True)
def count_block(network: Network, first: int, size: int, wanted: int, workspace: Workspace, tally: Tally) -> None:
    """Adds to the tally what everybody and the targets `[first:first + size]` of the network have with each other."""
    targets = network.targets[first : first + size]
    expand(network, targets, workspace)
    exceptions = exceptions_of(network, targets, workspace)
    masks = masks_of(network, targets)
    segments, segment_masks = segments_of(network.segment, targets)
    is_unsure = wanted & CERTAINTY and len(network.features) > 0
    features = feature_masks(network, targets) if is_unsure else masks
    reached = empty_rows(BATCH)
    batch = empty_batch()
    for start in range(0, len(network.traits), BATCH):
        stop = min(start + BATCH, len(network.traits))
        if wanted & GATEKEEPERS:
            list_touched(network, start, stop, workspace)
            count_gatekeepers(
                start,
                stop,
                workspace.level1,
                workspace.touched,
                workspace.touched_ends,
                workspace.exception_row,
                exceptions,
                tally.gatekeepers,
            )
        if wanted & ~GATEKEEPERS:
            pull(network, start, stop, workspace, exceptions, batch)
        if wanted & ~(DEGREES | GATEKEEPERS):
            share(network, start, stop, workspace, batch)
        if wanted & DEGREES:
            count_degrees(start, stop, batch, tally.counts)
        if wanted & (REACH | SEGMENTS):
            count_reach(network, start, stop, batch, exceptions, masks, reached, tally.counts)
        if wanted & TARGETS and len(network.on_tier) > 0:
            count_targets(network, start, stop, first, size, batch, exceptions, masks, reached, tally.by_target)
        if wanted & SEGMENTS:
            count_segments(network.segment, start, stop, reached, segments, segment_masks, tally.segments)
        if wanted & DENIALS:
            count_denials(network, start, stop, batch, exceptions, masks, tally.denials)
        if is_unsure:
            count_certainty(network, start, stop, batch, exceptions, masks, features, tally.certainty, tally.unknowns)
        if wanted & BRIDGES:
            count_bridges(network, start, stop, batch, exceptions, workspace.in_group, workspace.at_page, tally)
    clear(network, targets, workspace)


# The levels


@njit(nogil=True, cache=True)
def expand(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> None:
    """Levels 1 and 2 of everybody, and whom groups and pages have."""
    expand_ties(network, targets, workspace)
    expand_levels(network, targets, workspace)


@njit(nogil=True, cache=True)
def expand_ties(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> None:
    """Whom groups and pages have."""
    _scatter(network.group_starts, network.groups, targets, workspace.in_group)
    _scatter(network.page_starts, network.pages, targets, workspace.at_page)
    _scatter(network.counted_page_starts, network.counted_pages, targets, workspace.at_counted_page)


@njit(nogil=True, cache=True)
def expand_levels(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> None:
    """Levels 1 and 2 of everybody."""
    _scatter(network.starts, network.neighbours, targets, workspace.level1)
    for target in targets:
        for at in range(network.starts[target], network.starts[target + 1]):
            workspace.is_touched[network.neighbours[at]] = True
    for start in range(0, len(network.traits), BATCH):
        stop = min(start + BATCH, len(network.traits))
        list_touched(network, start, stop, workspace)
        for member in range(start, stop):
            first, end = workspace.touched_ends[member - start], workspace.touched_ends[member - start + 1]
            level1 = row_at(workspace.level1, member)
            put_row(workspace.level2, member, join_rows(workspace.level1, workspace.touched, first, end, level1))


@njit(nogil=True, cache=True)
def list_touched(network: Network, start: int, stop: int, workspace: Workspace) -> None:
    """For each of some members, those of their neighbours who have a row in level 1."""
    touched = 0
    for member in range(start, stop):
        for at in range(network.starts[member], network.starts[member + 1]):
            neighbour = network.neighbours[at]
            workspace.touched[touched] = neighbour  # to be written over by the next, if it is not touched
            touched += workspace.is_touched[neighbour]
        workspace.touched_ends[member - start + 1] = touched


@njit(nogil=True, cache=True)
def pull(
    network: Network, start: int, stop: int, workspace: Workspace, exceptions: NDArray[np.uint64], batch: Batch
) -> None:
    """Level 3 of some members, pulled from all their neighbours, in rows without themselves."""
    for member in range(start, stop):
        row = member - start
        exception = workspace.exception_row[member]
        batch.exceptions[row] = exception
        others, level2 = ~row_at(exceptions[exception], SELF), row_at(workspace.level2, member)
        first, end = network.starts[member], network.starts[member + 1]
        put_row(batch.level1, row, row_at(workspace.level1, member))
        put_row(batch.level2, row, level2 & others)
        put_row(batch.level3, row, join_rows(workspace.level2, network.neighbours, first, end, level2) & others)


@njit(nogil=True, cache=True)
def share(network: Network, start: int, stop: int, workspace: Workspace, batch: Batch) -> None:
    """The targets with whom some members share a group or a page."""
    for member in range(start, stop):
        row = member - start
        first, end = network.group_starts[member], network.group_starts[member + 1]
        put_row(batch.group, row, join_rows(workspace.in_group, network.groups, first, end, nothing()))
        first, end = network.counted_page_starts[member], network.counted_page_starts[member + 1]
        put_row(batch.page, row, join_rows(workspace.at_counted_page, network.counted_pages, first, end, nothing()))


@njit(nogil=True, cache=True)
def empty_batch() -> Batch:
    """Memory for the rows of a batch."""
    return Batch(
        empty_rows(BATCH),
        empty_rows(BATCH),
        empty_rows(BATCH),
        empty_rows(BATCH),
        empty_rows(BATCH),
        np.empty(BATCH, np.int32),
    )


@njit(nogil=True, cache=True)
def _scatter(starts: NDArray[np.int64], lists: NDArray[np.uint32], targets: NDArray[np.int32], rows: Rows) -> None:
    """Sets the bit of each target in the rows of all that is in the target's list."""
    for number in range(len(targets)):
        word, bit = number >> 6, ONE << np.uint64(number & 63)
        for at in range(starts[targets[number]], starts[targets[number] + 1]):
            rows[lists[at], word] |= bit


@njit(nogil=True, cache=True)
def clear(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> None:
    """Makes the workspace what it was before the block."""
    clear_ties(network, targets, workspace)
    clear_levels(network, targets, workspace)


@njit(nogil=True, cache=True)
def clear_ties(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> None:
    """Undoes `expand_ties` and `exceptions_of`."""
    _clear_rows(network.group_starts, network.groups, targets, workspace.in_group)
    _clear_rows(network.page_starts, network.pages, targets, workspace.at_page)
    _clear_rows(network.counted_page_starts, network.counted_pages, targets, workspace.at_counted_page)
    for target in targets:
        workspace.exception_row[target] = 0
        for at in range(network.exception_starts[target], network.exception_starts[target + 1]):
            workspace.exception_row[network.exceptions[at]] = 0


@njit(nogil=True, cache=True)
def clear_levels(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> None:
    """Undoes `expand_levels`."""
    _clear_rows(network.starts, network.neighbours, targets, workspace.level1)
    workspace.is_touched[:] = False


@njit(nogil=True, cache=True)
def _clear_rows(starts: NDArray[np.int64], lists: NDArray[np.uint32], targets: NDArray[np.int32], rows: Rows) -> None:
    for target in targets:
        for at in range(starts[target], starts[target + 1]):
            rows[lists[at]] = NONE


# What is said of single pairs and of single members


@njit(nogil=True, cache=True)
def exceptions_of(network: Network, targets: NDArray[np.int32], workspace: Workspace) -> NDArray[np.uint64]:
    """Rows of the members of whom something is to be said that holds of single pairs; row 0 says nothing.

    A member who is a target is no pair with themselves; blocks and limits are few.
    """
    most = 1 + len(targets)
    for target in targets:
        most += network.exception_starts[target + 1] - network.exception_starts[target]
    rows = empty_rows(most * 5).reshape(most, 5, WORDS)
    used = 0
    for number in range(len(targets)):
        target = targets[number]
        word, bit = number >> 6, ONE << np.uint64(number & 63)
        if workspace.exception_row[target] == 0:
            used += 1
            workspace.exception_row[target] = used
        rows[workspace.exception_row[target], SELF, word] |= bit
        for at in range(network.exception_starts[target], network.exception_starts[target + 1]):
            member, kinds = network.exceptions[at], network.exception_kinds[at]
            if workspace.exception_row[member] == 0:
                used += 1
                workspace.exception_row[member] = used
            row = rows[workspace.exception_row[member]]
            if kinds & HAS_BLOCKED:
                row[BLOCKED_BY_TARGET, word] |= bit
            if kinds & IS_BLOCKED_BY:
                row[BLOCKED_BY_MEMBER, word] |= bit
            if kinds & LIMITS:
                row[LIMITED_BY_TARGET, word] |= bit
            if kinds & IS_LIMITED_BY:
                row[LIMITED_BY_MEMBER, word] |= bit
    return rows


@njit(nogil=True, cache=True)
def masks_of(network: Network, targets: NDArray[np.int32]) -> Rows:
    """A row for each trait: the targets who have it."""
    masks = empty_rows(TRAITS + 1)
    for number in range(len(targets)):
        traits = network.traits[targets[number]]
        word, place = number >> 6, np.uint64(number & 63)
        masks[EVERYBODY, word] |= ONE << place
        for trait in range(TRAITS):
            masks[trait, word] |= ((traits >> np.uint64(trait)) & ONE) << place
    return masks
