"""What `messages.csv` tells of people: who wrote to whom in which conversation, and whether it was sent.

Nothing else of a message is looked at.
Memory grows with the number of people, not of messages, and is bounded where conversations are more than people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from graph.sources.linkedin.addresses import member_id
from graph.sources.linkedin.archive import Archive, heading
from graph.sources.linkedin.rows import decoded_lines, rows

MESSAGES = "messages.csv"

_CONVERSATION, _SENDER, _RECIPIENTS = "conversation id", "sender profile url", "recipient profile urls"
_DRAFTS = ("is message draft", "is conversation draft")
_YES = ("yes", "true")
_BETWEEN_ADDRESSES = re.compile(r"[,;\s]+")
_CONVERSATIONS_AT_ONCE = 100_000

_NOBODY: Set[str] = frozenset()


class Message(NamedTuple):
    """Who sent it to whom, by id; who has no address there is left out."""

    conversation: str
    sender: str | None
    recipients: Set[str]
    draft: bool


@dataclass(frozen=True, slots=True)
class Exchange:
    """How many messages the owner of an archive and another person have sent to each other alone.

    `strengths` has everybody who sent and got at least one; `unread` counts rows that are broken.
    """

    strengths: Mapping[str, int]
    unread: int


def exchange(archive: Archive, owner: str) -> Exchange:
    """Reads all messages once; those to several people, and drafts, do not count (docs/how-to/own-exports.md)."""
    sent: Counter[str] = Counter()
    received: Counter[str] = Counter()
    unread = 0
    for message in _messages(archive):
        if message is None:
            unread += 1
        elif message.sender is not None and len(message.recipients) == 1 and not message.draft:
            (recipient,) = message.recipients
            if message.sender == owner:
                sent[recipient] += 1
            elif recipient == owner:
                received[message.sender] += 1
    both = {person: min(count, received[person]) for person, count in sent.items() if person in received}
    return Exchange({person: strength(count) for person, count in both.items()}, unread)


def strength(count: int) -> int:
    """The strength of a tie over which at least `count` messages, one or more, went each way."""
    return 60 + 39 * count // (count + 3)


def person_in_every_conversation(archive: Archive, others: Set[str]) -> str | None:
    """The one person, not of `others`, whom each conversation of at least two people has; None where there is not one.

    The first conversations leave few who may be it. Of the others only those are looked at as a whole that have a
    message without one of these few; where such conversations are too many for that, nobody is told.
    """
    some, more = _people_of(archive, lambda _: True)
    few = _in_each(some, None, others) or frozenset()
    if more:
        doubtful, too_many = _people_of(archive, lambda message: not few <= _people_in(message))
        if too_many:
            return None
        some, _ = _people_of(archive, lambda message: message.conversation in doubtful)
        few = _in_each(some, few, others) or frozenset()
    return next(iter(few)) if len(few) == 1 else None


def _people_of(archive: Archive, wanted: Callable[[Message], bool]) -> tuple[dict[str, set[str]], bool]:
    """The people of the wanted messages by conversation, and whether there are more conversations than are held."""
    people: dict[str, set[str]] = {}
    more = False
    for message in _messages(archive):
        if message is not None and wanted(message):
            if message.conversation in people:
                people[message.conversation] |= _people_in(message)
            elif len(people) < _CONVERSATIONS_AT_ONCE:
                people[message.conversation] = {*_people_in(message)}
            else:
                more = True
    return people, more


def _in_each(people: Mapping[str, Set[str]], some: Set[str] | None, others: Set[str]) -> Set[str] | None:
    """Those of `some`, None for anybody, who are in each conversation of two or more."""
    for those in people.values():
        if len(those) > 1:
            some = those - others if some is None else some & those
    return some


def _people_in(message: Message) -> Set[str]:
    return message.recipients if message.sender is None else {message.sender, *message.recipients}


def _messages(archive: Archive) -> Iterator[Message | None]:
    """Each message, None for a row that is broken; nothing where the file has no addresses of senders."""
    above, names = (heading(archive, MESSAGES) if MESSAGES in archive else None) or (0, [])
    if _CONVERSATION not in names or _SENDER not in names:
        return
    conversation, sender = names.index(_CONVERSATION), names.index(_SENDER)
    recipients = names.index(_RECIPIENTS) if _RECIPIENTS in names else None
    drafts = [names.index(name) for name in _DRAFTS if name in names]
    with archive.open(MESSAGES) as binary:
        for _, cells in rows(islice(decoded_lines(binary, archive.name, MESSAGES), above, None)):
            if cells is None or len(cells) != len(names):
                yield None
            else:
                yield Message(
                    cells[conversation],
                    _one_id(cells[sender]),
                    _NOBODY if recipients is None else _ids(cells[recipients]),
                    any(cells[place].strip().lower() in _YES for place in drafts),
                )


_one_id = lru_cache(1 << 16)(member_id)


def _ids(cell: str) -> Set[str]:
    found = map(_one_id, _BETWEEN_ADDRESSES.split(cell))
    return frozenset(id for id in found if id is not None)
