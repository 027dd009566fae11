"""Files where they stand: on disk, or in a zip, which is read as if it were a folder, entry by entry.

A zip is never unpacked to disk, and before anything in it is read, the list of what it holds is looked at.
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PureWindowsPath
from typing import IO

from graph.errors import InvalidInput
from graph.files.regular import open_regular
from graph.sources.names import folded

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
WORKBOOK, DOCUMENT = "workbook", "document"
LARGEST_ZIP = 2 << 30  # bytes, of all entries
MOST_ENTRIES = 100_000
MOST_SHRUNK = 200  # times; text as people have it shrinks to a fifth or a tenth
SHRUNK_COUNTS_FROM = 32 << 20  # bytes, once unpacked

_KIND_BYTES = 1 << 10  # the names of kinds are shorter; whoever means harm writes more
_ENCRYPTED = 1  # a flag of an entry
_UNREADABLE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
_DRIVE = re.compile(r"[A-Za-z]:")
_LEFT_BY_SYSTEMS = re.compile(r"\..*|__MACOSX|~\$.*|Thumbs\.db|desktop\.ini", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file at a path, or the `entry` of a zip there; `name` is what people are told, within its folder."""

    path: Path
    name: str
    entry: str | None = None

    @classmethod
    def at(cls, path: Path) -> File:
        """A file on disk; raises InvalidInput where there is something else that could not be read to an end."""
        require_a_file(path)
        return cls(path, path.name)

    def __str__(self) -> str:
        return str(self.path) if self.entry is None else f"{self.path}/{self.entry}"

    @property
    def size(self) -> int:
        """Bytes, as they are stored."""
        if self.entry is None:
            return self.path.stat().st_size
        with _opened(self.path) as zip:
            return zip.getinfo(self.entry).compress_size

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, as they are stored, and of an entry as it was put in."""
        if self.entry is None:
            require_a_file(self.path)
            with open_regular(self.path) as binary:
                yield binary
        else:
            with _opened(self.path) as zip, zip.open(self.entry) as binary:
                yield binary

    def begins_with(self, *signatures: bytes) -> bool:
        """Whether these are its first bytes, as they are stored; of what cannot be read: no."""
        try:
            with self.open() as binary:
                head = binary.read(max(map(len, signatures)))
        except (InvalidInput, *_UNREADABLE):
            return False
        return head.startswith(signatures)


def require_a_file(path: Path) -> None:
    """Raises InvalidInput where a path is a folder, or a pipe or device, which might never end."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}") from error
    if stat.S_ISDIR(mode):
        raise InvalidInput(f"{path} is a folder: a file should stand there")
    if not stat.S_ISREG(mode):
        raise InvalidInput(f"{path} is a pipe or a device, and no file: save what it gives as a file")


@dataclass(frozen=True)
class Folder:
    """What stands in a folder on disk, or in a zip: `files` by name, and `folders` by what they are called.

    `name` is what people are told before the names of its files, "" at the top.
    `hidden` counts what systems leave behind (`.DS_Store`, `__MACOSX`, …).
    """

    path: Path
    name: str
    files: tuple[File, ...]
    folders: Mapping[str, Callable[[], Folder]]
    hidden: int

    @classmethod
    def at(cls, path: Path, *, of_one_file: bool = False) -> Folder | None:
        """The folder at a path, or the zip of several files, or of one, too; None where there is neither.

        Raises InvalidInput where a zip is broken, or could do harm.
        """
        if path.is_dir():
            return _on_disk(path)
        if not is_zip(path):
            return None
        whole = _in_zip(path)
        return None if not (of_one_file or whole.folders) and len(whole.files) == 1 else whole

    def folder(self, name: str) -> Folder | None:
        """The folder in it that is called so, in whatever case; None where there is none."""
        for called, opened in self.folders.items():
            if folded(called) == folded(name):
                return opened()
        return None


def is_zip(path: Path) -> bool:
    """Whether a path is a zip that is no workbook."""
    file = File(path, path.name)
    return path.is_file() and file.begins_with(ZIP, EMPTY_ZIP) and office_kind(path) is None


