"""Reports about graphs that are empty, large, full of formulas, or loaded while the report is read."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from analysis.columns import expanded
from analysis.files import csv_text
from analysis.reports import REPORTS, Report
from analysis.runs import Runs
from graph.driver.database import Database
from graph.errors import GraphChanged, InvalidInput, TooLarge
from graph.loading import loading
from graph.questions.cypher_engine import MEMBERS_AT_MOST, CypherEngine
from graph.rules import pack_store
from graph.sources import open_source
from graph.world import World
from tests.rules import case_files
from tests.rules.agreement import product_pack
from tests.support.networks import put, write_native
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = datetime(2026, 6, 1, tzinfo=UTC)
ARTICLE = product_pack(case_files.read_pack("article"))
# How a cell begins that a spreadsheet runs: https://owasp.org/www-community/attacks/CSV_Injection
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠SUM(A1)"]
PLAIN = ["a", "a=1", "a\r=1", "'=1", "1", " =1"]


def engine(database: Database, *, force: bool = False) -> CypherEngine:
    return CypherEngine(database, World(AT, "article"), progress=lambda *_: None, force=force)


def members(ids: list[str]) -> dict[str, dict[str, object]]:
    return {id: {} for id in ids}


# An empty graph


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_about_nobody_has_its_declared_columns_and_types(report: Report, database: Database) -> None:
    database.write(pack_store.save_pack(ARTICLE))
    asked = engine(database)
    frame = report.run(asked)
    columns = expanded(report.columns, tiers=asked.pack.tiers, channels=asked.pack.channels)
    assert {column.name: column.unit.dtype for column in columns} == {
        name: str(dtype) for name, dtype in frame.dtypes.items()
    }
    assert [column.name for column in columns] == csv_text(frame).splitlines()[0].split(",")


# A large graph


def test_more_members_than_a_thousand_are_refused_unless_forced(
    database: Database, linkreach: Typed, desk: Path
) -> None:
    ids = [f"m{number}" for number in range(MEMBERS_AT_MOST + 1)]
    put(database, desk / "network", {"members": members(ids[:-1])}, ARTICLE)
    engine(database)
    put(database, desk / "network", {"members": members(ids[-1:])}, ARTICLE)
    with pytest.raises(TooLarge, match="1,001 members make 1,001,000 pairs"):
        engine(database)

    asked = ("report", "group_bridges", "--out", "reports", "--engine", "cypher")
    refused = linkreach(*asked)
    assert (2, "") == (refused.code, refused.out)
    assert "above 1,000; use --engine local, or say --force and have patience" in refused.err
    assert not (desk / "reports").exists()
    assert 0 == linkreach(*asked, "--force").code
    assert "group,members,pairs,pairs_no_degree,pairs_only_here\n" == (desk / "reports/group_bridges.csv").read_text()


# A load meanwhile


def test_a_load_while_a_report_is_read_makes_it_fail(database: Database, tmp_path: Path) -> None:
    put(database, tmp_path, {"members": members(["a", "b"])}, ARTICLE)
    asked = engine(database)
    REPORTS["member_reach"].run(asked)
    asked.verify_unchanged()
    put(database, tmp_path, {"members": members(["c"])}, ARTICLE)
    with pytest.raises(GraphChanged, match="run the report again"):
        asked.verify_unchanged()
    engine(database).verify_unchanged()


def test_a_pack_replaced_while_a_report_is_read_makes_it_fail(database: Database, tmp_path: Path) -> None:
    put(database, tmp_path, {"members": members(["a", "b"])}, ARTICLE)
    asked = engine(database)
    database.write(pack_store.save_pack(ARTICLE.model_copy(update={"text": ARTICLE.text + "# mine\n"})))
    with pytest.raises(GraphChanged, match="the rule pack was replaced"):
        asked.verify_unchanged()


def test_a_load_that_was_cut_short_lets_no_report_begin_until_it_is_run_again(
    database: Database, linkreach: Typed, desk: Path
) -> None:
    """It is cut short by a file that goes away between the look at the files and the load."""
    write_native(desk / "network", {"members": members(["a", "b"]), "connections": [["a", "b"]]})
    database.write(pack_store.save_pack(ARTICLE))
    source = open_source(desk / "network")
    (desk / "network" / "connections.csv").rename(desk / "away.csv")
    with pytest.raises(InvalidInput):
        loading.load(database, source, tiers=frozenset(), reject=lambda reject: pytest.fail(str(reject)))

    answer = linkreach("report", "member_reach", "--out", "reports")
    assert (2, "") == (answer.code, answer.out)
    assert "a load is under way, or was cut short: let it end, or run it again, then ask again" in answer.err
    assert not (desk / "reports").exists()
    assert re.search("^wrong  graph: a load .*was cut short", linkreach("doctor").out, re.MULTILINE)

    (desk / "away.csv").rename(desk / "network" / "connections.csv")
    assert 0 == linkreach("load", "network").code
    assert 0 == linkreach("report", "member_reach", "--out", "reports").code


# Cells


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("table", "report"), [("members", "member_reach"), ("groups", "group_bridges")])
def test_cells_that_a_spreadsheet_would_run_are_prefixed_unless_raw(
    table: str, report: str, linkreach: Typed, desk: Path
) -> None:
    names = sorted(FORMULAS + PLAIN)
    write_native(desk, {"members": members(["a"])})
    with (desk / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["id"], *([name] for name in names)])
    linkreach("load", desk)

    def ids(*options: str) -> list[str]:
        assert 0 == linkreach("report", report, "--out", "reports", *options).code
        with (desk / "reports" / f"{report}.csv").open(encoding="utf-8", newline="") as file:
            return [row[0] for row in csv.reader(file)][1:]

    assert [f"'{name}" if name in FORMULAS else name for name in names] == ids()
    assert names == ids("--raw")


def test_a_carriage_return_begins_no_line_of_its_own() -> None:
    """A spreadsheet would run what stands after it."""
    assert 'id\n"a\r=1"\n"\'\r=1"\n' == csv_text(pd.DataFrame({"id": ["a\r=1", "\r=1"]}))


def test_fractions_have_four_decimals_and_no_value_is_an_empty_cell() -> None:
    frame = pd.DataFrame(
        {
            "id": pd.array(["a", None, "c"], dtype="str"),
            "count": pd.array([1, None, 3], dtype="Int64"),
            "mean": pd.array([1 / 3, None, 1e6], dtype="Float64"),
            "open": [True, False, True],
        }
    )
    assert "id,count,mean,open\na,1,0.3333,true\n,,,false\nc,3,1000000.0000,true\n" == csv_text(frame)


# Files


@pytest.mark.usefixtures("sample")
def test_reports_are_their_owners_alone_and_follow_no_link(linkreach: Typed, desk: Path) -> None:
    (desk / "mine.txt").write_text("mine", "utf-8")
    (desk / "reports").mkdir()
    for name in ("tier_reach.csv.part", "tier_reach.csv"):
        (desk / "reports" / name).symlink_to(desk / "mine.txt")
    before = os.umask(0)
    try:
        assert 0 == linkreach("report", "tier_reach", "--out", "reports").code
        assert 0 == linkreach("report", "tier_reach", "--out", "new/reports").code
    finally:
        os.umask(before)
    assert "mine" == (desk / "mine.txt").read_text("utf-8")
    made = [desk / "reports" / "tier_reach.csv", desk / "reports" / "manifest.json", *(desk / "new").rglob("*")]
    assert [0] * len(made) == [each.lstat().st_mode & 0o077 for each in made]


@pytest.mark.usefixtures("sample")
def test_where_reports_cannot_be_written_nothing_is_computed(linkreach: Typed, desk: Path) -> None:
    (desk / "reports").mkdir()
    os.mkfifo(desk / "reports" / "tier_reach.csv")
    refused = linkreach("report", "tier_reach", "--out", "reports")
    assert (2, "") == (refused.code, refused.out)
    assert "linkreach: reports cannot be written into reports: it is a pipe and no file\n" == refused.err


# Runs on disk


@pytest.mark.parametrize(("kept", "left"), [(1, [3]), (2, [2, 3]), (5, [1, 2, 3])])
def test_so_many_runs_are_kept_as_are_wanted(kept: int, left: list[int], tmp_path: Path) -> None:
    runs = Runs(tmp_path, files=(), kept=kept)
    for _ in range(3):
        runs.finish("lapse", runs.begin("lapse"), {}, {})
    assert left == runs.finished("lapse")
