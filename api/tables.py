"""Answers as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.output import rows_table, styled
from graph.instants import instant_text
from linkreach.forms import action_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from graph.questions.unlocks import Unlock, UnlockAction
    from graph.questions.verdicts import ChannelVerdict, Verdict
    from linkreach.matching import Matched
    from linkreach.matching_at_once import MatchedAtOnce


def verdict_table(verdict: Verdict) -> RenderableType:
    """The verdict for people: a sentence, what lies between the two, and a row for each channel."""
    from rich.console import Group
    from rich.table import Table

    able = "can reach" if verdict.reachable else "cannot reach"
    paid = "" if verdict.reachable_free or not verdict.reachable else ", at a price"
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("channel", "kind", "", "why"):
        table.add_column(heading, overflow="fold")
    for channel in verdict.channels:
        table.add_row(
            channel.channel,
            channel.kind,
            styled("open", "green") if channel.open else styled("denied", "red"),
            _evidence(channel) if channel.open else ", ".join(channel.reasons),
        )
    return Group(
        styled(f"{verdict.sender} ({verdict.tier}) {able} {verdict.recipient}{paid}", "bold"),
        styled(f"{_between(verdict)} · pack {verdict.pack}, at {instant_text(verdict.at)}", "dim"),
        table,
    )


def _between(verdict: Verdict) -> str:
    if verdict.no_link:
        return "no link: no degree, no shared group, no shared page"
    if verdict.degree is None:
        return "no degree"
    mutuals = "1 mutual" if verdict.mutuals == 1 else f"{verdict.mutuals} mutuals"
    return f"degree {verdict.degree}, {mutuals}"


def _evidence(channel: ChannelVerdict) -> str:
    match channel.evidence:
        case {"path": path}:
            return " – ".join(path)
        case {"credits": credits}:
            return "1 credit" if credits == 1 else f"{credits} credits"
        case {"groups": [*ids]} | {"pages": [*ids]}:
            more = channel.evidence.get("more")
            return ", ".join(ids) + (f" and {more} more" if more else "")
        case _:
            return ""


def unlock_table(answer: Unlock) -> RenderableType:
    """What would open a pair or a channel: an action a row, and what only the other side can change."""
    from rich.console import Group

    what = answer.channel or "the pair"
    if answer.open:
        return f"{what} is open already"
    others = f"what only {answer.recipient} can change: {', '.join(answer.other_side)}" if answer.other_side else ""
    if not answer.actions:
        return Group(f"no single action of {answer.sender} opens {what}", others)
    rows = (
        (each.action, each.id or "", "" if each.until is None else instant_text(each.until), _cost(each))
        for each in answer.actions
    )
    return Group(f"each of these alone opens {what}:", rows_table(("action", "which", "until", "cost"), rows), others)


def _cost(action: UnlockAction) -> str:
    return "" if action.cost is None else f"{action.cost:g}"


def match_table(matched: Matched | MatchedAtOnce) -> RenderableType:
    """Every pair in a row."""
    return rows_table(
        ("sender", "recipient", "degree", "by", "why not", "unlock"),
        (
            (
                pair.match.sender,
                pair.match.recipient,
                "" if pair.match.degree is None else str(pair.match.degree),
                ", ".join(pair.match.channels),
                ", ".join(pair.match.reasons),
                "" if pair.cheapest is None else action_text(pair.cheapest),
            )
            for pair in matched
        ),
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
