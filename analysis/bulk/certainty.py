"""What is certain and what is possible, and which unknown facts decide it, counted for each member (docs/rules.md, 6).

No search of its own: who could be nearer than the graph says is known from a few bits of each of the two, and whether
a requirement must or may hold from the features of both.
The same lines judge both directions: the one is the member and the other the targets, or the other way round.
"""

from __future__ import annotations

from enum import IntEnum, auto
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, ONE, Row, empty_rows, is_any, nothing, ones_in, put_row, row_at, row_of
from analysis.bulk.features import Feature
from analysis.bulk.network import Network
from analysis.bulk.rows import (
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    EVERYBODY,
    LIMITED_BY_MEMBER,
    LIMITED_BY_TARGET,
    SELF,
    Batch,
    Rows,
    Side,
    has,
)
from graph.model import ASSUMED_NAMES

FEATURES = len(Feature)

# The channels that make a pair reachable, in the order of the rules.
DIRECT, OPEN_PROFILE, BY_GROUP, BY_PAGE, INMAIL = range(5)
CHANNELS = 5


class Near(NamedTuple):
    """What is known of the distance of pairs, and of what they share."""

    at_1: Row
    at_2: Row
    at_3: Row
    nearest_1: Row
    nearest_2: Row
    nearest_3: Row
    group: Row
    some_group: Row
    page: Row
    some_page: Row


class Outcome(IntEnum):
    """What is found out about the pairs of a row: who is reached for certain and possibly, and what it rests on."""

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

# Behind the rows of outcomes there is room to work in, for what one channel rests on.
RESTING, FAILING = OUTCOMES, 2 * OUTCOMES

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
def empty_outcomes() -> Rows:
    """A row for each `Outcome`, and room to work in."""
    return empty_rows(3 * OUTCOMES)


@njit(nogil=True, cache=True)
def features_of(network: Network, member: int) -> NDArray[np.uint64]:
    """For each feature a word of ones where a member has it, else of zeros."""
    words = np.empty(FEATURES, np.uint64)
    for feature in range(FEATURES):
        words[feature] = NONE - ((network.features[member, feature >> 6] >> np.uint64(feature & 63)) & ONE)
    return words


@njit(nogil=True, cache=True)
def count_certainty(
    network: Network,
    start: int,
    stop: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    of_targets: Rows,
    certainty: NDArray[np.int32],
    unknowns: NDArray[np.int64],
) -> None:
    """Adds, for each member as sender and as recipient, whom they reach for certain and possibly, and what decides it.

    `masks`, `of_targets`: rows of the targets' traits and features.
    """
    outcomes = empty_outcomes()
    always = row_of(NONE - np.uint64(network.always_in_audience[0]))
    for member in range(start, stop):
        row, mine = member - start, features_of(network, member)
        near = nearness(batch, row, mine, of_targets)
        told = exceptions[batch.exceptions[row]]
        unblocked = row_at(masks, EVERYBODY) & ~(
            row_at(told, SELF) | row_at(told, BLOCKED_BY_TARGET) | row_at(told, BLOCKED_BY_MEMBER)
        )
        unbarred = unblocked & ~row_at(told, LIMITED_BY_TARGET)
        fill_outcomes(always, mine, of_targets, near, unbarred, outcomes)
        _add(outcomes, NAME_OF_SENDER, certainty[member, :SIDE], unknowns[member])
        unbarred = unblocked & ~row_at(told, LIMITED_BY_MEMBER)
        fill_outcomes(always, of_targets, mine, near, unbarred, outcomes)
        _add(outcomes, NAME_OF_RECIPIENT, certainty[member, SIDE:], unknowns[member])


@njit(nogil=True, cache=True)
def _add(outcomes: Rows, names: NDArray[np.int64], certainty: NDArray[np.int32], unknowns: NDArray[np.int64]) -> None:
    for outcome in range(SIDE):
        certainty[outcome] += np.int32(ones_in(row_at(outcomes, outcome)))
    unsure = row_at(outcomes, Outcome.POSSIBLE) & ~row_at(outcomes, Outcome.CERTAIN)
    if is_any(unsure):
        for fact in range(FIRST_FACT, OUTCOMES):
            if names[fact] >= 0:
                unknowns[names[fact]] += np.int64(ones_in(row_at(outcomes, fact) & unsure))


