"""The text of a cell as the value that the graph keeps (docs/rules.md, section 1): strict, never a guess.

An empty cell is its column's default.
`values` decides, cell by cell.
`typed` is the same for a whole column: cells of the usual form are read together, the rest are left to `values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from graph.instants import read_instant
from graph.model import Column, Type

Value = str | bool | int | datetime | list[str] | tuple[str, ...] | None

LONGEST_ID = 1_000
LONGEST_TEXT = 100_000
ALL_NAMES = "all"

_COUNT = re.compile(r"[0-9]{1,19}")

_ARROW_TYPES = {
    Type.FLAG: pa.bool_(),
    Type.COUNT: pa.int64(),
    Type.INSTANT: pa.timestamp("us", "UTC"),
    Type.NAMES: pa.list_(pa.string()),
}
_USUAL_COUNT = "^[0-9]{1,18}$"
_USUAL_INSTANT = (
    "^[1-9][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
    r"(?:[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z?)?$"
)


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


def typed(column: Column, cells: pa.StringArray, tiers: Set[str]) -> tuple[pa.Array, dict[int, str]]:
    """What `values` gives for the same cells, as an array: text, flags, 64-bit counts, microseconds in UTC, lists."""
    type = _ARROW_TYPES.get(column.type, pa.string())
    if column.type is Type.NAMES:
        return _sets(column, cells, tiers)
    usual, read = _usual(column, cells, tiers)
    empty = pc.equal(cells, "")
    if column.type is not Type.ID:
        read = pc.if_else(empty, pa.scalar(column.default, type), read)
        usual = pc.or_(usual, empty)
    unusual = pc.invert(usual)
    places = pc.indices_nonzero(unusual).to_pylist()
    if not places:
        return read, {}
    decided, problems = values(column, cells.filter(unusual).to_pylist(), tiers)
    return (
        pc.replace_with_mask(read, unusual, pa.array(decided, type)),
        {places[place]: reason for place, reason in problems.items()},
    )


def _sets(column: Column, cells: pa.StringArray, tiers: Set[str]) -> tuple[pa.Array, dict[int, str]]:
    """Few sets are the ones of many: each text is read once."""
    encoded = cells.dictionary_encode()
    read, reasons = values(column, encoded.dictionary.to_pylist(), tiers)
    sets = pa.array(read, _ARROW_TYPES[Type.NAMES]).take(encoded.indices)
    if not reasons:
        return sets, {}
    places = enumerate(encoded.indices.to_pylist())
    return sets, {place: reasons[index] for place, index in places if index in reasons}


def _usual(column: Column, cells: pa.StringArray, tiers: Set[str]) -> tuple[pa.BooleanArray, pa.Array]:
    """Which cells are surely right, and these as values; the rest, and empty cells, may be anything."""
    match column.type:
        case Type.ID | Type.TEXT:
            short = pc.less_equal(pc.binary_length(cells), LONGEST_ID if column.type is Type.ID else LONGEST_TEXT)
            holds_nul = pc.match_substring(cells, "\0")
            return pc.and_not(pc.and_not(short, holds_nul), pc.equal(cells, "")), cells
        case Type.CHOICE | Type.TIER:
            choices = column.choices if column.type is Type.CHOICE else sorted(tiers)
            return pc.is_in(cells, pa.array(choices, pa.string())), cells
        case Type.FLAG:
            return pc.is_in(cells, pa.array(["true", "false"])), pc.equal(cells, "true")
        case Type.COUNT:
            usual = pc.match_substring_regex(cells, _USUAL_COUNT)
            counts = pc.if_else(usual, cells, "0").cast(pa.int64())
            bounded = pc.and_(pc.greater_equal(counts, column.least), pc.less_equal(counts, column.most))
            return pc.and_(usual, bounded), counts
        case Type.INSTANT:
            usual = pc.match_substring_regex(cells, _USUAL_INSTANT)
            texts = pc.utf8_rtrim(pc.if_else(usual, cells, "1970-01-01"), characters="Z")
            return usual, texts.cast(pa.timestamp("us")).cast(_ARROW_TYPES[Type.INSTANT])
        case Type.NAMES:
            raise AssertionError("sets are read by themselves")


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
            return lambda cell: _count(cell, column.least, column.most)
        case Type.INSTANT:
            return _instant
        case Type.NAMES:
            return lambda cell: _names(cell, column.choices)


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


def _count(cell: str, least: int, most: int) -> int:
    if not _COUNT.fullmatch(cell) or not least <= int(cell) <= most:
        raise _Problem(f"not a whole number from {least} to {most}")
    return int(cell)


def _names(cell: str, choices: Sequence[str]) -> list[str]:
    """The names of a set, sorted; `all` stands for every one."""
    names = cell.split(";")
    for name in names:
        if name not in (*choices, ALL_NAMES):
            raise _Problem(f"{name!r} is not one of {', '.join(choices)}, and not {ALL_NAMES}")
    return sorted(choices if ALL_NAMES in names else {*names})


def _instant(cell: str) -> datetime:
    try:
        return read_instant(cell)
    except ValueError as error:
        raise _Problem(str(error)) from error
