"""The sample network: the test data of the LDBC Social Network Benchmark, with settings and blocks drawn from a seed.

`python -m graph.sample` draws the two files again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from graph.generate import sampling
from graph.model import BLOCKS, CONNECTIONS, GROUP_MEMBERS, MEMBERS
from graph.sources import open_source

FOLDER = Path(__file__).parent
SEED = 1


def drawn_files() -> dict[str, str]:
    """The text of `settings.csv` and `blocks.csv`, by file name, as the seed draws them for the sample's persons."""
    ids: list[str] = []
    connections: list[tuple[str, str]] = []
    memberships: list[tuple[str, str]] = []
    for chunk in open_source(FOLDER, "ldbc").chunks():
        columns = chunk.columns
        if chunk.table == MEMBERS:
            ids += columns["id"]
        elif chunk.table == CONNECTIONS:
            connections += zip(columns["a"], columns["b"], strict=True)
        elif chunk.table == GROUP_MEMBERS:
            memberships += zip(columns["member"], columns["group"], strict=True)
    settings = sampling.settings(ids, SEED)
    rows_of_settings = [dict(zip(settings, row, strict=True)) for row in zip(*settings.values(), strict=True)]
    blocks = sampling.blocks(ids, connections, memberships, SEED)
    return {
        "settings.csv": _csv([column.name for column in MEMBERS.columns if column.name in settings], rows_of_settings),
        "blocks.csv": _csv([column.name for column in BLOCKS.columns], blocks),
    }


def _csv(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
