"""`linkreach introduce`: over whom one member could be introduced to another, or a team to each of a list."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.options import As, AsTier, At, Change, Column, Names, PackName, Raw, SkipUnknown
from api.output import emit, progress_bar, say, say_skipped
from api.tables import ways_table
from linkreach.forms import INTRODUCTIONS, WAYS_TO
from linkreach.session import Session

if TYPE_CHECKING:
    from graph.questions.introductions import Introductions
    from linkreach.introducing import TeamIntroductions

_MOST_ASKED = 5  # so many are named


def introduce(
    context: typer.Context,
    sender: Annotated[
        str | None, typer.Argument(metavar="SENDER", help="Who wants to be introduced: an id or a name …")
    ] = None,
    recipient: Annotated[str | None, typer.Argument(metavar="RECIPIENT", help="… and to whom.")] = None,
    senders: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A team instead of SENDER: an id or a name a line …")
    ] = None,
    recipients: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="… and a list instead of RECIPIENT: the best ways over the team."),
    ] = None,
    column: Column = None,
    most: Annotated[int, typer.Option("-n", min=1, metavar="N", help="So many ways, to each recipient.")] = 10,
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
    skip_unknown: SkipUnknown = False,
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
    names: Names = False,
) -> None:
    """List ways to be introduced to RECIPIENT, the strongest first.

    A way has one or two introducers, and everybody on it can write to the next.
    It is as strong as its ties together: what was given with a connection, or else what its mutuals tell.
    """
    from graph.questions.introductions import WayFilter

    wanted = WayFilter(most, tuple(through or ()), tuple(without or ()), every_way)
    pair_asked = sender is not None and recipient is not None and senders is None and recipients is None
    team_asked = sender is None and recipient is None and senders is not None and recipients is not None
    if not pair_asked and not team_asked:
        context.fail("Say SENDER and RECIPIENT, or --senders and --recipients")
    if pair_asked and at_most is not None:
        context.fail("--at-most is for --senders and --recipients")
    if pair_asked and skip_unknown:
        context.fail("--skip-unknown is for --senders and --recipients")
    with Session(context.obj) as session:
        world = session.world(at=at, pack=pack, as_tier=as_tier, change=change)
        write = partial(
            emit,
            format,
            raw=raw,
            named=partial(session.with_names, world=world) if names else None,
        )
        ask_names = partial(session.names, world)
        if sender is not None and recipient is not None:
            pair = session.introduce(sender, recipient, world, wanted)
            write(
                table=lambda: ways_table(pair.ways, ask_names),
                frame=lambda: INTRODUCTIONS.frame([pair]),
                document=lambda: INTRODUCTIONS.document(pair),
            )
            _tell_pair(pair)
        elif senders is not None and recipients is not None:
            with progress_bar() as progress:
                team = session.introduce_team(
                    senders,
                    recipients,
                    world,
                    wanted,
                    column=column,
                    at_most=at_most,
                    skip_unknown=skip_unknown,
                    progress=progress,
                )
            write(
                table=lambda: ways_table([way for each in team for way in each.ways], ask_names),
                frame=lambda: team.frame,
                document=lambda: [WAYS_TO.document(each) for each in team],
            )
            _tell_team(team)


def _tell_pair(found: Introductions) -> None:
    if found.degree == 1:
        say(f"{found.sender} and {found.recipient} are connected, and need no introduction")
    elif not found.ways:
        say(f"no way leads from {found.sender} to {found.recipient}")


def _tell_team(found: TeamIntroductions) -> None:
    recipients = len(found.recipients)
    ways = sum(len(each.ways) for each in found)
    say(f"{ways:,} ways lead to {recipients - len(found.without):,} of {recipients:,}")
    for introducer, times in [*found.asked.items()][:_MOST_ASKED]:
        if times > 1:
            say(f"{introducer} is asked for {times:,} of {recipients:,}")
    if found.without:
        say(f"no way leads to {', '.join(found.without)}")
    if found.skipped:
        say(f"{found.skipped:,} skipped, of somebody with themselves")
    say_skipped(found.unknown)
    if found.repeated:
        say(f"named more than once, and counted once: {', '.join(found.repeated)}")
