"""Many pairs in one query, where a pair that cannot be judged stops none of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.driver.database import Query, Row
from graph.errors import GraphChanged, InvalidInput, SameMember, UnknownMember, UnknownTier
from graph.questions.answers import Known, Verdict, known_of, refuse_undefined, verdicts

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A pair that has no verdict, and why."""

    sender: str
    recipient: str
    error: InvalidInput


def judged(pairs: Sequence[Pair], *, at: datetime, pack: str, as_tier: str | None = None) -> Query[dict[Pair, Verdict]]:
    """The verdicts on all pairs that have one; of somebody with themselves there is none."""
    asked = list(dict.fromkeys((sender, recipient) for sender, recipient in pairs if sender != recipient))
    query = verdicts(asked, at=at, pack=pack, as_tier=as_tier)

    def decode(rows: Sequence[Row]) -> dict[Pair, Verdict]:
        return {(verdict.sender, verdict.recipient): verdict for verdict in query.decode(rows)}

    return Query(query.name, decode=decode, parameters=query.parameters)


def unjudged(pairs: Sequence[Pair], *, pack: str, as_tier: str | None = None) -> Query[list[Unjudged]]:
    """Why these pairs have no verdict; raises, when it is read, UnknownPack, UnknownTier of `as_tier`, GraphChanged."""
    members = list(dict.fromkeys(member for pair in pairs for member in pair))

    def decode(rows: Sequence[Row]) -> list[Unjudged]:
        found = known_of(rows[0], pack, as_tier=as_tier)
        unknown = set(rows[0]["unknown"])
        return [Unjudged(*pair, _why(pair, unknown, found)) for pair in pairs]

    return Query("reach/known", decode=decode, parameters={"pack": pack, "members": members})


def _why(pair: Pair, unknown: set[str], found: Known) -> InvalidInput:
    sender, recipient = pair
    if sender == recipient:
        return SameMember(sender)
    for member in pair:
        if member in unknown:
            return UnknownMember(member)
    try:
        refuse_undefined(found)
    except UnknownTier as error:
        return error
    raise GraphChanged("the graph was loaded while it was asked: ask again")
