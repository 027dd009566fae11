"""The embedded server: a real Neo4j Community, run as a process of its own, with its data in one home.

Everything lies in the folder `neo4j` of the home, which only its owner may enter:

    password       drawn once, at the first start
    server.json    which process serves, or did last, and on which ports: it gets the same again, where they are free
    server.lock    held by whoever starts or stops the server
    console.log    what the server said since its last start
    neo4j-….jsa    what it leaves behind when it ends, where there is no class archive yet
    conf, data, …  Neo4j's own
    imported       a graph that takes the place of the one in data at the next start
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import msgspec
import psutil
from filelock import FileLock, Timeout
from msgspec import Meta, Struct

from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import AccessDenied, DatabaseUnavailable, ServerFailed, ServerInUse, ServerSilent
from graph.files.private import is_own, make_private_folder, staging, sweep, write_private
from graph.files.regular import read_text, read_whole
from graph.server import artifacts
from graph.server.artifacts import NEO4J, Release
from graph.server.class_archive import ClassArchive
from graph.server.java import ADMIN_TOOL, Java, environment, last_words

_log = logging.getLogger(__name__)


USER = "neo4j"
_LOOPBACK = "127.0.0.1"
_BOLT_PORT, _HTTP_PORT = 7687, 7474
_START_SECONDS = 180.0
_IMPORT = "import-"
_BYTES_AT_MOST = 1 << 16
_PREALLOCATION = "db.tx_log.preallocate"


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that runs: its folder, version, process id and ports, all on loopback."""

    folder: Path
    version: str
    pid: int
    bolt_port: int
    http_port: int

    @property
    def address(self) -> Address:
        """Where it listens, with user and password."""
        return Address(f"bolt://{_LOOPBACK}:{self.bolt_port}", USER, self.password)

    @property
    def password(self) -> str:
        """The password of the user `neo4j`, read from its file; raises ServerFailed where that holds none."""
        file = self.folder / "password"
        try:
            return read_text(file, _BYTES_AT_MOST, "ascii")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not ASCII"
            raise ServerFailed(f"{file} cannot be read: {reason}") from error

    @property
    def browser_url(self) -> str:
        """The address of Neo4j Browser."""
        return f"http://{_LOOPBACK}:{self.http_port}/browser/"


class _Note(Struct, frozen=True, forbid_unknown_fields=True):
    """The file `server.json`; the process id is 0 as long as it is not known."""

    version: str
    pid: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    bolt_port: Annotated[int, Meta(ge=1, le=65535)]
    http_port: Annotated[int, Meta(ge=1, le=65535)]


