"""`linkreach demo`: the whole job on the sample network, from a server that starts to reports that lie in a folder."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from api.commands.check import verdict_table
from api.commands.load import load_network
from api.options import instant
from api.output import say, show
from api.reporting import make_reports, report_engine

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from graph.driver.database import Database
    from graph.server.server import Running

FOLDER = Path("linkreach-demo")
PACK = "article"

# What each verdict is worth reading for; the sender, the recipient, and the tier to ask as.
VERDICTS = (
    ("Open: two steps apart, on a tier that reaches that far", "6597069766722", "94", None),
    (
        "Denied, and no tier would help: the recipient's own settings stand in the way",
        "4398046511315",
        "8796093022363",
        None,
    ),
    ("Denied, but sixteen people know both …", "8796093022357", "4398046511333", None),
    ("… and the next tier would open it", "8796093022357", "4398046511333", "career"),
)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave the server running, with Neo4j Browser.")] = False,
) -> None:
    """Do the whole job on the sample network.

    Starts a Neo4j of its own, loads, judges pairs, writes reports, and stops it; all in linkreach-demo/ of this folder.
    """
    from graph.driver.database import Database
    from graph.server.server import Server

    home = FOLDER / "home"
    server = Server(home)
    running = server.start(say)
    try:
        with Database(running.address) as database:
            _run(database)
    finally:
        if not keep:
            server.stop(say)
    if keep:
        _tell_of_the_server(running)
    else:
        say("Neo4j is stopped; linkreach demo --keep leaves it running, with Neo4j Browser to look around in")
    activate = Path(sys.prefix, "bin", "activate")
    first = f". {quote(str(activate))} && " if not which("linkreach") and activate.exists() else ""
    say(f"ask on, about anybody, after: {first}export LINKREACH_HOME={quote(str(home.resolve()))}")


def _run(database: Database) -> None:
    from graph.questions.answers import verdict
    from graph.sample import FOLDER as SAMPLE
    from graph.sources import open_source

    say("loading the sample network: people, groups and companies of the LDBC Social Network Benchmark")
    loaded = load_network(database, open_source(SAMPLE), FOLDER / "rejects.csv")
    say(", ".join(f"{rows} {table.replace('_', ' ')}" for table, rows in loaded.loaded.items()))
    at = instant(None)
    for heading, sender, recipient, as_tier in VERDICTS:
        answer = database.read(verdict(sender, recipient, at=at, pack=PACK, as_tier=as_tier))
        asked = f"linkreach check {sender} {recipient}" + (f" --as-tier {as_tier}" if as_tier else "")
        show("", _heading(heading), Text(f"$ {asked}", style="dim"), verdict_table(answer))
    say("")
    say("counting everybody's reach")
    frames, files = make_reports(
        partial(report_engine, database, at=at, pack=PACK),
        ["member_reach", "tier_reach", "group_bridges"],
        FOLDER / "reports",
    )
    show("", _heading("Whom a member could write to directly, on each tier"), _tier_table(frames["tier_reach"]), "")
    for file in files:
        typer.echo(file)


def _heading(text: str) -> Text:
    return Text(text, style="bold cyan")


def _tier_table(frame: pd.DataFrame) -> RenderableType:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("tier")
    for heading in ("members on it", "mean reach", "median", "best", "of all pairs"):
        table.add_column(heading, justify="right")
    for row in frame.itertuples():
        table.add_row(
            str(row.tier), f"{row.members}", f"{row.mean:.1f}", f"{row.median}", f"{row.max}", f"{row.share:.1%}"
        )
    return table


def _tell_of_the_server(running: Running) -> None:
    from graph.server.server import USER

    typer.echo(f"\nNeo4j Browser  {running.browser_url}")
    typer.echo(f"log in         as {USER}, with the password in {running.folder / 'password'}")
    typer.echo(f"stop           linkreach --home {FOLDER / 'home'} neo4j stop")
