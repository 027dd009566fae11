"""Section 10 in the oracle, outreach plans, written by hand from the rules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules import case_files, oracle_plans, random_networks
from tests.rules.oracle import Network, Pack, Row, pair_of, reasons
from tests.rules.oracle_changes import changed
from tests.rules.oracle_plans import Chosen, Task, as_change, chosen_by, contacts, faults, plan, set_ups
from tests.rules.random_networks import NOW

ARTICLE = Pack.of(case_files.read_pack("article"))
EVERY_ACTION = ("upgrade", "join", "follow", "connect", "unblock", "credit")


def pack_of(**tiers: Row) -> Pack:
    """Tiers by rank, in this order; each with every channel unless it says which."""
    channels = ["direct", "open_profile", "group", "company_page", "inmail", "invite"]
    switches = {"page_ties": "any", "inmail_respects_opt_out": False, "group_kind": "request"}
    given = {
        name: {"rank": rank, "direct_degree": 1, "channels": channels, **cells}
        for rank, (name, cells) in enumerate(tiers.items())
    }
    return Pack.of({"name": "test", "switches": switches, "tiers": given})


def task(senders: str, recipients: str, network: Row, pack: Pack = ARTICLE, **options: Any) -> Task:
    """Members are named by letters; those that the network does not name have the defaults."""
    members = {**dict.fromkeys([*senders, *recipients]), **network.get("members", {})}
    return Task(Network.of({**network, "members": members}), pack, NOW, [*senders], [*recipients], **options)


def in_short(asked: Task) -> tuple[list[str], list[str], float]:
    """The contacts, the actions and the cost of a plan, which has no faults."""
    found = plan(asked)
    assert [] == faults(asked, found["actions"], found["contacts"])
    return (
        [":".join([row["sender"], row["recipient"], row["channel"], row["needs"]]) for row in found["contacts"]],
        [
            " ".join([row["sender"], row["action"], row["id"], f"{row['count']}", f"{row['cost']:g}"]).replace(
                "  ", " "
            )
            for row in found["actions"]
        ],
        found["cost"],
    )


def groups(**members: str) -> Row:
    """Groups by letter, with their members."""
    return {
        "groups": dict.fromkeys(members),
        "group_members": [[member, group] for group, inside in members.items() for member in inside],
    }


def test_who_can_be_reached_as_it_is_costs_nothing() -> None:
    """Each recipient once, in their order; whoever can contact nobody takes no part."""
    asked = task("st", "rq", {"connections": [["s", "r"], ["t", "q"]]})
    assert (["s:r:direct:", "t:q:direct:"], [], 0) == in_short(asked)
    found = plan(asked)
    assert (2, 2, 2, 0) == tuple(found[key] for key in ("recipients", "contacted", "contacted_before", "inmails"))


def test_a_group_is_joined_once_for_all_who_are_in_it() -> None:
    """One action for two contacts is cheaper than a credit for each."""
    asked = task("s", "rq", groups(g="rq"))
    assert (["s:r:group:join:g", "s:q:group:join:g"], ["s join g 1 1"], 1) == in_short(asked)


def test_a_page_is_followed_where_that_is_cheaper() -> None:
    """Every cost is 1 unless one is given."""
    network = {**groups(g="r"), "companies": {"c": {}}, "company_members": [{"member": "r", "company": "c"}]}
    asked = task("s", "r", network, costs={"join": 2, "credit": 1.5})
    assert (["s:r:company_page:follow:c"], ["s follow c 1 1"], 1) == in_short(asked)
    left = {**network, "company_members": [{"member": "r", "company": "c", "until": "2026-01-01"}]}
    assert (["s:r:inmail:credit"], ["s credit 1 1.5"], 1.5) == in_short(
        task("s", "r", left, costs={"join": 2, "credit": 1.5})
    )


def test_an_upgrade_serves_all_contacts_of_the_sender_who_takes_it() -> None:
    """To whom the higher tier reaches; the stored tier becomes that one, without expiry."""
    network: Row = {
        "members": {"s": {"tier": "business", "tier_expires_at": "2026-01-01"}, "m": {}},
        "connections": [["s", "m"], ["m", "r"], ["m", "q"]],
    }
    asked = task("s", "rq", network, costs={"upgrade:career": 1.5, "upgrade": 9})
    assert (["s:r:direct:upgrade:career", "s:q:direct:upgrade:career"], ["s upgrade career 1 1.5"], 1.5) == in_short(
        asked
    )
    change = as_change(chosen_by(asked, plan(asked)["actions"]))
    assert [{"id": "s", "tier": "career", "tier_expires_at": None, "inmail_credits": 0}] == change["members"]


def test_an_upgrade_is_not_for_the_other_sender() -> None:
    network: Row = {"members": {"m": {}}, "connections": [["s", "m"], ["t", "m"], ["m", "r"], ["t", "n"], ["n", "q"]]}
    network["members"]["n"] = {}
    asked = task("st", "rq", network, actions=["upgrade"])
    assert (["t:r:direct:upgrade:career", "t:q:direct:upgrade:career"], ["t upgrade career 1 1"], 1) == in_short(asked)


def test_the_credits_of_an_upgrade_are_a_grant_up_to_a_cap() -> None:
    """Three InMails by a grant of five that is capped at two, and a credit; capacity alone is no need of a contact."""
    pack = pack_of(low={}, high={"inmail_grant": 5, "inmail_cap": 2, "costs": {"upgrade": 3, "credit": 2}})
    asked = task("s", "rqp", {}, pack, costs={"credit": 2})
    assert (
        ["s:r:inmail:upgrade:high", "s:q:inmail:upgrade:high", "s:p:inmail:upgrade:high"],
        ["s upgrade high 1 3", "s credit 1 2"],
        5,
    ) == in_short(asked)
    # Who has more than the cap keeps it.
    rich = task("s", "rqp", {"members": {"s": {"inmail_credits": 3}}}, pack)
    assert (["s:r:inmail:", "s:q:inmail:", "s:p:inmail:"], [], 0) == in_short(rich)


def test_credits_for_capacity_are_no_need_of_a_contact() -> None:
    """One credit is there, and opens the channel to everybody; the second contact takes one more."""
    asked = task("s", "rq", {"members": {"s": {"inmail_credits": 1}}})
    assert (["s:r:inmail:", "s:q:inmail:"], ["s credit 1 1"], 1) == in_short(asked)
    asked = task("s", "rq", {})
    assert (["s:r:inmail:credit", "s:q:inmail:credit"], ["s credit 2 2"], 2) == in_short(asked)


def test_messages_are_at_most_what_the_month_leaves() -> None:
    """Groups count like direct messages. Whom no message is left for takes a credit, though a channel is free."""
    pack = pack_of(only={"monthly_messages": 3, "channels": ["direct", "group", "inmail"]})
    network = {"members": {"s": {"messages_sent": 1}}, "connections": [["s", "r"]], **groups(g="sqp")}
    asked = task("s", "rqp", network, pack)
    found = plan(asked)
    assert (3, 1, 1) == (found["contacted"], found["inmails"], found["cost"])
    without = task("s", "rqp", network, pack, actions=[])
    found = plan(without)
    assert (2, 2, 0) == (found["contacted"], found["contacted_before"], found["cost"])
    assert ["CAPACITY"] == [row["reasons"] for row in found["uncovered"]]


def test_inmails_are_at_most_what_the_month_leaves() -> None:
    """However many credits there are."""
    pack = pack_of(only={"monthly_inmails": 3})
    asked = task("s", "rqp", {"members": {"s": {"inmail_credits": 9, "inmails_sent": 1}}}, pack)
    found = plan(asked)
    assert (2, 0) == (found["contacted"], found["cost"])
    assert ["CAPACITY"] == [row["reasons"] for row in found["uncovered"]]


def test_as_few_inmails_as_can_be() -> None:
    """Who can be contacted by a message is, by whichever sender; the channel is the first in the order of the rules."""
    members = {"members": {"s": {"inmail_credits": 9}}}
    asked = task("st", "rq", {**members, "connections": [["t", "r"]], **groups(g="tr", h="sq")})
    assert (["t:r:direct:", "s:q:group:"], [], 0) == in_short(asked)


def test_free_contacts_are_messages_and_requests() -> None:
    """No InMail, though there are credits, and none are bought."""
    network: Row = {"members": {"s": {"inmail_credits": 9}}, **groups(g="q")}
    assert (["s:q:group:join:g"], ["s join g 1 1"], 1) == in_short(task("s", "rq", network, is_free=True))


def test_connecting_takes_an_invitation_that_is_open() -> None:
    """Asked for by name only, and with the recipient only: nobody else comes nearer by it."""
    network: Row = {"members": {"q": {"visibility": "private"}, "p": {}}, "connections": [["r", "p"]]}
    asked = task("s", "rqp", network, actions=["connect"])
    assert (
        ["s:r:direct:connect", "s:p:direct:connect"],
        ["s connect p 1 1", "s connect r 1 1"],
        2,
    ) == in_short(asked)
    assert [("q", "OUT_OF_NETWORK;NO_SHARED_GROUP;NO_SHARED_PAGE;NO_INMAIL_CREDITS;RECIPIENT_VISIBILITY")] == [
        tuple(row.values()) for row in plan(asked)["uncovered"]
    ]


def test_two_senders_who_connect_with_each_other_pay_each() -> None:
    """A sender who is a recipient counts like any other; nobody contacts themselves."""
    asked = task("st", "ts", {}, actions=["connect"])
    assert (["s:t:direct:connect", "t:s:direct:connect"], ["s connect t 1 1", "t connect s 1 1"], 2) == in_short(asked)


def test_an_action_counts_for_whoever_takes_it_alone() -> None:
    """Were t's upgrade counted for s, t would have an open profile for s."""
    pack = pack_of(low={"channels": ["open_profile"]}, high={"channels": ["direct", "open_profile"]})
    network = {"members": {"t": {"open_profile": True}}, "connections": [["t", "r"]]}
    asked = task("st", "tr", network, pack)
    assert (["t:r:direct:upgrade:high"], ["t upgrade high 1 1"], 1) == in_short(asked)
    assert [("t", "NOT_IN_TIER;OUT_OF_NETWORK;NO_OPEN_PROFILE")] == [
        tuple(row.values()) for row in plan(asked)["uncovered"]
    ]


