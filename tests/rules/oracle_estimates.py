"""Section 11 of the rules, estimates, in plain, slow Python, on the rules of `oracle.py`.

Hold it beside the page: it follows the order of the section. It imports nothing of the product.
Which members are drawn is for whoever draws; here is how many of each tier, and what follows from those drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from fractions import Fraction
from functools import cache, partial
from math import sqrt
from typing import NamedTuple

from tests.rules.oracle import FREE, Network, Pack, Row, effective_tier, gone, judge, pair_of, reachable, reasons

# ── The sample ───────────────────────────────────────────────────────────────────────────────────


def by_tier(network: Network, pack: Pack, at: datetime) -> dict[str, set[str]]:
    """The members who are not gone, by effective tier, in the order of ranks."""
    tiers: dict[str, set[str]] = {tier.name: set() for tier in pack.tiers}
    for id, member in network.members.items():
        if not gone(member):
            tiers[effective_tier(pack, member, at)].add(id)
    return tiers


def sizes(network: Network, pack: Pack, at: datetime, n: int) -> dict[str, int]:
    """How many of each tier are drawn, of `n` in all: two of each, or as many as there are; the rest in proportion.

    In proportion to who is left in each tier: by largest remainders, equal ones by rank.
    """
    there = {tier: len(members) for tier, members in by_tier(network, pack, at).items()}
    drawn = {tier: min(2, count) for tier, count in there.items()}
    rest = n - sum(drawn.values())
    if rest < 0:
        raise ValueError(f"{n} are fewer than two of each tier, {sum(drawn.values())}")
    left = {tier: there[tier] - drawn[tier] for tier in there}
    rest = min(rest, sum(left.values()))
    shares = {tier: Fraction(rest * left[tier], sum(left.values()) or 1) for tier in there}
    drawn = {tier: drawn[tier] + int(share) for tier, share in shares.items()}
    remainders = sorted(shares, key=lambda tier: int(shares[tier]) - shares[tier])  # equal ones stay by rank
    for tier in remainders[: rest - sum(map(int, shares.values()))]:
        drawn[tier] += 1
    return drawn


# ── An estimate and its standard error ───────────────────────────────────────────────────────────


class Estimate(NamedTuple):
    """A count, and its standard error; None where one is drawn of more."""

    value: float
    se: float | None


def estimate(
    network: Network, pack: Pack, at: datetime, drawn: Collection[str], member: str, holds: Callable[[str], bool]
) -> Estimate:
    """For how many others than `member` it holds, of whom only those drawn are asked."""
    count, variance, is_known = Fraction(0), Fraction(0), True
    for members in by_tier(network, pack, at).values():
        others = members - {member}
        asked = others & set(drawn)
        if not others:
            continue
        within = sum(holds(other) for other in asked)
        count += Fraction(len(others), len(asked)) * within
        if len(asked) == len(others):
            continue  # all of them are asked
        if len(asked) == 1:
            is_known = False
            continue
        share = Fraction(within, len(asked))
        spread = share * (1 - share) * Fraction(len(asked), len(asked) - 1)
        correction = 1 - Fraction(len(asked), len(others))
        variance += len(others) ** 2 * correction * spread / len(asked)
    return Estimate(float(count), sqrt(variance) if is_known else None)


# ── A report by a sample ─────────────────────────────────────────────────────────────────────────

Counted = Callable[[str, str], bool]  # of a member and another


def estimated_columns(network: Network, pack: Pack, at: datetime) -> dict[str, Counted]:
    """The columns of `member_reach` that need a sample, and whom each of them counts."""

    @cache
    def judged(sender: str, recipient: str) -> dict[str, list[str]]:
        return judge(pair_of(network, pack, sender, recipient, at))

    def at_degree(degree: int) -> Counted:
        return lambda member, other: network.distances(member).get(other) == degree

    def direct_as(tier: str) -> Counted:
        return lambda member, other: not reasons(pair_of(network, pack, member, other, at, tier), "direct")

    def opened(channel: str) -> Counted:
        return lambda member, other: not judged(member, other)[channel]

    return {
        **{f"degree_{degree}": at_degree(degree) for degree in (2, 3)},
        **{f"direct_as_{tier.name}": direct_as(tier.name) for tier in pack.tiers},
        **{f"open_{channel}": opened(channel) for channel in pack.channels},
        "reach_now": lambda member, other: reachable(pack, judged(member, other)),
        "reach_now_free": lambda member, other: reachable(pack, judged(member, other), FREE),
        "reached_by_now": lambda member, other: reachable(pack, judged(other, member)),
        "reached_by_now_free": lambda member, other: reachable(pack, judged(other, member), FREE),
    }


def member_reach(network: Network, pack: Pack, at: datetime, drawn: Collection[str]) -> list[Row]:
    """The report of that name: each estimated column is followed by its standard error; `degree_1` stays exact."""
    columns = estimated_columns(network, pack, at)
    rows = []
    for m in sorted(network.members):
        row: Row = {
            "member": m,
            "tier": network.members[m]["tier"],
            "effective_tier": effective_tier(pack, network.members[m], at),
            "degree_1": len(network.neighbours[m]),
        }
        for column, counted in columns.items():
            row[column], row[f"{column}_se"] = estimate(network, pack, at, drawn, m, partial(counted, m))
        rows.append(row)
    return rows
