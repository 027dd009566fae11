"""Plain edge lists: a file, a connection a line, `a b`.

- Two ids, separated by whatever is consistent over the first lines: tabs, bars, semicolons, commas or white space.
  A line of another number of cells is set aside. What a third column says (a weight, a sign, a time) is not guessed:
  whoever knows says which columns hold what (`Hints.columns`).
- A quoted id may hold what separates; between white space a quote is a character like any other.
- Empty lines, and lines that begin with `#` or `%`, say nothing. Empty cells at the end, and the `{}` of networkx, too.
- A first line of column names is left out where that is what it is. Where it may be, the file is refused, and so is one
  whose first line counts the rest.
- KONECT and Matrix Market say of themselves what their columns hold (`graph.sources.layouts`).
- Whoever is named is a member, unless the line is set aside. Ids are text: `1` and `01` are two members.

Parquet files and workbooks of one sheet are edge lists where their first line is a heading of one.
`settings` and `blocks` may stand beside the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from graph.errors import InvalidInput, OtherFormat, UnknownSource
from graph.loading.cells import LONGEST_ID, values
from graph.model import CONNECTIONS, MEMBERS
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note, Reject
from graph.sources.delimited import ROWS_AT_ONCE
from graph.sources.files import File, Folder, only_entry
from graph.sources.foreign import graph_format
from graph.sources.headings import Heading, heading
from graph.sources.layouts import COMMENTS, Layout, is_heading, is_konect, layout_of, records
from graph.sources.names import folded, stem
from graph.sources.parquet import ParquetFile
from graph.sources.settings import BESIDE, files_beside
from graph.sources.tables import unread, unread_within
from graph.sources.text import TextFile, peek
from graph.sources.workbook import DIGITS_KEPT, Sheet, is_workbook, number_text, sheets

_NAME = re.compile(
    r"out\..+|.+\.(edges|edgelist|el|txt|tsv|tab|csv|psv|mtx|parquet|xlsx|ods)(\.(gz|bz2|xz|zip))?", re.IGNORECASE
)
_CERTAIN_NAME = re.compile(r".+\.(edges|edgelist)(\.(gz|bz2|xz|zip))?", re.IGNORECASE)
_REJECTS = "file,line,column,value,reason"  # of an earlier load
_NUMBER = re.compile(r"[0-9]+")
_NUMERAL = re.compile(r"[0-9]+(\.[0-9]+)?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
_LINES_TO_TELL_BY = 100


class EdgesSource:
    """A file of the format, or the folder in which it stands alone."""

    looks_for = "single edge list (*.edges, *.txt, *.tsv or *.csv)"

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        file, folder = _place(path)
        if file is None:
            raise UnknownSource(f"{path} has no {self.looks_for}: name the file itself")
        self._file = EdgeFile.of(file, hints)
        self._beside, others = files_beside(folder, hints)
        self._unread: list[Note] = []
        self._alike: list[str] = []
        if not path.is_file():
            self._unread = unread([other for other in others if other.file != file], "the edge list is one file")
            self._unread += unread_within(folder, [], "the edge list is one file")

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether there is one file that says itself that it is an edge list, or is pairs of numbers."""
        file, _ = _place(path)
        return file is not None and EdgesSource(path).is_unmistakable

    @staticmethod
    def may_be(path: Path) -> bool:
        """Whether there is one file that may be an edge list."""
        return _place(path)[0] is not None

    @property
    def is_unmistakable(self) -> bool:
        """Whether the file's name or its first lines leave no doubt that it is an edge list."""
        return self._file.is_unmistakable

    def chunks(self) -> Iterator[Chunk]:
        """All rows: who is named, then the connections, then settings and blocks."""
        yield from self._members()
        for some in self._file.pairs():
            yield Chunk(CONNECTIONS, self._file.name, some.lines, some.columns, some.rejects)
        for file in self._beside:
            yield from file.chunks()

    def notes(self) -> list[Note]:
        """How the file is read, and what is not."""
        notes = self._file.notes()
        if self._alike:
            one = min(self._alike)
            alike = f"{one} is another member than {_number_of(one)}: ids are text, and no numbers"
            notes.append(Note(self._file.name, f"{alike} ({len(self._alike):,} such)"))
        return notes + [note for file in self._beside for note in file.notes()] + self._unread

    def _members(self) -> Iterator[Chunk]:
        seen: set[str] = set()
        for some in self._file.pairs():
            new: dict[str, int] = {}
            for line, id in some.declared():
                if id not in seen:
                    seen.add(id)
                    new[id] = line
            yield Chunk(MEMBERS, self._file.name, list(new.values()), {"id": list(new)}, [])
        unusual = (id for id in seen if id[0] == "0" or not id.isdigit())
        self._alike = [id for id in unusual if (number := _number_of(id)) is not None and number in seen]


