"""Section 6 in the oracle, what is not known; the corners of each fact are case files (`cases/assumed-*.yaml`)."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import case_files, oracle, oracle_assumed, random_networks
from tests.rules.oracle import ASSUMABLE, FREE, MESSAGING, Network, Pack, Pair, gone, kind_of, pair_of
from tests.rules.oracle_assumed import FACTS, FACTS_OF, is_possible, not_known, requirements, supposing, verdict
from tests.rules.random_networks import NOW

ARTICLE = Pack.of(case_files.read_pack("article"))

some = settings(max_examples=50, deadline=None)
packs = st.builds(Pack.of, random_networks.packs())
networks = st.builds(Network.of, random_networks.networks())

# Every value that any fact may have, where it is not known.
EVERY_VALUE: dict[str, Any] = {
    "degree": oracle_assumed.DEGREES,
    **dict.fromkeys(("groups", "pages", "recipient.blocks", "sender.blocks"), (False, True)),
    **dict.fromkeys(("sender.tier", "recipient.tier"), ("t0", "t1", "t2")),
    **dict.fromkeys(("sender.messages_sent", "sender.inmails_sent", "sender.inmail_credits"), (0, 1, 2)),
    **{f"recipient.{name}": values for name, values in oracle_assumed.RECIPIENTS_FIELDS.items()},
}


def pairs_of(network: Network, pack: Pack) -> list[Pair]:
    """All ordered pairs of the first four members: what is not known of more takes long, and shows no more."""
    return [pair_of(network, pack, s, r, NOW) for s, r in permutations([*network.members][:4], 2)]


def test_the_names_of_what_is_assumed_are_those_of_the_rules() -> None:
    """`all` is every name, also beside others; an empty cell is none; any other name is refused."""
    of = Network.of({"members": {"a": {"assumed": "all"}, "b": {"assumed": "tier;blocks"}, "c": {"assumed": ""}}})
    mixed = Network.of({"members": {"a": {"assumed": "tier;all"}}})
    assert [{*ASSUMABLE}, {"tier", "blocks"}, set(), {*ASSUMABLE}] == [
        set(member["assumed"]) for network in (of, mixed) for member in network.members.values()
    ]
    for cell in (
        "status",
        "tier_expires_at",
        "restricted_until",
        "name",
        "Tier",
        "tier,blocks",
        "tier;",
        "all;shoe_size",
    ):
        with pytest.raises(ValueError, match="not in"):
            Network.of({"members": {"a": {"assumed": cell}}})


def test_the_facts_are_in_the_order_of_the_table() -> None:
    assert (
        "degree groups pages sender.tier sender.messages_sent sender.inmails_sent sender.inmail_credits recipient.tier "
        "recipient.visibility recipient.accepts_from recipient.accepts_inmail recipient.open_profile "
        "recipient.contact_info recipient.contact_form recipient.comments_open recipient.blocks sender.blocks"
    ) == " ".join(FACTS)


def test_reach_says_what_is_certain_and_can_list_what_is_possible() -> None:
    """`channels` is empty of those who are possible alone; channels asked for are what it is about."""
    network = Network.of(
        {
            "members": {
                "s": {"assumed": "tier"},
                "a": {"contact_form": True},
                "b": {"contact_form": True, "assumed": "contact_form"},
                "c": {},
                "d": {},
            },
            "connections": [["s", "a"], ["a", "b"], ["b", "c"]],
        }
    )
    near, middle, far = ["a", 1, "direct", True], ["b", 2, "", False], ["c", 3, "", False]
    assert [near] == rows(oracle_assumed.reach(network, ARTICLE, "s", NOW))
    assert [near, middle, far] == rows(oracle_assumed.reach(network, ARTICLE, "s", NOW, possible=True))
    assert [near, middle] == rows(oracle_assumed.reach(network, ARTICLE, "s", NOW, max_degree=2, possible=True))
    forms = [["a", 1, "contact_form", True], ["b", 2, "contact_form", False]]
    assert forms == rows(oracle_assumed.reach(network, ARTICLE, "s", NOW, channels=["contact_form"]))
    assert [["a", 1, "direct", True], ["c", 1, "direct", True]] == rows(
        oracle_assumed.reached_by(network, ARTICLE, "b", NOW)
    )
    assert [["a", 1, "direct", True], ["c", 1, "direct", True], ["s", 2, "", False]] == rows(
        oracle_assumed.reached_by(network, ARTICLE, "b", NOW, possible=True)
    )
    matched = oracle_assumed.match(network, ARTICLE, ["s"], ["a", "b", "d"], NOW)
    assert [("a", True, True), ("b", False, False), ("d", False, True)] == [
        (row["recipient"], row["reachable"], row["certain"]) for row in matched
    ]
    assert "certain" == [*matched[0]][-1]


def rows(found: list[oracle.Row]) -> list[list[Any]]:
    return [[*row.values()] for row in found]


def test_certainty_has_the_columns_of_its_contract() -> None:
    expected = (
        "member,reach_certain,reach_now,reach_possible,reach_free_certain,reach_free_now,reach_free_possible,"
        "reached_by_certain,reached_by_now,reached_by_possible,"
        "reached_by_free_certain,reached_by_free_now,reached_by_free_possible"
    )
    network = Network.of({"members": {"a": {}, "b": {"inmail_credits": 1}}})
    report = oracle_assumed.certainty(network, ARTICLE, NOW)
    assert expected == ",".join(report[0])
    assert [["a", 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0], ["b", 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]] == rows(report)


# ── Random networks ──────────────────────────────────────────────────────────────────────────────


@some
@given(networks)
def test_nearest_is_the_degree_with_every_connection_that_there_may_be(network: Network) -> None:
    """All at once: one that takes two of them between three members is never shorter than one that takes the third."""
    have_more = [m for m, row in network.members.items() if not gone(row) and "connections" in row["assumed"]]
    at_most = replace(network, connections=network.connections | {*map(frozenset, combinations(have_more, 2))})
    for s, r in permutations(network.members, 2):
        expected = pair_of(at_most, ARTICLE_OF_ANY, s, r, NOW).degree
        assert expected == oracle_assumed.nearest(pair_of(network, ARTICLE_OF_ANY, s, r, NOW))


ARTICLE_OF_ANY = Pack.of(
    {
        **case_files.read_pack("article"),
        "tiers": {f"t{rank}": {"rank": rank, "direct_degree": 1, "channels": ["direct"]} for rank in range(3)},
    }
)


@some
@given(networks, packs)
def test_no_fact_but_those_named_decides_a_requirement(network: Network, pack: Pack) -> None:
    for pair, channel in product(pairs_of(network, pack), pack.channels):
        for code, holds in requirements(pack, channel):
            for fact in [fact for fact in FACTS if fact not in FACTS_OF[code]]:
                outcomes = {holds(supposing(pair, {fact: value})) for value in EVERY_VALUE[fact]}
                assert {holds(pair)} == outcomes, (channel, code, fact)


@some
@given(networks, packs, st.data())
def test_what_is_certain_stays_so_whatever_the_facts_are(network: Network, pack: Pack, data: st.DataObject) -> None:
    """Certain: as reachable as it is. Not possible: not reachable. A channel resting on nothing: as open as it is."""
    for pair in pairs_of(network, pack):
        answer = verdict(network, pack, pair.s["id"], pair.r["id"], NOW)
        may_be = not_known(pair, None)
        other = supposing(pair, {fact: data.draw(st.sampled_from([*values])) for fact, values in may_be.items()})
        judged = oracle.judge(other)
        for kinds, free in ((MESSAGING, ""), (FREE, "_free")):
            reached = oracle.reachable(pack, judged, kinds)
            assert not answer[f"certain{free}"] or reached == answer[f"reachable{free}"]
            assert answer[f"possible{free}"] or not reached
        for channel in answer["channels"]:
            assert channel["rests_on"] or channel["open"] == (not judged[channel["channel"]])


@some
@given(networks, packs)
def test_certainly_reachable_is_reachable_and_that_is_possible(network: Network, pack: Pack) -> None:
    """And where all is known, everything is certain."""
    known = {m: {**row, "assumed": frozenset()} for m, row in network.members.items()}
    for s, r in permutations(network.members, 2):
        answer = verdict(network, pack, s, r, NOW)
        for free in ("", "_free"):
            assert answer[f"possible{free}"] >= answer[f"reachable{free}"]
            assert answer[f"certain{free}"] or answer[f"possible{free}"]
        sure = verdict(replace(network, members=known), pack, s, r, NOW)
        assert (True, True) == (sure["certain"], sure["certain_free"])
        assert (sure["reachable"], sure["reachable_free"]) == (sure["possible"], sure["possible_free"])
        assert (answer["reachable"], answer["degree"]) == (sure["reachable"], sure["degree"])
        assert [] == [fact for channel in sure["channels"] for fact in channel["rests_on"]]


@some
@given(networks, packs)
def test_reports_count_the_verdicts(network: Network, pack: Pack) -> None:
    """`certainty` a second time; and whom `reach` lists as possible is as many as it counts."""
    for row in oracle_assumed.certainty(network, pack, NOW):
        m = row["member"]
        sent = oracle_assumed.reach(network, pack, m, NOW, possible=True)
        received = oracle_assumed.reached_by(network, pack, m, NOW, possible=True)
        for way, found in (("reach", sent), ("reached_by", received)):
            counts = [
                len([r for r in found if r["channels"] and r["certain"]]),
                len([r for r in found if r["channels"]]),
            ]
            assert [*counts, len(found)] == [row[f"{way}_{how}"] for how in ("certain", "now", "possible")]
        free = [verdict(network, pack, m, r, NOW) for r in network.members if r != m]
        of_free = [[c for c in answer["channels"] if kind_of(pack, c["channel"]) in FREE] for answer in free]
        assert sum(map(is_possible, of_free)) == row["reach_free_possible"]
    for row in oracle_assumed.unknowns(network, pack, NOW):
        assert row["fact"] in network.members[row["member"]]["assumed"]
        assert 0 < row["pairs"] <= 2 * (len(network.members) - 1)
