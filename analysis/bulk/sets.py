"""Whom senders reach, one by one, as tables: of a few senders, of a segment, or of everybody near them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, ONE, WORDS, empty_rows, ones
from analysis.bulk.channels import CHANNELS, between, fill_open
from analysis.bulk.kernel import (
    Workspace,
    clear,
    empty_batch,
    empty_workspace,
    exceptions_of,
    expand,
    masks_of,
    pull,
    share,
)
from analysis.bulk.network import Network, build_network
from analysis.bulk.rows import BATCH, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER, SELF, broadcast
from analysis.bulk.run import Progress
from analysis.bulk.traits import Trait
from graph.rules.vocabulary import MESSAGING_CHANNELS
from graph.snapshot.snapshot import Snapshot

SCHEMA = pa.schema(
    [("sender", pa.large_string()), ("recipient", pa.large_string()), ("degree", pa.int8()), ("channels", pa.string())]
)
SENDERS_AT_ONCE = 64
PAIRS_AT_ONCE = 1 << 26  # 18 bytes each, and twice that while the arrays grow
ROWS_AT_ONCE = 1 << 20  # their texts have to fit into 2 GiB
_FARTHEST = 4  # stands for no degree

_MEANINGS = [
    "" if not bits else ";".join(channel.name for place, channel in enumerate(MESSAGING_CHANNELS) if bits >> place & 1)
    for bits in range(32)
]


def reached(
    snapshot: Snapshot,
    senders: NDArray[np.int64],
    *,
    at: datetime,
    max_degree: int | None = None,
    progress: Progress = lambda *_: None,
) -> Iterator[pa.RecordBatch]:
    """Whom each of these senders reaches: `sender`, `recipient`, `degree` (1 to 3, or null), `channels` joined by `;`.

    `senders` are rows of the snapshot. Ordered by sender, then recipient, by code point; at most ROWS_AT_ONCE a batch.
    `max_degree` 1 to 3: nobody farther away, and nobody without a degree.
    `progress` is told how many senders are done, of how many.
    """
    at_places = build_network(snapshot, at)
    place_of = np.empty_like(at_places.row_of)
    place_of[at_places.row_of] = np.arange(len(place_of))
    ids = snapshot.members["id"].combine_chunks()
    meanings = pa.array(_MEANINGS)
    workspace = empty_workspace(at_places.network)
    at_once = SENDERS_AT_ONCE
    if max_degree not in (1, 2):  # then they may reach nearly everybody
        at_once = max(1, min(at_once, PAIRS_AT_ONCE // max(1, len(place_of))))
    for start in range(0, len(senders), at_once):
        some = np.sort(senders[start : start + at_once])
        number, place, degree, channels = _reached(
            at_places.network, place_of[some].astype(np.int32), max_degree or _FARTHEST, workspace
        )
        recipient = at_places.row_of[place]
        in_order = np.lexsort((recipient, number))
        for first in range(0, len(in_order), ROWS_AT_ONCE):
            rows = in_order[first : first + ROWS_AT_ONCE]
            degrees = pa.array(degree[rows], pa.int8(), mask=degree[rows] == _FARTHEST)
            yield pa.record_batch(
                [
                    ids.take(pa.array(some[number[rows]])),
                    ids.take(pa.array(recipient[rows])),
                    degrees,
                    meanings.take(pa.array(channels[rows])),
                ],
                schema=SCHEMA,
            )
        progress(start + len(some), len(senders))


@njit(nogil=True, cache=True)
def _reached(
    network: Network, senders: NDArray[np.int32], farthest: int, workspace: Workspace
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int8], NDArray[np.uint8]]:
    """Number of the sender, place of the recipient, degree and channels, a bit each, of every pair that is reached."""
    expand(network, senders, workspace)
    exceptions = exceptions_of(network, senders, workspace)
    masks = masks_of(network, senders)
    batch, opened = empty_batch(), empty_rows(CHANNELS)
    numbers, places = np.empty(1024, np.int64), np.empty(1024, np.int64)
    degrees, channels = np.empty(1024, np.int8), np.empty(1024, np.uint8)
    found = 0
    for start in range(0, len(network.traits), BATCH):
        stop = min(start + BATCH, len(network.traits))
        pull(network, start, stop, workspace, exceptions, batch)
        share(network, start, stop, workspace, batch)
        if found + (stop - start) * len(senders) > len(numbers):
            larger = 2 * len(numbers) + (stop - start) * len(senders)
            numbers, places = _grown(numbers, larger), _grown(places, larger)
            degrees, channels = _grown(degrees, larger), _grown(channels, larger)
        for member in range(start, stop):
            traits = network.traits[member]
            if broadcast(traits, Trait.GONE):
                continue
            row = member - start
            fill_open(
                between(batch, exceptions, row, BLOCKED_BY_MEMBER, BLOCKED_BY_TARGET, LIMITED_BY_MEMBER),
                masks,
                traits,
                opened,
            )
            for word in range(WORDS):
                level1, level2, level3 = batch.level1[row, word], batch.level2[row, word], batch.level3[row, word]
                left = NONE
                for channel in range(CHANNELS):
                    left |= opened[channel, word]
                left &= ~exceptions[batch.exceptions[row], SELF, word]
                if farthest <= 3:
                    left &= level3
                if farthest <= 2:
                    left &= level2
                if farthest <= 1:
                    left &= level1
                while left:
                    bit = left & (NONE - left)
                    left ^= bit
                    numbers[found] = 64 * word + np.int64(ones(bit - ONE))
                    places[found] = member
                    degrees[found] = 1 if level1 & bit else 2 if level2 & bit else 3 if level3 & bit else 4
                    channels[found] = 0
                    for channel in range(CHANNELS):
                        if opened[channel, word] & bit:
                            channels[found] |= np.uint8(1 << channel)
                    found += 1
    clear(network, senders, workspace)
    return numbers[:found], places[:found], degrees[:found], channels[:found]


@njit(nogil=True, cache=True)
def _grown(values: NDArray[Any], size: int) -> NDArray[Any]:
    larger = np.empty(size, values.dtype)
    larger[: len(values)] = values
    return larger
