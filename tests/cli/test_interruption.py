"""Ctrl-C and SIGTERM at any moment are one line: while it imports, compiles, and counts, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.rules import case_files
from tests.rules.oracle import Pack
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of
from tests.support.terminal import PROGRAM

# Python runs this before anything else: it interrupts its own process at a moment that can be named.
INTERRUPTS = """
import os, signal, sys, threading, time

KIND, _, PLACE = os.environ["INTERRUPTED_AT"].partition(":")

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

class AtImport:
    def find_spec(self, name, path=None, target=None):
        if name == PLACE:
            sys.meta_path.remove(self)
            interrupt()

def wait_for_a_frame():
    while True:
        for frame in sys._current_frames().values():
            while frame:
                if frame.f_code.co_filename.endswith(PLACE):
                    return interrupt()
                frame = frame.f_back
        time.sleep(0.001)

if KIND == "import":
    sys.meta_path.insert(0, AtImport())
else:
    threading.Thread(target=wait_for_a_frame, daemon=True).start()
"""

EXPECTS = """
network: {members: {a: {}, b: {}}}
checks: [{sender: a, recipient: b, reachable: false}]
"""


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshots") / "saved"
    snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("article"))).save(folder)
    return folder


@pytest.mark.parametrize(
    "place",
    [
        "import:typer",
        "import:api.commands.serve",
        "import:numpy",
        "import:pandas",
        "import:pyarrow.lib",
        "import:numba.core.types",
        "import:analysis.bulk.kernel",
        "frame:numba/core/lowering.py",
        "frame:numba/core/codegen.py",
    ],
)
def test_ctrl_c_is_one_line_wherever_it_comes(place: str, snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTS, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "INTERRUPTED_AT": place,
        "NUMBA_CACHE_DIR": str(tmp_path / "kernels"),
    }
    command = [str(PROGRAM), "report", "member_reach", "--snapshot", str(snapshot), "--out", str(tmp_path / "reports")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (130, "", "linkreach: interrupted\n") == (done.returncode, done.stdout, done.stderr)
    assert not (tmp_path / "reports").exists()


def test_sigterm_leaves_no_server_that_was_started_to_be_thrown_away(tmp_path: Path) -> None:
    tests = tmp_path / "empty.yaml"
    tests.write_text(EXPECTS, encoding="utf-8")
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    running = subprocess.Popen([PROGRAM, "test", tests], env=environment, stderr=subprocess.PIPE, text=True)
    while not [*tmp_path.glob("linkreach-test-*/neo4j/server.json")]:
        assert running.poll() is None
    running.terminate()
    assert running.communicate()[1].endswith("\nlinkreach: interrupted\n")
    assert -signal.SIGTERM == running.returncode
    assert [] == [*tmp_path.glob("linkreach-test-*")]
    assert [] == [each for each in Path("/proc").glob("[0-9]*/cmdline") if str(tmp_path).encode() in command_of(each)]


def command_of(file: Path) -> bytes:
    """What a process was started by; nothing, where it has ended meanwhile."""
    try:
        return file.read_bytes()
    except OSError:
        return b""
