"""A report's columns, and frames that have exactly those, in that order, also when they are empty.

In a report from a sample, each estimated column is followed by a twin with its standard error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

_ERROR = "_se"


class Unit(StrEnum):
    """What a column holds; it decides the type of the column and how its cells are written."""

    ID = "id"
    TEXT = "text"
    MEMBERS = "members"
    PAIRS = "pairs"
    CREDITS = "credits"
    COUNT = "count"
    COST = "cost"
    PERCENTILE = "members, or none of nobody"
    LEFT = "messages, or none without a limit"
    MEAN = "members, mean"
    SHARE = "share of 1"
    ESTIMATE = "estimated"
    ERROR = "standard error"

    @property
    def dtype(self) -> str:
        """The pandas type of such a column."""
        match self:
            case Unit.ID | Unit.TEXT:
                return "str"
            case Unit.MEMBERS | Unit.PAIRS | Unit.CREDITS | Unit.COUNT | Unit.PERCENTILE | Unit.LEFT:
                return "Int64"
            case Unit.COST | Unit.MEAN | Unit.SHARE | Unit.ESTIMATE | Unit.ERROR:
                return "Float64"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, or with `per` one for each tier (by rank) or channel (in the order of the rules) of the pack.

    The name of the latter holds the place of the tier's or channel's name: `direct_as_{tier}`.
    `estimated`: a sample of recipients gives an estimate of it.
    """

    name: str
    unit: Unit
    meaning: str
    per: str | None = None
    estimated: bool = False

    def __post_init__(self) -> None:
        if self.per not in (None, "tier", "channel"):
            raise ValueError(f"{self.name}: a column is per tier or per channel")
        if (self.per is None) == ("{" in self.name):
            raise ValueError(f"{self.name}: a column that is per something names its place, and only such a one")


def expanded(columns: Sequence[Column], *, tiers: Sequence[str], channels: Sequence[str]) -> list[Column]:
    """The columns of one pack: each that is `per` something once for each of these."""
    values = {"tier": tiers, "channel": channels}
    return [
        one
        for column in columns
        for one in (
            [column]
            if column.per is None
            else [
                replace(column, name=column.name.format(**{column.per: value}), per=None)
                for value in values[column.per]
            ]
        )
    ]


def with_errors(columns: Sequence[Column], *, exact: bool) -> list[Column]:
    """The columns of a report from a sample; `exact`: everybody is drawn, so that every count is one."""
    return [
        one
        for column in columns
        for one in (
            [
                column if exact or column.unit.dtype == "Float64" else replace(column, unit=Unit.ESTIMATE),
                Column(error_of(column.name), Unit.ERROR, f"the standard error of {column.name}"),
            ]
            if column.estimated
            else [column]
        )
    ]


def error_of(name: str) -> str:
    """The name of the twin of an estimated column."""
    return name + _ERROR


def is_error(name: str) -> bool:
    """Whether a column is such a twin."""
    return name.endswith(_ERROR)


def framed(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The frame with exactly these columns, typed; a count that is not there is 0."""
    counts = {column.name: 0 for column in columns if column.unit in (Unit.MEMBERS, Unit.PAIRS, Unit.CREDITS)}
    return (
        frame.reindex(columns=[column.name for column in columns])
        .fillna(counts)
        .astype({column.name: column.unit.dtype for column in columns})
        .reset_index(drop=True)
    )
