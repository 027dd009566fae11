"""Sets of recipients as whole numbers: bit r says whether the recipient at place r is in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def as_set(flags: NDArray[np.bool_]) -> int:
    """The set of those whose flag is up."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def places(members: int) -> Iterator[int]:
    """The places of those who are in, from the first."""
    while members:
        last = members & -members
        yield last.bit_length() - 1
        members ^= last
