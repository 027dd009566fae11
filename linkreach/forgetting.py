"""Forgets members for good: whom an id or a whole name means, and nobody on a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.loading import forgetting
from graph.questions.diagnosis import unknown_members
from graph.questions.members import meant
from linkreach.naming import names_of, sole

if TYPE_CHECKING:
    from graph.driver.database import Database


@dataclass(frozen=True, slots=True)
class ForgottenMember:
    """Who was forgotten, and the hash that stays of them; `name` is None where they had none, or were gone before."""

    id: str
    name: str | None
    hash: str

    def __str__(self) -> str:
        return f"{self.id!r} ({self.name})" if self.name else repr(self.id)


def forget(database: Database, members: Sequence[str]) -> list[ForgottenMember]:
    """Takes members out of the graph, all or none, each once, in the order in which they are named first.

    Raises SeveralMembers where a name is that of several, UnknownMember where a text is neither an id nor a whole
    name, in any case, and what `graph.loading.forgetting.forget` raises.
    """
    before = database.read(forgetting.forgotten())
    nobodys = [text for text in database.read(unknown_members(members)) if text not in before]
    whole = database.read(meant(nobodys, whole_names=True))
    named = sole(whole)
    ids = list(dict.fromkeys(named.get(text, text) for text in members))
    names = names_of(database, members=ids).members
    hashes = forgetting.forget(database, ids)
    return [ForgottenMember(id, names.get(id), hash) for id, hash in zip(ids, hashes, strict=True)]
