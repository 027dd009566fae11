"""`linkreach snapshot`: the graph as arrays in files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import PackName
from api.output import progress_bar, say
from linkreach.session import Session


def snapshot(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the files go; an older snapshot is replaced.")
    ],
    by: Annotated[
        str, typer.Option(metavar="COLUMN", help="The column of members that makes the segments of segment_matrix.")
    ] = "tier",
    pack: PackName = None,
) -> None:
    """Save the graph as it is now, to report on it again.

    With one pack, as Arrow files, which pandas, Polars and DuckDB open too.
    linkreach report --snapshot FOLDER needs no Neo4j.
    """
    with Session(context.obj) as session, progress_bar() as progress:
        saved = session.snapshot(session.world(pack=pack), by=by, out=folder, progress=progress)
    say(
        f"{saved.members.num_rows:,} members and {saved.connections:,} connections of graph version {saved.version}, "
        f"with pack {saved.pack.name}, are in {folder}"
    )
