"""Backup and restore: the same graph as before, whole or not at all, and nothing lost that nobody gave up."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.errors import GraphChanged, InvalidInput, LoadRunning, ServerFailed
from graph.loading.load_lock import load_lock
from graph.loading.loading import load
from graph.rules import pack_store, rule_pack
from graph.server.backup import back_up, restore
from graph.server.java import ADMIN_TOOL
from graph.server.server import Server
from graph.snapshot.fingerprint import fingerprint
from graph.sources import open_source
from tests.support.paths import NATIVE, ROOT
from tests.support.terminal import Answer

OTHER = "id,name,tier_expires_at\n\U0001f98a,Ada,2026-01-01\n\uff5a,Bo,\n"


def filled(database: Database, folder: Path) -> str:
    """The fingerprint of a graph that has a network and the packs that ship."""
    for name in rule_pack.SHIPPED:
        database.write(pack_store.save_pack(rule_pack.shipped_pack(name)))
    tiers = database.read(pack_store.loaded_tiers())
    load(database, open_source(folder), tiers=tiers, reject=lambda _: None, replace=True)
    return fingerprint(database)


@dataclass(frozen=True)
class BackedUp:
    """A server with a graph of now, a backup of the one before, and what was known of that."""

    server: Server
    file: Path
    fingerprint: str
    packs: dict[str, str]
    version: int


@pytest.fixture(scope="module")
def before(mortal: Server, tmp_path_factory: pytest.TempPathFactory) -> BackedUp:
    """A backup of one network, in the graph of another."""
    file = tmp_path_factory.mktemp("backups") / "monday.dump"
    with Database(mortal.start().address) as database:
        database.explain("MATCH (n) DETACH DELETE n", {}, profile=True)
        expected = filled(database, NATIVE)
        packs = database.read(pack_store.pack_hashes())
        version = database.read(schema.state()).version
    back_up(mortal, file)
    other = tmp_path_factory.mktemp("other")
    (other / "members.csv").write_text(OTHER, encoding="utf-8")
    with Database(mortal.start().address) as database:
        database.explain("MATCH (pack:RulePack) DETACH DELETE pack", {}, profile=True)
        assert expected != filled(database, other)
    return BackedUp(mortal, file, expected, packs, version)


@pytest.fixture
def now(before: BackedUp) -> Iterator[Database]:
    with Database(before.server.start().address) as database:
        yield database


@pytest.fixture
def unchanged(now: Database) -> Iterator[None]:
    """The graph is the same afterwards, and its server runs."""
    expected = fingerprint(now), now.read(schema.state())
    yield
    assert expected == (fingerprint(now), now.read(schema.state()))


def test_a_backup_is_one_file_that_only_its_owner_reads(before: BackedUp) -> None:
    assert [before.file] == list(before.file.parent.iterdir())
    assert 0o600 == stat.S_IMODE(before.file.stat().st_mode)


@pytest.mark.usefixtures("unchanged")
def test_a_backup_replaces_no_file(before: BackedUp) -> None:
    kept = before.file.read_bytes()
    with pytest.raises(InvalidInput, match="is there already"):
        back_up(before.server, before.file)
    assert kept == before.file.read_bytes()


BACKUP = """
import logging, sys
from pathlib import Path
from graph.server.backup import back_up
from graph.server.server import Server
logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stdout)
back_up(Server(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.mark.usefixtures("unchanged")
def test_what_a_killed_backup_leaves_goes_with_the_next(before: BackedUp, tmp_path: Path) -> None:
    home, file = before.server.folder.parent, tmp_path / "monday.dump"
    command = [sys.executable, "-c", BACKUP, str(home), str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while "writing the backup" not in process.stdout.readline():
            assert process.poll() is None
        process.kill()
    assert 1 == len([*tmp_path.iterdir()])
    back_up(before.server, file)
    assert [file] == [*tmp_path.iterdir()]
    tools = [each for each in psutil.process_iter(["cmdline"]) if ADMIN_TOOL in (each.info["cmdline"] or [])]
    assert [] == [each for each in tools if each.environ().get("NEO4J_HOME") == str(before.server.folder)]


@pytest.mark.parametrize("file", ["/dev/zero", "pipe"])
def test_what_is_no_file_is_no_backup(file: str, before: BackedUp, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="and no file"):
        restore(before.server, tmp_path / file, replace=True)
    with pytest.raises(InvalidInput, match="is there already"):
        back_up(before.server, tmp_path / file)


@pytest.mark.usefixtures("unchanged")
def test_a_graph_that_is_not_empty_is_replaced_only_when_asked(before: BackedUp) -> None:
    with pytest.raises(InvalidInput, match="the graph has 2 nodes, which would go"):
        restore(before.server, before.file, replace=False)


@pytest.mark.parametrize(
    "broken",
    [lambda dump: dump[: len(dump) // 2], lambda dump: dump[:-40000] + bytes(40000), lambda _: b"id,name\n"],
    ids=["cut", "overwritten", "no backup"],
)
@pytest.mark.usefixtures("unchanged")
def test_a_broken_backup_changes_nothing(before: BackedUp, broken: Callable[[bytes], bytes], tmp_path: Path) -> None:
    file = tmp_path / "broken.dump"
    file.write_bytes(broken(before.file.read_bytes()))
    with pytest.raises(ServerFailed, match=r"could not read .*broken\.dump as a backup") as refused:
        restore(before.server, file, replace=True)
    assert "\n" not in str(refused.value)


@pytest.mark.usefixtures("unchanged")
def test_a_backup_that_is_not_there_is_named(before: BackedUp, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        restore(before.server, tmp_path / "nowhere.dump", replace=True)


def test_neither_runs_beside_a_load(before: BackedUp, now: Database, tmp_path: Path) -> None:
    with load_lock(now, emptying=False):
        with pytest.raises(LoadRunning, match="wait until it has ended"):
            back_up(before.server, tmp_path / "half.dump")
        with pytest.raises(LoadRunning, match="wait until it has ended"):
            restore(before.server, before.file, replace=True)
    assert [] == list(tmp_path.iterdir())


def test_half_a_network_is_not_backed_up(before: BackedUp, now: Database, tmp_path: Path) -> None:
    now.explain("MATCH (state:GraphState) SET state.loading = true", {}, profile=True)
    with pytest.raises(GraphChanged, match="load the same files again first"):
        back_up(before.server, tmp_path / "half.dump")
    now.explain("MATCH (state:GraphState) SET state.loading = false", {}, profile=True)
    assert [] == list(tmp_path.iterdir())


def test_what_is_restored_is_what_was_backed_up_at_a_version_of_its_own(before: BackedUp) -> None:
    with Database(before.server.start().address) as database:
        replaced = database.read(schema.state()).version
    restored = restore(before.server, before.file, replace=True)
    with Database(before.server.start().address) as database:
        assert before.fingerprint == fingerprint(database)
        assert before.packs == database.read(pack_store.pack_hashes())
    assert restored.version > max(before.version, replaced)
    assert not restored.loading


def test_a_neo4j_of_ones_own_is_backed_up_by_its_own_tools(linkreach: Callable[..., Answer]) -> None:
    for command in ("backup", "restore"):
        answer = linkreach(command, "some.dump")
        assert (2, "") == answer[:2]
        assert "neo4j-admin database dump and load" in answer.err
