"""The actions that are worth a thought, each with whom it opens (docs/rules.md, section 10).

Left out is what another action makes needless at no more cost: so few are left of the many that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.plans.facts import Facts
from analysis.plans.set_ups import INMAIL, SetUp, Step, messages_of
from analysis.plans.sets import places
from analysis.plans.task import Task
from graph.rules.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Option:
    """One action of a sender, in those of their set-ups whose `step` is in `steps`.

    `opens`: recipients who can then be written to by message or request; `opens_inmail`: by InMail.
    """

    number: int
    steps: frozenset[int]
    step: Step
    cost: Fraction
    opens: int
    opens_inmail: int = 0


def options_of(facts: Facts, task: Task, own: list[SetUp], without: int) -> Iterator[Option]:
    """The joins, follows, connections and unblockings of one sender, whose set-ups are `own`.

    `without`: recipients who are contacted whatever is done.
    """
    number, sender, ids = own[0].number, own[0].sender, facts.recipients.ids
    if Action.JOIN in task.actions:
        for steps, cost, opens, _ in _alike(own, task, Action.JOIN, lambda each: (each.by_join.get("group", 0), 0)):
            for group, members in facts.in_group.items():
                if group not in sender.groups and (opened := opens & members & ~without):
                    yield Option(number, steps, Step(Action.JOIN, facts.group_ids[group]), cost, opened)
    if Action.FOLLOW in task.actions:
        alike = _alike(own, task, Action.FOLLOW, lambda each: (each.by_follow.get("company_page", 0), 0))
        for steps, cost, opens, _ in alike:
            for page, members in facts.at_page.items():
                if page not in sender.pages and (opened := opens & members & ~without):
                    yield Option(number, steps, Step(Action.FOLLOW, facts.page_ids[page]), cost, opened)
    if Action.CONNECT in task.actions:
        for steps, cost, opens, _ in _alike(own, task, Action.CONNECT, lambda each: (messages_of(each.by_connect), 0)):
            for place in places(opens & ~without):
                yield Option(number, steps, Step(Action.CONNECT, ids[place]), cost, 1 << place)
    if Action.UNBLOCK in task.actions:
        alike = _alike(
            own, task, Action.UNBLOCK, lambda each: (messages_of(each.by_unblock), each.by_unblock.get(INMAIL, 0))
        )
        for steps, cost, opens, opens_inmail in alike:
            for place in places((opens | opens_inmail) & ~without):
                only, step = 1 << place, Step(Action.UNBLOCK, ids[place])
                yield Option(number, steps, step, cost, opens & only, opens_inmail & only)


def worth_it(options: Iterable[Option]) -> list[Option]:
    """Those of which no other opens as many at no more cost, the first of equal ones.

    For options by which the same can be sent: those of one sender in the same set-ups, and those of all senders who may
    send any number, in every set-up that they have.
    """
    first: dict[tuple[int, Fraction], Option] = {}
    for each in options:
        first.setdefault((each.opens, each.cost), each)
    kept: list[Option] = []
    opening: dict[int, list[Option]] = {}
    for each in sorted(first.values(), key=lambda each: (-each.opens.bit_count(), each.cost)):
        rivals = min((opening.get(place, []) for place in places(each.opens)), key=len)
        if not any(each.opens & ~rival.opens == 0 and rival.cost <= each.cost for rival in rivals):
            kept.append(each)
            for place in places(each.opens):
                opening.setdefault(place, []).append(each)
    return kept


def _alike(
    own: list[SetUp], task: Task, action: Action, opens: Callable[[SetUp], tuple[int, int]]
) -> Iterator[tuple[frozenset[int], Fraction, int, int]]:
    """The set-ups in which an action costs and opens the same: their steps, the cost, whom it opens."""
    alike: dict[tuple[Fraction, int, int], list[int]] = {}
    for each in own:
        alike.setdefault((task.cost(action, each.tier), *opens(each)), []).append(each.step)
    for (cost, messages, inmails), steps in alike.items():
        if messages or inmails:
            yield frozenset(steps), cost, messages, inmails
