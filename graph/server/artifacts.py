"""What the embedded server is made of: the jars of a Neo4j release, each held to the hash in its committed lock.

The jars lie in one store in the user's cache, shared by all homes and laid out as Maven does.
Where some are missing, `jgo` fetches exactly those; what is not in the lock is never fetched and never run.
`python -m graph.server.artifacts` writes the locks anew, after a change of a version below.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from graph.cache import cache_folder, make_cache_folder
from graph.errors import ArtifactsCorrupt, ArtifactsMissing
from graph.files.private import make_private_folder, staging

_log = logging.getLogger(__name__)


_JARS = "jars"
_DOWNLOADS_AT_ONCE = 8


KEEPS_PLANS = {
    "dbms.cypher.statistics_divergence_threshold": "1.0",
    "internal.cypher.use_parameter_size": "false",
}


@dataclass(frozen=True, slots=True)
class Release:
    """A Neo4j that can be embedded: its version, the class to run, and the settings that not every release knows."""

    version: str
    main_class: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The Maven coordinates that it grows from."""
        return (
            f"org.neo4j:neo4j:{self.version}",
            f"org.neo4j.app:neo4j-server:{self.version}",
            "org.neo4j.client:neo4j-browser:5.24.0",
        )

    def keeping_plans(self) -> Release:
        """The same, for many small graphs that come and go: Neo4j would plan every statement anew for each of them."""
        return replace(self, settings={**self.settings, **KEEPS_PLANS})

    @property
    def lock(self) -> Path:
        """The committed lock file, in jgo's own format."""
        return Path(__file__).with_name(f"neo4j-{self.version}.lock")


NEO4J = Release(
    version="2026.08.1",
    main_class="org.neo4j.server.Neo4jCommunity",
    settings={
        "dbms.fleet_manager.enabled": "false",
        "server.fleet_discovery.enabled": "false",
        "server.http.x_forward.enabled": "false",
        # Ends at once instead of after ten seconds of listening for late guests.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
    },
)
"""The release that linkreach embeds."""

NEO4J_LTS = Release(version="5.26.30", main_class="org.neo4j.server.CommunityEntryPoint")
"""The long-term release, for the tests: users may have it, though its makers do not support it on Java 25."""

RELEASES = (NEO4J, NEO4J_LTS)


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked file: its Maven coordinate, its place below a Maven repository, its hash in hexadecimal."""

    coordinate: str
    path: Path
    sha256: str


def locked(release: Release) -> list[Jar]:
    """Every jar of the release, in the order of its lock."""
    jars = []
    for entry in tomllib.loads(release.lock.read_text(encoding="utf-8"))["dependencies"]:
        group, name, version = entry["groupId"], entry["artifactId"], entry["version"]
        tail = [entry["classifier"]] if "classifier" in entry else []
        file = "-".join([name, version, *tail]) + ".jar"
        coordinate = ":".join([group, name, "jar", *tail, version])
        jars.append(Jar(coordinate, Path(*group.split("."), name, version, file), entry["sha256"]))
    return jars


def store() -> Path:
    """The folder of the cached jars; it need not exist yet."""
    return cache_folder(_JARS)


def missing(release: Release) -> list[Jar]:
    """The jars of the release that are not in the store."""
    return [jar for jar in locked(release) if not (store() / jar.path).is_file()]


def class_path(release: Release) -> list[Path]:
    """The release's jars, fetched where they are missing, all checked against the lock just now.

    Raises ArtifactsMissing and ArtifactsCorrupt.
    """
    if missing(release):
        _fetch(release)
    return _verified(locked(release))


def _verified(jars: Iterable[Jar]) -> list[Path]:
    def verified(jar: Jar) -> Path:
        path = store() / jar.path
        try:
            sound = _sha256(path) == jar.sha256
        except OSError as error:
            raise ArtifactsCorrupt(f"{path} cannot be read ({error.strerror}): delete it and try again") from error
        if not sound:
            raise ArtifactsCorrupt(
                f"{path} is not the file that linkreach was made with (its SHA-256 differs from the lock): "
                "delete it and try again, it will be fetched anew"
            )
        return path

    with ThreadPoolExecutor() as pool:
        return list(pool.map(verified, jars))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch(release: Release) -> None:
    """Brings the missing jars into the store; every file appears there whole and sound, or not at all."""
    from requests import RequestException

    try:
        make_cache_folder(_JARS)
        with FileLock(store() / "fetch.lock"), staging(store()) as stage:
            _fetch_by_way_of(stage, missing(release), release.version)
    except (RequestException, RuntimeError) as error:  # RuntimeError: jgo found no repository that has the file
        raise ArtifactsMissing(
            f"the files of Neo4j {release.version} are not all in {store()} and cannot be fetched ({_root(error)}): "
            "connect this machine to the network once and try again, or copy that folder from a machine that has it"
        ) from error
    except OSError as error:
        raise ArtifactsMissing(
            f"the files of Neo4j {release.version} cannot be stored ({error}): make room in {store()}, "
            "or make it a folder that you may write to, and try again"
        ) from error


def _fetch_by_way_of(staging: Path, jars: list[Jar], version: str) -> None:
    from jgo.maven import MavenContext  # a quarter of a second that a filled store does not pay

    maven = MavenContext(repo_cache=staging)

    def fetch(jar: Jar) -> None:
        file = maven.create_dependency(jar.coordinate).artifact.resolve()
        if _sha256(file) != jar.sha256:
            raise ArtifactsCorrupt(
                f"{file.name}, fetched just now, is not the file that linkreach was made with (its SHA-256 differs "
                "from the lock): something on the way changes files, try again on another network"
            )
        place = store() / jar.path
        make_private_folder(place.parent)
        file.replace(place)

    _log.info(f"fetching Neo4j {version}, once for this machine: {len(jars)} files, up to 200 MB")
    pool = ThreadPoolExecutor(_DOWNLOADS_AT_ONCE)
    try:
        for done, download in enumerate(as_completed([pool.submit(fetch, jar) for jar in jars]), 1):
            download.result()
            if done % 25 == 0 or done == len(jars):
                _log.info(f"fetching Neo4j {version}: {done} of {len(jars)} files")
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # what is under way ends in a folder that is gone


def _root(error: BaseException) -> str:
    """What was wrong first; the layers above it only repeat it at length."""
    while deeper := error.__cause__ or error.__context__:
        error = deeper
    return str(error).partition("\n")[0]


def lock_anew(release: Release) -> None:
    """Resolves the release's coordinates from scratch and writes its lock; needs the network and some minutes."""
    from jgo.env import LockFile
    from jgo.maven import MavenContext

    with tempfile.TemporaryDirectory() as cache:
        maven = MavenContext(repo_cache=Path(cache))
        roots, others = maven.resolver.resolve([maven.create_dependency(each) for each in release.coordinates])
        needed = [*roots, *(each for each in others if each.scope in ("compile", "runtime"))]
        needed.sort(key=lambda each: each.artifact.key)
        LockFile.from_resolved_dependencies(needed, environment_name=f"neo4j-{release.version}").save(release.lock)


if __name__ == "__main__":
    for each in RELEASES:
        lock_anew(each)
