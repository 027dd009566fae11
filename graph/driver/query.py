"""A named statement with its parameters and what to make of its rows; it does no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from graph.driver.statements import Statement, statement

if TYPE_CHECKING:
    from graph.driver.connection import Row

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """A named statement, its parameters, and `decode`: rows to an answer, with `native` where columns hold times.

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

    def map(self, convert: Callable[[T], U]) -> Query[U]:
        """The same query, its answer converted."""
        decode = self.decode
        return cast("Query[U]", replace(self, decode=cast("Any", lambda rows: convert(decode(rows)))))


class Graph(Protocol):
    """What answers queries: a database, or one transaction of it. Raises DatabaseError and its kinds."""

    def read(self, query: Query[T]) -> T:
        """The answer of a query."""
        ...

    def stream(self, query: Query[T]) -> Iterator[T]:
        """The answer of a query in pieces, each decoded from some of its rows."""
        ...
