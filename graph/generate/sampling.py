"""Tiers, settings and blocks drawn from a seed: plausible shares, and the same rows for the same arguments everywhere.

Only `Random.random` is used: of the standard generator, it alone is promised to give the same numbers in every
version of Python. Each purpose draws from a stream of its own, so that a new one moves no other.
Instants lie long past or far ahead, so that no answer changes with the calendar.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from itertools import accumulate
from random import Random

from graph.errors import InvalidInput

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
_DECIMAL = re.compile(r"[0-9]*\.?[0-9]+")
_REASONS = {"unprofessional messages": 0.40, "too many messages": 0.40, "": 0.20}


class _Wheel:
    """Keys by their shares, which sum to 1: turned by a number from 0 to below 1 to one of them."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._keys = list(shares)
        self._edges = list(accumulate(shares.values()))[:-1]

    def at(self, turn: float) -> str:
        return self._keys[bisect_right(self._edges, turn)]


class _Stream:
    """Draws for one purpose."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._random = Random(f"{seed}/{purpose}")

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def up_to(self, most: int) -> int:
        """A number from 0 to `most`."""
        return int(self._random.random() * (most + 1))

    def one(self, wheel: _Wheel) -> str:
        return wheel.at(self._random.random())


def read_shares(text: str) -> dict[str, float]:
    """The share of each tier, from text like `free=0.8,career=0.2`; raises InvalidInput where they do not sum to 1."""
    shares: dict[str, Decimal] = {}
    for part in text.split(","):
        tier, _, number = part.strip().partition("=")
        if not tier or tier in shares or not _DECIMAL.fullmatch(number):
            raise InvalidInput(f"{part.strip()!r} is no share of a tier: say each once, like free=0.8,career=0.2")
        shares[tier] = Decimal(number)
    if sum(shares.values()) != 1:
        raise InvalidInput(f"the shares of the tiers sum to {sum(shares.values())}: they should sum to 1")
    return {tier: float(share) for tier, share in shares.items()}


def tiers(ids: Iterable[str], shares: Mapping[str, float], seed: int) -> list[str]:
    """A tier for each id, by shares that sum to 1; it hangs on the id and the seed, not on the other ids."""
    wheel = _Wheel(shares)
    digests = (blake2b(f"{seed}/{id}".encode(), digest_size=6).digest() for id in ids)
    return [wheel.at(int.from_bytes(digest) / 2**48) for digest in digests]


def settings(ids: Sequence[str], seed: int) -> dict[str, list[str]]:
    """The columns of `settings.csv` for these ids, in their order: tiers of the pack `article`, and every setting.

    One in five pays for a tier, a quarter of those until a time that has passed.
    """
    columns = {"id": list(ids)}
    for name, shares in _SHARES.items():
        stream, wheel = _Stream(seed, name), _Wheel(shares)
        columns[name] = [stream.one(wheel) for _ in ids]
    expiry, expiries = _Stream(seed, "tier_expires_at"), _Wheel(_EXPIRY_OF_A_PAID_TIER)
    columns["tier_expires_at"] = ["" if tier == _BASE_TIER else expiry.one(expiries) for tier in columns["tier"]]
    credits = _Stream(seed, "inmail_credits")
    columns["inmail_credits"] = [_credits(tier, credits) for tier in columns["tier"]]
    for name, most in (("messages_sent", 30), ("inmails_sent", 5)):
        stream = _Stream(seed, name)
        columns[name] = [str(stream.up_to(most)) for _ in ids]
    return columns


def _credits(tier: str, stream: _Stream) -> str:
    return "0" if stream.happens(_SHARE_WITHOUT_CREDITS[tier]) else str(1 + stream.up_to(_MOST_CREDITS[tier] - 1))


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
    among, nearness = _Stream(seed, "blocks.among"), _Wheel({"connected": 0.50, "group": 0.25, "anybody": 0.25})
    who, direction = _Stream(seed, "blocks.who"), _Stream(seed, "blocks.direction")
    kind, kinds = _Stream(seed, "blocks.kind"), _Wheel(_KINDS)
    reason, reasons = _Stream(seed, "blocks.reason"), _Wheel(_REASONS)
    month = _Stream(seed, "blocks.month")

    def anyone_of(some: Sequence[str]) -> str:
        return some[who.up_to(len(some) - 1)]

    def pair() -> tuple[str, str]:
        near = among.one(nearness)
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
            chosen = kind.one(kinds)
            rows[member, other] = {
                "member": member,
                "other": other,
                "kind": chosen,
                "since": f"2024-{month.up_to(11) + 1:02d}-01",
                "reason": reason.one(reasons) if chosen == "limit" else "",
            }
    return [rows[key] for key in sorted(rows)]