class KonectSource(EdgesSource):
    """An edge list that says itself that it is one of KONECT's."""

    looks_for = "file that begins with % sym or % asym"

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        if not self.recognises(path):
            raise UnknownSource(f"{path} is not of the format konect: there is no {self.looks_for}")
        super().__init__(path, hints)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether there is one file whose first line is that of KONECT's."""
        file, _ = _place(path)
        return file is not None and is_konect(peek(file).partition("\n")[0])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Some lines of a file: line `lines[i]` says that `columns["a"][i]` and `columns["b"][i]` are connected.

    `rejects` say no such thing.
    """

    lines: list[int]
    columns: dict[str, list[str]]
    rejects: list[Reject]

    def declared(self) -> Iterator[tuple[int, str]]:
        """The lines and ids of both members of each pair that will not be set aside."""
        wrong: set[int] = set()
        for name in self.columns.keys() - {"a", "b"}:
            column = CONNECTIONS.column(name)
            assert column is not None
            wrong |= values(column, self.columns[name], frozenset())[1].keys()
        for place, (line, a, b) in enumerate(zip(self.lines, self.columns["a"], self.columns["b"], strict=True)):
            if a != b and is_id(a) and is_id(b) and place not in wrong:
                yield line, a
                yield line, b


class _Some:
    """Lines while they are read. Lists of cells, which garbage collection would look at, are not kept."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._columns: dict[str, list[str]] = {name: [] for name in layout.places}
        self.columns = [(self._columns[name], place) for name, place in layout.places.items()]
        self.lines: list[int] = []
        self.rejects: list[Reject] = []

    def pairs(self) -> Pairs:
        """What was read."""
        return Pairs(self.lines, self._layout.read(self._columns), self.rejects)


