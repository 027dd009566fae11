"""`linkreach demo`: the whole job on the sample network, from a server that starts to reports that lie in a folder."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from shlex import quote
from shutil import which
from typing import TYPE_CHECKING, Annotated

import typer

from api.output import progress_bar, put, say, show, styled
from api.tables import tier_table, verdict_table
from linkreach.session import Session
from linkreach.settings import Settings

if TYPE_CHECKING:
    from graph.server.server import RunningServer

FOLDER = Path("linkreach-demo")
PACK = "article"
HEADING = "bold cyan"

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
    home = FOLDER / "home"
    with Session(Settings(home=home)) as session:
        server = session.server
        running = server.start()
        try:
            _run(session)
        finally:
            if not keep:
                server.stop()
    if keep:
        _tell_of_the_server(running)
    else:
        say("Neo4j is stopped; linkreach demo --keep leaves it running, with Neo4j Browser to look around in")
    activate = Path(sys.prefix, "bin", "activate")
    first = f". {quote(str(activate))} && " if not which("linkreach") and activate.exists() else ""
    say(f"ask on, about anybody, after: {first}export LINKREACH_HOME={quote(str(home.resolve()))}")


def _run(session: Session) -> None:
    from graph.sample import FOLDER as SAMPLE

    say("loading the sample network: people, groups and companies of the LDBC Social Network Benchmark")
    with progress_bar() as progress:
        loaded = session.load(SAMPLE, rejects=FOLDER / "rejects.csv", progress=progress).report.loaded
    say(", ".join(f"{rows} {table.replace('_', ' ')}" for table, rows in loaded.items()))
    now = session.world(pack=PACK)
    for heading, sender, recipient, as_tier in VERDICTS:
        answer = session.check(sender, recipient, replace(now, as_tier=as_tier))
        asked = f"linkreach check {sender} {recipient}" + (f" --as-tier {as_tier}" if as_tier else "")
        show("", styled(heading, HEADING), styled(f"$ {asked}", "dim"), verdict_table(answer, session.names))
    say("")
    say("counting everybody's reach")
    names = ["member_reach", "tier_reach", "group_bridges"]
    with progress_bar() as progress:
        done = session.reports(names, now, out=FOLDER / "reports", progress=progress)
    show(
        "",
        styled("Whom a member could write to directly, on each tier", HEADING),
        tier_table(done.frames["tier_reach"]),
        "",
    )
    for file in done.files:
        put(file)


def _tell_of_the_server(running: RunningServer) -> None:
    from graph.server.server import USER

    put("")
    put(f"Neo4j Browser  {running.browser_url}")
    put(f"log in         as {USER}, with the password in {running.folder / 'password'}")
    put(f"stop           linkreach --home {FOLDER / 'home'} neo4j stop")
