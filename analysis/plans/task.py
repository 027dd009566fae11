"""What a plan is asked for: who writes, who is to be reached, what may be done, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from graph.errors import InvalidInput
from graph.rules.loaded_pack import TierRules
from graph.rules.vocabulary import Action

# In the order in which they are listed.
ACTIONS = (Action.UPGRADE, Action.JOIN, Action.FOLLOW, Action.CONNECT, Action.UNBLOCK, Action.CREDIT)
USUAL = (Action.UPGRADE, Action.CREDIT, Action.JOIN, Action.FOLLOW)

# Costs are whole numbers of the smallest amount to the solver, which takes none of 10^15 and more.
_DECIMALS = 4
_LEAST, _MOST = 10**-_DECIMALS, 1_000_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """A contact that was made before: it counts against its sender's capacity."""

    recipient: str
    sender: str
    channel: str


@dataclass(frozen=True, slots=True)
class Task:
    """The question (docs/rules.md, section 10).

    `costs`: by action, or by `upgrade:` and a tier; what they do not say the pack does, else it is 1.
    `budget` None: whatever it costs. `free`: by channels of kind message and request alone.
    Raises InvalidInput where an action is none that plans know, and where a cost or the budget is below 0, or neither 0
    nor from 0.0001 to 1,000,000,000; more decimals than 4 do not count.
    """

    senders: Sequence[str]
    recipients: Sequence[str]
    actions: Sequence[str] = USUAL
    costs: Mapping[str, float] = field(default_factory=dict)
    budget: float | None = None
    free: bool = False
    made: Sequence[Made] = ()

    def __post_init__(self) -> None:
        for action in self.actions:
            _require_action(action)
        for name, cost in self.costs.items():
            action, colon, tier = name.partition(":")
            _require_action(action)
            if colon and (action != Action.UPGRADE or not tier):
                raise InvalidInput(f"the cost of {name!r}: only upgrades have a cost for each tier, upgrade:TIER")
            _require_amount(f"the cost of {name}", cost)
        if self.budget is not None:
            _require_amount("the budget", self.budget)

    def cost(self, action: Action, tier: TierRules) -> Fraction:
        """What an action costs a sender who is on a tier; of an upgrade, that to this tier. Raises InvalidInput."""
        names = [f"{action}:{tier.name}", action] if action is Action.UPGRADE else [action]
        given = next((self.costs[name] for name in names if name in self.costs), tier.costs.get(action, 1))
        _require_amount(f"the cost of {action} on the tier {tier.name}", given)
        return exact(given)


def exact(amount: float) -> Fraction:
    """An amount as it is written, to 4 decimals, as files have it: 0.1 is a tenth, and 0.1 + 0.2 are three."""
    return Fraction(str(round(amount, _DECIMALS)))


def require_tiers(task: Task, tiers: Sequence[str]) -> None:
    """Raises InvalidInput where a cost is that of a tier which the pack does not define."""
    for name in task.costs:
        tier = name.partition(":")[2]
        if tier and tier not in tiers:
            raise InvalidInput(f"the cost of {name}: the pack has no such tier; it has {', '.join(tiers)}")


def _require_action(action: str) -> None:
    if action not in ACTIONS:
        raise InvalidInput(f"{action!r} is no action of plans: there are {', '.join(ACTIONS)}")


def _require_amount(what: str, amount: float) -> None:
    if not (math.isfinite(amount) and amount >= 0):
        raise InvalidInput(f"{what} is {amount:g}, and should be a number from 0 on")
    if amount != 0 and not _LEAST <= amount <= _MOST:
        raise InvalidInput(f"{what} is {amount:g}, and should be 0, or from {_LEAST:g} to {_MOST:,}")