def office_kind(path: Path) -> str | None:
    """Whether a file is what an office program writes: a workbook or a document; None where it is neither."""
    if not File(path, path.name).begins_with(ZIP):
        return None
    try:
        with _opened(path) as zip:
            names = set(zip.namelist())
            if {"xl/workbook.xml", "xl/workbook.bin"} & names:
                return WORKBOOK
            if "mimetype" in names and "content.xml" in names:
                with zip.open("mimetype") as kind:
                    return WORKBOOK if b"opendocument.spreadsheet" in kind.read(_KIND_BYTES) else DOCUMENT
            return DOCUMENT if "[Content_Types].xml" in names else None
    except (RuntimeError, *_UNREADABLE):  # the former where it is encrypted
        return None


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip, with the list of what it holds read; raises BadZipFile where that cannot be read, whatever is wrong."""
    with open_regular(path) as file:
        try:
            zip = zipfile.ZipFile(file)
        except (EOFError, OverflowError, ValueError, struct.error) as error:  # as of names that are not UTF-8
            raise zipfile.BadZipFile(str(error)) from error
        with zip:
            yield zip


def only_entry(path: Path) -> File | None:
    """The one file that a zip holds; None where it holds several, or is no zip."""
    if not is_zip(path):
        return None
    whole = _in_zip(path)
    return whole.files[0] if len(whole.files) == 1 and not whole.folders else None


def _on_disk(path: Path, name: str = "") -> Folder:
    files, hidden = list[File](), 0
    folders = dict[str, Callable[[], Folder]]()
    for entry in sorted(path.iterdir()):
        if _LEFT_BY_SYSTEMS.fullmatch(entry.name):
            hidden += 1
        elif entry.is_dir():
            folders[entry.name] = partial(_on_disk, entry, f"{name}{entry.name}/")
        else:
            files.append(File(entry, f"{name}{entry.name}"))
    return Folder(path, name, tuple(files), folders, hidden)


def _in_zip(path: Path) -> Folder:
    """A zip as a folder; one folder that holds all the rest is left out."""
    entries = {name: name for name in _entries(path)}
    while True:
        tops = {name.partition("/")[0] for name in entries if not _LEFT_BY_SYSTEMS.fullmatch(name.partition("/")[0])}
        top = f"{next(iter(tops), '')}/"
        if len(tops) != 1 or not all(name.startswith(top) for name in entries if name.partition("/")[0] in tops):
            return _grouped(path, "", entries)
        entries = {name.removeprefix(top): entry for name, entry in entries.items() if name.startswith(top)}


def _grouped(path: Path, name: str, entries: Mapping[str, str]) -> Folder:
    """The folder `name` in a zip; `entries` maps what stands below it to what the zip calls it."""
    files, hidden = list[File](), 0
    below: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for inner, entry in sorted(entries.items()):
        first, slash, rest = inner.partition("/")
        if _LEFT_BY_SYSTEMS.fullmatch(first):
            hidden += 1
        elif slash:
            below[first][rest] = entry
        else:
            files.append(File(path, f"{name}{first}", entry))
    folders = {first: partial(_grouped, path, f"{name}{first}/", some) for first, some in below.items()}
    return Folder(path, name, tuple(files), folders, hidden)


def _entries(path: Path) -> list[str]:
    """The names of the files in a zip; raises InvalidInput where it is broken, or reading it could do harm."""
    try:
        with _opened(path) as zip:
            entries = [entry for entry in zip.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise InvalidInput(f"{path} is not a whole zip: copy or download it again") from error
    if not entries:
        raise InvalidInput(f"{path} is an empty zip")
    if len(entries) > MOST_ENTRIES:
        raise InvalidInput(f"{path} holds more than {MOST_ENTRIES:,} files")
    if sum(entry.file_size for entry in entries) > LARGEST_ZIP:
        raise InvalidInput(f"{path} holds more than {LARGEST_ZIP >> 30} GiB: unpack it, and load the folder")
    for name, times in Counter(entry.filename for entry in entries).items():
        if times > 1:
            raise InvalidInput(f"{path} holds {name} {times} times: keep one")
    for entry in entries:
        name = entry.filename
        if _DRIVE.match(name) or name.startswith(("/", "\\")) or ".." in PureWindowsPath(name).parts:
            raise InvalidInput(f"{path} holds {name!r}, which leads out of it")
        if "\\" in name:
            raise InvalidInput(f"{path} holds {name!r}, a name with backslashes: unpack it, and load the folder")
        if entry.flag_bits & _ENCRYPTED:
            raise InvalidInput(f"{path} is protected by a password: unpack it, and load the folder")
        if entry.file_size > max(SHRUNK_COUNTS_FROM, MOST_SHRUNK * entry.compress_size):
            raise InvalidInput(f"{path}/{name} unpacks to more than {MOST_SHRUNK} times its size, and is not read")
        if name.lower().endswith(".zip"):
            raise InvalidInput(f"{path} holds {name}, a zip within a zip: unpack it, and load the folder")
    return [entry.filename for entry in entries]
