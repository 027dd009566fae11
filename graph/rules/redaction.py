"""Who reads of a block or a limit, and what stands in its place for others (docs/rules.md, 3, "Who may read what")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.rules.vocabulary import CODES, SET_BY_SENDER, UNAVAILABLE, WITHHELD

_BEHIND = frozenset(CODES[CODES.index(WITHHELD[0]) :])
_FROM_STRANGERS = frozenset(WITHHELD)
_FROM_THE_SENDER = _FROM_STRANGERS - {SET_BY_SENDER}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads an answer.

    `audits`: may know of every block and limit; `senders`: members whose own blocks this reader may know of.
    """

    audits: bool = False
    senders: frozenset[str] = frozenset()

    def knows_blocks_of(self, sender: str) -> bool:
        """Whether this reader may know whom this sender has blocked."""
        return self.audits or sender in self.senders

    def codes(self, codes: Sequence[str], sender: str) -> tuple[str, ...]:
        """The codes of a pair as this reader reads them: one stands for those withheld, at the place of the first."""
        if self.audits:
            return tuple(codes)
        withheld = _FROM_THE_SENDER if sender in self.senders else _FROM_STRANGERS
        if withheld.isdisjoint(codes):
            return tuple(codes)
        told = [code for code in codes if code not in withheld]
        place = next((place for place, code in enumerate(told) if code in _BEHIND), len(told))
        told.insert(place, UNAVAILABLE.code)
        return tuple(told)


AUDITOR, STRANGER = Reader(audits=True), Reader()
