"""The page for people in a real browser: every flow, by mouse and by keyboard, light and dark, wide and narrow."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from api.http.service import Options
from api.keys import KeyFile
from api.page import STATIC
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.http.service import PATIENCE, Serving, serving
from tests.page.browser import NARROW, WIDE, ask, chromium, copied, needs_chromium, saved, settled, tab
from tests.support.paths import ROOT
from tests.support.terminal import Answer

pytestmark = needs_chromium

VENDOR = STATIC / "vendor"
AT = "2026-11-23"
OPEN = f"sender=6597069766722&recipient=94&at={AT}"
DENIED = f"sender=8796093022357&recipient=4398046511333&at={AT}"
GROUP = "206158430909"
VIEWS = {
    "start": "",
    "reachable": f"pair?{OPEN}",
    "denied": f"pair?{DENIED}",
    "nobody": "pair?sender=nobody&recipient=94",
    "member": f"member?id=6597069766722&at={AT}",
    "match": "match?senders=94&senders=6597069766722&recipients=96&recipients=94",
    "bridges": "bridges",
    "group": f"bridges?group={GROUP}",
    "reports": "reports",
    "report": "reports?name=group_bridges",
    "never run": "reports?name=quotas",
    "no such view": "nonsense",
}


@pytest.fixture(scope="module")
def service(module_sample: Database, address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A service on loopback, in which the report group_bridges has been run."""
    assert module_sample
    with serving(Options(address, tmp_path_factory.mktemp("page"), deadline=PATIENCE)) as running:
        run(running.client, "group_bridges")
        yield running


def run(client: httpx.Client, report: str) -> None:
    client.post(f"/v1/reports/{report}", json={"at": AT}).raise_for_status()
    while True:
        found = {each["name"]: each for each in client.get("/v1/reports").json()["reports"]}[report]
        if found["running"] is None:
            assert found["failed"] is None
            return


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


def cells(page: Page, table: str) -> list[list[str]]:
    """The rows of a table by its caption, each a list of texts."""
    rows = page.locator("table", has=page.locator("caption", has_text=table)).first.locator("tbody tr")
    return [[cell.strip() for cell in row.locator("th, td").all_text_contents()] for row in rows.all()]


# A pair


def test_two_members_are_found_by_name_and_judged_by_keyboard_alone(page: Page) -> None:
    ask(page, "")
    page.get_by_role("combobox", name="Sender").focus()
    page.keyboard.type("deepak khan", delay=5)
    page.get_by_role("option", name="6597069766722").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Recipient").focus()
    page.keyboard.type("94", delay=5)
    page.get_by_role("option", name="K. Sen").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Deepak Khan can reach K. Sen").wait_for()
    assert "#/pair?sender=6597069766722&recipient=94" in page.url


def test_the_verdict_is_that_of_the_api_with_every_reason_in_words(page: Page, client: httpx.Client) -> None:
    ask(page, f"pair?{DENIED}")
    verdict = client.get(f"/v1/check?{DENIED}").json()
    sentence = page.locator("#sentence").inner_text()
    assert "Gary Hill cannot reach Rafael Fernández." == sentence
    denied = [each for each in verdict["channels"] if not each["open"]]
    expect(page.get_by_role("heading", name=f"Denied channels ({len(denied)})")).to_be_visible()
    shown = page.locator("section[aria-labelledby=denied] > ul > li").all()
    assert [each["reasons"] for each in denied] == [
        [code.inner_text() for code in channel.locator(".code").all()] for channel in shown
    ]
    direct = shown[0].locator("li").first.inner_text()
    assert direct.startswith("The degree is too far for this tier")


