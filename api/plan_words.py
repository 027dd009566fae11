"""A plan in words: whom it covers, what it costs, how sure that is, and what one thing more would bring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.plans.plan import Plan
    from analysis.plans.what_if import Price
    from linkreach.planning import Planned

_ONE_MORE = {"credit": "one more InMail credit", "seat": "one more seat of {tier}", "budget": "one more unit of budget"}


def told_plan(planned: Planned) -> Iterator[str]:
    """A plan, a line for each thing there is to know."""
    plan = planned.plan
    if planned.asked.twice:
        yield f"{planned.asked.twice:,} ids stand in their list again, and count once"
    if plan.again:
        yield f"{plan.again:,} recipients were contacted before, and are left out"
    left = plan.recipients - plan.again
    if not left:
        yield "nobody is left to contact: the plan is empty"
        return
    inmails = f", {plan.inmails:,} by InMail" if plan.inmails else ""
    yield f"{len(plan.contacts):,} of {left:,} recipients contacted{inmails}; {plan.before:,} without any action"
    if planned.uncertain:
        yield f"{planned.uncertain:,} of them are reachable as far as is known, and not for certain"
    yield f"cost {amount(plan.cost)}{_of_budget(plan)}{_actions(plan)}"
    yield _proof(plan)
    for price in planned.prices:
        yield f"{_ONE_MORE[price.what].format(tier=price.tier)}: {_brings(price)}"


def amount(number: object) -> str:
    """An amount without needless decimals."""
    return f"{float(number):,.10g}"  # type: ignore[arg-type]


def _of_budget(plan: Plan) -> str:
    return "" if plan.budget is None else f" of a budget of {amount(plan.budget)}"


def _actions(plan: Plan) -> str:
    counts: Counter[str] = Counter()
    for each in plan.actions:
        counts[each.action] += each.count
    return f": {', '.join(f'{count:,} × {action}' for action, count in counts.items())}" if counts else ""


def _proof(plan: Plan) -> str:
    why = "interrupted" if plan.interrupted else "out of time"
    if plan.optimal:
        return "optimal: no plan contacts more, and none that contacts as many costs less"
    if plan.bound == len(plan.contacts):
        return f"{why}: no plan contacts more, and none that contacts as many costs less than {amount(plan.least_cost)}"
    return f"{why}: no plan contacts more than {plan.bound:,}"


def _brings(price: Price) -> str:
    if price.contacted is None or price.saved is None:
        return "no time was left to find out"
    at_least = "" if price.proven else "at least "
    if price.contacted > 0:
        more = "1 recipient more" if price.contacted == 1 else f"{price.contacted:,} recipients more"
        return f"{at_least}{more}"
    if price.contacted == 0 and price.saved > 0:
        return f"the same recipients for {at_least}{amount(price.saved)} less"
    return "nothing" if price.proven else "nothing that was found in time"
