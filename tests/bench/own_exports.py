"""What archives of LinkedIn give of a network that is known: people and ties, time and memory, and what is certain.

- Five archives of one network, packed in every way, owners told in every way, addresses in every form: what the graph
  has of that network, and how many people were merged with others or split in two.
- One archive of 50,000 connections, by the number of its messages: seconds, and the loader's memory at most.
- The sample as the archives of some of its people have it: how many answers are certain, and how many of these the
  whole network contradicts, with the settings of all others drawn from all values, several times over.
`make bench-exports` runs it: some minutes on two cores.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import resource
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Self

from graph.driver.connection import Address
from graph.driver.database import Database
from graph.loading import loading
from graph.questions.verdicts import Match, matches
from graph.rules.rule_pack import SHIPPED
from graph.sources import open_source
from graph.sources.chunks import Hints
from graph.world import World
from tests.bench.servers import load_whole, own_server, print_table, say
from tests.rules import case_files, oracle
from tests.rules.oracle import Network, Pack
from tests.rules.random_networks import NOW
from tests.support import linkedin as made
from tests.support.ldbc import ldbc_network

SEED = 1
PAIRS_AT_ONCE = 2_000
SETTINGS: dict[str, Sequence[Any]] = {
    "tier": ("free", "career", "business", "sales_navigator"),
    "visibility": ("public", "network", "connections", "private"),
    "accepts_from": ("anyone", "shared_connections", "connections", "nobody"),
    "accepts_inmail": (True, False),
    "open_profile": (True, False),
    "contact_info": ("nobody", "connections", "network", "anyone"),
    "contact_form": (True, False),
    "comments_open": (True, False),
    "inmail_credits": (0, 3),
    "messages_sent": (0, 10_000_000),
    "inmails_sent": (0, 10_000_000),
}

Named = Mapping[Any, object]
Pairs = Sequence[tuple[str, str]]


# ── Five archives of one network ─────────────────────────────────────────────────────────────────


def measure_networks(networks: int) -> None:
    """Prints what the graph has of so many networks, each loaded from five archives."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with TemporaryDirectory() as folder, own_server() as (server, database):
        for seed in range(networks):
            archives = Path(folder) / str(seed)
            truth = made.write_archives(archives, seed)
            load_whole(server, database, archives, [])
            expected: list[Named] = [truth.people, truth.connections, dict.fromkeys(truth.companies)]
            for name, there, found in zip(
                ("people", "connections", "companies"), expected, _found(database), strict=True
            ):
                counts[name] += Counter(
                    {
                        "true": len(there),
                        "missing": len(there.keys() - found.keys()),
                        "too many": len(found.keys() - there.keys()),
                        "differ": sum(found[key] != there[key] for key in there.keys() & found.keys()),
                    }
                )
            say(f"{seed + 1} of {networks} networks")
    header = ["", "in truth", "missing, or merged", "too many, or split", "that differ"]
    rows = [
        [name, *(f"{found[each]:,}" for each in ("true", "missing", "too many", "differ"))]
        for name, found in counts.items()
    ]
    print_table(f"{networks} networks, each from five archives", header, rows)


def _found(database: Database) -> list[Named]:
    """People with name, company and position, connections with their dates, and companies."""
    people = _rows(database, "MATCH (m:Member) RETURN m.id, m.name, m.company, m.position")
    ties = _rows(database, "MATCH (a)-[tie:CONNECTED_TO]->(b) RETURN a.id, b.id, toString(date(tie.since))")
    companies = _rows(database, "MATCH (c:Company) RETURN c.id")
    return [
        {id: (name, made.plain(company), position or "") for id, name, company, position in people},
        {(a, b): since for a, b, since in ties},
        {id: None for [id] in companies},
    ]


def _rows(database: Database, text: str) -> list[list[Any]]:
    return [list(row.values()) for row in database.explain(text, {}, profile=True)[0]]


# ── One large archive ────────────────────────────────────────────────────────────────────────────


