"""Tiers and settings for a format that has none: in files beside its own, or tiers by shares.

`settings` has the columns of `members` and means the same as members of a later load, but declares nobody.
It has the last word: where it has a column `tier`, that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path

from graph.errors import InvalidInput
from graph.generate import sampling
from graph.model import BLOCKS, MEMBERS
from graph.sources.chunks import Chunk, OwnExports, Source
from graph.sources.native import NativeSource, TableFile, table_file

SETTINGS = replace(MEMBERS, name="settings", refers=(("id", MEMBERS.name),))


def files_beside(folder: Path) -> list[TableFile]:
    """Those of the two that are there; raises InvalidInput where one of them is wrong."""
    return [file for table in (SETTINGS, BLOCKS) if (file := table_file(folder, table)) is not None]


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
