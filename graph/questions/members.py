"""Members found by what people type, and what is known of one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.driver.connection import Row, native
from graph.driver.query import Query
from graph.questions.diagnosis import diagnosis
from graph.world import World

_WORDS_AT_MOST = 10
LINKS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """A member in a list: `tier` as it is stored."""

    id: str
    name: str | None
    tier: str
    status: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One member: every column, the effective tier, and up to LINKS_AT_MOST groups and pages, by id.

    A group has the keys id, name and messaging; a page id, name, works and follows: the ties that hold at the instant.
    """

    properties: dict[str, Any]
    effective_tier: str
    gone: bool
    connections: int
    groups: tuple[dict[str, Any], ...]
    more_groups: int
    pages: tuple[dict[str, Any], ...]
    more_pages: int


def size() -> Query[int]:
    """How many members there are."""
    return Query("report/size", decode=lambda rows: int(rows[0]["members"]))


def search(text: str, *, most: int) -> Query[list[Found]]:
    """Members whose id is the text, then those whose id begins so, then those with all its words in name or id."""
    return Query(
        "member/search",
        decode=lambda rows: [Found(**row) for row in rows],
        parameters={"text": text, "words": lucene(text), "most": most},
    )


def lucene(text: str) -> str:
    """A query for all words of a text, each whole or as a beginning; '' where it has none.

    What is not part of a word is left out, and with it all that Lucene's syntax could mistake for its own.
    """
    words = re.findall(r"\w+", text.lower())[:_WORDS_AT_MOST]
    return " AND ".join(f"({word} OR {word}*)" for word in words)


def profile(member: str, world: World) -> Query[Profile]:
    """What is known of a member at an instant; raises, when it is read, what `diagnosis` raises."""
    return Query(
        "member/profile",
        decode=_profile,
        parameters={"member": member, "at": world.at, "pack": world.pack, "most": LINKS_AT_MOST},
        expected_rows=1,
        diagnosis=diagnosis(world, members=[member]),
    )


def _profile(rows: Sequence[Row]) -> Profile:
    row = native(rows[0])
    return Profile(**row | {"groups": tuple(row["groups"]), "pages": tuple(row["pages"])})
