"""The bulk engine next to its peers, on the same graphs in one run: seconds for all members, ratios, growth.

`make bench` runs it, and writes docs/bench.csv, docs/bench.svg and the figures in docs/bench.md, which says how they
are read; about 20 minutes on two cores.
Where a peer would take hours it is asked about members drawn from the seed, for `--seconds` a round, and the rest is
extrapolated; every answer of a peer is held to the engine's.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import neo4j
import numpy as np

from analysis.bulk.bulk_engine import Counter
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network, build_network
from analysis.distributed import spark_cluster
from graph.driver.database import Database
from graph.generate.generator import generate
from graph.snapshot.projection import project
from graph.world import World
from tests.bench import gds
from tests.bench.engine import WHOLE_RULES, Reached, apart, reached
from tests.bench.findings import DEGREES_ALONE, Finding, publish, require_room
from tests.bench.peers import Graph, Peer, by_all_the_rules, in_memory
from tests.bench.servers import load_whole, say
from tests.rules.random_networks import NOW

SEED = 1
PACK = "article"
# What takes longer than this is measured once.
LONG_SECONDS = 60.0


class Round(NamedTuple):
    """One measurement: its own seconds, those for all members, of how many it was, and how many answers differed."""

    took: float
    seconds: float
    asked: int
    differ: int | None


Way = Callable[[], Round]


def whole(members: int, seconds: Callable[[], float]) -> Way:
    """What is done for all members at once."""

    def measure() -> Round:
        took = seconds()
        return Round(took, took, members, None)

    return measure


def sampled(peer: Peer, expected: Reached, at_most: float, draw: Random) -> Way:
    """What is done for some members at a time, as many as there are seconds for."""
    members = len(expected)

    def measure() -> Round:
        order = np.array(draw.sample(range(members), members))
        peer.reached(order[: peer.at_once])  # so that it reads from memory, by a plan that is there
        took, asked, differ = 0.0, 0, 0
        while asked < members and took < at_most:
            places = order[asked : asked + peer.at_once]
            began = time.perf_counter()
            reached = peer.reached(places)
            took += time.perf_counter() - began
            asked += len(places)
            differ += int(np.count_nonzero(reached != expected[places]))
        return Round(took, took * members / asked, asked, differ)

    return measure


def counted_by(counter: Counter, network: Network, degrees: Reached, reach: Reached) -> Way:
    """The whole of the rules by another counter of the product."""

    def measure() -> Round:
        began = time.perf_counter()
        tally = counter(network, WHOLE_RULES)
        took = time.perf_counter() - began
        differ = np.logical_or(
            *(found != expected for found, expected in zip(reached(tally), (degrees, reach), strict=True))
        )
        return Round(took, took, len(degrees), int(np.count_nonzero(differ)))

    return measure


def in_rounds(ways: dict[str, Way], rounds: int) -> dict[str, list[Round]]:
    """Every way once a round, so that whatever else the machine does falls on all of them."""
    measured: dict[str, list[Round]] = {name: [] for name in ways}
    for number in range(1, rounds + 1):
        for name, way in ways.items():
            if all(earlier.took < LONG_SECONDS for earlier in measured[name]):
                measured[name].append(way())
                say(f"round {number}: {name}: {measured[name][-1].seconds:,.1f} s for all members")
    return measured


def measure(members: int, options: argparse.Namespace) -> list[Finding]:
    """Everything at one size."""
    draw = Random(SEED)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="linkreach-bench-")))
        say(f"{members:,} members: generating and loading the network")
        generate(folder / "network", members=members, mean_degree=options.mean_degree, seed=SEED)
        server, database = stack.enter_context(gds.own_server())
        load_whole(server, database, folder / "network")
        address = server.start().address
        driver = stack.enter_context(neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)))
        graph = Graph(driver)
        snapshot = project(database, World(NOW, PACK))
        snapshot.save(folder / "snapshot")
        where = build_network(snapshot, NOW)
        ids = snapshot.members["id"].take(where.row_of).to_pylist()

        engine = stack.enter_context(apart(folder / "snapshot", options.threads))
        say(f"{members:,} members: the engine's answers, which all others are held to")
        degrees, reach = engine.reached()
        ways = {
            DEGREES_ALONE: whole(members, lambda: engine.seconds(Wanted.DEGREES)),
            "linkreach, the whole of the rules": whole(members, lambda: engine.seconds(WHOLE_RULES)),
        }
        ask = {"at_most": options.seconds, "draw": draw}
        if members <= options.peers_up_to:
            ways["linkreach, all reports"] = whole(members, engine.report_seconds)
            ways["linkreach, estimates of a tenth"] = whole(members, lambda: engine.sample_seconds(members // 10))
            ways["linkreach, a difference of two packs"] = whole(members, engine.difference_seconds)
            ways["linkreach, a match of 500 × 5,000"] = whole(members, lambda: engine.match_seconds(500, 5_000))
            counter = stack.enter_context(spark_cluster(f"local[{options.threads}]")).count
            on_spark = f"linkreach, the whole of the rules, on Spark local[{options.threads}]"
            ways[on_spark] = counted_by(counter, where.network, degrees, reach)
            for peer in (*in_memory(where.network), graph.per_member(ids)):
                ways[peer.name] = sampled(peer, degrees, **ask)
            rules = by_all_the_rules(database, ids, NOW, PACK)
            ways[rules.name] = sampled(rules, reach, **ask)
            if version := graph.gds_version():
                ways[f"GDS {version} closeness.harmonic, at every distance"] = whole(
                    members, lambda: graph.gds_all_pairs(options.threads)
                )
        measured = in_rounds(ways, options.rounds)

        size = (members, snapshot.connections)
        base = [each.seconds for each in measured[DEGREES_ALONE]]
        findings = [
            Finding(
                *size,
                name,
                "s",
                tuple(each.seconds for each in rounds),
                tuple(each.seconds / by for each, by in zip(rounds, base, strict=False)),
                asked=min(members, sum(each.asked for each in rounds)),
                differ=None if rounds[0].differ is None else sum(each.differ or 0 for each in rounds),
            )
            for name, rounds in measured.items()
        ]
        lists, rows = rates_of_reading(snapshot.connections, database, graph, options)
        ratios = tuple(a / b for a, b in zip(lists, rows, strict=True))
        return [
            *findings,
            Finding(*size, "linkreach, the memory of its process at most", "GiB", (engine.peak(),)),
            Finding(*size, "reading the graph, a list a member", "connections/s", lists, ratios),
            Finding(*size, "reading the graph, a row an edge", "connections/s", rows),
        ]


def rates_of_reading(
    connections: int, database: Database, graph: Graph, options: argparse.Namespace
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Connections a second, by a list a member (the whole snapshot) and by a row an edge (as long as there is time)."""
    lists, rows = [], []
    for _ in range(options.rounds):
        began = time.perf_counter()
        project(database, World(NOW, PACK))
        lists.append(connections / (time.perf_counter() - began))
        rows.append(graph.edges_a_second(options.seconds))
        say(f"reading: {lists[-1]:,.0f} connections a second by lists, {rows[-1]:,.0f} by rows")
    return tuple(lists), tuple(rows)


def main() -> None:
    """Measures at each size, and writes down what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, nargs="+", default=[10_000, 100_000], help="the sizes of the networks")
    parser.add_argument("--mean-degree", type=float, default=48)
    parser.add_argument("--rounds", type=int, default=3, help="how often; what takes over a minute is measured once")
    parser.add_argument("--peers-up-to", type=int, default=100_000, help="members; in larger ones the two counts alone")
    parser.add_argument("--seconds", type=float, default=10, help="for each peer and round")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the engine, of Spark and of GDS")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="the folder of the documents")
    options = parser.parse_args()
    require_room(options.out)
    findings = [each for members in sorted(options.members) for each in measure(members, options)]
    publish(findings, options.out)
    raise SystemExit(any(each.differ for each in findings))


if __name__ == "__main__":
    main()
