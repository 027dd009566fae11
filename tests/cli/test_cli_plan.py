"""`linkreach plan`: a plan on the sample network, as a user types it; the graph stays as it is."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graph.driver.database import Database
from graph.snapshot.fingerprint import fingerprint
from tests.rules import case_files, oracle, oracle_plans
from tests.rules.oracle import Pack, Row
from tests.support.ldbc import ldbc_network
from tests.support.plans import closed_contacts
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = "2026-11-23T00:00:00Z"
NETWORK = ldbc_network()
IDS = sorted(NETWORK.members)
TEAM, TARGETS = IDS[:4], IDS[100:160]
OF_LISTS = ("--senders", "team.txt", "--recipients", "targets.txt", "--at", AT)
STRICT = ("--pack", "linkedin-help")  # by which less is open without any action


@pytest.fixture(scope="module", autouse=True)
def sample(module_sample: Database) -> Iterator[Database]:
    """The sample network; no command of this module may change anything about it."""
    before = fingerprint(module_sample)
    yield module_sample
    assert before == fingerprint(module_sample)


@pytest.fixture(autouse=True)
def lists(desk: Path) -> None:
    (desk / "team.txt").write_text("\n".join(TEAM) + "\n", "utf-8")
    (desk / "targets.txt").write_text("\n".join(TARGETS) + "\n", "utf-8")


def rows(file: str) -> list[Row]:
    with Path(file).open(encoding="utf-8", newline="") as text:
        return [*csv.DictReader(text)]


def pack(name: str) -> Pack:
    return Pack.of(case_files.read_pack(name))


def closed(name: str) -> list[Row]:
    """The contacts in the folder `plan` that the oracle finds closed after its actions."""
    at = oracle.instant(AT)
    assert at is not None
    task = oracle_plans.Task(NETWORK, pack(name), at, TEAM, TARGETS)
    actions = [row | {"count": int(row["count"])} for row in rows("plan/actions.csv")]
    return closed_contacts(task, actions, rows("plan/contacts.csv"))


@pytest.mark.parametrize(("name", "budget"), [("article", 2), ("linkedin-help", 3)])
def test_a_plan_is_written_comes_true_and_bears_next_months(linkreach: Typed, name: str, budget: int) -> None:
    answer = linkreach("plan", *OF_LISTS, "--pack", name, "--budget", budget, "--out", "plan", "--html", "plan.html")
    assert answer.code == 0, answer.err
    lists = [f"plan/{each}" for each in ("contacts.csv", "actions.csv", "uncovered.csv", "plan.json", "change")]
    assert [*lists, "plan.html"] == answer.out.splitlines()
    assert [] == closed(name)
    contacts, uncovered = rows("plan/contacts.csv"), rows("plan/uncovered.csv")
    assert TARGETS == sorted(row["recipient"] for row in (*contacts, *uncovered))
    plan = json.loads(Path("plan/plan.json").read_text("utf-8"))
    figures = [plan[key] for key in ("recipients", "contacted", "cost", "budget", "optimal", "bound")]
    cost = sum(float(row["cost"]) for row in rows("plan/actions.csv"))
    assert [len(TARGETS), len(contacts), cost, budget, True, len(contacts)] == figures
    assert f"{len(contacts)} of {len(TARGETS)} recipients contacted" in answer.err
    assert "optimal: no plan contacts more" in answer.err
    page = Path("plan.html").read_text("utf-8")
    assert f"<li>{len(contacts)} of {len(TARGETS)} recipients contacted" in page
    for each in ("contacts", "actions", "uncovered"):
        assert f'href="plan/{each}.csv"' in page

    Path("now.txt").write_text("\n".join(dict.fromkeys(row["recipient"] for row in contacts)), "utf-8")
    matched = linkreach(
        *("match", "--senders", "team.txt", "--recipients", "now.txt", "--format", "csv", "--pack", name),
        *("--at", AT, "--change", "plan/change"),
    )
    assert matched.code == 0, matched.err
    channels = {(row["sender"], row["recipient"]): row["channels"] for row in csv.DictReader(matched.out.splitlines())}
    for row in contacts:
        assert row["channel"] in channels[row["sender"], row["recipient"]].split(";")

    again = linkreach("plan", *OF_LISTS, "--pack", name, "--keep", "plan/contacts.csv", "--out", "next")
    assert again.code == 0, again.err
    later = {row["recipient"] for row in rows("next/contacts.csv")}
    assert set() == later & {row["recipient"] for row in contacts}
    assert f"{len(contacts)} recipients were contacted before" in again.err


def test_a_plan_supposes_a_change_and_its_own_actions_come_after_it(linkreach: Typed, desk: Path) -> None:
    sender = TEAM[0]
    reached = linkreach("reach", sender, "--at", AT, "--degree", "1", "--format", "csv")
    friend = next(csv.DictReader(reached.out.splitlines()))["recipient"]
    (desk / "team.txt").write_text(f"{sender}\n", "utf-8")
    (desk / "targets.txt").write_text(f"{friend}\n", "utf-8")
    (desk / "fallen-out").mkdir()
    (desk / "fallen-out" / "blocks.csv").write_text(f"member,other\n{sender},{friend}\n", "utf-8")

    for actions, change, contacted, needs in (
        ("none", (), 1, ""),
        ("none", ("--change", "fallen-out"), 0, None),
        ("unblock", ("--change", "fallen-out"), 1, "unblock"),
    ):
        folder = f"{actions}{contacted}"
        answer = linkreach("plan", *OF_LISTS, "--actions", actions, *change, "--out", folder)
        assert answer.code == 0, answer.err
        assert ([] if needs is None else [needs]) == [row["needs"] for row in rows(f"{folder}/contacts.csv")]
        plan = json.loads(Path(folder, "plan.json").read_text("utf-8"))
        assert (contacted, "change" in plan) == (plan["contacted"], bool(change))


def test_unknown_ids_are_skipped_and_said_where_that_is_asked_for(linkreach: Typed) -> None:
    whole = linkreach("plan", *OF_LISTS, "--budget", 1, "--out", "whole")
    Path("targets.txt").write_text("\n".join(["nobody", *TARGETS]) + "\n", "utf-8")
    assert linkreach("plan", *OF_LISTS, "--out", "plan").err.startswith("linkreach: targets.txt, line 1: no member")
    answer = linkreach("plan", *OF_LISTS, "--budget", 1, "--skip-unknown", "--out", "plan")
    assert f"1 ids skipped, which are no member's: 'nobody'\n{whole.err}" == answer.err
    assert rows("whole/contacts.csv") == rows("plan/contacts.csv")


def test_the_lists_of_a_plan_may_have_names(linkreach: Typed, sample: Database) -> None:
    answer = linkreach("plan", *OF_LISTS, "--out", "plan", "--names")
    assert answer.code == 0, answer.err
    contacts = rows("plan/contacts.csv")
    assert ["recipient", "recipient_name", "sender", "sender_name", "channel", "needs"] == [*contacts[0]]
    members, _ = sample.explain("MATCH (m:Member) RETURN m.id AS id, m.name AS name", {}, profile=True)
    names = {member["id"]: member["name"] for member in members}
    for row in contacts:
        assert [names[row["recipient"]], names[row["sender"]]] == [row["recipient_name"], row["sender_name"]]
    again = linkreach("plan", *OF_LISTS, "--keep", "plan/contacts.csv", "--out", "next")
    assert again.code == 0, again.err


def test_a_dearer_budget_contacts_no_fewer(linkreach: Typed) -> None:
    contacted = []
    for budget in (0, 1, 2, 5):
        answer = linkreach("plan", *OF_LISTS, *STRICT, "--budget", budget, "--cost", "credit=2", "--out", "plan")
        assert answer.code == 0, answer.err
        contacted.append(json.loads(Path("plan/plan.json").read_text("utf-8"))["contacted"])
    assert contacted == sorted(contacted)
    assert contacted[0] < contacted[-1]


def test_what_one_more_brings_is_what_a_plan_with_it_has(linkreach: Typed) -> None:
    linkreach("plan", *OF_LISTS, *STRICT, "--budget", 1, "--out", "plan")
    linkreach("plan", *OF_LISTS, *STRICT, "--budget", 2, "--out", "more")
    one, two = (json.loads(Path(f"{name}/plan.json").read_text("utf-8")) for name in ("plan", "more"))
    [price] = [each for each in one["one_more"] if each["what"] == "budget"]
    assert (two["contacted"] - one["contacted"], True) == (price["contacted"], price["proven"])
    assert {"career", "business", "sales_navigator"} == {
        each["tier"] for each in one["one_more"] if each["what"] == "seat"
    }


def test_actions_that_bring_most(linkreach: Typed) -> None:
    answer = linkreach("plan", *OF_LISTS, *STRICT, "--invest", 3, "--format", "json")
    assert answer.code == 0, answer.err
    chosen = json.loads(answer.out)
    one_by_one = [each["contacted"] for each in chosen if not each["together"]]
    together = {each["contacted"] for each in chosen if each["together"]}
    assert one_by_one == sorted(set(one_by_one))
    assert max(one_by_one) <= max(together)
    assert 1 == len(together)
    for each in chosen:
        assert each["action"] in ("upgrade", "join", "follow")


def test_nobody_to_contact_and_somebody_twice(linkreach: Typed, desk: Path) -> None:
    (desk / "targets.txt").write_text("", "utf-8")
    answer = linkreach("plan", *OF_LISTS, "--out", "plan")
    assert (0, True) == (answer.code, "nobody is left to contact: the plan is empty" in answer.err), answer.err
    assert [] == rows("plan/contacts.csv")
    (desk / "targets.txt").write_text(f"{TARGETS[0]}\n{TARGETS[0]}\n", "utf-8")
    answer = linkreach("plan", *OF_LISTS, "--out", "plan")
    assert "1 ids stand in their list again, and count once" in answer.err
    assert 1 == json.loads((desk / "plan/plan.json").read_text("utf-8"))["recipients"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--cost", "join=-1"], "the cost of join is -1, and should be a number from 0 on"),
        (["--cost", "join=1e10"], "the cost of join is 1e+10, and should be 0, or from 0.0001 to 1,000,000,000"),
        (["--cost", "join=dear"], "'join=dear' is no cost: say it like join=2 or upgrade:business=60"),
        (["--cost", "nan"], "'nan' is no cost"),
        (["--cost", "join=nan"], "the cost of join is nan"),
        (["--cost", "upgrade:gold=3"], "the cost of upgrade:gold: the pack has no such tier"),
        (["--cost", "join:g=3"], "only upgrades have a cost for each tier"),
        (
            ["--cost", "dance=3"],
            "'dance' is no action of plans: there are upgrade, join, follow, connect, unblock, credit",
        ),
        (["--actions", "join,wait"], "'wait' is no action of plans"),
        (["--budget", "-2"], "the budget is -2, and should be a number from 0 on"),
        (["--seconds", "0"], "0 seconds are no time to look for a plan"),
        (["--invest", "0"], "0 actions are none to choose"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_writes_nothing(
    options: list[str], problem: str, linkreach: Typed, desk: Path
) -> None:
    answer = linkreach("plan", *OF_LISTS, "--out", "plan", *options)
    assert (2, "") == (answer.code, answer.out)
    assert problem in answer.err
    assert 1 == len(answer.err.splitlines())
    assert not (desk / "plan").exists()


def test_all_unknown_ids_are_named_at_once(linkreach: Typed, desk: Path) -> None:
    (desk / "team.txt").write_text("nobody\n", "utf-8")
    (desk / "kept.csv").write_text(f"recipient,sender,channel\nnone,{TEAM[0]},direct\n", "utf-8")
    answer = linkreach("plan", *OF_LISTS, "--keep", "kept.csv", "--out", "plan")
    assert 2 == answer.code
    assert "'nobody' (team.txt, line 1), 'none' (kept.csv, row 2)" in answer.err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("recipient,sender\n", "kept.csv has no column channel: contacts have recipient, sender, channel"),
        (f"recipient,sender,channel\n{TARGETS[0]},{TEAM[0]},pigeon\n", "kept.csv, row 2: 'pigeon' is no channel"),
    ],
)
def test_contacts_made_before_have_to_be_contacts(text: str, problem: str, linkreach: Typed, desk: Path) -> None:
    (desk / "kept.csv").write_text(text, "utf-8")
    answer = linkreach("plan", *OF_LISTS, "--keep", "kept.csv", "--out", "plan")
    assert (2, True) == (answer.code, problem in answer.err), answer.err


def test_a_folder_with_something_else_is_left_alone(linkreach: Typed, desk: Path) -> None:
    (desk / "plan" / "change").mkdir(parents=True)
    (desk / "plan" / "change" / "notes.txt").write_text("mine", "utf-8")
    answer = linkreach("plan", *OF_LISTS, "--out", "plan")
    assert 2 == answer.code
    assert "holds something else than a change" in answer.err
    assert "mine" == (desk / "plan" / "change" / "notes.txt").read_text("utf-8")
