"""`linkreach report`: CSV files about the whole graph."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import graph_of
from api.options import At, PackName, instant
from api.output import show
from api.reporting import AUTO, CYPHER, ENGINES, bulk_engine, make_reports, report_engine
from api.settings import Settings
from graph.errors import InvalidInput

if TYPE_CHECKING:
    from rich.console import RenderableType

    from analysis.reports import Report

ALL = "all"
LIST = "list"


def report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A report's name; all; or list, which describes them.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to write NAME.csv into.")] = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="ENGINE",
            help="What computes: local (everybody at once, on this machine), spark (the same on many), "
            "cypher (pair by pair, in Neo4j); auto chooses cypher or local by the size of the graph.",
        ),
    ] = AUTO,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="The column of members that makes the segments of segment_matrix.",
            show_default="tier, the effective one",
        ),
    ] = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Report on a snapshot that linkreach snapshot saved; needs no Neo4j."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of the local engine.", show_default="one a processor")
    ] = None,
    master: Annotated[
        str | None, typer.Option(metavar="URL", help="Of Spark.", show_default="local[*], which is this machine")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Judge all pairs also of a large network in Cypher.")] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Leave cells that a spreadsheet would run as they are, without a '.")
    ] = False,
    at: At = None,
    pack: PackName = None,
) -> None:
    """Write reports about everybody as CSV files.

    Beside them, manifest.json says what they were made from.
    """
    settings: Settings = context.obj
    from analysis.reports import REPORTS

    if name == LIST:
        show(_questions(REPORTS.values()))
        return
    if name != ALL and name not in REPORTS:
        raise InvalidInput(f"there is no report {name!r}: use all or one of {', '.join(REPORTS)}")
    if engine not in ENGINES:
        raise InvalidInput(f"there is no engine {engine!r}: use one of {', '.join(ENGINES)}")
    if out is None:
        raise InvalidInput("say where the files go: --out DIR")
    if out.exists() and not out.is_dir():
        raise InvalidInput(f"{out} is not a folder: choose another --out")
    if snapshot is not None and (engine == CYPHER or pack or by):
        raise InvalidInput("a snapshot has its pack and its segments, and no Cypher: leave these options out")
    names = list(REPORTS) if name == ALL else [name]
    if snapshot is not None:
        from graph.snapshot.snapshot import Snapshot

        _, files = make_reports(
            partial(
                bulk_engine,
                Snapshot.open(snapshot),
                at=instant(at),
                engine=engine,
                threads=threads,
                master=master,
            ),
            names,
            out,
            raw=raw,
        )
    else:
        with graph_of(settings) as database:
            make_engine = partial(
                report_engine,
                database,
                at=instant(at),
                pack=pack or settings.pack,
                by=by or "tier",
                engine=engine,
                threads=threads,
                master=master,
                force=force,
            )
            _, files = make_reports(make_engine, names, out, raw=raw)
    for file in files:
        typer.echo(file)


def _questions(reports: Iterable[Report]) -> RenderableType:
    from rich.table import Table

    table = Table.grid(padding=(0, 3, 0, 0))
    for each in reports:
        table.add_row(each.name, each.question)
    return table
