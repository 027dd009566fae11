"""`linkreach reach` and `linkreach reached-by`: everybody on the other end of one member's channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.options import As, AsTier, At, Change, PackName, Raw
from api.output import emit, rows_table, say
from linkreach.session import Session

if TYPE_CHECKING:
    from linkreach.rows import ReachRows

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
    change: Change = None,
    format: As = None,
    raw: Raw = False,
) -> None:
    """List whom MEMBER reaches, and by which channels.

    Nearest first, then by id.
    """
    from graph.questions.reach import ReachFilter

    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        found = session.reach(member, world, ReachFilter(tuple(channel or ()), degree))
    _emit(found, format, raw)
    say("1 member is reached" if len(found) == 1 else f"{len(found):,} members are reached")


def reached_by(
    context: typer.Context,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The id of the member to be reached.")],
    channel: Channels = None,
    degree: Degree = None,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
) -> None:
    """List who reaches MEMBER, and by which channels.

    Nearest first, then by id. With --as-tier as if every sender were on that tier.
    """
    from graph.questions.reach import ReachFilter

    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        found = session.reached_by(member, world, ReachFilter(tuple(channel or ()), degree))
    _emit(found, format, raw)
    say("1 member reaches them" if len(found) == 1 else f"{len(found):,} members reach them")


def _emit(found: ReachRows, format: As, raw: bool) -> None:
    emit(
        format,
        raw=raw,
        table=lambda: rows_table(
            (found.other, "degree", "channels"),
            ((row.member, "" if row.degree is None else str(row.degree), ", ".join(row.channels)) for row in found),
        ),
        frame=lambda: found.frame,
        document=lambda: found.documents,
    )