def test_what_would_open_the_pair_and_a_channel_is_said_in_words(page: Page, client: httpx.Client) -> None:
    ask(page, f"pair?{DENIED}")
    actions = client.get(f"/v1/unlock?{DENIED}").json()["actions"]
    shown = page.locator("section[aria-labelledby=unlock] ol > li").all_text_contents()
    assert len(actions) == len(shown)
    assert "Upgrade to Business" == shown[0]
    channel = page.locator("section[aria-labelledby=denied] > ul > li", has_text="InMail").first
    channel.get_by_text("What would open it?").click()
    expect(channel.locator("ol > li").first).to_have_text("Get one InMail credit")


def test_the_path_groups_and_pages_are_drawn_and_said(page: Page) -> None:
    ask(page, f"pair?{OPEN}")
    expect(page.locator(".drawing canvas").first).to_be_visible()
    said = page.locator("figcaption").inner_text()
    assert re.search(r"A shortest path: Deepak Khan – .+ – K\. Sen\.", said)
    assert "Shared groups: Group for The_Movie_Album in Anantapur_district." in said
    assert "Shared company pages: Deccan_Aviation, Deccan_360." in said


def test_as_if_on_another_tier_stands_in_the_address(page: Page) -> None:
    ask(page, f"pair?{DENIED}")
    page.get_by_label("Tier of the sender").select_option("sales_navigator")
    page.get_by_role("button", name="Judge").click()
    page.get_by_role("heading", name="Gary Hill can reach Rafael Fernández by direct message").wait_for()
    assert "as_tier=sales_navigator" in page.url
    page.go_back()
    page.get_by_role("heading", name="Gary Hill cannot reach Rafael Fernández").wait_for()


def test_an_error_names_what_is_wrong_and_leads_on(page: Page) -> None:
    ask(page, "pair?sender=nobody&recipient=94")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("There is no such member")
    expect(page.locator("h1")).to_have_count(1)
    expect(alert).to_contain_text("nobody")
    alert.get_by_role("link", name="Ask something else").click()
    expect(page.get_by_role("heading", name="Who can reach whom?")).to_be_visible()


# The same question somewhere else


def test_the_copied_cypher_gives_the_same_verdict(page: Page, client: httpx.Client, connected: Database) -> None:
    ask(page, f"pair?{OPEN}")
    text = copied(page, "Copy as Cypher")
    given = dict(re.findall(r"^:param (\w+) => (.+);$", text, re.MULTILINE))
    statement = re.sub(r"^(//|:param) .*\n", "", text, flags=re.MULTILINE).rstrip(";\n")
    literals = ", ".join(f"{name}: {value}" for name, value in given.items())
    [answer], _ = connected.explain(f"RETURN {{{literals}}} AS given", {}, profile=True)
    [row], _ = connected.explain(statement, answer["given"], profile=True)
    verdict = client.get(f"/v1/check?{OPEN}").json()
    assert [verdict["degree"], verdict["reachable"], verdict["channels"][0]["reasons"]] == [
        row["degree"],
        row["reachable"],
        row["channels"][0]["reasons"],
    ]


@pytest.mark.parametrize("view", ["reachable", "member", "match", "report"])
def test_the_copied_command_runs(page: Page, view: str, linkreach: Callable[..., Answer]) -> None:
    ask(page, VIEWS[view])
    command = copied(page, "Copy as command")
    assert command.startswith("linkreach ")
    if "<(" not in command and not command.startswith("linkreach report"):
        answer = linkreach(*shlex.split(command)[1:], "--format", "csv")
        assert 0 == answer.code


def test_the_copied_link_opens_the_same_answer(page: Page) -> None:
    ask(page, f"pair?{OPEN}")
    link = copied(page, "Copy link")
    before = page.locator("#sentence").inner_text()
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#sentence")).to_have_text(before)


# A member


