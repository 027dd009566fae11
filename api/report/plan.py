"""An outreach plan for people: in sentences made from the numbers, and as a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from analysis.columns import Column, Unit
from analysis.plans.plan import BUDGET, CAPACITY
from api.phrases import REASON_WORDS, action_words, counted, listed
from api.plan_words import amount, told_plan
from api.report.leading import NAMED, ROWS_SHOWN, Called
from api.report.page import Page, section
from api.report.plots import BARS, Plot, lying_bars
from graph.rules.vocabulary import CHANNELS_BY_NAME, Action

if TYPE_CHECKING:
    from analysis.plans.plan import ActionRow, Contact, Plan
    from linkreach.naming import AskNames
    from linkreach.planning import Planned

AS_STORED = "What is not known of somebody is taken as it is stored."
_WHY = REASON_WORDS | {
    BUDGET: "more of the budget would do",
    CAPACITY: "nobody who could has messages, InMails or credits left",
}
_COLUMNS = {Action.JOIN: "group", Action.FOLLOW: "page", Action.CONNECT: "member", Action.UNBLOCK: "member"}
_TABLES = {
    "contacts": (
        "Who contacts whom",
        "Who of the team contacts whom, by which channel, and after what?",
        (
            Column("recipient", Unit.ID, "who is contacted, in the order of the list"),
            Column("sender", Unit.ID, "who contacts them"),
            Column("channel", Unit.TEXT, "by which channel"),
            Column("needs", Unit.TEXT, "what the sender does before; empty where it is open as it is"),
        ),
    ),
    "actions": (
        "What is done before",
        "Who of the team does what before, and what does it cost?",
        (
            Column("sender", Unit.ID, "who does it"),
            Column("action", Unit.TEXT, "what is done"),
            Column("count", Unit.COUNT, "how many times; more than once only credits are bought"),
            Column("cost", Unit.COST, "what all of it costs"),
        ),
    ),
    "uncovered": (
        "Who is not contacted",
        "Whom does nobody contact, and why?",
        (
            Column("recipient", Unit.ID, "who is not contacted"),
            Column("reasons", Unit.TEXT, "what is in the way, of every sender, or what there is too little of"),
        ),
    ),
}


def names_in_plan(plan: Plan, ask_names: AskNames) -> Called:
    """What all are called whom a plan names, of long lists those who come first."""
    ids: dict[str, list[str]] = {"member": [], "group": [], "page": []}
    for action in plan.actions:
        ids["member"].append(action.sender)
        if action.action in _COLUMNS:
            ids[_COLUMNS[action.action]].append(action.id)
    ids["member"] += (each.sender for each in plan.contacts)
    ids["member"] += (each.recipient for each in plan.contacts[:ROWS_SHOWN])
    ids["member"] += (each.recipient for each in plan.uncovered[:ROWS_SHOWN])
    return Called(ask_names(members=ids["member"], groups=ids["group"], companies=ids["page"]))


def plan_findings(planned: Planned, called: Called) -> tuple[list[str], dict[str, list[str]]]:
    """The sentences about the whole plan, and those about each of its lists."""
    plan = planned.plan
    return [_sentence(line) for line in told_plan(planned)], {
        "contacts": [*_contacts(plan, called)],
        "actions": [*_actions(plan, called)],
        "uncovered": [*_uncovered(plan)],
    }


def plan_page(planned: Planned, *, ask_names: AskNames, links: Mapping[str, str]) -> Page:
    """The page; `links` leads from each list to its CSV, relative to the page, where there are files."""
    plan = planned.plan
    called = names_in_plan(plan, ask_names)
    finding, sentences = plan_findings(planned, called)
    frames = {
        "contacts": _contacts_frame(plan, called),
        "actions": _actions_frame(plan, called),
        "uncovered": _uncovered_frame(plan),
    }
    plots = {
        "contacts": _plot_of_contacts(plan, called),
        "actions": _plot_of_actions(plan, called),
        "uncovered": _plot_of_uncovered(plan),
    }
    return Page(
        title="Who contacts whom",
        lead="An outreach plan: whom each of a team contacts by which channel, and what is bought or done before.",
        asked=[*_asked(planned.document)],
        finding=finding,
        note=Markup(AS_STORED),
        sections=[
            section(
                name,
                frames[name],
                called,
                title=title,
                question=question,
                sentences=sentences[name],
                declared=declared,
                plots=[plots[name]],
                link=links.get(name),
            )
            for name, (title, question, declared) in _TABLES.items()
        ],
    )


# In sentences


def contact_words(contact: Contact, called: Called) -> str:
    """Who writes to whom by which channel, and what they do before."""
    needs = [_needed(need, contact.recipient, called) for need in contact.needs]
    before = f", after they {listed(needs)}" if needs else ""
    pair = f"{called('sender', contact.sender)} to {called('recipient', contact.recipient)}"
    return f"{pair}: {_channel(contact.channel)}{before}"


def _sentence(line: str) -> str:
    return f"{line[0].upper()}{line[1:]}."


def _contacts(plan: Plan, called: Called) -> Iterator[str]:
    if not plan.contacts:
        return
    senders = _counts(each.sender for each in plan.contacts)
    most = [f"{called('sender', id)} ({count:,})" for id, count in senders[:NAMED]]
    others = [counted(len(senders) - NAMED, "other")] if len(senders) > NAMED else []
    yield f"Contacts are made by {listed([*most, *others])}."
    channels = _counts(each.channel for each in plan.contacts)
    yield f"Channels: {listed([f'{_channel(name)} ({count:,})' for name, count in channels])}."


def _actions(plan: Plan, called: Called) -> Iterator[str]:
    if not plan.actions:
        return
    dearest = [
        f"{called('sender', each.sender)}: {_done(each.action, each.id, called)} ({amount(each.cost)})"
        for each in _dearest(plan)[:NAMED]
    ]
    yield f"What costs most: {'; '.join(dearest)}."


def _uncovered(plan: Plan) -> Iterator[str]:
    if not plan.uncovered:
        return
    reasons = [f"{_WHY[code]} ({count:,})" for code, count in _reasons(plan)[:NAMED]]
    are = "is" if len(plan.uncovered) == 1 else "are"
    yield f"{counted(len(plan.uncovered), 'recipient')} {are} not contacted; most often: {'; '.join(reasons)}."


def _counts(each: Iterable[str]) -> list[tuple[str, int]]:
    """How often each occurs, the most frequent first, then as they come."""
    return Counter(each).most_common()


def _reasons(plan: Plan) -> list[tuple[str, int]]:
    return _counts(code for each in plan.uncovered for code in each.reasons)


def _dearest(plan: Plan) -> list[ActionRow]:
    return sorted(plan.actions, key=lambda each: -each.cost)


def _channel(name: str) -> str:
    return CHANNELS_BY_NAME[name].title


def _done(action: Action, id: str, called: Called) -> str:
    return action_words(action, called(_COLUMNS[action], id) if action in _COLUMNS else id)


def _needed(need: str, recipient: str, called: Called) -> str:
    """One of the needs of a contact: an action, and whom it is about, where that is not the recipient."""
    action, _, id = need.partition(":")
    return _done(Action(action), id or recipient, called)


def _asked(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the plan was to do, and what it was made from."""
    costs = [f"{name} {amount(cost)}" for name, cost in document["costs"].items()]
    yield "Rule pack", document["pack"]
    yield "Instant", document["at"]
    yield "Senders", f"{document['senders']:,}"
    yield "Recipients", f"{document['recipients']:,}"
    yield "Budget", "whatever it costs" if document["budget"] is None else amount(document["budget"])
    yield "Actions", ", ".join(document["actions"]) or "none"
    yield "Costs", ", ".join([*costs, f"{'others ' if costs else ''}as the pack says, else 1"])
    yield "Channels", "messages and requests" if document["free"] else "messages, requests and InMail"
    yield "Version of the graph", f"{document['graph_version']}"
    yield "Hash of the pack", document["pack_hash"]


