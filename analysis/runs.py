"""Finished runs of reports and differences on disk: each whole or not at all, and of each report the last two.

They are numbered: a clock may be set back. A run begins in `part-N`, which is `run-N` once all of it is there.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
from pyarrow import parquet

from analysis.columns import is_error
from analysis.files import four_digits, manifest
from analysis.report_engine import ReportEngine
from analysis.reports import Report
from graph.files.private import make_private_folder
from graph.files.regular import open_regular, read_whole
from graph.instants import instant_text
from graph.rules.redaction import Reader

_ROWS_AT_ONCE = 1_000
_WHOLE, _REDACTED, _MANIFEST = "whole.parquet", "redacted.parquet", "manifest.json"
_MANIFEST_BYTES = 1 << 20
_PART, _RUN = "part-", "run-"

_log = logging.getLogger(__name__)


class _Manifest(msgspec.Struct):
    """What every manifest has, and that by which it is known for one."""

    graph_version: int
    pack: str
    at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run in its folder; `manifest` says what it was made from and when it was finished."""

    folder: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, folder: Path, files: Sequence[str], about: type[msgspec.Struct]) -> Run:
        """The run of a folder; raises OSError, ValueError, MsgspecError or RecursionError where it is not whole."""
        written = read_whole(folder / _MANIFEST, _MANIFEST_BYTES)
        msgspec.json.decode(written, type=about)
        for name in files:
            with open_regular(folder / name) as file:
                parquet.read_metadata(file)
        return cls(folder, json.loads(written))

    def file(self, reader: Reader) -> Path:
        """The rows as Parquet, as this reader reads them."""
        return self.folder / (_WHOLE if reader.audits else _REDACTED)

    def pieces(self, reader: Reader) -> Iterator[pd.DataFrame]:
        """The rows in order, some at a time; at least one frame, for its columns."""
        return self.pieces_of(self.file(reader).name)

    def pieces_of(self, name: str) -> Iterator[pd.DataFrame]:
        """The rows of one of its files, likewise."""
        with parquet.ParquetFile(self.folder / name) as file:
            if not file.metadata.num_rows:
                yield file.schema_arrow.empty_table().to_pandas()
            for batch in file.iter_batches(_ROWS_AT_ONCE):
                yield batch.to_pandas()

    def row(self, key: str, value: str) -> dict[str, Any] | None:
        """The row whose column `key` has this value."""
        found = pd.read_parquet(self.folder / _REDACTED, filters=[(key, "==", value)])
        return None if found.empty else {str(name): value for name, value in found.astype(object).iloc[0].items()}


class Runs:
    """The runs of all that has a name, in a folder that only its owner reads.

    Each has `files` beside a manifest that is `about` it; of each name so many are `kept`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        files: Sequence[str] = (_WHOLE, _REDACTED),
        about: type[msgspec.Struct] = _Manifest,
        kept: int = 2,  # the last one but one may be read at the moment
    ) -> None:
        self.folder = folder
        self._files = files
        self._about = about
        self._kept = kept
        self._opened: dict[Path, Run] = {}

    def last(self, name: str) -> Run | None:
        """The last finished run of a report; one that is broken is passed over."""
        numbers = self._numbers(name, _RUN)
        for number in reversed(numbers):
            run = self.numbered(name, number)
            if run is not None:
                return run
        made_room = numbers != self._numbers(name, _RUN)  # for newer ones, which are there
        return self.last(name) if made_room else None

    def numbered(self, name: str, number: int) -> Run | None:
        """The finished run of this number, where there still is one."""
        folder = self._of(name) / f"{_RUN}{number}"
        if not folder.is_dir():
            return None
        if folder in self._opened:
            return self._opened[folder]
        try:
            self._opened[folder] = Run.open(folder, self._files, self._about)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
            _log.warning("%s is no run that can be read, and is passed over: %s", folder, error)
            return None
        return self._opened[folder]

    def finished(self, name: str) -> list[int]:
        """The numbers of those that are finished, in order."""
        return self._numbers(name, _RUN)

    def begin(self, name: str) -> int:
        """The number of a new run of a report, one more than any before it; nobody else may begin one meanwhile."""
        folder = self._of(name)
        number = max([0, *self._numbers(name, _RUN), *self._numbers(name, _PART)]) + 1
        part = folder / f"{_PART}{number}"
        make_private_folder(part)
        for left in folder.glob(f"{_PART}*"):
            if left != part:
                _remove(left)
        return number

    def keep(
        self, report: Report, number: int, engine: ReportEngine, *, started: datetime, program_version: str
    ) -> None:
        """Computes a report and keeps it as a run that has begun; one that fails leaves those before it.

        `started`: when the graph began to be read for it.
        """
        frames = {_WHOLE: _rounded(report.run(engine)), _REDACTED: _rounded(report.run_redacted(engine))}
        engine.verify_unchanged()
        document = manifest({report.name: frames[_WHOLE]}, engine, program_version=program_version)
        self.finish(report.name, number, frames, {**document, "started_at": instant_text(started)})

    def finish(self, name: str, number: int, frames: Mapping[str, pd.DataFrame], document: Mapping[str, Any]) -> None:
        """Keeps a run that has begun, with what each of its files holds and what it was made from."""
        folder = self._of(name)
        part = folder / f"{_PART}{number}"
        for file, frame in frames.items():
            frame.to_parquet(part / file, index=False)
        finished = {**document, "finished_at": instant_text(datetime.now(UTC))}
        (part / _MANIFEST).write_text(json.dumps(finished, indent=2) + "\n", "utf-8")
        older = self._numbers(name, _RUN)[::-1][self._kept - 1 :]
        part.rename(folder / f"{_RUN}{number}")
        for each in older:
            self._opened.pop(folder / f"{_RUN}{each}", None)
            _remove(folder / f"{_RUN}{each}")

    def _of(self, name: str) -> Path:
        return self.folder / name

    def _numbers(self, name: str, prefix: str) -> list[int]:
        """The numbers of the folders with this prefix, in order; what else may lie there has none."""
        found = (each for each in self._of(name).glob(f"{prefix}*") if each.is_dir())
        numbers = (each.name.removeprefix(prefix) for each in found)
        return sorted(int(each) for each in numbers if re.fullmatch("[1-9][0-9]*", each))


def _remove(path: Path) -> None:
    """Takes a folder or file away, as far as it can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with fractions as every form of a report has them: to 4 decimals, standard errors to 4 digits."""
    fractions = frame.select_dtypes("Float64").columns
    return frame.assign(
        **{name: frame[name].map(_error if is_error(name) else _fraction, na_action="ignore") for name in fractions}
    )


def _error(value: float) -> float:
    return float(four_digits(value))


def _fraction(value: float) -> float:
    return round(value, 4)
