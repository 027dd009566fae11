"""The parts that all tests share."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import pytest

from api.main import run
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.loading import loading
from graph.rules import pack_store, rule_pack
from graph.sample import FOLDER
from graph.server.artifacts import KEEPS_PLANS, NEO4J, RELEASES, Release
from graph.server.server import RunningServer, Server
from graph.sources import open_source
from linkreach import connection
from linkreach.settings import Settings
from tests.support.terminal import Answer

BACK_END_HELP = """run on another Neo4j, and only the tests that need one:
embedded:VERSION, a release that has a lock;
a bolt:// or neo4j:// address of an empty graph, its password in LINKREACH_NEO4J_PASSWORD or …_PASSWORD_FILE;
container:IMAGE, or container alone for the image of the release that is embedded"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew` writes what golden tests compare with, instead of comparing; each says first that it is right."""
    parser.addoption("--renew", action="store_true", help="write golden files and generated tables anew")
    parser.addoption("--kill-points", type=int, default=5, metavar="N", help="kill loads at so many points")
    parser.addoption(
        "--fuzz-cases", type=int, default=5, metavar="N", help="try so many cases for each route of the API"
    )
    parser.addoption("--hostile", type=int, default=5, metavar="N", help="send so many hostile values, at most 500")
    parser.addoption("--mutants", default="0", metavar="N", help="let so many mutants of each kind live, or all")
    parser.addoption("--compose", action="store_true", help="run the containers of docker-compose.yml, too")
    parser.addoption("--wheel", action="store_true", help="install the wheel into an empty environment, and use it")
    parser.addoption("--every-saved-query", action="store_true", help="draw all of them in Chromium, not a few")
    parser.addoption("--neo4j", default="embedded", metavar="BACK_END", help=BACK_END_HELP)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A back end that is asked for gets the tests that ask for one; the others would say nothing new there."""
    kind, _, rest = _back_end(config)
    if kind == "embedded" and not rest:
        return

    def wants(item: pytest.Item) -> bool:
        asked = {*getattr(item, "fixturenames", ())}
        embedded_alone = asked & {"server", "mortal"}
        if kind == "embedded":
            return bool(embedded_alone or "address" in asked)
        return "address" in asked and not embedded_alone and not item.get_closest_marker("own_command")

    asks = {item: wants(item) for item in items}
    config.hook.pytest_deselected(items=[item for item in items if not asks[item]])
    items[:] = [item for item in items if asks[item]]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Whoever asks for a container wants to know that everything ran there: a skipped test fails the run."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    if _back_end(session.config)[0] == "container" and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _back_end(config: pytest.Config) -> tuple[str, str, str]:
    return str(config.getoption("--neo4j")).partition(":")


@pytest.fixture(scope="session")
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written instead of compared."""
    return bool(request.config.getoption("--renew"))


@pytest.fixture(scope="session")
def release(pytestconfig: pytest.Config) -> Release:
    """The release that the embedded server is of."""
    _, _, version = _back_end(pytestconfig)
    for each in RELEASES:
        if each.version == (version or NEO4J.version):
            return each
    pytest.exit(f"--neo4j: of Neo4j {version} there is no lock", pytest.ExitCode.USAGE_ERROR)


@pytest.fixture(scope="session")
def newest(address: Address) -> None:
    """For what is true of the release that linkreach comes with, and of no other: its plans, and how it imports."""
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        agent = driver.get_server_info().agent
    if agent != f"Neo4j/{NEO4J.version}":
        pytest.skip(f"linkreach comes with Neo4j {NEO4J.version}, and this is {agent}")


@pytest.fixture(scope="session")
def server(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The embedded server, for tests of itself; started once for the run, in a home of its own."""
    home = Server(tmp_path_factory.mktemp("home"), release.keeping_plans())
    try:
        yield home.start()
    finally:
        home.stop()


@pytest.fixture(scope="session")
def mortal(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An embedded server for tests that stop or kill it; each starts it."""
    server = Server(tmp_path_factory.mktemp("mortal"), release)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def address(request: pytest.FixtureRequest) -> Iterator[Address]:
    """Where a real Neo4j listens, of the back end that was asked for; its graph is the tests' to delete."""
    match _back_end(request.config):
        case "embedded", _, _:
            server: RunningServer = request.getfixturevalue("server")
            yield server.address
        case "container", _, image:
            with _container(image or f"neo4j:{NEO4J.version}") as address:
                yield address
        case parts:
            settings = Settings.read({"neo4j_uri": "".join(parts)})
            with _lent(connection.address(settings)) as address:
                yield address


@contextmanager
def _container(image: str) -> Iterator[Address]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TESTCONTAINERS_RYUK_DISABLED", "true")  # one image less to have
        from testcontainers.community.neo4j import Neo4jContainer

        container = Neo4jContainer(image, password=secrets.token_hex(16))
        for name, value in KEEPS_PLANS.items():
            container.with_env(f"NEO4J_{name.replace('_', '__').replace('.', '_')}", value)
        with container:
            yield Address(container.get_connection_url(), container.username, container.password)


@contextmanager
def _lent(address: Address) -> Iterator[Address]:
    """A server of somebody's own: no graph of theirs is deleted, and none of ours stays."""
    if _run(address, "MATCH (n) RETURN n LIMIT 1"):
        reason = f"the tests delete the graph that they run on, and the one at {address.uri} is not empty"
        pytest.exit(reason, pytest.ExitCode.USAGE_ERROR)
    yield address
    _run(address, "MATCH (n) DETACH DELETE n")


def _run(address: Address, text: str) -> list[neo4j.Record]:
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        return driver.execute_query(text, database_=address.database).records


@pytest.fixture(scope="session")
def connected(address: Address) -> Iterator[Database]:
    """That Neo4j, whatever its graph holds."""
    with Database(address) as database:
        yield database


@pytest.fixture(scope="session")
def emptied(connected: Database, address: Address) -> Callable[[], Database]:
    """Empties the graph, for tests that need that more than once."""

    def empty() -> Database:
        _run(address, "MATCH (n) DETACH DELETE n")
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
    for name in rule_pack.SHIPPED:
        database.write(pack_store.save_pack(rule_pack.shipped_pack(name)))
    tiers = database.read(pack_store.loaded_tiers())
    loading.load(database, open_source(FOLDER), tiers=tiers, reject=lambda reject: pytest.fail(str(reject)))
    return database


@pytest.fixture
def desk(address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, where commands ask that Neo4j, with its password from a file."""
    for name in [name for name in os.environ if name.startswith("LINKREACH_") or name in ("COLUMNS", "LINES")]:
        monkeypatch.delenv(name)
    password = tmp_path / "password"
    password.touch(mode=0o600)
    password.write_text(address.password + "\n", encoding="utf-8")
    monkeypatch.setenv("LINKREACH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LINKREACH_NEO4J_URI", address.uri)
    monkeypatch.setenv("LINKREACH_NEO4J_USER", address.user)
    monkeypatch.setenv("LINKREACH_NEO4J_PASSWORD_FILE", str(password))
    monkeypatch.setenv("LINKREACH_NEO4J_DATABASE", address.database or "")
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def linkreach(desk: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Types a command at the desk; it runs in this process, which is quick."""

    def typed(*arguments: object) -> Answer:
        assert Path.cwd() == desk
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        return Answer(code, *capsys.readouterr())

    return typed
