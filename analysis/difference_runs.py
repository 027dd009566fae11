"""What is kept of a difference, in a run of `analysis.runs`: its tables, and some of the pairs that change."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import pandas as pd

from analysis.differences import PAIRS, TABLES, Differences
from graph.rules.redaction import AUDITOR, STRANGER, Reader

KEPT = 10
TABLE_NAMES = tuple(name.removeprefix("diff_") for name in (*TABLES, PAIRS.name))

_READERS = {"whole": AUDITOR, "redacted": STRANGER}
FILES = tuple(f"{name}-{whose}.parquet" for name in TABLE_NAMES for whose in _READERS)


class About(msgspec.Struct):
    """What every manifest has, and that by which it is known for one."""

    before: dict[str, Any]
    after: dict[str, Any]
    totals: dict[str, int]
    finished_at: datetime


def file_of(table: str, reader: Reader) -> str:
    """The file of a table, one of TABLE_NAMES, as this reader reads it."""
    return f"{table}-{'whole' if reader.audits else 'redacted'}.parquet"


def files_of(differences: Differences, examples: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What each file holds; `examples` are some of the pairs that change."""
    files: dict[str, pd.DataFrame] = {}
    for reader in _READERS.values():
        pairs = examples.assign(reasons=examples["reasons"].map(partial(_read_by, reader)))
        frames = [*differences.frames(reader).values(), pairs]
        files |= {file_of(name, reader): frame for name, frame in zip(TABLE_NAMES, frames, strict=True)}
    return files


def _read_by(reader: Reader, reasons: str) -> str:
    return ";".join(reader.codes(reasons.split(";"), sender=""))
