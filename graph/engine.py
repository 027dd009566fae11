"""The Cypher engine: what reports are made of, computed in Neo4j a block of members at a time.

It is the reference for every other engine, and slow on purpose: each pair is judged by the rules' own text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

import pandas as pd

from graph import schema
from graph.answers import Known, known, refuse_undefined
from graph.database import Database, Query
from graph.errors import GraphChanged, TooLarge

MEMBERS_AT_MOST = 1000
BLOCK = 50

Progress = Callable[[str, int, int], None]


class CypherEngine:
    """Answers for the whole graph under one pack at one instant; each frame is read once and kept.

    `progress` is told what is computed, how many members are done, and of how many.
    Raises UnknownPack, UnknownTier, TooLarge above MEMBERS_AT_MOST members unless `force`,
    and GraphChanged from `verify_unchanged` where a load ran meanwhile.
    """

    name = "cypher"

    def __init__(self, database: Database, *, at: datetime, pack: str, progress: Progress, force: bool = False) -> None:
        self._database = database
        self._progress = progress
        self._asked = {"at": at, "pack": pack}
        self.at = at
        self.pack: Known = database.read(known(pack))
        refuse_undefined(self.pack)
        members = database.read(Query("report/size", decode=lambda rows: int(rows[0]["members"])))
        if members > MEMBERS_AT_MOST and not force:
            raise TooLarge(
                f"{members:,} members make {members * (members - 1):,} pairs, too many to judge one by one: "
                f"above {MEMBERS_AT_MOST:,} members say --force and have patience"
            )
        self.graph_version = self._version()

    @cached_property
    def members(self) -> pd.DataFrame:
        """Every member by id: `member`, `tier`, `effective_tier`, `gone`."""
        return self._read("report/members", ["member", "tier", "effective_tier", "gone"], self._asked)

    @cached_property
    def reach_counts(self) -> pd.DataFrame:
        """Counts other than 0: `member`, `measure` (degree_N, open_CHANNEL, reach_now…), `value` in members."""
        return self._in_blocks("report/member_counts", "senders", ["member", "measure"], ["value"], self._asked)

    @cached_property
    def direct_counts(self) -> pd.DataFrame:
        """Counts other than 0: `member`, `measure` (direct_as_TIER), `value` in members."""
        return self._in_blocks("report/direct_by_tier", "senders", ["member", "measure"], ["value"], self._asked)

    @cached_property
    def group_bridges(self) -> pd.DataFrame:
        """Every group: `group`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        groups = self._read("bridge/groups", ["group", "members"], {})
        counts = ["pairs", "pairs_no_degree", "pairs_only_here"]
        pairs = self._in_blocks("bridge/group_pairs", "members", ["group"], counts, {"at": self.at})
        return groups.merge(pairs, on="group", how="left").fillna(dict.fromkeys(counts, 0))

    def verify_unchanged(self) -> None:
        """Returns where no load ran since this engine was made; raises GraphChanged."""
        if self._version() != self.graph_version:
            raise GraphChanged("the graph was loaded while the report was read: run the report again")

    def _version(self) -> int:
        state = self._database.read(schema.state())
        if state.loading:
            raise GraphChanged("a load is under way, or was cut short: let it end, or run it again, then ask again")
        return state.version

    def _read(self, statement: str, columns: Sequence[str], parameters: dict[str, object]) -> pd.DataFrame:
        return self._database.read(
            Query(statement, decode=lambda rows: pd.DataFrame(rows, columns=list(columns)), parameters=parameters)
        )

    def _in_blocks(
        self, statement: str, block: str, keys: list[str], counts: list[str], parameters: dict[str, object]
    ) -> pd.DataFrame:
        ids = self.members["member"].tolist()
        parts = []
        for start in range(0, len(ids), BLOCK):
            self._progress(statement, start, len(ids))
            members = {block: ids[start : start + BLOCK]}
            parts.append(self._read(statement, keys + counts, members | parameters))
        self._progress(statement, len(ids), len(ids))
        whole = pd.concat(parts) if parts else pd.DataFrame(columns=keys + counts)
        return whole.groupby(keys, as_index=False, sort=True)[counts].sum()
