"""What differs between two worlds, for people: in sentences made from the numbers, and as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.differences import DIRECTIONS, PAIRS, TABLES
from api.differences import world_words
from api.phrases import REASON_WORDS, counted, listed, percent, reason
from api.report.leading import NAMED, Called, called_in, leading
from api.report.page import Page, section
from api.report.plots import BARS, Plot, lying_bars
from graph.rules.redaction import AUDITOR

if TYPE_CHECKING:
    import pandas as pd

    from linkreach.differing import Differed
    from linkreach.naming import AskNames

_NOTE = Markup("Counts are of what is stored. Pairs are ordered: from a sender to a recipient.")
_QUESTIONS = {
    "diff_members": "Who reaches more or fewer than before, and is reached by more or fewer?",
    "diff_causes": "What denies the pairs that are lost, and what denied those that are gained?",
    "diff_segments": "Between which segments are pairs gained and lost?",
    "diff_pairs": "Which pairs do the members gain and lose who gain or lose most?",
}
_CAUSED = {
    "gained": "Most that is gained was denied before by",
    "lost": "Most is lost by",
}
_PLOTTED = {
    "gained": "Pairs that are gained, by what denied them before",
    "lost": "Pairs that are lost, by what denies them after",
}
_CHANGED = {
    "gained": "Reaches now",
    "lost": "Reaches no longer",
    "reached_by_gained": "Is now reached by",
    "reached_by_lost": "Is no longer reached by",
}


def difference_findings(differed: Differed, called: Called) -> tuple[list[str], dict[str, list[str]]]:
    """The sentences about all pairs, and those about each table."""
    if differed.same:
        return ["Nothing differs: the two worlds are the same."], {}
    frames = differed.differences.frames(AUDITOR)
    return [*_totals(differed)], {
        "diff_members": [*_members(frames["diff_members"], called)],
        "diff_causes": [*_causes(frames["diff_causes"])],
        "diff_segments": [*_segments(frames["diff_segments"])],
    }


def difference_page(differed: Differed, *, ask_names: AskNames, links: Mapping[str, str]) -> Page:
    """The page; `links` leads from each table to its CSV, relative to the page, where there are files."""
    frames = {**differed.differences.frames(AUDITOR), PAIRS.name: differed.examples}
    called = called_in(frames, ask_names)
    finding, sentences = difference_findings(differed, called)
    plots = {
        "diff_members": [_plot_of_members(frames["diff_members"], called)],
        "diff_causes": [_plot_of_causes(frames["diff_causes"], direction) for direction in DIRECTIONS],
        "diff_segments": [_plot_of_segments(frames["diff_segments"])],
    }
    return Page(
        title="What differs",
        lead="Which pairs two worlds gain and lose, and what causes it.",
        asked=[*_asked(differed.manifest)],
        finding=finding,
        note=_NOTE,
        sections=[
            section(
                name,
                frames[name],
                called,
                title=table.title if name in TABLES else "Some of the pairs that change",
                question=_QUESTIONS[name],
                sentences=sentences.get(name, ()),
                declared=table.columns,
                plots=plots.get(name, ()),
                link=links.get(name),
            )
            for name, table in {**TABLES, PAIRS.name: PAIRS}.items()
        ],
    )


# In sentences


def _totals(differed: Differed) -> Iterator[str]:
    totals, free = differed.differences.totals, " without paying" if differed.manifest["free"] else ""
    yield f"Reachable{free}: {counted(totals.reachable_before, 'pair')} before, {totals.reachable_after:,} after."
    share = f", {percent(totals.lost / totals.reachable_before)} of those before" if totals.lost else ""
    yield f"Lost: {_so_many(totals.lost)}{share}."
    yield f"Gained: {_so_many(totals.gained)}."


def _members(frame: pd.DataFrame, called: Called) -> Iterator[str]:
    for verb, gained, lost in (("reach", "gained", "lost"), ("are reached by", "reached_by_gained", "reached_by_lost")):
        changes = (frame[gained] + frame[lost]).sort_values(ascending=False, kind="stable")
        changing = frame.loc[changes[changes > 0].index]
        if changing.empty:
            continue
        most = [
            f"{called('member', row['member'])} ({row[gained]:,} gained, {row[lost]:,} lost)"
            for row in changing.head(NAMED).to_dict("records")
        ]
        changed = f"{len(changing):,} of {counted(len(frame), 'member')}"
        yield f"{changed} {verb} others than before; most changes for {listed(most)}."


def _causes(frame: pd.DataFrame) -> Iterator[str]:
    for direction in ("lost", "gained"):
        for most in _of(frame, direction).head(1).to_dict("records"):
            pairs, alone = counted(most["pairs"], "pair"), most["pairs_alone"]
            yield f"{_CAUSED[direction]} {reason(most['reason'])}: {pairs}, {alone:,} of them by it alone."


def _segments(frame: pd.DataFrame) -> Iterator[str]:
    for cell in leading("diff_segments", frame).head(1).to_dict("records"):
        yield f"Most changes from {_cell(cell)}: {cell['gained']:,} gained, {cell['lost']:,} lost."


def _so_many(pairs: int) -> str:
    return counted(pairs, "pair") if pairs else "no pair"


def _of(causes: pd.DataFrame, direction: str) -> pd.DataFrame:
    return leading("diff_causes", causes[causes["direction"] == direction])


def _cell(row: Mapping[Any, Any]) -> str:
    return " to ".join(row[f"{side}_segment"] or "no value" for side in ("sender", "recipient"))


def _asked(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The two worlds, and what they were compared by."""
    for side in ("before", "after"):
        world = manifest[side]
        yield side.capitalize(), f"{world_words(world)}; version {world['graph_version']} of the graph"
    yield "Reachable", "without paying" if manifest["free"] else "also by InMail"
    yield "Segments by", manifest["by"]
    yield "Computed by", manifest["engine"]
    yield "Version of linkreach", manifest["program_version"]
    for side in ("before", "after"):
        yield f"Hash of the pack {side}", manifest[side]["pack_hash"]


# As bars


def _plot_of_members(frame: pd.DataFrame, called: Called) -> Plot | None:
    rows = leading("diff_members", frame[frame[[*_CHANGED]].sum(axis=1) > 0]).head(BARS)
    return lying_bars(
        "Members for whom most changes",
        "Member",
        "members",
        [called.name("member", id) or id for id in rows["member"]],
        {words: rows[name].to_list() for name, words in _CHANGED.items()},
        stacked=True,
    )


def _plot_of_causes(frame: pd.DataFrame, direction: str) -> Plot | None:
    rows = _of(frame, direction)
    return lying_bars(
        _PLOTTED[direction],
        "Reason",
        "ordered pairs",
        [REASON_WORDS[code] for code in rows["reason"]],
        {"All such pairs": rows["pairs"].to_list(), "Only this stands in the way": rows["pairs_alone"].to_list()},
    )


def _plot_of_segments(frame: pd.DataFrame) -> Plot | None:
    rows = leading("diff_segments", frame).head(BARS)
    return lying_bars(
        "Segments between which most changes",
        "Sender and recipient",
        "ordered pairs",
        [_cell(row) for row in rows.to_dict("records")],
        {"Gained": rows["gained"].to_list(), "Lost": rows["lost"].to_list()},
        stacked=True,
    )
