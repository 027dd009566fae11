"""A load that survives: whatever is killed, and wherever, the next load ends in the same graph."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import neo4j
import psutil
import pytest

from api.main import run
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import LoadRunning
from graph.loading import load_lock as load_lock_module
from graph.loading import processes
from graph.loading.load_lock import Loader, load_lock
from graph.server.server import Server
from graph.snapshot.fingerprint import fingerprint
from tests.http.wire import COMMIT, Cut, wire
from tests.support.paths import ROOT

SEED = 20261123
SERVER_EVERY = 5  # of so many kills, one is the server's


def network(folder: Path) -> Path:
    """A network of a dozen transactions, with every table in it."""
    folder.mkdir()
    draw = random.Random(SEED)
    members = [f"m{number}" for number in range(1_000)]
    groups = [f"g{number}" for number in range(50)]
    files = {
        "members": ["id,name,tier", *(f"{id},Name of {id},career" for id in members)],
        "groups": ["id", *groups],
        "companies": ["id", *groups],
        "connections": [
            "a,b,since",
            *(",".join((*draw.sample(members, 2), f"20{draw.randint(10, 25)}-01-01")) for _ in range(15_000)),
        ],
        "group_members": ["member,group", *(f"{draw.choice(members)},{draw.choice(groups)}" for _ in range(3_000))],
        "company_members": [
            "member,company,since",
            *(f"{draw.choice(members)},{draw.choice(groups)},20{draw.randint(10, 25)}-01-01" for _ in range(3_000)),
        ],
        "blocks": ["member,other", *(",".join(draw.sample(members, 2)) for _ in range(100))],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Undisturbed:
    """A load to which nothing happened: its files, the graph that it made, and how many bytes it sent."""

    folder: Path
    fingerprint: str
    sent: int


class Ours:
    """A server that these tests may kill, and what they do with it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.running = server.start()

    @property
    def address(self) -> Address:
        return self.running.address

    def start_again(self) -> None:
        self.running = self.server.start()

    def empty(self) -> None:
        with neo4j.GraphDatabase.driver(self.address.uri, auth=(self.address.user, self.address.password)) as driver:
            driver.execute_query("MATCH (n) DETACH DELETE n")

    def fingerprint(self) -> str:
        with Database(self.address) as database:
            return fingerprint(database)

    def command(self, folder: Path, port: int | None = None) -> list[str]:
        """The arguments that load a folder, by way of a port."""
        return [
            f"--neo4j-uri=bolt://127.0.0.1:{port or self.running.bolt_port}",
            f"--neo4j-password-file={self.running.folder / 'password'}",
            "load",
            str(folder),
            f"--rejects={folder.parent / 'rejects.csv'}",
        ]

    def loader(self, folder: Path, port: int) -> subprocess.Popen[str]:
        """A process that loads."""
        command = [sys.executable, "-c", "import api.main; api.main.main()", *self.command(folder, port)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def ours(mortal: Server) -> Ours:
    return Ours(mortal)


@pytest.fixture(scope="module")
def undisturbed(ours: Ours, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = network(tmp_path_factory.mktemp("files") / "network")
    sizes: list[int] = []

    def count(data: bytes) -> Iterator[bytes]:
        sizes.append(len(data))
        yield data

    ours.empty()
    with wire(ours.running.bolt_port, asked=count) as port:
        assert 0 == run(ours.command(folder, port))
    return Undisturbed(folder, ours.fingerprint(), sum(sizes))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "place" in metafunc.fixturenames:
        count = metafunc.config.getoption("--kill-points")
        draw = random.Random(SEED)
        places = [(number + draw.random()) / count * 0.99 for number in range(count)]
        whom = ["server" if number % SERVER_EVERY == SERVER_EVERY // 2 else "loader" for number in range(count)]
        metafunc.parametrize(
            ("victim", "place"),
            list(zip(whom, places, strict=True)),
            ids=[f"{victim}-{place:.1%}" for victim, place in zip(whom, places, strict=True)],
        )


def test_killed_anywhere_the_next_load_ends_in_the_same_graph(
    ours: Ours, undisturbed: Undisturbed, victim: str, place: float
) -> None:
    """`place` is the share of the bytes of a load that have been sent."""
    ours.empty()
    left = int(undisturbed.sent * place)
    killed = threading.Event()
    process: subprocess.Popen[str] | None = None

    def kill(data: bytes) -> Iterator[bytes]:
        nonlocal left
        left -= len(data)
        if left > 0 or killed.is_set():
            yield data
            return
        yield data[:left]
        killed.set()
        if victim == "server":
            os.kill(ours.running.pid, signal.SIGKILL)
        else:
            assert process is not None
            process.kill()
        raise Cut

    with wire(ours.running.bolt_port, asked=kill) as port:
        process = ours.loader(undisturbed.folder, port)
        if victim == "server":
            assert killed.wait(300)
            ours.start_again()
        out, error = process.communicate()
    assert killed.is_set()
    if victim == "loader" or process.returncode:  # a load whose server comes back in time goes on by itself
        with Database(ours.address) as database:
            assert database.read(schema.state()).loading or place < 0.1
        assert 0 == run(ours.command(undisturbed.folder)), (out, error)
    assert undisturbed.fingerprint == ours.fingerprint()


@pytest.mark.parametrize("lost", ["question", "answer"])
def test_a_commit_that_may_have_happened_is_made_sure_of(ours: Ours, undisturbed: Undisturbed, lost: str) -> None:
    ours.empty()
    commits = 0
    answer_is_due = False

    def asked(data: bytes) -> Iterator[bytes]:
        nonlocal commits, answer_is_due
        if COMMIT in data:
            commits += 1
            if commits % 10 == 0 and lost == "question":
                raise Cut
            answer_is_due = commits % 10 == 0
        yield data

    def answered(data: bytes) -> Iterator[bytes]:
        nonlocal answer_is_due
        if answer_is_due:
            answer_is_due = False
            raise Cut
        yield data

    with wire(ours.running.bolt_port, asked=asked, answered=answered) as port:
        assert 0 == run(ours.command(undisturbed.folder, port))
    assert commits > 20
    assert undisturbed.fingerprint == ours.fingerprint()


def test_the_second_of_two_loads_is_told_who_loads_and_since_when(
    ours: Ours, undisturbed: Undisturbed, capsys: pytest.CaptureFixture[str]
) -> None:
    ours.empty()
    left = undisturbed.sent // 2
    half, go_on = threading.Event(), threading.Event()

    def pause(data: bytes) -> Iterator[bytes]:
        nonlocal left
        left -= len(data)
        if left < 0 and not half.is_set():
            half.set()
            go_on.wait(300)
        yield data

    with wire(ours.running.bolt_port, asked=pause) as port:
        first = ours.loader(undisturbed.folder, port)
        assert half.wait(300)
        assert 2 == run(ours.command(undisturbed.folder))
        go_on.set()
        first.communicate()
    assert 0 == first.returncode
    [line] = capsys.readouterr().err.splitlines()
    assert re.search(rf"another load runs, of \S+@\S+ \(process {first.pid}\), since 20\S+Z: wait", line)
    assert undisturbed.fingerprint == ours.fingerprint()


def test_a_refused_password_is_one_line_and_changes_nothing(
    ours: Ours, undisturbed: Undisturbed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("wrong")
    uri, _, *rest = ours.command(undisturbed.folder)
    assert 2 == run([uri, f"--neo4j-password-file={tmp_path / 'password'}", *rest])
    assert re.fullmatch(r"linkreach: .* refuses the user 'neo4j' with this password; .*\n", capsys.readouterr().err)
    assert undisturbed.fingerprint == ours.fingerprint()


@pytest.mark.skipif(not hasattr(psutil.Process, "rlimit"), reason="only Linux lets a running process be limited")
def test_a_full_disk_is_one_line_and_the_next_load_completes_it(ours: Ours, undisturbed: Undisturbed) -> None:
    """The log of transactions may grow by an eighth of what a load sends, which to the server is the same."""
    ours.empty()
    process = psutil.Process(ours.running.pid)
    _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
    logs = (ours.server.folder / "data" / "transactions" / "neo4j").glob("neostore.transaction.db.*")
    grown = max(logs, key=lambda log: log.stat().st_mtime_ns).stat().st_size
    process.rlimit(psutil.RLIMIT_FSIZE, (grown + undisturbed.sent // 8, hard))
    loader = ours.loader(undisturbed.folder, ours.running.bolt_port)
    _, error = loader.communicate()
    assert 2 == loader.returncode
    assert re.fullmatch(r"linkreach: .* disk is full: make room .*\n", error)
    ours.server.stop()
    ours.start_again()
    assert 0 == run(ours.command(undisturbed.folder))
    assert undisturbed.fingerprint == ours.fingerprint()


# The lock, as other machines see it


def another_loader(database: Database, seconds: int) -> None:
    """Somebody on another machine began to load, and has the graph for so many seconds from now."""
    text = """
        MERGE (state:GraphState {id: 'graph'})
        SET state.version = 1, state.loading = true
        WITH state
        OPTIONAL MATCH (state)-->(other:Loader)
        DETACH DELETE other
        CREATE (state)-[:LOADED_BY]->(:Loader {
          id: 'theirs', name: 'user@elsewhere', machine: 'elsewhere', pid: 7, started: '1',
          since: datetime('2026-11-23T10:00:00Z'), until: datetime() + duration({seconds: $seconds})})
    """
    database.explain(text, {"seconds": seconds}, profile=True)


def test_a_load_of_another_machine_has_the_graph_as_long_as_it_shows_life(database: Database) -> None:
    another_loader(database, 60)
    words = r"of user@elsewhere \(process 7\), since 2026-11-23T10:00:00Z: wait .*; if it is dead, the graph is free"
    with pytest.raises(LoadRunning, match=words), load_lock(database, emptying=False):
        pass
    another_loader(database, -1)
    with load_lock(database, emptying=False) as lock:
        assert 2 == lock.version
    assert schema.GraphState(2, loading=False) == database.read(schema.state())


def test_who_has_lost_the_graph_to_another_writes_nothing_any_more(database: Database) -> None:
    parameters = {"rows": [{"id": "a", "values": {}, "instants": []}], "defaults": {}}
    write = Query("load/members", decode=lambda _: None, parameters=parameters)
    with load_lock(database, emptying=False) as lock:
        another_loader(database, 60)
        with pytest.raises(LoadRunning, match="taken over"):
            database.write(write, first=lock.held)
    assert schema.GraphState(1, loading=True) == database.read(schema.state())
    assert [] == database.read(Query("load/known_members", decode=list, parameters={"ids": ["a"]}))


def test_who_has_lost_the_graph_to_another_learns_of_it_at_the_end(database: Database) -> None:
    with pytest.raises(LoadRunning, match="taken over"), load_lock(database, emptying=False):
        another_loader(database, 60)
    assert "theirs" == found(database).id


def test_an_end_that_is_told_twice_is_no_loss(database: Database) -> None:
    """As where the connection broke before the first answer came."""
    with load_lock(database, emptying=False):
        id = found(database).id
    end = Query("load/end", decode=len, parameters={"loader": id, "complete": True})
    assert 1 == database.write(end)
    assert schema.GraphState(1, loading=False) == database.read(schema.state())


def found(database: Database) -> Loader:
    loader = database.read(load_lock_module.loader())
    assert loader is not None
    return loader


def test_a_clock_that_is_set_makes_no_loader_a_dead_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Psutil tells when a process was born by the clock of today."""
    with load_lock(database, emptying=False):
        loader = found(database)
        assert not loader.dead
        born = psutil.Process.create_time
        monkeypatch.setattr(psutil.Process, "create_time", lambda self: born(self) + 3600)
        monkeypatch.setattr("psutil.boot_time", lambda: 0.0)
        assert not loader.dead
        with pytest.raises(LoadRunning, match="another load runs"), load_lock(database, emptying=False):
            pass


def test_a_loader_is_one_process_and_no_later_one_of_its_id(database: Database) -> None:
    with load_lock(database, emptying=False):
        loader = found(database)
    assert loader.dead  # it has ended, though this process lives
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        theirs = replace(loader, pid=other.pid, started=processes.started(other.pid))
        assert not theirs.dead
        assert replace(theirs, started="1").dead
        assert not replace(theirs, machine="elsewhere").dead
        assert replace(theirs, machine=None, late=True).dead
        other.kill()
        os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
        assert theirs.dead  # it has ended, though its parent has not looked at it yet
