"""`linkreach match`: a team's members against a list of targets."""

from __future__ import annotations

from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.commands.unlock import action_text
from api.connection import graph_of
from api.options import As, AsTier, At, PackName, instant
from api.output import emit, progress_bar, rows_table, say
from api.settings import Settings
from graph.errors import InvalidInput, UnknownMember

if TYPE_CHECKING:
    import pandas as pd

    from graph.driver.database import Database
    from graph.questions.answers import Match

PAIRS_AT_ONCE = 1_000


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
    at: At = None,
    pack: PackName = None,
    as_tier: AsTier = None,
    format: As = None,
) -> None:
    """Judge every sender with every recipient, a row for each pair.

    In the order of the files; a pair of somebody with themselves is skipped.
    """
    settings: Settings = context.obj
    from graph.questions import answers

    team, targets = _lines(senders), _lines(recipients)
    everyone = list(product(filter(None, team), filter(None, targets)))
    pairs = [(sender, recipient) for sender, recipient in everyone if sender != recipient]
    question: dict[str, Any] = {"at": instant(at), "pack": pack or settings.pack, "as_tier": as_tier}
    with graph_of(settings) as database, progress_bar() as progress:
        members = sorted({member for pair in pairs for member in pair})
        try:
            database.read(answers.diagnosis(question["pack"], members=members, as_tier=as_tier))
        except UnknownMember as error:
            raise InvalidInput(f"{_place(error.member, (senders, team), (recipients, targets))}: {error}") from error
        found: list[Match] = []
        for start in range(0, len(pairs), PAIRS_AT_ONCE):
            progress("judging pairs", start, len(pairs))
            some = database.read(answers.matches(pairs[start : start + PAIRS_AT_ONCE], **question))
            found += some
        unlocks = [""] * len(found)
        if unlock:
            for place, each in enumerate(found):
                progress("looking for unlocks", place, len(found))
                unlocks[place] = _cheapest(database, each, question)
    rows = [
        {**asdict(each), "channels": ";".join(each.channels), "reasons": ";".join(each.reasons), "unlock": what}
        for each, what in zip(found, unlocks, strict=True)
    ]
    emit(
        format,
        table=lambda: rows_table(
            ("sender", "recipient", "degree", "by", "why not", "unlock"),
            (
                (
                    each.sender,
                    each.recipient,
                    "" if each.degree is None else str(each.degree),
                    ", ".join(each.channels),
                    ", ".join(each.reasons),
                    what,
                )
                for each, what in zip(found, unlocks, strict=True)
            ),
        ),
        frame=lambda: _frame(rows),
        document=lambda: [
            {**row, "channels": list(each.channels), "reasons": list(each.reasons)}
            for row, each in zip(rows, found, strict=True)
        ],
    )
    reachable = sum(each.reachable for each in found)
    free = sum(each.reachable_free for each in found)
    say(f"{len(found):,} pairs: {reachable:,} reachable, {free:,} of them free")
    if skipped := len(everyone) - len(pairs):
        say(f"{skipped:,} skipped, of somebody with themselves")


def _cheapest(database: Database, pair: Match, question: dict[str, Any]) -> str:
    from graph.questions import unlocks

    if pair.reachable:
        return ""
    found = database.read(unlocks.unlock(pair.sender, pair.recipient, **question))
    return action_text(found.actions[0]) if found.actions else ""


def _lines(file: Path) -> list[str]:
    """Ids and empty lines; read once, for what a shell hands over as a file can be read only so often."""
    try:
        lines = file.read_text("utf-8-sig").split("\n")  # text files know one end of a line; ids may have others
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is no UTF-8 text: save it as UTF-8, an id a line") from error
    if not any(lines):
        raise InvalidInput(f"{file} names nobody: write an id a line")
    return lines


def _place(member: str, *lists: tuple[Path, list[str]]) -> str:
    """Where a member is named first."""
    return next(f"{file}, line {lines.index(member) + 1}" for file, lines in lists if member in lines)


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    columns = {
        "sender": "str",
        "recipient": "str",
        "degree": "Int64",
        "reachable": "bool",
        "reachable_free": "bool",
        "channels": "str",
        "reasons": "str",
        "unlock": "str",
    }
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
