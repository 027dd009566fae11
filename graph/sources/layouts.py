"""How the lines of an edge list are cut, which cells are the two members, and which lines say something else.

KONECT and Matrix Market say so in their first line:

- KONECT, `% sym unweighted`: two members, a weight, a time in seconds since 1970 (0: unknown). Networks of two kinds
  (`bip`), and those in which an edge may mean the contrary (signed, dynamic), are refused.
- Matrix Market, `%%MatrixMarket matrix coordinate …`: a line of sizes, then two members and a value; a value of 0 is no
  connection. Matrices that are not square, and arrays, are refused.

Sources: the handbook of KONECT, "File formats"; "The Matrix Market exchange formats" of NIST.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from graph.errors import ColumnsNotSaid, ForeignFile, InvalidInput
from graph.sources import separators
from graph.sources.chunks import Hints, Reject
from graph.sources.foreign import EDGE_LIST, refuse_contacts, refuse_foreign_rows
from graph.sources.headings import Heading, ends_in, heading, names_several
from graph.sources.names import NOBODY, TITLES_AT_MOST, TOTALS, above, refuse_neo4j_admin, stem
from graph.sources.parquet import ParquetFile
from graph.sources.separators import WHITE_SPACE, Separator, words
from graph.sources.text import LINES_TO_TELL_BY, TextFile
from graph.sources.workbook import Sheet

COMMENTS = ("#", "%")

_PAIR = {"a": 0, "b": 1}
_LIKELIEST = ("\t", "|", ";", ",", WHITE_SPACE)  # an id rather holds a comma or a space than a tab
_AROUND = " \r\n\v\f"
_SAYS_NOTHING = ("", "{}")
_NO_MEMBER = NOBODY | TOTALS
_KONECT = re.compile(r"%\s*(?P<kind>sym|asym|bip)\s+(?P<weights>\w+)\s*", re.IGNORECASE)
_KONECT_REFUSED = ("signed", "multisigned", "dynamic")
_KONECT_PLACES = ("a", "b", "weight", "since")
_MATRIX = re.compile(
    r"%%MatrixMarket\s+(?P<object>\w+)\s+(?P<form>\w+)\s+(?P<field>\w+)\s+(?P<symmetry>[\w-]+)\s*", re.I
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Rows = TextFile | ParquetFile | Sheet
Record = tuple[int, list[str] | None, str]


@dataclass(frozen=True)
class Layout:
    """How a file is read.

    `places`: the cell of each column of connections; `width`: how many cells a line has, at most and at least.
    `skipped`: lines that are no connections, by number. `is_said`: the file itself leaves no doubt what it is.
    `seconds`: times are seconds since 1970. `value`: the place of a value of which 0 means no connection.
    `drops`: cells at the end that say nothing are no cells. `heading`: what no other line is.
    """

    separator: str = WHITE_SPACE
    places: Mapping[str, int] = field(default_factory=lambda: _PAIR)
    width: tuple[int, int] = (2, 2)
    skipped: frozenset[int] = frozenset()
    is_said: bool = False
    seconds: bool = False
    value: int | None = None
    drops: bool = True
    heading: Sequence[str] | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of_pairs(cls, text: TextFile) -> Layout:
        """Of text that is pairs and nothing else."""
        return cls(_separator(_said_lines(text), 2))

    def refusal(self, cells: Sequence[str]) -> str | None:
        """Why these cells are no connection; None where they may be one."""
        least, most = self.width
        if not least <= len(cells) <= most:
            expected = "a connection has 2" if self.width == (2, 2) else f"the first lines have {most}"
            return f"{len(cells)} cells, where {expected}"
        if self.value is not None and len(cells) > self.value and _is_zero(cells[self.value]):
            return "a value of 0, which is no connection"
        if cells == self.heading:
            return "the heading once more"
        for end in () if _NO_MEMBER.isdisjoint(cells) else ("a", "b"):
            if (place := self.places[end]) < len(cells) and cells[place] in _NO_MEMBER:
                return f"{cells[place]} stands for nobody"
        return None

    def read(self, columns: dict[str, list[str]]) -> dict[str, list[str]]:
        """The columns of connections, with times as ISO 8601."""
        if not self.seconds or "since" not in columns:
            return columns
        return columns | {"since": [_instant(cell) for cell in columns["since"]]}


def records(
    rows: Rows,
    layout: Layout,
    comment: Callable[[list[str] | None], None] = lambda _: None,
    reject: Callable[[Reject], None] = lambda _: None,
) -> Iterator[Record]:
    """The lines that may be connections: number, cells (None where quotes do not match), and text.

    `comment` is told the cells of each comment line, `reject` each row that a file of tables sets aside.
    """
    if not isinstance(rows, TextFile):
        for block in rows.blocks():
            for row in block.rejects:
                reject(row)
            for place, cells in zip(block.lines, zip(*block.texts, strict=True), strict=True):
                yield place, list(cells), ",".join(cells)
        return
    skipped, separator, drops = layout.skipped, layout.separator, layout.drops
    with rows.open() as text:
        for number, line in enumerate(text, 1):
            bare = line.strip(_AROUND)
            if not bare or number in skipped:
                continue
            if bare.startswith(COMMENTS):
                comment(_cells(bare, separator, drops=drops))
            else:
                yield number, _cells(bare, separator, drops=drops), bare


def layout_of(where: str, rows: Rows, hints: Hints) -> Layout:
    """How a file is to be read; raises InvalidInput where it is no edge list, or does not say enough."""
    if not isinstance(rows, TextFile):
        return _of_table(where, rows, hints)
    first = rows.first_lines(1)
    if first and (konect := _KONECT.fullmatch(first[0])):
        return _konect(where, konect, rows, hints)
    if first and (matrix := _MATRIX.fullmatch(first[0])):
        return _matrix(where, matrix, rows)
    return _of_text(where, rows, hints)


def _of_text(where: str, text: TextFile, hints: Hints) -> Layout:
    lines = _said_lines(text)
    if not hints.columns:
        refuse_contacts(where, [line for _, line in lines])
    said = separators.said(text.first_lines(1))
    separator = said.character if said else _separator(lines, 2, hints.columns)
    skipped = {1} if said else set()
    drops = not hints.columns
    numbered = [(number, _cells(line, separator, drops=drops)) for number, line in lines if number not in skipped]
    rows = [(number, cells) for number, cells in numbered if cells]
    notes = [Separator(separator, said=said is not None).note]
    if not rows:
        return Layout(separator, skipped=frozenset(skipped), notes=tuple(notes))
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    if titles := _titles(rows, width, text.file.name):
        skipped.update(number for number, _ in titles)
        notes += above([cells for _, cells in titles])
        rows = rows[len(titles) :]
    number, first = rows[0]
    refuse_neo4j_admin(where, first, "a,b")
    if not hints.columns:
        pairs = sum(len(cells) == 2 for _, cells in rows)
        what = _heading(first, [cells for _, cells in rows[1:]], (0, 1), text.file.name)
        if what is Heading.PEOPLE:
            raise InvalidInput(_doubt(where, number, first, what))
        comments = sum(line.strip(_AROUND).startswith(COMMENTS) for line in text.first_lines())
        refuse_foreign_rows(where, [cells for _, cells in rows], text.line_count - comments)
        if width == 1 and 2 * pairs < len(rows):
            raise InvalidInput(f"{where} has one cell a line, and a connection has two")
        if names_several(first):
            raise ForeignFile(where, f"a list of several people a line ({', '.join(first)})", EDGE_LIST)
        if width > 2 and 2 * pairs < len(rows):
            raise _not_said(where, width, first, [cells for _, cells in rows[1:]], what)
        width = 2
    places = _places(where, hints, width)
    ends = places["a"], places["b"]
    what = _heading(first, [cells for _, cells in rows[1:]], ends, text.file.name)
    match what:
        case Heading.PEOPLE | Heading.DOUBTFUL:
            raise InvalidInput(_doubt(where, number, first, what))
        case Heading.KNOWN | Heading.OVER_NUMBERS:
            skipped.add(number)
            notes.append(f"line {number} is a heading ({', '.join(first)}), and no connection")
        case Heading.NONE if max(ends) < len(first) and not all(first[end].isdigit() for end in ends):
            notes.append(f"line {number} is a connection ({first[ends[0]]} – {first[ends[1]]})")
    is_said = what is Heading.KNOWN or bool(hints.columns)
    named = first if number in skipped else None
    notes += _unread(places, width)
    return Layout(
        separator, places, (width, width), frozenset(skipped), is_said, drops=drops, heading=named, notes=tuple(notes)
    )


def _of_table(where: str, table: ParquetFile | Sheet, hints: Hints) -> Layout:
    """Of a file that has names of columns: the two that are members are said, or are the only two."""
    names = table.header
    if not hints.columns:
        what = _heading(names, [], (0, 1), "connections")
        block = next(table.blocks())
        rows = [list(cells) for cells in islice(zip(*block.texts, strict=True), LINES_TO_TELL_BY)]
        refuse_foreign_rows(where, [[*names], *rows], 1 + len(block.lines))
        if what is Heading.PEOPLE:
            raise InvalidInput(_doubt(where, 1, names, what))
        if len(names) != 2 or what is not Heading.KNOWN:
            raise _not_said(where, len(names), names, [], what)
    places = _places(where, hints, len(names))
    notes = (f"columns {', '.join(names)}", *_unread(places, len(names)))
    return Layout(places=places, width=(len(names), len(names)), is_said=True, notes=notes)


def is_heading(names: Sequence[str]) -> bool:
    """Whether names of columns are those of an edge list."""
    if len(names) < 2:
        return False
    a, b = ends_in(names, [names])
    return heading(names, (names[a], names[b]), [], "connections") is Heading.KNOWN


def _places(where: str, hints: Hints, width: int) -> Mapping[str, int]:
    if not hints.columns:
        return _PAIR
    for name, number in hints.columns.items():
        if number > width:
            raise InvalidInput(f"{where} has {width} columns, so that {name} cannot be in column {number}")
    return {name: number - 1 for name, number in hints.columns.items()}


def _unread(places: Mapping[str, int], width: int) -> list[str]:
    others = [str(place + 1) for place in range(width) if place not in places.values()]
    match others:
        case []:
            return []
        case [other]:
            return [f"column {other} not read: nobody says what it holds"]
        case _:
            return [f"columns {', '.join(others)} not read: nobody says what they hold"]


def _said_lines(text: TextFile) -> list[tuple[int, str]]:
    """The first lines that are no comments, with their numbers."""
    lines = enumerate(text.first_lines(10 * LINES_TO_TELL_BY), 1)
    bare = [(number, line.strip(_AROUND)) for number, line in lines]
    return [(number, line) for number, line in bare if line and not line.startswith(COMMENTS)][:LINES_TO_TELL_BY]


def _separator(lines: Sequence[tuple[int, str]], wanted: int, columns: Mapping[str, int] | None = None) -> str:
    """What separates: the likeliest that cuts every line into as many cells, else the one that makes most pairs."""
    least = max((columns or {}).values(), default=wanted)

    def widths(separator: str) -> list[int]:
        bare = [_without_data(line)[0] for _, line in lines]
        cut = [_cells(line, separator, drops=not columns) for line in bare]
        return [len(cells) if cells else 0 for cells in cut]

    by = {separator: widths(separator) for separator in _LIKELIEST}
    for separator, counts in by.items():
        if counts and len({*counts}) == 1 and counts[0] >= least:
            return separator
    fits = {
        separator: max(Counter(n for n in counts if n >= least).values(), default=0) for separator, counts in by.items()
    }
    pairs = {separator: counts.count(wanted) for separator, counts in by.items()}
    merit = fits if columns or 2 * max(pairs.values()) < len(lines) else pairs
    return max(_LIKELIEST, key=lambda separator: merit[separator]) if any(merit.values()) else WHITE_SPACE


def _cells(line: str, separator: str, *, drops: bool) -> list[str] | None:
    """The cells of a line, without white space around them; None where quotes do not match.

    A dictionary of Python's at the end is one cell. With `drops`, cells at the end that say nothing are none.
    """
    data = ""
    if line[-1] == "}":
        line, data = _without_data(line)
    if separator == WHITE_SPACE:
        cells = words(line)
    elif '"' not in line:
        cells = [cell.strip() for cell in line.split(separator)]
    else:
        try:
            reader = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
            cells = [cell.strip() for cell in next(reader)]
        except csv.Error:
            return None
    if data:
        if cells and not cells[-1]:
            cells.pop()
        cells.append(data)
    while drops and len(cells) > 2 and cells[-1] in _SAYS_NOTHING:
        cells.pop()
    return cells


def _without_data(line: str) -> tuple[str, str]:
    """A line in two: what stands before a dictionary of Python's at its end, and that."""
    if line[-1:] != "}" or "{" not in line:
        return line, ""
    place = line.index("{")
    return line[:place].rstrip(), line[place:]