def test_unblocking_opens_what_the_block_alone_had_closed() -> None:
    """Of two actions that only together open a channel neither is taken."""
    blocked = {"blocks": [{"member": "s", "other": "r"}, {"member": "s", "other": "q"}]}
    network = {**blocked, "connections": [["s", "r"]], **groups(g="q")}
    asked = task("s", "rq", network, actions=["unblock", "join", "credit"])
    assert (["s:r:direct:unblock"], ["s unblock r 1 1"], 1) == in_short(asked)
    assert [{"member": "s", "other": "r", "kind": "block"}] == as_change(chosen_by(asked, plan(asked)["actions"]))[
        "remove"
    ]["blocks"]


def test_an_upgrade_and_one_action_may_open_a_channel_together() -> None:
    """The upgrade is the set-up, which is no action of the two."""
    pack = pack_of(
        low={"channels": ["direct"]}, high={"channels": ["direct", "group"], "costs": {"join": 4, "upgrade": 8}}
    )
    asked = task("s", "r", groups(g="r"), pack)
    assert (["s:r:group:upgrade:high;join:g"], ["s upgrade high 1 8", "s join g 1 4"], 12) == in_short(asked)


def test_costs_are_those_of_the_tier_of_the_set_up() -> None:
    """Joining costs 5 on the lower tier, and 1 on the higher one, which costs 2; a given cost stands for every tier."""
    pack = pack_of(low={"costs": {"join": 5, "upgrade": 0}}, high={"costs": {"upgrade": 2}})
    network = groups(g="r")
    asked = task("s", "r", network, pack, actions=["join", "upgrade"])
    assert (["s:r:group:join:g"], ["s upgrade high 1 2", "s join g 1 1"], 3) == in_short(asked)
    asked = task("s", "r", network, pack, actions=["join", "upgrade"], costs={"join": 3, "upgrade": 1})
    assert (["s:r:group:join:g"], ["s join g 1 3"], 3) == in_short(asked)
    asked = task("s", "r", network, pack, actions=["join"])
    assert (["s:r:group:join:g"], ["s join g 1 5"], 5) == in_short(asked)


