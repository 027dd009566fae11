"""What is not told to those who may not know of a block (docs/rules.md, section 3, "Who may read what").

Of a block and of a limit by the recipient they read one code. That hides the reason, not the fact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from graph.answers import Verdict
from graph.unlocks import Unlock

UNAVAILABLE = "UNAVAILABLE"
WITHHELD = ("BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT")

# The gates between the places of the two.
_BETWEEN = ("BLOCKED_BY_SENDER", "SENDER_RESTRICTED", "SENDER_TEMPORARILY_LIMITED")


def withheld(codes: Sequence[str]) -> tuple[str, ...]:
    """The codes with one in place of both, where the first of them stands in the order of the rules."""
    told = [code for code in codes if code not in WITHHELD]
    if len(told) < len(codes):
        place = next((place for place, code in enumerate(told) if code in _BETWEEN), len(told))
        told.insert(place, UNAVAILABLE)
    return tuple(told)


def withheld_verdict(verdict: Verdict) -> Verdict:
    """The verdict as they read it: gates, and the reasons of each channel."""
    return replace(
        verdict,
        gates=withheld(verdict.gates),
        channels=tuple(replace(each, reasons=withheld(each.reasons)) for each in verdict.channels),
    )


def withheld_unlock(unlock: Unlock) -> Unlock:
    """What only the other side can change, as they read it."""
    return replace(unlock, other_side=withheld(unlock.other_side))
