"""The embedded server: one owner, one password, loopback only, and a way back from everything that may end it."""

from __future__ import annotations

import http.server
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import neo4j
import psutil
import pytest

from graph.errors import ServerFailed, ServerInUse
from graph.server.artifacts import NEO4J, NEO4J_LTS, Release, locked, store
from graph.server.server import RunningServer, Server
from tests.support.paths import ROOT

START = """
import logging, pathlib, signal, sys
from graph.server.server import Server
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background shells ignore it, and all that they start
logging.basicConfig(level=logging.INFO, format="%(message)s")
print(Server(pathlib.Path(sys.argv[1])).start().pid)
"""


def starter(home: Path) -> subprocess.Popen[str]:
    """Another process that starts the server of a home, says what it does on standard error, and ends."""
    return subprocess.Popen(
        [sys.executable, "-c", START, str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(running: RunningServer, text: str) -> list[list[object]]:
    """The rows of a statement."""
    address = running.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        return [record.values() for record in driver.execute_query(text).records]


def serving(home: Path) -> list[int]:
    """The processes that serve a home, by their command lines."""
    flag = f"--home-dir={home.resolve() / 'neo4j'}"
    return [each.pid for each in psutil.process_iter(["cmdline"]) if flag in (each.info["cmdline"] or [])]


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, list[int]]]:
    """Two homes, started at once by three processes, two of them for the first home; and the process ids they tell."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    try:
        starters = [starter(first), starter(first), starter(second)]
        with ThreadPoolExecutor() as pool:
            told = list(pool.map(lambda each: each.communicate(), starters))
        assert [0, 0, 0] == [each.returncode for each in starters], told
        yield first, second, [int(out) for out, _ in told]
    finally:
        Server(first).stop()
        Server(second).stop()


@pytest.fixture
def home(homes: tuple[Path, Path, list[int]]) -> Path:
    """A home with a running server that a test may end."""
    Server(homes[0]).start()
    return homes[0]


def test_it_is_the_release_that_is_locked(server: RunningServer, release: Release) -> None:
    parts = ask(server, "CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition")
    assert ["Neo4j Kernel", [release.version], "community"] in parts
    arguments = (server.folder / "class-path.args").read_text(encoding="utf-8")
    assert [str(store() / jar.path) for jar in locked(release)] == arguments.split('"')[1].split(os.pathsep)


def test_neo4j_browser_answers(server: RunningServer) -> None:
    with urllib.request.urlopen(server.browser_url) as page:
        assert "<title>Neo4j Browser</title>" in page.read().decode()


def test_only_the_owner_may_enter_and_read_the_password(server: RunningServer) -> None:
    assert 0o700 == stat.S_IMODE(server.folder.stat().st_mode)
    assert 0o600 == stat.S_IMODE((server.folder / "password").stat().st_mode)


def test_the_password_stands_in_its_file_alone(server: RunningServer) -> None:
    secret = server.password.encode()
    holders = [path for path in server.folder.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert [server.folder / "password"] == holders
    process = psutil.Process(server.pid)
    assert server.password not in " ".join([*process.cmdline(), *process.environ().values()])
    assert server.password not in repr(server)
    assert server.password not in repr(server.address)


def test_it_listens_on_loopback_alone(server: RunningServer) -> None:
    connections = psutil.Process(server.pid).net_connections("inet")
    waiting = [each.laddr for each in connections if each.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)]
    listening = {(address.ip.removeprefix("::ffff:"), address.port) for address in waiting}
    assert {("127.0.0.1", server.bolt_port), ("127.0.0.1", server.http_port)} == listening


def test_no_statement_reaches_the_network_or_a_file(server: RunningServer) -> None:
    visits: list[str] = []

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            visits.append(self.path)

    (server.folder / "import").mkdir(exist_ok=True)
    (server.folder / "import" / "rows.csv").write_text("1\n", encoding="utf-8")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as web:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        for url in (f"http://127.0.0.1:{web.server_port}/", f"http://localhost:{web.server_port}/", "file:///rows.csv"):
            with pytest.raises(neo4j.exceptions.ClientError, match="configuration property"):
                ask(server, f"LOAD CSV FROM '{url}' AS row RETURN row")
        web.shutdown()
    assert [] == visits


def test_it_tells_nobody_about_itself_or_its_queries(server: RunningServer, release: Release) -> None:
    quieted = {
        "client.allow_telemetry": "false",
        "db.logs.query.enabled": "OFF",
        "dbms.usage_report.enabled": "false",
        "server.bolt.telemetry.enabled": "false",
    }
    unknown_to_lts = {"dbms.fleet_manager.enabled": "false", "server.fleet_discovery.enabled": "false"}
    names = [*quieted, *unknown_to_lts]
    rows = ask(server, f"SHOW SETTINGS YIELD name, value WHERE name IN {names} RETURN name, value")
    assert quieted | ({} if release == NEO4J_LTS else unknown_to_lts) == {str(name): value for name, value in rows}


def test_starting_twice_joins(server: RunningServer) -> None:
    assert server == Server(server.folder.parent).start()
    assert server == Server(server.folder.parent).status()


def test_two_that_start_one_home_at_once_share_a_server(homes: tuple[Path, Path, list[int]]) -> None:
    first, _, (one, other, _) = homes
    assert one == other
    assert [one] == serving(first)


def test_every_home_has_ports_of_its_own(server: RunningServer, homes: tuple[Path, Path, list[int]]) -> None:
    all_three = [server, Server(homes[0]).start(), Server(homes[1]).start()]
    assert 6 == len({port for each in all_three for port in (each.bolt_port, each.http_port)})


def test_it_outlives_the_process_that_started_it(homes: tuple[Path, Path, list[int]]) -> None:
    first, _, (pid, *_) = homes
    running = Server(first).status()
    assert running is not None
    assert pid == running.pid
    assert pid == os.getsid(pid)
    assert [[1]] == ask(running, "RETURN 1")


def test_a_server_that_ends_while_it_is_joined_is_started_again(home: Path) -> None:
    dying = Server(home).start()
    process = psutil.Process(dying.pid)
    process.suspend()  # it looks alive and does not answer
    end = threading.Timer(1, process.kill)
    end.start()
    again = Server(home).start()
    end.join()
    assert dying.pid != again.pid
    assert again == Server(home).status()


def test_a_killed_server_is_started_again_with_its_data(home: Path) -> None:
    killed = Server(home).start()
    ask(killed, "CREATE (:Witness)")
    process = psutil.Process(killed.pid)
    process.kill()
    process.wait(30)
    assert Server(home).status() is None
    again = Server(home).start()
    assert killed.pid != again.pid
    assert [[1]] == ask(again, "MATCH (n:Witness) RETURN count(n)")


def test_a_recycled_process_id_is_nobodys_server(tmp_path: Path) -> None:
    folder = Server(tmp_path).folder
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        state = {"version": NEO4J.version, "pid": stranger.pid, "bolt_port": 7687, "http_port": 7474}
        (folder / "server.json").write_text(json.dumps(state), encoding="utf-8")
        assert Server(tmp_path).status() is None
        assert not Server(tmp_path).stop()
        assert stranger.poll() is None


def test_an_owner_that_the_home_does_not_know_is_named(home: Path) -> None:
    running = Server(home).start()
    state = running.folder / "server.json"
    known = state.read_bytes()
    state.unlink()
    try:
        with pytest.raises(ServerInUse, match=f"process {running.pid} of "):
            Server(home).start()
    finally:
        state.write_bytes(known)
    assert running == Server(home).start()


def test_a_home_of_somebody_else_is_refused_by_name(tmp_path: Path) -> None:
    if os.getuid() == 0:
        theirs = tmp_path
        Server(theirs).folder.mkdir()
        os.chown(Server(theirs).folder, 65534, 65534)
    else:
        theirs = Path("/")
    with pytest.raises(ServerInUse, match=r"belongs to \w+.*choose a home of your own") as refused:
        Server(theirs).start()
    assert "\n" not in str(refused.value)


def test_a_wrong_password_in_the_file_is_said(home: Path) -> None:
    running = Server(home).start()
    password = running.folder / "password"
    right = password.read_bytes()
    password.write_bytes(b"wrong")
    try:
        with pytest.raises(ServerFailed, match="refuses the password"):
            Server(home).start()
    finally:
        password.write_bytes(right)
    assert running == Server(home).start()


def test_a_graph_without_its_password_file_is_said(tmp_path: Path) -> None:
    data = Server(tmp_path).folder / "data"
    (data / "databases" / "system").mkdir(parents=True)
    with pytest.raises(ServerFailed, match="password is gone"):
        Server(tmp_path).start()


def test_a_failed_start_shows_the_last_words(tmp_path: Path) -> None:
    folder = Server(tmp_path).folder
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "databases").write_text("in the way", encoding="utf-8")
    with pytest.raises(ServerFailed, match=r"ended while it started; its last words: .*databases") as failed:
        Server(tmp_path).start()
    assert "\n" not in str(failed.value)
    assert str(folder / "console.log") in str(failed.value)
    assert Server(tmp_path).status() is None


def test_an_interrupted_start_leaves_no_server(tmp_path: Path) -> None:
    with starter(tmp_path) as process:
        assert process.stderr is not None
        while "starting" not in process.stderr.readline():
            assert process.poll() is None
        while not serving(tmp_path):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert [] == serving(tmp_path)
    assert not Server(tmp_path).stop()


def test_a_server_whose_starter_was_killed_is_joined(tmp_path: Path) -> None:
    with starter(tmp_path) as process:
        while not serving(tmp_path):
            assert process.poll() is None
        process.kill()
    left_behind = serving(tmp_path)
    try:
        assert left_behind == [Server(tmp_path).start().pid]
    finally:
        assert Server(tmp_path).stop()


def test_stop_waits_for_the_end_and_is_asked_once(homes: tuple[Path, Path, list[int]]) -> None:
    second = Server(homes[1])
    stopped = second.start()
    assert second.stop()
    assert [] == serving(homes[1])
    assert second.status() is None
    assert not second.stop()
    assert stopped.address == second.start().address  # whoever knows it, such as a service that runs, goes on


def test_a_server_that_does_not_end_is_killed_and_that_is_said(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    running = Server(home).start()
    psutil.Process(running.pid).suspend()
    with caplog.at_level("INFO", "graph"):
        assert Server(home).stop(patience=0.5)
    assert "killing it" in caplog.messages[-1]
    assert [] == serving(home)


# Whom a home believes


MISTYPED = [
    b"",
    b"[]",
    b"\xff",
    b"[" * 100_000,
    b'{"version": "1", "pid": "many", "bolt_port": 7687, "http_port": 7474}',
    b'{"version": "1", "pid": -1, "bolt_port": 7687, "http_port": 7474}',
    b'{"version": "1", "pid": 1e300, "bolt_port": 7687, "http_port": 7474}',
    b'{"version": 1, "pid": 1, "bolt_port": 7687, "http_port": 7474}',
    b'{"version": "1", "pid": 1, "bolt_port": 99999, "http_port": 7474}',
    b'{"version": "1", "pid": 1, "bolt_port": null, "http_port": 7474}',
    b'{"version": "1", "pid": 1, "bolt_port": 7687, "http_port": 7474, "folder": "/"}',
]


def test_a_note_that_is_mistyped_is_a_line_and_its_server_still_stops(home: Path) -> None:
    running = Server(home).start()
    state = running.folder / "server.json"
    for note in MISTYPED:
        state.write_bytes(note)
        for ask_it in (Server(home).status, Server(home).start):
            with pytest.raises(ServerInUse, match=f"process {running.pid} of .* says nothing of it") as told:
                ask_it()
            assert "\n" not in str(told.value)
    state.unlink()
    os.mkfifo(state)
    with pytest.raises(ServerInUse, match="says nothing of it"):
        Server(home).status()
    assert Server(home).stop()
    assert [] == serving(home)


@pytest.mark.parametrize("note", [*MISTYPED, None], ids=lambda note: str(note)[:70])
def test_a_note_that_is_mistyped_is_none_where_nobody_serves(note: bytes | None, tmp_path: Path) -> None:
    folder = Server(tmp_path).folder
    folder.mkdir()
    if note is None:
        os.mkfifo(folder / "server.json")
    else:
        (folder / "server.json").write_bytes(note)
    assert Server(tmp_path).status() is None
    assert not Server(tmp_path).stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_a_process_of_another_user_is_nobodys_server(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.folder.mkdir()
    claim = ["/bin/sh", "-c", "read line", f"--home-dir={server.folder}"]
    with subprocess.Popen(claim, stdin=subprocess.PIPE, user=65534, cwd="/") as stranger:
        state = {"version": NEO4J.version, "pid": stranger.pid, "bolt_port": 7687, "http_port": 7474}
        (server.folder / "server.json").write_text(json.dumps(state), encoding="utf-8")
        assert server.status() is None
        (server.folder / "server.json").unlink()
        assert not server.stop()
        assert stranger.poll() is None


def test_a_home_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "neo4j").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServerInUse, match="a link"):
        Server(tmp_path).start()
    assert 0o755 == stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode)


@pytest.mark.parametrize("password", [b"\xff", None], ids=["no text", "a pipe"])
def test_a_password_that_is_none_is_a_line(password: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "password"
    if password is None:
        os.mkfifo(file)
    else:
        file.write_bytes(password)
    with pytest.raises(ServerFailed, match="password cannot be read: "):
        RunningServer(tmp_path, "1", 0, 7687, 7474).address  # noqa: B018


def test_a_colon_in_the_path_of_the_cache_separates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: Release
) -> None:
    users = store()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a:b"))
    store().parent.mkdir(parents=True)
    store().symlink_to(users)
    server = Server(tmp_path / "home", release)
    before = os.umask(0)
    try:
        running = server.start()
        assert [[1]] == ask(running, "RETURN 1")
        assert [0, 0] == [stat.S_IMODE(each.stat().st_mode) & 0o077 for each in (tmp_path / "home", server.folder)]
    finally:
        os.umask(before)
        server.stop()
