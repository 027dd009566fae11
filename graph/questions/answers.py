"""Questions about single members and pairs, each one statement (docs/rules.md, section 3).

A function here makes the query; `Database.read` answers it.
What a question leaves open is a value of the parameter's type and not null: for each mix of types the server keeps
a plan of its own, and making one takes longer than answering.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from graph.driver.database import Query, Row
from graph.errors import GraphChanged, SameMember, UnknownChannel, UnknownMember, UnknownPack, UnknownTier
from graph.rules.withheld import withheld

T = TypeVar("T")

MESSAGING = ("message", "request", "paid")
EVIDENCE_LIMIT = 100
EVERYTHING = 2**62  # more than there can be, and one more still is a number to Neo4j


class ChannelVerdict(Struct, frozen=True):
    """One channel of a verdict: open, or the codes of all that denies it; `evidence` as in docs/rules.md."""

    channel: str
    kind: str
    open: bool
    reasons: tuple[str, ...]
    evidence: dict[str, Any]

    def withheld(self) -> ChannelVerdict:
        """The same as those read it who may not know of a block."""
        told = withheld(self.reasons)
        return self if told == self.reasons else replace(self, reasons=told)


class Verdict(Struct, frozen=True):
    """What one member may send to another at an instant, under a pack, on a tier.

    `degree` is 1, 2, 3 or None; `mutuals` is a count of members; `channels` has every channel of the pack once.
    """

    sender: str
    recipient: str
    at: datetime
    pack: str
    tier: str
    degree: int | None
    mutuals: int
    reachable: bool
    reachable_free: bool
    no_link: bool
    gates: tuple[str, ...]
    channels: tuple[ChannelVerdict, ...]

    def withheld(self) -> Verdict:
        """The verdict as those read it who may not know of a block."""
        channels = tuple(each.withheld() for each in self.channels)
        return replace(self, gates=withheld(self.gates), channels=channels)


@dataclass(frozen=True, slots=True)
class Match:
    """A pair in short: the open channels of kind message, request and paid, or else all reasons of those channels."""

    sender: str
    recipient: str
    degree: int | None
    reachable: bool
    reachable_free: bool
    channels: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """The other member of a pair that is reached: the degree (1, 2, 3 or None) and the open channels asked for."""

    member: str
    degree: int | None
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Some of those reached, in the order of ids.

    `after`: the id after which there may be more; None: these are the last ones.
    `version` is that of the graph, None where the page is empty.
    """

    rows: tuple[Reached, ...]
    after: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """A loaded pack, its tiers by rank and channels in the order of the rules; `undefined`: members by stray tier."""

    pack: str
    hash: str
    tiers: tuple[str, ...]
    channels: tuple[str, ...]
    undefined: dict[str, int]


def verdict(sender: str, recipient: str, *, at: datetime, pack: str, as_tier: str | None = None) -> Query[Verdict]:
    """The verdict on one pair; `as_tier` asks as if the sender were on that tier.

    Raises SameMember; when it is read UnknownMember, UnknownPack or UnknownTier.
    """
    query = verdicts([(sender, recipient)], at=at, pack=pack, as_tier=as_tier)
    return Query(
        query.name,
        decode=lambda rows: query.decode(rows)[0],
        parameters=query.parameters,
        expected_rows=1,
        diagnosis=query.diagnosis,
    )


def verdicts(
    pairs: Sequence[tuple[str, str]], *, at: datetime, pack: str, as_tier: str | None = None
) -> Query[list[Verdict]]:
    """The verdicts on many pairs (sender, recipient), in their order; raises like `verdict`."""
    return _verdicts(pairs, at, pack, as_tier, lambda rows: [_verdict(row, at, pack) for row in rows])


def matches(
    pairs: Sequence[tuple[str, str]], *, at: datetime, pack: str, as_tier: str | None = None
) -> Query[list[Match]]:
    """Many pairs in short, in their order; raises like `verdict`."""
    return _verdicts(pairs, at, pack, as_tier, lambda rows: [_match(row) for row in rows])


