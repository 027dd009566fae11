"""Parquet files, read as text cells like any other file: a row's line is its number, a null is an empty cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from graph.errors import InvalidInput
from graph.sources.delimited import Block

_ROWS_AT_ONCE = 1 << 17

_PLAIN = (
    types.is_string,
    types.is_large_string,
    types.is_boolean,
    types.is_integer,
    types.is_floating,
    types.is_decimal,
    types.is_date,
    types.is_timestamp,
    types.is_null,
)


class ParquetFile:
    """A file that was read once, when it was opened; raises InvalidInput where it is broken, or not of cells."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        if path.is_dir():
            raise InvalidInput(f"{path} is a folder: a file should stand there")
        try:
            schema = pq.read_schema(path)
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(f"{path} is not a whole Parquet file") from error
        for field in schema:
            kind = field.type.value_type if types.is_dictionary(field.type) else field.type
            if not any(is_plain(kind) for is_plain in _PLAIN):
                raise InvalidInput(f"{path}: the column {field.name!r} is of type {field.type}, which is not a cell")
        self.header: list[str] = list(schema.names)
        for batch in self._batches():
            for column, cells in zip(self.header, batch.columns, strict=True):
                try:
                    cells.validate(full=True)
                except pa.ArrowInvalid as error:
                    raise InvalidInput(f"{path}: the column {column!r} holds bytes that are not UTF-8") from error

    def blocks(self) -> Iterator[Block]:
        """The rows in their order."""
        line = 1
        for batch in self._batches():
            yield Block(range(line, line + batch.num_rows), [_cells(column) for column in batch.columns], [])
            line += batch.num_rows

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            with pq.ParquetFile(self.path) as file:
                yield from file.iter_batches(batch_size=_ROWS_AT_ONCE)
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(f"{self.path} cannot be read to its end: is it whole?") from error


def _cells(column: pa.Array) -> pa.StringArray:
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_timestamp(column.type) and column.type.tz:
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))
    return pc.fill_null(column.cast(pa.string()), "")
