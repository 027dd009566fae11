"""What differs between two worlds: each made ready to be counted, both counted at once, and what is written of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from analysis.bulk.difference_engine import DifferenceCounter, blocks_of, differences_of
from analysis.bulk.differences import DifferenceTally, count_differences
from analysis.bulk.flips import SCHEMA, flips
from analysis.bulk.two_worlds import CountedWorld, PlacedWorlds, TwoWorlds, build_two_worlds
from analysis.differences import Differences, require_room_for_differences
from analysis.files import change_told, csv_text, write_tables
from graph.driver.database import Database
from graph.errors import InvalidInput, OtherSegments, UnknownPack, UnknownTier
from graph.files.private import create_private, make_private_folder, staging
from graph.files.regular import require_replaceable
from graph.instants import instant_text
from graph.questions.diagnosis import loaded_pack
from graph.rules.loaded_pack import LoadedPack
from graph.rules.redaction import AUDITOR
from graph.rules.rule_pack import SHIPPED, is_file, read_pack, shipped_pack
from graph.snapshot.projection import project
from graph.snapshot.snapshot import Snapshot
from graph.world import World
from linkreach.asking import supposed
from linkreach.progress import Progress, untold
from linkreach.reporting import CYPHER, ON_THIS_MACHINE, SPARK, EngineChoice

TIER = "tier"
_EXAMPLE_SENDERS, _EXAMPLES_EACH = 50, 20
_LOCALLY = EngineChoice()


@dataclass(frozen=True, slots=True)
class Differed:
    """What differs between two worlds, what it was made from, and the files that it is in.

    `same`: the two worlds are one and the same, so that nothing can differ.
    `examples`: where they were asked for, some of the pairs that change, as the file of all pairs has them.
    """

    differences: Differences
    manifest: Mapping[str, Any]
    same: bool
    files: tuple[Path, ...]
    examples: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two worlds that are ready to be counted; `by` is the column that makes segments."""

    before: CountedWorld
    after: CountedWorld
    worlds: tuple[World, World]
    by: str
    is_free: bool

    @property
    def same(self) -> bool:
        """Whether the two worlds are one and the same."""
        return self.before == self.after

    def placed(self) -> PlacedWorlds:
        """Both worlds as arrays; raises TooManySegments."""
        return build_two_worlds(self.before, self.after, by=self.by, is_free=self.is_free)

    def manifest(self, differences: Differences, engine: str) -> dict[str, Any]:
        """What a difference was made from, and what came of it."""
        return {
            "program_version": version("linkreach"),
            "engine": engine,
            "before": _described(self.before, self.worlds[0]),
            "after": _described(self.after, self.worlds[1]),
            "free": self.is_free,
            "by": self.by,
            "totals": differences.totals._asdict(),
            "rows": {name: len(frame) for name, frame in differences.frames(AUDITOR).items()},
        }


def comparison(
    graph: Callable[[], Database],
    before: World,
    after: World,
    *,
    by: str = TIER,
    is_free: bool = False,
    progress: Progress = untold,
) -> Comparison:
    """Makes two worlds ready: reads the graph once, or the snapshots that they name, their packs and their changes.

    `graph` is asked for where a world is the graph's.
    Raises UnknownPack, InvalidPack, UnknownTier, UndefinedTiers, InvalidSnapshot, OtherSegments, RejectedRow, and what
    `project` raises.
    """
    opened: dict[Path | None, Snapshot] = {}

    def counted(world: World) -> CountedWorld:
        if world.snapshot not in opened and world.snapshot is not None:
            opened[world.snapshot] = _opened(world.snapshot, by)
        pack = _pack(graph, world, None if world.snapshot is None else opened[world.snapshot])
        if world.snapshot not in opened:
            opened[None] = project(graph(), world, by=by, pack=pack, progress=progress)
        if world.as_tier is not None and world.as_tier not in pack.tiers:
            raise UnknownTier(world.as_tier, pack.name, pack.tiers)
        return CountedWorld(supposed(opened[world.snapshot].under(pack), world), world.at, world.as_tier)

    return Comparison(counted(before), counted(after), (before, after), by, is_free)


def differ(
    compared: Comparison,
    *,
    choice: EngineChoice = _LOCALLY,
    out: Path | None = None,
    pairs: Path | None = None,
    raw: bool = False,
    examples: bool = False,
    progress: Progress = untold,
) -> Differed:
    """Counts what differs, and writes its tables into the folder `out`, and every pair into the file `pairs`.

    `examples`: of the members who gain or lose most, give some pairs back.
    Raises TooManySegments, SparkMissing and SparkFailed; InvalidInput where Cypher is chosen.
    """
    if choice.name == CYPHER:
        raise InvalidInput("a difference is counted by the local engine or Spark, and not by Cypher")
    placed = compared.placed()
    differences = differences_of(placed, _counter(choice, progress))
    manifest = compared.manifest(differences, SPARK if choice.name == SPARK else "local")
    files: list[Path] = []
    with _pairs_file(pairs, placed, differences, raw, progress) as written:
        if out is not None:
            files += write_tables(out, differences.frames(AUDITOR), manifest, raw=raw)
        if pairs is not None:
            files.append(written.replace(pairs))
    some = _examples(placed, differences) if examples else SCHEMA.empty_table().to_pandas()
    return Differed(differences, manifest, compared.same, tuple(files), some)


