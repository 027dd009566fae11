"""What stands in the head of every answer, whoever gives it."""

from __future__ import annotations

# No page of another site may show an answer, run it, or take it for something else; and nobody keeps it.
EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
