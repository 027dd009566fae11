"""The rules of single channels, for a word of pairs at a time: which are open, and what denies them (docs/rules.md, 3).

The same lines judge both directions. A side of the pairs is either one member, of whom each trait is a word that is all
ones or all zeros (`words_of`), or the targets of a word, of whom it is a mask. So `s` has the traits of the senders and
`r` those of the recipients, each read in its column, `at_s` and `at_r`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE
from analysis.bulk.rows import Batch, Rows, broadcast
from analysis.bulk.tally import Code
from analysis.bulk.traits import Trait
from graph.rules.vocabulary import GATES, MESSAGING_CHANNELS, WITHHELD

# The channels of kind message, request and paid; those of the first two kinds come first.
DIRECT, OPEN_PROFILE, GROUP, COMPANY_PAGE, INMAIL = range(5)
CHANNELS = len(MESSAGING_CHANNELS)

# The codes of a channel's requirements: that of the grant, then the others.
_REQUIRES = [(Code.NOT_IN_TIER, *(Code[code] for code in channel.requires)) for channel in MESSAGING_CHANNELS]
REQUIREMENTS = max(map(len, _REQUIRES))
_CODE_OF = np.array([[*codes] + [-1] * (REQUIREMENTS - len(codes)) for codes in _REQUIRES])
_HOW_MANY = np.array([len(codes) for codes in _REQUIRES])

_GATES = [Code[gate.reason.code] for gate in GATES]
_FIRST_GATE, _LAST_GATE = min(_GATES), max(_GATES)
_IS_WITHHELD = np.array([each.name in WITHHELD for each in Code])
_TRAITS = len(Trait)


class Between(NamedTuple):
    """What lies between the two of each pair, a word each: degree at most 1 to 3, something shared, blocks and limits."""

    level1: np.uint64
    level2: np.uint64
    level3: np.uint64
    group: np.uint64
    page: np.uint64
    blocked_by_recipient: np.uint64
    blocked_by_sender: np.uint64
    limited_by_recipient: np.uint64


@njit(nogil=True, cache=True)
def between(
    batch: Batch,
    exceptions: NDArray[np.uint64],
    row: int,
    word: int,
    blocked_by_recipient: int,
    blocked_by_sender: int,
    limited_by_recipient: int,
) -> Between:
    """What lies between a member and the targets of a word; the last three say which exceptions these are."""
    rows = exceptions[batch.exceptions[row]]
    return Between(
        batch.level1[row, word],
        batch.level2[row, word],
        batch.level3[row, word],
        batch.group[row, word],
        batch.page[row, word],
        rows[blocked_by_recipient, word],
        rows[blocked_by_sender, word],
        rows[limited_by_recipient, word],
    )


@njit(nogil=True, cache=True)
def words_of(traits: np.uint64, words: Rows) -> None:
    """Writes the traits of one member into a column."""
    for trait in range(_TRAITS):
        words[trait, 0] = broadcast(traits, trait)


@njit(nogil=True, cache=True)
def fill_open(pairs: Between, s: Rows, at_s: int, r: Rows, at_r: int, opened: NDArray[np.uint64]) -> None:
    """For each channel the pairs to which it is open, those of somebody with themselves too."""
    at_2, at_3 = pairs.level2 & ~pairs.level1, pairs.level3 & ~pairs.level2
    open_to = ~(
        r[Trait.GONE, at_r] | pairs.blocked_by_recipient | pairs.blocked_by_sender | pairs.limited_by_recipient
    )
    to_1 = open_to & pairs.level1 & r[Trait.CONNECTIONS, at_r]
    to_2 = open_to & at_2 & r[Trait.NETWORK, at_r] & r[Trait.SHARED, at_r]
    anyone = open_to & r[Trait.NETWORK, at_r] & r[Trait.ANYONE, at_r]
    accepted = to_1 | to_2 | anyone  # approachable, and in audience
    opened[DIRECT] = (
        (to_1 & s[Trait.MAY_DIRECT_1, at_s])
        | (to_2 & s[Trait.MAY_DIRECT_2, at_s])
        | (at_3 & anyone & s[Trait.MAY_DIRECT_3, at_s])
    )
    opened[OPEN_PROFILE] = open_to & r[Trait.PROFILE, at_r] & s[Trait.MAY_OPEN_PROFILE, at_s]
    opened[GROUP] = accepted & pairs.group & s[Trait.MAY_GROUP, at_s]
    opened[COMPANY_PAGE] = accepted & pairs.page & s[Trait.MAY_COMPANY_PAGE, at_s]
    opened[INMAIL] = open_to & r[Trait.TAKES_INMAIL, at_r] & s[Trait.MAY_INMAIL, at_s]


@njit(nogil=True, cache=True)
def gates(pairs: Between, s: Rows, at_s: int, r: Rows, at_r: int) -> np.uint64:
    """The pairs of which some gate holds: each denies all of these channels."""
    return (
        s[Trait.GONE, at_s]
        | r[Trait.GONE, at_r]
        | pairs.blocked_by_recipient
        | pairs.blocked_by_sender
        | s[Trait.RESTRICTED, at_s]
        | s[Trait.TEMPORARILY_LIMITED, at_s]
        | pairs.limited_by_recipient
    )


@njit(nogil=True, cache=True)
def add_requirements(
    channel: int,
    farthest: np.uint64,
    pairs: Between,
    s: Rows,
    at_s: int,
    r: Rows,
    at_r: int,
    among: np.uint64,
    ungated: np.uint64,
    fails: NDArray[np.uint64],
    stands: NDArray[np.uint64],
    alone: NDArray[np.uint64],
) -> np.uint64:
    """Adds, for each code, the pairs to which it denies a channel, and those where nothing else does.

    `among`: the pairs that are asked about; `ungated`: those of which no gate holds.
    Returns the pairs of which some requirement fails.
    """
    _fill_failures(channel, farthest, pairs, s, at_s, r, at_r, fails)
    once = twice = NONE
    for number in range(_HOW_MANY[channel]):
        twice |= once & fails[number]
        once |= fails[number]
    lone = among & ungated & ~twice
    for number in range(_HOW_MANY[channel]):
        code = _CODE_OF[channel, number]
        stands[code] |= fails[number] & among
        alone[code] |= fails[number] & lone
    return once


@njit(nogil=True, cache=True)
def add_gates(
    pairs: Between,
    s: Rows,
    at_s: int,
    r: Rows,
    at_r: int,
    among: np.uint64,
    otherwise_open: np.uint64,
    stands: NDArray[np.uint64],
    alone: NDArray[np.uint64],
) -> None:
    """Adds, for each gate, the pairs of which it holds, and those where nothing else denies some channel.

    `otherwise_open`: pairs some channel of which has no requirement that fails.
    UNAVAILABLE stands for each code that is withheld, and alone where no other gate holds.
    """
    stands[Code.SENDER_GONE] = s[Trait.GONE, at_s] & among
    stands[Code.RECIPIENT_GONE] = r[Trait.GONE, at_r] & among
    stands[Code.BLOCKED_BY_RECIPIENT] = pairs.blocked_by_recipient & among
    stands[Code.BLOCKED_BY_SENDER] = pairs.blocked_by_sender & among
    stands[Code.SENDER_RESTRICTED] = s[Trait.RESTRICTED, at_s] & among
    stands[Code.SENDER_TEMPORARILY_LIMITED] = s[Trait.TEMPORARILY_LIMITED, at_s] & among
    stands[Code.LIMITED_BY_RECIPIENT] = pairs.limited_by_recipient & among
    once = twice = withheld = others = NONE
    for code in range(_FIRST_GATE, _LAST_GATE + 1):
        twice |= once & stands[code]
        once |= stands[code]
        if _IS_WITHHELD[code]:
            withheld |= stands[code]
        else:
            others |= stands[code]
    for code in range(_FIRST_GATE, _LAST_GATE + 1):
        alone[code] = stands[code] & otherwise_open & ~twice
    stands[Code.UNAVAILABLE] = withheld
    alone[Code.UNAVAILABLE] = withheld & otherwise_open & ~others


@njit(nogil=True, cache=True)
def _fill_failures(
    channel: int,
    farthest: np.uint64,
    pairs: Between,
    s: Rows,
    at_s: int,
    r: Rows,
    at_r: int,
    fails: NDArray[np.uint64],
) -> None:
    """For each requirement of a channel, in the order of `_REQUIRES`, the pairs of which it fails.

    `farthest`: bit d - 1: some tier that grants `direct` reaches degree d.
    """
    fails[0] = ~s[Trait.GRANTED_DIRECT + channel, at_s]
    if channel == OPEN_PROFILE:
        fails[1] = ~r[Trait.PROFILE, at_r]
        fails[2] = ~s[Trait.MESSAGES_LEFT, at_s]
        return
    if channel == INMAIL:
        fails[1] = ~s[Trait.CREDITS_LEFT, at_s]
        fails[2] = ~s[Trait.INMAILS_LEFT, at_s]
        fails[3] = ~r[Trait.TAKES_INMAIL, at_r]
        return
    in_network = r[Trait.NETWORK, at_r]
    not_in_audience = ~(
        r[Trait.ANYONE, at_r]
        | (r[Trait.SHARED, at_r] & pairs.level2)
        | (r[Trait.CONNECTIONS, at_r] & pairs.level1)
    )
    if channel == DIRECT:
        at_2, at_3 = pairs.level2 & ~pairs.level1, pairs.level3 & ~pairs.level2
        too_far = ~(
            (pairs.level1 & s[Trait.WITHIN_1, at_s])
            | (at_2 & s[Trait.WITHIN_2, at_s])
            | (at_3 & s[Trait.WITHIN_3, at_s])
        )
        within_some = (
            (pairs.level1 & broadcast(farthest, 0))
            | (at_2 & broadcast(farthest, 1))
            | (at_3 & broadcast(farthest, 2))
        )
        fails[1] = too_far & within_some
        fails[2] = too_far & ~within_some
        fails[3] = ~(pairs.level1 | r[Trait.PUBLIC, at_r] | (in_network & pairs.level3))
        fails[4] = not_in_audience
        fails[5] = ~s[Trait.MESSAGES_LEFT, at_s]
        return
    fails[1] = ~(pairs.group if channel == GROUP else pairs.page)
    fails[2] = ~(pairs.level1 | in_network)
    fails[3] = not_in_audience
    fails[4] = ~s[Trait.MESSAGES_LEFT, at_s]
