"""What denies: for each code the pairs that it stands in the way of (docs/rules.md, section 3; docs/reports.md)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import add_ones, empty_rows, is_any, nothing, row_at
from analysis.bulk.channels import (
    ALONE,
    CODES,
    INMAIL,
    STANDS,
    add_gates,
    add_requirements,
    between,
    clear_reasons,
    empty_reasons,
    gated,
)
from analysis.bulk.network import Network
from analysis.bulk.rows import BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, EVERYBODY, LIMITED_BY_TARGET, SELF, Batch, Rows


@njit(nogil=True, cache=True)
def count_denials(
    network: Network,
    start: int,
    stop: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    denials: NDArray[np.int64],
) -> None:
    """The pairs that are not reachable free: the codes on their free channels, and those that stand alone there."""
    reasons = empty_reasons()
    standing, alone = empty_rows(CODES), empty_rows(CODES)
    messaging, farthest = network.messaging[:INMAIL], network.farthest[0]
    is_any_messaging = messaging.any()
    for member in range(start, stop):
        row, sender = member - start, network.traits[member]
        others = row_at(masks, EVERYBODY) & ~row_at(exceptions[batch.exceptions[row]], SELF)
        pairs = between(batch, exceptions, row, BLOCKED_BY_TARGET, BLOCKED_BY_MEMBER, LIMITED_BY_TARGET)
        barred = gated(pairs, sender, masks) & others
        clear_reasons(reasons)
        otherwise_open = nothing()
        for channel in range(INMAIL):
            if messaging[channel]:
                otherwise_open |= ~add_requirements(channel, farthest, pairs, sender, masks, others, ~barred, reasons)
        if is_any(barred) and is_any_messaging:
            add_gates(pairs, sender, masks, others, otherwise_open, reasons)
        denied = ~otherwise_open | barred
        for code in range(CODES):
            stands = row_at(reasons, STANDS + code) & denied
            if is_any(stands):
                add_ones(standing, code, stands)
                add_ones(alone, code, row_at(reasons, ALONE + code) & denied)
    for code in range(CODES):
        denials[code, 0] += np.int64(standing[code].sum())
        denials[code, 1] += np.int64(alone[code].sum())
