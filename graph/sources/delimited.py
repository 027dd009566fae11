"""Delimited text files: a line of column names, then rows, some megabytes of whole lines at a time.

Text without quotes means the same to every reader of CSV, and is read column by column.
All other text is read row by row, strictly: a quote that is not closed, or closes in the midst of a cell, loses the
line on which its row begins, and no other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.csv

from graph.errors import InvalidInput
from graph.sources import separators
from graph.sources.chunks import Cells, Reject, texts
from graph.sources.names import TITLES_AT_MOST, above, are_titles
from graph.sources.separators import WHITE_SPACE, Separator
from graph.sources.text import TextFile

ROWS_AT_ONCE = 10_000
MOST_LINES_OF_A_ROW = 1_000  # a quote that is open for longer was never meant to be

_CHARACTERS_AT_ONCE = 1 << 24
_UNMATCHED = "quotes that do not match"


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file: `columns[j][i]` is cell j of row i; `rejects` are rows of another number of cells."""

    lines: Sequence[int]
    columns: Sequence[Cells]
    rejects: list[Reject]

    @property
    def texts(self) -> list[list[str]]:
        """The columns as lists."""
        return [texts(cells) for cells in self.columns]


class DelimitedFile:
    """A file whose header and encoding were checked when it was opened; `header` has the names as they stand there.

    `separator`: the one to read by, None to find it out. `wanted` says of a header whether it is the one looked for.
    Raises InvalidInput where the file is not whole, not in its encoding, or without a header.
    """

    def __init__(
        self,
        text: TextFile,
        *,
        separator: Separator | None = None,
        quoted: bool = True,
        wanted: Callable[[Sequence[str]], bool] = lambda _: True,
    ) -> None:
        self._text = text
        self.name = text.file.name
        self._quoted = quoted
        lines = text.first_lines()
        self.separator = separators.said(lines) or separator or _separator_of(lines, wanted)
        self._skipped = 1 if self.separator.said else 0
        titles, self.header, self._first_line = self._read_header(wanted)
        self.notes = [*text.notes, *above(titles)]
        if self.separator != (separator or Separator(",")):
            self.notes.append(self.separator.note)

    def blocks(self) -> Iterator[Block]:
        """The rows in their order, at least one block."""
        with self._text.open() as text:
            for _ in range(self._first_line):
                text.readline()
            read = self._first_line
            if read >= self._text.line_count:
                yield self._block([])
            left = ""
            while lines := left + text.read(_CHARACTERS_AT_ONCE) + text.readline():
                left = ""
                if (block := self._columns(lines, read)) is not None:
                    read += len(block.lines)
                    yield block
                else:
                    rows = _Rows(lines, text, self._reader)
                    some: list[tuple[int, list[str] | str]] = []
                    for line, cells in rows:
                        some.append((read + line, cells))
                        if len(some) == ROWS_AT_ONCE:
                            yield self._block(some)
                            some = []
                    yield self._block(some)
                    read += rows.read
                    left = rows.left

    def _columns(self, lines: str, read: int) -> Block | None:
        """The rows of lines that have nothing unusual, and None for other lines; `read` lines stand before them."""
        if self.separator.spaced or self.separator.character == WHITE_SPACE or not _are_rows(lines, self._quoted):
            return None
        names = [str(place) for place in range(len(self.header))]
        data = lines.encode()
        try:
            table = pa.csv.read_csv(
                pa.BufferReader(data),
                pa.csv.ReadOptions(column_names=names, block_size=len(data)),
                pa.csv.ParseOptions(delimiter=self.separator.character, quote_char=False),
                pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
            )
        except pa.ArrowInvalid:
            return None
        columns = [column.combine_chunks() for column in table.columns]
        return Block(range(read + 1, read + 1 + table.num_rows), columns, [])

    def _block(self, rows: list[tuple[int, list[str] | str]]) -> Block:
        lines: list[int] = []
        whole: list[list[str]] = []
        rejects: list[Reject] = []
        for line, cells in rows:
            if isinstance(cells, str):
                rejects.append(Reject(self.name, line, "", cells, _UNMATCHED))
            elif len(cells) != len(self.header):
                text = self.separator.character.join(cells)
                reason = f"{len(cells)} cells, where the first line has {len(self.header)}"
                rejects.append(Reject(self.name, line, "", text, reason))
            else:
                lines.append(line)
                whole.append([cell.strip() for cell in cells] if self.separator.spaced else cells)
        columns = [list(column) for column in zip(*whole, strict=True)] if whole else [[] for _ in self.header]
        return Block(lines, columns, rejects)

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        if not self._quoted:
            return csv.reader(lines, delimiter=self.separator.character, quoting=csv.QUOTE_NONE)
        return self.separator.reader(lines)

    def _read_header(self, wanted: Callable[[Sequence[str]], bool]) -> tuple[list[list[str]], list[str], int]:
        """What stands above the names of the columns, these, and the number of the last line that they take.

        They are the first row that is wanted, and where none of the first rows is, the first row.
        """
        found: list[tuple[list[str], int]] = []
        with self._text.open() as text:
            for _ in range(self._skipped):
                text.readline()
            read, left = self._skipped, ""
            while len(found) < TITLES_AT_MOST and (lines := left or text.readline()):
                rows = _Rows(lines, text, self._reader)
                first = next(iter(rows), None)
                read, left = read + rows.read, rows.left
                if first is not None and not (found or isinstance(first[1], list)):
                    break
                if first is not None:
                    found.append(([first[1]] if isinstance(first[1], str) else first[1], read))
                    titles, names = [row for row, _ in found[:-1]], found[-1][0]
                    if wanted(names) and are_titles(titles, names):
                        return titles, names, read
        if not found:
            raise InvalidInput(f"{self._text.name} has no first line with the names of its columns")
        return [], *found[0]