def test_a_budget_bounds_the_cost_of_all_senders_together() -> None:
    """Most recipients within it; what more of it would reach is told."""
    network = {**groups(g="rq", h="p"), "members": {"x": {"status": "closed"}}}
    costs = {"join": 2.5, "credit": 4}
    asked = task("st", "rqpx", network, costs=costs, budget=4.9)
    found = plan(asked)
    assert (2, 2.5) == (found["contacted"], found["cost"])
    assert [
        ("p", "BUDGET"),
        ("x", "OUT_OF_NETWORK;NO_SHARED_GROUP;NO_SHARED_PAGE;NO_INMAIL_CREDITS;RECIPIENT_GONE"),
    ] == [tuple(row.values()) for row in found["uncovered"]]
    assert [] == faults(asked, found["actions"], found["contacts"])
    assert (3, 5) == tuple(
        plan(task("st", "rqp", network, costs=costs, budget=5))[key] for key in ("contacted", "cost")
    )
    nothing = plan(task("st", "rqp", network, costs=costs, budget=0))
    assert (0, 0, ["BUDGET"] * 3) == (
        nothing["contacted"],
        nothing["cost"],
        [row["reasons"] for row in nothing["uncovered"]],
    )


def test_decimal_costs_add_up_exactly() -> None:
    """0.1 and 0.2 are 0.3."""
    network = {**groups(g="r", h="q")}
    found = plan(task("st", "rq", network, costs={"join": 0.1, "credit": 0.2}, budget=0.2))
    assert (2, 0.2) == (found["contacted"], found["cost"])
    pack = pack_of(only={"costs": {"join": 0.1, "follow": 0.2}, "channels": ["group", "company_page"]})
    pages = {"companies": {"c": {}}, "company_members": [{"member": "q", "company": "c"}]}
    found = plan(task("s", "rq", {**groups(g="r"), **pages}, pack, budget=0.3))
    assert (2, 0.3) == (found["contacted"], found["cost"])


