"""LDBC Social Network Benchmark: Interactive v1, and what its generator writes today (BI, `initial_snapshot/`), as CSV.

- person: a member. `name` is first and last name; `location` is the name of the place where the person is located;
  the other columns stay as text, without e-mails and addresses (`email`, `locationIP`).
- knows: a connection.
- forum: a group, where its title begins with `Group for `. Walls and albums, and their members, are no rows.
- organisation: a company page, where it is a company that a row of `workAt` names.
  The others would fill the graph with thousands of pages that nobody is tied to.
- workAt: a tie `works_at` since 1 January of its year.

Interactive v1 has a file `dynamic/person_0_0.csv` and so on, without quotes; BI a folder `dynamic/Person/` of parts.
Times are milliseconds since 1970, or ISO 8601. `settings` and `blocks` may stand beside the two folders.
Source: the specification of the benchmark, "CSV serializer" of Interactive v1 and of BI (CsvMergeForeign and CsvBasic).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import compress
from pathlib import Path
from typing import NamedTuple

from graph.errors import InvalidInput, UnknownSource
from graph.model import COMPANIES, COMPANY_MEMBERS, CONNECTIONS, GROUP_MEMBERS, GROUPS, MEMBERS
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note, Reject
from graph.sources.delimited import Block, DelimitedFile
from graph.sources.files import File, Folder
from graph.sources.names import checked_names
from graph.sources.separators import Separator
from graph.sources.settings import files_beside
from graph.sources.tables import unread, unread_files, unread_within
from graph.sources.text import TextFile

GROUP_TITLE = "Group for "


class _Kind(NamedTuple):
    """A kind of rows: where they are in each layout, and which columns are read there, in one order."""

    v1: str
    v1_columns: tuple[str, ...]
    bi: str
    bi_columns: tuple[str, ...]


_PERSON = _Kind("dynamic/person", ("id", "firstName", "lastName"), "dynamic/Person", ("id", "firstName", "lastName"))
_LOCATED = _Kind(
    "dynamic/person_isLocatedIn_place",
    ("Person.id", "Place.id"),
    "dynamic/Person_isLocatedIn_City",
    ("PersonId", "CityId"),
)
_KNOWS = _Kind(
    "dynamic/person_knows_person",
    ("Person.id", "Person.id", "creationDate"),
    "dynamic/Person_knows_Person",
    ("Person1Id", "Person2Id", "creationDate"),
)
_WORKS = _Kind(
    "dynamic/person_workAt_organisation",
    ("Person.id", "Organisation.id", "workFrom"),
    "dynamic/Person_workAt_Company",
    ("PersonId", "CompanyId", "workFrom"),
)
_FORUM = _Kind("dynamic/forum", ("id", "title", "creationDate"), "dynamic/Forum", ("id", "title", "creationDate"))
_HAS_MEMBER = _Kind(
    "dynamic/forum_hasMember_person",
    ("Forum.id", "Person.id", "joinDate"),
    "dynamic/Forum_hasMember_Person",
    ("ForumId", "PersonId", "creationDate"),
)
_ORGANISATION = _Kind("static/organisation", ("id", "type", "name"), "static/Organisation", ("id", "type", "name"))
_PLACE = _Kind("static/place", ("id", "name"), "static/Place", ("id", "name"))
_KINDS = (_PERSON, _LOCATED, _KNOWS, _WORKS, _FORUM, _HAS_MEMBER, _ORGANISATION, _PLACE)
_CITY = "LocationCityId"  # where BI says it of the person
_PERSONAL = ("locationIP", "email")
_PERSON_COLUMNS_LEFT_OUT = {"id", "firstName", "lastName", *_PERSONAL, _CITY}
_V1_PART = re.compile(r"(?P<stem>.+)_(?P<part>[0-9]+)_(?P<of>[0-9]+)\.csv(\.(gz|bz2|xz|zip))?")
_BI_PART = re.compile(r"part-.*\.csv(\.(gz|bz2|xz|zip))?", re.IGNORECASE)
_NOT_READ = "no part of the network of persons"
_MILLISECONDS = re.compile(r"[0-9]+")
_YEAR = re.compile(r"[0-9]{4}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LdbcSource:
    """A folder of the format; every file was read once, to see that it is whole, when it was opened."""

    looks_for = "dynamic/person_0_0.csv or dynamic/Person/part-….csv"

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        found = _Layout.at(path)
        if found is None:
            raise UnknownSource(f"{path} is not of the format ldbc: there is no {self.looks_for}")
        self._parts = {kind: [found.open(file, kind, hints) for file in found.files[kind]] for kind in _KINDS}
        self._beside, others = files_beside(found.folder, hints)
        self._unread = unread(others, _NOT_READ) + found.unread()
        self._left_out: dict[tuple[str, str], int] = {}

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether the folder has persons."""
        return _Layout.at(path) is not None

    def chunks(self) -> Iterator[Chunk]:
        """All rows: nodes first, then relationships, then settings and blocks."""
        self._left_out.clear()
        yield from self._members()
        yield from self._groups_and_their_members()
        yield from self._companies()
        yield from self._connections()
        yield from self._company_members()
        for file in self._beside:
            yield from file.chunks()

    def notes(self) -> list[Note]:
        """How the files are read, and which are not."""
        parts = [Note(part.name, text) for some in self._parts.values() for part in some for text in part.notes]
        parts += [Note(part.name, "read: where members are") for part in self._parts[_PLACE] + self._parts[_LOCATED]]
        for part in self._parts[_PERSON]:
            if personal := [name for name in part.header if name in _PERSONAL]:
                parts.append(Note(part.name, f"columns not read: {', '.join(personal)}"))
        for (name, others), rows in self._left_out.items():
            if rows:
                parts.append(Note(name, f"{rows:,} row{'' if rows == 1 else 's'} not read: {others}"))
        return parts + [note for file in self._beside for note in file.notes()] + self._unread

    def _members(self) -> Iterator[Chunk]:
        rejects: list[Reject] = []
        places: dict[str, str] = {}
        for _, block in self._blocks(_PLACE):
            rejects += block.rejects
            places.update(zip(block.texts[0], block.texts[1], strict=True))
        locations: dict[str, tuple[str, Reject]] = {}
        for part, block in self._blocks(_LOCATED):
            rejects += block.rejects
            for line, person, place in zip(block.lines, block.texts[0], block.texts[1], strict=True):
                if place in places:
                    stranger = Reject(part.name, line, part.header[0], person, "nobody declares this id")
                    locations[person] = places[place], stranger
                else:
                    rejects.append(Reject(part.name, line, part.header[1], place, "no place has this id"))
        nowhere = ("", None)
        persons: set[str] = set()
        for part, block in self._blocks(_PERSON):
            ids, first, last, *_ = cells = block.texts
            persons.update(ids)
            columns = {"id": ids, "name": [f"{a} {b}".strip() for a, b in zip(first, last, strict=True)]}
            for name, column in zip(part.header, cells, strict=True):
                if name not in _PERSON_COLUMNS_LEFT_OUT:
                    columns[name] = column
            if self._parts[_LOCATED]:
                columns["location"] = [locations.get(person, nowhere)[0] for person in ids]
            elif _CITY in part.header and places:
                columns["location"] = [places.get(city, "") for city in cells[part.header.index(_CITY)]]
            yield Chunk(MEMBERS, part.name, block.lines, columns, block.rejects)
        rejects += [stranger for person, (_, stranger) in locations.items() if person not in persons]
        if rejects:
            yield Chunk(MEMBERS, rejects[0].file, [], {"id": []}, rejects)

    def _groups_and_their_members(self) -> Iterator[Chunk]:
        others: set[str] = set()
        for part, block in self._blocks(_FORUM):
            is_group = [title.startswith(GROUP_TITLE) for title in block.texts[1]]
            others.update(forum for forum, kept in zip(block.texts[0], is_group, strict=True) if not kept)
            lines, kept_columns = self._kept(part, block, is_group, "walls and albums")
            columns = dict(zip(("id", "name", *part.header[2:]), kept_columns, strict=True))
            yield Chunk(GROUPS, part.name, lines, columns, block.rejects)
        for part, block in self._blocks(_HAS_MEMBER):
            is_group = [forum not in others for forum in block.texts[0]]
            lines, kept_columns = self._kept(part, block, is_group, "of walls and albums")
            groups, members, dates = kept_columns[:3]
            columns = {"member": members, "group": groups, "since": _instants(dates)}
            yield Chunk(GROUP_MEMBERS, part.name, lines, columns, block.rejects)

    def _companies(self) -> Iterator[Chunk]:
        named = {company for _, block in self._blocks(_WORKS) for company in block.texts[1]}
        for part, block in self._blocks(_ORGANISATION):
            ids, kinds = block.texts[:2]
            is_page = [kind.lower() == "company" and id in named for id, kind in zip(ids, kinds, strict=True)]
            lines, kept = self._kept(part, block, is_page, "universities, and companies that nobody works at")
            columns = {name: cells for name, cells in zip(part.header, kept, strict=True) if name != "type"}
            yield Chunk(COMPANIES, part.name, lines, columns, block.rejects)

    def _connections(self) -> Iterator[Chunk]:
        for part, block in self._blocks(_KNOWS):
            a, b, dates = block.texts[:3]
            columns = {"a": a, "b": b, "since": _instants(dates)}
            yield Chunk(CONNECTIONS, part.name, block.lines, columns, block.rejects)

    def _company_members(self) -> Iterator[Chunk]:
        for part, block in self._blocks(_WORKS):
            members, companies, years = block.texts[:3]
            columns = {"member": members, "company": companies, "since": [_new_year(year) for year in years]}
            yield Chunk(COMPANY_MEMBERS, part.name, block.lines, columns, block.rejects)

    def _kept(self, part: _Part, block: Block, keep: list[bool], others: str) -> tuple[list[int], list[list[str]]]:
        """The lines and columns of the rows to keep; the others are counted, to be told."""
        place = part.name, others
        self._left_out[place] = self._left_out.get(place, 0) + keep.count(False)
        return list(compress(block.lines, keep)), [list(compress(column, keep)) for column in block.texts]

    def _blocks(self, kind: _Kind) -> Iterator[tuple[_Part, Block]]:
        for part in self._parts[kind]:
            for block in part.blocks():
                yield part, block


