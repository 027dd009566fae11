"""The command line as a user types it, with a graph of their own: empty, small, and with rows set aside."""

from __future__ import annotations

import csv
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.errors import UndefinedTiers
from graph.instants import read_instant
from graph.questions import members
from graph.rules import pack_store, rule_pack
from graph.world import World
from tests.rules import case_files
from tests.rules.agreement import product_pack
from tests.support.networks import put, write_native
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

# Two steps apart, with one member between them and one group that both are in; the recipient is open to comments.
FRIENDS = {
    "members": {"m1": {}, "m4": {}, "m9": {"comments_open": True}},
    "connections": [["m1", "m4"], ["m4", "m9"]],
    "groups": {"g4": {}},
    "group_members": [["m1", "g4"], ["m9", "g4"]],
}


def loaded(linkreach: Typed, folder: Path) -> Answer:
    answer = linkreach("load", folder)
    assert 0 == answer.code, answer
    return answer


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "question", [("check", "a", "b"), ("reach", "a"), ("report", "all", "--out", "reports")], ids=lambda words: words[0]
)
def test_an_empty_graph_answers_that_a_network_has_to_be_loaded(
    question: tuple[str, ...], linkreach: Typed, desk: Path
) -> None:
    line = "linkreach: no rule pack 'article' is loaded; load a network first: linkreach load PATH\n"
    assert Answer(2, "", line) == linkreach(*question)
    assert [] == list(desk.iterdir())


@pytest.mark.usefixtures("database")
def test_the_doctor_does_not_call_an_empty_graph_healthy_and_says_how_to_fill_it(linkreach: Typed) -> None:
    answer = linkreach("doctor")
    assert 2 == answer.code
    assert answer.out.endswith("wrong  graph: no network was ever loaded; load one: linkreach load PATH\n")


