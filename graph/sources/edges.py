"""Plain edge lists: one text file, a connection a line, `a b`.

- Two ids, separated by a comma or by white space, whichever the first connection uses.
  A line of another number of cells is set aside: what a third column says (a weight, a sign, a time) is not guessed.
- Between commas a quoted id may hold a comma; between white space a quote is a character like any other.
- Empty lines, and lines that begin with `#` or `%`, say nothing. There is no line with names of columns.
- Whoever is named is a member, unless the line is set aside. Ids are text: `1` and `01` are two members.

`settings` and `blocks` may stand beside the file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from graph.errors import UnknownSource
from graph.loading.cells import LONGEST_ID
from graph.model import BLOCKS, CONNECTIONS, MEMBERS
from graph.sources.chunks import Chunk, Reject
from graph.sources.delimited import ROWS_AT_ONCE, check_text, text_lines, words
from graph.sources.settings import SETTINGS, files_beside

COMMENTS = ("#", "%")

_NAME = re.compile(r".+\.(edges|txt|tsv|csv)(\.gz)?")
_CERTAIN_NAME = re.compile(r".+\.edges(\.gz)?")
_BESIDE = re.compile(rf"({SETTINGS.name}|{BLOCKS.name})\..+")
_NUMBER = re.compile(r"[0-9]+")
_ROWS_TO_TELL_BY = 100


class EdgesSource:
    """A file of the format, or the folder in which it stands alone."""

    looks_for = "single edge list (*.edges, *.txt, *.tsv or *.csv)"

    def __init__(self, path: Path) -> None:
        file = _edge_list(path)
        if file is None:
            raise UnknownSource(f"{path} has no {self.looks_for}: name the file itself")
        self._file = EdgeFile(file, file.name)
        self._beside = files_beside(file.parent)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether there is one file that may be an edge list."""
        return _edge_list(path) is not None

    @staticmethod
    def is_unmistakable(path: Path) -> bool:
        """Whether that file's name says so (`.edges`), or each of its first lines is two whole numbers."""
        file = _edge_list(path)
        if file is None or not _NAME.fullmatch(file.name):
            return False
        if _CERTAIN_NAME.fullmatch(file.name):
            return True
        first = next(EdgeFile(file, file.name).pairs(_ROWS_TO_TELL_BY), None)
        return first is not None and not first.rejects and all(map(_NUMBER.fullmatch, first.a + first.b))

    def chunks(self) -> Iterator[Chunk]:
        """All rows: who is named, then the connections, then settings and blocks."""
        yield from self._members()
        for some in self._file.pairs():
            yield Chunk(CONNECTIONS, self._file.name, some.lines, {"a": some.a, "b": some.b}, some.rejects)
        for file in self._beside:
            yield from file.chunks()

    def _members(self) -> Iterator[Chunk]:
        seen: set[str] = set()
        for some in self._file.pairs():
            new: dict[str, int] = {}
            for line, id in some.declared():
                if id not in seen:
                    seen.add(id)
                    new[id] = line
            yield Chunk(MEMBERS, self._file.name, list(new.values()), {"id": list(new)}, [])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some lines of a file: line `lines[i]` says that `a[i]` and `b[i]` are connected; `rejects` say no such thing."""

    lines: list[int]
    a: list[str]
    b: list[str]
    rejects: list[Reject]

    def declared(self) -> Iterator[tuple[int, str]]:
        """The lines and ids of both members of each pair that will not be set aside."""
        for line, a, b in zip(self.lines, self.a, self.b, strict=True):
            if a != b and is_id(a) and is_id(b):
                yield line, a
                yield line, b


class EdgeFile:
    """A file of pairs, read once when it was opened; `name` is what rejects call it.

    Raises InvalidInput where the file is not whole or not UTF-8.
    """

    def __init__(self, path: Path, name: str) -> None:
        check_text(path)
        self.path = path
        self.name = name

    def pairs(self, at_once: int = ROWS_AT_ONCE) -> Iterator[Pairs]:
        """The pairs in their order, so many lines at a time."""
        lines = ((number, line) for number, line in text_lines(self.path) if not line.startswith(COMMENTS))
        split: Callable[[str], list[str] | None] | None = None
        while some := list(islice(lines, at_once)):
            split = split or (_between_commas if "," in some[0][1] else words)
            yield self._pairs(some, split)

    def _pairs(self, some: list[tuple[int, str]], split: Callable[[str], list[str] | None]) -> Pairs:
        pairs = Pairs([], [], [], [])
        for number, line in some:
            match split(line):
                case [a, b]:
                    pairs.lines.append(number)
                    pairs.a.append(a)
                    pairs.b.append(b)
                case None:
                    pairs.rejects.append(Reject(self.name, number, "", line, "quotes that do not match"))
                case cells:
                    reason = f"{len(cells)} cells, where a connection has 2"
                    pairs.rejects.append(Reject(self.name, number, "", line, reason))
        return pairs


def is_id(cell: str) -> bool:
    """Whether `graph.loading.cells` takes a cell as an id."""
    return 0 < len(cell) <= LONGEST_ID and "\0" not in cell


def _between_commas(line: str) -> list[str] | None:
    try:
        return [cell.strip() for cell in next(csv.reader([line], skipinitialspace=True, strict=True))]
    except csv.Error:
        return None


def _edge_list(path: Path) -> Path | None:
    if path.is_file():
        return path
    if not path.is_dir():
        return None
    found = [file for file in path.iterdir() if _NAME.fullmatch(file.name) and not _BESIDE.fullmatch(file.name)]
    return found[0] if len(found) == 1 else None
