"""Estimates are the oracle's, of whoever is drawn, in every report that has some; as many are drawn as were asked."""

from __future__ import annotations

import csv
import json
import logging
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network as Arrays
from analysis.bulk.run import blocks_of, count
from analysis.bulk.sampled_engine import SampledEngine
from analysis.bulk.tally import Tally
from analysis.columns import is_error
from analysis.estimates import Sample, Strata
from analysis.files import csv_text
from analysis.reports import REPORTS
from graph.errors import InvalidInput, SampleTooSmall
from graph.world import World
from linkreach.reporting import EngineChoice, bulk_engine, estimated_reports
from tests.rules import case_files, oracle_estimates, random_networks
from tests.rules.agreement import report_rows
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, Row, gone, instant
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

ARTICLE = Pack.of(case_files.read_pack("article"))
ESTIMATED = ("member_reach", "tier_reach", "segment_matrix", "lapse", "quotas", "certainty")
FRAMES = {frame for name in ESTIMATED for frame in REPORTS[name].frames}
AT = "2026-06-01T00:00:00Z"


def engine(network: Network, pack: Pack, at: datetime, sample: Sample, targets: int = 512) -> SampledEngine:
    def counted(arrays: Arrays, wanted: Wanted) -> Tally:
        return count(arrays, blocks_of(arrays, targets), wanted, targets=targets, threads=1)

    world = World(at, pack.name)
    return SampledEngine(snapshot_of(network, pack), world, sample, frames=FRAMES, counter=counted)


def smallest(network: Network, pack: Pack, at: datetime) -> int:
    return sum(min(2, len(members)) for members in oracle_estimates.by_tier(network, pack, at).values())


def assert_estimates_are_the_oracles(network: Network, pack: Pack, at: datetime, asked: SampledEngine) -> None:
    ids = sorted(network.members)
    drawn = {each.tier: [ids[row] for row in each.drawn] for each in asked.strata.strata}
    tiers = oracle_estimates.by_tier(network, pack, at)
    assert all(tiers[tier].issuperset(members) for tier, members in drawn.items())
    size = asked.strata.sample.size
    assert oracle_estimates.sizes(network, pack, at, size) == {tier: len(members) for tier, members in drawn.items()}
    everybody = [member for members in drawn.values() for member in members]
    assert len(everybody) == len(set(everybody))
    for name in ESTIMATED:
        expected: list[Row] = getattr(oracle_estimates, name)(network, pack, at, everybody)
        found = report_rows(REPORTS[name], asked)
        assert [[*row] for row in expected] == [[*row] for row in found], name
        for one, other in zip(expected, found, strict=True):
            assert one == pytest.approx(other), (name, one)


@pytest.mark.parametrize("case", case_files.answered_cases(), ids=lambda case: case.name)
def test_the_smallest_sample_of_a_case_gives_the_oracles_estimates(case: Case) -> None:
    network, pack, at = Network.of(case.network), Pack.of(case.pack), instant(case.at)
    assert at is not None
    asked = engine(network, pack, at, Sample(smallest(network, pack, at)))
    assert_estimates_are_the_oracles(network, pack, at, asked)


@settings(max_examples=60, deadline=None)
@given(
    network=random_networks.networks(),
    pack=random_networks.packs(),
    more=st.integers(0, 8),
    seed=st.integers(0, 99),
    targets=st.integers(1, 9),
)
def test_any_sample_of_a_random_network_gives_the_oracles_estimates(
    network: dict[str, Any], pack: dict[str, Any], more: int, seed: int, targets: int
) -> None:
    theirs, rules = Network.of(network), Pack.of(pack)
    asked = engine(theirs, rules, NOW, Sample(smallest(theirs, rules, NOW) + more, seed), targets)
    assert_estimates_are_the_oracles(theirs, rules, NOW, asked)


def test_a_sample_of_everybody_is_the_report_with_errors_of_0(caplog: pytest.LogCaptureFixture) -> None:
    network = ldbc_network()
    snapshot, world = snapshot_of(network, ARTICLE), World(NOW, ARTICLE.name)
    whole = bulk_engine(snapshot, world)
    with caplog.at_level(logging.INFO):
        sampled = bulk_engine(snapshot, world, choice=EngineChoice(sample=Sample(10_000)))
        frames = {name: REPORTS[name].run(sampled) for name in ESTIMATED}
    present = sum(not gone(row) for row in network.members.values())
    assert [f"a sample of 10,000 is more than the {present} members who are not gone: all of them are counted"] == [
        record.getMessage() for record in caplog.records
    ]
    for name, frame in frames.items():
        errors = [column for column in frame if is_error(str(column))]
        pd.testing.assert_frame_equal(REPORTS[name].run(whole), frame.drop(columns=errors))
        if name == "tier_reach":
            frame = frame[1:]  # the lowest tier gains nothing
        assert {0.0} == {*frame[errors].stack()}, name


