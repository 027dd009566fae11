"""What some senders and recipients have with each other: degree, groups, pages, blocks and limits of every pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import BITS, ONE
from analysis.bulk.kernel import (
    Workspace,
    clear,
    empty_batch,
    empty_workspace,
    exceptions_of,
    expand,
    pull,
    share,
)
from analysis.bulk.network import Network
from analysis.bulk.rows import (
    BLOCKED_BY_MEMBER,
    BLOCKED_BY_TARGET,
    LIMITED_BY_MEMBER,
    SELF,
)

Flags = NDArray[np.bool_]

NO_DEGREE = 4
_SAME, _GROUP, _PAGE, _BLOCKED_BY_SENDER, _BLOCKED_BY_RECIPIENT, _LIMITED_BY_RECIPIENT = (1 << bit for bit in range(6))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Arrays of a row for each sender and a column for each recipient (docs/rules.md, section 2).

    `degree`: 1 to 3, or NO_DEGREE. `share_page`: one that counts for the channel `company_page`.
    """

    degree: NDArray[np.int8]
    same: Flags
    share_group: Flags
    share_page: Flags
    blocked_by_sender: Flags
    blocked_by_recipient: Flags
    limited_by_recipient: Flags


def pairs(network: Network, senders: NDArray[np.int64], recipients: NDArray[np.int64]) -> Pairs:
    """What these senders and recipients, both by place, have with each other: arrays of senders × recipients."""
    degree = np.empty((len(senders), len(recipients)), np.int8)
    ties = np.empty((len(senders), len(recipients)), np.uint8)
    workspace = empty_workspace(network)
    for start in range(0, len(senders), BITS):
        some = slice(start, start + BITS)
        _pairs(network, senders[some].astype(np.int32), recipients, workspace, degree[some], ties[some])
    return Pairs(
        degree=degree,
        same=ties & _SAME > 0,
        share_group=ties & _GROUP > 0,
        share_page=ties & _PAGE > 0,
        blocked_by_sender=ties & _BLOCKED_BY_SENDER > 0,
        blocked_by_recipient=ties & _BLOCKED_BY_RECIPIENT > 0,
        limited_by_recipient=ties & _LIMITED_BY_RECIPIENT > 0,
    )


@njit(nogil=True, cache=True)
def _pairs(
    network: Network,
    senders: NDArray[np.int32],
    recipients: NDArray[np.int64],
    workspace: Workspace,
    degree: NDArray[np.int8],
    ties: NDArray[np.uint8],
) -> None:
    """A row of bits is made for each recipient, of the senders as targets."""
    expand(network, senders, workspace)
    exceptions = exceptions_of(network, senders, workspace)
    batch = empty_batch()
    for column in range(len(recipients)):
        place = recipients[column]
        pull(network, place, place + 1, workspace, exceptions, batch)
        share(network, place, place + 1, workspace, batch)
        exception = exceptions[batch.exceptions[0]]
        for row in range(len(senders)):
            word, bit = row >> 6, ONE << np.uint64(row & 63)
            if batch.level1[0, word] & bit:
                degree[row, column] = 1
            elif batch.level2[0, word] & bit:
                degree[row, column] = 2
            elif batch.level3[0, word] & bit:
                degree[row, column] = 3
            else:
                degree[row, column] = NO_DEGREE
            has = 0
            if exception[SELF, word] & bit:
                has |= _SAME
            if batch.group[0, word] & bit:
                has |= _GROUP
            if batch.page[0, word] & bit:
                has |= _PAGE
            if exception[BLOCKED_BY_TARGET, word] & bit:
                has |= _BLOCKED_BY_SENDER
            if exception[BLOCKED_BY_MEMBER, word] & bit:
                has |= _BLOCKED_BY_RECIPIENT
            if exception[LIMITED_BY_MEMBER, word] & bit:
                has |= _LIMITED_BY_RECIPIENT
            ties[row, column] = np.uint8(has)
    clear(network, senders, workspace)
