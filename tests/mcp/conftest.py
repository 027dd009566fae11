"""What the tests of the tools share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graph.driver.connection import Address
from tests.mcp.assistant import Assistant, assistant


@pytest.fixture(scope="module")
def asker(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant that asks that Neo4j, for all tests of a module."""
    with assistant(address, tmp_path_factory.mktemp("assistant")) as asker:
        yield asker
