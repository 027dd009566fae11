"""The file of the rows that a load has set aside."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, fields, replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from graph.errors import InvalidInput
from graph.files.private import create_private
from graph.files.regular import open_regular
from graph.files.spreadsheets import guarded_row, unguarded
from graph.sources.chunks import Reject

LONGEST_VALUE = 200
_HEADER = guarded_row([field.name for field in fields(Reject)]).encode()


class RejectsFile:
    """A CSV file of rejected rows, made when the first one comes; only its owner may read it, it holds members' data.

    A rejects file of an earlier load is replaced, or taken away where no row is rejected and the load succeeds.
    Raises InvalidInput, and at once, where another kind of file has the name, or none can be written there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            with tempfile.TemporaryFile(dir=self.path.parent):  # what is tried here does not fail amid a load
                pass
            if self.path.exists():
                with open_regular(self.path) as earlier:
                    if earlier.readline(len(_HEADER) + 1) not in (b"", _HEADER):
                        raise InvalidInput(f"{self.path} is no file of rejected rows: choose another name for them")
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        elif error is None:
            self.path.unlink(missing_ok=True)

    def add(self, reject: Reject) -> None:
        """Writes one row; a long value is cut."""
        try:
            if self._file is None:
                self.path.unlink(missing_ok=True)
                self._file = create_private(self.path)
                self._file.write(_HEADER)
            row = replace(reject, value=reject.value[:LONGEST_VALUE])
            self._file.write(guarded_row(astuple(row)).encode("utf-8", "backslashreplace"))
            self._file.flush()  # each is there, however the load ends
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> InvalidInput:
        return InvalidInput(f"the rejected rows cannot be written to {self.path}: {error.strerror or error}")


def read_rejects(path: Path) -> Iterator[Reject]:
    """The rows of such a file as they were handed on, in order; a value that was cut stays cut."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for cells in rows:
            name, line, *rest = (unguarded(cell) or cell for cell in cells)
            yield Reject(name, int(line), *rest)
