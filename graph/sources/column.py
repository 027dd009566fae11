"""One column of a file whose first line names its columns, whatever else the file holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.errors import InvalidInput, NearlyFits
from graph.sources.delimited import DelimitedFile
from graph.sources.files import File
from graph.sources.names import folded, nearest
from graph.sources.separators import WHITE_SPACE
from graph.sources.tables import Rows, rows_of
from graph.sources.workbook import is_workbook, sheets


def read_column(path: Path, column: str) -> list[tuple[int, str]] | None:
    """The cells of a column, each with its line; None where the file has one column alone, and it is called otherwise.

    A row that holds nothing at all is none.
    White space separates columns where the first line names the column so, and is part of a text elsewhere.
    Raises InvalidInput where the file has several columns, and not exactly one that is called so, and where a row
    cannot be read.
    """
    file = File.at(path)
    rows = _rows(file, column)
    fitting = _fitting(rows.header, column)
    if len(fitting) > 1:
        called = " and ".join(repr(rows.header[place]) for place in fitting)
        raise InvalidInput(f"{file}: {called} are both the column {column!r}, keep one")
    if not fitting:
        if meant := nearest(column, rows.header):
            raise NearlyFits(str(file), "the column", column, meant)
        if _is_alone(rows):
            return None
        raise InvalidInput(f"{file} has no column {column!r}: it has {', '.join(map(repr, rows.header))}")
    cells: list[tuple[int, str]] = []
    for block in rows.blocks():
        for reject in block.rejects:
            raise InvalidInput(f"{file}, line {reject.line}: {reject.reason}")
        rows_here = zip(block.lines, *block.texts, strict=True)
        cells += [(line, row[fitting[0]]) for line, *row in rows_here if any(row)]
    return cells


def _rows(file: File, column: str) -> Rows:
    if not is_workbook(file):
        return rows_of(file, wanted=lambda names: bool(_fitting(names, column)))
    all_sheets = sheets(file)
    found = [sheet for sheet in all_sheets if _fitting(sheet.header, column)]
    if len(found) == 1 or len(all_sheets) == 1:
        return (found or all_sheets)[0]
    titles = ", ".join(repr(sheet.title) for sheet in found or all_sheets)
    raise InvalidInput(f"{file}: {'several sheets have' if found else 'no sheet has'} the column {column!r}: {titles}")


def _fitting(names: Sequence[str], column: str) -> list[int]:
    """The columns that are called exactly so, else those that are but for case, spaces, hyphens and underscores."""
    exactly = [place for place, name in enumerate(names) if name == column]
    return exactly or [place for place, name in enumerate(names) if folded(name) == folded(column)]


def _is_alone(rows: Rows) -> bool:
    spaced = isinstance(rows, DelimitedFile) and rows.separator.character == WHITE_SPACE
    return spaced or len(rows.header) == 1
