"""From the settings to a graph that answers: the embedded server, started where it does not run, or one's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graph.errors import NotEmbedded
from linkreach.settings import Settings

if TYPE_CHECKING:
    from graph.driver.connection import Address
    from graph.driver.database import Database
    from graph.server.server import Server


def address(settings: Settings) -> Address:
    """Where the graph is; starts the embedded server of the home if that is it, and leaves it running."""
    from graph.driver.connection import Address

    if settings.neo4j_uri is None:
        return embedded_server(settings).start().address
    return Address(settings.neo4j_uri, settings.neo4j_user, settings.password(), settings.neo4j_database)


def address_if_running(settings: Settings) -> Address | None:
    """Where the graph is, without starting anything: None where it is the embedded server, and that does not run."""
    if settings.neo4j_uri is not None:
        return address(settings)
    running = embedded_server(settings).status()
    return running.address if running else None


def embedded_server(settings: Settings) -> Server:
    """The embedded server of the home, running or not; raises NotEmbedded where the settings name another one."""
    from graph.server.server import Server

    if settings.neo4j_uri is not None:
        raise NotEmbedded(f"the graph is at {settings.neo4j_uri}, and not in the embedded server")
    return Server(settings.home)


@contextmanager
def running_graph(settings: Settings) -> Iterator[Database | None]:
    """The graph if it answers, without starting anything; None where the embedded server does not run."""
    from graph.driver.database import Database

    found = address_if_running(settings)
    if found is None:
        yield None
        return
    with Database(found, retry_seconds=0) as database:
        database.verify()
        yield database
