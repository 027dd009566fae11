"""`linkreach reach` and `linkreach reached-by`: everybody on the other end of one member's channels."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from api.options import As, AsTier, At, Change, Names, PackName, Possible, Raw
from api.output import emit, say
from api.tables import reach_table
from linkreach.session import Session

if TYPE_CHECKING:
    from graph.world import World
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
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The member who wants to write: an id or a name.")],
    channel: Channels = None,
    degree: Degree = None,
    possible: Possible = False,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
    names: Names = False,
) -> None:
    """List whom MEMBER reaches, and by which channels.

    Nearest first, then by id.
    """
    from graph.questions.reach import ReachFilter

    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        found = session.reach(member, world, ReachFilter(tuple(channel or ()), degree, possible))
        _emit(session, world, found, format, raw, names)
    reached = len(found) - found.possible
    _say("1 member is reached" if reached == 1 else f"{reached:,} members are reached", found, possible)


def reached_by(
    context: typer.Context,
    member: Annotated[str, typer.Argument(metavar="MEMBER", help="The member to be reached: an id or a name.")],
    channel: Channels = None,
    degree: Degree = None,
    possible: Possible = False,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
    names: Names = False,
) -> None:
    """List who reaches MEMBER, and by which channels.

    Nearest first, then by id. With --as-tier as if every sender were on that tier.
    """
    from graph.questions.reach import ReachFilter

    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        found = session.reached_by(member, world, ReachFilter(tuple(channel or ()), degree, possible))
        _emit(session, world, found, format, raw, names)
    reaching = len(found) - found.possible
    _say("1 member reaches them" if reaching == 1 else f"{reaching:,} members reach them", found, possible)


def _emit(session: Session, world: World, found: ReachRows, format: As, raw: bool, names: bool) -> None:
    emit(
        format,
        raw=raw,
        table=lambda: reach_table(found, partial(session.names, world)),
        frame=lambda: found.frame,
        document=lambda: found.documents,
        named=partial(session.with_names, world=world) if names else None,
    )


def _say(what: str, found: ReachRows, possible: bool) -> None:
    say(what + (f", and {found.possible:,} more possibly" if possible else ""))