def measure_size(contacts: int, messages: Sequence[int]) -> None:
    """Prints how long one archive takes and how much memory, by the number of its messages."""
    rows = []
    for count in messages:
        with TemporaryDirectory() as folder, own_server() as (server, _):
            archive = Path(folder) / "mine.zip"
            write_large(archive, contacts, count)
            say(f"wrote an archive with {count:,} messages, {archive.stat().st_size / 2**20:.0f} MiB")
            with multiprocessing.get_context("spawn").Pool(1) as apart:
                read, loaded, busy, memory, people = apart.apply(load_large, (archive, server.start().address))
        rows.append([f"{count:,}", f"{people:,}", f"{read:.1f}", f"{loaded:.1f}", f"{busy:.1f}", f"{memory:.2f} GiB"])
    header = ["messages", "people loaded", "s to read", "s to load", "the loader's own", "memory at most"]
    print_table(f"One archive with {contacts:,} connections, its owner told by the messages", header, rows)


def write_large(path: Path, contacts: int, messages: int) -> None:
    """An archive whose owner is in every conversation, with as many conversations as a fifth of the messages."""
    draw = Random(SEED)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
        with _text(zip, "Connections.csv") as file:
            writer = csv.writer(file)
            writer.writerow(made.CONNECTIONS)
            for number in range(contacts):
                company = f"Company {draw.randrange(contacts // 5)}"
                writer.writerow(
                    made.contact(f"contact-{number}", f"First{number % 97} Last{number}", company, "Engineer")
                )
        with _text(zip, "messages.csv") as file:
            writer = csv.writer(file)
            writer.writerow(made.MESSAGES)
            for number in range(messages):
                conversation = number % max(1, messages // 5)
                ends = [made.address("me"), made.address(f"contact-{conversation % contacts}")]
                if draw.random() < 0.5:
                    ends.reverse()
                content = f"{draw.getrandbits(400):x}\n{draw.getrandbits(100):x}"
                writer.writerow([conversation, "", "", ends[0], "", ends[1], "", "", content, "INBOX", "", "No", "No"])


def _text(zip: zipfile.ZipFile, name: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(zip.open(name, "w", force_zip64=True), "utf-8", newline="")


def load_large(archive: Path, address: Address) -> tuple[float, float, float, float, int]:
    """Seconds to read and to load it, and of the processor in both; GiB of this process at most; people loaded."""
    began = perf_counter()
    source = open_source(archive, hints=Hints(messages=True))
    read = perf_counter() - began
    with Database(address) as database:
        report = loading.load(database, source, tiers=set(), reject=_refuse)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return read, perf_counter() - began - read, process_time(), memory, report.loaded["members"]


def _refuse(reject: object) -> None:
    raise AssertionError(f"rejected: {reject}")


# ── The sample as some archives have it ──────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Masked:
    """A whole network, and those of its members whose archives and settings are known.

    Everybody's account is open, for an archive cannot say otherwise, and nobody blocks or limits a connection.
    """

    whole: Network
    owners: Sequence[str]

    @classmethod
    def of_the_sample(cls, owners: int, draw: Random) -> Self:
        """The sample with settings of which every value is as likely as another."""
        sample = ldbc_network()
        known = {"status": "active", "tier_expires_at": None, "restricted_until": None}
        members = {id: {**member, **known, **_drawn(draw)} for id, member in sample.members.items()}
        whole = replace(
            sample,
            members=members,
            blocked={(who, whom) for who, whom in sample.blocked if frozenset((who, whom)) not in sample.connections},
            limited={(who, whom) for who, whom in sample.limited if frozenset((who, whom)) not in sample.connections},
        )
        return cls(whole, draw.sample(sorted(id for id in members if whole.neighbours[id]), owners))

    def drawn_anew(self, draw: Random) -> Network:
        """The same network with other settings of those who are no owners."""
        others = {id: {**row, **_drawn(draw)} for id, row in self.whole.members.items() if id not in self.owners}
        return replace(self.whole, members=self.whole.members | others)

    def write(self, folder: Path, exports: int) -> None:
        """The archives of the first so many owners, and what these say of their settings."""
        for owner in self.owners[:exports]:
            made.write_folder(folder / owner, {name: made.table(*rows) for name, rows in self._archive(owner).items()})
        rows = [{"id": owner, **self.whole.members[owner]} for owner in self.owners[:exports]]
        cells = [[str(row[name]).lower() for name in ("id", *SETTINGS)] for row in rows]
        (folder / "settings.csv").write_text(made.table(("id", *SETTINGS), *cells), "utf-8")

    def _archive(self, owner: str) -> dict[str, list[Sequence[str]]]:
        works_at = {id: [tie for tie in self.whole.ties_of[id] if tie.until is None] for id in self.whole.members}
        contacts = [
            made.contact(id, f"Member {id}", works_at[id][0].company if works_at[id] else "")
            for id in sorted(self.whole.neighbours[owner])
        ]
        stints = [[tie.company, "", "", "", f"{tie.since:%Y}" if tie.since else "", ""] for tie in works_at[owner]]
        invited = ["", "", "", "", "OUTGOING", made.address(owner), ""]
        return {
            "Connections.csv": [made.CONNECTIONS, *contacts],
            "Positions.csv": [made.POSITIONS, *stints],
            "Company Follows.csv": [made.FOLLOWS],
            "Invitations.csv": [made.INVITATIONS, invited],
        }


def _drawn(draw: Random) -> dict[str, Any]:
    return {name: draw.choice(values) for name, values in SETTINGS.items()}


def measure_certainty(exports: Sequence[int], draws: int) -> int:
    """Prints how many answers are certain by the number of archives; returns how many of these are contradicted."""
    draw = Random(SEED)
    masked = Masked.of_the_sample(max(exports), draw)
    wholes = [masked.drawn_anew(draw) for _ in range(draws)]
    packs = {name: Pack.of(case_files.read_pack(name)) for name in SHIPPED}
    rows: list[Sequence[object]] = []
    wrong = 0
    with TemporaryDirectory() as folder, own_server() as (server, database):
        for count in exports:
            masked.write(Path(folder) / str(count), count)
            load_whole(server, database, Path(folder) / str(count))
            people = sorted(id for [id] in _rows(database, "MATCH (m:Member) RETURN m.id"))
            for name, pack in packs.items():
                found = Counter[str]()
                for match in _answers(database, list(permutations(people, 2)), name):
                    found[f"certainly {'reachable' if match.reachable else 'not'}"] += match.certain
                    for whole in wholes:
                        truth = oracle.verdict(whole, pack, match.sender, match.recipient, NOW)["reachable"]
                        found["contradicted"] += match.reachable != truth
                        found["certain and contradicted"] += match.certain and match.reachable != truth
                wrong += found["certain and contradicted"]
                rows.append(_row_of(count, name, len(people), found, draws))
                say(f"{count} archives under {name}")
    header = ["archives", "pack", "people", "pairs", "reachable", "not", "decided"]
    header += ["certain, contradicted", "not certain, contradicted"]
    title = f"The sample as archives have it: what is certain, next to {draws} whole networks"
    print_table(title, header, rows)
    return wrong


def _answers(database: Database, pairs: Pairs, pack: str) -> Iterator[Match]:
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        yield from database.read(matches(pairs[start : start + PAIRS_AT_ONCE], World(NOW, pack)))


def _row_of(archives: int, pack: str, people: int, found: Counter[str], draws: int) -> list[object]:
    pairs = people * (people - 1)
    reached, not_reached, wrong = (
        found[each] for each in ("certainly reachable", "certainly not", "certain and contradicted")
    )
    unsure = pairs - reached - not_reached
    contradicted = (found["contradicted"] - wrong) / (unsure * draws or 1)
    counts = (f"{each:,}" for each in (people, pairs, reached, not_reached))
    return [archives, pack, *counts, f"{(pairs - unsure) / pairs:.1%}", wrong, f"{contradicted:.0%}"]


def main() -> None:
    """Measures all three; fails where a certain answer is contradicted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=20, help="how many networks are compared with their archives")
    parser.add_argument("--contacts", type=int, default=50_000, help="connections of the large archive")
    parser.add_argument("--messages", type=int, nargs="+", default=[10_000, 1_000_000], help="and its messages")
    parser.add_argument("--exports", type=int, nargs="+", default=[1, 2, 5, 10, 20], help="archives of the sample")
    parser.add_argument("--draws", type=int, default=3, help="how often the settings of all others are drawn")
    options = parser.parse_args()
    measure_networks(options.networks)
    measure_size(options.contacts, options.messages)
    raise SystemExit(measure_certainty(options.exports, options.draws) > 0)


if __name__ == "__main__":
    main()
