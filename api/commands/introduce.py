"""`linkreach introduce`: over whom one member could be introduced to another, or a team to each of a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.options import As, AsTier, At, Change, Format, PackName, Raw
from api.output import emit, progress_bar, say
from api.tables import ways_table
from graph.questions.introductions import WAYS, WayFilter
from linkreach.forms import INTRODUCTIONS, WAYS_TO
from linkreach.session import Session

if TYPE_CHECKING:
    from graph.world import World
    from linkreach.introducing import TeamIntroductions

_MOST_ASKED = 5  # so many are named


def introduce(
    context: typer.Context,
    sender: Annotated[str | None, typer.Argument(metavar="SENDER", help="Who wants to be introduced, by id …")] = None,
    recipient: Annotated[str | None, typer.Argument(metavar="RECIPIENT", help="… and to whom.")] = None,
    senders: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A team instead of SENDER, an id a line …")
    ] = None,
    recipients: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="… and a list instead of RECIPIENT: the best ways over the team."),
    ] = None,
    most: Annotated[int, typer.Option("-n", min=1, metavar="N", help="So many ways, to each recipient.")] = WAYS,
    through: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only ways over this member; may repeat: over all of them.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="No way over this member; may repeat.")
    ] = None,
    every_way: Annotated[
        bool, typer.Option("--every-way", help="List more than the best way over the same first introducer.")
    ] = False,
    at_most: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Of a team: ask nobody first for more ways than that; the best together are chosen.",
        ),
    ] = None,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
) -> None:
    """List over whom SENDER could be introduced to RECIPIENT, the strongest way first.

    A way has one or two introducers, and everybody on it can write to the next.
    It is as strong as its ties together: what was given with a connection, or else what its mutuals tell.
    """
    wanted = WayFilter(most, tuple(through or ()), tuple(without or ()), every_way)
    pair_asked = sender is not None and recipient is not None and senders is None and recipients is None
    team_asked = sender is None and recipient is None and senders is not None and recipients is not None
    if not pair_asked and not team_asked:
        context.fail("Say SENDER and RECIPIENT, or --senders and --recipients")
    if pair_asked and at_most is not None:
        context.fail("--at-most is for --senders and --recipients")
    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        if sender is not None and recipient is not None:
            _tell_pair(session, sender, recipient, world, wanted, format, raw=raw)
        elif senders is not None and recipients is not None:
            with progress_bar() as progress:
                team = session.introduce_team(senders, recipients, world, wanted, at_most=at_most, progress=progress)
            _tell_team(team, format, raw=raw)


def _tell_pair(
    session: Session, sender: str, recipient: str, world: World, wanted: WayFilter, format: Format | None, *, raw: bool
) -> None:
    found = session.introduce(sender, recipient, world, wanted)
    emit(
        format,
        raw=raw,
        table=lambda: ways_table(found.ways),
        frame=lambda: INTRODUCTIONS.frame([found]),
        document=lambda: INTRODUCTIONS.document(found),
    )
    if found.degree == 1:
        say(f"{sender} and {recipient} are connected, and need no introduction")
    elif not found.ways:
        say(f"no way leads from {sender} to {recipient}")


def _tell_team(found: TeamIntroductions, format: Format | None, *, raw: bool) -> None:
    emit(
        format,
        raw=raw,
        table=lambda: ways_table([way for each in found for way in each.ways]),
        frame=lambda: found.frame,
        document=lambda: [WAYS_TO.document(each) for each in found],
    )
    recipients = len(found.recipients)
    say(f"{sum(len(each.ways) for each in found):,} ways lead to {recipients - len(found.without):,} of {recipients:,}")
    for introducer, times in [*found.asked.items()][:_MOST_ASKED]:
        say(f"{introducer} is asked for {times:,} of {recipients:,}")
    if found.without:
        say(f"no way leads to {', '.join(found.without)}")
    if found.skipped:
        say(f"{found.skipped:,} skipped, of somebody with themselves")
    if found.repeated:
        say(f"named more than once, and counted once: {', '.join(found.repeated)}")
