"""Workbooks (.xlsx, .ods), sheet by sheet: the first row that holds anything names the columns.

A cell is what is shown of it, without its format: a whole number without a fraction, a date as ISO 8601, a truth as
`true` or `false`. An office program keeps 15 digits of a number, so one with more is no id, and its row is set aside.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from graph.errors import ForeignFile, InvalidInput
from graph.sources.chunks import Reject
from graph.sources.delimited import ROWS_AT_ONCE, Block
from graph.sources.files import WORKBOOK, File, office_kind
from graph.sources.names import TITLES_AT_MOST, above, are_titles
from graph.sources.packed import readable

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

DIGITS_KEPT = 15
_MANIFEST = "META-INF/manifest.xml"  # of .ods; an .xlsx with a password is no zip
_MANIFEST_BYTES = 1 << 20  # a line for each file in it, of which there are few
LARGEST_WORKBOOK = 1 << 30  # bytes, of all that is in it; a full sheet of ten columns is a fifth of that


class Sheet:
    """A sheet with a header, read when it was opened; raises InvalidInput where it has none."""

    def __init__(self, file: File, title: str, sheet: CalamineSheet, *, alone: bool, hidden: bool) -> None:
        self.title = title
        self.name = file.name if alone else f"{file.name}#{title}"
        self.notes: Sequence[str] = ["a hidden sheet, read like any other"] if hidden else []
        self._sheet = sheet
        self._where = f"{file}, sheet {title!r}"
        self._titles = 0  # rows above the header
        _, values = next(self._rows(), (1, []))
        self._places, self.header = _header(values)
        if not self.header:
            raise InvalidInput(f"{self._where} has no first line with the names of its columns")

    def __str__(self) -> str:
        return self._where

    def below_titles(self, wanted: Callable[[Sequence[str]], bool]) -> Sheet:
        """The same with the first row as header that is wanted; as it is, where none of the first rows is."""
        rows = [values for _, values in islice(self._rows(), TITLES_AT_MOST)]
        for place, values in enumerate(rows):
            places, header = _header(values)
            titles = [[_text(value) for value in row] for row in rows[:place]]
            if wanted(header) and are_titles(titles, header):
                below = copy(self)
                below._titles, below._places, below.header = place, places, header
                below.notes = [*self.notes, *above(titles)]
                return below
        return self

    def blocks(self) -> Iterator[Block]:
        """The rows in their order, at least one block; a row without cells is none."""
        rows = islice(self._rows(), self._titles + 1, None)
        first = True
        while (some := list(islice(rows, ROWS_AT_ONCE))) or first:
            first = False
            lines: list[int] = []
            whole: list[list[str]] = []
            rejects: list[Reject] = []
            for line, values in some:
                cells = [_text(values[place]) if place < len(values) else "" for place in self._places]
                for name, place in zip(self.header, self._places, strict=True):
                    if place < len(values) and _has_lost_digits(values[place]):
                        reason = f"a number of more than {DIGITS_KEPT} digits, which a workbook rounds: make it text"
                        rejects.append(Reject(self.name, line, name, _text(values[place]), reason))
                        break
                else:
                    if further := [value for value in values[self._places[-1] + 1 :] if _text(value)]:
                        reason = f"{len(cells) + len(further)} cells, where the first line has {len(cells)}"
                        rejects.append(Reject(self.name, line, "", ",".join(map(_text, values)), reason))
                    else:
                        lines.append(line)
                        whole.append(cells)
            columns = [list(column) for column in zip(*whole, strict=True)] if whole else [[] for _ in self.header]
            yield Block(lines, columns, rejects)

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows that hold anything, each with its number."""
        for number, row in enumerate(self._sheet.iter_rows(), 1):
            if any(value != "" for value in row):
                yield number, row


def _header(values: Sequence[Any]) -> tuple[list[int], list[str]]:
    """Where the columns are, and their names: none, where no cell has any text."""
    names = [_text(value) for value in values]
    while names and not names[-1]:
        names.pop()
    begin = next((place for place, name in enumerate(names) if name), 0)
    return list(range(begin, len(names))), names[begin:]


def is_workbook(file: File) -> bool:
    """Whether a file is a workbook that can be read."""
    return file.entry is None and office_kind(file.path) == WORKBOOK


def sheets(file: File) -> list[Sheet]:
    """The sheets that hold anything.

    Raises InvalidInput where the workbook is broken, protected by a password, or unpacks to more than could be meant.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    _refuse_sealed(file)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(file.path.read_bytes()))
        hidden = {each.name for each in workbook.sheets_metadata if each.visible != SheetVisibleEnum.Visible}
        found = [(name, workbook.get_sheet_by_name(name)) for name in workbook.sheet_names]
    except CalamineError as error:
        raise InvalidInput(
            f"{file} is a workbook that is not whole: open it and save it again, or save its sheets as CSV"
        ) from error
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror or error}") from error
    filled = [(name, sheet) for name, sheet in found if sheet.start is not None]
    return [Sheet(file, name, sheet, alone=len(filled) == 1, hidden=name in hidden) for name, sheet in filled]


def _refuse_sealed(file: File) -> None:
    """Raises InvalidInput where a workbook is too large, or protected by a password."""
    with readable(str(file)), zipfile.ZipFile(file.path) as zip:
        size = sum(entry.file_size for entry in zip.infolist())
        if size > LARGEST_WORKBOOK:
            raise InvalidInput(f"{file} unpacks to more than {LARGEST_WORKBOOK >> 30} GiB: save its sheets as CSV")
        if _MANIFEST in zip.namelist():
            with zip.open(_MANIFEST) as manifest:
                if b"encryption-data" in manifest.read(_MANIFEST_BYTES):
                    raise ForeignFile(str(file), "a workbook with a password", "save it without one")


def number_text(number: float) -> str:
    """A number as a cell has it: one without a fraction is a whole one."""
    return str(int(number)) if isinstance(number, int) or number.is_integer() else repr(number)


def _text(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return number_text(value)
        case date():  # with a time, too
            return value.isoformat()
        case _:
            return str(value)


def _has_lost_digits(value: Any) -> bool:
    return isinstance(value, (int, float)) and abs(value) >= 10**DIGITS_KEPT
