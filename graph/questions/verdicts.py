"""The verdict on pairs (docs/rules.md, section 3).

A function here makes the query; a runner answers it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.errors import SameMember
from graph.questions.diagnosis import diagnosis
from graph.rules.redaction import Reader
from graph.rules.vocabulary import MESSAGING
from graph.world import World

T = TypeVar("T")

EVIDENCE_LIMIT = 100


class ChannelVerdict(Struct, frozen=True):
    """One channel of a verdict: open, or the codes of all that denies it; `evidence` as in docs/rules.md.

    `rests_on`: the facts that are not known and decide it (docs/rules.md, section 6); none: it is certain.
    """

    channel: str
    kind: str
    open: bool
    reasons: tuple[str, ...]
    rests_on: tuple[str, ...]
    evidence: dict[str, Any]

    def read_by(self, reader: Reader, sender: str) -> ChannelVerdict:
        """The same as this reader reads it of this sender."""
        told = reader.codes(self.reasons, sender)
        return self if told == self.reasons else replace(self, reasons=told)


class Verdict(Struct, frozen=True):
    """What one member may send to another at an instant, under a pack, on a tier.

    `degree` is 1, 2, 3 or None; `mutuals` is a count of members; `channels` has every channel of the pack once.
    `certain`: the answer is the same whatever is not known; `possible`: something not known could make it reachable.
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
    certain: bool
    possible: bool
    certain_free: bool
    possible_free: bool
    gates: tuple[str, ...]
    channels: tuple[ChannelVerdict, ...]

    def read_by(self, reader: Reader) -> Verdict:
        """The verdict as this reader reads it."""
        if reader.audits:
            return self
        channels = tuple(each.read_by(reader, self.sender) for each in self.channels)
        return replace(self, gates=reader.codes(self.gates, self.sender), channels=channels)


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
    certain: bool

    def read_by(self, reader: Reader) -> Match:
        """The same as this reader reads it."""
        return dataclasses.replace(self, reasons=reader.codes(self.reasons, self.sender))


def verdict(sender: str, recipient: str, world: World) -> Query[Verdict]:
    """The verdict on one pair; raises SameMember, and when it is read what `diagnosis` raises."""
    return verdicts([(sender, recipient)], world).map(lambda found: found[0])


def verdicts(pairs: Sequence[tuple[str, str]], world: World) -> Query[list[Verdict]]:
    """The verdicts on many pairs (sender, recipient), in their order; raises like `verdict`."""
    return _verdicts(pairs, world, lambda rows: [_verdict(row, world) for row in rows])


def matches(pairs: Sequence[tuple[str, str]], world: World) -> Query[list[Match]]:
    """Many pairs in short, in their order; raises like `verdict`."""
    return _verdicts(pairs, world, lambda rows: [_match(row) for row in rows])


def _verdicts(pairs: Sequence[tuple[str, str]], world: World, decode: Callable[[Sequence[Row]], T]) -> Query[T]:
    for sender, recipient in pairs:
        if sender == recipient:
            raise SameMember(sender)
    return Query(
        "reach/verdicts",
        decode=decode,
        parameters={
            "pairs": [{"sender": sender, "recipient": recipient} for sender, recipient in pairs],
            **world.parameters,
        },
        expected_rows=len(pairs),
        diagnosis=diagnosis(world, members=[member for pair in pairs for member in pair]),
    )


def _verdict(row: Row, world: World) -> Verdict:
    evidence: dict[str, dict[str, Any]] = {
        "direct": {"path": row["path"]} if row["path"] else {},
        "group": _listed("groups", row["groups"]),
        "company_page": _listed("pages", row["pages"]),
        "inmail": {"credits": row["credits"]},
    }
    return Verdict(
        sender=row["sender"],
        recipient=row["recipient"],
        at=world.at,
        pack=world.pack,
        tier=row["tier"],
        degree=row["degree"],
        mutuals=row["mutuals"],
        reachable=row["reachable"],
        reachable_free=row["reachable_free"],
        no_link=row["no_link"],
        certain=row["certain"],
        possible=row["possible"],
        certain_free=row["certain_free"],
        possible_free=row["possible_free"],
        gates=tuple(row["gates"]),
        channels=tuple(
            ChannelVerdict(
                channel=channel["channel"],
                kind=channel["kind"],
                open=channel["open"],
                reasons=tuple(channel["reasons"]),
                rests_on=tuple(channel["rests_on"]),
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
        certain=row["certain"],
    )


def _listed(key: str, ids: list[str]) -> dict[str, Any]:
    if not ids:
        return {}
    more = len(ids) - EVIDENCE_LIMIT
    return {key: ids[:EVIDENCE_LIMIT], "more": more} if more > 0 else {key: ids}
