"""Own exports: the data archives that people ask LinkedIn for, one or several (docs/how-to/own-exports.md).

All is read before the first row is handed on, so that an archive that is broken changes nothing.
`owners` may stand beside several archives in a folder, and `settings` and `blocks` beside one, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from graph.errors import InvalidArchive, InvalidInput, UnknownSource
from graph.model import COMPANY_MEMBERS, CONNECTIONS, MEMBERS, Table
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note
from graph.sources.files import Folder
from graph.sources.linkedin.addresses import named_id
from graph.sources.linkedin.archive import CONNECTIONS as CONNECTIONS_FILE
from graph.sources.linkedin.archive import Archive, archive_in, archives_within
from graph.sources.linkedin.files import FOLLOWS, INVITATIONS, POSITIONS, PROFILE, Contents, read
from graph.sources.linkedin.messages import MESSAGES, Exchange, exchange
from graph.sources.linkedin.network import Row, network_of
from graph.sources.linkedin.owners import OWNERS as OWNERS_BESIDE
from graph.sources.linkedin.owners import owners_of, read_owners
from graph.sources.linkedin.tables import JOBS, OWNERS, PAGES, PEOPLE
from graph.sources.names import folded
from graph.sources.settings import BESIDE, SETTINGS, files_beside
from graph.sources.tables import TableFile, unread, unread_within

_READ = (CONNECTIONS_FILE, PROFILE, POSITIONS, FOLLOWS, INVITATIONS, MESSAGES)
_SAYING = {PEOPLE: (CONNECTIONS_FILE, PROFILE, INVITATIONS), COMPANY_MEMBERS: (POSITIONS, FOLLOWS)}
_NOT_OF_IT = "no part of the network"
_NO_ARCHIVE = "no archive of LinkedIn's"


class LinkedInSource:
    """One archive, or a folder or zip of some: what of them `OwnExports` says, and their rows.

    Raises InvalidArchive, UnknownOwners, and InvalidInput where a file beside the archives is wrong.
    """

    looks_for = "Connections.csv of a LinkedIn archive"

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        found = _Found.at(path)
        if found is None:
            raise UnknownSource(f"{path} is not of the format linkedin: there is no {self.looks_for}")
        archives = found.archives
        self._beside, self._unread = found.files_beside(hints)
        self._contents = [read(archive) for archive in archives]
        self.owners: Mapping[str, str] = owners_of(self._contents, _named(hints.owner, self._beside, archives))
        self._exchanges = {each.name: exchange(each, self.owners[each.name]) for each in archives if hints.messages}
        network = network_of(self._contents, self.owners, self._exchanges, drop_missing=hints.drop_missing)
        self._network = network
        self.drop_missing = hints.drop_missing
        self.listed: Mapping[str, Set[str]] = network.listed
        self.earlier: Mapping[str, Set[str]] = network.earlier
        self.places: Mapping[str, str] = {self.owners[each.name]: each.place(CONNECTIONS_FILE) for each in archives}
        self.has_settings = any(file.table == SETTINGS for file in self._beside)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether there is an archive. Raises InvalidInput where a zip that may be one cannot be read."""
        whole = Folder.at(path, of_one_file=True)
        if whole is None:
            return False
        if archive_in(whole, path.name) is not None:
            return True
        problems: list[InvalidInput] = []
        for _, archive in archives_within(whole):
            try:
                if archive() is not None:
                    return True
            except InvalidInput as error:
                problems.append(error)
        if problems:
            raise problems[0]
        return False

    @staticmethod
    def refuse_incomplete(folder: Folder) -> None:
        """Raises InvalidArchive where a folder that is no archive has other files of one."""
        there = {folded(file.name.rpartition("/")[2]) for file in folder.files}
        others = [file for file in _READ if file != CONNECTIONS_FILE and folded(file) in there]
        if folded(CONNECTIONS_FILE) in there and others:
            problem = f"its {CONNECTIONS_FILE} has no line that begins First Name,Last Name among its first 10"
            raise InvalidArchive(str(folder.path), f"{problem}: ask LinkedIn, set to English, for a new one")
        if len(others) > 1:
            problem = f"it has {' and '.join(others)}, but no {CONNECTIONS_FILE}"
            raise InvalidArchive(str(folder.path), f"{problem}: ask LinkedIn for an archive with connections")

    @staticmethod
    def is_unpacked(folder: Path) -> bool:
        """Whether a folder is one archive by itself."""
        whole = Folder.at(folder)
        return whole is not None and archive_in(whole, folder.name) is not None

    def chunks(self) -> Iterator[Chunk]:
        """All rows: nodes first, then relationships, then settings and blocks."""
        network = self._network
        yield from _chunks(OWNERS, network.owners.values())
        yield from _chunks(PEOPLE, network.people.values())
        yield from self._set_aside(PEOPLE)
        yield from _chunks(PAGES, network.companies.values())
        yield from _chunks(CONNECTIONS, network.connections.values())
        yield from _chunks(JOBS, network.jobs.values())
        yield from _chunks(COMPANY_MEMBERS, network.stints)
        yield from _chunks(COMPANY_MEMBERS, network.follows)
        yield from self._set_aside(COMPANY_MEMBERS)
        for file in self._beside:
            if file.table != OWNERS_BESIDE:
                for chunk in file.chunks():
                    yield self._with_ids(chunk)

    def notes(self) -> list[Note]:
        """Whose each archive is, what of its files is read, and what is not."""
        of_archives = [note for each in self._contents for note in self._notes_of(each)]
        return of_archives + [note for file in self._beside for note in file.notes()] + self._unread

    def _notes_of(self, contents: Contents) -> Iterator[Note]:
        archive = contents.archive
        owner = self.owners[archive.name]
        name = self._network.owners[owner].cells.get("name")
        yield Note(archive.place(CONNECTIONS_FILE), f"the archive of {f'{name} ({owner})' if name else owner}")
        if contents.unread_dates:
            dates = _counted(contents.unread_dates, "date")
            yield Note(archive.place(CONNECTIONS_FILE), f"{dates} not read: these connections have none")
        for file, column in contents.without.items():
            yield Note(archive.place(file), f"not read: it has no column {column!r}")
        if INVITATIONS in archive and INVITATIONS not in contents.without:
            yield Note(archive.place(INVITATIONS), "read for whose the archive is")
        if MESSAGES in archive:
            yield Note(archive.place(MESSAGES), _told_of(self._exchanges.get(archive.name)))

    def _set_aside(self, table: Table) -> Iterator[Chunk]:
        """What was set aside of the files that say something like that; those of positions and follows are always told.

        So a file of which nothing is loaded is seen to have been read.
        """
        for contents in self._contents:
            for file in _SAYING[table]:
                rejects = [reject for reject in contents.rejects if reject.file == contents.place(file)]
                if rejects or (table == COMPANY_MEMBERS and contents.has(file)):
                    yield Chunk(table, contents.place(file), [], {name: [] for name in table.required}, rejects)

    def _with_ids(self, chunk: Chunk) -> Chunk:
        """A chunk of a file beside the archives, which may name people by their addresses."""
        columns = chunk.columns
        for name, table in chunk.table.refers:
            if table == MEMBERS.name:
                columns[name] = [self._id(text) for text in columns[name]]
        return replace(chunk, cells=columns)

    def _id(self, text: str) -> str:
        there = text in self._network.people or text in self._network.owners
        return text if there else named_id(text) or text


