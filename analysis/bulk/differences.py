"""Which pairs are gained and lost between two worlds, and why, counted for everybody (docs/rules.md, section 8).

Where both have the same connections, the levels are those of both; else there are two of them, side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, auto
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import BITS, NONE, Row, empty_rows, is_any, nothing, ones_in, put_row, row_at
from analysis.bulk.channels import (
    ALONE,
    CHANNELS,
    CODES,
    STANDS,
    Between,
    Reasons,
    add_gates,
    add_requirements,
    between,
    clear_reasons,
    empty_reasons,
    fill_open,
    gated,
)
from analysis.bulk.kernel import (
    Workspace,
    clear_levels,
    clear_ties,
    empty_batch,
    empty_workspace,
    exceptions_of,
    expand_levels,
    expand_ties,
    masks_of,
    pull,
    share,
)
from analysis.bulk.reach import count_segments, segments_of
from analysis.bulk.rows import (
    BATCH,
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    LIMITED_BY_MEMBER,
    LIMITED_BY_TARGET,
    SELF,
    Batch,
    Rows,
    Side,
    broadcast,
    has,
)
from analysis.bulk.run import Progress, in_threads
from analysis.bulk.tally import Code, added_up
from analysis.bulk.traits import Trait
from analysis.bulk.two_worlds import TwoWorlds

GAINED, LOST = range(2)
CONNECTIONS, SHARED = range(2)  # of TwoWorlds.same


class Reach(IntEnum):
    """The columns of `DifferenceTally.counts`: how many others, for each member."""

    @staticmethod
    def _generate_next_value_(_name: str, _start: int, count: int, _last: list[int]) -> int:
        return count

    BEFORE = auto()  # whom the member reaches
    AFTER = auto()
    GAINED = auto()
    BY_BEFORE = auto()  # who reaches the member
    BY_AFTER = auto()
    BY_GAINED = auto()


class DifferenceTally(NamedTuple):
    """What is counted, summed over blocks."""

    counts: NDArray[np.int32]  # place × Reach
    causes: NDArray[np.int64]  # GAINED, LOST × Code × (pairs, pairs alone)
    segments: NDArray[np.int64]  # GAINED, LOST × sender's × recipient's segment: pairs


class DifferenceWorkspace(NamedTuple):
    """Memory of one thread, one workspace a world; that of the world after has no levels where they are the same."""

    before: Workspace
    after: Workspace


def empty_difference_tally(worlds: TwoWorlds) -> DifferenceTally:
    """A tally of nothing."""
    segments = int(worlds.segments[0])
    return DifferenceTally(
        counts=np.zeros((len(worlds.targets), len(Reach)), np.int32),
        causes=np.zeros((2, len(Code), 2), np.int64),
        segments=np.zeros((2, segments, segments), np.int64),
    )


def empty_difference_workspace(worlds: TwoWorlds) -> DifferenceWorkspace:
    """The memory that a thread needs."""
    return DifferenceWorkspace(
        empty_workspace(worlds.before), empty_workspace(worlds.after, levels=not worlds.same[CONNECTIONS])
    )


def count_differences(
    worlds: TwoWorlds,
    blocks: Iterable[int],
    *,
    targets: int = BITS,
    threads: int | None = None,
    progress: Progress = lambda *_: None,
) -> DifferenceTally:
    """The differences of everybody and the blocks that begin at these targets, like `analysis.bulk.run.count`."""

    def counted(first: int, workspace: DifferenceWorkspace, tally: DifferenceTally) -> None:
        _count_block(worlds, first, min(targets, len(worlds.targets) - first), workspace, tally)

    tallies = in_threads(
        blocks,
        counted,
        lambda: (empty_difference_workspace(worlds), empty_difference_tally(worlds)),
        threads=threads,
        progress=progress,
    )
    return added_up(empty_difference_tally(worlds), tallies)


@njit(nogil=True, cache=True)
def _count_block(
    worlds: TwoWorlds, first: int, size: int, workspace: DifferenceWorkspace, tally: DifferenceTally
) -> None:
    targets = worlds.targets[first : first + size]
    segments, segment_masks = segments_of(worlds.segment, targets)
    expand_both(worlds, targets, workspace)
    was_exceptions = exceptions_of(worlds.before, targets, workspace.before)
    is_exceptions = exceptions_of(worlds.after, targets, workspace.after)
    was_masks, is_masks = masks_of(worlds.before, targets), masks_of(worlds.after, targets)
    was, now = batches_of(worlds)
    gained, lost = empty_rows(BATCH), empty_rows(BATCH)
    for start in range(0, len(worlds.segment), BATCH):
        stop = min(start + BATCH, len(worlds.segment))
        fill_both(worlds, start, stop, workspace, was_exceptions, is_exceptions, was, now)
        gained[:] = NONE
        lost[:] = NONE
        _count_senders(
            worlds,
            start,
            stop,
            was,
            now,
            was_exceptions,
            is_exceptions,
            was_masks,
            is_masks,
            gained,
            lost,
            tally.counts,
            tally.causes,
        )
        _count_recipients(
            worlds, start, stop, was, now, was_exceptions, is_exceptions, was_masks, is_masks, tally.counts
        )
        count_segments(worlds.segment, start, stop, gained, segments, segment_masks, tally.segments[GAINED])
        count_segments(worlds.segment, start, stop, lost, segments, segment_masks, tally.segments[LOST])
    clear_both(worlds, targets, workspace)


# The rows of both


@njit(nogil=True, cache=True)
def expand_both(worlds: TwoWorlds, targets: NDArray[np.int32], workspace: DifferenceWorkspace) -> None:
    """Levels 1 and 2 of everybody, and whom groups and pages have, in both worlds."""
    expand_levels(worlds.before, targets, workspace.before)
    expand_ties(worlds.before, targets, workspace.before)
    if not worlds.same[CONNECTIONS]:
        expand_levels(worlds.after, targets, workspace.after)
    if not worlds.same[SHARED]:
        expand_ties(worlds.after, targets, workspace.after)


@njit(nogil=True, cache=True)
def clear_both(worlds: TwoWorlds, targets: NDArray[np.int32], workspace: DifferenceWorkspace) -> None:
    """Makes the workspaces what they were before the block."""
    clear_levels(worlds.before, targets, workspace.before)
    clear_ties(worlds.before, targets, workspace.before)
    if not worlds.same[CONNECTIONS]:
        clear_levels(worlds.after, targets, workspace.after)
    clear_ties(worlds.after, targets, workspace.after)


@njit(nogil=True, cache=True)
def batches_of(worlds: TwoWorlds) -> tuple[Batch, Batch]:
    """Memory for the rows of a batch in both worlds: what is the same is the same memory."""
    was, own = empty_batch(), empty_batch()
    same_levels, same_ties = worlds.same[CONNECTIONS], worlds.same[SHARED]
    now = Batch(
        was.level1 if same_levels else own.level1,
        was.level2 if same_levels else own.level2,
        was.level3 if same_levels else own.level3,
        was.group if same_ties else own.group,
        was.page if same_ties else own.page,
        own.exceptions,
    )
    return was, now


@njit(nogil=True, cache=True)
def fill_both(
    worlds: TwoWorlds,
    start: int,
    stop: int,
    workspace: DifferenceWorkspace,
    was_exceptions: NDArray[np.uint64],
    is_exceptions: NDArray[np.uint64],
    was: Batch,
    now: Batch,
) -> None:
    """The rows of some members in both worlds."""
    pull(worlds.before, start, stop, workspace.before, was_exceptions, was)
    share(worlds.before, start, stop, workspace.before, was)
    if worlds.same[CONNECTIONS]:
        for member in range(start, stop):
            now.exceptions[member - start] = workspace.after.exception_row[member]
    else:
        pull(worlds.after, start, stop, workspace.after, is_exceptions, now)
    if not worlds.same[SHARED]:
        share(worlds.after, start, stop, workspace.after, now)


# What is counted of them


@njit(nogil=True, cache=True)
def _count_senders(
    worlds: TwoWorlds,
    start: int,
    stop: int,
    was: Batch,
    now: Batch,
    was_exceptions: NDArray[np.uint64],
    is_exceptions: NDArray[np.uint64],
    was_masks: Rows,
    is_masks: Rows,
    gained: Rows,
    lost: Rows,
    counts: NDArray[np.int32],
    causes: NDArray[np.int64],
) -> None:
    """From some members to the targets: who is reached, in each world, and what stood or stands in the way."""
    was_open, is_open = empty_rows(CHANNELS), empty_rows(CHANNELS)
    was_messaging, was_farthest = worlds.before.messaging, worlds.before.farthest[0]
    is_messaging, is_farthest = worlds.after.messaging, worlds.after.farthest[0]
    reasons = empty_reasons()
    for member in range(start, stop):
        row = member - start
        was_sender, is_sender = worlds.before.traits[member], worlds.after.traits[member]
        if broadcast(was_sender & is_sender, Trait.GONE):
            continue
        others = ~row_at(was_exceptions[was.exceptions[row]], SELF)
        was_between = between(was, was_exceptions, row, BLOCKED_BY_TARGET, BLOCKED_BY_MEMBER, LIMITED_BY_TARGET)
        is_between = between(now, is_exceptions, row, BLOCKED_BY_TARGET, BLOCKED_BY_MEMBER, LIMITED_BY_TARGET)
        fill_open(was_between, was_sender, was_masks, was_open)
        fill_open(is_between, is_sender, is_masks, is_open)
        before, after = any_of(was_open) & others, any_of(is_open) & others
        more, less = after & ~before, before & ~after
        put_row(gained, row, more)
        put_row(lost, row, less)
        counts[member, Reach.BEFORE] += np.int32(ones_in(before))
        counts[member, Reach.AFTER] += np.int32(ones_in(after))
        if is_any(more):
            counts[member, Reach.GAINED] += np.int32(ones_in(more))
            fill_causes(more, is_open, was_messaging, was_farthest, was_between, was_sender, was_masks, reasons)
            _add_causes(reasons, causes[GAINED])
        if is_any(less):
            fill_causes(less, was_open, is_messaging, is_farthest, is_between, is_sender, is_masks, reasons)
            _add_causes(reasons, causes[LOST])


@njit(nogil=True, cache=True)
def _count_recipients(
    worlds: TwoWorlds,
    start: int,
    stop: int,
    was: Batch,
    now: Batch,
    was_exceptions: NDArray[np.uint64],
    is_exceptions: NDArray[np.uint64],
    was_masks: Rows,
    is_masks: Rows,
    counts: NDArray[np.int32],
) -> None:
    """From the targets to some members: who reaches them, in each world."""
    was_open, is_open = empty_rows(CHANNELS), empty_rows(CHANNELS)
    for member in range(start, stop):
        row = member - start
        was_recipient, is_recipient = worlds.before.traits[member], worlds.after.traits[member]
        if broadcast(was_recipient & is_recipient, Trait.GONE):
            continue
        others = ~row_at(was_exceptions[was.exceptions[row]], SELF)
        was_between = between(was, was_exceptions, row, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER)
        is_between = between(now, is_exceptions, row, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER)
        fill_open(was_between, was_masks, was_recipient, was_open)
        fill_open(is_between, is_masks, is_recipient, is_open)
        before, after = any_of(was_open) & others, any_of(is_open) & others
        counts[member, Reach.BY_BEFORE] += np.int32(ones_in(before))
        counts[member, Reach.BY_AFTER] += np.int32(ones_in(after))
        counts[member, Reach.BY_GAINED] += np.int32(ones_in(after & ~before))


@njit(nogil=True, cache=True, forceinline=True)
def any_of(opened: Rows) -> Row:
    """The pairs to which some channel is open."""
    return row_at(opened, 0) | row_at(opened, 1) | row_at(opened, 2) | row_at(opened, 3) | row_at(opened, 4)


@njit(nogil=True, cache=True)
def fill_causes(
    flipped: Row,
    opened: Rows,
    messaging: NDArray[np.bool_],
    farthest: np.uint64,
    pairs: Between,
    s: Side,
    r: Side,
    reasons: Reasons,
) -> None:
    """For each code the pairs, of those that flipped, that it is a cause of, and where it stands alone.

    `opened`: the channels open in the world where the pairs are reachable. All else is of the other world.
    """
    clear_reasons(reasons)
    lacking = flipped & (has(s, Trait.ABSENT) | has(r, Trait.ABSENT))
    put_row(reasons, STANDS + Code.NOT_IN_NETWORK, lacking)
    put_row(reasons, ALONE + Code.NOT_IN_NETWORK, lacking)
    barred = gated(pairs, s, r)
    judged, otherwise_open = nothing(), nothing()
    for channel in range(CHANNELS):
        among = row_at(opened, channel) & flipped & ~lacking
        if not is_any(among):
            continue
        if messaging[channel]:
            judged |= among
            otherwise_open |= among & ~add_requirements(channel, farthest, pairs, s, r, among, ~barred, reasons)
        else:
            put_row(reasons, STANDS + Code.NOT_IN_TIER, row_at(reasons, STANDS + Code.NOT_IN_TIER) | among)
            put_row(reasons, ALONE + Code.NOT_IN_TIER, row_at(reasons, ALONE + Code.NOT_IN_TIER) | among)
    if is_any(barred & judged):
        add_gates(pairs, s, r, judged, otherwise_open, reasons)


@njit(nogil=True, cache=True)
def _add_causes(reasons: Reasons, causes: NDArray[np.int64]) -> None:
    for code in range(CODES):
        stands = row_at(reasons, STANDS + code)
        if is_any(stands):
            causes[code, 0] += np.int64(ones_in(stands))
            causes[code, 1] += np.int64(ones_in(row_at(reasons, ALONE + code)))
