"""Section 10 of the rules, outreach plans, in plain, slow Python, on the rules of `oracle.py`.

Hold it beside the page: it follows the order of the section, and then tries everything that can be chosen.
So it is for up to three senders and five recipients, with few actions. It imports nothing of the product.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import inf
from typing import Any, NamedTuple, Self

from tests.rules.oracle import (
    CHANNELS,
    CODES,
    FREE,
    MESSAGING,
    Network,
    Pack,
    Pair,
    Row,
    Tie,
    Tier,
    credits_after_upgrade,
    effective_tier,
    kind_of,
    pages,
    pair_of,
    reasons,
    written,
)
from tests.rules.oracle_changes import changed


@dataclass(frozen=True, eq=False)
class Task:
    """Senders, recipients, an instant, a pack, and what may be spent on what.

    `costs`: by action, or by `upgrade:` and a tier. No `budget`: whatever it costs.
    """

    network: Network
    pack: Pack
    at: datetime
    senders: Sequence[str]
    recipients: Sequence[str]
    actions: Collection[str] = ("upgrade", "credit", "join", "follow")
    costs: Mapping[str, float] = field(default_factory=dict)
    budget: float | None = None
    is_free: bool = False

    @cached_property
    def channels(self) -> list[str]:
        """The channels that a contact can use, in the order of the rules."""
        kinds = FREE if self.is_free else MESSAGING
        return [channel for channel in self.pack.channels if kind_of(self.pack, channel) in kinds]


# ── Set-up of a sender ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class SetUp:
    """A sender on one tier, in the network that they are in then."""

    task: Task
    sender: str
    network: Network
    is_upgraded: bool = False

    @property
    def member(self) -> Row:
        """The sender."""
        return self.network.members[self.sender]

    @cached_property
    def tier(self) -> Tier:
        """The one tier."""
        return self.task.pack.tier(effective_tier(self.task.pack, self.member, self.task.at))

    @cached_property
    def contacts(self) -> dict[str, Contact]:
        """What can be done towards each recipient but the sender."""
        return {r: Contact.of(self, r) for r in self.task.recipients if r != self.sender}


def set_ups(task: Task, sender: str) -> list[SetUp]:
    """The effective tier, and each of higher rank where upgrades may be used."""
    as_it_is = SetUp(task, sender, task.network)
    higher = [tier for tier in task.pack.tiers if tier.rank > as_it_is.tier.rank and "upgrade" in task.actions]
    return [as_it_is, *(_upgraded(as_it_is, tier) for tier in higher)]


def _upgraded(set_up: SetUp, tier: Tier) -> SetUp:
    """The stored tier becomes that one without expiry, and credits grow as in *unlock*."""
    credits = credits_after_upgrade(set_up.member["inmail_credits"], tier)
    network = _with_sender(set_up, tier=tier.name, tier_expires_at=None, inmail_credits=credits)
    return replace(set_up, network=network, is_upgraded=True)


def _with_sender(set_up: SetUp, **cells: object) -> Network:
    member = {**set_up.member, **cells}
    return replace(set_up.network, members={**set_up.network.members, set_up.sender: member})


class Action(NamedTuple):
    """`join` a group, `follow` a page, `connect` with or `unblock` a recipient; a `credit` is for nobody."""

    name: str
    id: str = ""


CREDIT = Action("credit")

# As they are listed.
NAMES = ("upgrade", "join", "follow", "connect", "unblock", "credit")


def listed(actions: Iterable[Action]) -> list[Action]:
    """The actions in their order, those of one name by id."""
    return sorted(actions, key=lambda action: (NAMES.index(action.name), action.id))


# ── Cost of an action ────────────────────────────────────────────────────────────────────────────


def cost_of(set_up: SetUp, action: str) -> Fraction:
    """The one given, else that of the pack for the tier of the set-up (after an upgrade: the higher one); else 1."""
    names = [f"upgrade:{set_up.tier.name}", "upgrade"] if action == "upgrade" else [action]
    given = [set_up.task.costs[name] for name in names if name in set_up.task.costs]
    return Fraction(str(given[0] if given else set_up.tier.costs.get(action, 1)))


# ── A contact ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Contact:
    """The channels that are open from a set-up to a recipient: with it alone, and with it and one action."""

    alone: list[str]
    with_one: dict[Action, list[str]]

    @classmethod
    def of(cls, set_up: SetUp, recipient: str) -> Self:
        """A credit is for `inmail`; the other actions for any channel."""
        with_one = {}
        for action, network in _actions(set_up, recipient):
            if action.name in set_up.task.actions:
                channels = _open(set_up, network, recipient)
                with_one[action] = [channel for channel in channels if channel == "inmail" or action != CREDIT]
        return cls(_open(set_up, set_up.network, recipient), with_one)

    def channels(self, actions: Iterable[Action]) -> list[str]:
        """Those open with the set-up and at most one of these actions, in the order of the rules."""
        found = {*self.alone, *(channel for action in actions for channel in self.with_one.get(action, ()))}
        return [channel for channel in CHANNELS if channel in found]


def _actions(set_up: SetUp, recipient: str) -> Iterator[tuple[Action, Network]]:
    """The actions that may open a channel to the recipient, and the network after each of them."""
    sender, network = set_up.sender, set_up.network
    for group in network.groups_of[recipient] - network.groups_of[sender]:
        yield Action("join", group), replace(network, memberships=network.memberships | {(sender, group)})
    for page in pages(network, recipient, set_up.task.at):
        yield (
            Action("follow", page),
            replace(network, ties=[*network.ties, Tie(sender, page, "follows", None, None)]),
        )
    if "invite" in set_up.task.pack.channels and not reasons(_pair(set_up, network, recipient), "invite"):
        both = frozenset((sender, recipient))
        yield Action("connect", recipient), replace(network, connections=network.connections | {both})
    if (sender, recipient) in network.blocked:
        yield Action("unblock", recipient), replace(network, blocked=network.blocked - {(sender, recipient)})
    yield CREDIT, _with_sender(set_up, inmail_credits=set_up.member["inmail_credits"] + 1)


def _open(set_up: SetUp, network: Network, recipient: str) -> list[str]:
    pair = _pair(set_up, network, recipient)
    return [channel for channel in set_up.task.channels if not reasons(pair, channel)]


def _pair(set_up: SetUp, network: Network, recipient: str) -> Pair:
    return pair_of(network, set_up.task.pack, set_up.sender, recipient, set_up.task.at)


# ── Capacity ─────────────────────────────────────────────────────────────────────────────────────


class Chosen(NamedTuple):
    """What is chosen for a sender: a set-up, actions, and how many credits are bought."""

    set_up: SetUp
    actions: frozenset[Action] = frozenset()
    credits: int = 0

    @property
    def cost(self) -> Fraction:
        """Of the upgrade, the actions and the credits."""
        upgrade = cost_of(self.set_up, "upgrade") if self.set_up.is_upgraded else Fraction(0)
        actions = sum((cost_of(self.set_up, action.name) for action in self.actions), Fraction(0))
        return upgrade + actions + self.credits * cost_of(self.set_up, "credit")

    @property
    def messages(self) -> float:
        """The contacts by message and request channels that the tier leaves."""
        return _left(self.set_up.tier.monthly_messages, self.set_up.member["messages_sent"])

    @property
    def inmails(self) -> float:
        """The contacts by `inmail` that the credits, bought ones included, and the tier leave."""
        credits: int = self.set_up.member["inmail_credits"] + self.credits
        return min(credits, _left(self.set_up.tier.monthly_inmails, self.set_up.member["inmails_sent"]))

    @property
    def usable(self) -> list[Action]:
        """The actions, in their order, with one credit where some are bought."""
        return listed({*self.actions, *([CREDIT] if self.credits else [])})


def _left(limit: int | None, sent: int) -> float:
    return inf if limit is None else max(0, limit - sent)


# ── The plan ─────────────────────────────────────────────────────────────────────────────────────

Means = tuple[str, Action | None]  # whether it takes a message or an InMail, and the action that it rests on
MESSAGE, INMAIL = "message", "inmail"


def taking(channel: str) -> str:
    """What a contact by this channel takes."""
    return INMAIL if channel == "inmail" else MESSAGE


def means(contact: Contact) -> list[Means]:
    """The ways of contacting a recipient that differ in what they take; no action is taken for what is open without."""
    found: list[Means] = []
    for takes in (MESSAGE, INMAIL):
        if any(taking(channel) == takes for channel in contact.alone):
            found.append((takes, None))
        else:
            opening = [a for a, channels in contact.with_one.items() if takes in map(taking, channels)]
            found += [(takes, action) for action in listed(opening)]
    return found


def cheapest(task: Task, sender: str) -> dict[frozenset[str], Chosen]:
    """For each set of recipients that the sender could contact, all of them at once, what it takes at least."""
    best: dict[frozenset[str], Chosen] = {}
    for set_up in set_ups(task, sender):
        others = list(set_up.contacts)
        for picked in product(*([None, *means(set_up.contacts[other])] for other in others)):
            taken = [each for each in picked if each is not None]
            inmails = sum(takes == INMAIL for takes, _ in taken)
            actions = frozenset(action for _, action in taken if action not in (None, CREDIT))
            bought = max(0, inmails - set_up.member["inmail_credits"])
            chosen = Chosen(set_up, actions, bought)
            if bought and "credit" not in task.actions:
                continue
            if len(taken) - inmails > chosen.messages or inmails > chosen.inmails:
                continue
            contacted = frozenset(other for other, each in zip(others, picked, strict=True) if each is not None)
            if contacted not in best or _price(chosen) < _price(best[contacted]):
                best[contacted] = chosen
    return best


def _price(chosen: Chosen) -> tuple[Fraction, int]:
    """Of two that cost the same, the one of fewer actions."""
    return chosen.cost, chosen.set_up.is_upgraded + len(chosen.actions) + chosen.credits


def choose(task: Task) -> list[Chosen]:
    """For each sender what is chosen: most recipients contacted; among those plans, least cost."""
    options = {sender: cheapest(task, sender) for sender in task.senders}
    plans: list[tuple[int, Fraction, list[Chosen]]] = []
    for contacting in product([None, *task.senders], repeat=len(task.recipients)):
        to = {
            sender: frozenset(r for r, s in zip(task.recipients, contacting, strict=True) if s == sender)
            for sender in task.senders
        }
        if all(recipients in options[sender] for sender, recipients in to.items()):
            chosen = [options[sender][recipients] for sender, recipients in to.items()]
            cost = sum((each.cost for each in chosen), Fraction(0))
            if task.budget is None or cost <= Fraction(str(task.budget)):
                plans.append((-sum(sender is not None for sender in contacting), cost, chosen))
    return min(plans, key=lambda plan: plan[:2])[2]


def most(task: Task) -> int:
    """How many recipients the best plan contacts."""
    return len(contacts(task, choose(task)))


def contacts(task: Task, chosen: Sequence[Chosen]) -> list[Row]:
    """The contacts that these choices allow: as many as can be, by as few InMails as can be."""
    possible = [
        [
            None,
            *(
                (number, takes)
                for number, each in enumerate(chosen)
                if recipient != each.set_up.sender
                for takes in {taking(c): 0 for c in each.set_up.contacts[recipient].channels(each.usable)}
            ),
        ]
        for recipient in task.recipients
    ]

    def fits(picked: Sequence[tuple[int, str] | None]) -> bool:
        return all(
            picked.count((number, MESSAGE)) <= each.messages and picked.count((number, INMAIL)) <= each.inmails
            for number, each in enumerate(chosen)
        )

    def merit(picked: Sequence[tuple[int, str] | None]) -> tuple[int, int]:
        taken = [takes for each in picked if each for takes in each[1:]]
        return -len(taken), taken.count(INMAIL)

    best = min(filter(fits, product(*possible)), key=merit)
    rows = []
    for recipient, each in zip(task.recipients, best, strict=True):
        if each is not None:
            number, takes = each
            usable = chosen[number].set_up.contacts[recipient].channels(chosen[number].usable)
            channel = next(channel for channel in usable if taking(channel) == takes)
            rows.append(
                {
                    "recipient": recipient,
                    "sender": chosen[number].set_up.sender,
                    "channel": channel,
                    "needs": ";".join(needs(task, chosen[number], recipient, channel)),
                }
            )
    return rows


def needs(task: Task, chosen: Chosen, recipient: str, channel: str) -> list[str]:
    """What of the sender's choices this contact rests on: as little as can be, and what is listed first."""
    set_up = chosen.set_up
    now, then = SetUp(task, set_up.sender, task.network).contacts[recipient], set_up.contacts[recipient]
    upgrade = f"upgrade:{set_up.tier.name}"
    named = {a: f"{a.name}:{a.id}" if a.name in ("join", "follow") else a.name for a in chosen.usable}
    if channel in now.alone:
        return []
    if channel in then.alone:
        return [upgrade]
    alone = [text for action, text in named.items() if channel in now.with_one.get(action, ())]
    upgraded = [text for action, text in named.items() if channel in then.with_one.get(action, ())]
    return alone[:1] or [upgrade, upgraded[0]]


