"""The mixed-integer program of a plan: what may be chosen, whom that contacts, and what it costs.

Chosen are a set-up for each sender, options, and credits; contacts are a flow, which is whole where the choices are.
Senders who may send any number of messages stand for each other: somebody whom one of them can write to is contacted.
So do recipients whom the same choices open, and all recipients of an InMail from the same senders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import islice
from math import floor, inf, lcm
from operator import and_, or_

import numpy as np

from analysis.plans.facts import Facts
from analysis.plans.options import Option, options_of, worth_it
from analysis.plans.set_ups import INMAIL, Open, SetUp, Step, messages_of
from analysis.plans.sets import places
from analysis.plans.solver import Clock, Program, Solved, Values
from analysis.plans.task import Task
from graph.rules.vocabulary import Action

_Key = tuple[tuple[int, ...], tuple[tuple[int, tuple[int, ...]], ...], int, int | None]

_LESS_THAN_ONE = 1 - 1e-4  # a gap that two whole numbers cannot have
_NEARLY = 1e-6  # what the solver takes for nothing


@dataclass(frozen=True, slots=True)
class Gift:
    """What a sender is given for nothing: one credit, or one seat of a tier."""

    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a solution chooses of one sender."""

    set_up: SetUp
    options: tuple[Option, ...]
    credits: int


@dataclass(frozen=True, slots=True)
class Taken:
    """How contacts are made: by a message from anybody who may send any number, or as said here.

    `messages`, `inmails`: sender and recipient, by place.
    """

    messages_of_anybody: tuple[int, ...]
    messages: tuple[tuple[int, int], ...]
    inmails: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class _Alike:
    """Recipients for whom the same holds: their places and variables."""

    places: list[int]
    row: int = 0
    message: int | None = None
    inmail: int | None = None
    by_sender: dict[int, int] = field(default_factory=dict)
    unblocked: dict[int, int] = field(default_factory=dict)


