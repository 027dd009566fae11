"""Compares every verdict on whole networks with the oracle, and says of how many pairs they differ.

All ordered pairs of the sample (LDBC), of the native test folder and of SNAP's ego networks, under both packs,
and some members against everybody in a generated network.
`make agreement` runs it: some hours on two cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice, permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

from graph import answers, sample
from graph.database import Database
from graph.generate import generate
from graph.rulepack import SHIPPED
from tests import case_files, oracle, snap, test_native
from tests.agreement import PAIRS_AT_ONCE, comparable, credits_of, evidence
from tests.bench.servers import load_whole, own_server, print_table, say
from tests.ldbc import ldbc_network
from tests.networks import read_native
from tests.oracle import Network, Pack
from tests.random_networks import NOW

SEED = 1
MEAN_DEGREE = 48
NETWORKS = ("LDBC", "native", "generated", "SNAP")

Pair = tuple[str, str]


def differences(database: Database, network: Network, pack: str, pairs: Iterable[Pair]) -> tuple[int, list[Pair]]:
    """How many pairs were compared, and those whose verdict, path or credits are not the oracle's."""
    theirs = Pack.of(case_files.read_pack(pack))
    compared, wrong = 0, []
    left = iter(pairs)
    while some := list(islice(left, PAIRS_AT_ONCE)):
        found = database.read(answers.verdicts(some, at=NOW, pack=pack))
        for (sender, recipient), verdict in zip(some, found, strict=True):
            expected = oracle.verdict(network, theirs, sender, recipient, NOW)
            path = evidence(verdict, "direct").get("path")
            if (
                expected != comparable(verdict)
                or (path is None) != (verdict.degree is None)
                or (path is not None and not oracle.is_shortest_path(network, path, sender, recipient))
                or credits_of(network, verdict) != evidence(verdict, "inmail")
            ):
                wrong.append((sender, recipient))
        compared += len(some)
        say(f"{compared:,} pairs under {pack}, {len(wrong)} differ") if compared % 100_000 < PAIRS_AT_ONCE else None
    return compared, wrong


def some_against_everybody(network: Network, some: int) -> Iterator[Pair]:
    """Members drawn from the seed, each as the sender to everybody else."""
    members = sorted(network.members)
    for sender in Random(SEED).sample(members, some):
        yield from ((sender, recipient) for recipient in members if recipient != sender)


def main() -> None:
    """Loads each network, compares, and prints a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=10_000, help="the size of the generated network")
    parser.add_argument("--some", type=int, default=200, help="how many of its members are compared with everybody")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=NETWORKS, help="which of them")
    parser.add_argument("--packs", nargs="+", choices=SHIPPED, default=SHIPPED, help="under which rules")
    options = parser.parse_args()
    rows: list[list[object]] = []
    with TemporaryDirectory() as folder, own_server() as (server, database):
        generated = Path(folder) / "generated"
        if "generated" in options.networks:
            generate(generated, members=options.members, mean_degree=MEAN_DEGREE, seed=SEED)
        networks = {
            "LDBC": (sample.FOLDER, ldbc_network),
            "native": (test_native.FOLDER, lambda: read_native(test_native.FOLDER, test_native.EXPECTED)),
            "generated": (generated, lambda: read_native(generated)),
        }
        if snap.DATA.is_dir():
            egos = snap.with_settings(Path(folder) / "snap")
            networks["SNAP"] = (egos, lambda: snap.snap_network(egos))
        else:
            say(f"SNAP is left out: its data is not at {snap.DATA}")
        for name in (each for each in options.networks if each in networks):
            files, read = networks[name]
            rejected: list[str] = []
            began = monotonic()
            report = load_whole(server, database, files, rejected)
            load_seconds = f"{monotonic() - began:.1f}"
            network = read()
            for pack in options.packs:
                large = name == "generated"
                pairs = (
                    some_against_everybody(network, options.some) if large else permutations(sorted(network.members), 2)
                )
                began = monotonic()
                compared, wrong = differences(database, network, pack, pairs)
                seconds = f"{monotonic() - began:.0f}"
                loaded = f"{sum(report.loaded.values()):,}"
                rows.append(
                    [
                        name,
                        pack,
                        len(network.members),
                        loaded,
                        len(rejected),
                        load_seconds,
                        f"{compared:,}",
                        len(wrong),
                        seconds,
                    ]
                )
    header = ["network", "pack", "members", "rows loaded", "rejected", "in s", "pairs compared", "differences", "in s"]
    print_table("Verdicts next to the oracle", header, rows)
    raise SystemExit(any(row[7] for row in rows))


if __name__ == "__main__":
    main()
