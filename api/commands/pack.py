"""`linkreach pack`: rule packs, in files and in the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.output import put, put_text, rows_table, say, show
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
    name: Annotated[str, typer.Argument(metavar="NAME", help="A pack in the graph, or one that ships.")],
) -> None:
    """Print the text of a pack: the start of one of your own."""
    with Session(context.obj) as session:
        put_text(session.pack_text(name))


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