def test_a_larger_network_in_several_blocks_is_the_oracles_too() -> None:
    """Of the two reports whose errors come from each target by itself."""
    network = ldbc_network()
    asked = engine(network, ARTICLE, NOW, Sample(130, seed=7), targets=70)
    ids = sorted(network.members)
    drawn = [ids[row] for each in asked.strata.strata for row in each.drawn]
    for name in ("tier_reach", "segment_matrix"):
        expected: list[Row] = getattr(oracle_estimates, name)(network, ARTICLE, NOW, drawn)
        for one, other in zip(expected, report_rows(REPORTS[name], asked), strict=True):
            assert one == pytest.approx(other), name


def test_who_is_drawn_is_said_by_the_seed() -> None:
    """Whatever the machine: only numbers that every version of Python draws alike are used."""
    tier, gone = np.array([0] * 9 + [1] * 4), np.zeros(13, bool)
    drawn = [[*map(int, each.drawn)] for each in Strata(Sample(6, seed=1), ("a", "b"), tier, gone).strata]
    assert drawn == [[*map(int, each.drawn)] for each in Strata(Sample(6, seed=1), ("a", "b"), tier, gone).strata]
    assert [[2, 3, 7, 8], [9, 12]] == drawn
    assert drawn != [[*map(int, each.drawn)] for each in Strata(Sample(6, seed=2), ("a", "b"), tier, gone).strata]


def test_fewer_recipients_than_the_tiers_need_are_refused() -> None:
    tier, gone = np.array([0] * 9 + [1] * 4 + [2]), np.zeros(14, bool)
    with pytest.raises(SampleTooSmall, match="a sample of 4 has not two recipients of each tier: it takes 5"):
        Strata(Sample(4), ("a", "b", "c"), tier, gone)


def test_a_report_of_pairs_is_not_estimated() -> None:
    assert ESTIMATED == estimated_reports()


def test_cypher_estimates_nothing() -> None:
    with pytest.raises(InvalidInput, match="and not by Cypher"):
        EngineChoice("cypher", sample=Sample(100))


def test_segments_are_tiers_as_the_sample_is_drawn() -> None:
    snapshot = snapshot_of(ldbc_network(), ARTICLE, "location")
    choice = EngineChoice(sample=Sample(100))
    with pytest.raises(InvalidInput, match="drawn by tier, and says too little of segments by 'location'"):
        bulk_engine(snapshot, World(NOW, ARTICLE.name), choice=choice, frames=["segment_pairs"])


def test_errors_are_written_with_four_digits() -> None:
    errors = pd.Series([0.0, 12345.678, 0.000123456, 7.0, None], dtype="Float64")
    assert "a_se\n0\n12350\n0.0001235\n7\n\n" == csv_text(pd.DataFrame({"a_se": errors})).replace('""', "")


def test_auto_says_what_a_sample_would_save_and_draws_none(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linkreach.reporting.WORTH_A_SAMPLE", 100)
    monkeypatch.setattr("linkreach.reporting.WORTHWHILE_SAMPLE", 50)
    snapshot = snapshot_of(ldbc_network(), ARTICLE)
    with caplog.at_level(logging.INFO):
        asked = bulk_engine(snapshot, World(NOW, ARTICLE.name))
    assert asked.strata is None
    [told] = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(
        r"all \d+ members are counted as recipients; a sample of 50 would save \d\d % of the counting", told
    )


# As a user types it


@pytest.mark.usefixtures("sample")
def test_all_reports_from_a_sample_have_their_errors_and_the_manifest_who_was_drawn(
    linkreach: Typed, desk: Path
) -> None:
    typed = ("report", "all", "--out", "reports", "--at", AT, "--sample", "100", "--seed", "3")
    answer = linkreach(*typed)
    assert 0 == answer.code, answer.err
    assert (
        "left out, as a sample of recipients says nothing of them: group_bridges, page_bridges, denials, " in answer.err
    )
    assert {*(f"{name}.csv" for name in ESTIMATED), "manifest.json"} == {
        each.name for each in Path("reports").iterdir()
    }
    sample = json.loads((desk / "reports" / "manifest.json").read_text("utf-8"))["sample"]
    assert (100, 3) == (sample["size"], sample["seed"])
    assert ["free", "career", "business", "sales_navigator"] == [each["tier"] for each in sample["strata"]]
    assert 100 == sum(each["drawn"] for each in sample["strata"])
    with (desk / "reports" / "member_reach.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    assert {row["degree_2"].partition(".")[2] for row in rows} <= {f"{n:04}" for n in range(10_000)}
    assert all(len(row["degree_2_se"].replace(".", "").lstrip("0")) <= 5 for row in rows)
    again = {each.name: each.read_bytes() for each in (desk / "reports").iterdir()}
    assert 0 == linkreach(*typed).code
    assert again == {each.name: each.read_bytes() for each in (desk / "reports").iterdir()}


@pytest.mark.usefixtures("sample")
def test_what_a_sample_cannot_do_is_said_with_what_to_type(linkreach: Typed, desk: Path) -> None:
    refused = linkreach("report", "denials", "--out", "reports", "--sample", "100")
    assert (2, "") == (refused.code, refused.out)
    assert "denials is not estimated from a sample: member_reach, " in refused.err
    assert "leave --sample out for the whole" in refused.err
    refused = linkreach("report", "member_reach", "--out", "reports", "--sample", "3")
    assert "it takes 8; say --sample 8 or more" in refused.err
    assert not (desk / "reports").exists()
