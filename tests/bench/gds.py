"""An embedded server with Graph Data Science in it, for a measurement: its jars in the plugins folder and on the path.

`python -m tests.bench.gds` writes the lock anew, after a change of the version.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.driver.database import Database
from graph.errors import ArtifactsMissing
from graph.server import artifacts
from graph.server.artifacts import NEO4J, Release
from graph.server.server import Server
from tests.bench.servers import say

VERSION = "2.26.0"


class Gds(Release):
    """Graph Data Science, as far as it is not in Neo4j already."""

    @property
    def coordinates(self) -> tuple[str, ...]:
        return tuple(f"org.neo4j.gds:{name}:{self.version}" for name in ("proc", "opengds-extension"))

    @property
    def lock(self) -> Path:
        return Path(__file__).with_name(f"gds-{self.version}.lock")


GDS = Gds(VERSION, main_class="")


class ServerWithJars(Server):
    """A server with more on its class path than the release."""

    def __init__(self, home: Path, release: Release, jars: list[Path]) -> None:
        super().__init__(home, release)
        self._jars = jars

    def _write_class_path(self, jars: list[Path]) -> None:
        super()._write_class_path([*jars, *self._jars])
        plugins = self.folder / "plugins"
        plugins.mkdir(exist_ok=True)
        for jar in self._jars:
            shutil.copy(jar, plugins)


@contextmanager
def own_server() -> Iterator[tuple[Server, Database]]:
    """A server with an empty graph, and with GDS where its jars are here or can be fetched."""
    try:
        jars = artifacts.class_path(GDS)
    except ArtifactsMissing as error:
        say(f"GDS is left out: {error}")
        jars = []
    allowed = {"dbms.security.procedures.unrestricted": "gds.*"} if jars else {}
    release = replace(NEO4J, settings={**NEO4J.settings, **allowed})
    with TemporaryDirectory(prefix="linkreach-bench-") as home:
        server = ServerWithJars(Path(home), release, jars)
        try:
            with Database(server.start().address) as database:
                yield server, database
        finally:
            server.stop()


def lock_anew() -> None:
    """Resolves GDS from scratch and writes what Neo4j does not bring already."""
    from jgo.env import LockFile
    from jgo.maven import MavenContext

    there = {tuple(jar.coordinate.split(":")[:2]) for jar in artifacts.locked(NEO4J)}
    with TemporaryDirectory() as cache:
        maven = MavenContext(repo_cache=Path(cache))
        roots, others = maven.resolver.resolve([maven.create_dependency(each) for each in GDS.coordinates])
        needed = [*roots, *(each for each in others if each.scope in ("compile", "runtime"))]
        needed = [each for each in needed if tuple(each.artifact.key[:2]) not in there]
        needed.sort(key=lambda each: each.artifact.key)
        LockFile.from_resolved_dependencies(needed, environment_name=f"gds-{VERSION}").save(GDS.lock)


if __name__ == "__main__":
    lock_anew()
