"""Runs reports: the engine that computes them, and the files they end in."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from api.output import progress_bar, say

if TYPE_CHECKING:
    import pandas as pd

    from graph.database import Database


def make_reports(
    database: Database,
    names: list[str],
    out: Path,
    *,
    at: datetime,
    pack: str,
    by: str = "tier",
    force: bool = False,
    raw: bool = False,
) -> tuple[dict[str, pd.DataFrame], list[Path]]:
    """Runs the reports on the Cypher engine and writes their files once all are there; frames by name, and paths."""
    from analysis.files import write_reports
    from analysis.reports import REPORTS
    from graph.engine import CypherEngine

    with progress_bar() as progress:

        def advance(statement: str, done: int, total: int) -> None:
            progress(statement.rpartition("/")[2].replace("_", " "), done, total)

        engine = CypherEngine(database, at=at, pack=pack, progress=advance, by=by, force=force)
        frames = {name: REPORTS[name].run(engine) for name in names}
        engine.verify_unchanged()
    files = write_reports(out, frames, engine, program_version=version("linkreach"), raw=raw)
    reports = "1 report" if len(frames) == 1 else f"{len(frames)} reports"
    say(f"{reports} on graph version {engine.graph_version}, pack {pack}")
    return frames, files
