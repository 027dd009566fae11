"""The reports in plain, slow Python: the table of the design, on the rules of `tests/rules/oracle.py`.

It imports nothing of the product either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, permutations

from tests.rules.oracle import (
    CHANNELS,
    CODES,
    FREE,
    GATES,
    MEMBER,
    UNAVAILABLE,
    UNTOLD,
    Network,
    Pack,
    Pair,
    Row,
    Tier,
    effective_tier,
    gone,
    judge,
    kind_of,
    pages,
    pair_of,
    reachable,
    reasons,
    written,
)


def _pairs(network: Network, pack: Pack, at: datetime, as_tier: Tier | None = None) -> Iterator[Pair]:
    """All ordered pairs of two different members, senders at their effective tier or as if on `as_tier`."""
    pack.refuse_unknown_tiers(network)
    members = network.members
    tiers = {m: as_tier or pack.tier(effective_tier(pack, members[m], at)) for m in members}
    for s, r in permutations(members, 2):
        yield Pair(network, pack, members[s], members[r], at, tiers[s])


@lru_cache(maxsize=1)
def _judged(network: Network, pack: Pack, at: datetime) -> list[tuple[Pair, dict[str, list[str]]]]:
    """All ordered pairs, senders at their effective tier, with the reasons of every channel.

    Remembered for the next report of the same network: to judge is what takes long here.
    """
    return [(pair, judge(pair)) for pair in _pairs(network, pack, at)]


def _direct(network: Network, pack: Pack, at: datetime, tier: Tier) -> Counter[str]:
    """How many recipients `direct` is open to, by sender, all as if on `tier`."""
    return Counter(pair.s["id"] for pair in _pairs(network, pack, at, tier) if not reasons(pair, "direct"))


def _nearest_rank(values: Iterable[int], percent: int) -> int | None:
    ordered = sorted(values)
    return ordered[-(-percent * len(ordered) // 100) - 1] if ordered else None


def _share(part: int, whole: int) -> float | None:
    return float(Fraction(part, whole)) if whole else None


def _here(network: Network) -> list[str]:
    """Members who are not gone, by id."""
    return sorted(m for m in network.members if not gone(network.members[m]))


def member_reach(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each member: how many there are at each degree, and how many they reach."""
    direct_as = {tier.name: _direct(network, pack, at, tier) for tier in pack.tiers}
    opened: Counter[tuple[str, str]] = Counter()
    out, out_free, back, back_free = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for pair, judged in _judged(network, pack, at):
        s, r = pair.s["id"], pair.r["id"]
        opened.update((s, channel) for channel, why in judged.items() if not why)
        if reachable(pack, judged):
            out[s] += 1
            back[r] += 1
        if reachable(pack, judged, FREE):
            out_free[s] += 1
            back_free[r] += 1
    rows = []
    for m in sorted(network.members):
        degrees = Counter(network.distances(m).values())
        rows.append(
            {
                "member": m,
                "tier": network.members[m]["tier"],
                "effective_tier": effective_tier(pack, network.members[m], at),
                **{f"degree_{degree}": degrees[degree] for degree in (1, 2, 3)},
                **{f"direct_as_{tier.name}": direct_as[tier.name][m] for tier in pack.tiers},
                **{f"open_{channel}": opened[m, channel] for channel in pack.channels},
                "reach_now": out[m],
                "reach_now_free": out_free[m],
                "reached_by_now": back[m],
                "reached_by_now_free": back_free[m],
            }
        )
    return rows


