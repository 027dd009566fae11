"""Instants as text: ISO 8601 in, UTC to the microsecond inside, `Z` out (docs/rules.md, section 1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ISO_8601 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)


def read_instant(text: str) -> datetime:
    """The instant in UTC; a date is its midnight, a time without an offset is UTC. Raises ValueError."""
    if not _ISO_8601.fullmatch(text):
        raise ValueError("not a time")
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("not a time") from error


def instant_text(instant: datetime) -> str:
    """The instant as ISO 8601 with a `Z`, with microseconds only where there are some."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
