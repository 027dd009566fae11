"""The parts that all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.server import Running, Server


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A real Neo4j, started once for the run, in a home of its own; its files come from the user's cache."""
    say = request.config.pluginmanager.getplugin("terminalreporter").write_line
    home = Server(tmp_path_factory.mktemp("home"))
    try:
        yield home.start(say)
    finally:
        home.stop(say)
