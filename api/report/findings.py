"""What reports find, in sentences that are made from their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.phrases import counted, listed, percent, reason
from api.report.leading import NAMED, Called, leading

if TYPE_CHECKING:
    import pandas as pd


def findings(frames: Mapping[str, pd.DataFrame], called: Called) -> dict[str, list[str]]:
    """The sentences of each report; the first one is the finding in short."""
    return {report: FINDINGS[report](frame, called) if report in FINDINGS else [] for report, frame in frames.items()}


def _tier_reach(frame: pd.DataFrame, _called: Called) -> list[str]:
    if frame["mean"].isna().any():
        return ["Nobody is there to be reached."]
    base, *higher = frame.to_dict("records")
    first = (
        f"On the tier {base['tier']} a member writes to {_mean(base['mean'])} others directly on average, "
        f"{percent(base['share'])} of all pairs"
    )
    return [f"{first}; {listed([_gain(each) for each in higher])}." if higher else f"{first}."]


def _gain(tier: Mapping[Any, Any]) -> str:
    gain = tier["gain"]
    if round(gain, 4) == 0:
        return f"{tier['tier']} adds nobody"
    change = "adds" if gain > 0 else "takes away"
    return f"{tier['tier']} {change} {_mean(abs(gain))} ({percent(tier['share'])})"


def _member_reach(frame: pd.DataFrame, called: Called) -> list[str]:
    if frame.empty:
        return ["There are no members."]
    free, everybody = int(frame["reach_now_free"].sum()), int(frame["reach_now"].sum())
    nobody = int((frame["reach_now_free"] == 0).sum())
    return [
        (
            f"As they are, {counted(len(frame), 'member')} reach {counted(free, 'recipient')} without paying, "
            f"each counted for each sender, and {everybody - free:,} more by InMail alone."
        ),
        f"{counted(nobody, 'member')} {'reaches' if nobody == 1 else 'reach'} nobody without paying.",
        *_most("Farthest without paying reach", "member_reach", "member", "reach_now_free", "others", frame, called),
    ]


def _segment_matrix(frame: pd.DataFrame, _called: Called) -> list[str]:
    pairs, reachable = int(frame["pairs"].sum()), int(frame["reachable"].sum())
    if not pairs:
        return ["There is no pair of members."]
    found = [f"{reachable:,} of {counted(pairs, 'pair')} of members are reachable, {percent(reachable / pairs)}."]
    if len(frame) > 1:
        cells = frame.sort_values("share", ascending=False, kind="stable").to_dict("records")
        found.append(f"Most are from {_cell(cells[0])}, fewest from {_cell(cells[-1])}.")
    return found


def _cell(cell: Mapping[Any, Any]) -> str:
    segments = (cell[f"{side}_segment"] or "no value" for side in ("sender", "recipient"))
    return f"{' to '.join(segments)} ({percent(cell['share'])})"


def _group_bridges(frame: pd.DataFrame, called: Called) -> list[str]:
    return _bridges("group", "groups", frame, called)


def _page_bridges(frame: pd.DataFrame, called: Called) -> list[str]:
    return _bridges("page", "company pages", frame, called)


def _bridges(column: str, kind: str, frame: pd.DataFrame, called: Called) -> list[str]:
    joining = leading(f"{column}_bridges", frame[frame["pairs_only_here"] > 0])
    if joining.empty:
        return [f"None of {len(frame):,} {kind} joins a pair that nothing else does."]
    first = joining.iloc[0]
    pairs, members = counted(int(first["pairs_only_here"]), "pair"), counted(int(first["members"]), "member")
    others = [f"{called(column, row[column])} ({row['pairs_only_here']:,})" for row in _records(joining, NAMED)[1:]]
    all_pairs = int(joining["pairs_only_here"].sum())
    return [
        f"Of the {kind}, {called(column, first[column])} joins most whom nothing else does: {pairs} of its {members}.",
        *([f"Then {_come(others)} {listed(others)}."] if others else []),
        f"Of all its pairs, {first['pairs_no_degree']:,} have no path of three steps between them.",
        f"{len(joining):,} of {len(frame):,} {kind} join pairs that nothing else does, {all_pairs:,} in all.",
    ]


def _denials(frame: pd.DataFrame, _called: Called) -> list[str]:
    standing = leading("denials", frame[frame["pairs"] > 0]).to_dict("records")
    if not standing:
        return ["No pair is denied: everybody reaches everybody without paying."]
    most, alone = standing[0], max(standing, key=lambda row: row["pairs_alone"])
    found = [
        f"Most is denied by {reason(most['reason'])}: it stands in the way of {counted(int(most['pairs']), 'pair')}."
    ]
    if not alone["pairs_alone"]:
        return [*found, "No reason keeps a pair apart alone."]
    which = "it" if alone["reason"] == most["reason"] else reason(alone["reason"])
    joined = counted(int(alone["pairs_alone"]), "pair")
    return [*found, f"Without {which}, {joined} more would be joined; no other reason keeps more apart alone."]


def _lapse(frame: pd.DataFrame, called: Called) -> list[str]:
    if frame.empty:
        return ["Nobody is on a tier above the lowest."]
    lost = frame["direct_now"] - frame["direct_after"]
    above = f"{counted(len(frame), 'member')} {'is' if len(frame) == 1 else 'are'} on a tier above the lowest"
    if not int(lost.sum()):
        return [f"{above}, and would lose nobody whom they write to directly if it lapsed."]
    first = [
        f"{called('member', row['member'])} (from {_count(row['direct_now'])} to {_count(row['direct_after'])})"
        for row in _records(leading("lapse", frame), NAMED)
    ]
    recipients = counted(int(lost.sum()), "recipient")
    return [
        f"{above}; if it lapsed, {recipients} could no longer be written to directly, each counted for each sender.",
        f"Most would be lost by {listed(first)}.",
    ]


def _gatekeepers(frame: pd.DataFrame, called: Called) -> list[str]:
    joining = frame[frame["pairs_only_they_join"] > 0]
    if joining.empty:
        return ["No pair two steps apart hangs on one member alone."]
    pairs = counted(int(joining["pairs_only_they_join"].sum()), "pair")
    return [
        f"{len(joining):,} of {counted(len(frame), 'member')} alone join others: {pairs} two steps apart hang on one.",
        *_most("Most hang on", "gatekeepers", "member", "pairs_only_they_join", "pairs", frame, called),
    ]


def _quotas(frame: pd.DataFrame, called: Called) -> list[str]:
    losing = frame[frame["lost_to_quota"] > 0]
    if losing.empty:
        return ["Nobody loses a recipient to what is spent this month."]
    lost = counted(int(losing["lost_to_quota"].sum()), "recipient")
    limited = counted(len(frame), "member")
    return [
        f"{len(losing):,} of {limited} with a limit or with InMail lose {lost} to what is spent, each for each sender.",
        *_most("Most are lost by", "quotas", "member", "lost_to_quota", "recipients", frame, called),
    ]


def _certainty(frame: pd.DataFrame, _called: Called) -> list[str]:
    certain, stored, possible = (int(frame[f"reach_{name}"].sum()) for name in ("certain", "now", "possible"))
    if certain == possible:
        return ["All of it is certain: nothing that is not known decides about a pair."]
    return [
        (
            f"By what is stored {counted(stored, 'pair')} are reachable: {certain:,} of them for certain, "
            f"and {possible - stored:,} more are possibly reachable, which is not known."
        )
    ]


def _unknowns(frame: pd.DataFrame, called: Called) -> list[str]:
    if frame.empty:
        return ["There is nothing to find out: no pair rests on what is not known."]
    first = [
        f"`{row['fact']}` of {called('member', row['member'])} ({counted(row['pairs'], 'pair')})"
        for row in _records(frame, NAMED)
    ]
    return [f"Most pairs rest on {listed(first)}."]


FINDINGS: dict[str, Callable[[pd.DataFrame, Called], list[str]]] = {
    "member_reach": _member_reach,
    "tier_reach": _tier_reach,
    "group_bridges": _group_bridges,
    "page_bridges": _page_bridges,
    "segment_matrix": _segment_matrix,
    "denials": _denials,
    "lapse": _lapse,
    "gatekeepers": _gatekeepers,
    "quotas": _quotas,
    "certainty": _certainty,
    "unknowns": _unknowns,
}


def _most(
    begins: str, report: str, column: str, measure: str, unit: str, frame: pd.DataFrame, called: Called
) -> list[str]:
    """The sentence about the rows that lead, where any has something."""
    some = [row for row in _records(leading(report, frame), NAMED) if row[measure] > 0]
    told = [f"{called(column, row[column])} ({_count(row[measure])} {unit})" for row in some]
    return [f"{begins} {listed(told)}."] if told else []


def _records(frame: pd.DataFrame, most: int) -> list[dict[Any, Any]]:
    return frame.head(most).to_dict("records")


def _count(value: float) -> str:
    """A count, or an estimate of one as a whole number."""
    return f"{value:,.0f}"


def _mean(value: float) -> str:
    return f"{value:,.1f}"


def _come(those: Sequence[str]) -> str:
    return "comes" if len(those) == 1 else "come"
