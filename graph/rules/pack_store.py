"""Rule packs in the graph: put there, listed, and read back as text (docs/rules.md, section 4)."""

from __future__ import annotations

from typing import Any

from graph.driver.query import Query
from graph.rules.rule_pack import RulePack, Tier
from graph.rules.vocabulary import CHANNELS


def save_pack(pack: RulePack) -> Query[None]:
    """Puts the pack into the graph in place of any pack of its name."""
    return Query(
        "load/pack",
        decode=lambda _: None,
        parameters={
            "pack": {
                "name": pack.name,
                "title": pack.title,
                "source": pack.source,
                "date": pack.date,
                "hash": pack.hash,
                "text": pack.text,
                **pack.switches.model_dump(),
            },
            "tiers": [
                {
                    "properties": {"pack": pack.name, "name": name, **_numbers(tier)},
                    "channels": [
                        {
                            "name": channel.name,
                            "kind": channel.kind or pack.switches.group_kind,
                            "position": position,
                        }
                        for position, channel in enumerate(CHANNELS)
                        if channel.name in tier.channels
                    ],
                }
                for name, tier in pack.tiers.items()
            ],
        },
    )


def pack_hashes() -> Query[dict[str, str]]:
    """The packs in the graph: name to hash, by name."""
    return Query("load/packs", decode=lambda rows: {row["name"]: row["hash"] for row in rows})


def pack_text(name: str) -> Query[str | None]:
    """The TOML text of a pack in the graph; None where no pack of the name is loaded."""
    return Query("load/pack_text", decode=lambda rows: rows[0]["text"] if rows else None, parameters={"name": name})


def loaded_tiers() -> Query[frozenset[str]]:
    """The names of all tiers that any loaded pack defines."""
    return Query("load/tiers", decode=lambda rows: frozenset(row["tier"] for row in rows))


def _numbers(tier: Tier) -> dict[str, Any]:
    numbers = tier.model_dump(exclude={"channels", "costs"}, exclude_none=True)
    costs = {f"cost_{action}": cost for action, cost in tier.costs.items()}
    return {key: value for key, value in numbers.items() if value != "unlimited"} | costs
