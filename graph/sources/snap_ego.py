"""SNAP ego networks (McAuley and Leskovec, 2012): the people around an ego N, in `N.edges`, `N.circles`, `N.feat`, ….

- Whoever stands in a file of N is a member and, unless it is N, connected to N, who need not stand in any.
- `N.edges`: a connection a line.
- `N.circles`: a circle a line, its name and its members; it is the group `N-name`.
- `N.feat`, and `N.egofeat` for N itself: who has which feature of `N.featnames`.
  An employer (`work;employer;…`) is a company page, called by the last part of the feature's name;
  whoever has the feature is tied to it by `works_at`, without times.
  Employers of one name are one company, whichever ego names them: SNAP numbers its anonymised features once for all.
  No other feature is taken over: schools and places are no companies, and anonymised birthdays and names say nothing.

All egos of a folder are one network. Each file may be compressed with gzip. `settings` and `blocks` may stand beside.
Source: the page of ego-Facebook at snap.stanford.edu and its `readme-Ego.txt`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from graph.errors import InvalidInput, UnknownSource
from graph.model import COMPANIES, COMPANY_MEMBERS, CONNECTIONS, GROUP_MEMBERS, GROUPS, MEMBERS, Table
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note, Reject
from graph.sources.edges import EdgeFile, is_id
from graph.sources.files import File, Folder
from graph.sources.separators import words
from graph.sources.settings import files_beside
from graph.sources.tables import unread, unread_within
from graph.sources.text import TextFile

EMPLOYER = "work;employer;"

_NAME = re.compile(r"(?P<ego>.+)\.(?P<kind>edges|circles|feat|egofeat|featnames)(\.(gz|bz2|xz|zip))?", re.IGNORECASE)
_NOT_OF_IT = "no part of an ego network"


class SnapEgoSource:
    """A folder of the format; every file was read once, to see that it is whole, when it was opened."""

    looks_for = "N.edges with N.circles or N.feat"

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        folder = Folder.at(path)
        if folder is None or not _is_of_egos(folder):
            raise UnknownSource(f"{path} is not of the format snap-ego: there is no {self.looks_for}")
        self._egos = [_Ego(ego, files, hints) for ego, files in sorted(_files(folder).items())]
        self._beside, others = files_beside(folder, hints)
        self._unread = unread([other for other in others if not _NAME.fullmatch(other.told_as)], _NOT_OF_IT)
        self._unread += unread_within(folder, [], _NOT_OF_IT)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether the folder has the connections around somebody, and their circles or features."""
        folder = Folder.at(path)
        return folder is not None and _is_of_egos(folder)

    def chunks(self) -> Iterator[Chunk]:
        """All rows: nodes first, then relationships, then settings and blocks."""
        yield from _chunks(MEMBERS, ("id",), _first_of_each(row for ego in self._egos for row in ego.people()))
        yield from _chunks(GROUPS, ("id", "name"), [row for ego in self._egos for row in ego.groups])
        companies = _first_of_each(row for ego in self._egos for row in ego.companies)
        yield from _chunks(COMPANIES, ("id", "name"), companies)
        for ego in self._egos:
            yield from ego.connections()
            yield from _chunks(GROUP_MEMBERS, ("member", "group"), ego.group_members)
            yield from _chunks(COMPANY_MEMBERS, ("member", "company"), ego.employments, ego.rejects)
        for file in self._beside:
            yield from file.chunks()

    def notes(self) -> list[Note]:
        """How the files are read, and which are not."""
        of_egos = [note for ego in self._egos for note in ego.notes()]
        return of_egos + [note for file in self._beside for note in file.notes()] + self._unread


class _Row(NamedTuple):
    """The cells of a row, and where it stands."""

    cells: tuple[str, ...]
    file: str
    line: int


