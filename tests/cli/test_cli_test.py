"""`linkreach test` as it is typed: expectations that hold and fail, mistakes with their lines, JUnit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import jsonschema_rs
import pytest

from graph.driver import schema as graph_schema
from graph.driver.database import Database
from graph.rules.rule_pack import shipped_pack
from graph.snapshot.fingerprint import fingerprint
from linkreach.verdict_tests import CheckFile, VerdictTests, schema
from tests.rules import case_files
from tests.support.paths import ROOT
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

NETWORK = """
network:
  members: {a: {tier: career}, b: {}, 007: {status: closed}, far: {tier: business}}
  connections: [[a, b], {a: b, b: 007, strength: 80}]
  groups: {g: {}}
  group_members: [[a, g], [far, g]]
at: 2026-06-01
"""
NOTHING_SHARED = ("OUT_OF_NETWORK", "NO_SHARED_GROUP", "NO_SHARED_PAGE", "NO_INMAIL_CREDITS")
HOLDS = """
checks:
  - {sender: a, recipient: b, reachable: true, degree: 1, tier: career, channels: {direct: open}}
  - {sender: a, recipient: 007, reachable: false, degree: null, gates: [RECIPIENT_GONE]}
  - {sender: b, recipient: far, no_link: true, reachable_free: false, mutuals: 0, certain: true, possible: false}
  - {member: a, reach: [far, b], reached_by: [b, far]}
  - {sender: a, recipient: far, as_tier: free, channels: {group: open, direct: [OUT_OF_NETWORK]}}
  - sender: b
    recipient: far
    change: {group_members: [[b, g]]}
    channels: {group: open}
  - sender: a
    recipient: b
    change: leave
    channels: {direct: [OUT_OF_NETWORK]}
"""


@pytest.fixture(autouse=True)
def sandbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """In place of a server that is started for each test: the one that runs; says how often it was asked for."""
    asked: list[Database] = []

    @contextmanager
    def lent() -> Iterator[Database]:
        graph_schema.apply(database)
        asked.append(database)
        yield database

    monkeypatch.setattr("linkreach.testing.thrown_away", lent)
    return asked


@pytest.fixture
def leave(desk: Path) -> None:
    (desk / "leave" / "remove").mkdir(parents=True)
    (desk / "leave" / "remove" / "connections.csv").write_text("a,b\nb,a\n", "utf-8")


def written(name: str, text: str) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text.lstrip("\n"), "utf-8")
    return name


@pytest.mark.usefixtures("leave")
def test_expectations_that_hold_end_with_0(linkreach: Typed, sandbox: list[Database]) -> None:
    written("first.yaml", NETWORK + HOLDS)
    answer = linkreach("test", "first.yaml", "first.yaml")
    assert (0, "14 checks in 2 files: all hold\n", "") == (answer.code, answer.out, answer.err)
    assert 1 == len(sandbox)


def test_each_that_fails_is_a_line_with_what_was_expected_and_what_came(linkreach: Typed) -> None:
    written(
        "tests/fails.yaml",
        NETWORK
        + """
checks:
  - {sender: a, recipient: b, reachable: false, degree: 2, channels: {direct: [TIER_TOO_LOW], open_profile: open}}
  - name: strangers write
    sender: b
    recipient: far
    reachable: true
  - {member: a, reach: [b, 007], as_tier: free}
  - {member: a, reached_by: [b, far]}
