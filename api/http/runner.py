"""Runs that were started over HTTP: one after the other, in a thread, each on a driver of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from filelock import FileLock, Timeout

from analysis.runs import Runs
from api.http.problems import RUN_UNDER_WAY, Problem, defect, problem_of
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import LinkreachError
from graph.instants import instant_text
from linkreach.progress import Progress

_log = structlog.get_logger("linkreach.runs")

Verify = Callable[[Database], object]
Make = Callable[[int, Database, Progress], None]


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


class Runner:
    """Starts runs of what has a name, and tells of those under way and of the last failure.

    `worker` has one thread, which all runners of a service share: each run takes all cores.
    """

    def __init__(self, address: Address, runs: Runs, worker: ThreadPoolExecutor) -> None:
        self._address = address
        self._under_way: dict[str, _UnderWay] = {}
        self._failed: dict[str, dict[str, Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = threading.Event()
        self._worker = worker
        self.runs = runs

    def state(self, name: str) -> dict[str, Any]:
        """What there is of a name: the last finished run, the one under way, and how the last one failed."""
        last, under_way = self.runs.last(name), self._under_way.get(name)
        return {
            "finished": None if last is None else dict(last.manifest),
            "running": None if under_way is None else under_way.document(),
            "failed": self._failed.get(name),
        }

    def run_state(self, name: str, number: int) -> dict[str, Any] | None:
        """What there is of one run, None where there is no such run, or none any more."""
        finished = self.runs.numbered(name, number)
        under_way, failed = self._under_way.get(name), self._failed.get(name)
        state = {
            "running": under_way.document() if under_way is not None and under_way.number == number else None,
            "finished": None if finished is None else dict(finished.manifest),
            "failed": failed if failed is not None and failed["id"] == number else None,
        }
        return {"id": number, **state} if any(state.values()) else None

    def numbers(self, name: str) -> list[int]:
        """The runs of which there is something, the newest first."""
        under_way, failed = self._under_way.get(name), self._failed.get(name)
        others = [*([under_way.number] if under_way else []), *([failed["id"]] if failed else [])]
        return sorted({*self.runs.finished(name), *others}, reverse=True)

    async def begin(self, name: str, verify: Verify, make: Make) -> int:
        """Starts a run, and gives its number once `verify` is sure that it can be made.

        It waits for those that were started before it.
        Raises what `verify` raises, and Problem where one of this name is under way, in any process.
        """
        self.runs.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.runs.folder / f"{name}.lock", timeout=0, thread_local=False, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise Problem(RUN_UNDER_WAY, f"a run of {name} is under way: wait until it has ended") from error
        database = Database(self._address, retry_seconds=0)
        try:
            await asyncio.to_thread(verify, database)
            number = self.runs.begin(name)
        except BaseException:
            self._end(name, database, lock)
            raise
        under_way = self._under_way[name] = _UnderWay(number, datetime.now(UTC).replace(microsecond=0))
        work = partial(make, number, database, partial(self._progress, under_way))
        task = asyncio.create_task(self._run(name, number, work, database, lock))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return number

    async def stop(self) -> None:
        """Ends what is under way at the next block of members, and waits for that; the last finished runs stay."""
        self._stop.set()
        await asyncio.gather(*self._tasks)

    async def _run(self, name: str, number: int, work: Callable[[], None], database: Database, lock: FileLock) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._worker, work)
            self._failed.pop(name, None)
        except _Stopped:
            _log.info("run stopped", of=name)
        except LinkreachError as error:
            problem = problem_of(error)
            _log.info("run failed", of=name, cause=problem.kind.name)
            self._fail(name, number, problem)
        except Exception:
            _log.exception("run failed", of=name)
            self._fail(name, number, defect())
        finally:
            self._end(name, database, lock)

    def _fail(self, name: str, number: int, problem: Problem) -> None:
        ended = instant_text(datetime.now(UTC).replace(microsecond=0))
        self._failed[name] = problem.document() | {"id": number, "at": ended}

    def _progress(self, under_way: _UnderWay, counting: str, done: int, of: int | None) -> None:
        if self._stop.is_set():
            raise _Stopped
        under_way.counting, under_way.done, under_way.of = counting, done, of or 0

    def _end(self, name: str, database: Database, lock: FileLock) -> None:
        with suppress(KeyError):
            del self._under_way[name]
        database.__exit__(None, None, None)
        lock.release()
