"""Every pair that is gained or lost between two worlds, one by one, in the order of ids, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import BITS, NONE, ONE, WORDS, empty_rows, ones, put_row, row_at
from analysis.bulk.channels import CHANNELS, CODES, STANDS, Reasons, between, empty_reasons, fill_open
from analysis.bulk.differences import (
    GAINED,
    LOST,
    DifferenceWorkspace,
    any_of,
    batches_of,
    clear_both,
    empty_difference_workspace,
    expand_both,
    fill_both,
    fill_causes,
)
from analysis.bulk.kernel import exceptions_of, masks_of
from analysis.bulk.network import Integers
from analysis.bulk.rows import BATCH, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER, SELF, Rows
from analysis.bulk.run import Progress
from analysis.bulk.tally import Code
from analysis.bulk.two_worlds import PlacedWorlds, TwoWorlds
from analysis.differences import DIRECTIONS
from graph.rules.vocabulary import MESSAGING_CHANNELS

SCHEMA = pa.schema(
    [
        ("sender", pa.large_string()),
        ("recipient", pa.large_string()),
        ("direction", pa.string()),
        ("channels", pa.string()),
        ("reasons", pa.string()),
    ]
)
PAIRS_AT_ONCE = 1 << 22  # of several senders, where one has fewer
ROWS_AT_ONCE = 1 << 20  # their texts have to fit into 2 GiB

_CHANNELS = tuple(channel.name for channel in MESSAGING_CHANNELS)
_CODES = tuple(code.name for code in Code)


class Flips(NamedTuple):
    """Pairs of some senders: the sender's number, the recipient's place, and bits for channels and reasons."""

    sender: NDArray[np.int16]
    recipient: NDArray[np.int32]
    direction: NDArray[np.int8]
    channels: NDArray[np.uint8]
    reasons: NDArray[np.uint32]


def flips(placed: PlacedWorlds, changes: Integers, *, progress: Progress = lambda *_: None) -> Iterator[pa.RecordBatch]:
    """The columns of `analysis.differences.PAIRS`, ordered by sender, then recipient; at most ROWS_AT_ONCE a batch.

    `changes`: of how many pairs that change each member is the sender, in the order of `placed.ids`: it was counted.
    `progress` is told how many pairs are done, of how many.
    """
    worlds, total, done = placed.worlds, int(changes.sum()), 0
    everybody = np.empty_like(placed.place_of)
    everybody[placed.place_of] = np.arange(len(everybody))
    workspace = empty_difference_workspace(worlds)
    for some in _in_groups(changes):
        found = _flips(worlds, placed.place_of[some].astype(np.int32), int(changes[some].sum()), workspace)
        recipient = everybody[found.recipient]
        in_order = np.lexsort((recipient, found.sender))
        for first in range(0, len(in_order), ROWS_AT_ONCE):
            rows = in_order[first : first + ROWS_AT_ONCE]
            yield pa.record_batch(
                [
                    placed.ids.take(pa.array(some[found.sender[rows]])),
                    placed.ids.take(pa.array(recipient[rows])),
                    pa.array(DIRECTIONS).take(pa.array(found.direction[rows])),
                    _texts(found.channels[rows], _CHANNELS),
                    _texts(found.reasons[rows], _CODES),
                ],
                schema=SCHEMA,
            )
        done += len(in_order)
        progress(done, total)


def _in_groups(changes: Integers) -> Iterator[Integers]:
    """Those with a change, in order, at most BITS at a time, and no more than have PAIRS_AT_ONCE together."""
    senders = np.flatnonzero(changes)
    ends = np.cumsum(changes[senders])
    first = before = 0
    while first < len(senders):
        last = int(np.searchsorted(ends, before + PAIRS_AT_ONCE, side="right"))
        last = min(max(last, first + 1), first + BITS)
        yield senders[first:last]
        first, before = last, int(ends[last - 1])


def _texts(bits: NDArray[np.unsignedinteger], names: Sequence[str]) -> pa.Array:
    """The names of the bits of each number, joined by `;`."""
    distinct, which = np.unique(bits, return_inverse=True)
    texts = [";".join(name for place, name in enumerate(names) if number >> place & 1) for number in distinct.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(which))


@njit(nogil=True, cache=True)
def _flips(worlds: TwoWorlds, senders: NDArray[np.int32], pairs: int, workspace: DifferenceWorkspace) -> Flips:
    """The pairs of these senders that change, of whom there are so many."""
    expand_both(worlds, senders, workspace)
    was_exceptions = exceptions_of(worlds.before, senders, workspace.before)
    is_exceptions = exceptions_of(worlds.after, senders, workspace.after)
    was_masks, is_masks = masks_of(worlds.before, senders), masks_of(worlds.after, senders)
    was_messaging, was_farthest = worlds.before.messaging, worlds.before.farthest[0]
    is_messaging, is_farthest = worlds.after.messaging, worlds.after.farthest[0]
    was, now = batches_of(worlds)
    was_open, is_open = empty_rows(CHANNELS), empty_rows(CHANNELS)
    changed = empty_rows(2)
    reasons = empty_reasons()
    flips = Flips(
        np.empty(pairs, np.int16),
        np.empty(pairs, np.int32),
        np.empty(pairs, np.int8),
        np.empty(pairs, np.uint8),
        np.empty(pairs, np.uint32),
    )
    found = 0
    for start in range(0, len(worlds.segment), BATCH):
        stop = min(start + BATCH, len(worlds.segment))
        fill_both(worlds, start, stop, workspace, was_exceptions, is_exceptions, was, now)
        for member in range(start, stop):
            row = member - start
            was_recipient, is_recipient = worlds.before.traits[member], worlds.after.traits[member]
            others = ~row_at(was_exceptions[was.exceptions[row]], SELF)
            was_between = between(was, was_exceptions, row, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER)
            is_between = between(now, is_exceptions, row, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER)
            fill_open(was_between, was_masks, was_recipient, was_open)
            fill_open(is_between, is_masks, is_recipient, is_open)
            before, after = any_of(was_open) & others, any_of(is_open) & others
            put_row(changed, GAINED, after & ~before)
            put_row(changed, LOST, before & ~after)
            if changed[GAINED].any():
                fill_causes(
                    row_at(changed, GAINED),
                    is_open,
                    was_messaging,
                    was_farthest,
                    was_between,
                    was_masks,
                    was_recipient,
                    reasons,
                )
                found = _add_flips(member, GAINED, changed[GAINED], is_open, reasons, flips, found)
            if changed[LOST].any():
                fill_causes(
                    row_at(changed, LOST),
                    was_open,
                    is_messaging,
                    is_farthest,
                    is_between,
                    is_masks,
                    is_recipient,
                    reasons,
                )
                found = _add_flips(member, LOST, changed[LOST], was_open, reasons, flips, found)
    clear_both(worlds, senders, workspace)
    return flips


@njit(nogil=True, cache=True)
def _add_flips(
    recipient: int,
    direction: int,
    changed: NDArray[np.uint64],
    opened: Rows,
    reasons: Reasons,
    flips: Flips,
    found: int,
) -> int:
    """Adds the pairs of one recipient; returns how many there are by now."""
    for word in range(WORDS):
        left = changed[word]
        while left:
            bit = left & (NONE - left)
            left ^= bit
            flips.sender[found] = 64 * word + np.int64(ones(bit - ONE))
            flips.recipient[found] = recipient
            flips.direction[found] = direction
            channels = why = NONE
            for channel in range(CHANNELS):
                if opened[channel, word] & bit:
                    channels |= ONE << np.uint64(channel)
            for code in range(CODES):
                if code != Code.UNAVAILABLE and reasons[STANDS + code, word] & bit:
                    why |= ONE << np.uint64(code)
            flips.channels[found] = np.uint8(channels)
            flips.reasons[found] = np.uint32(why)
            found += 1
    return found
