"""Groups and company pages: found by what people type, and listed a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.questions.members import lucene


@dataclass(frozen=True, slots=True)
class Group:
    """A group in a list: `messaging` where its members can write to each other there."""

    id: str
    name: str | None
    messaging: bool


@dataclass(frozen=True, slots=True)
class Company:
    """A company page in a list."""

    id: str
    name: str | None


Place = TypeVar("Place", Group, Company)


@dataclass(frozen=True, slots=True)
class PlacePage(Generic[Place]):
    """Some of them in the order of ids.

    `after`: the id after which there may be more; None: these are the last ones.
    `version` is that of the graph, None where the page is empty.
    """

    rows: tuple[Place, ...]
    after: str | None
    version: int | None


def search_groups(text: str, *, most: int) -> Query[list[Group]]:
    """Groups whose id is the text, then those whose id begins so, then those with all its words in name or id."""
    return _search("group/search", Group, text, most)


def search_companies(text: str, *, most: int) -> Query[list[Company]]:
    """Company pages, like `search_groups`."""
    return _search("company/search", Company, text, most)


def group_page(after: str, *, limit: int) -> Query[PlacePage[Group]]:
    """Groups after an id, at most `limit` of them."""
    return _page("group/page", Group, after, limit)


def company_page(after: str, *, limit: int) -> Query[PlacePage[Company]]:
    """Company pages after an id, at most `limit` of them."""
    return _page("company/page", Company, after, limit)


def _search(name: str, place: Callable[..., Place], text: str, most: int) -> Query[list[Place]]:
    return Query(
        name,
        decode=lambda rows: [place(**row) for row in rows],
        parameters={"text": text, "words": lucene(text), "most": most},
    )


def _page(name: str, place: Callable[..., Place], after: str, limit: int) -> Query[PlacePage[Place]]:
    def decode(rows: Sequence[Row]) -> PlacePage[Place]:
        places = [place(**_without_version(row)) for row in rows]
        goes_on = len(rows) == limit
        return PlacePage(tuple(places), places[-1].id if goes_on else None, rows[-1]["version"] if rows else None)

    return Query(name, decode=decode, parameters={"after": after, "limit": limit})


def _without_version(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "version"}
