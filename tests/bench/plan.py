"""Outreach plans at 100,000 members: seconds for facts and for solving, and whether the plans are proven.

`python -m tests.bench.plan SNAPSHOT` on a folder that `linkreach snapshot` saved; the figures of ADR 0020.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from random import Random

from analysis.plans.facts import facts
from analysis.plans.plan import find_plan
from analysis.plans.solver import Clock
from analysis.plans.task import Task
from graph.snapshot.snapshot import Snapshot
from tests.bench.servers import print_table
from tests.rules.random_networks import NOW

SEED = 1
SIZES = ((20, 400), (50, 2_000), (200, 10_000))


def main() -> None:
    """Prints a table of what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--seconds", type=float, default=120)
    options = parser.parse_args()
    snapshot = Snapshot.open(options.snapshot)
    ids = snapshot.members["id"].to_pylist()
    rows = []
    facts(snapshot, NOW, ids[:1], ids[1:2])  # so that the kernel is compiled
    for senders, recipients in SIZES:
        drawn = Random(SEED).sample(ids, senders + recipients)
        for budget in (None, senders):
            task = Task(drawn[:senders], drawn[senders:], budget=budget)
            began = time.perf_counter()
            about = facts(snapshot, NOW, task.senders, task.recipients)
            known, worked = time.perf_counter(), time.process_time()
            plan = find_plan(about, task, Clock(options.seconds)).plan
            rows.append(
                (
                    f"{senders} × {recipients:,}",
                    "none" if budget is None else budget,
                    f"{known - began:.1f}",
                    f"{time.perf_counter() - known:.1f}",
                    f"{time.process_time() - worked:.1f}",
                    f"{len(plan.contacts):,}",
                    f"{plan.before:,}",
                    f"{float(plan.cost):,g}",
                    "yes" if plan.optimal else f"at most {plan.bound:,}",
                )
            )
    print_table(
        f"Plans at {len(ids):,} members, pack {snapshot.pack.name}",
        ("pairs", "budget", "facts s", "plan s", "of it processor s", "contacted", "without actions", "cost", "proven"),
        rows,
    )


if __name__ == "__main__":
    main()