class _Part:
    """A file of rows of one kind, with the columns that are read first."""

    def __init__(self, file: DelimitedFile, where: str, columns: tuple[str, ...], *, in_order: bool) -> None:
        self._file = file
        self.name, self.notes = file.name, file.notes
        if in_order:
            if tuple(file.header[: len(columns)]) != columns:
                raise InvalidInput(f"{where}: its first line should begin with {'|'.join(columns)}")
            self._order = list(range(len(file.header)))
        else:
            if missing := {*columns} - {*file.header}:
                raise InvalidInput(f"{where}: its first line has no {min(missing)}")
            first = [file.header.index(name) for name in columns]
            self._order = first + [place for place in range(len(file.header)) if place not in first]
        if len({*columns}) == len(columns):
            checked_names(where, file.header)
        self.header = [file.header[place] for place in self._order]

    def blocks(self) -> Iterator[Block]:
        """The rows in their order."""
        for block in self._file.blocks():
            yield Block(block.lines, [block.columns[place] for place in self._order], block.rejects)


class _Layout(NamedTuple):
    """Where the files of each kind are: of Interactive v1, or of BI, where there is a folder for each kind."""

    folder: Folder
    files: dict[_Kind, list[File]]
    is_bi: bool

    @classmethod
    def at(cls, path: Path) -> _Layout | None:
        """The layout of a folder or zip that has persons; None where there are none."""
        folder = Folder.at(path)
        if folder is None:
            return None
        v1 = cls(folder, {kind: _v1_files(folder, kind) for kind in _KINDS}, is_bi=False)
        if v1.files[_PERSON]:
            return v1
        snapshot = folder.folder("initial_snapshot") or folder
        bi = cls(snapshot, {kind: _bi_files(snapshot, kind) for kind in _KINDS}, is_bi=True)
        return bi if bi.files[_PERSON] else None

    def open(self, file: File, kind: _Kind, hints: Hints) -> _Part:
        """A file of a kind; raises InvalidInput where it is not whole, or has not the columns."""
        text = TextFile(file, hints.encoding)
        rows = DelimitedFile(text, separator=Separator("|"), quoted=self.is_bi)
        return _Part(rows, text.name, kind.bi_columns if self.is_bi else kind.v1_columns, in_order=not self.is_bi)

    def unread(self) -> list[Note]:
        """What stands in the folders beside what is read."""
        read = {file.name for files in self.files.values() for file in files}
        notes = unread_within(self.folder, ["static", "dynamic"], _NOT_READ)
        for name in ("static", "dynamic"):
            if inner := self.folder.folder(name):
                kinds = [kind.bi.partition("/")[2] for kind in _KINDS if self.files[kind]] if self.is_bi else []
                notes += unread_files([file for file in inner.files if file.name not in read], _NOT_READ)
                notes += unread_within(inner, kinds, _NOT_READ)
        return notes


