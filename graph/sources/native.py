"""The native folder: a CSV or Parquet file a table, named for it; only `members` must be there.

Columns are named as in `graph.model`, and only the required ones must be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graph.errors import InvalidInput
from graph.model import MEMBERS, TABLES, Table
from graph.sources.chunks import Chunk
from graph.sources.columnwise import ColumnwiseFile
from graph.sources.delimited import checked_names
from graph.sources.parquet import ParquetFile

ENDINGS = (".csv", ".csv.gz", ".parquet")


class TableFile:
    """A file that holds rows of one table; raises InvalidInput where a column is missing or its name is no name."""

    def __init__(self, path: Path, table: Table) -> None:
        self.table = table
        self._file = ParquetFile(path, path.name) if path.suffix == ".parquet" else ColumnwiseFile(path, path.name)
        names = checked_names(path, self._file.header)
        for required in table.required:
            if required not in names:
                raise InvalidInput(f"{path} has no column {required!r}: {table.name} need it")
        self._taken = {
            name: place
            for place, name in enumerate(names)
            if table.keeps_other_columns or table.column(name) is not None
        }

    def chunks(self) -> Iterator[Chunk]:
        """The rows in their order, without the columns that the table has no use for."""
        for block in self._file.blocks():
            columns = {name: block.columns[place] for name, place in self._taken.items()}
            yield Chunk(self.table, self._file.name, block.lines, columns, block.rejects)


class NativeSource:
    """A folder of the format; every file's header was checked when it was opened."""

    looks_for = f"{MEMBERS.name}.csv (or {', '.join(ENDINGS[1:])})"

    def __init__(self, folder: Path) -> None:
        self._files = [file for table in TABLES if (file := table_file(folder, table)) is not None]

    @staticmethod
    def recognises(folder: Path) -> bool:
        """Whether the folder has members."""
        return bool(_paths(folder, MEMBERS))

    def chunks(self) -> Iterator[Chunk]:
        """All rows, table after table."""
        for file in self._files:
            yield from file.chunks()


def table_file(folder: Path, table: Table) -> TableFile | None:
    """The file of a table, or None; raises InvalidInput where there are two."""
    paths = _paths(folder, table)
    if len(paths) > 1:
        raise InvalidInput(f"{folder} has both {paths[0].name} and {paths[1].name}: keep one")
    return TableFile(paths[0], table) if paths else None


def _paths(folder: Path, table: Table) -> list[Path]:
    return [path for ending in ENDINGS if (path := folder / f"{table.name}{ending}").exists()]
