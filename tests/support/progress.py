"""Progress of commands and servers that nobody listens to."""

from __future__ import annotations


def quiet(line: str) -> None:
    """Hears progress and says nothing."""
