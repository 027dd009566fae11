"""`linkreach key`: who may ask over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from api.keys import SCOPES, KeyFile
from api.output import put, rows_table, say, show
from linkreach.settings import Settings

app = typer.Typer()

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the key is called in the log.")]


@app.command(epilog="Example: linkreach key new dashboard --scope read --scope report")
def new(
    context: typer.Context,
    name: Name,
    scope: Annotated[
        list[str],
        typer.Option(
            help="read: ask everything; report: start a report; load: load a network; "
            "audit: also read who has blocked whom. May repeat."
        ),
    ],
    sender: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID", help="Ask for this sender alone, and read whom they themselves have blocked. May repeat."
        ),
    ] = None,
) -> None:
    """Make a key and print it, this once: only its hash is kept.

    No scope implies another.
    A key that is bound to senders asks for these alone, and nothing about everybody.
    """
    settings: Settings = context.obj
    keys = KeyFile(settings.keys_file())
    secret = keys.new(name, scope, sender or ())
    bound = f" for the sender {', '.join(dict.fromkeys(sender))}" if sender else ""
    say(
        f"key {name} with the scope {', '.join(each for each in SCOPES if each in scope)}{bound}, "
        f"its hash in {keys.path}; send it in the header X-Api-Key:"
    )
    put(secret)


@app.command("list", epilog="Example: linkreach key list")
def list_keys(context: typer.Context) -> None:
    """List the keys by name, with their scopes and senders."""
    settings: Settings = context.obj
    rows = (
        (key.name, ", ".join(key.scopes), ", ".join(key.senders or ())) for key in KeyFile(settings.keys_file()).all()
    )
    show(rows_table(("name", "scopes", "senders"), rows))


@app.command(epilog="Example: linkreach key remove dashboard")
def remove(context: typer.Context, name: Name) -> None:
    """Remove a key.

    From now on it opens nothing, also at a service that runs.
    """
    settings: Settings = context.obj
    KeyFile(settings.keys_file()).remove(name)
    say(f"key {name} is removed")
