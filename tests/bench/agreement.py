"""Compares verdicts and reports on whole networks with the oracle, and says how many of them differ.

All ordered pairs of random networks under random packs, of the sample (LDBC), of the native test folder and of SNAP's
ego networks, under both packs, and every report of both engines; and in a generated network, which is too large for the
oracle's reports, some members against everybody.
`make agreement` runs it: some hours on two cores.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic

from hypothesis import Phase, given, seed, settings

from analysis.reports import REPORTS
from graph import sample
from graph.driver import schema
from graph.driver.database import Database
from graph.generate.generator import generate
from graph.questions import verdicts
from graph.rules.rule_pack import SHIPPED
from graph.world import World
from tests.bench.servers import load_whole, own_server, print_table, say
from tests.rules import case_files, oracle_assumed, random_networks, test_native
from tests.rules.agreement import (
    PAIRS_AT_ONCE,
    assert_verdict_agrees,
    engines_on,
    expected_reports,
    product_pack,
    report_rows,
)
from tests.rules.oracle import Network, Pack, Row
from tests.rules.random_networks import NOW
from tests.support import snap
from tests.support.ldbc import ldbc_network
from tests.support.networks import put, read_native

SEED = 1
MEAN_DEGREE = 48
NETWORKS = ("random", "LDBC", "native", "generated", "SNAP")
COLUMNS = (
    "network",
    "pack",
    "networks",
    "rows loaded",
    "rejected",
    "members",
    "pairs",
    "verdicts that differ",
    "reports",
    "reports that differ",
    "seconds",
)

Pair = tuple[str, str]


def differences(database: Database, network: Network, pack: Pack, pairs: Iterable[Pair]) -> tuple[int, list[Pair]]:
    """How many pairs were compared, and those whose verdict or its evidence is not the oracle's."""
    compared, wrong = 0, []
    left = iter(pairs)
    while some := list(islice(left, PAIRS_AT_ONCE)):
        found = database.read(verdicts.verdicts(some, World(NOW, pack.name)))
        for pair, verdict in zip(some, found, strict=True):
            try:
                assert_verdict_agrees(network, oracle_assumed.verdict(network, pack, *pair, NOW), verdict)
            except AssertionError:
                wrong.append(pair)
        compared += len(some)
        if compared % 100_000 < len(some):
            say(f"{compared:,} pairs under {pack.name}, {len(wrong)} differ")
    return compared, wrong


def some_against_everybody(network: Network, some: int) -> Iterator[Pair]:
    """Members drawn from the seed, each as the sender to everybody else."""
    members = sorted(network.members)
    for sender in Random(SEED).sample(members, some):
        yield from ((sender, recipient) for recipient in members if recipient != sender)


def report_differences(database: Database, network: Network, pack: Pack) -> tuple[int, int]:
    """How many reports of both engines were compared, and how many are not the oracle's."""
    expected = expected_reports(network, pack, NOW)
    compared = wrong = 0
    for engine in engines_on(database, pack, NOW):
        wrong += sum(expected.rows[name] != report_rows(report, engine) for name, report in REPORTS.items())
        wrong += expected.denials_withheld != REPORTS["denials"].run_redacted(engine).to_dict("records")
        compared += len(REPORTS) + 1
    return compared, wrong


def random_ones(examples: int) -> list[tuple[Row, Row]]:
    """Networks and packs in the shape of case files, drawn from the seed."""
    found: list[tuple[Row, Row]] = []

    @seed(SEED)
    @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate])
    @given(random_networks.networks(), random_networks.packs())
    def draw(network: Row, pack: Row) -> None:
        found.append((network, pack))

    draw()
    return found


def compare_random_ones(database: Database, examples: int) -> Row:
    """A row about all of them."""
    row: Counter[str] = Counter()
    for network, pack in random_ones(examples):
        database.explain("MATCH (n) DETACH DELETE n", {}, profile=True)
        schema.apply(database)
        with TemporaryDirectory() as folder:
            put(database, Path(folder), network, product_pack(pack))
        row.update(compare(database, Network.of(network), Pack.of(pack)))
        row["networks"] += 1
        say(f"{row['networks']:,} random networks") if row["networks"] % 20 == 0 else None
    return {"network": "random", "pack": "random", **row}


def compare(database: Database, network: Network, pack: Pack, some: int | None = None) -> dict[str, int]:
    """Counts of what was compared and of what differs; `some` members against everybody, and no reports."""
    pairs = permutations(sorted(network.members), 2) if some is None else some_against_everybody(network, some)
    began = monotonic()
    compared, wrong = differences(database, network, pack, pairs)
    reports, wrong_reports = report_differences(database, network, pack) if some is None else (0, 0)
    return {
        "members": len(network.members),
        "pairs": compared,
        "verdicts that differ": len(wrong),
        "reports": reports,
        "reports that differ": wrong_reports,
        "seconds": round(monotonic() - began),
    }


def main() -> None:
    """Loads each network, compares, and prints a row for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=300, help="how many random networks, each under a random pack")
    parser.add_argument("--members", type=int, default=10_000, help="the size of the generated network")
    parser.add_argument("--some", type=int, default=200, help="how many of its members are compared with everybody")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=NETWORKS, help="which of them")
    parser.add_argument("--packs", nargs="+", choices=SHIPPED, default=SHIPPED, help="under which rules")
    options = parser.parse_args()
    rows: list[Row] = []
    with TemporaryDirectory() as folder, own_server() as (server, database):
        generated = Path(folder) / "generated"
        if "generated" in options.networks:
            generate(generated, members=options.members, mean_degree=MEAN_DEGREE, seed=SEED)
        if "random" in options.networks:
            rows.append(compare_random_ones(database, options.random))
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
            report = load_whole(server, database, files, rejected)
            loaded = {"networks": 1, "rows loaded": sum(report.loaded.values()), "rejected": len(rejected)}
            network = read()
            for pack in options.packs:
                theirs = Pack.of(case_files.read_pack(pack))
                counts = compare(database, network, theirs, options.some if name == "generated" else None)
                rows.append({"network": name, "pack": pack, **loaded, **counts})
    cells = [[f"{cell:,}" if isinstance(cell := row.get(name, ""), int) else cell for name in COLUMNS] for row in rows]
    print_table("Verdicts and reports next to the oracle", COLUMNS, cells)
    raise SystemExit(any(row["verdicts that differ"] or row["reports that differ"] for row in rows))


if __name__ == "__main__":
    main()
