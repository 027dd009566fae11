"""The graph as it would be after the load of a change: written, asked and rolled back (docs/rules.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from graph.driver.connection import Row
from graph.driver.database import Database, Trial
from graph.driver.query import Graph, Query
from graph.errors import GraphLoading
from graph.loading.changes import checked_change
from graph.loading.forgetting import forgotten
from graph.loading.in_graph import InGraph
from graph.loading.writing import batches
from graph.rules.pack_store import loaded_tiers, save_pack
from graph.rules.rule_pack import RulePack
from graph.sources.change import Change

SECONDS = 600.0


@contextmanager
def as_if(
    database: Database, *changes: Change | None, pack: RulePack | None = None, seconds: float = SECONDS
) -> Iterator[Graph]:
    """Answers what the graph would answer after the load of a pack, and of changes in their order; None is none.

    All of it is one transaction that is never committed; while it lasts, at most `seconds`, a load that begins waits.
    Raises RejectedRow where a load would set a row aside, GraphLoading while one runs, and DeadlinePassed.
    """
    with database.trial(seconds=seconds) as trial:
        trial.write(Query("load/suppose", decode=_not_loading))
        if pack is not None:
            trial.write(save_pack(pack))
        for change in filter(None, changes):
            _write(change, trial)
        yield trial


def _write(change: Change, trial: Trial) -> None:
    tiers = trial.read(loaded_tiers())
    for chunk in checked_change(change, tiers, InGraph(trial), trial.read(forgotten())):
        for _, queries in batches(chunk):
            for query in queries:
                trial.write(query)


def _not_loading(rows: Sequence[Row]) -> None:
    if rows and rows[0]["loading"]:
        raise GraphLoading
