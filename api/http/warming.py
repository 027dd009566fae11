"""Questions about nobody, so that the server has made its plans before somebody asks: each takes it seconds, once.

A plan is kept for parameters of the same types and of sizes that are alike, so a later page has one of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from graph.driver.database import Query
from graph.questions import answers, counts, members, names, unlocks
from graph.rules import rulepack

_AN_ID = "~" * 8  # after all that are usual


def first_questions(pack: str) -> list[Query[Any]]:
    """One of each kind that the API asks, the most frequent first."""
    asked: dict[str, Any] = {"at": datetime.now(UTC), "pack": pack}
    pair = ("", " ")  # two ids that nobody has
    queries: list[Query[Any]] = [
        answers.verdict(*pair, **asked),
        answers.reach_page("", limit=1, **asked),
        answers.reach_page("", limit=1, after=_AN_ID, **asked),
        answers.reached_by_page("", limit=1, **asked),
        answers.reached_by_page("", limit=1, after=_AN_ID, **asked),
        answers.diagnosis(pack),
        counts.reach_counts("", **asked),
        unlocks.unlock(*pair, **asked),
        members.search(" ", most=1),
        members.profile("", **asked),
        rulepack.described_packs(),
        names.names(),
    ]
    return [replace(query, decode=lambda _: None, expected_rows=0, diagnosis=None) for query in queries]
