"""Questions about nobody, so that the server has made its plans before somebody asks: each takes it seconds, once.

A plan is kept for parameters of the same types and of sizes that are alike, so a later page has one of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from graph.driver.query import Query
from graph.questions.diagnosis import diagnosis, loaded_packs
from graph.questions.members import profile, search
from graph.questions.names import names
from graph.questions.reach import PageBounds, ReachFilter, reach_counts, reach_page, reached_by_page
from graph.questions.unlocks import unlock
from graph.questions.verdicts import verdict
from graph.world import World

_FIRST_PAGE = PageBounds(limit=1)
_LATER_PAGE = PageBounds(limit=1, after="~" * 8)  # after all ids that are usual


def first_questions(pack: str) -> list[Query[Any]]:
    """One of each kind that the API asks, the most frequent first."""
    world = World(datetime.now(UTC), pack)
    pair = ("", " ")  # two ids that nobody has
    everybody = ReachFilter()
    queries: list[Query[Any]] = [
        verdict(*pair, world),
        reach_page("", world, everybody, _FIRST_PAGE),
        reach_page("", world, everybody, _LATER_PAGE),
        reached_by_page("", world, everybody, _FIRST_PAGE),
        reached_by_page("", world, everybody, _LATER_PAGE),
        diagnosis(world),
        reach_counts("", world),
        unlock(*pair, world),
        search(" ", most=1),
        profile("", world),
        loaded_packs(),
        names(),
    ]
    return [replace(query, decode=lambda _: None, expected_rows=0, diagnosis=None) for query in queries]
