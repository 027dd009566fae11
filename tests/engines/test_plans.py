"""Plans next to the oracle's, which tries everything: as many contacts, as dear, by as few InMails, and no fault."""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.plans.facts import facts
from analysis.plans.plan import Plan, find_plan
from analysis.plans.solver import Clock
from analysis.plans.task import Task
from tests.rules import case_files, oracle_plans, random_networks
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support.snapshots import snapshot_of

EVERY_ACTION = ("upgrade", "join", "follow", "connect", "unblock", "credit")
SHIPPED = [case_files.read_pack(name) for name in ("article", "linkedin-help")]
TIERS = ("", "free", "career", "business", "sales_navigator")


def plan_of(asked: oracle_plans.Task, seconds: float = 60) -> Plan:
    """The product's plan of the oracle's task."""
    task = Task(asked.senders, asked.recipients, tuple(asked.actions), asked.costs, asked.budget, asked.is_free)
    found = facts(snapshot_of(asked.network, asked.pack), asked.at, asked.senders, asked.recipients)
    return find_plan(found, task, Clock(seconds)).plan


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
