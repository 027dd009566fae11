"""What the Cypher engine asks for each report, for the first of its blocks of members: to be looked at, and tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from graph.driver.database import Query, Row
from graph.driver.statements import statement
from graph.questions.cypher_engine import BLOCK

STATEMENTS = {
    "member_reach": ("report/members", "report/member_counts", "report/direct_by_tier"),
    "tier_reach": ("report/members", "report/direct_by_tier"),
    "group_bridges": ("bridge/groups", "bridge/group_pairs"),
    "page_bridges": ("bridge/pages", "bridge/page_pairs"),
    "segment_matrix": ("report/segments", "report/segment_pairs"),
    "denials": ("report/reasons", "report/denials"),
    "lapse": ("report/members", "report/direct_by_tier"),
    "gatekeepers": ("report/members", "bridge/gatekeepers"),
    "quotas": ("report/quotas",),
}


def first_block() -> Query[list[str]]:
    """The ids of the first block of members, by code point."""
    return Query("report/block", decode=lambda rows: [row["member"] for row in rows], parameters={"most": BLOCK})


def report_queries(
    name: str, block: Sequence[str], *, at: datetime, pack: str, by: str = "tier"
) -> list[Query[Sequence[Row]]]:
    """The queries of a report, in the order in which the engine asks them, for this block of members."""
    given: dict[str, Any] = {"at": at, "pack": pack, "by": by, "senders": [*block], "members": [*block]}
    return [
        Query(each, decode=lambda rows: rows, parameters={key: given[key] for key in statement(each).parameters})
        for each in STATEMENTS[name]
    ]
