"""Report runs that were started over HTTP: one after the other, in a thread, each on a driver of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog
from filelock import FileLock, Timeout

from analysis.estimates import Sample
from analysis.reports import Report
from analysis.runs import Runs
from api.http.problems import RUN_UNDER_WAY, Problem, defect, problem_of
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import LinkreachError
from graph.instants import instant_text
from graph.questions.cypher_engine import verify_question
from graph.world import World
from linkreach.progress import Progress
from linkreach.reporting import EngineChoice, report_engine

_log = structlog.get_logger("linkreach.reports")


class _Stopped(Exception):
    """The service ends."""


@dataclass(slots=True)
class _UnderWay:
    number: int
    since: datetime
    counting: str = "waiting"
    done: int = 0
    of: int = 0

    def document(self) -> dict[str, Any]:
        return {
            "since": instant_text(self.since),
            "counting": self.counting,
            "done": self.done,
            "of": self.of,
        }


class ReportRunner:
    """Starts runs, and tells of those under way and of the last failure; `folder` is the owner's alone."""

    def __init__(self, address: Address, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self._under_way: dict[str, _UnderWay] = {}
        self._failed: dict[str, dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = threading.Event()
        self._worker = ThreadPoolExecutor(1)  # each run takes all cores
        self.runs = Runs(folder)

    def state(self, name: str) -> dict[str, Any]:
        """What there is of a report: the last finished run, the one under way, and how the last one failed."""
        last, under_way = self.runs.last(name), self._under_way.get(name)
        return {
            "finished": None if last is None else dict(last.manifest),
            "running": None if under_way is None else under_way.document(),
            "failed": self._failed.get(name),
        }

    def run_state(self, name: str, number: int) -> dict[str, Any] | None:
        """What there is of one run of a report, None where there is no such run, or none any more."""
        finished = self.runs.numbered(name, number)
        under_way, failed = self._under_way.get(name), self._failed.get(name)
        state = {
            "running": under_way.document() if under_way is not None and under_way.number == number else None,
            "finished": None if finished is None else dict(finished.manifest),
            "failed": failed if failed is not None and failed["id"] == number else None,
        }
        return {"report": name, "id": number, **state} if any(state.values()) else None

    async def start(self, report: Report, world: World, *, by: str, sample: Sample | None = None) -> int:
        """Starts a run of a report, and gives its number once it is sure that it can be made.

        It waits for those that were started before it.
        Raises UnknownPack, UndefinedTiers and UnknownColumn, and Problem where one is under way, in any process.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self._folder / f"{report.name}.lock", timeout=0, thread_local=False, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise Problem(RUN_UNDER_WAY, f"a run of {report.name} is under way: wait until it has ended") from error
        database = Database(self._address, retry_seconds=0)
        try:
            await asyncio.to_thread(verify_question, database, world, by=by)
            number = self.runs.begin(report.name)
        except BaseException:
            self._end(report.name, database, lock)
            raise
        under_way = self._under_way[report.name] = _UnderWay(number, datetime.now(UTC).replace(microsecond=0))
        work = partial(
            self._make,
            report,
            number,
            database,
            partial(self._progress, under_way),
            world,
            by,
            EngineChoice(sample=sample),
        )
        task = asyncio.create_task(self._run(report, number, work, database, lock))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return number

    async def stop(self) -> None:
        """Ends what is under way at the next block of members, and waits for that; the last finished runs stay."""
        self._stop.set()
        await asyncio.gather(*self._tasks)
        self._worker.shutdown()

    def _make(
        self,
        report: Report,
        number: int,
        database: Database,
        progress: Progress,
        world: World,
        by: str,
        choice: EngineChoice,
    ) -> None:
        started = datetime.now(UTC)
        progress("reading the graph", 0, 0)
        with report_engine(database, world, by=by, choice=choice, frames=report.frames, progress=progress) as engine:
            self.runs.keep(report, number, engine, started=started, program_version=version("linkreach"))

    async def _run(
        self, report: Report, number: int, work: Callable[[], None], database: Database, lock: FileLock
    ) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._worker, work)
            self._failed.pop(report.name, None)
        except _Stopped:
            _log.info("report stopped", report=report.name)
        except Exception as error:
            _log.exception("report failed", report=report.name)
            problem = problem_of(error) if isinstance(error, LinkreachError) else defect()
            self._failed[report.name] = problem.document() | {
                "id": number,
                "at": instant_text(datetime.now(UTC).replace(microsecond=0)),
            }
        finally:
            self._end(report.name, database, lock)

    def _progress(self, under_way: _UnderWay, counting: str, done: int, of: int | None) -> None:
        if self._stop.is_set():
            raise _Stopped
        under_way.counting, under_way.done, under_way.of = counting, done, of or 0

    def _end(self, name: str, database: Database, lock: FileLock) -> None:
        with suppress(KeyError):
            del self._under_way[name]
        database.__exit__(None, None, None)
        lock.release()
