"""The oracle against the verdicts written by hand, and against itself on random networks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import case_files as cases
from tests.rules import oracle, oracle_assumed, oracle_introductions, oracle_reports, random_networks
from tests.rules.agreement import oracle_report
from tests.rules.oracle import CHANNELS, CODES, FREE, GATES, MEMBER, MESSAGING, Network, Pack, Row, instant, verdict
from tests.rules.random_networks import NOW

CASES = cases.every_case()
IN_THE_ORACLE: dict[str, Any] = {
    "reach_page": oracle.reach,
    "reached_by_page": oracle.reached_by,
    "reach_counts": oracle.reach,
    "report": oracle_reports.segment_matrix,
}
ARTICLE = Pack.of(cases.read_pack("article"))

# What a line says of each channel, and the part of the verdict where it stands.
OF_CHANNELS = {"channels": "reasons", "kinds": "kind", "rests_on": "rests_on"}


def at(case: cases.Case, line: Row) -> datetime:
    """The instant of a question of a case."""
    time = instant(line.get("at", case.at))
    assert time is not None
    return time


def compared(answer: Row, expected: Row) -> Row:
    """What the answer says about everything that the line names."""
    by_name = {channel["channel"]: channel for channel in answer["channels"]}
    found = {key: answer[key] for key in expected.keys() - {"at", "as_tier", *OF_CHANNELS}}
    for key, part in OF_CHANNELS.items():
        if key in expected:
            found[key] = {channel: by_name[channel][part] for channel in expected[key]}
    return found


def refusal(network: Network, pack: Pack, case: cases.Case, line: Row) -> str:
    """What the oracle says to a question that has no answer."""
    options: dict[str, Any] = {key: line[key] for key in ("as_tier", "channels", "channel", "by") if key in line}
    members = [line[key] for key in ("sender", "recipient") if key in line]
    ask: Any = IN_THE_ORACLE.get(line["ask"]) or getattr(oracle, line["ask"])
    with pytest.raises((LookupError, ValueError)) as refused:
        ask(network, pack, *members, at=at(case, line), **options)
    return str(refused.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_oracle_gives_the_answers_written_by_hand(case: cases.Case) -> None:
    """Every question of the file, in one list, so that a failure shows all that differ."""
    network, pack = Network.of(case.network), Pack.of(case.pack)
    expected: list[Any] = []
    actual: list[Any] = []
    for line in case.verdicts:
        asked = line["sender"], line["recipient"], at(case, line), line.get("as_tier")
        answer = oracle_assumed.verdict(network, pack, *asked)
        expected.append({key: value for key, value in line.items() if key not in ("at", "as_tier")})
        actual.append(compared(answer, line))
        assert all(channel["open"] == (not channel["reasons"]) for channel in answer["channels"])
    for ask, lines in ((oracle.reach, case.reaches), (oracle.reached_by, case.reached_by)):
        for line in lines:
            member = line["sender"] if ask is oracle.reach else line["recipient"]
            options: dict[str, Any] = {key: line[key] for key in ("as_tier", "channels", "max_degree") if key in line}
            expected.append((member, line["rows"]))
            actual.append((member, [[*row.values()] for row in ask(network, pack, member, at(case, line), **options)]))
    for line in case.unlocks:
        options = {key: line[key] for key in ("as_tier", "channel", "names") if key in line}
        answer = oracle.unlock(network, pack, line["sender"], line["recipient"], at(case, line), **options)
        answer["actions"] = [[*action.values()] for action in answer["actions"]]
        named = line.keys() - {"at", "as_tier", "names"}
        expected.append({key: line[key] for key in named})
        actual.append({key: answer[key] for key in named})
    for line in case.introductions:
        world = oracle.World(network, pack, at(case, line), line.get("as_tier"))
        options = {key: line[key] for key in ("n", "every_way", "through", "without") if key in line}
        answer = oracle_introductions.introduce(world, line["sender"], line["recipient"], **options)
        answer["ways"] = [[way["strength"], *way["members"]] for way in answer["ways"]]
        named = line.keys() - {"at", "as_tier", *options}
        expected.append({key: line[key] for key in named})
        actual.append({key: answer[key] for key in named})
    for line in case.refused:
        if case.loading or "pack" in line:  # the oracle knows no loads, and one pack
            continue
        expected.append(line["names"])
        actual.append([name for name in line["names"] if str(name) in refusal(network, pack, case, line)])
    for name, rows in case.reports.items():
        report = oracle_report(name, network, pack, at(case, {}), case.by)
        expected.append((name, len(rows), rows))
        narrowed = [{key: row[key] for key in line} for row, line in zip(report, rows, strict=False)]
        actual.append((name, len(report), narrowed))
    assert expected == actual
    assert expected or case.loading, "a case without a question"


def test_the_cases_show_every_channel_open_and_denied_for_every_reason() -> None:
    """What a channel can say, by the rules' table, is said somewhere by hand."""
    possible = {
        (channel, code)
        for channel, (kind, requires) in CHANNELS.items()
        for code in (
            "",
            "NOT_IN_TIER",
            *requires,
            *(gate for gate, (denies, _) in GATES.items() if kind is None or kind in denies),
        )
    }
    said = {
        (channel, code)
        for case in CASES
        for line in case.verdicts
        for channel, why in line.get("channels", {}).items()
        for code in why or [""]
    }
    assert possible == said
    assert {*CODES, ""} == {code for _, code in said}


