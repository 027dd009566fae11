"""What if, on the view of a pair: a change is supposed, and the verdicts before and after stand side by side."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.snapshot.fingerprint import fingerprint
from tests.http.service import PATIENCE, Serving, serving, until_ready
from tests.page.browser import ask, chromium, copied, needs_chromium, settled, tab
from tests.page.test_page import AT, DENIED, OPEN
from tests.support.terminal import Answer

pytestmark = needs_chromium

SENDER, RECIPIENT = "8796093022357", "4398046511333"  # of the pair that is denied
GROUP = {"id": "linkreach-what-if", "name": "A group of the two", "messaging": True}


@pytest.fixture(scope="module")
def service(module_sample: Database, address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A service on loopback; whatever is supposed there, the graph stays as it is."""
    before = fingerprint(module_sample)
    with serving(Options(address, tmp_path_factory.mktemp("page"), deadline=PATIENCE)) as running:
        until_ready(running.client)  # the first questions take long, and pages wait for them
        yield running
    assert before == fingerprint(module_sample)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, service: Serving) -> Iterator[Page]:
    with tab(browser, f"http://127.0.0.1:{service.port}") as page:
        yield page


@pytest.fixture
def blocked(module_sample: Database) -> tuple[str, str]:
    """A pair whose sender the recipient has blocked, and nobody else."""
    text = (
        "MATCH (r:Member)-[:BLOCKED]->(s:Member) WHERE NOT (s)-[:BLOCKED]->(r) AND NOT (r)-[:LIMITED]->(s) "
        "AND s.status = 'active' AND r.status = 'active' RETURN s.id AS sender, r.id AS recipient ORDER BY s.id LIMIT 1"
    )
    [row], _ = module_sample.explain(text, {}, profile=True)
    return row["sender"], row["recipient"]


def compare(page: Page) -> None:
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#after table")).to_be_visible()
    settled(page)


def open_what_if(page: Page, question: str) -> None:
    ask(page, f"pair?{question}")
    page.locator("#what-if summary").click()


def verdict(service: Serving, sender: str, recipient: str, change: dict[str, Any] | None = None) -> Any:
    body = {"pairs": [{"sender": sender, "recipient": recipient}], "at": AT, "change": change}
    return service.client.post("/v1/check", json=body).json()["verdicts"][0]


def opened(page: Page) -> list[tuple[bool, bool, str]]:
    """Of each channel whether it is open, whether it is open as if, and what is said of it."""
    rows = page.locator("#after tbody tr").all()
    texts = [[cell.inner_text() for cell in row.locator("td .cell").all()] for row in rows]
    return [("✓ open" in now, "✓ open" in then, flip) for flip, now, then in texts]


def expected(before: Any, after: Any) -> list[tuple[bool, bool, str]]:
    said = {(False, True): "▲ opens", (True, False): "▼ closes"}
    pairs = [(now["open"], then["open"]) for now, then in zip(before["channels"], after["channels"], strict=True)]
    return [(*pair, said.get(pair, "no")) for pair in pairs]


def test_to_connect_them_is_supposed_and_what_flips_is_marked(page: Page, service: Serving) -> None:
    open_what_if(page, DENIED)
    page.get_by_label("The two are connected").check()
    compare(page)
    before = verdict(service, SENDER, RECIPIENT)
    after = verdict(service, SENDER, RECIPIENT, {"connections": [{"a": SENDER, "b": RECIPIENT}]})
    assert expected(before, after) == opened(page)
    expect(page.locator("#turned")).to_contain_text("That opens the pair.")
    assert page.get_by_label("As it is", exact=True).inner_text().count("cannot reach") == 1
    expect(page.get_by_label("As if", exact=True)).to_contain_text("Gary Hill can reach Rafael Fernández by direct")
    expect(page.get_by_label("As if", exact=True)).to_contain_text("Connected (degree 1)")


