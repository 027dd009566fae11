"""The service while its Neo4j is killed, comes back, or says nothing any more; and while too much is asked of it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.requests import UNDER_WAY
from api.http.service import Options
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.loading import loading
from graph.questions import verdicts
from graph.rules import pack_store, rule_pack
from graph.sample import FOLDER
from graph.server.server import RunningServer, Server
from graph.sources import open_source
from graph.world import World
from tests.http.service import PATIENCE, serving, until_ready
from tests.http.wire import wire

pytestmark = pytest.mark.long

DEADLINE = 3.0
ASKERS = 4
PAIRS = (("8796093022357", "4398046511333"), ("6597069766722", "94"), ("4398046511315", "8796093022363"))


@dataclass
class Asking:
    """Many who ask the same few pairs all the time, and what they hear."""

    expected: dict[tuple[str, str], Any]
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[Any] = field(default_factory=list)
    longest: float = 0.0
    heard: list[tuple[float, int]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, client: httpx.Client) -> None:
        """Asks until it is over."""
        while not self.over.is_set():
            for sender, recipient in PAIRS:
                began = time.monotonic()
                answer = client.get("/v1/check", params={"sender": sender, "recipient": recipient, "at": "2026-11-23"})
                ended = time.monotonic()
                self.longest = max(self.longest, ended - began)
                self.statuses[answer.status_code] += 1
                self.heard.append((ended, answer.status_code))
                if answer.status_code == 200 and answer.json() != self.expected[sender, recipient]:
                    self.wrong.append(answer.json())
                if answer.status_code != 200:
                    self.over.wait(0.05)

    def wait_for(self, status: int, count: int = 20) -> None:
        """Returns when this status has been heard so many times more."""
        there = self.statuses[status]
        while self.statuses[status] < there + count:
            assert not self.over.wait(0.05)

    def well_again(self, since: float) -> float:
        """Seconds from an instant to the first answer that no refusal follows."""
        last_refusal = max((at for at, status in self.heard if status != 200), default=since)
        return min(at for at, status in self.heard if at > last_refusal) - since


@contextmanager
def asking(client: httpx.Client) -> Iterator[Asking]:
    expected = {}
    for sender, recipient in PAIRS:
        answer = client.get("/v1/check", params={"sender": sender, "recipient": recipient, "at": "2026-11-23"})
        assert 200 == answer.status_code, answer.text
        expected[sender, recipient] = answer.json()
    found = Asking(expected)
    threads = [threading.Thread(target=found.ask, args=(client,)) for _ in range(ASKERS)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        found.over.set()
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def running(mortal: Server) -> RunningServer:
    running = mortal.start()
    with Database(running.address) as database:
        schema.apply(database)
        for name in rule_pack.SHIPPED:
            database.write(pack_store.save_pack(rule_pack.shipped_pack(name)))
        tiers = database.read(pack_store.loaded_tiers())
        loading.load(database, open_source(FOLDER), tiers=tiers, reject=lambda _: None, replace=True)
    return running


@pytest.fixture
def say(pytestconfig: pytest.Config) -> Callable[[str], None]:
    return lambda line: pytestconfig.get_terminal_writer().write(f"\n{line}\n") and None  # type: ignore[func-returns-value]


def test_a_killed_neo4j_is_told_at_once_and_its_return_too(
    mortal: Server, running: RunningServer, tmp_path: Path, say: Callable[[str], None]
) -> None:
    with (
        serving(Options(running.address, tmp_path, deadline=PATIENCE)) as service,
        asking(service.client) as heard,
    ):
        heard.wait_for(200)
        os.kill(running.pid, signal.SIGKILL)
        heard.wait_for(503)
        assert 503 == service.client.get("/readyz").status_code
        assert 200 == service.client.get("/healthz").status_code
        mortal.start()
        back = time.monotonic()
        answered = _first_answer(running.address)
        heard.wait_for(200)
        until_ready(service.client)  # which is later: first answers have to be quick again
    assert {200, 503} == set(heard.statuses)
    assert [] == heard.wrong
    say(
        f"killed: {heard.statuses[200]:,} right, {heard.statuses[503]:,} refused, 0 wrong; "
        f"longest wait {heard.longest:.2f} s, well {heard.well_again(back):.2f} s after its ports opened "
        f"and {heard.well_again(answered):+.2f} s after it answered a driver that asked the same"
    )


def test_a_wire_that_swallows_everything_holds_nobody_longer_than_the_deadline(
    mortal: Server, tmp_path: Path, say: Callable[[str], None]
) -> None:
    running = mortal.start()
    swallows = threading.Event()

    def swallowed(data: bytes) -> Iterator[bytes]:
        if not swallows.is_set():
            yield data

    with wire(running.bolt_port, asked=swallowed, answered=swallowed) as port:
        address = Address(f"bolt://127.0.0.1:{port}", running.address.user, running.address.password)
        with serving(Options(address, tmp_path, deadline=DEADLINE)) as service:
            while service.client.get("/v1/check", params=_pair()).status_code != 200:
                pass  # until its plan is made
            with asking(service.client) as heard:
                heard.wait_for(200)
                swallows.set()
                heard.wait_for(503)
                swallows.clear()
                back = time.monotonic()
                heard.wait_for(200)
    assert {200, 503} == set(heard.statuses)
    assert [] == heard.wrong
    say(
        f"cut off: {heard.statuses[200]:,} right, {heard.statuses[503]:,} refused, 0 wrong; "
        f"longest wait {heard.longest:.2f} s at a deadline of {DEADLINE:g} s, "
        f"well {heard.well_again(back):.2f} s after it spoke again"
    )


def _first_answer(address: Address) -> float:
    """Asks a Neo4j that has just started as the service does, and returns the instant of the answer."""
    with Database(address) as database:
        database.read(verdicts.verdict(*PAIRS[0], World(datetime(2026, 11, 23, tzinfo=UTC), "article")))
    return time.monotonic()


def _pair() -> dict[str, str]:
    return {"sender": PAIRS[0][0], "recipient": PAIRS[0][1], "at": "2026-11-23"}


def test_a_load_under_way_is_told_and_nothing_is_answered_meanwhile(
    module_sample: Database, address: Address, tmp_path: Path
) -> None:
    with serving(Options(address, tmp_path, deadline=PATIENCE)) as service:
        client = service.client
        cursor = client.get("/v1/members/96/reach", params={"limit": 1}).json()["next"]
        module_sample.explain("MATCH (s:GraphState) SET s.loading = true", {}, profile=True)
        try:
            for path, asked in (("/v1/check", _pair()), ("/v1/members/96/reach", {}), ("/v1/members/96", {})):
                answer = client.get(path, params=asked)
                assert (503, "1") == (answer.status_code, answer.headers["retry-after"])
                assert "urn:linkreach:problem:graph-loading" == answer.json()["type"]
            while client.get("/readyz").status_code != 503:
                pass
        finally:
            module_sample.explain(
                "MATCH (s:GraphState) SET s.loading = false, s.version = s.version + 1", {}, profile=True
            )
        while client.get("/readyz").status_code != 200:
            pass
        answer = client.get("/v1/members/96/reach", params={"limit": 1, "cursor": cursor})
        assert (409, "urn:linkreach:problem:graph-changed") == (answer.status_code, answer.json()["type"])


def test_more_than_can_be_answered_is_refused_at_once_and_never_piles_up(
    module_sample: Database, address: Address, tmp_path: Path
) -> None:
    assert module_sample
    many = 4 * UNDER_WAY
    with serving(Options(address, tmp_path, deadline=PATIENCE, at_once=1)) as service:
        assert 200 == service.client.get("/v1/members/96/reach", params={"limit": "all"}).status_code
        limits = httpx.Limits(max_connections=many)
        statuses: Counter[int] = Counter()

        def ask() -> None:
            answer = client.get("/v1/members/96/reach", params={"limit": "1000"})
            statuses[answer.status_code] += 1
            assert answer.status_code != 503 or answer.headers["retry-after"]

        base = str(service.client.base_url)
        with httpx.Client(base_url=base, limits=limits, timeout=PATIENCE) as client:
            threads = [threading.Thread(target=ask) for _ in range(many)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert {200, 503} == set(statuses)
            assert many == statuses.total()
            assert 200 == client.get("/v1/members/96/reach").status_code
