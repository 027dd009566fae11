"""Lists of members that people bring: an id or a name a line, a column of a table, or a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InvalidInput
from graph.regular_files import read_text

_BYTES_AT_MOST = 1 << 28


@dataclass(frozen=True, slots=True)
class MemberList:
    """Ids in their order; `places` says of each where it is named first, where that is a line of a file."""

    ids: tuple[str, ...]
    places: dict[str, str]


def member_list(members: Path | Sequence[str], column: str | None = None, *, may_be_empty: bool = False) -> MemberList:
    """The list of a file, or of ids; raises InvalidInput where it names nobody and may not, and OSError.

    `column`: that of a table with a heading; a file of one column that is not called so is read by the line, as others.
    A file is read once, without a column: what a shell hands over as a file can be read only so often.
    """
    if not isinstance(members, Path):
        return MemberList(tuple(members), {})
    found = None if column is None else _cells(members, column)
    if found is None:
        found = _lines(members)
    if not found and not may_be_empty:
        raise InvalidInput(f"{members} names nobody: write an id a line")
    places: dict[str, str] = {}
    for number, text in found:
        places.setdefault(text, f"{members}, line {number}")
    return MemberList(tuple(text for _, text in found), places)


def _lines(file: Path) -> list[tuple[int, str]]:
    try:
        text = read_text(file, _BYTES_AT_MOST, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is no UTF-8 text: save it as UTF-8, an id a line") from error
    lines = enumerate(text.split("\n"), 1)  # text files know one end of a line; ids may have others
    return [(number, line) for number, line in lines if line]


def _cells(file: Path, column: str) -> list[tuple[int, str]] | None:
    from graph.sources.column import read_column

    cells = read_column(file, column)
    if cells is not None and not any(cell for _, cell in cells):
        raise InvalidInput(f"{file} names nobody in the column {column!r}")
    return cells
