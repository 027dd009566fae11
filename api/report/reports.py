"""The page of reports: each with its question, what it finds, and its first rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis.reports import REPORTS
from api.phrases import listed
from api.report.findings import findings
from api.report.leading import called_in
from api.report.page import Page, Section, section, without_names
from api.report.plots import heat, plot

if TYPE_CHECKING:
    from linkreach.naming import AskNames
    from linkreach.reporting import Reported

_NOTE = Markup("Counts are of what is stored; what of it is certain, the report <code>certainty</code> says.")
_OF_A_SAMPLE = Markup(" They are estimates from a sample, each with its standard error (<code>_se</code>).")

_ASKED = {
    "pack": "Rule pack",
    "at": "Instant",
    "graph_version": "Version of the graph",
    "by": "Segments by",
    "engine": "Computed by",
    "program_version": "Version of linkreach",
    "pack_hash": "Hash of the pack",
}


def report_page(done: Reported, *, ask_names: AskNames, links: Mapping[str, str]) -> Page:
    """The page; `links` leads from each report to its CSV, relative to the page, where there are files."""
    frames = {name: without_names(frame) for name, frame in done.frames.items()}
    called = called_in(frames, ask_names)
    sentences = findings(frames, called)

    def section_of(name: str) -> Section:
        report, frame = REPORTS[name], frames[name]
        return section(
            name,
            frame,
            called,
            title=report.title,
            question=report.question,
            sentences=sentences[name],
            declared=report.columns,
            plots=[plot(name, frame, called)],
            heat=heat(frame) if name == "segment_matrix" else None,
            link=links.get(name),
        )

    sections = [section_of(name) for name in frames]
    return Page(
        title=sections[0].title if len(sections) == 1 else "Who can reach whom",
        lead="Who can reach whom in a professional network, by which channel, and why not.",
        asked=[*_asked(done.manifest)],
        finding=(),
        note=_NOTE + _OF_A_SAMPLE if "sample" in done.manifest else _NOTE,
        sections=sections,
    )


def _asked(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the reports were made from, by the words for it."""
    rest = {key: value for key, value in manifest.items() if key != "rows"}
    for key, words in _ASKED.items():
        yield words, str(rest.pop(key))
    for key, value in rest.items():
        yield key.capitalize(), _told(value)


def _told(value: Any) -> str:
    match value:
        case {"name": name}:  # of a change
            return str(name)
        case {"size": _, "seed": seed, "strata": strata}:
            tiers = [each for each in strata if each["members"]]
            drawn = [f"{each['drawn']:,} of {each['members']:,} on {each['tier']}" for each in tiers]
            return f"{listed(drawn) if drawn else 'nobody'}, drawn from the seed {seed}"
        case _:
            return str(value)
