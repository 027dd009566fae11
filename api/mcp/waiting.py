"""An assistant that waits for a call hears how far it is, and can cancel it."""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any

from anyio import from_thread
from mcp.server.context import ServerRequestContext

_EVERY = 1.0  # seconds; calls tell how far they are many times a second


class Waiting:
    """Somebody who waits for one call: it began now."""

    def __init__(self, context: ServerRequestContext[Any, Any]) -> None:
        self._context = context
        self._began, self._told = time.monotonic(), 0.0

    def tell(self, what: str) -> None:
        """What is being done, after how many seconds: these grow, as the protocol wants, and what is done does not."""
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            from_thread.run(self._context.session.report_progress, now - self._began, None, what)


waiting: ContextVar[Waiting] = ContextVar("waiting")


def progress(what: str, done: int, of: int | None) -> None:
    """Tells who waits for this thread's call how far it is, and raises its cancellation."""
    from_thread.check_cancelled()
    if who := waiting.get(None):
        who.tell(f"{what}: {done:,} of {of:,}" if of else what)
