"""Answers as tables for people, with names beside ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from api.output import rows_table, styled
from graph.instants import instant_text
from graph.rules.vocabulary import MESSAGING, Action, resting
from linkreach.forms import action_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from analysis.plans.what_if import Investment
    from graph.questions.introductions import Tie, Way
    from graph.questions.members import Found
    from graph.questions.unlocks import Unlock, UnlockAction
    from graph.questions.verdicts import ChannelVerdict, Verdict
    from linkreach.matching import Matched
    from linkreach.matching_at_once import MatchedAtOnce
    from linkreach.naming import AskNames, Names
    from linkreach.rows import ReachRows


def verdict_table(verdict: Verdict, ask_names: AskNames) -> RenderableType:
    """The verdict for people: a sentence, what lies between the two, and a row for each channel."""
    from rich.console import Group
    from rich.table import Table

    shown = [channel.evidence for channel in verdict.channels if channel.open]
    names = ask_names(
        members=[verdict.sender, verdict.recipient, *(id for each in shown for id in each.get("path", ()))],
        groups=[id for each in shown for id in each.get("groups", ())],
        companies=[id for each in shown for id in each.get("pages", ())],
    )
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("channel", "kind", "", "why"):
        table.add_column(heading, overflow="fold")
    for channel in verdict.channels:
        why = [_evidence(channel, names) if channel.open else ", ".join(channel.reasons), _resting(channel, verdict)]
        table.add_row(channel.channel, channel.kind, _state(channel), "; ".join(filter(None, why)))
    return Group(
        styled(_sentence(verdict, names), "bold"),
        styled(f"{_between(verdict)} · pack {verdict.pack}, at {instant_text(verdict.at)}", "dim"),
        table,
    )


def _sentence(verdict: Verdict, names: Names) -> str:
    sender = names.members.get(verdict.sender)
    told = f"{sender} ({verdict.sender}, {verdict.tier})" if sender else f"{verdict.sender} ({verdict.tier})"
    able = "can reach" if verdict.reachable else "cannot reach"
    paid = "" if verdict.reachable_free or not verdict.reachable else ", at a price"
    return f"{told} {able} {_called(names.members, verdict.recipient)}{paid}{_if(verdict)}"


def _if(verdict: Verdict) -> str:
    """What the sentence rests on: that of the channel that rests on least."""
    if verdict.certain:
        return ""
    deciding = [
        _resting(channel, verdict)
        for channel in sorted(verdict.channels, key=lambda channel: len(channel.rests_on))
        if channel.kind in MESSAGING and channel.open == verdict.reachable and channel.rests_on
    ]
    return f", {deciding[0]}"


def _resting(channel: ChannelVerdict, verdict: Verdict) -> str:
    """`if the recipient takes messages from anyone, which is not known`; '' where it is certain."""
    clause = resting(
        channel.rests_on, channel.channel, open=channel.open, degree=verdict.degree, reasons=channel.reasons
    )
    return clause and clause.format(sender="the sender", recipient="the recipient") + ", which is not known"


def _state(channel: ChannelVerdict) -> RenderableType:
    sure = "green" if channel.open else "red"
    return styled("open" if channel.open else "denied", "yellow" if channel.rests_on else sure)


def _called(names: Mapping[str, str], id: str) -> str:
    return f"{names[id]} ({id})" if id in names else id


def _between(verdict: Verdict) -> str:
    if verdict.no_link:
        return "no link: no degree, no shared group, no shared page"
    if verdict.degree is None:
        return "no degree"
    mutuals = "1 mutual" if verdict.mutuals == 1 else f"{verdict.mutuals} mutuals"
    return f"degree {verdict.degree}, {mutuals}"


def _evidence(channel: ChannelVerdict, names: Names) -> str:
    match channel.evidence:
        case {"path": path}:
            return " – ".join(_called(names.members, id) for id in path)
        case {"credits": credits}:
            return "1 credit" if credits == 1 else f"{credits} credits"
        case {"groups": [*ids]}:
            return _listed(names.groups, ids, channel)
        case {"pages": [*ids]}:
            return _listed(names.companies, ids, channel)
        case _:
            return ""


def _listed(names: Mapping[str, str], ids: Sequence[str], channel: ChannelVerdict) -> str:
    more = channel.evidence.get("more")
    return ", ".join(_called(names, id) for id in ids) + (f" and {more} more" if more else "")


def unlock_table(answer: Unlock, ask_names: AskNames) -> RenderableType:
    """What would open a pair or a channel: an action a row, and what only the other side can change."""
    from rich.console import Group

    names = ask_names(
        members=[answer.sender, answer.recipient, *_named_by(answer, Action.CONNECT, Action.UNBLOCK)],
        groups=_named_by(answer, Action.JOIN),
        companies=_named_by(answer, Action.FOLLOW),
    )
    what = answer.channel or "the pair"
    if answer.open:
        return f"{what} is open already"
    recipient = _called(names.members, answer.recipient)
    others = f"what only {recipient} can change: {', '.join(answer.other_side)}" if answer.other_side else ""
    if not answer.actions:
        return Group(f"no single action of {_called(names.members, answer.sender)} opens {what}", others)
    rows = (
        (each.action, _which(each, names), "" if each.until is None else instant_text(each.until), _cost(each))
        for each in answer.actions
    )
    return Group(f"each of these alone opens {what}:", rows_table(("action", "which", "until", "cost"), rows), others)


def _named_by(answer: Unlock, *actions: Action) -> list[str]:
    return [each.id for each in answer.actions if each.action in actions and each.id is not None]


def _which(action: UnlockAction, names: Names) -> str:
    called = {Action.JOIN: names.groups, Action.FOLLOW: names.companies, Action.UPGRADE: {}}
    return "" if action.id is None else _called(called.get(action.action, names.members), action.id)


def _cost(action: UnlockAction) -> str:
    return "" if action.cost is None else f"{action.cost:g}"


def match_table(matched: Matched | MatchedAtOnce, ask_names: AskNames | None) -> RenderableType:
    """Every pair in a row; without names where nobody can be asked for them."""
    rows = [*matched]
    pairs = [row.match for row in rows]
    ids = [id for pair in pairs for id in (pair.sender, pair.recipient)]
    called = {} if ask_names is None else ask_names(members=ids).members
    all_certain = all(pair.certain for pair in pairs)
    introduction = ("introduction",) if matched.introduced else ()
    return rows_table(
        ("sender", "recipient", "degree", "by", "why not", "unlock", *introduction, *_certain_heading(all_certain)),
        (
            (
                _called(called, pair.match.sender),
                _called(called, pair.match.recipient),
                "" if pair.match.degree is None else str(pair.match.degree),
                ", ".join(pair.match.channels),
                ", ".join(pair.match.reasons),
                "" if pair.cheapest is None else action_text(pair.cheapest),
                *((_introduction(pair.introduction),) if matched.introduced else ()),
                *_certain_cell(pair.match.certain, all_certain),
            )
            for pair in rows
        ),
    )


def _introduction(way: Way | None) -> str:
    return "" if way is None else f"{' – '.join(way.via)} ({way.strength:.6f})"


def ways_table(ways: Sequence[Way], ask_names: AskNames) -> RenderableType:
    """Ways of introduction, a row each, with what their ties are worth."""
    called = ask_names(members={id for way in ways for id in way.members}).members
    return rows_table(
        ("way", "strength", "its ties"),
        (
            (
                " – ".join(_called(called, id) for id in way.members),
                f"{way.strength:.6f}",
                ", ".join(map(_tie, way.ties)),
            )
            for way in ways
        ),
    )


def _tie(tie: Tie) -> str:
    mutuals = "1 mutual" if tie.mutuals == 1 else f"{tie.mutuals} mutuals"
    return f"{tie.strength} ({'given' if tie.given else mutuals})"


def reach_table(found: ReachRows, ask_names: AskNames) -> RenderableType:
    """Everybody who is reached, or who reaches, in a row."""
    called = ask_names(members=[row.member for row in found]).members
    all_certain = all(row.certain for row in found)
    return rows_table(
        (found.other, "name", "degree", "channels", *_certain_heading(all_certain)),
        (
            (
                row.member,
                called.get(row.member, ""),
                "" if row.degree is None else str(row.degree),
                ", ".join(row.channels) or "possibly",
                *_certain_cell(row.certain, all_certain),
            )
            for row in found
        ),
    )


def _certain_heading(all_certain: bool) -> tuple[str, ...]:
    """Where all is certain, nobody has to read so."""
    return () if all_certain else ("certain",)


def _certain_cell(certain: bool, all_certain: bool) -> tuple[RenderableType, ...]:
    return () if all_certain else (styled("yes", "green") if certain else styled("no", "yellow"),)


def found_table(found: Sequence[Found]) -> RenderableType:
    """Members who were looked for, in a row each."""
    return rows_table(
        ("id", "name", "company", "place", "tier", "status"),
        ((each.id, each.name or "", each.company or "", each.location or "", each.tier, each.status) for each in found),
    )


def tier_table(frame: pd.DataFrame) -> RenderableType:
    """The report tier_reach in short."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("tier")
    for heading in ("members on it", "mean reach", "median", "best", "of all pairs"):
        table.add_column(heading, justify="right")
    for row in frame.itertuples():
        table.add_row(
            str(row.tier), f"{row.members}", f"{row.mean:.1f}", f"{row.median}", f"{row.max}", f"{row.share:.1%}"
        )
    return table


def investments_table(investments: Sequence[Investment]) -> RenderableType:
    """The actions that bring most: one after the other, then all together."""
    return rows_table(
        ("chosen", "sender", "action", "cost", "contacted"),
        (
            (
                "together" if each.together else f"as number {each.rank}",
                each.sender,
                f"{each.action} {each.id}",
                f"{float(each.cost):g}",
                f"{each.contacted:,}",
            )
            for each in investments
        ),
    )
