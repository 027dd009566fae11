"""The page to send: one file that asks nothing of anybody, and is written where it may be and nowhere else."""

from __future__ import annotations

import csv
import html
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from analysis.differences import TABLES
from analysis.reports import REPORTS
from api.main import run
from api.report.file import write_page
from api.report.leading import ROWS_SHOWN, no_names
from api.report.plan import plan_page
from linkreach.planning import Wishes
from tests.page.browser import NARROW, WIDE, chromium, needs_chromium
from tests.rules.case_files import read_pack
from tests.rules.oracle import Pack
from tests.support.ldbc import ldbc_network
from tests.support.plans import planned
from tests.support.snapshots import snapshot_of

NOWHERE = "bolt://127.0.0.1:1"
MARKUP = "<script>alert(1)</script><b>bold</b>"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample network as a saved snapshot."""
    network = ldbc_network()
    folder = tmp_path_factory.mktemp("snapshot") / "saved"
    snapshot_of(network, Pack.of(read_pack("article"))).save(folder)
    return folder


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing here needs a graph: one that was asked would not answer."""
    for name in [name for name in os.environ if name.startswith("LINKREACH_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LINKREACH_NEO4J_URI", NOWHERE)
    monkeypatch.setenv("LINKREACH_HOME", str(tmp_path / "home"))


def reported(snapshot: Path, folder: Path, *options: str, name: str = "all") -> Path:
    """The page of all reports, and their files beside it."""
    page = folder / "report.html"
    at = ("--at", "2026-06-01")
    assert 0 == run(["report", name, "--snapshot", str(snapshot), "--html", str(page), *at, *options])
    return page


@pytest.fixture(scope="module")
def page_file(snapshot: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LINKREACH_NEO4J_URI", NOWHERE)
        return reported(snapshot, folder, "--out", str(folder / "the reports"))


@pytest.fixture(scope="module")
def pages(page_file: Path, snapshot: Path) -> dict[str, Path]:
    """A page of each kind: of all reports, of a difference, and of a plan."""
    difference, plan = (page_file.with_name(f"{name}.html") for name in ("difference", "plan"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LINKREACH_NEO4J_URI", NOWHERE)
        assert 0 == run(["diff", "--snapshot", str(snapshot), "--to-pack", "linkedin-help", "--html", str(difference)])
    network = ldbc_network()
    ids = sorted(network.members)
    found = planned(network, Pack.of(read_pack("linkedin-help")), ids[:4], ids[100:160], Wishes(budget=3))
    write_page(plan, plan_page(found, ask_names=no_names, links={}).html())
    return {"reports": page_file, "difference": difference, "plan": plan}


# The file


def test_the_page_is_made_of_a_snapshot_without_a_server_and_is_its_owners_alone(page_file: Path) -> None:
    assert 0o600 == stat.S_IMODE(page_file.stat().st_mode)
    text = html.unescape(page_file.read_text("utf-8"))
    assert [REPORTS[name].title for name in REPORTS] == re.findall(
        r'<h2 id="\w+-heading">(?!The finding)(.+)</h2>', text
    )


def test_the_same_question_gives_the_same_bytes(snapshot: Path, tmp_path: Path) -> None:
    first, second = (reported(snapshot, tmp_path, name="tier_reach").read_bytes() for _ in range(2))
    assert first == second


def test_links_lead_to_the_files_beside_it_and_there_are_none_without(
    page_file: Path, snapshot: Path, tmp_path: Path
) -> None:
    links = re.findall(r'<a class="button" href="([^"]+)"', page_file.read_text("utf-8"))
    assert [f"the%20reports/{name}.csv" for name in REPORTS] == links
    alone = reported(snapshot, tmp_path, name="denials").read_text("utf-8")
    assert ".csv" not in re.sub(r"<(script|style)>.*?</\1>", "", alone, flags=re.DOTALL)


def test_a_page_of_estimates_says_what_they_are_from(snapshot: Path, tmp_path: Path) -> None:
    text = html.unescape(reported(snapshot, tmp_path, "--sample", "200", name="member_reach").read_text("utf-8"))
    assert "drawn from the seed 1" in text
    assert "estimates from a sample" in text
    assert re.findall(r"\([\d,]+ others\)", text)
    assert [] == re.findall(r"\([\d,]+\.\d+ others\)", text)


def test_a_page_of_ours_is_replaced_and_nothing_else_is(
    snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = reported(snapshot, tmp_path, name="tier_reach")
    assert page == reported(snapshot, tmp_path, name="denials")
    assert "What keeps pairs apart" in page.read_text("utf-8")
    others = tmp_path / "index.html"
    others.write_text("<!doctype html>\n<title>Mine</title>", "utf-8")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    for place, problem in (
        (others, "is there and is no report of linkreach: choose another name"),
        (tmp_path, "Is a directory"),
        (tmp_path / "pipe", "it is a pipe and no file"),
        (tmp_path / "file" / "report.html", "Not a directory"),
        (Path("/proc/report.html"), "the page cannot be written to /proc/report.html"),
    ):
        capsys.readouterr()
        # The graph is at no address: had anything been computed, that would have been the error.
        for typed in (
            ["report", "all"],
            ["diff", "--to-as-tier", "career"],
            ["plan", "--senders", "team.txt", "--recipients", "targets.txt"],
        ):
            assert 2 == run([*typed, "--html", str(place)])
            error = capsys.readouterr().err
            assert problem in error
            assert NOWHERE not in error
            assert 1 == error.count("\n")
    assert "<!doctype html>\n<title>Mine</title>" == others.read_text("utf-8")


def test_somewhere_to_write_to_has_to_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    lists = ["--senders", "team.txt", "--recipients", "targets.txt"]
    for typed in (["report", "all"], ["diff"], ["plan", *lists]):
        assert 2 == run(typed)
        assert "--out DIR, or --html FILE" in capsys.readouterr().err
    assert 2 == run(["plan", *lists, "--invest", "3", "--html", "page.html"])
    assert "a page is of a plan" in capsys.readouterr().err


def test_a_page_of_a_difference_may_lie_beside_its_tables(snapshot: Path, tmp_path: Path) -> None:
    typed = ["diff", "--snapshot", str(snapshot), "--to-as-tier", "career", "--out", str(tmp_path / "diff")]
    page = tmp_path / "diff" / "page.html"
    for _ in range(2):
        assert 0 == run([*typed, "--html", str(page)])
    links = re.findall(r'<a class="button" href="([^"]+)"', page.read_text("utf-8"))
    assert [f"{name}.csv" for name in TABLES] == links


def test_texts_of_the_network_are_no_markup(tmp_path: Path) -> None:
    network = ldbc_network()
    for member in [*network.members][:3]:
        network.members[member]["city"] = MARKUP
    folder = tmp_path / "saved"
    snapshot_of(network, Pack.of(read_pack("article")), "city").save(folder)
    text = reported(folder, tmp_path, name="segment_matrix").read_text("utf-8")
    assert MARKUP not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;bold&lt;/b&gt;" in text


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, pages: dict[str, Path]) -> Iterator[Any]:
    """Opens a page from the disk. In the end it has asked for nothing else, and nothing has gone wrong in it."""
    contexts, addresses, asked, wrong = [], [], [], []

    def open_page(name: str = "reports", size: tuple[int, int] = WIDE, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        context.set_default_timeout(300_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text))
        addresses.append(pages[name].as_uri())
        page.goto(addresses[-1])
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert addresses == asked
    assert [] == wrong


@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide light", "narrow dark"])
@pytest.mark.parametrize("name", ["reports", "difference", "plan"])
def test_nobody_trips_over_the_page(opened: Any, name: str, size: tuple[int, int], scheme: str) -> None:
    page = opened(name, size, scheme)
    violations = Axe().run(page).response["violations"]
    assert [] == [(each["id"], each["nodes"][0]["html"]) for each in violations]
    assert size[0] == page.evaluate("document.documentElement.scrollWidth")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 22, 24)"
    assert (scheme == "dark") == dark


@needs_chromium
def test_charts_are_drawn_and_tables_have_the_rows_of_the_files(opened: Any, page_file: Path) -> None:
    for name, at_least in (("difference", 3), ("plan", 3), ("reports", 7)):
        page = opened(name)
        charts = page.locator("canvas").count()
        assert charts >= at_least
        assert charts == page.evaluate("[...document.querySelectorAll('canvas')].filter(Chart.getChart).length")
    for name in ("tier_reach", "group_bridges", "gatekeepers"):
        with (page_file.parent / "the reports" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        shown = page.locator(f"#{name}-rows tbody tr")
        assert min(len(rows), ROWS_SHOWN) == shown.count()
        keys = {row[next(iter(row))] for row in rows}
        assert {*page.locator(f"#{name}-rows tbody th").all_inner_texts()} <= keys


@needs_chromium
def test_a_search_leaves_the_rows_that_hold_the_text_and_counts_them(opened: Any) -> None:
    page = opened()
    field = page.locator("#denials-search")
    field.fill("blocked_by")
    visible = page.locator("#denials-rows tbody tr:visible")
    expect(visible).to_have_count(2)
    expect(page.locator("#denials-rows-count")).to_have_text(re.compile(r"2 of \d+ rows"))
    field.fill("")
    assert visible.count() > 2


@needs_chromium
def test_on_paper_the_page_is_light_and_has_the_first_rows_without_fields(opened: Any) -> None:
    page = opened(scheme="dark")
    page.emulate_media(media="print")
    assert "light" == page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    expect(page.locator("#denials-search")).to_be_hidden()
    assert 30 == page.locator("#gatekeepers-rows tbody tr:visible").count()
    expect(page.locator("#gatekeepers-rows .on-paper")).to_have_text("On paper stand the first 30.")
