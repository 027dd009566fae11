"""What `messages.csv` tells of people: who wrote to whom in which conversation, and whether it was sent.

Nothing else of a message is looked at.
Memory grows with the number of people, not of messages, and is bounded where conversations are more than people.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
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
    """Reads all messages once; those to several people, and drafts, do not count (design: strength)."""
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

    Where conversations are more than are looked at together, the file is read once for each part of them.
    """
    parts = 1
    while True:
        try:
            return _person_in_every(archive, others, parts)
        except _TooManyConversations:
            parts *= 4


class _TooManyConversations(Exception):
    """More than are looked at together."""


def _person_in_every(archive: Archive, others: Set[str], parts: int) -> str | None:
    common: Set[str] | None = None
    for part in range(parts):
        people: defaultdict[str, set[str]] = defaultdict(set)
        for message in _messages(archive):
            if message is not None and hash(message.conversation) % parts == part:
                some = people[message.conversation]
                some |= message.recipients
                if message.sender is not None:
                    some.add(message.sender)
                if len(people) > _CONVERSATIONS_AT_ONCE:
                    raise _TooManyConversations
        for some in people.values():
            if len(some) > 1:
                common = some - others if common is None else common & some
        if common is not None and not common:
            return None
    return next(iter(common)) if common and len(common) == 1 else None


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
