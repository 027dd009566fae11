"""The thin runner of queries over the asynchronous driver: for a server of many questions at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

import neo4j

from graph.driver.connection import Address, Row, options, row, translated
from graph.driver.query import Query
from graph.errors import DatabaseUnavailable, DeadlinePassed

T = TypeVar("T")

_RECORDS_AT_ONCE = 500
_IDLE_SECONDS = 5.0


class AsyncDatabase:
    """Runs queries on one server, each with a deadline in seconds; an async context manager, one per app.

    A query is sent once, and once more only where the connection was one that had died in the pool.
    The deadline holds on a socket that says nothing any more, too; the server gives up at the same time.
    Raises DatabaseError and its kinds, each with a line for people.
    """

    def __init__(self, address: Address, *, deadline: float, connections: int) -> None:
        self._address = address
        self._deadline = deadline
        with translated(address):
            self._driver = neo4j.AsyncGraphDatabase.driver(
                address.uri,
                max_connection_pool_size=connections,
                liveness_check_timeout=_IDLE_SECONDS,
                **options(address),
            )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._driver.close()

    async def read(self, query: Query[T], *, deadline: float | None = None) -> T:
        """The answer of a query, in a transaction that may not write; raises DeadlinePassed."""
        ends = _Deadline(self._deadline if deadline is None else deadline)
        rows = await self._rows(query, ends)
        if query.diagnosis is not None and len(rows) < query.expected_rows:
            query.diagnosis.decode(await self._rows(query.diagnosis, ends))
        return query.decode(rows)

    async def stream(self, query: Query[T], *, deadline: float) -> AsyncGenerator[T]:
        """The answer of a query in pieces, each decoded from some of its rows; the deadline is that of the whole.

        Nothing is read ahead of whoever takes the pieces, and nothing is tried again.
        A query without rows is diagnosed like one that is read.
        """
        ends = _Deadline(deadline)
        pieces = 0
        async with self._session() as session:
            async with self._guarded(ends):
                result = await session.run(_timed(query, ends), dict(query.parameters))
            while True:
                async with self._guarded(ends):
                    records = await result.fetch(_RECORDS_AT_ONCE)
                if not records:
                    break
                pieces += 1
                yield query.decode([row(record) for record in records])
        if not pieces and query.diagnosis is not None:
            query.diagnosis.decode(await self._rows(query.diagnosis, ends))

    async def _rows(self, query: Query[Any], ends: _Deadline) -> list[Row]:
        try:
            return await self._run(query, ends)
        except DatabaseUnavailable:
            return await self._run(query, ends)

    async def _run(self, query: Query[Any], ends: _Deadline) -> list[Row]:
        async with self._guarded(ends), self._session() as session:
            result = await session.run(_timed(query, ends), dict(query.parameters))
            return [row(record) async for record in result]

    @asynccontextmanager
    async def _guarded(self, ends: _Deadline) -> AsyncIterator[None]:
        try:
            with translated(self._address):
                async with asyncio.timeout_at(ends.at):
                    yield
        except TimeoutError as error:
            raise DeadlinePassed(f"no answer within {ends.seconds:g} s: ask for less at a time, or later") from error

    def _session(self) -> neo4j.AsyncSession:
        return self._driver.session(database=self._address.database, default_access_mode=neo4j.READ_ACCESS)


class _Deadline:
    """When an answer has to be there: in so many seconds, on the clock of the event loop."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.at = asyncio.get_running_loop().time() + seconds


def _timed(query: Query[Any], ends: _Deadline) -> neo4j.Query:
    """The server gives up when nobody waits any more."""
    left = ends.at - asyncio.get_running_loop().time()
    return neo4j.Query(query.statement.text, timeout=max(left, 0.001))