class Model:
    """The program of a task, and what its solutions mean.

    `sure`: recipients who are contacted whatever is chosen, at no cost; they stand outside of the program.
    `possible`: all who could be contacted by some set-up and action that may be used.
    """

    def __init__(self, facts: Facts, task: Task, own: list[list[SetUp]]) -> None:
        self.task, self.set_ups, self._facts = task, own, facts
        self._size = len(facts.recipients.ids)
        self._limited = {number for number, some in enumerate(own) if any(each.messages is not None for each in some)}
        self.sure = self._sure()
        self._program = Program()
        self._choose_set_ups()
        self._choose_options()
        self.possible = self._possible()
        self._buy_credits()
        self.unit, self._costs = self._priced()
        self._make_contacts()
        self._sums()

    # What is contacted whatever is chosen

    def _sure(self) -> int:
        found = 0
        for number, some in enumerate(self.set_ups):
            if number not in self._limited:
                found |= reduce(and_, (messages_of(each.alone) for each in some))
        return found

    # What can be chosen

    def _choose_set_ups(self) -> None:
        program, allowed = self._program, Action.UPGRADE in self.task.actions
        self._set_up: list[list[int]] = []
        self._seat: dict[tuple[int, int], int] = {}
        self._bought_seat: dict[tuple[int, int], int] = {}  # rows: whether the set-up is not a gift
        for number, some in enumerate(self.set_ups):
            variables = [program.variable(1, whole=True) for _ in some]
            program.row([(each, 1) for each in variables], low=1, high=1)
            self._set_up.append(variables)
            for each in some[1:]:
                needless = any(_is_as_good(other, each, self.task) for other in some[: each.step]) or any(
                    _is_as_good(other, each, self.task) and not _is_as_good(each, other, self.task)
                    for other in some[each.step + 1 :]
                )
                self._seat[number, each.step] = seat = program.variable(0, whole=True)
                self._bought_seat[number, each.step] = program.row(
                    [(variables[each.step], 1), (seat, -1)], low=0, high=float(allowed and not needless)
                )
        self._one_seat = program.row([(seat, 1) for seat in self._seat.values()], high=1)

    def _choose_options(self) -> None:
        rest: list[Option] = []
        self.options = [*worth_it(self._options_of_anybody(rest)), *rest]
        self._option = [self._program.variable(1, whole=True) for _ in self.options]
        for variable, option in zip(self._option, self.options, strict=True):
            if len(option.steps) < len(self.set_ups[option.number]):
                steps = [(self._set_up[option.number][step], -1.0) for step in option.steps]
                self._program.row([(variable, 1), *steps], high=0)

    def _options_of_anybody(self, rest: list[Option]) -> Iterator[Option]:
        """The options for which senders stand for each other, one at a time: they are many.

        `rest` gets the others that are worth it, among those of the same sender in the same set-ups.
        """
        for number, some in enumerate(self.set_ups):
            own: dict[frozenset[int], list[Option]] = {}
            for option in options_of(self._facts, self.task, some, self.sure):
                if option.opens_inmail:
                    rest.append(option)
                elif number not in self._limited and len(option.steps) == len(some):
                    yield option
                else:
                    own.setdefault(option.steps, []).append(option)
            for alike in own.values():
                rest += worth_it(alike)

    def _buy_credits(self) -> None:
        """Credits of a sender: variables by what one costs, each with the steps in which it does."""
        self._credit: list[dict[Fraction, int]] = []
        self._given_credit: list[int] = []
        for number, some in enumerate(self.set_ups):
            wanted = any(each.by_credit for each in some)
            by_cost: dict[Fraction, list[int]] = {}
            if Action.CREDIT in self.task.actions and wanted:
                for each in some:
                    by_cost.setdefault(self.task.cost(Action.CREDIT, each.tier), []).append(each.step)
            variables = {}
            for cost, steps in by_cost.items():
                variables[cost] = self._program.variable(self._size, whole=True)
                if len(by_cost) > 1:
                    at_it = [(self._set_up[number][step], -float(self._size)) for step in steps]
                    self._program.row([(variables[cost], 1), *at_it], high=0)
            self._credit.append(variables)
            self._given_credit.append(self._program.variable(0, whole=True))
        self._one_credit = self._program.row([(each, 1) for each in self._given_credit], high=1)

    def _priced(self) -> tuple[Fraction, dict[int, float]]:
        """The costs of variables in whole units, and the unit: the largest amount that all costs are multiples of."""
        costs: dict[int, Fraction] = {}
        for number, some in enumerate(self.set_ups):
            for each in some[1:]:
                costs[self._set_up[number][each.step]] = each.cost
                costs[self._seat[number, each.step]] = -each.cost
            costs |= {variable: cost for cost, variable in self._credit[number].items()}
        costs |= {variable: option.cost for variable, option in zip(self._option, self.options, strict=True)}
        unit = Fraction(1, lcm(1, *(cost.denominator for cost in costs.values())))
        return unit, {variable: float(cost / unit) for variable, cost in costs.items() if cost}

    # Whom that contacts

    def _make_contacts(self) -> None:
        openers, openers_of_sender = self._openers()
        inmail_classes, classes = self._inmail_classes()
        unblocked = {
            (option.number, place): variable
            for variable, option in zip(self._option, self.options, strict=True)
            for place in places(option.opens_inmail)
        }
        unblockers: dict[int, list[int]] = {}
        for number, place in unblocked:
            unblockers.setdefault(place, []).append(number)
        alike: dict[_Key, _Alike] = {}
        for place in range(self._size):
            if not self.sure >> place & 1:
                by_sender = tuple(
                    (number, tuple(each[place])) for number, each in openers_of_sender.items() if each[place]
                )
                apart = place if place in unblockers else None
                key = (tuple(openers[place]), by_sender, classes[place], apart)
                alike.setdefault(key, _Alike([])).places.append(place)
        self._alike = list(alike.values())
        program = self._program
        self._inmail_from: dict[tuple[int, int], int] = {}
        into_class: dict[int, list[int]] = {}
        self._class_of: list[int] = []
        for key, each in alike.items():
            of_anybody, by_sender, number_of_class, _ = key
            count, contacts = float(len(each.places)), []
            if of_anybody:
                each.message = program.variable(count)
                program.row([(each.message, 1), *((opener, -count) for opener in of_anybody)], high=0)
                contacts.append(each.message)
            for number, some in by_sender:
                each.by_sender[number] = variable = program.variable(count)
                program.row([(variable, 1), *((opener, -count) for opener in some)], high=0)
                contacts.append(variable)
            if inmail_classes[number_of_class]:
                each.inmail = program.variable(count)
                into_class.setdefault(number_of_class, []).append(each.inmail)
                contacts.append(each.inmail)
            for number in unblockers.get(each.places[0], []):
                each.unblocked[number] = variable = program.variable(1)
                program.row([(variable, 1), (unblocked[number, each.places[0]], -1)], high=0)
                contacts.append(variable)
            self._class_of.append(number_of_class)
            each.row = program.row([(contact, 1) for contact in contacts], high=count)
        self._contacts = [v for each in self._alike for v in _variables(each)]
        self._share_inmails(inmail_classes, into_class)
        self._keep_to_limits()

    def _openers(self) -> tuple[list[list[int]], dict[int, list[list[int]]]]:
        """The variables that open messages to each recipient: of those who may send any number, and of each other."""
        openers: list[list[int]] = [[] for _ in range(self._size)]
        limited: dict[int, list[list[int]]] = {
            number: [[] for _ in range(self._size)] for number in sorted(self._limited)
        }
        for number, some in enumerate(self.set_ups):
            into = limited.get(number, openers)
            for each in some:
                for place in places(messages_of(each.alone) & ~self.sure):
                    into[place].append(self._set_up[number][each.step])
        for variable, option in zip(self._option, self.options, strict=True):
            into = limited.get(option.number, openers)
            for place in places(option.opens):
                into[place].append(variable)
        return openers, limited

    def _inmail_classes(self) -> tuple[list[dict[int, tuple[int, ...]]], list[int]]:
        """Recipients of InMails from the same senders in the same set-ups: what each class is, and which each is in."""
        of_place: list[list[tuple[int, int]]] = [[] for _ in range(self._size)]
        for number, some in enumerate(self.set_ups):
            for each in some:
                for place in places(each.by_credit & ~self.sure):
                    of_place[place].append((number, each.step))
        numbers: dict[tuple[tuple[int, int], ...], int] = {}
        classes = [numbers.setdefault(tuple(each), len(numbers)) for each in of_place]
        found = []
        for pairs in numbers:
            steps: dict[int, list[int]] = {}
            for number, step in pairs:
                steps.setdefault(number, []).append(step)
            found.append({number: tuple(each) for number, each in steps.items()})
        return found, classes

    def _share_inmails(self, classes: list[dict[int, tuple[int, ...]]], into: dict[int, list[int]]) -> None:
        program = self._program
        sent: dict[int, list[int]] = {}
        for number_of_class, contacts in into.items():
            most = sum(self._program.upper[each] for each in contacts)
            flows = []
            for number, steps in classes[number_of_class].items():
                flow = program.variable(most)
                flows.append(flow)
                self._inmail_from[number_of_class, number] = flow
                sent.setdefault(number, []).append(flow)
                if len(steps) < len(self.set_ups[number]):
                    at_it = [(self._set_up[number][step], -most) for step in steps]
                    program.row([(flow, 1), *at_it], high=0)
            program.row([*((each, 1) for each in contacts), *((flow, -1) for flow in flows)], low=0, high=0)
        for each in self._alike:
            for number, variable in each.unblocked.items():
                sent.setdefault(number, []).append(variable)
        for number, variables in sent.items():
            some, chosen = self.set_ups[number], self._set_up[number]
            spent = [(each, 1.0) for each in variables]
            credits = [(chosen[each.step], -float(min(each.credits_left, self._size))) for each in some]
            bought = [(each, -1.0) for each in self._credit[number].values()]
            program.row([*spent, *credits, *bought, (self._given_credit[number], -1)], high=0)
            if any(each.inmails is not None for each in some):
                left = [(chosen[each.step], -float(_most(each.inmails, self._size))) for each in some]
                program.row([*spent, *left], high=0)

    def _keep_to_limits(self) -> None:
        for number in sorted(self._limited):
            sent = [(each.by_sender[number], 1.0) for each in self._alike if number in each.by_sender]
            if sent:
                chosen = self._set_up[number]
                left = [(chosen[each.step], -float(_most(each.messages, self._size))) for each in self.set_ups[number]]
                self._program.row([*sent, *left], high=0)

    def _sums(self) -> None:
        cost, count = [*self._costs.items()], [(each, 1.0) for each in self._contacts]
        self._cost_row = self._program.row(cost)
        self._contact_row = self._program.row(count)
        self._action_row = self._program.row([(each, 1.0) for each in self._choices()])

    def _possible(self) -> int:
        usable = [each for some in self.set_ups for each in (some if Action.UPGRADE in self.task.actions else some[:1])]
        alone = (or_(messages_of(each.alone), self._by_inmail(each)) for each in usable)
        steps = {(each.number, each.step) for each in usable}
        opened = (
            option.opens | option.opens_inmail
            for option in self.options
            if any((option.number, step) in steps for step in option.steps)
        )
        return reduce(or_, (*alone, *opened), 0)

    def _by_inmail(self, each: SetUp) -> int:
        return each.by_credit if each.credits or Action.CREDIT in self.task.actions else 0

    # Solving

    def as_it_is(self, clock: Clock) -> Solved | None:
        """Most recipients contacted, beside those who are sure, without any action; None where time is too short."""
        credits = (variable for of_sender in self._credit for variable in of_sender.values())
        nothing = dict.fromkeys([*self._choices(), *credits], (0.0, 0.0))
        nothing |= {own[0]: (1.0, 1.0) for own in self._set_up}
        goal = dict.fromkeys(self._contacts, 1.0)
        return self._program.solve(
            goal, clock, maximise=True, enough=_LESS_THAN_ONE, bounds=nothing, start=self.nothing
        )

    def most(
        self,
        clock: Clock,
        *,
        budget: Fraction | None = None,
        gift: Gift | None = None,
        contacting: int = 0,
        actions: float = inf,
        keeping: Iterable[int] = (),
        start: Values | None = None,
    ) -> Solved | None:
        """Most recipients contacted, beside those who are sure, within a budget; None where none is found in time.

        `contacting`: the set of recipients who have to be; `actions`: at most so many, without credits; `keeping`:
        choices, by `choices_of`, that stand; `start`: a solution to begin with.
        """
        rows = {
            self._cost_row: (-inf, self._units(budget)),
            self._action_row: (-inf, actions),
            **{row: (float(count), inf) for row, count in self._required(contacting)},
        }
        bounds = self._given(gift) | dict.fromkeys(keeping, (1.0, 1.0))
        goal, enough = dict.fromkeys(self._contacts, 1.0), _LESS_THAN_ONE
        if actions < inf:  # of those that contact as many, one of fewest actions
            goal |= dict.fromkeys(self._choices(), -0.5 / (actions + 1))
            enough = 0.25 / (actions + 1)
        return self._program.solve(goal, clock, maximise=True, enough=enough, rows=rows, bounds=bounds, start=start)

    def cheapest(
        self,
        clock: Clock,
        contacted: float,
        *,
        budget: Fraction | None = None,
        gift: Gift | None = None,
        start: Values,
    ) -> Solved | None:
        """Least cost of so many contacts beside those who are sure, within a budget; None where none is found in time.

        `start`: a solution within the budget. The bound of what is solved is in units (`unit`).
        """
        rows = {self._contact_row: (contacted - _LESS_THAN_ONE / 2, inf)}
        free = [variable for variable in self._choices() if not self._costs.get(variable)]
        needless = dict.fromkeys(free, 0.5 / max(1, len(free)))  # what costs nothing is not done for nothing
        solved = self._program.solve(
            self._costs | needless,
            clock,
            maximise=False,
            enough=0.25 / len(free) if free else _LESS_THAN_ONE,
            rows=rows,
            bounds=self._given(gift),
            start=start,
        )
        if solved is None or budget is None or self.cost(solved.values) <= budget:
            return solved
        return replace(solved, values=start, proven=False)  # a row for the budget takes the solver six times as long

    def settled(self, values: Values, clock: Clock) -> Values:
        """The same choices, and most contacts that they allow, by as few InMails as can be.

        Where that is not found in time, or is interrupted: the contacts of the solution that are whole.
        Raises RuntimeError where the choices allow none: a defect.
        """
        program = self._program
        fixed = {n: (float(round(values[n])),) * 2 for n, whole in enumerate(program.whole) if whole}
        inmails = {v for each in self._alike for v in (each.inmail, *each.unblocked.values()) if v is not None}
        worth = float(self._size + 1)
        goal = {each: worth - (each in inmails) for each in self._contacts}
        solved = program.solve(
            goal, clock, maximise=True, enough=_LESS_THAN_ONE, bounds=fixed, start=values, all_whole=True
        )
        if solved is None and clock.left:
            raise RuntimeError("what was chosen for a plan allows no contacts")
        return self.whole(values) if solved is None else solved.values

    def whole(self, values: Values) -> Values:
        """A solution without what it has of contacts that are shared between senders, or made in part."""
        whole = values.copy()
        flows = [*self._inmail_from.values()]
        whole[self._contacts + flows] = np.floor(values[self._contacts + flows] + _NEARLY)
        left: Counter[int] = Counter()
        for (number_of_class, _), flow in self._inmail_from.items():
            left[number_of_class] += round(whole[flow])
        for each, number_of_class in zip(self._alike, self._class_of, strict=True):
            if each.inmail is not None:
                whole[each.inmail] = min(whole[each.inmail], left[number_of_class])
                left[number_of_class] -= round(whole[each.inmail])
        return whole

    def _given(self, gift: Gift | None) -> dict[int, tuple[float, float]]:
        if gift is None:
            return {}
        if gift.tier is None:
            return dict.fromkeys(self._given_credit, (0.0, 1.0))
        return {
            seat: (0.0, 1.0)
            for (number, step), seat in self._seat.items()
            if self.set_ups[number][step].tier.name == gift.tier
        }

    def _units(self, budget: Fraction | None) -> float:
        return inf if budget is None else float(floor(budget / self.unit))

    def _required(self, contacting: int) -> Iterator[tuple[int, int]]:
        for each in self._alike:
            count = sum(contacting >> place & 1 for place in each.places)
            if count:
                yield each.row, count

    @property
    def nothing(self) -> Values:
        """The solution in which nobody does anything."""
        values = np.zeros(len(self._program.upper))
        values[[own[0] for own in self._set_up]] = 1
        return values

    @property
    def of_any_number(self) -> list[int]:
        """The senders who may send any number of messages, by place."""
        return [number for number in range(len(self.set_ups)) if number not in self._limited]

    # What solutions mean

    def alike(self, recipients: int) -> Iterator[int]:
        """The parts of a set of recipients, those together for whom the same holds, each a set."""
        for each in self._alike:
            if some := recipients & _set(each.places):
                yield some

    def within_reach(self, chosen: Sequence[Chosen], sent: Sequence[tuple[int, int]]) -> int:
        """Who could be contacted beside all who are, if one sender did more than is chosen, whatever that costs.

        More is one action, an upgrade that takes nothing away, or both. `sent`: of each sender, messages and InMails.
        """
        found, writing, mailing = 0, set[tuple[int, int]](), set[tuple[int, int]]()
        for each, (messages, inmails) in zip(chosen, sent, strict=True):
            for other in self._beyond(each.set_up):
                place = other.number, other.step
                if other.messages is None or messages < other.messages:
                    writing.add(place)
                    found |= messages_of(other.alone)
                has_credit = inmails < other.credits_left or Action.CREDIT in self.task.actions
                if has_credit and (other.inmails is None or inmails < other.inmails):
                    mailing.add(place)
                    found |= other.by_credit
        for option in self.options:
            if any((option.number, step) in writing for step in option.steps):
                found |= option.opens
            if any((option.number, step) in mailing for step in option.steps):
                found |= option.opens_inmail
        return found

    def _beyond(self, chosen: SetUp) -> Iterator[SetUp]:
        """The set-up itself, and those that may be bought in its place and allow all that it does."""
        for other in self.set_ups[chosen.number]:
            bought = other.is_upgraded and Action.UPGRADE in self.task.actions and _allows_all(other, chosen)
            if other.step == chosen.step or bought:
                yield other

    def reached(self, values: Values, *, beside: int) -> int:
        """The set of recipients of each kind of which a solution contacts more than are in the set `beside`."""
        found = 0
        for each in self._alike:
            among = beside & _set(each.places)
            if round(sum(float(values[variable]) for variable in _variables(each))) > among.bit_count():
                found |= _set(each.places) & ~among
        return found

    def contacted(self, values: Values) -> int:
        """How many recipients are contacted, with those who are sure."""
        return self.sure.bit_count() + round(float(values[self._contacts].sum()))

    def cost(self, values: Values) -> Fraction:
        """What the choices cost."""
        units = sum(round(cost) * round(float(values[variable])) for variable, cost in self._costs.items())
        return self.unit * units

    def choices_of(self, values: Values) -> list[int]:
        """The variables of the set-ups that are upgrades, and of the options, that are chosen."""
        return [variable for variable in self._choices() if values[variable] > 0.5]

    def _choices(self) -> list[int]:
        return [*(variable for own in self._set_up for variable in own[1:]), *self._option]

    def choice(self, variable: int) -> tuple[str, Step, Fraction]:
        """What a variable of `choices_of` is: the sender, the action, and its cost."""
        if variable in self._option:
            option = self.options[self._option.index(variable)]
            return self.set_ups[option.number][0].sender.id, option.step, option.cost
        set_up = next(
            each
            for some, own in zip(self.set_ups, self._set_up, strict=True)
            for each, one in zip(some, own, strict=True)
            if one == variable
        )
        return set_up.sender.id, Step(Action.UPGRADE, set_up.tier.name), set_up.cost

    def chosen(self, values: Values) -> list[Chosen]:
        """What is chosen of each sender."""
        options: dict[int, list[Option]] = {}
        for variable, option in zip(self._option, self.options, strict=True):
            if values[variable] > 0.5:
                options.setdefault(option.number, []).append(option)
        return [
            Chosen(
                next(each for each, variable in zip(some, own, strict=True) if values[variable] > 0.5),
                tuple(options.get(number, ())),
                sum(round(values[variable]) for variable in self._credit[number].values()),
            )
            for number, (some, own) in enumerate(zip(self.set_ups, self._set_up, strict=True))
        ]

    def taken(self, values: Values) -> Taken:
        """How the contacts of a settled solution are made."""
        anybodys, messages, inmails = [*places(self.sure)], [], []
        left = {key: round(values[flow]) for key, flow in self._inmail_from.items()}
        for each, number_of_class in zip(self._alike, self._class_of, strict=True):
            waiting = iter(each.places)

            def some(variable: int | None, waiting: Iterator[int] = waiting) -> list[int]:
                return [] if variable is None else [*islice(waiting, round(values[variable]))]

            anybodys += some(each.message)
            for number, variable in each.by_sender.items():
                messages += [(number, place) for place in some(variable)]
            for number, variable in each.unblocked.items():
                inmails += [(number, place) for place in some(variable)]
            for place in some(each.inmail):
                key = next(key for key, count in left.items() if key[0] == number_of_class and count)
                left[key] -= 1
                inmails.append((key[1], place))
        return Taken(tuple(sorted(anybodys)), tuple(messages), tuple(inmails))