def test_the_cases_show_every_setting_at_every_value() -> None:
    """A column or value that no case uses is not held by any; a column of another name is a slip of the pen."""
    members = [member or {} for case in CASES for member in case.network.get("members", {}).values()]
    used = {column for member in members for column in member}
    assert used - {case.by for case in CASES} | {"tier"} == MEMBER.keys() - {"name"}
    for column in ("status", "visibility", "accepts_from", "contact_info"):
        values = {member.get(column, "") for member in members} - {""}
        assert len(values) == 4, f"{column}: only {values}"
    for column in ("accepts_inmail", "open_profile", "contact_form", "comments_open"):
        assert {True, False} <= {member.get(column) for member in members}, column


def test_channels_come_in_the_order_of_the_rules_and_only_those_of_the_pack() -> None:
    """The article has no open profiles."""
    network = Network.of({"members": {"a": {}, "b": {}}})
    answers = [
        [channel["channel"] for channel in verdict(network, Pack.of(cases.read_pack(name)), "a", "b", NOW)["channels"]]
        for name in ("article", "linkedin-help")
    ]
    every = ["direct", "open_profile", "group", "company_page", "contact_info", "contact_form", "comment", "inmail"]
    every.append("invite")
    assert [[channel for channel in every if channel != "open_profile"], every] == answers


def test_a_question_that_makes_no_sense_is_an_error() -> None:
    """An unknown member by name, oneself, an unknown tier or channel, a stored tier that the pack lacks."""
    network, pack = Network.of({"members": {"a": {}, "b": {}}}), Pack.of(cases.read_pack("article"))
    with pytest.raises(LookupError, match="nobody"):
        verdict(network, pack, "a", "nobody", NOW)
    with pytest.raises(ValueError, match="themselves"):
        verdict(network, pack, "a", "a", NOW)
    with pytest.raises(LookupError, match="gold"):
        verdict(network, pack, "a", "b", NOW, as_tier="gold")
    with pytest.raises(ValueError, match="pigeon"):
        oracle.reach(network, pack, "a", NOW, channels=["pigeon"])
    with pytest.raises(LookupError, match="shoe_size"):
        oracle_reports.segment_matrix(network, pack, NOW, by="shoe_size")
    strange = Network.of({"members": {"a": {}, "b": {}, "c": {"tier": "gold"}, "d": {"tier": "gold"}}})
    with pytest.raises(ValueError, match=r"'gold': 2"):
        verdict(strange, pack, "a", "b", NOW)


def test_match_asks_every_pair_in_the_order_given() -> None:
    """A row for each pair but those of somebody with themselves; reasons only where the pair is not reachable."""
    network = Network.of(
        {"members": {"a": {}, "b": {"inmail_credits": 1}, "c": {}, "d": {}}, "connections": [["a", "b"], ["b", "c"]]}
    )
    pack = Pack.of(cases.read_pack("article"))
    rows = oracle.match(network, pack, ["b", "a"], ["c", "a", "d"], NOW, with_unlock=True)
    expected = [
        ("b", "c", 1, True, True, "direct;inmail", "", None),
        ("b", "a", 1, True, True, "direct;inmail", "", None),
        ("b", "d", None, True, False, "inmail", "", None),
        ("a", "c", 2, False, False, "", "TIER_TOO_LOW;NO_SHARED_GROUP;NO_SHARED_PAGE;NO_INMAIL_CREDITS", "connect"),
        (
            "a",
            "d",
            None,
            False,
            False,
            "",
            "OUT_OF_NETWORK;NO_SHARED_GROUP;NO_SHARED_PAGE;NO_INMAIL_CREDITS",
            "connect",
        ),
    ]
    assert expected == [(*list(row.values())[:-1], row["unlock"] and row["unlock"]["action"]) for row in rows]


