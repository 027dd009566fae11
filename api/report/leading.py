"""Which rows of a table come first for people: those that have most of what its question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkreach.naming import AskNames, Names

if TYPE_CHECKING:
    import pandas as pd

ROWS_SHOWN = 200
NAMED = 3  # in a sentence

# Of a member in a difference: whom they gain and lose, and who gains and loses them.
CHANGES = ("gained", "lost", "reached_by_gained", "reached_by_lost")


# Which names the ids in a column have.
_KINDS = {
    "member": "members",
    "sender": "members",
    "recipient": "members",
    "group": "groups",
    "page": "companies",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What the rows of a table are led by: it is said in `words`, and computed by `of`, a number a row."""

    words: str
    of: Callable[[pd.DataFrame], pd.Series[Any]]


def _column(name: str, words: str) -> Measure:
    return Measure(words, lambda frame: frame[name])


MEASURES = {
    "member_reach": _column("reach_now_free", "others reached without paying"),
    "group_bridges": _column("pairs_only_here", "pairs that nothing else joins"),
    "page_bridges": _column("pairs_only_here", "pairs that nothing else joins"),
    "denials": _column("pairs", "pairs"),
    "lapse": Measure("recipients lost", lambda frame: frame["direct_now"] - frame["direct_after"]),
    "gatekeepers": _column("pairs_only_they_join", "pairs that they alone join"),
    "quotas": _column("lost_to_quota", "recipients lost to what is spent"),
    "certainty": Measure("recipients not known", lambda frame: frame["reach_possible"] - frame["reach_certain"]),
    "diff_members": Measure("changes", lambda frame: frame[[*CHANGES]].sum(axis=1)),
    "diff_causes": _column("pairs", "pairs"),
    "diff_segments": Measure("pairs that change", lambda frame: frame["gained"] + frame["lost"]),
}


def leading(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows, those with most of the table's measure first; of a table without one as they are."""
    if table not in MEASURES:
        return frame
    order = MEASURES[table].of(frame).sort_values(ascending=False, kind="stable").index
    return frame.loc[order]


@dataclass(frozen=True, slots=True)
class Called:
    """What the ids in a column of a table are called."""

    names: Names = field(default_factory=Names)

    def __call__(self, column: str, id: str) -> str:
        """By name and id, or by the id alone."""
        name = self.name(column, id)
        return id if name is None else f"{name} ({id})"

    def name(self, column: str, id: str) -> str | None:
        """By name, where there is one."""
        names: Mapping[str, str] = getattr(self.names, _KINDS[column]) if column in _KINDS else {}
        return names.get(id)


def no_names(**_ids: Iterable[str]) -> Names:
    """Of a snapshot, which has ids alone."""
    return Names()


def called_in(frames: Mapping[str, pd.DataFrame], ask_names: AskNames) -> Called:
    """What all are called who stand in the leading rows of these tables."""
    ids: dict[str, list[str]] = {kind: [] for kind in ("members", "groups", "companies")}
    for table, frame in frames.items():
        first = leading(table, frame).head(ROWS_SHOWN)
        for column in _KINDS.keys() & first.columns:
            ids[_KINDS[column]] += first[column].to_list()
    return Called(ask_names(**ids))
