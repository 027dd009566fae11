"""LDBC Social Network Benchmark, Interactive v1, CSV with composite attributes (`dynamic/` and `static/`).

- person: a member. `name` is first and last name; `location` is the name of the place of `person_isLocatedIn_place`;
  the other columns stay as text, without e-mails and addresses (`email`, `locationIP`).
- knows: a connection.
- forum: a group, where its title begins with `Group for `. Walls and albums, and their members, are no rows.
- organisation: a company page, where it is a company that a row of `workAt` names.
  The others would fill the graph with thousands of pages that nobody is tied to.
- workAt: a tie `works_at` since 1 January of its year.

Times are milliseconds since 1970. `settings` and `blocks` may stand beside the two folders.
Source: the specification of the benchmark, "CSV serializer" of Interactive v1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import compress
from pathlib import Path

from graph.errors import InvalidInput
from graph.model import COMPANIES, COMPANY_MEMBERS, CONNECTIONS, GROUP_MEMBERS, GROUPS, MEMBERS
from graph.sources.chunks import Chunk, Reject
from graph.sources.delimited import Block, DelimitedFile, checked_names
from graph.sources.settings import files_beside

GROUP_TITLE = "Group for "

_HEADERS = {
    "dynamic/person": ("id", "firstName", "lastName"),
    "dynamic/person_isLocatedIn_place": ("Person.id", "Place.id"),
    "dynamic/person_knows_person": ("Person.id", "Person.id", "creationDate"),
    "dynamic/person_workAt_organisation": ("Person.id", "Organisation.id", "workFrom"),
    "dynamic/forum": ("id", "title", "creationDate"),
    "dynamic/forum_hasMember_person": ("Forum.id", "Person.id", "joinDate"),
    "static/organisation": ("id", "type", "name"),
    "static/place": ("id", "name"),
}
_PERSON_COLUMNS_LEFT_OUT = {"id", "firstName", "lastName", "locationIP", "email"}
_PART = re.compile(r"_(?P<part>[0-9]+)_(?P<of>[0-9]+)\.csv(\.gz)?")
_MILLISECONDS = re.compile(r"[0-9]+")
_YEAR = re.compile(r"[0-9]{4}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LdbcSource:
    """A folder of the format; every file was read once, to see that it is whole, when it was opened."""

    looks_for = "dynamic/person_0_0.csv"

    def __init__(self, folder: Path) -> None:
        self._parts = {stem: [_open(path, folder, stem) for path in _paths(folder, stem)] for stem in _HEADERS}
        self._beside = files_beside(folder)

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether the folder has persons."""
        return bool(_paths(folder, "dynamic/person"))

    def chunks(self) -> Iterator[Chunk]:
        """All rows: nodes first, then relationships, then settings and blocks."""
        yield from self._members()
        yield from self._groups_and_their_members()
        yield from self._companies()
        yield from self._connections()
        yield from self._company_members()
        for file in self._beside:
            yield from file.chunks()

    def _members(self) -> Iterator[Chunk]:
        rejects: list[Reject] = []
        places: dict[str, str] = {}
        for _, block in self._blocks("static/place"):
            rejects += block.rejects
            places.update(zip(block.columns[0], block.columns[1], strict=True))
        locations: dict[str, tuple[str, Reject]] = {}
        for file, block in self._blocks("dynamic/person_isLocatedIn_place"):
            rejects += block.rejects
            for line, person, place in zip(block.lines, block.columns[0], block.columns[1], strict=True):
                if place in places:
                    stranger = Reject(file.name, line, "Person.id", person, "nobody declares this id")
                    locations[person] = places[place], stranger
                else:
                    rejects.append(Reject(file.name, line, "Place.id", place, "no place has this id"))
        nowhere = ("", None)
        persons: set[str] = set()
        for file, block in self._blocks("dynamic/person"):
            ids, first, last = block.columns[:3]
            persons.update(ids)
            columns = {"id": ids, "name": [f"{a} {b}".strip() for a, b in zip(first, last, strict=True)]}
            for name, column in zip(file.header, block.columns, strict=True):
                if name not in _PERSON_COLUMNS_LEFT_OUT:
                    columns[name] = column
            if self._parts["dynamic/person_isLocatedIn_place"]:
                columns["location"] = [locations.get(person, nowhere)[0] for person in ids]
            yield Chunk(MEMBERS, file.name, block.lines, columns, block.rejects)
        rejects += [stranger for person, (_, stranger) in locations.items() if person not in persons]
        if rejects:
            yield Chunk(MEMBERS, rejects[0].file, [], {"id": []}, rejects)

    def _groups_and_their_members(self) -> Iterator[Chunk]:
        others: set[str] = set()
        for file, block in self._blocks("dynamic/forum"):
            is_group = [title.startswith(GROUP_TITLE) for title in block.columns[1]]
            others.update(forum for forum, kept in zip(block.columns[0], is_group, strict=True) if not kept)
            lines, kept_columns = _rows(block, is_group)
            columns = dict(zip(("id", "name", *file.header[2:]), kept_columns, strict=True))
            yield Chunk(GROUPS, file.name, lines, columns, block.rejects)
        for file, block in self._blocks("dynamic/forum_hasMember_person"):
            lines, kept_columns = _rows(block, [forum not in others for forum in block.columns[0]])
            groups, members, dates = kept_columns[:3]
            columns = {"member": members, "group": groups, "since": _instants(dates)}
            yield Chunk(GROUP_MEMBERS, file.name, lines, columns, block.rejects)

    def _companies(self) -> Iterator[Chunk]:
        named = {
            company for _, block in self._blocks("dynamic/person_workAt_organisation") for company in block.columns[1]
        }
        for file, block in self._blocks("static/organisation"):
            ids, kinds = block.columns[:2]
            lines, kept = _rows(block, [kind == "company" and id in named for id, kind in zip(ids, kinds, strict=True)])
            columns = {name: cells for name, cells in zip(file.header, kept, strict=True) if name != "type"}
            yield Chunk(COMPANIES, file.name, lines, columns, block.rejects)

    def _connections(self) -> Iterator[Chunk]:
        for file, block in self._blocks("dynamic/person_knows_person"):
            a, b, dates = block.columns[:3]
            columns = {"a": a, "b": b, "since": _instants(dates)}
            yield Chunk(CONNECTIONS, file.name, block.lines, columns, block.rejects)

    def _company_members(self) -> Iterator[Chunk]:
        for file, block in self._blocks("dynamic/person_workAt_organisation"):
            members, companies, years = block.columns[:3]
            columns = {"member": members, "company": companies, "since": [_new_year(year) for year in years]}
            yield Chunk(COMPANY_MEMBERS, file.name, block.lines, columns, block.rejects)

    def _blocks(self, stem: str) -> Iterator[tuple[DelimitedFile, Block]]:
        for file in self._parts[stem]:
            for block in file.blocks():
                yield file, block


def _paths(folder: Path, stem: str) -> list[Path]:
    parts = []
    for path in (folder / stem).parent.glob(f"{Path(stem).name}_*"):
        if match := _PART.fullmatch(path.name.removeprefix(Path(stem).name)):
            parts.append((int(match["part"]), int(match["of"]), path))
    return [path for *_, path in sorted(parts)]


def _open(path: Path, folder: Path, stem: str) -> DelimitedFile:
    file = DelimitedFile(path, path.relative_to(folder).as_posix(), delimiter="|", quoted=False)
    expected = _HEADERS[stem]
    if tuple(file.header[: len(expected)]) != expected:
        raise InvalidInput(f"{path}: its first line should begin with {'|'.join(expected)}")
    if len(set(expected)) == len(expected):
        checked_names(path, file.header)
    return file


def _rows(block: Block, keep: list[bool]) -> tuple[list[int], list[list[str]]]:
    return list(compress(block.lines, keep)), [list(compress(column, keep)) for column in block.columns]


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
