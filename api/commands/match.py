"""`linkreach match`: a team's members against a list of targets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import As, AsTier, At, Change, PackName, Raw
from api.output import emit, progress_bar, say
from api.tables import match_table
from linkreach.forms import MATCH
from linkreach.session import Session


def match(
    context: typer.Context,
    senders: Annotated[Path, typer.Option(metavar="FILE", help="The members who want to write, an id a line.")],
    recipients: Annotated[Path, typer.Option(metavar="FILE", help="The members to be reached, an id a line.")],
    unlock: Annotated[
        bool,
        typer.Option(
            "--unlock",
            help="Say for each pair that is not reachable what would open it, as linkreach unlock puts it first.",
        ),
    ] = False,
    skip_unknown: Annotated[
        bool,
        typer.Option("--skip-unknown", help="Leave out ids that are nobody's, and say how many, instead of ending."),
    ] = False,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
) -> None:
    """Judge every sender with every recipient, a row for each pair.

    In the order of the files; a pair of somebody with themselves is skipped.
    """
    with Session(context.obj) as session, progress_bar() as progress:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        found = session.match(senders, recipients, world, unlocks=unlock, skip_unknown=skip_unknown, progress=progress)
    emit(
        format,
        raw=raw,
        table=lambda: match_table(found),
        frame=lambda: found.frame,
        document=lambda: [MATCH.document(pair) for pair in found.pairs],
    )
    say(f"{len(found.pairs):,} pairs: {found.reachable:,} reachable, {found.reachable_free:,} of them free")
    if found.skipped:
        say(f"{found.skipped:,} skipped, of somebody with themselves")
    if found.unknown:
        say(f"{len(found.unknown):,} ids skipped, which are no member's: {', '.join(map(repr, found.unknown))}")
