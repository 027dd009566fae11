"""Counts, lists and codes as sentences have them."""

from __future__ import annotations

from collections.abc import Sequence

from graph.rules.vocabulary import GATES, NOT_IN_NETWORK, REASONS, Action

# Of each code that a table may have, what it means.
REASON_WORDS = {
    each.code: each.words.replace("`", "") for each in (*REASONS, *(gate.reason for gate in GATES), NOT_IN_NETWORK)
}


def counted(count: int, one: str) -> str:
    """A count of things: `1 pair`, `1,000 pairs`."""
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def listed(texts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last


def percent(share: float) -> str:
    """A share of 1."""
    return f"{share * 100:.1f} %"


def reason(code: str) -> str:
    """A code with its words."""
    return f"{code} ({REASON_WORDS[code]})"


def action_words(action: Action, name: str) -> str:
    """What somebody does; `name` is that of the tier, group, page or member it is about, or when a wait ends."""
    match action:
        case Action.UPGRADE:
            return f"upgrade to {name}"
        case Action.CREDIT:
            return "get one InMail credit"
        case Action.JOIN:
            return f"join the group {name}"
        case Action.FOLLOW:
            return f"follow the page {name}"
        case Action.CONNECT:
            return f"connect with {name}"
        case Action.UNBLOCK:
            return f"unblock {name}"
        case Action.WAIT:
            return f"wait until {name}"
