"""The facts that plans are made of: who is who, and what of every pair, read from a snapshot at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.bulk.network import build_network
from analysis.bulk.pairs import NO_DEGREE, Pairs, pairs
from analysis.bulk.traits import Trait
from graph.rules.loaded_pack import LoadedPack
from graph.snapshot.snapshot import Snapshot

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Degrees = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Sender:
    """A sender as the graph has them: `tier` is the effective one, by its place in the pack."""

    id: str
    tier: int
    stored_tier: str
    tier_expires_at: datetime | None
    inmail_credits: int
    messages_sent: int
    inmails_sent: int
    gone: bool
    restricted: bool
    temporarily_limited: bool
    groups: frozenset[int]
    pages: frozenset[int]

    @property
    def heard(self) -> bool:
        """Whether no gate of the sender's own denies messages."""
        return not (self.gone or self.restricted or self.temporarily_limited)


@dataclass(frozen=True, slots=True)
class Recipients:
    """What the recipients' own settings say, a value each; `ids` in the order asked."""

    ids: tuple[str, ...]
    gone: Flags
    public: Flags  # visibility
    in_network: Flags  # or network
    not_private: Flags
    anyone: Flags  # accepts_from is that
    shared: Flags  # or shared_connections
    connections: Flags  # or connections
    open_profile: Flags
    takes_inmail: Flags

    def visible(self, degree: Degrees) -> Flags:
        """Whose profile a sender sees who is at these degrees."""
        who: Flags = (degree == 1) | self.public | (self.in_network & (degree < NO_DEGREE))
        return who

    def approachable(self, degree: Degrees) -> Flags:
        """To whom a sender at these degrees can come through a group or a page."""
        who: Flags = (degree == 1) | self.in_network
        return who

    def in_audience(self, degree: Degrees) -> Flags:
        """Who takes messages from a sender at these degrees."""
        who: Flags = self.anyone | (self.shared & (degree <= 2)) | (self.connections & (degree == 1))
        return who


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about the senders, the recipients and their pairs.

    `in_group`, `at_page`: of each group with messaging, and each page, that recipients are tied to, which ones: sets,
    as `analysis.plans.sets` has them. Groups and pages are rows of the snapshot; `group_ids`, `page_ids` name them.
    """

    pack: LoadedPack
    version: int
    senders: tuple[Sender, ...]
    recipients: Recipients
    pairs: Pairs
    in_group: dict[int, int]
    at_page: dict[int, int]
    group_ids: dict[int, str]
    page_ids: dict[int, str]


def facts(snapshot: Snapshot, at: datetime, senders: Sequence[str], recipients: Sequence[str]) -> Facts:
    """The facts about members of a snapshot at an instant; raises UnknownMember where one of them is not in it."""
    placed = build_network(snapshot, at)
    place_of = np.empty_like(placed.row_of)
    place_of[placed.row_of] = np.arange(len(place_of))
    from_row, to_row = snapshot.rows_of(senders), snapshot.rows_of(recipients)
    network, people, who = placed.network, placed.people, placed.people.who
    of_pairs = pairs(network, place_of[from_row], place_of[to_row])
    stored = snapshot.members.select(["tier", "tier_expires_at"]).take(pa.array(from_row)).to_pylist()
    group_lists = [_list(network.group_starts, network.groups, place_of[row]) for row in to_row]
    page_lists = [_list(network.page_starts, network.pages, place_of[row]) for row in to_row]
    in_group, at_page = _holders(group_lists), _holders(page_lists)
    return Facts(
        pack=snapshot.pack,
        version=snapshot.version,
        senders=tuple(
            Sender(
                id=id,
                tier=int(people.tier[row]),
                stored_tier=own["tier"],
                tier_expires_at=own["tier_expires_at"],
                inmail_credits=int(people.inmail_credits[row]),
                messages_sent=int(people.messages_sent[row]),
                inmails_sent=int(people.inmails_sent[row]),
                gone=bool(people.gone[row]),
                restricted=bool(people.restricted[row]),
                temporarily_limited=bool(people.temporarily_limited[row]),
                groups=frozenset(_list(network.group_starts, network.groups, place_of[row])),
                pages=frozenset(_list(network.page_starts, network.pages, place_of[row])),
            )
            for id, row, own in zip(senders, from_row, stored, strict=True)
        ),
        recipients=Recipients(
            ids=tuple(recipients),
            gone=who[Trait.GONE][to_row],
            public=who[Trait.PUBLIC][to_row],
            in_network=who[Trait.NETWORK][to_row],
            not_private=who[Trait.NOT_PRIVATE][to_row],
            anyone=who[Trait.ANYONE][to_row],
            shared=who[Trait.SHARED][to_row],
            connections=who[Trait.CONNECTIONS][to_row],
            open_profile=who[Trait.PROFILE][to_row],
            takes_inmail=who[Trait.TAKES_INMAIL][to_row],
        ),
        pairs=of_pairs,
        in_group=in_group,
        at_page=at_page,
        group_ids={group: snapshot.groups["id"][group].as_py() for group in in_group},
        page_ids={page: snapshot.pages["id"][page].as_py() for page in at_page},
    )


def _list(starts: NDArray[np.int64], values: NDArray[np.uint32], place: int) -> list[int]:
    listed: list[int] = values[starts[place] : starts[place + 1]].tolist()
    return listed


def _holders(lists: Sequence[Sequence[int]]) -> dict[int, int]:
    """From a list of each recipient to the recipients who have each value in theirs, by value."""
    holders: dict[int, int] = {}
    for column, values in enumerate(lists):
        for value in values:
            holders[value] = holders.get(value, 0) | 1 << column
    return dict(sorted(holders.items()))