def tier_reach(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each tier, by rank: how far `direct` goes when everybody is on it."""
    here = _here(network)
    rows = []
    below: Fraction | None = None
    for tier in pack.tiers:
        direct = _direct(network, pack, at, tier)
        reached = [direct[m] for m in here]
        mean = Fraction(sum(reached), len(here)) if here else None
        rows.append(
            {
                "tier": tier.name,
                "members": sum(effective_tier(pack, network.members[m], at) == tier.name for m in here),
                "mean": None if mean is None else float(mean),
                "median": _nearest_rank(reached, 50),
                "p90": _nearest_rank(reached, 90),
                "max": max(reached, default=None),
                "share": _share(sum(reached), len(here) * (len(here) - 1)),
                "gain": None if mean is None or below is None else float(mean - below),
            }
        )
        below = mean
    return rows


def group_bridges(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each group: the pairs that it joins."""
    return _bridges("group", sorted(network.groups), lambda m: network.groups_of[m], network, pack, at)


def page_bridges(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each company page: the pairs that it joins, by either tie."""
    return _bridges("page", sorted(network.companies), lambda m: pages(network, m, at), network, pack, at)


def _bridges(
    column: str, ids: Sequence[str], of: Callable[[str], set[str]], network: Network, pack: Pack, at: datetime
) -> list[Row]:
    pack.refuse_unknown_tiers(network)
    here = _here(network)
    rows = []
    for key in ids:
        inside = [m for m in here if key in of(m)]
        is_off = column == "group" and not network.groups[key]["messaging"]
        joined = [pair_of(network, pack, a, b, at) for a, b in combinations(inside, 2)] if not is_off else []
        only_here = [p for p in joined if p.degree != 1 and len(p.shared_groups) + len(p.shared_pages) == 1]
        rows.append(
            {
                column: key,
                "members": len(inside),
                "pairs": len(joined),
                "pairs_no_degree": sum(p.degree is None for p in joined),
                "pairs_only_here": len(only_here),
            }
        )
    return rows


def segment_of(member: Row, pack: Pack, at: datetime, by: str) -> str:
    """The segment of a member: what stands in this column, the effective tier for `tier`, '' where there is nothing."""
    value = effective_tier(pack, member, at) if by == "tier" else member.get(by)
    if isinstance(value, datetime):
        return str(written(value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def refuse_unknown_column(by: str, *networks: Network) -> None:
    """Refuse a column that no member of these networks has."""
    if by not in MEMBER and not any(by in m for network in networks for m in network.members.values()):
        raise LookupError(f"members have no column {by!r}")


def segment_matrix(network: Network, pack: Pack, at: datetime, by: str = "tier") -> list[Row]:
    """A row for each sender's and recipient's segment with a pair: how many pairs, and how many reach."""
    refuse_unknown_column(by, network)
    segments = {m: segment_of(network.members[m], pack, at, by) for m in _here(network)}
    if len(set(segments.values())) > 1000:
        raise ValueError(f"more than 1,000 segments by {by}")
    pairs, reached = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for pair, judged in _judged(network, pack, at):
        if not pair.apart:
            cell = segments[pair.s["id"]], segments[pair.r["id"]]
            pairs[cell] += 1
            reached[cell] += reachable(pack, judged)
    return [
        {
            "sender_segment": cell[0],
            "recipient_segment": cell[1],
            "pairs": pairs[cell],
            "reachable": reached[cell],
            "share": _share(reached[cell], pairs[cell]),
        }
        for cell in sorted(pairs)
    ]


def denials(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each reason of the channels of kind message and request: the pairs that it keeps apart."""
    free = [channel for channel in pack.channels if kind_of(pack, channel) in FREE]
    possible = {"NOT_IN_TIER", *GATES} | {code for channel in free for code in CHANNELS[channel].requires}
    stands, alone = Counter[str](), Counter[str]()
    for _, judged in _judged(network, pack, at):
        why = [judged[channel] for channel in free]
        if all(why):
            stands.update({code for codes in why for code in codes})
            alone.update({codes[0] for codes in why if len(codes) == 1})
    return [{"reason": c, "pairs": stands[c], "pairs_alone": alone[c]} for c in CODES if c in possible]


def denials_withheld(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """The same as it is read without the scope `audit`: one row for all codes of blocks and limits.

    It counts the pairs that have any of them; alone: those that one of the channels would join without all of them.
    """
    free = [channel for channel in pack.channels if kind_of(pack, channel) in FREE]
    stands = alone = 0
    for _, judged in _judged(network, pack, at):
        why = [set(judged[channel]) for channel in free]
        if all(why):
            stands += any(codes & UNTOLD for codes in why)
            alone += any(codes <= UNTOLD for codes in why)
    rows = {row["reason"]: row for row in denials(network, pack, at)}
    rows["BLOCKED_BY_RECIPIENT"] = {"reason": UNAVAILABLE, "pairs": stands, "pairs_alone": alone}
    return [row for row in rows.values() if row["reason"] not in UNTOLD]


def lapse(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each member above the base tier: what `direct` loses when the tier ends."""
    now: Counter[str] = Counter(p.s["id"] for p in _pairs(network, pack, at) if not reasons(p, "direct"))
    after = _direct(network, pack, at, pack.base)
    return [
        {
            "member": m,
            "tier": network.members[m]["tier"],
            "expires_at": written(network.members[m]["tier_expires_at"]),
            "direct_now": now[m],
            "direct_after": after[m],
        }
        for m in sorted(network.members)
        if effective_tier(pack, network.members[m], at) != pack.base.name
    ]


def gatekeepers(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each member: the pairs of degree 2 whose only mutual they are."""
    pack.refuse_unknown_tiers(network)
    joins: Counter[str] = Counter()
    for a, b in combinations(network.members, 2):
        pair = pair_of(network, pack, a, b, at)
        if pair.degree == 2 and len(pair.mutuals) == 1:
            joins.update(pair.mutuals)
    return [{"member": m, "pairs_only_they_join": joins[m]} for m in sorted(network.members)]


QUOTAS = {"NO_INMAIL_CREDITS", "INMAIL_LIMIT_REACHED", "MESSAGE_LIMIT_REACHED"}


def quotas(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each member whose tier has a monthly limit or grants `inmail`: what is left, and what it costs."""
    lost: Counter[str] = Counter()
    for pair, judged in _judged(network, pack, at):
        without_quotas = {channel: set(why) - QUOTAS for channel, why in judged.items()}
        lost[pair.s["id"]] += reachable(pack, without_quotas) and not reachable(pack, judged)
    rows = []
    for m in sorted(network.members):
        member = network.members[m]
        tier = pack.tier(effective_tier(pack, member, at))
        has_inmail = "inmail" in tier.channels
        if tier.monthly_messages is None and tier.monthly_inmails is None and not has_inmail:
            continue
        left = member["inmail_credits"]
        if tier.monthly_inmails is not None:
            left = max(0, min(left, tier.monthly_inmails - member["inmails_sent"]))
        limit = tier.monthly_messages
        messages = None if limit is None else max(0, limit - member["messages_sent"])
        is_gone = gone(member)
        rows.append(
            {
                "member": m,
                "inmail_credits": 0 if is_gone else member["inmail_credits"],
                "inmails_left": 0 if is_gone or not has_inmail else left,
                "messages_left": 0 if is_gone and messages is not None else messages,
                "lost_to_quota": lost[m],
            }
        )
    return rows
