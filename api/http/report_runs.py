"""Runs of reports that were started over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis.estimates import Sample
from analysis.reports import Report
from analysis.runs import Runs
from api.http.runner import Runner
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.questions.cypher_engine import verify_question
from graph.world import World
from linkreach.progress import Progress
from linkreach.reporting import EngineChoice, report_engine


class ReportRunner(Runner):
    """Starts runs of reports, each by its name; `folder` is the owner's alone."""

    def __init__(self, address: Address, folder: Path, worker: ThreadPoolExecutor) -> None:
        super().__init__(address, Runs(folder), worker)

    def run_state(self, name: str, number: int) -> dict[str, Any] | None:
        """What there is of one run of a report, None where there is no such run, or none any more."""
        state = super().run_state(name, number)
        return None if state is None else {"report": name, **state}

    async def start(self, report: Report, world: World, *, by: str, sample: Sample | None = None) -> int:
        """Starts a run of a report, and gives its number once it is sure that it can be made.

        Raises UnknownPack, UndefinedTiers and UnknownColumn, and Problem where one is under way, in any process.
        """

        def verify(database: Database) -> None:
            verify_question(database, world, by=by)

        choice = EngineChoice(sample=sample)

        def make(number: int, database: Database, progress: Progress) -> None:
            started = datetime.now(UTC)
            progress("reading the graph", 0, 0)
            with report_engine(
                database, world, by=by, choice=choice, frames=report.frames, progress=progress
            ) as engine:
                self.runs.keep(report, number, engine, started=started, program_version=version("linkreach"))

        return await self.begin(report.name, verify, make)
