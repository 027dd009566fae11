"""`--change`: the answers as if a change were loaded, as a user types it; the graph stays as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.driver.database import Database
from graph.snapshot.fingerprint import fingerprint
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

SENDER, RECIPIENT, AT = "8796093022357", "4398046511333", "2026-11-23T00:00:00Z"


@pytest.fixture(scope="module", autouse=True)
def sample(module_sample: Database) -> Iterator[Database]:
    """The sample network; no command of this module may change anything about it."""
    before = fingerprint(module_sample)
    yield module_sample
    assert before == fingerprint(module_sample)


@pytest.fixture
def change(desk: Path) -> Path:
    """A folder that connects the two, who are not."""
    folder = desk / "change"
    folder.mkdir()
    (folder / "connections.csv").write_text(f"a,b\n{SENDER},{RECIPIENT}\n", "utf-8")
    return folder


def test_a_question_is_answered_as_if(linkreach: Typed, change: Path) -> None:
    asked = ("check", SENDER, RECIPIENT, "--at", AT, "--format", "json")
    now, then = (json.loads(linkreach(*asked, *more).out) for more in ((), ("--change", str(change))))
    assert (2, False) == (now["degree"], now["reachable_free"])
    assert (1, True) == (then["degree"], then["reachable_free"])


def test_every_question_takes_a_change(linkreach: Typed, change: Path, desk: Path) -> None:
    (desk / "senders.txt").write_text(f"{SENDER}\n", "utf-8")
    (desk / "recipients.txt").write_text(f"{RECIPIENT}\n", "utf-8")
    supposed = ("--at", AT, "--change", str(change))
    match = linkreach(
        *("match", "--senders", "senders.txt", "--recipients", "recipients.txt", "--format", "csv"), *supposed
    )
    assert match.out.splitlines()[1].startswith(f"{SENDER},{RECIPIENT},1,true,true,direct")
    near = linkreach("reach", SENDER, "--degree", "1", "--format", "csv", *supposed)
    assert f"{RECIPIENT},1,direct" in near.out
    back = linkreach("reached-by", RECIPIENT, "--degree", "1", "--format", "csv", *supposed)
    assert f"{SENDER},1,direct" in back.out
    unlock = linkreach("unlock", SENDER, RECIPIENT, "--format", "json", *supposed)
    assert ([], True) == tuple(json.loads(unlock.out)[key] for key in ("actions", "single_action_enough"))


@pytest.mark.parametrize("engine", ["cypher", "local"])
def test_a_report_is_made_as_if_and_its_manifest_says_so(
    engine: str, linkreach: Typed, change: Path, desk: Path
) -> None:
    answer = linkreach(
        *("report", "member_reach", "--engine", engine, "--out", "out", "--at", AT, "--change", str(change))
    )
    assert 0 == answer.code, answer.err
    degrees = {
        row.split(",")[0]: row.split(",")[3] for row in (desk / "out/member_reach.csv").read_text("utf-8").splitlines()
    }
    linkreach("report", "member_reach", "--engine", engine, "--out", "now", "--at", AT)
    now = {
        row.split(",")[0]: row.split(",")[3] for row in (desk / "now/member_reach.csv").read_text("utf-8").splitlines()
    }
    assert {SENDER, RECIPIENT} == {member for member in now if now[member] != degrees[member]}
    assert str(change) == json.loads((desk / "out/manifest.json").read_text("utf-8"))["change"]["name"]


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("connections.csv", "a,b\n1,2\n", "connections.csv, line 2, a: '1': nobody declares this id"),
        ("members.csv", f"id,visibility\n{SENDER},hidden\n", "members.csv, line 2, visibility: 'hidden'"),
        ("notes.txt", "x\n", "notes.txt"),
        ("remove/blocks.csv", f"member,other\n{SENDER},{RECIPIENT}\n", "not in the graph"),
    ],
)
def test_a_change_that_would_not_load_whole_is_one_line(
    file: str, text: str, problem: str, linkreach: Typed, change: Path
) -> None:
    (change / file).parent.mkdir(exist_ok=True)
    (change / file).write_text(text, "utf-8")
    answer = linkreach("check", SENDER, RECIPIENT, "--change", str(change))
    assert (2, "") == (answer.code, answer.out)
    assert 1 == len(answer.err.splitlines())
    assert problem in answer.err


def test_a_change_that_is_not_there_is_one_line(linkreach: Typed) -> None:
    answer = linkreach("check", SENDER, RECIPIENT, "--change", "nowhere")
    assert (2, 1) == (answer.code, len(answer.err.splitlines()))
    assert "there is no change at nowhere" in answer.err
