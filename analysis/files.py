"""Report files: CSV that is the same byte for byte where graph, pack and instant are, and a manifest beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.report_engine import ReportEngine
from graph.errors import InvalidInput
from graph.instants import instant_text
from graph.private_files import create_private, make_private_folder, require_room, staging
from graph.regular_files import require_replaceable
from graph.spreadsheets import Lines, guarded
from graph.world import World

MANIFEST = "manifest.json"
_DECIMALS = {"strength": 6, "introduction_strength": 6}


def csv_text(frame: pd.DataFrame, *, raw: bool = False, header: bool = True) -> str:
    """The frame as CSV: truth as true and false, an empty cell for no value.

    Fractions have 4 decimals, strengths of ways 6.
    Texts that a spreadsheet would run are prefixed with `'`, unless `raw`; without `header` it is the rows alone.
    """
    cells = frame.copy()
    for name, column in frame.items():
        if pd.api.types.is_bool_dtype(column):
            cells[name] = column.map({True: "true", False: "false"})
        elif pd.api.types.is_float_dtype(column):
            cells[name] = column.map(f"{{:.{_DECIMALS.get(str(name), 4)}f}}".format, na_action="ignore")
        elif not (raw or pd.api.types.is_numeric_dtype(column)):
            cells[name] = column.map(lambda value: guarded(value) if isinstance(value, str) else value)
    lines = Lines(newline="")
    cells.to_csv(lines, index=False, header=header, lineterminator="\r\n")
    return lines.getvalue()


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
    texts = {f"{name}.csv": csv_text(frame, raw=raw) for name, frame in frames.items()}
    texts[MANIFEST] = json.dumps(document, indent=2) + "\n"
    make_private_folder(folder)
    with staging(folder) as stage:
        for name, text in texts.items():
            with create_private(stage / name) as file:
                file.write(text.encode())
        return [(stage / name).replace(folder / name) for name in texts]


def manifest(frames: Mapping[str, pd.DataFrame], engine: ReportEngine, *, program_version: str) -> dict[str, Any]:
    """What the reports were made from, and how many rows each has."""
    return {
        "program_version": program_version,
        "engine": engine.name,
        "graph_version": engine.graph_version,
        "pack": engine.pack.name,
        "pack_hash": engine.pack.hash,
        "at": instant_text(engine.world.at),
        "by": engine.by,
        **change_of(engine.world),
        "rows": {name: len(frame) for name, frame in frames.items()},
    }


def change_of(world: World) -> dict[str, Any]:
    """What a manifest says of the change that was supposed, where there was one."""
    return {} if world.change is None else {"change": {"name": world.change.name, "sha256": world.change.hash}}
