"""Delimited text files: UTF-8, with or without a byte order mark, plain or gzip, one line of names first."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

from graph.errors import InvalidInput
from graph.sources.chunks import Cells, Reject

ROWS_AT_ONCE = 10_000
_BYTES_AT_ONCE = 1 << 20
_WHITE_SPACE = " \t\n\r\v\f"
_WORD = re.compile(f"[^{_WHITE_SPACE}]+")

# A cell of any length is one bad cell; with the default limit it would break the rows around it.
csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file: `columns[j][i]` is cell j of row i; `rejects` are rows of another number of cells."""

    lines: Sequence[int]
    columns: Sequence[Cells]
    rejects: list[Reject]


class DelimitedFile:
    """A file whose header and encoding were checked when it was opened.

    `name` is what rejects call it. Without `quoted`, a quote is a character like any other.
    Raises InvalidInput where the file is not whole, not UTF-8 or without a header.
    """

    def __init__(self, path: Path, name: str, *, delimiter: str = ",", quoted: bool = True) -> None:
        self.path = path
        self.name = name
        self._dialect: dict[str, Any] = {
            "delimiter": delimiter,
            "quoting": csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            "strict": True,
        }
        check_text(path)
        with readable(path):
            self.header = self._read_header()

    def blocks(self) -> Iterator[Block]:
        """The rows in their order."""
        with readable(self.path), open_text(self.path) as text:
            rows = self._rows(csv.reader(text, **self._dialect))
            next(rows)
            while some := list(islice(rows, ROWS_AT_ONCE)):
                yield self._block(some)

    def _block(self, rows: list[tuple[int, list[str] | None]]) -> Block:
        lines: list[int] = []
        whole: list[list[str]] = []
        rejects: list[Reject] = []
        for line, cells in rows:
            if cells is None:
                rejects.append(Reject(self.name, line, "", "", "quotes that do not match"))
            elif len(cells) != len(self.header):
                text = self._dialect["delimiter"].join(cells)
                reason = f"{len(cells)} cells, where the first line has {len(self.header)}"
                rejects.append(Reject(self.name, line, "", text, reason))
            else:
                lines.append(line)
                whole.append(cells)
        columns = [list(column) for column in zip(*whole, strict=True)] if whole else [[] for _ in self.header]
        return Block(lines, columns, rejects)

    @staticmethod
    def _rows(reader: Any) -> Iterator[tuple[int, list[str] | None]]:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield line, None
            else:
                if cells:
                    yield line, cells

    def _read_header(self) -> list[str]:
        with open_text(self.path) as text:
            _, header = next(self._rows(csv.reader(text, **self._dialect)), (1, None))
        if not header:
            raise InvalidInput(f"{self.path} has no first line with the names of its columns")
        return header


def check_text(path: Path) -> None:
    """Reads a text file once; raises InvalidInput where it is a folder, not whole or not UTF-8."""
    if path.is_dir():
        raise InvalidInput(f"{path} is a folder: a file should stand there")
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with readable(path), _open_bytes(path) as binary:
        while True:
            data = binary.read(_BYTES_AT_ONCE)
            try:
                decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                raise InvalidInput(f"{path}, line {line}: not UTF-8, save the file as UTF-8") from error
            if not data:
                return
            line += data.count(b"\n")


def open_text(path: Path) -> IO[str]:
    """A text file with its ends of lines as they are, plain or gzip, without a byte order mark."""
    return io.TextIOWrapper(_open_bytes(path), encoding="utf-8-sig", newline="")


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that hold more than white space, with their numbers and without white space around them."""
    with readable(path), open_text(path) as text:
        for number, line in enumerate(text, 1):
            if bare := line.strip(_WHITE_SPACE):
                yield number, bare


def words(line: str) -> list[str]:
    """What stands between white space, of which a line that `text_lines` gives has some at least."""
    return _WORD.findall(line)


def _open_bytes(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.GzipFile(path) if path.suffix == ".gz" else path.open("rb")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns what reading a file may raise into InvalidInput."""
    try:
        yield
    except EOFError as error:
        raise InvalidInput(f"{path} ends too early: copy or download it again") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InvalidInput(f"{path} is not a whole gzip file: copy or download it again") from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}") from error


def checked_names(path: Path, names: list[str]) -> list[str]:
    """The names of columns as they are; raises InvalidInput where one is empty, repeated or holds a NUL character."""
    for place, name in enumerate(names, 1):
        if not name or "\0" in name:
            raise InvalidInput(f"{path}: column {place} has no usable name, give it one in the first line")
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidInput(f"{path}: the column {repeated[0]!r} stands there more than once, keep one")
    return names