def test_the_chart_of_a_member_has_the_numbers_of_the_api(page: Page, client: httpx.Client) -> None:
    ask(page, VIEWS["member"])
    expect(page.locator("#chart canvas")).to_be_visible()
    page.get_by_text("The numbers as a table").click()
    table = {name: [int(cell) for cell in row] for name, *row in cells(page, "Members open to Deepak Khan")}
    tiers = ("free", "career", "business", "sales_navigator")
    address = "/v1/members/6597069766722/reach/counts"
    counts = [client.get(address, params={"at": AT, "as_tier": tier}).json()["channels"] for tier in tiers]
    assert [each["direct"] for each in counts] == table["Direct message"]
    assert [each["invite"] for each in counts] == table["Connection request"]


def test_the_counts_are_those_of_the_list_for_every_channel(client: httpx.Client) -> None:
    address = "/v1/members/6597069766722/reach"
    counts = client.get(f"{address}/counts", params={"at": AT, "as_tier": "business"}).json()
    asked: dict[str, Any] = {"at": AT, "as_tier": "business", "limit": "all"}
    every = client.get(address, params={**asked, "channel": list(counts["channels"])}).json()["rows"]
    found = {channel: sum(channel in row["channels"] for row in every) for channel in counts["channels"]}
    assert found == counts["channels"]
    assert len(client.get(address, params=asked).json()["rows"]) == counts["reach_now"]


def test_the_list_of_a_member_is_paged_narrowed_and_downloaded(page: Page, client: httpx.Client) -> None:
    address = "/v1/members/6597069766722/reach"
    ask(page, VIEWS["member"])
    everybody = [row["recipient"] for row in client.get(address, params={"at": AT, "limit": "all"}).json()["rows"]]
    ids = page.locator("#reached tbody .code")
    assert everybody[:25] == ids.all_text_contents()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#reached")).to_contain_text("Page 2")
    assert everybody[25:50] == ids.all_text_contents()
    assert everybody == [line.partition(",")[0] for line in saved(page, "Download CSV").splitlines()[1:]]
    page.get_by_label("Comment on a post").check()
    page.get_by_label("At most").select_option("1")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**channel=comment**")
    settled(page)
    near = client.get(address, params={"at": AT, "degree": 1, "channel": "comment"}).json()["rows"]
    assert [row["recipient"] for row in near][:25] == ids.all_text_contents()


def test_who_reaches_a_member_is_the_other_side(page: Page, client: httpx.Client) -> None:
    ask(page, VIEWS["member"])
    page.get_by_role("link", name="Who reaches them").click()
    page.get_by_role("heading", name="Who reaches Deepak Khan?").wait_for()
    settled(page)
    rows = client.get("/v1/members/6597069766722/reached-by", params={"at": AT, "limit": 25}).json()["rows"]
    assert [row["sender"] for row in rows] == page.locator("#reached tbody .code").all_text_contents()


# A team and its targets


def test_a_team_is_matched_with_its_targets_from_pasted_lists(page: Page, client: httpx.Client) -> None:
    ask(page, "match")
    page.get_by_label("Team: the senders").fill('"94"\r\n6597069766722\n\n8796093022357\n94\n')
    page.get_by_label("Targets: the recipients").fill("96\n94\nnobody\n")
    page.get_by_role("button", name="Judge every pair").click()
    page.locator("table.grid").wait_for()
    settled(page)
    senders, recipients = ["94", "6597069766722", "8796093022357"], ["96", "94", "nobody"]
    pairs = [{"sender": s, "recipient": r} for s in senders for r in recipients if s != r]
    verdicts = client.post("/v1/check", json={"pairs": pairs}).json()["verdicts"]
    words = {(True, True): "free", (True, False): "paid", (False, False): "no"}
    expected = [
        words[each["reachable"], each["reachable_free"]] if "channels" in each else "not judged" for each in verdicts
    ]
    assert expected == [row[3] for row in cells(page, "Pairs, in the order of the lists")]
    expect(page.get_by_text("1 skipped, of somebody with themselves")).to_be_visible()
    assert saved(page, "Download CSV").startswith("sender,recipient,channel")
    page.locator("table.grid a").first.click()
    expect(page.locator("#sentence")).to_contain_text("K. Sen")


