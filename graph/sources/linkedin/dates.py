"""Dates as LinkedIn has written them over the years, as ISO 8601.

`05 Sep 2026`, `7-Feb-22`, `Jan 2015`, `2015`, `Wed Jun 24 12:43:42 UTC 2026`, `9/5/26, 1:12 AM` (month first),
`2026-08-31 21:20:46 UTC`, and ISO 8601 itself. Names of months are English; what has no offset is UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from graph.instants import instant_text, read_instant

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = r"(?P<name>[a-z]{3,9})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2}))?"
_FORMS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"(?P<day>\d{{1,2}})[ -]{_MONTH}[ -](?P<year>\d{{4}}|\d{{2}})",
        rf"{_MONTH}[ -](?P<year>\d{{4}})",
        r"(?P<year>\d{4})",
        rf"[a-z]{{3}} {_MONTH} (?P<day>\d{{1,2}}) {_TIME} (UTC|GMT) (?P<year>\d{{4}})",
        rf"(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>\d{{4}}|\d{{2}})(, {_TIME} (?P<half>[AP])M)?",
        rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}}) {_TIME} UTC",
    )
]


def iso_date(text: str) -> str | None:
    """The instant as ISO 8601: of a month its first day, of a year its first of January; None where it is no date."""
    text = " ".join(text.split())
    try:
        for form in _FORMS:
            if match := form.fullmatch(text):
                return instant_text(_instant(match.groupdict()))
        return instant_text(read_instant(text))
    except ValueError:
        return None


def _instant(parts: dict[str, str | None]) -> datetime:
    name, half = parts.get("name"), parts.get("half")
    month = _month(name) if name else int(parts.get("month") or 1)
    hour, minute, second = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("an hour of half a day is one of 1 to 12")
        hour = hour % 12 + (12 if half.upper() == "P" else 0)
    return datetime(_year(parts["year"] or ""), month, int(parts.get("day") or 1), hour, minute, second, tzinfo=UTC)


def _month(name: str) -> int:
    for number, whole in enumerate(_MONTHS, 1):
        if whole.startswith(name.lower()):
            return number
    raise ValueError(f"{name!r} is no month")


def _year(digits: str) -> int:
    """Two digits are of 1969 to 2068, as POSIX has it."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)
