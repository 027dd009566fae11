"""Introductions from a snapshot, next to the oracle's: of pairs, of a team, and those that are chosen together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bulk.ways import Ways
from analysis.spreading import Candidate, chosen
from graph.errors import UnknownMember
from graph.questions.introductions import WayFilter
from graph.world import World
from linkreach.forms import WAYS_TO
from linkreach.introducing import team_ways
from tests.rules import case_files, oracle, oracle_introductions, random_networks
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support.snapshots import snapshot_of


@settings(max_examples=60, deadline=None)
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


@settings(max_examples=50, deadline=None)
@given(random_networks.networks(), random_networks.packs(("direct", "group")), st.data())
def test_ways_of_a_team_are_the_oracles(case: Row, pack: Row, data: st.DataObject) -> None:
    network, rules = Network.of(case), Pack.of(pack)
    ids = st.permutations(sorted(network.members))
    team, targets = data.draw(ids)[:3], data.draw(ids)[:4]
    most, every_way = data.draw(st.sampled_from([1, 2, 10])), data.draw(st.booleans())
    wanted = WayFilter(most, every_way=every_way)
    found = team_ways(snapshot_of(network, rules), team, targets, World(NOW, rules.name), wanted)
    world = oracle.World(network, rules, NOW)
    expected = oracle_introductions.introduce_team(world, team, targets, most, every_way=every_way)
    assert expected == [dict(zip(WAYS_TO.columns, row, strict=True)) for each in found for row in WAYS_TO.rows(each)]


def test_who_is_gone_by_the_time_that_ways_are_looked_for_is_nobody() -> None:
    """Lists are read before the snapshot; a load may have replaced the graph between the two."""
    rules = Pack.of(case_files.read_pack("article"))
    snapshot = snapshot_of(Network.of({"members": {"a": {}, "b": {}}, "connections": [("a", "b")]}), rules)
    for team, targets, wanted in (
        (["a", "gone"], ["b"], WayFilter(1)),
        (["a"], ["gone"], WayFilter(1)),
        (["a"], ["b"], WayFilter(1, without=("gone",))),
    ):
        with pytest.raises(UnknownMember, match="no member has the id 'gone'"):
            team_ways(snapshot, team, targets, World(NOW, rules.name), wanted)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.builds(Candidate, st.integers(0, 2), st.integers(0, 2), st.integers(1, 1_000_000)), max_size=8),
    st.integers(1, 2),
    st.integers(1, 2),
)
def test_no_other_choice_of_ways_is_stronger(
    candidates: list[Candidate], of_recipient: int, of_introducer: int
) -> None:
    def fits(places: Sequence[int]) -> bool:
        recipients = Counter(candidates[place].recipient for place in places)
        introducers = Counter(candidates[place].introducer for place in places)
        return all(n <= of_recipient for n in recipients.values()) and all(
            n <= of_introducer for n in introducers.values()
        )

    def total(places: Sequence[int]) -> int:
        return sum(candidates[place].strength for place in places)

    found = chosen(candidates, of_recipient=of_recipient, of_introducer=of_introducer)
    everything = range(len(candidates))
    choices = [places for size in range(len(candidates) + 1) for places in combinations(everything, size)]
    assert fits(found)
    assert max(total(places) for places in choices if fits(places)) == total(found)


@settings(max_examples=50, deadline=None)
@given(random_networks.networks(), random_networks.packs(("direct", "group")), st.data())
def test_looking_at_the_best_ways_alone_loses_nothing(case: Row, pack: Row, data: st.DataObject) -> None:
    network, rules = Network.of(case), Pack.of(pack)
    ids = sorted(network.members)
    most, at_most = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
    world = oracle.World(network, rules, NOW)
    found = team_ways(snapshot_of(network, rules), ids, ids, World(NOW, rules.name), WayFilter(most), at_most=at_most)
    candidates = [
        Candidate(ids.index(recipient), ids.index(way.via[0]), way.strength)
        for sender, recipient in permutations(ids, 2)
        for way in oracle_introductions.listed(world, sender, recipient)
    ]
    best = chosen(candidates, of_recipient=most, of_introducer=at_most)
    told = [way for each in found for way in each.ways]
    assert sum(candidates[place].strength for place in best) == sum(round(way.strength * 1e6) for way in told)
    assert all(times <= at_most for times in Counter(way.via[0] for way in told).values())
    assert all(len(each.ways) <= most for each in found)
