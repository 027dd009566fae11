"""`linkreach serve`: the query API and the page for people."""

from __future__ import annotations

import gc
import socket
from typing import Annotated

import typer

from api.keys import KeyFile
from api.loopback import is_loopback
from api.output import say
from graph.errors import InvalidInput
from linkreach.connection import address
from linkreach.settings import Settings

_OBJECTS_BETWEEN_COLLECTIONS = 50_000  # Python says some hundreds


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on; any but loopback takes keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any that is free.")] = 8000,
    require_key: Annotated[
        bool, typer.Option("--require-key", help="Take keys on loopback, too: for a proxy on this machine.")
    ] = False,
) -> None:
    """Answer over HTTP, programs and people.

    The API has its manual at /docs, and / is a page for people.
    On loopback it needs no key, unless --require-key says so.
    On any other address every request does: linkreach key new.
    Ends with Ctrl-C or SIGTERM, once what is under way is answered.
    """
    settings: Settings = context.obj
    keys = None if is_loopback(host) and not require_key else KeyFile(settings.keys_file())
    if keys is not None and not keys.all():
        why = "a key is required" if require_key else f"{host} is no loopback address"
        raise InvalidInput(
            f"{why}, and there are no keys in {keys.path}: linkreach key new NAME --scope read makes one"
        )
    listener = _listener(host, port)
    from api.http.app import create_app
    from api.http.logs import set_up
    from api.http.server import server_of
    from api.http.service import Options

    set_up()
    app = create_app(
        Options(
            address(settings),
            settings.home,
            settings.pack,
            keys,
            upload_bytes=settings.upload_bytes,
            upload_files=settings.upload_files,
        )
    )
    _collect_garbage_seldom()
    bound = listener.getsockname()[1]
    say(f"listening on http://{f'[{host}]' if ':' in host else host}:{bound}/ (its manual: /docs); Ctrl-C ends it")
    server_of(app).run(sockets=[listener])


def _collect_garbage_seldom() -> None:
    """What is there by now stays, and a large answer is a thousand objects: to look through them holds up answers."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def _listener(host: str, port: int) -> socket.socket:
    """Listens already: whoever asks before the service is up has to wait, and is not turned away."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise InvalidInput(
            f"cannot listen on {host}, port {port} ({error.strerror}): choose others with --host and --port"
        ) from error
