"""What the text of one rule pack says otherwise than that of another, tier by tier and switch by switch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.rules.rule_pack import RulePack, Switches, Tier
from graph.rules.vocabulary import CHANNELS, Action

_ABOUT = ("name", "title", "source", "date")
_NUMBERS = ("rank", "direct_degree", "monthly_messages", "monthly_inmails", "inmail_grant", "inmail_cap")
_GRANTED = "granted"


@dataclass(frozen=True, slots=True)
class PackChange:
    """One value that differs: `part` is `pack`, `switches` or `tiers.NAME`; nothing is said where it is empty."""

    part: str
    key: str
    before: str
    after: str


def pack_changes(old: RulePack, new: RulePack) -> list[PackChange]:
    """Every value that differs: what the pack is, its switches, then its tiers by rank, new ones after the others."""
    said = [dict(_said(pack)) for pack in (old, new)]
    in_order = dict.fromkeys(key for each in said for key in each)
    parts = dict.fromkeys(part for part, _ in in_order)
    return [
        PackChange(part, key, before, after)
        for each in parts
        for part, key in in_order
        if part == each
        for before, after in [(said[0].get((part, key), ""), said[1].get((part, key), ""))]
        if before != after
    ]


def _said(pack: RulePack) -> Iterator[tuple[tuple[str, str], str]]:
    """What a pack says, by part and key."""
    for key in _ABOUT:
        yield ("pack", key), _text(getattr(pack, key))
    for key in Switches.model_fields:
        yield ("switches", key), _text(getattr(pack.switches, key))
    for name, tier in sorted(pack.tiers.items(), key=lambda item: item[1].rank):
        yield from (((f"tiers.{name}", key), said) for key, said in _of_tier(tier))


def _of_tier(tier: Tier) -> Iterator[tuple[str, str]]:
    for key in _NUMBERS:
        yield key, _text(getattr(tier, key))
    for channel in CHANNELS:
        yield f"channels.{channel.name}", _GRANTED if channel.name in tier.channels else ""
    for action in Action:
        yield f"costs.{action}", _text(tier.costs.get(action))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)
