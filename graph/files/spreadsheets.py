"""CSV that a spreadsheet opens without running anything that stands in it.

Source: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

# A cell that begins with one of these is run, or its first line is left out and the next one run.
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD = "'"


class Lines(io.StringIO):
    """Rows that end in a line feed, of a writer that ends them in both: then only does it quote carriage returns.

    Unquoted, what follows one is a row of its own to a spreadsheet, and may be run.
    """

    def write(self, row: str) -> int:
        """Takes one row."""
        return super().write(row.removesuffix("\r\n") + "\n")


def guarded(text: str) -> str:
    """The text of a cell, with a `'` before it where a spreadsheet would run it."""
    return _GUARD + text if text.startswith(RUN) else text


def unguarded(text: str) -> str | None:
    """The text that `guarded` would turn into this one; None where it turns none into it but itself."""
    bare = text.removeprefix(_GUARD)
    return bare if bare != text and bare.startswith(RUN) else None


def guarded_row(cells: Sequence[object]) -> str:
    """A line of CSV, its texts guarded."""
    lines = Lines(newline="")
    csv.writer(lines, lineterminator="\r\n").writerow(
        [guarded(cell) if isinstance(cell, str) else cell for cell in cells]
    )
    return lines.getvalue()