def test_segments_are_cells_of_any_column() -> None:
    """No value is the segment ''; the gone are in no cell."""
    network = Network.of(
        {
            "members": {
                "a": {"industry": "Retail"},
                "b": {"industry": "Retail", "inmail_credits": 1},
                "c": {},
                "d": {"industry": "Mining", "status": "closed"},
            }
        }
    )
    rows = oracle_reports.segment_matrix(network, Pack.of(cases.read_pack("article")), NOW, by="industry")
    expected = [("", "Retail", 2, 0, 0.0), ("Retail", "", 2, 1, 0.5), ("Retail", "Retail", 2, 1, 0.5)]
    assert expected == [tuple(row.values()) for row in rows]


def test_reports_have_the_columns_of_their_contract() -> None:
    """In this order; `member_reach` has a column for each tier by rank and for each channel of the pack."""
    network = Network.of(
        {
            "members": {"a": {"tier": "career"}, "b": {}},
            "groups": {"g": {}},
            "companies": {"c": {}},
        }
    )
    columns = {
        "member_reach": "member,tier,effective_tier,degree_1,degree_2,degree_3,"
        "direct_as_free,direct_as_career,direct_as_business,direct_as_sales_navigator,"
        "open_direct,open_group,open_company_page,open_contact_info,open_contact_form,open_comment,open_inmail,open_invite,"
        "reach_now,reach_now_free,reached_by_now,reached_by_now_free",
        "tier_reach": "tier,members,mean,median,p90,max,share,gain",
        "group_bridges": "group,members,pairs,pairs_no_degree,pairs_only_here",
        "page_bridges": "page,members,pairs,pairs_no_degree,pairs_only_here",
        "segment_matrix": "sender_segment,recipient_segment,pairs,reachable,share",
        "denials": "reason,pairs,pairs_alone",
        "lapse": "member,tier,expires_at,direct_now,direct_after",
        "gatekeepers": "member,pairs_only_they_join",
        "quotas": "member,inmail_credits,inmails_left,messages_left,lost_to_quota",
    }
    rows = {name: getattr(oracle_reports, name)(network, ARTICLE, NOW) for name in columns}
    assert columns == {name: ",".join(found[0]) for name, found in rows.items()}


def test_only_a_shortest_path_is_a_shortest_path() -> None:
    """Two of the same length both are; a longer one, one over a gap and one over a gone member are not."""
    network = Network.of(
        {
            "members": {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "gone": {"status": "closed"}},
            "connections": [["a", "b"], ["b", "d"], ["a", "c"], ["c", "d"], ["b", "c"], ["a", "gone"], ["gone", "d"]],
        }
    )
    paths: tuple[list[str], ...] = (
        ["a", "b", "d"],
        ["a", "c", "d"],
        ["a", "b", "c", "d"],
        ["a", "d"],
        ["a", "gone", "d"],
        ["b", "d"],
        [],
    )
    expected = [["a", "b", "d"], ["a", "c", "d"]]
    assert expected == [path for path in paths if oracle.is_shortest_path(network, path, "a", "d")]
    assert not oracle.is_shortest_path(network, ["a", "e"], "a", "e")


# ── Random networks ──────────────────────────────────────────────────────────────────────────────

some = settings(max_examples=60, deadline=None)
packs = st.builds(Pack.of, random_networks.packs())
networks = st.builds(Network.of, random_networks.networks())


def answers(network: Network, pack: Pack) -> dict[tuple[str, str], Row]:
    """The verdicts of all ordered pairs."""
    return {(s, r): verdict(network, pack, s, r, NOW) for s, r in permutations(network.members, 2)}


def opened(answer: Row, kinds: tuple[str, ...] = tuple(oracle.ALL)) -> set[str]:
    """The open channels of these kinds."""
    return {channel["channel"] for channel in answer["channels"] if channel["open"] and channel["kind"] in kinds}


@some
@given(networks)
def test_degrees_are_the_lengths_of_shortest_walks(network: Network) -> None:
    """By taking every walk of up to three steps; and the same from either side."""
    here = [m for m, member in network.members.items() if member["status"] in ("active", "restricted")]
    for s, r in permutations(network.members, 2):
        walks = (
            (s, *between, r)
            for steps in (0, 1, 2)
            for between in permutations(set(here) - {s, r}, steps)
            if s in here and r in here
        )
        is_walk = (len(w) - 1 for w in walks if all({*step} in network.connections for step in pairwise(w)))
        assert min(is_walk, default=None) == network.distances(s).get(r) == network.distances(r).get(s)


