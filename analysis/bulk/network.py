"""What the kernel reads: a snapshot at an instant, as arrays in an order in which members who know each other are near.

Members stand at places; `PlacedNetwork` leads from a snapshot's rows to places and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.bulk.features import FEATURE_WORDS, features
from analysis.bulk.lists import Pairs, lists_of, pairs_of
from analysis.bulk.traits import People, Trait
from graph.model import SEGMENTS_AT_MOST
from graph.rules.loaded_pack import LoadedPack
from graph.rules.vocabulary import MESSAGING_CHANNELS
from graph.snapshot.snapshot import Snapshot

Integers = NDArray[np.int64]

# How one of a pair stands to the other: bits of `exception_kinds`.
HAS_BLOCKED, IS_BLOCKED_BY, LIMITS, IS_LIMITED_BY = 1, 2, 4, 8


class Network(NamedTuple):
    """Arrays over places: lists of one kind behind each other, where place i's is `[starts[i]:starts[i + 1]]`.

    `neighbours`: connections in both directions, of members who are not gone.
    `groups`, `pages`, `counted_pages`: with messaging; tied to; those that count for `company_page`. None of the gone.
    `exceptions`: members who have blocked or limited one another, and `exception_kinds` how.
    `traits`, `features`: a `Trait` a bit, a `Feature`. `segment`: a number per member.
    `messaging`: whether the pack has each channel of MESSAGING_CHANNELS.
    """

    starts: NDArray[np.int64]
    neighbours: NDArray[np.uint32]
    group_starts: NDArray[np.int64]
    groups: NDArray[np.uint32]
    page_starts: NDArray[np.int64]
    pages: NDArray[np.uint32]
    counted_page_starts: NDArray[np.int64]
    counted_pages: NDArray[np.uint32]
    exception_starts: NDArray[np.int64]
    exceptions: NDArray[np.uint32]
    exception_kinds: NDArray[np.uint8]
    traits: NDArray[np.uint64]
    features: NDArray[np.uint64]  # place × FEATURE_WORDS; no row where all is known of everybody
    always_in_audience: NDArray[np.bool_]  # whether connections are in everybody's audience
    segment: NDArray[np.int32]
    targets: NDArray[np.int32]  # all places, or some of them, in the order in which blocks take them
    heard_as: NDArray[np.bool_]  # place × tier: whom the platform lets write to others as if on it
    on_tier: NDArray[np.bool_]  # place × tier: who is on it; of both no row where targets are not counted one by one
    direct_degrees: NDArray[np.int64]  # tier: how far `direct` reaches; 0 where it is not granted
    messaging: NDArray[np.bool_]
    farthest: NDArray[np.uint64]  # bit d - 1: some tier that grants `direct` reaches degree d
    sizes: NDArray[np.int64]  # groups, pages, segments, where there are not too many to be counted

    def save(self, folder: Path) -> None:
        """Writes an array a file."""
        for name, array in self._asdict().items():
            np.save(folder / f"{name}.npy", array)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The arrays of a folder, mapped into memory: processes of one machine share them.

        Nobody writes to them; they only have the type of arrays that could be written to, so that the kernel need not
        be compiled for another.
        """
        return cls(*(np.load(folder / f"{name}.npy", mmap_mode="c") for name in cls._fields))


@dataclass(frozen=True, slots=True)
class Places:
    """The place of each row of a snapshot among `size` places; at the others is nobody of that snapshot."""

    of_row: Integers
    size: int


@dataclass(frozen=True, slots=True)
class PlacedNetwork:
    """A network, with what leads back from it: `row_of[place]`, the names of segments, and the people.

    `row_of` is -1 where nobody is.
    """

    network: Network
    row_of: Integers
    segments: tuple[str, ...]
    people: People


def build_network(
    snapshot: Snapshot, at: datetime, *, as_tier: str | None = None, places: Places | None = None
) -> PlacedNetwork:
    """The network of a snapshot at an instant, with everybody's messages sent as if on a tier, if one is asked as."""
    people = People(snapshot, at, as_tier=as_tier)
    members = snapshot.members.combine_chunks()
    places = places or _near_to_each_other(members)
    place_of, size = places.of_row.astype(np.int32), places.size
    present = ~people.gone

    a, b = pairs_of(members["connected_to"])
    kept = present[a] & present[b]
    a, b = place_of[a[kept]], place_of[b[kept]]
    starts, neighbours = lists_of(size, (a, b), (b, a))
    del a, b, kept

    messaging = snapshot.groups["messaging"].to_numpy()
    member, group = pairs_of(members["groups"])
    kept = present[member] & messaging[group]
    group_starts, groups = lists_of(size, (place_of[member[kept]], group[kept]))

    worker, workplace = _workplaces(members, at)
    follower, followed = pairs_of(members["follows"])
    at_work = place_of[worker[present[worker]]], workplace[present[worker]]
    page_starts, pages = lists_of(size, at_work, (place_of[follower[present[follower]]], followed[present[follower]]))
    counted = (page_starts, pages) if snapshot.pack.page_ties != "works_at" else lists_of(size, at_work)

    exception_starts, exceptions, kinds = _exceptions(members, place_of, size)
    names, segment = _segments(snapshot, people)
    segment = _at_places(segment, places)
    network = Network(
        starts=starts,
        neighbours=neighbours,
        group_starts=group_starts,
        groups=groups,
        page_starts=page_starts,
        pages=pages,
        counted_page_starts=counted[0],
        counted_pages=counted[1],
        exception_starts=exception_starts,
        exceptions=exceptions,
        exception_kinds=kinds,
        traits=_at_places(people.traits(), places, nobody=1 << Trait.GONE | 1 << Trait.ABSENT),
        features=_features(people, starts, neighbours, places, group_starts, counted[0]),
        always_in_audience=np.array([snapshot.pack.connections_always_in_audience]),
        segment=segment,
        targets=np.argsort(segment, kind="stable").astype(np.int32),
        heard_as=np.zeros((0, len(snapshot.pack.tiers)), np.bool_),
        on_tier=np.zeros((0, len(snapshot.pack.tiers)), np.bool_),
        direct_degrees=np.array(
            [tier.direct_degree if "direct" in tier.grants else 0 for tier in snapshot.pack.tier_rules], np.int64
        ),
        messaging=np.array([channel.name in snapshot.pack.channels for channel in MESSAGING_CHANNELS]),
        farthest=_farthest(snapshot.pack),
        sizes=np.array(
            [snapshot.groups.num_rows, snapshot.pages.num_rows, len(names) if len(names) <= SEGMENTS_AT_MOST else 0]
        ),
    )
    return PlacedNetwork(network, _at_places(np.arange(people.size), places, nobody=-1), names, people)


