"""Who can reach whom in a professional network, by which channel, and why not: the public Python interface.

    import linkreach

    with linkreach.connect() as session:
        verdict = session.check("m1", "m9", session.world(as_tier="career"))

What is listed here is public, and nothing else; names are looked up when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.estimates import Sample
    from analysis.plans.task import Made
    from graph.errors import (
        DatabaseError,
        InvalidInput,
        LinkreachError,
        ServerError,
        SparkError,
    )
    from graph.questions.introductions import Introductions, WayFilter
    from graph.questions.reach import ReachFilter
    from graph.questions.unlocks import Unlock
    from graph.questions.verdicts import Verdict
    from graph.world import World
    from linkreach.differing import Differed
    from linkreach.exporting import Around
    from linkreach.introducing import TeamIntroductions
    from linkreach.loading import source_at
    from linkreach.matching import Matched
    from linkreach.matching_at_once import MatchedAtOnce
    from linkreach.planning import Invested, Planned, Wishes
    from linkreach.reach_sets import Senders
    from linkreach.reporting import EngineChoice, Reported
    from linkreach.rows import ReachRows
    from linkreach.session import Session, connect
    from linkreach.settings import Settings
    from linkreach.testing import CheckedFile

_HOME = {
    "Around": "linkreach.exporting",
    "CheckedFile": "linkreach.testing",
    "DatabaseError": "graph.errors",
    "Differed": "linkreach.differing",
    "EngineChoice": "linkreach.reporting",
    "Introductions": "graph.questions.introductions",
    "InvalidInput": "graph.errors",
    "Invested": "linkreach.planning",
    "LinkreachError": "graph.errors",
    "Made": "analysis.plans.task",
    "Matched": "linkreach.matching",
    "MatchedAtOnce": "linkreach.matching_at_once",
    "Planned": "linkreach.planning",
    "ReachFilter": "graph.questions.reach",
    "ReachRows": "linkreach.rows",
    "Reported": "linkreach.reporting",
    "Sample": "analysis.estimates",
    "Senders": "linkreach.reach_sets",
    "ServerError": "graph.errors",
    "Session": "linkreach.session",
    "Settings": "linkreach.settings",
    "SparkError": "graph.errors",
    "TeamIntroductions": "linkreach.introducing",
    "Unlock": "graph.questions.unlocks",
    "Verdict": "graph.questions.verdicts",
    "WayFilter": "graph.questions.introductions",
    "Wishes": "linkreach.planning",
    "World": "graph.world",
    "connect": "linkreach.session",
    "source_at": "linkreach.loading",
}

SAMPLE = Path(__file__).parents[1] / "graph" / "sample"
"""The sample network: test data of the LDBC Social Network Benchmark, with settings drawn from a seed."""

__all__ = [
    "SAMPLE",
    "Around",
    "CheckedFile",
    "DatabaseError",
    "Differed",
    "EngineChoice",
    "Introductions",
    "InvalidInput",
    "Invested",
    "LinkreachError",
    "Made",
    "Matched",
    "MatchedAtOnce",
    "Planned",
    "ReachFilter",
    "ReachRows",
    "Reported",
    "Sample",
    "Senders",
    "ServerError",
    "Session",
    "Settings",
    "SparkError",
    "TeamIntroductions",
    "Unlock",
    "Verdict",
    "WayFilter",
    "Wishes",
    "World",
    "connect",
    "source_at",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