@some
@given(networks, packs)
def test_verdicts_hang_together(network: Network, pack: Pack) -> None:
    """Open means no reason, reasons stand in order and once, facts are the same from either side."""
    all_answers = answers(network, pack)
    for (s, r), answer in all_answers.items():
        back = all_answers[r, s]
        symmetric = ("degree", "mutuals", "groups", "pages", "no_link")
        assert [answer[key] for key in symmetric] == [back[key] for key in symmetric]
        for channel in answer["channels"]:
            assert sorted(set(channel["reasons"]), key=CODES.index) == channel["reasons"]
        assert bool(opened(answer, MESSAGING)) == answer["reachable"]
        assert bool(opened(answer, FREE)) == answer["reachable_free"]
        assert answer["degree"] == 2 or answer["mutuals"] == 0 or answer["degree"] == 1
        assert (answer["degree"] == 2) <= (answer["mutuals"] > 0)


@some
@given(networks, packs, st.sampled_from([None, "t0", "t2"]))
def test_reach_and_reach_in_reverse_are_the_verdicts(network: Network, pack: Pack, as_tier: str | None) -> None:
    """Forward, backward and pair by pair: the same pairs, degrees and channels."""
    pairs = {}
    for s, r in permutations(network.members, 2):
        answer = verdict(network, pack, s, r, NOW, as_tier)
        if answer["reachable"]:
            messaging = [c["channel"] for c in answer["channels"] if c["open"] and c["kind"] in MESSAGING]
            pairs[s, r] = (answer["degree"], ";".join(messaging))
    forward, backward = {}, {}
    for member in network.members:
        for row in oracle.reach(network, pack, member, NOW, as_tier):
            forward[member, row["recipient"]] = (row["degree"], row["channels"])
        for row in oracle.reached_by(network, pack, member, NOW, as_tier):
            backward[row["sender"], member] = (row["degree"], row["channels"])
    assert pairs == forward
    assert pairs == backward


@some
@given(st.builds(Network.of, random_networks.networks(tiers=("", "free", "career", "business", "sales_navigator"))))
def test_a_higher_tier_of_the_article_closes_nothing(network: Network) -> None:
    """Its tiers grant the same channels and reach further and further."""
    for s, r in permutations(network.members, 2):
        by_rank = [opened(verdict(network, ARTICLE, s, r, NOW, tier.name)) for tier in ARTICLE.tiers]
        assert all(lower <= higher for lower, higher in pairwise(by_rank))


@some
@given(networks, packs)
def test_one_block_more_opens_nothing_and_changes_one_pair(network: Network, pack: Pack) -> None:
    """Nobody else's verdict knows about it."""
    a, b = list(network.members)[:2]
    before = answers(network, pack)
    after = answers(replace(network, blocked=network.blocked | {(a, b)}), pack)
    assert set() == opened(after[a, b]) | opened(after[b, a])
    assert {(a, b), (b, a)} >= {pair for pair in before if before[pair] != after[pair]}


