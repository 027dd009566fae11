"""The text of a cell as the value that the graph keeps (docs/rules.md, section 1): strict, never a guess.

An empty cell is its column's default.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from datetime import datetime

from graph.instants import read_instant
from graph.model import Column, Type

Value = str | bool | int | datetime | None

LONGEST_ID = 1_000
LONGEST_TEXT = 100_000
LARGEST_COUNT = 2**63 - 1

_COUNT = re.compile(r"[0-9]{1,19}")


def values(column: Column, cells: Sequence[str], tiers: Set[str]) -> tuple[list[Value], dict[int, str]]:
    """The value of each cell (None: no value), and for each that has none to give its place and the reason.

    `tiers`: the names that any loaded rule pack defines.
    """
    read = _reader(column, tiers)
    answer: list[Value] = []
    problems: dict[int, str] = {}
    for place, cell in enumerate(cells):
        try:
            answer.append(read(cell) if cell else _empty(column))
        except _Problem as problem:
            answer.append(None)
            problems[place] = str(problem)
    return answer, problems


class _Problem(Exception):
    """Why a cell is refused."""


def _empty(column: Column) -> Value:
    if column.type is Type.ID:
        raise _Problem("empty")
    return column.default


def _reader(column: Column, tiers: Set[str]) -> Callable[[str], Value]:
    match column.type:
        case Type.ID:
            return lambda cell: _text(cell, LONGEST_ID)
        case Type.TEXT:
            return lambda cell: _text(cell, LONGEST_TEXT)
        case Type.CHOICE:
            return lambda cell: _one_of(cell, column.choices)
        case Type.TIER:
            return lambda cell: _one_of(cell, sorted(tiers))
        case Type.FLAG:
            return _flag
        case Type.COUNT:
            return _count
        case Type.INSTANT:
            return _instant


def _text(cell: str, longest: int) -> str:
    if len(cell) > longest:
        raise _Problem(f"longer than {longest:,} characters")
    if "\0" in cell:
        raise _Problem("holds a NUL character")
    return cell


def _one_of(cell: str, choices: Sequence[str]) -> str:
    if cell not in choices:
        raise _Problem(f"not one of {', '.join(choices)}" if choices else "no loaded rule pack defines a tier")
    return cell


def _flag(cell: str) -> bool:
    match cell.lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            raise _Problem("not true or false")


def _count(cell: str) -> int:
    if not _COUNT.fullmatch(cell) or int(cell) > LARGEST_COUNT:
        raise _Problem(f"not a whole number from 0 to {LARGEST_COUNT}")
    return int(cell)


def _instant(cell: str) -> datetime:
    try:
        return read_instant(cell)
    except ValueError as error:
        raise _Problem(str(error)) from error
