"""`linkreach match`: a team's members against a list of targets."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.options import As, AsTier, At, Change, Column, Names, PackName, Raw, SkipUnknown
from api.output import emit, progress_bar, say, say_skipped
from api.tables import match_table
from graph.errors import InvalidInput
from linkreach.session import Session


def match(
    context: typer.Context,
    senders: Annotated[Path, typer.Option(metavar="FILE", help="Who wants to write: an id or a name a line.")],
    recipients: Annotated[Path, typer.Option(metavar="FILE", help="Who is to be reached, likewise.")],
    column: Column = None,
    unlock: Annotated[
        bool,
        typer.Option(
            "--unlock",
            help="Say for each pair that is not reachable what would open it, as linkreach unlock puts it first.",
        ),
    ] = False,
    introductions: Annotated[
        bool,
        typer.Option("--introductions", help="Say for each pair its best way, as linkreach introduce puts it first."),
    ] = False,
    skip_unknown: SkipUnknown = False,
    possible: Annotated[
        bool,
        typer.Option(
            "--possible", help="Say how many pairs are not reachable and possibly are; each has its row anyway."
        ),
    ] = False,
    engine: Annotated[
        str,
        typer.Option(
            metavar="ENGINE",
            help="What judges: cypher (pair by pair, in Neo4j), local (all at once, on this machine) or auto.",
        ),
    ] = "auto",
    snapshot: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Match in a saved snapshot, which has its pack, and not in the graph."),
    ] = None,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
    names: Names = False,
) -> None:
    """Judge every sender with every recipient, a row for each pair.

    In the order of the files; a pair of somebody with themselves is skipped.
    Long lists are judged all at once, and written as they are.
    """
    if snapshot is not None and (pack or names):
        raise InvalidInput("a snapshot has its pack and no names: leave out --pack and --names")
    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        with progress_bar() as progress:
            found = session.match(
                senders,
                recipients,
                world,
                column=column,
                engine=engine,
                snapshot=snapshot,
                unlocks=unlock,
                introductions=introductions,
                skip_unknown=skip_unknown,
                progress=progress,
            )
        emit(
            format,
            raw=raw,
            table=lambda: match_table(found, None if snapshot else partial(session.names, world)),
            frame=found.frames,
            document=lambda: map(found.form.document, found),
            named=partial(session.with_names, world=world) if names else None,
        )
    say(f"{found.size:,} pairs: {found.reachable:,} reachable, {found.reachable_free:,} of them free")
    if possible:
        say(f"{found.possible:,} more possibly, by what is not known")
    if found.skipped:
        say(f"{found.skipped:,} skipped, of somebody with themselves")
    say_skipped(found.unknown)
