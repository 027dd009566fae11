"""What is kept of a plan, in a run of `analysis.runs`: its lists, and its coverage by budget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import pandas as pd

from analysis.plans.files import actions_frame, contacts_frame, uncovered_frame
from analysis.plans.plan import Plan
from analysis.plans.what_if import Point
from graph.rules.redaction import STRANGER, Reader

KEPT = 20
TABLE_NAMES = ("contacts", "actions", "uncovered", "coverage")
FILES = ("contacts.parquet", "actions.parquet", "uncovered.parquet", "uncovered-redacted.parquet", "coverage.parquet")


class About(msgspec.Struct):
    """What every manifest has, and that by which it is known for one."""

    graph_version: int
    recipients: int
    contacted: int
    actions: list[str]
    finished_at: datetime


def file_of(table: str, reader: Reader) -> str:
    """The file of a table, one of TABLE_NAMES, as this reader reads it."""
    return "uncovered-redacted.parquet" if table == "uncovered" and not reader.audits else f"{table}.parquet"


def files_of(plan: Plan, coverage: Sequence[Point]) -> dict[str, pd.DataFrame]:
    """What each file holds."""
    return {
        "contacts.parquet": contacts_frame(plan),
        "actions.parquet": actions_frame(plan),
        "uncovered.parquet": uncovered_frame(plan),
        "uncovered-redacted.parquet": uncovered_frame(plan, STRANGER),
        "coverage.parquet": coverage_frame(coverage),
    }


def coverage_frame(coverage: Sequence[Point]) -> pd.DataFrame:
    """Columns: budget, contacted, proven."""
    rows = [(float(each.budget), each.contacted, each.proven) for each in coverage]
    frame = pd.DataFrame(rows, columns=["budget", "contacted", "proven"])
    return frame.astype({"budget": "Float64", "contacted": "Int64", "proven": "boolean"})
