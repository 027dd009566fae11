"""The thin runner of queries over the synchronous driver: one Neo4j server, and retries of what may pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import neo4j
from neo4j import exceptions as foreign

from graph.driver.connection import Address, Row, final_errors_translated, options, row, translated
from graph.driver.query import Query

T = TypeVar("T")

_RECORDS_AT_ONCE = 1000
_UNKNOWN_ENDS = 5


class Database:
    """Runs queries on one server; a context manager, one per process.

    Raises DatabaseError and its kinds, each with a line for people.
    """

    def __init__(self, address: Address, *, retry_seconds: float = 30.0) -> None:
        self._retry_seconds = retry_seconds
        self._open(address)

    def _open(self, address: Address) -> None:
        self._address = address
        with translated(address):
            self._driver = neo4j.GraphDatabase.driver(
                address.uri, max_transaction_retry_time=self._retry_seconds, **options(address)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._driver.close()

    def move_to(self, address: Address) -> None:
        """Goes on at another address: the server was started again."""
        self._driver.close()
        self._open(address)

    def verify(self) -> None:
        """Returns when the server answers to this user; raises DatabaseUnavailable or AccessDenied."""
        with translated(self._address):
            self._driver.verify_connectivity()
            self._driver.verify_authentication()

    def read(self, query: Query[T]) -> T:
        """The answer of a query, in a transaction that may not write."""
        with translated(self._address), self._session(neo4j.READ_ACCESS) as session:
            rows = _ended(lambda: session.execute_read(self._rows, query))
        if query.diagnosis is not None and len(rows) < query.expected_rows:
            self.read(query.diagnosis)
        return query.decode(rows)

    def stream(self, query: Query[T]) -> Iterator[T]:
        """The answer of a query in pieces, each decoded from some of its rows; nothing is tried again."""
        with translated(self._address), self._session(neo4j.READ_ACCESS) as session:
            result = session.run(query.statement.text, dict(query.parameters))
            while records := result.fetch(_RECORDS_AT_ONCE):
                yield query.decode([row(record) for record in records])

    def write(self, query: Query[T], *, first: Query[None] | None = None) -> T:
        """The answer of a query that may write, in a transaction of its own.

        Whatever is written here may be written twice: it is tried again where the end of the transaction is unknown.
        `first` is run before it in the same transaction; where its `decode` raises, nothing is written.
        """

        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            if first is not None:
                first.decode(self._rows(transaction, first))
            return self._rows(transaction, query)

        with translated(self._address), self._session(neo4j.WRITE_ACCESS) as session:
            return query.decode(_ended(lambda: session.execute_write(work)))

    @contextmanager
    def trial(self, *, seconds: float) -> Iterator[Trial]:
        """A transaction that may write, and is rolled back whatever happens; Neo4j ends it after so many seconds.

        Nothing in it is tried again. Raises DeadlinePassed where it took longer.
        """
        with (
            translated(self._address),
            self._session(neo4j.WRITE_ACCESS) as session,
            session.begin_transaction(timeout=seconds) as transaction,
        ):
            try:
                yield Trial(transaction)
            finally:
                transaction.close()  # which rolls it back

    def explain(self, text: str, parameters: Mapping[str, Any], *, profile: bool = False) -> tuple[list[Row], Any]:
        """Rows and plan of a text, by EXPLAIN or, with `profile`, by running it."""
        prefix = "PROFILE " if profile else "EXPLAIN "
        with translated(self._address), self._session(neo4j.WRITE_ACCESS) as session:
            result = session.run(prefix + text, dict(parameters))
            rows = result.data()
            summary = result.consume()
            return rows, summary.profile if profile else summary.plan

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._address.database, default_access_mode=access)

    def _rows(self, transaction: neo4j.ManagedTransaction, query: Query[Any]) -> list[Row]:
        with final_errors_translated(self._address):
            return [row(record) for record in transaction.run(query.statement.text, dict(query.parameters))]


class Trial:
    """Runs queries in one transaction that is never committed: a `Graph` of what would be."""

    def __init__(self, transaction: neo4j.Transaction) -> None:
        self._transaction = transaction

    def read(self, query: Query[T]) -> T:
        """The answer of a query, as things stand in the transaction."""
        rows = self._rows(query)
        if query.diagnosis is not None and len(rows) < query.expected_rows:
            self.read(query.diagnosis)
        return query.decode(rows)

    def stream(self, query: Query[T]) -> Iterator[T]:
        """The answer of a query in pieces, each decoded from some of its rows."""
        result = self._transaction.run(query.statement.text, dict(query.parameters))
        while records := result.fetch(_RECORDS_AT_ONCE):
            yield query.decode([row(record) for record in records])

    def write(self, query: Query[T]) -> T:
        """The answer of a query that writes, for the others in this transaction to see."""
        return query.decode(self._rows(query))

    def _rows(self, query: Query[Any]) -> list[Row]:
        return [row(record) for record in self._transaction.run(query.statement.text, dict(query.parameters))]


def _ended(transaction: Callable[[], T]) -> T:
    """What the transaction answers; it is tried again where the connection broke while it ended, a reading one too."""
    for _ in range(_UNKNOWN_ENDS):
        with suppress(foreign.IncompleteCommit):
            return transaction()
    return transaction()
