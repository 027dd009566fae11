"""`linkreach report`: CSV files about the whole graph."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.options import At, Change, Html, Names, PackName, Raw
from api.output import progress_bar, put, say, show
from api.report.file import require_place, write_page_of
from graph.errors import InvalidInput
from linkreach.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

ALL = "all"
LIST = "list"


def report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A report's name; all; or list, which describes them.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to write NAME.csv into.")] = None,
    html: Html = None,
    engine: Annotated[
        str,
        typer.Option(
            metavar="ENGINE",
            help="What computes: local (everybody at once, on this machine), spark (the same on many), "
            "cypher (pair by pair, in Neo4j); auto chooses cypher or local by the size of the graph.",
        ),
    ] = "auto",
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
    sample: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Count against N recipients, drawn by tier, instead of all: estimates, each with its standard error.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="What the recipients are drawn from.")] = 1,
    raw: Raw = False,
    names: Names = False,
    at: At = None,
    pack: PackName = None,
    change: Change = None,
) -> None:
    """Write reports about everybody, as CSV files or a page to send.

    Beside the files, manifest.json says what they were made from; the page says it itself.
    """
    from analysis.estimates import Sample
    from linkreach.reporting import EngineChoice

    if name == LIST:
        show(_questions())
        return
    choice = EngineChoice(engine, threads, master, force, None if sample is None else Sample(sample, seed))
    if out is None and html is None:
        raise InvalidInput("say where the files go: --out DIR, or --html FILE for a page")
    if snapshot is not None and (pack or by):
        raise InvalidInput("a snapshot has its pack and its segments: leave out --pack and --by")
    if snapshot is not None and names:
        raise InvalidInput("a snapshot has no names: leave out --names")
    if html is not None:
        require_place(html)
    with Session(context.obj) as session, progress_bar() as progress:
        world = session.world(at=at, pack=pack, change=change)
        done = session.reports(
            _names(name, sampled=sample is not None),
            world,
            by=by or "tier",
            choice=choice,
            snapshot=snapshot,
            out=out,
            raw=raw,
            with_names=names,
            progress=progress,
        )
        if html is not None:
            from api.report.leading import no_names
            from api.report.reports import report_page

            ask_names = partial(session.names, world) if snapshot is None else no_names
            write_page_of(html, report_page, done, ask_names)
    reports = "1 report" if len(done.frames) == 1 else f"{len(done.frames)} reports"
    say(f"{reports} on graph version {done.graph_version}, pack {done.pack}")
    for file in (*done.files, *([html] if html is not None else [])):
        put(file)


def _names(name: str, *, sampled: bool) -> list[str]:
    from analysis.reports import REPORTS
    from linkreach.reporting import estimated_reports

    if name != ALL:
        return [name]
    if not sampled:
        return list(REPORTS)
    left_out = [each for each in REPORTS if each not in estimated_reports()]
    say(f"left out, as a sample of recipients says nothing of them: {', '.join(left_out)}")
    return list(estimated_reports())


def _questions() -> RenderableType:
    from rich.table import Table

    from analysis.reports import REPORTS

    table = Table.grid(padding=(0, 3, 0, 0))
    for each in REPORTS.values():
        table.add_row(each.name, each.question)
    return table
