"""The pictures of docs/page.md: each is there, small, and named there; `--renew` takes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, FloatRect

from api.http.service import Options
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.http.service import PATIENCE, serving
from tests.page.browser import NARROW, WIDE, ask, chromium, needs_chromium, tab
from tests.page.test_page import AT, DENIED, OPEN, compare, run
from tests.support.paths import DOCS

PICTURES = DOCS / "page"
LARGEST = 300_000
TALLEST = {WIDE: 1400, NARROW: 1300}
SENDERS = ("94", "6597069766722", "8796093022357", "2199023255589")
RECIPIENTS = ("4398046511333", "96", "8796093022282", "94", "8796093022363", "4398046511315")
TEAM = "&".join(f"senders={id}" for id in SENDERS)
TARGETS = "&".join(f"recipients={id}" for id in RECIPIENTS)
VIEWS = {
    "start": "",
    "pair": f"pair?{OPEN}",
    "denied": f"pair?{DENIED}",
    "what-if": f"pair?{DENIED}&if_connected=yes",
    "member": f"member?id=6597069766722&at={AT}",
    "match": f"match?{TEAM}&{TARGETS}&at={AT}",
    "bridges": "bridges",
    "reports": "reports",
    "report": "reports?name=denials",
    "plan": "plan?id=1",
    "compare": "compare?id=1",
    "load": "load",
}
SIZES = {"wide": WIDE, "narrow": NARROW}
SHOTS = {
    f"{view}-{size}-{scheme}": (question, SIZES[size], scheme)
    for view, question in VIEWS.items()
    for size in SIZES
    for scheme in ("light", "dark")
}


@pytest.mark.own_command
@needs_chromium
def test_the_pictures_are_taken_of_the_sample(renew: bool, sample: Database, address: Address, tmp_path: Path) -> None:
    if not renew:
        pytest.skip("make screenshots takes them")
    assert sample
    PICTURES.mkdir(exist_ok=True)
    for left in PICTURES.glob("*.png"):
        left.unlink()
    with serving(Options(address, tmp_path, deadline=PATIENCE)) as service, chromium() as browser:
        for report in ("group_bridges", "denials"):
            run(service.client, report)
        compare(service.client, {"before": {"at": AT}, "after": {"pack": "linkedin-help"}})
        plan(service.client)
        for name, (question, size, scheme) in SHOTS.items():
            _take(browser, f"http://127.0.0.1:{service.port}", name, question, size, scheme)


def test_every_picture_is_shown_in_the_document_and_is_small() -> None:
    shown = re.findall(r"\]\(page/([\w-]+)\.png\)", (DOCS / "page.md").read_text("utf-8"))
    assert {*SHOTS} == {*shown}
    assert sorted(SHOTS) == sorted(path.stem for path in PICTURES.glob("*.png"))
    assert max(path.stat().st_size for path in PICTURES.glob("*.png")) < LARGEST


def plan(client: httpx.Client) -> None:
    """Makes a plan, and waits until it is there."""
    asked = {"senders": SENDERS, "recipients": RECIPIENTS, "at": AT, "pack": "linkedin-help", "budget": 2, "points": 5}
    at = client.post("/v1/plans", json=asked).raise_for_status().headers["location"]
    while client.get(at).json()["finished"] is None:
        pass


def _take(browser: Browser, address: str, name: str, question: str, size: tuple[int, int], scheme: str) -> None:
    with tab(browser, address, size=size, scheme=scheme) as page:
        ask(page, question)
        height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[size])
        clip: FloatRect = {"x": 0, "y": 0, "width": size[0], "height": height}
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True, clip=clip)
