"""One load at a time, on one machine or on several: the graph itself says who loads (docs/adr/0009)."""

from __future__ import annotations

import os
import platform
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

import psutil

from graph.driver.connection import Row, native
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import DatabaseError, DatabaseUnavailable, LoadRunning
from graph.instants import instant_text
from graph.loading.processes import machine, started

LEASE_SECONDS = 60

_running: set[str] = set()  # the loads of this process, of which a service has many


@dataclass(frozen=True, slots=True)
class Loader:
    """Who loads: the `id` is of this one load, `name` is for people, the rest is one process of one machine.

    `machine` and `started` are as in `graph.loading.processes`; None: written by an earlier linkreach.
    """

    id: str
    name: str
    machine: str | None
    pid: int
    started: str | None
    since: datetime
    until: datetime
    late: bool

    @property
    def dead(self) -> bool:
        """Whether it surely loads no more; of another machine's, whether its time is over."""
        if self.machine != machine():
            return self.late
        return started(self.pid) != self.started or (self.pid == os.getpid() and self.id not in _running)

    def __str__(self) -> str:
        return f"{self.name} (process {self.pid}), since {instant_text(self.since.replace(microsecond=0))}"


@dataclass(frozen=True, slots=True)
class LoadLock:
    """A load that has the graph to itself.

    `version` is the graph's new one; `emptying`: the network that the graph has must go first.
    `held` goes first in each transaction of the load: it raises LoadRunning where another load has taken over.
    """

    version: int
    emptying: bool
    held: Query[None]


def loader() -> Query[Loader | None]:
    """Who loads at the moment, dead or alive."""
    return Query("load/loader", decode=lambda rows: Loader(**native(rows[0])) if rows else None)


@contextmanager
def load_lock(database: Database, *, emptying: bool) -> Iterator[LoadLock]:
    """Begins a load and ends it; where it fails, the state of the graph stays `loading`.

    Raises LoadRunning where another load runs, and at the end where another has taken over meanwhile.
    """
    id = uuid.uuid4().hex
    _running.add(id)
    try:
        yield from _held(database, id, emptying)
    finally:
        _running.discard(id)


def _held(database: Database, id: str, emptying: bool) -> Iterator[LoadLock]:
    lost: list[LoadRunning] = []

    def still_held(rows: Sequence[Row]) -> None:
        if not rows:
            lost.append(
                LoadRunning(
                    "another load has taken over, as this one gave no sign of life: let it end, then load again"
                )
            )
            raise lost[-1]

    version, emptying = _begin(database, id, emptying)
    try:
        yield LoadLock(version, emptying, Query("load/hold", decode=still_held, parameters=_alive(id)))
    except DatabaseUnavailable:  # the next load sees that this process is gone, too
        raise
    except BaseException:
        with suppress(DatabaseError):
            database.write(_end(id, complete=False))
        raise
    if not lost:  # else it has been told
        database.write(_end(id, complete=True, decode=still_held))


def _begin(database: Database, id: str, emptying: bool) -> tuple[int, bool]:
    process = psutil.Process()
    me = {
        "id": id,
        "name": f"{process.username()}@{platform.node()}",
        "machine": machine(),
        "pid": process.pid,
        "started": started(process.pid),
    }
    other = database.read(loader())
    if other is None or other.dead:
        parameters = {"loader": me, "instead_of": other and other.id, "emptying": emptying, "lease": LEASE_SECONDS}
        begun = database.write(Query("load/begin", decode=_begun, parameters=parameters))
        if begun is not None:
            return begun
        other = database.read(loader())  # somebody was faster
    if other is None:
        raise LoadRunning("another load ended just now: try again")
    until = (
        "" if other.machine == me["machine"] else f"; if it is dead, the graph is free at {instant_text(other.until)}"
    )
    raise LoadRunning(f"another load runs, of {other}: wait until it has ended{until}")


def _begun(rows: Sequence[Row]) -> tuple[int, bool] | None:
    return (rows[0]["version"], rows[0]["emptying"]) if rows else None


def _alive(id: str) -> dict[str, object]:
    return {"loader": id, "lease": LEASE_SECONDS}


def _end(id: str, *, complete: bool, decode: Callable[[Sequence[Row]], None] = lambda _: None) -> Query[None]:
    return Query("load/end", decode=decode, parameters={"loader": id, "complete": complete})
