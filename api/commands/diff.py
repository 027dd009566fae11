"""`linkreach diff`: which pairs are gained and lost between two worlds, and why."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.differences import limits_of, put_differences, tier_after
from api.options import (
    AsTier,
    At,
    Engine,
    FailIf,
    Free,
    Html,
    Master,
    Pairs,
    Raw,
    Segments,
    Threads,
    instant,
)
from api.output import progress_bar
from api.report.file import require_place, write_page_of
from graph.errors import InvalidInput
from linkreach.session import Session


def diff(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to write the tables into.")] = None,
    html: Html = None,
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The world before is this snapshot; default: the graph, as it is now."),
    ] = None,
    to_snapshot: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The world after is this snapshot, by its own pack.")
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(
            metavar="PACK",
            help="The rule pack before: a name, or a file, which need not be loaded; "
            "default: LINKREACH_PACK, else article; of a snapshot its own.",
        ),
    ] = None,
    to_pack: Annotated[str | None, typer.Option(metavar="PACK", help="The rule pack after.")] = None,
    at: At = None,
    to_at: Annotated[datetime | None, typer.Option(parser=instant, metavar="TIME", help="The instant after.")] = None,
    as_tier: AsTier = None,
    to_as_tier: Annotated[
        str | None, typer.Option(metavar="TIER", help="The tier to ask as after; own: their own again.")
    ] = None,
    change: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="The world after is as if this change were loaded: native files, and in remove/ what goes.",
        ),
    ] = None,
    by: Segments = None,
    free: Free = False,
    pairs: Pairs = None,
    fail_if: FailIf = None,
    engine: Engine = "auto",
    threads: Threads = None,
    master: Master = None,
    raw: Raw = False,
) -> None:
    """Say which pairs two worlds gain and lose, and what causes it.

    What the world after does not say is as before.
    Beside the tables, manifest.json says what they were made from; a page says it itself.

    Exit code: 0 done, 1 beyond a limit of --fail-if, 2 an error.
    """
    from linkreach.reporting import EngineChoice

    limits = limits_of(fail_if)
    if out is None and html is None:
        raise InvalidInput("say where the files go: --out DIR, or --html FILE for a page")
    if html is not None:
        require_place(html)
    choice = EngineChoice(engine, threads, master)
    with Session(context.obj) as session, progress_bar() as progress:
        before = session.world(at=at, pack=pack, as_tier=as_tier, snapshot=snapshot)
        after = session.world(
            at=to_at or before.at,
            pack=to_pack or pack,
            as_tier=tier_after(to_as_tier, as_tier),
            change=change,
            snapshot=to_snapshot or snapshot,
        )
        done = session.diff(
            before,
            after,
            by=by or "tier",
            is_free=free,
            choice=choice,
            out=out,
            pairs=pairs,
            beside=html,
            examples=html is not None,
            raw=raw,
            progress=progress,
        )
        if html is not None:
            from api.report.difference import difference_page
            from api.report.leading import no_names

            of_graph = next((world for world in (after, before) if world.snapshot is None), None)
            ask_names = no_names if of_graph is None else partial(session.names, of_graph)
            write_page_of(html, difference_page, done, ask_names)
    put_differences(done, limits, *([] if html is None else [html]))
