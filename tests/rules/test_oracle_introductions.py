"""Section 9 in the oracle, introductions; ways of a pair are case files (`cases/introductions*.yaml`)."""

from __future__ import annotations

from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import case_files, oracle_introductions, random_networks
from tests.rules.oracle import Network, Pack, World, gone, reasons
from tests.rules.oracle import pair_of as pair_in
from tests.rules.oracle_introductions import introduce, introduce_team, listed, ways
from tests.rules.random_networks import NOW

ARTICLE = Pack.of(case_files.read_pack("article"))


def world_of(connections: list[Any], members: str = "stabcr", **others: Any) -> World:
    return World(Network.of({"members": dict.fromkeys(members), "connections": connections, **others}), ARTICLE, NOW)


@pytest.mark.parametrize(("mutuals", "expected"), [(0, 50), (1, 67), (2, 75), (3, 80), (4, 84), (8, 90), (98, 99)])
def test_mutuals_make_a_tie_stronger(mutuals: int, expected: int) -> None:
    """100 less 100 / (2 + mutuals), rounded down."""
    others = [str(number) for number in range(mutuals)]
    network = Network.of(
        {
            "members": dict.fromkeys(["a", "b", "of_a", *others]),
            "connections": [["a", "b"], ["a", "of_a"], *([end, other] for other in others for end in "ab")],
        }
    )
    assert (
        expected == oracle_introductions.strength(network, "a", "b") == oracle_introductions.strength(network, "b", "a")
    )


def test_an_answer_names_every_tie_along_the_way() -> None:
    """Each with the strength that it was counted with, and its mutuals."""
    world = world_of([{"a": "a", "b": "s", "strength": 95}, ["a", "r"], ["a", "b"], ["b", "r"]], "sabr")
    expected = {
        "sender": "s",
        "recipient": "r",
        "degree": 2,
        "ways": [
            {
                "members": ["s", "a", "r"],
                "strength": 0.6365,
                "ties": [
                    {"a": "s", "b": "a", "strength": 95, "mutuals": 0},
                    {"a": "a", "b": "r", "strength": 67, "mutuals": 1},
                ],
            }
        ],
    }
    assert expected == introduce(world, "s", "r")


def test_a_team_is_ranked_recipient_by_recipient() -> None:
    """Strongest first, then fewer ties, introducers, senders as asked; the best per introducer of each sender."""
    ties = [("s", "a", 80), ("t", "a", 80), ("s", "b", 80), ("t", "c", 100), ("a", "r", 50), ("b", "r", 50)]
    ties += [("c", "b", 80), ("r", "x", 10)]
    world = world_of([{"a": a, "b": b, "strength": strength} for a, b, strength in ties], "stabcrx")

    def team(senders: str, recipients: str, **options: Any) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for row in introduce_team(world, [*senders], [*recipients], **options)]

    # To r, 0.4 each: t over a and s over a, in the order asked; s over b; t over c and b, with a tie more.
    to_r = [("t", "r", 1, 0.4, "a"), ("s", "r", 2, 0.4, "a"), ("s", "r", 3, 0.4, "b"), ("t", "r", 4, 0.4, "c;b")]
    assert to_r == team("ts", "r")
    assert [("s", "r", 1, 0.4, "a"), ("t", "r", 2, 0.4, "a")] == team("st", "r", n=2)
    # Recipients in the order given, each with ranks of their own; x is three ties away.
    to_x = [("t", "x", 1, 0.04, "a;r"), ("s", "x", 2, 0.04, "a;r"), ("s", "x", 3, 0.04, "b;r")]
    assert to_x + to_r == team("ts", "xr")
    # A sender who is a recipient is not introduced to themselves.
    assert [("s", "t", 1, 0.64, "a"), ("s", "t", 2, 0.64, "b;c")] == team("st", "t")
    assert [("s", "r", 1, 0.4, "b"), ("t", "r", 2, 0.4, "c;b")] == team("st", "r", through=["b"])
    assert [("t", "r", 1, 0.4, "c;b")] == team("st", "r", through=["b", "c"])
    assert [("s", "r", 1, 0.4, "b")] == team("st", "r", without=["a", "c"])


def test_a_team_is_told_of_the_best_way_over_each_introducer() -> None:
    """Of each sender by itself; every way where that is asked for."""
    world = world_of([["s", "a"], ["t", "a"], ["a", "b"], ["a", "r"], ["b", "r"]])
    best = [("s", "a"), ("t", "a")]

    def told(**options: Any) -> list[tuple[str, str]]:
        return [(row["sender"], row["via"]) for row in introduce_team(world, ["s", "t"], ["r"], **options)]

    assert best == told()
    assert [*best, ("s", "a;b"), ("t", "a;b")] == told(every_way=True)


def test_ten_ways_are_told_unless_another_number_is_asked_for() -> None:
    """Of a pair, and of each recipient of a team."""
    introducers = "abcdefghijkl"
    world = world_of([[end, each] for end in "sr" for each in introducers], f"{introducers}sr")
    assert [*introducers[:10]] == [way["members"][1] for way in introduce(world, "s", "r")["ways"]]
    assert [*introducers[:10]] == [row["via"] for row in introduce_team(world, ["s"], ["r"])]
    assert [*introducers] == [row["via"] for row in introduce_team(world, ["s"], ["r"], 12)]


def test_a_question_that_makes_no_sense_is_an_error() -> None:
    world = world_of([["s", "a"], ["a", "r"]])
    with pytest.raises(ValueError, match="'s' is the sender"):
        introduce(world, "s", "r", through=["a", "s"])
    with pytest.raises(ValueError, match="'r' is the sender"):
        introduce(world, "s", "r", without=["r"])
    with pytest.raises(LookupError, match="'z'"):
        introduce(world, "s", "r", through=["z"])
    with pytest.raises(LookupError, match="'z'"):
        introduce(world, "s", "z")
    with pytest.raises(ValueError, match="themselves"):
        introduce(world, "s", "s")
    with pytest.raises(ValueError, match="'t' is the sender"):
        introduce_team(world, ["s", "t"], ["r"], without=["t"])
    with pytest.raises(LookupError, match="gold"):
        introduce(world._replace(as_tier="gold"), "s", "r")


# ── Random networks ──────────────────────────────────────────────────────────────────────────────


@settings(max_examples=50, deadline=None)
@given(st.builds(Network.of, random_networks.networks()), st.builds(Pack.of, random_networks.packs()))
def test_ways_are_walks_of_two_or_three_ties(network: Network, pack: Pack) -> None:
    """By taking every walk; in order, and of those with one first introducer the first."""
    here = [m for m, row in network.members.items() if not gone(row)]
    world = World(network, pack, NOW)
    for s, r in permutations(network.members, 2):
        walks = {(s, *between, r) for k in (1, 2) for between in permutations({*here} - {s, r}, k) if {s, r} <= {*here}}
        possible = {
            walk
            for walk in walks
            if all({*step} in network.connections for step in pairwise(walk))
            and not any(reasons(pair_in(network, pack, *step, NOW), "direct") for step in pairwise(walk))
            and not {(s, r), (r, s)} & network.blocked
        }
        found = ways(world, s, r)
        assert possible == {way.members for way in found}
        strengths = [way.strength for way in found]
        assert sorted(strengths, reverse=True) == strengths
        assert all(0 < strength <= 1_000_000 for strength in strengths)
        best = listed(world, s, r)
        assert [
            next(way for way in found if way.via[0] == first) for first in dict.fromkeys(w.via[0] for w in found)
        ] == best