def _heading(first: Sequence[str], rest: Sequence[Sequence[str]], ends: tuple[int, int], file: str) -> Heading:
    if max(ends) >= len(first):
        return Heading.NONE
    a, b = ends
    others = [(cells[a], cells[b]) for cells in rest if max(ends) < len(cells) and cells != first]
    others = [pair for pair in others if _NO_MEMBER.isdisjoint(pair)]
    return heading(first, (first[a], first[b]), others, stem(file))


def _titles(rows: Sequence[tuple[int, list[str]]], width: int, file: str) -> Sequence[tuple[int, list[str]]]:
    """The lines above a heading that is known, which have fewer cells than it, or empty ones; none without one."""
    for place, (_, cells) in enumerate(rows[:TITLES_AT_MOST]):
        if len(cells) >= max(width, 2) and all(cells[:2]):
            rest = [cells for _, cells in rows[place + 1 :]]
            is_heading = place > 0 and _heading(cells, rest, ends_in(cells, rest or [cells]), file) is Heading.KNOWN
            return rows[:place] if is_heading else ()
    return ()


def _not_said(
    where: str, width: int, first: Sequence[str], others: Sequence[Sequence[str]], what: Heading
) -> ColumnsNotSaid:
    a, b = ends_in(first, others or [first])
    names = () if what is Heading.NONE and others else first
    return ColumnsNotSaid(where, width, names, (a + 1, b + 1))


