"""What differs between two worlds, as tables: whose reach changes, why, and between whom (docs/rules.md, section 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.columns import Column, Unit
from analysis.files import MANIFEST, require_room_for_reports
from graph.errors import InvalidInput
from graph.files.private import STAGING
from graph.rules.redaction import Reader

_LIMIT = re.compile(r"\s*(?P<direction>gained|lost)\s*>\s*(?P<most>[0-9]+(\.[0-9]+)?)\s*(?P<percent>%)?\s*")

DIRECTIONS = ("gained", "lost")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a difference, in the file of its name; `key` says what a row is, `order` how rows are sorted."""

    name: str
    title: str
    key: str
    order: str
    columns: tuple[Column, ...]


TABLES = {
    table.name: table
    for table in (
        Table(
            name="diff_members",
            title="Whose reach changes",
            key="member of either world",
            order="member",
            columns=(
                Column("member", Unit.ID, "the member"),
                Column("reach_before", Unit.MEMBERS, "whom the member reaches in the world before"),
                Column("reach_after", Unit.MEMBERS, "whom the member reaches in the world after"),
                Column("gained", Unit.MEMBERS, "whom the member reaches in the world after alone"),
                Column("lost", Unit.MEMBERS, "whom the member reaches in the world before alone"),
                Column("reached_by_before", Unit.MEMBERS, "who reaches the member in the world before"),
                Column("reached_by_after", Unit.MEMBERS, "who reaches the member in the world after"),
                Column("reached_by_gained", Unit.MEMBERS, "who reaches the member in the world after alone"),
                Column("reached_by_lost", Unit.MEMBERS, "who reaches the member in the world before alone"),
            ),
        ),
        Table(
            name="diff_causes",
            title="What causes it",
            key="direction, reason; those that occur",
            order="direction, then the order of the rules",
            columns=(
                Column("direction", Unit.TEXT, "gained or lost"),
                Column("reason", Unit.TEXT, "of a gained pair a reason before, of a lost one a reason after"),
                Column("pairs", Unit.PAIRS, "ordered pairs of that direction of which it stands"),
                Column("pairs_alone", Unit.PAIRS, "of these, pairs some channel of which has no other reason"),
            ),
        ),
        Table(
            name="diff_segments",
            title="Between whom",
            key="sender_segment, recipient_segment; those with a gained or lost pair",
            order="sender_segment, recipient_segment",
            columns=(
                Column("sender_segment", Unit.TEXT, "the sender's value of the column before, else after"),
                Column("recipient_segment", Unit.TEXT, "the recipient's value"),
                Column("gained", Unit.PAIRS, "ordered pairs reachable after, and not before"),
                Column("lost", Unit.PAIRS, "ordered pairs reachable before, and not after"),
            ),
        ),
    )
}

PAIRS = Table(
    name="diff_pairs",
    title="Every pair that changes",
    key="sender, recipient",
    order="sender, recipient",
    columns=(
        Column("sender", Unit.ID, "the sender"),
        Column("recipient", Unit.ID, "the recipient"),
        Column("direction", Unit.TEXT, "gained or lost"),
        Column("channels", Unit.TEXT, "the channels open in the world where the pair is reachable, joined by ;"),
        Column("reasons", Unit.TEXT, "why these are denied in the other world, joined by ;"),
    ),
)


class Totals(NamedTuple):
    """Ordered pairs: reachable in each world, and those of them that are reachable in one alone."""

    reachable_before: int
    reachable_after: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs: a frame for each of TABLES, and the totals.

    `withheld_causes` are the causes as those read them who may not know of a block.
    """

    totals: Totals
    members: pd.DataFrame
    causes: pd.DataFrame
    withheld_causes: pd.DataFrame
    segments: pd.DataFrame

    def frames(self, reader: Reader) -> dict[str, pd.DataFrame]:
        """The tables by name, as this reader reads them."""
        causes = self.causes if reader.audits else self.withheld_causes
        return dict(zip(TABLES, (self.members, causes, self.segments), strict=True))


def require_room_for_differences(folder: Path, *others: Path) -> None:
    """Returns where the tables can be written into a folder, which may hold older ones, and `others` beside them.

    Raises InvalidInput where it holds anything else, and leaves nothing behind.
    """
    beside = (each.name for each in others if each.parent.resolve() == folder.resolve())
    files = {MANIFEST, *(f"{name}.csv" for name in TABLES), *beside}
    if folder.exists() and not folder.is_dir():
        raise InvalidInput(f"{folder} is not a folder: choose another one")
    there = [path.name for path in folder.iterdir()] if folder.exists() else []
    if any(name not in files and not name.startswith(STAGING) for name in there):
        raise InvalidInput(f"{folder} holds something else than a difference: choose another folder")
    require_room_for_reports(folder, TABLES)


@dataclass(frozen=True, slots=True)
class Limit:
    """More than so many gained or lost pairs, or than such a share of those reachable before: `lost>0.5%`."""

    text: str
    direction: str
    most: Decimal
    is_percentage: bool

    @classmethod
    def read(cls, text: str) -> Limit:
        """The limit of a text; raises InvalidInput where it says none."""
        found = _LIMIT.fullmatch(text)
        if found is None:
            raise InvalidInput(f"{text!r} is no limit of gained or lost pairs: say lost>100 or lost>0.5%")
        return cls(text, found["direction"], Decimal(found["most"]), bool(found["percent"]))

    def is_exceeded(self, totals: Totals) -> bool:
        """Whether there are more; of no pairs that were reachable any pair is more."""
        pairs = getattr(totals, self.direction)
        if not self.is_percentage:
            return bool(pairs > self.most)
        return bool(100 * pairs > self.most * totals.reachable_before)
