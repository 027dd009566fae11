"""What one thing more would bring, and which few actions bring most: by solving again, never by a guess."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from analysis.plans.facts import Facts
from analysis.plans.model import Gift, Model
from analysis.plans.plan import Found
from analysis.plans.set_ups import set_ups
from analysis.plans.solver import Clock, Values
from analysis.plans.task import Task, exact
from graph.rules.vocabulary import Action

CREDIT, SEAT, MONEY = "credit", "seat", "budget"
_TO_BEGIN = 0.2  # of the time for a coverage, to find out what its last budget is, twice


@dataclass(frozen=True, slots=True)
class Price:
    """What one more of something would bring: a `credit`, a `seat` of a tier, a unit of `budget`.

    `contacted` recipients more, and `saved` of the cost; both None where there was no time to find out.
    `proven`: no less, and no more.
    """

    what: str
    tier: str | None = None
    contacted: int | None = None
    saved: Fraction | None = None
    proven: bool = False


@dataclass(frozen=True, slots=True)
class Investment:
    """One action, by its place among those chosen one after the other, or together.

    `contacted`: by all up to this one; one that is chosen together has the number of all.
    """

    together: bool
    rank: int
    sender: str
    action: Action
    id: str
    cost: Fraction
    contacted: int


@dataclass(frozen=True, slots=True)
class Point:
    """How many are contacted within a budget; `proven`: that no plan within it contacts more."""

    budget: Fraction
    contacted: int
    proven: bool


def coverage(found: Found, count: int, clock: Clock) -> Iterator[Point]:
    """At most `count` budgets, from none to what contacting everybody who can be costs, and how many each contacts.

    The smallest comes first; it ends early where time does.
    """
    model = found.model
    most = model.most(clock.part(_TO_BEGIN), start=found.values)
    if most is None:
        return
    everybody = model.contacted(most.values) - model.sure.bit_count()
    whole = model.cheapest(clock.part(_TO_BEGIN), everybody, start=most.values) or most
    units = model.cost(whole.values) / model.unit
    known = [model.nothing, found.values, whole.values]
    budgets = [each * model.unit for each in sorted({round(units * step / max(1, count - 1)) for step in range(count)})]
    for number, budget in enumerate(budgets):
        if not clock.left:
            return
        best = max((each for each in known if model.cost(each) <= budget), key=model.contacted)
        solved = model.most(clock.part(1 / (len(budgets) - number)), budget=budget, start=best)
        if solved is None or clock.interrupted:
            return
        known.append(solved.values)
        yield Point(budget, model.contacted(solved.values), solved.proven)


def prices(found: Found, task: Task, clock: Clock) -> Iterator[Price]:
    """The price of a credit, of a seat of each tier that somebody lacks, and of a unit of budget where there is one.

    They share the time that is left; of those that it does not reach, nothing is told but what they are of.
    """
    own = [each for some in found.model.set_ups for each in some[1:]]
    seats = {each.tier.name: each.tier.rank for each in own}
    budget = None if task.budget is None else exact(task.budget)
    asked: list[tuple[Price, Fraction | None, Gift | None]] = []
    if any(each.by_credit for some in found.model.set_ups for each in some):
        asked.append((Price(CREDIT), budget, Gift()))
    asked += [(Price(SEAT, tier), budget, Gift(tier)) for tier in sorted(seats, key=lambda name: seats[name])]
    if budget is not None:
        asked.append((Price(MONEY), budget + 1, None))
    for number, (price, within, gift) in enumerate(asked):
        yield _price(found, price, within, gift, clock.part(1 / (len(asked) - number)))


def _price(found: Found, price: Price, budget: Fraction | None, gift: Gift | None, clock: Clock) -> Price:
    if not clock.left:
        return price
    model, plan = found.model, found.plan
    most = model.most(clock, budget=budget, gift=gift, start=found.values)
    if most is None:
        return price
    contacted = model.contacted(most.values)
    cheapest = model.cheapest(clock, contacted - model.sure.bit_count(), budget=budget, gift=gift, start=most.values)
    values = most.values if cheapest is None else cheapest.values
    return replace(
        price,
        contacted=contacted - len(plan.contacts),
        saved=plan.cost - model.cost(values),
        proven=plan.optimal and most.proven and cheapest is not None and cheapest.proven,
    )


def investments(facts: Facts, task: Task, count: int, clock: Clock) -> tuple[int, list[Investment]]:
    """How many are contacted as it is, and which `count` single actions bring most contacts.

    One after the other, then all together: upgrades and what else may be used, but credits; whatever they cost.
    Fewer where more bring nothing.
    """
    task = replace(task, actions=[each for each in task.actions if each != Action.CREDIT], budget=None)
    model = Model(facts, task, set_ups(facts, task))
    as_it_is, values = _contacted(model, clock, 0, [], model.nothing)
    before, chosen, found = as_it_is, list[int](), list[Investment]()
    for rank in range(1, count + 1):
        contacted, after = _contacted(model, clock, rank, chosen, values)
        if contacted <= before:
            break
        new = [variable for variable in model.choices_of(after) if variable not in chosen]
        found += [_investment(model, variable, rank, contacted, together=False) for variable in new]
        chosen, before, values = model.choices_of(after), contacted, after
    contacted, values = _contacted(model, clock, count, [], values)
    for rank, variable in enumerate(model.choices_of(values), 1):
        found.append(_investment(model, variable, rank, contacted, together=True))
    return as_it_is, found


def _investment(model: Model, variable: int, rank: int, contacted: int, *, together: bool) -> Investment:
    sender, step, cost = model.choice(variable)
    return Investment(together, rank, sender, step.action, step.id, cost, contacted)


def _contacted(model: Model, clock: Clock, count: int, chosen: list[int], start: Values) -> tuple[int, Values]:
    solved = model.most(clock, actions=count, keeping=chosen, start=start)
    values = start if solved is None else solved.values
    return model.contacted(values), values