def _doubt(where: str, line: int, first: Sequence[str], what: Heading) -> str:
    named = ",".join(first)
    if what is Heading.PEOPLE:
        return (
            f"{where} is a table of people ({named}), and no list of connections: save it as members.csv, in a folder"
        )
    return f"{where}, line {line} looks like names of columns ({named}): take it out, or make it Source,Target"


def is_konect(line: str) -> bool:
    """Whether a file of this first line is one of KONECT's."""
    return _KONECT.fullmatch(line) is not None


def _konect(where: str, said: re.Match[str], text: TextFile, hints: Hints) -> Layout:
    kind, weights = said["kind"].lower(), said["weights"].lower()
    if kind == "bip":
        raise ForeignFile(where, "a KONECT network of two kinds (bip)", "members are of one kind")
    if weights in _KONECT_REFUSED and not hints.columns:
        raise ForeignFile(where, f"a KONECT network of {weights} edges", "an edge of it need not be a connection")
    rows = [_cells(line, WHITE_SPACE, drops=False) or [] for _, line in _said_lines(text)]
    width = max((len(cells) for cells in rows), default=2)
    least = min((len(cells) for cells in rows), default=2)
    known = {name: place for place, name in enumerate(_KONECT_PLACES[:width]) if name != "weight"}
    places = _places(where, hints, width) if hints.columns else known
    notes = [f"KONECT, {kind} {weights}"]
    if kind == "asym":
        notes.append("directed: read as connections, whoever names whom")
    if width > 2 and 2 not in places.values():
        notes.append("column 3 not read: a weight")
    return Layout(
        places=places,
        width=(max(2, least), max(2, width)),
        is_said=True,
        seconds=True,
        notes=tuple(notes),
    )


