"""Text files: UTF-8, UTF-16 and UTF-32 by their marks, others by the name of their encoding."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

from graph.errors import ForeignFile, InvalidInput, Undecodable, Unmarked
from graph.sources.files import File, office_kind
from graph.sources.foreign import OLE, refuse_foreign_bytes, refuse_foreign_text
from graph.sources.packed import Packed

LINES_TO_TELL_BY = 100
LONGEST_LINE = 64 << 20  # bytes; a cell of ten megabytes is one bad cell, and no reason to refuse a file

_BYTES_AT_ONCE = 1 << 20
_HEAD_BYTES = 1 << 12
_OLE_BYTES = 1 << 26
_CHARACTERS_TO_TELL_BY = 1 << 16
_UTF_8 = "utf-8"
_WHITE_SPACE = " \t\n\r\v\f"
_MARKS = {  # the longer ones first: each begins with one of the shorter
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: _UTF_8,
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class TextFile:
    """A text file that was read once, to see that it is whole and in its encoding; `name` is that of its path.

    `encoding` is the one of text without a mark; none is UTF-8.
    `line_count` is how many lines it has; what `notes` say of how it is read is worth knowing.
    Raises InvalidInput where it is not, where a line is longer than LONGEST_LINE, and where it is no text but something
    that is known by name.
    """

    def __init__(self, file: File, encoding: str | None = None) -> None:
        self._packed = Packed(file)
        self.file = file
        self.name = str(file)
        self.notes: list[str] = []
        head = self._packed.head(_HEAD_BYTES)
        if head.startswith(OLE):
            head = self._packed.head(_OLE_BYTES)  # what it is stands anywhere in it
        if file.entry is None and (kind := office_kind(file.path)):
            raise ForeignFile(self.name, f"a {kind} of an office program", "save its sheets or tables as CSV")
        refuse_foreign_bytes(self.name, head)
        marked = next((codec for mark, codec in _MARKS.items() if head.startswith(mark)), None)
        self.encoding = marked or _text_encoding(encoding or _UTF_8)
        if marked is None and encoding is None and head.count(b"\0") * 4 > len(head):
            raise Unmarked(self.name)
        self.line_count = self._check()
        self.notes += self._packed.notes
        if self.encoding != _UTF_8:
            self.notes.append(f"read as {self.encoding.upper()}")
        refuse_foreign_text(self.name, self.first_lines())

    @contextmanager
    def open(self) -> Iterator[IO[str]]:
        """Its text, with its ends of lines as they are, without a mark."""
        with self._packed.open() as binary:
            encoding = "utf-8-sig" if self.encoding == _UTF_8 else self.encoding
            with io.TextIOWrapper(binary, encoding=encoding, newline="") as text:
                yield text

    def first_lines(self, count: int = LINES_TO_TELL_BY) -> list[str]:
        """The first lines, without their ends; of very long ones only what tells them apart."""
        with self.open() as text:
            head = text.read(_CHARACTERS_TO_TELL_BY)
            lines = [line.rstrip("\r\n") for line in islice(io.StringIO(head, newline=""), count + 1)]
        whole = len(head) < _CHARACTERS_TO_TELL_BY or len(lines) == 1
        return lines[:count] if whole or len(lines) > count else lines[:-1]

    def lines(self) -> Iterator[tuple[int, str]]:
        """All lines, with their numbers and their ends."""
        with self.open() as text:
            yield from enumerate(text, 1)

    def bare_lines(self) -> Iterator[tuple[int, str]]:
        """The lines that hold more than white space, with their numbers and without white space around them."""
        for number, line in self.lines():
            if bare := line.strip(_WHITE_SPACE):
                yield number, bare

    def _check(self) -> int:
        decoder = codecs.getincrementaldecoder(self.encoding)()
        line, length = 1, 0
        with self._packed.open() as binary:
            while True:
                data = binary.read(_BYTES_AT_ONCE)
                try:
                    text = decoder.decode(data, final=not data)
                except UnicodeDecodeError as error:
                    raise Undecodable(self.name, line + _lines_before(error), self.encoding) from error
                except UnicodeError as error:
                    raise Undecodable(self.name, line, self.encoding) from error
                if not data:
                    return line if length else line - 1
                last = max(data.rfind(b"\n"), data.rfind(b"\r") if b"\n" not in data else -1)
                length = length + len(data) if last < 0 else len(data) - last - 1
                line += data.count(b"\n") if self.encoding == _UTF_8 else text.count("\n")
                if length > LONGEST_LINE:
                    raise InvalidInput(f"{self.name}, line {line}: longer than {LONGEST_LINE >> 20} MiB")


def peek(file: File) -> str:
    """The beginning of a file as text, whatever else is in it; raises InvalidInput where it cannot be unpacked."""
    head = Packed(file).head(_CHARACTERS_TO_TELL_BY)
    encoding = next((codec for mark, codec in _MARKS.items() if head.startswith(mark)), _UTF_8)
    return head.decode(encoding, "replace").lstrip("\ufeff")


def _lines_before(error: UnicodeDecodeError) -> int:
    try:
        return error.object[: error.start].decode(error.encoding, "ignore").count("\n")
    except LookupError:
        return error.object[: error.start].count(b"\n")


def _text_encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
        "".encode(name)  # which a codec of bytes refuses
        return found.name
    except (LookupError, UnicodeError, ValueError) as error:
        raise InvalidInput(f"{name!r} is no encoding of text") from error
