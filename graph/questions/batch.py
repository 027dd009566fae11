"""Many pairs in one query, where a pair that cannot be judged stops none of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.driver.connection import Row
from graph.driver.query import Graph, Query
from graph.errors import GraphChanged, InvalidInput, SameMember, UnknownMember, UnknownTier
from graph.questions.diagnosis import pack_asked, refuse_undefined_tiers
from graph.questions.verdicts import Verdict, verdicts
from graph.rules.loaded_pack import LoadedPack
from graph.world import World

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A pair that has no verdict, and why."""

    sender: str
    recipient: str
    error: InvalidInput


Judged = Verdict | Unjudged


def judge(graph: Graph, pairs: Sequence[Pair], world: World) -> list[Judged]:
    """Every pair in the order asked: its verdict, or why it has none. Raises what `unjudged` raises."""
    found = graph.read(judged(pairs, world))
    missing = [pair for pair in dict.fromkeys(pairs) if pair not in found]
    reasons = graph.read(unjudged(missing, world)) if missing else []
    why = {(each.sender, each.recipient): each for each in reasons}
    return [found.get(pair) or why[pair] for pair in pairs]


def judged(pairs: Sequence[Pair], world: World) -> Query[dict[Pair, Verdict]]:
    """The verdicts on all pairs that have one; of somebody with themselves there is none."""
    asked = list(dict.fromkeys((sender, recipient) for sender, recipient in pairs if sender != recipient))
    query = verdicts(asked, world).map(lambda found: {(each.sender, each.recipient): each for each in found})
    return Query(query.name, decode=query.decode, parameters=query.parameters)


def unjudged(pairs: Sequence[Pair], world: World) -> Query[list[Unjudged]]:
    """Why these pairs have no verdict.

    Raises, when it is read, GraphLoading, UnknownPack, UnknownTier of the tier asked as, and GraphChanged.
    """
    members = list(dict.fromkeys(member for pair in pairs for member in pair))

    def decode(rows: Sequence[Row]) -> list[Unjudged]:
        pack = pack_asked(rows[0], world)
        return [Unjudged(*pair, _why(pair, rows[0], pack)) for pair in pairs]

    return Query("reach/known", decode=decode, parameters={"pack": world.pack, "members": members})


def _why(pair: Pair, row: Row, pack: LoadedPack) -> InvalidInput:
    sender, recipient = pair
    if sender == recipient:
        return SameMember(sender)
    if unknown := [member for member in pair if member in row["unknown"]]:
        return UnknownMember(*unknown)
    try:
        refuse_undefined_tiers(row, pack)
    except UnknownTier as error:
        return error
    raise GraphChanged("the graph was loaded while it was asked")
