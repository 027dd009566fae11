"""Introductions of many pairs, from a snapshot: over whom each sender could be introduced to each recipient.

The same as `cypher/introduce/ways.cypher` says of one pair (docs/rules.md, section 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.lists import pairs_of
from analysis.bulk.ties import Ties, mutuals, strength, ties_of
from analysis.bulk.traits import People, Trait
from graph.model import STRONGEST
from graph.snapshot.snapshot import Snapshot
from graph.world import World

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]


class Way(NamedTuple):
    """A way by rows of the snapshot; `last` is the first introducer themselves where there is one introducer."""

    strength: int  # in millionths
    ties: int
    sender: int
    first: int
    last: int
    recipient: int

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Its place among the ways of its ends; rows are in the order of ids."""
        return -self.strength, self.ties, self.first, self.last

    @property
    def members(self) -> tuple[int, ...]:
        """The rows along it, both ends with them."""
        between = (self.first,) if self.ties == 2 else (self.first, self.last)
        return self.sender, *between, self.recipient


class Letters(NamedTuple):
    """Who can write to a connection of theirs: by what they may, what the other accepts, and who keeps out whom.

    `closed`: sorted pairs, writer · members + reader, where a block or a limit is between the two; `blocked`: those of
    them where it is a block.
    """

    may_write: Flags
    accepts: Flags
    closed: Rows
    blocked: Rows


class Ways:
    """Finds ways in a snapshot, in one world: senders write as the world's tier, introducers on their own."""

    def __init__(self, snapshot: Snapshot, world: World) -> None:
        people = People(snapshot, world.at)
        self._ties = ties_of(snapshot, people.gone)
        self._letters = Letters(
            people.who[Trait.MAY_DIRECT_1],
            people.who[Trait.CONNECTIONS],
            *_closed(snapshot),
        )
        senders = people if world.as_tier is None else People(snapshot, world.at, as_tier=world.as_tier)
        self._sender_may_write = senders.who[Trait.MAY_DIRECT_1]
        self._size = people.size
        self._to_last = np.zeros(people.size, np.int8)

    def to(
        self,
        recipient: int,
        senders: Sequence[int],
        *,
        most: int | None,
        through: Sequence[int] = (),
        without: Sequence[int] = (),
        every_way: bool = False,
    ) -> list[list[Way]]:
        """For each of these senders the best ways to a recipient, in order; `most` None: all of them.

        Members are rows of the snapshot. `through`: only ways over all of these; `without`: none over any of these.
        `every_way`: more than the best way over the same first introducer. Source: docs/rules.md, section 9.
        """
        if len(through) > 2:
            return [[] for _ in senders]
        left_out = np.zeros(self._size, np.bool_)
        left_out[[*without]] = True
        named = np.array([*through], np.int64)
        _mark(self._ties, self._letters, recipient, left_out, self._to_last)
        try:
            return [self._of_pair(sender, recipient, most, named, left_out, every_way) for sender in senders]
        finally:
            _unmark(self._ties, recipient, self._to_last)

    def _of_pair(
        self, sender: int, recipient: int, most: int | None, through: Rows, left_out: Flags, every_way: bool
    ) -> list[Way]:
        keys = self._letters.blocked
        if sender == recipient or _holds(keys, sender * self._size + recipient):
            return []
        found = _ways(
            self._ties,
            self._letters,
            sender,
            self._sender_may_write[sender],
            recipient,
            self._to_last,
            through,
            left_out,
            most or 0,
            every_way,
        )
        ways = [Way(value, ties, sender, first, last, recipient) for value, ties, first, last in found.tolist()]
        return sorted(ways, key=lambda way: way.place)[:most]

    def tie(self, one: int, other: int) -> tuple[int, int, bool]:
        """Of two who are connected the strength of their tie, how many know both, and whether it was given."""
        start, end = self._ties.starts[one], self._ties.starts[one + 1]
        at = int(start + np.searchsorted(self._ties.others[start:end], other))
        return strength(self._ties, one, at), mutuals(self._ties, one, other), bool(self._ties.given[at])


def _closed(snapshot: Snapshot) -> tuple[Rows, Rows]:
    """The pairs where the first may not write to the second; and those of them where one has blocked the other."""
    size = snapshot.members.num_rows
    who, whom, limiter, limited = (
        rows.astype(np.int64) for name in ("blocked", "limited") for rows in pairs_of(snapshot.members[name])
    )
    blocked = np.concatenate([who * size + whom, whom * size + who])
    return np.unique(np.concatenate([blocked, limited * size + limiter])), np.unique(blocked)


