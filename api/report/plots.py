"""Bars on the page to send, as parts/bars.js draws them, and those of each report: its most telling numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from api.phrases import REASON_WORDS, percent
from api.report.leading import Called, leading

if TYPE_CHECKING:
    import pandas as pd

BARS = 15
BINS = 12


class Series(Struct, frozen=True):
    """One number of each bar."""

    label: str
    values: list[float]


class Plot(Struct, frozen=True, kw_only=True):
    """Bars, a group of them for each label; `heading` is what the labels are, `unit` what is counted.

    `lying`: from left to right, for labels that are long; `stacked`: the series of a label one on the other.
    """

    caption: str
    heading: str
    unit: str
    labels: list[str]
    series: list[Series]
    lying: bool = False
    stacked: bool = False


def lying_bars(
    caption: str,
    heading: str,
    unit: str,
    labels: list[str],
    series: Mapping[str, list[float]],
    *,
    stacked: bool = False,
) -> Plot | None:
    """Bars from left to right, of series by what they are called; None where there is no label."""
    if not labels:
        return None
    bars = [Series(words, values) for words, values in series.items()]
    return Plot(caption=caption, heading=heading, unit=unit, labels=labels, series=bars, lying=True, stacked=stacked)


def plot(report: str, frame: pd.DataFrame, called: Called) -> Plot | None:
    """The bars of a report; None where there is nothing to draw."""
    found = PLOTS[report](frame, called) if report in PLOTS else None
    return found if found is not None and found.labels else None


def _member_reach(frame: pd.DataFrame, _called: Called) -> Plot:
    names = {
        "reach_now_free": "Reach so many without paying",
        "reached_by_now_free": "Are reached by so many who do not pay",
    }
    largest = max((int(frame[name].max()) for name in names), default=0) if len(frame) else 0
    width = -(-(largest + 1) // BINS)
    bins = range(0, largest + 1, width)
    counts = {name: (frame[name] // width).value_counts() for name in names}
    return Plot(
        caption="How many members reach, and are reached by, how many others without paying",
        heading="Others who are reached, or reach them",
        unit="members",
        labels=[f"{start:,}" if width == 1 else f"{start:,}–{start + width - 1:,}" for start in bins],
        series=[
            Series(label, [int(counts[name].get(place, 0)) for place in range(len(bins))])
            for name, label in names.items()
        ],
    )


def _tier_reach(frame: pd.DataFrame, _called: Called) -> Plot | None:
    if frame["mean"].isna().any():
        return None
    names = {"mean": "Mean", "median": "Median", "p90": "90th percentile"}
    return Plot(
        caption="Members whom a member writes to directly, as if everybody were on the tier",
        heading="Tier",
        unit="members",
        labels=frame["tier"].to_list(),
        series=[Series(label, [round(float(value), 4) for value in frame[name]]) for name, label in names.items()],
    )


def _denials(frame: pd.DataFrame, _called: Called) -> Plot:
    rows = leading("denials", frame[frame["pairs"] > 0])
    return Plot(
        caption="Pairs that no free channel joins, by what denies them",
        heading="Reason",
        unit="ordered pairs",
        labels=[REASON_WORDS[code] for code in rows["reason"]],
        series=[
            Series("All such pairs", rows["pairs"].to_list()),
            Series("Only this stands in the way", rows["pairs_alone"].to_list()),
        ],
        lying=True,
    )


def _bridges(column: str, kind: str) -> Callable[[pd.DataFrame, Called], Plot]:
    return _most(
        f"{column}_bridges",
        column,
        {"pairs_only_here": "Nothing else joins", "pairs_no_degree": "Without a degree"},
        f"{kind} that join the most pairs whom nothing else joins",
        "unordered pairs",
    )


def _lapse(frame: pd.DataFrame, called: Called) -> Plot:
    draw = _most(
        "lapse",
        "member",
        {"direct_after": "Kept", "lost": "Lost"},
        "Members who would lose the most recipients",
        "recipients",
        stacked=True,
    )
    return draw(frame.assign(lost=frame["direct_now"] - frame["direct_after"]), called)


def _unknowns(frame: pd.DataFrame, called: Called) -> Plot:
    rows = frame.head(BARS)
    return Plot(
        caption="Facts of members on which the most pairs rest",
        heading="Member and fact",
        unit="ordered pairs",
        labels=[
            f"{called.name('member', member) or member}: {fact}"
            for member, fact in zip(rows["member"], rows["fact"], strict=True)
        ],
        series=[Series("Pairs that are not certain", rows["pairs"].to_list())],
        lying=True,
    )


def _most(
    report: str, column: str, series: Mapping[str, str], caption: str, unit: str, *, stacked: bool = False
) -> Callable[[pd.DataFrame, Called], Plot]:
    """Draws the rows that lead a report, of those that have any of its measure."""

    def draw(frame: pd.DataFrame, called: Called) -> Plot:
        rows = leading(report, frame)
        rows = rows[(rows[[*series]] > 0).any(axis=1)].head(BARS)
        return Plot(
            caption=caption,
            heading=column.capitalize(),
            unit=unit,
            labels=[called.name(column, id) or id for id in rows[column]],
            series=[Series(label, rows[name].to_list()) for name, label in series.items()],
            lying=True,
            stacked=stacked,
        )

    return draw


PLOTS: Mapping[str, Callable[[pd.DataFrame, Called], Plot | None]] = {
    "member_reach": _member_reach,
    "tier_reach": _tier_reach,
    "group_bridges": _bridges("group", "Groups"),
    "page_bridges": _bridges("page", "Company pages"),
    "denials": _denials,
    "lapse": _lapse,
    "gatekeepers": _most(
        "gatekeepers",
        "member",
        {"pairs_only_they_join": "Pairs only they join"},
        "Members who alone join the most pairs",
        "unordered pairs",
    ),
    "quotas": _most(
        "quotas",
        "member",
        {"lost_to_quota": "Lost to what is spent"},
        "Members who lose the most recipients to what is spent",
        "recipients",
    ),
    "unknowns": _unknowns,
}


class Shade(Struct, frozen=True):
    """A cell of the matrix: the share of pairs that are reachable, and how dark it is, 0 to 10."""

    share: str
    title: str
    step: int


class Heat(Struct, frozen=True):
    """The matrix of segments: senders down, recipients across; a cell without pairs is None."""

    segments: list[str]
    rows: list[tuple[str, list[Shade | None]]]


HEAT_AT_MOST = 12


def heat(frame: pd.DataFrame) -> Heat | None:
    """The report segment_matrix as a table with shades; None where it would be too wide to read."""
    segments: Sequence[str] = sorted({*frame["sender_segment"], *frame["recipient_segment"]})
    if not 0 < len(segments) <= HEAT_AT_MOST:
        return None
    cells = {(row.sender_segment, row.recipient_segment): _shade(row) for row in frame.itertuples()}
    return Heat(
        [segment or "no value" for segment in segments],
        [(sender or "no value", [cells.get((sender, recipient)) for recipient in segments]) for sender in segments],
    )


def _shade(row: object) -> Shade:
    share, reachable, pairs = (getattr(row, name) for name in ("share", "reachable", "pairs"))
    return Shade(percent(share), f"{reachable:,} of {pairs:,} pairs", round(share * 10))
