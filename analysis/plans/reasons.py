"""Why recipients are not reached, as the graph is now: every reason of every sender (docs/rules.md, section 10)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.plans.facts import Facts, Flags, Sender
from analysis.plans.task import Task
from graph.rules.loaded_pack import TierRules
from graph.rules.vocabulary import CODES, FREE, MESSAGING, NOT_IN_TIER


def reasons(facts: Facts, task: Task) -> list[tuple[str, ...]]:
    """Of each recipient: every reason of every other sender's channels that a contact could use, in their order."""
    size = len(facts.recipients.ids)
    found = {code: np.zeros(size, np.bool_) for code in CODES}
    for number, sender in enumerate(facts.senders):
        others = ~facts.pairs.same[number]
        for code, who in _of_sender(facts, task, number, sender):
            found[code] |= who & others
    return [tuple(code for code in CODES if found[code][place]) for place in range(size)]


def _of_sender(facts: Facts, task: Task, number: int, sender: Sender) -> Iterator[tuple[str, Flags]]:
    tier, kinds = facts.pack.tier_rules[sender.tier], FREE if task.free else MESSAGING
    channels = [name for name, kind in facts.pack.kinds.items() if kind in kinds]
    for channel in channels:
        if channel not in tier.grants:
            yield NOT_IN_TIER.code, np.ones(len(facts.recipients.ids), np.bool_)
        yield from _requirements(facts, number, sender, tier, channel)
    if channels:
        pairs, nobody = facts.pairs, np.zeros(len(facts.recipients.ids), np.bool_)
        yield "SENDER_GONE", nobody | sender.gone
        yield "RECIPIENT_GONE", facts.recipients.gone
        yield "BLOCKED_BY_RECIPIENT", pairs.blocked_by_recipient[number]
        yield "BLOCKED_BY_SENDER", pairs.blocked_by_sender[number]
        yield "SENDER_RESTRICTED", nobody | sender.restricted
        yield "SENDER_TEMPORARILY_LIMITED", nobody | sender.temporarily_limited
        yield "LIMITED_BY_RECIPIENT", pairs.limited_by_recipient[number]


def _requirements(
    facts: Facts, number: int, sender: Sender, tier: TierRules, channel: str
) -> Iterator[tuple[str, Flags]]:
    to, pairs, degree = facts.recipients, facts.pairs, facts.pairs.degree[number]
    everybody = np.ones(len(to.ids), np.bool_)
    if channel == "inmail":
        yield "NO_INMAIL_CREDITS", everybody & (sender.inmail_credits < 1)
        yield "INMAIL_LIMIT_REACHED", everybody & _reached(sender.inmails_sent, tier.monthly_inmails)
        yield "INMAIL_DECLINED", ~to.takes_inmail
        return
    yield "MESSAGE_LIMIT_REACHED", everybody & _reached(sender.messages_sent, tier.monthly_messages)
    if channel == "open_profile":
        yield "NO_OPEN_PROFILE", ~to.open_profile
        return
    yield "RECIPIENT_AUDIENCE", ~to.in_audience(degree)
    if channel == "direct":
        granting = [each.direct_degree for each in facts.pack.tier_rules if "direct" in each.grants]
        too_far, some_tier_reaches = degree > tier.direct_degree, degree <= max(granting, default=0)
        yield "TIER_TOO_LOW", too_far & some_tier_reaches
        yield "OUT_OF_NETWORK", too_far & ~some_tier_reaches
        yield "RECIPIENT_VISIBILITY", ~to.visible(degree)
        return
    yield "RECIPIENT_VISIBILITY", ~to.approachable(degree)
    if channel == "group":
        yield "NO_SHARED_GROUP", ~pairs.share_group[number]
    else:
        yield "NO_SHARED_PAGE", ~pairs.share_page[number]


def _reached(sent: int, limit: int | None) -> bool:
    return limit is not None and sent >= limit
