"""What every source hands on: pieces of tables, as text, by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

import pyarrow as pa

from graph.model import Table

Cells: TypeAlias = list[str] | pa.StringArray


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

    `cells` are the same columns as the source has them, lists or arrays.
    `rejects` are rows that the source itself could not read; they stand in no column.
    """

    table: Table
    file: str
    lines: Sequence[int]
    cells: Mapping[str, Cells]
    rejects: list[Reject]

    @property
    def columns(self) -> dict[str, list[str]]:
        """The cells as lists."""
        return {name: cells if isinstance(cells, list) else cells.to_pylist() for name, cells in self.cells.items()}

    @property
    def arrays(self) -> dict[str, pa.StringArray]:
        """The cells as arrays."""
        return {
            name: pa.array(cells, pa.string()) if isinstance(cells, list) else cells
            for name, cells in self.cells.items()
        }


class Source(Protocol):
    """A network in files of one format."""

    def chunks(self) -> Iterator[Chunk]:
        """All rows; whatever declares an id comes before what refers to it."""


@runtime_checkable
class OwnExports(Source, Protocol):
    """A source that has all connections of some members, its owners.

    `owners` names the owner of each archive.
    `listed` are, by owner, all whom they are connected to; `earlier` those whom only an earlier archive has.
    `drop_missing`: connections that are not listed go.
    """

    owners: Mapping[str, str]
    listed: Mapping[str, Set[str]]
    earlier: Mapping[str, Set[str]]
    drop_missing: bool
