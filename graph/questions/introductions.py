"""Over whom one member could be introduced to another, the strongest way first (docs/rules.md, section 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import Struct

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.errors import EndAsIntroducer, InvalidInput, SameMember
from graph.questions.diagnosis import diagnosis
from graph.world import World

WAYS = 10


@dataclass(frozen=True, slots=True)
class WayFilter:
    """Which ways are wanted: at most so many, over all of `through` and none of `without`.

    Of those with the same first introducer the best, unless it is to be `every_way`.
    Raises InvalidInput where none are.
    """

    most: int = WAYS
    through: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    every_way: bool = False

    def __post_init__(self) -> None:
        if self.most < 1:
            raise InvalidInput("ask for one way at least")

    @property
    def named(self) -> tuple[str, ...]:
        """The members that ways have to run over, or may not."""
        return self.through + self.without

    def naming(self, named: Sequence[str]) -> WayFilter:
        """The same with others named in their places."""
        count = len(self.through)
        return replace(self, through=tuple(named[:count]), without=tuple(named[count:]))


class Tie(Struct, frozen=True):
    """A connection: its strength from 1 to 100, `given` or made of its `mutuals`."""

    a: str
    b: str
    strength: int
    mutuals: int
    given: bool


class Way(Struct, frozen=True):
    """A way over one or two introducers: `members` with both ends, the strength from 0 to 1, its ties in order."""

    members: tuple[str, ...]
    strength: float
    ties: tuple[Tie, ...]

    @property
    def via(self) -> tuple[str, ...]:
        """The introducers."""
        return self.members[1:-1]


class Introductions(Struct, frozen=True):
    """The ways from one member to another, the best first; of degree 1 the two need none."""

    sender: str
    recipient: str
    degree: int | None
    ways: tuple[Way, ...]


def introductions(sender: str, recipient: str, world: World, wanted: WayFilter = WayFilter()) -> Query[Introductions]:
    """The ways between two members.

    Raises SameMember, EndAsIntroducer where one of the two is to be an introducer, or not to be one,
    and when it is read what `diagnosis` raises.
    """
    if sender == recipient:
        raise SameMember(sender)
    refuse_ends(wanted, (sender, recipient))
    return Query(
        "introduce/ways",
        decode=lambda rows: _introductions(rows[0], sender, recipient),
        parameters={
            "sender": sender,
            "recipient": recipient,
            **world.parameters,
            "through": list(wanted.through),
            "without": list(wanted.without),
            "every_way": wanted.every_way,
            "most": wanted.most,
        },
        expected_rows=1,
        diagnosis=diagnosis(world, members=[sender, recipient, *wanted.named]),
    )


def refuse_ends(wanted: WayFilter, ends: Sequence[str]) -> None:
    """Returns where nobody is named who is an end of a way; raises EndAsIntroducer."""
    if named := [member for member in wanted.named if member in ends]:
        raise EndAsIntroducer(named[0])


def _introductions(row: Row, sender: str, recipient: str) -> Introductions:
    ways = [
        Way(tuple(way["members"]), way["strength"] / 1_000_000, tuple(Tie(**tie) for tie in way["ties"]))
        for way in row["ways"]
    ]
    return Introductions(sender, recipient, row["degree"], tuple(ways))