# Bridges and reports


def test_bridges_are_listed_with_the_strongest_first_and_lead_to_each(page: Page, client: httpx.Client) -> None:
    ask(page, "bridges")
    expect(page.locator("canvas")).to_be_visible()
    rows = client.get("/v1/reports/group_bridges").json()["rows"]
    strongest = max(rows, key=lambda row: row["pairs_only_here"])
    page.locator("#every tbody a").first.click()
    page.wait_for_url(f"**group={strongest['group']}")
    settled(page)
    expect(page.get_by_role("heading", name=f"{strongest['pairs_only_here']:,} pairs have nothing")).to_be_visible()


def test_a_report_is_run_from_the_page_and_read(page: Page, client: httpx.Client) -> None:
    ask(page, "reports?name=gatekeepers")
    expect(page.get_by_text("This report has not been run yet")).to_be_visible()
    page.get_by_role("button", name="Run it").click()
    page.locator("#every tbody tr").first.wait_for()
    settled(page)
    rows = client.get("/v1/reports/gatekeepers").json()["rows"]
    assert [row["member"] for row in rows][:25] == page.locator("#every tbody .code").all_text_contents()
    expect(page.locator("canvas")).to_be_visible()
    assert client.get("/v1/reports/gatekeepers?format=csv").text == saved(page, "CSV")
    page.get_by_role("button", name="Pairs only they join").click()
    expect(page.locator("#every thead th[aria-sort=descending]")).to_have_count(1)


def test_the_reports_are_listed_with_their_questions(page: Page, client: httpx.Client) -> None:
    ask(page, "reports")
    reports = client.get("/v1/reports").json()["reports"]
    assert [each["title"] for each in reports] == page.locator("main li h2").all_text_contents()


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_serious_and_nothing_overflows(
    browser: Browser, service: Serving, scheme: str, size: tuple[int, int]
) -> None:
    with tab(browser, f"http://127.0.0.1:{service.port}", size=size, scheme=scheme) as page:
        for name, question in VIEWS.items():
            ask(page, question)
            found = [
                (each["id"], [node["target"] for node in each["nodes"]])
                for each in Axe().run(page).response["violations"]
                if each["impact"] in ("serious", "critical")
            ]
            assert (name, []) == (name, found)
            assert (name, size[0]) == (name, page.evaluate("document.documentElement.scrollWidth"))


def test_the_switch_of_colours_overrules_the_system_and_is_kept(page: Page) -> None:
    ask(page, "")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Colours").select_option("dark")
    assert light != page.evaluate(ground)
    dark = page.evaluate(ground)
    page.reload()
    assert dark == page.evaluate(ground)


def test_a_view_that_is_gone_to_has_its_heading_in_focus(page: Page) -> None:
    ask(page, "")
    page.get_by_role("navigation", name="Questions").get_by_role("link", name="Match").click()
    expect(page.get_by_role("heading", name="Which targets can a team reach?")).to_be_focused()


