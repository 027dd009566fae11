"""`linkreach check`: the verdict on one pair."""

from __future__ import annotations

from typing import Annotated

import typer

from api.options import As, AsTier, At, Change, PackName, Raw
from api.output import emit
from api.tables import verdict_table
from linkreach.forms import VERDICT
from linkreach.session import Session

NOT_REACHABLE = 1


def check(
    context: typer.Context,
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="The id of the member who wants to write.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="The id of the member to be reached.")],
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
) -> None:
    """Judge a pair: can SENDER reach RECIPIENT, and if not, why?

    Says so for every channel of the pack.

    Exit code: 0 reachable, 1 not reachable, 2 an error.
    """
    with Session(context.obj) as session:
        answer = session.check(sender, recipient, session.world(at=at, pack=pack, as_tier=as_tier, change=change))
    emit(
        format,
        raw=raw,
        table=lambda: verdict_table(answer),
        frame=lambda: VERDICT.frame([answer]),
        document=lambda: VERDICT.document(answer),
    )
    if not answer.reachable:
        raise typer.Exit(NOT_REACHABLE)