""",
    )
    answer = linkreach("test", "tests", "--junit", "out/junit.xml")
    assert (1, "") == (answer.code, answer.err)
    assert [
        "tests/fails.yaml:9: a to b: reachable: expected false, came true",
        "tests/fails.yaml:9: a to b: degree: expected 2, came 1",
        "tests/fails.yaml:9: a to b: direct: expected TIER_TOO_LOW, came open",
        "tests/fails.yaml:9: a to b: open_profile: expected open, came not of the pack",
        f"tests/fails.yaml:10: strangers write: reachable: expected true, came false ({', '.join(NOTHING_SHARED)})",
        "tests/fails.yaml:14: a, as if on free: reach: expected 007, b, came not 007 and also far",
        "4 checks in 1 file: 3 of them fail",
        "out/junit.xml",
    ] == answer.out.splitlines()
    suite = ElementTree.parse("out/junit.xml").getroot()[0]
    assert ("tests/fails.yaml", "4", "3") == tuple(suite.get(key) for key in ("name", "tests", "failures"))
    assert [("a to b", "9", 4), ("strangers write", "10", 1), ("a, as if on free", "14", 1), ("a", "15", 0)] == [
        (case.get("name"), case.get("line"), len(case)) for case in suite
    ]
    assert "degree: expected 2, came 1" == suite[0][1].get("message")


def test_the_graph_that_there_is_is_asked_and_stays_as_it_is(
    linkreach: Typed, sample: Database, sandbox: list[Database]
) -> None:
    """Also by a pack that is not loaded, and after a change."""
    mine = shipped_pack("article").text.replace("direct_degree = 2", "direct_degree = 3").replace('"article"', '"mine"')
    written("tests/mine.toml", mine)
    written(
        "tests/own.yaml",
        """
pack: mine.toml
checks:
  - {sender: 8796093022357, recipient: 4398046511333, as_tier: career, channels: {direct: open}}
  - {sender: 8796093022357, recipient: 4398046511333, channels: {direct: [TIER_TOO_LOW]}}
  - sender: 8796093022357
    recipient: 4398046511333
    change: {connections: [[8796093022357, 4398046511333]]}
    degree: 1
