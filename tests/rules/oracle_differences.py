"""Section 8 of the rules, differences, in plain, slow Python, on the rules of `oracle.py`.

Hold it beside the page: it follows the order of the section. It imports nothing of the product.
`is_free` asks about *reachable free* and channels of kind message and request, in every function.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from tests.rules.oracle import (
    CODES,
    FREE,
    MESSAGING,
    UNAVAILABLE,
    UNTOLD,
    Row,
    World,
    judge,
    kind_of,
    pair_of,
)
from tests.rules.oracle_reports import refuse_unknown_column, segment_of

GAINED, LOST = "gained", "lost"
NOT_IN_NETWORK = "NOT_IN_NETWORK"

# As they are listed: UNAVAILABLE where BLOCKED_BY_RECIPIENT stands, NOT_IN_NETWORK last.
REASONS = [code for each in CODES for code in ([UNAVAILABLE, each] if each == "BLOCKED_BY_RECIPIENT" else [each])]
REASONS.append(NOT_IN_NETWORK)


@dataclass(frozen=True)
class Judged:
    """What a world says of a pair: the reasons of each channel that is asked about; None where it lacks one of them."""

    reasons: dict[str, list[str]] | None

    @cached_property
    def opened(self) -> list[str]:
        """The open channels; somebody whom a world does not have reaches nobody and is reached by nobody."""
        return [channel for channel, why in (self.reasons or {}).items() if not why]

    def denying(self, channel: str) -> set[str]:
        """Why this channel is denied, that is open in the other world."""
        if self.reasons is None:
            return {NOT_IN_NETWORK}
        return set(self.reasons.get(channel, ["NOT_IN_TIER"]))


def judged(world: World, sender: str, recipient: str, is_free: bool) -> Judged:
    """The channels of the kinds that are asked about."""
    if not {sender, recipient} <= world.network.members.keys():
        return Judged(None)
    pair = pair_of(world.network, world.pack, sender, recipient, world.at, world.as_tier)
    kinds = FREE if is_free else MESSAGING
    return Judged({channel: why for channel, why in judge(pair).items() if kind_of(world.pack, channel) in kinds})


@dataclass(frozen=True)
class Changed:
    """A pair that is gained or lost: the channels open in one world, and why each of them is denied in the other."""

    sender: str
    recipient: str
    direction: str
    why: dict[str, set[str]]

    @property
    def causes(self) -> set[str]:
        """All of them together."""
        return set().union(*self.why.values())

    @property
    def alone(self) -> set[str]:
        """Those that are the only reason of some channel."""
        return set().union(*(codes for codes in self.why.values() if len(codes) == 1))


def everybody(before: World, after: World) -> list[str]:
    """The members of either world, by id."""
    return sorted(before.network.members.keys() | after.network.members.keys())


def changes(before: World, after: World, is_free: bool, withheld: bool = False) -> list[Changed]:
    """The pairs that are gained or lost, by sender and recipient; `withheld`: as read without the scope `audit`."""
    found = []
    for sender, recipient in permutations(everybody(before, after), 2):
        was, now = (judged(world, sender, recipient, is_free) for world in (before, after))
        if bool(was.opened) == bool(now.opened):
            continue
        direction, here, there = (GAINED, now, was) if now.opened else (LOST, was, now)
        why = {channel: there.denying(channel) for channel in here.opened}
        if withheld:
            why = {
                channel: {UNAVAILABLE if code in UNTOLD else code for code in codes} for channel, codes in why.items()
            }
        found.append(Changed(sender, recipient, direction, why))
    return found


def causes(before: World, after: World, is_free: bool = False, withheld: bool = False) -> list[Row]:
    """A row for each direction and reason that occurs: the pairs that it stands for, and where it stands alone."""
    stands, alone = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for pair in changes(before, after, is_free, withheld):
        stands.update((pair.direction, code) for code in pair.causes)
        alone.update((pair.direction, code) for code in pair.alone)
    return [
        {
            "direction": direction,
            "reason": reason,
            "pairs": stands[direction, reason],
            "pairs_alone": alone[direction, reason],
        }
        for direction in (GAINED, LOST)
        for reason in REASONS
        if stands[direction, reason]
    ]


def totals(before: World, after: World, is_free: bool = False) -> Row:
    """How many pairs are reachable in each world, gained and lost."""
    directions = Counter(pair.direction for pair in changes(before, after, is_free))
    return {
        "reachable_before": sum(_reached(before, is_free).values()),
        "reachable_after": sum(_reached(after, is_free).values()),
        GAINED: directions[GAINED],
        LOST: directions[LOST],
    }


def members(before: World, after: World, is_free: bool = False) -> list[Row]:
    """A row for each member of either world: whom they reach and who reaches them, before and after."""
    found = changes(before, after, is_free)
    sent = Counter((pair.sender, pair.direction) for pair in found)
    received = Counter((pair.recipient, pair.direction) for pair in found)
    was, now = _reached(before, is_free), _reached(after, is_free)
    was_back, now_back = _reached(before, is_free, "recipient"), _reached(after, is_free, "recipient")
    return [
        {
            "member": member,
            "reach_before": was[member],
            "reach_after": now[member],
            "gained": sent[member, GAINED],
            "lost": sent[member, LOST],
            "reached_by_before": was_back[member],
            "reached_by_after": now_back[member],
            "reached_by_gained": received[member, GAINED],
            "reached_by_lost": received[member, LOST],
        }
        for member in everybody(before, after)
    ]


def _reached(world: World, is_free: bool, side: str = "sender") -> Counter[str]:
    """The pairs that are reachable in a world, by their sender or recipient."""
    return Counter(
        sender if side == "sender" else recipient
        for sender, recipient in permutations(world.network.members, 2)
        if judged(world, sender, recipient, is_free).opened
    )


def segments(before: World, after: World, is_free: bool = False, by: str = "tier") -> list[Row]:
    """A row for each sender's and recipient's segment with a gained or lost pair.

    A member's segment is the one before, or after for whom only that world has; the tier is their own effective one.
    """
    refuse_unknown_column(by, before.network, after.network)

    def segment(member: str) -> str:
        world = before if member in before.network.members else after
        return segment_of(world.network.members[member], world.pack, world.at, by)

    cells: Counter[tuple[str, str, str]] = Counter(
        (segment(pair.sender), segment(pair.recipient), pair.direction) for pair in changes(before, after, is_free)
    )
    return [
        {
            "sender_segment": sender,
            "recipient_segment": recipient,
            "gained": cells[sender, recipient, GAINED],
            "lost": cells[sender, recipient, LOST],
        }
        for sender, recipient in sorted({cell[:2] for cell in cells})
    ]


def pairs(before: World, after: World, is_free: bool = False, withheld: bool = False) -> list[Row]:
    """A row for each gained or lost pair: the channels that are open where it is reachable, and all causes."""
    return [
        {
            "sender": pair.sender,
            "recipient": pair.recipient,
            "direction": pair.direction,
            "channels": ";".join(pair.why),
            "reasons": ";".join(sorted(pair.causes, key=REASONS.index)),
        }
        for pair in changes(before, after, is_free, withheld)
    ]
