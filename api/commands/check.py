"""`linkreach check`: the verdict on one pair."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from api.options import As, AsTier, At, Change, Names, PackName, Raw
from api.output import emit
from api.tables import verdict_table
from linkreach.forms import VERDICT
from linkreach.session import Session

NOT_REACHABLE = 1


def check(
    context: typer.Context,
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="The member who wants to write: an id or a name.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="The member to be reached.")],
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
    names: Names = False,
) -> None:
    """Judge a pair: can SENDER reach RECIPIENT, and if not, why?

    Says so for every channel of the pack.

    Exit code: 0 reachable, 1 not reachable, 2 an error.
    """
    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        answer = session.check(sender, recipient, world)
        emit(
            format,
            raw=raw,
            table=lambda: verdict_table(answer, partial(session.names, world)),
            frame=lambda: VERDICT.frame([answer]),
            document=lambda: VERDICT.document(answer),
            named=partial(session.with_names, world=world) if names else None,
        )
    if not answer.reachable:
        raise typer.Exit(NOT_REACHABLE)
