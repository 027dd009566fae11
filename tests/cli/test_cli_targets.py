"""The command line for teams and targets, for what would help, and for packs of one's own."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.driver.database import Database
from tests.rules import case_files, oracle
from tests.rules.oracle import Network, Pack, instant
from tests.support.ldbc import ldbc_network
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

TEAM, TARGETS = ["8796093022357", "6597069766722"], ["94", "4398046511333", "8796093022357", "8796093022363"]
AT = "2026-11-23T00:00:00Z"
FIND = "linkreach find TEXT looks for members by name, and lists of members are taken without them by --skip-unknown"


@pytest.fixture(scope="module", autouse=True)
def sample(module_sample: Database) -> Database:
    return module_sample


@pytest.fixture(scope="module")
def network() -> Network:
    return ldbc_network()


@pytest.fixture(scope="module")
def article() -> Pack:
    return Pack.of(case_files.read_pack("article"))


@pytest.fixture
def lists(desk: Path) -> tuple[str, ...]:
    (desk / "team.txt").write_text("\n".join(TEAM) + "\n", encoding="utf-8")
    (desk / "targets.txt").write_text("\ufeff" + "\n\n".join(TARGETS), encoding="utf-8")
    return ("--senders", "team.txt", "--recipients", "targets.txt", "--at", AT)


def test_a_team_and_its_targets_are_matched_in_the_order_of_the_files(
    linkreach: Typed, lists: tuple[str, ...], network: Network, article: Pack
) -> None:
    answer = linkreach("match", *lists, "--unlock")
    at = instant(AT)
    assert at is not None
    rows = []
    for row in oracle.match(network, article, TEAM, TARGETS, at, with_unlock=True):
        action = row["unlock"]
        what = "" if action is None else ":".join(filter(None, (action["action"], action["id"] or action["until"])))
        truth = {key: str(row[key]).lower() for key in ("reachable", "reachable_free")}
        rows.append({**row, **truth, "degree": str(row["degree"] or ""), "unlock": what, "certain": "true"})
    assert rows == list(csv.DictReader(io.StringIO(answer.out)))
    assert "7 pairs: 4 reachable, 2 of them free\n1 skipped, of somebody with themselves\n" == answer.err
    assert 0 == answer.code


def test_an_unknown_target_is_named(linkreach: Typed, desk: Path, lists: tuple[str, ...]) -> None:
    (desk / "targets.txt").write_text("94\nnobody\n", encoding="utf-8")
    line = f"linkreach: targets.txt, line 2: no member has the id 'nobody'; {FIND}\n"
    assert (2, "", line) == linkreach("match", *lists)


def test_unknown_ids_are_skipped_and_said_where_that_is_asked_for(
    linkreach: Typed, desk: Path, lists: tuple[str, ...]
) -> None:
    whole = linkreach("match", *lists, "--unlock")
    (desk / "targets.txt").write_text("\n".join(["nobody", *TARGETS, "no one"]) + "\n", encoding="utf-8")
    answer = linkreach("match", *lists, "--unlock", "--skip-unknown")
    assert (0, whole.out) == (answer.code, answer.out)
    assert whole.err + "2 ids skipped, which are no member's: 'nobody', 'no one'\n" == answer.err


def test_a_list_that_can_be_read_only_once_is_named_too(linkreach: Typed, lists: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"94\n\nnobody\n")
    os.close(writing)
    answer = linkreach("match", *lists, "--recipients", f"/dev/fd/{reading}")
    os.close(reading)
    assert (2, "", f"linkreach: /dev/fd/{reading}, line 3: no member has the id 'nobody'; {FIND}\n") == answer


def test_an_id_may_hold_what_others_take_for_an_end_of_a_line(
    linkreach: Typed, desk: Path, lists: tuple[str, ...]
) -> None:
    (desk / "targets.txt").write_bytes("94\r\nno\u2028body\n".encode())
    line = f"linkreach: targets.txt, line 2: no member has the id 'no\\u2028body'; {FIND}\n"
    assert (2, "", line) == linkreach("match", *lists)


def test_a_list_of_nobody_is_one_line(linkreach: Typed, desk: Path, lists: tuple[str, ...]) -> None:
    (desk / "team.txt").write_text("\n", encoding="utf-8")
    assert (2, "", "linkreach: team.txt names nobody: write an id a line\n") == linkreach("match", *lists)


def test_unlock_lists_what_the_oracle_lists(linkreach: Typed, network: Network, article: Pack) -> None:
    at = instant(AT)
    assert at is not None
    answer = linkreach("unlock", TEAM[0], TARGETS[1], "--at", AT, "--format", "json")
    assert oracle.unlock(network, article, TEAM[0], TARGETS[1], at) == json.loads(answer.out)


def test_what_is_open_needs_no_action(linkreach: Typed) -> None:
    answer = json.loads(linkreach("unlock", TEAM[1], TARGETS[0], "--at", AT, "--format", "json").out)
    assert ([], True, []) == (answer["actions"], answer["single_action_enough"], answer["other_side"])


def test_nothing_can_wait_past_the_end_of_the_calendar(linkreach: Typed) -> None:
    code, out, err = linkreach("unlock", TEAM[0], TARGETS[1], "--at", "9999-12-31")
    assert (2, "") == (code, out)
    assert "linkreach: no month to wait for follows December 9999: ask about an earlier instant\n" == err


def test_reached_by_has_the_columns_and_rows_of_the_oracle(linkreach: Typed, network: Network, article: Pack) -> None:
    at = instant(AT)
    assert at is not None
    answer = linkreach("reached-by", "94", "--degree", "1", "--at", AT)
    expected = oracle.reached_by(network, article, "94", at, max_degree=1)
    lines = [f"{row['sender']},{row['degree']},{row['channels']},true" for row in expected]
    assert ["sender,degree,channels,certain", *lines] == answer.out.splitlines()


def test_a_pack_of_ones_own_decides(linkreach: Typed, desk: Path) -> None:
    text = linkreach("pack", "show", "article").out.replace('name = "article"', 'name = "mine"')
    (desk / "mine.toml").write_text(text.replace("direct_degree = 1", "direct_degree = 2"), encoding="utf-8")
    assert 0 == linkreach("pack", "check", "mine.toml").code
    assert 0 == linkreach("pack", "load", "mine.toml").code
    assert "mine" in linkreach("pack", "list").out
    assert text.replace("direct_degree = 1", "direct_degree = 2") == linkreach("pack", "show", "mine").out
    by_article, by_mine = (linkreach("check", TEAM[0], TARGETS[1], "--pack", name).code for name in ("article", "mine"))
    assert (1, 0) == (by_article, by_mine)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("direct_degree = 1", "direct_degree = 9"), "tiers.free.direct_degree"),
        (("rank = 1", "rank = 0"), "the tiers free and career have the same rank 0"),
        (('"direct", "group"', '"direct", "pigeon"'), "'pigeon' is not one of direct, open_profile"),
        (("[switches]", "[switches]\ncolour = 1"), "switches.colour"),
        (("title = ", "title : "), "not TOML"),
        (("rank = 1", f"rank = {2**63}"), "tiers.career.rank"),
        (("rank = 0", "rank = 0\ncosts = { credit = inf }"), "tiers.free.costs.credit"),
        (("rank = 0", "rank = 0\ncosts = { credit = true }"), "tiers.free.costs.credit"),
    ],
)
def test_a_pack_that_breaks_the_format_is_refused_with_file_key_and_reason(
    linkreach: Typed, desk: Path, change: tuple[str, str], problem: str
) -> None:
    (desk / "bad.toml").write_text(linkreach("pack", "show", "article").out.replace(*change, 1), encoding="utf-8")
    for command in ("check", "load"):
        code, out, err = linkreach("pack", command, "bad.toml")
        assert (2, "", 1) == (code, out, len(err.splitlines()))
        assert err.startswith("linkreach: bad.toml: ")
        assert problem in err
