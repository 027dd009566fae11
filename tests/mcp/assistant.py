"""An assistant as the tools have it: the official client, over the pipes of a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.shared.dispatcher import ProgressFnT
from mcp.types import CallToolResult, Tool

from graph.driver.connection import Address
from tests.support.terminal import PROGRAM


class Assistant:
    """Lists the tools and calls them; the client compares what comes with the schema of each."""

    def __init__(self, portal: BlockingPortal, client: Client, desk: Path) -> None:
        self._portal, self._client, self.desk = portal, client, desk
        self.asked = 0

    @property
    def instructions(self) -> str:
        """What the server tells an assistant before it asks."""
        return self._client.instructions or ""

    def tools(self) -> list[Tool]:
        """The tools that there are."""
        return self._portal.call(self._client.list_tools).tools

    def call(self, tool: str, arguments: dict[str, Any], hear: ProgressFnT | None = None) -> CallToolResult:
        """How a call ends, well or not; `hear` is told how far it is."""
        self.asked += 1
        call = partial(self._client.call_tool, tool, arguments, progress_callback=hear)
        result: CallToolResult = self._portal.call(call)
        return result

    def call_for(self, seconds: float, tool: str, arguments: dict[str, Any]) -> None:
        """A call that is cancelled after so long; raises TimeoutError."""

        async def call() -> None:
            with anyio.fail_after(seconds):
                await self._client.call_tool(tool, arguments)

        self._portal.call(call)

    def told(self, tool: str, **arguments: Any) -> Any:
        """The answer itself, of a call that has one."""
        result = self.call(tool, arguments)
        assert not result.is_error, result.content
        return result.structured_content

    def problem(self, tool: str, **arguments: Any) -> dict[str, str]:
        """The problem with a call that has no answer."""
        result = self.call(tool, arguments)
        assert result.is_error
        return dict(result.structured_content)


@contextmanager
def assistant(address: Address, folder: Path) -> Iterator[Assistant]:
    """An assistant that asks the graph at an address; what its server says beside its answers is in a log in `folder`.

    The server runs in `desk`, an empty folder there.
    """
    password, desk = folder / "password", folder / "desk"
    password.touch(mode=0o600)
    password.write_text(address.password, encoding="utf-8")
    desk.mkdir()
    settings = {
        "LINKREACH_HOME": str(folder / "home"),
        "LINKREACH_NEO4J_URI": address.uri,
        "LINKREACH_NEO4J_USER": address.user,
        "LINKREACH_NEO4J_PASSWORD_FILE": str(password),
        "LINKREACH_NEO4J_DATABASE": address.database or "",
    }
    server = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=settings, cwd=desk)
    with (
        (folder / "log").open("w", encoding="utf-8") as errors,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(server, errlog=errors))) as client,
    ):
        yield Assistant(portal, client, desk)
