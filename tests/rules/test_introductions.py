"""Introductions in Cypher, next to the oracle's and to what case files say by hand."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from graph.driver.database import Database
from graph.questions.introductions import WayFilter, introductions
from graph.world import World
from tests.rules import case_files, oracle, oracle_introductions, random_networks
from tests.rules.agreement import product_pack
from tests.rules.by_hand import instant_of, put_case
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support.networks import put

CASES = [case for case in case_files.answered_cases() if case.introductions]


def told(answer: Any) -> Row:
    """The product's answer in the oracle's shape, which does not say whose strength a tie has."""
    document: Row = to_builtins(answer)
    for way in document["ways"]:
        way["members"] = [*way["members"]]
        way["ties"] = [{key: tie[key] for key in ("a", "b", "strength", "mutuals")} for tie in way["ties"]]
    return {**document, "ways": [*document["ways"]]}


def filter_of(line: Row) -> WayFilter:
    """What a line of a case file asks for."""
    named = {key: tuple(line.get(key, ())) for key in ("through", "without")}
    return WayFilter(line.get("n", 10), every_way=line.get("every_way", False), **named)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_ways_are_those_written_by_hand(case: Case, database: Database, tmp_path: Path) -> None:
    put_case(database, tmp_path, case)
    for line in case.introductions:
        world = World(instant_of(case, line), case.pack["name"], line.get("as_tier"))
        found = database.read(introductions(line["sender"], line["recipient"], world, filter_of(line)))
        assert line["ways"] == [[way.strength, *way.members] for way in found.ways], line
        assert line.get("degree", found.degree) == found.degree, line


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random_networks.networks(), random_networks.packs(("direct", "group", "invite")), st.data())
def test_ways_are_the_oracles(emptied: Any, tmp_path: Path, case: Row, pack: Row, data: st.DataObject) -> None:
    """Every pair, with options drawn for each."""
    database = emptied()
    put(database, tmp_path, case, product_pack(pack))
    theirs = oracle.World(Network.of(case), Pack.of(pack), NOW)
    for sender, recipient in permutations(case["members"], 2):
        others = [member for member in case["members"] if member not in (sender, recipient)]
        options: Row = {
            "every_way": data.draw(st.booleans()),
            "through": data.draw(st.just([]) | random_networks.subset(others[:2])),
            "without": data.draw(st.just([]) | random_networks.subset(others[-2:])),
        }
        n, as_tier = data.draw(st.sampled_from([1, 2, 10])), data.draw(st.sampled_from([None, "t1"]))
        wanted = WayFilter(n, tuple(options["through"]), tuple(options["without"]), options["every_way"])
        found = database.read(introductions(sender, recipient, World(NOW, "random", as_tier), wanted))
        asked = theirs._replace(as_tier=as_tier)
        assert oracle_introductions.introduce(asked, sender, recipient, n, **options) == told(found)
