"""`linkreach neo4j`: the embedded server."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import interruption
from api.output import put, say
from graph.errors import InvalidInput
from linkreach.settings import Settings

if TYPE_CHECKING:
    from graph.server.server import RunningServer, Server

app = typer.Typer()


@app.command(epilog="Example: linkreach neo4j start")
def start(context: typer.Context) -> None:
    """Start the server, or join the one that runs.

    Says where it listens.
    """
    _describe(_server(context.obj).start())


@app.command(epilog="Example: linkreach neo4j stop")
def stop(context: typer.Context) -> None:
    """Stop the server and wait until it has ended; the graph stays."""
    settings: Settings = context.obj
    stopped = _server(settings).stop()
    say("stopped" if stopped else f"no server runs for {settings.home}")


@app.command(epilog="Example: linkreach neo4j status")
def status(context: typer.Context) -> None:
    """Say whether the server runs, and where.

    Exit code: 0 it runs, 1 it does not, 2 an error.
    """
    settings: Settings = context.obj
    running = _server(settings).status()
    if running is None:
        say(f"no server runs for {settings.home}: linkreach neo4j start")
        raise typer.Exit(1)
    _describe(running)


@app.command(epilog="Example: linkreach neo4j browser --guide")
def browser(
    context: typer.Context,
    guide: Annotated[
        bool, typer.Option("--guide", help="With the guide beside: slides that start from questions; ends with Ctrl-C.")
    ] = False,
    files: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Only write the saved queries and the style, to be dragged into any Browser."),
    ] = None,
) -> None:
    """Open Neo4j Browser on the graph.

    Starts the server where it does not run; piped, only prints the address.
    """
    settings: Settings = context.obj
    if files is not None:
        _write_browser_files(files)
        return
    if not guide:
        if settings.neo4j_uri is not None:
            raise InvalidInput(
                "LINKREACH_NEO4J_URI is set: open the Browser of that server, and say --files DIR for saved queries"
            )
        _open(settings, lambda url: url)
        return
    from api.guide_server import GuideServer

    with GuideServer() as server:
        if settings.neo4j_uri is None:
            _open(settings, server.beside)
        put(f"guide          :guide {server.guide_url}")
        say("the guide is there until you end this command with Ctrl-C")
        try:
            server.serve()
        except KeyboardInterrupt:
            interruption.answered()


def _server(settings: Settings) -> Server:
    """The embedded server of the home, whatever Neo4j questions go to."""
    from graph.server.server import Server

    return Server(settings.home)


def _open(settings: Settings, address: Callable[[str], str]) -> None:
    running = _server(settings).start()
    _describe(running)
    if sys.stdout.isatty():
        typer.launch(address(running.browser_url))


def _write_browser_files(folder: Path) -> None:
    from graph.files.private import make_private_folder, write_private
    from graph.files.regular import require_replaceable
    from graph.server import browser

    make_private_folder(folder)
    for name, content in ((browser.QUERIES, browser.queries_zip()), (browser.STYLE, browser.style().encode())):
        require_replaceable(folder / name)
        write_private(folder / name, content)
        put(folder / name)


def _describe(running: RunningServer) -> None:
    from graph.server.server import USER

    put(f"Neo4j {running.version}, process {running.pid}")
    put(f"Neo4j Browser  {running.browser_url}")
    put(f"Bolt           {running.address.uri}")
    put(f"user           {USER}")
    put(f"password       in {running.folder / 'password'}")
