"""`linkreach demo` as a newcomer types it: in an empty folder, with nothing set; first to stay, then once more."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest

from analysis.reports import REPORTS
from graph.server.server import RunningServer, Server
from tests.rules import case_files, oracle
from tests.rules.oracle import Pack
from tests.support.ldbc import ldbc_network
from tests.support.terminal import PROGRAM, Answer

QUESTION = re.compile(
    r"^\$ linkreach (check (\d+) (\d+)(?: --as-tier (\w+))?)\n.+ \(\d+, (\w+)\) (can|cannot) reach", re.M
)


class Runs(NamedTuple):
    """What was seen: `demo --keep`, Neo4j Browser, a question that it printed, asked again, and `demo` after that."""

    folder: Path
    kept: Answer
    browser: str
    asked: Answer
    again: Answer
    left: RunningServer | None


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("newcomer")
    nothing_set = {name: value for name, value in os.environ.items() if not name.startswith("LINKREACH_")}

    def typed(words: str, **environment: str) -> Answer:
        done = subprocess.run(
            [PROGRAM, *shlex.split(words)],
            cwd=folder,
            env={**nothing_set, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    server = Server(folder / "linkreach-demo" / "home")
    try:
        kept = typed("demo --keep")
        assert 0 == kept.code, kept.err
        with urlopen(found(r"^Neo4j Browser  (\S+)$", kept.out)) as page:
            browser = page.read().decode()
        [home] = shlex.split(found(r"export LINKREACH_HOME=(.+)$", kept.err))
        asked = typed(found(QUESTION.pattern, kept.out), LINKREACH_HOME=home)
        again = typed("demo")
        yield Runs(folder, kept, browser, asked, again, server.status())
    finally:
        server.stop()


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match is not None, text
    return match[1]


def test_it_shows_a_pair_that_is_open_one_that_is_not_and_one_that_a_tier_opens(runs: Runs) -> None:
    network, article, now = ldbc_network(), Pack.of(case_files.read_pack("article")), datetime.now(UTC)

    def reachable(sender: str, recipient: str, tier: str | None) -> bool:
        answer: bool = oracle.verdict(network, article, sender, recipient, now, tier)["reachable"]
        return answer

    shown = {
        (sender, recipient, tier or None): word == "can"
        for _, sender, recipient, tier, _, word in QUESTION.findall(runs.kept.out)
    }
    assert {question: reachable(*question) for question in shown} == shown
    asked_as_they_are = {question[:2]: answer for question, answer in shown.items() if question[2] is None}
    hopeless = [
        pair
        for pair, answer in asked_as_they_are.items()
        if not answer and not any(reachable(*pair, tier.name) for tier in article.tiers)
    ]
    opened = [question[:2] for question, answer in shown.items() if question[2] is not None and answer]
    assert any(asked_as_they_are.values())
    assert hopeless
    assert [False] == [asked_as_they_are[pair] for pair in opened]
    assert "RECIPIENT_AUDIENCE" in runs.kept.out


def test_it_shows_the_reach_of_each_tier_and_where_the_reports_are(runs: Runs) -> None:
    files = re.findall(r"^linkreach-demo/reports/\S+$", runs.kept.out, re.MULTILINE)
    assert sorted(files) == sorted(
        path.relative_to(runs.folder).as_posix() for path in (runs.folder / "linkreach-demo/reports").iterdir()
    )
    assert {Path(file).stem for file in files} <= {*REPORTS, "manifest"}
    with (runs.folder / "linkreach-demo/reports/tier_reach.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert re.search(rf"^{row['tier']} +{row['members']} .+ {row['max']} ", runs.kept.out, re.MULTILINE)


def test_it_leaves_nothing_in_the_folder_but_its_own(runs: Runs) -> None:
    assert ["linkreach-demo"] == [path.name for path in runs.folder.iterdir()]
    assert ["home", "reports"] == sorted(path.name for path in (runs.folder / "linkreach-demo").iterdir())


def test_kept_it_leaves_neo4j_browser_at_the_address_that_it_prints(runs: Runs) -> None:
    assert "<title>Neo4j Browser</title>" in runs.browser


def test_a_question_that_it_printed_can_be_asked_again_the_way_that_it_says(runs: Runs) -> None:
    assert 0 == runs.asked.code
    assert runs.asked.out.startswith("sender,recipient,channel,kind,open,reasons\n")


def test_once_more_it_says_the_same_and_stops_the_server(runs: Runs) -> None:
    assert 0 == runs.again.code
    assert QUESTION.findall(runs.kept.out) == QUESTION.findall(runs.again.out)
    assert "starting Neo4j" not in runs.again.err
    assert "\nNeo4j is stopped; linkreach demo --keep leaves it running" in runs.again.err
    assert runs.left is None
