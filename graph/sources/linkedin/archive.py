"""Data archives of LinkedIn: where they are, and their files, out of a folder or straight out of a zip.

An archive is told by a `Connections.csv` whose heading, within the first 10 lines, begins `First Name,Last Name,`.
Names of files are compared without case, and `_` stands for a space.
A zip is never unpacked to disk. Before anything in it is read, the whole list of what it holds is looked at.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from graph.errors import InvalidArchive
from graph.regular_files import open_regular
from graph.sources.linkedin.rows import decoded_lines, rows

CONNECTIONS = "Connections.csv"
HEADING_BEGINS = ["first name", "last name"]
HEADING_WITHIN = 10  # lines

LARGEST = 2 << 30  # bytes, of all that a zip holds
MOST_SHRUNK = 250  # times; text as people write it shrinks to a fifth
_RATIO_COUNTS_FROM = 1 << 20  # bytes

_ENCRYPTED = 1  # a flag of an entry
_DRIVE = re.compile(r"[A-Za-z]:")
_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive: `name` is the full name of its zip or folder, `entries` where files of each name stand there."""

    name: str
    path: Path
    entries: Mapping[str, Sequence[str]]

    def __contains__(self, file: str) -> bool:
        return _plain(file) in self.entries

    @contextmanager
    def open(self, file: str) -> Iterator[BinaryIO]:
        """A file of the archive, to be read once and forwards. Raises InvalidArchive where it cannot be read."""
        entry, *others = self.entries[_plain(file)]
        if others:
            raise InvalidArchive(self.name, f"it holds {file} {len(others) + 1} times, where an archive has one")
        with _readable(self.name, file):
            if self.path.is_dir():
                with open_regular(self.path / entry) as binary:
                    yield binary
            else:
                with _zip(self.path) as zip, zip.open(entry) as whole:
                    yield io.BufferedReader(_raw(whole), _BYTES_AT_ONCE)


def archive_at(path: Path) -> Archive | None:
    """The archive that a zip or a folder is, None where it is none.

    Raises InvalidArchive where it is one and cannot be read: a zip that is broken, encrypted, or made to do harm.
    """
    name = path.absolute().name
    if path.is_dir():
        files = [entry.name for entry in path.iterdir() if entry.is_file()]
    elif _is_zip(path):
        files = _files_in_zip(path, name)
    else:
        return None
    homes = {PurePosixPath(file).parent for file in files if _base(file) == _plain(CONNECTIONS)}
    if len(homes) > 1:
        raise InvalidArchive(name, f"it holds {CONNECTIONS} in {len(homes)} folders, where an archive has one")
    entries: defaultdict[str, list[str]] = defaultdict(list)
    for file in files:
        if PurePosixPath(file).parent in homes:
            entries[_base(file)].append(file)
    archive = Archive(name, path, entries)
    return archive if homes and heading(archive, CONNECTIONS) is not None else None


def refuse_zips_in_zip(path: Path) -> None:
    """Raises InvalidArchive where a zip holds others, which are no archive by themselves and are not looked into."""
    if _is_zip(path):
        name = path.absolute().name
        _refuse_zips(_files_in_zip(path, name), name)


def heading(archive: Archive, file: str) -> tuple[int, list[str]] | None:
    """The number of the line with the names of the columns, and those; None where the first 10 lines have none."""
    begins = HEADING_BEGINS if file == CONNECTIONS else []
    with archive.open(file) as binary:
        lines = decoded_lines(binary, archive.name, file)
        for number, line in enumerate(islice(lines, HEADING_WITHIN), 1):
            for _, cells in rows(iter([line])):
                names = [cell.strip().lower() for cell in cells or ()]
                if names[: len(begins)] == begins and len(names) > len(begins):
                    return number, names
    return None


def _base(file: str) -> str:
    return _plain(PurePosixPath(file).name)


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ")


# Zips


def _is_zip(path: Path) -> bool:
    if not path.is_file():
        return False
    with open_regular(path) as file:
        return file.read(4) == b"PK\x03\x04"


def _files_in_zip(path: Path, archive: str) -> list[str]:
    with _readable(archive, "the zip"), _zip(path) as zip:
        entries = [entry for entry in zip.infolist() if not entry.is_dir()]
    files = [entry.filename for entry in entries]
    if _plain(CONNECTIONS) in map(_base, files):
        _refuse_harm(entries, archive)
        _refuse_zips(files, archive)
    return files


def _refuse_zips(files: Sequence[str], archive: str) -> None:
    for file in files:
        if file.casefold().endswith(".zip"):
            raise InvalidArchive(archive, f"it holds another zip, {file[:100]!r}: unpack the outer one")


def _refuse_harm(entries: Sequence[zipfile.ZipInfo], archive: str) -> None:
    for entry in entries:
        file = entry.filename.replace("\\", "/")
        if file.startswith("/") or _DRIVE.match(file) or ".." in PurePosixPath(file).parts:
            raise InvalidArchive(archive, f"it holds a path that leads out of it, {file[:100]!r}")
        if entry.flag_bits & _ENCRYPTED:
            raise InvalidArchive(archive, "it is encrypted")
        if entry.file_size > max(_RATIO_COUNTS_FROM, MOST_SHRUNK * entry.compress_size):
            raise InvalidArchive(archive, f"{file[:100]!r} in it is shrunk more than {MOST_SHRUNK} times")
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise InvalidArchive(archive, "it holds more than 2 GiB")


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, with the list of what it holds read."""
    with open_regular(path) as file:
        try:
            zip = zipfile.ZipFile(file)
        except (ValueError, OverflowError, struct.error) as error:  # as of names that are not UTF-8
            raise zipfile.BadZipFile(str(error)) from error
        with zip:
            yield zip


def _raw(entry: IO[bytes]) -> io.RawIOBase:
    return entry  # type: ignore[return-value]  # all that a buffer asks for, it has


@contextmanager
def _readable(archive: str, what: str) -> Iterator[None]:
    """Turns what reading may raise into InvalidArchive."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError) as error:
        raise InvalidArchive(archive, f"{what} is not whole: download or copy it again") from error
    except NotImplementedError as error:
        raise InvalidArchive(archive, f"{what} is compressed in an unusual way: unpack it") from error
    except OSError as error:
        raise InvalidArchive(archive, f"{what} cannot be read: {error.strerror or error}") from error
