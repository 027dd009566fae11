"""The parts that all tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import neo4j
import pytest

from graph import loading, rulepack, schema
from graph.database import Database
from graph.sample import FOLDER
from graph.server import Running, Server
from graph.sources import open_source


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew` writes what golden tests compare with, instead of comparing; each says first that it is right."""
    parser.addoption("--renew", action="store_true", help="write golden files and generated tables anew")


@pytest.fixture(scope="session")
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--renew"))


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A real Neo4j, started once for the run, in a home of its own; its files come from the user's cache."""
    say = request.config.pluginmanager.getplugin("terminalreporter").write_line
    home = Server(tmp_path_factory.mktemp("home"))
    try:
        yield home.start(say)
    finally:
        home.stop(say)


@pytest.fixture(scope="session")
def connected(server: Running) -> Iterator[Database]:
    """The session's server, whatever its graph holds."""
    with Database(server.address) as database:
        yield database


@pytest.fixture(scope="session")
def emptied(connected: Database, server: Running) -> Callable[[], Database]:
    """Empties the graph, for tests that need that more than once."""
    address = server.address

    def empty() -> Database:
        with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            driver.execute_query("MATCH (n) DETACH DELETE n")
        schema.apply(connected)
        return connected

    return empty


@pytest.fixture
def database(emptied: Callable[[], Database]) -> Database:
    """An empty graph that has its constraints."""
    return emptied()


@pytest.fixture
def sample(database: Database) -> Database:
    """A graph that holds the sample network and the packs that ship."""
    return _with_sample(database)


@pytest.fixture(scope="module")
def module_sample(emptied: Callable[[], Database]) -> Database:
    """The same, once for a module whose tests only look."""
    return _with_sample(emptied())


def _with_sample(database: Database) -> Database:
    for name in rulepack.SHIPPED:
        database.write(rulepack.save_pack(rulepack.shipped_pack(name)))
    tiers = database.read(rulepack.loaded_tiers())
    loading.load(database, open_source(FOLDER), tiers=tiers, reject=lambda reject: pytest.fail(str(reject)))
    return database