class _Found(NamedTuple):
    """The archives at a path, in the order of their names; `alone`: the path is that of the only one.

    `folder` is where files beside them stand.
    """

    folder: Folder
    archives: list[Archive]
    alone: bool

    @classmethod
    def at(cls, path: Path) -> _Found | None:
        """What is in a folder or zip; None where there is no archive. Raises InvalidInput where that cannot be told."""
        whole = Folder.at(path, of_one_file=True)
        if whole is None:
            return None
        if (archive := archive_in(whole, path.absolute().name)) is not None:
            beside = whole if path.is_dir() else Folder.at(path.absolute().parent)
            assert beside is not None
            return cls(beside, [archive], alone=True)
        opened = (archive() for _, archive in sorted(archives_within(whole), key=lambda named: named[0]))
        archives = [archive for archive in opened if archive is not None]
        return cls(whole, archives, alone=False) if archives else None

    def files_beside(self, hints: Hints) -> tuple[list[TableFile], list[Note]]:
        """The tables beside the archives, and what is not read beside and within them."""
        tables = BESIDE if self.alone else {**BESIDE, OWNERS_BESIDE.name: OWNERS_BESIDE}
        files, others = files_beside(self.folder, hints, tables)
        names = {archive.name for archive in self.archives}
        within_one = self.alone and self.folder.path == self.archives[0].folder.path
        apart = {file.name for file in self.folder.files} - {other.file.name for other in others} if within_one else ()
        notes = [note for archive in self.archives for note in archive.unread((*_READ, *apart), _NOT_OF_IT)]
        if not self.alone:
            notes += unread([other for other in others if other.told_as not in names], _NO_ARCHIVE)
            notes += unread_within(self.folder, names, _NO_ARCHIVE)
        return files, notes


def _named(owner: str | None, beside: Sequence[TableFile], archives: Sequence[Archive]) -> dict[str, str]:
    """The owners that somebody has named, by the name of the archive."""
    names = [archive.name for archive in archives]
    if owner is None:
        file = next((file for file in beside if file.table == OWNERS_BESIDE), None)
        return {} if file is None else read_owners(file, {*names})
    if len(names) > 1:
        raise InvalidInput(f"one owner is named, and there are {len(names)} archives: {', '.join(names)}")
    id = named_id(owner)
    if id is None:
        raise InvalidInput(f"{owner!r} is neither the address of a profile nor an id")
    return {names[0]: id}


def _chunks(table: Table, rows: Iterable[Row]) -> Iterator[Chunk]:
    """The rows, file after file, together where they have the same cells."""
    alike: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        alike[row.file, *row.cells].append(row)
    for (file, *names), some in sorted(alike.items(), key=lambda rows: rows[0][0]):
        columns = {name: [row.cells[name] for row in some] for name in names}
        yield Chunk(table, file, [row.line for row in some], columns, [])


def _told_of(exchange: Exchange | None) -> str:
    if exchange is None:
        return "read for nothing but whose the archive is"
    broken = f", but {_counted(exchange.unread, 'row')} that cannot be read" if exchange.unread else ""
    return f"read: who wrote to whom{broken}; no text"


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