@njit(nogil=True, cache=True, forceinline=True)
def nearness(batch: Batch, row: int, mine: Side, theirs: Side) -> Near:
    """Which targets are within 1, 2, 3 steps, which may be, and with whom a group or a page is shared, or may be."""
    at_1, at_2, at_3 = row_at(batch.level1, row), row_at(batch.level2, row), row_at(batch.level3, row)
    my_0, my_1, my_2 = has(mine, Feature.NEAR_0), has(mine, Feature.NEAR_1), has(mine, Feature.NEAR_2)
    their_0, their_1, their_2 = has(theirs, Feature.NEAR_0), has(theirs, Feature.NEAR_1), has(theirs, Feature.NEAR_2)
    nearest_1 = at_1 | (my_0 & their_0)
    nearest_2 = at_2 | nearest_1 | (my_0 & their_1) | (my_1 & their_0)
    groups_unsure = has(mine, Feature.GROUPS_UNSURE) | has(theirs, Feature.GROUPS_UNSURE)
    pages_unsure = has(mine, Feature.PAGES_UNSURE) | has(theirs, Feature.PAGES_UNSURE)
    group, page = row_at(batch.group, row), row_at(batch.page, row)
    return Near(
        at_1=at_1,
        at_2=at_2,
        at_3=at_3,
        nearest_1=nearest_1,
        nearest_2=nearest_2,
        nearest_3=at_3 | nearest_2 | (my_0 & their_2) | (my_1 & their_1) | (my_2 & their_0),
        group=group,
        some_group=group | (groups_unsure & has(mine, Feature.SOME_GROUP) & has(theirs, Feature.SOME_GROUP)),
        page=page,
        some_page=page | (pages_unsure & has(mine, Feature.SOME_PAGE) & has(theirs, Feature.SOME_PAGE)),
    )


