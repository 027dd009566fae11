"""Section 6 of the rules, what is not known, in plain, slow Python, on the rules of `oracle.py`.

Hold it beside the page: it follows the order of the section, and finds out what rests on what by trying every value.
It imports nothing of the product.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import combinations, permutations, product
from typing import Any, NamedTuple

from tests.rules import oracle
from tests.rules.oracle import (
    CHANNELS,
    FREE,
    GATES,
    MESSAGING,
    Network,
    Pack,
    Pair,
    Row,
    effective_tier,
    gone,
    kind_of,
    pages,
    pair_of,
)

# ── What a fact may be instead ───────────────────────────────────────────────────────────────────

DEGREES = (1, 2, 3, None)
FLAGS = (False, True)
RECIPIENTS_FIELDS: dict[str, tuple[Any, ...]] = {
    "visibility": ("public", "network", "connections", "private"),
    "accepts_from": ("anyone", "shared_connections", "connections", "nobody"),
    "accepts_inmail": FLAGS,
    "open_profile": FLAGS,
    "contact_info": ("nobody", "connections", "network", "anyone"),
    "contact_form": FLAGS,
    "comments_open": FLAGS,
}

# In the order of the table.
FACTS = (
    "degree",
    "groups",
    "pages",
    "sender.tier",
    "sender.messages_sent",
    "sender.inmails_sent",
    "sender.inmail_credits",
    "recipient.tier",
    *(f"recipient.{name}" for name in RECIPIENTS_FIELDS),
    "recipient.blocks",
    "sender.blocks",
)

Values = Sequence[Any]


def not_known(pair: Pair, as_tier: str | None) -> dict[str, Values]:
    """The facts of the pair that are not known, and the values that each may have, whatever the others are.

    `as_tier` is the tier that the sender was asked as. Of the numbers a count may be, those stand here that tell
    apart what the rules tell apart: none, and as many as each limit.
    """
    s, r, pack = pair.s, pair.r, pair.pack
    mine, yours = s["assumed"], r["assumed"]
    tiers = [tier.name for tier in pack.tiers]
    may_be: dict[str, Values] = {}
    may_be["degree"] = DEGREES[DEGREES.index(nearest(pair)) : DEGREES.index(pair.degree) + 1]
    if not pair.apart and not pair.shared_groups and may_share("groups", pair, _has_group):
        may_be["groups"] = FLAGS
    if not pair.apart and not pair.pages_that_count and may_share("companies", pair, _has_tie_that_counts):
        may_be["pages"] = FLAGS
    if "tier" in mine and as_tier is None:
        may_be["sender.tier"] = tiers
    if "messages_sent" in mine:
        may_be["sender.messages_sent"] = _none_or(tier.monthly_messages for tier in pack.tiers)
    if "inmails_sent" in mine:
        may_be["sender.inmails_sent"] = _none_or(tier.monthly_inmails for tier in pack.tiers)
    if "inmail_credits" in mine:
        may_be["sender.inmail_credits"] = (0, 1)
    if "tier" in yours:
        may_be["recipient.tier"] = tiers
    for name, values in RECIPIENTS_FIELDS.items():
        if name in yours:
            may_be[f"recipient.{name}"] = values
    to_sender, to_recipient = (r["id"], s["id"]), (s["id"], r["id"])
    if "blocks" in yours and pair.degree != 1 and to_sender not in pair.network.blocked | pair.network.limited:
        may_be["recipient.blocks"] = FLAGS
    if "blocks" in mine and pair.degree != 1 and to_recipient not in pair.network.blocked:
        may_be["sender.blocks"] = FLAGS
    return {fact: values for fact, values in may_be.items() if len(values) > 1}


def may_share(name: str, pair: Pair, has: Callable[[Pair, Row], bool]) -> bool:
    """Whether what is not known of the two may be one that both have: either has more, or each has some."""
    more = [name in member["assumed"] for member in (pair.s, pair.r)]
    return any(more) and all(is_more or has(pair, m) for is_more, m in zip(more, (pair.s, pair.r), strict=True))


def _has_group(pair: Pair, member: Row) -> bool:
    return any(pair.network.groups[group]["messaging"] for group in pair.network.groups_of[member["id"]])


def _has_tie_that_counts(pair: Pair, member: Row) -> bool:
    kinds = ("works_at", "follows") if pair.pack.page_ties == "any" else ("works_at",)
    return bool(pages(pair.network, member["id"], pair.at, kinds))


def _none_or(limits: Iterable[int | None]) -> list[int]:
    return sorted({0, *(limit for limit in limits if limit is not None)})


def nearest(pair: Pair) -> int | None:
    """The least that the degree may be: over connections that the graph has, or over one that it does not have."""
    if pair.apart:
        return None
    steps = steps_to_more_connections(pair.network)
    lengths = [pair.degree] if pair.degree is not None else []
    if pair.s["id"] in steps and pair.r["id"] in steps:
        lengths.append(steps[pair.s["id"]] + 1 + steps[pair.r["id"]])
    return min((length for length in lengths if length <= 3), default=None)


@lru_cache(maxsize=100)
def steps_to_more_connections(network: Network) -> dict[str, int]:
    """For each member the steps to the nearest who has connections that the graph does not have; 0: they do."""
    have_more = [m for m, member in network.members.items() if not gone(member) and "connections" in member["assumed"]]
    found, waiting = dict.fromkeys(have_more, 0), deque(have_more)
    while waiting:
        here = waiting.popleft()
        for there in network.neighbours[here] - found.keys():
            found[there] = found[here] + 1
            waiting.append(there)
    return found


def supposing(pair: Pair, values: Mapping[str, Any]) -> Pair:
    """The same pair, where these facts have these values."""
    s, r, network, tier = pair.s, pair.r, pair.network, pair.tier
    for fact, value in values.items():
        side, _, name = fact.partition(".")
        if name == "blocks":
            who = (r["id"], s["id"]) if side == "recipient" else (s["id"], r["id"])
            blocked = network.blocked | {who} if value else network.blocked
            limited = network.limited | {who} if value and side == "recipient" else network.limited
            network = replace(network, blocked=blocked, limited=limited)
        elif side == "sender":
            s = {**s, name: value}
        elif side == "recipient":
            r = {**r, name: value}
    if "sender.tier" in values:
        tier = pair.pack.tier(effective_tier(pair.pack, s, pair.at))
    supposed = Pair(network, pair.pack, s, r, pair.at, tier)
    one = {True: {"one that the graph does not have"}, False: set()}
    vars(supposed).update(  # these are found in the graph once, and kept here
        degree=values.get("degree", pair.degree),
        shared_groups=one[values["groups"]] if "groups" in values else pair.shared_groups,
        pages_that_count=one[values["pages"]] if "pages" in values else pair.pages_that_count,
    )
    return supposed


# ── A requirement ────────────────────────────────────────────────────────────────────────────────

# The facts that may decide whether it holds; others change nothing, so that one too many here does no harm.
FACTS_OF: dict[str, tuple[str, ...]] = {
    "NOT_IN_TIER": ("sender.tier",),
    "TIER_TOO_LOW": ("degree", "sender.tier"),
    "NO_OPEN_PROFILE": ("recipient.tier", "recipient.open_profile"),
    "NO_SHARED_GROUP": ("groups",),
    "NO_SHARED_PAGE": ("pages",),
    "CONTACT_INFO_HIDDEN": ("degree", "recipient.contact_info"),
    "NO_CONTACT_FORM": ("recipient.contact_form",),
    "COMMENTS_CLOSED": ("recipient.comments_open",),
    "NO_INMAIL_CREDITS": ("sender.inmail_credits",),
    "INMAIL_LIMIT_REACHED": ("sender.tier", "sender.inmails_sent"),
    "INMAIL_DECLINED": ("recipient.accepts_inmail",),
    "ALREADY_CONNECTED": ("degree",),
    "RECIPIENT_VISIBILITY": ("degree", "recipient.visibility"),
    "RECIPIENT_AUDIENCE": ("degree", "recipient.accepts_from"),
    "MESSAGE_LIMIT_REACHED": ("sender.tier", "sender.messages_sent"),
    "SENDER_GONE": (),
    "RECIPIENT_GONE": (),
    "BLOCKED_BY_RECIPIENT": ("recipient.blocks",),
    "BLOCKED_BY_SENDER": ("sender.blocks",),
    "SENDER_RESTRICTED": (),
    "SENDER_TEMPORARILY_LIMITED": (),
    "LIMITED_BY_RECIPIENT": ("recipient.blocks",),
}

Holds = Callable[[Pair], bool]


def requirements(pack: Pack, channel: str) -> Iterator[tuple[str, Holds]]:
    """All that a channel asks, by the code when it fails: the grant, each · of its row, each gate that can deny it."""
    yield "NOT_IN_TIER", lambda p: channel in p.tier.channels
    for code, holds in CHANNELS[channel].requires.items():
        if code == "TIER_TOO_LOW":  # one with OUT_OF_NETWORK
            yield code, lambda p: p.within_direct_degree
        elif code != "OUT_OF_NETWORK":
            yield code, holds
    for code, (denies, stands) in GATES.items():
        if kind_of(pack, channel) in denies:
            yield code, _no(stands)


def _no(stands: Holds) -> Holds:
    return lambda p: not stands(p)


class Judged(NamedTuple):
    """Whether a requirement holds, must hold and may hold, and the facts that it rests on."""

    holds: bool
    must: bool
    may: bool
    rests_on: set[str]


def judge(pair: Pair, may_be: Mapping[str, Values], code: str, holds: Holds) -> Judged:
    """Try every value of its facts that are not known."""
    facts = [fact for fact in FACTS_OF[code] if fact in may_be]
    tried = {
        values: holds(supposing(pair, dict(zip(facts, values, strict=True))) if facts else pair)
        for values in product(*(may_be[fact] for fact in facts))
    }
    rests_on = set()
    for (one, holds_with_one), (other, holds_with_other) in combinations(tried.items(), 2):
        differing = [fact for fact, a, b in zip(facts, one, other, strict=True) if a != b]
        if len(differing) == 1 and holds_with_one != holds_with_other:
            rests_on |= {*differing}
    return Judged(holds(pair), all(tried.values()), any(tried.values()), rests_on)


# ── A channel ────────────────────────────────────────────────────────────────────────────────────


def rests_on(pair: Pair, may_be: Mapping[str, Values], channel: str) -> list[str]:
    """What the answer about this channel rests on, in the order of the table; nothing: it is certain."""
    judged = [judge(pair, may_be, code, holds) for code, holds in requirements(pair.pack, channel)]
    failing = [each for each in judged if not each.holds]
    if not failing:
        found = judged
    elif all(each.may for each in failing):
        found = failing
    else:
        found = []
    return sorted({fact for each in found for fact in each.rests_on}, key=FACTS.index)


# ── A pair ───────────────────────────────────────────────────────────────────────────────────────


def is_certain(channels: Iterable[Row]) -> bool:
    """Whether some of the channels is open for certain, or each is denied for certain."""
    opened = [channel for channel in channels if channel["open"]]
    if opened:
        return any(not channel["rests_on"] for channel in opened)
    return all(not channel["rests_on"] for channel in channels)


def is_possible(channels: Iterable[Row]) -> bool:
    """Whether some of the channels is open or, denied, rests on something."""
    return any(channel["open"] or channel["rests_on"] for channel in channels)


def of_kinds(answer: Row, kinds: Sequence[str]) -> list[Row]:
    """The channels of these kinds."""
    return [channel for channel in answer["channels"] if channel["kind"] in kinds]


@lru_cache(maxsize=50_000)
def verdict(network: Network, pack: Pack, sender: str, recipient: str, at: datetime, as_tier: str | None = None) -> Row:
    """The verdict of `oracle.py`, and what it rests on."""
    answer = oracle.verdict(network, pack, sender, recipient, at, as_tier)
    pair = pair_of(network, pack, sender, recipient, at, as_tier)
    may_be = not_known(pair, as_tier)
    channels = [{**each, "rests_on": rests_on(pair, may_be, each["channel"])} for each in answer["channels"]]
    answer = {**answer, "channels": channels}
    last: Row = {key: answer.pop(key) for key in ("gates", "channels", "groups", "pages") if key in answer}
    return {
        **answer,
        "certain": is_certain(of_kinds(last, MESSAGING)),
        "possible": is_possible(of_kinds(last, MESSAGING)),
        "certain_free": is_certain(of_kinds(last, FREE)),
        "possible_free": is_possible(of_kinds(last, FREE)),
        **last,
    }


# ── Reach, reach in reverse and match say what is certain ────────────────────────────────────────


def reach(
    network: Network,
    pack: Pack,
    sender: str,
    at: datetime,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
    possible: bool = False,
) -> list[Row]:
    """Whom `sender` reaches, as `oracle.reach`, each with `certain`; `possible`: also whom they possibly could."""
    rows = oracle.reach(network, pack, sender, at, as_tier, channels, max_degree)
    channels_of = {row["recipient"]: row["channels"] for row in rows}
    others = sorted(network.members.keys() - {sender})
    answers = {other: verdict(network, pack, sender, other, at, as_tier) for other in others}
    return _with_certain("recipient", answers, channels_of, channels, max_degree, possible)


def reached_by(
    network: Network,
    pack: Pack,
    recipient: str,
    at: datetime,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
    possible: bool = False,
) -> list[Row]:
    """Who reaches `recipient`, as `oracle.reached_by`, each with `certain`; `possible`: also who possibly could."""
    rows = oracle.reached_by(network, pack, recipient, at, as_tier, channels, max_degree)
    channels_of = {row["sender"]: row["channels"] for row in rows}
    others = sorted(network.members.keys() - {recipient})
    answers = {other: verdict(network, pack, other, recipient, at, as_tier) for other in others}
    return _with_certain("sender", answers, channels_of, channels, max_degree, possible)


def _with_certain(
    column: str,
    answers: Mapping[str, Row],
    channels_of: Mapping[str, str],
    asked: Sequence[str] | None,
    max_degree: int | None,
    possible: bool,
) -> list[Row]:
    rows = []
    for other, answer in answers.items():
        near = max_degree is None or (answer["degree"] is not None and answer["degree"] <= max_degree)
        about = of_kinds(answer, MESSAGING)
        if asked is not None:
            about = [channel for channel in answer["channels"] if channel["channel"] in asked]
        if other in channels_of or (possible and near and is_possible(about)):
            channels = channels_of.get(other, "")
            rows.append({column: other, "degree": answer["degree"], "channels": channels, "certain": is_certain(about)})
    return sorted(rows, key=lambda row: (row["degree"] or 9, row[column]))


def match(
    network: Network,
    pack: Pack,
    senders: Sequence[str],
    recipients: Sequence[str],
    at: datetime,
    as_tier: str | None = None,
    with_unlock: bool = False,
) -> list[Row]:
    """A row for each pair, as `oracle.match`, with `certain`."""
    return [
        {**row, "certain": verdict(network, pack, row["sender"], row["recipient"], at, as_tier)["certain"]}
        for row in oracle.match(network, pack, senders, recipients, at, as_tier, with_unlock)
    ]


# ── Reports ──────────────────────────────────────────────────────────────────────────────────────


def certainty(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each member: recipients and senders who are reachable and certain, reachable, and possible."""
    found: Counter[tuple[str, str]] = Counter()
    for s, r in permutations(network.members, 2):
        answer = verdict(network, pack, s, r, at)
        for member, way in ((s, "reach"), (r, "reached_by")):
            for free in ("", "_free"):
                is_reachable = answer[f"reachable{free}"]
                found[member, f"{way}{free}_certain"] += is_reachable and answer[f"certain{free}"]
                found[member, f"{way}{free}_now"] += is_reachable
                found[member, f"{way}{free}_possible"] += answer[f"possible{free}"]
    columns = [
        f"{way}{free}_{how}"
        for way in ("reach", "reached_by")
        for free in ("", "_free")
        for how in ("certain", "now", "possible")
    ]
    return [
        {"member": member, **{column: found[member, column] for column in columns}}
        for member in sorted(network.members)
    ]


# The facts that are not of one side, by the name in either side's set.
OF_EITHER_SIDE = {"connections": "degree", "groups": "groups", "companies": "pages"}


def unknowns(network: Network, pack: Pack, at: datetime) -> list[Row]:
    """A row for each member and name in their set, with the pairs that depend on it; most pairs first."""
    found: Counter[tuple[str, str]] = Counter()
    for s, r in permutations(network.members, 2):
        answer = verdict(network, pack, s, r, at)
        if answer["certain"]:
            continue
        facts = {fact for channel in of_kinds(answer, MESSAGING) for fact in channel["rests_on"]}
        for member, side in ((s, "sender"), (r, "recipient")):
            for name in network.members[member]["assumed"]:
                found[member, name] += OF_EITHER_SIDE.get(name, f"{side}.{name}") in facts
    rows = [{"member": member, "fact": name, "pairs": pairs} for (member, name), pairs in found.items() if pairs]
    return sorted(rows, key=lambda row: (-row["pairs"], row["member"], row["fact"]))
