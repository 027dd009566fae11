"""`linkreach reach-sets`: whom many senders reach, one by one, in a file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.connection import graph_of
from api.options import At, PackName, instant
from api.output import progress_bar, say
from api.settings import Settings
from graph.errors import InvalidInput, UnknownMember

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from graph.snapshot.snapshot import Snapshot


def reach_sets(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The Parquet file to write.")],
    member: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A sender; may repeat. Default: everybody.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Take the senders of a segment of this column (tier: the effective one) …"),
    ] = None,
    segment: Annotated[str | None, typer.Option(metavar="VALUE", help="… which has this value.")] = None,
    degree: Annotated[
        int | None, typer.Option(min=1, max=3, help="Recipients at most this far away; everybody's sets need 1 or 2.")
    ] = None,
    at: At = None,
    pack: PackName = None,
) -> None:
    """Write whom many senders reach, one by one.

    A row for each pair that is reachable: sender, recipient, degree and channels, in the order of the ids.
    Computed at once, by the bulk engine.
    """
    settings: Settings = context.obj
    if (by is None) != (segment is None):
        raise InvalidInput("a segment is a column and its value: say both --by and --segment")
    if member and by:
        raise InvalidInput("say either whose sets with --member, or a segment")
    if not (member or by) and degree not in (1, 2):
        raise InvalidInput(
            "everybody's sets would be nearly all pairs in most networks: say --degree 1 or 2, --member or a segment"
        )
    if file.suffix != ".parquet":
        raise InvalidInput(f"{file}: the sets are written as Parquet; name a file that ends in .parquet")
    from graph.snapshot.projection import project

    with graph_of(settings) as database, progress_bar() as progress:
        snapshot = project(database, pack=pack or settings.pack, by=by or "tier", progress=progress)
    moment = instant(at)
    rows = _written(file, snapshot, _senders(snapshot, member or [], segment, moment), moment, degree)
    say(f"{rows:,} pairs that are reachable are in {file}")


def _senders(snapshot: Snapshot, members: list[str], segment: str | None, at: datetime) -> NDArray[np.int64]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from analysis.bulk.traits import People

    ids = snapshot.members["id"]
    if members:
        rows = pc.index_in(pa.array(members, ids.type), value_set=ids)
        for id, row in zip(members, rows.to_pylist(), strict=True):
            if row is None:
                raise UnknownMember(id)
        return np.unique(rows.to_numpy().astype(np.int64))
    if segment is None:
        return np.arange(len(ids), dtype=np.int64)
    if snapshot.by == "tier":
        held = np.flatnonzero(np.array(snapshot.pack.tiers, object)[People(snapshot, at).tier] == segment)
    else:
        held = np.flatnonzero(pc.equal(snapshot.members["segment"].cast(pa.string()), segment).to_numpy())
    if not len(held):
        raise InvalidInput(f"nobody's {snapshot.by} is {segment!r}")
    return held


def _written(file: Path, snapshot: Snapshot, senders: NDArray[np.int64], at: datetime, degree: int | None) -> int:
    from pyarrow import parquet

    from analysis.bulk.sets import SCHEMA, reached

    part = file.with_name(file.name + ".part")
    rows = 0
    try:
        with parquet.ParquetWriter(part, SCHEMA) as writer, progress_bar() as progress:
            told = partial(progress, "senders")
            for batch in reached(snapshot, senders, at=at, max_degree=degree, progress=told):
                writer.write_batch(batch)
                rows += batch.num_rows
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return rows