class _Rows:
    """The rows that begin in some `lines`, each with the number of its first line there, and of a bad one that line.

    The last one may go on in what `more` gives. Once all are given, `read` is how many lines they took,
    and `left` the text of those that were looked at and are still to be read.
    """

    def __init__(self, lines: str, more: IO[str], reader: Callable[[Iterator[str]], Iterator[list[str]]]) -> None:
        self._lines = list(io.StringIO(lines, newline=""))
        self._count = len(self._lines)
        self._more = more
        self._reader = reader
        self.read = 0

    @property
    def left(self) -> str:
        """The text of the lines past those that were read."""
        return "".join(self._lines[self.read :])

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while self.read < self._count:
            begun = self.read
            rows = self._reader(self._from(begun))
            line_num = 0
            try:
                for cells in rows:
                    taken: int = rows.line_num - line_num  # type: ignore[attr-defined]
                    if taken > MOST_LINES_OF_A_ROW:
                        raise csv.Error
                    line_num += taken
                    first, self.read = self.read, begun + line_num
                    if cells:
                        yield first + 1, cells
                    if self.read >= self._count:
                        return
                return
            except csv.Error:
                self.read += 1
                yield self.read, self._lines[self.read - 1].rstrip("\r\n")

    def _from(self, begun: int) -> Iterator[str]:
        """The lines from one on, and what follows them, which is kept in case that it has to be read again."""
        place = begun
        while place < len(self._lines) or self._look_on():
            yield self._lines[place]
            place += 1

    def _look_on(self) -> bool:
        line = self._more.readline() if len(self._lines) - self._count <= MOST_LINES_OF_A_ROW else ""
        if line:
            self._lines.append(line)
        return bool(line)


def _are_rows(lines: str, quoted: bool) -> bool:
    """Whether each line is surely a row: no quotes, no line without cells, no end of line that is none everywhere."""
    if (quoted and '"' in lines) or "\n\n" in lines or lines[0] in "\r\n":
        return False
    returns = lines.count("\r")
    return not returns or (returns == lines.count("\r\n") and "\n\r\n" not in lines)


def _separator_of(lines: Sequence[str], wanted: Callable[[Sequence[str]], bool]) -> Separator:
    """The separator by which the first line is the header that is wanted, and most lines have as many cells as it."""

    def merit(candidate: Separator) -> tuple[bool, bool, int]:
        rows = separators.rows_of(lines, candidate)
        header = next(filter(wanted, rows[:TITLES_AT_MOST]), rows[0] if rows else [])
        if len(header) < 2:
            return bool(rows) and wanted(header), False, 0
        return wanted(header), True, sum(len(row) == len(header) for row in rows)

    return max(separators.candidates(lines), key=merit)
