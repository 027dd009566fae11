"""Introductions of many: the best ways from a team to each of a list, and the best of each pair, from a snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from analysis.bulk.ways import Way as RowWay
from analysis.bulk.ways import Ways
from analysis.spreading import Candidate, chosen
from graph.errors import InvalidInput, UnknownMember
from graph.questions.diagnosis import diagnosis
from graph.questions.introductions import Tie, Way, WayFilter, refuse_ends
from graph.snapshot.projection import project
from linkreach.asking import asking, supposed
from linkreach.matching import best_told, best_ways
from linkreach.member_lists import MemberList, members_of
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

    from graph.driver.database import Database
    from graph.snapshot.snapshot import Snapshot
    from graph.world import World

CYPHER_UP_TO = 50  # pairs; to read the whole graph first takes longer for so few


@dataclass(frozen=True, slots=True)
class RecipientWays:
    """The ways from a team to one recipient, the best first."""

    recipient: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class TeamIntroductions:
    """The ways to each recipient, in the order of their list; each member counts once, wherever they are named twice.

    `skipped` pairs were of somebody with themselves; `repeated` are members whom a list names more than once;
    `unknown` are the ids that were left out, for nobody has them.
    """

    recipients: tuple[RecipientWays, ...]
    skipped: int
    repeated: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[RecipientWays]:
        return iter(self.recipients)

    @property
    def without(self) -> tuple[str, ...]:
        """The recipients to whom no way leads."""
        return tuple(each.recipient for each in self.recipients if not each.ways)

    @property
    def asked(self) -> dict[str, int]:
        """How many recipients each first introducer would be asked for, the most first, then by id."""
        times = Counter(member for each in self.recipients for member in {way.via[0] for way in each.ways})
        return dict(sorted(times.items(), key=lambda item: (-item[1], item[0])))

    @property
    def frame(self) -> pd.DataFrame:
        """A row a way, with the columns of the command `introduce`."""
        from linkreach.forms import WAYS_TO

        return WAYS_TO.frame(self.recipients)


def introduce_team(
    database: Database,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    wanted: WayFilter,
    *,
    at_most: int | None = None,
    skip_unknown: bool = False,
    progress: Progress = untold,
) -> TeamIntroductions:
    """The best ways over all senders to each recipient (docs/rules.md, section 9).

    `at_most`: nobody is the first introducer of more ways than that; then those are chosen whose strengths add up to
    the most.
    Raises InvalidInput, EndAsIntroducer, UnknownMember with all ids that are nobody's, unless they are to be skipped,
    and what `project` raises.
    """
    if at_most is not None and at_most < 1:
        raise InvalidInput("an introducer is asked once at least")
    with asking(database, world) as graph:
        (senders, recipients, named), unknown = members_of(
            graph, senders, recipients, MemberList(wanted.named), skip_unknown=skip_unknown, needed=wanted.named
        )
        graph.read(diagnosis(world))
    wanted = wanted.naming(named.ids)
    refuse_ends(wanted, senders.ids + recipients.ids)
    team, targets = list(dict.fromkeys(senders.ids)), list(dict.fromkeys(recipients.ids))
    snapshot = supposed(project(database, world, progress=progress), world)
    ways = team_ways(snapshot, team, targets, world, wanted, at_most=at_most, progress=progress)
    repeated = [id for each in (senders, recipients) for id, times in Counter(each.ids).items() if times > 1]
    return TeamIntroductions(ways, len({*team} & {*targets}), tuple(dict.fromkeys(repeated)), unknown)


def team_ways(
    snapshot: Snapshot,
    team: Sequence[str],
    targets: Sequence[str],
    world: World,
    wanted: WayFilter,
    *,
    at_most: int | None = None,
    progress: Progress = untold,
) -> tuple[RecipientWays, ...]:
    """The ways from a team to each of its targets, in their order, in the snapshot of what a world is about.

    `team` and `targets` are ids of members, each once. `at_most`: as in `introduce_team`. Raises UnknownMember where
    the snapshot has them not.
    """
    finder = _Finder(snapshot, world, wanted, progress)
    if at_most is None:
        found = [ways[: wanted.most] for ways in finder.best(team, targets, wanted.most)]
    else:
        # So many introducers can have been asked as often as they may be, by all recipients together; whoever has that
        # many better ones to choose from, and as many as are wanted, needs no other.
        enough = wanted.most + wanted.most * len(targets) // at_most
        found = finder.best(team, targets, None if wanted.every_way else enough)
        best = [_of_best(ways, enough, wanted.most) for ways in found]
        found = _spread(best, wanted.most, at_most, lambda: progress("choosing ways", 0, None))
    return tuple(RecipientWays(target, finder.told(ways)) for target, ways in zip(targets, found, strict=True))


def best_of_pairs(
    database: Database, pairs: Sequence[tuple[str, str]], world: World, *, progress: Progress = untold
) -> dict[tuple[str, str], Way]:
    """The best way of each of these pairs of members, by sender and recipient; a pair without a way is left out.

    Raises RejectedRow, GraphLoading, and what `project` raises.
    """
    if len(pairs) <= CYPHER_UP_TO:
        with asking(database, world) as graph:
            return best_told(graph.read(each) for each in best_ways(pairs, world))
    snapshot = supposed(project(database, world, progress=progress), world)
    finder = _Finder(snapshot, world, WayFilter(1), progress)
    best: dict[tuple[str, str], Way] = {}
    by_recipient = groupby(sorted(dict.fromkeys(pairs), key=lambda pair: pair[1]), key=lambda pair: pair[1])
    for recipient, group in by_recipient:
        senders = [sender for sender, _ in group]
        for sender, ways in zip(senders, finder.of_pairs(senders, recipient), strict=True):
            if ways:
                best[sender, recipient] = finder.told(ways)[0]
    return best


class _Finder:
    """Finds ways between members by id, in a snapshot."""

    def __init__(self, snapshot: Snapshot, world: World, wanted: WayFilter, progress: Progress) -> None:
        self._ids: list[str] = snapshot.members["id"].to_pylist()
        self._row = {id: row for row, id in enumerate(self._ids)}
        self._ways = Ways(snapshot, world)
        self._wanted = wanted
        self._progress = progress

    def of_pairs(self, senders: Sequence[str], recipient: str) -> list[list[RowWay]]:
        """For each sender the best ways to a recipient."""
        return self._to(recipient, senders, self._wanted.most)

    def best(self, senders: Sequence[str], recipients: Sequence[str], most: int | None) -> list[list[RowWay]]:
        """For each recipient the best ways of each sender, all in order; `most` None: all of them."""
        place = {row: number for number, row in enumerate(self._rows_of(senders))}
        found = []
        for done, recipient in enumerate(recipients):
            self._progress("looking for ways", done, len(recipients))
            ways = [way for of_sender in self._to(recipient, senders, most) for way in of_sender]
            found.append(sorted(ways, key=lambda way: (*way.place, place[way.sender])))
        return found

    def told(self, ways: Sequence[RowWay]) -> tuple[Way, ...]:
        """The ways by ids, each with its ties."""
        return tuple(
            Way(
                tuple(self._ids[row] for row in way.members),
                way.strength / 1_000_000,
                tuple(self._tie(one, other) for one, other in pairwise(way.members)),
            )
            for way in ways
        )

    def _tie(self, one: int, other: int) -> Tie:
        return Tie(self._ids[one], self._ids[other], *self._ways.tie(one, other))

    def _rows_of(self, members: Sequence[str]) -> list[int]:
        """Raises UnknownMember: who was there when the lists were read may be gone by now."""
        if unknown := [member for member in members if member not in self._row]:
            raise UnknownMember(*unknown)
        return [self._row[member] for member in members]

    def _to(self, recipient: str, senders: Sequence[str], most: int | None) -> list[list[RowWay]]:
        [to] = self._rows_of([recipient])
        return self._ways.to(
            to,
            self._rows_of(senders),
            most=most,
            through=self._rows_of(self._wanted.through),
            without=self._rows_of(self._wanted.without),
            every_way=self._wanted.every_way,
        )


def _of_best(ways: list[RowWay], introducers: int, of_each: int) -> list[RowWay]:
    """The ways over so many first introducers, those with the best ones, and of each the best few."""
    kept: list[RowWay] = []
    times: Counter[int] = Counter()
    for way in ways:
        if (way.first in times or len(times) < introducers) and times[way.first] < of_each:
            times[way.first] += 1
            kept.append(way)
    return kept


def _spread(
    found: list[list[RowWay]], of_recipient: int, of_introducer: int, watch: Callable[[], None]
) -> list[list[RowWay]]:
    """Those of all ways to each recipient that are chosen together."""
    everything = [(number, way) for number, ways in enumerate(found) for way in ways]
    candidates = [Candidate(number, way.first, way.strength) for number, way in everything]
    spread: list[list[RowWay]] = [[] for _ in found]
    for place in chosen(candidates, of_recipient=of_recipient, of_introducer=of_introducer, watch=watch):
        number, way = everything[place]
        spread[number].append(way)
    return spread
