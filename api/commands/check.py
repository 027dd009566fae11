"""`linkreach check`: the verdict on one pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import graph_of
from api.forms import VERDICT
from api.options import As, AsTier, At, PackName, instant
from api.output import emit
from api.settings import Settings
from graph.instants import instant_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from graph.questions.answers import ChannelVerdict, Verdict

NOT_REACHABLE = 1


def check(
    context: typer.Context,
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="The id of the member who wants to write.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="The id of the member to be reached.")],
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    format: As = None,
) -> None:
    """Judge a pair: can SENDER reach RECIPIENT, and if not, why?

    Says so for every channel of the pack.

    Exit code: 0 reachable, 1 not reachable, 2 an error.
    """
    settings: Settings = context.obj
    from graph.questions.answers import verdict

    question = verdict(sender, recipient, at=instant(at), pack=pack or settings.pack, as_tier=as_tier)
    with graph_of(settings) as database:
        answer = database.read(question)
    emit(
        format,
        table=lambda: verdict_table(answer),
        frame=lambda: VERDICT.frame([answer]),
        document=lambda: VERDICT.document(answer),
    )
    if not answer.reachable:
        raise typer.Exit(NOT_REACHABLE)


def verdict_table(verdict: Verdict) -> RenderableType:
    """The verdict for people: a sentence, what lies between the two, and a row for each channel."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    able = "can reach" if verdict.reachable else "cannot reach"
    paid = "" if verdict.reachable_free or not verdict.reachable else ", at a price"
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("channel", "kind", "", "why"):
        table.add_column(heading, overflow="fold")
    for channel in verdict.channels:
        table.add_row(
            channel.channel,
            channel.kind,
            Text("open", style="green") if channel.open else Text("denied", style="red"),
            _evidence(channel) if channel.open else ", ".join(channel.reasons),
        )
    return Group(
        Text(f"{verdict.sender} ({verdict.tier}) {able} {verdict.recipient}{paid}", style="bold"),
        Text(f"{_between(verdict)} · pack {verdict.pack}, at {instant_text(verdict.at)}", style="dim"),
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
