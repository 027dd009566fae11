"""`linkreach load`: a network in files into the graph."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import graph_of
from api.output import progress_bar, say
from api.settings import Settings

if TYPE_CHECKING:
    from graph.database import Database
    from graph.loading import LoadReport
    from graph.sources.chunks import Source


def load(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder of the network's files.")],
    source: Annotated[
        str, typer.Option("--from", metavar="FORMAT", help="auto (told from the files), native or ldbc.")
    ] = "auto",
    rejects: Annotated[
        Path, typer.Option(metavar="FILE", help="Where rows that are set aside go, with file, line and reason.")
    ] = Path("linkreach-rejects.csv"),
) -> None:
    """Load a network from its files into the graph.

    Adds and updates what the files say, sets bad rows aside, deletes nothing.
    """
    settings: Settings = context.obj
    from graph.sources import open_source

    network = open_source(path, source)  # a wrong path is told before a server is started for it
    with graph_of(settings) as database:
        started = monotonic()
        report = load_network(database, network, rejects)
        for table, rows in report.loaded.items():
            typer.echo(f"{table:<16}{rows:>12,} loaded{report.rejected[table]:>10,} rejected")
        say(f"the graph is at version {report.version}, after {monotonic() - started:.1f} s")
        if any(report.rejected.values()):
            say(f"the rejected rows are in {rejects}")


def load_network(database: Database, network: Source, rejects: Path) -> LoadReport:
    """Puts the packs that ship into a graph without them, then loads the network."""
    from graph import loading, rulepack, schema
    from graph.rejects import RejectsFile

    schema.apply(database)
    loaded = database.read(rulepack.loaded_packs())
    for name in rulepack.SHIPPED:
        pack = rulepack.shipped_pack(name)
        if loaded.get(name) != pack.hash:
            database.write(rulepack.save_pack(pack))
    tiers = database.read(rulepack.loaded_tiers())
    done: dict[str, int] = {}
    with RejectsFile(rejects) as rejects_file, progress_bar() as progress:

        def advance(table: str, rows: int) -> None:
            done[table] = done.get(table, 0) + rows
            progress(f"loading {table}", done[table], None)

        return loading.load(
            database,
            network,
            tiers=tiers,
            reject=rejects_file.add,
            progress=advance,
        )
