"""`linkreach export`: the network as a file that other programs open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import At, Change, PackName
from api.output import progress_bar, say
from graph.errors import InvalidInput
from linkreach.session import Session

NEAR = 2


def export(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write; its name ends in .graphml, .gexf or .parquet.")
    ],
    around: Annotated[str | None, typer.Option(metavar="ID", help="Whoever is near this member; default: all.")] = None,
    degree: Annotated[
        int | None,
        typer.Option(min=1, max=3, help="Near is at most so far away.", show_default=f"{NEAR}, around a member"),
    ] = None,
    at: At = None,
    pack: PackName = None,
    change: Change = None,
) -> None:
    """Write the network as a file that Gephi, yEd or pandas opens.

    Members have degrees, tiers and reach as attributes, as the report member_reach has them.
    """
    from linkreach.exporting import Around

    if degree is not None and around is None:
        raise InvalidInput("a degree is one from a member: say --around ID, too")
    with Session(context.obj) as session, progress_bar() as progress:
        done = session.export(
            file,
            session.world(at=at, pack=pack, change=change),
            around=None if around is None else Around(around, degree or NEAR),
            progress=progress,
        )
    say(f"{done.members:,} members and {done.connections:,} connections are in {file}")
