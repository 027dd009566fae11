"""Runs reports: the engine that computes them, and the files they end in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import InvalidInput, NotEstimated, UnknownEngine, UnknownReport
from graph.world import World
from linkreach.asking import asking, supposed
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

    from analysis.bulk.kernel import Wanted
    from analysis.bulk.network import Network
    from analysis.bulk.tally import Tally
    from analysis.estimates import Sample
    from analysis.report_engine import ReportEngine
    from analysis.reports import Report
    from graph.driver.database import Database
    from graph.snapshot.snapshot import Snapshot

AUTO, CYPHER, LOCAL, SPARK = "auto", "cypher", "local", "spark"
ENGINES = (AUTO, CYPHER, LOCAL, SPARK)
ON_THIS_MACHINE = "local[*]"

# Where both take as long: Cypher plans its statements first, the other engine reads its compiled kernel.
CYPHER_UP_TO = 50

# From here on counting all takes minutes, and so many recipients show most counts to a few percent.
WORTH_A_SAMPLE, WORTHWHILE_SAMPLE = 200_000, 10_000

_log = logging.getLogger(__name__)

MakeEngine = Callable[..., AbstractContextManager["ReportEngine"]]


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Which engine computes reports: `name` is one of ENGINES, `threads` are the local engine's, `master` is Spark's.

    `force`: Cypher judges all pairs of a large network, too. `sample`: of whom counts are estimated, instead of all.
    """

    name: str = AUTO
    threads: int | None = None
    master: str | None = None
    force: bool = False
    sample: Sample | None = None

    def __post_init__(self) -> None:
        if self.name not in ENGINES:
            raise UnknownEngine(self.name, ENGINES)
        if self.name == CYPHER and self.sample is not None:
            raise InvalidInput("counts are estimated by the local engine or Spark, and not by Cypher")


@dataclass(frozen=True, slots=True)
class Reported:
    """Reports that were run: the frame of each by name, the files that they are in, and what they were made from.

    `manifest` is what the file of that name says.
    """

    frames: Mapping[str, pd.DataFrame]
    files: tuple[Path, ...]
    graph_version: int
    pack: str
    manifest: Mapping[str, Any]


def report_named(name: str) -> Report:
    """The report of this name; raises UnknownReport."""
    from analysis.reports import REPORTS

    if name not in REPORTS:
        raise UnknownReport(name, tuple(REPORTS))
    return REPORTS[name]


def estimated_reports() -> tuple[str, ...]:
    """The names of the reports that a sample of recipients says something of."""
    from analysis.reports import REPORTS

    return tuple(name for name, report in REPORTS.items() if report.is_estimated)


def require_estimated(report: Report) -> None:
    """Returns where a sample of recipients says something of a report; raises NotEstimated."""
    if not report.is_estimated:
        raise NotEstimated(report.name, estimated_reports())


@contextmanager
def report_engine(
    database: Database,
    world: World,
    *,
    by: str = "tier",
    choice: EngineChoice = EngineChoice(),
    frames: Collection[str] = (),
    progress: Progress = untold,
) -> Iterator[ReportEngine]:
    """The engine that computes reports on the graph; `frames` are those that will be asked of it.

    Raises what it refuses: UnknownPack, UndefinedTiers, UnknownColumn, TooLarge, GraphLoading, RejectedRow.
    """
    from graph.questions.members import size

    may_be_cypher = choice.name == AUTO and choice.sample is None
    if choice.name == CYPHER or (may_be_cypher and database.read(size()) <= CYPHER_UP_TO):
        from graph.questions.cypher_engine import CypherEngine

        def advance(statement: str, done: int, total: int) -> None:
            progress(statement.rpartition("/")[2].replace("_", " "), done, total)

        with asking(database, world) as graph:
            yield CypherEngine(graph, world, progress=advance, by=by, force=choice.force)
        return
    from graph.snapshot.projection import project

    snapshot = supposed(project(database, world, by=by, progress=progress), world)
    yield bulk_engine(snapshot, world, choice=choice, frames=frames, progress=progress)


