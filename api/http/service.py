"""What one app has: the settings of its service, and all that lives as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from analysis.runs import Run
from api.http.difference_runs import DifferenceRunner
from api.http.loads import LoadRunner
from api.http.plan_runs import PlanRunner
from api.http.problems import GRAPH_AWAY, GRAPH_LOADING, OVERLOADED, WITHOUT_CAUSE, Problem
from api.http.report_runs import ReportRunner
from api.http.watch import Watch
from api.keys import KeyFile
from graph.driver import schema
from graph.driver.async_database import AsyncDatabase
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.driver.query import Graph, Query
from graph.driver.schema import GraphState
from graph.errors import DatabaseUnavailable, GraphChanged
from graph.loading import load_lock
from graph.world import World
from linkreach.asking import asking

T = TypeVar("T")

_SHORTEST_TRIAL = 0.1  # seconds; Neo4j takes 0 for no limit


@dataclass(frozen=True, slots=True)
class Options:
    """How a service is set up; `keys` None: bound to loopback, so that whoever asks has every scope.

    `deadline` bounds an answer, and `stream_deadline` one that is streamed, in seconds;
    `at_once` questions run in the graph at the same time; a load takes `upload_files` with `upload_bytes` in all.
    """

    address: Address
    home: Path
    pack: str = "article"
    keys: KeyFile | None = None
    deadline: float = 10.0
    stream_deadline: float = 120.0
    at_once: int = 8
    upload_bytes: int = 1 << 30
    upload_files: int = 2_000


@dataclass(slots=True)
class Service:
    """The running service; `trials` is for what is supposed, and rolled back."""

    options: Options
    database: AsyncDatabase
    trials: Database
    watch: Watch
    report_runs: ReportRunner
    diff_runs: DifferenceRunner
    loads: LoadRunner
    plan_runs: PlanRunner
    places: asyncio.Semaphore = field(init=False)
    streams: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self.places = asyncio.Semaphore(self.options.at_once)
        self.streams = asyncio.Semaphore(max(1, self.options.at_once // 2))

    @property
    def default_pack(self) -> str:
        """The rule pack of questions that name none."""
        return self.options.pack

    def is_stale(self, run: Run | None) -> bool | None:
        """Whether a run is of another graph than that of now; None where there is no run, or the graph is away."""
        if run is None or self.watch.state is None:
            return None
        made_from = run.manifest.get("after", run.manifest)
        return bool(made_from["graph_version"] != self.watch.state.version)

    async def read(self, query: Query[T]) -> T:
        """The answer of a query; raises Problem at once where the graph is away, DatabaseError, and InvalidInput."""
        self.watch.require_graph()
        clock = asyncio.get_running_loop().time
        ends = clock() + self.options.deadline
        async with self._place(ends):
            self.watch.require_graph()  # it may have gone while this waited
            try:
                return await self.database.read(query, deadline=ends - clock())
            except DatabaseUnavailable:
                self.watch.lost()
                raise

    async def require_no_load(self) -> None:
        """Returns where a load may begin: one that was cut short is no reason why not.

        Raises Problem where the graph is away, or is being loaded by anybody.
        """
        if self.watch.state is None:
            raise Problem(GRAPH_AWAY, WITHOUT_CAUSE[GRAPH_AWAY])
        if self.watch.state.loading:
            loader = await self.database.read(load_lock.loader(), deadline=self.options.deadline)
            if loader is not None and not loader.dead:
                raise Problem(GRAPH_LOADING, "another load has the graph to itself: try again once it has ended")

    async def ask(self, query: Query[T], world: World) -> T:
        """The answer of a query about the graph of a world; raises like `read`."""
        if world.change is None:
            return await self.read(query)
        return await self.suppose(world, lambda graph: graph.read(query))

    def asking(self, question: Callable[..., Query[T]], world: World) -> Callable[..., Awaitable[T]]:
        """The question, asked in one step: it takes its members, and answers as `ask` does."""

        async def ask(*members: str) -> T:
            return await self.ask(question(*members), world)

        return ask

    async def suppose(self, world: World, work: Callable[[Graph], T]) -> T:
        """What `work` makes of the graph as it would be after the change of a world; raises like `read`.

        It runs in a thread of its own, which Neo4j ends in time also where nobody waits any more.
        """
        self.watch.require_graph()
        clock = asyncio.get_running_loop().time
        ends = clock() + self.options.deadline

        def supposed() -> T:
            with asking(self.trials, world, seconds=max(ends - clock(), _SHORTEST_TRIAL)) as graph:
                return work(graph)

        async with self._place(ends):
            try:
                return await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, supposed))
            except DatabaseUnavailable:
                self.watch.lost()
                raise

    async def version_of(self, read: int | None) -> int:
        """The version of the graph that an answer was read from, None where it has no row that says so."""
        return (await self.read(schema.state())).version if read is None else read

    async def stream(self, query: Query[T], version: int) -> AsyncGenerator[T]:
        """The answer of a query in pieces; raises like `read`, and GraphChanged where the graph is of another version.

        Streams have half of the places, so that some are left for short answers.
        """
        self.watch.require_graph()
        if self.streams.locked():
            raise Problem(OVERLOADED, "as many streams are under way as there may be: try again a little later")
        ends = asyncio.get_running_loop().time() + self.options.deadline
        pieces = self.database.stream(query, deadline=self.options.stream_deadline)
        async with self.streams, self._place(ends), aclosing(pieces):
            async for piece in pieces:
                yield piece
        if await self.database.read(schema.state()) != GraphState(version):
            raise GraphChanged("the graph was loaded while it was read: ask again")

    @asynccontextmanager
    async def _place(self, ends: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(ends):
                await self.places.acquire()
        except TimeoutError as error:
            raise Problem(OVERLOADED, "its turn did not come in time: try again a little later") from error
        try:
            yield
        finally:
            self.places.release()


async def service_of(request: Request) -> Service:
    """The service that answers this request."""
    service: Service = request.app.state.service
    return service


TheService = Annotated[Service, Depends(service_of)]
