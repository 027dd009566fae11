"""Introductions from a snapshot, next to the oracle's: every way of pairs, and the best of each introducer."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bulk.ties import NO_DEGREE, degrees, ties_of
from analysis.bulk.traits import People
from analysis.bulk.ways import Ways
from graph.world import World
from tests.rules import oracle, oracle_introductions, random_networks
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support.snapshots import snapshot_of


@settings(max_examples=150, deadline=None)
@given(random_networks.networks(), random_networks.packs(("direct", "group")), st.data())
def test_ways_are_the_oracles(case: Row, pack: Row, data: st.DataObject) -> None:
    network, rules = Network.of(case), Pack.of(pack)
    ids = sorted(network.members)
    as_tier = data.draw(st.sampled_from([None, "t1"]))
    found = Ways(snapshot_of(network, rules), World(NOW, rules.name, as_tier))
    for sender, recipient in permutations(ids, 2):
        others = [member for member in ids if member not in (sender, recipient)]
        every_way = data.draw(st.booleans())
        through = data.draw(st.just([]) | random_networks.subset(others[:3]))
        without = data.draw(st.just([]) | random_networks.subset(others[-2:]))
        most = data.draw(st.sampled_from([None, 1, 2]))
        (ways,) = found.to(
            ids.index(recipient),
            [ids.index(sender)],
            most=most,
            through=[ids.index(member) for member in through],
            without=[ids.index(member) for member in without],
            every_way=every_way,
        )
        told = [(tuple(ids[row] for row in way.members), way.strength) for way in ways]
        expected = oracle_introductions.listed(
            oracle.World(network, rules, NOW, as_tier),
            sender,
            recipient,
            every_way=every_way,
            through=through,
            without=without,
        )
        assert expected[:most] == told
        for way in ways:
            for one, other in zip(way.members, way.members[1:], strict=False):
                strength, mutuals, is_given = found.tie(one, other)
                pair = frozenset((ids[one], ids[other]))
                assert oracle_introductions.strength(network, ids[one], ids[other]) == strength
                assert oracle_introductions.mutuals(network, ids[one], ids[other]) == mutuals
                assert (pair in network.strengths) == is_given


@settings(max_examples=100, deadline=None)
@given(random_networks.networks())
def test_degrees_are_the_oracles(case: Row) -> None:
    network = Network.of(case)
    ids = sorted(network.members)
    snapshot = snapshot_of(network, Pack.of(random_pack()))
    ties = ties_of(snapshot, People(snapshot, NOW).gone)
    import numpy as np

    for row, member in enumerate(ids):
        expected = [network.distances(member).get(other, NO_DEGREE) for other in ids]
        assert expected == degrees(ties, row, np.arange(len(ids))).tolist()


def random_pack() -> Row:
    """Any pack: degrees do not ask."""
    tiers = {f"t{rank}": {"rank": rank, "direct_degree": 1, "channels": []} for rank in range(3)}
    switches = {"page_ties": "any", "inmail_respects_opt_out": False, "group_kind": "message"}
    return {"name": "any", "switches": switches, "tiers": tiers}
