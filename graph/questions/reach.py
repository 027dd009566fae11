"""Everybody whom one member reaches, or who reaches them: a list, a page of it, counts (docs/rules.md, section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.questions.diagnosis import diagnosis
from graph.world import World

EVERYTHING = 2**62  # more than there can be, and one more still is a number to Neo4j


@dataclass(frozen=True, slots=True)
class ReachFilter:
    """Which of those who are reached are wanted.

    `channels`: at least one of these is open, of any kind; none named: at least one of kind message, request or paid.
    `max_degree` 1 to 3: nobody farther away, and nobody without a degree.
    `possible`: those, too, who are not reached and possibly are (docs/rules.md, section 6); their `channels` are empty.
    """

    channels: tuple[str, ...] = ()
    max_degree: int | None = None
    possible: bool = False


@dataclass(frozen=True, slots=True)
class PageBounds:
    """The part of a list that a page holds: at most `limit` rows, of members after the id `after`.

    It looks at `window` members and no more, so that a page costs a page also where few are reached.
    """

    after: str = ""
    limit: int = EVERYTHING
    window: int = EVERYTHING


@dataclass(frozen=True, slots=True)
class Reached:
    """The other member of a pair that is reached: the degree (1, 2, 3 or None) and the open channels asked for.

    `certain`: whether that holds whatever is not known.
    """

    member: str
    degree: int | None
    channels: tuple[str, ...]
    certain: bool


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
class ReachCounts:
    """How many others: `reach_now` and `reach_now_free` as in the report member_reach, `channels` those of the pack."""

    member: str
    reach_now: int
    reach_now_free: int
    channels: dict[str, int]


def reach(member: str, world: World, wanted: ReachFilter = ReachFilter()) -> Query[list[Reached]]:
    """Everybody whom a member reaches, by degree (none last), then id by code point.

    Raises, when it is read, what `diagnosis` raises.
    """
    return _reach("reach/reach", "recipient", member, world, wanted)


def reached_by(member: str, world: World, wanted: ReachFilter = ReachFilter()) -> Query[list[Reached]]:
    """Everybody who reaches a member, like `reach`; the world's tier is that of every sender."""
    return _reach("reach/reached_by", "sender", member, world, wanted)


def reach_page(
    member: str, world: World, wanted: ReachFilter = ReachFilter(), bounds: PageBounds = PageBounds()
) -> Query[Page]:
    """Some of those whom a member reaches, in the order of ids; raises like `reach`."""
    return _page("reach/reach_page", "recipient", member, world, wanted, bounds)


def reached_by_page(
    member: str, world: World, wanted: ReachFilter = ReachFilter(), bounds: PageBounds = PageBounds()
) -> Query[Page]:
    """Some of those who reach a member, like `reach_page`."""
    return _page("reach/reached_by_page", "sender", member, world, wanted, bounds)


def reach_counts(member: str, world: World) -> Query[ReachCounts]:
    """How many a member reaches, by each channel; raises like `reach`."""

    def decode(rows: Sequence[Row]) -> ReachCounts:
        values = {row["measure"]: row["value"] for row in rows}
        free, now = values.pop("reach_now_free"), values.pop("reach_now")
        channels = {measure.removeprefix("open_"): count for measure, count in values.items()}
        return ReachCounts(member, now, free, channels)

    return Query(
        "reach/reach_counts",
        decode=decode,
        parameters={"member": member, **world.parameters},
        expected_rows=1,
        diagnosis=diagnosis(world, members=[member]),
    )


def _reach(name: str, other: str, member: str, world: World, wanted: ReachFilter) -> Query[list[Reached]]:
    return Query(
        name,
        decode=lambda rows: _in_order(rows, f"{other}s"),
        parameters=_parameters(member, world, wanted),
        expected_rows=1,
        diagnosis=diagnosis(world, members=[member], channels=wanted.channels),
    )


def _page(name: str, other: str, member: str, world: World, wanted: ReachFilter, bounds: PageBounds) -> Query[Page]:
    def decode(rows: Sequence[Row]) -> Page:
        if not rows:
            return Page((), None, None)
        last = rows[-1]
        goes_on = last["window_ends"] or len(rows) == bounds.limit
        reached = _reached([row for row in rows if row["listed"]], other)
        return Page(tuple(reached), last[other] if goes_on else None, last["version"])

    return Query(
        name,
        decode=decode,
        parameters={
            **_parameters(member, world, wanted),
            "after": bounds.after,
            "limit": bounds.limit,
            "window": bounds.window,
        },
        expected_rows=1,
        diagnosis=diagnosis(world, members=[member], channels=wanted.channels),
    )


def _parameters(member: str, world: World, wanted: ReachFilter) -> dict[str, object]:
    return {
        "member": member,
        **world.parameters,
        "asked_channels": list(wanted.channels),
        "max_degree": wanted.max_degree or 0,
        "possible": wanted.possible,
    }


def _in_order(rows: Sequence[Row], others: str) -> list[Reached]:
    """A row of those of whom the same is so makes one of each; these by degree (none last), then id by code point."""
    return [
        Reached(member, degree, channels, certain)
        for degree, some in groupby(rows, key=lambda row: row["degree"])
        for member, channels, certain in sorted(
            (member, tuple(row["channels"]), row["certain"]) for row in some for member in row[others]
        )
    ]


def _reached(rows: Sequence[Row], other: str) -> list[Reached]:
    return [Reached(row[other], row["degree"], tuple(row["channels"]), row["certain"]) for row in rows]
