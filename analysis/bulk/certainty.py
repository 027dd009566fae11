"""What is certain and what is possible, and which unknown facts decide it, counted for each member (docs/rules.md, 6).

No search of its own: who could be nearer than the graph says is known from a few bits of each of the two, and whether
a requirement must or may hold from the features of both.
The same lines judge both directions: the one is the member and the other the targets, or the other way round.
"""

from __future__ import annotations

from enum import IntEnum, auto

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, ONE, WORDS, empty_rows, ones
from analysis.bulk.features import Feature
from analysis.bulk.network import Network
from analysis.bulk.rows import (
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    LIMITED_BY_MEMBER,
    LIMITED_BY_TARGET,
    SELF,
    Batch,
    Rows,
)
from graph.model import ASSUMED_NAMES

FEATURES = len(Feature)

# The rows of what is known of the distance of a pair, and of what they share.
AT_1, AT_2, AT_3, NEAREST_1, NEAREST_2, NEAREST_3, GROUP, SOME_GROUP, PAGE, SOME_PAGE = range(10)
NEARNESSES = 10

# The channels that make a pair reachable, in the order of the rules.
DIRECT, OPEN_PROFILE, BY_GROUP, BY_PAGE, INMAIL = range(5)
CHANNELS = 5

RESTING, FAILING = range(2)


class Outcome(IntEnum):
    """What is found out about the targets of a word: who is reached for certain and possibly, and what it rests on."""

    @staticmethod
    def _generate_next_value_(_name: str, _start: int, count: int, _last: list[int]) -> int:
        return count

    CERTAIN_FREE = auto()
    CERTAIN = auto()
    POSSIBLE_FREE = auto()
    POSSIBLE = auto()
    REACHED = auto()
    DEGREE = auto()  # from here: pairs some channel of which rests on this fact
    GROUPS = auto()
    PAGES = auto()
    SENDER_TIER = auto()
    MESSAGES_SENT = auto()
    INMAILS_SENT = auto()
    INMAIL_CREDITS = auto()
    RECIPIENT_TIER = auto()
    VISIBILITY = auto()
    ACCEPTS_FROM = auto()
    ACCEPTS_INMAIL = auto()
    OPEN_PROFILE = auto()
    RECIPIENT_BLOCKS = auto()
    SENDER_BLOCKS = auto()


OUTCOMES = len(Outcome)
FIRST_FACT = int(Outcome.DEGREE)

# The columns of `Tally.certainty`: so many for a member as sender, and as many as recipient.
SIDE = int(Outcome.REACHED)

# The name in a member's set that each fact belongs to, where they are the sender, and where they are the recipient.
_OF_SENDER = {
    Outcome.DEGREE: "connections",
    Outcome.GROUPS: "groups",
    Outcome.PAGES: "companies",
    Outcome.SENDER_TIER: "tier",
    Outcome.MESSAGES_SENT: "messages_sent",
    Outcome.INMAILS_SENT: "inmails_sent",
    Outcome.INMAIL_CREDITS: "inmail_credits",
    Outcome.SENDER_BLOCKS: "blocks",
}
_OF_RECIPIENT = {
    Outcome.DEGREE: "connections",
    Outcome.GROUPS: "groups",
    Outcome.PAGES: "companies",
    Outcome.RECIPIENT_TIER: "tier",
    Outcome.VISIBILITY: "visibility",
    Outcome.ACCEPTS_FROM: "accepts_from",
    Outcome.ACCEPTS_INMAIL: "accepts_inmail",
    Outcome.OPEN_PROFILE: "open_profile",
    Outcome.RECIPIENT_BLOCKS: "blocks",
}


def _names(of: dict[Outcome, str]) -> NDArray[np.int64]:
    return np.array([ASSUMED_NAMES.index(of[outcome]) if outcome in of else -1 for outcome in Outcome])


NAME_OF_SENDER, NAME_OF_RECIPIENT = _names(_OF_SENDER), _names(_OF_RECIPIENT)


@njit(nogil=True, cache=True)
def feature_masks(network: Network, targets: NDArray[np.int32]) -> Rows:
    """A row for each feature: the targets who have it."""
    masks = empty_rows(FEATURES)
    for number in range(len(targets)):
        word, place = number >> 6, np.uint64(number & 63)
        for feature in range(FEATURES):
            has = (network.features[targets[number], feature >> 6] >> np.uint64(feature & 63)) & ONE
            masks[feature, word] |= has << place
    return masks


