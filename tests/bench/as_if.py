"""How long it takes to suppose a change, how fast is what is asked meanwhile, and what an interruption leaves.

On a generated network of 100,000 members and 2.4 million connections: changes of 1, 100 and 1,000 connections, each
supposed several times, with verdicts inside and outside by turns.
Then a client that supposes and asks is killed at 50 places, evenly from its first step to its last.
`make bench-as-if` runs it: some minutes on two cores.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from graph.driver.connection import Address
from graph.driver.database import Database
from graph.generate.generator import generate
from graph.loading.as_if import as_if
from graph.loading.load_lock import load_lock
from graph.questions import verdicts
from graph.snapshot.fingerprint import fingerprint
from graph.sources.change import Change, change_of
from graph.world import World
from tests.bench.check import Connections, milliseconds, percentile
from tests.bench.servers import load_whole, own_server, print_table
from tests.rules.random_networks import NOW

SEED = 1
ROWS = (1, 100, 1_000)
TIMES = 5
PAIRS = 200
PLACES = 50
WORLD = World(NOW, "article")

KILLED = """
import sys
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.bench.as_if import suppose
uri, user, password = sys.stdin.readline().split()
ids = sys.stdin.readline().split()
with Database(Address(uri, user, password)) as database:
    database.verify()
    print("begun", flush=True)
    suppose(database, ids)
    print("done", flush=True)
"""


def added(ids: list[str]) -> Change:
    """A change that connects each of the first half with one of the other."""
    half = len(ids) // 2
    rows = [{"a": a, "b": b} for a, b in zip(ids[:half], ids[half:], strict=True)]
    return change_of({"connections": rows}, rows_at_most=max(ROWS))


def suppose(database: Database, ids: list[str]) -> None:
    """The client that is killed: a change, and ten verdicts under it."""
    with as_if(database, added(ids)) as graph:
        for _ in range(10):
            graph.read(verdicts.verdict(ids[0], ids[-1], WORLD))


def measure(database: Database, ids: list[str], draw: Random) -> None:
    """Prints, for changes of each size, how long they take, and verdicts under them next to plain ones."""
    rows: list[list[object]] = []
    for size in ROWS:
        applied: list[float] = []
        inside: list[float] = []
        outside: list[float] = []
        for _ in range(TIMES):
            change, began = added(draw.sample(ids, 2 * size)), perf_counter()
            with as_if(database, change) as graph:
                applied.append(perf_counter() - began)
                for _ in range(PAIRS // TIMES):
                    sender, recipient = draw.sample(ids, 2)
                    asked = verdicts.verdict(sender, recipient, WORLD)
                    graph.read(asked), database.read(asked)  # so that both read from memory, by plans that are there
                    inside.append(milliseconds(lambda asked=asked, graph=graph: graph.read(asked)))  # type: ignore[misc]
                    outside.append(milliseconds(lambda asked=asked: database.read(asked)))  # type: ignore[misc]
        p50, plain = percentile(inside, 50), percentile(outside, 50)
        rows.append([f"{size:,}", f"{median(applied):.2f}", f"{p50:.1f}", f"{plain:.1f}", f"{p50 / plain:.2f}"])
    print_table("as if", ["rows", "seconds to suppose", "check p50 ms", "plain p50 ms", "ratio"], rows)


def interrupt(database: Database, address: Address, ids: list[str]) -> None:
    """Kills a client at every place, and prints whether anything of it stays; raises where a lock does."""
    before = fingerprint(database)
    whole = _run(address, ids, None)
    for place in range(PLACES):
        _run(address, ids, whole * place / PLACES)
        with load_lock(database, emptying=False):
            pass
    rows = [[PLACES, f"{whole:.2f}", "equal" if before == fingerprint(database) else "DIFFERENT", "free"]]
    print_table("a client killed", ["places", "seconds unharmed", "fingerprints", "locks"], rows)


def _run(address: Address, ids: list[str], seconds: float | None) -> float:
    """How long the client ran; killed after so many seconds, where there is a number."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write(f"{address.uri} {address.user} {address.password}\n{' '.join(ids)}\n")
        client.stdin.flush()
        assert "begun\n" == client.stdout.readline()
        began = perf_counter()
        if seconds is None:
            assert "done\n" == client.stdout.readline()
        else:
            sleep(seconds)
            client.kill()
    return perf_counter() - began


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
        ids = Connections(network).ids
        address = server.start().address
        measure(database, ids, draw)
        interrupt(database, address, draw.sample(ids, 2 * max(ROWS)))


if __name__ == "__main__":
    main()