class _Ego:
    """What the files of one ego say; all but the connections is small enough to be kept."""

    def __init__(self, ego: str, files: dict[str, File], hints: Hints) -> None:
        texts = {kind: TextFile(file, hints.encoding) for kind, file in files.items() if kind != "edges"}
        self._ego = ego
        self._place = next(iter(files.values())).name, 1
        self._edges = EdgeFile.bare(files["edges"], hints) if "edges" in files else None
        self._texts = texts
        self.groups: list[_Row] = []
        self.group_members: list[_Row] = []
        self.companies: list[_Row] = []
        self.employments: list[_Row] = []
        self.rejects: list[Reject] = []
        self._with_features: list[_Row] = []
        if "circles" in texts:
            self._read_circles(texts["circles"])
        if texts.keys() & {"feat", "egofeat"}:
            features = self._read_feature_names()
            if "egofeat" in texts:
                for line, cells in _cut_lines(texts["egofeat"]):
                    self._read_features(features, ego, cells, texts["egofeat"].file.name, line)
            if "feat" in texts:
                for line, (person, *cells) in _cut_lines(texts["feat"]):
                    self._read_features(features, person, cells, texts["feat"].file.name, line)

    def people(self) -> Iterator[_Row]:
        """The ego, and everybody whom a row that is not set aside names, as often as it does."""
        yield _Row((self._ego,), *self._place)
        if self._edges is not None:
            for pairs in self._edges.pairs():
                for line, person in pairs.declared():
                    yield _Row((person,), self._edges.name, line)
        for (person, *_), file, line in (*self.group_members, *self._with_features):
            if is_id(person):
                yield _Row((person,), file, line)

    def connections(self) -> Iterator[Chunk]:
        """Those of the file, then the ego's own, each where the other one is named first."""
        if self._edges is not None:
            for some in self._edges.pairs():
                yield Chunk(CONNECTIONS, self._edges.name, some.lines, some.columns, some.rejects)
        around = _first_of_each(self.people())
        rows = [row._replace(cells=(self._ego, *row.cells)) for row in around if row.cells != (self._ego,)]
        yield from _chunks(CONNECTIONS, ("a", "b"), rows)

    def notes(self) -> list[Note]:
        """How the files are read."""
        notes = [Note(text.file.name, said) for text in self._texts.values() for said in text.notes]
        return (self._edges.notes() if self._edges else []) + notes

    def _read_circles(self, text: TextFile) -> None:
        for line, (name, *members) in _cut_lines(text):
            group = f"{self._ego}-{name}"
            self.groups.append(_Row((group, name), text.file.name, line))
            self.group_members += [_Row((member, group), text.file.name, line) for member in members]

    def _read_feature_names(self) -> list[str]:
        text = self._texts.get("featnames")
        if text is None:
            beside = self._texts.get("feat") or self._texts["egofeat"]
            raise InvalidInput(f"{beside.name} needs {self._ego}.featnames beside it, which says what its columns mean")
        names: list[str] = []
        for line, bare in text.bare_lines():
            number, _, name = bare.partition(" ")
            if number != str(len(names)) or not name:
                raise InvalidInput(f"{text.name}, line {line}: should be {len(names)} and the name of that feature")
            if name.startswith(EMPLOYER):
                company = _company(name)
                self.companies.append(_Row((company, company), text.file.name, line))
            names.append(name)
        return names

    def _read_features(self, names: list[str], person: str, cells: list[str], file: str, line: int) -> None:
        if len(cells) != len(names):
            reason = f"{len(cells)} features, where {self._ego}.featnames has {len(names)}"
            self.rejects.append(Reject(file, line, "", person, reason))
            return
        self._with_features.append(_Row((person,), file, line))
        for name, cell in zip(names, cells, strict=True):
            if not name.startswith(EMPLOYER) or cell == "0":
                continue
            if cell == "1":
                self.employments.append(_Row((person, _company(name)), file, line))
            else:
                self.rejects.append(Reject(file, line, name, cell, "not 0 or 1"))


def _company(feature: str) -> str:
    return feature.rpartition(";")[2]


def _first_of_each(rows: Iterable[_Row]) -> list[_Row]:
    first: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        first.setdefault(row.cells, row)
    return list(first.values())


def _chunks(
    table: Table, names: tuple[str, ...], rows: list[_Row], rejects: list[Reject] | None = None
) -> Iterator[Chunk]:
    for file, some in groupby(rows, key=lambda row: row.file):
        cells, _, lines = zip(*some, strict=True)
        columns = dict(zip(names, map(list, zip(*cells, strict=True)), strict=True))
        yield Chunk(table, file, list(lines), columns, [])
    for file, others in groupby(rejects or [], key=lambda reject: reject.file):
        yield Chunk(table, file, [], {name: [] for name in names}, list(others))


def _cut_lines(text: TextFile) -> Iterator[tuple[int, list[str]]]:
    return ((line, words(bare)) for line, bare in text.bare_lines())


def _is_of_egos(folder: Folder) -> bool:
    return any("edges" in files and files.keys() & {"circles", "feat"} for files in _files(folder).values())


def _files(folder: Folder) -> dict[str, dict[str, File]]:
    """The files of each ego by their kind; raises InvalidInput where one stands there twice."""
    files: defaultdict[str, dict[str, File]] = defaultdict(dict)
    for file in folder.files:
        if match := _NAME.fullmatch(file.name):
            other = files[match["ego"]].setdefault(match["kind"].lower(), file)
            if other != file:
                raise InvalidInput(f"{folder.path} has both {other.name} and {file.name}: keep one")
    return files
