"""A page to send: one HTML file that asks nothing of anybody, and opens from a disk."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from msgspec import to_builtins

from analysis.columns import Column
from api.output import shown
from api.report.leading import MEASURES, ROWS_SHOWN, Called, leading
from api.report.plots import Heat, Plot
from linkreach.naming import ID_COLUMNS

ROWS_PRINTED = 30  # page.css has it, too

_HERE = Path(__file__).parent
_PAGE = _HERE.parent / "page" / "static"
_IMPORT = re.compile(r'^import .+ from "(?P<module>.+)";$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of the rows that are shown."""

    name: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One table on the page, and what it says; `link` leads to its CSV, where there is one."""

    name: str
    title: str
    question: str
    sentences: Sequence[str]
    plots: Sequence[Plot]
    heat: Heat | None
    caption: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[str]]
    declared: Sequence[Column]
    link: str | None

    @property
    def drawings(self) -> list[Markup]:
        """What the script draws, as JSON that ends no element."""
        return [htmlsafe_json_dumps(to_builtins(each)) for each in self.plots]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page, texts as they are: who asked for what, the finding in short, and the sections.

    `note` is what to know about all of it.
    """

    title: str
    lead: str
    asked: Sequence[tuple[str, str]]
    finding: Sequence[str]
    note: Markup
    sections: Sequence[Section]

    def html(self) -> str:
        """The file."""
        style = "\n".join(path.read_text("utf-8") for path in (_PAGE / "style.css", _HERE / "page.css"))
        library, script = _chart_library(), _with_imports(_HERE / "page.js")
        environment = Environment(
            loader=FileSystemLoader(_HERE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return environment.get_template("page.html").render(
            page=self,
            asked=[(words, shown(value)) for words, value in self.asked],
            finding=[shown(each) for each in self.finding],
            printed=ROWS_PRINTED,
            policy=_policy(scripts=[library, script], style=style),
            style=Markup(style),
            chart_library=Markup(library),
            script=Markup(script),
        )


def section(
    name: str,
    frame: pd.DataFrame,
    called: Called,
    *,
    title: str,
    question: str,
    sentences: Sequence[str],
    declared: Sequence[Column],
    plots: Sequence[Plot | None] = (),
    heat: Heat | None = None,
    link: str | None = None,
) -> Section:
    """A section about a table: the rows that lead it, with people by name."""
    rows = leading(name, frame).head(ROWS_SHOWN)
    numbers = {each.name for each in declared if each.unit.dtype != "str"}
    return Section(
        name=name,
        title=title,
        question=question,
        sentences=[shown(each) for each in sentences],
        plots=[each for each in plots if each is not None],
        heat=heat,
        caption=_caption(name, len(frame)),
        columns=[
            TableColumn(str(column), column in numbers or pd.api.types.is_numeric_dtype(rows[column]))
            for column in rows
        ],
        rows=[[_cell(str(column), value, called) for column, value in row.items()] for row in rows.to_dict("records")],
        declared=declared,
        link=link,
    )


def without_names(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the columns of names that files may have: here they stand beside the ids."""
    return frame.drop(columns=[f"{column}_name" for column in ID_COLUMNS], errors="ignore")


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


def _chart_library() -> str:
    """Chart.js without the line that leads developers' tools to another file."""
    text = (_PAGE / "vendor" / "chart.js" / "chart.umd.min.js").read_text("utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//# sourceMappingURL="))


def _with_imports(module: Path) -> str:
    """A module as one text, with those that it imports in the place where it does: there is no other file to ask."""
    text = module.read_text("utf-8")
    return _IMPORT.sub(lambda found: _with_imports(module.parent / found["module"]), text)


def _policy(*, scripts: Sequence[str], style: str) -> str:
    """What the browser may run and fetch: these scripts and this style, and nothing from anywhere."""
    ours = " ".join(_source(each) for each in scripts)
    return f"default-src 'none'; script-src {ours}; style-src {_source(style)}; base-uri 'none'; form-action 'none'"


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
