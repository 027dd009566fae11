"""Puts a network into the graph: rule packs first, then the rows of a source, and bad rows aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from graph.driver import schema
from graph.driver.database import Database
from graph.errors import InvalidInput
from graph.generate.sampling import read_shares
from graph.loading import loading
from graph.loading.loading import LoadReport
from graph.loading.rejects import RejectsFile
from graph.model import CONNECTIONS
from graph.rules.pack_store import loaded_tiers, pack_hashes, save_pack
from graph.rules.rule_pack import SHIPPED, is_shipped, shipped_pack
from graph.server.server import Server
from graph.sources import AUTO, open_source
from graph.sources.chunks import NO_HINTS, Hints, Reject, Source
from graph.sources.names import nearest
from graph.sources.settings import WithTiers
from linkreach.progress import Progress, untold

_COLUMN = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did; `kept_packs`: packs of the name of one that ships, which somebody had loaded, and which stay."""

    report: LoadReport
    kept_packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What became of a file: those of its rows that are a table's, or where `table` is None that it was not read.

    `notes` say how it was read, or what of it was not, and why.
    """

    file: str
    table: str | None
    loaded: int
    rejected: int
    notes: tuple[str, ...]


def read_files(report: LoadReport) -> list[ReadFile]:
    """What became of each file, those that were not read last."""
    notes: dict[str, list[str]] = {}
    for note in report.notes:
        notes.setdefault(note.file, []).append(note.text)
    found = []
    for (file, table), rows in report.files.items():
        said = notes.pop(file, [])
        if rows.repeated:
            several = "rows repeat" if rows.repeated > 1 else "row repeats"
            said = [f"{rows.repeated:,} {several} a key: the last one counts", *said]
        found.append(ReadFile(file, table, rows.loaded, rows.rejected, tuple(said)))
    return found + [ReadFile(file, None, 0, 0, tuple(said)) for file, said in notes.items()]


def read_columns(text: str) -> dict[str, int]:
    """The columns of an edge list by their names, from `a=1,b=2,since=4`; raises InvalidInput where they are none."""
    known = [column.name for column in CONNECTIONS.columns]
    columns: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = (word.strip() for word in part.partition("="))
        if name not in known:
            meant = nearest(name, known)
            raise InvalidInput(
                f"connections have no column {name!r}"
                + (f": did you mean {meant!r}?" if meant else f", but {', '.join(known)}")
            )
        if not _COLUMN.fullmatch(number):
            raise InvalidInput(f"{part.strip()!r} names no column: say {name}=1 for the first one")
        if name in columns or int(number) in columns.values():
            raise InvalidInput(f"{part.strip()!r}: say each name and each column once")
        columns[name] = int(number)
    if missing := [name for name in CONNECTIONS.required if name not in columns]:
        raise InvalidInput(f"which column holds {missing[0]}? Say a=1,b=2")
    return columns


def source_at(
    path: Path, *, format: str = AUTO, hints: Hints = NO_HINTS, assign_tiers: str | None = None, seed: int = 1
) -> Source:
    """The source at a path, read with hints; those for own exports say that it is one.

    `assign_tiers`, like `free=0.8,career=0.2`, gives members of a format without tiers some.
    Raises UnknownSource and InvalidInput.
    """
    source = open_source(path, format, hints)
    return source if assign_tiers is None else WithTiers(source, read_shares(assign_tiers), seed)


def explained(source: Source, *, rejects: Path | None = None, progress: Progress = untold) -> LoadReport:
    """What would be read as what, and set aside whatever a graph has: none is asked."""
    with _listeners("reading", rejects, progress) as (reject, advance):
        return loading.explain(source, reject=reject, progress=advance)


def load(
    database: Database,
    source: Source,
    *,
    rejects: Path | None = None,
    replace: bool = False,
    server: Server | None = None,
    progress: Progress = untold,
) -> Loaded:
    """Puts the packs that ship into a graph without them, then loads the source; `rejects` is the file of bad rows.

    `server` is the embedded one behind `database`: with it, a large first load goes the fast way.
    Raises what `graph.loading.loading.load` raises.
    """
    kept = seed_packs(database)
    tiers = database.read(loaded_tiers())
    if isinstance(source, WithTiers):
        source.check(tiers)
    with _listeners("loading", rejects, progress) as (reject, advance):
        report = loading.load(
            database, source, tiers=tiers, reject=reject, progress=advance, replace=replace, server=server
        )
    return Loaded(report, kept)


def first_load(
    server: Server, source: Source, *, rejects: Path | None = None, progress: Progress = untold
) -> Loaded | None:
    """Loads a large source into a home without a graph before its server is first started, which takes less time.

    None where that is not the way, and nothing was done. Raises what `graph.loading.loading.load` raises.
    """
    if isinstance(source, WithTiers):
        source.check(_shipped_tiers())
    packs = [shipped_pack(name) for name in SHIPPED]
    with _listeners("loading", rejects, progress) as (reject, advance):
        report = loading.first_load(server, source, packs=packs, reject=reject, progress=advance)
    return None if report is None else Loaded(report)


def dry_run(
    database: Database,
    source: Source,
    *,
    rejects: Path | None = None,
    replace: bool = False,
    progress: Progress = untold,
) -> Loaded:
    """What `load` would load and set aside; the graph stays as it is."""
    tiers = database.read(loaded_tiers()) | _shipped_tiers()
    if isinstance(source, WithTiers):
        source.check(tiers)
    with _listeners("reading", rejects, progress) as (reject, advance):
        return Loaded(loading.dry_run(database, source, tiers=tiers, reject=reject, progress=advance, replace=replace))


def _shipped_tiers() -> frozenset[str]:
    return frozenset(tier for name in SHIPPED for tier in shipped_pack(name).tiers)


def seed_packs(database: Database) -> tuple[str, ...]:
    """Sees to it that the packs that ship are in the graph; returns the names of those of which another one is."""
    schema.apply(database)
    hashes = database.read(pack_hashes())
    for name in SHIPPED:
        if name not in hashes:
            database.write(save_pack(shipped_pack(name)))
    return tuple(name for name in SHIPPED if name in hashes and not is_shipped(name, hashes[name]))


@contextmanager
def _listeners(
    doing: str, rejects: Path | None, progress: Progress
) -> Iterator[tuple[Callable[[Reject], None], Callable[[str, int], None]]]:
    """Two functions: one takes each rejected row, the other the table and number of rows just done."""
    done: dict[str, int] = {}

    def advance(table: str, rows: int) -> None:
        done[table] = done.get(table, 0) + rows
        progress(f"{doing} {table}", done[table], None)

    with RejectsFile(rejects) if rejects else nullcontext() as file:
        yield file.add if file else lambda _: None, advance
