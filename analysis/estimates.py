"""Estimates: counts over others, from some who are drawn by effective tier (docs/rules.md, section 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from graph.errors import SampleTooSmall

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """So many recipients, drawn without replacement, from a seed."""

    size: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Stratum:
    """A tier: how many of its `members` are not gone, and the rows of those `drawn`, in order."""

    tier: str
    members: int
    drawn: Integers

    @property
    def is_whole(self) -> bool:
        """Whether all of them are drawn."""
        return len(self.drawn) == self.members

    def error_of_sum(self, of_each: NDArray[np.number]) -> float:
        """The standard error of a sum over members of counts over others of this tier.

        `of_each`: of how many members it holds with each of those drawn, in their order.
        """
        if self.is_whole:
            return 0.0
        size = len(self.drawn)
        return float(self.members * np.sqrt((1 - size / self.members) * np.var(of_each, ddof=1) / size))


@dataclass(frozen=True, slots=True)
class Estimate:
    """For each of many: a count over others, and its standard error, which is NaN where it is not known."""

    values: Numbers
    errors: Numbers


class Strata:
    """Who is drawn, and what follows from them: for each tier, by rank, a `Stratum`.

    `tier`: each member's effective tier, as its place among `tiers`; `gone`: who is neither asked nor drawn.
    Raises SampleTooSmall where the sample has no two of each tier.
    """

    def __init__(self, sample: Sample, tiers: Sequence[str], tier: Integers, gone: Flags) -> None:
        self.sample = sample
        self._is_in = [~gone & (tier == place) for place in range(len(tiers))]
        members = [int(np.count_nonzero(each)) for each in self._is_in]
        self.strata = [
            Stratum(name, len(rows), _drawn(rows, count, f"{sample.seed} {name}"))
            for name, rows, count in zip(
                tiers, map(np.flatnonzero, self._is_in), sizes(members, sample.size), strict=True
            )
        ]
        self._is_drawn = np.zeros(len(tier), bool)
        for each in self.strata:
            self._is_drawn[each.drawn] = True

    @property
    def members(self) -> int:
        """All who are not gone."""
        return sum(each.members for each in self.strata)

    @property
    def drawn(self) -> int:
        """All who are drawn."""
        return sum(len(each.drawn) for each in self.strata)

    @property
    def is_whole(self) -> bool:
        """Whether everybody is drawn who is not gone."""
        return self.drawn == self.members

    def part(self, number: int, within: NDArray[np.integer]) -> Numbers:
        """For each member, by row, a stratum's part of a count over others.

        `within`: for each member, with how many of those drawn of it the count holds.
        """
        return _part(within, *self._asked(number))

    def estimates(self, within: Callable[[int], Mapping[str, NDArray[np.integer]]]) -> dict[str, Estimate]:
        """Counts over others by name, a value a member, by row.

        `within`: of so many of those drawn each holds, by name, for the stratum of a number; one at a time is kept.
        """
        found: dict[str, Estimate] = {}
        size = len(self._is_drawn)
        for number in range(len(self.strata)):
            others, asked = self._asked(number)
            for name, count in within(number).items():
                so_far = found.setdefault(name, Estimate(np.zeros(size), np.zeros(size)))
                np.add(so_far.values, _part(count, others, asked), out=so_far.values)
                np.add(so_far.errors, _variance(count, others, asked), out=so_far.errors)
        for each in found.values():
            np.sqrt(each.errors, out=each.errors)
        return found

    def error_of_sum(self, of_each: Sequence[NDArray[np.number]]) -> float:
        """The standard error of a sum over members of counts over others; `of_each` is given stratum by stratum."""
        errors = [stratum.error_of_sum(counts) for stratum, counts in zip(self.strata, of_each, strict=True)]
        return float(np.hypot.reduce(errors))

    def _asked(self, number: int) -> tuple[Integers, Integers]:
        """For each member, how many others a tier has, and how many of them are drawn."""
        stratum, is_in = self.strata[number], self._is_in[number]
        return stratum.members - is_in, len(stratum.drawn) - (is_in & self._is_drawn)


def _part(count: NDArray[np.integer], others: Integers, asked: Integers) -> Numbers:
    """A stratum's part of a count, which holds of `count` of the `asked` of `others`."""
    part: Numbers = others / np.maximum(asked, 1) * count
    return part


def _variance(count: NDArray[np.integer], others: Integers, asked: Integers) -> Numbers:
    """The variance of such a part."""
    share = count / np.maximum(asked, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        within_one = share * (1 - share) * asked / (asked - 1)
        variance: Numbers = others**2 * (1 - asked / others) * within_one / asked
    variance[asked == 1] = np.nan
    return np.where(asked == others, 0, variance)


def sizes(members: Sequence[int], asked: int) -> list[int]:
    """How many to draw of each tier, by rank: two of each, or as many as there are; the rest in proportion.

    By largest remainders, equal ones by rank; everybody where more are asked for. Raises SampleTooSmall.
    """
    drawn = [min(2, count) for count in members]
    rest = asked - sum(drawn)
    if rest < 0:
        raise SampleTooSmall(asked, sum(drawn))
    left = [count - size for count, size in zip(members, drawn, strict=True)]
    whole = sum(left)
    rest = min(rest, whole)
    shares = [divmod(rest * count, whole or 1) for count in left]
    drawn = [size + share for size, (share, _) in zip(drawn, shares, strict=True)]
    by_remainder = sorted(range(len(members)), key=lambda place: -shares[place][1])  # equal ones stay by rank
    for place in by_remainder[: rest - sum(share for share, _ in shares)]:
        drawn[place] += 1
    return drawn


def _drawn(rows: Integers, count: int, seed: str) -> Integers:
    """So many of the rows, in order; every version of Python draws the same, for only `Random.random` is used."""
    if count == len(rows):
        return rows
    stream = Random(seed)
    for place in range(count):
        other = place + int(stream.random() * (len(rows) - place))
        rows[place], rows[other] = rows[other], rows[place]
    return np.sort(rows[:count])
