"""What separates the cells of a line: told by what is consistent over the first lines, as nobody says it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WHITE_SPACE = " "
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars", WHITE_SPACE: "white space"}

_SAID = re.compile(r'"?sep=(?P<separator>.)"?\s*', re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_ASCII_WHITE_SPACE = " \t\n\r\v\f"
_WORD = re.compile(f"[^{_ASCII_WHITE_SPACE}]+")


@dataclass(frozen=True, slots=True)
class Separator:
    """A character between cells (a space: any white space); `spaced`: a space follows that is no part of a cell.

    `said`: the first line of the file says so, and nothing else.
    """

    character: str
    spaced: bool = False
    said: bool = False

    @property
    def note(self) -> str:
        """In words."""
        name = _SEPARATORS.get(self.character, repr(self.character))
        return f"separated by {name}{' and a space' if self.spaced else ''}{' (sep=)' if self.said else ''}"

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """The rows of these lines; a quote that does not match raises `csv.Error`."""
        spaced = self.spaced or self.character == WHITE_SPACE
        if self.character == WHITE_SPACE:
            lines = (line.replace("\t", " ").strip(" \r\n\v\f") for line in lines)
        return csv.reader(lines, delimiter=self.character, skipinitialspace=spaced, strict=True)


def said(lines: Sequence[str]) -> Separator | None:
    """What the first line says of it, as Excel reads and writes it (`sep=;`); None where it says nothing."""
    match = _SAID.fullmatch(lines[0]) if lines else None
    return Separator(match["separator"], said=True) if match else None


def candidates(lines: Sequence[str]) -> list[Separator]:
    """Everything that could separate the cells of these lines, the likeliest first."""
    return [Separator(character, _is_spaced(character, lines)) for character in _SEPARATORS]


def _is_spaced(character: str, lines: Sequence[str]) -> bool:
    """Whether a space follows the separator, wherever it stands outside of quotes."""
    if character in (WHITE_SPACE, "\t"):
        return False
    after = [part for line in lines for part in _QUOTED.sub("", line).split(character)[1:]]
    return bool(after) and all(part.startswith(" ") for part in after)


def rows_of(lines: Sequence[str], separator: Separator) -> list[list[str]]:
    """The rows of the first lines, without those whose quotes do not match."""
    rows: list[list[str]] = []
    begun = 0
    while begun < len(lines):
        reader = separator.reader(f"{line}\n" for line in lines[begun:])
        read = 0
        try:
            for row in reader:
                read = reader.line_num  # type: ignore[attr-defined]
                if row:
                    rows.append(row)
        except csv.Error:
            read += 1
        begun += max(read, 1)
    return rows


def words(line: str) -> list[str]:
    """What stands between white space of ASCII, where a quote is a character like any other."""
    spaced = line.replace("\t", " ")
    if spaced.isprintable() and "  " not in spaced and spaced.strip(" ") == spaced != "":
        return spaced.split(" ")  # the same, in a third of the time
    return _WORD.findall(line)
