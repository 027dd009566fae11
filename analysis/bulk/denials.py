"""What denies: for each code the pairs that it stands in the way of (docs/rules.md, section 3; docs/reports.md)."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, WORDS, ones
from analysis.bulk.network import Network
from analysis.bulk.rows import (
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    EVERYBODY,
    LIMITED_BY_TARGET,
    SELF,
    Batch,
    Rows,
    broadcast,
)
from analysis.bulk.tally import Code
from analysis.bulk.traits import FREE, Trait
from graph.rules.vocabulary import WITHHELD

# The channels of FREE.
DIRECT, OPEN_PROFILE, GROUP, COMPANY_PAGE = range(4)
CODES, CHANNELS = int(Code.UNAVAILABLE), len(FREE)  # that one stands for some of the others
WITHHELD_CODES = tuple(int(Code[code]) for code in WITHHELD)


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
    fails = np.zeros((CHANNELS, CODES, WORDS), np.uint64)
    once, twice, denied = np.empty(WORDS, np.uint64), np.empty(WORDS, np.uint64), np.empty(WORDS, np.uint64)
    withheld, others = np.empty(WORDS, np.uint64), np.empty(WORDS, np.uint64)
    alone = np.empty((CODES + 1, WORDS), np.uint64)
    stands = np.empty((CODES + 1, WORDS), np.uint64)
    for member in range(start, stop):
        _fill_failures(network, member, member - start, batch, exceptions, masks, fails)
        for word in range(WORDS):
            denied[word] = masks[EVERYBODY, word] & ~exceptions[batch.exceptions[member - start], SELF, word]
        alone[:] = NONE
        stands[:] = NONE
        for channel in range(CHANNELS):
            if not network.free[channel]:
                continue
            once[:] = NONE
            twice[:] = NONE
            withheld[:] = NONE
            others[:] = NONE
            for code in range(CODES):
                is_withheld = code in WITHHELD_CODES
                for word in range(WORDS):
                    if is_withheld:
                        withheld[word] |= fails[channel, code, word]
                    else:
                        others[word] |= fails[channel, code, word]
                    twice[word] |= once[word] & fails[channel, code, word]
                    once[word] |= fails[channel, code, word]
            for word in range(WORDS):
                denied[word] &= once[word]
            for code in range(CODES):
                for word in range(WORDS):
                    stands[code, word] |= fails[channel, code, word]
                    alone[code, word] |= fails[channel, code, word] & ~twice[word]
            for word in range(WORDS):
                stands[Code.UNAVAILABLE, word] |= withheld[word]
                alone[Code.UNAVAILABLE, word] |= withheld[word] & ~others[word]
        for code in range(CODES + 1):
            pairs = pairs_alone = NONE
            for word in range(WORDS):
                pairs += ones(stands[code, word] & denied[word])
                pairs_alone += ones(alone[code, word] & denied[word])
            denials[code, 0] += np.int64(pairs)
            denials[code, 1] += np.int64(pairs_alone)


@njit(nogil=True, cache=True)
def _fill_failures(
    network: Network,
    member: int,
    row: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    fails: NDArray[np.uint64],
) -> None:
    """For each free channel and code the targets to whom it denies the channel, whatever else does."""
    traits = network.traits[member]
    exception = batch.exceptions[row]
    within_1, within_2, within_3 = (
        broadcast(traits, Trait.WITHIN_1),
        broadcast(traits, Trait.WITHIN_2),
        broadcast(traits, Trait.WITHIN_3),
    )
    some_1, some_2, some_3 = (
        broadcast(network.farthest[0], 0),
        broadcast(network.farthest[0], 1),
        broadcast(network.farthest[0], 2),
    )
    for word in range(WORDS):
        level1, level2, level3 = batch.level1[row, word], batch.level2[row, word], batch.level3[row, word]
        at_2, at_3 = level2 & ~level1, level3 & ~level2
        within = (level1 & within_1) | (at_2 & within_2) | (at_3 & within_3)
        within_some = (level1 & some_1) | (at_2 & some_2) | (at_3 & some_3)
        in_network = masks[Trait.NETWORK, word]
        not_approachable = ~(level1 | in_network)
        not_in_audience = ~(
            masks[Trait.ANYONE, word] | (masks[Trait.SHARED, word] & level2) | (masks[Trait.CONNECTIONS, word] & level1)
        )
        fails[DIRECT, Code.TIER_TOO_LOW, word] = ~within & within_some
        fails[DIRECT, Code.OUT_OF_NETWORK, word] = ~within & ~within_some
        fails[DIRECT, Code.RECIPIENT_VISIBILITY, word] = ~(level1 | masks[Trait.PUBLIC, word] | (in_network & level3))
        fails[OPEN_PROFILE, Code.NO_OPEN_PROFILE, word] = ~masks[Trait.PROFILE, word]
        fails[GROUP, Code.NO_SHARED_GROUP, word] = ~batch.group[row, word]
        fails[COMPANY_PAGE, Code.NO_SHARED_PAGE, word] = ~batch.page[row, word]
        fails[GROUP, Code.RECIPIENT_VISIBILITY, word] = not_approachable
        fails[COMPANY_PAGE, Code.RECIPIENT_VISIBILITY, word] = not_approachable
        fails[DIRECT, Code.RECIPIENT_AUDIENCE, word] = not_in_audience
        fails[GROUP, Code.RECIPIENT_AUDIENCE, word] = not_in_audience
        fails[COMPANY_PAGE, Code.RECIPIENT_AUDIENCE, word] = not_in_audience
        fails[DIRECT, Code.NOT_IN_TIER, word] = ~broadcast(traits, Trait.GRANTED_DIRECT)
        fails[OPEN_PROFILE, Code.NOT_IN_TIER, word] = ~broadcast(traits, Trait.GRANTED_OPEN_PROFILE)
        fails[GROUP, Code.NOT_IN_TIER, word] = ~broadcast(traits, Trait.GRANTED_GROUP)
        fails[COMPANY_PAGE, Code.NOT_IN_TIER, word] = ~broadcast(traits, Trait.GRANTED_COMPANY_PAGE)
        for channel in range(CHANNELS):
            fails[channel, Code.MESSAGE_LIMIT_REACHED, word] = ~broadcast(traits, Trait.MESSAGES_LEFT)
            fails[channel, Code.SENDER_GONE, word] = broadcast(traits, Trait.GONE)
            fails[channel, Code.RECIPIENT_GONE, word] = masks[Trait.GONE, word]
            fails[channel, Code.BLOCKED_BY_RECIPIENT, word] = exceptions[exception, BLOCKED_BY_TARGET, word]
            fails[channel, Code.BLOCKED_BY_SENDER, word] = exceptions[exception, BLOCKED_BY_MEMBER, word]
            fails[channel, Code.SENDER_RESTRICTED, word] = broadcast(traits, Trait.RESTRICTED)
            fails[channel, Code.SENDER_TEMPORARILY_LIMITED, word] = broadcast(traits, Trait.TEMPORARILY_LIMITED)
            fails[channel, Code.LIMITED_BY_RECIPIENT, word] = exceptions[exception, LIMITED_BY_TARGET, word]
