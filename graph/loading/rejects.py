"""The file of the rows that a load has set aside."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from graph.errors import InvalidInput
from graph.sources.chunks import Reject

LONGEST_VALUE = 200


class RejectsFile:
    """A CSV file of rejected rows, made when the first one comes; only its owner may read it, it holds members' data.

    A rejects file of an earlier load is replaced, or taken away where no row is rejected and the load succeeds.
    Raises InvalidInput, and at once, where another kind of file has the name, or none can be written there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None
        self._header = [field.name for field in fields(Reject)]

    def __enter__(self) -> Self:
        try:
            with tempfile.TemporaryFile(dir=self.path.parent):  # what is tried here does not fail amid a load
                pass
            if self.path.exists():
                with self.path.open("rb") as earlier:
                    if earlier.readline() not in (b"", f"{','.join(self._header)}\n".encode()):
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
                owner_only = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                self._file = os.fdopen(owner_only, "w", buffering=1, encoding="utf-8", newline="")
                self._write(self._header)
            file, line, column, value, reason = astuple(reject)
            self._write([file, line, column, value[:LONGEST_VALUE], reason])
        except OSError as error:
            raise self._unwritable(error) from error

    def _write(self, cells: Sequence[Any]) -> None:
        csv.writer(self._file, lineterminator="\n").writerow(cells)  # type: ignore[arg-type]

    def _unwritable(self, error: OSError) -> InvalidInput:
        return InvalidInput(f"the rejected rows cannot be written to {self.path}: {error.strerror or error}")
