"""Changes against what is there: taken whole, or not at all (docs/rules.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import chain

from graph.loading.checking import CheckedChunk, Known, checked, checked_removals
from graph.loading.forgotten import NOBODY, Forgotten
from graph.loading.presence import Presence
from graph.model import REMOVALS
from graph.sources.change import Change


def checked_change(
    change: Change, tiers: Set[str], there: Presence, forgotten: Forgotten = NOBODY
) -> Iterator[CheckedChunk]:
    """Its chunks in the order in which they are applied, what is to go first.

    `tiers`: the names that any rule pack defines. Raises RejectedRow where a load would set a row aside.
    """
    known = Known.of(there, forgotten)
    leaving = checked_removals([chunk for chunk in change.rows if chunk.table in REMOVALS], known)
    coming = checked((chunk for chunk in change.rows if chunk.table not in REMOVALS), tiers, known)
    for chunk in chain(leaving, coming):
        for reject in chunk.rejects:
            raise change.rejected(reject)
        yield chunk
