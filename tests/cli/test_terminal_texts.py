"""Texts of the data on a terminal, in a spreadsheet, and back: they steer nothing, and no id is lost."""

from __future__ import annotations

import csv
import io
import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from api.output import put, say, shown, told
from graph.driver.database import Database
from graph.files.spreadsheets import RUN, guarded, guarded_row, unguarded
from graph.questions import members
from tests.support.paths import ROOT
from tests.support.terminal import Answer, on_a_terminal

Typed = Callable[..., Answer]

# Erases the screen, sets the title, rings, goes back to the start of the line, and turns what follows around.
STEERING = "\x1b[2J\x1b]0;mine\x07\x9b31m\r\u202eevil\u2066\u200f\u2028\x7f"
SHOWN = r"\x1b[2J\x1b]0;mine\x07\x9b31m\r\u202eevil\u2066\u200f\u2028\x7f"
HOSTILE = [f"a{STEERING}", "..", ".", "=1+1", "＝1", "＠x", "\n=2", "+46", "-1", "'=3", "é 👩‍💻 نام‌خانوادگی"]


def write(desk: Path, tables: dict[str, list[list[str]]]) -> None:
    for name, rows in tables.items():
        with (desk / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)


@pytest.fixture
def hostile(database: Database, linkreach: Typed, desk: Path) -> list[str]:
    write(
        desk,
        {
            "members": [["id"], ["me"], *([id] for id in HOSTILE)],
            "connections": [["a", "b"], *(["me", id] for id in HOSTILE)],
        },
    )
    assert 0 == linkreach("load", desk).code
    assert 1 + len(HOSTILE) == database.read(members.size())
    return HOSTILE


def test_what_steers_is_shown_as_an_escape_and_the_rest_as_it_is() -> None:
    assert SHOWN == shown(STEERING)
    assert "é 👩‍💻 نام‌خانوادگی" == shown("é 👩‍💻 نام‌خانوادگی")
    assert r"\ud800 \x00 \n \t" == shown("\ud800 \x00 \n \t")


def test_whatever_is_told_passes_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    say(STEERING)
    with told():
        logging.getLogger("graph.server.server").info(STEERING)
    assert f"{SHOWN}\n{SHOWN}\n" == capsys.readouterr().err
    put(STEERING)  # to a program, as it is
    assert f"{STEERING}\n" == capsys.readouterr().out


def test_nothing_in_api_writes_to_the_terminal_by_itself() -> None:
    ways = ("typer.echo(", "click.echo(", "rich.text", "sys.stdout.write", "sys.stderr.write", "Console(", "secho(")
    asides = {ROOT / "api" / "output.py"}
    found = [
        f"{path.name}: {way}"
        for path in (ROOT / "api").rglob("*.py")
        if path not in asides
        for way in ways
        if way in path.read_text("utf-8")
    ]
    assert [] == found


@pytest.mark.parametrize("format", ["table", "csv", "json", "jsonl"])
@pytest.mark.parametrize("question", [("reach", "me"), ("check", "me", HOSTILE[0])], ids=["reach", "check"])
def test_no_answer_steers_a_terminal(hostile: list[str], question: tuple[str, ...], format: str) -> None:
    answer = on_a_terminal(*question, "--format", format, columns=1000)
    assert 0 == answer.code
    for character in STEERING.replace("[2J", "").replace("]0;mine", "").replace("31m", "").replace("evil", ""):
        assert character not in answer.out
    assert "u202eevil" in answer.out
    if format == "json":
        answered = json.loads(answer.out)
        ids = [each["recipient"] for each in answered] if question[0] == "reach" else [answered["recipient"]]
        assert hostile[0] in ids


@pytest.mark.usefixtures("hostile")
def test_an_error_that_names_an_id_or_a_file_is_one_plain_line(linkreach: Typed) -> None:
    for typed in (
        ("check", "me", f"x{STEERING}"),
        ("load", f"x{STEERING}"),
        ("report", f"x{STEERING}", "--out", "r"),
        ("reach", "me", "--channel", f"x{STEERING}"),
        (f"x{STEERING}",),
        ("check", "me", "a", "--pack", f"x{STEERING}"),
        ("--neo4j-password-file", f"x{STEERING}", "check", "a", "b"),
    ):
        code, out, err = linkreach(*typed)
        assert (2, "", 1) == (code, out, err.count("\n"))
        assert err.removesuffix("\n").isprintable() or "\\u202e" in err
        assert not set(err) & (set(STEERING) - set("[2J]0;mine31mevil"))


# Spreadsheets


def test_a_guard_goes_and_comes_off() -> None:
    assert ["'" + first for first in RUN] == [guarded(first) for first in RUN]
    assert [*RUN] == [unguarded(guarded(first)) for first in RUN]
    assert ["a", "'", "' =1", ""] == [guarded(text) for text in ("a", "'", "' =1", "")]
    assert [None] * 4 == [unguarded(text) for text in ("a", "'a", "'", "=1")]
    assert '"a\r=1",\'=1,7\n' == guarded_row(["a\r=1", "=1", 7])


@pytest.mark.parametrize("options", [(), ("--raw",)], ids=["guarded", "raw"])
def test_every_csv_of_a_question_is_guarded_unless_raw(
    hostile: list[str], linkreach: Typed, options: tuple[str, ...]
) -> None:
    def ids(command: str, *asked: str) -> set[str]:
        answer = linkreach(command, "--format", "csv", *options, "--", *asked)
        assert answer.code < 2
        return {row["recipient"] for row in csv.DictReader(io.StringIO(answer.out, newline=""))}

    expected = {id if options else guarded(id) for id in hostile}
    assert expected == ids("reach", "me")
    assert expected == {one for id in hostile for one in ids("check", "me", id)}


def test_the_ids_of_a_guarded_csv_are_found_again(hostile: list[str], linkreach: Typed, desk: Path) -> None:
    one_line = sorted(id for id in hostile if not set(id) & {"\n", "\r"})
    (desk / "all.txt").write_text("\n".join(map(guarded, one_line)), "utf-8")
    (desk / "me.txt").write_text("me", "utf-8")
    answer = linkreach("match", "--senders", "me.txt", "--recipients", "all.txt", "--format", "json")
    assert one_line == [pair["recipient"] for pair in json.loads(answer.out)]
    (desk / "all.txt").write_text("'=4", "utf-8")
    assert 'no member has the id "\'=4"' in linkreach("match", "--senders", "me.txt", "--recipients", "all.txt").err


@pytest.mark.usefixtures("database")
def test_rejected_rows_run_nothing_either(linkreach: Typed, desk: Path) -> None:
    write(desk, {"members": [["id", "status"], ["a", "=cmd()"], ["b", "x\r=1"], ["c", "＋1"]]})
    linkreach("load", desk, "--rejects", "rejects.csv")
    with (desk / "rejects.csv").open(encoding="utf-8", newline="") as file:
        text = file.read()
    assert ["'=cmd()", "x\r=1", "'＋1"] == [row["value"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert '"x\r=1"' in text


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("id", [".", ".."])
def test_a_member_may_be_named_like_a_folder(linkreach: Typed, id: str) -> None:
    assert 0 == linkreach("check", "me", id).code
    assert 0 == linkreach("check", id, "me").code
    assert 0 == linkreach("reach", id).code
    assert 0 == linkreach("reached-by", id).code
