"""`linkreach forget`: a member goes, and no later load brings them back."""

from __future__ import annotations

from typing import Annotated

import typer

from api.output import put, say
from linkreach.session import Session


def forget(
    context: typer.Context,
    members: Annotated[
        list[str] | None,
        typer.Argument(metavar="MEMBER", help="Who is to be forgotten: ids or whole names.", show_default=False),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List the hashes of those who were forgotten.")] = False,
    undo: Annotated[
        str | None, typer.Option("--undo", metavar="HASH", help="Let later loads bring back whom this hash is of.")
    ] = None,
) -> None:
    """Take members out of the graph with all their ties, for good.

    What stays of each is a hash of the id under a key of this graph: later loads set rows about them aside.
    Backups, snapshots and reports made before still hold them.
    """
    if sum((bool(members), show, undo is not None)) != 1:
        raise typer.BadParameter("name members, or say --list, or --undo HASH", param_hint="MEMBER")
    with Session(context.obj) as session:
        if show:
            for forgotten in session.forgotten():
                put(f"{forgotten.hash}  {forgotten.since}")
        elif undo is not None:
            session.remember(undo)
            say("later loads may bring this member back")
        else:
            for gone in session.forget(members or []):
                put(gone.hash)
                say(f"forgotten: {gone}")
            say("backups, snapshots and reports made before still hold them")
