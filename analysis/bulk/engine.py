"""The bulk engine's frames: what the reports are made of, from sums over all blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from analysis.bulk.kernel import Wanted
from analysis.bulk.network import Network, Placed, placed
from analysis.bulk.run import blocks_of, count
from analysis.bulk.tally import Code, Count, Tally
from analysis.bulk.traits import Trait
from graph.snapshot.segments import refuse_many
from graph.snapshot.snapshot import Pack, Snapshot

Integers = NDArray[np.int64]
Counter = Callable[[Network, Wanted], Tally]

# What each frame is made of; those that are not here come from the snapshot alone.
_MADE_OF = {
    "reach_counts": Wanted.DEGREES | Wanted.REACH,
    "direct_counts": Wanted.REACH,
    "quotas": Wanted.REACH,
    "segment_pairs": Wanted.SEGMENTS,
    "denials": Wanted.DENIALS,
    "group_bridges": Wanted.BRIDGES,
    "page_bridges": Wanted.BRIDGES,
    "gatekeepers": Wanted.GATEKEEPERS,
}

_CODES_OF = {
    "direct": {
        Code.TIER_TOO_LOW,
        Code.OUT_OF_NETWORK,
        Code.RECIPIENT_VISIBILITY,
        Code.RECIPIENT_AUDIENCE,
        Code.MESSAGE_LIMIT_REACHED,
    },
    "open_profile": {Code.NO_OPEN_PROFILE, Code.MESSAGE_LIMIT_REACHED},
    "group": {
        Code.NO_SHARED_GROUP,
        Code.RECIPIENT_VISIBILITY,
        Code.RECIPIENT_AUDIENCE,
        Code.MESSAGE_LIMIT_REACHED,
    },
    "company_page": {
        Code.NO_SHARED_PAGE,
        Code.RECIPIENT_VISIBILITY,
        Code.RECIPIENT_AUDIENCE,
        Code.MESSAGE_LIMIT_REACHED,
    },
}
_ON_EVERY_CHANNEL = {Code.NOT_IN_TIER} | {code for code in Code if code >= Code.SENDER_GONE}


class BulkEngine:
    """Answers for a whole snapshot at one instant; implements `analysis.engine.Engine`.

    `frames`: those that will be asked for, which are counted in one pass; others take one of their own.
    `counter` counts, on this machine or on many. `name` is for the manifest.
    Raises TooLarge where segments are asked for and the snapshot's column makes too many.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        at: datetime,
        frames: Collection[str] = (),
        counter: Counter = lambda network, wanted: count(network, blocks_of(network), wanted),
        name: str = "local",
    ) -> None:
        self.name = name
        self.at = at
        self.graph_version = snapshot.version
        self.pack: Pack = snapshot.pack
        self._snapshot = snapshot
        self._counter = counter
        self._expected = Wanted(0)
        for frame in frames:
            self._expected |= _MADE_OF.get(frame, Wanted(0))
        self._tallies: list[tuple[Wanted, Tally]] = []

    @cached_property
    def members(self) -> pd.DataFrame:
        """Every member by id: `member`, `tier`, `effective_tier`, `expires_at` (UTC or None), `gone`."""
        people, members = self._placed.people, self._snapshot.members
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
        counts, who = self._counts("reach_counts"), self._placed.people.who
        opened = {
            "direct": counts[:, Count.DIRECT_1] * who[Trait.MAY_DIRECT_1]
            + counts[:, Count.DIRECT_2] * who[Trait.MAY_DIRECT_2]
            + counts[:, Count.DIRECT_3] * who[Trait.MAY_DIRECT_3],
            "open_profile": counts[:, Count.OPEN_PROFILE] * who[Trait.MAY_OPEN_PROFILE],
            "group": counts[:, Count.GROUP] * who[Trait.MAY_GROUP],
            "company_page": counts[:, Count.COMPANY_PAGE] * who[Trait.MAY_COMPANY_PAGE],
            "contact_info": counts[:, Count.CONTACT_INFO] * self._placed.people.granted("contact_info"),
            "contact_form": counts[:, Count.CONTACT_FORM] * self._placed.people.granted("contact_form"),
            "comment": counts[:, Count.COMMENT] * self._placed.people.granted("comment"),
            "inmail": counts[:, Count.INMAIL] * who[Trait.MAY_INMAIL],
            "invite": counts[:, Count.INVITE] * self._placed.people.granted("invite"),
        }
        return pd.DataFrame(
            {
                "member": self._ids,
                "degree_1": counts[:, Count.DEGREE_1],
                "degree_2": counts[:, Count.DEGREE_2],
                "degree_3": counts[:, Count.DEGREE_3],
                **{f"open_{channel}": opened[channel] for channel in self.pack.channels},
                "reach_now": counts[:, Count.REACH],
                "reach_now_free": counts[:, Count.REACH_FREE],
                "reached_by_now": counts[:, Count.REACHED_BY],
                "reached_by_now_free": counts[:, Count.REACHED_BY_FREE],
            }
        )

    @cached_property
    def direct_counts(self) -> pd.DataFrame:
        """Every member by id, with direct_as_TIER."""
        counts, people = self._counts("direct_counts"), self._placed.people
        reached = np.cumsum(counts[:, [Count.DIRECT_1, Count.DIRECT_2, Count.DIRECT_3]], axis=1, dtype=np.int64)
        columns: dict[str, NDArray[np.int64]] = {}
        for tier in self.pack.tier_rules:
            granted = "direct" in tier.grants and tier.direct_degree > 0
            may = people.messages_left(tier) & ~people.silenced
            columns[f"direct_as_{tier.name}"] = (
                reached[:, tier.direct_degree - 1] * may if granted else np.zeros(people.size, np.int64)
            )
        return pd.DataFrame({"member": self._ids, **columns})

    @cached_property
    def group_bridges(self) -> pd.DataFrame:
        """Every group by id: `group`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        groups = self._snapshot.groups
        lists = self._snapshot.members["groups"].combine_chunks()
        present = np.repeat(~self._placed.people.gone, np.diff(lists.offsets.to_numpy()))
        members = np.bincount(lists.values.to_numpy()[present], minlength=groups.num_rows)
        return self._bridges("group", groups["id"], members, self._tallied("group_bridges").groups).assign(
            pairs=_pairs(members) * groups["messaging"].to_numpy()
        )

    @cached_property
    def page_bridges(self) -> pd.DataFrame:
        """Every page by id: `page`, `members`, and the unordered `pairs`, `pairs_no_degree`, `pairs_only_here`."""
        pages = self._snapshot.pages
        members = np.bincount(self._placed.network.pages, minlength=pages.num_rows)
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
        names, network = np.array(self._placed.segments, object), self._placed.network
        present = ~self._placed.people.gone[self._placed.row_of]
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

        After BLOCKED_BY_RECIPIENT comes UNAVAILABLE, which stands for that code or LIMITED_BY_RECIPIENT.
        """
        tallied = self._tallied("denials").denials
        asked = _ON_EVERY_CHANNEL.union(*(_CODES_OF.get(channel, set()) for channel in self.pack.channels))
        codes = sorted(asked, key=lambda code: Code.BLOCKED_BY_RECIPIENT + 0.5 if code is Code.UNAVAILABLE else code)
        return pd.DataFrame(
            {
                "reason": pd.Series([code.name for code in codes], dtype="str"),
                "pairs": tallied[codes, 0],
                "pairs_alone": tallied[codes, 1],
            }
        )

    @cached_property
    def quotas(self) -> pd.DataFrame:
        """Members with a quota: `member`, `inmail_credits`, `inmails_left`, `messages_left`, `lost_to_quota`."""
        people, lost = self._placed.people, self._counts("quotas")[:, Count.LOST_TO_QUOTA]
        grants_inmail = people.granted("inmail")
        messages_limited, messages = self._limits([tier.monthly_messages for tier in self.pack.tier_rules])
        inmails_limited, inmails = self._limits([tier.monthly_inmails for tier in self.pack.tier_rules])
        inmails_left = np.where(grants_inmail, people.inmail_credits, 0)
        inmails_left = np.where(inmails_limited, np.minimum(inmails_left, inmails - people.inmails_sent), inmails_left)
        here = ~people.gone
        return pd.DataFrame(
            {
                "member": self._ids,
                "inmail_credits": people.inmail_credits * here,
                "inmails_left": np.maximum(inmails_left, 0) * here,
                "messages_left": pd.array(np.maximum(messages - people.messages_sent, 0) * here, dtype="Int64"),
                "lost_to_quota": lost,
            }
        ).assign(messages_left=lambda frame: frame["messages_left"].where(messages_limited))[
            messages_limited | inmails_limited | grants_inmail
        ]

    def verify_unchanged(self) -> None:
        """Returns: a snapshot is of one version."""

    @cached_property
    def _placed(self) -> Placed:
        return placed(self._snapshot, self.at)

    @cached_property
    def _ids(self) -> pd.Series[str]:
        ids: pd.Series[str] = self._snapshot.members["id"].to_pandas().astype("str")
        return ids

    def _tallied(self, frame: str) -> Tally:
        """What the frame is made of, counted together with all else that is expected and not yet counted."""
        needed = _MADE_OF[frame]
        for wanted, tally in self._tallies:
            if needed in wanted:
                return tally
        wanted, self._expected = needed | self._expected, Wanted(0)
        if Wanted.SEGMENTS in wanted:
            refuse_many(self._snapshot.by, len(self._placed.segments))
        self._tallies.append((wanted, self._counter(self._placed.network, wanted)))
        return self._tallies[-1][1]

    def _counts(self, frame: str) -> Integers:
        """Member × Count, by id; as integers that do not overflow when they are added."""
        return self._by_row(self._tallied(frame).counts).astype(np.int64)

    def _by_row(self, by_place: NDArray[np.integer[Any]]) -> NDArray[Any]:
        by_row = np.empty_like(by_place)
        by_row[self._placed.row_of] = by_place
        return by_row

    def _limits(self, by_tier: list[int | None]) -> tuple[NDArray[np.bool_], Integers]:
        """Whether each member's effective tier has a limit, and which; 0 where it has none."""
        own = self._placed.people.tier
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
