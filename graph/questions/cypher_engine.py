"""The Cypher engine: what reports are made of, computed in Neo4j a block of members at a time.

It is the reference for every other engine, and slow on purpose: each pair is judged by the rules' own text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import pandas as pd

from graph.driver import schema
from graph.driver.connection import Row, native
from graph.driver.query import Graph, Query
from graph.driver.statements import statement
from graph.errors import GraphChanged, GraphLoading, TooManyPairs, TooManySegments, UnknownColumn
from graph.model import MEMBERS, SEGMENTS_AT_MOST
from graph.questions.diagnosis import askable_pack, loaded_pack
from graph.questions.members import size
from graph.rules.loaded_pack import LoadedPack
from graph.world import World

MEMBERS_AT_MOST = 1_000
BLOCK = 50

Progress = Callable[[str, int, int], None]


def verify_column(graph: Graph, by: str) -> None:
    """Returns where members have such a column to make segments by; raises UnknownColumn."""
    held = Query("report/has_column", decode=bool, parameters={"by": by})
    if MEMBERS.column(by) is None and not graph.read(held):
        raise UnknownColumn(by)


def verify_question(graph: Graph, world: World, *, by: str) -> LoadedPack:
    """The pack that reports are asked by; raises GraphLoading, UnknownPack, UndefinedTiers or UnknownColumn."""
    pack = graph.read(askable_pack(world))
    verify_column(graph, by)
    return pack


class CypherEngine:
    """Answers for the whole graph under one pack at one instant; each frame is read once and kept.

    `by` is the column of members that makes segments; `tier` means the effective one.
    `progress` is told what is computed, how many members are done, and of how many.
    Raises what `verify_question` does, TooManyPairs above MEMBERS_AT_MOST members unless `force`,
    and GraphChanged from `verify_unchanged` where a load ran meanwhile.
    """

    name = "cypher"
    strata = None  # it judges all pairs, and estimates nothing

    def __init__(
        self,
        graph: Graph,
        world: World,
        *,
        progress: Progress,
        by: str = "tier",
        force: bool = False,
    ) -> None:
        self._graph = graph
        self._progress = progress
        self._asked: dict[str, object] = {"at": world.at, "pack": world.pack}
        self.by = by
        self.world = world
        self.pack: LoadedPack = verify_question(graph, world, by=by)
        members = graph.read(size())
        if members > MEMBERS_AT_MOST and not force:
            raise TooManyPairs(members, MEMBERS_AT_MOST)
        self.graph_version = self._version()

    @cached_property
    def members(self) -> pd.DataFrame:
        """Every member by id: `member`, `tier`, `effective_tier`, `expires_at` (UTC or None), `gone`."""
        return self._read("report/members", self._asked, decode=native)

    @cached_property
    def reach_counts(self) -> pd.DataFrame:
        """Counts in members: `member`, and a column each; degree_N, open_CHANNEL, reach_now… where they are not 0."""
        return self._a_column_each(self._in_blocks("report/member_counts", ["member", "measure"], self._asked))

    @cached_property
    def direct_counts(self) -> pd.DataFrame:
        """Counts in members: `member`, and direct_as_TIER where they are not 0."""
        return self._a_column_each(self._in_blocks("report/direct_by_tier", ["member", "measure"], self._asked))

    @cached_property
    def group_bridges(self) -> pd.DataFrame:
        """Every group: `group`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        groups = self._read("bridge/groups", {})
        return groups.merge(self._in_blocks("bridge/group_pairs", ["group"], {"at": self.world.at}), how="left")

    @cached_property
    def page_bridges(self) -> pd.DataFrame:
        """Every page: `page`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        pages = self._read("bridge/pages", {"at": self.world.at})
        return pages.merge(self._in_blocks("bridge/page_pairs", ["page"], {"at": self.world.at}), how="left")

    @cached_property
    def gatekeepers(self) -> pd.DataFrame:
        """Those who alone join pairs of degree 2: `member`, `pairs_only_they_join`."""
        return self._in_blocks("bridge/gatekeepers", ["member"], {})

    @cached_property
    def segment_pairs(self) -> pd.DataFrame:
        """Cells with at least one ordered pair: `sender_segment`, `recipient_segment`, `pairs`, `reachable`.

        Raises TooManySegments.
        """
        asked = self._asked | {"by": self.by}
        segments = len(self._read("report/segments", asked))
        if segments > SEGMENTS_AT_MOST:
            raise TooManySegments(self.by, segments, SEGMENTS_AT_MOST)
        return self._in_blocks("report/segment_pairs", ["sender_segment", "recipient_segment"], asked)

    @cached_property
    def denials(self) -> pd.DataFrame:
        """Every code of a channel of kind message or request, and UNAVAILABLE: `reason`, `pairs`, `pairs_alone`."""
        reasons = self._read("report/reasons", self._asked)[["reason"]]
        return reasons.merge(self._in_blocks("report/denials", ["reason"], self._asked), how="left")

    @cached_property
    def quotas(self) -> pd.DataFrame:
        """Members with a quota: `member`, `inmail_credits`, `inmails_left`, `messages_left`, `lost_to_quota`."""
        return self._in_blocks("report/quotas", ["member"], self._asked)

    @cached_property
    def certainty(self) -> pd.DataFrame:
        """Counts in members: `member`, and reach, reached_by and both free, `_certain`, `_now`, `_possible`; no 0."""
        return self._a_column_each(self._in_blocks("report/certainty", ["member", "measure"], self._asked))

    @cached_property
    def unknowns(self) -> pd.DataFrame:
        """Each `member` and `fact` that is not known of them and decides `pairs`."""
        return self._in_blocks("report/unknowns", ["member", "fact"], self._asked)

    @staticmethod
    def _a_column_each(counts: pd.DataFrame) -> pd.DataFrame:
        return counts.pivot(index="member", columns="measure", values="value").reset_index()

    def verify_unchanged(self) -> None:
        """Returns where no load ran, and the pack stayed, since this engine was made; raises GraphChanged."""
        if self._graph.read(loaded_pack(self.world.pack)) != self.pack:
            raise GraphChanged("the rule pack was replaced while the report was read: run the report again")
        if self._version() != self.graph_version:
            raise GraphChanged("the graph was loaded while the report was read: run the report again")

    def _version(self) -> int:
        state = self._graph.read(schema.state())
        if state.loading:
            raise GraphLoading
        return state.version

    def _read(
        self, name: str, parameters: dict[str, object], decode: Callable[[Sequence[Row]], Sequence[Row]] = list
    ) -> pd.DataFrame:
        return _frame(name, self._graph.read(Query(name, decode=decode, parameters=parameters)))

    def _in_blocks(self, name: str, keys: list[str], parameters: dict[str, object]) -> pd.DataFrame:
        """What a statement counts, a block of members at a time, summed by `keys`; a sum of nothing is None."""
        ids = self.members["member"].tolist()
        block = "members" if "members" in statement(name).parameters else "senders"
        parts = [_frame(name, [])]
        for start in range(0, len(ids), BLOCK):
            self._progress(name, start, len(ids))
            parts.append(self._read(name, {block: ids[start : start + BLOCK], **parameters}))
        self._progress(name, len(ids), len(ids))
        whole = pd.concat(parts)
        whole = whole.astype({name: "str" if name in keys else "Int64" for name in whole.columns})
        return whole.groupby(keys, as_index=False, sort=True).sum(min_count=1)


def _frame(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(statement(name).columns), dtype=object)
