"""A plan: its contacts, its actions, and what stays uncovered, with a proof or a bound (docs/rules.md, section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from math import floor
from operator import or_
from typing import Any

from analysis.plans.facts import Facts
from analysis.plans.model import Chosen, Model, Taken
from analysis.plans.reasons import reasons
from analysis.plans.set_ups import CREDIT, INMAIL, Open, SetUp, Step, messages_of, set_ups
from analysis.plans.solver import Clock, Values
from analysis.plans.task import ACTIONS, Task, exact
from graph.instants import instant_text
from graph.rules.vocabulary import Action

BUDGET, CAPACITY = "BUDGET", "CAPACITY"
_SURELY = 1e-6

# The shares of the clock by which each part of the search has ended: so there is time for what is asked beside the
# plan. What is over earlier leaves its time to what comes after it.
_BEFORE, _MOST, _CHEAPEST, _SETTLED, _UNCOVERED = 0.25, 0.6, 0.7, 0.75, 0.85
_TO_SETTLE = 2.0  # seconds, also of a search that was interrupted
_OF_ONE = 0.25  # of the time for all who are uncovered

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Contact:
    """Who writes to whom by which channel; `needs`: what of the sender's actions it rests on."""

    recipient: str
    sender: str
    channel: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Something a sender does before; `cost` is that of all `count`."""

    sender: str
    action: Action
    id: str
    count: int
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A recipient who is not contacted, and why."""

    recipient: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task comes to.

    `bound`: what no plan can exceed; `least_cost`: what none that contacts as many can cost less than.
    `optimal`: both are reached. `before`: most contacts without any action, as far as time allowed to find them.
    `again`: contacted before this plan.
    """

    recipients: int
    again: int
    contacts: tuple[Contact, ...]
    actions: tuple[ActionRow, ...]
    uncovered: tuple[Uncovered, ...]
    before: int
    budget: float | None
    bound: int
    least_cost: Fraction
    optimal: bool
    interrupted: bool
    change: dict[str, Any]

    @property
    def cost(self) -> Fraction:
        """What all actions cost."""
        return sum((each.cost for each in self.actions), Fraction(0))

    @property
    def inmails(self) -> int:
        """The contacts by InMail."""
        return sum(each.channel == INMAIL for each in self.contacts)


@dataclass(frozen=True, slots=True)
class Found:
    """A plan, and what it was found with, to ask what would be if."""

    plan: Plan
    model: Model
    values: Values


def find_plan(facts: Facts, task: Task, clock: Clock, tell: Tell = lambda _: None) -> Found:
    """The best plan that is found in time; recipients to whom a contact was made before are left out.

    The facts have the senders and recipients of the task, without those.
    """
    tell("working out what could be done")
    model = Model(facts, task, set_ups(facts, task))
    budget = None if task.budget is None else exact(task.budget)
    tell("contacting most recipients")
    as_it_is = model.as_it_is(clock.by(_BEFORE))
    values = model.nothing if as_it_is is None else as_it_is.values
    before = model.contacted(values)
    most = model.most(clock.by(_MOST), budget=budget, start=values)
    values = values if most is None else most.values
    bound = float(model.possible.bit_count())
    if most is not None:
        bound = min(bound, model.sure.bit_count() + most.bound + _SURELY)
    is_most = most is not None and most.proven
    contacted = model.contacted(values)
    tell("at least cost")
    cheapest = model.cheapest(clock.by(_CHEAPEST), contacted - model.sure.bit_count(), budget=budget, start=values)
    is_cheapest = cheapest is not None and cheapest.proven
    least_cost = Fraction(0)
    if cheapest is not None:
        values = cheapest.values
        least_cost = model.cost(values) if is_cheapest else model.unit * _up(max(0.0, cheapest.bound))
    values = _settled(model, values, clock)
    contacts, chosen = _contacts(facts, model, values)
    _require_capacity(chosen, contacts)
    tell("asking what the others lack")
    plan = Plan(
        recipients=len(task.recipients),
        again=len(task.recipients) - len(facts.recipients.ids),
        contacts=tuple(contacts),
        actions=tuple(_actions(task, chosen)),
        uncovered=tuple(_uncovered(facts, task, model, contacts, chosen, clock.by(_UNCOVERED))),
        before=before,
        budget=task.budget,
        bound=floor(bound),
        least_cost=least_cost,
        optimal=is_most and is_cheapest and len(contacts) == contacted,
        interrupted=clock.interrupted,
        change=_change(chosen),
    )
    return Found(plan, model, values)


def _settled(model: Model, values: Values, clock: Clock) -> Values:
    """A solution settled: that has a little time also where none is left, for it is the plan."""
    own = Clock(max(clock.by(_SETTLED).left, _TO_SETTLE), clock.watch)
    settled = model.settled(values, own)
    if own.interrupted:
        clock.interrupt()
    return settled


def _up(amount: float) -> int:
    return -floor(-(amount - _SURELY))


# Contacts


def _contacts(facts: Facts, model: Model, values: Values) -> tuple[list[Contact], list[Chosen]]:
    """The contacts of a settled solution, in the order of the recipients, and the choices that they rest on."""
    taken = model.taken(values)
    sent = Counter(number for number, _ in taken.inmails)
    chosen = [
        replace(each, credits=max(0, min(each.credits, sent[number] - each.set_up.credits_left)))
        for number, each in enumerate(model.chosen(values))
    ]
    opened = [_opened(facts, each) for each in chosen]
    rested_on: list[set[Step]] = [set() for _ in chosen]
    contacts = []
    for place, number in sorted(_writers(model, taken, [messages_of(each) for each in opened]).items()):
        usable = [name for name, to in opened[number].items() if to >> place & 1]
        channel = INMAIL if (number, place) in taken.inmails else next(name for name in usable if name != INMAIL)
        needs = _needs(facts, model.set_ups[number][0], chosen[number], place, channel)
        rested_on[number].update(needs)
        texts = tuple(_text(step) for step in needs)
        contacts.append(Contact(facts.recipients.ids[place], facts.senders[number].id, channel, texts))
    return contacts, [
        replace(each, options=tuple(option for option in each.options if option.step in steps))
        for each, steps in zip(chosen, rested_on, strict=True)
    ]


def _writers(model: Model, taken: Taken, by_message: Sequence[int]) -> dict[int, int]:
    """Who writes to each recipient; where several may send any number, the one with fewest contacts so far."""
    writers = {place: number for number, place in (*taken.messages, *taken.inmails)}
    load = Counter(writers.values())
    for place in taken.messages_of_anybody:
        able = [number for number in model.of_any_number if by_message[number] >> place & 1]
        writers[place] = min(able, key=lambda number: (load[number], number))
        load[writers[place]] += 1
    return writers


def _opened(facts: Facts, chosen: Chosen) -> Open:
    """What is open to a sender with what is chosen: by the set-up and at most one action."""
    opened = dict(chosen.set_up.alone)
    for step in _steps(chosen):
        for name, recipients in chosen.set_up.after(step, facts).items():
            opened[name] = opened.get(name, 0) | recipients
    return {name: opened[name] for name in facts.pack.kinds if name in opened}


def _steps(chosen: Chosen) -> list[Step]:
    """The actions as they are listed, one credit where some are bought."""
    steps = [option.step for option in chosen.options] + ([CREDIT] if chosen.credits else [])
    return sorted(steps, key=lambda step: (ACTIONS.index(step.action), step.id))


def _needs(facts: Facts, now: SetUp, chosen: Chosen, place: int, channel: str) -> tuple[Step, ...]:
    """What of the choices a contact rests on: as little as can be, and what is listed first."""

    def opens(opened: Open) -> bool:
        return bool(opened.get(channel, 0) >> place & 1)

    upgrade = Step(Action.UPGRADE, chosen.set_up.tier.name)
    if opens(now.alone):
        return ()
    if opens(chosen.set_up.alone):
        return (upgrade,)
    steps = _steps(chosen)
    alone = [step for step in steps if opens(now.after(step, facts))]
    return (alone[0],) if alone else (upgrade, next(step for step in steps if opens(chosen.set_up.after(step, facts))))


def _text(step: Step) -> str:
    return str(step.action) if step.action in (Action.CONNECT, Action.UNBLOCK, Action.CREDIT) else ":".join(step)


# Actions


def _actions(task: Task, chosen: Sequence[Chosen]) -> Iterator[ActionRow]:
    """A row for each action, in the order of the senders; the credits of one in one."""
    for each in chosen:
        sender, set_up = each.set_up.sender.id, each.set_up
        if set_up.is_upgraded:
            yield ActionRow(sender, Action.UPGRADE, set_up.tier.name, 1, set_up.cost)
        for step in _steps(each):
            count = each.credits if step == CREDIT else 1
            yield ActionRow(sender, step.action, step.id, count, count * task.cost(step.action, set_up.tier))


def _change(chosen: Sequence[Chosen]) -> dict[str, Any]:
    """The actions as a change (docs/rules.md, section 7), without tables that would be empty."""
    tables: dict[str, list[dict[str, Any]]] = {}
    removed: list[dict[str, Any]] = []
    for each in chosen:
        sender, set_up = each.set_up.sender, each.set_up
        if set_up.is_upgraded or each.credits:
            expires = None if set_up.is_upgraded else sender.tier_expires_at
            row = {
                "id": sender.id,
                "tier": set_up.tier.name if set_up.is_upgraded else sender.stored_tier,
                "tier_expires_at": "" if expires is None else instant_text(expires),
                "inmail_credits": set_up.credits + each.credits,
            }
            tables.setdefault("members", []).append(row)
        for step in _steps(each):
            match step.action:
                case Action.JOIN:
                    tables.setdefault("group_members", []).append({"member": sender.id, "group": step.id})
                case Action.FOLLOW:
                    row = {"member": sender.id, "company": step.id, "tie": "follows"}
                    tables.setdefault("company_members", []).append(row)
                case Action.CONNECT:
                    a, b = sorted([sender.id, step.id])
                    if {"a": a, "b": b} not in tables.setdefault("connections", []):
                        tables["connections"].append({"a": a, "b": b})
                case Action.UNBLOCK:
                    removed.append({"member": sender.id, "other": step.id, "kind": "block"})
    return tables | ({"remove": {"blocks": removed}} if removed else {})


def _require_capacity(chosen: Sequence[Chosen], contacts: Sequence[Contact]) -> None:
    """Raises RuntimeError where a sender has more contacts than can be: a defect."""
    for each in chosen:
        set_up = each.set_up
        own = Counter(contact.channel == INMAIL for contact in contacts if contact.sender == set_up.sender.id)
        messages, inmails = own[False], own[True]
        if (
            messages > (messages if set_up.messages is None else set_up.messages)
            or inmails > (inmails if set_up.inmails is None else set_up.inmails)
            or inmails > set_up.credits_left + each.credits
        ):
            raise RuntimeError(f"a plan has more contacts of {set_up.sender.id!r} than there can be")


# What stays uncovered


def _uncovered(
    facts: Facts,
    task: Task,
    model: Model,
    contacts: Sequence[Contact],
    chosen: Sequence[Chosen],
    clock: Clock,
) -> Iterator[Uncovered]:
    """Whoever is not contacted, and why, as the graph is now.

    Where they could be: BUDGET, if with more of it they would be as well as all who are; else CAPACITY.
    """
    place_of = {id: place for place, id in enumerate(facts.recipients.ids)}
    contacted = reduce(or_, (1 << place_of[each.recipient] for each in contacts), 0)
    left = [place for place in range(len(place_of)) if not contacted >> place & 1]
    if not left:
        return
    why = reasons(facts, task)
    affordable = 0
    if task.budget is not None:
        sent = Counter((each.sender, each.channel == INMAIL) for each in contacts)
        own = [(sent[each.id, False], sent[each.id, True]) for each in facts.senders]
        affordable = _affordable(model, contacted, model.within_reach(chosen, own), clock)
    for place in left:
        if model.possible >> place & 1:
            yield Uncovered(facts.recipients.ids[place], (BUDGET if affordable >> place & 1 else CAPACITY,))
        else:
            yield Uncovered(facts.recipients.ids[place], why[place])


def _affordable(model: Model, contacted: int, found: int, clock: Clock) -> int:
    """Who else could be contacted beside these, each by themselves, if the budget were no matter; as time allows.

    `found`: of whom that is known.
    """
    for group in model.alike(model.possible & ~contacted):
        if group & found:
            continue
        if not clock.left:
            break
        solved = model.most(clock.part(_OF_ONE), contacting=contacted | (group & -group))
        if solved is not None:
            found |= group | model.reached(solved.values, beside=contacted)
    return found