def _set(of_places: Iterable[int]) -> int:
    return reduce(or_, (1 << place for place in of_places), 0)


def _variables(each: _Alike) -> Iterator[int]:
    if each.message is not None:
        yield each.message
    yield from each.by_sender.values()
    if each.inmail is not None:
        yield each.inmail
    yield from each.unblocked.values()


def _is_as_good(one: SetUp, other: SetUp, task: Task) -> bool:
    """Whether a set-up allows all that another of the same sender does, at no more cost."""
    actions = [Action(each) for each in task.actions if each != Action.UPGRADE]
    return (
        one.cost <= other.cost
        and all(task.cost(each, one.tier) <= task.cost(each, other.tier) for each in actions)
        and _allows_all(one, other)
    )


def _allows_all(one: SetUp, other: SetUp) -> bool:
    """Whether a set-up allows all that another of the same sender does, whatever it costs."""
    return (
        one.credits_left >= other.credits_left
        and _allows(one.messages, other.messages)
        and _allows(one.inmails, other.inmails)
        and not other.by_credit & ~one.by_credit
        and all(
            not messages_of(theirs) & ~messages_of(ours)
            for ours, theirs in zip(_opened(one), _opened(other), strict=True)
        )
        and not other.by_unblock.get(INMAIL, 0) & ~one.by_unblock.get(INMAIL, 0)
    )


def _opened(each: SetUp) -> tuple[Open, ...]:
    return each.alone, each.by_join, each.by_follow, each.by_connect, each.by_unblock


def _allows(limit: int | None, other: int | None) -> bool:
    return limit is None or (other is not None and limit >= other)


def _most(limit: int | None, size: int) -> int:
    return size if limit is None else min(limit, size)
