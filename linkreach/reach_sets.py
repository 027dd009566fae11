"""Whom many senders reach, one by one, in a file: counted at once, by the bulk engine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from analysis.bulk.sets import SCHEMA, reached
from analysis.bulk.traits import People
from graph.driver.database import Database
from graph.errors import InvalidInput
from graph.files.private import create_private, staging
from graph.files.regular import require_replaceable
from graph.snapshot.projection import project
from graph.snapshot.snapshot import Snapshot
from graph.world import World
from linkreach.asking import asking, supposed
from linkreach.naming import ID_COLUMNS, members_meant, names_of
from linkreach.progress import Progress, untold


@dataclass(frozen=True, slots=True)
class Senders:
    """Whose sets are wanted: `members` by id, or those of a `segment` of the column `by`, or else everybody."""

    members: tuple[str, ...] = ()
    by: str | None = None
    segment: str | None = None

    def __post_init__(self) -> None:
        if (self.by is None) != (self.segment is None):
            raise InvalidInput("a segment is a column and its value: say both")
        if self.members and self.by:
            raise InvalidInput("say either whose sets are wanted, or a segment")

    @property
    def everybody(self) -> bool:
        """Whether nobody is named."""
        return not (self.members or self.by)


def write_reach_sets(
    database: Database,
    file: Path,
    senders: Senders,
    world: World,
    *,
    max_degree: int | None = None,
    with_names: bool = False,
    progress: Progress = untold,
) -> int:
    """Writes a Parquet file with a row for each reachable pair of these senders; returns how many there are.

    Columns: sender, recipient, degree, channels; `with_names` also sender_name and recipient_name, each behind its id.
    `max_degree` 1 to 3: recipients at most so far away.
    Raises InvalidInput where everybody's sets are asked for farther than two steps, or the file is named otherwise;
    UnknownMember, SeveralMembers, UnknownColumn, OSError where it cannot be written there, and what `project` raises.
    """
    if senders.everybody and max_degree not in (1, 2):
        raise InvalidInput(
            "everybody's sets would be nearly all pairs in most networks: ask for degree 1 or 2, members or a segment"
        )
    if file.suffix != ".parquet":
        raise InvalidInput(f"{file}: the sets are written as Parquet; name a file that ends in .parquet")
    require_replaceable(file)
    with staging(file.parent) as stage:
        with asking(database, world) as graph:
            meant = members_meant(graph, senders.members)
        senders = replace(senders, members=tuple(meant.get(member, member) for member in senders.members))
        snapshot = supposed(project(database, world, by=senders.by or "tier", progress=progress), world)
        rows = _rows_of(snapshot, senders, world)
        naming = _Naming.of(database, world, snapshot.members["id"]) if with_names else None
        part = stage / file.name
        written = 0
        schema = SCHEMA if naming is None else naming.schema
        with create_private(part) as binary, parquet.ParquetWriter(binary, schema) as writer:
            told = partial(progress, "senders")
            for batch in reached(snapshot, rows, at=world.at, max_degree=max_degree, progress=told):
                writer.write_batch(batch if naming is None else naming.named(batch))
                written += batch.num_rows
        part.replace(file)
    return written


def _rows_of(snapshot: Snapshot, senders: Senders, world: World) -> NDArray[np.int64]:
    """The rows of these senders in the snapshot."""
    if senders.members:
        return np.unique(snapshot.rows_of(senders.members))
    if senders.segment is None:
        return np.arange(snapshot.members.num_rows, dtype=np.int64)
    if snapshot.by == "tier":
        tiers = np.array(snapshot.pack.tiers, object)[People(snapshot, world.at).tier]
        held = np.flatnonzero(tiers == senders.segment)
    else:
        segments = snapshot.members["segment"].cast(pa.string())
        held = np.flatnonzero(pc.equal(segments, senders.segment).to_numpy())
    if not len(held):
        raise InvalidInput(f"nobody's {snapshot.by} is {senders.segment!r}")
    return held


@dataclass(frozen=True, slots=True)
class _Naming:
    """Puts names behind ids: `names` has a member's name, or null, at the place that `ids` has the id at."""

    ids: pa.Array
    names: pa.Array

    @classmethod
    def of(cls, database: Database, world: World, ids: pa.ChunkedArray) -> Self:
        texts = ids.to_pylist()
        with asking(database, world) as graph:
            called = names_of(graph, members=texts).members
        return cls(ids.combine_chunks(), pa.array([called.get(id) for id in texts], pa.large_string()))

    @property
    def schema(self) -> pa.Schema:
        fields = []
        for field in SCHEMA:
            fields.append(field)
            if field.name in ID_COLUMNS:
                fields.append(pa.field(f"{field.name}_name", pa.large_string()))
        return pa.schema(fields)

    def named(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        columns = []
        for field, column in zip(batch.schema, batch.columns, strict=True):
            columns.append(column)
            if field.name in ID_COLUMNS:
                columns.append(self.names.take(pc.index_in(column, value_set=self.ids)))
        return pa.record_batch(columns, schema=self.schema)
