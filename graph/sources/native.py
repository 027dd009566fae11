"""The native folder, zip or workbook: a file or a sheet a table, named for it.

Columns are named as in `graph.model`, and only the required ones must be there.
Tables in a folder `remove/`, or sheets called `remove connections` and so on, name what is to go.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph.errors import InvalidInput, NearlyFits, UnknownSource
from graph.model import BLOCKS, MEMBERS, REMOVALS, TABLES, Table
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note
from graph.sources.files import File, Folder, only_entry
from graph.sources.names import folded, nearest, stem
from graph.sources.packed import Packed
from graph.sources.tables import Called, called, fitting, header_of, unread, unread_within
from graph.sources.workbook import is_workbook

REMOVE = "remove"

_BESIDE_EACH_OTHER = {
    **{table.name: table for table in TABLES},
    **{table.name.replace("/", " "): table for table in REMOVALS},
}
_WITHIN_REMOVE = {table.name.removeprefix(f"{REMOVE}/"): table for table in REMOVALS}
_LINKEDIN = "firstname,lastname,"
_LINKEDIN_WITHIN = 10  # lines


class NativeSource:
    """A network, or a change of one; every file was read once, and its header checked, when it was opened.

    `unread`: a note for each file that is not read.
    """

    looks_for = f"{MEMBERS.name}.csv (or .tsv, .parquet, .xlsx, …)"

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        found = _Found.at(path)
        if found is None or not found.tables:
            raise UnknownSource(f"{path} is not of the format native: there is no {self.looks_for}")
        self._files = [
            found.tables[table].open(table, hints) for table in (*REMOVALS, *TABLES) if table in found.tables
        ]
        self.unread = found.notes

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether there are members, or other tables of a change: blocks only where there is nothing else."""
        found = _Found.at(path)
        if found is None or not found.tables:
            return False
        if MEMBERS in found.tables or {*found.tables} & {*REMOVALS}:
            return True
        if {*found.tables} == {BLOCKS} and found.others:
            return False
        return any(_has_header(candidate, table) for table, candidate in found.tables.items())

    def chunks(self) -> Iterator[Chunk]:
        """All rows, table after table, those that are to go first."""
        for file in self._files:
            yield from file.chunks()

    def notes(self) -> list[Note]:
        """What there is to know of the files that are read, and which are not."""
        return [note for file in self._files for note in file.notes()] + self.unread


class _Found:
    """The tables in a place, and what `others` there are beside them.

    Raises InvalidInput where a table is there twice, a name is nearly one, or something else is to be removed.
    """

    def __init__(self, place: str, files: tuple[File, ...], folder: Folder | None) -> None:
        fits = fitting(place, called(files, _BESIDE_EACH_OTHER), _BESIDE_EACH_OTHER)
        self.tables: dict[Table, Called] = {}
        self.others = fits.others
        for name, candidate in fits.tables.items():
            if candidate.sheet is None and _is_of_linkedin(candidate.file):
                self.others.append(candidate)
            else:
                self.tables[_BESIDE_EACH_OTHER[name]] = candidate
        self.notes = unread(self.others, "no table is called so")
        if folder is not None:
            self._remove(folder)
            self.notes += unread_within(folder, [REMOVE], f"only {REMOVE}/ is looked into")

    @classmethod
    def at(cls, path: Path) -> _Found | None:
        """What is in a folder, a zip or a workbook; None of another file."""
        if folder := Folder.at(path):
            return cls(str(path), folder.files, folder)
        if not path.is_file():
            return None
        if entry := only_entry(path):
            return cls(str(path), (entry,), None)
        file = File(path, path.name)
        return cls(str(path), (file,), None) if is_workbook(file) else None

    def _remove(self, folder: Folder) -> None:
        for name in folder.folders:
            if stem(name) != name and folded(stem(name)) in map(folded, _BESIDE_EACH_OTHER):
                raise InvalidInput(f"{folder.path}/{name} is a folder: a file should stand there")
            if folded(name) != REMOVE and nearest(name, [REMOVE]):
                raise NearlyFits(str(folder.path), "the folder", name, REMOVE)
        inner = folder.folder(REMOVE)
        if inner is None:
            return
        place = f"{folder.path}/{inner.name.rstrip('/')}"
        fits = fitting(place, called(inner.files, _WITHIN_REMOVE), _WITHIN_REMOVE)
        if odd := [*(other.told_as for other in fits.others), *inner.folders]:
            raise InvalidInput(f"{place} holds {odd[0]}, and only {', '.join(_WITHIN_REMOVE)} can be removed")
        for name, candidate in fits.tables.items():
            table = _WITHIN_REMOVE[name]
            if table in self.tables:
                raise InvalidInput(f"{folder.path} names {table.name} twice: keep one")
            self.tables[table] = candidate


def is_called_as_table(path: Path) -> bool:
    """Whether a file has the name of a table, and so belongs to the folder that it stands in."""
    return folded(stem(path.name)) in map(folded, _BESIDE_EACH_OTHER)


def _has_header(candidate: Called, table: Table) -> bool:
    """Whether its first line names a column that the table requires; what cannot be read says so when it is opened."""
    try:
        names = header_of(candidate)
    except InvalidInput:
        return True
    required = {folded(name) for name in table.required}
    return any(folded(name) in required or nearest(name, table.required) for name in names)


def _is_of_linkedin(file: File) -> bool:
    """Whether this is the list of connections in an archive of LinkedIn's, which has no column of this format."""
    try:
        head = Packed(file).head(_LINKEDIN_WITHIN << 10).decode("utf-8", "replace")
    except InvalidInput:
        return False
    return any(folded(line).startswith(_LINKEDIN) for line in head.splitlines()[:_LINKEDIN_WITHIN])
