"""The registry of reports, and what its reports say about the sample network, byte for byte."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pytest

from analysis.columns import Unit
from analysis.reports import REPORTS, Report
from graph.driver import schema
from graph.driver.database import Database
from tests.rules import case_files, oracle
from tests.rules.agreement import oracle_report
from tests.rules.oracle import Pack, Row
from tests.support.ldbc import ldbc_network
from tests.support.paths import DOCS, GOLDEN
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

PAGE = DOCS / "reports.md"
AT = "2026-06-01T00:00:00Z"

PREFACE = """\
# Reports

`linkreach report NAME --out DIR` writes a report about the whole graph, and `report all` every one of them.
This page is written from the registry, `analysis/reports.py`, by `make renew`.

Each report is a file `DIR/NAME.csv`, in UTF-8, with lines that end in a line feed.
The same graph, pack and instant, and for `segment_matrix` the same column, give the same bytes.
Means and shares have 4 decimals, percentiles are by nearest rank, and no value is an empty cell.
Ids and texts are in the order of their code points.
A cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return might be run by a spreadsheet.
It gets a `'` before it; `--raw` leaves it as it is.
Beside the files, `manifest.json` says what they were made from.
That is the version of the graph, the pack and the hash of its text, the instant, the engine, and the rows of each file.

A pair is two different members: sender and recipient, or, where it says so, unordered.
A gone member has a row of zeros, and is left out of means, medians, percentiles and shares.
What reachable, degree, gone and the other words mean is in [the rules](rules.md).
With `--sample N` counts over others are estimated from N recipients, as [the rules](rules.md#11-estimates) say.
A column that is estimated then has 4 decimals, and a column `NAME_se` behind it, with its standard error in 4 digits.
Such an error is empty where nothing is known of it: where one is drawn of more, and of percentiles.
Reports that have no such column count pairs of which a sample of recipients has hardly any, and are not estimated.

A name with `{tier}` stands for a column for each tier of the pack, by rank.
One with `{channel}` stands for a column for each of its channels, in the order of the rules.
"""

each_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


# The registry


@each_report
def test_a_report_says_what_it_answers_what_a_row_is_and_what_each_column_means(report: Report) -> None:
    assert REPORTS[report.name] is report
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", report.name)
    assert report.title
    assert report.question.endswith("?")
    assert report.order
    names = [column.name for column in report.columns]
    assert len(names) == len(set(names))
    assert report.key.split(", ") == names[: report.key.count(",") + 1]
    for column in report.columns:
        assert isinstance(column.unit, Unit)
        assert column.meaning


def test_the_page_of_the_reports_is_that_of_the_registry(renew: bool) -> None:
    """`--renew` writes it."""
    text = page_of(REPORTS.values())
    if renew:
        PAGE.write_text(text, "utf-8")
    assert PAGE.read_text("utf-8") == text


def page_of(reports: Iterable[Report]) -> str:
    lines = PREFACE.splitlines()
    for report in reports:
        estimated = [f"`{column.name}`" for column in report.columns if column.estimated]
        lines += [
            "",
            f"## {report.name}",
            "",
            f"{report.title}.",
            report.question,
            "",
            f"Key of a row: {report.key}.",
            f"Order of the rows: {report.order}.",
            *([f"Estimated from a sample: {', '.join(estimated)}."] if estimated else []),
            "",
            "| column | unit | meaning |",
            "| --- | --- | --- |",
            *(f"| `{column.name}` | {column.unit} | {column.meaning} |" for column in report.columns),
        ]
    return "\n".join(lines) + "\n"


# The sample


@pytest.fixture(scope="module")
def sample(module_sample: Database) -> Database:
    return module_sample


@pytest.mark.parametrize("engine", ["cypher", "local"])
def test_the_reports_of_the_sample_are_the_golden_ones(
    engine: str, linkreach: Typed, sample: Database, renew: bool
) -> None:
    """`--renew` writes those, once each of them is what the oracle says."""
    answer = linkreach("report", "all", "--out", "reports", "--at", AT, "--engine", engine)
    paths = [Path(line) for line in answer.out.splitlines()]
    assert sorted(paths) == sorted(Path("reports").iterdir())
    found = {path.name: path.read_bytes() for path in paths}
    manifest = json.loads(found.pop("manifest.json"))
    if renew:
        network, article = ldbc_network(), Pack.of(case_files.read_pack("article"))
        at = oracle.instant(AT)
        assert at is not None
        for name in REPORTS:
            rows, written = oracle_report(name, network, article, at, "tier"), found[f"{name}.csv"].decode("utf-8")
            assert rows == [] or csv_of(rows) == written, name
            assert len(rows) == written.count("\n") - 1, name
        for name, content in found.items():
            (GOLDEN / name).write_bytes(content)
    assert {path.name: path.read_bytes() for path in sorted(GOLDEN.iterdir())} == dict(sorted(found.items()))
    assert {
        "program_version": version("linkreach"),
        "engine": engine,
        "graph_version": sample.read(schema.state()).version,
        "pack": "article",
        "pack_hash": sha256(files("graph.rules").joinpath("packs", "article.toml").read_bytes()).hexdigest(),
        "at": AT,
        "by": "tier",
        "rows": {name: found[f"{name}.csv"].count(b"\n") - 1 for name in REPORTS},
    } == manifest


def csv_of(rows: list[Row]) -> str:
    """The oracle's rows as a report's file, written by other hands."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: f"{cell:.4f}" if isinstance(cell, float) else cell for name, cell in row.items()} for row in rows
    )
    return text.getvalue()


@pytest.mark.usefixtures("sample")
def test_the_same_run_twice_gives_the_same_bytes(linkreach: Typed) -> None:
    runs = []
    for folder in (Path("first"), Path("second")):
        linkreach("report", "group_bridges", "--out", folder, "--at", AT, "--pack", "linkedin-help")
        runs.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert ["group_bridges.csv", "manifest.json"] == sorted(runs[0])
    assert runs[0] == runs[1]


def test_the_list_has_every_report_with_its_question(linkreach: Typed) -> None:
    lines = [line.split(maxsplit=1) for line in linkreach("report", "list").out.splitlines()]
    assert [[report.name, report.question] for report in REPORTS.values()] == [[a, b.rstrip()] for a, b in lines]
