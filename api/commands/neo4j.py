"""`linkreach neo4j`: the embedded server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from api.output import say
from api.settings import Settings

if TYPE_CHECKING:
    from graph.server import Running

app = typer.Typer()


@app.command(epilog="Example: linkreach neo4j start")
def start(context: typer.Context) -> None:
    """Start the server, or join the one that runs.

    Says where it listens.
    """
    from graph.server import Server

    settings: Settings = context.obj
    _describe(Server(settings.home).start(say))


@app.command(epilog="Example: linkreach neo4j stop")
def stop(context: typer.Context) -> None:
    """Stop the server and wait until it has ended; the graph stays."""
    from graph.server import Server

    settings: Settings = context.obj
    stopped = Server(settings.home).stop(say)
    say("stopped" if stopped else f"no server runs for {settings.home}")


@app.command(epilog="Example: linkreach neo4j status")
def status(context: typer.Context) -> None:
    """Say whether the server runs, and where.

    Exit code: 0 it runs, 1 it does not, 2 an error.
    """
    from graph.server import Server

    settings: Settings = context.obj
    running = Server(settings.home).status()
    if running is None:
        say(f"no server runs for {settings.home}: linkreach neo4j start")
        raise typer.Exit(1)
    _describe(running)


@app.command(epilog="Example: linkreach neo4j browser")
def browser(context: typer.Context) -> None:
    """Open Neo4j Browser on the graph.

    Starts the server where it does not run; piped, only prints the address.
    """
    from graph.server import Server

    settings: Settings = context.obj
    running = Server(settings.home).start(say)
    _describe(running)
    if sys.stdout.isatty():
        typer.launch(running.browser_url)


def _describe(running: Running) -> None:
    from graph.server import USER

    typer.echo(f"Neo4j {running.version}, process {running.pid}")
    typer.echo(f"Neo4j Browser  {running.browser_url}")
    typer.echo(f"Bolt           {running.address.uri}")
    typer.echo(f"user           {USER}")
    typer.echo(f"password       in {running.folder / 'password'}")
