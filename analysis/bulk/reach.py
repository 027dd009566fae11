"""Degrees, channels and reach, in both directions, counted for each member (docs/rules.md, sections 2 and 3).

As sender a member asks what they may do, by a word that is all ones or all zeros, of what the targets allow, by masks;
as recipient it is the other way round.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, ONE, WORDS, ones
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
    broadcast,
)
from analysis.bulk.tally import Count
from analysis.bulk.traits import Trait


@njit(nogil=True, cache=True)
def count_degrees(start: int, stop: int, batch: Batch, counts: NDArray[np.int32]) -> None:
    """Members at each degree."""
    for member in range(start, stop):
        row = member - start
        at_1 = at_2 = at_3 = NONE
        for word in range(WORDS):
            level1, level2, level3 = batch.level1[row, word], batch.level2[row, word], batch.level3[row, word]
            at_1 += ones(level1)
            at_2 += ones(level2 & ~level1)
            at_3 += ones(level3 & ~level2)
        counts[member, Count.DEGREE_1] += np.int32(at_1)
        counts[member, Count.DEGREE_2] += np.int32(at_2)
        counts[member, Count.DEGREE_3] += np.int32(at_3)


@njit(nogil=True, cache=True)
def count_reach(
    network: Network,
    start: int,
    stop: int,
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    reached: Rows,
    counts: NDArray[np.int32],
) -> None:
    """Every channel, reach and reach in reverse; leaves in `reached` whom each member reaches."""
    for member in range(start, stop):
        row = member - start
        traits = network.traits[member]
        reached[row] = NONE
        if traits >> np.uint64(Trait.GONE) & ONE:
            continue
        may_1, may_2, may_3 = (
            broadcast(traits, Trait.MAY_DIRECT_1),
            broadcast(traits, Trait.MAY_DIRECT_2),
            broadcast(traits, Trait.MAY_DIRECT_3),
        )
        may_profile, may_group = broadcast(traits, Trait.MAY_OPEN_PROFILE), broadcast(traits, Trait.MAY_GROUP)
        may_page, may_inmail = broadcast(traits, Trait.MAY_COMPANY_PAGE), broadcast(traits, Trait.MAY_INMAIL)
        would_1, would_2, would_3 = (
            broadcast(traits, Trait.WOULD_DIRECT_1),
            broadcast(traits, Trait.WOULD_DIRECT_2),
            broadcast(traits, Trait.WOULD_DIRECT_3),
        )
        would_profile, would_group = broadcast(traits, Trait.WOULD_OPEN_PROFILE), broadcast(traits, Trait.WOULD_GROUP)
        would_page, would_inmail = broadcast(traits, Trait.WOULD_COMPANY_PAGE), broadcast(traits, Trait.WOULD_INMAIL)
        has_quota = (
            (may_1 ^ would_1)
            | (may_2 ^ would_2)
            | (may_3 ^ would_3)
            | (may_profile ^ would_profile)
            | (may_group ^ would_group)
            | (may_page ^ would_page)
            | (may_inmail ^ would_inmail)
        )
        allows_1, allows_2, allows_3, has_profile, takes_inmail = allowed_by(traits)

        direct_1 = direct_2 = direct_3 = profile = group = page = info = form = comment = inmail = invite = NONE
        reach = reach_free = reached_by = reached_by_free = lost = NONE
        exception = batch.exceptions[row]
        for word in range(WORDS):
            level1, level2, level3 = batch.level1[row, word], batch.level2[row, word], batch.level3[row, word]
            at_2, at_3 = level2 & ~level1, level3 & ~level2
            shared_group, shared_page = batch.group[row, word], batch.page[row, word]
            blocked = (
                exceptions[exception, SELF, word]
                | exceptions[exception, BLOCKED_BY_TARGET, word]
                | exceptions[exception, BLOCKED_BY_MEMBER, word]
            )
            public, in_network = masks[Trait.PUBLIC, word], masks[Trait.NETWORK, word]

            # Off platform, public, invitations: denied by a block, not by a limit.
            there = masks[EVERYBODY, word] & ~masks[Trait.GONE, word] & ~blocked
            near = at_2 | at_3
            far = ~level3
            info += ones(
                there
                & (
                    (level1 & masks[Trait.INFO_CONNECTIONS, word])
                    | (near & in_network & masks[Trait.INFO_NETWORK, word])
                    | (far & public & masks[Trait.INFO_ANYONE, word])
                )
            )
            visible = there & (level1 | (near & in_network) | (far & public))
            form += ones(visible & masks[Trait.FORM, word])
            comment += ones(visible & masks[Trait.COMMENTS, word])
            invite += ones(there & ~level1 & masks[Trait.NOT_PRIVATE, word])

            # Messaging, to the targets.
            open_to = there & ~exceptions[exception, LIMITED_BY_TARGET, word]
            to_1 = open_to & level1 & masks[Trait.CONNECTIONS, word]
            to_2 = open_to & at_2 & in_network & masks[Trait.SHARED, word]
            anyone = open_to & in_network & masks[Trait.ANYONE, word]
            to_3 = at_3 & anyone
            accepted = to_1 | to_2 | anyone  # approachable, and in audience
            by_group, by_page = shared_group & accepted, shared_page & accepted
            by_profile = open_to & masks[Trait.PROFILE, word]
            by_inmail = open_to & masks[Trait.TAKES_INMAIL, word]
            direct_1 += ones(to_1)
            direct_2 += ones(to_2)
            direct_3 += ones(to_3)
            profile += ones(by_profile)
            group += ones(by_group)
            page += ones(by_page)
            inmail += ones(by_inmail)
            free = (
                (to_1 & may_1)
                | (to_2 & may_2)
                | (to_3 & may_3)
                | (by_profile & may_profile)
                | (by_group & may_group)
                | (by_page & may_page)
            )
            all_ways = free | (by_inmail & may_inmail)
            reach_free += ones(free)
            reach += ones(all_ways)
            if has_quota:
                without_quota = (
                    (to_1 & would_1)
                    | (to_2 & would_2)
                    | (to_3 & would_3)
                    | (by_profile & would_profile)
                    | (by_group & would_group)
                    | (by_page & would_page)
                    | (by_inmail & would_inmail)
                )
                lost += ones(without_quota & ~all_ways)
            reached[row, word] = all_ways

            # Messaging, from the targets.
            direct, by_profile, by_group, by_page, by_inmail = ways_in(
                batch, exceptions, masks, row, word, allows_1, allows_2, allows_3, has_profile, takes_inmail
            )
            free = direct | by_profile | by_group | by_page
            reached_by_free += ones(free)
            reached_by += ones(free | by_inmail)
        counts[member, Count.DIRECT_1] += np.int32(direct_1)
        counts[member, Count.DIRECT_2] += np.int32(direct_2)
        counts[member, Count.DIRECT_3] += np.int32(direct_3)
        counts[member, Count.OPEN_PROFILE] += np.int32(profile)
        counts[member, Count.GROUP] += np.int32(group)
        counts[member, Count.COMPANY_PAGE] += np.int32(page)
        counts[member, Count.CONTACT_INFO] += np.int32(info)
        counts[member, Count.CONTACT_FORM] += np.int32(form)
        counts[member, Count.COMMENT] += np.int32(comment)
        counts[member, Count.INMAIL] += np.int32(inmail)
        counts[member, Count.INVITE] += np.int32(invite)
        counts[member, Count.REACH] += np.int32(reach)
        counts[member, Count.REACH_FREE] += np.int32(reach_free)
        counts[member, Count.REACHED_BY] += np.int32(reached_by)
        counts[member, Count.REACHED_BY_FREE] += np.int32(reached_by_free)
        counts[member, Count.LOST_TO_QUOTA] += np.int32(lost)


@njit(nogil=True, cache=True)
def ways_in(
    batch: Batch,
    exceptions: NDArray[np.uint64],
    masks: Rows,
    row: int,
    word: int,
    allows_1: np.uint64,
    allows_2: np.uint64,
    allows_3: np.uint64,
    has_profile: np.uint64,
    takes_inmail: np.uint64,
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]:
    """The targets who reach a member: directly, by open profile, by group, by page, by InMail."""
    level1, level2, level3 = batch.level1[row, word], batch.level2[row, word], batch.level3[row, word]
    exception = batch.exceptions[row]
    open_from = ~(
        exceptions[exception, SELF, word]
        | exceptions[exception, BLOCKED_BY_TARGET, word]
        | exceptions[exception, BLOCKED_BY_MEMBER, word]
        | exceptions[exception, LIMITED_BY_MEMBER, word]
    )
    from_1, from_2 = open_from & level1 & allows_1, open_from & level2 & ~level1 & allows_2
    from_3 = open_from & level3 & ~level2 & allows_3
    acceptable = from_1 | from_2 | (open_from & allows_3)
    direct = (
        (from_1 & masks[Trait.MAY_DIRECT_1, word])
        | (from_2 & masks[Trait.MAY_DIRECT_2, word])
        | (from_3 & masks[Trait.MAY_DIRECT_3, word])
    )
    return (
        direct,
        open_from & has_profile & masks[Trait.MAY_OPEN_PROFILE, word],
        acceptable & batch.group[row, word] & masks[Trait.MAY_GROUP, word],
        acceptable & batch.page[row, word] & masks[Trait.MAY_COMPANY_PAGE, word],
        open_from & takes_inmail & masks[Trait.MAY_INMAIL, word],
    )


@njit(nogil=True, cache=True)
def allowed_by(traits: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]:
    """What a recipient allows: messages at degree 1, 2, and beyond; by an open profile; by InMail. A switch each."""
    return (
        broadcast(traits, Trait.CONNECTIONS),
        broadcast(traits, Trait.NETWORK) & broadcast(traits, Trait.SHARED),
        broadcast(traits, Trait.NETWORK) & broadcast(traits, Trait.ANYONE),
        broadcast(traits, Trait.PROFILE),
        broadcast(traits, Trait.TAKES_INMAIL),
    )


@njit(nogil=True, cache=True)
def count_segments(
    segment_of: NDArray[np.int32],
    start: int,
    stop: int,
    reached: Rows,
    targets: NDArray[np.int32],
    segments: NDArray[np.int64],
) -> None:
    """Reached pairs from segment to segment; targets of one segment follow each other."""
    first = 0
    while first < len(targets):
        segment = segment_of[targets[first]]
        last = first
        mask = np.zeros(WORDS, np.uint64)
        while last < len(targets) and segment_of[targets[last]] == segment:
            mask[last >> 6] |= ONE << np.uint64(last & 63)
            last += 1
        for member in range(start, stop):
            pairs = NONE
            for word in range(first >> 6, (last + 63) >> 6):
                pairs += ones(reached[member - start, word] & mask[word])
            if pairs:
                segments[segment_of[member], segment] += np.int64(pairs)
        first = last
