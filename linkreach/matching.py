"""Many senders against many recipients, a row for each pair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

from graph.driver.database import Database
from graph.driver.query import Graph, Query
from graph.errors import InvalidInput, UnknownEngine, UnknownTier
from graph.questions.diagnosis import diagnosis
from graph.questions.introductions import Introductions, Way, WayFilter, introductions
from graph.questions.members import size
from graph.questions.unlocks import Unlock, UnlockAction, unlocks
from graph.questions.verdicts import Match, matches
from graph.rules.redaction import Reader
from graph.world import World
from linkreach.asking import asking, supposed
from linkreach.member_lists import MemberList, members_of, members_within
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

    from graph.snapshot.snapshot import Snapshot
    from linkreach.forms import Form
    from linkreach.matching_at_once import MatchedAtOnce

AUTO, CYPHER, LOCAL = "auto", "cypher", "local"
ENGINES = (AUTO, CYPHER, LOCAL)

# Where both take as long: Cypher judges so many pairs while the other engine starts, and half a pair for each member
# whom that has to read.
CYPHER_UP_TO = 50_000

PAIRS_AT_ONCE = 1_000
UNLOCKS_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A pair in short, what would open it, where it is not reachable, and its best way, where these were asked for."""

    match: Match
    unlock: Unlock | None = None
    introduction: Way | None = None

    @property
    def cheapest(self) -> UnlockAction | None:
        """The action that comes first, where there is one."""
        return self.unlock.actions[0] if self.unlock is not None and self.unlock.actions else None

    def read_by(self, reader: Reader) -> MatchedPair:
        """The same as this reader reads it."""
        unlock = None if self.unlock is None else self.unlock.read_by(reader)
        return replace(self, match=self.match.read_by(reader), unlock=unlock)


@dataclass(frozen=True, slots=True)
class Matched:
    """Every pair in the order of the lists.

    `skipped` pairs were of somebody with themselves; `unknown` are the ids that were left out, for nobody has them.
    """

    pairs: tuple[MatchedPair, ...]
    skipped: int
    unknown: tuple[str, ...] = ()
    introduced: bool = False

    @property
    def frame(self) -> pd.DataFrame:
        """A row a pair, with the columns of the command `match`."""
        return self.form.frame(self.pairs)

    @property
    def form(self) -> Form[MatchedPair]:
        """How a pair is written: with its best way, where that was asked for."""
        from linkreach.forms import MATCH, MATCH_INTRODUCED

        return MATCH_INTRODUCED if self.introduced else MATCH

    def with_introductions(self, ways: Mapping[tuple[str, str], Way]) -> Matched:
        """The same, each pair with its best way, where it has one."""
        return replace(self, pairs=with_their_introductions(self.pairs, ways), introduced=True)

    def frames(self) -> Iterator[pd.DataFrame]:
        """The same in pieces: here in one."""
        yield self.frame

    def __iter__(self) -> Iterator[MatchedPair]:
        return iter(self.pairs)

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return len(self.pairs)

    @property
    def reachable(self) -> int:
        """How many pairs are reachable."""
        return sum(each.match.reachable for each in self.pairs)

    @property
    def possible(self) -> int:
        """How many are not reachable, and possibly are (docs/rules.md, section 6)."""
        return sum(not each.match.reachable and not each.match.certain for each in self.pairs)

    @property
    def reachable_free(self) -> int:
        """How many of those that are reachable are so without a paid channel."""
        return sum(each.match.reachable_free for each in self.pairs)


def match(
    database: Database,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    *,
    engine: str = AUTO,
    with_unlocks: bool = False,
    skip_unknown: bool = False,
    progress: Progress = untold,
) -> Matched | MatchedAtOnce:
    """Judges every sender with every recipient, by the engine that takes less time unless one is chosen.

    Raises UnknownMember with all ids that are nobody's and where they are named, unless they are to be skipped,
    UnknownEngine, InvalidInput where unlocks are asked of the local engine, and what `diagnosis` raises.
    """
    _refuse(engine, with_unlocks)
    with asking(database, world) as graph:
        (senders, recipients), unknown = members_of(graph, senders, recipients, skip_unknown=skip_unknown)
        graph.read(diagnosis(world))
        everyone = len(senders.ids) * len(recipients.ids)
        is_many = engine == AUTO and everyone > CYPHER_UP_TO and everyone > CYPHER_UP_TO + graph.read(size()) // 2
        if with_unlocks or not (engine == LOCAL or is_many):
            pairs = [pair for pair in product(senders.ids, recipients.ids) if pair[0] != pair[1]]
            rows = match_pairs(graph, pairs, world, with_unlocks=with_unlocks, progress=progress)
            return Matched(rows, everyone - len(pairs), unknown)
    from graph.snapshot.projection import project
    from linkreach.matching_at_once import MatchedAtOnce

    snapshot = supposed(project(database, world, progress=progress), world)
    return MatchedAtOnce(snapshot, world, senders.ids, recipients.ids, unknown, progress)