def nearness(members: pa.Table) -> list[Integers]:
    """Keys by which rows are near to colleagues, the last one first: many of those are connected."""
    keys = [np.arange(members.num_rows)]
    for name in ("groups", "works_at"):
        lists = members[name].combine_chunks()
        starts, ends = lists.offsets.to_numpy()[:-1], lists.offsets.to_numpy()[1:]
        values = np.append(lists.values.to_numpy(), 0)
        keys.append(np.where(ends > starts, values[starts], np.iinfo(np.int32).max))
    return keys


def in_order_of(keys: Sequence[Integers]) -> Integers:
    """The place of each row in the order of such keys."""
    row_of = np.lexsort(keys)
    place_of = np.empty_like(row_of)
    place_of[row_of] = np.arange(len(row_of))
    return place_of


def _near_to_each_other(members: pa.Table) -> Places:
    return Places(in_order_of(nearness(members)), members.num_rows)


def _at_places(of_rows: NDArray[Any], places: Places, nobody: int = 0) -> NDArray[Any]:
    """What is said of each row, by place."""
    by_place = np.full((places.size, *of_rows.shape[1:]), nobody, of_rows.dtype)
    by_place[places.of_row] = of_rows
    return by_place


def _workplaces(members: pa.Table, at: datetime) -> Pairs:
    """Who works at which page at the instant."""
    worker, workplace = pairs_of(members["works_at"])
    until = members["works_until"].combine_chunks().values
    current = pc.fill_null(pc.greater(until, pa.scalar(at, until.type)), True).to_numpy(zero_copy_only=False)
    return worker[current], workplace[current]


def _exceptions(
    members: pa.Table, place_of: NDArray[np.int32], size: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint8]]:
    """Lists of those with whom blocks and limits make a difference, and which."""
    keys, kinds = [], []
    for name, one, other in (("blocked", HAS_BLOCKED, IS_BLOCKED_BY), ("limited", LIMITS, IS_LIMITED_BY)):
        a, b = (place_of[rows].astype(np.int64) for rows in pairs_of(members[name]))
        keys += [a * size + b, b * size + a]
        kinds += [np.full(len(a), one, np.uint8), np.full(len(a), other, np.uint8)]
    pairs, which = np.unique(np.concatenate(keys), return_inverse=True)
    joined = np.zeros(len(pairs), np.uint8)
    np.bitwise_or.at(joined, which, np.concatenate(kinds))
    starts = np.concatenate([[0], np.cumsum(np.bincount(pairs // max(size, 1), minlength=size))])
    return starts, (pairs % max(size, 1)).astype(np.uint32), joined


def _features(
    people: People,
    starts: NDArray[np.int64],
    neighbours: NDArray[np.uint32],
    places: Places,
    group_starts: NDArray[np.int64],
    page_starts: NDArray[np.int64],
) -> NDArray[np.uint64]:
    """The features of everybody, by place; no row where all is known of everybody."""
    if not people.assume_something:
        return np.zeros((0, FEATURE_WORDS), np.uint64)
    sources = _at_places(people.assumes("connections") & ~people.gone, places)
    steps = _steps_from(sources, starts, neighbours)[places.of_row]
    in_group, at_page = (np.diff(each)[places.of_row] > 0 for each in (group_starts, page_starts))
    return _at_places(features(people, steps=steps, in_group=in_group, at_page=at_page), places)


def _steps_from(sources: NDArray[np.bool_], starts: NDArray[np.int64], neighbours: NDArray[np.uint32]) -> Integers:
    """How many connections lie between each place and the nearest source; 3 for farther."""
    steps = np.where(sources, 0, 3)
    from_place = np.repeat(np.arange(len(sources)), np.diff(starts))
    for step in (1, 2):
        reached = neighbours[: len(from_place)][steps[from_place] == step - 1]
        steps[reached] = np.minimum(steps[reached], step)
    return steps


def _farthest(pack: LoadedPack) -> NDArray[np.uint64]:
    farthest = max((tier.direct_degree for tier in pack.tier_rules if "direct" in tier.grants), default=0)
    return np.array([(1 << farthest) - 1], np.uint64)


def _segments(snapshot: Snapshot, people: People) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The names of the segments of members who are not gone, by code point, and each member's; tiers are effective."""
    names: Sequence[str]
    if snapshot.by == "tier":
        names, numbers = snapshot.pack.tiers, people.tier
    else:
        column = snapshot.members["segment"].combine_chunks()
        names, numbers = column.dictionary.to_pylist(), column.indices.to_numpy()
    held = np.unique(numbers[~people.gone])
    in_order = sorted(held.tolist(), key=lambda number: names[number])
    again = np.zeros(len(names), np.int32)
    again[in_order] = np.arange(len(in_order))
    return tuple(names[number] for number in in_order), again[numbers]
