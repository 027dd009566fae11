"""How long a verdict takes next to a bare shortest path over the same pairs, and a match of a team with its targets.

On a generated network of 100,000 members and 2.4 million connections, each pair asked both ways, one after the other,
so that whatever else the machine does falls on both.
`make bench-check` runs it: some minutes on two cores.
"""

from __future__ import annotations

import argparse
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import neo4j
import numpy as np
import pyarrow as pa
import pyarrow.csv

from graph.driver.database import Database
from graph.generate.generator import generate
from graph.questions import unlocks, verdicts
from graph.world import World
from linkreach.matching import PAIRS_AT_ONCE
from tests.bench.servers import load_whole, own_server, print_table
from tests.rules.random_networks import NOW

SEED = 1
PAIRS = 100
SENDERS = 1_000  # so many are looked at; in a small network few are far from each other
HUBS = 1_000
TEAM, TARGETS = 20, 400
UNLOCKS = 200
BARE = """
    MATCH (s:Member {id: $sender}), (r:Member {id: $recipient})
    OPTIONAL MATCH path = shortestPath((s)-[:CONNECTED_TO*..3]-(r))
    RETURN length(path) AS degree
"""

Pair = tuple[str, str]


class Connections:
    """The connections of a native folder as lists of neighbours, members by their number."""

    def __init__(self, folder: Path) -> None:
        self.ids: list[str] = _read(folder / "members.csv")["id"].to_pylist()
        table = _read(folder / "connections.csv")
        place = {id: number for number, id in enumerate(self.ids)}
        ends = [[place[id] for id in table[name].to_pylist()] for name in ("a", "b")]
        here, there = np.array(ends[0] + ends[1]), np.array(ends[1] + ends[0])
        order = np.argsort(here, kind="stable")
        self.neighbours = there[order]
        self.starts = np.searchsorted(here[order], np.arange(len(self.ids) + 1))

    def of(self, member: int) -> np.ndarray[Any, Any]:
        """The neighbours of one member."""
        return self.neighbours[self.starts[member] : self.starts[member + 1]]

    def hubs(self, count: int) -> list[int]:
        """The members with the most connections."""
        return [int(member) for member in np.argsort(-np.diff(self.starts), kind="stable")[:count]]

    def within(self, member: int, steps: int) -> np.ndarray[Any, Any]:
        """The number of steps to everybody; steps + 1 to those who are farther away."""
        far = np.full(len(self.ids), steps + 1)
        far[member] = 0
        waiting = deque([member])
        while waiting:
            here = waiting.popleft()
            if far[here] < steps:
                fresh = [int(there) for there in self.of(here) if far[there] > steps]
                far[fresh] = far[here] + 1
                waiting.extend(fresh)
        return far


def _read(path: Path) -> pa.Table:
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(("id", "a", "b"), pa.string()))
    return pyarrow.csv.read_csv(path, convert_options=texts)


def pairs_by_degree(connections: Connections, draw: Random) -> dict[str, list[Pair]]:
    """So many pairs of each degree, by the network's files, of members drawn at random; and of hubs."""
    kinds: dict[str, list[Pair]] = {name: [] for name in ("degree 1", "degree 2", "degree 3", "none")}
    members = len(connections.ids)
    for sender in draw.sample(range(members), min(members, SENDERS)):
        if all(len(pairs) == PAIRS for pairs in kinds.values()):
            break
        far = connections.within(sender, 3)
        for degree, pairs in enumerate(kinds.values(), 1):
            there = np.flatnonzero(far == degree)
            if len(there) and len(pairs) < PAIRS:
                pairs.append((connections.ids[sender], connections.ids[int(draw.choice(there))]))
    hubs = connections.hubs(HUBS)
    kinds["hubs"] = [tuple(connections.ids[member] for member in draw.sample(hubs, 2)) for _ in range(PAIRS)]  # type: ignore[misc]
    return kinds


