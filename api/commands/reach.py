"""`linkreach reach`: everybody whom one member reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.connection import graph_of
from api.options import As, AsTier, At, PackName, instant
from api.output import emit, say
from api.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from graph.answers import Reached


def reach(
    context: typer.Context,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The id of the member who wants to write.")],
    channel: Annotated[
        list[str] | None,
        typer.Option(
            help="Ask for this channel, of any kind; may repeat. Default: all of kind message, request and paid.",
            metavar="CHANNEL",
        ),
    ] = None,
    degree: Annotated[int | None, typer.Option(min=1, max=3, help="At most this far away.")] = None,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    format: As = None,
) -> None:
    """List whom MEMBER reaches, and by which channels.

    Nearest first, then by id.
    """
    settings: Settings = context.obj
    from graph.answers import reach as question

    asked = question(
        member,
        at=instant(at),
        pack=pack or settings.pack,
        as_tier=as_tier,
        channels=channel or None,
        max_degree=degree,
    )
    with graph_of(settings) as database:
        answer = database.read(asked)
    emit(format, table=lambda: _table(answer), frame=lambda: _frame(answer), document=lambda: _document(answer))
    say("1 member is reached" if len(answer) == 1 else f"{len(answer):,} members are reached")


def _document(answer: list[Reached]) -> list[dict[str, Any]]:
    return [{"recipient": row.recipient, "degree": row.degree, "channels": list(row.channels)} for row in answer]


def _frame(answer: list[Reached]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "recipient": [row.recipient for row in answer],
            "degree": [row.degree for row in answer],
            "channels": [";".join(row.channels) for row in answer],
        }
    )
    return frame.astype({"recipient": "str", "degree": "Int64", "channels": "str"})


def _table(answer: list[Reached]) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("recipient", "degree", "channels"):
        table.add_column(heading, overflow="fold")
    for row in answer:
        table.add_row(row.recipient, "" if row.degree is None else str(row.degree), ", ".join(row.channels))
    return table
