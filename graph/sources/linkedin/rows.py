"""Rows of the CSV files in an archive, as a stream: no more than one row is in memory.

A quote that is never closed loses the line where it stands, and no other.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from graph.errors import InvalidArchive

LONGEST_ROW = 1 << 20  # bytes; LinkedIn's longest texts are a hundredth of that


def decoded_lines(binary: BinaryIO, archive: str, file: str) -> Iterator[str]:
    """The lines with their ends; raises InvalidArchive where one is too long or not UTF-8."""
    number = 0
    while line := binary.readline(LONGEST_ROW + 1):
        number += 1
        if len(line) > LONGEST_ROW:
            raise InvalidArchive(archive, f"line {number} of {file} is longer than {LONGEST_ROW:,} bytes")
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            problem = f"line {number} of {file} is not UTF-8: load the archive as it was downloaded"
            raise InvalidArchive(archive, problem) from None  # the cause has the text
        yield text


def rows(lines: Iterator[str], number: int = 1) -> Iterator[tuple[int, list[str] | None]]:
    """Each row with the number of its first line, None for one whose quotes do not match; `number` is the first."""
    again: deque[str] = deque()
    while True:
        taken: list[str] = []
        reader = csv.reader(_of_one_row(again, lines, taken), strict=True)
        try:
            for cells in reader:
                if cells:
                    yield number, cells
                number += len(taken)
                taken.clear()
        except csv.Error:
            yield number, None
            number += 1
            again.extendleft(reversed(taken[1:]))
        else:
            return


def _of_one_row(again: deque[str], lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines to be read next, which are `taken` until somebody clears them; it ends where a row is too long."""
    length = 0
    while line := again.popleft() if again else next(lines, ""):
        length = len(line) if not taken else length + len(line)
        taken.append(line)
        if length > LONGEST_ROW:
            return
        yield line
