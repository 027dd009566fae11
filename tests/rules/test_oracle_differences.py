"""Section 8 in the oracle, differences: gained and lost pairs and their causes, written by hand from the rules."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import case_files, oracle, random_networks
from tests.rules import oracle_differences as differences
from tests.rules.oracle import Network, Pack, World
from tests.rules.random_networks import NOW

ARTICLE = Pack.of(case_files.read_pack("article"))
HELP = Pack.of(case_files.read_pack("linkedin-help"))


def article(network: Network | dict[str, Any], at: datetime = NOW, as_tier: str | None = None) -> World:
    return World(network if isinstance(network, Network) else Network.of(network), ARTICLE, at, as_tier)


def causes(before: World, after: World, **options: bool) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in differences.causes(before, after, **options)]


def pairs(before: World, after: World, **options: bool) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in differences.pairs(before, after, **options)]


def test_the_same_world_twice_has_no_differences() -> None:
    world = article({"members": {"a": {}, "b": {}}, "connections": [["a", "b"]]})
    assert ([], [], []) == (pairs(world, world), causes(world, world), differences.segments(world, world))
    rows = differences.members(world, world)
    assert [["a", 1, 1, 0, 0, 1, 1, 0, 0], ["b", 1, 1, 0, 0, 1, 1, 0, 0]] == [[*row.values()] for row in rows]


def test_a_pair_is_lost_for_what_closes_the_channels_that_were_open() -> None:
    """`direct` closes for two reasons, `inmail` for one; `group` was never open, and is asked for none."""
    people = {"s": {"inmail_credits": 1}, "r": {}}
    before = article({"members": people, "connections": [["s", "r"]]})
    after = article({"members": {"s": {"inmail_credits": 0}, "r": {"visibility": "private"}}})
    assert [
        ("r", "s", "lost", "direct", "OUT_OF_NETWORK"),
        ("s", "r", "lost", "direct;inmail", "OUT_OF_NETWORK;NO_INMAIL_CREDITS;RECIPIENT_VISIBILITY"),
    ] == pairs(before, after)
    assert [
        ("lost", "OUT_OF_NETWORK", 2, 1),
        ("lost", "NO_INMAIL_CREDITS", 1, 1),
        ("lost", "RECIPIENT_VISIBILITY", 1, 0),
    ] == causes(before, after)


def test_a_pair_is_gained_for_what_had_closed_the_channels_that_open() -> None:
    """The same the other way round."""
    before = article({"members": {"s": {}, "r": {"visibility": "private"}}})
    after = article({"members": {"s": {"inmail_credits": 1}, "r": {}}, "connections": [["s", "r"]]})
    assert [
        ("r", "s", "gained", "direct", "OUT_OF_NETWORK"),
        ("s", "r", "gained", "direct;inmail", "OUT_OF_NETWORK;NO_INMAIL_CREDITS;RECIPIENT_VISIBILITY"),
    ] == pairs(before, after)
    assert [
        ("gained", "OUT_OF_NETWORK", 2, 1),
        ("gained", "NO_INMAIL_CREDITS", 1, 1),
        ("gained", "RECIPIENT_VISIBILITY", 1, 0),
    ] == causes(before, after)


def test_a_pair_that_stays_reachable_by_another_channel_is_no_difference() -> None:
    """It is one of *reachable free*, where the other channel is paid."""
    network = {"members": {"s": {"inmail_credits": 1}, "r": {}}}
    before, after = article({**network, "connections": [["s", "r"]]}), article(network)
    assert [("r", "s", "lost", "direct", "OUT_OF_NETWORK")] == pairs(before, after)
    assert [
        ("r", "s", "lost", "direct", "OUT_OF_NETWORK"),
        ("s", "r", "lost", "direct", "OUT_OF_NETWORK"),
    ] == pairs(before, after, is_free=True)
    assert [("lost", "OUT_OF_NETWORK", 2, 2)] == causes(before, after, is_free=True)
    assert {"reachable_before": 2, "reachable_after": 1, "gained": 0, "lost": 1} == differences.totals(before, after)
    assert [1, 2] == [differences.segments(before, after, *is_free)[0]["lost"] for is_free in ((), (True,))]
    free = {"reachable_before": 2, "reachable_after": 0, "gained": 0, "lost": 2}
    assert free == differences.totals(before, after, is_free=True)
    s = {"member": "s", "reach_before": 1, "reach_after": 0, "gained": 0, "lost": 1}
    assert s == {key: differences.members(before, after, is_free=True)[1][key] for key in s}
    assert {**s, "reach_after": 1, "lost": 0} == {key: differences.members(before, after)[1][key] for key in s}


def test_somebody_whom_a_world_lacks_is_in_no_network() -> None:
    """That is the cause alone, and no other, and cells of theirs are 0."""
    before = article({"members": {"a": {}, "b": {}, "old": {}}, "connections": [["a", "b"], ["a", "old"]]})
    after = article({"members": {"a": {}, "b": {}, "new": {}}, "connections": [["a", "new"]]})
    assert [
        ("a", "b", "lost", "direct", "OUT_OF_NETWORK"),
        ("a", "new", "gained", "direct", "NOT_IN_NETWORK"),
        ("a", "old", "lost", "direct", "NOT_IN_NETWORK"),
        ("b", "a", "lost", "direct", "OUT_OF_NETWORK"),
        ("new", "a", "gained", "direct", "NOT_IN_NETWORK"),
        ("old", "a", "lost", "direct", "NOT_IN_NETWORK"),
    ] == pairs(before, after)
    assert [
        ("gained", "NOT_IN_NETWORK", 2, 2),
        ("lost", "OUT_OF_NETWORK", 2, 2),
        ("lost", "NOT_IN_NETWORK", 2, 2),
    ] == causes(before, after)
    assert [
        ["a", 2, 1, 1, 2, 2, 1, 1, 2],
        ["b", 1, 0, 0, 1, 1, 0, 0, 1],
        ["new", 0, 1, 1, 0, 0, 1, 1, 0],
        ["old", 1, 0, 0, 1, 1, 0, 0, 1],
    ] == [[*row.values()] for row in differences.members(before, after)]


def test_a_channel_that_the_other_pack_lacks_is_not_in_the_tier() -> None:
    """And nothing else for that channel, whatever is wrong besides."""
    people = {"s": {"messages_sent": 9}, "r": {"open_profile": True, "tier": "career"}}
    network = Network.of({"members": people, "blocks": [{"member": "r", "other": "s"}]})
    opened = Network.of({"members": people})
    assert [("s", "r", "lost", "open_profile", "NOT_IN_TIER")] == pairs(
        World(opened, HELP, NOW), World(network, ARTICLE, NOW)
    )
    assert [("s", "r", "gained", "open_profile", "NOT_IN_TIER")] == pairs(
        World(network, ARTICLE, NOW), World(opened, HELP, NOW)
    )
    # A channel that both packs have: its own reasons.
    rich = Network.of({"members": {"s": {"inmail_credits": 1}, "r": {"accepts_inmail": False}}})
    assert [("s", "r", "lost", "inmail", "NOT_IN_TIER;INMAIL_DECLINED")] == pairs(
        World(rich, ARTICLE, NOW), World(rich, HELP, NOW)
    )
    assert [("lost", "NOT_IN_TIER", 1, 0), ("lost", "INMAIL_DECLINED", 1, 0)] == causes(
        World(rich, ARTICLE, NOW), World(rich, HELP, NOW)
    )


def test_worlds_differ_in_instant_and_tier_too() -> None:
    """A tier that lapses; everybody as if on another; segments are by their own tier, the one before."""
    network = Network.of(
        {
            "members": {"a": {"tier": "business", "tier_expires_at": "2026-07-01"}, "b": {}, "c": {}},
            "connections": [["a", "b"], ["b", "c"]],
        }
    )
    later = datetime(2026, 7, 1, tzinfo=UTC)
    now = article(network)
    assert [("a", "c", "lost", "direct", "TIER_TOO_LOW")] == pairs(now, article(network, later))
    assert [["business", "free", 0, 1]] == [
        [*row.values()] for row in differences.segments(now, article(network, later))
    ]
    assert [["free", "free", 1, 0]] == [[*row.values()] for row in differences.segments(article(network, later), now)]
    as_career = article(network, as_tier="career")
    assert [("c", "a", "gained", "direct", "TIER_TOO_LOW")] == pairs(now, as_career)
    assert [["free", "business", 1, 0]] == [[*row.values()] for row in differences.segments(now, as_career)]


def test_segments_are_those_before_or_after_of_whom_only_that_world_has() -> None:
    """Of any column; no value is the segment ''; a column that nobody has is an error."""
    before = article({"members": {"a": {"city": "Lyon"}, "b": {}}, "connections": [["a", "b"]]})
    after = article(
        {
            "members": {"a": {"city": "Oslo", "status": "closed"}, "b": {"city": "Rome"}, "c": {"city": "Bern"}},
            "connections": [["b", "c"]],
        }
    )
    assert [["", "Bern", 1, 0], ["", "Lyon", 0, 1], ["Bern", "", 1, 0], ["Lyon", "", 0, 1]] == [
        [*row.values()] for row in differences.segments(before, after, by="city")
    ]
    with pytest.raises(LookupError, match="shoe_size"):
        differences.segments(before, after, by="shoe_size")


def test_one_code_stands_for_the_three_of_a_block() -> None:
    """Both of a pair's reasons are one then, and it stands alone."""
    people: dict[str, Any] = {"members": {"a": {}, "b": {}, "c": {}}, "connections": [["a", "b"], ["a", "c"]]}
    blocks = [
        {"member": "b", "other": "a"},
        {"member": "b", "other": "a", "kind": "limit"},
        {"member": "c", "other": "a", "kind": "limit"},
    ]
    before, after = article(people), article({**people, "blocks": blocks})
    assert [
        ("lost", "BLOCKED_BY_RECIPIENT", 1, 0),
        ("lost", "BLOCKED_BY_SENDER", 1, 1),
        ("lost", "LIMITED_BY_RECIPIENT", 2, 1),
    ] == causes(before, after)
    assert [("lost", "UNAVAILABLE", 3, 3)] == causes(before, after, withheld=True)
    assert ("a", "b", "lost", "direct", "UNAVAILABLE") == pairs(before, after, withheld=True)[0]
    assert ("a", "b", "lost", "direct", "BLOCKED_BY_RECIPIENT;LIMITED_BY_RECIPIENT") == pairs(before, after)[0]
    # In its place among the others.
    changed = {**people["members"], "a": {"status": "restricted"}, "b": {"status": "closed"}}
    after = article({**people, "members": changed, "blocks": blocks})
    told = ["OUT_OF_NETWORK", "SENDER_GONE", "RECIPIENT_GONE", "UNAVAILABLE", "SENDER_RESTRICTED"]
    assert told == [reason for _, reason, *_ in causes(before, after, withheld=True)]


