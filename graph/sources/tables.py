"""Files that hold rows of one table, in whatever form: delimited text, Parquet, or a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from graph.errors import InvalidInput, NearlyFits
from graph.model import MEMBERS, Table
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note, Reject, texts
from graph.sources.delimited import Block, DelimitedFile
from graph.sources.files import File, Folder
from graph.sources.names import TOTALS, folded, matched, nearest, stem
from graph.sources.parquet import ParquetFile
from graph.sources.text import TextFile
from graph.sources.workbook import Sheet, is_workbook, sheets

_PARQUET = b"PAR1"
_LISTED_AT_MOST = 5

Rows = DelimitedFile | ParquetFile | Sheet


class TableFile:
    """Rows of one table; raises InvalidInput where a column is missing or its name is no name or nearly one."""

    def __init__(self, rows: Rows, table: Table, where: str) -> None:
        self.table = table
        self.file = rows.name
        self._rows = rows
        self._columns = matched(where, rows.header, table)

    def chunks(self) -> Iterator[Chunk]:
        """The rows in their order, without the columns that the table has no use for."""
        for block in self._blocks():
            columns = {name: block.columns[place] for name, place in self._columns.places.items()}
            yield Chunk(self.table, self.file, block.lines, columns, block.rejects)

    def _blocks(self) -> Iterator[Block]:
        """The blocks of the file, without a row of totals at the end of members."""
        blocks = self._rows.blocks()
        block = next(blocks)
        for following in blocks:
            yield block
            block = following
        yield self._without_totals(block) if self.table == MEMBERS and block.lines else block

    def _without_totals(self, block: Block) -> Block:
        last = texts(block.columns[self._columns.places["id"]][-1:])
        if last[0].strip() not in TOTALS:
            return block
        reject = Reject(self.file, block.lines[-1], "id", last[0], "a row of totals, and no member")
        return Block(block.lines[:-1], [cells[:-1] for cells in block.columns], [*block.rejects, reject])

    def notes(self) -> list[Note]:
        """How it is read, and which of its columns are not."""
        said = list(self._rows.notes)
        if self._columns.unread:
            named = ", ".join(map(repr, self._columns.unread))
            several = "columns" if len(self._columns.unread) > 1 else "column"
            said.append(f"{several} {named} not read: {self.table.name} have no such {several}")
        if self._columns.own:
            named = ", ".join(map(repr, self._columns.own))
            said.append(f"kept as {'columns' if len(self._columns.own) > 1 else 'a column'} of your own: {named}")
        return [Note(self.file, text) for text in said]


def open_table(file: File, table: Table, hints: Hints = NO_HINTS) -> TableFile:
    """The file as rows of a table; raises InvalidInput where it cannot be."""
    return TableFile(rows_of(file, hints, wanted=partial(has_columns, table)), table, str(file))


def rows_of(file: File, hints: Hints = NO_HINTS, *, wanted: Callable[[Sequence[str]], bool]) -> Rows:
    """The rows of a file that is no workbook; `wanted` says of a header whether it is the one looked for."""
    if file.begins_with(_PARQUET) or file.name.lower().endswith((".parquet", ".pq")):
        return ParquetFile(file)
    return DelimitedFile(TextFile(file, hints.encoding), wanted=wanted)


def header_of(candidate: Called) -> Sequence[str]:
    """The names in the first line of what may be a table; raises InvalidInput where it cannot be read."""
    if candidate.sheet is not None:
        return candidate.sheet.header
    if candidate.file.begins_with(_PARQUET):
        return ParquetFile(candidate.file).header
    return DelimitedFile(TextFile(candidate.file)).header


def has_columns(table: Table, names: Sequence[str]) -> bool:
    """Whether names of columns are those that a table requires, and others."""
    return {folded(name) for name in table.required} <= {folded(name) for name in names}


@dataclass(frozen=True, slots=True)
class Called:
    """Something in a folder with a name that may be that of a table: a file, or a sheet of a workbook."""

    name: str
    file: File
    sheet: Sheet | None = None

    def open(self, table: Table, hints: Hints) -> TableFile:
        """Its rows, as those of a table."""
        if self.sheet is not None:
            return TableFile(self.sheet.below_titles(partial(has_columns, table)), table, str(self.sheet))
        return open_table(self.file, table, hints)

    @property
    def told_as(self) -> str:
        """What people are told of it."""
        return self.file.name if self.sheet is None else self.sheet.name


def called(files: Iterable[File], tables: Iterable[str]) -> list[Called]:
    """Everything that may be a table: files, and in place of a workbook its sheets.

    The only sheet of a workbook that is called as a table is that table, whatever the sheet is called.
    Raises InvalidInput where a workbook cannot be read, or which of its sheets is meant cannot be told.
    """
    known = {folded(name): name for name in tables}
    found: list[Called] = []
    for file in files:
        name = stem(file.name)
        if not is_workbook(file):
            found.append(Called(name, file))
            continue
        all_sheets = sheets(file)
        if folded(name) not in known or any(folded(sheet.title) in known for sheet in all_sheets):
            found += [Called(sheet.title, file, sheet) for sheet in all_sheets]
        elif len(all_sheets) == 1:
            found.append(Called(name, file, all_sheets[0]))
        else:
            titles = ", ".join(sheet.title for sheet in all_sheets) or "none that holds anything"
            raise InvalidInput(f"{file}: which sheet has the {known[folded(name)]}? its sheets: {titles}")
    return found


@dataclass(frozen=True, slots=True)
class Fitting:
    """What of a folder is called as a table, by the name of the table, and the rest."""

    tables: dict[str, Called]
    others: list[Called]


def fitting(where: str, candidates: Iterable[Called], names: Iterable[str]) -> Fitting:
    """Which of the candidates are called by which of the names; `where` is what errors call the folder.

    Raises InvalidInput where two have one name, and NearlyFits where one nearly has one that is not there.
    """
    known = {folded(name): name for name in names}
    found: dict[str, Called] = {}
    others: list[Called] = []
    for candidate in candidates:
        name = known.get(folded(candidate.name))
        if name is None:
            others.append(candidate)
        elif name in found:
            raise InvalidInput(f"{where} has both {found[name].told_as} and {candidate.told_as}: keep one")
        else:
            found[name] = candidate
    for candidate in others:
        if meant := nearest(candidate.name, (name for name in known.values() if name not in found)):
            raise NearlyFits(where, "the file" if candidate.sheet is None else "the sheet", candidate.told_as, meant)
    return Fitting(found, others)


def unread(candidates: Iterable[Called], why: str) -> list[Note]:
    """A note for each of these that it is not read."""
    return [Note(candidate.told_as, f"not read: {why}") for candidate in candidates]


def unread_within(folder: Folder, without: Iterable[str], why: str) -> list[Note]:
    """A note for each folder in a folder, but those called so, and one for what systems leave behind."""
    read = {folded(name) for name in without}
    notes = []
    for name, opened in folder.folders.items():
        if folded(name) not in read:
            notes.append(Note(f"{folder.name}{name}/", f"a folder, not read: {why} ({_count(opened())})"))
    if folder.hidden:
        notes.append(Note(f"{folder.name}.*", f"{_several(folder.hidden, 'hidden file')}, not read"))
    return notes


def unread_files(files: Sequence[File], why: str) -> list[Note]:
    """A note for each of these files that it is not read; of many one for all."""
    if len(files) <= _LISTED_AT_MOST:
        return [Note(file.name, f"not read: {why}") for file in files]
    names = ", ".join(file.name.rpartition("/")[2] for file in files[:_LISTED_AT_MOST])
    folder = files[0].name.rpartition("/")[0]
    text = f"{len(files)} files not read: {why} ({names}, …)"
    return [Note(f"{folder}/" if folder else "…", text)]


def _count(folder: Folder) -> str:
    return _several(len(folder.files), "file") + (
        f" and {_several(len(folder.folders), 'folder')}" if folder.folders else ""
    )


def _several(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
