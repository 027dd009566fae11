"""What the sender could do so that a pair, or one channel, opens (docs/rules.md, section 3, "Unlocks")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from graph.driver.connection import Row, native
from graph.driver.query import Query
from graph.errors import InvalidInput, SameMember
from graph.instants import instant_text
from graph.questions.diagnosis import diagnosis
from graph.rules.redaction import Reader
from graph.rules.vocabulary import CODES, Action
from graph.world import World

NAMES = 10
_ORDER = list(Action)


@dataclass(frozen=True, slots=True)
class UnlockAction:
    """Something in the sender's own power: `id` names a tier, group, page or member, `until` ends a wait.

    `rank` is that of a tier.
    """

    action: Action
    id: str | None
    until: datetime | None
    cost: float | None
    rank: int | None = None

    @property
    def place(self) -> tuple[bool, float, int, int, str]:
        """Where it stands among others: the cheapest first, what has no cost given last."""
        return self.cost is None, self.cost or 0, _ORDER.index(self.action), self.rank or 0, self.id or ""


@dataclass(frozen=True, slots=True)
class Unlock:
    """What would open a pair, or one channel: the actions that are each alone enough, cheapest first.

    `open`: nothing needs to be done. `other_side`: codes of the recipient that no action of the sender's lifts.
    `withheld`: the codes of blocks and limits that deny it now, of either side.
    """

    sender: str
    recipient: str
    channel: str | None
    open: bool
    actions: tuple[UnlockAction, ...]
    other_side: tuple[str, ...]
    withheld: tuple[str, ...]

    @property
    def single_action_enough(self) -> bool:
        """Whether one action opens it, or none is needed."""
        return self.open or bool(self.actions)

    def read_by(self, reader: Reader) -> Unlock:
        """The answer as this reader reads it.

        Whoever may not know of a block must not tell by an answer who has set it. Without `unblock` each block stands
        whatever the sender does, so the one code that stands for all of them is told, whoever set it.
        """
        actions, standing = self.actions, {*self.other_side}
        if not reader.knows_blocks_of(self.sender):
            actions = tuple(each for each in actions if each.action is not Action.UNBLOCK)
            standing |= {*self.withheld}
        other_side = reader.codes([code for code in CODES if code in standing], self.sender)
        return replace(self, actions=actions, other_side=other_side, withheld=())


def unlock(
    sender: str,
    recipient: str,
    world: World,
    *,
    channel: str | None = None,
    names: int = NAMES,
) -> Query[Unlock]:
    """What the sender could do to open the pair, or one `channel`; at most `names` other members to connect with.

    Raises like `unlocks`.
    """
    return unlocks([(sender, recipient)], world, channel=channel, names=names).map(lambda found: found[0])


def unlocks(
    pairs: Sequence[tuple[str, str]],
    world: World,
    *,
    channel: str | None = None,
    names: int = NAMES,
) -> Query[list[Unlock]]:
    """What each sender could do, for many pairs (sender, recipient), in their order.

    Raises SameMember, and InvalidInput in the last month that there is, December 9999;
    when it is read what `diagnosis` raises.
    """
    for sender, recipient in pairs:
        if sender == recipient:
            raise SameMember(sender)
    members = list(dict.fromkeys(member for pair in pairs for member in pair))
    return Query(
        "reach/unlock",
        decode=lambda rows: [_unlock(row, pairs[row["position"]], channel, names) for row in rows],
        parameters={
            "pairs": [{"sender": sender, "recipient": recipient} for sender, recipient in pairs],
            **world.parameters,
            "next_month": _next_month(world.at),
            "channel": channel or "",
            "names": max(names, 1),  # whether somebody would do also decides what only the other side can change
        },
        expected_rows=len(pairs),
        diagnosis=diagnosis(world, members=members, channels=[] if channel is None else [channel]),
    )


def _next_month(at: datetime) -> datetime:
    if (at.year, at.month) == (datetime.max.year, datetime.max.month):
        raise InvalidInput("no month to wait for follows December 9999: ask about an earlier instant")
    return datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)


def unlock_document(answer: Unlock) -> dict[str, Any]:
    """The answer as JSON has it; what does not apply is None."""
    return {
        "sender": answer.sender,
        "recipient": answer.recipient,
        "channel": answer.channel,
        "actions": [
            {
                "action": each.action,
                "id": each.id,
                "until": None if each.until is None else instant_text(each.until),
                "cost": each.cost,
            }
            for each in answer.actions
        ],
        "single_action_enough": answer.single_action_enough,
        "other_side": list(answer.other_side),
    }


def _unlock(row: Row, pair: tuple[str, str], channel: str | None, names: int) -> Unlock:
    actions: list[UnlockAction] = []
    others: list[UnlockAction] = []
    waits: list[UnlockAction] = []
    for found in row["actions"]:
        kinds = {"introduce": others, "wait": waits}.get(found["action"], actions)
        name = "connect" if found["action"] == "introduce" else found["action"]
        kinds += [
            UnlockAction(Action(name), id, native(found["until"]), found["cost"], found["rank"])
            for id in found["ids"] or [None]
        ]
    others.sort(key=lambda action: action.id or "")
    chosen = sorted([*actions, *others[:names], *waits[:1]], key=lambda each: each.place)
    sender, recipient = pair
    return Unlock(
        sender=sender,
        recipient=recipient,
        channel=channel,
        open=row["open"],
        actions=() if row["open"] else tuple(chosen),
        other_side=() if row["open"] else tuple(row["other_side"]),
        withheld=() if row["open"] else tuple(row["withheld"]),
    )
