"""The examples of the documents: blocks of code that begin with `$ `, typed in order, with what a terminal shows."""

from __future__ import annotations

import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from api.main import run
from tests.support.paths import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

LEFT_OUT = "…"

_BLOCK = re.compile(r"^```\w*\n(\$ .*?)^```$", re.MULTILINE | re.DOTALL)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Example:
    """A command, and the lines that the page shows below it.

    A line `…` stands for any number of lines, and within a line it stands for any part of it.
    """

    line: int
    command: str
    shown: tuple[str, ...]

    def says(self, lines: list[str]) -> bool:
        """Whether these lines are what is shown."""
        parts = (
            r"(?:.*\n)*" if line == LEFT_OUT else ".*".join(map(re.escape, line.split(LEFT_OUT))) + r"\n"
            for line in self.shown
        )
        return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in lines)) is not None


def examples(page: Path) -> list[Example]:
    """Every command of a page, in order. A line that ends in a backslash goes on in the next."""
    text = page.read_text("utf-8")
    found = []
    for block in _BLOCK.finditer(text):
        begins = text.count("\n", 0, block.start(1)) + 1
        commands = re.split(r"^\$ ", block[1].replace("\\\n", ""), flags=re.MULTILINE)[1:]
        for command in commands:
            typed, *shown = command.rstrip("\n").split("\n")
            found.append(Example(begins, typed, tuple(line.rstrip() for line in shown if line.strip())))
    return found


class _Screen(io.StringIO):
    """Standard output as a person has it: a terminal."""

    def isatty(self) -> bool:
        return True


class _Beside(io.TextIOBase):
    """Standard error, shown between the lines of the screen; no terminal, so that no bar is drawn there."""

    def __init__(self, screen: _Screen) -> None:
        self._screen = screen

    def write(self, text: str) -> int:
        return self._screen.write(text)


def typed(command: str) -> list[str]:
    """What a terminal shows after a command: one of linkreach in this process, which is quick, others in a shell."""
    words, _, file = command.partition(" > ")
    screen = _Screen()
    if words.startswith("linkreach "):
        with redirect_stderr(_Beside(screen)):
            if file:
                with Path(file).open("w", encoding="utf-8", newline="") as out, redirect_stdout(out):
                    run(shlex.split(words, comments=True)[1:])
            else:
                with redirect_stdout(screen):
                    run(shlex.split(words, comments=True)[1:])
    else:
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        screen.write(done.stdout + done.stderr)
    return list(_lines(screen.getvalue()))


def _lines(text: str) -> Iterator[str]:
    """The lines without colours and without those that are empty."""
    for line in _COLOURS.sub("", text).splitlines():
        if line.strip():
            yield line.rstrip()
