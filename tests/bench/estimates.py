"""How often 95 % intervals of estimates hold the count of the whole, column by column, and how long a sample takes.

`make bench-sample ARGS=FOLDER`, with the folder of a saved snapshot: some minutes on two cores with 100,000 members.
Members count in a column where at least 50 of those drawn can be expected to count for them; the rest are few of few,
where no interval of this kind holds.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import median
from time import process_time

import pandas as pd

from analysis.columns import error_of
from analysis.estimates import Sample
from analysis.report_engine import ReportEngine
from analysis.reports import REPORTS
from graph.snapshot.snapshot import Snapshot
from graph.world import World
from linkreach.reporting import EngineChoice, bulk_engine
from tests.bench.servers import print_table, say
from tests.rules.random_networks import NOW

NAMES = ("member_reach", "quotas", "tier_reach", "segment_matrix")
FRAMES = {frame for name in NAMES for frame in REPORTS[name].frames}
DEVIATIONS = 1.959964  # of a normal distribution, around 95 % of it
EXPECTED_AT_LEAST = 50


def reports(engine: ReportEngine) -> tuple[dict[str, pd.DataFrame], float]:
    """The frames by the name of the report, and how many seconds of a processor they took."""
    began = process_time()
    frames = {name: REPORTS[name].run(engine) for name in NAMES}
    return frames, process_time() - began


def held(whole: pd.DataFrame, sampled: pd.DataFrame, least: float) -> dict[str, tuple[int, int]]:
    """For each column with a known error: how many cells of at least `least` there are, and how many intervals hold."""
    found = {}
    for column in whole:
        error = error_of(str(column))
        if error not in sampled or sampled[error].isna().all():
            continue
        counts = whole[column].astype("Float64")
        asked = (counts >= least) & sampled[error].gt(0)
        off = (sampled[column] - counts).abs()
        found[str(column)] = int(asked.sum()), int((off <= DEVIATIONS * sampled[error])[asked].sum())
    return found


def main() -> None:
    """Prints the coverage of every column, and the seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snapshot", type=Path, help="the folder of a snapshot, made with --by tier")
    parser.add_argument("--sample", type=int, default=10_000, metavar="N")
    parser.add_argument("--seeds", type=int, default=20, metavar="N")
    options = parser.parse_args()
    snapshot = Snapshot.open(options.snapshot)
    world = World(NOW, snapshot.pack.name)
    few = EngineChoice("local", sample=Sample(2 * len(snapshot.pack.tiers)))
    reports(bulk_engine(snapshot, world, choice=few, frames=FRAMES))  # so that all of the kernel is compiled
    whole, seconds = reports(bulk_engine(snapshot, world, choice=EngineChoice("local"), frames=FRAMES))
    say(f"all {snapshot.members.num_rows:,} members: {seconds:.1f} s")
    least = EXPECTED_AT_LEAST * snapshot.members.num_rows / options.sample
    times = []
    coverage: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for seed in range(1, options.seeds + 1):
        choice = EngineChoice("local", sample=Sample(options.sample, seed))
        sampled, took = reports(bulk_engine(snapshot, world, choice=choice, frames=FRAMES))
        times.append(took)
        say(f"seed {seed}: {took:.1f} s")
        for name in NAMES:
            of_members = whole[name].columns[0] == "member"
            for column, counts in held(whole[name], sampled[name], least if of_members else 0).items():
                coverage.setdefault((name, column), []).append(counts)
    rows = [
        (name, column, f"{asked / len(each):,.0f}", f"{holds / asked:.1%}" if asked else "", *_spread(each))
        for (name, column), each in coverage.items()
        for asked, holds in [tuple(map(sum, zip(*each, strict=True)))]
    ]
    title = f"95 % intervals from {options.sample:,} of {snapshot.members.num_rows:,}, {options.seeds} seeds"
    print_table(title, ("report", "column", "cells a seed", "hold", "of a seed, least", "most"), rows)
    print_table("Seconds of a processor", ("whole", "sample, median", "share"), [_seconds(seconds, times)])


def _spread(counts: list[tuple[int, int]]) -> tuple[str, str]:
    shares = [holds / asked for asked, holds in counts if asked]
    return (f"{min(shares):.1%}", f"{max(shares):.1%}") if shares else ("", "")


def _seconds(whole: float, times: list[float]) -> tuple[str, str, str]:
    return f"{whole:.1f}", f"{median(times):.1f}", f"{median(times) / whole:.0%}"


if __name__ == "__main__":
    main()
