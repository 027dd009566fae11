"""What is in place, what is wrong, and what a question would be answered from; nothing is started for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph.errors import DatabaseError, LinkreachError, NothingLoaded
from linkreach.connection import embedded_server, running_graph
from linkreach.progress import Progress, untold
from linkreach.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, and what was found, or the error that it is wrong with."""

    what: str
    found: str | LinkreachError

    @property
    def healthy(self) -> bool:
        """Whether it is in place."""
        return isinstance(self.found, str)


@dataclass(frozen=True, slots=True)
class GraphSummary:
    """A graph in short; version 0: nothing was ever loaded."""

    version: int
    loading: bool
    members: int
    packs: tuple[str, ...]


def findings(settings: Settings) -> Iterator[Finding]:
    """Looks at the installation, the server and the graph."""
    checks: dict[str, Callable[[], str]] = {"linkreach": _program, "statements": _statements}
    if settings.neo4j_uri is None:
        checks |= {"server files": _server_files, "server": lambda: _server(settings)}
    checks["graph"] = lambda: _graph(settings)
    for what, look in checks.items():
        yield _finding(what, look)


def graph_summary(settings: Settings) -> GraphSummary | None:
    """The graph that questions would be answered from; None where the embedded server does not run."""
    from graph.driver import schema
    from graph.questions import members
    from graph.rules.pack_store import pack_hashes

    with running_graph(settings) as database:
        if database is None:
            return None
        state = database.read(schema.state())
        packs = database.read(pack_hashes())
        return GraphSummary(state.version, state.loading, database.read(members.size()), tuple(packs))


def fingerprint(settings: Settings, progress: Progress = untold) -> Finding:
    """The hash of the network in the graph, for which the embedded server is started where it does not run."""

    def look() -> str:
        from graph.driver.database import Database
        from graph.snapshot.fingerprint import fingerprint
        from linkreach.connection import address

        with Database(address(settings)) as database:
            return fingerprint(database, lambda label, done: progress(f"reading {label}", done, None))

    return _finding("fingerprint", look)


def _finding(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look())
    except LinkreachError as error:
        return Finding(what, error)


def _program() -> str:
    import platform
    from importlib.metadata import version

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
    paths = artifacts.class_path(artifacts.NEO4J)
    return f"all {len(paths)} of Neo4j {artifacts.NEO4J.version}, as locked, in {artifacts.store()}"


def _server(settings: Settings) -> str:
    running = embedded_server(settings).status()
    if running is None:
        return f"none runs for {settings.home}; a command that needs it starts it"
    return f"Neo4j {running.version}, process {running.pid}, {running.address.uri}, in {running.folder}"


def _graph(settings: Settings) -> str:
    summary = graph_summary(settings)
    if summary is None:
        return "not looked at, the server does not run"
    if summary.loading:
        raise DatabaseError(_load_under_way(settings))
    if not summary.version:
        raise NothingLoaded
    return f"version {summary.version}, {summary.members:,} members, packs {', '.join(summary.packs)}"


def _load_under_way(settings: Settings) -> str:
    from graph.loading.load_lock import loader

    with running_graph(settings) as database:
        other = None if database is None else database.read(loader())
    if other is not None and not other.dead:
        return f"a load is under way, of {other}: let it end"
    return "a load was cut short: load the same files again"