@njit(nogil=True, cache=True)
def count_certainty(
    network: Network,
    start: int,
    stop: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    others_of_block: NDArray[np.uint64],
    of_targets: Rows,
    certainty: NDArray[np.int32],
    unknowns: NDArray[np.int64],
) -> None:
    """Adds, for each member as sender and as recipient, whom they reach for certain and possibly, and what decides it.

    `others_of_block`: a row of all targets. `of_targets`: rows of the targets' features.
    """
    mine, theirs = np.empty(FEATURES, np.uint64), np.empty(FEATURES, np.uint64)
    near = np.empty(NEARNESSES, np.uint64)
    found = np.empty(OUTCOMES, np.uint64)
    scratch = np.empty((2, OUTCOMES), np.uint64)
    always = NONE - np.uint64(network.always_in_audience[0])
    for member in range(start, stop):
        row = member - start
        for feature in range(FEATURES):
            mine[feature] = NONE - ((network.features[member, feature >> 6] >> np.uint64(feature & 63)) & ONE)
        exception = batch.exceptions[row]
        for word in range(WORDS):
            others = others_of_block[word] & ~exceptions[exception, SELF, word]
            if others == NONE:
                continue
            theirs[:] = of_targets[:, word]
            fill_nearness(batch, row, word, mine, theirs, near)
            unblocked = others & ~(
                exceptions[exception, BLOCKED_BY_TARGET, word] | exceptions[exception, BLOCKED_BY_MEMBER, word]
            )
            fill_outcomes(
                always, mine, theirs, near, unblocked & ~exceptions[exception, LIMITED_BY_TARGET, word], found, scratch
            )
            _add(found, certainty[member, :SIDE], unknowns[member], NAME_OF_SENDER)
            fill_outcomes(
                always, theirs, mine, near, unblocked & ~exceptions[exception, LIMITED_BY_MEMBER, word], found, scratch
            )
            _add(found, certainty[member, SIDE:], unknowns[member], NAME_OF_RECIPIENT)


@njit(nogil=True, cache=True)
def _add(
    found: NDArray[np.uint64],
    certainty: NDArray[np.int32],
    unknowns: NDArray[np.int64],
    names: NDArray[np.int64],
) -> None:
    for outcome in range(SIDE):
        certainty[outcome] += np.int32(ones(found[outcome]))
    unsure = found[Outcome.POSSIBLE] & ~found[Outcome.CERTAIN]
    if unsure == NONE:
        return
    for fact in range(FIRST_FACT, OUTCOMES):
        if names[fact] >= 0:
            unknowns[names[fact]] += np.int64(ones(found[fact] & unsure))


@njit(nogil=True, cache=True)
def fill_nearness(
    batch: Batch,
    row: int,
    word: int,
    mine: NDArray[np.uint64],
    theirs: NDArray[np.uint64],
    near: NDArray[np.uint64],
) -> None:
    """Which targets are within 1, 2, 3 steps, which may be, and with whom a group or a page is shared, or may be."""
    near[AT_1], near[AT_2], near[AT_3] = batch.level1[row, word], batch.level2[row, word], batch.level3[row, word]
    near[NEAREST_1] = near[AT_1] | (mine[Feature.NEAR_0] & theirs[Feature.NEAR_0])
    near[NEAREST_2] = (
        near[AT_2]
        | near[NEAREST_1]
        | (mine[Feature.NEAR_0] & theirs[Feature.NEAR_1])
        | (mine[Feature.NEAR_1] & theirs[Feature.NEAR_0])
    )
    near[NEAREST_3] = (
        near[AT_3]
        | near[NEAREST_2]
        | (mine[Feature.NEAR_0] & theirs[Feature.NEAR_2])
        | (mine[Feature.NEAR_1] & theirs[Feature.NEAR_1])
        | (mine[Feature.NEAR_2] & theirs[Feature.NEAR_0])
    )
    near[GROUP], near[PAGE] = batch.group[row, word], batch.page[row, word]
    near[SOME_GROUP] = near[GROUP] | (
        (mine[Feature.GROUPS_UNSURE] | theirs[Feature.GROUPS_UNSURE])
        & mine[Feature.SOME_GROUP]
        & theirs[Feature.SOME_GROUP]
    )
    near[SOME_PAGE] = near[PAGE] | (
        (mine[Feature.PAGES_UNSURE] | theirs[Feature.PAGES_UNSURE])
        & mine[Feature.SOME_PAGE]
        & theirs[Feature.SOME_PAGE]
    )