def test_a_tier_of_the_sender_and_a_group_of_both_are_supposed_together(page: Page, service: Serving) -> None:
    open_what_if(page, DENIED)
    page.get_by_label("Gary Hill is on the tier").select_option("business")
    page.get_by_label("Both are in the group").select_option("new")
    compare(page)
    change = {
        "members": [{"id": SENDER, "tier": "business", "tier_expires_at": None}],
        "groups": [GROUP],
        "group_members": [{"member": each, "group": GROUP["id"]} for each in (SENDER, RECIPIENT)],
    }
    after = verdict(service, SENDER, RECIPIENT, change)
    assert "business" == after["tier"]
    assert expected(verdict(service, SENDER, RECIPIENT), after) == opened(page)


def test_to_close_an_account_closes_the_pair(page: Page) -> None:
    open_what_if(page, OPEN)
    page.get_by_label("An account is closed").select_option("recipient")
    compare(page)
    expect(page.locator("#turned")).to_contain_text("That closes the pair.")
    assert not any(then for _, then, _ in opened(page))
    expect(page.locator("#after")).to_contain_text("RECIPIENT_GONE")


def test_a_block_is_lifted(page: Page, service: Serving, blocked: tuple[str, str]) -> None:
    sender, recipient = blocked
    open_what_if(page, f"sender={sender}&recipient={recipient}&at={AT}")
    page.get_by_label("no longer blocks").check()
    compare(page)
    row = {"member": recipient, "other": sender, "kind": "block"}
    after = verdict(service, *blocked, {"remove": {"blocks": [row]}})
    assert [] == after["gates"]
    assert expected(verdict(service, *blocked), after) == opened(page)


def test_what_is_supposed_stands_in_the_address_and_is_gone_back_to(page: Page) -> None:
    open_what_if(page, DENIED)
    page.get_by_label("The two are connected").check()
    compare(page)
    page.get_by_label("An account is closed").select_option("sender")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#turned")).to_contain_text("The pair stays closed.")
    page.go_back()
    expect(page.locator("#turned")).to_contain_text("That opens the pair.")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#turned")).to_contain_text("That opens the pair.")


def test_nothing_chosen_is_said(page: Page) -> None:
    open_what_if(page, DENIED)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose something to suppose")


def test_the_copied_command_supposes_the_same(page: Page, linkreach: Callable[..., Answer]) -> None:
    open_what_if(page, DENIED)
    page.get_by_label("The two are connected").check()
    page.get_by_label("Both are in the group").select_option("new")
    compare(page)
    made, _, command = copied(page, "Copy as command", within="#after").rpartition(" && ")
    folder = subprocess.run(["bash", "-c", f'{made} && echo "$change"'], check=True, capture_output=True, text=True)
    words = [word.replace("$change", folder.stdout.strip()) for word in shlex.split(command)]
    said = linkreach(*words[1:], "--format", "csv").out.splitlines()
    assert [then for _, then, _ in opened(page)] == [line.split(",")[4] == "true" for line in said[1:]]


def test_a_block_that_a_key_may_not_know_of_is_not_offered(
    browser: Browser, address: Address, tmp_path_factory: pytest.TempPathFactory, blocked: tuple[str, str]
) -> None:
    sender, recipient = blocked
    keys = KeyFile(tmp_path_factory.mktemp("keys") / "api-keys.json")
    secret = keys.new("page", ["read"])
    options = Options(address, tmp_path_factory.mktemp("with-keys"), keys=keys, deadline=PATIENCE)
    with serving(options) as running, tab(browser, f"http://127.0.0.1:{running.port}") as page:
        page.goto("/")
        page.evaluate("key => sessionStorage.setItem('linkreach-key', key)", secret)
        open_what_if(page, f"sender={sender}&recipient={recipient}&at={AT}")
        expect(page.locator("#what-if")).to_contain_text("told to keys with the scope audit alone")
        expect(page.get_by_label("no longer blocks")).to_have_count(0)