class EdgeFile:
    """A file of pairs, read once when it was opened; `name` is what rejects call it.

    Raises InvalidInput where the file is not whole, not text, or no edge list.
    """

    def __init__(self, file: File, rows: TextFile | ParquetFile | Sheet, layout: Layout) -> None:
        self._file = file
        self._rows = rows
        self._layout = layout
        self.name = rows.name if isinstance(rows, Sheet) else file.name
        self._comments = self._like_pairs = 0

    @classmethod
    def of(cls, file: File, hints: Hints) -> EdgeFile:
        """An edge list of any form, whatever its first line is.

        Raises OtherFormat where the file is a graph of another format, and what the class raises.
        """
        rows: TextFile | ParquetFile | Sheet
        if file.begins_with(b"PAR1"):
            rows = ParquetFile(file)
        elif is_workbook(file):
            filled = sheets(file)
            if len(filled) != 1:
                raise InvalidInput(f"{file} has {len(filled)} sheets: an edge list is one")
            rows = filled[0].below_titles(is_heading)
        else:
            if other := graph_format(peek(file)):
                raise OtherFormat(str(file), other, "edges")
            rows = TextFile(file, hints.encoding)
        opened = cls(file, rows, layout_of(str(file), rows, hints))
        opened._refuse_counts()
        return opened

    @classmethod
    def bare(cls, file: File, hints: Hints) -> EdgeFile:
        """A text of pairs and nothing else, whose first line is no heading."""
        text = TextFile(file, hints.encoding)
        return cls(file, text, Layout.of_pairs(text))

    @property
    def is_unmistakable(self) -> bool:
        """Whether its name says what it is, or it does itself, or each of its first lines is two whole numbers."""
        if _CERTAIN_NAME.fullmatch(self.name) or self._layout.is_said:
            return True
        first = next(self.pairs(_LINES_TO_TELL_BY), None)
        if first is None or first.rejects:
            return False
        return all(map(_NUMBER.fullmatch, first.columns["a"] + first.columns["b"]))

    def pairs(self, at_once: int = ROWS_AT_ONCE) -> Iterator[Pairs]:
        """The pairs in their order, so many lines at a time."""
        layout = self._layout
        self._comments = self._like_pairs = 0
        aside: list[Reject] = []
        some = _Some(layout)
        for number, cells, line in records(self._rows, layout, self._comment, aside.append):
            reason = layout.refusal(cells) if cells is not None else "quotes that do not match"
            if cells is not None and reason is None:
                some.lines.append(number)
                for column, place in some.columns:
                    column.append(cells[place] if place < len(cells) else "")
            else:
                some.rejects.append(Reject(self.name, number, "", line, reason or ""))
            if len(some.lines) + len(some.rejects) == at_once:
                yield some.pairs()
                some = _Some(layout)
        some.rejects += aside
        if some.lines or some.rejects:
            yield some.pairs()

    def notes(self) -> list[Note]:
        """How it is read, and what of it is not."""
        said = [*self._rows.notes, *self._layout.notes]
        if self._comments:
            lines = "line" if self._comments == 1 else "lines"
            begin = "begins" if self._comments == 1 else "begin"
            like = f"; {self._like_pairs} of them would be a connection: such an id has to be quoted"
            said.append(
                f"{self._comments:,} comment {lines} not read ({begin} with {' or '.join(COMMENTS)}"
                f"{like if self._like_pairs else ''})"
            )
        return [Note(self.name, text) for text in said]

    def _comment(self, cells: list[str] | None) -> None:
        self._comments += 1
        if cells and not self._layout.refusal(cells):
            ends = [cells[self._layout.places[end]].lstrip("".join(COMMENTS)) for end in ("a", "b")]
            self._like_pairs += all(ends) and heading(ends, (ends[0], ends[1]), [], "") is Heading.NONE

    def _refuse_counts(self) -> None:
        """Raises InvalidInput where the first line is how many members and connections the rest has."""
        if self._layout.is_said or not isinstance(self._rows, TextFile):
            return
        a, b = self._layout.places["a"], self._layout.places["b"]
        rows = (cells for _, cells, _ in records(self._rows, self._layout) if cells and not self._layout.refusal(cells))
        first = next(rows, ["", ""])
        if not (_NUMBER.fullmatch(first[a]) and _NUMBER.fullmatch(first[b])):
            return
        members, connections = int(first[a]), int(first[b])
        if connections > self._rows.line_count or sum(1 for _ in islice(rows, connections + 1)) != connections:
            return
        rest = islice(records(self._rows, self._layout), 1, None)
        named = {
            end for _, cells, _ in rest if cells and not self._layout.refusal(cells) for end in (cells[a], cells[b])
        }
        if len(named) == members:
            raise InvalidInput(
                f"{self._file}: the first line, {members} {connections}, counts the members and connections of the "
                "rest, and is no connection: take it out"
            )


def _number_of(id: str) -> str | None:
    """What an id would be as a number, where that is written otherwise; None of other ids."""
    if len(id) > DIGITS_KEPT or not _NUMERAL.fullmatch(id):
        return None
    number = number_text(float(id))
    return None if number == id else number


def is_id(cell: str) -> bool:
    """Whether `graph.loading.cells` takes a cell as an id."""
    return 0 < len(cell) <= LONGEST_ID and "\0" not in cell


def _place(path: Path) -> tuple[File | None, Folder]:
    """The file that may be an edge list, and the folder in which it stands."""
    whole = Folder.at(path)
    if whole is None:
        beside = Folder.at(path.parent)
        assert beside is not None
        return only_entry(path) or File(path, path.name), beside
    known: Mapping[str, str] = {folded(name): name for name in BESIDE}
    found = [
        file
        for file in whole.files
        if _NAME.fullmatch(file.name) and folded(stem(file.name)) not in known and not _is_of_rejects(file)
    ]
    return (found[0] if len(found) == 1 else None), whole


def _is_of_rejects(file: File) -> bool:
    return file.begins_with(_REJECTS.encode())
