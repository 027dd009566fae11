"""Senders with recipients, pair by pair: degree, open channels, all reasons, and whether that is certain.

The senders are the targets of a block; the row of each recipient is made by itself, and read bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import BITS, NONE, ONE, empty_rows, is_any, nothing, ones, row_at, row_of
from analysis.bulk.certainty import (
    Outcome,
    empty_outcomes,
    feature_masks,
    features_of,
    fill_outcomes,
    nearness,
)
from analysis.bulk.channels import (
    CHANNELS,
    STANDS,
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
    clear,
    empty_batch,
    empty_workspace,
    exceptions_of,
    expand,
    masks_of,
    pull,
    share,
)
from analysis.bulk.network import Network, build_network
from analysis.bulk.rows import BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, EVERYBODY, LIMITED_BY_MEMBER, SELF, Batch, Rows
from analysis.bulk.run import Progress
from graph.rules.vocabulary import MESSAGING_CODES
from graph.snapshot.snapshot import Snapshot

PAIRS_AT_ONCE = 1 << 20

_CODES = len(MESSAGING_CODES)  # the first of `Code`


class Judged(NamedTuple):
    """Of each sender with each recipient, in the order asked: arrays of the shape senders × recipients.

    Of somebody with themselves it says nothing that means anything.
    """

    degree: NDArray[np.int8]  # 1 to 3; 0: none
    channels: NDArray[np.uint8]  # those that are open, a bit for each of MESSAGING_CHANNELS
    reasons: NDArray[np.uint32]  # a bit for each of MESSAGING_CODES; of a pair that is reachable none
    certain: NDArray[np.bool_]


def judge(
    snapshot: Snapshot,
    senders: NDArray[np.int64],
    recipients: NDArray[np.int64],
    *,
    at: datetime,
    as_tier: str | None = None,
    progress: Progress = lambda *_: None,
) -> Iterator[Judged]:
    """Every sender with every recipient, some senders at a time; both are rows of the snapshot, which may repeat.

    `as_tier`: the tier that the senders are asked as. `progress` is told how many senders are done, of how many.
    """
    placed = build_network(snapshot, at, as_tier=as_tier)
    place_of = np.empty(len(placed.row_of), np.int32)
    place_of[placed.row_of] = range(len(place_of))
    workspace = empty_workspace(placed.network)
    at_once = min(BITS, max(1, PAIRS_AT_ONCE // max(1, len(recipients))))
    for start in range(0, len(senders), at_once):
        progress(start, len(senders))
        some = place_of[senders[start : start + at_once]]
        shape = len(some), len(recipients)
        found = Judged(
            np.zeros(shape, np.int8), np.zeros(shape, np.uint8), np.zeros(shape, np.uint32), np.ones(shape, np.bool_)
        )
        _judge_block(placed.network, some, place_of[recipients], workspace, found)
        yield found


@njit(nogil=True, cache=True)
def _judge_block(
    network: Network, senders: NDArray[np.int32], recipients: NDArray[np.int32], workspace: Workspace, found: Judged
) -> None:
    expand(network, senders, workspace)
    exceptions = exceptions_of(network, senders, workspace)
    masks = masks_of(network, senders)
    is_unsure = len(network.features) > 0
    features = feature_masks(network, senders) if is_unsure else masks
    batch, reasons, opened = empty_batch(), empty_reasons(), empty_rows(CHANNELS)
    for number in range(len(recipients)):
        recipient = recipients[number]
        pull(network, recipient, recipient + 1, workspace, exceptions, batch)
        share(network, recipient, recipient + 1, workspace, batch)
        _judge_recipient(network, recipient, batch, exceptions, masks, opened, reasons)
        _read_pairs(number, len(senders), batch, opened, reasons, found)
        if is_unsure:
            _read_certainty(network, number, recipient, len(senders), batch, exceptions, masks, features, found)
    clear(network, senders, workspace)


@njit(nogil=True, cache=True)
def _judge_recipient(
    network: Network,
    recipient: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    opened: Rows,
    reasons: Reasons,
) -> None:
    """Which senders have each channel open to a recipient, and of whom each code stands."""
    r = network.traits[recipient]
    others = row_at(masks, EVERYBODY) & ~row_at(exceptions[batch.exceptions[0]], SELF)
    pairs = between(batch, exceptions, 0, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER)
    fill_open(pairs, masks, r, opened)
    barred = gated(pairs, masks, r) & others
    clear_reasons(reasons)
    otherwise_open = nothing()
    for channel in range(CHANNELS):
        if network.messaging[channel]:
            otherwise_open |= ~add_requirements(channel, network.farthest[0], pairs, masks, r, others, ~barred, reasons)
    if is_any(barred) and network.messaging.any():
        add_gates(pairs, masks, r, others, otherwise_open, reasons)


@njit(nogil=True, cache=True)
def _read_pairs(number: int, senders: int, batch: Batch, opened: Rows, reasons: Reasons, found: Judged) -> None:
    """From the rows of one recipient to a column of pairs."""
    for word in range((senders + 63) >> 6):
        level1, level2, level3 = batch.level1[0, word], batch.level2[0, word], batch.level3[0, word]
        reached = NONE
        for channel in range(CHANNELS):
            reached |= opened[channel, word]
        for sender in range(64 * word, min(64 * word + 64, senders)):
            bit = ONE << np.uint64(sender & 63)
            found.degree[sender, number] = 1 if level1 & bit else 2 if level2 & bit else 3 if level3 & bit else 0
            if reached & bit:
                for channel in range(CHANNELS):
                    if opened[channel, word] & bit:
                        found.channels[sender, number] |= np.uint8(1 << channel)
        for code in range(_CODES):
            left = reasons[STANDS + code, word] & ~reached
            while left:
                bit = left & (NONE - left)
                left ^= bit
                found.reasons[64 * word + np.int64(ones(bit - ONE)), number] |= np.uint32(1 << code)


@njit(nogil=True, cache=True)
def _read_certainty(
    network: Network,
    number: int,
    recipient: int,
    senders: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    features: Rows,
    found: Judged,
) -> None:
    """Which pairs with one recipient would be answered alike whatever is not known (docs/rules.md, section 6)."""
    outcomes, r = empty_outcomes(), features_of(network, recipient)
    told = exceptions[batch.exceptions[0]]
    unbarred = row_at(masks, EVERYBODY) & ~(
        row_at(told, SELF)
        | row_at(told, BLOCKED_BY_TARGET)
        | row_at(told, BLOCKED_BY_MEMBER)
        | row_at(told, LIMITED_BY_MEMBER)
    )
    always = row_of(NONE - np.uint64(network.always_in_audience[0]))
    fill_outcomes(always, features, r, nearness(batch, 0, r, features), unbarred, outcomes)
    for sender in range(senders):
        word, place = sender >> 6, np.uint64(sender & 63)
        certain = outcomes[Outcome.CERTAIN, word] | ~outcomes[Outcome.POSSIBLE, word]
        found.certain[sender, number] = bool(certain >> place & ONE)
