"""Two worlds as arrays over the same places, so that every pair is counted in both at once (docs/rules.md, section 8).

Members are matched by id. Whom a world lacks stands there all the same, without any ties, as absent.
An array that is the same in both is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.bulk.network import Integers, Network, Places, build_network, in_order_of, nearness
from analysis.bulk.traits import People, Trait
from graph.errors import TooManySegments
from graph.model import SEGMENTS_AT_MOST
from graph.snapshot.snapshot import Snapshot

_BEFORE, _AFTER = "before", "after"
_CONNECTIONS = ("starts", "neighbours")
_SHARED = ("group_starts", "groups", "counted_page_starts", "counted_pages")


@dataclass(frozen=True, slots=True)
class CountedWorld:
    """A world as it is counted: a snapshot with the pack that it is asked by, an instant, and a tier to ask as."""

    snapshot: Snapshot
    at: datetime
    as_tier: str | None = None


class TwoWorlds(NamedTuple):
    """Both networks, and what is not of one of them.

    `targets`: all places, in the order in which blocks take them: by segment. `segment`: a number per place.
    `same`: whether both have the same connections; whether those who share groups and pages that count are the same.
    """

    before: Network
    after: Network
    targets: NDArray[np.int32]
    segment: NDArray[np.int32]
    segments: NDArray[np.int64]  # how many there are
    same: NDArray[np.bool_]

    def save(self, folder: Path) -> None:
        """Writes an array a file; of those that both networks have, one."""
        for name in Network._fields:
            before, after = getattr(self.before, name), getattr(self.after, name)
            np.save(folder / f"{_BEFORE}-{name}.npy", before)
            if after is not before:
                np.save(folder / f"{_AFTER}-{name}.npy", after)
        for name in self._fields[2:]:
            np.save(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The arrays of a folder, mapped into memory, like `Network.open`."""
        files = {path.stem: np.load(path, mmap_mode="c") for path in folder.glob("*.npy")}
        before = Network(*(files[f"{_BEFORE}-{name}"] for name in Network._fields))
        after = Network(*(files.get(f"{_AFTER}-{name}", getattr(before, name)) for name in Network._fields))
        return cls(before, after, *(files[name] for name in cls._fields[2:]))


@dataclass(frozen=True, slots=True)
class PlacedWorlds:
    """Two worlds, with what leads back from them: everybody's `ids` in order, the place of each, names of segments."""

    worlds: TwoWorlds
    ids: pa.Array
    place_of: Integers
    segments: tuple[str, ...]


def build_two_worlds(
    before: CountedWorld, after: CountedWorld, *, by: str = "tier", is_free: bool = False
) -> PlacedWorlds:
    """The arrays of both worlds; segments are those of the column `by` of both snapshots, or effective tiers.

    `is_free`: only channels of kind message and request count.
    Raises TooManySegments.
    """
    ids, *rows = _everybody(before.snapshot, after.snapshot)
    keys = [
        _joined(len(ids), rows, of_each)
        for of_each in zip(nearness(before.snapshot.members), nearness(after.snapshot.members), strict=True)
    ]
    place_of = in_order_of(keys)
    one, other = (
        build_network(world.snapshot, world.at, as_tier=world.as_tier, places=Places(place_of[rows_of_world], len(ids)))
        for world, rows_of_world in zip((before, after), rows, strict=True)
    )
    earlier, later = (_free(each.network) if is_free else each.network for each in (one, other))
    later = _sharing(later, earlier)
    names, numbers = _segments([before.snapshot, after.snapshot], [one.people, other.people], rows, len(ids), by)
    if len(names) > SEGMENTS_AT_MOST:
        raise TooManySegments(by, len(names), SEGMENTS_AT_MOST)
    segment = np.empty(len(ids), np.int32)
    segment[place_of] = numbers
    worlds = TwoWorlds(
        earlier,
        later,
        targets=np.argsort(segment, kind="stable").astype(np.int32),
        segment=segment,
        segments=np.array([len(names)]),
        same=np.array([_are_one(earlier, later, names) for names in (_CONNECTIONS, _SHARED)]),
    )
    return PlacedWorlds(worlds, ids, place_of, names)


def _everybody(before: Snapshot, after: Snapshot) -> tuple[pa.Array, Integers, Integers]:
    """The ids of the members of either, in order, and the place among them of each row of one and of the other."""
    one, other = (each.members["id"].combine_chunks() for each in (before, after))
    if one.equals(other):
        everybody = np.arange(len(one))
        return one, everybody, everybody
    ids = pc.unique(pa.concat_arrays([one, other]))
    ids = ids.take(pc.sort_indices(ids))
    return ids, *(pc.index_in(each, value_set=ids).to_numpy().astype(np.int64) for each in (one, other))


def _joined(size: int, rows: Sequence[Integers], of_each: Sequence[Integers]) -> Integers:
    """What is said of the members of two worlds: where both say something, what the first says."""
    joined = np.empty(size, of_each[0].dtype)
    for rows_of_world, values in zip(reversed(rows), reversed(of_each), strict=True):
        joined[rows_of_world] = values
    return joined


def _free(network: Network) -> Network:
    """The network where nobody may use a channel that is paid for."""
    return network._replace(traits=network.traits & ~np.uint64(1 << Trait.MAY_INMAIL))


def _sharing(network: Network, other: Network) -> Network:
    """The network with the arrays of the other that are the same."""
    of_both: Iterator[tuple[NDArray[Any], NDArray[Any]]] = zip(network, other, strict=True)
    return Network(*(theirs if np.array_equal(own, theirs) else own for own, theirs in of_both))


def _are_one(network: Network, other: Network, names: Sequence[str]) -> bool:
    return all(getattr(network, name) is getattr(other, name) for name in names)


def _segments(
    snapshots: Sequence[Snapshot], people: Sequence[People], rows: Sequence[Integers], size: int, by: str
) -> tuple[tuple[str, ...], Integers]:
    """The names of the segments that somebody is in, by code point, and each member's, as a number."""
    named: list[str] = []
    numbers: list[Integers] = []
    for snapshot, of_world in zip(snapshots, people, strict=True):
        if by == "tier":
            names, number = snapshot.pack.tiers, of_world.tier
        else:
            column = snapshot.members["segment"].combine_chunks()
            names, number = tuple(column.dictionary.to_pylist()), column.indices.to_numpy()
        numbers.append(number + len(named))
        named += names
    joined = _joined(size, rows, numbers)
    held = sorted({named[number] for number in np.unique(joined)})
    place = {name: number for number, name in enumerate(held)}
    again = np.array([place.get(name, 0) for name in named], np.int64)
    return tuple(held), again[joined]
