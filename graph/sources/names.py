"""Names of files and columns, compared as people write them: without case, spaces, hyphens and underscores.

What fits is taken, and what nearly fits is refused, so that no slip of the pen is dropped without a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graph.errors import ForeignFile, InvalidInput, NearlyFits
from graph.model import Table

_SEPARATES = re.compile(r"[\s_\-\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}]+")
_NEO4J_ADMIN = re.compile(r"[^:]*:(ID|START_ID|END_ID|TYPE|LABEL)(\([^)]*\))?(\{.*\})?")

# What a file is called besides its table; the inner one first.
_ENDINGS = re.compile(
    r"(\.(csv|tsv|tab|psv|txt|parquet|pq|xlsx|xlsm|xlsb|ods))?(\.(gz|gzip|bz2|xz|zip))?$", re.IGNORECASE
)

# How programs write that there is nobody, and what begins a row of totals.
NOBODY = frozenset(("NULL", "null", "(null)", "N/A", "n/a", "#N/A", "NA", "<NA>", "NaN", "nan", "None", r"\N"))
TOTALS = frozenset(
    ("Total", "TOTAL", "total", "Totals", "Grand Total", "Summe", "Gesamt", "Gesamtergebnis", "Total général", "Totale")
)
TITLES_AT_MOST = 10  # lines above a heading


def folded(name: str) -> str:
    """A name as it is compared."""
    return _SEPARATES.sub("", unicodedata.normalize("NFC", name)).casefold()


def stem(file: str) -> str:
    """The name of a file without its folder, and without the endings that tables and compressed files have."""
    return _ENDINGS.sub("", file.rpartition("/")[2])


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one nearly is: a slip of the pen away, or a singular; None where it is none.

    Names of up to three letters are near to nothing.
    """
    from rapidfuzz.distance import OSA

    asked = folded(name)
    best: tuple[int, str] | None = None
    for each in known:
        wanted = folded(each)
        if min(len(wanted), len(asked)) <= 3 or wanted == asked:
            continue
        slips = 0 if _singular(asked) == _singular(wanted) else OSA.distance(asked, wanted)
        if slips <= (1 if len(wanted) < 8 else 2) and (best is None or slips < best[0]):
            best = slips, each
    return best and best[1]


def _singular(name: str) -> str:
    return name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file: where those of its table stand, by their names there, and what else there is.

    `own` are kept as they are called, in `places` too; `unread` are not kept.
    """

    places: Mapping[str, int]
    own: tuple[str, ...]
    unread: tuple[str, ...]


def matched(where: str, names: Sequence[str], table: Table) -> Columns:
    """The columns of a table in the first line of a file; `where` is what errors call that file.

    Raises NearlyFits where a column is a slip of the pen away from one that is not there, and InvalidInput where a
    name is empty, repeated or holds a NUL character, or a column is missing.
    """
    checked_names(where, names)
    known = {folded(column.name): column.name for column in table.columns}
    places: dict[str, int] = {}
    others: dict[str, int] = {}
    for place, name in enumerate(names):
        fits = known.get(folded(name))
        if fits is None:
            others[name] = place
        elif fits in places:
            raise InvalidInput(f"{where}: {names[places[fits]]!r} and {name!r} are both the column {fits!r}, keep one")
        else:
            places[fits] = place
    missing = [name for name in table.required if name not in places]
    if missing:
        refuse_neo4j_admin(where, names, ",".join(table.required))
    absent = [column.name for column in table.columns if column.name not in places]
    for name in others:
        if meant := nearest(name, absent):
            raise NearlyFits(where, "the column", name, meant)
    if missing:
        raise InvalidInput(f"{where} has no column {missing[0]!r}: {table.name} need it, and it has {_listed(names)}")
    if not table.keeps_other_columns:
        return Columns(places, (), tuple(others))
    return Columns(places | others, tuple(others), ())


def refuse_neo4j_admin(where: str, names: Sequence[str], instead: str) -> None:
    """Raises ForeignFile where names of columns are those of a heading for `neo4j-admin database import`."""
    if any(_NEO4J_ADMIN.fullmatch(name) for name in names):
        heading = ", ".join(names)
        raise ForeignFile(where, f"a file for neo4j-admin ({heading})", f"name its columns {instead}, and so on")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"


def checked_names(where: str, names: Sequence[str]) -> None:
    """Raises InvalidInput where the name of a column is empty, repeated or holds a NUL character."""
    for place, name in enumerate(names, 1):
        if not name or "\0" in name:
            raise InvalidInput(f"{where}: column {place} has no usable name, give it one in the first line")
    if repeated := sorted(name for name, times in Counter(names).items() if times > 1):
        raise InvalidInput(f"{where}: the column {repeated[0]!r} stands there more than once, keep one")


def above(titles: Sequence[Sequence[str]]) -> list[str]:
    """A note of the lines above a heading, where there are any."""
    said = "; ".join(text for row in titles if (text := " ".join(filter(None, row)).strip()))
    return [f"what stands above the heading is not read ({said})"] if titles else []


def are_titles(rows: Sequence[Sequence[str]], header: Sequence[str]) -> bool:
    """Whether the rows above what may be a header are titles of it: each fills fewer cells."""
    return all(sum(map(bool, row)) < sum(map(bool, header)) for row in rows)
