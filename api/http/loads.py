"""Loads that were started over HTTP: one after the other, in a thread, of files that go as soon as they were read.

Each has a staging folder of its own, for what was sent and for the rows that are set aside.
All of it is gone when the service ends, and of a service that was killed when the next one starts.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from api.http.problems import OVERLOADED, SCOPE_NEEDED, Problem, defect, problem_of
from api.http.unreadable import unreadable
from api.http.uploads import no_room
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import InvalidInput, LinkreachError
from graph.files.private import make_private_folder, staging, sweep
from graph.instants import instant_text
from graph.loading.loading import LoadReport
from graph.model import REMOVALS, REMOVED_BLOCKS
from graph.sources.chunks import Hints, OwnExports, Source
from linkreach.loading import explained, load, read_files, source_at

AT_HAND = 4
KEPT = 10
_PREFIX = ".load-"
_SENT, _REJECTED = "sent", "rejected.csv"

_log = structlog.get_logger("linkreach.loads")


class _Stopped(Exception):
    """The service ends."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Files that were sent, and what is to be done with them; `explain`: they are only looked at.

    `knows_blocks`: whether whoever sent them may be told that a block is there.
    """

    path: Path
    format: str
    hints: Hints
    explain: bool
    replace: bool
    knows_blocks: bool


@dataclass(slots=True)
class Load:
    """A load: under way, until it has `finished` or `failed`; `rejected` are the rows that were set aside."""

    number: int
    sent: Sent
    folder: Path
    stage: ExitStack = field(repr=False)
    since: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    counting: str = "waiting"
    done: int = 0
    finished: dict[str, Any] | None = None
    failed: dict[str, Any] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended yet."""
        return self.finished is None and self.failed is None

    @property
    def rejected(self) -> Path | None:
        """The file of the rows that were set aside; None where there are none."""
        file = self.folder / _REJECTED
        return file if file.exists() else None

    @property
    def under_way(self) -> dict[str, Any] | None:
        """How far it is; None where it has ended. Of how many rows, nobody knows."""
        if not self.is_under_way:
            return None
        return {"since": instant_text(self.since), "counting": self.counting, "done": self.done, "of": 0}

    def document(self) -> dict[str, Any]:
        """What has become of it."""
        return {
            "id": self.number,
            "explain": self.sent.explain,
            "since": instant_text(self.since),
            "running": self.under_way,
            "finished": self.finished,
            "failed": self.failed,
        }


class LoadRunner:
    """Takes files, loads them, and tells of the last loads; `folder` is the owner's alone."""

    def __init__(self, address: Address, folder: Path) -> None:
        self._address = address
        self._folder = folder
        self._loads: dict[int, Load] = {}
        self._last = 0
        self._at_hand = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop = threading.Event()
        self._worker = ThreadPoolExecutor(1)
        if folder.is_dir():
            sweep(folder, _PREFIX)

    def all(self) -> list[Load]:
        """The last loads, the latest first."""
        return [*reversed(self._loads.values())]

    def numbered(self, number: int) -> Load | None:
        """The load of this number; None where there is no such load, or none any more."""
        return self._loads.get(number)

    async def start(self, receive: Callable[[Path], Awaitable[Sent]]) -> Load:
        """Starts a load once `receive` has put its files into a folder, which is given to it.

        It waits for those that were started before it. Raises Problem, then nothing of what was sent is left.
        """
        if self._at_hand >= AT_HAND:
            raise Problem(OVERLOADED, f"{AT_HAND} loads are at hand already: try again once one has ended")
        self._at_hand += 1
        stage = ExitStack()
        try:
            folder = self._staged(stage)
            sent = await receive(folder / _SENT)
        except BaseException:
            self._at_hand -= 1
            stage.close()
            raise
        self._last += 1
        begun = self._loads[self._last] = Load(self._last, sent, folder, stage)
        task = asyncio.create_task(self._run(begun))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return begun

    async def stop(self) -> None:
        """Ends what is under way at its next rows, and takes away all that was kept.

        A load that was cut short so is one like any other: another one completes the graph.
        """
        self._stop.set()
        await asyncio.gather(*self._tasks)
        self._worker.shutdown()
        for each in self._loads.values():
            each.stage.close()

    def _staged(self, stage: ExitStack) -> Path:
        try:
            make_private_folder(self._folder)
            return stage.enter_context(staging(self._folder, _PREFIX))
        except OSError as error:
            raise no_room(error) from error

    async def _run(self, begun: Load) -> None:
        try:
            begun.finished = await asyncio.get_running_loop().run_in_executor(self._worker, self._make, begun)
        except _Stopped:
            _log.info("load stopped")
        except InvalidInput as error:
            begun.failed = _failed(unreadable(error, begun.folder / _SENT))
        except LinkreachError as error:
            problem = problem_of(error)
            _log.info("load failed", cause=problem.kind.name)
            begun.failed = _failed(problem)
        except Problem as problem:
            begun.failed = _failed(problem)
        except Exception:
            _log.exception("load failed")
            begun.failed = _failed(defect())
        finally:
            self._at_hand -= 1
            for number in [*self._loads][:-KEPT]:
                if not self._loads[number].is_under_way:
                    self._loads.pop(number).stage.close()

    def _make(self, begun: Load) -> dict[str, Any]:
        """Loads the files, or looks at them, and takes them away."""

        def progress(counting: str, done: int, _: int | None) -> None:
            if self._stop.is_set():
                raise _Stopped
            begun.counting, begun.done = counting, done

        sent, rejects = begun.sent, begun.folder / _REJECTED
        try:
            progress("opening the files", 0, None)
            source = source_at(sent.path, format=sent.format, hints=sent.hints)
            if sent.explain:
                return _finished(source, explained(source, rejects=rejects, progress=progress), None)
            if not sent.knows_blocks:
                _refuse_to_remove_blocks(source)
            with Database(self._address) as database:
                loaded = load(database, source, rejects=rejects, replace=sent.replace, progress=progress)
            return _finished(source, loaded.report, loaded.report.version, loaded.kept_packs)
        finally:
            shutil.rmtree(begun.folder / _SENT, ignore_errors=True)
            if (begun.folder / _SENT).exists():
                _log.warning("the files of a load could not be taken away", folder=str(begun.folder / _SENT))


def _refuse_to_remove_blocks(source: Source) -> None:
    """Whether a block is there must not be told by whether it can be removed (docs/rules.md, section 7)."""
    for chunk in source.chunks():
        if chunk.table not in REMOVALS:
            return
        if chunk.table is REMOVED_BLOCKS:
            raise Problem(SCOPE_NEEDED, f"{chunk.file} would tell of blocks: to remove some takes the scope audit, too")


def _finished(
    source: Source, report: LoadReport, version: int | None, kept_packs: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "at": _now(),
        "graph_version": version,
        "files": [asdict(each) for each in read_files(report)],
        "loaded": report.loaded,
        "rejected": report.rejected,
        "kept_packs": list(kept_packs),
        "own_exports": _of_own_exports(source, report) if isinstance(source, OwnExports) else None,
    }


def _of_own_exports(source: OwnExports, report: LoadReport) -> dict[str, Any]:
    return {
        "archives": len(source.owners),
        "people": report.loaded.get("members", 0),
        "has_settings": source.has_settings,
        "missing": sum(report.missing.values()),
    }


def _failed(problem: Problem) -> dict[str, Any]:
    return problem.document() | {"at": _now()}


def _now() -> str:
    return instant_text(datetime.now(UTC).replace(microsecond=0))
