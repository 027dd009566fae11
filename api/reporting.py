"""Runs reports: the engine that computes them, and the files they end in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from api.output import progress_bar, say

if TYPE_CHECKING:
    import pandas as pd

    from analysis.engine import Engine
    from graph.database import Database

# What is counted, how many members are done, and of how many.
Progress = Callable[[str, int, int], None]


def report_engine(
    database: Database, *, at: datetime, pack: str, by: str = "tier", force: bool = False, progress: Progress
) -> Engine:
    """The engine that computes reports; raises what it refuses: UnknownPack, UnknownTier, TooLarge, GraphChanged."""
    from graph.engine import CypherEngine

    def advance(statement: str, done: int, total: int) -> None:
        progress(statement.rpartition("/")[2].replace("_", " "), done, total)

    return CypherEngine(database, at=at, pack=pack, progress=advance, by=by, force=force)


def make_reports(
    database: Database,
    names: Sequence[str],
    out: Path,
    *,
    at: datetime,
    pack: str,
    by: str = "tier",
    force: bool = False,
    raw: bool = False,
) -> tuple[dict[str, pd.DataFrame], list[Path]]:
    """Runs the reports and writes their files once all are there; frames by name, and paths."""
    from analysis.files import write_reports
    from analysis.reports import REPORTS

    with progress_bar() as progress:
        engine = report_engine(database, at=at, pack=pack, by=by, force=force, progress=progress)
        frames = {name: REPORTS[name].run(engine) for name in names}
        engine.verify_unchanged()
    files = write_reports(out, frames, engine, program_version=version("linkreach"), raw=raw)
    reports = "1 report" if len(frames) == 1 else f"{len(frames)} reports"
    say(f"{reports} on graph version {engine.graph_version}, pack {pack}")
    return frames, files
