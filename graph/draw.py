"""Settings and blocks drawn from a seed: plausible shares, and the same rows for the same arguments everywhere.

Only `Random.random` is used: of the standard generator, it alone is promised to give the same numbers in every
version of Python. Each purpose draws from a stream of its own, so that a new one moves no other.
Instants lie long past or far ahead, so that no answer changes with the calendar.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from random import Random

PAST = "2025-06-30T00:00:00Z"
AHEAD = "2100-01-01T00:00:00Z"
BLOCKS_PER_MEMBER = 0.08

_BASE_TIER = "free"
_SHARES = {
    "tier": {_BASE_TIER: 0.80, "career": 0.12, "business": 0.05, "sales_navigator": 0.03},
    "status": {"active": 0.93, "restricted": 0.03, "deactivated": 0.02, "closed": 0.02},
    "restricted_until": {"": 0.95, AHEAD: 0.03, PAST: 0.02},
    "visibility": {"public": 0.72, "network": 0.14, "connections": 0.09, "private": 0.05},
    "accepts_from": {"anyone": 0.72, "shared_connections": 0.14, "connections": 0.09, "nobody": 0.05},
    "accepts_inmail": {"true": 0.90, "false": 0.10},
    "open_profile": {"false": 0.90, "true": 0.10},
    "contact_info": {"nobody": 0.50, "connections": 0.30, "network": 0.10, "anyone": 0.10},
    "contact_form": {"false": 0.85, "true": 0.15},
    "comments_open": {"true": 0.60, "false": 0.40},
}
_EXPIRY_OF_A_PAID_TIER = {AHEAD: 0.60, PAST: 0.25, "": 0.15}
_MOST_CREDITS = {_BASE_TIER: 1, "career": 5, "business": 15, "sales_navigator": 50}
_SHARE_WITHOUT_CREDITS = {_BASE_TIER: 0.90, "career": 0.30, "business": 0.20, "sales_navigator": 0.20}
_KINDS = {"block": 0.55, "limit": 0.45}
_REASONS = {"unprofessional messages": 0.40, "too many messages": 0.40, "": 0.20}


class _Stream:
    """Draws for one purpose."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = Random(f"{seed}/{purpose}")

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def up_to(self, most: int) -> int:
        """A number from 0 to `most`."""
        return int(self._random.random() * (most + 1))

    def one(self, shares: dict[str, float]) -> str:
        """A key, each as often as its share says; the shares sum to 1."""
        drawn = self._random.random()
        *firsts, last = shares
        return next((key for key, edge in zip(firsts, accumulate(shares.values()), strict=False) if drawn < edge), last)


def settings(ids: Sequence[str], seed: int) -> list[dict[str, str]]:
    """A row of `settings.csv` for each id, in their order: tiers of the pack `article`, and every setting.

    One in five pays for a tier, a quarter of those until a time that has passed.
    """
    streams = {name: _Stream(seed, name) for name in _SHARES}
    expiry, credits = _Stream(seed, "tier_expires_at"), _Stream(seed, "inmail_credits")
    messages, inmails = _Stream(seed, "messages_sent"), _Stream(seed, "inmails_sent")
    rows = []
    for id in ids:
        row = {"id": id} | {name: streams[name].one(shares) for name, shares in _SHARES.items()}
        tier = row["tier"]
        most = 0 if credits.happens(_SHARE_WITHOUT_CREDITS[tier]) else _MOST_CREDITS[tier]
        row["tier_expires_at"] = "" if tier == _BASE_TIER else expiry.one(_EXPIRY_OF_A_PAID_TIER)
        row["inmail_credits"] = str(most and 1 + credits.up_to(most - 1))
        row["messages_sent"] = str(messages.up_to(30))
        row["inmails_sent"] = str(inmails.up_to(5))
        rows.append(row)
    return rows


def blocks(
    ids: Sequence[str], connections: Sequence[tuple[str, str]], memberships: Sequence[tuple[str, str]], seed: int
) -> list[dict[str, str]]:
    """Rows of `blocks.csv`: who blocks or limits whom, eight for a hundred members, each pair once, in order.

    Half are between connected members, a quarter between members of one group, the others between anybody.
    `connections` are pairs of members, `memberships` pairs of member and group.
    """
    together = defaultdict(list)
    for member, group in memberships:
        together[group].append(member)
    among = _Stream(seed, "blocks.among")
    who, direction = _Stream(seed, "blocks.who"), _Stream(seed, "blocks.direction")
    kind, reason, month = (_Stream(seed, f"blocks.{purpose}") for purpose in ("kind", "reason", "month"))

    def anyone_of(some: Sequence[str]) -> str:
        return some[who.up_to(len(some) - 1)]

    def pair() -> tuple[str, str]:
        near = among.one({"connected": 0.50, "group": 0.25, "anybody": 0.25})
        if near == "connected" and connections:
            return connections[who.up_to(len(connections) - 1)]
        if near == "group" and memberships:
            member, group = memberships[who.up_to(len(memberships) - 1)]
            return member, anyone_of(together[group])
        return anyone_of(ids), anyone_of(ids)

    rows: dict[tuple[str, str], dict[str, str]] = {}
    wanted = round(len(ids) * BLOCKS_PER_MEMBER)
    while len(rows) < wanted:
        a, b = pair()
        member, other = (a, b) if direction.happens(0.5) else (b, a)
        if member != other and (member, other) not in rows:
            chosen = kind.one(_KINDS)
            rows[member, other] = {
                "member": member,
                "other": other,
                "kind": chosen,
                "since": f"2024-{month.up_to(11) + 1:02d}-01",
                "reason": reason.one(_REASONS) if chosen == "limit" else "",
            }
    return [rows[key] for key in sorted(rows)]
