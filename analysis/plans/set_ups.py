"""What a sender could be: a tier, what it leaves to be sent, and what opens (docs/rules.md, section 10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.plans.facts import Facts, Flags, Sender
from analysis.plans.sets import as_set
from analysis.plans.task import Task
from graph.rules.loaded_pack import TierRules
from graph.rules.vocabulary import FREE, MESSAGING, Action

INMAIL = "inmail"

Open = dict[str, int]  # of each channel, in the order of the rules: the recipients to whom it is open


class Step(NamedTuple):
    """`join` a group, `follow` a page, `connect` with or `unblock` a recipient, by id; a `credit` is for nobody."""

    action: Action
    id: str = ""


CREDIT = Step(Action.CREDIT)


@dataclass(frozen=True, slots=True)
class SetUp:
    """A sender on one tier; `number` is the sender's place, `step` 0 for the tier that they have.

    `messages`, `inmails`: what they may still send; None is no limit. `spent`: credits that contacts made before took.
    `cost` is that of the upgrade. `alone`: what is open with nothing else. `by_join`, `by_follow`, `by_connect`,
    `by_unblock`: what would be, to whoever the action is about; `by_credit`: to whom an InMail would be.
    """

    number: int
    step: int
    sender: Sender
    tier: TierRules
    credits: int
    spent: int
    messages: int | None
    inmails: int | None
    cost: Fraction
    alone: Open
    by_join: Open
    by_follow: Open
    by_connect: Open
    by_unblock: Open
    by_credit: int

    @property
    def is_upgraded(self) -> bool:
        """Whether the tier has to be bought."""
        return self.step > 0

    @property
    def credits_left(self) -> int:
        """The credits that are there to be spent."""
        return max(0, self.credits - self.spent)

    def after(self, step: Step, facts: Facts) -> Open:
        """What is open with one action, to the recipients whom it is about; of a credit, InMails alone."""
        match step.action:
            case Action.JOIN:
                return _within(self.by_join, facts.in_group[_named(facts.group_ids, step.id)])
            case Action.FOLLOW:
                return _within(self.by_follow, facts.at_page[_named(facts.page_ids, step.id)])
            case Action.CONNECT:
                return _within(self.by_connect, 1 << facts.recipients.ids.index(step.id))
            case Action.UNBLOCK:
                return _within(self.by_unblock, 1 << facts.recipients.ids.index(step.id))
            case _:
                return {INMAIL: self.by_credit}


def set_ups(facts: Facts, task: Task) -> list[list[SetUp]]:
    """Of each sender: the tier that they have, then each of higher rank, whether upgrades may be used or not."""
    return [
        [_set_up(facts, task, number, step, tier) for step, tier in enumerate(facts.pack.tier_rules[sender.tier :])]
        for number, sender in enumerate(facts.senders)
    ]


def granted_credits(credits: int, tier: TierRules) -> int:
    """The credits after an upgrade to a tier: its grant is added up to its cap, and takes nothing away."""
    granted = credits + (tier.inmail_grant or 0)
    return granted if tier.inmail_cap is None else max(credits, min(granted, tier.inmail_cap))


def _set_up(facts: Facts, task: Task, number: int, step: int, tier: TierRules) -> SetUp:
    sender, pairs = facts.senders[number], facts.pairs
    made = [each for each in task.made if each.sender == sender.id]
    spent = sum(each.channel == INMAIL for each in made)
    credits = granted_credits(sender.inmail_credits, tier) if step else sender.inmail_credits
    view = _View(facts, task, number, tier, credits)
    degree, group, page = pairs.degree[number], pairs.share_group[number], pairs.share_page[number]
    connected = np.where(view.invitable(degree), 1, degree).astype(np.int8)
    unblocked = view.channels(degree, group, page, unblocked=True)
    return SetUp(
        number=number,
        step=step,
        sender=sender,
        tier=tier,
        credits=credits,
        spent=spent,
        messages=_left(tier.monthly_messages, sender.messages_sent + len(made) - spent),
        inmails=_left(tier.monthly_inmails, sender.inmails_sent + spent),
        cost=task.cost(Action.UPGRADE, tier) if step else Fraction(0),
        alone=view.channels(degree, group, page),
        by_join=view.channels(degree, np.ones_like(group), page),
        by_follow=view.channels(degree, group, page | (facts.pack.page_ties == "any")),
        by_connect=_within(view.channels(connected, group, page), as_set(view.invitable(degree))),
        by_unblock=_within(unblocked, as_set(pairs.blocked_by_sender[number])),
        by_credit=replace(view, credits=1).channels(degree, group, page).get(INMAIL, 0),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """The rules, for one sender on one tier and all recipients at once (docs/rules.md, section 3)."""

    facts: Facts
    task: Task
    number: int
    tier: TierRules
    credits: int

    @property
    def sender(self) -> Sender:
        """The sender."""
        return self.facts.senders[self.number]

    def channels(self, degree: NDArray[np.int8], group: Flags, page: Flags, *, unblocked: bool = False) -> Open:
        """What is open at these degrees, and where these groups and pages are shared."""
        tier, to, pairs, number = self.tier, self.facts.recipients, self.facts.pairs, self.number
        there = self._there() & ~pairs.limited_by_recipient[number] & self.sender.heard
        if not unblocked:
            there &= ~pairs.blocked_by_sender[number]
        messages = there & _below(self.sender.messages_sent, tier.monthly_messages)
        asked = messages & to.in_audience(degree) & to.approachable(degree)
        opened = {
            "direct": messages & to.in_audience(degree) & to.visible(degree) & (degree <= tier.direct_degree),
            "open_profile": messages & to.open_profile,
            "group": asked & group,
            "company_page": asked & page,
            INMAIL: there
            & to.takes_inmail
            & (self.credits > 0)
            & _below(self.sender.inmails_sent, tier.monthly_inmails),
        }
        kinds = FREE if self.task.free else MESSAGING
        return {
            name: as_set(opened[name])
            for name, kind in self.facts.pack.kinds.items()
            if kind in kinds and name in tier.grants
        }

    def invitable(self, degree: NDArray[np.int8]) -> Flags:
        """To whom `invite` is open."""
        here = self._there() & ~self.facts.pairs.blocked_by_sender[self.number]
        to: Flags = here & (degree != 1) & self.facts.recipients.not_private
        return to & ("invite" in self.tier.grants)

    def _there(self) -> Flags:
        pairs, number = self.facts.pairs, self.number
        others: Flags = ~(pairs.same[number] | pairs.blocked_by_recipient[number] | self.facts.recipients.gone)
        return others & (not self.sender.gone)


def messages_of(opened: Open) -> int:
    """To whom a channel of kind message or request is open."""
    found = 0
    for name, recipients in opened.items():
        if name != INMAIL:
            found |= recipients
    return found


def _within(opened: Open, recipients: int) -> Open:
    return {name: to & recipients for name, to in opened.items()}


def _named(ids: dict[int, str], id: str) -> int:
    return next(row for row, name in ids.items() if name == id)


def _left(limit: int | None, sent: int) -> int | None:
    return None if limit is None else max(0, limit - sent)


def _below(sent: int, limit: int | None) -> bool:
    return limit is None or sent < limit
