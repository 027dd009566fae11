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
from graph.rules import vocabulary
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
    "what if": f"pair?{DENIED}&if_connected=yes&if_tier=business&if_group=new",
    "nobody": "pair?sender=nobody&recipient=94",
    "member": f"member?id=6597069766722&at={AT}",
    "match": "match?senders=94&senders=6597069766722&recipients=96&recipients=94",
    "bridges": "bridges",
    "group": f"bridges?group={GROUP}",
    "reports": "reports",
    "report": "reports?name=group_bridges",
    "denials": "reports?name=denials",
    "never run": "reports?name=quotas",
    "compare": "compare",
    "comparison": "compare?id=1",
    "no such comparison": "compare?id=999",
    "no such view": "nonsense",
    "a view by an inherited name": "constructor",
}


@pytest.fixture(scope="module")
def service(module_sample: Database, address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A service on loopback, in which the report group_bridges has been run."""
    assert module_sample
    with serving(Options(address, tmp_path_factory.mktemp("page"), deadline=PATIENCE)) as running:
        for report in ("group_bridges", "denials"):
            run(running.client, report)
        compare(running.client, {"before": {"at": AT}, "after": {"pack": "linkedin-help"}})
        yield running


def compare(client: httpx.Client, asked: dict[str, Any]) -> None:
    at = client.post("/v1/diffs", json=asked).raise_for_status().headers["location"]
    while (found := client.get(at).json())["running"] is not None:
        pass
    assert found["failed"] is None


def run(client: httpx.Client, report: str, asked: dict[str, str] | None = None) -> None:
    client.post(f"/v1/reports/{report}", json=asked or {"at": AT}).raise_for_status()
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
    expected = "Rafael Fernández is farther away than Gary Hill's tier reaches; Career or higher would reach them."
    assert direct.startswith(expected)


def test_a_setting_of_the_recipient_is_named_in_the_sentence(page: Page, client: httpx.Client) -> None:
    ids = [each["id"] for q in ("a", "j", "m") for each in client.get(f"/v1/members?q={q}&limit=100").json()["members"]]
    closed = next(
        id for id in ids if client.get(f"/v1/members/{id}").json()["properties"]["accepts_from"] == "connections"
    )
    verdict = client.get("/v1/check", params={"sender": "6597069766722", "recipient": closed, "at": AT}).json()
    assert any("RECIPIENT_AUDIENCE" in each["reasons"] for each in verdict["channels"])
    ask(page, f"pair?sender=6597069766722&recipient={closed}&at={AT}")
    said = page.locator("section[aria-labelledby=denied]").inner_text()
    assert "takes messages from their connections alone. RECIPIENT_AUDIENCE" in said


def test_the_mutuals_of_a_pair_are_listed_and_lead_to_each(page: Page, client: httpx.Client) -> None:
    ask(page, f"pair?{DENIED}")
    asked = {"sender": "8796093022357", "recipient": "4398046511333"}
    mutuals = client.get("/v1/mutuals", params=asked).json()["mutuals"]
    links = page.locator("#mutuals a")
    assert [each["name"] for each in mutuals] == links.all_text_contents()
    assert client.get(f"/v1/check?{DENIED}").json()["mutuals"] == len(mutuals)
    page.locator("#draw-more").click()
    expect(page.locator(".drawing canvas").first).to_be_visible()
    links.first.click()
    expect(page.get_by_role("heading", name=f"Whom does {mutuals[0]['name']} reach?")).to_be_visible()


def test_who_could_introduce_a_pair_is_listed_and_drawn(page: Page, client: httpx.Client) -> None:
    ask(page, f"pair?{DENIED}")
    ways = client.get(f"/v1/introductions?{DENIED}").json()["ways"]
    listed = page.locator("section[aria-labelledby=introduce] ol > li")
    expect(listed).to_have_count(len(ways))
    expect(page.locator("section[aria-labelledby=introduce] .drawing canvas").first).to_be_visible()
    first = ways[0]
    assert f"strength {100 * first['strength']:.1f} %" in listed.first.inner_text()
    introducer = client.get(f"/v1/members/{first['members'][1]}").json()["name"]
    assert introducer == listed.first.locator("a").first.inner_text()


def test_a_typed_name_is_resolved_and_one_of_several_is_offered(page: Page, client: httpx.Client) -> None:
    ask(page, "")
    page.get_by_role("combobox", name="Sender").fill("deepak khan")
    page.get_by_role("combobox", name="Recipient").fill("sen")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("members fit “sen”: choose one")).to_be_visible()
    assert "pair?" not in page.url
    found = client.get("/v1/members?q=sen&limit=8").json()["members"]
    page.get_by_role("option", name=found[0]["id"]).click()
    expect(page.get_by_role("combobox", name="Recipient")).to_have_value(found[0]["name"])
    page.get_by_role("button", name="Check").click()
    page.wait_for_url(f"**sender=6597069766722&recipient={found[0]['id']}")


def test_a_name_that_is_nobodys_is_said_at_the_field(page: Page) -> None:
    ask(page, "")
    page.get_by_role("combobox", name="Sender").fill("nobody at all")
    page.get_by_role("combobox", name="Recipient").fill("94")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("No member has the name or id “nobody at all”")).to_be_visible()


def test_whole_words_and_beginnings_come_first(client: httpx.Client) -> None:
    names = [each["name"] for each in client.get("/v1/members?q=al&limit=100").json()["members"]]
    words = [name.lower().replace(".", "").split() for name in names]
    places = [0 if "al" in each else 1 if each[0].startswith("al") else 2 for each in words]
    assert sorted(places) == places
    assert len(set(places)) > 1


def test_the_start_shows_what_is_loaded_and_three_questions(page: Page, client: httpx.Client) -> None:
    ask(page, "")
    loaded = client.get("/v1/graph").json()
    expect(page.get_by_text(f"{loaded['members']} members, {loaded['connections']} connections")).to_be_visible()
    examples = page.locator(".examples a")
    expect(examples).to_have_count(3)
    examples.first.click()
    settled(page)
    expect(page.locator("#sentence")).to_be_visible()


def test_what_would_open_the_pair_and_a_channel_is_said_in_words(page: Page, client: httpx.Client) -> None:
    ask(page, f"pair?{DENIED}")
    actions = client.get(f"/v1/unlock?{DENIED}").json()["actions"]
    shown = page.locator("section[aria-labelledby=unlock] ol > li").all_text_contents()
    assert len(actions) == len(shown)
    assert "Join the group Group for Alexander_von_Humboldt in Putian" == shown[0]
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
    page.get_by_role("button", name="Check").click()
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


def test_text_from_data_is_shown_as_what_it_is(page: Page) -> None:
    page.goto("/")
    said = "import('/page/words.js').then(({visible}) => visible('a\\u202eb\\u0007c\\u2066é'))"
    assert "a\\u{202e}b\\u{7}c\\u{2066}é" == page.evaluate(said)


@pytest.mark.parametrize("view", ["reachable", "member", "match", "report", "comparison"])
def test_the_copied_command_runs(page: Page, view: str, linkreach: Callable[..., Answer]) -> None:
    ask(page, VIEWS[view])
    command = copied(page, "Copy as command")
    assert command.startswith("linkreach ")
    if "<(" not in command and not command.startswith(("linkreach report", "linkreach diff")):
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
    page.get_by_role("button", name="Check every pair").click()
    expect(page.get_by_text("1 line is nobody's id or name: nobody.")).to_be_visible()
    page.get_by_role("button", name="Leave it out").click()
    page.locator("table.grid").wait_for()
    settled(page)
    senders, recipients = ["94", "6597069766722", "8796093022357"], ["96", "94"]
    pairs = [{"sender": s, "recipient": r} for s in senders for r in recipients if s != r]
    verdicts = client.post("/v1/check", json={"pairs": pairs}).json()["verdicts"]
    words = {(True, True): "free", (True, False): "paid", (False, False): "not"}
    expected = [words[each["reachable"], each["reachable_free"]] for each in verdicts]
    page.get_by_text("Every pair as a row").click()
    assert expected == [row[3] for row in cells(page, "Pairs, in the order of the lists")]
    expect(page.get_by_text("1 skipped, of somebody with themselves")).to_be_visible()
    covered = {each["recipient"] for each in verdicts if each["reachable"]}
    expect(page.get_by_role("heading", name=f"{len(covered)} of 2 targets covered")).to_be_visible()
    page.locator("table.grid a").first.click()
    expect(page.locator("#sentence")).to_contain_text("K. Sen")


def test_rows_of_a_spreadsheet_are_read_by_their_heading(page: Page) -> None:
    ask(page, "match")
    page.get_by_label("Team: the senders").fill('Name\tTeam\n"Deepak Khan"\tA\nK. Sen\tB\n')
    page.get_by_label("Targets: the recipients").fill("company;id\nDeccan;96\n;4398046511333\n")
    page.get_by_role("button", name="Check every pair").click()
    page.wait_for_url("**senders=6597069766722&senders=94&recipients=96&recipients=4398046511333**")


def test_the_file_of_a_match_is_that_of_the_command(
    page: Page, tmp_path: Path, linkreach: Callable[..., Answer]
) -> None:
    ask(page, f"match?senders=94&senders=8796093022357&recipients=96&recipients=4398046511333&at={AT}")
    page.get_by_role("button", name="What would open the rest?").click()
    expect(page.get_by_role("columnheader", name="What would open it").first).to_be_visible()
    settled(page)
    (tmp_path / "team").write_text("94\n8796093022357\n", "utf-8")
    (tmp_path / "targets").write_text("96\n4398046511333\n", "utf-8")
    lists = ("--senders", str(tmp_path / "team"), "--recipients", str(tmp_path / "targets"))
    assert linkreach("match", *lists, "--unlock", "--at", AT).out == saved(page, "Download CSV")


def test_a_match_says_who_could_introduce(page: Page, client: httpx.Client) -> None:
    ask(page, f"match?senders=94&senders=8796093022357&recipients=96&recipients=4398046511333&at={AT}")
    page.get_by_role("button", name="Who could introduce?").click()
    expect(page.get_by_role("columnheader", name="Best introduction").first).to_be_visible()
    settled(page)
    pairs = [{"sender": "8796093022357", "recipient": "4398046511333"}]
    body = {"pairs": pairs, "introductions": True, "at": AT}
    assert client.post("/v1/match", params={"format": "csv"}, json=body).text.split()[1] in saved(page, "Download CSV")


def test_a_large_grid_has_in_the_document_what_can_be_seen(page: Page, client: httpx.Client) -> None:
    ids = [each["id"] for each in client.get("/v1/members?q=1&limit=100").json()["members"]][:60]
    team = "&".join(f"senders={id}" for id in ids[:30])
    ask(page, f"match?{team}&{'&'.join(f'recipients={id}' for id in ids)}&at={AT}")
    grid = page.locator("table.grid")
    assert str(len(ids) + 1) == grid.get_attribute("aria-rowcount")
    drawn = grid.locator("tbody th").all_text_contents()
    assert 0 < len(drawn) < len(ids)
    page.locator(".window").evaluate("frame => frame.scrollTo(0, frame.scrollHeight)")
    expect(grid.locator(f"tr[aria-rowindex='{len(ids) + 1}']")).to_be_visible()
    assert drawn != grid.locator("tbody th").all_text_contents()


def test_targets_are_narrowed_to_those_that_are_not_reached(page: Page) -> None:
    ask(page, f"match?senders=8796093022357&recipients=94&recipients=4398046511333&recipients=96&at={AT}")
    page.get_by_label("Not reached").check()
    settled(page)
    assert {"✕ not"} == {row[1] for row in cells(page, "A line a target")}


# Bridges and reports


def test_a_run_is_made_again_with_what_it_was_asked_with(page: Page, client: httpx.Client) -> None:
    run(client, "segment_matrix", {"at": AT, "pack": "article", "by": "location"})
    ask(page, "reports?name=segment_matrix")
    expect(page.get_by_text("segments by location").first).to_be_visible()
    assert f"--at {AT}T00:00:00Z --pack article --by location" in copied(page, "Copy as command")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator("#status")).to_contain_text("finished")
    settled(page)
    found = {each["name"]: each for each in client.get("/v1/reports").json()["reports"]}["segment_matrix"]["finished"]
    assert (f"{AT}T00:00:00Z", "article", "location") == (found["at"], found["pack"], found["by"])


def test_denials_are_sorted_and_rows_of_zeros_are_left_out_until_asked_for(page: Page, client: httpx.Client) -> None:
    ask(page, "reports?name=denials")
    rows = client.get("/v1/reports/denials").json()["rows"]
    loud = sorted((row["pairs"] for row in rows if row["pairs"]), reverse=True)
    assert loud == [int(row[1].replace(",", "")) for row in cells(page, "What keeps pairs apart")]
    page.get_by_role("button", name=re.compile("of zeros")).click()
    expect(page.locator("#every tbody tr")).to_have_count(len(rows))


def test_a_table_is_searched_and_its_columns_are_chosen(page: Page) -> None:
    ask(page, "reports?name=group_bridges")
    page.get_by_role("searchbox", name="Search").fill(GROUP)
    expect(page.locator("#every tbody tr")).to_have_count(1)
    page.get_by_text(re.compile(r"^Columns \(")).click()
    page.get_by_role("checkbox", name="Pairs no degree").uncheck()
    expect(page.locator("#every thead th", has_text="Pairs no degree")).to_have_count(0)


def test_a_report_of_an_earlier_network_says_so(
    browser: Browser, service: Serving, client: httpx.Client, connected: Database
) -> None:
    with tab(browser, f"http://127.0.0.1:{service.port}") as page:
        ask(page, "reports?name=denials")
        expect(page.get_by_text("This is of an earlier network.")).to_have_count(0)
        _raise_version(connected, 1)
        try:
            while not client.get("/v1/reports/denials").json()["stale"]:
                pass
            page.evaluate("dispatchEvent(new Event('visibilitychange'))")
            expect(page.locator("#banner")).to_contain_text("has been loaded anew")
            page.get_by_role("button", name="Ask again").click()
            expect(page.get_by_text("This is of an earlier network.")).to_be_visible()
        finally:
            _raise_version(connected, -1)
            while client.get("/v1/reports/denials").json()["stale"]:
                pass


def _raise_version(database: Database, by: int) -> None:
    database.explain(
        "MATCH (state:GraphState) SET state.version = state.version + $by RETURN state.version AS version",
        {"by": by},
        profile=True,
    )


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
    joining = sorted((row for row in rows if row["pairs_only_they_join"]), key=lambda row: -row["pairs_only_they_join"])
    assert [row["member"] for row in joining][:25] == page.locator("#every tbody .code").all_text_contents()
    expect(page.locator("canvas")).to_be_visible()
    assert client.get("/v1/reports/gatekeepers?format=csv").text == saved(page, "CSV")
    page.get_by_role("button", name="Pairs only they join").click()
    expect(page.locator("#every thead th[aria-sort=ascending]")).to_have_count(1)


def test_the_reports_are_listed_with_their_questions(page: Page, client: httpx.Client) -> None:
    ask(page, "reports")
    reports = client.get("/v1/reports").json()["reports"]
    assert [each["title"] for each in reports] == page.locator("main li h2").all_text_contents()


# Compare


def test_two_worlds_are_chosen_and_what_differs_is_read(page: Page, client: httpx.Client) -> None:
    ask(page, "compare")
    page.get_by_role("group", name="Before").get_by_label("At").fill(AT)
    page.get_by_role("group", name="After").get_by_label("Tier of every sender").select_option("career")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name=re.compile(r"Comparison \d+")).wait_for()
    page.locator("#members tbody tr").first.wait_for()
    settled(page)
    number = page.url.rpartition("=")[2]
    run = client.get(f"/v1/diffs/{number}").json()["finished"]
    assert (None, "career") == (run["before"]["as_tier"], run["after"]["as_tier"])
    totals = run["totals"]
    expect(page.locator("p.lead")).to_have_text(f"{totals['gained']:,} pairs gained, {totals['lost']:,} lost")
    most = client.get(f"/v1/diffs/{number}/members", params={"most": 25}).json()["rows"]
    assert [row["member"] for row in most] == page.locator("#members tbody .code").all_text_contents()
    page.get_by_text("The numbers as a table").first.click()
    causes = client.get(f"/v1/diffs/{number}/causes").json()["rows"]
    largest = max((row for row in causes if row["direction"] == "lost"), key=lambda row: row["pairs"])
    assert [f"{largest['pairs']:,}", f"{largest['pairs_alone']:,}"] == cells(page, "Pairs that are lost")[0][1:]


def test_a_pair_that_changes_leads_to_its_verdict_after(page: Page) -> None:
    ask(page, VIEWS["comparison"])
    page.locator("#pairs tbody a").first.click()
    page.locator("#sentence").wait_for()
    assert "pack=linkedin-help" in page.url


def test_comparisons_are_listed_and_kept(page: Page, client: httpx.Client) -> None:
    ask(page, "compare")
    kept = client.get("/v1/diffs").json()["diffs"]
    assert [f"Comparison {each['id']}" for each in kept] == page.locator("main li h2").all_text_contents()


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, service: Serving, scheme: str, size: tuple[int, int]
) -> None:
    with tab(browser, f"http://127.0.0.1:{service.port}", size=size, scheme=scheme) as page:
        for name, question in VIEWS.items():
            ask(page, question)
            found = [
                (each["id"], [node["target"] for node in each["nodes"]])
                for each in Axe().run(page).response["violations"]
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
        expect(page.get_by_role("alert")).to_contain_text("scope report")
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
    of_differences = {"NOT_IN_NETWORK": said["REASONS"].pop("NOT_IN_NETWORK")}
    assert "`NOT_IN_NETWORK`" in rules
    assert all(of_differences.values())
    assert {code: words.replace("`", "") for code, words in table.findall(reasons)} == said["REASONS"]
    gates = rules.partition("\n### Gates\n")[2].partition("\n### ")[0]
    told = rules.partition("\n### Who may read what\n")[2].partition("\n## ")[0]
    in_words = {**dict(table.findall(gates)), **dict(table.findall(told))}
    assert in_words == said["GATES"]


def test_what_an_answer_rests_on_is_said_in_the_words_of_the_rules(page: Page) -> None:
    page.goto("/")
    every = [fact.name for fact in vocabulary.FACTS]
    codes = [*vocabulary.CODES]
    some = [every, *([name] for name in every), []]
    asked = [
        {"channel": channel.name, "open": is_open, "degree": degree, "rests_on": facts, "reasons": codes}
        for channel in vocabulary.CHANNELS
        for is_open in (True, False)
        for degree in (1, 2, None)
        for facts in some
    ]
    said = page.evaluate(
        """asked => import('/page/words.js').then(({ resting }) =>
          asked.map((each) => resting(each, each.degree, { sender: "Ada", recipient: "Ben" })))""",
        asked,
    )
    assert [rests(each) for each in asked] == said


def rests(asked: dict[str, Any]) -> str:
    clause = vocabulary.resting(
        asked["rests_on"], asked["channel"], open=asked["open"], degree=asked["degree"], reasons=asked["reasons"]
    )
    return clause and clause.format(sender="Ada", recipient="Ben") + ", which is not known"


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
