"""Runs of plans that were started over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from analysis.plans.runs import FILES, KEPT, About, files_of
from analysis.runs import Runs
from api.http.runner import Runner
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.instants import instant_text
from graph.world import World
from linkreach.member_lists import MemberList
from linkreach.planning import Wishes, asked_for, plan
from linkreach.progress import Progress

NAME = "plan"


class PlanRunner(Runner):
    """Starts runs of plans, which are all of one name; `folder` is the owner's alone."""

    def __init__(self, address: Address, folder: Path, worker: ThreadPoolExecutor) -> None:
        super().__init__(address, Runs(folder, files=FILES, about=About, kept=KEPT), worker)

    async def start(
        self, senders: Sequence[str], recipients: Sequence[str], world: World, wishes: Wishes, *, points: int
    ) -> int:
        """Starts a run, with its coverage at so many budgets, and gives its number once it is sure that it can be made.

        Raises UnknownPack, UndefinedTiers, UnknownMember and InvalidInput, and Problem where one is under way, in any
        process.
        """
        team, targets = MemberList(tuple(senders)), MemberList(tuple(recipients))

        def verify(database: Database) -> None:
            asked_for(database, team, targets, world, wishes)

        def make(number: int, database: Database, progress: Progress) -> None:
            started = instant_text(datetime.now(UTC))
            planned = plan(database, team, targets, world, wishes, points=points, progress=progress)
            document = {**planned.document, "started_at": started}
            self.runs.finish(NAME, number, files_of(planned.plan, planned.coverage), document)

        return await self.begin(NAME, verify, make)
