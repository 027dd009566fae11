"""`linkreach unlock`: what the sender could do so that a pair, or one channel, opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import graph_of
from api.forms import UNLOCK
from api.options import As, AsTier, At, PackName, instant
from api.output import emit, rows_table
from api.settings import Settings
from graph.instants import instant_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from graph.questions.unlocks import Action, Unlock


def unlock(
    context: typer.Context,
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="The id of the member who wants to write.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="The id of the member to be reached.")],
    channel: Annotated[
        str | None, typer.Option(metavar="CHANNEL", help="Open this channel; default: any that reaches.")
    ] = None,
    names: Annotated[int, typer.Option(min=0, help="Name at most so many others to connect with.")] = 10,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    format: As = None,
) -> None:
    """List what SENDER could do to reach RECIPIENT.

    Each action is alone enough.
    The cheapest comes first, by the costs that the rule pack gives; without costs, in the order of actions and names.
    """
    settings: Settings = context.obj
    from graph.questions import unlocks

    asked = unlocks.unlock(
        sender,
        recipient,
        at=instant(at),
        pack=pack or settings.pack,
        as_tier=as_tier,
        channel=channel,
        names=names,
    )
    with graph_of(settings) as database:
        answer = database.read(asked)
    emit(
        format,
        table=lambda: _table(answer),
        frame=lambda: UNLOCK.frame([answer]),
        document=lambda: UNLOCK.document(answer),
    )


def action_text(action: Action) -> str:
    """The action in a cell: `credit`, `upgrade:career`, `wait:2026-12-01T00:00:00Z`."""
    what = action.id if action.until is None else instant_text(action.until)
    return action.action if what is None else f"{action.action}:{what}"


def _table(answer: Unlock) -> RenderableType:
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


def _cost(action: Action) -> str:
    return "" if action.cost is None else f"{action.cost:g}"
