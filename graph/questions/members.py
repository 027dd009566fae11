"""Members found by what people type, and what is known of one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.driver.connection import Row, native
from graph.driver.query import Query
from graph.errors import NAMESAKES_AT_MOST, Namesake, SameMember
from graph.questions.diagnosis import diagnosis
from graph.world import World

_WORDS_AT_MOST = 10
_WORD = re.compile(r"\w+(?:['’.]\w+)*")  # O'Brien and J.R.R. are one word each to the index, too (UAX #29)
LINKS_AT_MOST = 100
EXAMPLES_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A member in a list: `tier` as it is stored; `company` and `location` tell people of one name apart, or are None.

    They are columns of one's own, or the page where the member works.
    """

    id: str
    name: str | None
    tier: str
    status: str
    company: str | None
    location: str | None


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


@dataclass(frozen=True, slots=True)
class Mutuals:
    """Whom two members both know: up to the number asked for, by id, with the keys id and name; `more` are left out."""

    sender: str
    recipient: str
    mutuals: tuple[dict[str, Any], ...]
    more: int


def size() -> Query[int]:
    """How many members there are."""
    return Query("report/size", decode=lambda rows: int(rows[0]["members"]))


def search(text: str, *, most: int) -> Query[list[Found]]:
    """Members whose id is the text, then those whose id begins so, then those with all its words in name or id.

    Of the last, those whose name it is come first, then those with all words whole, then those whose names begin so.
    """
    return Query(
        "member/search",
        decode=lambda rows: [Found(**row) for row in rows],
        parameters={"text": text, "whole": lucene(text, whole=True), "words": lucene(text), "most": most},
    )


def meant(texts: Sequence[str], *, whole_names: bool = False) -> Query[dict[str, list[Namesake]]]:
    """Whom each of these texts means, the best fit first: at most NAMESAKES_AT_MOST, and one more where there are more.

    It is the member whose id it is; else those whose name it is, in any case; else, unless only `whole_names` will
    do, those with all its words.
    """
    names = {text: " ".join(text.split()) for text in texts}

    def decode(rows: Sequence[Row]) -> dict[str, list[Namesake]]:
        found: dict[str, list[Namesake]] = {name: [] for name in names.values()}
        for row in rows:
            found[row["text"]].append(Namesake(row["id"], row["name"], row["company"], row["location"]))
        return {text: found[name] for text, name in names.items()}

    asked = [{"text": name, "whole": lucene(name, whole=True)} for name in dict.fromkeys(names.values())]
    return Query(
        "member/meant",
        decode=decode,
        parameters={"texts": asked, "whole_names": whole_names, "most": NAMESAKES_AT_MOST + 1},
    )


def lucene(text: str, *, whole: bool = False) -> str:
    """A query for all words of a text, each whole or, unless `whole`, as a beginning; '' where it has none.

    What is not part of a word is left out, and with it all that Lucene's syntax could mistake for its own.
    In quotes, what the index takes for several words has to stand there in a row.
    """
    words = _WORD.findall(text.lower())[:_WORDS_AT_MOST]
    return " AND ".join(f'"{word}"' if whole else f"({word} OR {word}*)" for word in words)


@dataclass(frozen=True, slots=True)
class Overview:
    """How much the network has; `examples` are the first members by id, with the keys id and name."""

    members: int
    connections: int
    groups: int
    companies: int
    examples: tuple[dict[str, Any], ...]


def overview() -> Query[Overview]:
    """What is loaded, with up to EXAMPLES_AT_MOST members who are active and connected."""
    return Query(
        "member/overview",
        decode=lambda rows: Overview(**{**rows[0], "examples": tuple(rows[0]["examples"])}),
        parameters={"most": EXAMPLES_AT_MOST},
    )


def mutuals(sender: str, recipient: str, world: World, *, most: int) -> Query[Mutuals]:
    """The mutuals of a pair (docs/rules.md, section 2).

    Raises SameMember, and when it is read what `diagnosis` raises.
    """
    if sender == recipient:
        raise SameMember(sender)
    return Query(
        "member/mutuals",
        decode=lambda rows: Mutuals(sender, recipient, tuple(rows[0]["mutuals"]), rows[0]["more"]),
        parameters={"sender": sender, "recipient": recipient, "most": most},
        expected_rows=1,
        diagnosis=diagnosis(world, members=[sender, recipient]),
    )


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
