"""One answer in several forms, by `?format=` or by the header `Accept`: JSON, JSON lines, CSV and Parquet.

`?format=cypher` asks nothing: it gives the statement that would be sent, with its parameters, for Neo4j Browser.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from enum import StrEnum
from io import BytesIO, RawIOBase
from typing import Any, TypeVar

import mimeparse
from fastapi import Request
from msgspec import json

from api.http.problems import NOT_ACCEPTABLE, Problem
from linkreach.forms import Form

T = TypeVar("T")


class Format(StrEnum):
    """How an answer is written."""

    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    CYPHER = "cypher"


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.JSONL: "application/jsonl",
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
    Format.CYPHER: "application/x-cypher-query",
}


def chosen(request: Request, asked: Format | None) -> Format:
    """The form that was asked for, JSON where none was; raises Problem where there is no such form."""
    if asked is not None:
        return asked
    accept = request.headers.get("accept", "*/*")
    try:
        best = mimeparse.best_match([*reversed(MEDIA_TYPES.values())], accept)
    except (mimeparse.MimeTypeParseException, ValueError) as error:
        raise Problem(NOT_ACCEPTABLE, f"the header Accept cannot be read; there is {_offer()}") from error
    for format, media_type in MEDIA_TYPES.items():
        if media_type == best:
            return format
    raise Problem(NOT_ACCEPTABLE, f"there is {_offer()}")


def _offer() -> str:
    return ", ".join(MEDIA_TYPES.values())


def whole(format: Format, form: Form[T], answers: Sequence[T], document: Any) -> bytes:
    """The answers as a whole; `document` is what JSON has. Raises Problem where it is to be a statement."""
    match format:
        case Format.JSON:
            return json.encode(document)
        case Format.JSONL:
            return _lines(form, answers)
        case Format.CSV:
            return _csv(form, answers, header=True)
        case Format.PARQUET:
            file = BytesIO()
            form.frame(answers).to_parquet(file, index=False)
            return file.getvalue()
        case Format.CYPHER:
            raise Problem(NOT_ACCEPTABLE, "no statement gives this answer")


def parts(
    format: Format, form: Form[T], pieces: AsyncGenerator[Sequence[T]], key: str, rest: dict[str, Any]
) -> AsyncGenerator[bytes]:
    """The answers piece by piece, in constant memory; JSON has them as the list `key`, followed by `rest`.

    Raises Problem where it is to be a statement.
    """
    match format:
        case Format.JSON:
            return _json_parts(form, pieces, key, rest)
        case Format.JSONL:
            return _line_parts(form, pieces)
        case Format.CSV:
            return _csv_parts(form, pieces)
        case Format.PARQUET:
            return _parquet_parts(form, pieces)
        case Format.CYPHER:
            raise Problem(NOT_ACCEPTABLE, "no statement gives this answer")


async def _json_parts(
    form: Form[T], pieces: AsyncGenerator[Sequence[T]], key: str, rest: dict[str, Any]
) -> AsyncGenerator[bytes]:
    before = b"{" + json.encode(key) + b":["
    async with aclosing(pieces):
        async for piece in pieces:
            yield before + b",".join(json.encode(form.document(answer)) for answer in piece)
            before = b","
    yield (b"" if before == b"," else before) + b"]," + json.encode(rest)[1:]


async def _line_parts(form: Form[T], pieces: AsyncGenerator[Sequence[T]]) -> AsyncGenerator[bytes]:
    async with aclosing(pieces):
        async for piece in pieces:
            yield _lines(form, piece)


async def _csv_parts(form: Form[T], pieces: AsyncGenerator[Sequence[T]]) -> AsyncGenerator[bytes]:
    header = True
    async with aclosing(pieces):
        async for piece in pieces:
            yield _csv(form, piece, header=header)
            header = False
    if header:
        yield _csv(form, [], header=True)


async def _parquet_parts(form: Form[T], pieces: AsyncGenerator[Sequence[T]]) -> AsyncGenerator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.Table.from_pandas(form.frame([]), preserve_index=False).schema
    sink = _Sink()
    with parquet.ParquetWriter(sink, schema) as writer:
        async with aclosing(pieces):
            async for piece in pieces:
                writer.write_table(pa.Table.from_pandas(form.frame(piece), schema, preserve_index=False))
                yield sink.taken()
    yield sink.taken()


class _Sink(RawIOBase):
    """A file that is sent on while it is written: it remembers how long it is, and nothing else."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self._length += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        return self._length

    def taken(self) -> bytes:
        """What was written since the last time."""
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def _lines(form: Form[T], answers: Iterable[T]) -> bytes:
    return b"".join(json.encode(form.document(answer)) + b"\n" for answer in answers)


def _csv(form: Form[T], answers: Sequence[T], *, header: bool) -> bytes:
    from analysis.files import csv_text

    return csv_text(form.frame(answers), header=header).encode("utf-8")
