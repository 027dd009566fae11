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
from graph.sources.files import MOST_SHRUNK, SHRUNK_COUNTS_FROM, File

_ROWS_AT_ONCE = 1 << 17
_ROWS_AT_LEAST = 1_000
_TEXT_AT_ONCE = 64 << 20  # bytes; a few of a file can stand for many, where rows have one long text in common

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
                schema, unpacked = parquet.schema_arrow, _size(parquet.metadata)
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(f"{file} is not a whole Parquet file") from error
        if unpacked > max(SHRUNK_COUNTS_FROM, MOST_SHRUNK * file.size):
            raise InvalidInput(f"{file} unpacks to more than {MOST_SHRUNK} times its size, and is not read")
        for field in schema:
            kind = field.type.value_type if types.is_dictionary(field.type) else field.type
            if not any(is_plain(kind) for is_plain in _PLAIN):
                raise InvalidInput(f"{file}: the column {field.name!r} is of type {field.type}, which is not a cell")
        self.header: list[str] = list(schema.names)
        self._held_once = [field.name for field in schema if _is_text(field.type)]
        self._was_parted = False
        for batch in self._batches():
            for column, cells in zip(self.header, batch.columns, strict=True):
                try:
                    cells.validate(full=True)
                except pa.ArrowInvalid as error:
                    raise InvalidInput(f"{file}: the column {column!r} holds bytes that are not UTF-8") from error
        if not self._was_parted:
            self._held_once = []  # all fit as they are, which is quicker to read

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
            with self._open(self._held_once) as parquet:
                for batch in parquet.iter_batches(batch_size=_ROWS_AT_ONCE):
                    yield from self._parts(batch)
        except (pa.ArrowException, OSError) as error:
            raise InvalidInput(f"{self._file} cannot be read to its end: is it whole?") from error

    def _parts(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """The rows in parts that can be laid out; raises InvalidInput where few rows are too much for that."""
        half = batch.num_rows // 2
        if sum(map(_text_size, batch.columns)) <= _TEXT_AT_ONCE:
            yield batch
        elif half < _ROWS_AT_LEAST:
            held = f"{batch.num_rows:,} rows hold more than {_TEXT_AT_ONCE >> 20} MiB of text"
            raise InvalidInput(f"{self._file}: {held}: save it as CSV")
        else:
            self._was_parted = True
            yield from self._parts(batch.slice(0, half))
            yield from self._parts(batch.slice(half))

    @contextmanager
    def _open(self, held_once: Sequence[str] = ()) -> Iterator[pq.ParquetFile]:
        """The file; a text of these columns is held once, however many rows have it."""
        with self._file.open() as binary, pq.ParquetFile(binary, read_dictionary=list(held_once)) as parquet:
            yield parquet


def _size(metadata: pq.FileMetaData) -> int:
    """Bytes of all pages, once unpacked, as the file has it."""
    return sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))


def _is_text(kind: pa.DataType) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _text_size(column: pa.Array) -> int:
    """Bytes of the texts of a column that is held as a dictionary, laid out; 0 of any other."""
    if not (types.is_dictionary(column.type) and _is_text(column.type.value_type)):
        return 0
    return pc.sum(pc.binary_length(column.dictionary).take(column.indices)).as_py() or 0


def _cells(column: pa.Array) -> pa.StringArray:
    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_timestamp(column.type) and column.type.tz:
        column = column.cast(pa.timestamp(column.type.unit, "UTC"))
    return pc.fill_null(column.cast(pa.string()), "")
