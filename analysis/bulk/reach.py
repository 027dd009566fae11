"""Degrees, channels and reach, in both directions, counted for each member (docs/rules.md, sections 2 and 3).

As sender a member asks what they may do, by a word that is all ones or all zeros, of what the targets allow, by masks;
as recipient it is the other way round.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import ONE, empty_rows, nothing, ones_in, put_row, row_at
from analysis.bulk.channels import MAY, WOULD, allowed, between, opened_by
from analysis.bulk.network import Network
from analysis.bulk.rows import (
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    LIMITED_BY_MEMBER,
    LIMITED_BY_TARGET,
    SELF,
    Batch,
    Rows,
    broadcast,
    has,
)
from analysis.bulk.tally import Count
from analysis.bulk.traits import Trait

_ALL_WAYS = np.uint64((1 << WOULD - MAY) - 1)


@njit(nogil=True, cache=True)
def count_degrees(start: int, stop: int, batch: Batch, counts: NDArray[np.int32]) -> None:
    """Members at each degree."""
    for member in range(start, stop):
        row = member - start
        level1, level2, level3 = row_at(batch.level1, row), row_at(batch.level2, row), row_at(batch.level3, row)
        counts[member, Count.DEGREE_1] += np.int32(ones_in(level1))
        counts[member, Count.DEGREE_2] += np.int32(ones_in(level2 & ~level1))
        counts[member, Count.DEGREE_3] += np.int32(ones_in(level3 & ~level2))


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
        own = network.traits[member]
        if broadcast(own, Trait.GONE):
            put_row(reached, row, nothing())
            continue
        count, others = counts[member], ~row_at(exceptions[batch.exceptions[row]], SELF)

        pairs = between(batch, exceptions, row, BLOCKED_BY_TARGET, BLOCKED_BY_MEMBER, LIMITED_BY_TARGET)
        to = allowed(pairs, masks, others)
        direct, open_profile, group, company_page, inmail = opened_by(to, own, MAY)
        reach_free = direct | open_profile | group | company_page
        reach = reach_free | inmail
        put_row(reached, row, reach)
        count[Count.DIRECT_1] += np.int32(ones_in(to.direct_1))
        count[Count.DIRECT_2] += np.int32(ones_in(to.direct_2))
        count[Count.DIRECT_3] += np.int32(ones_in(to.direct_3))
        count[Count.OPEN_PROFILE] += np.int32(ones_in(to.open_profile))
        count[Count.GROUP] += np.int32(ones_in(to.group))
        count[Count.COMPANY_PAGE] += np.int32(ones_in(to.company_page))
        count[Count.INMAIL] += np.int32(ones_in(to.inmail))
        count[Count.REACH_FREE] += np.int32(ones_in(reach_free))
        count[Count.REACH] += np.int32(ones_in(reach))
        if own >> np.uint64(MAY) & _ALL_WAYS != own >> np.uint64(WOULD) & _ALL_WAYS:
            direct, open_profile, group, company_page, inmail = opened_by(to, own, WOULD)
            without_quota = direct | open_profile | group | company_page | inmail
            count[Count.LOST_TO_QUOTA] += np.int32(ones_in(without_quota & ~reach))

        # Off platform, public, invitations: denied by a block, not by a limit.
        there = others & ~(has(masks, Trait.GONE) | pairs.blocked_by_recipient | pairs.blocked_by_sender)
        near = there & pairs.level3 & ~pairs.level1 & has(masks, Trait.NETWORK)
        connected, far = there & pairs.level1, there & ~pairs.level3 & has(masks, Trait.PUBLIC)
        visible = connected | near | far
        info = (
            (connected & has(masks, Trait.INFO_CONNECTIONS))
            | (near & has(masks, Trait.INFO_NETWORK))
            | (far & has(masks, Trait.INFO_ANYONE))
        )
        count[Count.CONTACT_INFO] += np.int32(ones_in(info))
        count[Count.CONTACT_FORM] += np.int32(ones_in(visible & has(masks, Trait.FORM)))
        count[Count.COMMENT] += np.int32(ones_in(visible & has(masks, Trait.COMMENTS)))
        count[Count.INVITE] += np.int32(ones_in(there & ~pairs.level1 & has(masks, Trait.NOT_PRIVATE)))

        pairs = between(batch, exceptions, row, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER)
        direct, open_profile, group, company_page, inmail = opened_by(allowed(pairs, own, others), masks, MAY)
        reached_by_free = direct | open_profile | group | company_page
        count[Count.REACHED_BY_FREE] += np.int32(ones_in(reached_by_free))
        count[Count.REACHED_BY] += np.int32(ones_in(reached_by_free | inmail))


@njit(nogil=True, cache=True)
def segments_of(segment_of: NDArray[np.int32], targets: NDArray[np.int32]) -> tuple[NDArray[np.int32], Rows]:
    """The segments of some targets, those of one following each other, and for each a row of its targets."""
    names = np.empty(len(targets), np.int32)
    masks = empty_rows(len(targets))
    last = -1
    for number in range(len(targets)):
        segment = segment_of[targets[number]]
        if last < 0 or names[last] != segment:
            last += 1
            names[last] = segment
        masks[last, number >> 6] |= ONE << np.uint64(number & 63)
    return names[: last + 1], masks[: last + 1]


@njit(nogil=True, cache=True)
def count_segments(
    segment_of: NDArray[np.int32],
    start: int,
    stop: int,
    reached: Rows,
    segments_of_targets: NDArray[np.int32],
    masks: Rows,
    segments: NDArray[np.int64],
) -> None:
    """Reached pairs from segment to segment; the targets' are those of `segments_of`."""
    for member in range(start, stop):
        row = row_at(reached, member - start)
        for number in range(len(segments_of_targets)):
            pairs = ones_in(row & row_at(masks, number))
            segments[segment_of[member], segments_of_targets[number]] += np.int64(pairs)
