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
from statistics import variance
from typing import NamedTuple

from tests.rules import oracle_assumed, oracle_reports
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


Counted = Callable[[str, str], int]  # of a member and another: whether, or how much, the other counts


class Estimate(NamedTuple):
    """A count, and its standard error; None where one is drawn of more."""

    value: float
    se: float | None


def estimate(
    network: Network, pack: Pack, at: datetime, drawn: Collection[str], member: str, holds: Callable[[str], int]
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


def error_of_sum(
    network: Network, pack: Pack, at: datetime, drawn: Collection[str], members: Collection[str], holds: Counted
) -> float:
    """The standard error of the sum of such counts over some members: from what each of those drawn brings to it."""
    whole = Fraction(0)
    for tier in by_tier(network, pack, at).values():
        asked = tier & set(drawn)
        if len(asked) == len(tier):
            continue
        brings = [Fraction(sum(holds(member, other) for member in members if member != other)) for other in asked]
        correction = 1 - Fraction(len(asked), len(tier))
        whole += len(tier) ** 2 * correction * variance(brings) / len(asked)
    return sqrt(whole)


# ── A report by a sample ─────────────────────────────────────────────────────────────────────────


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


def lapse(network: Network, pack: Pack, at: datetime, drawn: Collection[str]) -> list[Row]:
    """The report of that name: `direct` on the tier in effect, and as if on the base tier."""
    rows = []
    for whole in oracle_reports.lapse(network, pack, at):
        counted = estimated_columns(network, pack, at)
        m = whole["member"]
        own = effective_tier(pack, network.members[m], at)
        row: Row = {key: whole[key] for key in ("member", "tier", "expires_at")}
        for column, tier in (("direct_now", own), ("direct_after", pack.base.name)):
            holds = partial(counted[f"direct_as_{tier}"], m)
            row[column], row[f"{column}_se"] = estimate(network, pack, at, drawn, m, holds)
        rows.append(row)
    return rows


def quotas(network: Network, pack: Pack, at: datetime, drawn: Collection[str]) -> list[Row]:
    """The report of that name: what is left is known, what is lost to it is estimated."""

    def is_lost(sender: str, recipient: str) -> bool:
        judged = judge(pair_of(network, pack, sender, recipient, at))
        without_quotas = {channel: set(why) - oracle_reports.QUOTAS for channel, why in judged.items()}
        return reachable(pack, without_quotas) and not reachable(pack, judged)

    rows = []
    for row in oracle_reports.quotas(network, pack, at):
        found = estimate(network, pack, at, drawn, row["member"], partial(is_lost, row["member"]))
        rows.append({**row, "lost_to_quota": found.value, "lost_to_quota_se": found.se})
    return rows


def certainty(network: Network, pack: Pack, at: datetime, drawn: Collection[str]) -> list[Row]:
    """The report of that name: every count is one over others."""

    @cache
    def answer(sender: str, recipient: str) -> Row:
        return oracle_assumed.verdict(network, pack, sender, recipient, at)

    def holds(how: str, free: str, is_sender: bool, member: str, other: str) -> bool:
        found = answer(member, other) if is_sender else answer(other, member)
        is_reachable = found[f"reachable{free}"]
        return bool(
            {
                "certain": is_reachable and found[f"certain{free}"],
                "now": is_reachable,
                "possible": found[f"possible{free}"],
            }[how]
        )

    rows = []
    for m in sorted(network.members):
        row: Row = {"member": m}
        for way in ("reach", "reached_by"):
            for free in ("", "_free"):
                for how in ("certain", "now", "possible"):
                    counted = partial(holds, how, free, way == "reach", m)
                    column = f"{way}{free}_{how}"
                    row[column], row[f"{column}_se"] = estimate(network, pack, at, drawn, m, counted)
        rows.append(row)
    return rows


def tier_reach(network: Network, pack: Pack, at: datetime, drawn: Collection[str]) -> list[Row]:
    """The report of that name, of the estimates; how far percentiles are off is known where everybody is drawn."""
    here = sorted(set().union(*by_tier(network, pack, at).values()))
    estimated = {row["member"]: row for row in member_reach(network, pack, at, drawn)}
    counted = estimated_columns(network, pack, at)
    of_whole = 0.0 if set(here) == set(drawn) else None
    rows: list[Row] = []
    below: str | None = None
    for whole in oracle_reports.tier_reach(network, pack, at):
        direct = f"direct_as_{whole['tier']}"
        values = sorted(estimated[m][direct] for m in here)
        pairs = len(here) * (len(here) - 1)
        error = partial(error_of_sum, network, pack, at, drawn, here)
        mean = sum(values) / len(here) if here else None
        row: Row = {"tier": whole["tier"], "members": whole["members"]}
        row |= {"mean": mean, "mean_se": error(counted[direct]) / len(here) if here else None}
        for column, percent in (("median", 50), ("p90", 90), ("max", 100)):
            row[column] = values[-(-percent * len(values) // 100) - 1] if here else None
            row[f"{column}_se"] = of_whole if here else None
        row["share"] = sum(values) / pairs if pairs else None
        row["share_se"] = error(counted[direct]) / pairs if pairs else None
        row["gain"] = row["gain_se"] = None
        if below is not None and here:
            row["gain"] = mean - rows[-1]["mean"]
            row["gain_se"] = error(partial(_less, counted[direct], counted[below])) / len(here)
        rows.append(row)
        below = direct
    return rows


def _less(more: Counted, less: Counted, member: str, other: str) -> int:
    return more(member, other) - less(member, other)


def segment_matrix(network: Network, pack: Pack, at: datetime, drawn: Collection[str]) -> list[Row]:
    """The report of that name, by tier, as the sample is drawn."""
    tiers = by_tier(network, pack, at)
    reach = estimated_columns(network, pack, at)["reach_now"]
    rows = []
    for whole in oracle_reports.segment_matrix(network, pack, at):
        senders, recipients = tiers[whole["sender_segment"]], tiers[whole["recipient_segment"]]

        def within(sender: str, other: str, recipients: Collection[str] = recipients) -> int:
            return other in recipients and reach(sender, other)

        reachable = sum(estimate(network, pack, at, drawn, sender, partial(within, sender)).value for sender in senders)
        error = error_of_sum(network, pack, at, drawn, senders, within)
        row: Row = {key: whole[key] for key in ("sender_segment", "recipient_segment", "pairs")}
        row |= {"reachable": reachable, "reachable_se": error}
        row |= {"share": reachable / whole["pairs"], "share_se": error / whole["pairs"]}
        rows.append(row)
    return rows
