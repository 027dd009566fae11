"""How many rows a second a first load takes, next to `UNWIND … CREATE` of the same rows, and how much memory.

The load is the product's own, from an empty home and the user's files to a graph that answers: reading, checking,
importing, starting.
`UNWIND … CREATE` gets its rows as lists that are in memory already, and only its own time is counted.
`make bench-load` runs it with 100,000 members; `ARGS='--members 1000000 --mean-degree 50'` for a million.
"""

from __future__ import annotations

import argparse
import resource
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import neo4j
import pyarrow.csv

import linkreach
from graph.generate.generator import generate
from tests.bench.servers import own_server, print_table, say

SEED = 1
ROWS_AT_ONCE = 10_000
CONSTRAINT = "CREATE CONSTRAINT FOR (m:Member) REQUIRE m.id IS UNIQUE"
CREATE = {
    "members": "UNWIND $rows AS row CREATE (m:Member) SET m = row",
    "connections": """
        UNWIND $rows AS row
        MATCH (a:Member {id: row.a}), (b:Member {id: row.b})
        CREATE (a)-[:CONNECTED_TO {since: row.since}]->(b)
    """,
}


def load(network: Path) -> tuple[int, float]:
    """Rows and seconds of a first load."""
    with TemporaryDirectory(prefix="linkreach-bench-") as home, linkreach.connect(home=Path(home)) as session:
        began = perf_counter()
        try:
            report = session.load(network).report
            session.database.verify()
            return sum(report.loaded.values()), perf_counter() - began
        finally:
            session.server.stop()


def create(network: Path, at_most: int) -> tuple[int, float]:
    """Rows and seconds of creating members and connections, at most so many of each."""
    count, seconds = 0, 0.0
    with own_server() as (server, _):
        address = server.start().address
        with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            driver.execute_query(CONSTRAINT)
            for name, text in CREATE.items():
                table = pyarrow.csv.read_csv(network / f"{name}.csv").slice(0, at_most)
                for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE):
                    rows = batch.to_pylist()
                    began = perf_counter()
                    driver.execute_query(text, rows=rows)
                    seconds += perf_counter() - began
                    count += len(rows)
                say(f"created {count:,} rows in {seconds:.0f} s")
    return count, seconds


def main() -> None:
    """Generates the network, loads it both ways, and prints rows a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--mean-degree", type=float, default=48)
    parser.add_argument("--create-at-most", type=int, default=2_500_000, help="rows of a table, for UNWIND … CREATE")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        network = Path(folder) / "network"
        say("generating the network")
        generate(network, members=options.members, mean_degree=options.mean_degree, seed=SEED)
        generated = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ways = {"load": load(network)}
        memory = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        ways["UNWIND … CREATE"] = create(network, options.create_at_most)
    rows = [
        [name, f"{count:,}", f"{seconds:.1f}", f"{count / seconds:,.0f}"] for name, (count, seconds) in ways.items()
    ]
    title = f"A first load of {options.members:,} members of mean degree {options.mean_degree:g}"
    print_table(title, ["way", "rows", "seconds", "rows a second"], rows)
    rate, bare = (count / seconds for count, seconds in ways.values())
    peaks = [("the loader's memory at most", memory[0]), ("the import's", memory[1]), ("the generator's", generated)]
    gibibytes = [[name, f"{peak / 2**20:.2f} GiB"] for name, peak in peaks]
    print_table("ratio", ["", ""], [["load : CREATE", f"{rate / bare:.1f}"], *gibibytes])


if __name__ == "__main__":
    main()
