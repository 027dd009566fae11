"""Plans of networks as the oracle has them: made without a graph, and looked at by the oracle."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.plans.facts import facts
from analysis.plans.plan import find_plan
from analysis.plans.solver import Clock
from analysis.plans.what_if import prices
from graph.world import World
from linkreach.planning import Asked, Planned, Wishes
from tests.rules import oracle, oracle_plans
from tests.rules.oracle import Network, Pack, Row
from tests.rules.oracle_changes import changed
from tests.rules.random_networks import NOW
from tests.support.snapshots import snapshot_of


def planned(
    network: Network, pack: Pack, senders: Sequence[str], recipients: Sequence[str], wishes: Wishes | None = None
) -> Planned:
    """What a session would answer, but for the check by Cypher."""
    snapshot = snapshot_of(network, pack)
    task = (wishes or Wishes()).task(senders, recipients)
    found = find_plan(facts(snapshot, NOW, senders, recipients), task, Clock(60))
    return Planned(
        found,
        Asked(task, twice=0, unknown=()),
        World(NOW, pack.name),
        snapshot.version,
        snapshot.pack.hash,
        uncertain=0,
        prices=tuple(prices(found, task, Clock(60))),
    )


def closed_contacts(asked: oracle_plans.Task, actions: Sequence[Row], contacts: Sequence[Row]) -> list[Row]:
    """The contacts of a plan that the oracle finds closed after its actions."""
    change = oracle_plans.as_change(oracle_plans.chosen_by(asked, actions))
    after = changed(asked.network, change, {tier.name for tier in asked.pack.tiers})
    return [
        row
        for row in contacts
        if oracle.reasons(oracle.pair_of(after, asked.pack, row["sender"], row["recipient"], asked.at), row["channel"])
    ]
