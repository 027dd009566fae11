"""One Neo4j server: runs queries, retries what may pass, and turns the driver's errors into ours.

A `Query` is a statement with its parameters and what to make of its rows; it does no I/O.
`Database` is the thin runner of queries over the synchronous driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import neo4j
from neo4j import exceptions as foreign

from graph import errors
from graph.statements import Statement, statement

T = TypeVar("T")
Row = dict[str, Any]

_RECORDS_AT_ONCE = 1000
_UNKNOWN_ENDS = 5


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """A named statement, its parameters, and `decode`: rows of plain values (datetimes in UTC) to an answer.

    Where fewer rows than `expected_rows` come back, `diagnosis` is asked first: it raises what explains the silence.
    """

    name: str
    decode: Callable[[Sequence[Row]], T]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    expected_rows: int = 0
    diagnosis: Query[None] | None = None

    @property
    def statement(self) -> Statement:
        """The statement of `cypher/`; raises InvalidStatement."""
        return statement(self.name)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens and who asks; `database` None is the server's own default."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str | None = None


class Database:
    """Runs queries on one server; a context manager, one per process.

    Raises DatabaseError and its kinds, each with a line for people.
    """

    def __init__(self, address: Address, *, retry_seconds: float = 30.0) -> None:
        self._retry_seconds = retry_seconds
        self._open(address)

    def _open(self, address: Address) -> None:
        self._address = address
        with _translated(address):
            self._driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=(address.user, address.password),
                connection_timeout=10.0,
                max_transaction_retry_time=self._retry_seconds,
                notifications_min_severity="OFF",
                user_agent="linkreach",
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
        with _translated(self._address):
            self._driver.verify_connectivity()
            self._driver.verify_authentication()

    def read(self, query: Query[T]) -> T:
        """The answer of a query, in a transaction that may not write."""
        with _translated(self._address), self._session(neo4j.READ_ACCESS) as session:
            rows = session.execute_read(self._rows, query)
        if query.diagnosis is not None and len(rows) < query.expected_rows:
            self.read(query.diagnosis)
        return query.decode(rows)

    def stream(self, query: Query[T]) -> Iterator[T]:
        """The answer of a query in pieces, each decoded from some of its rows; nothing is tried again.

        The rows hold the driver's values as they are, which for many rows is a good deal faster.
        """
        with _translated(self._address), self._session(neo4j.READ_ACCESS) as session:
            result = session.run(query.statement.text, dict(query.parameters))
            while records := result.fetch(_RECORDS_AT_ONCE):
                yield query.decode([dict(zip(record.keys(), record.values(), strict=True)) for record in records])

    def write(self, query: Query[T], *, first: Query[None] | None = None) -> T:
        """The answer of a query that may write, in a transaction of its own.

        Whatever is written here may be written twice: it is tried again where the end of the transaction is unknown.
        `first` is run before it in the same transaction; where its `decode` raises, nothing is written.
        """

        def work(transaction: neo4j.ManagedTransaction) -> list[Row]:
            if first is not None:
                first.decode(self._rows(transaction, first))
            return self._rows(transaction, query)

        with _translated(self._address), self._session(neo4j.WRITE_ACCESS) as session:
            for _ in range(_UNKNOWN_ENDS):
                with suppress(foreign.IncompleteCommit):
                    return query.decode(session.execute_write(work))
            return query.decode(session.execute_write(work))

    def explain(self, text: str, parameters: Mapping[str, Any], *, profile: bool = False) -> tuple[list[Row], Any]:
        """Rows and plan of a text, by EXPLAIN or, with `profile`, by running it."""
        prefix = "PROFILE " if profile else "EXPLAIN "
        with _translated(self._address), self._session(neo4j.WRITE_ACCESS) as session:
            result = session.run(prefix + text, dict(parameters))
            rows = result.data()
            summary = result.consume()
            return rows, summary.profile if profile else summary.plan

    def _session(self, access: str) -> neo4j.Session:
        return self._driver.session(database=self._address.database, default_access_mode=access)

    def _rows(self, transaction: neo4j.ManagedTransaction, query: Query[Any]) -> list[Row]:
        with _final_errors_translated(self._address):
            return [_plain(record) for record in transaction.run(query.statement.text, dict(query.parameters))]


def _plain(record: neo4j.Record) -> Row:
    return {key: _to_plain(value) for key, value in zip(record.keys(), record.values(), strict=True)}


def _to_plain(value: Any) -> Any:
    """A value of the driver as Python's own: times as datetimes in UTC, dates as dates, also inside lists and maps."""
    match value:
        case neo4j.time.DateTime():
            return value.to_native().astimezone(UTC)
        case neo4j.time.Date():
            return value.to_native()
        case list():
            return [_to_plain(each) for each in value]
        case dict():
            return {key: _to_plain(each) for key, each in value.items()}
        case _:
            return value


@contextmanager
def _final_errors_translated(address: Address) -> Iterator[None]:
    """Inside a transaction: what the driver would retry in vain leaves as ours, the rest as it is, to be retried."""
    try:
        yield
    except foreign.Neo4jError as error:
        if error.code and "OutOfMemory" in error.code:
            raise _ours(error, address) from error
        raise


@contextmanager
def _translated(address: Address) -> Iterator[None]:
    try:
        yield
    except (foreign.Neo4jError, foreign.DriverError) as error:
        raise _ours(error, address) from error


def _ours(error: foreign.Neo4jError | foreign.DriverError, address: Address) -> errors.DatabaseError:
    uri, user = address.uri, address.user
    match error:
        case foreign.AuthError() | foreign.TokenExpired():
            return errors.AccessDenied(
                f"{uri} refuses the user {user!r}: set LINKREACH_NEO4J_USER and LINKREACH_NEO4J_PASSWORD_FILE"
            )
        case foreign.ClientError(code="Neo.ClientError.Security.AuthenticationRateLimit"):
            return errors.AccessDenied(
                f"{uri} has refused the user {user!r} too often: wait some seconds, then try the right password"
            )
        case foreign.Neo4jError(code=str(code)) if "OutOfMemory" in code:
            return errors.OutOfMemory(
                "the server needs more memory for this than it grants a transaction: "
                "ask for less at a time, or raise dbms.memory.transaction.total.max"
            )
        case foreign.Neo4jError(code=str(code)) if code.endswith((".TransactionLogError", ".TransactionStartFailed")):
            return errors.DatabaseUnavailable(
                f"the Neo4j at {uri} has given up, as when its disk is full: make room there, stop it "
                "(linkreach neo4j stop, where it is the embedded one), start it, and try again"
            )
        case foreign.ServiceUnavailable() | foreign.SessionExpired() | foreign.ConfigurationError():
            return errors.DatabaseUnavailable(
                f"no Neo4j answers at {uri}: is it running, and is LINKREACH_NEO4J_URI right?"
            )
        case foreign.Neo4jError():
            return errors.DatabaseError(f"Neo4j refused: {error.message or error.code}".splitlines()[0])
        case _:
            return errors.DatabaseError(f"the Neo4j driver gave up: {error}".splitlines()[0])
