"""What reports find in sentences, and what is drawn of them: of frames in which the finding is plain to see."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.reports import REPORTS
from api.report.findings import FINDINGS, findings
from api.report.leading import Called, leading
from api.report.plots import HEAT_AT_MOST, Heat, Plot, Series, Shade, heat, plot
from linkreach.naming import Names

NAMES = Called(Names(members={"m1": "Ada", "m2": "Bea"}, groups={"g1": "Chess"}, companies={"c1": "Acme"}))


def found(report: str, *rows: dict[str, Any]) -> list[str]:
    return findings({report: framed(report, *rows)}, NAMES)[report]


def framed(report: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """Rows with the types that the report has; what is left out is 0 or empty."""
    columns = [column for column in REPORTS[report].columns if column.per is None]
    frame = pd.DataFrame([*rows], columns=[column.name for column in columns])
    counts = {column.name: 0 for column in columns if column.unit.dtype == "Int64"}
    return frame.fillna(counts).astype({column.name: column.unit.dtype for column in columns})


def test_every_report_has_its_sentences() -> None:
    assert set(REPORTS) == set(FINDINGS)


@pytest.mark.parametrize("report", REPORTS)
def test_a_report_without_rows_is_told_and_not_drawn(report: str) -> None:
    if report == "tier_reach":
        assert ["Nobody is there to be reached."] == found(report, {"tier": "free"})
        assert plot(report, framed(report, {"tier": "free"}), NAMES) is None
    else:
        assert 1 == len(found(report))
        drawn = plot(report, framed(report), NAMES)
        assert drawn is None or not any(sum(series.values) for series in drawn.series)


def test_each_tier_is_told_by_what_it_adds() -> None:
    told = found(
        "tier_reach",
        {"tier": "free", "mean": 2.5, "share": 0.1},
        {"tier": "career", "mean": 5.0, "share": 0.2, "gain": 2.5},
        {"tier": "business", "mean": 5.0, "share": 0.2, "gain": 0.0},
    )
    assert [
        (
            "On the tier free a member writes to 2.5 others directly on average, 10.0 % of all pairs; "
            "career adds 2.5 (20.0 %) and business adds nobody."
        )
    ] == told


def test_the_bridge_that_joins_most_comes_first_and_by_name() -> None:
    told = found(
        "group_bridges",
        {"group": "g0"},
        {"group": "g2", "members": 3, "pairs": 3, "pairs_only_here": 1},
        {"group": "g1", "members": 4, "pairs": 6, "pairs_only_here": 5, "pairs_no_degree": 2},
    )
    assert [
        "Of the groups, Chess (g1) joins most whom nothing else does: 5 pairs of its 4 members.",
        "Then comes g2 (1).",
        "Of all its pairs, 2 have no path of three steps between them.",
        "2 of 3 groups join pairs that nothing else does, 6 in all.",
    ] == told
    assert ["None of 1 company pages joins a pair that nothing else does."] == found("page_bridges", {"page": "c1"})


def test_what_denies_most_and_what_denies_alone_are_told_apart() -> None:
    most = {"reason": "NO_SHARED_GROUP", "pairs": 9, "pairs_alone": 2}
    alone = {"reason": "TIER_TOO_LOW", "pairs": 7, "pairs_alone": 4}
    first, second = found("denials", {"reason": "NOT_IN_TIER"}, most, alone)
    assert "NO_SHARED_GROUP (no group with messaging has them both): it stands in the way of 9 pairs" in first
    assert second.startswith("Without TIER_TOO_LOW")
    assert "4 pairs more would be joined" in second
    assert found("denials", most)[1].startswith("Without it, ")


def test_what_is_not_known_is_counted_apart() -> None:
    row = {"member": "m1", "reach_certain": 3, "reach_now": 5, "reach_possible": 9}
    expected = (
        "By what is stored 5 pairs are reachable: 3 of them for certain, and 4 more are possibly reachable, "
        "which is not known."
    )
    assert [expected] == found("certainty", row)
    assert "All of it is certain" in found("certainty", {**row, "reach_certain": 9})[0]
    assert ["Most pairs rest on `connections` of Ada (m1) (2 pairs)."] == found(
        "unknowns", {"member": "m1", "fact": "connections", "pairs": 2}
    )


def test_rows_lead_by_what_the_report_asks_for_and_equal_ones_stay_as_they_are() -> None:
    rows = [{"member": member, "pairs_only_they_join": count} for member, count in (("a", 1), ("b", 3), ("c", 3))]
    assert ["b", "c", "a"] == leading("gatekeepers", framed("gatekeepers", *rows))["member"].to_list()
    tiers = framed("tier_reach", {"tier": "free"}, {"tier": "career", "mean": 2.0})
    assert ["free", "career"] == leading("tier_reach", tiers)["tier"].to_list()


def test_bars_are_those_of_the_rows_that_lead() -> None:
    frame = framed(
        "lapse",
        {"member": "m2", "direct_now": 5, "direct_after": 4},
        {"member": "m1", "direct_now": 9, "direct_after": 1},
        {"member": "m0"},
    )
    drawn = plot("lapse", frame, NAMES)
    assert isinstance(drawn, Plot)
    assert (["Ada", "Bea"], True) == (drawn.labels, drawn.stacked)
    assert [Series("Kept", [1, 4]), Series("Lost", [8, 1])] == drawn.series


def test_every_member_is_in_one_bin_of_the_histogram() -> None:
    rows = [{"member": f"{count}", "reach_now_free": count, "reached_by_now_free": 25} for count in range(26)]
    drawn = plot("member_reach", framed("member_reach", *rows), NAMES)
    assert isinstance(drawn, Plot)
    assert [26, 26] == [sum(series.values) for series in drawn.series]
    assert ("0–2", "24–26") == (drawn.labels[0], drawn.labels[-1])


def test_the_matrix_has_a_shade_for_each_cell_and_none_where_there_is_no_pair() -> None:
    cell = {"sender_segment": "", "recipient_segment": "b", "pairs": 4, "reachable": 3, "share": 0.75}
    expected = Heat(["no value", "b"], [("no value", [None, Shade("75.0 %", "3 of 4 pairs", 8)]), ("b", [None, None])])
    assert expected == heat(framed("segment_matrix", cell))
    many = [{**cell, "recipient_segment": f"{number}"} for number in range(HEAT_AT_MOST)]
    assert heat(framed("segment_matrix", *many)) is None
