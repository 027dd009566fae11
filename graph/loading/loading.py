"""Writes a source into the graph: what is right is loaded, what is wrong is set aside with its place and reason.

A load adds and updates. It sets the columns that are there, leaves the others and deletes nothing.
Every batch is a transaction that may be repeated: the same rows again change nothing.
So a load that was cut short is completed by loading again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain

from graph.driver import schema
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import NothingToLoad
from graph.loading import bulk_import
from graph.loading.checking import CheckedChunk, Known, checked, checked_removals
from graph.loading.forgetting import forgotten, refuse_forgotten_owners
from graph.loading.forgotten import Forgotten
from graph.loading.in_graph import InGraph
from graph.loading.load_lock import LoadLock, load_lock
from graph.loading.presence import ANYTHING, NOTHING
from graph.loading.repeats import FileAndTable, Repeats
from graph.loading.unlisted import disconnections, missing, unlisted
from graph.loading.writing import batches
from graph.model import REMOVALS
from graph.rules.pack_store import save_pack
from graph.rules.rule_pack import RulePack
from graph.server.server import Server
from graph.sources.chunks import Chunk, Note, OwnExports, Reject, Source

NODES_AT_ONCE = 1_000
IMPORT_FROM = 150_000  # where both ways take as long: an import has to stop and start the server


@dataclass(slots=True)
class FileRows:
    """The rows of a file that become those of a table: `repeated` are loaded, too, but of one key the last counts."""

    loaded: int = 0
    rejected: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of each file, by its name and that of a table; `version` is the graph's, after the load.

    `notes`: how the files were read, and what of them was not.
    `missing` counts, by the owner of own exports, connections that the last archive does not list.
    """

    version: int
    files: dict[FileAndTable, FileRows] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    missing: dict[str, int] = field(default_factory=dict)

    @property
    def loaded(self) -> dict[str, int]:
        """Rows by the name of their table, for each table that the source has."""
        return self._by_table(lambda rows: rows.loaded)

    @property
    def rejected(self) -> dict[str, int]:
        """The same of rows that were set aside."""
        return self._by_table(lambda rows: rows.rejected)

    def _by_table(self, number: Callable[[FileRows], int]) -> dict[str, int]:
        sums: dict[str, int] = {}
        for (_, table), rows in self.files.items():
            sums[table] = sums.get(table, 0) + number(rows)
        return sums


Progress = Callable[[str, int], None]
Rejected = Callable[[Reject], None]


def load(
    database: Database,
    source: Source,
    *,
    tiers: Set[str],
    reject: Rejected,
    progress: Progress = lambda *_: None,
    replace: bool = False,
    server: Server | None = None,
    import_from: int = IMPORT_FROM,
) -> LoadReport:
    """Loads all of a source.

    `tiers`: the names that any loaded rule pack defines.
    `reject` is handed each row that is set aside.
    `progress` is told, chunk by chunk, the table and the number of its rows just done.
    `replace`: the network that the graph has goes first, if the source has anything to put in its place; rule packs
    stay.
    `server`: the embedded server that `database` is; with it, `import_from` rows or more go into a graph without a
    network by way of an import, for which the server is stopped.
    Raises LoadRunning, also at the end where another load has taken the graph over, DatabaseError, and InvalidInput
    where a file breaks while it is read; then the graph's state stays `loading`, and loading again completes it.
    Raises NothingToLoad, before anything, where `replace` would leave nothing, and ForgottenOwner.
    """
    refuse_forgotten_owners(source, database.read(forgotten()))
    if replace:
        _require_a_row(source, tiers, database.read(forgotten()))
    schema.apply(database)
    with load_lock(database, emptying=replace) as lock:
        known = Known.of(NOTHING if lock.emptying else InGraph(database), database.read(forgotten()))
        report = LoadReport(lock.version)
        removals, rest = _parted(source.chunks())
        removals += _unlisted(source, None if lock.emptying else database, report)
        leaving = list(_told(checked_removals(removals, known), report, reject))
        chunks = _told(checked(rest, tiers, known), report, reject)
        if server is not None and _may_be_imported(source, removals, database, lock):
            first, is_large = _begin(chunks, import_from)
            chunks = chain(first, chunks)
            if is_large:
                left = bulk_import.replace_network(server, database, chunks, known.ids, progress, held=lock.held)
                schema.apply(database)
                for query in left:
                    database.write(query, first=lock.held)
                report.notes.extend(_notes(source, report))
                return report
        if lock.emptying:
            _empty(database, lock, progress)
        for chunk in chain(leaving, chunks):
            _write(database, lock, chunk, progress)
    report.notes.extend(_notes(source, report))
    return report


def first_load(
    server: Server,
    source: Source,
    *,
    packs: Sequence[RulePack],
    reject: Rejected,
    progress: Progress = lambda *_: None,
    import_from: int = IMPORT_FROM,
) -> LoadReport | None:
    """Loads all of a source into the embedded server's home before its server is first started; None where it is small.

    Then, and where its rows mean what a graph makes of them, `load` is the way: nothing was done or rejected.
    `packs` are put into the graph, too; their tiers are those that there are. All else is as in `load`, also what it
    raises.
    """
    if isinstance(source, OwnExports):
        return None
    known = Known.of(NOTHING)
    removals, rest = _parted(source.chunks())
    if removals:
        return None
    chunks = checked(rest, {tier for pack in packs for tier in pack.tiers}, known)
    first, is_large = _begin(chunks, import_from)
    if not is_large:
        return None
    report = LoadReport(0)
    chunks = _told(chain(first, chunks), report, reject)
    address, left = bulk_import.begin_with_network(server, chunks, known.ids, progress)
    with Database(address) as database:
        schema.apply(database)
        for pack in packs:
            database.write(save_pack(pack))
        with load_lock(database, emptying=False) as lock:
            for query in left:
                database.write(query, first=lock.held)
    return LoadReport(lock.version, report.files, [*_notes(source, report)])


