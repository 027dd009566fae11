"""Differences, measured: how many slips in a pack they see, and how long they take next to one count of the rules.

`make bench-diff` prints both.
Every mutant of a pack that ships is compared with the pack, on the sample network.
The network of the second part is made up from a seed; no Neo4j is asked.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pyarrow as pa

from analysis.bulk.difference_engine import blocks_of as blocks_of_both
from analysis.bulk.differences import count_differences
from analysis.bulk.network import build_network
from analysis.bulk.run import blocks_of, count
from analysis.bulk.two_worlds import CountedWorld, build_two_worlds
from graph.generate.generator import generate
from graph.rules.pack_changes import pack_changes
from graph.rules.rule_pack import RulePack, shipped_pack
from graph.snapshot.changing import changed
from graph.snapshot.snapshot import GROUPS, MEMBERS, PAGES, Snapshot
from graph.sources.change import Change, change_of, read_change
from graph.world import World
from linkreach.differing import Comparison, differ
from tests.bench.engine import WHOLE_RULES
from tests.bench.servers import say
from tests.rules import case_files
from tests.rules.agreement import product_pack
from tests.rules.mutants.packs import every_mutant
from tests.rules.oracle import Pack
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of

ROWS_AT_MOST = 10**9
SEED = 1


def mutants() -> None:
    """How many mutants of the packs change the text, and how many flip pairs, with the causes of the flips."""
    sample = snapshot_of(ldbc_network(), Pack.of(case_files.read_pack("article")))
    seen = flipping = 0
    every = every_mutant()
    for mutant in every:
        old, new = (product_pack(each) for each in (case_files.read_pack(mutant.pack), mutant.content))
        said = pack_changes(old, new)
        worlds = [CountedWorld(sample.under(each.as_loaded()), NOW) for each in (old, new)]
        asked = (World(NOW, old.name), World(NOW, new.name))
        totals = differ(Comparison(worlds[0], worlds[1], asked, "tier", is_free=False)).differences.totals
        seen += bool(said)
        flipping += bool(totals.gained or totals.lost)
        say(f"{mutant}: {len(said)} changes of text, {totals.gained:,} pairs gained, {totals.lost:,} lost")
    say(f"{len(every)} mutants: the text of {seen} is told apart, {flipping} flip pairs of the sample")


def times(members: int, threads: int, at_most: int) -> None:
    """Seconds of a difference next to those of one count of the whole rules, in the same run.

    Where a network has more blocks of targets than `at_most`, both count those that are drawn from the seed.
    """
    article = shipped_pack("article")
    with TemporaryDirectory() as folder:
        generate(Path(folder) / "network", members=members, mean_degree=48, seed=SEED)
        network = read_change(Path(folder) / "network", rows_at_most=ROWS_AT_MOST)
        snapshot = changed(_empty(article), network)
    now = CountedWorld(snapshot, NOW)
    placed = build_network(snapshot, NOW).network
    count(placed, [0], WHOLE_RULES, targets=1)
    every = blocks_of(placed)
    blocks = sorted(Random(SEED).sample(every, min(at_most, len(every))))
    once = _seconds(lambda: count(placed, blocks, WHOLE_RULES, threads=threads))
    say(f"{members:,} members, {snapshot.connections:,} connections, {threads} threads")
    say(f"{len(blocks):,} of {len(every):,} blocks of targets are counted")
    say(f"one count of the whole rules: {once:.1f} s")
    others = {
        "another pack": CountedWorld(snapshot.under(shipped_pack("linkedin-help").as_loaded()), NOW),
        "another instant": CountedWorld(snapshot, NOW + timedelta(days=90)),
        "another graph": CountedWorld(changed(snapshot, _change(snapshot)), NOW),
    }
    for name, other in others.items():
        worlds = build_two_worlds(now, other).worlds
        count_differences(worlds, [0], threads=1)
        of_both = [each for each in blocks if each in blocks_of_both(worlds)]
        took = _seconds(partial(count_differences, worlds, of_both, threads=threads))
        say(f"{name}: {took:.1f} s, {took / once:.2f} of one count")
    say(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _empty(pack: RulePack) -> Snapshot:
    nothing = {"members": MEMBERS, "groups": GROUPS, "pages": PAGES}
    tables = {name: pa.Table.from_batches([], schema) for name, schema in nothing.items()}
    return Snapshot(1, pack.as_loaded(), "tier", **tables)


def _change(snapshot: Snapshot) -> Change:
    """A hundred members leave."""
    leavers = snapshot.members["id"].to_pylist()[:: max(1, snapshot.members.num_rows // 100)]
    return change_of({"members": [{"id": id, "status": "closed"} for id in leavers]}, rows_at_most=ROWS_AT_MOST)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, nargs="*", default=[100_000])
    parser.add_argument("--blocks", type=int, default=300, help="of targets, at most so many are counted")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-mutants", action="store_true")
    asked = parser.parse_args()
    if not asked.no_mutants:
        mutants()
    for members in asked.members:
        times(members, asked.threads, asked.blocks)


if __name__ == "__main__":
    main()
