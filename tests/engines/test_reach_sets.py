"""Sets of many senders at once: what the oracle says of each of them, in a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
import pytest

from analysis.bulk.sets import reached
from graph.driver.database import Database
from tests.rules import case_files, oracle
from tests.rules.oracle import Pack, Row
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = "2026-06-01"
NETWORK = ldbc_network()
ARTICLE = Pack.of(case_files.read_pack("article"))


@pytest.fixture(scope="module")
def sample(module_sample: Database) -> Database:
    return module_sample


def sets_of(senders: list[str], max_degree: int | None = None) -> list[Row]:
    at = oracle.instant(AT)
    assert at is not None
    return [
        {"sender": sender, **row}
        for sender in sorted(senders)
        for row in sorted(
            oracle.reach(NETWORK, ARTICLE, sender, at, max_degree=max_degree), key=lambda row: str(row["recipient"])
        )
    ]


@pytest.mark.usefixtures("sample")
def test_everybodys_near_ones_the_sets_of_some_and_those_of_a_segment(
    linkreach: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.bulk.sets.ROWS_AT_ONCE", 100)
    everybody = [*NETWORK.members]
    some = everybody[:3]
    restricted = [id for id, member in NETWORK.members.items() if member["status"] == "restricted"]
    at = oracle.instant(AT)
    assert at is not None
    career = [id for id, member in NETWORK.members.items() if oracle.effective_tier(ARTICLE, member, at) == "career"]
    for options, expected in (
        (["--degree", "2"], sets_of(everybody, 2)),
        (["--member", some[0], "--member", some[1], "--member", some[2], "--member", some[0]], sets_of(some)),
        (["--by", "tier", "--segment", "career", "--degree", "3"], sets_of(career, 3)),
        (["--by", "status", "--segment", "restricted"], sets_of(restricted)),
    ):
        answer = linkreach("reach-sets", "sets.parquet", "--at", AT, *options)
        assert (0, "") == (answer.code, answer.out), answer.err
        assert expected == parquet.read_table("sets.parquet").to_pylist()
        assert f"{len(expected):,} pairs" in answer.err


@pytest.mark.parametrize(("max_degree", "at_once"), [(2, 64), (None, 3)])
def test_fewer_senders_are_taken_at_once_where_each_may_reach_everybody(
    max_degree: int | None, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.bulk.sets.PAIRS_AT_ONCE", 3 * len(NETWORK.members))
    done: list[int] = []
    found = reached(
        snapshot_of(NETWORK, ARTICLE),
        np.arange(70),
        at=datetime.fromisoformat(f"{AT}T00:00:00Z"),
        max_degree=max_degree,
        progress=lambda senders, _: done.append(senders),
    )
    batches = [*found]
    assert [*range(at_once, 70, at_once), 70] == done
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert sets_of(sorted(NETWORK.members)[:70], max_degree) == rows


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ([], "everybody's sets would be nearly all pairs"),
        (["--degree", "3"], "everybody's sets would be nearly all pairs"),
        (["--member", "nobody"], "no member has the id 'nobody'"),
        (["--by", "tier"], "a segment is a column and its value: say both"),
        (["--by", "tier", "--segment", "gold"], "nobody's tier is 'gold'"),
        (["--by", "colour", "--segment", "red"], "no column 'colour'"),
        (["--member", "10", "--by", "tier", "--segment", "free"], "either"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_writes_nothing(
    options: list[str], problem: str, linkreach: Typed, desk: Path
) -> None:
    answer = linkreach("reach-sets", "sets.parquet", *options)
    assert (2, "") == (answer.code, answer.out)
    assert problem in answer.err
    assert 1 == answer.err.count("\n")
    assert [] == [*desk.iterdir()]


def test_a_name_that_promises_another_format_is_refused(linkreach: Typed, desk: Path) -> None:
    answer = linkreach("reach-sets", "sets.csv", "--degree", "2")
    line = "linkreach: sets.csv: the sets are written as Parquet; name a file that ends in .parquet\n"
    assert Answer(2, "", line) == answer
    assert [] == [*desk.iterdir()]
