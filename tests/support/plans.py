"""Plans of networks as the oracle has them, made without a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.plans.facts import facts
from analysis.plans.plan import find_plan
from analysis.plans.solver import Clock
from analysis.plans.what_if import prices
from graph.world import World
from linkreach.planning import Planned, Wishes
from tests.rules.oracle import Network, Pack
from tests.rules.random_networks import NOW
from tests.support.snapshots import snapshot_of


def planned(
    network: Network, pack: Pack, senders: Sequence[str], recipients: Sequence[str], wishes: Wishes | None = None
) -> Planned:
    """What a session would answer, but for the check by Cypher."""
    snapshot = snapshot_of(network, pack)
    task = (wishes or Wishes()).task(senders, recipients)
    found = find_plan(facts(snapshot, NOW, senders, recipients), task, Clock(60))
    empty = Planned(found, task, World(NOW, pack.name), snapshot.version, snapshot.pack.hash, prices=(), twice=0)
    return replace(empty, prices=tuple(prices(found, task, Clock(60))))
