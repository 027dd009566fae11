"""Loads from the page: from dropped archives to the first answer, which says what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.rules import vocabulary
from tests.http.service import PATIENCE, Serving, serving
from tests.page.browser import NARROW, WIDE, ask, chromium, needs_chromium, saved, settled, tab
from tests.page.test_page import cells
from tests.support.linkedin import address as profile
from tests.support.linkedin import connections, contact, invitation, write_zip

pytestmark = needs_chromium

UNSURE = {
    "members.csv": (
        "id,name,tier,accepts_from,visibility,assumed\n"
        "ada,Ada,free,anyone,public,\n"
        "ben,Ben,free,anyone,public,accepts_from\n"
        "cy,Cy,free,anyone,public,\n"
        "dee,Dee,free,nobody,public,accepts_from\n"
        "eve,Eve,free,nobody,public,\n"
    ),
    "connections.csv": "a,b\nada,ben\nada,cy\nada,dee\nada,eve\n",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def service(emptied: Callable[[], Database], address: Address, home: Path) -> Iterator[Serving]:
    """A service on loopback, before whose graph nobody has loaded anything."""
    emptied()
    with serving(Options(address, home, deadline=PATIENCE)) as running:
        yield running


@pytest.fixture(scope="module")
def client(service: Serving) -> httpx.Client:
    return service.client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, service: Serving) -> Iterator[Page]:
    with tab(browser, f"http://127.0.0.1:{service.port}") as page:
        yield page


@pytest.fixture
def unsure(client: httpx.Client) -> None:
    """A network of which something is not known, and nothing else."""
    files = [("files", (f"net/{name}", text, "text/csv")) for name, text in UNSURE.items()]
    look_at = client.post("/v1/loads", params={"replace": True}, files=files).headers["location"]
    while (load := client.get(look_at).json())["running"]:
        pass
    assert load["finished"], load


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def explain(page: Page) -> None:
    page.get_by_role("button", name="See what would be read").click()


def load(page: Page) -> None:
    page.get_by_role("button", name="Load", exact=True).click()
    expect(page.get_by_role("heading", name="Loaded; the network is at version")).to_be_visible()
    settled(page)


def require_accessible(page: Page) -> None:
    found = [
        (each["id"], [node["target"] for node in each["nodes"]]) for each in Axe().run(page).response["violations"]
    ]
    assert [] == found
    assert page.evaluate("innerWidth") == page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_two_archives_are_dropped_their_owners_named_and_the_first_answer_is_there(
    browser: Browser, service: Serving, home: Path, tmp_path: Path, size: tuple[int, int], scheme: str
) -> None:
    ada = {
        "Connections.csv": connections(contact("ben", "Ben B"), contact("cy", "Cy C"), ["", "", "", "", "", "", ""]),
        "Invitations.csv": invitation("ada"),
    }
    ben = {"Connections.csv": connections(contact("ada", "Ada A"), contact("eve", "Eve E"))}
    zips = [write_zip(tmp_path / "ada.zip", ada), write_zip(tmp_path / "ben.zip", ben)]
    with tab(browser, f"http://127.0.0.1:{service.port}", size=size, scheme=scheme) as page:
        ask(page, "load")
        require_accessible(page)
        page.locator("#pick").set_input_files([zips[0]])
        page.locator("#pick").set_input_files([zips[1]])
        expect(page.locator("#chosen")).to_contain_text("2 files")
        explain(page)
        page.get_by_label("Owner of ben.zip").fill(profile("ben"))
        require_accessible(page)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("the archive of ben")).to_be_visible()
        expect(page.get_by_text("4 people are known from 2 archives of LinkedIn")).to_be_visible()
        settled(page)
        require_accessible(page)
        page.get_by_label("Start from an empty network").check()
        load(page)
        require_accessible(page)
        assert 4 == service.client.get("/v1/graph").json()["members"]
        assert [] == [*home.rglob("sent")]
        page.get_by_role("link", name="Ask who can reach whom").click()
        page.get_by_role("combobox", name="Sender").fill("cy c")
        page.get_by_role("combobox", name="Recipient").fill("eve e")
        page.keyboard.press("Tab")  # closes the suggestions, which lie over the button where it is narrow
        page.get_by_role("button", name="Check").click()
        expect(page.locator("#sentence")).to_contain_text("which is not known")
        settled(page)
        require_accessible(page)


def sentence_of(verdict: Any, channel: str) -> str:
    """What the answer about a channel rests on, by the words of the rules."""
    each = next(each for each in verdict["channels"] if each["channel"] == channel)
    clause = vocabulary.resting(each["rests_on"], channel, open=each["open"], degree=verdict["degree"])
    return clause.format(sender="Ada", recipient="Ben")


@pytest.mark.usefixtures("unsure")
def test_a_verdict_says_what_it_rests_on_and_one_that_is_certain_looks_so(page: Page, client: httpx.Client) -> None:
    ask(page, "pair?sender=ada&recipient=ben")
    verdict = client.get("/v1/check?sender=ada&recipient=ben").json()
    assert (True, False) == (verdict["reachable"], verdict["certain"])
    rests = sentence_of(verdict, "direct")
    assert "if Ben takes messages from their connections" == rests
    assert f"Ada can reach Ben by direct message, {rests}, which is not known." == (
        page.locator("#sentence").inner_text()
    )
    expect(page.locator(".sentence.unsure")).to_have_count(1)
    direct = page.locator("section[aria-labelledby=open] li", has_text="Direct message")
    expect(direct).to_contain_text(f"If{rests[2:]}, which is not known.")
    expect(direct.locator(".tag.unsure")).to_have_text("✓ open, not certain")
    ask(page, "pair?sender=ada&recipient=cy")
    assert "Ada can reach Cy by direct message." == page.locator("#sentence").inner_text()
    expect(page.locator(".unsure")).to_have_count(0)


@pytest.mark.usefixtures("unsure")
def test_a_denial_says_unless_what_it_holds_or_is_certain(page: Page) -> None:
    ask(page, "pair?sender=ada&recipient=dee")
    assert "Ada cannot reach Dee, unless Dee takes messages from their connections, which is not known." == (
        page.locator("#sentence").inner_text()
    )
    ask(page, "pair?sender=ada&recipient=eve")
    assert "Ada cannot reach Eve." == page.locator("#sentence").inner_text()
    expect(page.locator(".unsure")).to_have_count(0)


@pytest.mark.usefixtures("unsure")
def test_lists_and_members_say_what_is_not_certain(page: Page) -> None:
    ask(page, "member?id=ada")
    rows = {row[0].split()[0]: row for row in cells(page, "Recipients, in the order of their ids")}
    assert "rests on what is not known" in " ".join(rows["Ben"])
    assert "rests on what is not known" not in " ".join(rows["Cy"])
    ask(page, "member?id=ben")
    expect(page.locator(".facts .unsure")).to_have_text("assumed")
    ask(page, "match?senders=ada&recipients=ben&recipients=cy&recipients=dee&recipients=eve")
    expect(page.get_by_text("Of 2 targets that rests on something that is not known.")).to_be_visible()
    uncertain = {row[0].split()[0]: "not certain" in row[1] for row in cells(page, "A line a target")}
    assert {"Ben": True, "Cy": False, "Dee": True, "Eve": False} == uncertain
    require_accessible(page)


def test_a_folder_is_read_its_bad_rows_are_looked_at_and_downloaded(
    page: Page, client: httpx.Client, tmp_path: Path
) -> None:
    bad = {"members.csv": "id,name,tier\nada,Ada,free\nben,Ben,nonsense\n", "notes.txt": "of no use\n"}
    folder = write(tmp_path / "net", bad)
    ask(page, "load")
    page.locator("#pick-folder").set_input_files(folder)
    explain(page)
    expect(page.get_by_role("heading", name="What would be read")).to_be_visible()
    settled(page)
    page.get_by_label("Start from an empty network").check()
    load(page)
    rows = {row[0]: row[1:4] for row in cells(page, "What was read as what")}
    assert ["members", "1", "1"] == rows["members.csv"]
    assert "nothing" == rows["notes.txt"][0]
    page.get_by_text("1 row set aside, and why").click()
    expect(page.locator("table", has_text="Rows that were set aside").locator("tbody")).to_contain_text("nonsense")
    last = client.get("/v1/loads").json()["loads"][0]["id"]
    expected = client.get(f"/v1/loads/{last}/rejected", params={"format": "csv", "limit": "all"}).text
    assert expected == saved(page, "Download what was set aside")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.get_by_role("heading", name="Loaded; the network is at version")).to_be_visible()


def test_columns_that_files_do_not_tell_are_asked_for(page: Page, client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "who.csv").write_text("7,ada,ben\n8,ben,cy\n", "utf-8")
    ask(page, "load")
    page.locator("#pick").set_input_files(tmp_path / "who.csv")
    explain(page)
    page.get_by_label("One member").select_option("2")
    page.get_by_label("And the other").select_option("3")
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Start from an empty network").check()
    load(page)
    assert (3, 2) == tuple(client.get("/v1/graph").json()[name] for name in ("members", "connections"))


def test_files_can_be_dropped_and_two_of_one_name_are_both_kept(page: Page) -> None:
    ask(page, "load")
    page.evaluate(
        """() => {
          const transfer = new DataTransfer();
          for (const [text, time] of [["id\\nada\\n", 1], ["id\\nben\\ncy\\n", 2]])
            transfer.items.add(new File([text], "members.csv", { lastModified: time }));
          document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
        }"""
    )
    expect(page.locator("#chosen li")).to_have_text(["members.csv", "members (2).csv"])


def test_what_cannot_be_read_is_named_and_nothing_is_loaded(page: Page, client: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    before = client.get("/v1/graph").json()
    ask(page, "load")
    page.locator("#pick").set_input_files(tmp_path / "picture.png")
    explain(page)
    expect(page.get_by_role("alert")).to_contain_text("picture.png")
    assert before == client.get("/v1/graph").json()


def test_more_than_the_service_takes_is_said_before_it_is_sent(
    browser: Browser, service: Serving, address: Address, tmp_path: Path
) -> None:
    assert service
    options = Options(address, tmp_path / "home", deadline=PATIENCE, upload_files=1)
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_text("a,b\n", "utf-8")
    with serving(options) as running, tab(browser, f"http://127.0.0.1:{running.port}") as page:
        ask(page, "load")
        page.locator("#pick").set_input_files(files)
        expect(page.get_by_role("alert")).to_contain_text("more than this server takes at once")
        expect(page.get_by_role("button", name="See what would be read")).to_be_disabled()


@pytest.mark.usefixtures("unsure")
def test_the_view_is_for_those_who_may_load(browser: Browser, address: Address, tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    reader, loader = keys.new("reader", ["read"]), keys.new("loader", ["read", "load"])
    options = Options(address, tmp_path, keys=keys, deadline=PATIENCE)
    for key, may in ((reader, False), (loader, True)):
        with serving(options) as running, tab(browser, f"http://127.0.0.1:{running.port}") as page:
            page.goto("/")
            page.evaluate("key => sessionStorage.setItem('linkreach-key', key)", key)
            ask(page, "")
            link = page.get_by_role("navigation", name="Questions").get_by_role("link", name="Load")
            if may:
                link.click()
                expect(page.get_by_role("heading", name="Load a network")).to_be_visible()
            else:
                ask(page, "load")
                expect(page.get_by_role("alert")).to_contain_text("scope load")
                expect(link).to_have_count(0)
