"""`linkreach reach` and `linkreach reached-by`: everybody on the other end of one member's channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.connection import graph_of
from api.forms import REACHED, REACHING, Form
from api.options import As, AsTier, At, PackName, instant
from api.output import emit, rows_table, say
from api.settings import Settings

if TYPE_CHECKING:
    from graph.driver.database import Query
    from graph.questions.answers import Reached

Channels = Annotated[
    list[str] | None,
    typer.Option(
        "--channel",
        help="Ask for this channel, of any kind; may repeat. Default: all of kind message, request and paid.",
        metavar="CHANNEL",
    ),
]
Degree = Annotated[int | None, typer.Option(min=1, max=3, help="At most this far away.")]


def reach(
    context: typer.Context,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The id of the member who wants to write.")],
    channel: Channels = None,
    degree: Degree = None,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    format: As = None,
) -> None:
    """List whom MEMBER reaches, and by which channels.

    Nearest first, then by id.
    """
    settings: Settings = context.obj
    from graph.questions import answers

    asked = _asked(settings, channel, degree, at, pack, as_tier)
    found = _answer(settings, answers.reach(member, **asked), REACHED, format)
    say("1 member is reached" if found == 1 else f"{found:,} members are reached")


def reached_by(
    context: typer.Context,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The id of the member to be reached.")],
    channel: Channels = None,
    degree: Degree = None,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    format: As = None,
) -> None:
    """List who reaches MEMBER, and by which channels.

    Nearest first, then by id. With --as-tier as if every sender were on that tier.
    """
    settings: Settings = context.obj
    from graph.questions import answers

    asked = _asked(settings, channel, degree, at, pack, as_tier)
    found = _answer(settings, answers.reached_by(member, **asked), REACHING, format)
    say("1 member reaches them" if found == 1 else f"{found:,} members reach them")


def _asked(
    settings: Settings, channel: Channels, degree: Degree, at: At, pack: PackName, as_tier: AsTier
) -> dict[str, Any]:
    return {
        "at": instant(at),
        "pack": pack or settings.pack,
        "as_tier": as_tier,
        "channels": channel or None,
        "max_degree": degree,
    }


def _answer(settings: Settings, asked: Query[list[Reached]], form: Form[Reached], format: As) -> int:
    with graph_of(settings) as database:
        answer = database.read(asked)
    emit(
        format,
        table=lambda: rows_table(
            list(form.columns),
            ((row.member, "" if row.degree is None else str(row.degree), ", ".join(row.channels)) for row in answer),
        ),
        frame=lambda: form.frame(answer),
        document=lambda: [form.document(row) for row in answer],
    )
    return len(answer)