def _verdicts(
    pairs: Sequence[tuple[str, str]],
    at: datetime,
    pack: str,
    as_tier: str | None,
    decode: Callable[[Sequence[Row]], T],
) -> Query[T]:
    for sender, recipient in pairs:
        if sender == recipient:
            raise SameMember(sender)
    return Query(
        "reach/verdicts",
        decode=decode,
        parameters={
            "pairs": [{"sender": sender, "recipient": recipient} for sender, recipient in pairs],
            "at": at,
            "pack": pack,
            "as_tier": as_tier or "",
        },
        expected_rows=len(pairs),
        diagnosis=diagnosis(pack, members=[member for pair in pairs for member in pair], as_tier=as_tier),
    )


def reach(
    member: str,
    *,
    at: datetime,
    pack: str,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
) -> Query[list[Reached]]:
    """Everybody whom a member reaches, by degree (none last), then id by code point.

    `channels`: at least one of these is open, of any kind; None: at least one of kind message, request or paid.
    `max_degree` 1 to 3: nobody farther away, and nobody without a degree.
    Raises, when it is read, UnknownMember, UnknownPack, UnknownTier or UnknownChannel.
    """
    asked: dict[str, Any] = {"at": at, "pack": pack, "as_tier": as_tier, "channels": channels, "max_degree": max_degree}
    return _reach("reach/reach", "recipient", member, **asked)


def reached_by(
    member: str,
    *,
    at: datetime,
    pack: str,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
) -> Query[list[Reached]]:
    """Everybody who reaches a member, like `reach`; `as_tier` asks as if every sender were on that tier."""
    asked: dict[str, Any] = {"at": at, "pack": pack, "as_tier": as_tier, "channels": channels, "max_degree": max_degree}
    return _reach("reach/reached_by", "sender", member, **asked)


def reach_page(
    member: str, *, after: str = "", limit: int = EVERYTHING, window: int = EVERYTHING, **asked: Any
) -> Query[Page]:
    """At most `limit` of those whom a member reaches, in the order of ids and after the id `after`.

    Looks at `window` members and no more, so that a page costs a page also where few are reached.
    `asked` is what `reach` takes; raises like it.
    """
    return _page("reach/reach_page", "recipient", member, after, limit, window, asked)


def reached_by_page(
    member: str, *, after: str = "", limit: int = EVERYTHING, window: int = EVERYTHING, **asked: Any
) -> Query[Page]:
    """At most `limit` of those who reach a member, like `reach_page`."""
    return _page("reach/reached_by_page", "sender", member, after, limit, window, asked)


def _page(
    name: str, other: str, member: str, after: str, limit: int, window: int, asked: dict[str, Any]
) -> Query[Page]:
    query = _reach(name, other, member, **asked)

    def decode(rows: Sequence[Row]) -> Page:
        if not rows:
            return Page((), None, None)
        last = rows[-1]
        goes_on = last["window_ends"] or len(rows) == limit
        reached = query.decode([row for row in rows if row["channels"]])
        return Page(tuple(reached), last[other] if goes_on else None, last["version"])

    return Query(
        name,
        decode=decode,
        parameters={**query.parameters, "after": after, "limit": limit, "window": window},
        expected_rows=1,
        diagnosis=query.diagnosis,
    )


def _reach(
    name: str,
    other: str,
    member: str,
    *,
    at: datetime,
    pack: str,
    as_tier: str | None = None,
    channels: Sequence[str] | None = None,
    max_degree: int | None = None,
) -> Query[list[Reached]]:
    return Query(
        name,
        decode=lambda rows: [Reached(row[other], row["degree"], tuple(row["channels"])) for row in rows],
        parameters={
            "member": member,
            "at": at,
            "pack": pack,
            "as_tier": as_tier or "",
            "asked_channels": list(channels or ()),
            "max_degree": max_degree or 0,
        },
        expected_rows=1,
        diagnosis=diagnosis(pack, members=[member], as_tier=as_tier, channels=channels or ()),
    )