""",
    )
    before = fingerprint(sample)
    answer = linkreach("test", "tests/own.yaml", "--at", "2026-11-23")
    assert (0, "3 checks in 1 file: all hold\n", "") == (answer.code, answer.out, answer.err)
    assert before == fingerprint(sample)
    assert [] == sandbox


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("checks:\n  - {sender: a, recipient: b}", 2, "this check expects nothing"),
        (
            "checks:\n  - sender: a\n    recipient: b\n    reachabel: true",
            4,
            "there is no key 'reachabel': did you",
        ),
        ("chekcs: []", 1, "there is no key 'chekcs': did you mean 'checks'?"),
        ("checks:\n  - {sender: a, reachable: true}", 2, "a check is about a pair, sender and recipient, or about"),
        ("checks:\n  - {sender: a, recipient: b, reach: [a]}", 2, "reach is not expected of a pair"),
        ("checks:\n  - {sender: a, recipient: b, degree: 4}", 2, "degree: Expected `int` <= 3"),
        ("checks:\n  - {sender: a, recipient: b, channels: {drect: open}}", 2, "there is no channel 'drect': did you"),
        ("checks:\n  - {sender: a, recipient: b, gates: [SENDER_GON]}", 2, "there is no code 'SENDER_GON': did you"),
        ("checks: [{member: a, at: soon, reach: []}]", 1, "'soon' is no time: say 2026-11-23"),
        ("at: 1\nat: 2", 2, "not YAML: 'at' stands twice"),
        ("checks:\n - [", 2, "not YAML: "),
        ("a: &a [1]\nb: *a", 2, "an alias is not read: write it out"),
        (NETWORK + "checks:\n - {sender: a, recipient: nobody, reachable: true}", 8, "no member has the id 'nobody'"),
        (NETWORK + "checks:\n - {sender: a, recipient: a, reachable: true}", 8, "'a' is both sender and recipient"),
        (NETWORK + "checks:\n - {member: nobody, reach: []}", 8, "no member has the id 'nobody'"),
        (NETWORK + "checks:\n - {member: a, as_tier: gold, reach: []}", 8, "the pack 'article' has no tier 'gold'"),
        (NETWORK + "pack: mine\nchecks:\n - {member: a, reach: []}", 7, "no rule pack 'mine'"),
        (NETWORK + "pack: mine.toml\nchecks:\n - {member: a, reach: []}", 7, "mine.toml: cannot be read"),
        (
            "network: {members: {a: {tier: gold}}}\nchecks:\n - {member: a, reach: []}",
            1,
            "row 1, tier: 'gold'",
        ),
        ("network: {membres: {a: {}}}\nchecks:\n - {member: a, reach: []}", 1, "membres"),
        ("network: nowhere\nchecks:\n - {member: a, reach: []}", 1, "nowhere"),
        (
            NETWORK + "checks:\n - {member: a, change: {connections: [[a, x]]}, reach: []}",
            8,
            "connections, row 1, b: 'x': nobody declares this id",
        ),
        (NETWORK + "checks:\n - {member: a, change: nowhere, reach: []}", 8, "there is no change at nowhere"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_line(
    linkreach: Typed, desk: Path, text: str, line: int, problem: str
) -> None:
    written("wrong.yaml", text)
    answer = linkreach("test", "wrong.yaml", "--junit", "junit.xml")
    assert (2, "", 1) == (answer.code, answer.out, answer.err.count("\n"))
    assert answer.err.startswith(f"linkreach: wrong.yaml:{line}: "), answer.err
    assert problem in answer.err
    assert {"wrong.yaml"} == {path.name for path in desk.iterdir()}


def test_what_a_file_may_name_does_not_depend_on_those_before_it(linkreach: Typed) -> None:
    gold = shipped_pack("article").text.replace('"article"', '"mine"').replace("[tiers.career", "[tiers.gold")
    written("mine.toml", gold)
    text = "network: {members: {a: {tier: gold}}}\nchecks:\n - {member: a, reach: []}\n"
    written("gold.yaml", f"pack: mine.toml\n{text}")
    written("wrong.yaml", text)
    assert 0 == linkreach("test", "gold.yaml").code
    alone, after = linkreach("test", "wrong.yaml"), linkreach("test", "gold.yaml", "wrong.yaml")
    assert (2, alone) == (after.code, after)
    assert "row 1, tier: 'gold'" in after.err


def test_junit_can_be_read_whatever_characters_ids_have(linkreach: Typed) -> None:
    ids = r'"bell\a"', r'"\uFFFF"'
    checks = f"checks:\n - {{sender: {ids[0]}, recipient: {ids[1]}, gates: [SENDER_GONE]}}\n"
    written("odd.yaml", f"network: {{members: {{{ids[0]}: {{}}, {ids[1]}: {{}}}}}}\n{checks}")
    assert 1 == linkreach("test", "odd.yaml", "--junit", "junit.xml").code
    [case] = ElementTree.parse("junit.xml").getroot()[0]
    assert r"bell\x07 to \uffff" == case.get("name")


def test_a_place_that_is_not_in_a_file_is_at_its_top() -> None:
    file = CheckFile(Path("a.yaml"), VerdictTests(checks=[]), {"$": 1, "$.checks": 3})
    assert [1, 1, 3, 1] == [file.line_of(place) for place in ("$", "nowhere", "$.checks[0].at", "$.at")]


def test_every_case_of_the_rules_holds(linkreach: Typed) -> None:
    cases = sorted((ROOT / "tests" / "rules" / "cases").glob("*.yaml"))
    checks = sum(len(case_files.load(path).verdicts) for path in cases)
    answer = linkreach("test", cases[0].parent, "--at", "2026-06-01")
    assert (0, f"{checks} checks in {len(cases)} files: all hold\n", "") == (answer.code, answer.out, answer.err)


def test_what_others_keep_in_a_file_is_not_looked_at(linkreach: Typed) -> None:
    written("first.yaml", NETWORK + HOLDS + "x-reports:\n  anything: [1]\n")
    (Path("leave") / "remove").mkdir(parents=True)
    (Path("leave") / "remove" / "connections.csv").write_text("a,b\na,b\n", "utf-8")
    assert 0 == linkreach("test", "first.yaml").code


def test_the_schema_for_editors_takes_every_case_and_refuses_a_slip() -> None:
    for path in (ROOT / "tests" / "rules" / "cases").glob("*.yaml"):
        jsonschema_rs.validate(schema(), case_files.document(path))
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema(), {"checks": [{"sender": "a", "recipient": "b", "reachabel": True}]})


def test_paths_without_tests_are_one_line(linkreach: Typed, desk: Path) -> None:
    (desk / "empty").mkdir()
    for path, problem in (("nowhere", "there are no tests at nowhere"), ("empty", "empty holds no file of tests")):
        answer = linkreach("test", path)
        assert (2, "", 1) == (answer.code, answer.out, answer.err.count("\n"))
        assert problem in answer.err
