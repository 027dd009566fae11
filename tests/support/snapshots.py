"""Snapshots of networks as the oracle has them, made without a graph: the bulk engine is compared on many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from graph.model import ASSUMED
from graph.rules.loaded_pack import LoadedPack, TierRules
from graph.snapshot import snapshot
from graph.snapshot.snapshot import Snapshot, assumed_bits
from tests.rules.oracle import Network, Pack, kind_of
from tests.rules.random_networks import NOW

_NAMES = pa.list_(pa.string())


def snapshot_of(network: Network, pack: Pack, by: str = "tier") -> Snapshot:
    """What a projection of that network, with that pack in the graph, would give."""
    members, groups, pages = (sorted(ids) for ids in (network.members, network.groups, network.companies))
    row = {
        kind: {id: place for place, id in enumerate(ids)} for kind, ids in (("m", members), ("g", groups), ("p", pages))
    }
    stints = sorted(
        ((tie.member, row["p"][tie.company], tie.until, tie.since) for tie in network.ties if tie.tie == "works_at"),
        key=lambda stint: (stint[1], stint[2] is None, stint[2] or NOW, stint[3] is not None, stint[3] or NOW),
    )
    lists: dict[str, dict[str, list[Any]]] = {
        "connected_to": _lists(sorted((min(pair), row["m"][max(pair)]) for pair in network.connections)),
        "strength": _lists(
            (min(pair), strength)
            for pair, strength in sorted(
                ((pair, network.strengths.get(pair, 0)) for pair in network.connections),
                key=lambda tie: (min(tie[0]), row["m"][max(tie[0])]),
            )
        ),
        "groups": _lists(sorted((member, row["g"][group]) for member, group in network.memberships)),
        "works_at": _lists((member, page) for member, page, _, _ in stints),
        "works_since": _lists((member, since) for member, _, _, since in stints),
        "works_until": _lists((member, until) for member, _, until, _ in stints),
        "follows": _lists(
            sorted({(tie.member, row["p"][tie.company]) for tie in network.ties if tie.tie == "follows"})
        ),
        "blocked": _lists(sorted((who, row["m"][whom]) for who, whom in network.blocked)),
        "limited": _lists(sorted((who, row["m"][whom]) for who, whom in network.limited)),
    }
    columns: dict[str, Any] = {
        ASSUMED: assumed_bits(pa.array([sorted(network.members[member][ASSUMED]) for member in members], _NAMES)),
        "segment": [_text(network.members[member].get(by)) for member in members],
        **{name: [listed[member] for member in members] for name, listed in lists.items()},
    }
    rows = [network.members[member] for member in members]
    return Snapshot(
        version=1,
        pack=_pack(pack),
        by=by,
        members=pa.table(
            {
                name: columns[name] if name in columns else [each[name] for each in rows]
                for name in snapshot.MEMBERS.names
            },
            snapshot.MEMBERS,
        ),
        groups=pa.table(
            {"id": groups, "messaging": [network.groups[group]["messaging"] for group in groups]}, snapshot.GROUPS
        ),
        pages=pa.table({"id": pages}, snapshot.PAGES),
    )


def _lists(pairs: Iterable[tuple[str, Any]]) -> defaultdict[str, list[Any]]:
    lists: defaultdict[str, list[Any]] = defaultdict(list)
    for member, value in pairs:
        lists[member].append(value)
    return lists


def _text(value: Any) -> str:
    """As Cypher's `toString` writes it; no value is no text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _pack(pack: Pack) -> LoadedPack:
    return LoadedPack(
        name=pack.name,
        hash="",
        title="",
        source="",
        date="",
        page_ties=pack.page_ties,
        inmail_respects_opt_out=pack.inmail_respects_opt_out,
        connections_always_in_audience=pack.connections_always_in_audience,
        tier_rules=tuple(
            TierRules(
                tier.name,
                tier.rank,
                tier.direct_degree,
                tier.monthly_messages,
                tier.monthly_inmails,
                tier.inmail_grant,
                tier.inmail_cap,
                tuple(channel for channel in pack.channels if channel in tier.channels),
                tier.costs,
            )
            for tier in pack.tiers
        ),
        kinds={channel: kind_of(pack, channel) for channel in pack.channels},
    )
