"""Neo4j Browser in a real Chromium: what a person does there, and what they see."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError

from graph.server.server import RunningServer

_TO_BEGIN, _TRIES = 15_000, 8  # milliseconds until a query that runs is seen to, and how often it is run

_DROP = """([name, data]) => {
  const files = new DataTransfer()
  files.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name))
  for (const kind of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: files})
    document.querySelector('.filedrop').dispatchEvent(event)
  }
}"""


@dataclass(frozen=True)
class Neo4jBrowser:
    """A page of it, connected."""

    page: Page

    @classmethod
    def opened(cls, page: Page, running: RunningServer, url: str = "") -> Neo4jBrowser:
        """Opens an address, by default that of the server, and logs in."""
        page.set_default_timeout(120_000)  # a slow machine is no failure
        page.goto(url or running.browser_url)
        page.get_by_test_id("username").fill(running.address.user)
        page.get_by_test_id("password").fill(running.password)
        page.get_by_test_id("connect").click()
        page.get_by_test_id("password").wait_for(state="detached")
        return cls(page)

    def drop(self, file: Path) -> None:
        """Drags a file onto the page and lets it go."""
        self.page.evaluate(_DROP, [file.name, base64.b64encode(file.read_bytes()).decode()])

    def favorites(self) -> dict[str, list[str]]:
        """The folders of saved queries, opened, with the titles in each."""
        self.page.get_by_test_id("navigationFavorites").click()
        folders = self.page.locator("[data-testid^=savedScriptsFolder-]")
        folders.first.wait_for()
        found = {}
        for folder in folders.all():
            name = str(folder.get_attribute("data-testid")).removeprefix("savedScriptsFolder-")
            self.page.get_by_test_id(f"expandFolder-{name}").click()
            titles = folder.locator("[data-testid^=scriptTitle-]")
            found[name] = [title.inner_text() for title in titles.all()]
        return found

    def run_saved(self, title: str) -> Locator:
        """Runs a saved query by its title; its answer, complete, in place of all that were there."""
        self.page.get_by_test_id(f"scriptTitle-{title}").click()
        return self.run()

    def run(self) -> Locator:
        """Runs what stands in the editor; its answer, complete, in place of all that were there."""
        frames = self.page.get_by_test_id("frame")
        for _ in range(frames.count()):
            frames.first.get_by_title("Close").click()
        for _ in range(_TRIES):
            self.page.get_by_test_id("editor-Run").click()
            with suppress(TimeoutError):  # where the editor had not taken the query up yet, there was nothing to run
                frames.first.wait_for(timeout=_TO_BEGIN)
                break
        frames.locator("[data-testid=frame-loaded-contents], [data-testid=cypherFrameErrorMessage]").first.wait_for()
        return frames.first
