"""An assistant as the tools have it: the official client, over the pipes of a process of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult, Tool

from tests.support.terminal import PROGRAM


class Assistant:
    """Lists the tools and calls them; the client compares what comes with the schema of each."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal, self._client = portal, client
        self.asked = 0

    @property
    def instructions(self) -> str:
        """What the server tells an assistant before it asks."""
        return self._client.instructions or ""

    def tools(self) -> list[Tool]:
        """The tools that there are."""
        return self._portal.call(self._client.list_tools).tools

    def call(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        """How a call ends, well or not."""
        self.asked += 1
        result: CallToolResult = self._portal.call(self._client.call_tool, tool, arguments)
        return result

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
def assistant(log: Path) -> Iterator[Assistant]:
    """An assistant with the settings of this process; what the server says beside its answers goes into `log`."""
    settings = {name: value for name, value in os.environ.items() if name.startswith("LINKREACH_")}
    server = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=settings)
    with (
        log.open("w", encoding="utf-8") as errors,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(server, errlog=errors))) as client,
    ):
        yield Assistant(portal, client)