def actions(chosen: Sequence[Chosen]) -> list[Row]:
    """A row for each action; the credits of a sender in one."""
    rows = []
    for each in chosen:
        counts = {Action("upgrade", each.set_up.tier.name): int(each.set_up.is_upgraded)}
        counts |= dict.fromkeys(each.actions, 1) | {CREDIT: each.credits}
        rows += [
            {
                "sender": each.set_up.sender,
                "action": action.name,
                "id": action.id,
                "count": counts[action],
                "cost": float(counts[action] * cost_of(each.set_up, action.name)),
            }
            for action in listed(counts)
            if counts[action]
        ]
    return rows


def uncovered(task: Task, contacted: Sequence[str]) -> list[Row]:
    """A row for each recipient who is not contacted: why, as the graph is now.

    Where they could be contacted: `BUDGET`, if with more of it they would be as well as all who are; else `CAPACITY`.
    """
    rows = []
    for recipient in task.recipients:
        if recipient in contacted:
            continue
        senders = [sender for sender in task.senders if sender != recipient]
        some = [set_up.contacts[recipient] for sender in senders for set_up in set_ups(task, sender)]
        if any(means(contact) for contact in some):
            together = replace(task, recipients=[*contacted, recipient], budget=None)
            why = ["BUDGET" if most(together) == len(together.recipients) else "CAPACITY"]
        else:
            pairs = [pair_of(task.network, task.pack, sender, recipient, task.at) for sender in senders]
            why = sorted(
                {code for pair in pairs for channel in task.channels for code in reasons(pair, channel)},
                key=CODES.index,
            )
        rows.append({"recipient": recipient, "reasons": ";".join(why)})
    return rows


