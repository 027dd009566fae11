"""Puts what a case file is about into the graph, asks the product what is written there by hand, and compares."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from analysis.reports import REPORTS
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import LinkreachError
from graph.loading.load_lock import load_lock
from graph.questions import reach, unlocks, verdicts
from graph.questions.cypher_engine import CypherEngine
from graph.questions.introductions import WayFilter, introductions
from graph.questions.unlocks import unlock_document
from graph.rules import pack_store
from graph.world import World
from tests.rules.agreement import comparable, filter_of, product_pack, rounded, rows_of
from tests.rules.case_files import Case
from tests.rules.oracle import Row, instant
from tests.support.networks import put

Ask = Callable[[list[str], World, Row], Query[Any]]

QUESTIONS: dict[str, Ask] = {
    "verdict": lambda members, world, _: verdicts.verdict(members[0], members[1], world),
    "reach": lambda members, world, options: reach.reach(members[0], world, filter_of(options)),
    "reached_by": lambda members, world, options: reach.reached_by(members[0], world, filter_of(options)),
    "reach_page": lambda members, world, options: reach.reach_page(members[0], world, filter_of(options)),
    "reached_by_page": lambda members, world, options: reach.reached_by_page(members[0], world, filter_of(options)),
    "reach_counts": lambda members, world, _: reach.reach_counts(members[0], world),
    "unlock": lambda members, world, options: unlocks.unlock(members[0], members[1], world, **options),
}


_OF_A_PAIR = (
    *("tier", "degree", "mutuals", "reachable", "reachable_free", "no_link", "gates", "groups", "pages"),
    *("certain", "possible", "certain_free", "possible_free"),
)


def put_case(database: Database, folder: Path, case: Case) -> None:
    """The graph that the case asks, in place of an empty one."""
    if case.beside:
        database.write(pack_store.save_pack(product_pack(case.beside)))
    put(database, folder, case.network, product_pack(case.pack))
    if case.loading:
        with suppress(InterruptedError), load_lock(database, emptying=False):
            raise InterruptedError  # it is cut short


def assert_written_by_hand(database: Database, case: Case) -> None:
    """Every question of the file, to a graph that holds its network and its pack."""
    for line in case.verdicts:
        assert_verdict(database, case, line)
    for ask, lines, other in (("reach", case.reaches, "recipient"), ("reached_by", case.reached_by, "sender")):
        for line in lines:
            reached = rows_of(database.read(question(case, ask, line, "as_tier", "channels", "max_degree")), other)
            assert line["rows"] == [[row[other], row["degree"], row["channels"]] for row in reached], line
    for line in case.unlocks:
        found = unlock_document(database.read(question(case, "unlock", line, "as_tier", "channel", "names")))
        found["actions"] = [[*action.values()] for action in found["actions"]]
        for key in ("actions", "single_action_enough", "other_side"):
            assert line.get(key, found[key]) == found[key], line
    for line in case.introductions:
        assert_introductions(database, case, line)
    for line in case.refused:
        assert_refused(database, case, line)
    if case.reports:
        assert_reports(database, case)


def assert_introductions(database: Database, case: Case, line: Row) -> None:
    """The ways of a pair, with their strengths, in order."""
    named = {key: tuple(line.get(key, ())) for key in ("through", "without")}
    wanted = WayFilter(line.get("n", 10), every_way=line.get("every_way", False), **named)
    world = World(instant_of(case, line), case.pack["name"], line.get("as_tier"))
    found = database.read(introductions(line["sender"], line["recipient"], world, wanted))
    assert line["ways"] == [[way.strength, *way.members] for way in found.ways], line
    assert line.get("degree", found.degree) == found.degree, line


def question(case: Case, ask: str, line: Row, *options: str) -> Query[Any]:
    """The query that a line asks, with those of its options that it has."""
    members = [line[key] for key in ("sender", "recipient") if key in line]
    given = {key: line[key] for key in options if key in line}
    world = World(instant_of(case, line), line.get("pack", case.pack["name"]), given.pop("as_tier", None))
    return QUESTIONS[ask](members, world, given)


def instant_of(case: Case, line: Row) -> datetime:
    """The instant that a line asks about."""
    at = instant(line.get("at", case.at))
    assert at is not None
    return at


def assert_verdict(database: Database, case: Case, line: Row) -> None:
    """All that the line says of a pair."""
    verdict = comparable(database.read(question(case, "verdict", line, "as_tier")))
    channels = {each["channel"]: each for each in verdict["channels"]}
    for key in _OF_A_PAIR:
        assert line.get(key, verdict[key]) == verdict[key], line
    for key, part in (("channels", "reasons"), ("kinds", "kind"), ("rests_on", "rests_on")):
        found = {each: channels[each][part] if each in channels else "not of the pack" for each in line.get(key, {})}
        assert line.get(key, {}) == found, line


def assert_refused(database: Database, case: Case, line: Row) -> None:
    """An error whose text names all that the line names."""

    def ask() -> object:
        if line["ask"] == "report":
            pack = line.get("pack", case.pack["name"])
            return engine(database, case, by=line.get("by", case.by), pack=pack).segment_pairs
        return database.read(question(case, line["ask"], line, "as_tier", "channels", "channel"))

    with pytest.raises(LinkreachError) as refused:
        ask()
    assert [] == [name for name in line["names"] if str(name) not in str(refused.value)], str(refused.value)


def assert_reports(database: Database, case: Case) -> None:
    """The rows that the case gives of each report, and no others."""
    ours = engine(database, case, by=case.by, pack=case.pack["name"])
    for name, expected in case.reports.items():
        frame = REPORTS[name].run(ours)
        rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
        assert len(expected) == len(rows), name
        found = [{key: row[key] for key in line} for line, row in zip(expected, rows, strict=True)]
        assert [rounded(row) for row in expected] == [rounded(row) for row in found], name


def engine(database: Database, case: Case, *, by: str, pack: str) -> CypherEngine:
    """The engine that reports are asked of."""
    return CypherEngine(database, World(instant_of(case, {}), pack), by=by, progress=lambda *_: None)
