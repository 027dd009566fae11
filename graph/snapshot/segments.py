"""Segments: the members who have one value in a column of theirs."""

from __future__ import annotations

from graph.errors import TooLarge

AT_MOST = 1_000


def refuse_many(by: str, segments: int) -> None:
    """Raises TooLarge where a column makes more segments than a matrix of them can show."""
    if segments > AT_MOST:
        raise TooLarge(f"{by!r} makes {segments:,} segments, above {AT_MOST:,}: choose a coarser column")