def milliseconds(ask: Callable[[], object]) -> float:
    """How long a question takes."""
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1000


def percentile(times: list[float], percent: int) -> float:
    """By nearest rank."""
    return sorted(times)[-(-len(times) * percent // 100) - 1]


def measure_check(database: Database, bare: neo4j.Session, kinds: dict[str, list[Pair]]) -> None:
    """Prints, for each kind of pair, how long a verdict and a bare shortest path take."""

    def path(sender: str, recipient: str) -> list[neo4j.Record]:
        return bare.execute_read(lambda transaction: list(transaction.run(BARE, sender=sender, recipient=recipient)))

    def verdict(sender: str, recipient: str) -> verdicts.Verdict:
        return database.read(verdicts.verdict(sender, recipient, World(NOW, "article")))

    rows: list[list[object]] = []
    for name, pairs in [(name, pairs) for name, pairs in kinds.items() if pairs]:
        for pair in pairs:  # so that both read from memory, by plans that are there
            path(*pair), verdict(*pair)
        both = [(milliseconds(lambda p=pair: verdict(*p)), milliseconds(lambda p=pair: path(*p))) for pair in pairs]  # type: ignore[misc]
        checks, paths = ([each[place] for each in both] for place in (0, 1))
        p50, p95 = (percentile(checks, rank) for rank in (50, 95))
        bare50, bare95 = (percentile(paths, rank) for rank in (50, 95))
        rows.append(
            [
                name,
                len(pairs),
                *(f"{each:.1f}" for each in (p50, bare50, p95, bare95)),
                f"{p50 / bare50:.2f}",
                f"{p95 / bare95:.2f}",
            ]
        )
    header = ["pairs", "count", "check p50 ms", "path p50 ms", "check p95 ms", "path p95 ms", "ratio p50", "ratio p95"]
    print_table("check next to a bare shortestPath", header, rows)


def _unlock(database: Database, pair: Pair, world: World) -> None:
    database.read(unlocks.unlock(*pair, world))


def measure_match(database: Database, ids: list[str], draw: Random) -> None:
    """Prints how long a match of a team with its targets takes, and what would unlock some of its pairs."""
    everyone = draw.sample(ids, TEAM + TARGETS)
    pairs = [(sender, recipient) for sender in everyone[:TEAM] for recipient in everyone[TEAM:]]
    world = World(NOW, "article")
    found: list[verdicts.Match] = []

    def match() -> None:
        found.clear()
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            matched = database.read(verdicts.matches(pairs[start : start + PAIRS_AT_ONCE], world))
            found.extend(matched)

    seconds = median(milliseconds(match) for _ in range(3)) / 1000
    closed = [(each.sender, each.recipient) for each in found if not each.reachable]
    some = draw.sample(closed, min(len(closed), UNLOCKS))
    unlocking = sum(milliseconds(partial(_unlock, database, pair, world)) for pair in some) / 1000
    rows = [["match", f"{len(pairs):,}", f"{seconds:.1f}"], ["unlocks of some", f"{len(some):,}", f"{unlocking:.1f}"]]
    print_table(f"match of {TEAM} x {TARGETS}", ["", "pairs", "seconds"], rows)


def main() -> None:
    """Generates and loads the network, then measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--mean-degree", type=float, default=48)
    options = parser.parse_args()
    draw = Random(SEED)
    with TemporaryDirectory() as folder, own_server() as (server, database):
        network = Path(folder) / "network"
        generate(network, members=options.members, mean_degree=options.mean_degree, seed=SEED)
        load_whole(server, database, network)
        connections = Connections(network)
        running = server.start()
        with (
            neo4j.GraphDatabase.driver(
                running.address.uri, auth=(running.address.user, running.address.password)
            ) as driver,
            driver.session(default_access_mode=neo4j.READ_ACCESS) as bare,
        ):
            measure_check(database, bare, pairs_by_degree(connections, draw))
            measure_match(database, connections.ids, draw)


if __name__ == "__main__":
    main()
