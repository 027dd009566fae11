"""`linkreach serve`: the query API and the page for people."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer

from api.connection import address
from api.keys import KeyFile
from api.output import say
from api.settings import Settings
from graph.errors import InvalidInput

STOP_SECONDS = 15


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="The address to listen on; any but loopback takes keys.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any that is free.")] = 8000,
) -> None:
    """Answer over HTTP, programs and people.

    The API has its manual at /docs, and / is a page for people.
    On loopback it needs no key. On any other address every request does: linkreach key new.
    Ends with Ctrl-C or SIGTERM, once what is under way is answered.
    """
    settings: Settings = context.obj
    keys = None if _is_loopback(host) else KeyFile(settings.keys_file())
    if keys is not None and not keys.all():
        raise InvalidInput(
            f"{host} is no loopback address, and there are no keys in {keys.path}: "
            "linkreach key new NAME --scope read makes one"
        )
    import uvicorn

    from api.http.app import create_app
    from api.http.logs import set_up
    from api.http.service import Options

    set_up()
    app = create_app(Options(address(settings), settings.home, settings.pack, keys))
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        timeout_graceful_shutdown=STOP_SECONDS,
        lifespan="on",
    )
    socket = config.bind_socket()
    bound = socket.getsockname()[1]
    say(f"listening on http://{f'[{host}]' if ':' in host else host}:{bound}/ (its manual: /docs); Ctrl-C ends it")
    uvicorn.Server(config).run(sockets=[socket])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
