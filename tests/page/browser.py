"""A real browser, and what is true of every page that it shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.http.service import PATIENCE

CHROMIUM = shutil.which("chromium")
WIDE = (1280, 900)
NARROW = (400, 800)

expect.set_options(timeout=PATIENCE * 1000)

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: make browser")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a screen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def tab(browser: Browser, address: str, *, size: tuple[int, int] = WIDE, scheme: Any = "light") -> Iterator[Page]:
    """A tab of its own. In the end nothing may have been asked of another host, and nothing have gone wrong in it."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if _is_wrong(line.type, line.text) else None)
    yield page
    context.close()
    assert {urlsplit(address).netloc} == {urlsplit(url).netloc for url in asked if not url.startswith("blob:")}
    assert not wrong, wrong


def _is_wrong(type: str, text: str) -> bool:
    return type in ("error", "warning") and "Failed to load resource" not in text  # an answer may be a problem


def ask(page: Page, question: str) -> None:
    """Opens a view by its address, and waits until it has all its answers."""
    page.goto("about:blank")
    page.goto(f"/#/{question}")
    settled(page)


def settled(page: Page) -> None:
    """Waits until the page waits for nothing."""
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".busy, progress, [aria-busy]")).to_have_count(0)


def copied(page: Page, button: str, within: str = "body") -> str:
    """What a button puts on the clipboard."""
    page.evaluate("navigator.clipboard.writeText('')")
    page.locator(within).get_by_role("button", name=button).first.click()
    expect(page.locator("#status")).to_contain_text("copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


def saved(page: Page, button: str) -> str:
    """The text of the file that a button downloads."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).or_(page.get_by_role("link", name=button)).first.click()
    return Path(download.value.path()).read_text("utf-8")
