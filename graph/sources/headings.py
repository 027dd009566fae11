"""What the first line of an edge list says: two members like any other line, or the names of its columns.

Never is a heading two members who are connected, and never is a table of people a list of connections.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum

from graph.sources.names import folded


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ROLES = _each(
    "source target src dst dest destination origin from to start end head tail left right follower followee followed "
    "following friend friends sender recipient receiver inviter invitee citing cited caller callee knows other partner "
    "predecessor successor parent child connection contact colleague coworker peer "
    "von nach quelle ziel absender empfanger origine destination cible origen destino expediteur destinataire"
)
_WHO = _each(
    "node nodes vertex vertices id ids identifier user users person people persons member members account profile "
    "employee respondent student author actor agent player key uid entity name screen login"
)
_WHAT = _each(
    "label email mail age tier status company title position city country gender sex type weight score value count "
    "degree date time timestamp since year phone role department group groups url industry location visibility "
    "strength page organisation organization first last full birthday address paper product item movie book event "
    "frequency vorname nachname unternehmen prenom nom entreprise poste nombre apellidos empresa cargo"
)
_ALIKE = _ROLES | _each("user person member id name node account profile employee respondent")
_PEOPLE_BEGIN = _WHO | _each("email mail first last full vorname nachname prenom nom nombre apellidos")
_NAMES = _each("name label")
_VARIABLES = ("ab", "ij", "uv", "xy", "st")
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_BETWEEN = re.compile(r"[\s_.:/#()-]*")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_SURE_OF_NUMBERS = 0.9
_LINES_TO_BE_SURE = 10


class Heading(Enum):
    """What the first line is."""

    NONE = "two members"
    KNOWN = "names of columns, as edge lists have them"
    OVER_NUMBERS = "no numbers, where all others are"
    DOUBTFUL = "something like names of columns"
    PEOPLE = "names of columns of a table of people"


def heading(first: Sequence[str], ends: tuple[str, str], others: Sequence[tuple[str, str]], stem: str) -> Heading:
    """What the first line says.

    `first` are its cells, `ends` the two of them that would be members, `others` those of the lines after it;
    `stem` is what the file is called.
    """
    if all(map(_NUMBER.fullmatch, ends)):
        return Heading.NONE
    numbers = [all(map(_NUMBER.fullmatch, pair)) for pair in others]
    words = [_words(cell) for cell in ends]
    if folded(stem) == "connections" and [folded(cell) for cell in ends] == ["a", "b"]:
        return Heading.KNOWN
    if any(_words(cell) for pair in others for cell in pair):
        words = [None, None]  # ids that are made of such words
    one, other = words
    if one and other and _are_of_a_kind(one, other):
        return Heading.KNOWN
    if any(words) and _is_of_people([_words(cell) for cell in first]):
        return Heading.PEOPLE
    if one and other:
        return Heading.DOUBTFUL
    if numbers and all(numbers):
        return Heading.OVER_NUMBERS
    mostly_numbers = len(numbers) >= _LINES_TO_BE_SURE and sum(numbers) >= _SURE_OF_NUMBERS * len(numbers)
    if any(words) or mostly_numbers or _are_variables(ends, others):
        return Heading.DOUBTFUL
    return Heading.NONE


def _are_variables(ends: tuple[str, str], others: Sequence[tuple[str, str]]) -> bool:
    """Whether the ends are called as in formulas, a and b or u and v, and no other id is a letter alone."""
    if not others or any(len(cell) == 1 for pair in others for cell in pair):
        return False
    return "".join(ends).lower() in _VARIABLES


def _words(cell: str) -> set[str] | None:
    """The words that a name of a column is made of, without accents, numbers and single letters; None: it is none."""
    cell = "".join(letter for letter in unicodedata.normalize("NFD", cell) if not unicodedata.combining(letter))
    if _TOKEN.sub("", cell).strip() and not _BETWEEN.fullmatch(_TOKEN.sub("", cell)):
        return None
    words = {word for token in _TOKEN.findall(cell) if len(word := token.lower()) > 1 and not word.isdigit()}
    return words if words and words <= _ROLES | _WHO | _WHAT else None


def _are_of_a_kind(one: set[str], other: set[str]) -> bool:
    """Whether two names mean two who know each other: by their parts (source, target), or by the same word."""
    if one == other or (one & _ROLES and other & _ROLES and one - _ROLES == other - _ROLES):
        return True
    both = one | other
    return bool(both & _ROLES) and both <= _ALIKE


def _is_of_people(columns: Sequence[set[str] | None]) -> bool:
    """Whether names of columns are those of somebody: an id or a name first, and next what is said of them."""
    first, second, *_ = (*columns, None)
    if not first or not first <= _PEOPLE_BEGIN:
        return False
    rest = [words for words in columns[1:] if words]
    if any(words & _ROLES for words in rest):
        return second is not None and bool(second & _WHAT or (second != first and second <= _NAMES))
    return any(words & _WHAT or (words != first and "name" in words) for words in rest)


def ends_in(first: Sequence[str], others: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Which two of several columns are likely the members: those that a heading calls so, else the first two of ids."""
    words = [_words(cell) or set() for cell in first]
    pairs = [(a, b) for a in range(len(words)) for b in range(a + 1, len(words)) if words[a] and words[b]]
    for a, b in pairs:
        if words[a] & _ROLES and words[b] & _ROLES and _are_of_a_kind(words[a], words[b]):
            return a, b
    for a, b in pairs:
        if _are_of_a_kind(words[a], words[b]):
            return a, b
    for a in range(len(first) - 1):
        if f"{first[a]}{first[a + 1]}".lower() in _VARIABLES:
            return a, a + 1
    ids = [place for place in range(len(first)) if any(_is_word(row[place]) for row in others if place < len(row))]
    rows = [row for row in (first, *others) if ids and ids[-1] < len(row)]
    if len(ids) > 2 and _are_times([[row[place] for place in ids] for row in rows[any(words) :]]):
        del ids[0]
    return (ids[0], ids[1]) if len(ids) > 1 else (0, 1)


def _are_times(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first cells of rows of numbers go up, and are larger than all others, as times are."""
    if not rows or not all(cell.isdigit() for row in rows for cell in row):
        return False
    numbers = [[int(cell) for cell in row] for row in rows]
    firsts = [row[0] for row in numbers]
    return firsts == sorted(firsts) and firsts[0] < firsts[-1] and firsts[0] > max(max(row[1:]) for row in numbers)


def names_several(first: Sequence[str]) -> bool:
    """Whether a heading is that of a survey: somebody first, and in the other columns whom they know."""
    one, other, third, *_ = (*map(_words, first), None, None, None)
    return bool(one and other and one & _WHO and other & _ROLES and one != other and other == third)


def _is_word(cell: str) -> bool:
    return any(map(str.isalnum, cell))
