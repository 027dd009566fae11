"""The rules in plain, slow Python: every other evaluator is compared with this file.

Hold it beside the page of the rules: its sections have the same numbers and come in the same order.
It imports nothing of the product, so that a misreading there is not repeated here.
"""

from __future__ import annotations

import tomllib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple, Self

Row = dict[str, Any]


# ── 1. What is in the graph ──────────────────────────────────────────────────────────────────────


def instant(cell: str | datetime | None) -> datetime | None:
    """Read a time: a date is its midnight, a time without an offset is UTC; kept as UTC."""
    if cell is None or cell == "":
        return None
    time = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)


def written(time: datetime | None) -> str | None:
    """Write a time the way answers show it."""
    return time.isoformat().replace("+00:00", "Z") if time else None


def text(cell: str) -> str:
    """Read text, which is never a number."""
    if not isinstance(cell, str):
        raise TypeError(f"{cell!r} is not text")
    return cell


def flag(cell: bool | str) -> bool:
    """Read a flag."""
    return {True: True, False: False, "true": True, "false": False}[cell]


def count(cell: int | str) -> int:
    """Read a count, which is never negative."""
    if int(str(cell)) < 0:
        raise ValueError(f"{cell!r} is less than 0")
    return int(str(cell))


def one_of(*values: str) -> Callable[[str], str]:
    """Read one of these values."""
    return lambda cell: values[values.index(cell)]


def strength(cell: int | str) -> int:
    """Read the strength of a tie, from 1 to 100."""
    if not 1 <= int(str(cell)) <= 100:
        raise ValueError(f"{cell!r} is not from 1 to 100")
    return int(str(cell))


# What of a member may be not known: values of these fields, and what there may be more of than the graph has.
ASSUMABLE = (
    "tier",
    "visibility",
    "accepts_from",
    "accepts_inmail",
    "open_profile",
    "contact_info",
    "contact_form",
    "comments_open",
    "inmail_credits",
    "messages_sent",
    "inmails_sent",
    "connections",
    "groups",
    "companies",
    "blocks",
)


def names(cell: str) -> frozenset[str]:
    """Read names of what is assumed, joined by `;`; `all` stands for every name."""
    found = {name: name == "all" or one_of(*ASSUMABLE)(name) for name in text(cell).split(";")}
    return frozenset(ASSUMABLE if "all" in found else found)


# How a cell of each column is read, and the default, which is also what an empty cell means.
MEMBER: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "name": (text, None),
    "tier": (text, ""),
    "tier_expires_at": (instant, None),
    "status": (one_of("active", "restricted", "deactivated", "closed"), "active"),
    "restricted_until": (instant, None),
    "visibility": (one_of("public", "network", "connections", "private"), "public"),
    "accepts_from": (one_of("anyone", "shared_connections", "connections", "nobody"), "anyone"),
    "contact_info": (one_of("nobody", "connections", "network", "anyone"), "nobody"),
    "accepts_inmail": (flag, True),
    "open_profile": (flag, False),
    "contact_form": (flag, False),
    "comments_open": (flag, False),
    "inmail_credits": (count, 0),
    "messages_sent": (count, 0),
    "inmails_sent": (count, 0),
    "assumed": (names, frozenset()),
}
GROUP: dict[str, tuple[Callable[[Any], Any], Any]] = {"name": (text, None), "messaging": (flag, True)}
COMPANY: dict[str, tuple[Callable[[Any], Any], Any]] = {"name": (text, None)}


def node(key: str, cells: Mapping[str, Any] | None, columns: Mapping[str, tuple[Callable[[Any], Any], Any]]) -> Row:
    """Read a node: every declared column, then the others as they stand."""
    given = {column: cell for column, cell in (cells or {}).items() if cell is not None and cell != ""}
    declared = {c: read(given[c]) if c in given else default for c, (read, default) in columns.items()}
    return {"id": text(key), **given, **declared}


class Tie(NamedTuple):
    """A member's tie to a company page: a stint there, or that they follow it, of which no time is read."""

    member: str
    company: str
    tie: str
    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, member: str, company: str, tie: str, since: datetime | None, until: datetime | None) -> Self:
        """The tie that a row of these cells gives."""
        if one_of("works_at", "follows")(tie) == "follows":
            since = until = None
        return cls(member, company, tie, since, until)

    @property
    def key(self) -> tuple[str, str, str, datetime | None]:
        """What tells it from the others: two stints at one company are two ties."""
        return self.member, self.company, self.tie, self.since

    def holds(self, at: datetime) -> bool:
        """Whether the tie is there at `at`; `since` is not read."""
        return self.tie == "follows" or self.until is None or self.until > at


