"""Many senders against many recipients, a row for each pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from graph.driver.database import Database
from graph.errors import UnknownMember
from graph.questions.diagnosis import diagnosis, unknown_members
from graph.questions.unlocks import UnlockAction, unlocks
from graph.questions.verdicts import Match, matches
from graph.world import World
from linkreach.member_lists import MemberList
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

PAIRS_AT_ONCE = 1_000
UNLOCKS_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A pair in short, and the cheapest action of the sender's that opens it, where that was asked for."""

    match: Match
    unlock: UnlockAction | None


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
    database: Database,
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
        unknown = tuple(database.read(unknown_members(_ids(senders, recipients))))
    else:
        require_members(database, senders, recipients)
    nobody = frozenset(unknown)
    everyone = [pair for pair in product(senders.ids, recipients.ids) if nobody.isdisjoint(pair)]
    pairs = [(sender, recipient) for sender, recipient in everyone if sender != recipient]
    database.read(diagnosis(world))
    found = list(_matches(database, pairs, world, progress))
    opened: list[UnlockAction | None] = [None] * len(found)
    if with_unlocks:
        closed = [place for place, each in enumerate(found) if not each.reachable]
        for place, action in zip(
            closed, _cheapest(database, [found[at] for at in closed], world, progress), strict=True
        ):
            opened[place] = action
    rows = tuple(MatchedPair(each, action) for each, action in zip(found, opened, strict=True))
    return Matched(rows, len(everyone) - len(pairs), unknown)


def require_members(database: Database, *lists: MemberList) -> None:
    """Returns where every id of these lists is a member's; raises UnknownMember with all that are not."""
    if unknown := database.read(unknown_members(_ids(*lists))):
        places = {id: place for each in reversed(lists) for id, place in each.places.items()}
        raise UnknownMember(*unknown, places=places)


def _ids(*lists: MemberList) -> list[str]:
    """Every id of these lists once."""
    return list(dict.fromkeys(id for each in lists for id in each.ids))


def _matches(database: Database, pairs: Sequence[tuple[str, str]], world: World, progress: Progress) -> Iterator[Match]:
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        progress("judging pairs", start, len(pairs))
        yield from database.read(matches(pairs[start : start + PAIRS_AT_ONCE], world))


def _cheapest(
    database: Database, closed: Sequence[Match], world: World, progress: Progress
) -> Iterator[UnlockAction | None]:
    for start in range(0, len(closed), UNLOCKS_AT_ONCE):
        progress("looking for unlocks", start, len(closed))
        pairs = [(each.sender, each.recipient) for each in closed[start : start + UNLOCKS_AT_ONCE]]
        for each in database.read(unlocks(pairs, world, names=1)):
            yield each.actions[0] if each.actions else None
