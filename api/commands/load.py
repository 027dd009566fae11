"""`linkreach load`: a network in files into the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import embedded_server, graph_of
from api.output import progress_bar, say
from api.own_exports import HOW_TO_NAME_OWNERS, lines_about
from api.settings import Settings
from graph.errors import InvalidInput, UnknownOwners

if TYPE_CHECKING:
    from graph.driver.database import Database
    from graph.loading.loading import LoadReport
    from graph.server.server import Server
    from graph.sources.chunks import Reject, Source

REJECTS = Path("linkreach-rejects.csv")


def load(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="The folder of the network's files, or an edge list: a connection a line, without column names.",
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            "--from", metavar="FORMAT", help="auto (told from the files), native, ldbc, snap-ego, linkedin or edges."
        ),
    ] = "auto",
    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where rows that are set aside go, with file, line and reason.",
            show_default="linkreach-rejects.csv, with --dry-run nowhere",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check everything, print the counts, and write nothing.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Start from an empty graph: what it has goes first; rule packs stay.")
    ] = False,
    assign_tiers: Annotated[
        str | None,
        typer.Option(
            metavar="TIER=SHARE,…", help="For a format without tiers: give its members some, by shares that sum to 1."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="For --assign-tiers: another seed, other members.")] = 1,
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Whose LinkedIn archive it is: the address of their profile, or their id."
        ),
    ] = None,
    messages: Annotated[
        bool, typer.Option("--messages", help="Tell the strength of ties from who wrote to whom; texts are not read.")
    ] = False,
    drop_missing: Annotated[
        bool, typer.Option("--drop-missing", help="Take connections away that a newer archive no longer lists.")
    ] = False,
) -> None:
    """Load a network from its files into the graph.

    Adds and updates what the files say, sets bad rows aside, deletes nothing (but for --replace).
    Cut short, by whatever: load again, and the graph is the same as if nothing had happened.
    """
    settings: Settings = context.obj
    from graph.generate import sampling as draw
    from graph.sources import open_source
    from graph.sources.linkedin.source import LinkedInSource, Reading
    from graph.sources.settings import WithTiers

    own = Reading(owner, messages, drop_missing)
    try:  # a wrong path is told before a server is started for it
        with progress_bar() as progress:
            progress("opening the files", 0, None)
            network = open_source(path, source, own if own != Reading() else None)
    except UnknownOwners as error:
        raise InvalidInput(f"{error}: {HOW_TO_NAME_OWNERS}") from error
    if assign_tiers is not None:
        network = WithTiers(network, draw.read_shares(assign_tiers), seed)
    with graph_of(settings) as database:
        started = monotonic()
        if dry_run:
            report = try_network(database, network, rejects, replace=replace)
        else:
            rejects = rejects or REJECTS
            report = load_network(database, network, rejects, replace=replace, server=embedded_server(settings))
        for table, rows in report.loaded.items():
            typer.echo(f"{table:<16}{rows:>12,} loaded{report.rejected[table]:>10,} rejected")
        if not any(report.loaded.values()):
            say("nothing could be loaded" if any(report.rejected.values()) else "there is nothing to load")
        what = "would be loaded so; it stays" if dry_run else "is"
        say(f"the graph {what} at version {report.version}, after {monotonic() - started:.1f} s")
        if rejects is not None and any(report.rejected.values()):
            say(f"the rejected rows are in {rejects}")
        if isinstance(network, LinkedInSource):
            for line in lines_about(network, report):
                say(line)


def load_network(
    database: Database, network: Source, rejects: Path, *, replace: bool = False, server: Server | None = None
) -> LoadReport:
    """Puts the packs that ship into a graph without them, then loads the network.

    A pack of the same name that somebody has loaded stays, and is told.
    `server` is the embedded one behind `database`: with it, a large first load goes the fast way.
    """
    from graph.driver import schema
    from graph.loading import loading
    from graph.rules import rulepack
    from graph.sources.settings import WithTiers

    schema.apply(database)
    loaded = database.read(rulepack.loaded_packs())
    for name in rulepack.SHIPPED:
        if name not in loaded:
            database.write(rulepack.save_pack(rulepack.shipped_pack(name)))
        elif not rulepack.is_shipped(name, loaded[name]):
            say(
                f"the pack {name} in the graph is another than the one that ships, and stays; for that one: "
                f"linkreach pack show {name} > {name}.toml, then linkreach pack load {name}.toml"
            )
    tiers = database.read(rulepack.loaded_tiers())
    if isinstance(network, WithTiers):
        network.check(tiers)
    with _told("loading", rejects) as (reject, progress):
        return loading.load(
            database,
            network,
            tiers=tiers,
            reject=reject,
            progress=progress,
            replace=replace,
            server=server,
            say=say,
        )


def try_network(database: Database, network: Source, rejects: Path | None, *, replace: bool) -> LoadReport:
    """What loading the network would load and set aside, with the packs that ship; the graph stays as it is."""
    from graph.loading import loading
    from graph.rules import rulepack
    from graph.sources.settings import WithTiers

    shipped = {tier for name in rulepack.SHIPPED for tier in rulepack.shipped_pack(name).tiers}
    tiers = database.read(rulepack.loaded_tiers()) | shipped
    if isinstance(network, WithTiers):
        network.check(tiers)
    with _told("reading", rejects) as (reject, progress):
        return loading.dry_run(database, network, tiers=tiers, reject=reject, progress=progress, replace=replace)


@contextmanager
def _told(doing: str, rejects: Path | None) -> Iterator[tuple[Callable[[Reject], None], Callable[[str, int], None]]]:
    """What hears of rejected rows, and of rows that are done, table by table."""
    from graph.loading.rejects import RejectsFile

    done: dict[str, int] = {}
    with progress_bar() as progress, RejectsFile(rejects) if rejects else nullcontext() as file:

        def advance(table: str, rows: int) -> None:
            done[table] = done.get(table, 0) + rows
            progress(f"{doing} {table}", done[table], None)

        yield file.add if file else lambda _: None, advance
