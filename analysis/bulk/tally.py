"""What is counted: the columns and rows of the sums, which blocks are added to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum, auto
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.bulk.certainty import SIDE
from analysis.bulk.network import Network
from graph.model import ASSUMED_NAMES
from graph.rules.vocabulary import MESSAGING_CODES, NOT_IN_NETWORK, UNAVAILABLE

Sums = TypeVar("Sums", bound=NamedTuple)


def _enumerated(name: str, members: Sequence[str]) -> Any:
    """An enumeration made of a list; the kernel reads its members as the numbers that they are."""
    return IntEnum(name, {member: number for number, member in enumerate(members)})


class Count(IntEnum):
    """The columns of `Tally.counts`: how many others, for each member."""

    @staticmethod
    def _generate_next_value_(_name: str, _start: int, count: int, _last: list[int]) -> int:
        return count

    DEGREE_1 = auto()
    DEGREE_2 = auto()
    DEGREE_3 = auto()
    DIRECT_1 = auto()  # of that degree, whom a sender whose tier reaches that far writes to directly
    DIRECT_2 = auto()
    DIRECT_3 = auto()
    OPEN_PROFILE = auto()  # the channels as if the sender's tier granted them
    GROUP = auto()
    COMPANY_PAGE = auto()
    CONTACT_INFO = auto()
    CONTACT_FORM = auto()
    COMMENT = auto()
    INMAIL = auto()
    INVITE = auto()
    REACH = auto()
    REACH_FREE = auto()
    REACHED_BY = auto()
    REACHED_BY_FREE = auto()
    LOST_TO_QUOTA = auto()


# The codes that can stand on a channel of kind message, request or paid, in the order of the rules.
# Behind them comes what stands in place of those that are withheld: it is counted for each of them.
Code: Any = _enumerated("Code", (*MESSAGING_CODES, UNAVAILABLE.code, NOT_IN_NETWORK.code))


class Tally(NamedTuple):
    """What is counted, summed over blocks; the sums do not depend on which block comes when."""

    counts: NDArray[np.int32]  # place × Count
    segments: NDArray[np.int64]  # sender's × recipient's segment: reachable pairs
    denials: NDArray[np.int64]  # Code × (pairs, pairs alone)
    groups: NDArray[np.int64]  # group × (pairs without a degree, pairs only here), each pair twice
    pages: NDArray[np.int64]  # page × the same
    gatekeepers: NDArray[np.int64]  # place: pairs that only they join, each pair twice
    certainty: NDArray[np.int32]  # place × (whom they reach, then who reaches them: by `Outcome`, those before REACHED)
    unknowns: NDArray[np.int64]  # place × ASSUMED_NAMES: pairs that are not certain and rest on it
    by_target: NDArray[np.int32]  # target × (tiers: who writes to them directly as if on it, then who reaches them)


def empty_tally(network: Network) -> Tally:
    """A tally of nothing."""
    groups, pages, segments = network.sizes.tolist()
    size, unsure = len(network.traits), len(network.features)
    one_by_one = len(network.targets) if len(network.on_tier) else 0
    return Tally(
        counts=np.zeros((size, len(Count)), np.int32),
        segments=np.zeros((segments, segments), np.int64),
        denials=np.zeros((len(Code), 2), np.int64),
        groups=np.zeros((groups, 2), np.int64),
        pages=np.zeros((pages, 2), np.int64),
        gatekeepers=np.zeros(size, np.int64),
        certainty=np.zeros((unsure, 2 * SIDE), np.int32),
        unknowns=np.zeros((unsure, len(ASSUMED_NAMES)), np.int64),
        by_target=np.zeros((one_by_one, 2 * network.on_tier.shape[1]), np.int32),
    )


def added_up(whole: Sums, tallies: Iterable[Sums]) -> Sums:
    """The tallies added to one of nothing."""
    for tally in tallies:
        for name in whole._fields:
            getattr(whole, name)[...] += getattr(tally, name)
    return whole