def plan(task: Task) -> Row:
    """A best plan: its contacts, its actions, and what it leaves; others may be as good."""
    chosen = choose(task)
    contacted = contacts(task, chosen)
    return {
        "recipients": len(task.recipients),
        "contacted": len(contacted),
        "contacted_before": most(replace(task, actions=())),
        "cost": float(sum((each.cost for each in chosen), Fraction(0))),
        "inmails": sum(row["channel"] == "inmail" for row in contacted),
        "contacts": contacted,
        "actions": actions(chosen),
        "uncovered": uncovered(task, [row["recipient"] for row in contacted]),
    }


# ── What is checked before a plan is shown ───────────────────────────────────────────────────────


def chosen_by(task: Task, rows: Iterable[Row]) -> list[Chosen]:
    """What rows of actions choose, of each sender."""
    rows, found = list(rows), []
    task = replace(task, actions={*task.actions, "upgrade"})
    for sender in task.senders:
        own = [row for row in rows if row["sender"] == sender]
        tier = next((row["id"] for row in own if row["action"] == "upgrade"), None)
        set_up = next(each for each in set_ups(task, sender) if (each.tier.name if each.is_upgraded else None) == tier)
        taken = {Action(row["action"], row["id"]) for row in own if row["action"] not in ("upgrade", "credit")}
        credits = sum(row["count"] for row in own if row["action"] == "credit")
        found.append(Chosen(set_up, frozenset(taken), credits))
    return found