def dry_run(
    database: Database,
    source: Source,
    *,
    tiers: Set[str],
    reject: Rejected,
    progress: Progress = lambda *_: None,
    replace: bool = False,
) -> LoadReport:
    """What `load` would load and set aside; writes nothing to the graph. Raises DatabaseError and InvalidInput."""
    refuse_forgotten_owners(source, database.read(forgotten()))
    report = LoadReport(database.read(schema.state()).version)
    known = Known.of(NOTHING if replace else InGraph(database), database.read(forgotten()))
    removals, rest = _parted(source.chunks())
    removals += _unlisted(source, None if replace else database, report)
    for chunks in (checked_removals(removals, known), checked(rest, tiers, known)):
        for chunk in _told(chunks, report, reject):
            progress(chunk.table.name, chunk.rows + len(chunk.rejects))
    report.notes.extend(_notes(source, report))
    return report


def explain(source: Source, *, reject: Rejected = lambda _: None, progress: Progress = lambda *_: None) -> LoadReport:
    """What would be read as what, and set aside whatever the graph has; which tiers there are is not asked either.

    Raises InvalidInput where a file breaks while it is read.
    """
    report = LoadReport(0)
    known = Known.of(ANYTHING)
    removals, rest = _parted(source.chunks())
    removals += _unlisted(source, None, report)
    for chunks in (checked_removals(removals, known), checked(rest, None, known)):
        for chunk in _told(chunks, report, reject):
            progress(chunk.table.name, chunk.rows + len(chunk.rejects))
    report.notes.extend(_notes(source, report))
    return report


def _parted(chunks: Iterator[Chunk]) -> tuple[list[Chunk], Iterator[Chunk]]:
    """What is to go, which comes first, and the rest."""
    removals: list[Chunk] = []
    for chunk in chunks:
        if chunk.table not in REMOVALS:
            return removals, chain([chunk], chunks)
        removals.append(chunk)
    return removals, chunks


def _unlisted(source: Source, database: Database | None, report: LoadReport) -> list[Chunk]:
    """Connections that own exports no longer list, as rows of what is to go if they are to; counted in any case.

    `database` is None where no graph is compared with them.
    """
    if not isinstance(source, OwnExports):
        return []
    in_graph = {} if database is None else unlisted(database, source)
    report.missing.update(missing(source, in_graph))
    return [*disconnections(source, in_graph)] if source.drop_missing else []


def _notes(source: Source, report: LoadReport) -> Iterator[Note]:
    yield from source.notes()
    if isinstance(source, OwnExports):
        what = "taken away" if source.drop_missing else "kept"
        for owner, count in report.missing.items():
            several = "connections" if count > 1 else "connection"
            yield Note(source.places[owner], f"{count:,} {several} no longer listed: {what}")


def _may_be_imported(source: Source, removals: list[Chunk], database: Database, lock: LoadLock) -> bool:
    """Whether the rows say all that there will be: those of own exports mean what the graph makes of them."""
    if removals or isinstance(source, OwnExports):
        return False
    return database.read(bulk_import.may_replace(network=lock.emptying))


def _told(chunks: Iterable[CheckedChunk], report: LoadReport, reject: Rejected) -> Iterator[CheckedChunk]:
    """The same chunks, counted in the report, their bad rows handed on."""
    repeats = Repeats()
    for chunk in chunks:
        rows = report.files.setdefault((chunk.file, chunk.table.name), FileRows())
        rows.loaded += chunk.rows
        rows.rejected += len(chunk.rejects)
        repeats.add(chunk)
        for row in chunk.rejects:
            reject(row)
        yield chunk
    for place, count in repeats.counts().items():
        report.files[place].repeated += count


def _begin(chunks: Iterator[CheckedChunk], rows: int) -> tuple[list[CheckedChunk], bool]:
    """The first chunks, and whether they have that many rows; fewer are all that there are."""
    first: list[CheckedChunk] = []
    for chunk in chunks:
        first.append(chunk)
        rows -= chunk.rows
        if rows <= 0:
            return first, True
    return first, False


def _require_a_row(source: Source, tiers: Set[str], asked: Forgotten) -> None:
    _, rest = _parted(source.chunks())
    if not any(chunk.rows for chunk in checked(rest, tiers, Known.of(NOTHING, asked))):
        raise NothingToLoad


def _empty(database: Database, lock: LoadLock, progress: Progress) -> None:
    some = Query("load/empty", decode=lambda rows: int(rows[0]["gone"]), parameters={"most": NODES_AT_ONCE})
    while gone := database.write(some, first=lock.held):
        progress("what was there", gone)


def _write(database: Database, lock: LoadLock, chunk: CheckedChunk, progress: Progress) -> None:
    if chunk.rejects:
        progress(chunk.table.name, len(chunk.rejects))
    for rows, queries in batches(chunk):
        for query in queries:
            database.write(query, first=lock.held)
        progress(chunk.table.name, rows)
