"""Spark counts what the local engine counts, to the last bit, on workers that have no driver and that may die."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.bulk.bulk_engine import BulkEngine, Counter
from analysis.bulk.differences import count_differences
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network, build_network
from analysis.bulk.run import blocks_of, count
from analysis.bulk.sampled_engine import SampledEngine
from analysis.bulk.tally import Sums, Tally
from analysis.bulk.two_worlds import CountedWorld, build_two_worlds
from analysis.distributed import Cluster, spark_cluster
from analysis.estimates import Sample
from analysis.reports import REPORTS
from graph.errors import SparkFailed, SparkMissing
from graph.world import World
from linkreach.reporting import estimated_reports
from tests.rules import case_files
from tests.rules.agreement import FRAMES
from tests.rules.oracle import Pack
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of

pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'linkreach[spark]'")

pytestmark = pytest.mark.skipif(
    not ("JAVA_HOME" in os.environ or shutil.which("java")), reason="Spark needs Java, and there is none"
)

TARGETS = 64
EVERYTHING = ~Wanted(0)

NO_DRIVER = 'raise ImportError("this machine has no Neo4j driver")'
# Runs in each worker's Python at its start. A worker that opens an array dies if it finds an order to, and takes it.
MORTAL = """
import os, signal
from pathlib import Path
import numpy

load, orders = numpy.load, Path(__file__).parent / "orders"

def load_or_die(*arguments, **options):
    for order in orders.iterdir():
        try:
            order.unlink()
        except FileNotFoundError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)
    return load(*arguments, **options)

numpy.load = load_or_die
"""


# One for the whole run: Spark's Java outlives a module, and keeps the PYTHONPATH that it was started with.
@pytest.fixture(scope="session")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where orders to die are left for workers, whose machine has no driver."""
    machine = tmp_path_factory.mktemp("machine")
    (machine / "neo4j.py").write_text(NO_DRIVER, encoding="utf-8")
    (machine / "sitecustomize.py").write_text(MORTAL, encoding="utf-8")
    (machine / "orders").mkdir()
    return machine / "orders"


@pytest.fixture(scope="module")
def cluster(orders: Path) -> Iterator[Cluster]:
    """Spark on two cores of this machine; a task may be tried twice."""
    assert not [*orders.iterdir()]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(orders.parent), prepend=os.pathsep)
        with spark_cluster("local[2,2]", targets=TARGETS) as cluster:
            yield cluster


@pytest.fixture(scope="module")
def counter(cluster: Cluster) -> Counter:
    return cluster.count


@pytest.fixture(scope="module")
def network() -> Network:
    return build_network(snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("article"))), NOW).network


def counted_here(network: Network, wanted: Wanted) -> Tally:
    return count(network, blocks_of(network), wanted)


def assert_same(expected: Sums, actual: Sums) -> None:
    for name in expected._fields:
        assert getattr(expected, name).dtype == getattr(actual, name).dtype
        np.testing.assert_array_equal(getattr(expected, name), getattr(actual, name), name)


def test_everything_is_counted_as_the_local_engine_counts_it(counter: Counter, network: Network) -> None:
    assert_same(count(network, blocks_of(network), EVERYTHING), counter(network, EVERYTHING))


def test_every_report_is_the_local_engines(counter: Counter) -> None:
    snapshot = snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("linkedin-help")))
    local, spark = (
        BulkEngine(snapshot, World(NOW, snapshot.pack.name), frames=FRAMES),
        BulkEngine(snapshot, World(NOW, snapshot.pack.name), frames=FRAMES, counter=counter),
    )
    for report in REPORTS.values():
        pd.testing.assert_frame_equal(report.run(local), report.run(spark))


def test_estimates_are_the_local_engines(counter: Counter) -> None:
    snapshot = snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("article")))
    names = estimated_reports()
    frames = {frame for name in names for frame in REPORTS[name].frames}
    world, sample = World(NOW, snapshot.pack.name), Sample(100)
    local, spark = (
        SampledEngine(snapshot, world, sample, frames=frames, counter=each) for each in (counted_here, counter)
    )
    for name in names:
        pd.testing.assert_frame_equal(REPORTS[name].run(local), REPORTS[name].run(spark))


def test_differences_are_counted_as_the_local_engine_counts_them(cluster: Cluster) -> None:
    article, other = (Pack.of(case_files.read_pack(name)) for name in ("article", "linkedin-help"))
    before, after = (CountedWorld(snapshot_of(ldbc_network(), pack), NOW) for pack in (article, other))
    worlds = build_two_worlds(before, after).worlds
    assert_same(count_differences(worlds, [0], targets=len(worlds.targets)), cluster.count_differences(worlds))


def test_a_worker_that_dies_is_replaced_and_nothing_is_counted_twice(
    counter: Counter, network: Network, orders: Path
) -> None:
    (orders / "1").touch()
    assert_same(count(network, blocks_of(network), EVERYTHING), counter(network, EVERYTHING))
    assert [] == [*orders.iterdir()]


def test_a_task_that_fails_each_time_is_an_error_of_one_line(counter: Counter, network: Network, orders: Path) -> None:
    for number in range(100):
        (orders / str(number)).touch()
    try:
        with pytest.raises(SparkFailed, match="failed 2 times") as raised:
            counter(network, EVERYTHING)
    finally:
        for order in orders.iterdir():
            order.unlink()
    assert "\n" not in str(raised.value)


def test_a_machine_without_java_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkMissing, match="there is no Java: install Java 17 or newer"), spark_cluster("local[1]"):
        pass
