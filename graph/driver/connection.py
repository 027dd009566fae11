"""What the synchronous and the asynchronous runner share: options of the driver, its values, and its errors as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import neo4j
from neo4j import exceptions as foreign

from graph import errors

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens and who asks; `database` None is the server's own default."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str | None = None


def options(address: Address) -> dict[str, Any]:
    """What both drivers are made with."""
    return {
        "auth": (address.user, address.password),
        "connection_timeout": 10.0,
        "notifications_min_severity": "OFF",
        "user_agent": "linkreach",
    }


def row(record: neo4j.Record) -> Row:
    """The record as a row, with the driver's values as they are: of those, only times are no plain values."""
    return dict(zip(record.keys(), record, strict=True))


def native(value: Any) -> Any:
    """A time of the driver as Python's own, a datetime in UTC or a date, also inside lists and maps.

    Those call it who know that a column has some: to look for them in every answer took longer than to decode it.
    """
    match value:
        case neo4j.time.DateTime():
            return value.to_native().astimezone(UTC)
        case neo4j.time.Date():
            return value.to_native()
        case list():
            return [*map(native, value)]
        case dict():
            return {key: native(each) for key, each in value.items()}
        case _:
            return value


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """The driver's errors leave as ours."""
    try:
        yield
    except (foreign.Neo4jError, foreign.DriverError) as error:
        raise _ours(error, address) from error


@contextmanager
def final_errors_translated(address: Address) -> Iterator[None]:
    """Inside a transaction: what the driver would retry in vain leaves as ours, the rest as it is, to be retried."""
    try:
        yield
    except foreign.Neo4jError as error:
        if error.code and "OutOfMemory" in error.code:
            raise _ours(error, address) from error
        raise


def _ours(error: foreign.Neo4jError | foreign.DriverError, address: Address) -> errors.DatabaseError:
    uri, user = address.uri, address.user
    match error:
        case foreign.AuthError() | foreign.TokenExpired():
            return errors.AccessDenied(f"{uri} refuses the user {user!r} with this password")
        case foreign.ClientError(code="Neo.ClientError.Security.AuthenticationRateLimit"):
            return errors.AccessDenied(
                f"{uri} has refused the user {user!r} too often: wait some seconds, then try the right password"
            )
        case foreign.ClientError(message=str(message)) if "no such fulltext schema index" in message:
            return errors.NothingLoaded()
        case foreign.Neo4jError(code=str(code)) if "OutOfMemory" in code:
            return errors.OutOfMemory(
                "the server needs more memory for this than it grants a transaction: "
                "ask for less at a time, or raise dbms.memory.transaction.total.max"
            )
        case foreign.Neo4jError(code=str(code)) if code.endswith((".TransactionLogError", ".TransactionStartFailed")):
            return errors.DatabaseGaveUp(
                f"the Neo4j at {uri} has given up, as when its disk is full: make room there, stop and start it"
            )
        case foreign.Neo4jError(code=str(code)) if "TransactionTimedOut" in code:
            return errors.DeadlinePassed("the answer takes longer than it may: ask for less at a time")
        case foreign.ServiceUnavailable() | foreign.SessionExpired() | foreign.ConfigurationError():
            return errors.DatabaseUnavailable(f"no Neo4j answers at {uri}")
        case foreign.Neo4jError():
            return errors.DatabaseError(f"Neo4j refused: {error.message or error.code}".splitlines()[0])
        case _:
            return errors.DatabaseError(f"the Neo4j driver gave up: {error}".splitlines()[0])
