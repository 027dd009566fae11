"""The connections of a snapshot by its rows, both ways round, with their strengths."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from graph.model import STRONGEST
from graph.snapshot.snapshot import Snapshot


class Ties(NamedTuple):
    """Member i's connections are `[starts[i]:starts[i + 1]]`, by row; nobody who is gone has any, or is one.

    `given`: the strength that a connection was given, 0 where none was.
    `known`: room for the strengths that are made of mutuals, 0 until somebody asks.
    """

    starts: NDArray[np.int64]
    others: NDArray[np.int32]
    given: NDArray[np.int8]
    known: NDArray[np.int8]


def ties_of(snapshot: Snapshot, gone: NDArray[np.bool_]) -> Ties:
    """The ties of a snapshot whose members of these rows are gone."""
    lists = snapshot.members["connected_to"].combine_chunks()
    size = len(lists)
    a = np.repeat(np.arange(size), np.diff(lists.offsets.to_numpy()))
    b = lists.values.to_numpy().astype(np.int64)
    strengths = snapshot.members["strength"].combine_chunks().values.to_numpy()
    kept = ~gone[a] & ~gone[b]
    a, b, strengths = a[kept], b[kept], strengths[kept]
    keys = np.concatenate([a * size + b, b * size + a])
    in_order = np.argsort(keys)
    keys = keys[in_order]
    return Ties(
        starts=np.concatenate([[0], np.cumsum(np.bincount(keys // max(size, 1), minlength=size))]),
        others=(keys % max(size, 1)).astype(np.int32),
        given=np.concatenate([strengths, strengths])[in_order],
        known=np.zeros(len(keys), np.int8),
    )


@njit(nogil=True, cache=True)
def mutuals(ties: Ties, a: int, b: int) -> int:
    """How many are connected to both."""
    one, one_end = ties.starts[a], ties.starts[a + 1]
    other, other_end = ties.starts[b], ties.starts[b + 1]
    both = 0
    while one < one_end and other < other_end:
        difference = ties.others[one] - ties.others[other]
        both += difference == 0
        one += difference <= 0
        other += difference >= 0
    return both


@njit(nogil=True, cache=True)
def strength(ties: Ties, a: int, at: int) -> int:
    """The strength of the tie of a member at this place of their list (docs/rules.md, section 9)."""
    if not ties.given[at] and not ties.known[at]:
        ties.known[at] = STRONGEST - STRONGEST // (2 + mutuals(ties, a, ties.others[at]))
    return int(ties.given[at] or ties.known[at])