def _matrix(where: str, said: re.Match[str], text: TextFile) -> Layout:
    object, form, field, symmetry = (said[name].lower() for name in ("object", "form", "field", "symmetry"))
    if (object, form) != ("matrix", "coordinate"):
        raise ForeignFile(where, f"Matrix Market ({object} {form})", "save it as a matrix in coordinate form")
    data = ((number, bare) for number, bare in text.bare_lines() if not bare.startswith(COMMENTS))
    number, sizes = next(data, (0, ""))
    cells = words(sizes)
    if len(cells) != 3 or not all(cell.isdigit() for cell in cells):
        raise InvalidInput(f"{where}: the line of sizes is missing, which Matrix Market has before the entries")
    if cells[0] != cells[1]:
        raise ForeignFile(where, f"a matrix of {cells[0]} × {cells[1]}", "members are of one kind")
    if (entries := sum(1 for _ in data)) != int(cells[2]):
        raise InvalidInput(f"{where} says that it has {cells[2]} entries, and has {entries}: is it whole?")
    width = {"pattern": 2, "complex": 4}.get(field, 3)
    notes = [f"Matrix Market, {field} {symmetry}: {cells[2]} entries"]
    if symmetry == "general":
        notes.append("directed: read as connections, whoever names whom")
    if width > 2:
        notes.append("values not read")
    return Layout(
        width=(width, width),
        skipped=frozenset({number}),
        is_said=True,
        value=2 if width > 2 else None,
        notes=tuple(notes),
    )


def _is_zero(cell: str) -> bool:
    try:
        return float(cell) == 0
    except ValueError:
        return False


def _instant(cell: str) -> str:
    """Seconds since 1970 as ISO 8601, 0 as no time; what is no such number stays, to be judged as it is."""
    try:
        seconds = float(cell)
        return (_EPOCH + timedelta(seconds=seconds)).isoformat() if seconds else ""
    except (ValueError, OverflowError):
        return cell