# As rows


def _contacts_frame(plan: Plan, called: Called) -> pd.DataFrame:
    rows = [
        (
            each.recipient,
            each.sender,
            _channel(each.channel),
            "; ".join(_needed(need, each.recipient, called) for need in each.needs),
        )
        for each in plan.contacts
    ]
    return pd.DataFrame(rows, columns=["recipient", "sender", "channel", "needs"], dtype="str")


def _actions_frame(plan: Plan, called: Called) -> pd.DataFrame:
    rows = [(each.sender, _done(each.action, each.id, called), each.count, amount(each.cost)) for each in plan.actions]
    return pd.DataFrame(rows, columns=["sender", "action", "count", "cost"])


def _uncovered_frame(plan: Plan) -> pd.DataFrame:
    rows = [(each.recipient, "; ".join(_WHY[code] for code in each.reasons)) for each in plan.uncovered]
    return pd.DataFrame(rows, columns=["recipient", "reasons"], dtype="str")


# As bars


def _plot_of_contacts(plan: Plan, called: Called) -> Plot | None:
    senders = [id for id, _ in _counts(each.sender for each in plan.contacts)[:BARS]]
    made = Counter((each.sender, each.channel) for each in plan.contacts)
    channels = [name for name in CHANNELS_BY_NAME if any(channel == name for _, channel in made)]
    return lying_bars(
        "Contacts of each sender, by channel",
        "Sender",
        "recipients",
        [called.name("sender", id) or id for id in senders],
        {_channel(name): [made[sender, name] for sender in senders] for name in channels},
        stacked=True,
    )


def _plot_of_actions(plan: Plan, called: Called) -> Plot | None:
    rows = [each for each in _dearest(plan) if each.cost > 0][:BARS]
    names = [called.name("sender", each.sender) or each.sender for each in rows]
    return lying_bars(
        "What costs most",
        "Sender and action",
        "cost",
        [f"{name}: {_done(each.action, each.id, called)}" for name, each in zip(names, rows, strict=True)],
        {"Cost": [float(each.cost) for each in rows]},
    )


def _plot_of_uncovered(plan: Plan) -> Plot | None:
    reasons = _reasons(plan)[:BARS]
    return lying_bars(
        "Recipients who are not contacted, by what is in the way",
        "Reason",
        "recipients",
        [_WHY[code] for code, _ in reasons],
        {"Recipients": [count for _, count in reasons]},
    )