@njit(nogil=True, cache=True)
def _holds(keys: Rows, key: int) -> bool:
    at = np.searchsorted(keys, key)
    return bool(at < len(keys) and keys[at] == key)


@njit(nogil=True, cache=True)
def _can_write(letters: Letters, writer: int, may_write: bool, reader: int) -> bool:
    return may_write and letters.accepts[reader] and not _holds(letters.closed, writer * len(letters.accepts) + reader)


@njit(nogil=True, cache=True)
def _mark(ties: Ties, letters: Letters, recipient: int, left_out: Flags, to_last: NDArray[np.int8]) -> None:
    """For whoever could be the last introducer of a recipient the strength of the tie between the two."""
    for number in range(ties.starts[recipient], ties.starts[recipient + 1]):
        last = ties.others[number]
        if not left_out[last] and _can_write(letters, last, letters.may_write[last], recipient):
            to_last[last] = strength(ties, recipient, number)


@njit(nogil=True, cache=True)
def _unmark(ties: Ties, recipient: int, to_last: NDArray[np.int8]) -> None:
    for number in range(ties.starts[recipient], ties.starts[recipient + 1]):
        to_last[ties.others[number]] = 0


@njit(nogil=True, cache=True)
def _fits(through: Rows, first: int, last: int) -> bool:
    for named in through:  # noqa: SIM110 - numba compiles no generator expression
        if named not in (first, last):
            return False
    return True


@njit(nogil=True, cache=True)
def _ways(
    ties: Ties,
    letters: Letters,
    sender: int,
    may_write: bool,
    recipient: int,
    to_last: NDArray[np.int8],
    through: Rows,
    left_out: Flags,
    most: int,
    every_way: bool,
) -> NDArray[np.int64]:
    """Rows of strength, ties, first and last introducer; in no order, and at least the best `most`, 0 for all.

    What cannot be among the best `most` is not made: the weakest of so many that are there is `enough`.
    """
    room = np.empty((64, 4), np.int64)
    found = 0
    strongest = np.zeros(most, np.int64)  # the strengths of the best so far, in descending order
    for number in range(ties.starts[sender], ties.starts[sender + 1]):
        first = ties.others[number]
        if first == recipient or left_out[first] or not _can_write(letters, sender, may_write, first):
            continue
        to_first = 0  # not known before somebody beyond is
        of_first = found
        if to_last[first] and _fits(through, first, first):
            to_first = strength(ties, sender, number)
            room = _grown(room, found)
            _put(room, found, to_first * to_last[first] * STRONGEST, 2, first, first)
            found += 1
        for beyond in range(ties.starts[first], ties.starts[first + 1]):
            last = ties.others[beyond]
            if not to_last[last] or last == sender or not _fits(through, first, last):
                continue
            if to_first == 0:
                to_first = strength(ties, sender, number)
            at_most = to_first * to_last[last] * STRONGEST
            if most and at_most < strongest[most - 1]:
                continue
            if not every_way and found > of_first and at_most <= room[of_first, 0]:
                continue  # of two that are as strong the earlier one is better: fewer ties, or the smaller id
            if not _can_write(letters, first, letters.may_write[first], last):
                continue
            value = to_first * strength(ties, first, beyond) * to_last[last]
            if not every_way and found > of_first:
                if value > room[of_first, 0]:
                    _put(room, of_first, value, 3, first, last)
                continue
            room = _grown(room, found)
            _put(room, found, value, 3, first, last)
            found += 1
        if most:
            for new in range(of_first, found):
                _keep(strongest, room[new, 0])
    return room[:found]


@njit(nogil=True, cache=True)
def _put(room: NDArray[np.int64], at: int, value: int, ties: int, first: int, last: int) -> None:
    room[at, 0] = value
    room[at, 1] = ties
    room[at, 2] = first
    room[at, 3] = last


@njit(nogil=True, cache=True)
def _keep(strongest: NDArray[np.int64], value: int) -> None:
    """Puts a strength into its place, if it has one."""
    place = len(strongest)
    while place > 0 and strongest[place - 1] < value:
        place -= 1
    if place < len(strongest):
        strongest[place + 1 :] = strongest[place:-1].copy()
        strongest[place] = value


@njit(nogil=True, cache=True)
def _grown(room: NDArray[np.int64], used: int) -> NDArray[np.int64]:
    if used < len(room):
        return room
    larger = np.empty((2 * len(room), 4), np.int64)
    larger[:used] = room
    return larger
