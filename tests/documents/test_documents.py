"""Every example in the documents runs and prints what the page says, and every command shown can be typed."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.http.service import Options
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.rules.pack_store import pack_hashes
from graph.rules.rule_pack import SHIPPED
from tests.documents.examples import PAGES, Example, examples, typed
from tests.documents.reference import COMMANDS
from tests.http.service import PATIENCE, serving
from tests.support.paths import ROOT

# Pages that show commands in a block without `$`, because no test types them, and what looks after those instead.
NOT_TYPED = {
    "CONTRIBUTING.md": "they set up a clone, and run the tests themselves",
    "README.md": "make demo and make test; tests/cli/test_demo.py does what the first does",
    "docs/api.md": "they serve until they are ended; the service's own tests ask it",
    "docs/backup.md": "the server stops and starts; tests/graph/test_backup.py",
    "docs/containers.md": "containers; tests/cli/test_compose.py",
    "docs/how-to/assistant.md": "an assistant starts the command; tests/mcp/test_tools.py asks it",
    "docs/how-to/operate.md": "back up and restore, as above",
    "docs/how-to/own-neo4j.md": "a server of your own, and a cloud",
    "docs/neo4j-browser.md": "they open a browser; tests/page/test_browser.py",
    "docs/privacy.md": "it takes somebody out of the sample; tests/cli/test_cli_linkedin.py",
    "docs/tutorial-everybody.md": "make demo, as above",
    "docs/tutorial.md": "make demo, as above",
    "docs/reference/commands.md": "no commands but their help; tests/documents/test_reference.py",
}

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WITH_EXAMPLES = [page for page in PAGES if examples(page)]
NAMES = {page: page.relative_to(ROOT).as_posix() for page in PAGES}


@pytest.fixture
def network(module_sample: Database, request: pytest.FixtureRequest) -> None:
    """The sample network as it was loaded: once more only after a page that loads a network or a pack."""
    as_loaded = (1, {*SHIPPED})
    if as_loaded != (module_sample.read(schema.state()).version, {*module_sample.read(pack_hashes())}):
        request.getfixturevalue("sample")


@pytest.fixture
def service(page: Path, address: Address, desk: Path) -> Iterator[str]:
    """Where the API answers, for a page that asks it."""
    if not any(example.command.startswith("curl ") for example in examples(page)):
        yield ""
    elif shutil.which("curl") is None:
        pytest.skip("the page asks with curl, which is not here")
    else:
        with serving(Options(address, desk / "home", deadline=PATIENCE)) as running:
            yield f"http://127.0.0.1:{running.port}/"


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=NAMES.get)
def test_the_examples_of_a_page_print_what_it_says(
    page: Path, desk: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, in one folder that has the sample and the archives as a clone has them, on a wide terminal."""
    monkeypatch.setenv("COLUMNS", "100")
    for folder in ("graph", "docs"):
        (desk / folder).symlink_to(ROOT / folder)
    for example in examples(page):
        lines = typed(example.command.replace("http://127.0.0.1:8000/", service))
        assert example.says(lines), f"{NAMES[page]}:{example.line}: $ {example.command}\n" + "\n".join(lines)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (("a 1", "b 2", "c 3"), True),
        (("a 1", "…"), True),
        (("…", "c 3"), True),
        (("a …", "…", "c 3", "…"), True),
        (("…", "b 3", "…"), False),
        (("a 1", "b 2"), False),
        (("a 1", "c 3"), False),
        ((), False),
    ],
)
def test_an_example_says_what_came_out_or_it_does_not(shown: tuple[str, ...], said: bool) -> None:
    assert said == Example(1, "linkreach", shown).says(["a 1", "b 2", "c 3"])


def test_pages_whose_commands_are_not_typed_are_few_and_known() -> None:
    found = {
        NAMES[page]
        for page in PAGES
        for kind, block in BLOCK.findall(page.read_text("utf-8"))
        if kind in ("", "sh") and not block.startswith("$ ")
    }
    assert set(NOT_TYPED) == found


@pytest.mark.parametrize("page", PAGES, ids=NAMES.get)
def test_every_command_that_a_page_shows_is_there_with_its_options(page: Path) -> None:
    """Whether a test types it or not."""
    text = page.read_text("utf-8")
    blocks = "".join(block for _, block in BLOCK.findall(text)).replace("\\\n", " ")
    shown = re.findall(r"`linkreach ([^`|…\n]+)`", text) + re.findall(r"^linkreach ([^|…\n]+)$", blocks, re.MULTILINE)
    for line in shown:
        words = shlex.split(line.partition(" > ")[0], comments=True)
        asked = max((known for known in COMMANDS if tuple(words[: len(known)]) == known), key=len)
        assert asked or words[0].startswith("-"), line
        options = {option for parameter in COMMANDS[asked].params for option in parameter.opts}
        assert [] == [word for word in words if word.startswith("-") and word not in options], line
