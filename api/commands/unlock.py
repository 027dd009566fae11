"""`linkreach unlock`: what the sender could do so that a pair, or one channel, opens."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from api.options import As, AsTier, At, Change, PackName, Raw
from api.output import emit
from api.tables import unlock_table
from linkreach.forms import UNLOCK
from linkreach.session import Session


def unlock(
    context: typer.Context,
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="The member who wants to write: an id or a name.")],
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="The member to be reached.")],
    channel: Annotated[
        str | None, typer.Option(metavar="CHANNEL", help="Open this channel; default: any that reaches.")
    ] = None,
    names: Annotated[int, typer.Option(min=0, help="Name at most so many others to connect with.")] = 10,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
) -> None:
    """List what SENDER could do to reach RECIPIENT.

    Each action is alone enough.
    The cheapest comes first, by the costs that the rule pack gives; without costs, in the order of actions and names.
    """
    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        answer = session.unlock(sender, recipient, world, channel=channel, names=names)
        emit(
            format,
            raw=raw,
            table=lambda: unlock_table(answer, partial(session.names, world)),
            frame=lambda: UNLOCK.frame([answer]),
            document=lambda: UNLOCK.document(answer),
        )