@njit(nogil=True, cache=True)
def fill_outcomes(always: Row, s: Side, r: Side, near: Near, unbarred: Row, outcomes: Rows) -> None:
    """For senders and recipients of these features: who is reached, for certain and possibly, and what that rests on.

    `unbarred`: pairs that no block and no limit of the graph denies. A requirement is three rows: whether it holds,
    whether it may, and, for each fact, whether it rests on that.
    """
    for outcome in range(OUTCOMES):
        put_row(outcomes, outcome, nothing())
    at_1, at_2, at_3 = near.at_1, near.at_2, near.at_3
    nearest_1, nearest_2, nearest_3 = near.nearest_1, near.nearest_2, near.nearest_3
    pairs = unbarred & has(s, Feature.HEARD) & has(r, Feature.PRESENT)
    if not is_any(pairs):
        return
    unblocked_r, unblocked_s = has(r, Feature.BLOCKS_UNSURE) & ~at_1, has(s, Feature.BLOCKS_UNSURE) & ~at_1

    visibility_on_degree = has(r, Feature.CLOSE_AT_1) & nearest_1 & ~at_1
    visibility_unsure = has(r, Feature.VISIBILITY_UNSURE) & ~at_1
    audience = has(r, Feature.ANYONE) | (has(r, Feature.SHARED) & at_2) | (has(r, Feature.CONNECTIONS) & at_1)
    best_audience = (
        has(r, Feature.BEST_ANYONE)
        | (has(r, Feature.BEST_SHARED) & nearest_2)
        | (has(r, Feature.BEST_CONNECTIONS) & nearest_1)
    )
    audience_on_degree = (has(r, Feature.SHARED_AT_2) & nearest_2 & ~at_2) | (
        has(r, Feature.CONNECTIONS_AT_1) & nearest_1 & ~at_1
    )
    audience_unsure = has(r, Feature.AUDIENCE_UNSURE) & ~(always & at_1)

    for channel in range(CHANNELS):
        granted, best_granted = has(s, Feature.GRANT_DIRECT + channel), has(s, Feature.BEST_GRANT_DIRECT + channel)
        holds, may = granted & pairs, best_granted & pairs
        if not is_any(may):
            continue
        for fact in range(FIRST_FACT, OUTCOMES):
            put_row(outcomes, RESTING + fact, nothing())
            put_row(outcomes, FAILING + fact, nothing())
        _rest(outcomes, Outcome.SENDER_TIER, granted, has(s, Feature.TIER_GRANTS_DIRECT + channel))
        put_row(outcomes, RESTING + Outcome.RECIPIENT_BLOCKS, unblocked_r)
        put_row(outcomes, RESTING + Outcome.SENDER_BLOCKS, unblocked_s)

        if channel == INMAIL:
            credits, inmails, takes = has(s, Feature.CREDITS), has(s, Feature.INMAILS), has(r, Feature.TAKES_INMAIL)
            holds &= credits & inmails & takes
            may &= has(s, Feature.BEST_CREDITS) & has(s, Feature.BEST_INMAILS) & has(r, Feature.BEST_TAKES_INMAIL)
            _rest(outcomes, Outcome.INMAIL_CREDITS, credits, has(s, Feature.CREDITS_UNSURE))
            _rest(outcomes, Outcome.SENDER_TIER, inmails, has(s, Feature.TIER_LEAVES_INMAILS))
            _rest(outcomes, Outcome.INMAILS_SENT, inmails, has(s, Feature.SENT_INMAILS))
            _rest(outcomes, Outcome.ACCEPTS_INMAIL, takes, has(r, Feature.INMAIL_UNSURE))
        else:
            messages = has(s, Feature.MESSAGES)
            holds &= messages
            may &= has(s, Feature.BEST_MESSAGES)
            _rest(outcomes, Outcome.SENDER_TIER, messages, has(s, Feature.TIER_LEAVES_MESSAGES))
            _rest(outcomes, Outcome.MESSAGES_SENT, messages, has(s, Feature.SENT_MESSAGES))

        if channel == DIRECT:
            within = (
                (at_1 & has(s, Feature.WITHIN_1))
                | (at_2 & has(s, Feature.WITHIN_2))
                | (at_3 & has(s, Feature.WITHIN_3))
            )
            holds &= within
            may &= (
                (nearest_1 & has(s, Feature.BEST_WITHIN_1))
                | (nearest_2 & has(s, Feature.BEST_WITHIN_2))
                | (nearest_3 & has(s, Feature.BEST_WITHIN_3))
            )
            on_degree = (
                (has(s, Feature.ENDS_AT_1) & nearest_1 & ~at_1)
                | (has(s, Feature.ENDS_AT_2) & nearest_2 & ~at_2)
                | (has(s, Feature.ENDS_AT_3) & nearest_3 & ~at_3)
            )
            on_tier = (
                (has(s, Feature.BEST_WITHIN_1) & ~has(s, Feature.WORST_WITHIN_1) & nearest_1)
                | (has(s, Feature.BEST_WITHIN_2) & ~has(s, Feature.WORST_WITHIN_2) & nearest_2 & ~at_1)
                | (has(s, Feature.BEST_WITHIN_3) & ~has(s, Feature.WORST_WITHIN_3) & nearest_3 & ~at_2)
            )
            _rest(outcomes, Outcome.DEGREE, within, on_degree)
            _rest(outcomes, Outcome.SENDER_TIER, within, on_tier)
            visible = at_1 | has(r, Feature.PUBLIC) | (at_3 & has(r, Feature.NETWORK))
            holds &= visible
            may &= nearest_1 | has(r, Feature.BEST_PUBLIC) | (nearest_3 & has(r, Feature.BEST_NETWORK))
            _rest(outcomes, Outcome.VISIBILITY, visible, visibility_unsure)
            _rest(
                outcomes,
                Outcome.DEGREE,
                visible,
                visibility_on_degree | (has(r, Feature.NETWORK_AT_3) & nearest_3 & ~at_3),
            )
        elif channel == OPEN_PROFILE:
            profile = has(r, Feature.PROFILE)
            holds &= profile
            may &= has(r, Feature.BEST_PROFILE)
            _rest(outcomes, Outcome.RECIPIENT_TIER, profile, has(r, Feature.TIER_OPENS_PROFILE))
            _rest(outcomes, Outcome.OPEN_PROFILE, profile, has(r, Feature.PROFILE_UNSURE))
        elif channel in (BY_GROUP, BY_PAGE):
            shared = near.group if channel == BY_GROUP else near.page
            best_shared = near.some_group if channel == BY_GROUP else near.some_page
            approachable = at_1 | has(r, Feature.NETWORK)
            holds &= shared & approachable
            may &= best_shared & (nearest_1 | has(r, Feature.BEST_NETWORK))
            fact = Outcome.GROUPS if channel == BY_GROUP else Outcome.PAGES
            _rest(outcomes, fact, shared, best_shared & ~shared)
            _rest(outcomes, Outcome.VISIBILITY, approachable, visibility_unsure)
            _rest(outcomes, Outcome.DEGREE, approachable, visibility_on_degree)

        if channel in (DIRECT, BY_GROUP, BY_PAGE):
            holds &= audience
            may &= best_audience
            _rest(outcomes, Outcome.ACCEPTS_FROM, audience, audience_unsure)
            _rest(outcomes, Outcome.DEGREE, audience, audience_on_degree)

        maybe, unsure = may & ~holds, nothing()
        for fact in range(FIRST_FACT, OUTCOMES):
            resting = row_at(outcomes, RESTING + fact)
            if is_any(resting):
                unsure |= resting
                decides = (holds & resting) | (maybe & row_at(outcomes, FAILING + fact))
                put_row(outcomes, fact, row_at(outcomes, fact) | decides)
        certain = holds & ~unsure
        _join(outcomes, Outcome.CERTAIN, certain)
        _join(outcomes, Outcome.POSSIBLE, may)
        _join(outcomes, Outcome.REACHED, holds)
        if channel != INMAIL:
            _join(outcomes, Outcome.CERTAIN_FREE, certain)
            _join(outcomes, Outcome.POSSIBLE_FREE, may)


@njit(nogil=True, cache=True, forceinline=True)
def _rest(outcomes: Rows, fact: int, holds: Row, rests: Row) -> None:
    """Says of a requirement that it rests on a fact, and where it fails."""
    _join(outcomes, RESTING + fact, rests)
    _join(outcomes, FAILING + fact, rests & ~holds)


@njit(nogil=True, cache=True, forceinline=True)
def _join(rows: Rows, number: int, row: Row) -> None:
    put_row(rows, number, row_at(rows, number) | row)