@dataclass(frozen=True, eq=False)
class Network:
    """The graph as plain data. `blocked` and `limited` hold (who, whom); a connection without strength has none."""

    members: dict[str, Row]
    groups: dict[str, Row]
    companies: dict[str, Row]
    connections: set[frozenset[str]]
    memberships: set[tuple[str, str]]
    ties: list[Tie]
    blocked: set[tuple[str, str]]
    limited: set[tuple[str, str]]
    strengths: dict[frozenset[str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Mapping[str, Any]) -> Self:
        """Read the shape of a case file; what the product would reject is a ValueError, TypeError or KeyError."""
        connections: dict[frozenset[str], Any] = {}
        for row in case.get("connections", ()):
            a, b = (row["a"], row["b"]) if isinstance(row, Mapping) else row
            connections[frozenset((a, b))] = row.get("strength") if isinstance(row, Mapping) else None
        ties = {}
        for row in case.get("company_members", ()):
            kind, since = row.get("tie") or "works_at", instant(row.get("since"))
            tie = Tie.of(row["member"], row["company"], kind, since, instant(row.get("until")))
            ties[tie.key] = tie  # of rows with one key the last wins
        blocks = [(row["member"], row["other"], row.get("kind") or "block") for row in case.get("blocks", ())]
        network = cls(
            members={key: node(key, cells, MEMBER) for key, cells in (case.get("members") or {}).items()},
            groups={key: node(key, cells, GROUP) for key, cells in (case.get("groups") or {}).items()},
            companies={key: node(key, cells, COMPANY) for key, cells in (case.get("companies") or {}).items()},
            connections={*connections},
            memberships={(member, group) for member, group in case.get("group_members", ())},
            ties=list(ties.values()),
            blocked={(who, whom) for who, whom, kind in blocks if one_of("block", "limit")(kind) == "block"},
            limited={(who, whom) for who, whom, kind in blocks if kind == "limit"},
            strengths={pair: strength(cell) for pair, cell in connections.items() if cell is not None and cell != ""},
        )
        network._check()
        return network

    def _check(self) -> None:
        """Refuse relationships of somebody with themselves, and with ids that nobody declares."""
        if any(len(pair) != 2 for pair in self.connections | {*map(frozenset, self.blocked | self.limited)}):
            raise ValueError("a relationship of somebody with themselves")
        pairs = [*self.connections, *self.blocked, *self.limited]
        members = {m for pair in pairs for m in pair} | {m for m, _ in self.memberships} | {t.member for t in self.ties}
        groups, companies = {g for _, g in self.memberships}, {t.company for t in self.ties}
        unknown = (members - self.members.keys(), groups - self.groups.keys(), companies - self.companies.keys())
        if any(unknown):
            raise ValueError(f"ids that nobody declares: {unknown}")

    def member(self, key: str) -> Row:
        """The member with this id; asking about one who does not exist is an error that names the id."""
        if key not in self.members:
            raise LookupError(f"no member has the id {key!r}")
        return self.members[key]

    @cached_property
    def tiers(self) -> set[str]:
        """The tiers that members have, as stored, without the empty one."""
        return {m["tier"] for m in self.members.values()} - {""}

    @cached_property
    def neighbours(self) -> dict[str, set[str]]:
        """Connections of every member, without those of the gone: they are no way through."""
        found: dict[str, set[str]] = {m: set() for m in self.members}
        for a, b in self.connections:
            if not gone(self.members[a]) and not gone(self.members[b]):
                found[a].add(b)
                found[b].add(a)
        return found

    @cached_property
    def groups_of(self) -> dict[str, set[str]]:
        """The groups of every member, whatever their settings."""
        found: dict[str, set[str]] = {m: set() for m in self.members}
        for member, group in self.memberships:
            found[member].add(group)
        return found

    @cached_property
    def ties_of(self) -> dict[str, list[Tie]]:
        """The ties of every member, whatever their time."""
        found: dict[str, list[Tie]] = {m: [] for m in self.members}
        for tie in self.ties:
            found[tie.member].append(tie)
        return found

    @cached_property
    def _distances(self) -> dict[str, dict[str, int]]:
        return {}

    def distances(self, source: str) -> dict[str, int]:
        """Members at distance 1, 2 and 3 from `source`, found breadth first."""
        if source not in self._distances:
            found, waiting = {source: 0}, deque([source])
            while waiting:
                here = waiting.popleft()
                for there in self.neighbours[here] - found.keys() if found[here] < 3 else ():
                    found[there] = found[here] + 1
                    waiting.append(there)
            del found[source]
            self._distances[source] = found
        return self._distances[source]


# ── 2. Facts of a pair ───────────────────────────────────────────────────────────────────────────


def gone(member: Row) -> bool:
    """Whether the member has left."""
    return member["status"] in ("deactivated", "closed")


def effective_tier(pack: Pack, member: Row, at: datetime) -> str:
    """The tier that counts at `at`: the base tier where it has lapsed or is empty."""
    expires = member["tier_expires_at"]
    lapsed = expires is not None and expires <= at
    return pack.base.name if lapsed or member["tier"] == "" else str(member["tier"])


def pages(network: Network, member: str, at: datetime, kinds: Sequence[str] = ("works_at", "follows")) -> set[str]:
    """The company pages that a member is tied to at `at`, by these kinds of tie."""
    return {tie.company for tie in network.ties_of[member] if tie.tie in kinds and tie.holds(at)}


@dataclass(frozen=True, eq=False)
class Pair:
    """The facts of sender `s` and recipient `r`; `tier` is the sender's: the effective one, or the one asked as."""

    network: Network
    pack: Pack
    s: Row
    r: Row
    at: datetime
    tier: Tier

    @cached_property
    def apart(self) -> bool:
        """Whether one of them is gone, so that they share nothing."""
        return gone(self.s) or gone(self.r)

    @cached_property
    def degree(self) -> int | None:
        """1, 2, 3 or none."""
        return None if self.apart else self.network.distances(self.s["id"]).get(self.r["id"])

    @cached_property
    def mutuals(self) -> set[str]:
        """Members who are connected to both."""
        return set() if self.apart else self.network.neighbours[self.s["id"]] & self.network.neighbours[self.r["id"]]

    @cached_property
    def shared_groups(self) -> set[str]:
        """Groups with messaging that both are members of."""
        both = self.network.groups_of[self.s["id"]] & self.network.groups_of[self.r["id"]]
        return set() if self.apart else {group for group in both if self.network.groups[group]["messaging"]}

    @cached_property
    def shared_pages(self) -> set[str]:
        """Company pages that both are tied to, each by either tie."""
        return self._pages("works_at", "follows")

    @cached_property
    def pages_that_count(self) -> set[str]:
        """The shared pages by which the pack lets them talk."""
        return self.shared_pages if self.pack.page_ties == "any" else self._pages("works_at")

    def _pages(self, *kinds: str) -> set[str]:
        mine, yours = (pages(self.network, member["id"], self.at, kinds) for member in (self.s, self.r))
        return set() if self.apart else mine & yours

    @cached_property
    def visible(self) -> bool:
        """Whether the sender sees the recipient's profile."""
        wide = self.r["visibility"]
        return self.degree == 1 or wide == "public" or (wide == "network" and self.degree in (2, 3))

    @cached_property
    def approachable(self) -> bool:
        """Whether the recipient is seen by those who share something with them."""
        return self.degree == 1 or self.r["visibility"] in ("public", "network")

    @cached_property
    def in_audience(self) -> bool:
        """Whether the recipient accepts messages from the sender."""
        accepts = self.r["accepts_from"]
        return (
            (self.pack.connections_always_in_audience and self.degree == 1)
            or accepts == "anyone"
            or (accepts == "shared_connections" and self.degree in (1, 2))
            or (accepts == "connections" and self.degree == 1)
        )

    # What single channels of section 3 ask on top of this.

    @cached_property
    def within_direct_degree(self) -> bool:
        """Whether the sender's tier reaches this degree."""
        return self.degree is not None and self.degree <= self.tier.direct_degree

    @cached_property
    def within_some_tier(self) -> bool:
        """Whether some tier that grants `direct` reaches this degree."""
        reaching = [tier.direct_degree for tier in self.pack.tiers if "direct" in tier.channels]
        return self.degree is not None and any(self.degree <= reach for reach in reaching)

    @cached_property
    def open_to_all(self) -> bool:
        """Whether the recipient has an open profile, which the base tier cannot."""
        on_base = effective_tier(self.pack, self.r, self.at) == self.pack.base.name
        return self.r["open_profile"] and not on_base

    @cached_property
    def shows_contact_info(self) -> bool:
        """Whether the recipient shows the sender how to contact them."""
        shown = self.r["contact_info"]
        return (
            shown == "anyone"
            or (shown == "network" and self.degree is not None)
            or (shown == "connections" and self.degree == 1)
        )

    @cached_property
    def has_messages_left(self) -> bool:
        """Whether the sender's messages of this month are below the tier's limit."""
        return self.tier.monthly_messages is None or self.s["messages_sent"] < self.tier.monthly_messages

    @cached_property
    def has_inmails_left(self) -> bool:
        """Whether the sender's InMails of this month are below the tier's limit."""
        return self.tier.monthly_inmails is None or self.s["inmails_sent"] < self.tier.monthly_inmails


# ── 3. Verdict ───────────────────────────────────────────────────────────────────────────────────

ALL = ("message", "request", "paid", "off platform", "public", "invitation")
MESSAGING = ("message", "request", "paid")
FREE = ("message", "request")


def _restricted_at(pair: Pair) -> bool:
    until = pair.s["restricted_until"]
    return until is not None and until > pair.at


# Code: the kinds of channel that it denies, and when it holds.
GATES: dict[str, tuple[tuple[str, ...], Callable[[Pair], bool]]] = {
    "SENDER_GONE": (ALL, lambda p: gone(p.s)),
    "RECIPIENT_GONE": (ALL, lambda p: gone(p.r)),
    "BLOCKED_BY_RECIPIENT": (ALL, lambda p: (p.r["id"], p.s["id"]) in p.network.blocked),
    "BLOCKED_BY_SENDER": (ALL, lambda p: (p.s["id"], p.r["id"]) in p.network.blocked),
    "SENDER_RESTRICTED": (MESSAGING, lambda p: p.s["status"] == "restricted"),
    "SENDER_TEMPORARILY_LIMITED": (MESSAGING, _restricted_at),
    "LIMITED_BY_RECIPIENT": (MESSAGING, lambda p: (p.r["id"], p.s["id"]) in p.network.limited),
}


class Channel(NamedTuple):
    """A channel's kind, and what it requires: the code when the requirement fails, and the requirement."""

    kind: str | None
    requires: dict[str, Callable[[Pair], bool]]


MESSAGE_LIMIT: dict[str, Callable[[Pair], bool]] = {"MESSAGE_LIMIT_REACHED": lambda p: p.has_messages_left}

CHANNELS: dict[str, Channel] = {
    "direct": Channel(
        "message",
        {
            "TIER_TOO_LOW": lambda p: p.within_direct_degree or not p.within_some_tier,
            "OUT_OF_NETWORK": lambda p: p.within_direct_degree or p.within_some_tier,
            "RECIPIENT_VISIBILITY": lambda p: p.visible,
            "RECIPIENT_AUDIENCE": lambda p: p.in_audience,
            **MESSAGE_LIMIT,
        },
    ),
    "open_profile": Channel(
        "message",
        {
            "NO_OPEN_PROFILE": lambda p: p.open_to_all,
            **MESSAGE_LIMIT,
        },
    ),
    "group": Channel(
        None,  # the pack says
        {
            "NO_SHARED_GROUP": lambda p: len(p.shared_groups) >= 1,
            "RECIPIENT_VISIBILITY": lambda p: p.approachable,
            "RECIPIENT_AUDIENCE": lambda p: p.in_audience,
            **MESSAGE_LIMIT,
        },
    ),
    "company_page": Channel(
        "request",
        {
            "NO_SHARED_PAGE": lambda p: len(p.pages_that_count) >= 1,
            "RECIPIENT_VISIBILITY": lambda p: p.approachable,
            "RECIPIENT_AUDIENCE": lambda p: p.in_audience,
            **MESSAGE_LIMIT,
        },
    ),
    "contact_info": Channel(
        "off platform",
        {
            "CONTACT_INFO_HIDDEN": lambda p: p.shows_contact_info,
            "RECIPIENT_VISIBILITY": lambda p: p.visible,
        },
    ),
    "contact_form": Channel(
        "off platform",
        {
            "NO_CONTACT_FORM": lambda p: p.r["contact_form"],
            "RECIPIENT_VISIBILITY": lambda p: p.visible,
        },
    ),
    "comment": Channel(
        "public",
        {
            "COMMENTS_CLOSED": lambda p: p.r["comments_open"],
            "RECIPIENT_VISIBILITY": lambda p: p.visible,
        },
    ),
    "inmail": Channel(
        "paid",
        {
            "NO_INMAIL_CREDITS": lambda p: p.s["inmail_credits"] >= 1,
            "INMAIL_LIMIT_REACHED": lambda p: p.has_inmails_left,
            "INMAIL_DECLINED": lambda p: not p.pack.inmail_respects_opt_out or p.r["accepts_inmail"],
        },
    ),
    "invite": Channel(
        "invitation",
        {
            "ALREADY_CONNECTED": lambda p: p.degree != 1,
            "RECIPIENT_VISIBILITY": lambda p: p.r["visibility"] != "private",
        },
    ),
}

CODES = (
    "NOT_IN_TIER",
    "TIER_TOO_LOW",
    "OUT_OF_NETWORK",
    "NO_OPEN_PROFILE",
    "NO_SHARED_GROUP",
    "NO_SHARED_PAGE",
    "CONTACT_INFO_HIDDEN",
    "NO_CONTACT_FORM",
    "COMMENTS_CLOSED",
    "NO_INMAIL_CREDITS",
    "INMAIL_LIMIT_REACHED",
    "INMAIL_DECLINED",
    "ALREADY_CONNECTED",
    "RECIPIENT_VISIBILITY",
    "RECIPIENT_AUDIENCE",
    "MESSAGE_LIMIT_REACHED",
    *GATES,
)


def kind_of(pack: Pack, channel: str) -> str:
    """The kind of a channel; of `group` the pack says it."""
    return CHANNELS[channel].kind or pack.group_kind


def gates(pair: Pair) -> list[str]:
    """The gates that hold, in order."""
    return [code for code, (_, holds) in GATES.items() if holds(pair)]


def reasons(pair: Pair, channel: str) -> list[str]:
    """Why a channel is denied, in order: every failed requirement and every gate; empty when it is open."""
    kind = kind_of(pair.pack, channel)
    not_granted = [] if channel in pair.tier.channels else ["NOT_IN_TIER"]
    failed = [code for code, holds in CHANNELS[channel].requires.items() if not holds(pair)]
    closed = [code for code, (denies, holds) in GATES.items() if kind in denies and holds(pair)]
    return sorted(not_granted + failed + closed, key=CODES.index)


# Who may read what: a block or a limit is told to whoever set it; others read one code for all of these.
UNTOLD = frozenset({"BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT", "BLOCKED_BY_SENDER"})
UNTOLD_TO_THE_SENDER = UNTOLD - {"BLOCKED_BY_SENDER"}
UNAVAILABLE = "UNAVAILABLE"


def untold(codes: Iterable[str], hidden: frozenset[str] = UNTOLD) -> list[str]:
    """The codes as they are read without the scope `audit`: one once for the hidden, where BLOCKED_BY_RECIPIENT stands.

    A reader who is bound to the sender has `UNTOLD_TO_THE_SENDER` hidden.
    """
    told = {"BLOCKED_BY_RECIPIENT" if code in hidden else code for code in codes}
    return [UNAVAILABLE if code in hidden else code for code in sorted(told, key=CODES.index)]


def judge(pair: Pair) -> dict[str, list[str]]:
    """The reasons of every channel of the pack."""
    return {channel: reasons(pair, channel) for channel in pair.pack.channels}


def reachable(pack: Pack, judged: Mapping[str, Collection[str]], kinds: Sequence[str] = MESSAGING) -> bool:
    """Whether one channel of these kinds is open; with `FREE`: whether the recipient is reachable free."""
    return any(not why for channel, why in judged.items() if kind_of(pack, channel) in kinds)


def pair_of(
    network: Network, pack: Pack, sender: str, recipient: str, at: datetime, as_tier: str | None = None
) -> Pair:
    """The pair, where the question makes sense."""
    s, r = network.member(sender), network.member(recipient)
    if sender == recipient:
        raise ValueError(f"{sender!r} asked about themselves")
    pack.refuse_unknown_tiers(network)
    return Pair(network, pack, s, r, at, pack.tier(as_tier or effective_tier(pack, s, at)))


@lru_cache(maxsize=50_000)
def verdict(network: Network, pack: Pack, sender: str, recipient: str, at: datetime, as_tier: str | None = None) -> Row:
    """The verdict in the JSON shape of the design, without paths; remembered, for reach asks for each of them again.

    `groups` and `pages` are the evidence of the channels `group` and `company_page`, complete and sorted.
    """
    pair = pair_of(network, pack, sender, recipient, at, as_tier)
    judged = judge(pair)
    return {
        "sender": sender,
        "recipient": recipient,
        "at": written(at),
        "pack": pack.name,
        "tier": pair.tier.name,
        "degree": pair.degree,
        "mutuals": len(pair.mutuals),
        "reachable": reachable(pack, judged),
        "reachable_free": reachable(pack, judged, FREE),
        "no_link": pair.degree is None and not pair.shared_groups and not pair.shared_pages,
        "gates": gates(pair),
        "channels": [
            {"channel": channel, "kind": kind_of(pack, channel), "open": not why, "reasons": why}
            for channel, why in judged.items()
        ],
        "groups": sorted(pair.shared_groups),
        "pages": sorted(pair.pages_that_count),
    }


def is_shortest_path(network: Network, path: Sequence[str], sender: str, recipient: str) -> bool:
    """Whether `path` is one of the shortest from sender to recipient, ends included; never where there is no degree."""
    steps = list(pairwise(path))
    return (
        path[:1] == [sender]
        and path[-1:] == [recipient]
        and all(b in network.neighbours[a] for a, b in steps)
        and len(steps) == network.distances(sender).get(recipient)
    )


def _messaging(pack: Pack) -> list[str]:
    return [channel for channel in pack.channels if kind_of(pack, channel) in MESSAGING]


def _reach_row(answer: Row, asked: Sequence[str], max_degree: int | None) -> tuple[int | None, str] | None:
    """Degree and open channels of those asked for, or nothing where the answer has no row."""
    found = [c["channel"] for c in answer["channels"] if c["channel"] in asked and c["open"]]
    near = max_degree is None or (answer["degree"] is not None and answer["degree"] <= max_degree)
    return (answer["degree"], ";".join(found)) if found and near else None


def _asked(pack: Pack, channels: Sequence[str] | None) -> Sequence[str]:
    if channels is not None and not set(channels) <= set(pack.channels):
        raise ValueError(f"not channels of {pack.name}: {set(channels) - set(pack.channels)}")
    return _messaging(pack) if channels is None else channels


def _by_degree(column: str) -> Callable[[Row], tuple[int, str]]:
    return lambda row: (row["degree"] or 9, row[column])


def reach(
    network: Network,
    pack: Pack,
    sender: str,
    at: datetime,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
) -> list[Row]:
    """Whom `sender` reaches: recipient, degree, channels; nearest first, none last, then by id.

    `channels` asks for these instead of all of kind message, request and paid.
    """
    asked = _asked(pack, channels)
    network.member(sender)
    rows = []
    for recipient in network.members.keys() - {sender}:
        row = _reach_row(verdict(network, pack, sender, recipient, at, as_tier), asked, max_degree)
        if row:
            rows.append({"recipient": recipient, "degree": row[0], "channels": row[1]})
    return sorted(rows, key=_by_degree("recipient"))


def reached_by(
    network: Network,
    pack: Pack,
    recipient: str,
    at: datetime,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
) -> list[Row]:
    """Who reaches `recipient`: sender, degree, channels; as `reach`, with every sender as if on `as_tier`."""
    asked = _asked(pack, channels)
    network.member(recipient)
    rows = []
    for sender in network.members.keys() - {recipient}:
        row = _reach_row(verdict(network, pack, sender, recipient, at, as_tier), asked, max_degree)
        if row:
            rows.append({"sender": sender, "degree": row[0], "channels": row[1]})
    return sorted(rows, key=_by_degree("sender"))


def match(
    network: Network,
    pack: Pack,
    senders: Sequence[str],
    recipients: Sequence[str],
    at: datetime,
    as_tier: str | None = None,
    with_unlock: bool = False,
) -> list[Row]:
    """A row for each pair, in the order given; `unlock` is the cheapest action as `unlock` gives it, or None."""
    rows = []
    for sender, recipient in product(senders, recipients):
        if sender == recipient:
            continue
        answer = verdict(network, pack, sender, recipient, at, as_tier)
        messaging = [c for c in answer["channels"] if c["kind"] in MESSAGING]
        why = {code for c in messaging for code in c["reasons"]} if not answer["reachable"] else set()
        actions = (
            unlock(network, pack, sender, recipient, at, as_tier)["actions"]
            if with_unlock and not answer["reachable"]
            else []
        )
        rows.append(
            {
                "sender": sender,
                "recipient": recipient,
                "degree": answer["degree"],
                "reachable": answer["reachable"],
                "reachable_free": answer["reachable_free"],
                "channels": ";".join(c["channel"] for c in messaging if c["open"]),
                "reasons": ";".join(sorted(why, key=CODES.index)),
                "unlock": actions[0] if actions else None,
            }
        )
    return rows


# What the recipient decides.
THEIRS = {
    "RECIPIENT_GONE",
    "BLOCKED_BY_RECIPIENT",
    "LIMITED_BY_RECIPIENT",
    "NO_OPEN_PROFILE",
    "CONTACT_INFO_HIDDEN",
    "NO_CONTACT_FORM",
    "COMMENTS_CLOSED",
    "INMAIL_DECLINED",
    "RECIPIENT_VISIBILITY",
    "RECIPIENT_AUDIENCE",
}

ACTIONS = ("unblock", "join", "follow", "connect", "wait", "credit", "upgrade")


class World(NamedTuple):
    """How a question is asked; what a sender could do changes one of these."""

    network: Network
    pack: Pack
    at: datetime
    as_tier: str | None = None


def unlock(
    network: Network,
    pack: Pack,
    sender: str,
    recipient: str,
    at: datetime,
    as_tier: str | None = None,
    channel: str | None = None,
    names: int = 10,
) -> Row:
    """The actions in the sender's own power that are each alone enough, in the JSON shape of the design.

    In the order: cheapest first, no cost given last; then as in `ACTIONS`, tiers by rank, ids by code point.
    `names` bounds the members, other than the recipient, whom it is enough to connect with.
    `other_side`: the recipient's reasons that stand whatever single action the sender takes.
    """
    asked = _messaging(pack) if channel is None else list(_asked(pack, [channel]))
    now = World(network, pack, at, as_tier)

    def judged(world: World) -> dict[str, list[str]]:
        all_channels = judge(pair_of(world.network, pack, sender, recipient, world.at, world.as_tier))
        return {c: all_channels[c] for c in asked}

    def is_open(world: World) -> bool:
        return any(not why for why in judged(world).values())

    def stands(code: str, world: World) -> bool:
        return any(code in why for why in judged(world).values())

    if is_open(now):
        raise ValueError(f"{sender!r} needs no unlock to {recipient!r}")
    costs = pack.tier(as_tier or effective_tier(pack, network.member(sender), at)).costs
    actions: list[Row] = []
    named = 0
    waited = False
    worlds = list(_worlds(now, sender, recipient))
    for action, key, world in worlds:
        if not is_open(world):
            continue
        if action == "connect" and key != recipient:
            named += 1
            if named > names:
                continue
        if action == "wait":
            if waited:  # a later instant says nothing that the earlier one does not
                continue
            waited = True
        cost = pack.tier(str(key)).costs.get("upgrade") if action == "upgrade" else costs.get(action)
        until = written(world.at) if action == "wait" else None
        actions.append({"action": action, "id": key, "until": until, "cost": cost})

    def place(action: Row) -> tuple[bool, float, int, int, str]:
        rank = pack.tier(action["id"]).rank if action["action"] == "upgrade" else 0
        cost = action["cost"]
        return cost is None, cost or 0, ACTIONS.index(action["action"]), rank, action["id"] or ""

    actions.sort(key=place)
    every = [now, *(world for _, _, world in worlds)]
    theirs = [code for code in CODES if code in THEIRS and all(stands(code, world) for world in every)]
    return {
        "sender": sender,
        "recipient": recipient,
        "channel": channel,
        "actions": actions,
        "single_action_enough": bool(actions),
        "other_side": theirs,
    }


def credits_after_upgrade(credits: int, tier: Tier) -> int:
    """The InMail credits after an upgrade to `tier`: its grant is added up to its cap, and takes nothing away."""
    granted = credits + (tier.inmail_grant or 0)
    return granted if tier.inmail_cap is None else max(credits, min(granted, tier.inmail_cap))


def _worlds(now: World, sender: str, recipient: str) -> Iterator[tuple[str, str | None, World]]:
    """Every action that the sender could take, whether it helps or not: its name, its id, and the world after it."""
    network, pack, at, _ = now
    s = network.members[sender]

    def with_sender(**changed: object) -> Network:
        return replace(network, members={**network.members, sender: {**s, **changed}})

    def invitable(other: str) -> bool:
        pair = pair_of(network, pack, sender, other, at, now.as_tier)
        return "invite" in pack.channels and not reasons(pair, "invite")

    rank = pair_of(network, pack, sender, recipient, at, now.as_tier).tier.rank
    for tier in pack.tiers:
        if tier.rank > rank:
            credits = credits_after_upgrade(s["inmail_credits"], tier)
            yield "upgrade", tier.name, now._replace(network=with_sender(inmail_credits=credits), as_tier=tier.name)
    yield "credit", None, now._replace(network=with_sender(inmail_credits=s["inmail_credits"] + 1))
    for group in sorted(network.groups_of[recipient] - network.groups_of[sender]):
        joined = replace(network, memberships=network.memberships | {(sender, group)})
        yield "join", group, now._replace(network=joined)
    for company in sorted(pages(network, recipient, at)):
        followed = replace(network, ties=[*network.ties, Tie(sender, company, "follows", at, None)])
        yield "follow", company, now._replace(network=followed)
    for other in sorted(network.members.keys() - {sender}):
        if invitable(other):
            connected = replace(network, connections=network.connections | {frozenset((sender, other))})
            yield "connect", other, now._replace(network=connected)
    if (sender, recipient) in network.blocked:
        yield (
            "unblock",
            recipient,
            now._replace(network=replace(network, blocked=network.blocked - {(sender, recipient)})),
        )
    next_month = datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)
    ends = {next_month} | {end for end in [s["restricted_until"]] if end is not None and end > at}
    for until in sorted(ends):
        later = with_sender(messages_sent=0, inmails_sent=0) if until >= next_month else network
        yield "wait", None, now._replace(network=later, at=until)


