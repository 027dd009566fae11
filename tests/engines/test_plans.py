"""Plans next to the oracle's, which tries everything: as many contacts, as dear, by as few InMails, and no fault."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.plans.facts import Facts, facts
from analysis.plans.model import Model
from analysis.plans.plan import BUDGET, CAPACITY, Plan, find_plan
from analysis.plans.set_ups import set_ups
from analysis.plans.solver import Clock
from analysis.plans.task import Task
from analysis.plans.what_if import prices
from tests.rules import case_files, oracle_plans, random_networks
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support.snapshots import snapshot_of

EVERY_ACTION = ("upgrade", "join", "follow", "connect", "unblock", "credit")
SHIPPED = [case_files.read_pack(name) for name in ("article", "linkedin-help")]
TIERS = ("", "free", "career", "business", "sales_navigator")


def plan_of(asked: oracle_plans.Task, clock: Clock | None = None) -> Plan:
    """The product's plan of the oracle's task."""
    task = Task(asked.senders, asked.recipients, tuple(asked.actions), asked.costs, asked.budget, asked.is_free)
    found = facts(snapshot_of(asked.network, asked.pack), asked.at, asked.senders, asked.recipients)
    return find_plan(found, task, clock or Clock(60)).plan


def crowd(senders: int, recipients: int, groups: int, budget: float) -> tuple[Facts, Task]:
    """A task that is hard by a pack in which everything has a limit and a cost of its own."""
    draw = Random(1)
    team, targets = [f"s{number}" for number in range(senders)], [f"r{number}" for number in range(recipients)]
    rich, open_to_all = {"tier": "business", "inmail_credits": 3}, {"accepts_from": "anyone", "visibility": "public"}
    network = Network.of(
        {
            "members": {
                **{id: rich if draw.random() < 0.5 else {} for id in team},
                **{id: {**open_to_all, "accepts_inmail": draw.random() < 0.5} for id in targets},
            },
            "groups": {f"g{number}": {} for number in range(groups)},
            "group_members": sorted({(id, f"g{draw.randrange(groups)}") for id in targets for _ in range(3)}),
            "connections": [(each, draw.choice(targets)) for each in team for _ in range(2)],
        }
    )
    pack = case_files.read_pack("article")
    for rank, tier in enumerate(pack["tiers"].values()):
        costs = {"join": 1.3, "upgrade": 4.7 * rank, "credit": 2.1, "follow": 0.7}
        tier |= {"monthly_messages": 6 + 3 * rank, "monthly_inmails": 2 + rank, "costs": costs}
    snapshot = snapshot_of(network, Pack.of(pack))
    return facts(snapshot, NOW, team, targets), Task(team, targets, budget=budget)


def rows_of(plan: Plan) -> tuple[list[Row], list[Row]]:
    """Actions and contacts as the oracle has them."""
    actions = [asdict(each) | {"action": str(each.action), "cost": float(each.cost)} for each in plan.actions]
    contacts = [asdict(each) | {"needs": ";".join(each.needs)} for each in plan.contacts]
    return actions, contacts


def agree(asked: oracle_plans.Task) -> None:
    """Fails where the plan is worse than the oracle's, or has a fault."""
    expected, plan = oracle_plans.plan(asked), plan_of(asked)
    actions, contacts = rows_of(plan)
    assert [] == oracle_plans.faults(asked, actions, contacts)
    uncovered = oracle_plans.uncovered(asked, [each.recipient for each in plan.contacts])
    assert (expected["contacted"], expected["cost"], expected["contacted_before"], uncovered, True) == (
        len(plan.contacts),
        float(plan.cost),
        plan.before,
        [{"recipient": each.recipient, "reasons": ";".join(each.reasons)} for each in plan.uncovered],
        plan.optimal,
    )
    assert (expected["contacted"], plan.cost) == (plan.bound, plan.least_cost)
    chosen = oracle_plans.chosen_by(asked, actions)
    assert plan.inmails == sum(row["channel"] == "inmail" for row in oracle_plans.contacts(asked, chosen))


def test_a_cost_that_was_reckoned_is_what_it_is_written_as() -> None:
    """Written out, it is a whole number of an amount so small that no solver takes it."""
    network = Network.of({"members": {"s": {}, "r": {"accepts_from": "nobody"}}})
    pack = Pack.of(case_files.read_pack("article"))
    found = facts(snapshot_of(network, pack), NOW, ["s"], ["r"])
    plan = find_plan(found, Task(["s"], ["r"], costs={"credit": 0.1 + 0.2}, budget=0.3), Clock(60)).plan
    assert (1, Fraction(3, 10), True) == (len(plan.contacts), plan.cost, plan.optimal)


def test_a_sender_with_a_limit_has_no_action_that_another_makes_needless() -> None:
    """Somebody in a large network could join thousands of groups, nearly all of them for nobody else."""
    ids = ["r1", "r2", "r3"]
    network = Network.of(
        {
            "members": {"s": {}, **{id: {"accepts_from": "anyone", "accepts_inmail": False} for id in ids}},
            "groups": {"most": {}, "few": {}, "fewer": {}, "others": {}},
            "group_members": [
                *(("r1", group) for group in ("most", "few")),
                *(("r2", group) for group in ("most", "fewer")),
                ("r3", "others"),
            ],
        }
    )
    pack = case_files.read_pack("article")
    for tier in pack["tiers"].values():
        tier["monthly_messages"] = 2
    about, task = facts(snapshot_of(network, Pack.of(pack)), NOW, ["s"], ids), Task(["s"], ids, ["join"])
    assert {"most", "others"} == {each.step.id for each in Model(about, task, set_ups(about, task)).options}