def test_a_load_says_what_it_did_and_brings_the_packs_that_ship(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    write_native(desk / "network", FRIENDS)
    answer = loaded(linkreach, desk / "network")
    assert [
        "file                  read as           loaded   set aside   not read, and what else to know",
        "members.csv           members                3           0",
        "groups.csv            groups                 1           0",
        "companies.csv         companies              0           0",
        "connections.csv       connections            2           0",
        "group_members.csv     group_members          2           0",
        "company_members.csv   company_members        0           0",
        "blocks.csv            blocks                 0           0",
    ] == answer.out.splitlines()
    assert re.fullmatch(r"the graph is at version 1, after \d+\.\d s\n", answer.err)
    packs = database.read(pack_store.pack_hashes())
    assert rule_pack.SHIPPED == tuple(packs)
    assert [desk / "network"] == list(desk.iterdir())


def test_a_load_leaves_a_pack_of_ones_own_that_has_the_name_of_one_that_ships(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    write_native(desk / "network", FRIENDS)
    loaded(linkreach, desk / "network")
    mine = rule_pack.shipped_pack("article").text + "# mine\n"
    (desk / "article.toml").write_text(mine, "utf-8")
    assert 0 == linkreach("pack", "load", "article.toml").code
    assert (
        "the pack article in the graph is another than the one that ships, and stays"
        in loaded(linkreach, desk / "network").err
    )
    assert Answer(0, mine, "") == linkreach("pack", "show", "article")
    assert Answer(0, rule_pack.shipped_pack("article").text, "") == linkreach("pack", "show", "article", "--shipped")
    assert mine == database.read(pack_store.pack_text("article"))


def test_rejects_that_cannot_be_written_are_told_before_anything_is_loaded(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    (desk / "members.csv").write_text("id,tier\na,gold\nb,free\n", "utf-8")
    answer = linkreach("load", ".", "--rejects", "nowhere/rejects.csv")
    line = "linkreach: the rejected rows cannot be written to nowhere/rejects.csv: No such file or directory\n"
    assert Answer(2, "", line) == answer
    assert (0, False) == (database.read(schema.state()).version, database.read(schema.state()).loading)


def test_rows_that_are_wrong_are_set_aside_and_the_others_are_loaded(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    (desk / "members.csv").write_text("id,tier\na,free\nb,gold\nc\n", "utf-8")
    (desk / "connections.csv").write_text("a,b\na,b\na,a\n", "utf-8")
    answer = linkreach("load", ".", "--rejects", "aside.csv")
    assert 0 == answer.code
    assert [
        "file              read as       loaded   set aside   not read, and what else to know",
        "members.csv       members            1           2",
        "connections.csv   connections        0           2",
    ] == answer.out.splitlines()
    assert answer.err.endswith("the rejected rows are in aside.csv\n")
    with (desk / "aside.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert ["file", "line", "column", "value", "reason"] == rows[0]
    assert [
        ["members.csv", "3", "tier", "gold"],
        ["members.csv", "4", "", "c"],
        ["connections.csv", "2", "b", "b"],
        ["connections.csv", "3", "b", "a"],
    ] == [row[:4] for row in rows[1:]]
    assert all(row[4] for row in rows)
    assert 0o600 == stat.S_IMODE((desk / "aside.csv").stat().st_mode)
    assert 1 == database.read(schema.state()).version


@pytest.mark.usefixtures("database")
def test_a_load_without_rejected_rows_takes_the_rejects_of_an_earlier_one_away(linkreach: Typed, desk: Path) -> None:
    (desk / "members.csv").write_text("id,tier\na,gold\nb,free\n", "utf-8")
    loaded(linkreach, desk)
    assert (desk / "linkreach-rejects.csv").exists()
    (desk / "members.csv").write_text("id,tier\na,free\n", "utf-8")
    loaded(linkreach, desk)
    assert not (desk / "linkreach-rejects.csv").exists()


@pytest.mark.usefixtures("database")
def test_a_verdict_as_json_is_exactly_this(linkreach: Typed, desk: Path) -> None:
    write_native(desk, FRIENDS)
    loaded(linkreach, desk)

    def channel(name: str, kind: str, *reasons: str, **evidence: object) -> dict[str, object]:
        return {
            "channel": name,
            "kind": kind,
            "open": not reasons,
            "reasons": reasons,
            "rests_on": [],
            "evidence": evidence,
        }

    verdict = {
        "sender": "m1",
        "recipient": "m9",
        "at": "2026-11-23T00:00:00Z",
        "pack": "article",
        "tier": "free",
        "degree": 2,
        "mutuals": 1,
        "reachable": True,
        "reachable_free": True,
        "no_link": False,
        "certain": True,
        "possible": True,
        "certain_free": True,
        "possible_free": True,
        "gates": [],
        "channels": [
            channel("direct", "message", "TIER_TOO_LOW", path=["m1", "m4", "m9"]),
            channel("group", "message", groups=["g4"]),
            channel("company_page", "request", "NO_SHARED_PAGE"),
            channel("contact_info", "off platform", "CONTACT_INFO_HIDDEN"),
            channel("contact_form", "off platform", "NO_CONTACT_FORM"),
            channel("comment", "public"),
            channel("inmail", "paid", "NO_INMAIL_CREDITS", credits=0),
            channel("invite", "invitation"),
        ],
    }
    asked = ("check", "m1", "m9", "--at", "2026-11-23", "--format", "jsonl")
    assert Answer(0, json.dumps(verdict) + "\n", "") == linkreach(*asked)


@pytest.mark.usefixtures("database")
def test_ids_that_look_like_something_else_are_shown_as_they_are(linkreach: Typed, desk: Path) -> None:
    """Like markup, an emoji, a formula, a number, an option, or a cell of several lines."""
    ids = ["[bold]", "[/red]", ":smile:", "=1+1", "007", "--at", "a,b", 'a"b', "a\rb", "a\nb"]
    tables = {
        "members": [["id"], ["me"], *([id] for id in ids)],
        "connections": [["a", "b"], *(["me", id] for id in ids)],
    }
    for name, rows in tables.items():
        with (desk / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    loaded(linkreach, desk)

    with (desk / "answer.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(linkreach("reach", "me", "--format", "csv", "--raw").out)
    with (desk / "answer.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(ids) == [row["recipient"] for row in csv.DictReader(file)]

    table = linkreach("reach", "me", "--format", "table").out
    verdicts = [linkreach("check", "--format", "table", "--", "me", other).out for other in ids]
    for other, verdict in zip(ids, verdicts, strict=True):
        if other.isprintable():
            assert f"\n{other} " in table
            assert f"me (free) can reach {other}\n" in verdict
            assert re.search(rf"^direct .+ me – {re.escape(other)} *$", verdict, re.MULTILINE)


def test_a_tier_that_the_asked_pack_does_not_define_is_an_error_that_counts_its_members(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    write_native(desk, FRIENDS)
    loaded(linkreach, desk)
    metals = case_files.read_pack("article")
    metals |= {"name": "metals", "tiers": {"gold": metals["tiers"]["free"]}}
    put(database, desk, {"members": {"m1": {"tier": "gold"}, "m4": {"tier": "gold"}}}, product_pack(metals))
    line = "the pack 'article' does not define the tiers of members in the graph: 'gold' (members: 2)"
    assert Answer(2, "", f"linkreach: {line}\n") == linkreach("check", "m1", "m9")
    assert Answer(2, "", f"linkreach: {line}\n") == linkreach("report", "all", "--out", "reports")
    assert not (desk / "reports").exists()
    with pytest.raises(UndefinedTiers, match=re.escape(line)):
        database.read(members.profile("m1", World(read_instant("2026-06-01"), "article")))