def test_what_is_assumed_is_taken_as_it_is() -> None:
    asked = task("s", "r", {"members": {"s": {"inmail_credits": 1, "assumed": "all"}, "r": {"assumed": "all"}}})
    assert (["s:r:inmail:"], [], 0) == in_short(asked)


def test_a_plan_with_a_fault_is_found_out() -> None:
    """Each fault by itself, in a plan that has none otherwise."""
    pack = pack_of(only={"monthly_messages": 2}, more={})
    network = {"members": {"s": {"inmail_credits": 1}}, "connections": [["s", "r"]], **groups(g="q", h="q")}
    asked = task("s", "rqp", network, pack, costs={"join": 2})
    join = {"sender": "s", "action": "join", "id": "g", "count": 1, "cost": 2.0}
    r = {"recipient": "r", "sender": "s", "channel": "direct", "needs": ""}
    q = {"recipient": "q", "sender": "s", "channel": "group", "needs": "join:g"}
    p = {"recipient": "p", "sender": "s", "channel": "inmail", "needs": ""}

    def wrong(actions: list[Row], made: list[Row], of: Task = asked) -> str:
        return "\n".join(faults(of, actions, made))

    assert "" == wrong([join], [r, q, p])
    assert "the actions are" in wrong([{**join, "cost": 1.0}], [r, q, p])
    assert "upgrade may not" in wrong(
        [{**join, "action": "upgrade", "id": "more"}], [r], replace(asked, actions=["join"])
    )
    assert "may not be used" in wrong([join], [r, q, p], replace(asked, actions=["credit"]))
    assert "budget" in wrong([join], [r, q, p], replace(asked, budget=1))
    assert "once each" in wrong([join], [q, r, p])
    assert "once each" in wrong([join], [r, r, q])
    assert "the channel is group" in wrong([join], [r, {**q, "channel": "company_page"}, p])
    assert "needs []" in wrong([join], [{**r, "needs": "join:g"}, q, p])
    assert "after the change" in wrong([], [r, q, p])
    assert "capacity" in wrong([], [r, {**q, "channel": "inmail", "needs": ""}, p])
    assert "0 InMails are enough" in wrong([], [{**r, "channel": "inmail"}], replace(asked, recipients=["r"]))


# ── Random networks ──────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None)
@given(random_networks.networks(), random_networks.packs(), st.sampled_from([None, 1, 2]), st.booleans())
def test_a_plan_comes_true(case: Row, pack: Row, budget: float | None, is_free: bool) -> None:
    """Its change makes every channel open, and with more of everything no fewer are contacted."""
    network, rules = Network.of(case), Pack.of(pack)
    ids = [*network.members]
    asked = Task(network, rules, NOW, ids[:2], ids[-3:], EVERY_ACTION, {}, budget, is_free)
    found = plan(asked)
    assert [] == faults(asked, found["actions"], found["contacts"])
    assert found["cost"] == sum(row["cost"] for row in found["actions"])
    after = changed(network, as_change(chosen_by(asked, found["actions"])), {"t0", "t1", "t2"})
    for row in found["contacts"]:
        assert [] == reasons(pair_of(after, rules, row["sender"], row["recipient"], NOW), row["channel"])
    assert found["contacted_before"] <= found["contacted"] <= found["recipients"]
    assert found["recipients"] == found["contacted"] + len(found["uncovered"])


@settings(max_examples=40, deadline=None)
@given(random_networks.networks(), random_networks.packs(), st.booleans())
def test_no_other_choice_contacts_more_or_costs_less(case: Row, pack: Row, is_free: bool) -> None:
    """By taking every set-up, every set of actions and every number of credits of one sender."""
    network = Network.of(case)
    ids = [*network.members]
    asked = Task(network, Pack.of(pack), NOW, ids[:1], ids[-2:], EVERY_ACTION, {}, None, is_free)
    found = plan(asked)
    everything = []
    for set_up in set_ups(asked, ids[0]):
        towards = {action for each in set_up.contacts.values() for action in each.with_one} - {oracle_plans.CREDIT}
        assume(len(towards) <= 5)
        subsets = chain.from_iterable(combinations(sorted(towards), k) for k in range(len(towards) + 1))
        everything += [Chosen(set_up, frozenset(some), n) for some, n in product(subsets, range(3))]
    best = min((-len(contacts(asked, [each])), each.cost) for each in everything)
    assert best == (-found["contacted"], Fraction(str(found["cost"])))
