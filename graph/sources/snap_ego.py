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

from graph.errors import InvalidInput
from graph.model import COMPANIES, COMPANY_MEMBERS, CONNECTIONS, GROUP_MEMBERS, GROUPS, MEMBERS, Table
from graph.sources.chunks import Chunk, Reject
from graph.sources.delimited import check_text, text_lines, words
from graph.sources.edges import EdgeFile, is_id
from graph.sources.settings import files_beside

EMPLOYER = "work;employer;"

_NAME = re.compile(r"(?P<ego>.+)\.(?P<kind>edges|circles|feat|egofeat|featnames)(\.gz)?")


class SnapEgoSource:
    """A folder of the format; every file was read once, to see that it is whole, when it was opened."""

    looks_for = "N.edges with N.circles or N.feat"

    def __init__(self, folder: Path) -> None:
        self._egos = [_Ego(ego, files) for ego, files in sorted(_files(folder).items())]
        self._beside = files_beside(folder)

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether the folder has the connections around somebody, and their circles or features."""
        return any("edges" in files and files.keys() & {"circles", "feat"} for files in _files(folder).values())

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


class _Row(NamedTuple):
    """The cells of a row, and where it stands."""

    cells: tuple[str, ...]
    file: str
    line: int


class _Ego:
    """What the files of one ego say; all but the connections is small enough to be kept."""

    def __init__(self, ego: str, files: dict[str, Path]) -> None:
        for path in files.values():
            check_text(path)
        self._ego = ego
        self._place = next(iter(files.values())).name, 1
        self._edges = EdgeFile(files["edges"], files["edges"].name) if "edges" in files else None
        self.groups: list[_Row] = []
        self.group_members: list[_Row] = []
        self.companies: list[_Row] = []
        self.employments: list[_Row] = []
        self.rejects: list[Reject] = []
        self._with_features: list[_Row] = []
        if "circles" in files:
            self._read_circles(files["circles"])
        if files.keys() & {"feat", "egofeat"}:
            features = self._read_feature_names(files)
            if "egofeat" in files:
                for line, text in text_lines(files["egofeat"]):
                    self._read_features(features, ego, words(text), files["egofeat"].name, line)
            if "feat" in files:
                for line, text in text_lines(files["feat"]):
                    person, *cells = words(text)
                    self._read_features(features, person, cells, files["feat"].name, line)

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
                yield Chunk(CONNECTIONS, self._edges.name, some.lines, {"a": some.a, "b": some.b}, some.rejects)
        around = _first_of_each(self.people())
        rows = [row._replace(cells=(self._ego, *row.cells)) for row in around if row.cells != (self._ego,)]
        yield from _chunks(CONNECTIONS, ("a", "b"), rows)

    def _read_circles(self, path: Path) -> None:
        for line, text in text_lines(path):
            name, *members = words(text)
            group = f"{self._ego}-{name}"
            self.groups.append(_Row((group, name), path.name, line))
            self.group_members += [_Row((member, group), path.name, line) for member in members]

    def _read_feature_names(self, files: dict[str, Path]) -> list[str]:
        path = files.get("featnames")
        if path is None:
            beside = files.get("feat", files.get("egofeat"))
            raise InvalidInput(f"{beside} needs {self._ego}.featnames beside it, which says what its columns mean")
        names: list[str] = []
        for line, text in text_lines(path):
            number, _, name = text.partition(" ")
            if number != str(len(names)) or not name:
                raise InvalidInput(f"{path}, line {line}: should be {len(names)} and the name of that feature")
            if name.startswith(EMPLOYER):
                company = _company(name)
                self.companies.append(_Row((company, company), path.name, line))
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


def _files(folder: Path) -> dict[str, dict[str, Path]]:
    """The files of each ego by their kind; raises InvalidInput where one stands there twice."""
    files: defaultdict[str, dict[str, Path]] = defaultdict(dict)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if match := _NAME.fullmatch(path.name):
            other = files[match["ego"]].setdefault(match["kind"], path)
            if other != path:
                raise InvalidInput(f"{folder} has both {other.name} and {path.name}: keep one")
    return files
