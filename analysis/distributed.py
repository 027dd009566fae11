"""The distributed run: the kernel over blocks on the machines of a Spark cluster (docs/spark.md explains it).

The network is shipped once to each executor, where the tasks map it and share its pages.
A task counts its blocks into one tally; tallies are cut into pieces, added up on the cluster, and come back as one.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tarfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.bulk.bits import BITS
from analysis.bulk.differences import DifferenceTally, count_differences, empty_difference_tally
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network
from analysis.bulk.run import Progress, count
from analysis.bulk.tally import Sums, Tally, empty_tally
from analysis.bulk.two_worlds import TwoWorlds
from graph.errors import SparkFailed, SparkMissing

if TYPE_CHECKING:
    from pyspark import SparkStageInfo
    from pyspark.sql import DataFrame, SparkSession

Batches = Iterator[pa.RecordBatch]

# Few, because each brings a whole tally; several for each core, so that none waits long for the slowest.
TASKS_A_CORE = 4
# Small enough that a machine adds up pieces of thousands of tallies without holding more than one sum of each.
NUMBERS_A_PIECE = 1 << 16
_SECONDS_BETWEEN_LOOKS = 0.5
_JAVA = "install Java 17 or newer, and set JAVA_HOME to its folder"

_PIECE = pa.schema([("array", pa.int32()), ("piece", pa.int32()), ("kind", pa.string()), ("numbers", pa.binary())])
_PIECE_IN_SPARK = "array int, piece int, kind string, numbers binary"

# Whatever else is set for Spark comes from its own files, such as spark-defaults.conf.
_SETTINGS = {"spark.app.name": "linkreach", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
# On one machine nothing listens but on loopback, and nothing is logged: what goes wrong comes back as an error.
_ON_ONE_MACHINE = {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
_NO_LOG = """
appender.nowhere.type = Null
appender.nowhere.name = nowhere
rootLogger.level = off
rootLogger.appenderRef.nowhere.ref = nowhere
logger.gateway.name = org.apache.spark.api.python.PythonGatewayServer
logger.gateway.level = off
"""


@contextmanager
def spark_cluster(master: str, *, targets: int = BITS, progress: Progress = lambda *_: None) -> Iterator[Cluster]:
    """What counts on Spark; its session ends with the context.

    `master`: a Spark master URL, such as `local[2]` or `spark://host:7077`. A block has `targets` targets.
    `progress` is told how many tasks of the stages under way are done, of how many.
    An exception that is raised meanwhile, such as KeyboardInterrupt, cancels what runs there.
    Raises SparkMissing where PySpark or Java is not there, and SparkFailed where Spark does not do it.
    """
    with TemporaryDirectory(prefix="linkreach-spark-") as folder, _session(master, Path(folder)) as session:
        yield Cluster(session, master, Path(folder), targets, progress)


class _Arrays(Protocol):
    """What is shipped to the tasks: a network, or two worlds."""

    @property
    def targets(self) -> NDArray[np.int32]: ...

    def save(self, folder: Path) -> None: ...


# Counts the blocks that begin at these targets, of what lies in a folder: the arrays of a tally.
Task = Callable[[Path, Sequence[int]], Sequence[NDArray[Any]]]


class Cluster:
    """Counts what is shipped to it."""

    def __init__(self, session: SparkSession, master: str, folder: Path, targets: int, progress: Progress) -> None:
        self._session, self._master, self._folder = session, master, folder
        self._targets, self._progress = targets, progress
        self._names = (f"arrays-{number}" for number in itertools.count())

    def count(self, network: Network, wanted: Wanted) -> Tally:
        """What is wanted of a network, for `BulkEngine(counter=…)`."""
        task = partial(_tally_of, wanted=wanted, targets=self._targets)
        return self._counted(network, task, empty_tally(network))

    def count_differences(self, worlds: TwoWorlds) -> DifferenceTally:
        """What differs between two worlds, for `differences_of(…, counter)`."""
        task = partial(_differences_of, targets=self._targets)
        return self._counted(worlds, task, empty_difference_tally(worlds))

    def _counted(self, arrays: _Arrays, task: Task, whole: Sums) -> Sums:
        """The tally of all blocks, into one of nothing."""
        name, blocks = next(self._names), range(0, len(arrays.targets), self._targets)
        with _told_plainly(self._master):
            self._session.sparkContext.addArchive(f"{_packed(arrays, self._folder / name)}#{name}")
            _count(self._session, name, blocks, task, whole, self._progress)
        return whole


@contextmanager
def _session(master: str, folder: Path) -> Iterator[SparkSession]:
    try:
        with _without_a_word_of_pandas():
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkMissing("PySpark is not installed: pip install 'linkreach[spark]'") from error
    java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else shutil.which("java")
    if not (java and Path(java).exists()):
        raise SparkMissing(f"there is no Java: {_JAVA}")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings: dict[str, str | bool | int | float | None] = {**_SETTINGS}
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        (folder / "log4j2.properties").write_text(_NO_LOG, encoding="utf-8")
        settings |= _ON_ONE_MACHINE
        settings["spark.driver.extraJavaOptions"] = f"-Dlog4j2.configurationFile={folder / 'log4j2.properties'}"
    builder = SparkSession.builder.master(master).config(map=settings)
    with _told_plainly(master), _without_a_word_of_pandas():
        session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def _told_plainly(master: str) -> Iterator[None]:
    """Turns Spark's errors into one of ours."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise SparkMissing(f"Java does not start Spark: {_JAVA}") from error
        java = getattr(error, "java_exception", None)
        reason = str(java.getMessage() if java else error).partition("\n")[0]
        raise SparkFailed(f"Spark at {master} did not do it: {reason}") from error


