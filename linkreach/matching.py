"""Many senders against many recipients, a row for each pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from graph.driver.database import Database
from graph.errors import UnknownMember
from graph.questions.diagnosis import diagnosis, unknown_members
from graph.questions.unlocks import UnlockAction, unlock
from graph.questions.verdicts import Match, matches
from graph.world import World
from linkreach.member_lists import MemberList
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

PAIRS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """A pair in short, and the cheapest action of the sender's that opens it, where that was asked for."""

    match: Match
    unlock: UnlockAction | None


@dataclass(frozen=True, slots=True)
class Matched:
    """Every pair in the order of the lists; `skipped` pairs were of somebody with themselves."""

    pairs: tuple[MatchedPair, ...]
    skipped: int

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
    unlocks: bool = False,
    progress: Progress = untold,
) -> Matched:
    """Judges every sender with every recipient.

    Raises UnknownMember with all ids that are nobody's and where they are named, and what `diagnosis` raises.
    """
    everyone = list(product(senders.ids, recipients.ids))
    pairs = [(sender, recipient) for sender, recipient in everyone if sender != recipient]
    require_members(database, senders, recipients)
    database.read(diagnosis(world))
    found = list(_matches(database, pairs, world, progress))
    opened: list[UnlockAction | None] = [None] * len(found)
    if unlocks:
        for place, each in enumerate(found):
            progress("looking for unlocks", place, len(found))
            opened[place] = _cheapest(database, each, world)
    rows = tuple(MatchedPair(each, action) for each, action in zip(found, opened, strict=True))
    return Matched(rows, len(everyone) - len(pairs))


def require_members(database: Database, *lists: MemberList) -> None:
    """Returns where every id of these lists is a member's; raises UnknownMember with all that are not."""
    ids = list(dict.fromkeys(id for each in lists for id in each.ids))
    if unknown := database.read(unknown_members(ids)):
        places = {id: place for each in reversed(lists) for id, place in each.places.items()}
        raise UnknownMember(*unknown, places=places)


def _matches(database: Database, pairs: Sequence[tuple[str, str]], world: World, progress: Progress) -> Iterator[Match]:
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        progress("judging pairs", start, len(pairs))
        yield from database.read(matches(pairs[start : start + PAIRS_AT_ONCE], world))


def _cheapest(database: Database, pair: Match, world: World) -> UnlockAction | None:
    if pair.reachable:
        return None
    actions = database.read(unlock(pair.sender, pair.recipient, world)).actions
    return actions[0] if actions else None
