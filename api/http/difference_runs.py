"""Runs of differences that were started over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from analysis.difference_runs import FILES, KEPT, About, files_of
from analysis.runs import Runs
from api.http.runner import Runner
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import UnknownTier
from graph.instants import instant_text
from graph.questions.cypher_engine import verify_question
from graph.world import World
from linkreach.asking import asking
from linkreach.differing import comparison, differ
from linkreach.progress import Progress

NAME = "diff"


class DifferenceRunner(Runner):
    """Starts runs of differences, which are all of one name; `folder` is the owner's alone."""

    def __init__(self, address: Address, folder: Path, worker: ThreadPoolExecutor) -> None:
        super().__init__(address, Runs(folder, files=FILES, about=About, kept=KEPT), worker)

    async def start(self, before: World, after: World, *, by: str, is_free: bool) -> int:
        """Starts a run, and gives its number once it is sure that it can be made.

        Raises UnknownPack, UnknownTier, UndefinedTiers, UnknownColumn and RejectedRow, and Problem where one is under
        way, in any process.
        """

        def verify(database: Database) -> None:
            for world in (before, after):
                with asking(database, world) as graph:
                    pack = verify_question(graph, world, by=by)
                if world.as_tier is not None and world.as_tier not in pack.tiers:
                    raise UnknownTier(world.as_tier, pack.name, pack.tiers)

        def make(number: int, database: Database, progress: Progress) -> None:
            started = instant_text(datetime.now(UTC))
            progress("reading the graph", 0, 0)
            compared = comparison(lambda: database, before, after, by=by, is_free=is_free, progress=progress)
            differed = differ(compared, examples=True, progress=progress)
            told = {key: value for key, value in differed.manifest.items() if key != "rows"}  # of readers who know all
            document = {**told, "same": differed.same, "started_at": started}
            self.runs.finish(NAME, number, files_of(differed.differences, differed.examples), document)

        return await self.begin(NAME, verify, make)
