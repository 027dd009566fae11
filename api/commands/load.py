"""`linkreach load`: a network in files into the graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.output import progress_bar, put, say
from api.own_exports import say_of_own_exports
from graph.errors import InvalidInput
from linkreach.session import Session

if TYPE_CHECKING:
    from graph.loading.loading import LoadReport
    from linkreach.loading import Loaded

REJECTS = Path("linkreach-rejects.csv")
NOTHING_LOADED = 2

_UNREAD = "–"


def load(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help=(
                "The folder of the network's files, a zip or workbook of them, an edge list, a graph in a file, "
                "or LinkedIn archives."
            ),
        ),
    ],
    format: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="FORMAT",
            help=(
                "auto (told from the files), native, ldbc, snap-ego, linkedin, edges, konect, graphml, gexf, gml "
                "or pajek."
            ),
        ),
    ] = "auto",
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=N,…",
            help="For an edge list: which column holds what, counted from 1: a=1,b=2, and since and strength.",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="For text that is neither UTF-8 nor UTF-16 with its mark: cp1252, …"),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say which file would be read as what, and end; no graph is asked or changed."),
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where rows that are set aside go, with file, line and reason.",
            show_default="linkreach-rejects.csv, with --dry-run and --explain nowhere",
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
            metavar="ADDRESS", help="For a LinkedIn archive: whose it is, by the address of their profile or their id."
        ),
    ] = None,
    messages: Annotated[
        bool,
        typer.Option(
            "--messages",
            help="For LinkedIn archives: the strength of ties from who wrote to whom; texts are not read.",
        ),
    ] = False,
    drop_missing: Annotated[
        bool,
        typer.Option(
            "--drop-missing", help="For LinkedIn archives: take connections away that the last one no longer lists."
        ),
    ] = False,
) -> None:
    """Load a network from its files into the graph.

    Adds and updates what the files say, sets bad rows aside, deletes nothing (but for --replace).
    Cut short, by whatever: load again, and the graph is the same as if nothing had happened.
    """
    from graph.sources.chunks import Hints, OwnExports
    from linkreach.loading import explained, source_at

    hints = Hints(encoding, {} if columns is None else _columns(columns), owner, messages, drop_missing)
    with progress_bar() as progress:
        progress("opening the files", 0, None)
        # A wrong path is told before a server is started for it.
        source = source_at(path, format=format, hints=hints, assign_tiers=assign_tiers, seed=seed)
    if explain:
        with progress_bar() as progress:
            report = explained(source, rejects=rejects, progress=progress)
        _tell(report, of_graph=False)
        if isinstance(source, OwnExports):
            say_of_own_exports(source, report)
        return
    with Session(context.obj) as session, progress_bar() as progress:
        started = monotonic()
        if dry_run:
            loaded = session.dry_run(source, rejects=rejects, replace=replace, progress=progress)
        else:
            rejects = rejects or REJECTS
            loaded = session.load(source, rejects=rejects, replace=replace, progress=progress)
    report = loaded.report
    _tell_packs(loaded)
    _tell(report, of_graph=True)
    what = "would be loaded so; it stays" if dry_run else "is"
    say(f"the graph {what} at version {report.version}, after {monotonic() - started:.1f} s")
    if isinstance(source, OwnExports):
        say_of_own_exports(source, report)
    if rejects is not None and any(report.rejected.values()):
        say(f"the rejected rows are in {rejects}")
    if not any(report.loaded.values()):
        say("nothing could be loaded" if any(report.rejected.values()) else "there is nothing to load")
        raise typer.Exit(NOTHING_LOADED)


def _tell_packs(loaded: Loaded) -> None:
    for name in loaded.kept_packs:
        say(
            f"the pack {name} in the graph is another than the one that ships, and stays; for that one: "
            f"linkreach pack show {name} --shipped > {name}.toml, then linkreach pack load {name}.toml"
        )


def _columns(text: str) -> dict[str, int]:
    from linkreach.loading import read_columns

    try:
        return read_columns(text)
    except InvalidInput as error:
        raise InvalidInput(f"--columns: {error}") from error


def _tell(report: LoadReport, *, of_graph: bool) -> None:
    """Prints what became of each file: a row for each table in it, and below it what else there is to know."""
    for line in table_of(report, of_graph=of_graph):
        put(line.rstrip())


def table_of(report: LoadReport, *, of_graph: bool) -> Iterator[str]:
    """The lines of the table. A note is never cut or folded: it may be as long as it has to be."""
    from linkreach.loading import read_files

    rows: list[tuple[str, str, str, str, str]] = []
    for each in read_files(report):
        first, *further = each.notes or ("",)
        counts = ("", "") if each.table is None else (f"{each.loaded:,}", f"{each.rejected:,}")
        rows.append((each.file, each.table or _UNREAD, *counts, first))
        rows += [("", _UNREAD if each.table is None else "", "", "", text) for text in further]
    headings = ("file", "read as", "loaded" if of_graph else "rows", "set aside", "not read, and what else to know")
    widths = [max(map(len, cells)) for cells in zip(headings, *rows, strict=True)]
    for cells in (headings, *rows):
        file, table, loaded, aside, text = (
            cell.rjust(width) if place in (2, 3) else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        yield f"{file}   {table}   {loaded}   {aside}   {text}"
