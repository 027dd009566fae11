"""The bulk engine's frames: what the reports are made of, from sums over all blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.bulk.certainty import SIDE, Outcome
from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network, PlacedNetwork, build_network
from analysis.bulk.run import blocks_of, count
from analysis.bulk.tally import Code, Count, Tally
from analysis.bulk.traits import Trait
from analysis.estimates import Strata
from graph.errors import TooManySegments
from graph.model import ASSUMED_NAMES, SEGMENTS_AT_MOST
from graph.questions.frames import FRAMES
from graph.rules.loaded_pack import LoadedPack
from graph.rules.vocabulary import CODES, FREE_CHANNELS, GATES, NOT_IN_TIER, UNAVAILABLE, WITHHELD
from graph.snapshot.snapshot import Snapshot
from graph.world import World

Integers = NDArray[np.int64]
Counts = dict[str, NDArray[np.integer[Any]]]
Counter = Callable[[Network, Wanted], Tally]

# What each frame is made of; nothing where the snapshot alone says it.
_MADE_OF = {frame.name: reduce(or_, (Wanted[each] for each in frame.counts), Wanted(0)) for frame in FRAMES.values()}

_ON_EVERY_CHANNEL = {NOT_IN_TIER.code, UNAVAILABLE.code, *(gate.reason.code for gate in GATES)}


class BulkEngine:
    """Answers for a whole snapshot at one instant; implements `analysis.report_engine.ReportEngine`.

    `frames`: those that will be asked for, which are counted in one pass; others take one of their own.
    `counter` counts, on this machine or on many. `name` is for the manifest.
    Raises TooManySegments where segments are asked for and the snapshot's column makes too many.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        world: World,
        *,
        frames: Collection[str] = (),
        counter: Counter = lambda network, wanted: count(network, blocks_of(network), wanted),
        name: str = "local",
    ) -> None:
        self.name = name
        self.world = world
        self.by = snapshot.by
        self.graph_version = snapshot.version
        self.pack: LoadedPack = snapshot.pack
        self._snapshot = snapshot
        self._counter = counter
        self._expected = Wanted(0)
        for frame in frames:
            self._expected |= _MADE_OF[frame]
        self._tallies: list[tuple[Wanted, Sequence[Tally]]] = []

    @property
    def strata(self) -> Strata | None:
        """None: everybody is counted."""
        return None

    @cached_property
    def members(self) -> pd.DataFrame:
        """Every member by id: `member`, `tier`, `effective_tier`, `expires_at` (UTC or None), `gone`."""
        people, members = self._network_at.people, self._snapshot.members
        return pd.DataFrame(
            {
                "member": self._ids,
                "tier": members["tier"].cast(pa.string()).to_pandas(),
                "effective_tier": pd.Series(np.array(self.pack.tiers, object)[people.tier], dtype="str"),
                "expires_at": pd.Series(members["tier_expires_at"].to_pylist(), dtype=object),
                "gone": people.gone,
            }
        )

    @cached_property
    def reach_counts(self) -> pd.DataFrame:
        """Every member by id, with degree_N, open_CHANNEL, reach_now, reached_by_now and both of them free."""
        return pd.DataFrame({"member": self._ids, **self._over_others("reach_counts", self._reach_counts)})

    @cached_property
    def direct_counts(self) -> pd.DataFrame:
        """Every member by id, with direct_as_TIER."""
        return pd.DataFrame({"member": self._ids, **self._over_others("direct_counts", self._direct_counts)})

    @cached_property
    def group_bridges(self) -> pd.DataFrame:
        """Every group by id: `group`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        groups = self._snapshot.groups
        lists = self._snapshot.members["groups"].combine_chunks()
        present = np.repeat(~self._network_at.people.gone, np.diff(lists.offsets.to_numpy()))
        members = np.bincount(lists.values.to_numpy()[present], minlength=groups.num_rows)
        return self._bridges("group", groups["id"], members, self._tallied("group_bridges").groups).assign(
            pairs=_pairs(members) * groups["messaging"].to_numpy()
        )

    @cached_property
    def page_bridges(self) -> pd.DataFrame:
        """Every page by id: `page`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        pages = self._snapshot.pages
        network = self._network_at.network
        members = np.bincount(network.pages[: network.page_starts[-1]], minlength=pages.num_rows)
        return self._bridges("page", pages["id"], members, self._tallied("page_bridges").pages).assign(
            pairs=_pairs(members)
        )

    @cached_property
    def gatekeepers(self) -> pd.DataFrame:
        """Every member by id: `member`, `pairs_only_they_join`."""
        twice = self._by_row(self._tallied("gatekeepers").gatekeepers)
        return pd.DataFrame({"member": self._ids, "pairs_only_they_join": twice // 2})

    @cached_property
    def segment_pairs(self) -> pd.DataFrame:
        """Cells with at least one ordered pair: `sender_segment`, `recipient_segment`, `pairs`, `reachable`."""
        reachable = self._tallied("segment_pairs").segments
        names, network = np.array(self._network_at.segments, object), self._network_at.network
        present = ~self._network_at.people.gone[self._network_at.row_of]
        sizes = np.bincount(network.segment[present], minlength=len(names))
        pairs = np.outer(sizes, sizes) - np.diag(sizes)
        senders, recipients = np.nonzero(pairs)
        return pd.DataFrame(
            {
                "sender_segment": pd.Series(names[senders], dtype="str"),
                "recipient_segment": pd.Series(names[recipients], dtype="str"),
                "pairs": pairs[senders, recipients],
                "reachable": reachable[senders, recipients],
            }
        )

    @cached_property
    def denials(self) -> pd.DataFrame:
        """Every code that can deny a channel of kind message or request: `reason`, `pairs`, `pairs_alone`.

        After BLOCKED_BY_RECIPIENT comes UNAVAILABLE, which stands for any of the codes that are withheld.
        """
        tallied = self._tallied("denials").denials
        possible = _ON_EVERY_CHANNEL.union(
            *(each.requires for each in FREE_CHANNELS if each.name in self.pack.channels)
        )
        in_order = [*CODES]
        in_order.insert(CODES.index(WITHHELD[0]) + 1, UNAVAILABLE.code)
        codes = [code for code in in_order if code in possible]
        rows = [Code[code] for code in codes]
        return pd.DataFrame(
            {
                "reason": pd.Series(codes, dtype="str"),
                "pairs": tallied[rows, 0],
                "pairs_alone": tallied[rows, 1],
            }
        )

    @cached_property
    def quotas(self) -> pd.DataFrame:
        """Members with a quota: `member`, `inmail_credits`, `inmails_left`, `messages_left`, `lost_to_quota`."""
        people = self._network_at.people
        grants_inmail = people.granted("inmail")
        messages_limited, messages = self._limits([tier.monthly_messages for tier in self.pack.tier_rules])
        inmails_limited, inmails = self._limits([tier.monthly_inmails for tier in self.pack.tier_rules])
        inmails_left = np.where(grants_inmail, people.inmail_credits, 0)
        inmails_left = np.where(inmails_limited, np.minimum(inmails_left, inmails - people.inmails_sent), inmails_left)
        here = ~people.gone
        frame = pd.DataFrame(
            {
                "member": self._ids,
                "inmail_credits": people.inmail_credits * here,
                "inmails_left": np.maximum(inmails_left, 0) * here,
                "messages_left": pd.array(np.maximum(messages - people.messages_sent, 0) * here, dtype="Int64"),
                **self._over_others("quotas", self._quota_counts),
            }
        )
        frame["messages_left"] = frame["messages_left"].where(messages_limited)
        return frame[messages_limited | inmails_limited | grants_inmail]

    @cached_property
    def certainty(self) -> pd.DataFrame:
        """Every member by id: whom they reach, and who reaches them, for certain, now and possibly; each free, too."""
        return pd.DataFrame({"member": self._ids, **self._over_others("certainty", self._certainty_counts)})

    @cached_property
    def unknowns(self) -> pd.DataFrame:
        """Each `member` and `fact` that is not known of them and decides `pairs`."""
        people = self._network_at.people
        if not people.assume_something:
            return pd.DataFrame({"member": [], "fact": [], "pairs": np.zeros(0, np.int64)})
        pairs = self._by_row(self._tallied("unknowns").unknowns)
        pairs = pairs * np.column_stack([people.assumes(name) for name in ASSUMED_NAMES])
        rows, facts = np.nonzero(pairs)
        return pd.DataFrame(
            {
                "member": self._ids.take(rows),
                "fact": np.array(ASSUMED_NAMES, object)[facts],
                "pairs": pairs[rows, facts],
            }
        )

    def verify_unchanged(self) -> None:
        """Returns: a snapshot is of one version."""

    @cached_property
    def _network_at(self) -> PlacedNetwork:
        return build_network(self._snapshot, self.world.at)

    @cached_property
    def _ids(self) -> pd.Series[str]:
        ids: pd.Series[str] = self._snapshot.members["id"].to_pandas().astype("str")
        return ids

    def _tallied(self, frame: str) -> Tally:
        """What the frame is made of."""
        [tally] = self._tallies_of(frame)
        return tally

    def _tallies_of(self, frame: str) -> Sequence[Tally]:
        """What the frame is made of, counted together with all else that is expected and not yet counted."""
        needed = _MADE_OF[frame]
        for wanted, tallies in self._tallies:
            if needed in wanted:
                return tallies
        wanted, self._expected = needed | self._expected, Wanted(0)
        self._tallies.append((wanted, self._count(wanted)))
        return self._tallies[-1][1]

    def _count(self, wanted: Wanted) -> Sequence[Tally]:
        if Wanted.SEGMENTS in wanted:
            segments = len(self._network_at.segments)
            if segments > SEGMENTS_AT_MOST:
                raise TooManySegments(self._snapshot.by, segments, SEGMENTS_AT_MOST)
        return [self._counter(self._network_at.network, wanted)]

    # Counts over others, a value a member by id

    def _over_others(self, frame: str, counts: Callable[[Tally], Counts]) -> Mapping[str, Any]:
        """The columns of a frame that are counts over others."""
        return counts(self._tallied(frame))

    def _reach_counts(self, tally: Tally) -> Counts:
        counts, people = self._by_count(tally), self._network_at.people
        who = people.who
        opened = {
            "direct": counts[:, Count.DIRECT_1] * who[Trait.MAY_DIRECT_1]
            + counts[:, Count.DIRECT_2] * who[Trait.MAY_DIRECT_2]
            + counts[:, Count.DIRECT_3] * who[Trait.MAY_DIRECT_3],
            "open_profile": counts[:, Count.OPEN_PROFILE] * who[Trait.MAY_OPEN_PROFILE],
            "group": counts[:, Count.GROUP] * who[Trait.MAY_GROUP],
            "company_page": counts[:, Count.COMPANY_PAGE] * who[Trait.MAY_COMPANY_PAGE],
            "contact_info": counts[:, Count.CONTACT_INFO] * people.granted("contact_info"),
            "contact_form": counts[:, Count.CONTACT_FORM] * people.granted("contact_form"),
            "comment": counts[:, Count.COMMENT] * people.granted("comment"),
            "inmail": counts[:, Count.INMAIL] * who[Trait.MAY_INMAIL],
            "invite": counts[:, Count.INVITE] * people.granted("invite"),
        }
        return {
            "degree_1": counts[:, Count.DEGREE_1],
            "degree_2": counts[:, Count.DEGREE_2],
            "degree_3": counts[:, Count.DEGREE_3],
            **{f"open_{channel}": opened[channel] for channel in self.pack.channels},
            "reach_now": counts[:, Count.REACH],
            "reach_now_free": counts[:, Count.REACH_FREE],
            "reached_by_now": counts[:, Count.REACHED_BY],
            "reached_by_now_free": counts[:, Count.REACHED_BY_FREE],
        }

    def _direct_counts(self, tally: Tally) -> Counts:
        counts, people = self._by_count(tally), self._network_at.people
        reached = np.cumsum(counts[:, [Count.DIRECT_1, Count.DIRECT_2, Count.DIRECT_3]], axis=1)
        columns: Counts = {}
        for tier in self.pack.tier_rules:
            granted = "direct" in tier.grants and tier.direct_degree > 0
            columns[f"direct_as_{tier.name}"] = (
                reached[:, tier.direct_degree - 1] * people.heard_as(tier)
                if granted
                else np.zeros(people.size, np.int64)
            )
        return columns

    def _quota_counts(self, tally: Tally) -> Counts:
        return {"lost_to_quota": self._by_count(tally)[:, Count.LOST_TO_QUOTA]}

    def _certainty_counts(self, tally: Tally) -> Counts:
        counts = self._by_count(tally)
        sure = self._by_row(tally.certainty) if self._network_at.people.assume_something else None
        columns: Counts = {}
        for way, now, certain, possible in (
            ("reach", Count.REACH, Outcome.CERTAIN, Outcome.POSSIBLE),
            ("reach_free", Count.REACH_FREE, Outcome.CERTAIN_FREE, Outcome.POSSIBLE_FREE),
            ("reached_by", Count.REACHED_BY, SIDE + Outcome.CERTAIN, SIDE + Outcome.POSSIBLE),
            ("reached_by_free", Count.REACHED_BY_FREE, SIDE + Outcome.CERTAIN_FREE, SIDE + Outcome.POSSIBLE_FREE),
        ):
            columns[f"{way}_certain"] = counts[:, now] if sure is None else sure[:, certain]
            columns[f"{way}_now"] = counts[:, now]
            columns[f"{way}_possible"] = counts[:, now] if sure is None else sure[:, possible]
        return columns

    def _by_count(self, tally: Tally) -> Integers:
        """Member × Count, by id; as integers that do not overflow when they are added."""
        return self._by_row(tally.counts).astype(np.int64)

    def _by_row(self, by_place: NDArray[np.integer[Any]]) -> NDArray[Any]:
        by_row = np.empty_like(by_place)
        by_row[self._network_at.row_of] = by_place
        return by_row

    def _limits(self, by_tier: list[int | None]) -> tuple[NDArray[np.bool_], Integers]:
        """Whether each member's effective tier has a limit, and which; 0 where it has none."""
        own = self._network_at.people.tier
        return np.array([limit is not None for limit in by_tier])[own], np.array([limit or 0 for limit in by_tier])[own]

    def _bridges(self, key: str, ids: pa.ChunkedArray, members: Integers, twice: Integers) -> pd.DataFrame:
        return pd.DataFrame(
            {
                key: ids.to_pandas().astype("str"),
                "members": members,
                "pairs_no_degree": twice[:, 0] // 2,
                "pairs_only_here": twice[:, 1] // 2,
            }
        )


def _pairs(members: Integers) -> Integers:
    return members * (members - 1) // 2
