"""A Neo4j of its own for a measurement, and a table of what was measured."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.driver import schema
from graph.driver.database import Database
from graph.loading import loading
from graph.loading.loading import LoadReport
from graph.rules import pack_store, rule_pack
from graph.server.server import Server
from graph.sources import open_source


@contextmanager
def own_server() -> Iterator[tuple[Server, Database]]:
    """An embedded server with an empty graph, its data in a folder that is deleted afterwards."""
    with TemporaryDirectory(prefix="linkreach-bench-") as home:
        server = Server(Path(home))
        try:
            with Database(server.start().address) as database:
                yield server, database
        finally:
            server.stop()


def load_whole(server: Server, database: Database, folder: Path, rejected: list[str] | None = None) -> LoadReport:
    """Puts a network and the packs that ship in place of what the graph has; a rejected row is told, or an error."""
    schema.apply(database)
    for name in rule_pack.SHIPPED:
        database.write(pack_store.save_pack(rule_pack.shipped_pack(name)))

    def reject(row: object) -> None:
        if rejected is None:
            raise AssertionError(f"rejected: {row}")
        rejected.append(str(row))

    tiers = database.read(pack_store.loaded_tiers())
    return loading.load(database, open_source(folder), tiers=tiers, reject=reject, replace=True, server=server)


def say(line: str) -> None:
    """Tells what is going on, apart from the results."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a measurement talks to whoever runs it


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people, with the load of the machine, without which no figure means much."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(header))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"\n{title} (load of the machine {load} on {os.cpu_count()} cores)", *lines, sep="\n")  # noqa: T201
