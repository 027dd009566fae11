"""An assistant that waits hears how far its call is, and a call that it cancels ends."""

from __future__ import annotations

import time
from itertools import count
from pathlib import Path

import anyio
import pytest

from api.mcp.waiting import progress
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.mcp.assistant import assistant

AT = "2026-11-23"


def test_a_call_that_takes_a_while_tells_what_it_does(
    module_sample: Database, address: Address, tmp_path: Path
) -> None:
    assert module_sample
    told: list[tuple[float, str | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        assert total is None
        told.append((progress, message))

    with assistant(address, tmp_path) as asker:
        answer = asker.call("report", {"report": "member_reach", "at": AT, "rows": 1}, hear)
    assert not answer.is_error
    assert told == sorted(told)
    assert all(what for _, what in told)
    assert told


def test_a_call_that_is_cancelled_ends() -> None:
    def work() -> None:
        for number in count():
            progress("counting", number, None)
            time.sleep(0.01)

    async def wait() -> bool:
        with anyio.move_on_after(0.2) as patience:
            await anyio.to_thread.run_sync(work)
        return patience.cancelled_caught

    assert anyio.run(wait)


def test_a_call_that_is_cancelled_over_the_wire_holds_no_other(
    module_sample: Database, address: Address, tmp_path: Path
) -> None:
    assert module_sample
    with assistant(address, tmp_path) as asker:
        with pytest.raises(TimeoutError):
            asker.call_for(0.2, "report", {"report": "member_reach", "at": AT})
        assert asker.told("find", text="deepak khan")["found"]