class Server:
    """The embedded server of one home; all methods may be called from several processes at once."""

    def __init__(self, home: Path, release: Release = NEO4J) -> None:
        self.folder = home.resolve() / "neo4j"
        self._release = release
        self._password = self.folder / "password"
        self._state = self.folder / "server.json"
        self._console = self.folder / "console.log"
        self._class_path = self.folder / "class-path.args"
        self._archive = ClassArchive(release)
        self._imported = self.folder / "imported"

    def start(self) -> RunningServer:
        """The server of this home, ready for questions: the one that runs already, or a new one.

        It outlives the process that started it.
        Raises ArtifactsMissing, ArtifactsCorrupt, ServerInUse and ServerFailed.
        """
        self._make_folder()
        with self._lock():
            running = self.status() or self._left_behind()
            if running is not None:
                try:
                    self._wait_until_ready(running)
                    return running
                except ServerFailed:  # what was killed an instant ago may have looked alive
                    if self.status() is not None:
                        raise
            self._write_class_path(artifacts.class_path(self._release))
            self._set_first_password()
            return self._launch(self._noted())

    def status(self) -> RunningServer | None:
        """The server that runs here, perhaps not ready yet; None where none does. Raises ServerInUse."""
        noted = self._noted()
        if noted is None:
            self._refuse_unknown()
        return noted if noted and self._process(noted.pid) else None

    @property
    def is_empty(self) -> bool:
        """Whether there is no graph in this home, because no server was ever set up here."""
        return not ((self.folder / "data" / "databases" / "neo4j").exists() or self._imported.exists())

    def stop(self, patience: float = 120.0) -> bool:
        """Ends the server and waits until it is gone; False where none ran.

        One that has not ended after `patience` seconds is killed; its data outlives that, too.
        Raises ServerInUse and ServerFailed.
        """
        if not self.folder.is_dir():
            return False
        self._require_own_folder()
        with self._lock():
            noted = self._noted()
            process = (self._process(noted.pid) if noted else None) or self._serving()
            if process is None:
                return False
            _log.info("stopping Neo4j")
            self._end_well(process, patience)
            return True

    # A graph that comes or goes as a whole

    @contextmanager
    def import_folder(self) -> Iterator[Path]:
        """A folder in the home for the files of an import; it goes when they are not needed any more."""
        self._make_folder()
        with staging(self.folder, _IMPORT) as folder:
            (folder / "conf").mkdir()
            (folder / "conf" / "neo4j.conf").write_text(f"{_PREALLOCATION}=false\n", encoding="utf-8")
            yield folder

    def replace_graph(
        self, folder: Path, arguments: Sequence[str], *, before: Callable[[], object] = lambda: None
    ) -> RunningServer:
        """Imports files of `folder` into an empty graph, and starts the server with it in place of its own graph.

        `folder`: an `import_folder`. `arguments`: those of `neo4j-admin database import full`, with names of files as
        they are in the folder. `before` looks at the graph once nobody else can replace it any more, and may add to
        the arguments; where it raises, the graph stays.
        Whatever happens on the way, the graph is the old one or the new one.
        Raises ArtifactsMissing, ArtifactsCorrupt, ServerInUse and ServerFailed.
        """

        def work() -> None:
            _log.info("importing the network")
            command = ["database", "import", "full", "neo4j", *arguments]
            self._java.admin("import the network", folder, command, log=folder / "import.log", cwd=folder)
            (folder / "data").rename(self._imported)

        return self._while_stopped("the import", work, before)

    def dump_graph(self, folder: Path) -> RunningServer:
        """Stops the server, writes its graph into the file `neo4j.dump` of a folder, and starts the server again.

        Raises ArtifactsMissing, ArtifactsCorrupt, ServerInUse and ServerFailed.
        Source: Neo4j's operations manual, "Back up an offline database".
        """

        def work() -> None:
            _log.info("writing the backup")
            command = ["database", "dump", "neo4j", f"--to-path={folder}"]
            self._java.admin("write the backup", self.folder, command, log=self._console, cwd=self.folder)

        return self._while_stopped("the backup", work)

    def load_graph(self, dump: Path) -> RunningServer:
        """Reads a file that `neo4j-admin database dump` wrote, stops the server, puts that graph in place of its own.

        Whatever happens on the way, the graph is the old one or the new one.
        Raises ArtifactsMissing, ArtifactsCorrupt, ServerInUse and ServerFailed.
        Source: Neo4j's operations manual, "Restore a database dump".
        """
        with self.import_folder() as folder:
            _log.info(f"reading {dump}")
            command = ["database", "load", "neo4j", "--from-stdin"]
            log = folder / "load.log"
            self._java.admin(f"read {dump} as a backup", folder, command, log=log, cwd=folder, feed=dump)
            return self._while_stopped("the restored graph", lambda: (folder / "data").rename(self._imported))

    def _while_stopped(
        self, why: str, work: Callable[[], object], before: Callable[[], object] = lambda: None
    ) -> RunningServer:
        """Stops the server, does what no server may look at, and starts it; where that fails, as it was, if it ran."""
        with self._lock():
            before()
            running = self.status()
            if running and (process := self._process(running.pid)):
                _log.info(f"stopping Neo4j for {why}")
                self._end_well(process, patience=120)
            self._sweep()
            self._write_class_path(artifacts.class_path(self._release))
            try:
                work()
                self._set_first_password()
            except BaseException:
                if running:
                    self._launch(running)
                raise
            return self._launch(running)

    def _take_over_import(self) -> None:
        """Ends what an import began: a whole new graph takes the place of the old one."""
        for part in ("databases", "transactions") if self._imported.exists() else ():
            new, old = self._imported / part / "neo4j", self.folder / "data" / part / "neo4j"
            if new.exists():
                shutil.rmtree(old, ignore_errors=True)
                old.parent.mkdir(parents=True, exist_ok=True)
                new.rename(old)
        shutil.rmtree(self._imported, ignore_errors=True)

    def _sweep(self) -> None:
        """Takes away what a killed command left here: its tools, which go on without it, and the folders of imports."""
        self._end_tools(self.folder)
        sweep(self.folder, _IMPORT, first=self._end_tools)

    def _end_tools(self, home: Path) -> None:
        """Ends Neo4j's tools that work on a home; whoever asks has it for itself."""
        for pid in psutil.pids():
            with suppress(psutil.Error):
                process = psutil.Process(pid)
                ours = _is_ours(process) and ADMIN_TOOL in process.cmdline()
                if ours and process.environ().get("NEO4J_HOME") == str(home):
                    process.kill()
                    process.wait(30)

    # One owner

    def _make_folder(self) -> None:
        try:
            make_private_folder(self.folder)
        except OSError as error:
            raise self._no_entry(error) from error
        self._require_own_folder()
        self.folder.chmod(0o700)

    def _require_own_folder(self) -> None:
        """Whoever may write to the home may put another folder in its place; a link may lead anywhere."""
        try:
            found, home = self.folder.lstat(), self.folder.parent.stat()
            if stat.S_ISLNK(found.st_mode):
                raise PermissionError(0, "a link")
            if not is_own(found):
                raise PermissionError(0, "another user's")
            if home.st_mode & stat.S_IWOTH and not home.st_mode & stat.S_ISVTX:
                self.folder.parent.chmod(stat.S_IMODE(home.st_mode) & ~(stat.S_IWGRP | stat.S_IWOTH))
        except OSError as error:
            raise self._no_entry(error) from error

    def _no_entry(self, error: OSError) -> ServerInUse:
        place = next(each for each in (self.folder, *self.folder.parents) if os.path.lexists(each))
        return ServerInUse(
            f"{self.folder} cannot be used ({error.strerror}; {place} belongs to {_owner(place)}): "
            "work as that user, or choose a home of your own"
        )

    @contextmanager
    def _lock(self) -> Iterator[None]:
        lock = FileLock(self.folder / "server.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            _log.info("another command is starting or stopping this server: waiting for it")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _process(self, pid: int) -> psutil.Process | None:
        """The process of this user with this id if it lives and serves this home.

        An id alone may be somebody else's by now, and anybody may write this home on their command line.
        """
        try:
            process = psutil.Process(pid)
            serves = (
                _is_ours(process) and self._home_flag in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.Error:
            return None
        return process if serves else None

    def _left_behind(self) -> RunningServer | None:
        """The server of a start that was cut off before it could note the process id."""
        process = self._serving()
        if process is None:
            return None
        noted = self._noted()
        if noted is None:
            raise self._unknown(process)
        return self._note(replace(noted, pid=process.pid))

    def _refuse_unknown(self) -> None:
        """Returns where nothing is noted, or what is noted is of no use and nobody serves; raises ServerInUse."""
        if os.path.lexists(self._state) and (process := self._serving()):
            raise self._unknown(process)

    def _unknown(self, process: psutil.Process) -> ServerInUse:
        state = "says nothing of it" if os.path.lexists(self._state) else "is gone"
        return ServerInUse(
            f"process {process.pid} of {process.username()} already serves {self.folder}, "
            f"but {self._state} {state}: end that process and try again"
        )

    def _serving(self) -> psutil.Process | None:
        """The process that serves this home, found among all of this machine."""
        return next((process for pid in psutil.pids() if (process := self._process(pid))), None)

    def _noted(self) -> RunningServer | None:
        """What is noted; None where nothing is, or nothing that linkreach would write, as after a power cut."""
        try:
            note = msgspec.json.decode(read_whole(self._state, _BYTES_AT_MOST), type=_Note)
        except FileNotFoundError:
            return None
        except PermissionError as error:
            raise self._no_entry(error) from error
        except (OSError, ValueError, RecursionError):
            return None
        return RunningServer(self.folder, note.version, note.pid, note.bolt_port, note.http_port)

    def _note(self, running: RunningServer) -> RunningServer:
        note = _Note(running.version, running.pid, running.bolt_port, running.http_port)
        write_private(self._state, msgspec.json.encode(note) + b"\n")
        return running

    @property
    def _java(self) -> Java:
        return Java(self._class_path, self._archive.flags())

    @property
    def _home_flag(self) -> str:
        return f"--home-dir={self.folder}"

    # Starting

    def _write_class_path(self, jars: list[Path]) -> None:
        if any(os.pathsep in str(jar) for jar in jars):
            jars = [self._linked_store() / jar.relative_to(artifacts.store()) for jar in jars]
        quoted = os.pathsep.join(map(str, jars)).replace("\\", "\\\\").replace('"', '\\"')
        self._class_path.write_text(f'--class-path "{quoted}"\n', encoding="utf-8")

    def _linked_store(self) -> Path:
        """The store by a name without what separates paths from each other, which Java would take for their end."""
        link = self.folder / "jars"
        if os.pathsep in str(link):
            raise ServerFailed(
                f"Java cannot be told where its files are: {self.folder} has a {os.pathsep!r} in it, too"
            )
        link.unlink(missing_ok=True)
        link.symlink_to(artifacts.store().resolve())
        return link

    def _set_first_password(self) -> None:
        data = self.folder / "data"
        known = (data / "dbms" / "auth.ini").exists() or (data / "databases" / "system").exists()
        if not self._password.exists():
            if known:
                raise ServerFailed(
                    f"{self._password} is gone, and without it nobody gets at the graph in {data}: "
                    f"put the file back, or delete {self.folder} and load the graph again"
                )
            write_private(self._password, secrets.token_hex(16).encode())
        if known:
            return
        _log.info(f"setting up the server's home, {self.folder}")
        self._write_settings(_BOLT_PORT, _HTTP_PORT)
        # The tool reads `@file` as arguments, so the password stands on no command line.
        command = ["dbms", "set-initial-password", f"@{self._password}"]
        self._java.admin("set its first password", self.folder, command, log=self._console, cwd=self.folder)

    def _launch(self, earlier: RunningServer | None) -> RunningServer:
        """A new server; on the ports of an earlier one, where they are free."""
        _log.info(f"starting Neo4j {self._release.version}")
        self._sweep()
        self._take_over_import()
        self._archive.keep(self.folder)  # that of a server which ended in another way
        for _ in range(3):
            bolt, http = _free_ports(earlier.bolt_port, earlier.http_port) if earlier else _free_ports()
            try:
                running = self._spawn(bolt, http)
                self._wait_until_ready(running)
            except BaseException as error:
                if process := self._serving():  # which may have been born an instant ago, and not be noted yet
                    self._end(process, patience=10)
                self._archive.discard(self.folder)  # it knows next to nothing
                self._state.unlink(missing_ok=True)
                taken = not (_is_free(bolt) and _is_free(http))
                if not (isinstance(error, ServerFailed) and taken):
                    raise
                _log.info("somebody else took a port just now: starting again on other ports")
            else:
                return running
        raise ServerFailed("the ports of this machine are taken faster than Neo4j starts: try again")

    def _spawn(self, bolt: int, http: int) -> RunningServer:
        self._write_settings(bolt, http)
        running = self._note(RunningServer(self.folder, self._release.version, 0, bolt, http))
        java = Java(self._class_path, self._archive.flags() or self._archive.recording_flags(self.folder))
        with self._console.open("wb") as console:
            process = subprocess.Popen(
                [
                    *java.command(self._release.main_class, f"-Xmx{_memory_mib()}m"),
                    self._home_flag,
                    f"--config-dir={self.folder / 'conf'}",
                    "--console-mode",
                ],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
            )
        while self._process(process.pid) is None and process.poll() is None:
            time.sleep(0.01)  # for a moment after its birth it does not show its command line
        process.returncode = 0  # It is meant to outlive us: no ResourceWarning, please.
        return self._note(replace(running, pid=process.pid))

    def _write_settings(self, bolt: int, http: int) -> None:
        settings = {
            "server.default_listen_address": _LOOPBACK,
            "server.default_advertised_address": _LOOPBACK,
            "server.bolt.listen_address": f"{_LOOPBACK}:{bolt}",
            "server.bolt.advertised_address": f"{_LOOPBACK}:{bolt}",
            "server.http.listen_address": f"{_LOOPBACK}:{http}",
            "server.http.advertised_address": f"{_LOOPBACK}:{http}",
            "server.https.enabled": "false",
            "server.memory.pagecache.size": f"{_memory_mib()}m",
            _PREALLOCATION: "false",  # else an empty graph takes half a gigabyte
            # One plan a statement, whatever the length of the ids and lists in its parameters:
            # to plan one that has the rules in it takes longer than to answer it.
            "internal.cypher.use_parameter_size": "false",
            # Nothing is told to anybody.
            "dbms.usage_report.enabled": "false",
            "client.allow_telemetry": "false",
            "db.logs.query.enabled": "OFF",  # it would write down parameters, and so members
            # A statement reaches the graph and nothing else, neither files nor the network.
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
            **self._release.settings,
        }
        conf = self.folder / "conf"
        conf.mkdir(exist_ok=True)
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (conf / "neo4j.conf").write_text(text, encoding="utf-8")

    def _wait_until_ready(self, running: RunningServer) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers(running):
            if self._process(running.pid) is None:
                raise ServerFailed(self._last_words("ended while it started"))
            if time.monotonic() > deadline:
                raise ServerSilent(self._last_words(f"does not answer (process {running.pid})"))
            time.sleep(0.1)

    def _answers(self, running: RunningServer) -> bool:
        # The password goes to our own process only, not to whoever else may listen at these ports.
        process = self._process(running.pid)
        if process is None or not {running.bolt_port, running.http_port} <= _listening(process):
            return False
        try:
            with Database(running.address, retry_seconds=0) as database:
                database.verify()
        except DatabaseUnavailable:
            return False
        except AccessDenied as error:
            raise ServerFailed(
                f"Neo4j in {self.folder} refuses the password in {self._password}: "
                "write the right one into that file, or delete the folder and load the graph again"
            ) from error
        return True

    def _last_words(self, what: str) -> str:
        return f"Neo4j {what}; its last words: {last_words(self._console)} (all of them: {self._console})"

    # Stopping

    def _end_well(self, process: psutil.Process, patience: float) -> None:
        """Ends a server that has been of use, and so knows the classes that it takes."""
        with suppress(psutil.NoSuchProcess):
            if any(map(self._archive.is_recording, process.cmdline())):
                _log.info("Neo4j keeps what it knows of its classes, once for this machine: later it starts sooner")
        self._end(process, patience)
        self._archive.keep(self.folder)

    def _end(self, process: psutil.Process, patience: float) -> None:
        try:
            process.terminate()
            try:
                self._wait_for_end(process, patience)
            except psutil.TimeoutExpired:
                _log.info(f"Neo4j did not end within {patience:.0f} seconds: killing it")
                process.kill()
                self._wait_for_end(process, 30)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired as error:
            raise ServerFailed(f"process {process.pid} does not end, not even killed: restart this machine") from error

    def _wait_for_end(self, process: psutil.Process, patience: float) -> None:
        deadline = time.monotonic() + patience
        while self._process(process.pid):  # one that has ended stays in sight until its parent looks at it
            try:
                process.wait(min(patience, 0.1))
            except psutil.TimeoutExpired:
                if time.monotonic() > deadline:
                    raise


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return "somebody without a name here"


def _is_ours(process: psutil.Process) -> bool:
    """Whether it is a process of this user's, where there are users."""
    return os.name != "posix" or process.uids().effective == os.geteuid()


def _memory_mib() -> int:
    """Of the heap and of the page cache, each at most: an eighth of the machine, within 512 MiB and 2 GiB."""
    return min(max(psutil.virtual_memory().total // 8 // 2**20, 512), 2048)


def _free_ports(bolt: int = _BOLT_PORT, http: int = _HTTP_PORT) -> tuple[int, int]:
    """These ports for Bolt and HTTP; in place of one that is taken, any that is free."""
    return bolt if _is_free(bolt) else _any_port(), http if _is_free(http) else _any_port()


def _is_free(port: int) -> bool:
    try:
        socket.create_server((_LOOPBACK, port)).close()
    except OSError:
        return False
    return True


def _any_port() -> int:
    with socket.create_server((_LOOPBACK, 0)) as listener:
        return int(listener.getsockname()[1])


def _listening(process: psutil.Process) -> set[int]:
    try:
        connections = process.net_connections("tcp")
    except psutil.Error:
        return set()
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}
