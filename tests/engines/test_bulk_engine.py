"""The bulk engine says what the oracle says, of every case and of random networks, whatever its blocks are.

Of the sample and other larger networks `tests/rules/test_agreement.py` says it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bulk.bits import BITS
from analysis.bulk.bulk_engine import BulkEngine
from analysis.bulk.kernel import Wanted, empty_workspace
from analysis.bulk.network import Network as Arrays
from analysis.bulk.network import build_network
from analysis.bulk.run import blocks_of, count
from analysis.bulk.tally import Tally, empty_tally
from analysis.report_engine import ReportEngine
from analysis.reports import REPORTS
from graph.errors import TooLarge
from graph.world import World
from tests.rules import case_files, random_networks
from tests.rules.agreement import FRAMES, assert_reports_are, expected_reports
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, instant
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.paths import DOCS
from tests.support.snapshots import snapshot_of


def engine(network: Network, pack: Pack, at: datetime, targets: int = 512, threads: int = 1) -> ReportEngine:
    def counted(arrays: Arrays, wanted: Wanted) -> Tally:
        return count(arrays, blocks_of(arrays, targets), wanted, targets=targets, threads=threads)

    return BulkEngine(snapshot_of(network, pack), World(at, pack.name), frames=FRAMES, counter=counted)


@pytest.mark.parametrize("case", case_files.answered_cases(), ids=lambda case: case.name)
def test_every_report_of_a_case_is_the_oracles(case: Case) -> None:
    network, pack, at = Network.of(case.network), Pack.of(case.pack), instant(case.at)
    assert at is not None
    assert_reports_are(expected_reports(network, pack, at), engine(network, pack, at))


@settings(max_examples=60, deadline=None)
@given(
    network=random_networks.networks(),
    pack=random_networks.packs(),
    targets=st.integers(1, 9),
    threads=st.integers(1, 3),
)
def test_every_report_of_a_random_network_is_the_oracles(
    network: dict[str, Any], pack: dict[str, Any], targets: int, threads: int
) -> None:
    theirs, rules = Network.of(network), Pack.of(pack)
    assert_reports_are(expected_reports(theirs, rules, NOW), engine(theirs, rules, NOW, targets, threads))


def test_an_interruption_ends_the_count_after_the_blocks_that_are_under_way() -> None:
    arrays = build_network(snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("article"))), NOW).network
    told: list[int] = []

    def interrupt(done: int, _: int) -> None:
        told.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        count(arrays, blocks_of(arrays, 2), Wanted.DEGREES, targets=2, threads=2, progress=interrupt)
    assert [1] == told


def test_the_page_on_spark_says_what_a_task_takes() -> None:
    arrays = build_network(snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("article"))), NOW).network
    size = len(arrays.traits)

    held = (*empty_workspace(arrays), *empty_tally(arrays))
    bytes_a_member = sum(array.nbytes // size for array in held if len(array) == size)
    page = (DOCS / "spark.md").read_text("utf-8")
    assert f"blocks of {BITS:,} members" in page
    assert f"a task: {bytes_a_member} bytes a member" in page


def test_many_segments_are_too_many_for_their_matrix_alone() -> None:
    network = {"members": {f"m{number}": {"city": f"c{number}"} for number in range(1_001)}}
    snapshot = snapshot_of(Network.of(network), Pack.of(case_files.read_pack("article")), "city")
    asked = BulkEngine(snapshot, World(NOW, snapshot.pack.name), frames=["reach_counts"])
    assert 1_001 == len(asked.reach_counts)
    with pytest.raises(TooLarge, match="'city' makes 1,001 segments, above 1,000: choose a coarser column"):
        assert asked.segment_pairs is None


def test_a_report_asks_for_the_frames_that_it_declares() -> None:
    network, pack = ldbc_network(), Pack.of(case_files.read_pack("article"))
    whole = engine(network, pack, NOW)
    for report in REPORTS.values():
        asked: set[str] = set()

        class Asked:
            def __getattr__(self, name: str, asked: set[str] = asked) -> Any:
                asked.add(name)
                return getattr(whole, name)

        report.run(cast(ReportEngine, Asked()))
        assert set(report.frames) == asked & FRAMES, report.name


def test_where_nothing_can_be_kept_each_process_compiles_for_itself(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "file" / "kernels"), "TMPDIR": str(tmp_path / "tmp")}
    script = "import numba, analysis.bulk.bulk_engine, pathlib; print(pathlib.Path(numba.config.CACHE_DIR).parent)"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert f"{tmp_path / 'tmp'}\n" == done.stdout
    assert [] == [*(tmp_path / "tmp").iterdir()]
