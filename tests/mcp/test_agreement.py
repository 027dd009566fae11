"""What the tools of an assistant tell is what the oracle says: one meaning here, too."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

from msgspec import convert

from analysis.reports import REPORTS
from graph.driver.database import Database
from graph.questions.verdicts import Verdict
from tests.mcp.assistant import Assistant
from tests.rules import oracle, oracle_assumed, oracle_introductions
from tests.rules.agreement import assert_verdict_agrees, oracle_report, rounded
from tests.rules.by_hand import instant_of, put_case
from tests.rules.case_files import Case, answered_cases
from tests.rules.oracle import Network, Pack, Row

QUESTIONS = 200
CASES = [
    "article-all-channels",
    "assumed-everything",
    "assumed-tier-of-the-sender",
    "every-reason-at-once",
    "linkedin-help-all-channels",
]


def cases() -> list[Case]:
    found = {case.name: case for case in answered_cases()}
    return [found[name] for name in CASES]


def test_a_client_hears_what_the_oracle_says_to_two_hundred_questions(
    emptied: Callable[[], Database], asker: Assistant, tmp_path: Path
) -> None:
    for case in cases():
        put_case(emptied(), tmp_path / case.name, case)
        network, pack, at = Network.of(case.network), Pack.of(case.pack), instant_of(case, {})
        world = {"at": case.at, "pack": pack.name}
        members = sorted(network.members)
        for sender, recipient in permutations(members, 2):
            expected = oracle_assumed.verdict(network, pack, sender, recipient, at)
            told = asker.told("check", sender=sender, recipient=recipient, **world)
            assert_verdict_agrees(network, expected, convert(told["verdict"], Verdict))
            assert (conclusion_of(expected), pack.name) == (told["conclusion"], told["pack"])
            assert told["answer"].lower().startswith(told["conclusion"])
            if not expected["reachable"]:
                told = asker.told("unlock", sender=sender, recipient=recipient, names=2, **world)
                assert oracle.unlock(network, pack, sender, recipient, at, channel=None, names=2) == told["unlock"]
                assert conclusion_of(expected) == told["conclusion"]
                told = asker.told("introduce", sender=sender, recipient=recipient, **world)
                ways = oracle_introductions.introduce(oracle.World(network, pack, at), sender, recipient)
                assert ways == without_given(told["introductions"])
        told = asker.told("match", senders=members, recipients=members, **world)
        assert matched(network, pack, members, at) == told["pairs"]
        for member in members:
            for direction, other, expect in (
                ("reaches", "recipient", oracle_assumed.reach),
                ("is reached by", "sender", oracle_assumed.reached_by),
            ):
                rows = expect(network, pack, member, at, possible=True)
                told = asker.told("reach", member=member, direction=direction, **world)
                assert [reached(row, other) for row in rows] == told["rows"]
                assert sum(not row["channels"] for row in rows) == told["possible"]
    for name in REPORTS:
        told = asker.told("report", report=name, rows=1_000, **world)
        assert [rounded(row) for row in oracle_report(name, network, pack, at, "tier")] == [
            rounded(row) for row in told["rows"]
        ]
    assert asker.asked >= QUESTIONS


def conclusion_of(verdict: Row) -> str:
    """From the rules, section 6, and not from the product."""
    if verdict["reachable"]:
        return "yes" if verdict["certain"] else "yes, by what is stored"
    return "not known" if verdict["possible"] else "no"


def without_given(introductions: Row) -> Row:
    """As the oracle has them, which does not say of a tie whether its strength was given."""
    for tie in (tie for way in introductions["ways"] for tie in way["ties"]):
        del tie["given"]
    return introductions


def matched(network: Network, pack: Pack, members: list[str], at: Any) -> list[Row]:
    rows = []
    for row in oracle_assumed.match(network, pack, members, members, at):
        lists = {key: row[key].split(";") if row[key] else [] for key in ("channels", "reasons")}
        conclusion = conclusion_of({**row, "possible": row["reachable"] or not row["certain"]})
        rows.append({**row, **lists, "unlock": "", "conclusion": conclusion})
    return rows


def reached(row: Row, other: str) -> Row:
    channels = row["channels"].split(";") if row["channels"] else []
    return {"member": row[other], "degree": row["degree"], "channels": channels, "certain": row["certain"]}