@contextmanager
def _without_a_word_of_pandas() -> Iterator[None]:
    """PySpark says that not all of it works with this pandas; what is used here does without."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


def _packed(arrays: _Arrays, folder: Path) -> Path:
    """The arrays in one file, which Spark brings to each executor and unpacks there."""
    folder.mkdir()
    arrays.save(folder)
    archive = folder / f"{folder.name}.tar"  # Spark takes one of a name
    with tarfile.open(archive, "w") as tar:
        for file in sorted(folder.glob("*.npy")):
            tar.add(file, file.name)
            file.unlink()
    return archive


def _count(
    session: SparkSession, name: str, blocks: range, task: Task, whole: Sequence[NDArray[Any]], progress: Progress
) -> None:
    from pyspark import StorageLevel

    pieces = _pieces(session, name, blocks, task)

    def collect() -> None:
        # All cores add up before anything is asked for; an iterator alone has one partition made after the other.
        pieces.persist(StorageLevel.DISK_ONLY).count()
        for array, piece, kind, numbers in pieces.toLocalIterator():
            _numbers_of(whole[array], piece)[:] = np.frombuffer(numbers, kind)
        pieces.unpersist()

    with ThreadPoolExecutor(1) as pool:
        collecting = pool.submit(collect)
        try:
            while wait([collecting], _SECONDS_BETWEEN_LOOKS).not_done:
                if stages := _under_way(session):
                    progress(sum(each.numCompletedTasks for each in stages), sum(each.numTasks for each in stages))
        except BaseException:
            session.sparkContext.cancelAllJobs()
            raise
        collecting.result()


def _pieces(session: SparkSession, name: str, blocks: range, task: Task) -> DataFrame:
    """The tally of all blocks, in pieces."""
    cores = session.sparkContext.defaultParallelism
    tasks = max(1, min(len(blocks), TASKS_A_CORE * cores))
    with _without_a_word_of_pandas():
        return (
            session.range(blocks.start, blocks.stop, blocks.step, tasks)
            .mapInArrow(lambda batches: _counted(batches, name, task), _PIECE_IN_SPARK)
            .repartition(cores, "array", "piece")
            .mapInArrow(_added_up, _PIECE_IN_SPARK)
        )


def _under_way(session: SparkSession) -> list[SparkStageInfo]:
    tracker = session.sparkContext.statusTracker()
    return [stage for number in tracker.getActiveStageIds() if (stage := tracker.getStageInfo(number))]


def _numbers_of(array: NDArray[Any], piece: int) -> NDArray[Any]:
    """A piece of the array, not a copy."""
    return array.reshape(-1)[piece * NUMBERS_A_PIECE : (piece + 1) * NUMBERS_A_PIECE]


# In the tasks


def _tally_of(folder: Path, blocks: Sequence[int], *, wanted: Wanted, targets: int) -> Tally:
    return count(Network.open(folder), blocks, wanted, targets=targets, threads=1)


def _differences_of(folder: Path, blocks: Sequence[int], *, targets: int) -> DifferenceTally:
    return count_differences(TwoWorlds.open(folder), blocks, targets=targets, threads=1)


def _counted(batches: Batches, name: str, task: Task) -> Batches:
    """The tally of the blocks that begin at these targets, in pieces; those of zeros are left out."""
    from pyspark import SparkFiles

    blocks = [first for batch in batches for first in batch["id"].to_pylist()]
    for number, array in enumerate(task(Path(SparkFiles.get(name)), blocks)):
        for piece in range(-(-array.size // NUMBERS_A_PIECE)):
            if (numbers := _numbers_of(array, piece)).any():
                yield _row(number, piece, numbers)


def _added_up(batches: Batches) -> Batches:
    """Pieces of many tallies, those of one place as one."""
    sums: dict[tuple[int, int], NDArray[Any]] = {}
    for batch in batches:
        for row in batch.to_pylist():
            place, numbers = (row["array"], row["piece"]), np.frombuffer(row["numbers"], row["kind"])
            sums[place] = sums[place] + numbers if place in sums else numbers
    for (array, piece), numbers in sums.items():
        yield _row(array, piece, numbers)


def _row(array: int, piece: int, numbers: NDArray[Any]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(
        [{"array": array, "piece": piece, "kind": numbers.dtype.str, "numbers": numbers.tobytes()}], _PIECE
    )