@contextmanager
def snapshot_engine(
    folder: Path,
    world: World,
    *,
    choice: EngineChoice = EngineChoice(),
    frames: Collection[str] = (),
    progress: Progress = untold,
) -> Iterator[ReportEngine]:
    """The engine that computes reports on a saved snapshot; raises InvalidSnapshot, and what `bulk_engine` raises."""
    from graph.snapshot.snapshot import Snapshot

    snapshot = supposed(Snapshot.open(folder), world)
    yield bulk_engine(snapshot, world, choice=choice, frames=frames, progress=progress)


def bulk_engine(
    snapshot: Snapshot,
    world: World,
    *,
    choice: EngineChoice = EngineChoice(),
    frames: Collection[str] = (),
    progress: Progress = untold,
) -> ReportEngine:
    """The engine that counts everybody at once, on this machine or, as SPARK, on those of the choice's `master`.

    Raises InvalidInput where Cypher is chosen, which has no graph here; when it counts, SparkMissing and SparkFailed.
    """
    from analysis.bulk.bulk_engine import BulkEngine
    from analysis.bulk.run import blocks_of, count
    from analysis.bulk.sampled_engine import SampledEngine

    if choice.name == CYPHER:
        raise InvalidInput("a snapshot is counted by the local engine or Spark, and not by Cypher")

    def counted_here(network: Network, wanted: Wanted) -> Tally:
        told = partial(progress, "counting blocks")
        return count(network, blocks_of(network), wanted, threads=choice.threads, progress=told)

    def counted_on_spark(network: Network, wanted: Wanted) -> Tally:
        from analysis.distributed import spark_cluster

        told = partial(progress, "tasks on Spark")
        with spark_cluster(choice.master or ON_THIS_MACHINE, progress=told) as cluster:
            return cluster.count(network, wanted)

    counter, name = (counted_on_spark, SPARK) if choice.name == SPARK else (counted_here, LOCAL)
    if choice.sample is not None:
        return SampledEngine(snapshot, world, choice.sample, frames=frames, counter=counter, name=name)
    if choice.name == AUTO and (members := snapshot.members.num_rows) >= WORTH_A_SAMPLE:
        _log.info(
            "all %s members are counted as recipients; a sample of %s would save %.0f %% of the counting",
            f"{members:,}",
            f"{WORTHWHILE_SAMPLE:,}",
            100 - 100 * WORTHWHILE_SAMPLE / members,
        )
    return BulkEngine(snapshot, world, frames=frames, counter=counter, name=name)


def run_reports(
    make_engine: MakeEngine,
    names: Sequence[str],
    *,
    sample: Sample | None = None,
    out: Path | None = None,
    raw: bool = False,
    named: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    progress: Progress = untold,
) -> Reported:
    """Runs reports on an engine, and writes their files into `out` once all are there.

    `make_engine` is told the frames that will be asked for, and what hears of progress; `sample`: whether it estimates.
    `raw`: cells that a spreadsheet would run stay as they are. `named` puts names into a frame, where they are wanted.
    Raises UnknownReport, NotEstimated, InvalidInput where `out` is no folder, and GraphChanged where a load ran
    meanwhile.
    """
    from analysis.files import manifest, require_room_for_reports, write_reports

    reports = {name: report_named(name) for name in names}
    if sample is not None:
        for each in reports.values():
            require_estimated(each)
    if out is not None and out.exists() and not out.is_dir():
        raise InvalidInput(f"{out} is not a folder: choose another one")
    if out is not None:
        require_room_for_reports(out, reports)
    with make_engine(frames={frame for each in reports.values() for frame in each.frames}, progress=progress) as engine:
        frames = {name: each.run(engine) for name, each in reports.items()}
        if named is not None:
            frames = {name: named(frame) for name, frame in frames.items()}
        engine.verify_unchanged()
    program = version("linkreach")
    files = () if out is None else write_reports(out, frames, engine, program_version=program, raw=raw)
    made_from = manifest(frames, engine, program_version=program)
    return Reported(frames, tuple(files), engine.graph_version, engine.pack.name, made_from)
