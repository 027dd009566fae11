"""Questions that nobody has asked, so that the first ones are quick: a plan takes the server seconds, once.

First about nobody, which makes the plans: one is kept for parameters of the same types and of sizes that are alike, so
a later page has one of its own. Then about somebody, which runs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from graph.driver.async_database import AsyncDatabase
from graph.driver.query import Query
from graph.errors import AccessDenied, DatabaseError, DatabaseUnavailable
from graph.questions import places
from graph.questions.diagnosis import diagnosis, loaded_packs
from graph.questions.members import meant, profile, search
from graph.questions.names import names
from graph.questions.reach import PageBounds, ReachFilter, reach_counts, reach_page, reached_by_page
from graph.questions.report_queries import first_block
from graph.questions.unlocks import unlock
from graph.questions.verdicts import verdict, verdicts
from graph.world import World

_SECONDS = 60.0
_FIRST_PAGE = PageBounds(limit=1)
_LATER_PAGE = PageBounds(limit=1, after="~" * 8)  # after all ids that are usual
_SOME = 10


async def warm_up(database: AsyncDatabase, pack: str) -> bool:
    """Asks one question of each kind that the API asks, the most frequent first; whether the graph was there for all.

    A question that the graph refuses, as while it is loaded, is passed over.
    """
    world = World(datetime.now(UTC), pack)
    if not await _all_asked(database, _about_nobody(world)):
        return False
    try:
        members = await database.read(first_block(), deadline=_SECONDS)
    except DatabaseError:
        return False
    return await _all_asked(database, _about(members, world))


def _about_nobody(world: World) -> list[Query[Any]]:
    pair = ("", " ")  # two ids that nobody has
    everybody = ReachFilter()
    return [
        verdict(*pair, world),
        reach_page("", world, everybody, _FIRST_PAGE),
        reach_page("", world, everybody, _LATER_PAGE),
        reached_by_page("", world, everybody, _FIRST_PAGE),
        reached_by_page("", world, everybody, _LATER_PAGE),
        diagnosis(world),
        reach_counts("", world),
        unlock(*pair, world),
        search(" ", most=1),
        meant([" "]),
        profile("", world),
        loaded_packs(),
        names(),
        places.search_groups(" ", most=1),
        places.search_companies(" ", most=1),
        places.group_page("", limit=1),
        places.company_page("", limit=1),
    ]


def _about(members: Sequence[str], world: World) -> list[Query[Any]]:
    some = members[:_SOME]
    if len(some) < 2:
        return []
    return [
        verdicts(list(pairwise(some)), world),
        *(reach_counts(member, world) for member in some[:2]),
        unlock(some[0], some[1], world),
        search(some[0], most=1),
        profile(some[0], world),
    ]


async def _all_asked(database: AsyncDatabase, queries: Iterable[Query[Any]]) -> bool:
    for query in queries:
        try:
            await database.read(
                replace(query, decode=lambda _: None, expected_rows=0, diagnosis=None), deadline=_SECONDS
            )
        except (DatabaseUnavailable, AccessDenied):
            return False
        except DatabaseError:
            continue
    return True
