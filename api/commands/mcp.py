"""`linkreach mcp`: the tools of an assistant."""

from __future__ import annotations

import typer

from graph.errors import InvalidInput
from linkreach.session import Session


def mcp(context: typer.Context) -> None:
    """Answer an assistant, on standard input and output (MCP).

    It is started by the assistant's program, which is told of this command once.
    Its tools find members, judge pairs, match lists, list whom somebody reaches, plan, run reports and compare worlds;
    none of them writes.
    """
    try:
        from api.mcp.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise InvalidInput("the tools of an assistant need a package more: pip install 'linkreach[mcp]'") from error
    with Session(context.obj) as session:
        serve(session)