def known(pack: str) -> Query[Known]:
    """A pack as it stands in the graph; raises, when it is read, UnknownPack."""
    return Query("reach/known", decode=lambda rows: _known(rows[0], pack), parameters={"pack": pack, "members": []})


def diagnosis(
    pack: str, *, members: Sequence[str] = (), as_tier: str | None = None, channels: Sequence[str] = ()
) -> Query[None]:
    """Raises, when it is read, the error of the first thing that a question names and the graph does not have."""

    def decode(rows: Sequence[Row]) -> None:
        found = known_of(rows[0], pack, as_tier=as_tier)
        for channel in channels:
            if channel not in found.channels:
                raise UnknownChannel(
                    f"the pack {pack!r} has no channel {channel!r}: its channels are {', '.join(found.channels)}"
                )
        for member in rows[0]["unknown"]:
            raise UnknownMember(member)
        refuse_undefined(found)

    return Query("reach/known", decode=decode, parameters={"pack": pack, "members": list(members)})


def known_of(row: Row, pack: str, *, as_tier: str | None = None) -> Known:
    """The pack of a row of `reach/known`; raises GraphChanged, UnknownPack, or UnknownTier of `as_tier`."""
    if row["loading"]:
        raise GraphChanged("a load is under way, or was cut short: let it end, or run it again, then ask again")
    found = _known(row, pack)
    if as_tier and as_tier not in found.tiers:
        raise UnknownTier(f"the pack {pack!r} has no tier {as_tier!r}: its tiers are {', '.join(found.tiers)}")
    return found


def refuse_undefined(found: Known) -> None:
    """Raises UnknownTier where members are on tiers that the pack does not define."""
    if found.undefined:
        counts = ", ".join(f"{tier!r} (members: {members})" for tier, members in found.undefined.items())
        raise UnknownTier(f"the pack {found.pack!r} does not define the tiers of members in the graph: {counts}")


def _known(row: Row, pack: str) -> Known:
    if row["hash"] is None:
        loaded = (
            f"loaded are {', '.join(row['packs'])}" if row["packs"] else "load a network first: linkreach load PATH"
        )
        raise UnknownPack(f"no rule pack {pack!r} is loaded; {loaded}")
    return Known(
        pack=pack,
        hash=row["hash"],
        tiers=tuple(row["tiers"]),
        channels=tuple(row["channels"]),
        undefined={entry["tier"]: entry["members"] for entry in row["undefined"]},
    )


def _verdict(row: Row, at: datetime, pack: str) -> Verdict:
    evidence: dict[str, dict[str, Any]] = {
        "direct": {"path": row["path"]} if row["path"] else {},
        "group": _listed("groups", row["groups"]),
        "company_page": _listed("pages", row["pages"]),
        "inmail": {"credits": row["credits"]},
    }
    return Verdict(
        sender=row["sender"],
        recipient=row["recipient"],
        at=at,
        pack=pack,
        tier=row["tier"],
        degree=row["degree"],
        mutuals=row["mutuals"],
        reachable=row["reachable"],
        reachable_free=row["reachable_free"],
        no_link=row["no_link"],
        gates=tuple(row["gates"]),
        channels=tuple(
            ChannelVerdict(
                channel=channel["channel"],
                kind=channel["kind"],
                open=channel["open"],
                reasons=tuple(channel["reasons"]),
                evidence=evidence.get(channel["channel"], {}),
            )
            for channel in row["channels"]
        ),
    )


def _match(row: Row) -> Match:
    open_channels = [each for each in row["channels"] if each["open"] and each["kind"] in MESSAGING]
    return Match(
        sender=row["sender"],
        recipient=row["recipient"],
        degree=row["degree"],
        reachable=row["reachable"],
        reachable_free=row["reachable_free"],
        channels=tuple(channel["channel"] for channel in open_channels),
        reasons=() if row["reachable"] else tuple(row["reasons"]),
    )


def _listed(key: str, ids: list[str]) -> dict[str, Any]:
    if not ids:
        return {}
    more = len(ids) - EVIDENCE_LIMIT
    return {key: ids[:EVIDENCE_LIMIT], "more": more} if more > 0 else {key: ids}
