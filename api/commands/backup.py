"""`linkreach backup` and `linkreach restore`: the embedded server's graph in one file."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import embedded_server
from api.output import say
from api.settings import Settings
from graph.errors import InvalidInput

if TYPE_CHECKING:
    from graph.server.server import Server


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")],
) -> None:
    """Write the graph of the embedded server into a file.

    The network and the rule packs are in it, and only you may read it; Neo4j's own tools read it, too.
    The server is stopped for it, and started again.
    """
    settings: Settings = context.obj
    from graph.server.backup import back_up

    server = _embedded(settings)
    started = monotonic()
    back_up(server, file, say)
    typer.echo(file)
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
    settings: Settings = context.obj
    from graph.server.backup import restore

    server = _embedded(settings)
    started = monotonic()
    state = restore(server, file, replace=replace, say=say)
    say(f"the graph is at version {state.version}, after {monotonic() - started:.1f} s")


def _embedded(settings: Settings) -> Server:
    server = embedded_server(settings)
    if server is None:
        raise InvalidInput(
            "only the embedded server is backed up by linkreach; "
            "for a Neo4j of your own take its own tools: neo4j-admin database dump and load"
        )
    return server
