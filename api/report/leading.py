"""Which rows of a report come first for people: those that have most of what its question asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from linkreach.naming import Names

if TYPE_CHECKING:
    import pandas as pd

    AskNames = Callable[..., Names]

ROWS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Measure:
    """What the rows of a report are led by: it is said in `words`, and computed by `of`, a number a row."""

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
}


def leading(report: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows, those with most of the report's measure first; of a report without one as they are."""
    if report not in MEASURES:
        return frame
    order = MEASURES[report].of(frame).sort_values(ascending=False, kind="stable").index
    return frame.loc[order]


@dataclass(frozen=True, slots=True)
class Called:
    """What the ids in a column of a report are called."""

    names: Names = field(default_factory=Names)

    def __call__(self, column: str, id: str) -> str:
        """By name and id, or by the id alone."""
        name = self.name(column, id)
        return id if name is None else f"{name} ({id})"

    def name(self, column: str, id: str) -> str | None:
        """By name, where there is one."""
        kinds: dict[str, Mapping[str, str]] = {
            "member": self.names.members,
            "group": self.names.groups,
            "page": self.names.companies,
        }
        return kinds.get(column, {}).get(id)


def no_names(**_ids: Iterable[str]) -> Names:
    """Of a snapshot, which has ids alone."""
    return Names()


def called_in(frames: Mapping[str, pd.DataFrame], ask_names: AskNames) -> Called:
    """What all are called who stand in the leading rows of these reports."""
    ids: dict[str, list[str]] = {"member": [], "group": [], "page": []}
    for report, frame in frames.items():
        first = leading(report, frame).head(ROWS_SHOWN)
        for column in ids.keys() & first.columns:
            ids[column] += first[column].to_list()
    return Called(ask_names(members=ids["member"], groups=ids["group"], companies=ids["page"]))
