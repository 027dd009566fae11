"""Lists of members that people bring: an id a line, in a file or in a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InvalidInput
from graph.regular_files import read_text

_BYTES_AT_MOST = 1 << 28


@dataclass(frozen=True, slots=True)
class MemberList:
    """Ids in their order; `places` says of each where it is named first, where that is a line of a file."""

    ids: tuple[str, ...]
    places: dict[str, str]


def member_list(members: Path | Sequence[str]) -> MemberList:
    """The list of a file, or of ids; raises InvalidInput where it names nobody, and OSError.

    A file is read once: what a shell hands over as a file can be read only so often.
    """
    if not isinstance(members, Path):
        return MemberList(tuple(members), {})
    try:
        lines = read_text(members, _BYTES_AT_MOST, "utf-8-sig").split(
            "\n"
        )  # text files know one end of a line; ids may have others
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{members} is no UTF-8 text: save it as UTF-8, an id a line") from error
    if not any(lines):
        raise InvalidInput(f"{members} names nobody: write an id a line")
    places: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        places.setdefault(line, f"{members}, line {number}")
    return MemberList(tuple(filter(None, lines)), places)