def require_room(out: Path | None, pairs: Path | None, beside: Path | None) -> None:
    """Returns where files can be written there, and `beside` may be in the folder, too.

    Raises InvalidInput and OSError, and leaves nothing behind.
    """
    if pairs is not None:
        if pairs.suffix not in _WRITTEN_AS:
            raise InvalidInput(f"{pairs}: pairs are written as Parquet or CSV; name a file that ends in one of these")
        require_replaceable(pairs)
    if out is not None:
        require_room_for_differences(out, *(file for file in (pairs, beside) if file is not None))


def _opened(folder: Path, by: str) -> Snapshot:
    snapshot = Snapshot.open(folder)
    if by not in (TIER, snapshot.by):
        raise OtherSegments(folder, snapshot.by, by)
    return snapshot


def _pack(graph: Callable[[], Database], world: World, snapshot: Snapshot | None) -> LoadedPack:
    """The pack of a world: a file's, the snapshot's own, one that ships, or one in the graph."""
    if is_file(world.pack):
        return read_pack(Path(world.pack)).as_loaded()
    if snapshot is None:
        return graph().read(loaded_pack(world.pack))
    if world.pack in ("", snapshot.pack.name):
        return snapshot.pack
    if world.pack in SHIPPED:
        return shipped_pack(world.pack).as_loaded()
    raise UnknownPack(world.pack, sorted({snapshot.pack.name, *SHIPPED}))


def _described(counted: CountedWorld, world: World) -> dict[str, Any]:
    return {
        "graph_version": counted.snapshot.version,
        "pack": counted.snapshot.pack.name,
        "pack_hash": counted.snapshot.pack.hash,
        "at": instant_text(counted.at),
        "as_tier": counted.as_tier,
        "members": counted.snapshot.members.num_rows,
        **change_told(world),
    }


def _counter(choice: EngineChoice, progress: Progress) -> DifferenceCounter:
    def counted_here(worlds: TwoWorlds) -> DifferenceTally:
        told = partial(progress, "counting blocks")
        return count_differences(worlds, blocks_of(worlds), threads=choice.threads, progress=told)

    def counted_on_spark(worlds: TwoWorlds) -> DifferenceTally:
        from analysis.distributed import spark_cluster

        told = partial(progress, "tasks on Spark")
        with spark_cluster(choice.master or ON_THIS_MACHINE, progress=told) as cluster:
            return cluster.count_differences(worlds)

    return counted_on_spark if choice.name == SPARK else counted_here


def _examples(placed: PlacedWorlds, differences: Differences) -> pd.DataFrame:
    """The first pairs of each of the members who gain or lose most."""
    changes = (differences.members["gained"] + differences.members["lost"]).to_numpy("int64")
    most = np.argsort(-changes, kind="stable")[:_EXAMPLE_SENDERS]
    wanted = np.zeros_like(changes)
    wanted[most] = changes[most]
    found = [_first_of_each(batch.to_pandas()) for batch in flips(placed, wanted)]
    return _first_of_each(pd.concat([SCHEMA.empty_table().to_pandas(), *found], ignore_index=True))


def _first_of_each(pairs: pd.DataFrame) -> pd.DataFrame:
    return pairs.groupby("sender", sort=False).head(_EXAMPLES_EACH).reset_index(drop=True)


@contextmanager
def _pairs_file(
    pairs: Path | None, placed: PlacedWorlds, differences: Differences, raw: bool, progress: Progress
) -> Iterator[Path]:
    """Every pair that changes in a file beside the one that is wanted, ready to be moved there."""
    if pairs is None:
        yield Path()
        return
    make_private_folder(pairs.parent)
    changes = (differences.members["gained"] + differences.members["lost"]).to_numpy("int64")
    with staging(pairs.parent) as stage:
        write = _WRITTEN_AS[pairs.suffix]
        write(stage / pairs.name, flips(placed, changes, progress=partial(progress, "writing pairs")), raw)
        yield stage / pairs.name


def _write_parquet(path: Path, batches: Iterator[pa.RecordBatch], _raw: bool) -> None:
    with create_private(path) as file, parquet.ParquetWriter(file, SCHEMA) as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_csv(path: Path, batches: Iterator[pa.RecordBatch], raw: bool) -> None:
    with create_private(path) as file:
        file.write(csv_text(SCHEMA.empty_table().to_pandas(), raw=raw).encode())
        for batch in batches:
            file.write(csv_text(batch.to_pandas(), raw=raw, header=False).encode())


_WRITTEN_AS = {".parquet": _write_parquet, ".csv": _write_csv}
