"""Tiers and settings for a format that has none: in files beside its own, or tiers by shares.

`settings` has the columns of `members` and means the same as members of a later load, but declares nobody.
It has the last word: where it has a column `tier`, that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from graph.errors import InvalidInput
from graph.generate import sampling
from graph.model import BLOCKS, MEMBERS, Table
from graph.sources.chunks import Chunk, Hints, Note, OwnExports, Source
from graph.sources.files import Folder
from graph.sources.names import folded, stem
from graph.sources.native import NativeSource
from graph.sources.tables import Called, TableFile, called, fitting

SETTINGS = replace(MEMBERS, name="settings", refers=(("id", MEMBERS.name),))
BESIDE = {table.name: table for table in (SETTINGS, BLOCKS)}


def files_beside(
    folder: Folder, hints: Hints, tables: Mapping[str, Table] = BESIDE
) -> tuple[list[TableFile], list[Called]]:
    """Those of the tables that are there, and what else is in the folder; raises InvalidInput where one is wrong.

    Other files are not looked into: whoever names a file may have anything beside it.
    """
    known = {folded(name) for name in tables}
    by_name = [Called(stem(file.name), file) for file in folder.files]
    others = [each for each in by_name if folded(each.name) not in known]
    named = called([each.file for each in by_name if folded(each.name) in known], tables)
    fits = fitting(str(folder.path), [*named, *others], tables)
    files = [fits.tables[name].open(table, hints) for name, table in tables.items() if name in fits.tables]
    return files, fits.others


@dataclass(frozen=True, slots=True)
class WithTiers:
    """A source of a format without tiers, whose members are given some: `shares` by tier, drawn by id and seed.

    Raises InvalidInput where the format has tiers of its own.
    """

    source: Source
    shares: Mapping[str, float]
    seed: int

    def __post_init__(self) -> None:
        if isinstance(self.source, NativeSource):
            raise InvalidInput("native files have tiers of their own, in members.csv: none can be assigned")
        if isinstance(self.source, OwnExports):
            raise InvalidInput("tiers that are drawn would pass for known ones: settings.csv says those that are")

    def check(self, tiers: Set[str]) -> None:
        """Raises InvalidInput where a share is of a tier that is none of these."""
        if unknown := self.shares.keys() - tiers:
            raise InvalidInput(f"no loaded rule pack defines the tier {min(unknown)!r}: use {', '.join(sorted(tiers))}")

    def chunks(self) -> Iterator[Chunk]:
        """The source's rows, each member with a tier."""
        for chunk in self.source.chunks():
            if chunk.table == MEMBERS:
                columns = chunk.columns
                tiers = sampling.tiers(columns["id"], self.shares, self.seed)
                yield replace(chunk, cells=columns | {"tier": tiers})
            else:
                yield chunk

    def notes(self) -> list[Note]:
        """The source's own."""
        return self.source.notes()
