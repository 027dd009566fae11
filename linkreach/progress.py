"""How far something is that takes long: what is done, how much of it, and of how much (None: nobody knows)."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]


def untold(_what: str, _done: int, _of: int | None) -> None:
    """Nobody listens."""
