"""Runs the kernel over all blocks: a block a thread at a time, no barrier, and sums that do not depend on the order."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from analysis.bulk.bits import BITS
from analysis.bulk.kernel import Wanted, Workspace, count_block, empty_workspace
from analysis.bulk.network import Network
from analysis.bulk.tally import Tally, added_up, empty_tally

W = TypeVar("W")
T = TypeVar("T")

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

    def counted(first: int, workspace: Workspace, tally: Tally) -> None:
        count_block(network, first, min(targets, len(network.targets) - first), int(wanted), workspace, tally)

    tallies = in_threads(
        blocks,
        counted,
        lambda: (empty_workspace(network), empty_tally(network)),
        threads=threads,
        progress=progress,
    )
    return added_up(empty_tally(network), tallies)


def in_threads(
    blocks: Iterable[int],
    counted: Callable[[int, W, T], None],
    empty: Callable[[], tuple[W, T]],
    *,
    threads: int | None,
    progress: Progress,
) -> list[T]:
    """What each thread has added up; `empty` makes the workspace and the tally of one, `counted` adds a block."""
    waiting = list(blocks)
    tallies: list[T] = []
    own = threading.local()

    def work(first: int) -> None:
        if not hasattr(own, "workspace"):
            own.workspace, own.tally = empty()
            tallies.append(own.tally)
        counted(first, own.workspace, own.tally)

    pool = ThreadPoolExecutor(threads or os.cpu_count())
    try:
        for done, block in enumerate(as_completed([pool.submit(work, first) for first in waiting]), 1):
            block.result()
            progress(done, len(waiting))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return tallies
