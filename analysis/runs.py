"""Finished runs of reports on disk: each whole or not at all, and of each report the last two."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from analysis.files import manifest
from analysis.report_engine import ReportEngine
from analysis.reports import Report
from graph.instants import instant_text
from graph.rules.redaction import Reader

_ROWS_AT_ONCE = 1_000
_WHOLE, _REDACTED = "whole.parquet", "redacted.parquet"


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run in its folder; `manifest` says what it was made from and when it was finished."""

    folder: Path
    manifest: Mapping[str, Any]

    def file(self, reader: Reader) -> Path:
        """The rows as Parquet, as this reader reads them."""
        return self.folder / (_WHOLE if reader.audits else _REDACTED)

    def pieces(self, reader: Reader) -> Iterator[pd.DataFrame]:
        """The rows in order, some at a time; at least one frame, for its columns."""
        with parquet.ParquetFile(self.file(reader)) as file:
            if not file.metadata.num_rows:
                yield file.schema_arrow.empty_table().to_pandas()
            for batch in file.iter_batches(_ROWS_AT_ONCE):
                yield batch.to_pandas()

    def row(self, key: str, value: str) -> dict[str, Any] | None:
        """The row whose column `key` has this value."""
        found = pd.read_parquet(self.folder / _REDACTED, filters=[(key, "==", value)])
        return None if found.empty else {str(name): value for name, value in found.astype(object).iloc[0].items()}


class Runs:
    """The runs of all reports, in a folder that only its owner reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self, name: str) -> Run | None:
        """The last finished run of a report."""
        for folder in sorted(self._of(name).glob("run-*"), reverse=True):
            try:
                return Run(folder, json.loads((folder / "manifest.json").read_text("utf-8")))
            except FileNotFoundError:  # it went to make room for a newer one, which is there
                return self.last(name)
        return None

    def keep(self, report: Report, engine: ReportEngine, *, program_version: str) -> None:
        """Computes a report and keeps it as the last run; a run that fails leaves the one before."""
        folder = self._of(report.name)
        for left in folder.glob("part-*"):
            shutil.rmtree(left)
        part = folder / f"part-{uuid.uuid4().hex}"
        part.mkdir(parents=True, mode=0o700)
        whole = _rounded(report.run(engine))
        whole.to_parquet(part / _WHOLE, index=False)
        _rounded(report.run_redacted(engine)).to_parquet(part / _REDACTED, index=False)
        engine.verify_unchanged()
        finished = datetime.now(UTC)
        document = manifest({report.name: whole}, engine, program_version=program_version)
        document["finished_at"] = instant_text(finished)
        (part / "manifest.json").write_text(json.dumps(document, indent=2) + "\n", "utf-8")
        older = sorted(folder.glob("run-*"))[:-1]  # the last one may be read at the moment
        part.rename(folder / f"run-{finished:%Y%m%dT%H%M%S.%f}")
        for each in older:
            shutil.rmtree(each)

    def _of(self, name: str) -> Path:
        return self._folder / name


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with fractions as every form of a report has them: to 4 decimals."""
    fractions = frame.select_dtypes("Float64").columns
    return frame.assign(**{name: frame[name].map(lambda x: round(x, 4), na_action="ignore") for name in fractions})
