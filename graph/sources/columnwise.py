"""Large delimited files, some megabytes of whole lines at a time.

Text without quotes means the same to every reader of CSV, and is read column by column.
All other text goes to the strict reader, `DelimitedFile`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

import pyarrow as pa
import pyarrow.csv

from graph.sources.delimited import ROWS_AT_ONCE, Block, DelimitedFile, open_text, readable

_CHARACTERS_AT_ONCE = 1 << 24


class ColumnwiseFile(DelimitedFile):
    """A delimited file that gives its blocks as arrays where that can be."""

    def blocks(self) -> Iterator[Block]:
        """The rows in their order."""
        with readable(self.path), open_text(self.path) as text:
            reader = csv.reader(text, **self._dialect)
            next(self._rows(reader))
            read = reader.line_num
            while lines := text.read(_CHARACTERS_AT_ONCE) + text.readline():
                if (block := self._columns(lines, read)) is not None:
                    read += len(block.lines)
                    yield block
                else:
                    reader = csv.reader(chain(io.StringIO(lines, newline=""), text), **self._dialect)
                    rows = self._rows_that_begin_in(lines, reader, read)
                    while some := list(islice(rows, ROWS_AT_ONCE)):
                        yield self._block(some)
                    read += reader.line_num

    def _columns(self, lines: str, read: int) -> Block | None:
        """The rows of lines that have nothing unusual, and None for other lines; `read` lines stand before them."""
        if not _are_rows(lines):
            return None
        names = [str(place) for place in range(len(self.header))]
        data = lines.encode()
        try:
            table = pa.csv.read_csv(
                pa.BufferReader(data),
                pa.csv.ReadOptions(column_names=names, block_size=len(data)),
                pa.csv.ParseOptions(delimiter=self._dialect["delimiter"], quote_char=False),
                pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
            )
        except pa.ArrowInvalid:
            return None
        columns = [column.combine_chunks() for column in table.columns]
        return Block(range(read + 1, read + 1 + table.num_rows), columns, [])

    def _rows_that_begin_in(self, lines: str, reader: Any, read: int) -> Iterator[tuple[int, list[str] | None]]:
        count = sum(1 for _ in io.StringIO(lines, newline=""))
        rows = self._rows(reader)
        while reader.line_num < count and (row := next(rows, None)) is not None:
            line, cells = row
            yield read + line, cells


def _are_rows(lines: str) -> bool:
    """Whether each line is surely a row: no quotes, no line without cells, no end of line that is none everywhere."""
    if '"' in lines or "\n\n" in lines or lines[0] in "\r\n":
        return False
    returns = lines.count("\r")
    return not returns or (returns == lines.count("\r\n") and "\n\r\n" not in lines)
