"""Introductions in Cypher, next to the oracle's; what case files say of them is asked with the rest of a case."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from graph.questions.introductions import WayFilter, introductions
from graph.world import World
from tests.rules import oracle, oracle_introductions, random_networks
from tests.rules.agreement import product_pack
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support.networks import put


def told(answer: Any) -> Row:
    """The product's answer in the oracle's shape, which does not say whose strength a tie has."""
    document: Row = to_builtins(answer)
    for way in document["ways"]:
        way["members"] = [*way["members"]]
        way["ties"] = [{key: tie[key] for key in ("a", "b", "strength", "mutuals")} for tie in way["ties"]]
    return {**document, "ways": [*document["ways"]]}


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
