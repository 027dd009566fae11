"""`linkreach pack`: rule packs, in files and in the graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.differences import limits_of, put_differences
from api.options import AsTier, At, FailIf, Free, Pairs, Raw, Segments
from api.output import progress_bar, put, put_text, rows_table, say, show
from linkreach.session import Session

app = typer.Typer()

PackFile = Annotated[Path, typer.Argument(metavar="FILE", help="A rule pack in TOML.")]


@app.command("list", epilog="Example: linkreach pack list")
def list_packs(context: typer.Context) -> None:
    """List the packs in the graph, with the hash of each one's text."""
    with Session(context.obj) as session:
        packs = session.packs()
    show(rows_table(("name", "hash"), ((pack.name, pack.hash) for pack in packs)))


@app.command("show", epilog="Example: linkreach pack show article > my-pack.toml")
def show_pack(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A pack in the graph, or else one that ships.")],
    shipped: Annotated[
        bool, typer.Option("--shipped", help="The pack that ships, whatever the graph has by its name.")
    ] = False,
) -> None:
    """Print the text of a pack: the start of one of your own."""
    with Session(context.obj) as session:
        put_text(session.pack_text(name, shipped=shipped))


@app.command("check", epilog="Example: linkreach pack check my-pack.toml")
def check_pack(file: PackFile) -> None:
    """Say what is wrong with a pack file.

    Names file, key and reason of each mistake, and needs no server.
    """
    from graph.rules.rule_pack import read_pack

    pack = read_pack(file)
    put(f"{file} is right: pack {pack.name}, {len(pack.tiers)} tiers, hash {pack.hash}")


@app.command("load", epilog="Example: linkreach pack load my-pack.toml")
def load_pack(context: typer.Context, file: PackFile) -> None:
    """Put a pack into the graph, in place of any pack of its name."""
    with Session(context.obj) as session:
        pack = session.load_pack(file)
    say(f"pack {pack.name} is loaded: ask with --pack {pack.name}")


@app.command("diff", epilog="Example: linkreach pack diff article my-pack.toml --out diff/ --fail-if 'lost>0.5%'")
def diff_packs(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="A pack: a name, or a file, which need not be loaded.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The pack that takes its place.")],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The folder to write the tables of linkreach diff into.")
    ] = None,
    snapshot: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Look for whom it changes in this snapshot; needs no Neo4j.")
    ] = None,
    at: At = None,
    as_tier: AsTier = None,
    by: Segments = None,
    free: Free = False,
    pairs: Pairs = None,
    fail_if: FailIf = None,
    raw: Raw = False,
) -> None:
    """Say what a pack changes, in its text and for whom.

    Tier by tier, switch by switch; and, where there is a graph or a snapshot, which pairs are gained and lost.

    Exit code: 0 done, 1 beyond a limit of --fail-if, 2 an error.
    """
    limits = limits_of(fail_if)
    with Session(context.obj) as session, progress_bar() as progress:
        changes = session.pack_changes(old, new)
        done = None
        if snapshot or out or pairs or limits or session.is_loaded:
            before, after = (session.world(at=at, pack=pack, as_tier=as_tier, snapshot=snapshot) for pack in (old, new))
            done = session.diff(
                before,
                replace(after, at=before.at),
                by=by or "tier",
                is_free=free,
                out=out,
                pairs=pairs,
                raw=raw,
                progress=progress,
            )
    if changes:
        rows = ((each.part, each.key, each.before, each.after) for each in changes)
        show(rows_table(("part", "key", "before", "after"), rows))
    else:
        put("the two packs say the same")
    if done is None:
        say("no graph is there to look for whom it changes")
        return
    put("")
    put_differences(done, limits)