def unlock_untold(
    network: Network,
    pack: Pack,
    sender: str,
    recipient: str,
    at: datetime,
    as_tier: str | None = None,
    channel: str | None = None,
    names: int = 10,
) -> Row:
    """The same as it is read without the scope `audit`: `unblock` is left out.

    Who it was that set a block must not be told by the other side's codes either: without `unblock` each block stands
    whatever the sender does, so that `UNAVAILABLE` is among them whoever set it.
    """
    answer = unlock(network, pack, sender, recipient, at, as_tier, channel, names)
    judged = judge(pair_of(network, pack, sender, recipient, at, as_tier))
    asked = _messaging(pack) if channel is None else [channel]
    blocks = {code for each in asked for code in judged[each]} & UNTOLD
    actions = [action for action in answer["actions"] if action["action"] != "unblock"]
    return {
        **answer,
        "actions": actions,
        "single_action_enough": bool(actions),
        "other_side": untold({*answer["other_side"], *blocks}),
    }


# ── 4. Rule packs ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Tier:
    """A tier of a pack; None is no limit, no grant, no cap."""

    name: str
    rank: int
    direct_degree: int
    channels: frozenset[str]
    costs: Mapping[str, float]
    monthly_messages: int | None = None
    monthly_inmails: int | None = None
    inmail_grant: int | None = None
    inmail_cap: int | None = None


