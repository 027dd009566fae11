"""Whole columns of instants as text, as `graph.instants` writes one."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def instant_texts(instants: pa.Array) -> pa.StringArray:
    """Timestamps in microseconds of UTC as ISO 8601 with a `Z`, always with microseconds; null stays null."""
    texts = instants.cast(pa.timestamp("us")).cast(pa.string())
    return pc.binary_join_element_wise(pc.binary_replace_slice(texts, 10, 11, "T"), "Z", "")
