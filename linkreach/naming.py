"""Members by name, and the names of members: people type names, and answers have ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from graph.errors import Namesake, SeveralMembers, UnknownMember
from graph.questions.members import meant
from graph.questions.names import names

if TYPE_CHECKING:
    import pandas as pd

    from graph.driver.query import Graph, Query

T = TypeVar("T")

AT_ONCE = 1_000
ID_COLUMNS = ("sender", "recipient", "member")


@dataclass(frozen=True, slots=True)
class Names:
    """What those are called whom an answer names by id; one without a name is left out."""

    members: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    companies: Mapping[str, str] = field(default_factory=dict)


AskNames = Callable[..., Names]
"""What members, groups and companies are called, each kind of ids by its name, as `Session.names` takes them."""


def answered(graph: Graph, question: Callable[..., Query[T]], *members: str) -> T:
    """The answer to a question about members, each an id or a name that means one of them.

    Ids are asked about as they are: they come first, and no name costs them a question more.
    Raises SeveralMembers, and what the question raises, UnknownMember too.
    """
    try:
        return graph.read(question(*members))
    except UnknownMember:
        ids = members_meant(graph, members)
        return graph.read(question(*(ids.get(member, member) for member in members)))


def members_meant(graph: Graph, texts: Iterable[str], places: Mapping[str, str] | None = None) -> dict[str, str]:
    """The id that each text means, by the text; one that means nobody is left out.

    Raises SeveralMembers with all that mean several; `places` says of some where they are named.
    """
    found = {text: members for some in _parts(texts) for text, members in graph.read(meant(some)).items()}
    return sole(found, places)


def sole(found: Mapping[str, Sequence[Namesake]], places: Mapping[str, str] | None = None) -> dict[str, str]:
    """The id of the only one whom each text means, of those whom it means; raises SeveralMembers."""
    several = {text: members for text, members in found.items() if len(members) > 1}
    if several:
        raise SeveralMembers(several, places)
    return {text: members[0].id for text, members in found.items() if members}


def names_of(
    graph: Graph, *, members: Iterable[str] = (), groups: Iterable[str] = (), companies: Iterable[str] = ()
) -> Names:
    """What these are called."""
    asked = {"members": members, "groups": groups, "companies": companies}
    return Names(**{kind: _named(graph, kind, ids) for kind, ids in asked.items()})


def _named(graph: Graph, kind: str, ids: Iterable[str]) -> dict[str, str]:
    return {
        each.id: each.name
        for some in _parts(ids)
        for each in graph.read(names(**{kind: some}))
        if each.name is not None
    }


def with_names(graph: Graph, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a column `…_name` after each column of members' ids."""
    columns = [name for name in frame.columns if name in ID_COLUMNS]
    called = names_of(graph, members=(id for name in columns for id in frame[name])).members
    named = frame.copy()
    for name in columns:
        place = list(named.columns).index(name)
        named.insert(place + 1, f"{name}_name", frame[name].map(called).astype("str"))
    return named


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = list(dict.fromkeys(texts))
    for start in range(0, len(rest), AT_ONCE):
        yield rest[start : start + AT_ONCE]