@dataclass(frozen=True, eq=False)
class Pack:
    """A rule pack; `tiers` by rank."""

    name: str
    page_ties: str
    inmail_respects_opt_out: bool
    group_kind: str
    tiers: tuple[Tier, ...]
    connections_always_in_audience: bool = False

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a pack's TOML file."""
        return cls.of(tomllib.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, pack: Mapping[str, Any]) -> Self:
        """Read a pack from the shape of its TOML."""
        tiers = [cls._tier(name, fields) for name, fields in pack["tiers"].items()]
        return cls(pack["name"], **pack["switches"], tiers=tuple(sorted(tiers, key=lambda tier: tier.rank)))

    @staticmethod
    def _tier(name: str, fields: Mapping[str, Any]) -> Tier:
        limits = {key: value for key, value in fields.items() if value != "unlimited"}
        channels, costs = frozenset(fields.get("channels", ())), fields.get("costs", {})
        if not channels <= CHANNELS.keys():
            raise ValueError(f"tier {name}: unknown channels {channels - CHANNELS.keys()}")
        return Tier(name=name, **{**limits, "channels": channels, "costs": costs})

    @property
    def base(self) -> Tier:
        """The tier of the lowest rank."""
        return self.tiers[0]

    @cached_property
    def channels(self) -> tuple[str, ...]:
        """The channels that at least one tier grants, in the order of the rules."""
        return tuple(channel for channel in CHANNELS if any(channel in tier.channels for tier in self.tiers))

    @cached_property
    def _by_name(self) -> dict[str, Tier]:
        return {tier.name: tier for tier in self.tiers}

    def tier(self, name: str) -> Tier:
        """The tier of this name."""
        if name not in self._by_name:
            raise LookupError(f"{self.name} has no tier {name!r}")
        return self._by_name[name]

    def refuse_unknown_tiers(self, network: Network) -> None:
        """Refuse a network with a stored tier that this pack does not define; the error counts the members."""
        unknown = network.tiers - self._by_name.keys()
        if unknown:
            members = Counter(m["tier"] for m in network.members.values() if m["tier"] in unknown)
            raise ValueError(f"{self.name} lacks tiers: {dict(members)}")
