"""What every source hands on: pieces of tables, as text, by column, and what else there is to know of its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

import pyarrow as pa

from graph.model import Table

Cells: TypeAlias = list[str] | pa.StringArray


def texts(cells: Cells) -> list[str]:
    """The cells as a list."""
    return cells if isinstance(cells, list) else cells.to_pylist()


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
        return {name: texts(cells) for name, cells in self.cells.items()}

    @property
    def arrays(self) -> dict[str, pa.StringArray]:
        """The cells as arrays."""
        return {
            name: pa.array(cells, pa.string()) if isinstance(cells, list) else cells
            for name, cells in self.cells.items()
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know of a file: how it is read, or what of it is not, and why."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Hints:
    """What files do not tell of themselves.

    `encoding`: of text without a mark; none is UTF-8.
    `columns`: of an edge list, the number of the column that holds `a`, `b`, `since` or `strength`, counted from 1.
    `owner`, `messages`, `drop_missing`: of own exports, whose a single archive is (an address or an id), whether
    messages are read for the strength of ties, and whether connections go that the last archive no longer lists.
    """

    encoding: str | None = None
    columns: Mapping[str, int] = field(default_factory=dict)
    owner: str | None = None
    messages: bool = False
    drop_missing: bool = False

    @property
    def of_own_exports(self) -> bool:
        """Whether any of them is for own exports alone."""
        return self.owner is not None or self.messages or self.drop_missing


NO_HINTS = Hints()


class Source(Protocol):
    """A network in files of one format."""

    def chunks(self) -> Iterator[Chunk]:
        """All rows; what is to go comes first, and whatever declares an id before what refers to it."""

    def notes(self) -> list[Note]:
        """What there is to know of its files, once all rows were read."""


@runtime_checkable
class OwnExports(Source, Protocol):
    """A source that has all connections of some members, its owners.

    `owners` names the owner of each archive.
    By owner: `listed` are all whom they are connected to, `places` the files that say so, and `earlier` those whom only
    an earlier archive lists.
    `drop_missing`: connections that are not listed go. `has_settings`: files beside say what is known of members.
    """

    owners: Mapping[str, str]
    listed: Mapping[str, Set[str]]
    places: Mapping[str, str]
    earlier: Mapping[str, Set[str]]
    drop_missing: bool
    has_settings: bool
