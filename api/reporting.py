"""Runs reports: the engine that computes them, and the files they end in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from api.output import progress_bar, say

if TYPE_CHECKING:
    import pandas as pd

    from analysis.bulk.kernel import Wanted
    from analysis.bulk.network import Network
    from analysis.bulk.tally import Tally
    from analysis.engine import Engine
    from graph.driver.database import Database
    from graph.snapshot.snapshot import Snapshot

AUTO, CYPHER, LOCAL, SPARK = "auto", "cypher", "local", "spark"
ENGINES = (AUTO, CYPHER, LOCAL, SPARK)
ON_THIS_MACHINE = "local[*]"

# Where both take as long: Cypher plans its statements first, the other engine reads its compiled kernel.
CYPHER_UP_TO = 50

# What is done, how much of it, and of how much.
Progress = Callable[[str, int, int], None]


def report_engine(
    database: Database,
    *,
    at: datetime,
    pack: str,
    by: str = "tier",
    engine: str = AUTO,
    threads: int | None = None,
    master: str | None = None,
    force: bool = False,
    frames: Collection[str] = (),
    progress: Progress,
) -> Engine:
    """The engine that computes reports, one of ENGINES; `frames` are those that will be asked of it.

    `threads` is for the local engine, `master` for Spark, `force` for Cypher.
    Raises what it refuses: UnknownPack, UnknownTier, UnknownColumn, TooLarge, GraphChanged.
    """
    from graph.questions.members import size

    if engine == CYPHER or (engine == AUTO and database.read(size()) <= CYPHER_UP_TO):
        from graph.questions.cypher_engine import CypherEngine

        def advance(statement: str, done: int, total: int) -> None:
            progress(statement.rpartition("/")[2].replace("_", " "), done, total)

        return CypherEngine(database, at=at, pack=pack, progress=advance, by=by, force=force)
    from graph.snapshot.projection import project

    snapshot = project(database, pack=pack, by=by, progress=progress)
    return bulk_engine(snapshot, at=at, engine=engine, threads=threads, master=master, frames=frames, progress=progress)


def bulk_engine(
    snapshot: Snapshot,
    *,
    at: datetime,
    engine: str = LOCAL,
    threads: int | None = None,
    master: str | None = None,
    frames: Collection[str] = (),
    progress: Progress,
) -> Engine:
    """The engine that counts everybody at once, on this machine or, as SPARK, on those of `master`.

    Raises, when it counts, SparkMissing and SparkFailed.
    """
    from analysis.bulk.engine import BulkEngine
    from analysis.bulk.run import blocks_of, count

    def counted_here(network: Network, wanted: Wanted) -> Tally:
        return count(
            network, blocks_of(network), wanted, threads=threads, progress=partial(progress, "counting blocks")
        )

    def counted_on_spark(network: Network, wanted: Wanted) -> Tally:
        from analysis.distributed import spark_counter

        with spark_counter(master or ON_THIS_MACHINE, progress=partial(progress, "tasks on Spark")) as counter:
            return counter(network, wanted)

    if engine == SPARK:
        return BulkEngine(snapshot, at=at, frames=frames, counter=counted_on_spark, name=SPARK)
    return BulkEngine(snapshot, at=at, frames=frames, counter=counted_here)


def make_reports(
    make_engine: Callable[..., Engine], names: Sequence[str], out: Path, *, raw: bool = False
) -> tuple[dict[str, pd.DataFrame], list[Path]]:
    """Runs reports on an engine and writes their files once all are there; frames by name, and paths.

    `make_engine` is told the frames that will be asked for, and what hears of progress.
    """
    from analysis.files import write_reports
    from analysis.reports import REPORTS

    expected = {frame for name in names for frame in REPORTS[name].frames}
    with progress_bar() as progress:
        engine = make_engine(frames=expected, progress=progress)
        frames = {name: REPORTS[name].run(engine) for name in names}
        engine.verify_unchanged()
    files = write_reports(out, frames, engine, program_version=version("linkreach"), raw=raw)
    reports = "1 report" if len(frames) == 1 else f"{len(frames)} reports"
    say(f"{reports} on graph version {engine.graph_version}, pack {engine.pack.pack}")
    return frames, files
