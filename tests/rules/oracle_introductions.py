"""Section 9 of the rules, introductions, in plain, slow Python, on the rules of `oracle.py`.

Hold it beside the page: it follows the order of the section. It imports nothing of the product.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, product
from math import prod
from typing import NamedTuple

from tests.rules.oracle import Network, Row, World, pair_of, reasons


def mutuals(network: Network, a: str, b: str) -> int:
    """How many members, not gone, are connected to both."""
    return len(network.neighbours[a] & network.neighbours[b])


def strength(network: Network, a: str, b: str) -> int:
    """The strength of a tie: its own, or what its mutuals give: 50 without, 67 with one, 90 with eight."""
    own = network.strengths.get(frozenset((a, b)))
    return 100 - 100 // (2 + mutuals(network, a, b)) if own is None else own


class Way(NamedTuple):
    """A way from its first member to its last."""

    members: tuple[str, ...]
    strength: int  # in millionths

    @property
    def via(self) -> tuple[str, ...]:
        """The introducers."""
        return self.members[1:-1]

    @property
    def place(self) -> tuple[int, int, tuple[str, ...]]:
        """Its place in the order of ways: strongest first, then fewer ties, then ids along the way."""
        return -self.strength, len(self.members), self.members


def ways(world: World, sender: str, recipient: str) -> list[Way]:
    """All ways of a pair, in order."""
    network = world.network
    pair_of(network, world.pack, sender, recipient, world.at, world.as_tier)  # the question makes sense
    if {(sender, recipient), (recipient, sender)} & network.blocked:
        return []

    def can_write(one: str, other: str) -> bool:
        as_tier = world.as_tier if one == sender else None
        return not reasons(pair_of(network, world.pack, one, other, world.at, as_tier), "direct")

    found = []
    for members in _walks(network, sender, recipient):
        if len(set(members)) == len(members) and all(can_write(one, other) for one, other in pairwise(members)):
            strengths = [strength(network, one, other) for one, other in pairwise(members)]
            found.append(Way(members, prod(strengths) * (100 if len(strengths) == 2 else 1)))
    return sorted(found, key=lambda way: way.place)


def _walks(network: Network, sender: str, recipient: str) -> Iterator[tuple[str, ...]]:
    """Two or three ties, one after the other; neighbours are never gone."""
    for first in network.neighbours[sender]:
        for second in network.neighbours[first]:
            if second == recipient:
                yield sender, first, recipient
            elif recipient in network.neighbours[second]:
                yield sender, first, second, recipient


def listed(
    world: World,
    sender: str,
    recipient: str,
    *,
    every_way: bool = False,
    through: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Way]:
    """The ways that an answer can list: those over all of `through` and none of `without`.

    Of those with the same first introducer only the best, unless every way is asked for.
    """
    for named in (*through, *without):
        world.network.member(named)
        if named in (sender, recipient):
            raise ValueError(f"{named!r} is the sender or the recipient")
    found: list[Way] = []
    for way in ways(world, sender, recipient):
        fits = set(through) <= set(way.via) and not set(without) & set(way.via)
        is_best = way.via[0] not in {better.via[0] for better in found}
        if fits and (every_way or is_best):
            found.append(way)
    return found


def introduce(
    world: World,
    sender: str,
    recipient: str,
    n: int = 10,
    *,
    every_way: bool = False,
    through: Collection[str] = (),
    without: Collection[str] = (),
) -> Row:
    """The best `n` ways of a pair, in the JSON shape of the design; of degree 1 the two need none."""
    network = world.network
    found = listed(world, sender, recipient, every_way=every_way, through=through, without=without)
    return {
        "sender": sender,
        "recipient": recipient,
        "degree": pair_of(network, world.pack, sender, recipient, world.at).degree,
        "ways": [
            {
                "members": [*way.members],
                "strength": way.strength / 1_000_000,
                "ties": [
                    {"a": a, "b": b, "strength": strength(network, a, b), "mutuals": mutuals(network, a, b)}
                    for a, b in pairwise(way.members)
                ],
            }
            for way in found[:n]
        ],
    }


def introduce_team(
    world: World,
    senders: Sequence[str],
    recipients: Sequence[str],
    n: int = 10,
    *,
    every_way: bool = False,
    through: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Row]:
    """The best `n` ways to each recipient over all senders, in the CSV shape of the design."""
    ways_of: dict[str, list[Way]] = {recipient: [] for recipient in recipients}
    for sender, recipient in product(senders, recipients):
        if sender != recipient:
            ways_of[recipient] += listed(
                world, sender, recipient, every_way=every_way, through=through, without=without
            )

    def place(way: Way) -> tuple[int, int, tuple[str, ...], int]:
        return -way.strength, len(way.members), way.via, senders.index(way.members[0])

    return [
        {
            "sender": way.members[0],
            "recipient": recipient,
            "rank": rank,
            "strength": way.strength / 1_000_000,
            "via": ";".join(way.via),
        }
        for recipient, found in ways_of.items()
        for rank, way in enumerate(sorted(found, key=place)[:n], 1)
    ]
