"""The tools of an assistant, asked by the official client on the sample network: none of them writes."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

import pandas as pd
import pytest

from graph.driver.database import Database
from graph.questions.diagnosis import loaded_packs
from graph.snapshot.fingerprint import fingerprint
from tests.mcp.assistant import Assistant
from tests.rules import case_files, oracle, oracle_differences, oracle_plans
from tests.rules.oracle import Pack, World, instant
from tests.support.ldbc import ldbc_network
from tests.support.paths import GOLDEN
from tests.support.plans import closed_contacts

AT = "2026-11-23"
GOLDEN_AT = "2026-06-01"
GOLDEN_DIFFERENCES = GOLDEN.with_name("golden_differences")
NETWORK = ldbc_network()
IDS = sorted(NETWORK.members)
TEAM, TARGETS = IDS[:4], IDS[100:160]


@pytest.fixture(scope="module", autouse=True)
def sample(module_sample: Database, asker: Assistant) -> Iterator[Database]:
    """The sample network; nothing that is asked changes anything about it, or is filed."""
    before = fingerprint(module_sample)
    yield module_sample
    assert before == fingerprint(module_sample)
    assert [] == [*asker.desk.iterdir()]


def world(name: str, at: str) -> World:
    asked = instant(at)
    assert asked is not None
    return World(NETWORK, Pack.of(case_files.read_pack(name)), asked)


def test_people_are_found_by_name_and_told_by_name(asker: Assistant) -> None:
    found = asker.told("find", text="deepak khan")["found"]
    assert "6597069766722" in [each["id"] for each in found]
    told = asker.told("check", sender="6597069766722", recipient="94", at=AT)
    first, *lines = told["answer"].split("\n")
    assert "Yes: Deepak Khan (6597069766722) on the tier career can reach K. Sen (94)." == first
    assert f"By the rule pack article, at {AT}T00:00:00Z." == lines[-1]
    groups = asker.told("find", text="group", kind="group", rows=1)
    assert (1, True) == (len(groups["found"]), groups["more"])


def test_a_call_that_has_no_answer_says_the_kind_of_error_and_what_to_send(sample: Database, asker: Assistant) -> None:
    packs = [pack.name for pack in sample.read(loaded_packs())]
    pair = {"sender": "6597069766722", "recipient": "94"}
    several = [f"{number}" for number in range(40)]
    team = {"senders": ["94"], "recipients": ["6597069766722"]}
    for kind, send, problem in (
        ("unknown-member", "the tool find", asker.problem("check", sender="nobody", recipient="94")),
        ("unknown-member", "the tool find", asker.problem("match", senders=["no", "one"], recipients=["94"])),
        ("same-member", "Two different members", asker.problem("check", sender="94", recipient="94")),
        ("unknown-pack", ", ".join(packs), asker.problem("check", **pair, pack="none")),
        ("unknown-tier", "free, career, business", asker.problem("check", **pair, as_tier="gold")),
        ("unknown-channel", "direct", asker.problem("unlock", **pair, channel="pigeon")),
        ("unknown-report", "tier_reach", asker.problem("report", report="weather")),
        ("invalid-question", "Another question", asker.problem("check", **pair, at="soon")),
        ("too-large", "Less at a time", asker.problem("match", senders=several, recipients=several)),
        ("unknown-member", "the tool find", asker.problem("plan", senders=["nobody"], recipients=["94"])),
        ("too-large", "Less at a time", asker.problem("plan", senders=IDS[:100], recipients=IDS[:101])),
        ("invalid-question", "Another question", asker.problem("plan", **team, costs={"upgrade:gold": 1})),
        ("invalid-request", "schema", asker.problem("plan", **team, actions=["dance"])),
        ("unknown-pack", ", ".join(packs), asker.problem("diff", to_pack="none")),
        ("unknown-pack", ", ".join(packs), asker.problem("diff", to_pack="/etc/passwd")),
        ("unknown-tier", "free, career, business", asker.problem("diff", to_as_tier="gold")),
        ("invalid-question", "another column", asker.problem("diff", by="shoe_size")),
        (
            "invalid-question",
            "a load would take",
            asker.problem("diff", change={"connections": [{"a": "0", "b": "1"}]}),
        ),
        ("invalid-request", "schema", asker.problem("check", sender="94")),
        ("invalid-request", "schema", asker.problem("check", **pair, as_teir="free")),
    ):
        assert kind == problem["kind"], problem
        assert send in problem["send"], problem
    assert "'no', 'one'" in asker.problem("match", senders=["no", "one"], recipients=["94"])["problem"]
    assert "1,600" in asker.problem("match", senders=several, recipients=several)["problem"]


def test_a_plan_comes_true_and_is_told_with_its_proof(asker: Assistant) -> None:
    told = asker.told("plan", senders=TEAM, recipients=TARGETS, budget=3, pack="linkedin-help", at=AT)
    plan, contacts, uncovered = told["plan"], told["contacts"], told["uncovered"]
    assert TARGETS == sorted(each["recipient"] for each in (*contacts, *uncovered))
    assert (len(TARGETS), len(contacts), len(contacts), True) == tuple(
        plan[name] for name in ("recipients", "contacted", "bound", "optimal")
    )
    asked = world("linkedin-help", AT)
    task = oracle_plans.Task(NETWORK, asked.pack, asked.at, TEAM, TARGETS, budget=3)
    assert [] == closed_contacts(task, told["actions"], contacts)
    first, *lines = told["answer"].split("\n")
    assert first.startswith(f"{len(contacts)} of {len(TARGETS)} recipients contacted")
    assert "Optimal: no plan contacts more, and none that contacts as many costs less." in lines
    assert f"The other {len(contacts) - 20} stand in the rows." in lines
    assert ["linkedin-help", f"By the rule pack linkedin-help, at {AT}T00:00:00Z."] == [told["pack"], lines[-1]]
    short = asker.told("plan", senders=TEAM, recipients=TARGETS, actions=[], rows=2, at=AT)
    assert (2, True, 0, []) == (len(short["contacts"]), short["more"], short["plan"]["cost"], short["actions"])


def test_what_two_packs_gain_and_lose_is_what_the_command_writes(asker: Assistant) -> None:
    """Which the oracle has said of the golden files."""
    told = asker.told("diff", at=GOLDEN_AT, to_pack="linkedin-help", rows=1_000)
    for table, rows in told.items():
        if table in ("causes", "members", "segments"):
            golden = pd.read_csv(GOLDEN_DIFFERENCES / f"diff_{table}.csv", dtype={"member": str})
            changing = golden[golden.filter(regex="gained|lost|pairs").sum(axis=1) > 0].to_dict("records")
            key = itemgetter(*golden.columns[: 1 if table == "members" else 2])
            assert sorted(changing, key=key) == sorted(rows, key=key)
    assert (told["gained"], told["lost"]) == tuple(
        sum(row[way] for row in told["members"]) for way in ("gained", "lost")
    )
    before, after = world("article", GOLDEN_AT), world("linkedin-help", GOLDEN_AT)
    for pair in told["pairs"]:
        was, now = (
            oracle_differences.judged(each, pair["sender"], pair["recipient"], False) for each in (before, after)
        )
        here, there = (now, was) if pair["direction"] == "gained" else (was, now)
        assert ([], here.opened) == (there.opened, pair["channels"])
    assert ["article", "linkedin-help"] == [told[name]["pack"] for name in ("before", "after")]
    assert f"After: pack linkedin-help, at {GOLDEN_AT}T00:00:00Z." == told["answer"].split("\n")[-1]


def test_what_a_change_would_gain_is_told_and_nothing_is_loaded(asker: Assistant) -> None:
    member, asked = TEAM[0], world("article", AT)
    before, after = (
        {row["recipient"] for row in oracle.reach(NETWORK, asked.pack, member, asked.at, tier)}
        for tier in (None, "business")
    )
    told = asker.told("diff", at=AT, change={"members": [{"id": member, "tier": "business"}]}, rows=1_000)
    assert (len(after - before), 0) == (told["gained"], told["lost"])
    assert after > before
    assert [(member, len(before), len(after))] == [
        (row["member"], row["reach_before"], row["reach_after"]) for row in told["members"] if row["gained"]
    ]
    same = asker.told("diff", at=AT)
    assert (0, 0, []) == (same["gained"], same["lost"], same["causes"])
    assert same["answer"].startswith("Nothing differs: the two worlds are the same.")


def test_there_is_no_tool_that_writes(asker: Assistant) -> None:
    for tool in asker.tools():
        assert tool.annotations is not None
        assert (True, False) == (tool.annotations.read_only_hint, tool.annotations.destructive_hint), tool.name
    for name in ("load", "forget", "pack_load", "backup"):
        assert "there is no tool" in asker.problem(name)["problem"]
    asker.told("report", report="tier_reach", at=AT)
    asker.told("unlock", sender="8796093022357", recipient="4398046511333", at=AT)