def test_the_content_is_skipped_to_and_stays(page: Page) -> None:
    ask(page, f"pair?{OPEN}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    expect(page.locator("#sentence")).to_contain_text("Deepak Khan can reach K. Sen")


def test_who_turns_a_page_of_a_list_stays_at_it(page: Page) -> None:
    ask(page, VIEWS["member"])
    page.locator("#reached").get_by_role("button", name="Next").press("Enter")
    expect(page.locator("#reached")).to_contain_text("Page 2")
    expect(page.locator("#reached .scroll")).to_be_focused()


def test_the_first_view_is_small(page: Page, record_property: Callable[[str, object], None]) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/")
    settled(page)
    record_property("first_view", f"{len(sizes)} requests, {sum(sizes):,} bytes")
    print(f"first view: {len(sizes)} requests, {sum(sizes):,} bytes")  # noqa: T201 - a figure to be read with -s
    assert len(sizes) < 30
    assert sum(sizes) < 120_000


# Keys, and a graph that is away or empty


def test_a_key_is_asked_for_once_and_kept_for_the_tab_alone(
    browser: Browser, module_sample: Database, address: Address, tmp_path: Path
) -> None:
    assert module_sample
    keys = KeyFile(tmp_path / "keys.json")
    secret = keys.new("reader", ["read"])
    with (
        serving(Options(address, tmp_path, keys=keys, deadline=PATIENCE)) as running,
        tab(browser, f"http://127.0.0.1:{running.port}") as page,
    ):
        page.goto(f"/#/pair?{OPEN}")
        page.get_by_role("textbox", name="Key").fill("linkreach_…")
        page.get_by_role("button", name="Use this key").click()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_role("textbox", name="Key").fill("wrong")
        page.get_by_role("button", name="Use this key").click()
        expect(page.get_by_role("alert")).to_contain_text("That key was refused")
        page.get_by_role("textbox", name="Key").fill(secret)
        page.get_by_role("button", name="Use this key").click()
        expect(page.locator("#sentence")).to_contain_text("Deepak Khan can reach K. Sen")
        ask(page, "reports?name=quotas")
        page.get_by_role("button", name="Run it").click()
        expect(page.locator("#status")).to_contain_text("scope report")
        assert secret == page.evaluate("sessionStorage.getItem('linkreach-key')")
        assert secret not in str(page.evaluate("({...localStorage})")) + page.evaluate("document.cookie") + page.url
        page.get_by_role("button", name="Another key").click()
        page.get_by_role("textbox", name="Key").fill(keys.new("runner", ["read", "report"]))
        page.get_by_role("button", name="Use this key").click()
        page.get_by_role("button", name="Run it").click()
        expect(page.locator("main")).to_contain_text("finished")


def test_a_graph_that_is_away_is_said_and_tried_again(browser: Browser, tmp_path: Path) -> None:
    nowhere = Address("bolt://127.0.0.1:1", "neo4j", "nobody knows")
    with (
        serving(Options(nowhere, tmp_path)) as running,
        tab(browser, f"http://127.0.0.1:{running.port}") as page,
    ):
        page.goto("/")
        expect(page.get_by_role("alert")).to_contain_text("The graph is away")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()


# What it is made of


def test_the_words_of_the_page_are_those_of_the_rules(page: Page) -> None:
    page.goto("/")
    said = page.evaluate("import('/page/words.js').then(({REASONS, GATES}) => ({REASONS, GATES}))")
    rules = (ROOT / "docs" / "rules.md").read_text("utf-8")
    table = re.compile(r"^\| `([A-Z_]+)` \| ([^|]+?) \|(?: [^|]+ \|)*$", re.MULTILINE)
    reasons = rules.partition("\n### Reasons\n")[2].partition("\n### ")[0]
    assert {code: words.replace("`", "") for code, words in table.findall(reasons)} == said["REASONS"]
    gates = rules.partition("\n### Gates\n")[2].partition("\n### ")[0]
    told = rules.partition("\n### Who may read what\n")[2].partition("\n## ")[0]
    in_words = {**dict(table.findall(gates)), **dict(table.findall(told))}
    assert in_words == said["GATES"]


def test_the_vendored_libraries_are_unchanged_and_have_their_licences() -> None:
    lines = re.findall(
        r"^\| `[\w.-]+` \| [\d.]+ \| `(?:dist/)?([\w.-]+)` \| \[.+?\]\((.+?)\) \| `(\w+)` \|$",
        (VENDOR / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    listed = {f"{licence.partition('/')[0]}/{file}": sha for file, licence, sha in lines}
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*.*js")
        if path.is_file()
    }
    assert listed == there
    assert all((VENDOR / licence).is_file() for _, licence, _ in lines)
    assert max(path.stat().st_size for path in STATIC.rglob("*")) < 1 << 20
