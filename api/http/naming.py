"""Names in place of ids: one that means exactly one member stands for them, wherever a question asks for a member.

An id comes first, and is asked about as it is. A key that is bound to senders names these by id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from api.http.access import Caller
from api.http.service import Service
from graph.errors import Namesake, SeveralMembers, UnknownMember
from graph.questions.batch import Judged, Pair, Unjudged
from graph.questions.members import meant
from graph.world import World
from linkreach.naming import sole

T = TypeVar("T")


async def answered(
    service: Service, caller: Caller, world: World, ask: Callable[..., Awaitable[T]], sender: str, *others: str
) -> T:
    """What `ask` answers about a sender and others; raises SeveralMembers, and what it raises."""
    try:
        return await ask(sender, *others)
    except UnknownMember:
        ids = sole(await _meant(service, world, [sender, *others]))
        if not ids:
            raise
        caller.require(ids.get(sender, sender))
        return await ask(*(ids.get(text, text) for text in (sender, *others)))


async def matched(
    service: Service,
    caller: Caller,
    world: World,
    ask: Callable[[Sequence[Pair]], Awaitable[T]],
    pairs: Sequence[Pair],
) -> T:
    """What `ask` answers about pairs as a whole, like `answered`."""
    try:
        return await ask(pairs)
    except UnknownMember:
        ids = sole(await _meant(service, world, (text for pair in pairs for text in pair)))
        return await ask(_renamed(caller, pairs, ids))


async def judged(
    service: Service,
    caller: Caller,
    world: World,
    ask: Callable[[Sequence[Pair]], Awaitable[list[Judged]]],
    pairs: Sequence[Pair],
) -> list[Judged]:
    """What `ask` answers about each pair; SeveralMembers stands in the place of a pair with a name of several."""
    answers = await ask(pairs)
    places = [place for place, each in enumerate(answers) if _is_unknown(each)]
    if not places:
        return answers
    found = await _meant(service, world, (text for place in places for text in pairs[place]))
    several = {text: members for text, members in found.items() if len(members) > 1}
    for place in places:
        if means := {text: several[text] for text in pairs[place] if text in several}:
            answers[place] = Unjudged(*pairs[place], SeveralMembers(means))
    named = [place for place in places if _is_unknown(answers[place])]
    ids = {text: members[0].id for text, members in found.items() if len(members) == 1}
    again = await ask(_renamed(caller, [pairs[place] for place in named], ids)) if named else []
    for place, answer in zip(named, again, strict=True):
        answers[place] = answer
    return answers


def _is_unknown(answer: Judged) -> bool:
    return isinstance(answer, Unjudged) and isinstance(answer.error, UnknownMember)


def _renamed(caller: Caller, pairs: Sequence[Pair], ids: dict[str, str]) -> list[Pair]:
    named = [(ids.get(sender, sender), ids.get(recipient, recipient)) for sender, recipient in pairs]
    caller.require(*(sender for sender, _ in named))
    return named


async def _meant(service: Service, world: World, texts: Iterable[str]) -> dict[str, list[Namesake]]:
    return await service.ask(meant(list(dict.fromkeys(texts))), world)
