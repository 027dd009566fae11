"""Neo4j Browser: saved queries that are the product's own, each true and each drawn; a style; a guide."""

from __future__ import annotations

import csv
import io
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest
from neo4j.graph import Node
from neo4j.graph import Path as GraphPath
from playwright.sync_api import Browser, expect, sync_playwright

from graph.driver.connection import Address
from graph.driver.database import Database
from graph.driver.query import Query
from graph.driver.statements import names, statement
from graph.instants import read_instant
from graph.server.browser import QUERIES, STYLE, TOPICS, queries_zip, saved_query, style
from graph.server.server import RunningServer
from tests.page.neo4j_browser import Neo4jBrowser
from tests.support.paths import GOLDEN, ROOT
from tests.support.terminal import PROGRAM, Answer

PICTURE = ROOT / "docs" / "neo4j-browser.png"
SAVED = [name for names_ in TOPICS.values() for name in names_]
A_FEW = [
    "browser/kinds",
    "browser/ways",
    "browser/opened_by_tier",
    "browser/group_bridge",
    "bridge/groups",
    "browser/pack",
]
AT = read_instant("2026-06-01T00:00:00Z")  # of the golden reports

Rows = list[dict[str, Any]]

expect.set_options(timeout=120_000)  # a slow machine is no failure


def golden(name: str) -> dict[str, dict[str, str]]:
    """The rows of a golden report by their first column."""
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def drawn(value: Any) -> set[str]:
    """The nodes that Browser draws of a value."""
    match value:
        case Node():
            return {value.element_id}
        case GraphPath():
            return {node.element_id for node in value.nodes}
        case list():
            return {node for each in value for node in drawn(each)}
        case _:
            return set()


@pytest.fixture(scope="module")
def answers(module_sample: Database, address: Address) -> dict[str, list[neo4j.Record]]:
    """What every saved query gives on the sample network, run as it stands."""
    assert module_sample
    with neo4j.GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    ) as driver:
        return {name: driver.execute_query(saved_query(name), database_=address.database).records for name in SAVED}


@pytest.fixture(scope="module")
def ask(module_sample: Database) -> Callable[..., Rows]:
    """Asks a statement of the sample network, at the instant of the golden reports."""

    def asked(name: str, **parameters: Any) -> Rows:
        return module_sample.read(Query(f"browser/{name}", decode=list, parameters=parameters))

    return asked


def ends(rows: Rows) -> set[tuple[str, str]]:
    """The ids at both ends of each path."""
    return {(row["path"].start_node["id"], row["path"].end_node["id"]) for row in rows}


# The queries


def test_every_statement_for_browser_is_saved_once_and_each_has_a_title_of_its_own() -> None:
    assert sorted(set(SAVED)) == sorted(SAVED)
    assert {name for name in names() if name.startswith("browser/")} <= {*SAVED}
    assert len(SAVED) == len({statement(name).title for name in SAVED})


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_runs_as_it_stands_and_has_an_answer(name: str, answers: dict[str, list[neo4j.Record]]) -> None:
    assert answers[name]
    assert list(statement(name).columns) == answers[name][0].keys()


def test_the_pairs_of_a_group_or_a_page_are_those_of_the_report(ask: Callable[..., Rows]) -> None:
    for report, kind in (("group_bridges", "group"), ("page_bridges", "page")):
        rows = sorted(golden(report).values(), key=lambda row: -int(row["pairs_only_here"]))
        for row in (*rows[:5], rows[-1]):
            pairs = ends(ask(f"{kind}_bridge", at=AT, **{kind: row[kind]}))
            assert int(row["pairs_only_here"]) == len(pairs)


def test_the_pairs_of_a_gatekeeper_are_those_of_the_report(ask: Callable[..., Rows]) -> None:
    rows = golden("gatekeepers")
    for member in list(rows)[::10]:
        assert int(rows[member]["pairs_only_they_join"]) == len(ends(ask("gatekeeper", member=member)))


def test_degrees_and_what_a_tier_opens_are_those_of_the_report(ask: Callable[..., Rows]) -> None:
    rows = golden("member_reach")
    for member in list(rows)[::10]:
        counts = {f"degree_{degree}": 0 for degree in (1, 2, 3)}
        for row in ask("degrees", member=member, max_degree=3):
            counts[f"degree_{row['degree']}"] += 1
            assert row["degree"] == len(row["path"].relationships)
        assert {name: rows[member][name] for name in counts} == {name: str(count) for name, count in counts.items()}
        if rows[member]["effective_tier"] == "free":
            opened = ask("opened_by_tier", sender=member, as_tier="business", at=AT, pack="article")
            gained = int(rows[member]["direct_as_business"]) - int(rows[member]["direct_as_free"])
            assert gained == len(opened)


def test_the_denied_are_those_at_degree_2_whom_the_member_does_not_reach(
    ask: Callable[..., Rows], module_sample: Database
) -> None:
    for member in list(golden("member_reach"))[::40]:
        asked = {"member": member, "at": AT, "pack": "article", "as_tier": "", "asked_channels": []}
        bounds = {"max_degree": 2, "possible": False}
        reached = module_sample.read(Query("reach/reach", decode=list, parameters={**asked, **bounds}))
        denied = ends(ask("denied", sender=member, at=AT, pack="article"))
        degree_2 = int(golden("member_reach")[member]["degree_2"])
        assert degree_2 == len(denied) + sum(len(row["recipients"]) for row in reached if row["degree"] == 2)
        assert not {id for row in reached for id in row["recipients"]} & {recipient for _, recipient in denied}


