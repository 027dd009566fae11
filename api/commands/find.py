"""`linkreach find`: the ids of those who are known by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.options import As, Raw
from api.output import emit, rows_table, say
from api.tables import found_table
from linkreach.forms import COMPANY, FOUND, GROUP, Form
from linkreach.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType


class Kind(StrEnum):
    """What is looked for."""

    MEMBER = "member"
    GROUP = "group"
    COMPANY = "company"


def find(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Words of a name, or an id; beginnings do.")],
    kind: Annotated[Kind, typer.Option(help="What to look for.")] = Kind.MEMBER,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="List at most so many.")] = 20,
    format: As = None,
    raw: Raw = False,
) -> None:
    """Find members by name or id, the best fit first.

    Each with what tells people of one name apart: where they work, and where they are.
    In every command, a name that means exactly one member stands for their id.
    """
    with Session(context.obj) as session:
        looks: dict[Kind, tuple[Callable[..., Sequence[Any]], Form[Any], Callable[[Any], RenderableType]]] = {
            Kind.MEMBER: (session.find, FOUND, found_table),
            Kind.GROUP: (session.find_groups, GROUP, _places_table),
            Kind.COMPANY: (session.find_companies, COMPANY, _places_table),
        }
        look, form, table = looks[kind]
        found = look(" ".join(text), most=limit + 1)
    listed = found[:limit]
    emit(
        format,
        raw=raw,
        table=lambda: table(listed),
        frame=lambda: form.frame(listed),
        document=lambda: [form.document(each) for each in listed],
    )
    if not found:
        say("nothing fits" if kind is not Kind.MEMBER else "nobody fits")
    elif len(found) > limit:
        say(f"these are the first {limit:,}: --limit N lists more")


def _places_table(found: Any) -> RenderableType:
    return rows_table(("id", "name"), ((each.id, each.name or "") for each in found))