def match_in(
    snapshot: Snapshot,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    *,
    engine: str = AUTO,
    with_unlocks: bool = False,
    skip_unknown: bool = False,
    progress: Progress = untold,
) -> MatchedAtOnce:
    """The same of a saved snapshot and its pack; raises InvalidInput, too, where Cypher is chosen, and UnknownTier."""
    from linkreach.matching_at_once import MatchedAtOnce

    _refuse(engine, with_unlocks)
    if engine == CYPHER or with_unlocks:
        raise InvalidInput("a snapshot is matched by the local engine, and not by Cypher, which finds unlocks")
    if world.as_tier and world.as_tier not in snapshot.pack.tiers:
        raise UnknownTier(world.as_tier, snapshot.pack.name, snapshot.pack.tiers)
    snapshot = supposed(snapshot, world)
    members = {*snapshot.members["id"].to_pylist()}
    (senders, recipients), unknown = members_within(members, senders, recipients, skip_unknown=skip_unknown)
    return MatchedAtOnce(snapshot, world, senders.ids, recipients.ids, unknown, progress)


def _refuse(engine: str, with_unlocks: bool) -> None:
    if engine not in ENGINES:
        raise UnknownEngine(engine, ENGINES)
    if engine == LOCAL and with_unlocks:
        raise InvalidInput("what would open a pair is found by Cypher, and not by the local engine")


def match_pairs(
    graph: Graph,
    pairs: Sequence[tuple[str, str]],
    world: World,
    *,
    with_unlocks: bool = False,
    with_introductions: bool = False,
    progress: Progress = untold,
) -> tuple[MatchedPair, ...]:
    """Judges pairs of members, in their order; raises what `matches` raises."""
    found = list(_matches(graph, pairs, world, progress))
    opened = dict(_unlocks(graph, found, world, progress)) if with_unlocks else {}
    ways = best_told(graph.read(each) for each in best_ways(pairs, world)) if with_introductions else {}
    return with_their_introductions(with_their_unlocks(found, opened), ways)


def with_their_unlocks(found: Sequence[Match], opened: Mapping[tuple[str, str], Unlock]) -> tuple[MatchedPair, ...]:
    """Each pair with what would open it, where that was asked for."""
    return tuple(MatchedPair(each, opened.get((each.sender, each.recipient))) for each in found)


def with_their_introductions(
    pairs: Sequence[MatchedPair], ways: Mapping[tuple[str, str], Way]
) -> tuple[MatchedPair, ...]:
    """Each pair with its best way, where it has one."""
    return tuple(replace(each, introduction=ways.get((each.match.sender, each.match.recipient))) for each in pairs)


def best_ways(pairs: Sequence[tuple[str, str]], world: World) -> list[Query[Introductions]]:
    """What asks for the best way of each of these pairs, one by one."""
    return [introductions(*pair, world, WayFilter(1)) for pair in dict.fromkeys(pairs)]


def best_told(answers: Iterable[Introductions]) -> dict[tuple[str, str], Way]:
    """The best way of each pair that has one."""
    return {(found.sender, found.recipient): found.ways[0] for found in answers if found.ways}


def _matches(graph: Graph, pairs: Sequence[tuple[str, str]], world: World, progress: Progress) -> Iterator[Match]:
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        progress("judging pairs", start, len(pairs))
        yield from graph.read(matches(pairs[start : start + PAIRS_AT_ONCE], world))


def _unlocks(
    graph: Graph, found: Sequence[Match], world: World, progress: Progress
) -> Iterator[tuple[tuple[str, str], Unlock]]:
    closed = closed_pairs(found)
    for start in range(0, len(closed), UNLOCKS_AT_ONCE):
        progress("looking for unlocks", start, len(closed))
        some = closed[start : start + UNLOCKS_AT_ONCE]
        opened = graph.read(unlocks(some, world, names=1))
        yield from zip(some, opened, strict=True)


def closed_pairs(found: Sequence[Match]) -> list[tuple[str, str]]:
    """The pairs that are not reachable, each once: those that an unlock is asked for."""
    return list(dict.fromkeys((each.sender, each.recipient) for each in found if not each.reachable))
