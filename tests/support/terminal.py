"""The installed program `linkreach`, in a process of its own: piped, or on a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import NamedTuple

PROGRAM = Path(sys.executable).with_name("linkreach")

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Answer(NamedTuple):
    """How a command ended: its exit code, and what it wrote on standard output and standard error."""

    code: int
    out: str
    err: str


def piped(*arguments: str) -> Answer:
    """Runs a command whose output nobody looks at."""
    done = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return Answer(done.returncode, done.stdout, done.stderr)


def on_a_terminal(*arguments: str, columns: int = 80) -> Answer:
    """Runs a command whose standard output is a terminal of so many columns; answers without the colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        env={**os.environ, "TERM": "xterm-256color"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)
    out = b"".join(iter(lambda: _read(ours), b"")).decode("utf-8")
    os.close(ours)
    _, err = process.communicate()
    return Answer(process.returncode, _COLOURS.sub("", out).replace("\r\n", "\n"), err)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # on Linux that is how the end of a terminal reads
        return b""
