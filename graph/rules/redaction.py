"""Who reads of a block or a limit, and what stands in its place for others (docs/rules.md, 3, "Who may read what")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.rules.vocabulary import CODES, UNAVAILABLE, WITHHELD

_BEHIND = frozenset(CODES[CODES.index(WITHHELD[0]) :])


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an answer; `audits`: may know of every block and limit."""

    audits: bool = False

    def codes(self, codes: Sequence[str]) -> tuple[str, ...]:
        """The codes as this reader reads them: one stands for those withheld, at the place of the first."""
        if self.audits:
            return tuple(codes)
        told = [code for code in codes if code not in WITHHELD]
        if len(told) < len(codes):
            place = next((place for place, code in enumerate(told) if code in _BEHIND), len(told))
            told.insert(place, UNAVAILABLE.code)
        return tuple(told)


EVERYTHING = Reader(audits=True)
STRANGER = Reader()
