"""The command line for introductions, next to the oracle on the sample network."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.driver.database import Database
from tests.rules import case_files, oracle_introductions
from tests.rules.oracle import Pack, Row, World, instant
from tests.support.ldbc import ldbc_network
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = "2026-11-23T00:00:00Z"
TEAM, TARGETS = ["8796093022357", "4398046511315"], ["94", "4398046511333", "8796093022363"]
PAIR = (TEAM[0], TARGETS[1])


@pytest.fixture(scope="module", autouse=True)
def sample(module_sample: Database) -> Database:
    return module_sample


@pytest.fixture(scope="module")
def world() -> World:
    at = instant(AT)
    assert at is not None
    return World(ldbc_network(), Pack.of(case_files.read_pack("article")), at)


@pytest.fixture
def lists(desk: Path) -> tuple[str, ...]:
    (desk / "team.txt").write_text("\n".join(TEAM), encoding="utf-8")
    (desk / "targets.txt").write_text("\n".join(TARGETS), encoding="utf-8")
    return ("--senders", "team.txt", "--recipients", "targets.txt", "--at", AT)


def rows(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def in_csv(ways: list[Row]) -> list[Row]:
    return [{**way, "rank": str(way["rank"]), "strength": f"{way['strength']:.6f}"} for way in ways]


def test_the_ways_of_a_pair_are_the_oracles(linkreach: Typed, world: World) -> None:
    answer = linkreach("introduce", *PAIR, "--at", AT, "--format", "json")
    assert oracle_introductions.introduce(world, *PAIR) == json.loads(answer.out)
    best = json.loads(answer.out)["ways"][0]["members"][1]
    without = linkreach("introduce", *PAIR, "--at", AT, "-n", "3", "--without", best, "--every-way")
    ways = oracle_introductions.listed(world, *PAIR, every_way=True, without=[best])[:3]
    assert [";".join(way.via) for way in ways] == [row["via"] for row in rows(without.out)]


def test_the_ways_of_a_team_are_the_oracles(linkreach: Typed, lists: tuple[str, ...], world: World) -> None:
    answer = linkreach("introduce", *lists, "-n", "2")
    assert in_csv(oracle_introductions.introduce_team(world, TEAM, TARGETS, 2)) == rows(answer.out)
    told = rows(answer.out)
    assert f"{len(told)} ways lead to 3 of 3" in answer.err
    asked = Counter(first for _, first in {(row["recipient"], row["via"].split(";")[0]) for row in told})
    for introducer, times in asked.items():
        assert (times > 1) == (f"{introducer} is asked for {times} of 3" in answer.err)


def test_nobody_is_asked_more_often_than_is_said(linkreach: Typed, lists: tuple[str, ...]) -> None:
    freely, spread = (rows(linkreach("introduce", *lists, "-n", "1", *more).out) for more in ((), ("--at-most", "1")))
    asked = Counter(row["via"].split(";")[0] for row in freely)
    assert max(asked.values()) > 1
    assert 1 == max(Counter(row["via"].split(";")[0] for row in spread).values())
    assert len(freely) == len(spread)


def test_a_match_has_the_best_way_of_each_pair(linkreach: Typed, lists: tuple[str, ...], world: World) -> None:
    for row in rows(linkreach("match", *lists, "--introductions").out):
        best, *_ = oracle_introductions.listed(world, row["sender"], row["recipient"])
        assert (";".join(best.via), f"{best.strength / 1e6:.6f}") == (row["introduction"], row["introduction_strength"])


def test_what_would_be_is_introduced_as_if(linkreach: Typed, desk: Path) -> None:
    best = rows(linkreach("introduce", *PAIR, "--at", AT, "-n", "1").out)[0]["via"]
    (desk / "change/remove").mkdir(parents=True)
    (desk / "change/remove/connections.csv").write_text(f"a,b\n{best},{PAIR[1]}\n", encoding="utf-8")
    after = rows(linkreach("introduce", *PAIR, "--at", AT, "--change", "change").out)
    assert best not in {row["via"] for row in after}


def test_whoever_is_connected_is_told_so_and_has_ways_all_the_same(linkreach: Typed, world: World) -> None:
    one = TEAM[0]
    other = min(world.network.neighbours[one])
    answer = linkreach("introduce", one, other, "--at", AT)
    assert f"{one} and {other} are connected, and need no introduction\n" == answer.err
    assert rows(answer.out)


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("94",), "Say SENDER and RECIPIENT, or --senders and --recipients"),
        (("94", "96", "--senders", "team.txt"), "Say SENDER and RECIPIENT, or --senders and --recipients"),
        (("94", "96", "--at-most", "2"), "--at-most is for --senders and --recipients"),
        (("94", "94"), "'94' is both sender and recipient"),
        (("94", "96", "--through", "96"), "'96' is a sender or a recipient, over whom no introduction runs"),
        (("94", "nobody", "--without", "no one"), "no members have the ids 'nobody', 'no one'"),
        (
            ("--senders", "team.txt", "--recipients", "targets.txt", "--through", "94"),
            "'94' is a sender or a recipient",
        ),
        (("94", "96", "-n", "0"), "Input should be greater than or equal to 1"),
    ],
)
def test_what_makes_no_sense_is_refused(linkreach: Typed, arguments: tuple[str, ...], said: str) -> None:
    answer = linkreach("introduce", *arguments)
    assert (2, "") == answer[:2]
    assert said in answer.err


def test_unknown_ids_are_skipped_and_said_where_that_is_asked_for(
    linkreach: Typed, desk: Path, lists: tuple[str, ...]
) -> None:
    whole = linkreach("introduce", *lists)
    with (desk / "targets.txt").open("a", encoding="utf-8") as targets:
        targets.write("\nnobody\n")
    assert linkreach("introduce", *lists).err.startswith("linkreach: targets.txt, line ")
    answer = linkreach("introduce", *lists, "--skip-unknown")
    assert (0, whole.out) == (answer.code, answer.out)
    assert "1 ids skipped, which are no member's: 'nobody'\n" in answer.err


def test_somebody_named_twice_counts_once_and_nobody_is_introduced_to_themselves(linkreach: Typed, desk: Path) -> None:
    (desk / "team").write_text(f"{TEAM[0]}\n{TEAM[0]}\n", encoding="utf-8")
    (desk / "targets").write_text(f"{TEAM[0]}\n{TARGETS[0]}\n", encoding="utf-8")
    answer = linkreach("introduce", "--senders", "team", "--recipients", "targets", "-n", "1", "--at", AT)
    assert [TARGETS[0]] == [row["recipient"] for row in rows(answer.out)]
    assert "1 skipped, of somebody with themselves" in answer.err
    assert f"named more than once, and counted once: {TEAM[0]}" in answer.err
    assert f"no way leads to {TEAM[0]}" in answer.err
