"""Files that are sent: a form, written piece by piece as it comes, each file under its own name in a private folder.

Nothing of it is held in memory or lies anywhere else, so that whoever takes the folder away has taken all of it away.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect

from api.http.problems import INVALID_REQUEST, NO_ROOM, TOO_LARGE, UNREADABLE_BODY, Problem
from graph.files.private import create_private, make_private_folder

_FIELDS_AT_MOST = 20
_FIELD_BYTES = 1_000
_FOLDERS_AT_MOST = 20  # within each other
_NAME_BYTES = 255  # of a file or folder: more, few file systems take


def is_form(headers: Headers) -> bool:
    """Whether a body is a form, as its head says."""
    return parse_options_header(headers.get("content-type"))[0] == b"multipart/form-data"


async def received(request: Request, folder: Path, *, files_at_most: int) -> Upload:
    """Writes the files of a request into a folder, and returns once all of them are there.

    Raises Problem where the form is not whole or no form, has a file whose name leads elsewhere, is there twice or
    cannot be written, and where it has more files than it may, or none.
    """
    with Upload(request.headers, folder, files_at_most) as upload:
        try:
            async for piece in request.stream():
                await asyncio.to_thread(upload.feed, piece)
        except ClientDisconnect as error:
            raise Problem(UNREADABLE_BODY, "the upload was cut off") from error
        upload.require_end()
    return upload


class Upload:
    """A form that comes: its files are in the folder, and what else it says is in `fields`, by name."""

    def __init__(self, headers: Headers, folder: Path, files_at_most: int) -> None:
        self.fields: dict[str, str] = {}
        self._folder = folder
        self._files_at_most = files_at_most
        self._files = 0
        self._names: list[bytes] = []  # of the part that comes: those of its head, each with its value
        self._values: list[bytes] = []
        self._file: BinaryIO | None = None
        self._field = ""
        self._text = b""
        self._is_whole = False
        try:
            make_private_folder(folder)
            self._parser = MultipartParser(
                _boundary(headers),
                {
                    "on_part_begin": self._part_begins,
                    "on_header_begin": self._field_begins,
                    "on_header_field": self._named,
                    "on_header_value": self._valued,
                    "on_headers_finished": self._head_is_there,
                    "on_part_data": self._data,
                    "on_part_end": self._part_ends,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise _broken() from error
        except OSError as error:
            raise no_room(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def feed(self, piece: bytes) -> None:
        """Takes what comes next; raises Problem."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _broken() from error
        except OSError as error:
            raise no_room(error) from error

    def require_end(self) -> None:
        """Returns where all of it has come; raises Problem."""
        if not self._is_whole:
            raise _broken()
        if not self._files:
            raise Problem(INVALID_REQUEST, "there is no file in the form")

    @property
    def path(self) -> Path:
        """What was sent: the file or folder that all of it is in."""
        there = [*self._folder.iterdir()]
        return there[0] if len(there) == 1 else self._folder

    def _part_begins(self) -> None:
        self._names, self._values, self._text = [], [], b""

    def _field_begins(self) -> None:
        self._names.append(b"")
        self._values.append(b"")

    def _named(self, data: bytes, start: int, end: int) -> None:
        self._names[-1] += data[start:end]

    def _valued(self, data: bytes, start: int, end: int) -> None:
        self._values[-1] += data[start:end]

    def _head_is_there(self) -> None:
        head = dict(zip((name.lower() for name in self._names), self._values, strict=True))
        said = parse_options_header(head.get(b"content-disposition"))[1]
        if b"filename" in said:
            self._file = self._begun(_text(said[b"filename"]))
            return
        self._field = _text(said.get(b"name", b""))
        if self._field in self.fields:
            raise Problem(INVALID_REQUEST, f"{self._field} is there more than once")
        if len(self.fields) >= _FIELDS_AT_MOST:
            raise Problem(TOO_LARGE, f"a form has at most {_FIELDS_AT_MOST} fields beside its files")

    def _begun(self, name: str) -> BinaryIO:
        self._files += 1
        if self._files > self._files_at_most:
            raise Problem(TOO_LARGE, f"at most {self._files_at_most:,} files are taken at once")
        place = self._folder.joinpath(*_parts(name))
        try:
            make_private_folder(place.parent)
            return create_private(place)
        except (FileExistsError, NotADirectoryError) as error:
            raise Problem(INVALID_REQUEST, f"{name!r} is there twice, or as a file and as a folder") from error

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(memoryview(data)[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > _FIELD_BYTES:
            raise Problem(TOO_LARGE, f"{self._field} has more than {_FIELD_BYTES:,} bytes")

    def _part_ends(self) -> None:
        if self._file is None:
            self.fields[self._field] = _text(self._text)
            return
        self._file.close()
        self._file = None

    def _end(self) -> None:
        self._is_whole = True


def _boundary(headers: Headers) -> bytes:
    boundary = parse_options_header(headers.get("content-type"))[1].get(b"boundary")
    if not boundary:
        raise _broken()
    return boundary


def _parts(name: str) -> list[str]:
    """The folders of a file and its own name; raises Problem where it leads out of where it is put."""
    parts = name.split("/")
    if (
        len(parts) > _FOLDERS_AT_MOST
        or any(part in ("", ".", "..") or len(part.encode()) > _NAME_BYTES for part in parts)
        or any(letter == "\\" or letter < " " for letter in name)
        or ":" in parts[0][:2]
    ):
        raise Problem(INVALID_REQUEST, f"{name!r} is no name that a file can have here")
    return parts


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Problem(UNREADABLE_BODY, "the form has a name or a text that is not UTF-8") from error


def _broken() -> Problem:
    return Problem(UNREADABLE_BODY, "the form is not whole: a form of files has a boundary, and ends with it")


def no_room(error: OSError) -> Problem:
    """The problem where files cannot be written."""
    return Problem(NO_ROOM, f"the files cannot be kept here: {error.strerror or error}")
