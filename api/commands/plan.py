"""`linkreach plan`: whom a team should contact by which channel, and what to buy or do before."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api import interruption
from api.options import As, At, Change, Column, Html, Names, PackName, Raw, SkipUnknown
from api.output import emit, progress_bar, put, say, say_skipped
from api.plan_words import told_plan
from api.report.file import require_place, write_page_of
from api.tables import investments_table
from graph.errors import InvalidInput
from linkreach.session import Session

NONE = "none"


def plan(
    context: typer.Context,
    senders: Annotated[Path, typer.Option(metavar="FILE", help="The members who write: an id or a name a line.")],
    recipients: Annotated[Path, typer.Option(metavar="FILE", help="The members to be contacted, likewise.")],
    column: Column = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The folder to write the plan into.")] = None,
    html: Html = None,
    budget: Annotated[
        float | None,
        typer.Option(metavar="N", help="What all actions together may cost.", show_default="whatever it costs"),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACTION=N",
            help="What an action costs, as join=2 or upgrade:business=60; default: what the pack says, else 1.",
            show_default=False,
        ),
    ] = None,
    actions: Annotated[
        str | None,
        typer.Option(
            metavar="LIST|none",
            help="What may be done, of upgrade, credit, join, follow, connect and unblock, joined by commas.",
            show_default="upgrade,credit,join,follow",
        ),
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="Contact by messages and requests alone, by no InMail.")] = False,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Contacts made before, as in contacts.csv: they count against capacities, and are not made again.",
            show_default=False,
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(metavar="N", help="How long to look; then, or at Ctrl-C, the best so far is the plan.")
    ] = 60,
    invest: Annotated[
        int | None,
        typer.Option(
            metavar="K",
            help="No plan, but the K actions that bring most contacts, one after the other and all together.",
            show_default=False,
        ),
    ] = None,
    skip_unknown: SkipUnknown = False,
    at: At = None,
    pack: PackName = None,
    change: Change = None,
    format: As = None,
    raw: Raw = False,
    names: Names = False,
) -> None:
    """Plan who writes to whom, by what channel, and what to buy.

    No plan contacts more recipients within the budget, and none that contacts as many costs less; where that is not
    proven in time, the bound is told. DIR gets contacts.csv, actions.csv, uncovered.csv, plan.json, and the folder
    change/, which linkreach match --change takes.
    """
    from analysis.plans.task import USUAL
    from linkreach.forms import INVESTMENT
    from linkreach.planning import Wishes

    chosen = USUAL if actions is None else () if actions == NONE else tuple(actions.split(","))
    wishes = Wishes(budget, _costs(cost or []), chosen, free, keep or (), seconds)
    if invest is not None and html is not None:
        raise InvalidInput("a page is of a plan, and --invest makes none: leave out --html")
    if out is None and html is None and invest is None:
        raise InvalidInput("say where the files go: --out DIR, or --html FILE for a page")
    if html is not None:
        require_place(html)
    with Session(context.obj) as session, progress_bar() as progress:
        world = session.world(at=at, pack=pack, change=change)
        if invest is not None:
            found = session.invest(
                senders,
                recipients,
                invest,
                world,
                wishes,
                column=column,
                skip_unknown=skip_unknown,
                progress=progress,
            )
        else:
            planned = session.plan(
                senders,
                recipients,
                world,
                wishes,
                column=column,
                skip_unknown=skip_unknown,
                out=out,
                raw=raw,
                with_names=names,
                progress=progress,
            )
            if html is not None:
                from api.report.plan import plan_page

                write_page_of(html, plan_page, planned, partial(session.names, world))
    if invest is not None:
        emit(
            format,
            raw=raw,
            table=lambda: investments_table(found.investments),
            frame=lambda: INVESTMENT.frame(found.investments),
            document=lambda: [INVESTMENT.document(each) for each in found.investments],
        )
        say_skipped(found.asked.unknown)
        recipients_asked = len(found.asked.task.recipients)
        say(f"{found.before:,} of {recipients_asked:,} recipients are contacted without any action")
        if out is not None:
            say(f"--invest makes no plan: nothing is written into {out}")
        return
    interruption.answered()
    say_skipped(planned.asked.unknown)
    for line in told_plan(planned):
        say(line)
    for file in (*planned.files, *([] if html is None else [html])):
        put(file)


def _costs(given: list[str]) -> dict[str, float]:
    """The costs by name; raises InvalidInput."""
    costs = {}
    for each in given:
        name, _, number = each.rpartition("=")
        try:
            costs[name] = float(number)
        except ValueError:
            name = ""
        if not name:
            raise InvalidInput(f"{each!r} is no cost: say it like join=2 or upgrade:business=60")
    return costs
