"""What every source hands on: pieces of tables, as text, by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from graph.model import Table


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that is set aside: where it stands, which column's value is wrong ("": the row itself), and why."""

    file: str
    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table: `columns[name][i]` is the cell of row i, `lines[i]` the first line of that row in `file`.

    `rejects` are rows that the source itself could not read; they stand in no column.
    """

    table: Table
    file: str
    lines: list[int]
    columns: dict[str, list[str]]
    rejects: list[Reject]


class Source(Protocol):
    """A network in files of one format."""

    def chunks(self) -> Iterator[Chunk]:
        """All rows; whatever declares an id comes before what refers to it."""
