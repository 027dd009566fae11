"""The command line as a user types it, asking about the sample network."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from graph.driver import schema
from graph.driver.database import Database
from tests.documents.reference import COMMANDS
from tests.rules import case_files, oracle, oracle_assumed
from tests.rules.oracle import Network, Pack, Row
from tests.support.ldbc import ldbc_network
from tests.support.terminal import PROGRAM, Answer, on_a_terminal, piped

Typed = Callable[..., Answer]

SENDER, RECIPIENT, NEAR = "8796093022357", "4398046511333", "59"
AT = "2026-11-23T00:00:00Z"
PAIR = ("check", SENDER, RECIPIENT, "--at", AT)
REACH = ("reach", SENDER, "--at", AT)


@pytest.fixture(scope="module")
def sample(module_sample: Database) -> Iterator[Database]:
    """The sample network in the graph; no command of this module may change anything about it."""
    before = whole_graph(module_sample)
    yield module_sample
    assert before == whole_graph(module_sample)


@pytest.fixture(scope="module")
def network() -> Network:
    return ldbc_network()


@pytest.fixture(scope="module")
def article() -> Pack:
    return Pack.of(case_files.read_pack("article"))


def whole_graph(database: Database) -> list[list[Row]]:
    nodes = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS values ORDER BY elementId(n)"
    edges = "MATCH ()-[e]->() RETURN type(e) AS type, properties(e) AS values ORDER BY elementId(e)"
    return [database.explain(text, {}, profile=True)[0] for text in (nodes, edges)]


def rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


each_command = pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "linkreach")


# Help


@each_command
def test_every_command_has_help_with_an_example_that_can_be_typed(words: tuple[str, ...], linkreach: Typed) -> None:
    answer = linkreach(*words, "--help")
    assert (0, "") == (answer.code, answer.err)
    example = re.search(r"(?:Example|Start with): linkreach (.+(?:\n  \S.*)*)", answer.out)
    assert example is not None
    typed = shlex.split(re.sub(r" > \S+$", "", example[1].replace("\n", " ")))
    asked = max((known for known in COMMANDS if tuple(typed[: len(known)]) == known), key=len)
    assert asked[: len(words)] == words
    COMMANDS[asked].make_context(asked[-1], typed[len(asked) :])


@each_command
def test_help_fits_a_terminal_and_cuts_no_sentence_short(
    words: tuple[str, ...], linkreach: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = linkreach(*words, "--help").out.splitlines()
    assert lines[0].startswith("Usage: linkreach")
    assert [] == [line for line in lines[1:] if len(line) > 80 or line.endswith("...")]


def test_nothing_typed_is_a_question_for_help(linkreach: Typed) -> None:
    assert linkreach("--help") == linkreach()


def test_the_version_is_that_of_the_distribution_of_the_graph_and_of_its_packs(
    linkreach: Typed, sample: Database
) -> None:
    graph = f"graph version {sample.read(schema.state()).version}, packs article, linkedin-help"
    assert Answer(0, f"linkreach {version('linkreach')}, {graph}\n", "") == linkreach("--version")


def test_without_a_server_that_answers_the_version_is_that_of_the_program_and_none_is_started(
    linkreach: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    alone = Answer(0, f"linkreach {version('linkreach')}\n", "")
    assert alone == linkreach("--neo4j-uri", "bolt://127.0.0.1:1", "--version")
    assert alone == linkreach("--version", "--neo4j-password-file", "none")
    monkeypatch.delenv("LINKREACH_NEO4J_URI")
    assert alone == linkreach("--version")
    assert not (tmp_path / "home").exists()


def test_options_alone_are_no_command(linkreach: Typed) -> None:
    expected = "linkreach: Missing command; see: linkreach --help\n"
    assert Answer(2, "", expected) == linkreach("--neo4j-user", "neo4j")


# Answers


@pytest.mark.usefixtures("sample", "desk")
def test_the_exit_code_says_whether_the_recipient_is_reachable() -> None:
    assert [1, 0, 2] == [piped(*PAIR).code, piped(*PAIR, "--as-tier", "career").code, piped("check", SENDER, "x").code]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("tier", ["free", "career"])
def test_a_verdict_is_that_of_the_oracle_in_every_format(
    tier: str, linkreach: Typed, network: Network, article: Pack
) -> None:
    at = oracle.instant(AT)
    assert at is not None
    expected = oracle_assumed.verdict(network, article, SENDER, RECIPIENT, at, tier)
    for evidence in ("groups", "pages"):
        del expected[evidence]
    flat = [
        {"sender": SENDER, "recipient": RECIPIENT, **channel, "reasons": ";".join(channel["reasons"])}
        for channel in oracle.verdict(network, article, SENDER, RECIPIENT, at, tier)["channels"]
    ]
    asked = (*PAIR, "--as-tier", tier, "--format")

    whole = json.loads(linkreach(*asked, "json").out)
    assert whole == json.loads(linkreach(*asked, "jsonl").out)
    assert 1 == linkreach(*asked, "jsonl").out.count("\n")
    for channel in whole["channels"]:
        del channel["evidence"]
    assert expected == whole
    assert [list(expected), list(expected["channels"][0])] == [list(whole), list(whole["channels"][0])]

    text = linkreach(*asked, "csv").out
    assert [{**row, "open": str(row["open"]).lower()} for row in flat] == rows(text)
    assert "sender,recipient,channel,kind,open,reasons" == text.splitlines()[0]

    table = linkreach(*asked, "table").out
    for channel in expected["channels"]:
        state = "open" if channel["open"] else "denied"
        assert re.search(rf"^{channel['channel']} +{channel['kind']} +{state} ", table, re.MULTILINE)


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ((), {}),
        (("--as-tier", "business"), {"as_tier": "business"}),
        (("--degree", 2), {"max_degree": 2}),
        (("--channel", "direct", "--channel", "inmail"), {"channels": ["direct", "inmail"]}),
    ],
    ids=["all", "as-tier", "degree", "channels"],
)
def test_reach_is_that_of_the_oracle_in_every_format(
    options: tuple[Any, ...], asked: Row, linkreach: Typed, network: Network, article: Pack
) -> None:
    at = oracle.instant(AT)
    assert at is not None
    expected = oracle_assumed.reach(network, article, SENDER, at, **asked)
    assert expected
    question = (*REACH, *options, "--format")

    whole = json.loads(linkreach(*question, "json").out)
    assert expected == [{**row, "channels": ";".join(row["channels"])} for row in whole]
    assert whole == [json.loads(line) for line in linkreach(*question, "jsonl").out.splitlines()]

    answer = linkreach(*question, "csv")
    assert [{**row, "degree": str(row["degree"] or ""), "certain": "true"} for row in expected] == rows(answer.out)
    assert (0, f"{len(expected)} members are reached\n") == (answer.code, answer.err)

    assert [row["recipient"] for row in expected] == [
        line.split()[0] for line in linkreach(*question, "table").out.splitlines()[1:]
    ]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("question", "kinds"), [(PAIR, "OOOObO"), (REACH, "OiOb")], ids=["check", "reach"])
def test_parquet_holds_what_csv_holds_with_numbers_and_truth_values(
    question: tuple[str, ...], kinds: str, desk: Path, linkreach: Typed
) -> None:
    with (desk / "answer.parquet").open("wb") as file:
        subprocess.run([PROGRAM, *question, "--format", "parquet"], stdout=file, stderr=subprocess.DEVNULL, check=False)
    frame = pd.read_parquet(desk / "answer.parquet")
    assert kinds == "".join(dtype.kind for dtype in frame.dtypes)
    text = frame.to_csv(index=False).replace("False", "false").replace("True", "true")
    assert linkreach(*question, "--format", "csv").out == text


@pytest.mark.usefixtures("sample")
def test_a_question_takes_its_pack_from_the_option_else_from_the_setting_else_it_is_article(
    linkreach: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(*options: str) -> str:
        name: str = json.loads(linkreach(*PAIR, "--format", "json", *options).out)["pack"]
        return name

    assert "article" == pack()
    monkeypatch.setenv("LINKREACH_PACK", "linkedin-help")
    assert ["linkedin-help", "article"] == [pack(), pack("--pack", "article")]


@pytest.mark.usefixtures("sample")
def test_the_instant_is_answered_in_utc_and_now_is_told_to_the_second(linkreach: Typed) -> None:
    def at(*options: str) -> str:
        text: str = json.loads(linkreach("check", SENDER, RECIPIENT, "--format", "json", *options).out)["at"]
        return text

    assert "2026-11-23T00:00:00Z" == at("--at", "2026-11-23")
    assert "2026-11-23T07:30:00Z" == at("--at", "2026-11-23T09:30:00+02:00")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", at())


# Terminals and pipes


@pytest.mark.usefixtures("sample", "desk")
@pytest.mark.parametrize("question", [(*PAIR, "--as-tier", "career"), REACH], ids=["check", "reach"])
def test_a_person_at_a_terminal_reads_a_table_and_a_pipe_gets_csv(question: tuple[str, ...]) -> None:
    shown, sent = on_a_terminal(*question), piped(*question)
    assert (0, 0) == (shown.code, sent.code)
    assert piped(*question, "--format", "csv").out == sent.out
    assert "," in sent.out.splitlines()[0]
    assert [] == [line for line in shown.out.splitlines() if len(line) > 80]
    assert {row.get("recipient") for row in rows(sent.out)} <= set(re.findall(r"\d+", shown.out))


@pytest.mark.usefixtures("sample", "desk")
def test_a_table_folds_its_cells_where_the_terminal_is_narrow() -> None:
    answer = on_a_terminal("check", "4398046511315", "8796093022363", "--at", AT, columns=60)
    assert [] == [line for line in answer.out.splitlines() if len(line) > 60]
    assert {"NO_SHARED_GROUP", "RECIPIENT_VISIBILITY", "RECIPIENT_AUDIENCE"} <= set(re.findall(r"\w+", answer.out))


@pytest.mark.usefixtures("sample", "desk")
def test_parquet_is_not_written_to_a_terminal() -> None:
    answer = on_a_terminal(*PAIR, "--format", "parquet")
    assert (2, "") == (answer.code, answer.out)
    assert "linkreach: Parquet is no text: send it to a file, > answer.parquet\n" == answer.err


@pytest.mark.usefixtures("sample", "desk")
@pytest.mark.parametrize("question", [PAIR, REACH], ids=["check", "reach"])
def test_a_pipe_that_nobody_reads_any_more_is_no_error(question: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([PROGRAM, *question], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (141, "") == (done.returncode, done.stderr.replace("53 members are reached\n", ""))


@pytest.mark.usefixtures("desk")
def test_an_interrupted_command_says_so_in_a_line() -> None:
    """It is interrupted while it waits for a server that says nothing, and so at a certain point."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"bolt://127.0.0.1:{silent.getsockname()[1]}"
        process = subprocess.Popen(
            [PROGRAM, "--neo4j-uri", address, *PAIR], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        connection, _ = silent.accept()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        connection.close()
    assert (130, "", "linkreach: interrupted\n") == (process.returncode, out, err)


# Errors


def file(desk: Path, name: str, content: bytes = b"id\na\n") -> Path:
    path = desk / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def folder(desk: Path, name: str) -> Path:
    (desk / name).mkdir()
    return desk / name


# What is typed (a function makes a file first and is its path), and words of the line that answers.
BAD_INPUT: dict[str, tuple[list[Any], str]] = {
    "unknown command": (["frobnicate"], "No such command 'frobnicate'; see: linkreach --help"),
    "unknown option": ([*PAIR, "--colour"], "No such option: --colour; an id that begins with - stands after --; "),
    "nobody named": (["check"], "Missing argument 'SENDER'; see: linkreach check --help"),
    "one too many": ([*PAIR, "x"], "Got unexpected extra argument(s) (x); see: linkreach check --help"),
    "unknown sender": (["check", "nobody", RECIPIENT], "no member has the id 'nobody'"),
    "unknown recipient": (["check", SENDER, "nobody"], "no member has the id 'nobody'"),
    "empty id": (["check", "", RECIPIENT], "no member has the id ''"),
    "id like markup": (["check", "[/bold]:smile:", RECIPIENT], "no member has the id '[/bold]:smile:'"),
    "id of two lines": (["check", "a\nb", RECIPIENT], "no member has the id 'a\\nb'"),
    "id of other bytes than UTF-8": (["check", "a\udcff", RECIPIENT], "'a\\udcff' cannot be written as utf-8"),
    "oneself": (["check", SENDER, SENDER], f"{SENDER!r} is both sender and recipient: ask about two different members"),
    "unknown tier": ([*PAIR, "--as-tier", "gold"], "no tier 'gold': its tiers are free, career, business, sales_nav"),
    "unknown pack": ([*PAIR, "--pack", "mine"], "no rule pack 'mine' is loaded; loaded are article, linkedin-help"),
    "unknown format": ([*PAIR, "--format", "xml"], "Invalid value for '--format': 'xml' is not one of 'table', 'csv'"),
    "no time": ([*PAIR[:3], "--at", "nonsense"], "Invalid value for '--at': 'nonsense' is no time: say 2026-11-23"),
    "no day": ([*PAIR[:3], "--at", "2026-02-30"], "'2026-02-30' is no time: say 2026-11-23"),
    "unknown member": (["reach", "nobody"], "no member has the id 'nobody'"),
    "unknown channel": ([*REACH, "--channel", "fax"], "no channel 'fax': its channels are direct, group, company_page"),
    "degree 7": ([*REACH, "--degree", 7], "Invalid value for '--degree': Input should be less than or equal to 3"),
    "degree 0": ([*REACH, "--degree", 0], "Invalid value for '--degree': Input should be greater than or equal to 1"),
    "unknown report": (["report", "gossip", "--out", "r"], "no report 'gossip': there are member_reach, tier_"),
    "unknown engine": (
        ["report", "all", "--out", "r", "--engine", "steam"],
        "no engine 'steam': use one of auto, cypher, local, spark",
    ),
    "no place for reports": (["report", "all"], "say where the files go: --out DIR"),
    "reports into a file": (
        ["report", "all", "--out", lambda desk: file(desk, "out")],
        "out is not a folder: choose another one",
    ),
    "nothing at the path": (["load", "nowhere"], "there is nothing at nowhere: name a folder of files to load"),
    "a file, no folder": (
        ["load", lambda desk: file(desk, "members.csv")],
        "members.csv is one file of a native folder: load the folder,",
    ),
    "a folder of no format": (["load", lambda desk: folder(desk, "empty")], "empty is of no known format: there is no"),
    "another format": (
        ["load", "--from", "ldbc", lambda desk: file(desk, "n/members.csv").parent],
        "not of the format",
    ),
    "a format that is none": (["load", "--from", "excel", "."], "'excel' is no format: there are auto, native, ldbc"),
    "gzip cut short": (
        ["load", lambda desk: file(desk, "n/members.csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\3K").parent],
        "members.csv.gz ends too early: copy or download it again",
    ),
    "a folder for a file": (
        ["load", lambda desk: folder(folder(desk, "n"), "members.csv").parent],
        "members.csv is a folder: a file should stand there",
    ),
    "no ids": (
        ["load", lambda desk: file(desk, "n/members.csv", b"name\nAda\n").parent],
        "members.csv has no column 'id': members need it",
    ),
    "Latin 1": (
        ["load", lambda desk: file(desk, "n/members.csv", b"id\na\nJos\xe9\n").parent],
        "members.csv, line 3: not UTF-8; say which encoding it has (--encoding latin-1), or save the file as UTF-8",
    ),
    "rejects over a file of another kind": (
        ["load", lambda desk: file(desk, "n/members.csv").parent, "--rejects", lambda desk: file(desk, "notes.txt")],
        "notes.txt is no file of rejected rows: choose another name for them",
    ),
    "no address": (
        ["--neo4j-uri", "http://localhost:7474", *PAIR],
        "LINKREACH_NEO4J_URI: 'http://localhost:7474' is no",
    ),
    "no port": (
        ["--neo4j-uri", "bolt://localhost:abc", *PAIR],
        "LINKREACH_NEO4J_URI: 'bolt://localhost:abc' is no address of a Neo4j",
    ),
    "a routing context without routing": (
        ["--neo4j-uri", "bolt://localhost:7687?x=1", *PAIR],
        "LINKREACH_NEO4J_URI: 'bolt://localhost:7687?x=1' is no address of a Neo4j",
    ),
    "no such database": (["--neo4j-database", "mine", *PAIR], "Graph not found: mine"),
    "wrong password": (
        ["--neo4j-password-file", lambda desk: file(desk, "password", b"wrong"), *PAIR],
        "refuses the user 'neo4j' with this password; set LINKREACH_NEO4J_USER and LINKREACH_NEO4J_PASSWORD_FILE",
    ),
    "no password file": (
        ["--neo4j-password-file", "none", *PAIR],
        "LINKREACH_NEO4J_PASSWORD_FILE: none cannot be read: No such file or directory",
    ),
    "a folder for a password": (
        ["--neo4j-password-file", lambda desk: folder(desk, "secrets"), *PAIR],
        "secrets cannot be read: Is a directory",
    ),
    "a password that is no text": (
        ["--neo4j-password-file", lambda desk: file(desk, "password", b"\xff"), *PAIR],
        "password cannot be read: not text",
    ),
}


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_one_line_that_says_what_to_do(case: str, linkreach: Typed, desk: Path) -> None:
    typed, words = BAD_INPUT[case]
    answer = linkreach(*(word(desk) if callable(word) else word for word in typed))
    assert (2, "") == (answer.code, answer.out)
    assert re.fullmatch(r"linkreach: .+\n", answer.err)
    assert words in answer.err


def test_an_address_where_nothing_listens_is_named(linkreach: Typed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = linkreach("--neo4j-uri", f"bolt://127.0.0.1:{port}", *PAIR)
    expected = f"no Neo4j answers at bolt://127.0.0.1:{port}; is it running, and is LINKREACH_NEO4J_URI right?"
    assert Answer(2, "", f"linkreach: {expected}\n") == answer


def test_a_neo4j_of_ones_own_wants_a_password(linkreach: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINKREACH_NEO4J_PASSWORD_FILE")
    expected = "LINKREACH_NEO4J_PASSWORD_FILE: a Neo4j of your own wants a password, or a file that holds it"
    assert Answer(2, "", f"linkreach: {expected}\n") == linkreach(*PAIR)


# The server and the doctor


@pytest.mark.usefixtures("sample")
def test_the_doctor_finds_nothing_wrong_and_says_what_is_there(linkreach: Typed) -> None:
    answer = linkreach("doctor")
    assert (0, "") == (answer.code, answer.err)
    assert ["ok"] * 3 == [line.split()[0] for line in answer.out.splitlines()]
    assert re.search(
        r"^ok     graph: version \d+, 222 members, packs article, linkedin-help$", answer.out, re.MULTILINE
    )


def test_the_doctor_says_what_is_wrong_and_still_looks_at_the_rest(linkreach: Typed) -> None:
    answer = linkreach("--neo4j-password-file", "none", "doctor")
    assert (2, "") == (answer.code, answer.err)
    assert ["ok", "ok", "wrong"] == [line.split()[0] for line in answer.out.splitlines()]
    line = "LINKREACH_NEO4J_PASSWORD_FILE: none cannot be read: No such file or directory"
    assert answer.out.endswith(f"wrong  graph: {line}\n")


def test_the_doctor_starts_no_server(linkreach: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LINKREACH_NEO4J_URI")
    answer = linkreach("doctor")
    assert 0 == answer.code
    assert f"ok     server: none runs for {tmp_path / 'home'}; a command that needs it starts it\n" in answer.out
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "question",
    [PAIR, REACH, ("reached-by", "a"), ("unlock", "a", "b"), ("report", "all", "--out", "r"), ("snapshot", "s")],
    ids=lambda question: question[0],
)
def test_a_home_without_a_network_says_so_before_a_server_is_set_up(
    question: tuple[str, ...], linkreach: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LINKREACH_NEO4J_URI")
    line = "no network was ever loaded; load one: linkreach load PATH"
    assert Answer(2, "", f"linkreach: {line}\n") == linkreach(*question)
    assert not (tmp_path / "home").exists()


def test_the_status_of_a_server_that_does_not_run_is_1(linkreach: Typed, tmp_path: Path) -> None:
    assert Answer(1, "", f"no server runs for {tmp_path / 'home'}: linkreach neo4j start\n") == linkreach(
        "neo4j", "status"
    )
    assert Answer(0, "", f"no server runs for {tmp_path / 'home'}\n") == linkreach("neo4j", "stop")
