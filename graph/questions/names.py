"""What members, groups and company pages are called: answers name them by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.driver.query import Query


@dataclass(frozen=True, slots=True)
class Named:
    """One that is there: `kind` is member, group or company; `name` None where it has none."""

    kind: str
    id: str
    name: str | None


def names(
    *, members: Sequence[str] = (), groups: Sequence[str] = (), companies: Sequence[str] = ()
) -> Query[list[Named]]:
    """Those of these ids that are there, by kind and then by id; others are left out."""
    return Query(
        "member/names",
        decode=lambda rows: [Named(**row) for row in rows],
        parameters={"members": list(members), "groups": list(groups), "companies": list(companies)},
    )