def _v1_files(folder: Folder, kind: _Kind) -> list[File]:
    where, _, stem = kind.v1.partition("/")
    inner = folder.folder(where)
    parts = []
    for file in inner.files if inner else ():
        match = _V1_PART.fullmatch(file.name.rpartition("/")[2])
        if match and match["stem"] == stem:
            parts.append((int(match["part"]), int(match["of"]), file))
    return [file for *_, file in sorted(parts, key=lambda part: part[:2])]


def _bi_files(folder: Folder, kind: _Kind) -> list[File]:
    where, _, name = kind.bi.partition("/")
    outer = folder.folder(where)
    inner = outer.folder(name) if outer else None
    return [file for file in inner.files if _BI_PART.fullmatch(file.name.rpartition("/")[2])] if inner else []


def _instants(cells: list[str]) -> list[str]:
    return [_instant(cell) for cell in cells]


def _instant(cell: str) -> str:
    """Milliseconds since 1970 as ISO 8601; what is no such number stays, to be judged as it is."""
    try:
        return (_EPOCH + timedelta(milliseconds=int(cell))).isoformat() if _MILLISECONDS.fullmatch(cell) else cell
    except (ValueError, OverflowError):
        return cell


def _new_year(cell: str) -> str:
    """The first day of a year of four digits; anything else stays, to be judged as it is."""
    return f"{cell}-01-01" if _YEAR.fullmatch(cell) else cell
