"""`linkreach reach-sets`: whom many senders reach, one by one, in a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import At, Change, Names, PackName
from api.output import progress_bar, say
from linkreach.session import Session


def reach_sets(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The Parquet file to write.")],
    member: Annotated[
        list[str] | None,
        typer.Option(metavar="MEMBER", help="A sender: an id or a name; may repeat. Default: everybody."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Take the senders of a segment of this column (tier: the effective one) …"),
    ] = None,
    segment: Annotated[str | None, typer.Option(metavar="VALUE", help="… which has this value.")] = None,
    degree: Annotated[
        int | None, typer.Option(min=1, max=3, help="Recipients at most this far away; everybody's sets need 1 or 2.")
    ] = None,
    at: At = None,
    pack: PackName = None,
    change: Change = None,
    names: Names = False,
) -> None:
    """Write whom many senders reach, one by one.

    A row for each pair that is reachable: sender, recipient, degree and channels, in the order of the ids.
    Computed at once, by the bulk engine.
    """
    from linkreach.reach_sets import Senders

    with Session(context.obj) as session, progress_bar() as progress:
        senders = Senders(tuple(member or ()), by, segment)
        world = session.world(at=at, pack=pack, change=change)
        rows = session.reach_sets(file, senders, world, max_degree=degree, with_names=names, progress=progress)
    say(f"{rows:,} pairs that are reachable are in {file}")
