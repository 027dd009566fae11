"""`linkreach backup` and `linkreach restore`: the embedded server's graph in one file."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from api.output import put, say
from linkreach.session import Session


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
) -> None:
    """Write the graph of the embedded server into a file.

    The network and the rule packs are in it, and only you may read it; Neo4j's own tools read it, too.
    The server is stopped for it, and started again.
    """
    started = monotonic()
    Session(context.obj).backup(file)
    put(file)
    say(f"{file.stat().st_size:,} bytes, after {monotonic() - started:.1f} s")


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What linkreach backup wrote.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Let the graph go that is there, the network and its rule packs.")
    ] = False,
) -> None:
    """Put a backup in place of the graph of the embedded server.

    The old graph stays until the new one is whole.
    """
    started = monotonic()
    state = Session(context.obj).restore(file, replace=replace)
    say(f"the graph is at version {state.version}, after {monotonic() - started:.1f} s")