def costs() -> st.SearchStrategy[dict[str, float]]:
    names = [*EVERY_ACTION, "upgrade:t1"]
    return st.dictionaries(st.sampled_from(names), st.sampled_from([0, 0.1, 0.5, 1, 3]), max_size=3)


def actions() -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(EVERY_ACTION) | random_networks.subset([*EVERY_ACTION]).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    random_networks.networks(),
    random_networks.packs(),
    actions(),
    costs(),
    st.sampled_from([None, 0, 0.5, 1, 2, 4]),
    st.booleans(),
)
def test_by_the_packs_of_strangers(
    case: Row, pack: Row, allowed: tuple[str, ...], priced: dict[str, float], budget: float | None, is_free: bool
) -> None:
    ids = [*case["members"]]
    network = Network.of(case)
    agree(oracle_plans.Task(network, Pack.of(pack), NOW, ids[:2], ids[-4:], allowed, priced, budget, is_free))


@settings(max_examples=40, deadline=None)
@given(
    random_networks.networks(TIERS),
    st.sampled_from(SHIPPED),
    actions(),
    st.sampled_from([None, 0, 1, 2]),
)
def test_by_the_packs_that_ship(case: Row, pack: Row, allowed: tuple[str, ...], budget: float | None) -> None:
    ids = [*case["members"]]
    agree(oracle_plans.Task(Network.of(case), Pack.of(pack), NOW, ids[:2], ids[-4:], allowed, {}, budget))


def test_what_is_asked_beside_a_plan_shares_its_seconds() -> None:
    """They are too few to prove the plan, and yet each question beside it has its part of them."""
    about, task = crowd(8, 120, 30, budget=20)
    clock = Clock(8)
    found = find_plan(about, task, clock)
    told = [*prices(found, task, clock)]
    assert {BUDGET, CAPACITY} >= {code for each in found.plan.uncovered for code in each.reasons}
    assert told[0].contacted is not None


def test_a_program_that_is_too_large_for_its_seconds_ends_with_them() -> None:
    """What HiGHS does before it searches would take many times as long, and hears no clock."""
    about, task = crowd(30, 800, 40, budget=60)
    began, clock = time.monotonic(), Clock(2)
    found = find_plan(about, task, clock)
    assert len([*prices(found, task, clock)]) == 5
    assert time.monotonic() - began < 10 * 2
    assert found.plan.before <= len(found.plan.contacts) <= found.plan.bound


def test_whoever_has_had_enough_gets_the_best_so_far_however_often_they_say_so() -> None:
    def watch() -> None:
        raise KeyboardInterrupt

    plan = find_plan(*crowd(20, 400, 40, budget=60), Clock(600, watch)).plan
    assert (True, False) == (plan.interrupted, plan.optimal)
    assert plan.before <= len(plan.contacts) <= plan.bound
    assert 0 <= plan.least_cost <= plan.cost <= 60


def test_a_contact_that_is_shared_between_senders_is_none() -> None:
    about, task = crowd(8, 120, 30, budget=20)
    model = Model(about, task, set_ups(about, task))
    most = model.as_it_is(Clock(60))
    assert most is not None
    taken = model.taken(model.whole((most.values + model.nothing) / 2))
    for sent, limit in ((taken.messages, "messages"), (taken.inmails, "inmails")):
        for number, count in Counter(number for number, _ in sent).items():
            assert count <= getattr(model.set_ups[number][0], limit)
    recipients = [place for _, place in (*taken.messages, *taken.inmails)]
    assert len({*recipients}) == len(recipients) <= model.contacted(most.values)


def test_where_no_time_is_left_the_budget_is_what_one_action_more_of_the_plan_lacks() -> None:
    network = Network.of({"members": {"s": {}, "r": {"accepts_from": "nobody"}, "q": {"accepts_from": "nobody"}}})
    pack = case_files.read_pack("article")
    for limit, expected in ((None, BUDGET), (1, CAPACITY)):
        for tier in pack["tiers"].values():
            tier |= {} if limit is None else {"monthly_inmails": limit}
        about = facts(snapshot_of(network, Pack.of(pack)), NOW, ["s"], ["r", "q"])
        clock = Clock(60)
        clock.interrupt()
        plan = find_plan(about, Task(["s"], ["r", "q"], budget=1), clock).plan
        assert (1, [(expected,)]) == (len(plan.contacts), [each.reasons for each in plan.uncovered])


@settings(max_examples=60, deadline=None)
@given(random_networks.networks(), random_networks.packs(), actions(), st.sampled_from([0, 0.5, 1, 2]))
def test_where_no_time_is_left_budget_is_never_said_wrongly(
    case: Row, pack: Row, allowed: tuple[str, ...], budget: float
) -> None:
    ids = [*case["members"]]
    asked = oracle_plans.Task(Network.of(case), Pack.of(pack), NOW, ids[:2], ids[-4:], allowed, {}, budget)
    clock = Clock(60)
    clock.interrupt()
    plan = plan_of(asked, clock)
    expected = oracle_plans.uncovered(asked, [each.recipient for each in plan.contacts])
    for row, each in zip(expected, plan.uncovered, strict=True):
        assert (row["reasons"], ";".join(each.reasons)) in {(row["reasons"],) * 2, (BUDGET, CAPACITY)}
