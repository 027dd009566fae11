"""What is not told to those who may not know of a block (docs/rules.md, section 3, "Who may read what").

Of a block and of a limit by the recipient they read one code. That hides the reason, not the fact.
It imports nothing, so that whatever shows codes can ask it.
"""

from __future__ import annotations

from collections.abc import Sequence

UNAVAILABLE = "UNAVAILABLE"
WITHHELD = ("BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT")

# The gates between the places of the two.
BETWEEN = ("BLOCKED_BY_SENDER", "SENDER_RESTRICTED", "SENDER_TEMPORARILY_LIMITED")


def withheld(codes: Sequence[str]) -> tuple[str, ...]:
    """The codes with one in place of both, where the first of them stands in the order of the rules."""
    told = [code for code in codes if code not in WITHHELD]
    if len(told) < len(codes):
        place = next((place for place, code in enumerate(told) if code in BETWEEN), len(told))
        told.insert(place, UNAVAILABLE)
    return tuple(told)
