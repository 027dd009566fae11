"""Report files: CSV that is the same byte for byte where graph, pack and instant are, and a manifest beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.report_engine import ReportEngine
from graph.instants import instant_text

# A spreadsheet runs a cell that starts with one of these (OWASP, "CSV Injection").
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


class _Lines(io.StringIO):
    """Rows that end in a line feed, of a writer that ends them in both: then only does it quote carriage returns.

    Unquoted, what follows one is a row of its own to a spreadsheet, and may be run.
    """

    def write(self, row: str) -> int:
        return super().write(row.removesuffix("\r\n") + "\n")


def csv_text(frame: pd.DataFrame, *, raw: bool = False, header: bool = True) -> str:
    """The frame as CSV: fractions with 4 decimals, truth as true and false, an empty cell for no value.

    Texts that a spreadsheet would run are prefixed with `'`, unless `raw`; without `header` it is the rows alone.
    """
    cells = frame.copy()
    for name, column in frame.items():
        if pd.api.types.is_bool_dtype(column):
            cells[name] = column.map({True: "true", False: "false"})
        elif pd.api.types.is_float_dtype(column):
            cells[name] = column.map(lambda value: f"{value:.4f}", na_action="ignore")
        elif pd.api.types.is_string_dtype(column) and not raw:
            runs = column.str.startswith(_RUN_BY_SPREADSHEETS).fillna(False)
            cells[name] = column.where(~runs, "'" + column)
    lines = _Lines(newline="")
    cells.to_csv(lines, index=False, header=header, lineterminator="\r\n")
    return lines.getvalue()


def write_reports(
    folder: Path, frames: Mapping[str, pd.DataFrame], engine: ReportEngine, *, program_version: str, raw: bool = False
) -> list[Path]:
    """Writes NAME.csv for each frame and `manifest.json`, each file whole or not at all; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [_write(folder / f"{name}.csv", csv_text(frame, raw=raw)) for name, frame in frames.items()]
    document = manifest(frames, engine, program_version=program_version)
    return [*paths, _write(folder / "manifest.json", json.dumps(document, indent=2) + "\n")]


def manifest(frames: Mapping[str, pd.DataFrame], engine: ReportEngine, *, program_version: str) -> dict[str, Any]:
    """What the reports were made from, and how many rows each has."""
    return {
        "program_version": program_version,
        "engine": engine.name,
        "graph_version": engine.graph_version,
        "pack": engine.pack.name,
        "pack_hash": engine.pack.hash,
        "at": instant_text(engine.world.at),
        "rows": {name: len(frame) for name, frame in frames.items()},
    }


def _write(path: Path, text: str) -> Path:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="")
    return part.replace(path)
