"""Own exports: the data archives that people ask LinkedIn for, one or a folder of several (docs/how-to/own-exports.md).

All is read before the first row is handed on, so that an archive that is broken changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from graph.errors import InvalidArchive, InvalidInput, UnknownSource
from graph.model import BLOCKS, COMPANY_MEMBERS, CONNECTIONS, MEMBERS, Table
from graph.sources.chunks import Chunk, Reject
from graph.sources.linkedin.addresses import named_id
from graph.sources.linkedin.archive import Archive, archive_at, refuse_zips_in_zip
from graph.sources.linkedin.files import FOLLOWS, POSITIONS, read
from graph.sources.linkedin.messages import exchange
from graph.sources.linkedin.network import Row, network_of
from graph.sources.linkedin.owners import OWNERS as OWNERS_FILE
from graph.sources.linkedin.owners import owners_of, read_owners
from graph.sources.linkedin.tables import JOBS, OWNERS, PAGES, PEOPLE
from graph.sources.settings import SETTINGS, files_beside

_BESIDE = (OWNERS_FILE.partition(".")[0], SETTINGS.name, BLOCKS.name)


@dataclass(frozen=True, slots=True)
class Reading:
    """How own exports are read: whose a single archive is (an address or an id), and what for."""

    owner: str | None = None
    messages: bool = False
    drop_missing: bool = False


@dataclass(frozen=True, slots=True)
class ReadArchive:
    """What was read of one archive: whose it is, and what of it is not in the graph as it stands there.

    `unread_dates`: connections without `since`, as their date cannot be read; `unread_messages`: broken rows.
    """

    name: str
    owner: str
    owner_name: str
    contacts: int
    unread_dates: int
    unread_messages: int


class LinkedInSource:
    """One archive, or a folder of some: what of them `OwnExports` says, and their rows.

    `archives` is what was read, and `unread` what lies beside and is no archive.
    Raises InvalidArchive, UnknownOwners, and InvalidInput where a file beside the archives is wrong.
    """

    looks_for = "Connections.csv of a LinkedIn archive"

    def __init__(self, path: Path, how: Reading | None = None) -> None:
        how = how or Reading()
        folder, found, self.unread = _archives(path)
        if not found:
            raise UnknownSource(f"{path} has no {self.looks_for}")
        contents = [read(archive) for archive in found]
        owners = owners_of(contents, _named(how.owner, path, found))
        self.owners: Mapping[str, str] = owners
        names = [archive.name for archive in found]
        exchanges = {each.name: exchange(each, owners[each.name]) for each in found} if how.messages else {}
        network = network_of(contents, owners, exchanges, drop_missing=how.drop_missing)
        self._contents, self._network = contents, network
        self._beside = files_beside(folder)
        self.drop_missing = how.drop_missing
        self.listed: Mapping[str, Set[str]] = network.listed
        self.earlier: Mapping[str, Set[str]] = network.earlier
        self.has_settings = any(file.table == SETTINGS for file in self._beside)
        self.archives = [
            ReadArchive(
                name,
                owners[name],
                network.owners[owners[name]].cells.get("name", ""),
                len(each.contacts),
                each.unread_dates,
                exchanges[name].unread if name in exchanges else 0,
            )
            for name, each in zip(names, contents, strict=True)
        ]

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether there is an archive. Raises InvalidArchive where the file itself is a zip that cannot be read."""
        if path.is_dir():
            return any(_is_archive(each) for each in (path, *path.iterdir()))
        return _archive_in(path) is not None

    @staticmethod
    def is_unpacked(folder: Path) -> bool:
        """Whether a folder is one archive by itself."""
        return _is_archive(folder)

    def chunks(self) -> Iterator[Chunk]:
        """All rows: nodes first, then relationships, then settings and blocks."""
        network = self._network
        of_stints = [place for each in self._contents for place in (each.place(POSITIONS), each.place(FOLLOWS))]
        rejects: list[Reject] = [reject for each in self._contents for reject in each.rejects]
        yield from _chunks(OWNERS, network.owners.values())
        yield from _chunks(PEOPLE, network.people.values())
        yield from _rejects(PEOPLE, (each for each in rejects if each.file not in of_stints))
        yield from _chunks(PAGES, network.companies.values())
        yield from _chunks(CONNECTIONS, network.connections.values())
        yield from _chunks(JOBS, network.jobs.values())
        yield from _chunks(COMPANY_MEMBERS, network.stints)
        yield from _chunks(COMPANY_MEMBERS, network.follows)
        yield from _rejects(COMPANY_MEMBERS, (each for each in rejects if each.file in of_stints))
        for file in self._beside:
            for chunk in file.chunks():
                yield self._with_ids(chunk)

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


def _archives(path: Path) -> tuple[Path, list[Archive], list[str]]:
    """The folder that settings stand in, the archives in the order of their names, and what else is beside them."""
    if not path.is_dir():
        return path.parent, [archive for archive in (_archive_in(path),) if archive is not None], []
    if (archive := archive_at(path)) is not None:
        return path, [archive], []
    found: list[Archive] = []
    others: list[str] = []
    for each in sorted(path.iterdir(), key=lambda each: each.name):
        if (archive := archive_at(each)) is not None:
            found.append(archive)
        elif each.name.partition(".")[0] not in _BESIDE:
            others.append(each.name)
    return path, found, others


def _archive_in(file: Path) -> Archive | None:
    refuse_zips_in_zip(file)
    return archive_at(file)


def _is_archive(path: Path) -> bool:
    try:
        return archive_at(path) is not None
    except (InvalidArchive, OSError):  # one of many, of which nobody has said yet that they are archives
        return False


def _named(owner: str | None, path: Path, archives: Sequence[Archive]) -> dict[str, str]:
    """The owners that somebody has named, by the name of the archive."""
    names = [archive.name for archive in archives]
    if owner is None:
        file = path / OWNERS_FILE
        return read_owners(file, {*names}) if file.is_file() else {}
    if len(names) > 1:
        raise InvalidInput(f"one owner is named, and there are {len(names)} archives: {', '.join(names)}")
    id = named_id(owner)
    if id is None:
        raise InvalidInput(f"{owner!r} is neither the address of a profile nor an id")
    return {names[0]: id}


def _chunks(table: Table, rows: Iterable[Row]) -> Iterator[Chunk]:
    """The rows, together where they are of one file and have the same cells."""
    alike: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        alike[row.file, *row.cells].append(row)
    for (file, *names), some in alike.items():
        columns = {name: [row.cells[name] for row in some] for name in names}
        yield Chunk(table, file, [row.line for row in some], columns, [])


def _rejects(table: Table, rejects: Iterable[Reject]) -> Iterator[Chunk]:
    of_file: defaultdict[str, list[Reject]] = defaultdict(list)
    for reject in rejects:
        of_file[reject.file].append(reject)
    for file, some in of_file.items():
        yield Chunk(table, file, [], {name: [] for name in table.required}, some)
