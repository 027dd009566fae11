"""`linkreach load`: a network in files into the graph."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.output import progress_bar, say
from api.own_exports import lines_about
from linkreach.session import Session

if TYPE_CHECKING:
    from linkreach.loading import Loaded

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
    format: Annotated[
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
    from graph.sources.linkedin.source import LinkedInSource, Reading
    from linkreach.loading import source_at

    own = Reading(owner, messages, drop_missing)
    with progress_bar() as progress:  # a wrong path is told before a server is started for it
        progress("opening the files", 0, None)
        source = source_at(
            path,
            format=format,
            assign_tiers=assign_tiers,
            seed=seed,
            own_exports=own if own != Reading() else None,
        )
    with Session(context.obj) as session, progress_bar() as progress:
        started = monotonic()
        if dry_run:
            loaded = session.dry_run(source, rejects=rejects, replace=replace, progress=progress)
        else:
            rejects = rejects or REJECTS
            loaded = session.load(source, rejects=rejects, replace=replace, progress=progress)
    _tell(loaded, "would be loaded so; it stays" if dry_run else "is", monotonic() - started)
    if rejects is not None and any(loaded.report.rejected.values()):
        say(f"the rejected rows are in {rejects}")
    if isinstance(source, LinkedInSource):
        for line in lines_about(source, loaded.report):
            say(line)


def _tell(loaded: Loaded, what: str, seconds: float) -> None:
    report = loaded.report
    for name in loaded.kept_packs:
        say(
            f"the pack {name} in the graph is another than the one that ships, and stays; for that one: "
            f"linkreach pack show {name} > {name}.toml, then linkreach pack load {name}.toml"
        )
    for table, rows in report.loaded.items():
        typer.echo(f"{table:<16}{rows:>12,} loaded{report.rejected[table]:>10,} rejected")
    if not any(report.loaded.values()):
        say("nothing could be loaded" if any(report.rejected.values()) else "there is nothing to load")
    say(f"the graph {what} at version {report.version}, after {seconds:.1f} s")
