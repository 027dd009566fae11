"""Many senders against many recipients, a row for each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from graph.driver.query import Graph
from graph.errors import UnknownMember
from graph.questions.diagnosis import diagnosis, unknown_members
from graph.questions.unlocks import Unlock, UnlockAction, unlocks
from graph.questions.verdicts import Match, matches
from graph.rules.redaction import Reader
from graph.spreadsheets import unguarded
from graph.world import World
from linkreach.member_lists import MemberList
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

PAIRS_AT_ONCE = 1_000
UNLOCKS_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A pair in short, and what would open it, where it is not reachable and that was asked for."""

    match: Match
    unlock: Unlock | None = None

    @property
    def cheapest(self) -> UnlockAction | None:
        """The action that comes first, where there is one."""
        return self.unlock.actions[0] if self.unlock is not None and self.unlock.actions else None

    def read_by(self, reader: Reader) -> MatchedPair:
        """The same as this reader reads it."""
        return MatchedPair(self.match.read_by(reader), None if self.unlock is None else self.unlock.read_by(reader))


@dataclass(frozen=True, slots=True)
class Matched:
    """Every pair in the order of the lists.

    `skipped` pairs were of somebody with themselves; `unknown` are the ids that were left out, for nobody has them.
    """

    pairs: tuple[MatchedPair, ...]
    skipped: int
    unknown: tuple[str, ...] = ()

    @property
    def frame(self) -> pd.DataFrame:
        """A row a pair, with the columns of the command `match`."""
        from linkreach.forms import MATCH

        return MATCH.frame(self.pairs)

    @property
    def reachable(self) -> int:
        """How many pairs are reachable."""
        return sum(each.match.reachable for each in self.pairs)

    @property
    def reachable_free(self) -> int:
        """How many of them without a paid channel."""
        return sum(each.match.reachable_free for each in self.pairs)


def match(
    graph: Graph,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    *,
    with_unlocks: bool = False,
    skip_unknown: bool = False,
    progress: Progress = untold,
) -> Matched:
    """Judges every sender with every recipient.

    Raises UnknownMember with all ids that are nobody's and where they are named, unless they are to be skipped,
    and what `diagnosis` raises.
    """
    unknown: tuple[str, ...] = ()
    if skip_unknown:
        (senders, recipients), unknown = known_members(graph, senders, recipients)
    else:
        senders, recipients = members_of(graph, senders, recipients)
    everyone = list(product(senders.ids, recipients.ids))
    pairs = [(sender, recipient) for sender, recipient in everyone if sender != recipient]
    graph.read(diagnosis(world))
    rows = match_pairs(graph, pairs, world, with_unlocks=with_unlocks, progress=progress)
    return Matched(rows, len(everyone) - len(pairs), unknown)


def match_pairs(
    graph: Graph,
    pairs: Sequence[tuple[str, str]],
    world: World,
    *,
    with_unlocks: bool = False,
    progress: Progress = untold,
) -> tuple[MatchedPair, ...]:
    """Judges pairs of members, in their order; raises what `matches` raises."""
    found = list(_matches(graph, pairs, world, progress))
    opened = dict(_unlocks(graph, found, world, progress)) if with_unlocks else {}
    return with_their_unlocks(found, opened)


def with_their_unlocks(found: Sequence[Match], opened: Mapping[tuple[str, str], Unlock]) -> tuple[MatchedPair, ...]:
    """Each pair with what would open it, where that was asked for."""
    return tuple(MatchedPair(each, opened.get((each.sender, each.recipient))) for each in found)


def members_of(graph: Graph, *lists: MemberList) -> tuple[MemberList, ...]:
    """The lists with the id of a member in each place; raises UnknownMember with all that are nobody's.

    An id that is nobody's and that a CSV of ours would have with a `'` before it means the one without.
    """
    known, unknown = known_members(graph, *lists)
    if unknown:
        places = {id: place for each in reversed(lists) for id, place in each.places.items()}
        raise UnknownMember(*unknown, places=places)
    return known


def known_members(graph: Graph, *lists: MemberList) -> tuple[tuple[MemberList, ...], tuple[str, ...]]:
    """The lists as `members_of` gives them, without the ids that are nobody's; and these ids, each once."""
    ids = list(dict.fromkeys(id for each in lists for id in each.ids))
    unknown = graph.read(unknown_members(ids))
    meant = {id: bare for id in unknown if (bare := unguarded(id)) is not None}
    if meant:
        nobodys = graph.read(unknown_members([*meant.values()]))
        meant = {id: bare for id, bare in meant.items() if bare not in nobodys}
    nobody = dict.fromkeys(id for id in unknown if id not in meant)
    known = (MemberList(tuple(meant.get(id, id) for id in each.ids if id not in nobody), each.places) for each in lists)
    return tuple(known), tuple(nobody)


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
