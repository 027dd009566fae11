"""How long commands take, processor and wall, next to a bare script of ten lines that asks the same.

`make bench-cli`: the sample in an embedded server that runs already; each command and the script by turns.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from graph.driver.statements import statement
from linkreach import SAMPLE, Session, Settings
from tests.bench.servers import print_table

BIN = Path(sys.executable).with_name("linkreach")
AT = "2026-11-23"
PAIR = ("8796093022357", "4398046511333")

# What somebody would write who has the statement and the address, and nothing else.
BARE = """
import sys, neo4j
from datetime import datetime, timezone
uri, password, text = sys.argv[1:4]
asked = {"pairs": [{"sender": "8796093022357", "recipient": "4398046511333"}], "pack": "article", "as_tier": "",
         "at": datetime(2026, 11, 23, tzinfo=timezone.utc)}
with neo4j.GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
    records, _, _ = driver.execute_query(text, asked)
    print(records[0]["reachable"])
"""


def main() -> None:
    """Prints the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=11, help="run each so often; the table has medians")
    rounds = parser.parse_args().rounds
    with TemporaryDirectory() as home, Session(Settings(home=Path(home))) as session:
        running = session.server.start()
        try:
            session.load(SAMPLE, rejects=Path(home, "rejects.csv"))
            measure(Path(home), running.address.uri, running.password, rounds)
        finally:
            session.server.stop()


def measure(home: Path, uri: str, password: str, rounds: int) -> None:
    """Runs all of them by turns, once ahead so that plans are made and files read."""
    commands: dict[str, list[object]] = {
        "bare script": [sys.executable, "-c", BARE, uri, password, statement("reach/verdicts").text],
        "check": [BIN, "check", *PAIR, "--at", AT],
        "reach --degree 1": [BIN, "reach", PAIR[0], "--degree", "1", "--at", AT],
        "--help": [BIN, "--help"],
        "--version": [BIN, "--version"],
    }
    for command in commands.values():
        seconds(command, home)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(seconds(command, home))
    bare_cpu, bare_wall = (median(each[place] for each in taken["bare script"]) for place in (0, 1))
    rows = []
    for name, runs in taken.items():
        cpu, wall = (median(each[place] for each in runs) for place in (0, 1))
        ratios = f"{cpu / bare_cpu:.2f}", f"{wall / bare_wall:.2f}"
        rows.append([name, f"{cpu * 1000:.0f}", f"{wall * 1000:.0f}", *ratios])
    header = ["command", "processor ms", "wall ms", "processor, of the script", "wall, of the script"]
    print_table(f"commands next to a bare script, medians of {rounds}", header, rows)


def seconds(command: list[object], home: Path) -> tuple[float, float]:
    """Processor and wall time of one run."""
    environment = {**os.environ, "LINKREACH_HOME": str(home)}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(part) for part in command], env=environment, capture_output=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


if __name__ == "__main__":
    main()
