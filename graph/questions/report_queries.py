"""What the Cypher engine asks for each report, for the first of its blocks of members: to be looked at, and tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.driver.statements import statement
from graph.questions.cypher_engine import BLOCK
from graph.questions.frames import FRAMES
from graph.world import World


def first_block() -> Query[list[str]]:
    """The ids of the first block of members, by code point."""
    return Query("report/block", decode=lambda rows: [row["member"] for row in rows], parameters={"most": BLOCK})


def report_queries(
    frames: Sequence[str], block: Sequence[str], world: World, *, by: str = "tier"
) -> list[Query[Sequence[Row]]]:
    """The queries that make these frames for a block of members, in the order in which the engine asks them."""
    given: dict[str, Any] = {**world.parameters, "by": by, "senders": [*block], "members": [*block]}
    return [
        Query(each, decode=lambda rows: rows, parameters={key: given[key] for key in statement(each).parameters})
        for frame in frames
        for each in FRAMES[frame].statements
    ]
