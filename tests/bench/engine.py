"""The bulk engine in a process of its own, so that the memory that it takes is seen."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from analysis.bulk import difference_engine
from analysis.bulk.bulk_engine import BulkEngine
from analysis.bulk.differences import count_differences
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network, build_network
from analysis.bulk.run import blocks_of, count
from analysis.bulk.sampled_engine import SampledEngine
from analysis.bulk.tally import Count, Tally
from analysis.bulk.two_worlds import CountedWorld, build_two_worlds
from analysis.estimates import Sample
from analysis.reports import REPORTS
from graph.rules.rule_pack import SHIPPED, shipped_pack
from graph.snapshot.snapshot import Snapshot
from graph.world import World
from linkreach.matching_at_once import MatchedAtOnce
from linkreach.progress import untold
from linkreach.reporting import estimated_reports
from tests.rules.random_networks import NOW

SEED = 1

Reached = NDArray[np.int64]

WHOLE_RULES = Wanted.DEGREES | Wanted.REACH


@dataclass(frozen=True, slots=True)
class Apart:
    """The process, and what it can be asked."""

    pool: ProcessPoolExecutor
    snapshot: Path
    threads: int

    def seconds(self, wanted: Wanted) -> float:
        """How long counting takes; the arrays are there, the kernel is compiled."""
        return self.pool.submit(_seconds, self.snapshot, wanted, self.threads).result()

    def report_seconds(self) -> float:
        """How long all reports take, from the snapshot to their frames."""
        return self.pool.submit(_report_seconds, self.snapshot, self.threads).result()

    def sample_seconds(self, size: int) -> float:
        """How long the reports that a sample says something of take, of so many recipients."""
        return self.pool.submit(_sample_seconds, self.snapshot, size, self.threads).result()

    def difference_seconds(self) -> float:
        """How long it takes to tell this pack and another apart, by every pair."""
        return self.pool.submit(_difference_seconds, self.snapshot, self.threads).result()

    def match_seconds(self, senders: int, recipients: int) -> float:
        """How long so many senders take with so many recipients, to the last frame of rows."""
        return self.pool.submit(_match_seconds, self.snapshot, senders, recipients).result()

    def reached(self) -> tuple[Reached, Reached]:
        """For each place, how many are at degree 1 to 3, and how many the member reaches."""
        return self.pool.submit(_reached, self.snapshot, self.threads).result()

    def peak(self) -> float:
        """The memory that the process has taken at most so far, in GiB."""
        return self.pool.submit(_peak).result()


@contextmanager
def apart(snapshot: Path, threads: int) -> Iterator[Apart]:
    """The engine on a saved snapshot."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Apart(pool, snapshot, threads)


def _seconds(snapshot: Path, wanted: Wanted, threads: int) -> float:
    network = _network(snapshot)
    count(network, [0], wanted, targets=1)
    began = time.perf_counter()
    count(network, blocks_of(network), wanted, threads=threads)
    return time.perf_counter() - began


def _report_seconds(snapshot: Path, threads: int) -> float:
    began = time.perf_counter()
    opened = Snapshot.open(snapshot)
    engine = BulkEngine(opened, World(NOW, opened.pack.name), frames=_frames(REPORTS), counter=partial(_count, threads))
    for report in REPORTS.values():
        report.run(engine)
    return time.perf_counter() - began


def _sample_seconds(snapshot: Path, size: int, threads: int) -> float:
    began = time.perf_counter()
    opened, names = Snapshot.open(snapshot), estimated_reports()
    world, counter = World(NOW, opened.pack.name), partial(_count, threads)
    engine = SampledEngine(opened, world, Sample(size), frames=_frames(names), counter=counter)
    for name in names:
        REPORTS[name].run(engine)
    return time.perf_counter() - began


def _difference_seconds(snapshot: Path, threads: int) -> float:
    opened = Snapshot.open(snapshot)
    [other] = [name for name in SHIPPED if name != opened.pack.name]
    before, after = (CountedWorld(each, NOW) for each in (opened, opened.under(shipped_pack(other).as_loaded())))
    worlds = build_two_worlds(before, after).worlds
    count_differences(worlds, [0], targets=1)
    began = time.perf_counter()
    count_differences(worlds, difference_engine.blocks_of(worlds), threads=threads)
    return time.perf_counter() - began


def _match_seconds(snapshot: Path, senders: int, recipients: int) -> float:
    opened = Snapshot.open(snapshot)
    ids = Random(SEED).sample(opened.members["id"].to_pylist(), senders + recipients)
    began = time.perf_counter()
    matched = MatchedAtOnce(
        opened, World(NOW, opened.pack.name), tuple(ids[:senders]), tuple(ids[senders:]), (), untold
    )
    for _ in matched.frames():
        pass
    return time.perf_counter() - began


def _frames(names: Iterable[str]) -> set[str]:
    return {frame for name in names for frame in REPORTS[name].frames}


def reached(tally: Tally) -> tuple[Reached, Reached]:
    """For each place, how many are at degree 1 to 3, and how many the member reaches."""
    counts = tally.counts.astype(np.int64)
    return counts[:, [Count.DEGREE_1, Count.DEGREE_2, Count.DEGREE_3]].sum(axis=1), counts[:, Count.REACH]


def _reached(snapshot: Path, threads: int) -> tuple[Reached, Reached]:
    return reached(_count(threads, _network(snapshot), WHOLE_RULES))


def _count(threads: int, network: Network, wanted: Wanted) -> Tally:
    return count(network, blocks_of(network), wanted, threads=threads)


def _network(snapshot: Path) -> Network:
    return build_network(Snapshot.open(snapshot), NOW).network


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
