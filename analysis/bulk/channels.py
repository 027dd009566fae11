"""The rules of single channels, for a row of pairs at a time: which are open, and what denies them (docs/rules.md, 3).

The same lines judge both directions. Of the two sides of the pairs the one is a member, given by their traits, and the
other the targets, given by their masks; `s` is the side of the senders and `r` that of the recipients.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import ALL, Row, empty_rows, is_any, nothing, put_row, row_at, row_of
from analysis.bulk.rows import Batch, Rows, Side, broadcast, has
from analysis.bulk.tally import Code
from analysis.bulk.traits import Trait
from graph.rules.vocabulary import GATES, MESSAGING_CHANNELS, WITHHELD

# The channels of kind message, request and paid; those of the first two kinds come first.
DIRECT, OPEN_PROFILE, GROUP, COMPANY_PAGE, INMAIL = range(5)
CHANNELS = len(MESSAGING_CHANNELS)
CODES = len(Code)

# The first of the traits that say what a sender may, and of those that say what they would if nothing were spent.
MAY, WOULD = int(Trait.MAY_DIRECT_1), int(Trait.WOULD_DIRECT_1)

# The codes of a channel's requirements: that of the grant, then the others.
_REQUIRES = [(Code.NOT_IN_TIER, *(Code[code] for code in channel.requires)) for channel in MESSAGING_CHANNELS]
REQUIREMENTS = max(map(len, _REQUIRES))
_CODE_OF = np.array([[*codes] + [-1] * (REQUIREMENTS - len(codes)) for codes in _REQUIRES])
_HOW_MANY = np.array([len(codes) for codes in _REQUIRES])

_GATES = [int(Code[gate.reason.code]) for gate in GATES]
_FIRST_GATE, _AFTER_GATES = min(_GATES), max(_GATES) + 1
_IS_WITHHELD = np.array([each.name in WITHHELD for each in Code])


class Between(NamedTuple):
    """What lies between the two of each pair: degree at most 1 to 3, something shared, blocks and limits."""

    level1: Row
    level2: Row
    level3: Row
    group: Row
    page: Row
    blocked_by_recipient: Row
    blocked_by_sender: Row
    limited_by_recipient: Row


@njit(nogil=True, cache=True, forceinline=True)
def between(
    batch: Batch,
    exceptions: NDArray[np.uint64],
    row: int,
    blocked_by_recipient: int,
    blocked_by_sender: int,
    limited_by_recipient: int,
) -> Between:
    """What lies between a member and the targets; the last three say which exceptions these are."""
    told = exceptions[batch.exceptions[row]]
    return Between(
        row_at(batch.level1, row),
        row_at(batch.level2, row),
        row_at(batch.level3, row),
        row_at(batch.group, row),
        row_at(batch.page, row),
        row_at(told, blocked_by_recipient),
        row_at(told, blocked_by_sender),
        row_at(told, limited_by_recipient),
    )


class Allowed(NamedTuple):
    """The pairs to which each channel is open where the sender may use it: `direct` by degree, then the others."""

    direct_1: Row
    direct_2: Row
    direct_3: Row
    open_profile: Row
    group: Row
    company_page: Row
    inmail: Row


@njit(nogil=True, cache=True, forceinline=True)
def allowed(pairs: Between, r: Side, among: Row) -> Allowed:
    """What the recipients, and blocks and limits, allow of these pairs."""
    open_to = among & ~(
        has(r, Trait.GONE) | pairs.blocked_by_recipient | pairs.blocked_by_sender | pairs.limited_by_recipient
    )
    at_1 = open_to & pairs.level1 & has(r, Trait.CONNECTIONS)
    at_2 = open_to & pairs.level2 & ~pairs.level1 & has(r, Trait.NETWORK) & has(r, Trait.SHARED)
    anyone = open_to & has(r, Trait.NETWORK) & has(r, Trait.ANYONE)
    accepted = at_1 | at_2 | anyone  # approachable, and in audience
    return Allowed(
        direct_1=at_1,
        direct_2=at_2,
        direct_3=pairs.level3 & ~pairs.level2 & anyone,
        open_profile=open_to & has(r, Trait.PROFILE),
        group=accepted & pairs.group,
        company_page=accepted & pairs.page,
        inmail=open_to & has(r, Trait.TAKES_INMAIL),
    )


@njit(nogil=True, cache=True, forceinline=True)
def opened_by(to: Allowed, s: Side, may: int) -> tuple[Row, Row, Row, Row, Row]:
    """For each channel the pairs to which it is open; `may` is MAY or WOULD."""
    return (
        (to.direct_1 & has(s, may)) | (to.direct_2 & has(s, may + 1)) | (to.direct_3 & has(s, may + 2)),
        to.open_profile & has(s, may + 3),
        to.group & has(s, may + 4),
        to.company_page & has(s, may + 5),
        to.inmail & has(s, may + 6),
    )


@njit(nogil=True, cache=True, forceinline=True)
def fill_open(pairs: Between, s: Side, r: Side, opened: Rows) -> None:
    """For each channel the pairs to which it is open, those of somebody with themselves too."""
    direct, open_profile, group, company_page, inmail = opened_by(allowed(pairs, r, row_of(ALL)), s, MAY)
    put_row(opened, DIRECT, direct)
    put_row(opened, OPEN_PROFILE, open_profile)
    put_row(opened, GROUP, group)
    put_row(opened, COMPANY_PAGE, company_page)
    put_row(opened, INMAIL, inmail)


@njit(nogil=True, cache=True, forceinline=True)
def gated(pairs: Between, s: Side, r: Side) -> Row:
    """The pairs of which some gate holds: each denies all of these channels."""
    return (
        has(s, Trait.GONE)
        | has(r, Trait.GONE)
        | pairs.blocked_by_recipient
        | pairs.blocked_by_sender
        | has(s, Trait.RESTRICTED)
        | has(s, Trait.TEMPORARILY_LIMITED)
        | pairs.limited_by_recipient
    )


# Reasons are one array of rows, for compiled code counts who holds each array that it takes out of a tuple:
# for each code the pairs of which it stands, then for each those where it stands alone on some channel, then room to
# work in. Most codes stand of nobody: it is quicker to ask than to write and count their rows.
Reasons: TypeAlias = Rows
STANDS, ALONE, _FAILS = 0, CODES, 2 * CODES


@njit(nogil=True, cache=True)
def empty_reasons() -> Reasons:
    """No reasons at all."""
    return empty_rows(2 * CODES + REQUIREMENTS)


@njit(nogil=True, cache=True, forceinline=True)
def clear_reasons(reasons: Reasons) -> None:
    """Forgets what was added."""
    for code in range(CODES):
        if is_any(row_at(reasons, STANDS + code)):
            put_row(reasons, STANDS + code, nothing())
            put_row(reasons, ALONE + code, nothing())


@njit(nogil=True, cache=True, forceinline=True)
def add_requirements(
    channel: int, farthest: np.uint64, pairs: Between, s: Side, r: Side, among: Row, ungated: Row, reasons: Reasons
) -> Row:
    """Adds, for each code, the pairs to which it denies a channel, and those where nothing else does.

    `among`: the pairs that are asked about; `ungated`: those of which no gate holds.
    Returns the pairs of which some requirement fails.
    """
    _fill_failures(channel, farthest, pairs, s, r, reasons)
    once, twice = nothing(), nothing()
    for number in range(_HOW_MANY[channel]):
        failing = row_at(reasons, _FAILS + number)
        twice |= once & failing
        once |= failing
    lone = ungated & ~twice
    for number in range(_HOW_MANY[channel]):
        code, failing = _CODE_OF[channel, number], row_at(reasons, _FAILS + number) & among
        if is_any(failing):
            put_row(reasons, STANDS + code, row_at(reasons, STANDS + code) | failing)
            put_row(reasons, ALONE + code, row_at(reasons, ALONE + code) | (failing & lone))
    return once


@njit(nogil=True, cache=True, forceinline=True)
def add_gates(pairs: Between, s: Side, r: Side, among: Row, otherwise_open: Row, reasons: Reasons) -> None:
    """Adds, for each gate, the pairs of which it holds, and those where nothing else denies some channel.

    `otherwise_open`: pairs some channel of which has no requirement that fails.
    UNAVAILABLE stands for each code that is withheld, and alone where no other gate holds.
    """
    put_row(reasons, STANDS + Code.SENDER_GONE, has(s, Trait.GONE) & among)
    put_row(reasons, STANDS + Code.RECIPIENT_GONE, has(r, Trait.GONE) & among)
    put_row(reasons, STANDS + Code.BLOCKED_BY_RECIPIENT, pairs.blocked_by_recipient & among)
    put_row(reasons, STANDS + Code.BLOCKED_BY_SENDER, pairs.blocked_by_sender & among)
    put_row(reasons, STANDS + Code.SENDER_RESTRICTED, has(s, Trait.RESTRICTED) & among)
    put_row(reasons, STANDS + Code.SENDER_TEMPORARILY_LIMITED, has(s, Trait.TEMPORARILY_LIMITED) & among)
    put_row(reasons, STANDS + Code.LIMITED_BY_RECIPIENT, pairs.limited_by_recipient & among)
    once, twice, withheld, others = nothing(), nothing(), nothing(), nothing()
    for code in range(_FIRST_GATE, _AFTER_GATES):
        holding = row_at(reasons, STANDS + code)
        twice |= once & holding
        once |= holding
        if _IS_WITHHELD[code]:
            withheld |= holding
        else:
            others |= holding
    for code in range(_FIRST_GATE, _AFTER_GATES):
        holding = row_at(reasons, STANDS + code)
        if is_any(holding):
            put_row(reasons, ALONE + code, holding & otherwise_open & ~twice)
    put_row(reasons, STANDS + Code.UNAVAILABLE, withheld)
    put_row(reasons, ALONE + Code.UNAVAILABLE, withheld & otherwise_open & ~others)


@njit(nogil=True, cache=True, forceinline=True)
def _fill_failures(channel: int, farthest: np.uint64, pairs: Between, s: Side, r: Side, reasons: Reasons) -> None:
    """For each requirement of a channel, in the order of `_REQUIRES`, the pairs of which it fails.

    `farthest`: bit d - 1: some tier that grants `direct` reaches degree d.
    """
    put_row(reasons, _FAILS, ~has(s, Trait.GRANTED_DIRECT + channel))
    if channel == OPEN_PROFILE:
        put_row(reasons, _FAILS + 1, ~has(r, Trait.PROFILE))
        put_row(reasons, _FAILS + 2, ~has(s, Trait.MESSAGES_LEFT))
        return
    if channel == INMAIL:
        put_row(reasons, _FAILS + 1, ~has(s, Trait.CREDITS_LEFT))
        put_row(reasons, _FAILS + 2, ~has(s, Trait.INMAILS_LEFT))
        put_row(reasons, _FAILS + 3, ~has(r, Trait.TAKES_INMAIL))
        return
    not_in_audience = ~(
        has(r, Trait.ANYONE) | (has(r, Trait.SHARED) & pairs.level2) | (has(r, Trait.CONNECTIONS) & pairs.level1)
    )
    if channel == DIRECT:
        at_2, at_3 = pairs.level2 & ~pairs.level1, pairs.level3 & ~pairs.level2
        too_far = ~(
            (pairs.level1 & has(s, Trait.WITHIN_1)) | (at_2 & has(s, Trait.WITHIN_2)) | (at_3 & has(s, Trait.WITHIN_3))
        )
        within_some = (
            (pairs.level1 & row_of(broadcast(farthest, 0)))
            | (at_2 & row_of(broadcast(farthest, 1)))
            | (at_3 & row_of(broadcast(farthest, 2)))
        )
        put_row(reasons, _FAILS + 1, too_far & within_some)
        put_row(reasons, _FAILS + 2, too_far & ~within_some)
        put_row(reasons, _FAILS + 3, ~(pairs.level1 | has(r, Trait.PUBLIC) | (has(r, Trait.NETWORK) & pairs.level3)))
        put_row(reasons, _FAILS + 4, not_in_audience)
        put_row(reasons, _FAILS + 5, ~has(s, Trait.MESSAGES_LEFT))
        return
    put_row(reasons, _FAILS + 1, ~(pairs.group if channel == GROUP else pairs.page))
    put_row(reasons, _FAILS + 2, ~(pairs.level1 | has(r, Trait.NETWORK)))
    put_row(reasons, _FAILS + 3, not_in_audience)
    put_row(reasons, _FAILS + 4, ~has(s, Trait.MESSAGES_LEFT))
