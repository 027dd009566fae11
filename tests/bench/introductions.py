"""How long introductions take: of a pair, next to a bare `MATCH` of all its two-step paths, and of a team with a list.

On a generated network of 100,000 members and 2.4 million connections, each pair asked both ways, one after the other.
`make bench-introductions` runs it: some minutes on two cores.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

import neo4j

from graph.driver.database import Database
from graph.generate.generator import generate
from graph.questions.introductions import Introductions, WayFilter, introductions
from graph.snapshot.projection import project
from graph.world import World
from linkreach.introducing import team_ways
from tests.bench.check import SEED, TARGETS, TEAM, Connections, Pair, milliseconds, pairs_by_degree, percentile
from tests.bench.servers import load_whole, own_server, print_table
from tests.rules.random_networks import NOW

WORLD = World(NOW, "article")
BARE = """
    MATCH path = (s:Member {id: $sender})-[:CONNECTED_TO]-()-[:CONNECTED_TO]-(r:Member {id: $recipient})
    RETURN path
"""


def measure_pairs(database: Database, bare: neo4j.Session, kinds: dict[str, list[Pair]]) -> None:
    """Prints, for each kind of pair, how long the best ten ways and a bare match of two-step paths take."""

    def paths(sender: str, recipient: str) -> list[neo4j.Record]:
        return bare.execute_read(lambda transaction: list(transaction.run(BARE, sender=sender, recipient=recipient)))

    def ways(sender: str, recipient: str) -> Introductions:
        return database.read(introductions(sender, recipient, WORLD))

    rows: list[list[object]] = []
    for name, pairs in [(name, pairs) for name, pairs in kinds.items() if pairs]:
        for pair in pairs:  # so that both read from memory, by plans that are there
            paths(*pair), ways(*pair)
        both = [(milliseconds(partial(ways, *pair)), milliseconds(partial(paths, *pair))) for pair in pairs]
        ours, theirs = ([each[place] for each in both] for place in (0, 1))
        times = [percentile(each, rank) for rank in (50, 95) for each in (ours, theirs)]
        ratios = [times[0] / times[1], times[2] / times[3]]
        rows.append([name, len(pairs), *(f"{each:.1f}" for each in times), *(f"{each:.1f}" for each in ratios)])
    header = ["pairs", "count", "ways p50 ms", "paths p50 ms", "ways p95 ms", "paths p95 ms", "ratio p50", "ratio p95"]
    print_table("introductions next to a bare match of two-step paths", header, rows)


def measure_team(database: Database, ids: list[str], draw: Random) -> None:
    """Prints how long the best ways from a team to each of a list take, and to read the graph before."""
    everyone = draw.sample(ids, TEAM + TARGETS)
    team, targets = everyone[:TEAM], everyone[TEAM:]
    began = perf_counter()
    snapshot = project(database, WORLD)
    rows: list[list[object]] = [["the graph as arrays", "", f"{perf_counter() - began:.1f}"]]
    for name, wanted, at_most in (
        ("best ten ways, and the compiler", WayFilter(), None),
        ("best ten ways", WayFilter(), None),
        ("best way, nobody asked for more than 20", WayFilter(1), 20),
    ):
        began = perf_counter()
        found = team_ways(snapshot, team, targets, WORLD, wanted, at_most=at_most)
        rows.append([name, sum(len(each.ways) for each in found), f"{perf_counter() - began:.1f}"])
    print_table(f"introductions of {TEAM} x {TARGETS}", ["", "ways", "seconds"], rows)


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
            measure_pairs(database, bare, pairs_by_degree(connections, draw))
            measure_team(database, connections.ids, draw)


if __name__ == "__main__":
    main()