def test_ways_are_as_many_as_mutuals_where_the_degree_is_2(answers: dict[str, list[neo4j.Record]]) -> None:
    ways, mutuals = (
        [[node["id"] for node in record["path"].nodes] for record in answers[name]]
        for name in ("browser/ways", "browser/mutuals")
    )
    assert 16 == len(ways)
    assert ways == mutuals


def test_the_browser_of_a_neo4j_of_ones_own_is_not_ours_to_open(
    linkreach: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKREACH_NEO4J_URI", "bolt://127.0.0.1:1")
    answer = linkreach("neo4j", "browser")
    assert (2, "") == answer[:2]
    assert "LINKREACH_NEO4J_URI is set: open the Browser of that server" in answer.err


# The files


def test_the_files_are_written_for_any_browser_without_a_server(linkreach: Callable[..., Answer], desk: Path) -> None:
    answer = linkreach("neo4j", "browser", "--files", "for-browser")
    assert (0, f"for-browser/{QUERIES}\nfor-browser/{STYLE}\n") == answer[:2]
    assert style() == (desk / "for-browser" / STYLE).read_text(encoding="utf-8")
    assert queries_zip() == (desk / "for-browser" / QUERIES).read_bytes()
    with zipfile.ZipFile(io.BytesIO(queries_zip())) as archive:
        folders = [name.partition("/")[0] for name in archive.namelist()]
    assert list(TOPICS) == list(dict.fromkeys(folders))


# In Chromium


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])  # root has no sandbox
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def opened(
    chromium: Browser, server: RunningServer, answers: object, tmp_path_factory: pytest.TempPathFactory
) -> Neo4jBrowser:
    """Neo4j Browser, with the files dropped onto it."""
    assert answers
    folder = tmp_path_factory.mktemp("files")
    (folder / QUERIES).write_bytes(queries_zip())
    (folder / STYLE).write_text(style(), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    opened = Neo4jBrowser.opened(page, server)
    opened.drop(folder / STYLE)
    opened.drop(folder / QUERIES)
    return opened


@pytest.fixture(scope="module")
def folders(opened: Neo4jBrowser) -> dict[str, list[str]]:
    return opened.favorites()


def test_the_zip_becomes_folders_of_saved_queries(folders: dict[str, list[str]]) -> None:
    expected = {topic: sorted(statement(name).title for name in names_) for topic, names_ in TOPICS.items()}
    assert expected == {topic: sorted(titles) for topic, titles in folders.items() if topic in TOPICS}


@pytest.mark.parametrize("name", SAVED)
@pytest.mark.usefixtures("folders")
def test_a_saved_query_is_drawn_whole_or_is_a_table(
    name: str, opened: Neo4jBrowser, answers: dict[str, list[neo4j.Record]], pytestconfig: pytest.Config
) -> None:
    if name not in A_FEW and not pytestconfig.getoption("--every-saved-query"):
        pytest.skip("a few in every run, all with --every-saved-query")
    frame = opened.run_saved(statement(name).title)
    nodes = {node for record in answers[name] for value in record.values() for node in drawn(value)}
    expect(frame.locator("g.node")).to_have_count(len(nodes))
    if not nodes:
        expect(frame.locator("tbody tr")).to_have_count(len(answers[name]))


@pytest.mark.usefixtures("folders")
def test_members_have_the_colour_and_the_caption_of_the_style(opened: Neo4jBrowser, renew: bool) -> None:
    frame = opened.run_saved(statement("browser/opened_by_tier").title)
    member = re.search(r"node\.Member \{.*?color: (#\w+);", style(), re.DOTALL)
    assert member is not None
    expect(frame.locator("g.node").first.locator("circle.b-outline")).to_have_attribute("fill", member[1])
    expect(frame.locator("g.node").filter(has_text="free").first).to_be_visible()
    if renew:
        opened.page.screenshot(path=PICTURE)
    assert PICTURE.stat().st_size < 300_000


def _listen_to_interrupts() -> None:
    """Whoever runs the tests may have told us not to, as shells do to what they leave in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_guide_has_slides_whose_queries_are_the_saved_ones(chromium: Browser, server: RunningServer) -> None:
    command = [str(PROGRAM), "--home", str(server.folder.parent), "neo4j", "browser", "--guide"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=_listen_to_interrupts
    ) as guide:
        assert guide.stdout is not None
        url = next(line.partition(":guide ")[2].strip() for line in guide.stdout if ":guide " in line)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        Neo4jBrowser.opened(page, server, f"{server.browser_url}?cmd=guide&arg={url}")
        drawer = page.get_by_test_id("guidesDrawer")
        expect(drawer).to_contain_text("Who can reach whom?")
        drawer.locator(".runnable").click()
        page.get_by_test_id("editor-Run").click()
        expect(page.get_by_test_id("frameContents").first).to_contain_text("node.Member")
        shown = []
        while drawer.get_by_role("button", name="Next").is_enabled():
            drawer.get_by_role("button", name="Next").click()
            expect(drawer.locator("h1").last).to_contain_text("?")
            shown += [code.strip() for code in drawer.locator(".runnable").all_inner_texts()]
        guide.send_signal(signal.SIGINT)
    assert 0 == guide.returncode
    saved = {saved_query(name).strip() for name in SAVED}
    assert len(shown) >= 8
    assert [] == [code for code in shown if code not in saved]