def as_change(chosen: Sequence[Chosen]) -> dict[str, Any]:
    """The actions written as a change, with the full values of each sender whom it names in `members`."""
    change: dict[str, Any] = {table: [] for table in ("members", "group_members", "company_members", "connections")}
    unblocked = []
    for each in chosen:
        sender, member = each.set_up.sender, each.set_up.member
        if each.set_up.is_upgraded or each.credits:
            change["members"].append(
                {
                    "id": sender,
                    "tier": member["tier"],
                    "tier_expires_at": written(member["tier_expires_at"]),
                    "inmail_credits": member["inmail_credits"] + each.credits,
                }
            )
        for name, id in listed(each.actions):
            if name == "join":
                change["group_members"].append({"member": sender, "group": id})
            if name == "follow":
                change["company_members"].append({"member": sender, "company": id, "tie": "follows"})
            if name == "connect":
                change["connections"].append({"a": sender, "b": id})
            if name == "unblock":
                unblocked.append({"member": sender, "other": id, "kind": "block"})
    return {**change, "remove": {"blocks": unblocked}}


def faults(task: Task, action_rows: Sequence[Row], contact_rows: Sequence[Row]) -> list[str]:
    """What is wrong with a plan, whoever made it: costs, contacts that are none, capacities, too many InMails.

    That it contacts most recipients and costs least is not looked at.
    """
    chosen = chosen_by(task, action_rows)
    by_sender = {each.set_up.sender: each for each in chosen}
    wrong = [] if actions(chosen) == [*action_rows] else [f"the actions are {actions(chosen)}"]
    wrong += [f"{row['action']} may not be used" for row in action_rows if row["action"] not in task.actions]
    if task.budget is not None and sum(Fraction(str(row["cost"])) for row in action_rows) > Fraction(str(task.budget)):
        wrong.append("it costs more than the budget")
    recipients = [row["recipient"] for row in contact_rows]
    if [recipient for recipient in task.recipients if recipient in recipients] != recipients:
        wrong.append("recipients are contacted once each, in the order of their file")
    after = changed(task.network, as_change(chosen), {tier.name for tier in task.pack.tiers})
    for row in contact_rows:
        each, recipient, channel = by_sender[row["sender"]], row["recipient"], row["channel"]
        usable = each.set_up.contacts[recipient].channels(each.usable)
        first = next((usual for usual in usable if taking(usual) == taking(channel)), None)
        if channel != first:
            wrong.append(f"{row}: the channel is {first}")
        elif row["needs"] != ";".join(needs(task, each, recipient, channel)):
            wrong.append(f"{row} needs {needs(task, each, recipient, channel)}")
        if why := reasons(pair_of(after, task.pack, row["sender"], recipient, task.at), channel):
            wrong.append(f"{row}: after the change {why}")
    for sender, each in by_sender.items():
        taken = [taking(row["channel"]) for row in contact_rows if row["sender"] == sender]
        if taken.count(MESSAGE) > each.messages or taken.count(INMAIL) > each.inmails:
            wrong.append(f"{sender} has not the capacity for all contacts")
    fewest = sum(row["channel"] == "inmail" for row in contacts(task, chosen))
    if sum(row["channel"] == "inmail" for row in contact_rows) > fewest:
        wrong.append(f"{fewest} InMails are enough")
    return wrong
