"""`linkreach pack`: rule packs, in files and in the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.connection import graph_of
from api.output import rows_table, say, show
from api.settings import Settings
from graph.errors import UnknownPack

app = typer.Typer()

PackFile = Annotated[Path, typer.Argument(metavar="FILE", help="A rule pack in TOML.")]


@app.command("list", epilog="Example: linkreach pack list")
def list_packs(context: typer.Context) -> None:
    """List the packs in the graph, with the hash of each one's text."""
    settings: Settings = context.obj
    from graph.rules import rulepack

    with graph_of(settings) as database:
        packs = database.read(rulepack.loaded_packs())
    show(rows_table(("name", "hash"), packs.items()))


@app.command("show", epilog="Example: linkreach pack show article > my-pack.toml")
def show_pack(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A pack in the graph, or one that ships.")],
) -> None:
    """Print the text of a pack: the start of one of your own."""
    settings: Settings = context.obj
    from graph.rules import rulepack

    if name in rulepack.SHIPPED:
        typer.echo(rulepack.shipped_pack(name).text, nl=False)
        return
    with graph_of(settings) as database:
        text = database.read(rulepack.pack_text(name))
        loaded = database.read(rulepack.loaded_packs())
    if text is None:
        raise UnknownPack(f"no rule pack {name!r} is loaded; there are {', '.join(loaded or rulepack.SHIPPED)}")
    typer.echo(text, nl=False)


@app.command("check", epilog="Example: linkreach pack check my-pack.toml")
def check_pack(file: PackFile) -> None:
    """Say what is wrong with a pack file.

    Names file, key and reason of each mistake, and needs no server.
    """
    from graph.rules import rulepack

    pack = rulepack.read_pack(file)
    typer.echo(f"{file} is right: pack {pack.name}, {len(pack.tiers)} tiers, hash {pack.hash}")


@app.command("load", epilog="Example: linkreach pack load my-pack.toml")
def load_pack(context: typer.Context, file: PackFile) -> None:
    """Put a pack into the graph, in place of any pack of its name."""
    settings: Settings = context.obj
    from graph.driver import schema
    from graph.rules import rulepack

    pack = rulepack.read_pack(file)
    with graph_of(settings) as database:
        schema.apply(database)
        database.write(rulepack.save_pack(pack))
    say(f"pack {pack.name} is loaded: ask with --pack {pack.name}")
