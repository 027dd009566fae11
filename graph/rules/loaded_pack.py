"""A rule pack as the graph holds it: what every evaluator but Cypher reads of it (docs/rules.md, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TierRules:
    """A tier as the rules read it; a limit of None is none.

    `costs`: what it costs to be upgraded to this tier, and what each other action costs a sender on it.
    """

    name: str
    rank: int
    direct_degree: int
    monthly_messages: int | None
    monthly_inmails: int | None
    inmail_grant: int | None
    inmail_cap: int | None
    grants: tuple[str, ...]
    costs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LoadedPack:
    """A pack in the graph: tiers by rank, channels in the order of the rules with their kinds, and its switches.

    `date` is that of its source, ISO 8601; `hash` the SHA-256 of its text, in hexadecimal.
    """

    name: str
    hash: str
    title: str
    source: str
    date: str
    page_ties: str
    inmail_respects_opt_out: bool
    connections_always_in_audience: bool
    tier_rules: tuple[TierRules, ...]
    kinds: Mapping[str, str]

    @property
    def tiers(self) -> tuple[str, ...]:
        """The names of its tiers by rank."""
        return tuple(tier.name for tier in self.tier_rules)

    @property
    def channels(self) -> tuple[str, ...]:
        """Its channels in the order of the rules."""
        return tuple(self.kinds)
