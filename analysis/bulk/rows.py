"""The rows of some members for one block of targets, which everything is counted from.

Bit b of a member's row says something of the member and target b of the block.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

from analysis.bulk.bits import NONE, ONE, Row, row_at, row_of
from analysis.bulk.traits import Trait

Rows = NDArray[np.uint64]

# One side of the pairs of a row: a member, by their traits or by a word of ones or zeros for each feature, or the
# targets, by their masks.
Side = Any

# So many members' rows are made at a time: they stay in the cache until they are counted.
BATCH = 64

# A mask is a row that says of each target whether they have a trait; one more, whether there is such a target.
EVERYBODY = len(Trait)

# The rows of exceptions.
SELF, BLOCKED_BY_TARGET, BLOCKED_BY_MEMBER, LIMITED_BY_TARGET, LIMITED_BY_MEMBER = range(5)


class Batch(NamedTuple):
    """The rows of up to BATCH members that follow each other."""

    level1: Rows
    level2: Rows
    level3: Rows  # targets at degree 1 to 3
    group: Rows
    page: Rows
    exceptions: NDArray[np.int32]  # the row of exceptions of each member


@njit(nogil=True, cache=True)
def broadcast(traits: np.uint64, trait: int) -> np.uint64:
    """A word of ones where a member has a trait, else of zeros."""
    return NONE - ((traits >> np.uint64(trait)) & ONE)


def has(_side: Side, _trait: int) -> Row:
    """The pairs that have somebody with a trait on this side."""
    raise NotImplementedError("there are rows in compiled code alone")


@overload(has)
def _overload_has(_side: Side, _trait: int) -> Any:
    def in_mask(_side: Side, _trait: int) -> Row:
        return row_at(_side, np.int64(_trait))

    def in_features(_side: Side, _trait: int) -> Row:
        return row_of(_side[_trait])

    def in_traits(_side: Side, _trait: int) -> Row:
        return row_of(broadcast(_side, _trait))

    if isinstance(_side, types.Array):
        return in_mask if _side.ndim == 2 else in_features
    return in_traits
