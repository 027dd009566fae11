"""Data archives of LinkedIn: where they are, and their files, out of a folder or straight out of a zip.

An archive is told by a `Connections.csv` whose heading, within the first 10 lines, begins `First Name,Last Name,`.
Names of files are compared without case, spaces, hyphens and underscores.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import IO, BinaryIO

from graph.errors import InvalidArchive
from graph.sources.chunks import Note
from graph.sources.files import File, Folder, is_zip
from graph.sources.linkedin.rows import LONGEST_ROW, decoded_lines, rows
from graph.sources.names import folded
from graph.sources.packed import readable
from graph.sources.tables import unread_files, unread_within

CONNECTIONS = "Connections.csv"
HEADING_BEGINS = ["first name", "last name"]
HEADING_WITHIN = 10  # lines

_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive: `name` is the full name of its zip or folder, `files` has what stands there by a folded name."""

    name: str
    folder: Folder
    files: Mapping[str, Sequence[File]]

    def __contains__(self, file: str) -> bool:
        return folded(file) in self.files

    def place(self, file: str) -> str:
        """What people are told of a file, whether it is there or not."""
        return self.files[folded(file)][0].name if file in self else f"{self.name}/{file}"

    @contextmanager
    def open(self, file: str) -> Iterator[BinaryIO]:
        """A file of the archive, to be read once and forwards. Raises InvalidInput where it cannot be read."""
        there, *others = self.files[folded(file)]
        if others:
            raise InvalidArchive(self.name, f"it holds {file} {len(others) + 1} times, where an archive has one")
        with readable(there.name), there.open() as binary:
            yield io.BufferedReader(_raw(binary), _BYTES_AT_ONCE)

    def unread(self, read: Iterable[str], why: str) -> list[Note]:
        """What of it is not read, in a few notes."""
        names = {folded(file) for file in read}
        others = [file for name, files in self.files.items() if name not in names for file in files]
        return (unread_files(others, why) if others else []) + unread_within(self.folder, [], why)


def archive_in(folder: Folder, name: str) -> Archive | None:
    """The archive that a folder is, None where it is none. Raises InvalidInput where that cannot be told."""
    called = replace(folder, name=f"{name}/", files=tuple(_within(name, file) for file in folder.files))
    files: defaultdict[str, list[File]] = defaultdict(list)
    for file in called.files:
        files[folded(_base(file))].append(file)
    archive = Archive(name, called, files)
    return archive if CONNECTIONS in archive and _has_heading(files[folded(CONNECTIONS)][0]) else None


def archives_within(folder: Folder) -> Iterator[tuple[str, Callable[[], Archive | None]]]:
    """Whatever in a folder may be an archive, by its name: zips and other folders, each looked into when it is called.

    Raises InvalidInput then, where it cannot be told.
    """
    for name, opened in folder.folders.items():
        yield name, partial(_archive_of, opened, name)
    for file in folder.files:
        if file.entry is None and is_zip(file.path):
            yield _base(file), partial(_archive_of, partial(Folder.at, file.path, of_one_file=True), _base(file))


def heading(archive: Archive, file: str) -> tuple[int, list[str]] | None:
    """The number of the line with the names of the columns, and those; None where the first 10 lines have none."""
    begins = HEADING_BEGINS if file == CONNECTIONS else []
    with archive.open(file) as binary:
        for number, line in enumerate(islice(decoded_lines(binary, archive.name, file), HEADING_WITHIN), 1):
            names = _names(line)
            if names[: len(begins)] == begins and len(names) > len(begins):
                return number, names
    return None


def _archive_of(opened: Callable[[], Folder | None], name: str) -> Archive | None:
    folder = opened()
    return None if folder is None else archive_in(folder, name)


def _has_heading(file: File) -> bool:
    """Whether these are connections of LinkedIn's, whatever else may be wrong with them."""
    with readable(file.name), file.open() as binary:
        for _ in range(HEADING_WITHIN):
            line = binary.readline(LONGEST_ROW).decode("utf-8-sig", "replace")
            if _names(line)[: len(HEADING_BEGINS)] == HEADING_BEGINS:
                return True
    return False


def _names(line: str) -> list[str]:
    return [cell.strip().lower() for _, cells in rows(iter([line])) for cell in cells or ()]


def _within(archive: str, file: File) -> File:
    return replace(file, name=f"{archive}/{_base(file)}")


def _base(file: File) -> str:
    return file.name.rpartition("/")[2]


def _raw(binary: IO[bytes]) -> io.RawIOBase:
    return binary  # type: ignore[return-value]  # all that a buffer asks for, it has
