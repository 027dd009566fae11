"""What a question is asked under: one value from every way in to every question, cursor and manifest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from graph.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

    from graph.sources.change import Change


@dataclass(frozen=True, slots=True)
class World:
    """The instant, in UTC, the rule pack by name, and the tier to ask the sender as (docs/rules.md, section 2).

    `as_tier` None: on their own effective tier. `change`: what is supposed of the graph (section 7).
    `snapshot`: the folder of one to ask in place of the graph. What compares worlds takes a pack's file, too, and an
    empty name for the pack that a snapshot was saved with.
    """

    at: datetime
    pack: str
    as_tier: str | None = None
    change: Change | None = None
    snapshot: Path | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """The parameters of statements: `at`, `pack` and `as_tier`.

        What is not asked is a value of the parameter's type and not null: for each mix of types the server keeps a
        plan of its own, and making one takes longer than answering.
        Raises InvalidInput where the world is a snapshot's.
        """
        if self.snapshot is not None:
            raise InvalidInput(f"this is asked of a graph, and not of the snapshot {self.snapshot}")
        return {"at": self.at, "pack": self.pack, "as_tier": self.as_tier or ""}
