"""From the settings to a graph that answers: the embedded server, started where it does not run, or one's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.output import say
from api.settings import Settings

if TYPE_CHECKING:
    from graph.driver.database import Address, Database
    from graph.server.server import Server


def address(settings: Settings) -> Address:
    """Where the graph is; starts the embedded server of the home if that is it, and leaves it running."""
    from graph.driver.database import Address
    from graph.server.server import Server

    if settings.neo4j_uri is None:
        return Server(settings.home).start(say).address
    return Address(settings.neo4j_uri, settings.neo4j_user, settings.password(), settings.neo4j_database)


def address_if_running(settings: Settings) -> Address | None:
    """Where the graph is, without starting anything: None where it is the embedded server, and that does not run."""
    from graph.server.server import Server

    if settings.neo4j_uri is not None:
        return address(settings)
    running = Server(settings.home).status()
    return running.address if running else None


def embedded_server(settings: Settings) -> Server | None:
    """The embedded server, running or not, where that is what the settings mean."""
    from graph.server.server import Server

    return Server(settings.home) if settings.neo4j_uri is None else None


@contextmanager
def graph_of(settings: Settings) -> Iterator[Database]:
    """The graph, open for questions. Raises ServerError, DatabaseUnavailable and AccessDenied."""
    from graph.driver.database import Database

    with Database(address(settings)) as database:
        if settings.neo4j_uri is not None:
            database.verify()
        yield database
