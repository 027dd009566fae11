"""Parquet files, read as text cells like any other file: a row's line is its number, a null is an empty cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from graph.errors import InvalidInput
from graph.sources.delimited import Block
from graph.sources.files import File

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

    notes: Sequence[str] = ()

    def __init__(self, file: File) -> None:
        self._file = file
        self.name = file.name
        try:
            with self._open() as parquet:
                schema = parquet.schema_arrow
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(f"{file} is not a whole Parquet file") from error
        for field in schema:
            kind = field.type.value_type if types.is_dictionary(field.type) else field.type
            if not any(is_plain(kind) for is_plain in _PLAIN):
                raise InvalidInput(f"{file}: the column {field.name!r} is of type {field.type}, which is not a cell")
        self.header: list[str] = list(schema.names)
        for batch in self._batches():
            for column, cells in zip(self.header, batch.columns, strict=True):
                try:
                    cells.validate(full=True)
                except pa.ArrowInvalid as error:
                    raise InvalidInput(f"{file}: the column {column!r} holds bytes that are not UTF-8") from error

    def blocks(self) -> Iterator[Block]:
        """The rows in their order, at least one block."""
        read = 0
        for batch in self._batches():
            lines = range(read + 1, read + 1 + batch.num_rows)
            yield Block(lines, [_cells(column) for column in batch.columns], [])
            read += batch.num_rows
        if not read:
            yield Block([], [[] for _ in self.header], [])

    def _batches(self) -> Iterator[pa.RecordBatch]:
        try:
            with self._open() as parquet:
                yield from parquet.iter_batches(batch_size=_ROWS_AT_ONCE)
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(f"{self._file} cannot be read to its end: is it whole?") from error

    @contextmanager
    def _open(self) -> Iterator[pq.ParquetFile]:
        with self._file.open() as binary, pq.ParquetFile(binary) as parquet:
            yield parquet


def _cells(column: pa.Array) -> pa.StringArray:
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_timestamp(column.type) and column.type.tz:
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))
    return pc.fill_null(column.cast(pa.string()), "")
