"""Whether the graph answers, looked at all the time, so that no request has to wait to find out that it does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from api.http import metrics
from api.http.problems import GRAPH_AWAY, GRAPH_LOADING, GRAPH_WARMING, Problem
from graph.driver import schema
from graph.driver.async_database import AsyncDatabase
from graph.driver.schema import GraphState
from graph.errors import DatabaseError

_EVERY_SECONDS = 0.5
_WHILE_AWAY_SECONDS = 0.1  # to knock where nobody is costs next to nothing
_PROBE_SECONDS = 4.0  # two were too few for the first statement of a Neo4j that has just started

_log = structlog.get_logger("linkreach.watch")


class Watch:
    """The state of the graph as it was last seen, None while the graph is away.

    Until it is there, and once it is, `warm_up` asks it the first questions, and says whether it could.
    """

    def __init__(self, database: AsyncDatabase, warm_up: Callable[[], Awaitable[bool]]) -> None:
        self._database = database
        self._ask_first = warm_up
        self._is_warm = False
        self._warming: asyncio.Task[None] | None = None
        self._look = asyncio.Event()
        self.state: GraphState | None = None

    def require_graph(self) -> GraphState:
        """The state of a graph that can be asked; raises Problem where it is away or being loaded."""
        if self.state is None:
            raise Problem(GRAPH_AWAY, "Neo4j does not answer at the moment: try again a little later")
        if self.state.loading:
            raise Problem(GRAPH_LOADING, "a load is under way, or was cut short: try again once it has ended")
        return self.state

    def require_warm_graph(self) -> GraphState:
        """The state of a graph whose first answers are quick; raises Problem, like `require_graph` and until then."""
        state = self.require_graph()
        if not self._is_warm:
            raise Problem(GRAPH_WARMING, "the first questions are being asked: a question of yours would be slow yet")
        return state

    def lost(self) -> None:
        """Somebody else has found the graph away."""
        self._away()
        self._look.set()

    def _away(self) -> None:
        self.state = None
        self._is_warm = False

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Looks once, and then in the background."""
        await self._see()
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            for each in (task, self._warming):
                if each is not None:
                    each.cancel()
                    with suppress(asyncio.CancelledError):
                        await each

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), _WHILE_AWAY_SECONDS if self.state is None else _EVERY_SECONDS)
            try:
                await self._see()
            except Exception:  # a watch that ended would never see the graph again
                _log.exception("defect")
                self._away()
                metrics.GRAPH_READY.set(0)
            self._look.clear()

    async def _see(self) -> None:
        was_away = self.state is None
        if was_away:
            self._warm_up()  # beside this look, which plans a statement itself
        try:
            self.state = await self._database.read(schema.state(), deadline=_PROBE_SECONDS)
        except DatabaseError:
            self._away()
        metrics.GRAPH_READY.set(self.state is not None and not self.state.loading)
        if self.state is not None:
            metrics.GRAPH_VERSION.set(self.state.version)
            if was_away:
                self._warm_up()

    def _warm_up(self) -> None:
        if self._warming is None or self._warming.done():
            self._warming = asyncio.create_task(self._warm())

    async def _warm(self) -> None:
        began = time.monotonic()
        if await self._ask_first():
            self._is_warm = True
            _log.info("ready", seconds=round(time.monotonic() - began, 1))
