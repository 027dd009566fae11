"""`linkreach doctor`: is everything in place, and if not, what to do."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated

import typer

from api.connection import address_if_running, graph_of
from api.output import progress_bar
from api.settings import Settings
from graph.errors import LinkreachError

WRONG = 2


def doctor(
    context: typer.Context,
    fingerprint: Annotated[
        bool,
        typer.Option("--fingerprint", help="Also hash the network in the graph: the same network, the same hash."),
    ] = False,
) -> None:
    """Say what is in place, what is wrong, and what to do about it.

    Looks at the installation, the server and the graph, and starts nothing (but with --fingerprint the server).

    Exit code: 0 all is well, 2 something is wrong.
    """
    settings: Settings = context.obj
    checks: list[tuple[str, Callable[[], str]]] = [("linkreach", _program), ("statements", _statements)]
    if settings.neo4j_uri is None:
        checks += [("server files", _server_files), ("server", lambda: _server(settings))]
    checks += [("graph", lambda: _graph(settings))]
    if fingerprint:
        checks += [("fingerprint", lambda: _fingerprint(settings))]
    healthy = True
    for what, look in checks:
        try:
            typer.echo(f"ok     {what}: {look()}")
        except LinkreachError as error:
            healthy = False
            typer.echo(f"wrong  {what}: {error}")
    if not healthy:
        raise typer.Exit(WRONG)


def _program() -> str:
    return f"{version('linkreach')} on Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _statements() -> str:
    from graph.driver import statements

    names = statements.names()
    for name in names:
        statements.statement(name)
    return f"{len(names)} in cypher/, headers and texts agree"


def _server_files() -> str:
    from graph.server import artifacts

    absent = artifacts.missing(artifacts.NEO4J)
    if absent:
        return f"{len(absent)} of Neo4j {artifacts.NEO4J.version} are not here yet; the first start fetches them"
    paths = artifacts.class_path(artifacts.NEO4J, lambda _: None)
    return f"all {len(paths)} of Neo4j {artifacts.NEO4J.version}, as locked, in {artifacts.store()}"


def _server(settings: Settings) -> str:
    from graph.server.server import Server

    running = Server(settings.home).status()
    if running is None:
        return f"none runs for {settings.home}; a command that needs it starts it"
    return f"Neo4j {running.version}, process {running.pid}, {running.address.uri}, in {running.folder}"


def _graph(settings: Settings) -> str:
    from graph.driver import schema
    from graph.driver.database import Database
    from graph.errors import DatabaseError
    from graph.loading import load_lock
    from graph.questions import members
    from graph.rules import rulepack

    address = address_if_running(settings)
    if address is None:
        return "not looked at, the server does not run"
    with Database(address, retry_seconds=0) as database:
        database.verify()
        state = database.read(schema.state())
        size = database.read(members.size())
        packs = database.read(rulepack.loaded_packs())
        loader = database.read(load_lock.loader())
    if state.loading:
        if loader is not None and not loader.dead:
            raise DatabaseError(f"a load is under way, of {loader}: let it end")
        raise DatabaseError("a load was cut short: load the same files again")
    if not state.version:
        return "empty; load a network: linkreach load PATH"
    return f"version {state.version}, {size:,} members, packs {', '.join(packs)}"


def _fingerprint(settings: Settings) -> str:
    from graph.snapshot.fingerprint import fingerprint

    with graph_of(settings) as database, progress_bar() as progress:
        return fingerprint(database, lambda label, done: progress(f"reading {label}", done, None))
