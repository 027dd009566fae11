"""Lists of members that people bring: an id or a name a line, a column of a table, or a sequence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import InvalidInput, UnknownMember
from graph.files.regular import read_text
from graph.files.spreadsheets import unguarded
from graph.questions.diagnosis import unknown_members
from linkreach.naming import members_meant

if TYPE_CHECKING:
    from graph.driver.query import Graph

_BYTES_AT_MOST = 1 << 28


@dataclass(frozen=True, slots=True)
class MemberList:
    """Ids in their order; `places` says of each where it is named first, where that is a line of a file."""

    ids: tuple[str, ...]
    places: dict[str, str] = field(default_factory=dict)


def member_list(members: Path | Sequence[str], column: str | None = None, *, may_be_empty: bool = False) -> MemberList:
    """The list of a file, or of ids; raises InvalidInput where it names nobody and may not, and OSError.

    `column`: that of a table with a heading; a file of one column that is not called so is read by the line, as others.
    A file is read once, without a column: what a shell hands over as a file can be read only so often.
    """
    if not isinstance(members, Path):
        return MemberList(tuple(members))
    found = None if column is None else _cells(members, column)
    if found is None:
        found = _lines(members)
    if not found and not may_be_empty:
        raise InvalidInput(f"{members} names nobody: write an id a line")
    places: dict[str, str] = {}
    for number, text in found:
        places.setdefault(text, f"{members}, line {number}")
    return MemberList(tuple(text for _, text in found), places)


def _lines(file: Path) -> list[tuple[int, str]]:
    try:
        text = read_text(file, _BYTES_AT_MOST, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is no UTF-8 text: save it as UTF-8, an id a line") from error
    lines = enumerate(text.split("\n"), 1)  # text files know one end of a line; ids may have others
    return [(number, line) for number, line in lines if line]


def _cells(file: Path, column: str) -> list[tuple[int, str]] | None:
    from graph.sources.column import read_column

    cells = read_column(file, column)
    if cells is not None and not any(cell for _, cell in cells):
        raise InvalidInput(f"{file} names nobody in the column {column!r}")
    return cells


def members_of(
    graph: Graph, *lists: MemberList, skip_unknown: bool = False, needed: Collection[str] = ()
) -> tuple[tuple[MemberList, ...], tuple[str, ...]]:
    """The lists with the id of a member in each place; and the ids that are nobody's and were skipped, each once.

    What is nobody's id may be the name of one member. If a CSV of ours would have it with a `'` before it, it means
    the one without. Raises SeveralMembers with all names that mean several, and UnknownMember with all ids that are
    nobody's, unless they are to be skipped: those that are `needed` never are.
    """
    known, unknown = known_members(graph, *lists)
    _refuse([id for id in unknown if not skip_unknown or id in needed], lists)
    return known, unknown


def members_within(
    ids: Collection[str], *lists: MemberList, skip_unknown: bool = False
) -> tuple[tuple[MemberList, ...], tuple[str, ...]]:
    """The same, where these are the ids of all members, and nobody has a name."""
    known, unknown = _known(lambda some: [id for id in some if id not in ids], lambda *_: {}, *lists)
    _refuse(() if skip_unknown else unknown, lists)
    return known, unknown


def known_members(graph: Graph, *lists: MemberList) -> tuple[tuple[MemberList, ...], tuple[str, ...]]:
    """The lists as `members_of` gives them, without the ids that are nobody's; and these ids, each once."""
    return _known(lambda ids: graph.read(unknown_members(ids)), partial(members_meant, graph), *lists)


def places_of(lists: Sequence[MemberList]) -> dict[str, str]:
    """Where each id is named first."""
    return {id: place for each in reversed(lists) for id, place in each.places.items()}


def _refuse(unknown: Sequence[str], lists: Sequence[MemberList]) -> None:
    if unknown:
        raise UnknownMember(*unknown, places=places_of(lists))


def _known(
    unknown_of: Callable[[Sequence[str]], Collection[str]],
    meant_by: Callable[[Iterable[str], Mapping[str, str]], Mapping[str, str]],
    *lists: MemberList,
) -> tuple[tuple[MemberList, ...], tuple[str, ...]]:
    """The same, by what says which of some ids are nobody's, and whom others mean."""
    ids = list(dict.fromkeys(id for each in lists for id in each.ids))
    unknown = unknown_of(ids)
    meant = {id: bare for id in unknown if (bare := unguarded(id)) is not None}
    if meant:
        nobodys = unknown_of([*meant.values()])
        meant = {id: bare for id, bare in meant.items() if bare not in nobodys}
    if len(meant) < len(unknown):
        meant |= meant_by((id for id in unknown if id not in meant), places_of(lists))
    nobody = dict.fromkeys(id for id in unknown if id not in meant)
    known = (MemberList(tuple(meant.get(id, id) for id in each.ids if id not in nobody), each.places) for each in lists)
    return tuple(known), tuple(nobody)
