"""Report files: CSV that is the same byte for byte where graph, pack and instant are, and a manifest beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.columns import is_error
from analysis.report_engine import ReportEngine
from graph.errors import InvalidInput
from graph.files.private import create_private, make_private_folder, require_room, staging
from graph.files.regular import require_replaceable
from graph.files.spreadsheets import Lines, guarded
from graph.instants import instant_text
from graph.world import World

MANIFEST = "manifest.json"
_ROWS_AT_ONCE = 100_000
_DECIMALS = {"strength": 6, "introduction_strength": 6}


def csv_text(frame: pd.DataFrame, *, raw: bool = False, header: bool = True) -> str:
    """The frame as CSV: truth as true and false, an empty cell for no value.

    Fractions have 4 decimals, strengths of ways 6; standard errors have 4 significant digits.
    Texts that a spreadsheet would run are prefixed with `'`, unless `raw`; without `header` it is the rows alone.
    """
    cells = frame.copy()
    for name, column in frame.items():
        if pd.api.types.is_bool_dtype(column):
            cells[name] = column.map({True: "true", False: "false"})
        elif pd.api.types.is_float_dtype(column) and is_error(str(name)):
            cells[name] = column.map(four_digits, na_action="ignore")
        elif pd.api.types.is_float_dtype(column):
            cells[name] = column.map(f"{{:.{_DECIMALS.get(str(name), 4)}f}}".format, na_action="ignore")
        elif not (raw or pd.api.types.is_numeric_dtype(column)):
            cells[name] = column.map(lambda value: guarded(value) if isinstance(value, str) else value)
    lines = Lines(newline="")
    cells.to_csv(lines, index=False, header=header, lineterminator="\r\n")
    return lines.getvalue()


def four_digits(value: float) -> str:
    """A standard error as it is written: 4 significant digits, without an exponent."""
    return np.format_float_positional(value, precision=4, unique=False, fractional=False, trim="-")


def require_room_for_reports(folder: Path, names: Iterable[str]) -> None:
    """Returns where these reports can be written into a folder; raises InvalidInput, and leaves nothing behind."""
    try:
        require_room(folder)
        for file in (*(f"{name}.csv" for name in names), MANIFEST):
            require_replaceable(folder / file)
    except OSError as error:
        raise InvalidInput(f"reports cannot be written into {folder}: {error.strerror or error}") from error


def write_reports(
    folder: Path, frames: Mapping[str, pd.DataFrame], engine: ReportEngine, *, program_version: str, raw: bool = False
) -> list[Path]:
    """Writes NAME.csv for each frame and `manifest.json`, each file whole or not at all; returns their paths.

    They are their owner's alone, whatever was there before.
    """
    return write_tables(folder, frames, manifest(frames, engine, program_version=program_version), raw=raw)


def write_tables(
    folder: Path, frames: Mapping[str, pd.DataFrame], document: Mapping[str, Any], *, raw: bool = False
) -> list[Path]:
    """Writes NAME.csv for each frame and the document as `manifest.json`, like `write_reports`."""
    texts: dict[str, Iterable[str]] = {f"{name}.csv": _csv_pieces(frame, raw=raw) for name, frame in frames.items()}
    texts[MANIFEST] = [json.dumps(document, indent=2) + "\n"]
    make_private_folder(folder)
    with staging(folder) as stage:
        for name, pieces in texts.items():
            with create_private(stage / name) as file:
                for piece in pieces:
                    file.write(piece.encode())
        return [(stage / name).replace(folder / name) for name in texts]


def _csv_pieces(frame: pd.DataFrame, *, raw: bool) -> Iterator[str]:
    """The frame as CSV, some rows at a time: the texts of all cells at once take many times the frame's memory."""
    yield csv_text(frame.iloc[:_ROWS_AT_ONCE], raw=raw)
    for start in range(_ROWS_AT_ONCE, len(frame), _ROWS_AT_ONCE):
        yield csv_text(frame.iloc[start : start + _ROWS_AT_ONCE], raw=raw, header=False)


def manifest(frames: Mapping[str, pd.DataFrame], engine: ReportEngine, *, program_version: str) -> dict[str, Any]:
    """What the reports were made from, and how many rows each has."""
    document: dict[str, Any] = {
        "program_version": program_version,
        "engine": engine.name,
        "graph_version": engine.graph_version,
        "pack": engine.pack.name,
        "pack_hash": engine.pack.hash,
        "at": instant_text(engine.world.at),
        "by": engine.by,
        **change_told(engine.world),
        "rows": {name: len(frame) for name, frame in frames.items()},
    }
    strata = engine.strata
    if strata is not None:
        document["sample"] = {
            "size": strata.sample.size,
            "seed": strata.sample.seed,
            "strata": [
                {"tier": each.tier, "members": each.members, "drawn": len(each.drawn)} for each in strata.strata
            ],
        }
    return document


def change_told(world: World) -> dict[str, Any]:
    """What a manifest says of the change that was supposed, where there was one."""
    return {} if world.change is None else {"change": {"name": world.change.name, "sha256": world.change.hash}}