@some
@given(networks, packs)
def test_reports_are_sums_of_verdicts(network: Network, pack: Pack) -> None:
    """Each counted a second time, from the verdicts."""
    all_answers = answers(network, pack)
    here = [m for m, member in network.members.items() if not oracle.gone(member)]
    of = {row["member"]: row for row in oracle_reports.member_reach(network, pack, NOW)}
    for m, row in of.items():
        sent = [answer for (s, _), answer in all_answers.items() if s == m]
        received = [answer for (_, r), answer in all_answers.items() if r == m]
        assert Counter(answer["degree"] for answer in sent if answer["degree"]) == Counter(
            {degree: row[f"degree_{degree}"] for degree in (1, 2, 3) if row[f"degree_{degree}"]}
        )
        assert sum(answer["reachable"] for answer in sent) == row["reach_now"]
        assert sum(answer["reachable_free"] for answer in sent) == row["reach_now_free"]
        assert sum(answer["reachable"] for answer in received) == row["reached_by_now"]
        assert sum(answer["reachable_free"] for answer in received) == row["reached_by_now_free"]
        assert all(row[f"open_{c}"] == sum(c in opened(answer) for answer in sent) for c in pack.channels)
        if m not in here:
            assert {0} == {value for value in row.values() if not isinstance(value, str)}
    for row in oracle_reports.tier_reach(network, pack, NOW):
        reached = sorted(of[m][f"direct_as_{row['tier']}"] for m in here)
        assert sum(of[m]["effective_tier"] == row["tier"] for m in here) == row["members"]
        if reached:
            assert (reached[-1], reached[(len(reached) - 1) // 2]) == (row["max"], row["median"])
            assert sum(reached) == pytest.approx(row["mean"] * len(here))
    cells = oracle_reports.segment_matrix(network, pack, NOW)
    assert len(here) * (len(here) - 1) == sum(cell["pairs"] for cell in cells)
    assert sum(answer["reachable"] for answer in all_answers.values()) == sum(cell["reachable"] for cell in cells)
    not_free = [answer for answer in all_answers.values() if not answer["reachable_free"]]
    for row in oracle_reports.denials(network, pack, NOW):
        why = [[c["reasons"] for c in answer["channels"] if c["kind"] in FREE] for answer in not_free]
        assert sum(any(row["reason"] in codes for codes in channels) for channels in why) == row["pairs"]
        assert sum([row["reason"]] in channels for channels in why) == row["pairs_alone"]
    for row in oracle_reports.lapse(network, pack, NOW):
        m = row["member"]
        assert of[m]["effective_tier"] != pack.base.name
        assert (of[m].get("open_direct", 0), of[m][f"direct_as_{pack.base.name}"]) == (
            row["direct_now"],
            row["direct_after"],
        )
    only = Counter(
        next(m for m in here if {m, s} in network.connections and {m, r} in network.connections)
        for (s, r), answer in all_answers.items()
        if s < r and answer["degree"] == 2 and answer["mutuals"] == 1
    )
    assert {m: only[m] for m in network.members} == {
        row["member"]: row["pairs_only_they_join"] for row in oracle_reports.gatekeepers(network, pack, NOW)
    }


@some
@given(networks, packs)
def test_bridges_count_the_pairs_that_share_them(network: Network, pack: Pack) -> None:
    """Counted a second time, from shared groups; a pair that shares nothing else is counted once over all bridges."""
    all_answers = {pair: answer for pair, answer in answers(network, pack).items() if pair[0] < pair[1]}
    for row in oracle_reports.group_bridges(network, pack, NOW):
        sharing = [answer for answer in all_answers.values() if row["group"] in answer["groups"]]
        assert (len(sharing), sum(answer["degree"] is None for answer in sharing)) == (
            row["pairs"],
            row["pairs_no_degree"],
        )
    bridges = [*oracle_reports.group_bridges(network, pack, NOW), *oracle_reports.page_bridges(network, pack, NOW)]
    shared = Counter(
        pair
        for pair in all_answers
        for member in [oracle.pair_of(network, pack, *pair, NOW)]
        for _ in [*member.shared_groups, *member.shared_pages]
        if member.degree != 1
    )
    assert sum(times == 1 for times in shared.values()) == sum(row["pairs_only_here"] for row in bridges)


@some
@given(networks, packs)
def test_quotas_lose_nobody_with_credits_and_fresh_counts(network: Network, pack: Pack) -> None:
    """What is lost to quota is what a sender with a credit and no counts would gain, on a tier without limits of 0."""
    for row in oracle_reports.quotas(network, pack, NOW):
        member = network.members[row["member"]]
        tier = pack.tier(oracle.effective_tier(pack, member, NOW))
        rich = {**member, "inmail_credits": 1, "messages_sent": 0, "inmails_sent": 0}
        renewed = Network(**{**vars_of(network), "members": {**network.members, row["member"]: rich}})
        gained = len(oracle.reach(renewed, pack, row["member"], NOW)) - len(
            oracle.reach(network, pack, row["member"], NOW)
        )
        if 0 in (tier.monthly_messages, tier.monthly_inmails):
            assert gained <= row["lost_to_quota"]
        else:
            assert gained == row["lost_to_quota"]


def vars_of(network: Network) -> dict[str, Any]:
    """The fields of a network."""
    return {field: getattr(network, field) for field in Network.__dataclass_fields__}


@some
@given(networks, packs)
def test_unlocks_are_in_order_and_name_what_the_sender_can_do(network: Network, pack: Pack) -> None:
    """Cheapest first, nothing twice; the other side is never both sides."""
    for (s, r), answer in answers(network, pack).items():
        if answer["reachable"]:
            with pytest.raises(ValueError, match="needs no unlock"):
                oracle.unlock(network, pack, s, r, NOW)
            continue
        found = oracle.unlock(network, pack, s, r, NOW, names=1)
        costs = [action["cost"] for action in found["actions"]]
        assert sorted(costs, key=lambda cost: (cost is None, cost or 0)) == costs
        keys = [(action["action"], action["id"]) for action in found["actions"]]
        assert len(set(keys)) == len(keys)
        assert bool(keys) == found["single_action_enough"]
        connected = [key for action, key in keys if action == "connect" and key != r]
        assert len(connected) <= 1
        standing = {code for channel in answer["channels"] for code in channel["reasons"]}
        assert set(found["other_side"]) <= standing & oracle.THEIRS