@njit(nogil=True, cache=True)
def fill_outcomes(
    always: np.uint64,
    s: NDArray[np.uint64],
    r: NDArray[np.uint64],
    near: NDArray[np.uint64],
    unbarred: np.uint64,
    found: NDArray[np.uint64],
    scratch: NDArray[np.uint64],
) -> None:
    """For senders and recipients of these features: who is reached, for certain and possibly, and what that rests on.

    `unbarred`: pairs that no block and no limit of the graph denies. A requirement is three words: whether it holds,
    whether it may, and, for each fact, whether it rests on that.
    """
    found[:] = NONE
    at_1, at_2, at_3 = near[AT_1], near[AT_2], near[AT_3]
    nearest_1, nearest_2, nearest_3 = near[NEAREST_1], near[NEAREST_2], near[NEAREST_3]
    pairs = unbarred & s[Feature.HEARD] & r[Feature.PRESENT]
    if pairs == NONE:
        return
    unblocked_r, unblocked_s = r[Feature.BLOCKS_UNSURE] & ~at_1, s[Feature.BLOCKS_UNSURE] & ~at_1

    visibility_on_degree = r[Feature.CLOSE_AT_1] & nearest_1 & ~at_1
    visibility_unsure = r[Feature.VISIBILITY_UNSURE] & ~at_1
    audience = r[Feature.ANYONE] | (r[Feature.SHARED] & at_2) | (r[Feature.CONNECTIONS] & at_1)
    best_audience = (
        r[Feature.BEST_ANYONE] | (r[Feature.BEST_SHARED] & nearest_2) | (r[Feature.BEST_CONNECTIONS] & nearest_1)
    )
    audience_on_degree = (r[Feature.SHARED_AT_2] & nearest_2 & ~at_2) | (
        r[Feature.CONNECTIONS_AT_1] & nearest_1 & ~at_1
    )
    audience_unsure = r[Feature.AUDIENCE_UNSURE] & ~(always & at_1)

    for channel in range(CHANNELS):
        granted, best_granted = s[Feature.GRANT_DIRECT + channel], s[Feature.BEST_GRANT_DIRECT + channel]
        if best_granted & pairs == NONE:
            continue
        holds, fails, resting = granted & pairs, scratch[FAILING], scratch[RESTING]
        may = best_granted & pairs
        fails[:] = NONE
        resting[:] = NONE
        _rest(fails, resting, Outcome.SENDER_TIER, granted, s[Feature.TIER_GRANTS_DIRECT + channel])
        resting[Outcome.RECIPIENT_BLOCKS], resting[Outcome.SENDER_BLOCKS] = unblocked_r, unblocked_s

        if channel == INMAIL:
            credits, inmails, takes = s[Feature.CREDITS], s[Feature.INMAILS], r[Feature.TAKES_INMAIL]
            holds &= credits & inmails & takes
            may &= s[Feature.BEST_CREDITS] & s[Feature.BEST_INMAILS] & r[Feature.BEST_TAKES_INMAIL]
            _rest(fails, resting, Outcome.INMAIL_CREDITS, credits, s[Feature.CREDITS_UNSURE])
            _rest(fails, resting, Outcome.SENDER_TIER, inmails, s[Feature.TIER_LEAVES_INMAILS])
            _rest(fails, resting, Outcome.INMAILS_SENT, inmails, s[Feature.SENT_INMAILS])
            _rest(fails, resting, Outcome.ACCEPTS_INMAIL, takes, r[Feature.INMAIL_UNSURE])
        else:
            messages = s[Feature.MESSAGES]
            holds &= messages
            may &= s[Feature.BEST_MESSAGES]
            _rest(fails, resting, Outcome.SENDER_TIER, messages, s[Feature.TIER_LEAVES_MESSAGES])
            _rest(fails, resting, Outcome.MESSAGES_SENT, messages, s[Feature.SENT_MESSAGES])

        if channel == DIRECT:
            within = (at_1 & s[Feature.WITHIN_1]) | (at_2 & s[Feature.WITHIN_2]) | (at_3 & s[Feature.WITHIN_3])
            holds &= within
            may &= (
                (nearest_1 & s[Feature.BEST_WITHIN_1])
                | (nearest_2 & s[Feature.BEST_WITHIN_2])
                | (nearest_3 & s[Feature.BEST_WITHIN_3])
            )
            on_degree = (
                (s[Feature.ENDS_AT_1] & nearest_1 & ~at_1)
                | (s[Feature.ENDS_AT_2] & nearest_2 & ~at_2)
                | (s[Feature.ENDS_AT_3] & nearest_3 & ~at_3)
            )
            on_tier = (
                (s[Feature.BEST_WITHIN_1] & ~s[Feature.WORST_WITHIN_1] & nearest_1)
                | (s[Feature.BEST_WITHIN_2] & ~s[Feature.WORST_WITHIN_2] & nearest_2 & ~at_1)
                | (s[Feature.BEST_WITHIN_3] & ~s[Feature.WORST_WITHIN_3] & nearest_3 & ~at_2)
            )
            _rest(fails, resting, Outcome.DEGREE, within, on_degree)
            _rest(fails, resting, Outcome.SENDER_TIER, within, on_tier)
            visible = at_1 | r[Feature.PUBLIC] | (at_3 & r[Feature.NETWORK])
            holds &= visible
            may &= nearest_1 | r[Feature.BEST_PUBLIC] | (nearest_3 & r[Feature.BEST_NETWORK])
            _rest(fails, resting, Outcome.VISIBILITY, visible, visibility_unsure)
            _rest(
                fails,
                resting,
                Outcome.DEGREE,
                visible,
                visibility_on_degree | (r[Feature.NETWORK_AT_3] & nearest_3 & ~at_3),
            )
        elif channel == OPEN_PROFILE:
            profile = r[Feature.PROFILE]
            holds &= profile
            may &= r[Feature.BEST_PROFILE]
            _rest(fails, resting, Outcome.RECIPIENT_TIER, profile, r[Feature.TIER_OPENS_PROFILE])
            _rest(fails, resting, Outcome.OPEN_PROFILE, profile, r[Feature.PROFILE_UNSURE])
        elif channel in (BY_GROUP, BY_PAGE):
            shared = near[GROUP] if channel == BY_GROUP else near[PAGE]
            best_shared = near[SOME_GROUP] if channel == BY_GROUP else near[SOME_PAGE]
            approachable = at_1 | r[Feature.NETWORK]
            holds &= shared & approachable
            may &= best_shared & (nearest_1 | r[Feature.BEST_NETWORK])
            fact = Outcome.GROUPS if channel == BY_GROUP else Outcome.PAGES
            _rest(fails, resting, fact, shared, best_shared & ~shared)
            _rest(fails, resting, Outcome.VISIBILITY, approachable, visibility_unsure)
            _rest(fails, resting, Outcome.DEGREE, approachable, visibility_on_degree)

        if channel in (DIRECT, BY_GROUP, BY_PAGE):
            holds &= audience
            may &= best_audience
            _rest(fails, resting, Outcome.ACCEPTS_FROM, audience, audience_unsure)
            _rest(fails, resting, Outcome.DEGREE, audience, audience_on_degree)

        maybe, unsure = may & ~holds, NONE
        for each in range(FIRST_FACT, OUTCOMES):
            unsure |= resting[each]
            found[each] |= (holds & resting[each]) | (maybe & fails[each])
        certain = holds & ~unsure
        found[Outcome.CERTAIN] |= certain
        found[Outcome.POSSIBLE] |= may
        found[Outcome.REACHED] |= holds
        if channel != INMAIL:
            found[Outcome.CERTAIN_FREE] |= certain
            found[Outcome.POSSIBLE_FREE] |= may


@njit(nogil=True, cache=True)
def _rest(
    fails: NDArray[np.uint64],
    resting: NDArray[np.uint64],
    fact: int,
    holds: np.uint64,
    rests: np.uint64,
) -> None:
    """Says of a requirement that it rests on a fact, and where it fails."""
    resting[fact] |= rests
    fails[fact] |= rests & ~holds
