"""What denies: for each code the pairs that it stands in the way of (docs/rules.md, section 3; docs/reports.md)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, WORDS, ones
from analysis.bulk.channels import INMAIL, REQUIREMENTS, add_gates, add_requirements, between, gates, words_of
from analysis.bulk.network import Network
from analysis.bulk.rows import BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, EVERYBODY, LIMITED_BY_TARGET, SELF, Batch, Rows
from analysis.bulk.tally import Code
from analysis.bulk.traits import Trait

CODES, TRAITS = len(Code), len(Trait)


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
    fails = np.empty(REQUIREMENTS, np.uint64)
    stands, alone = np.empty(CODES, np.uint64), np.empty(CODES, np.uint64)
    sender = np.empty((TRAITS, 1), np.uint64)
    for member in range(start, stop):
        row = member - start
        words_of(network.traits[member], sender)
        for word in range(WORDS):
            others = masks[EVERYBODY, word] & ~exceptions[batch.exceptions[row], SELF, word]
            pairs = between(batch, exceptions, row, word, BLOCKED_BY_TARGET, BLOCKED_BY_MEMBER, LIMITED_BY_TARGET)
            gated = gates(pairs, sender, 0, masks, word)
            stands[:] = NONE
            alone[:] = NONE
            otherwise_open = NONE
            for channel in range(INMAIL):
                if network.messaging[channel]:
                    otherwise_open |= ~add_requirements(
                        channel, network.farthest[0], pairs, sender, 0, masks, word, others, ~gated, fails, stands, alone
                    )
            if gated & others:
                add_gates(pairs, sender, 0, masks, word, others, otherwise_open, stands, alone)
            denied = ~otherwise_open | gated
            for code in range(CODES):
                if stands[code]:
                    denials[code, 0] += np.int64(ones(stands[code] & denied))
                    denials[code, 1] += np.int64(ones(alone[code] & denied))
