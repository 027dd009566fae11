"""Runs the kernel over all blocks: a block a thread at a time, no barrier, and sums that do not depend on the order."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed

from analysis.bulk.bits import BITS
from analysis.bulk.kernel import Wanted, count_block, empty_workspace
from analysis.bulk.network import Network
from analysis.bulk.tally import Tally, empty_tally

Progress = Callable[[int, int], None]


def blocks_of(network: Network, targets: int = BITS) -> range:
    """Where blocks of that many targets begin."""
    return range(0, len(network.targets), targets)


def count(
    network: Network,
    blocks: Iterable[int],
    wanted: Wanted,
    *,
    targets: int = BITS,
    threads: int | None = None,
    progress: Progress = lambda *_: None,
) -> Tally:
    """What is wanted of the blocks that begin at these targets; each has `targets` of them, at most BITS.

    `threads`: as many as there are processors, unless said. `progress` is told how many blocks are done, of how many.
    An exception that is raised meanwhile, such as KeyboardInterrupt, ends it; blocks that are under way, and what is
    compiled for them, are not waited for.
    """
    waiting = list(blocks)
    tallies: list[Tally] = []
    own = threading.local()

    def work(first: int) -> None:
        if not hasattr(own, "workspace"):
            own.workspace, own.tally = empty_workspace(network), empty_tally(network)
            tallies.append(own.tally)
        count_block(network, first, min(targets, len(network.targets) - first), int(wanted), own.workspace, own.tally)

    pool = ThreadPoolExecutor(threads or os.cpu_count())
    try:
        for done, block in enumerate(as_completed([pool.submit(work, first) for first in waiting]), 1):
            block.result()
            progress(done, len(waiting))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return summed(network, tallies)


def summed(network: Network, tallies: Iterable[Tally]) -> Tally:
    """The tallies as one."""
    whole = empty_tally(network)
    for tally in tallies:
        for name in Tally._fields:
            getattr(whole, name)[...] += getattr(tally, name)
    return whole
