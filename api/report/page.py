"""A page to send: reports as one HTML file that asks nothing of anybody, and opens from a disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from msgspec import to_builtins

from analysis.columns import Column
from analysis.reports import REPORTS
from api.output import shown
from api.report.findings import findings
from api.report.leading import MEASURES, ROWS_SHOWN, Called, called_in, leading
from api.report.plots import Heat, Plot, heat, plot
from linkreach.naming import ID_COLUMNS

if TYPE_CHECKING:
    from linkreach.naming import Names
    from linkreach.reporting import Reported

ROWS_PRINTED = 30  # page.css has it, too

_HERE = Path(__file__).parent
_PAGE = _HERE.parent / "page" / "static"

_ASKED = {
    "pack": "Rule pack",
    "at": "Instant",
    "graph_version": "Version of the graph",
    "by": "Segments by",
    "engine": "Computed by",
    "program_version": "Version of linkreach",
    "pack_hash": "Hash of the pack",
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the rows that are shown."""

    name: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One report on the page; `link` leads to its CSV, where there is one."""

    name: str
    title: str
    question: str
    sentences: Sequence[str]
    plot: Plot | None
    heat: Heat | None
    caption: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]
    declared: Sequence[Column]
    link: str | None

    @property
    def drawing(self) -> Markup:
        """What the script draws, as JSON that ends no element."""
        return htmlsafe_json_dumps(to_builtins(self.plot))


def report_page(done: Reported, *, ask_names: Callable[..., Names], links: Mapping[str, str]) -> str:
    """The page; `links` leads from each report to its CSV, relative to the page, where there are files."""
    frames = {name: _without_names(frame) for name, frame in done.frames.items()}
    called = called_in(frames, ask_names)
    sentences = findings(frames, called)
    sections = [_section(name, frames[name], sentences[name], called, links.get(name)) for name in frames]
    style = "\n".join(path.read_text("utf-8") for path in (_PAGE / "style.css", _HERE / "page.css"))
    library, script = _chart_library(), (_HERE / "page.js").read_text("utf-8")
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html").render(
        title=sections[0].title if len(sections) == 1 else "Who can reach whom",
        asked=[*_asked(done.manifest)],
        sections=sections,
        printed=ROWS_PRINTED,
        policy=_policy(scripts=[library, script], style=style),
        style=Markup(style),
        chart_library=Markup(library),
        script=Markup(script),
    )


def _section(name: str, frame: pd.DataFrame, sentences: Sequence[str], called: Called, link: str | None) -> Section:
    report = REPORTS[name]
    rows = leading(name, frame).head(ROWS_SHOWN)
    return Section(
        name=name,
        title=report.title,
        question=report.question,
        sentences=[shown(each) for each in sentences],
        plot=plot(name, frame, called),
        heat=heat(frame) if name == "segment_matrix" else None,
        caption=_caption(name, len(frame)),
        columns=[TableColumn(str(column), pd.api.types.is_numeric_dtype(rows[column])) for column in rows],
        rows=[[_cell(str(column), value, called) for column, value in row.items()] for row in rows.to_dict("records")],
        declared=report.columns,
        link=link,
    )


def _caption(name: str, rows: int) -> str:
    many = f"{rows:,} row" if rows == 1 else f"{rows:,} rows"
    first = f"the {ROWS_SHOWN} first of {many}" if rows > ROWS_SHOWN else many
    return (
        f"{first.capitalize()}, those with most {MEASURES[name].words} first"
        if name in MEASURES
        else first.capitalize()
    )


def _cell(column: str, value: Any, called: Called) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, float):
        return f"{value:,.4f}"
    return shown(called(column, value)) if isinstance(value, str) else f"{value:,}"


def _without_names(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the columns of names that files may have: here they stand beside the ids."""
    return frame.drop(columns=[f"{column}_name" for column in ID_COLUMNS], errors="ignore")


def _asked(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the reports were made from, by the words for it."""
    rest = {key: value for key, value in manifest.items() if key != "rows"}
    for key, words in _ASKED.items():
        yield words, shown(str(rest.pop(key)))
    for key, value in rest.items():
        told = value.get("name", value) if isinstance(value, Mapping) else value
        yield key.capitalize(), shown(str(told))


def _chart_library() -> str:
    """Chart.js without the line that leads developers' tools to another file."""
    text = (_PAGE / "vendor" / "chart.js" / "chart.umd.min.js").read_text("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//# sourceMappingURL="))


def _policy(*, scripts: Sequence[str], style: str) -> str:
    """What the browser may run and fetch: these scripts and this style, and nothing from anywhere."""
    ours = " ".join(_source(each) for each in scripts)
    return f"default-src 'none'; script-src {ours}; style-src {_source(style)}; base-uri 'none'; form-action 'none'"


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
