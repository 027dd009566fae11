"""The bulk engine in a process of its own, so that the memory that it takes is seen."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.bulk.bulk_engine import BulkEngine
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network, build_network
from analysis.bulk.run import blocks_of, count
from analysis.bulk.tally import Count, Tally
from analysis.reports import REPORTS
from graph.snapshot.snapshot import Snapshot
from graph.world import World
from tests.rules.random_networks import NOW

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
    frames = {frame for report in REPORTS.values() for frame in report.frames}
    counter = partial(_count, threads)
    opened = Snapshot.open(snapshot)
    engine = BulkEngine(opened, World(NOW, opened.pack.name), frames=frames, counter=counter)
    for report in REPORTS.values():
        report.run(engine)
    return time.perf_counter() - began


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