# ── Random networks ──────────────────────────────────────────────────────────────────────────────

networks = st.builds(Network.of, random_networks.networks())
packs = st.builds(Pack.of, random_networks.packs())


@settings(max_examples=40, deadline=None)
@given(networks, networks, packs, packs, st.booleans())
def test_differences_are_those_of_the_verdicts(
    one: Network, other: Network, first: Pack, second: Pack, is_free: bool
) -> None:
    """Backwards what is lost is gained, for the same causes; every table counts the same pairs."""
    before, after = World(one, first, NOW), World(other, second, NOW, "t2")
    key = "reachable_free" if is_free else "reachable"

    def reached(world: World) -> set[tuple[str, str]]:
        return {
            (s, r)
            for s, r in permutations(world.network.members, 2)
            if oracle.verdict(world.network, world.pack, s, r, NOW, world.as_tier)[key]
        }

    was, now = reached(before), reached(after)
    found = pairs(before, after, is_free=is_free)
    assert sorted(now - was) == [row[:2] for row in found if row[2] == "gained"]
    assert sorted(was - now) == [row[:2] for row in found if row[2] == "lost"]
    turned = {"gained": "lost", "lost": "gained"}
    assert found == [(s, r, turned[way], *rest) for s, r, way, *rest in pairs(after, before, is_free=is_free)]
    totals = differences.totals(before, after, is_free)
    assert [len(was), len(now), len(now - was), len(was - now)] == [*totals.values()]
    rows = differences.members(before, after, is_free)
    for way, back in (("gained", "reached_by_gained"), ("lost", "reached_by_lost")):
        assert totals[way] == sum(row[way] for row in rows) == sum(row[back] for row in rows)
        assert totals[way] == sum(row[way] for row in differences.segments(before, after, is_free))
    for row in rows:
        assert row["reach_after"] - row["reach_before"] == row["gained"] - row["lost"]
        assert row["reached_by_after"] - row["reached_by_before"] == row["reached_by_gained"] - row["reached_by_lost"]
    for direction, reason, stands, alone in causes(before, after, is_free=is_free):
        assert stands == sum(row[2] == direction and reason in row[4].split(";") for row in found)
        assert 0 <= alone <= stands
