"""Measures the service under load on a network of 100,000 members, as `make api-load` does.

First one question after the other, by turns over HTTP and by a bare driver that sends the same statement.
Then an open loop, which sends at a rate whether or not answers come: the highest that it holds, and five times that.
The network is generated and loaded once, in a folder that stays.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import neo4j

from api.http.routes.reach import WINDOW
from graph.driver.connection import Address
from graph.driver.query import Query
from graph.questions.reach import PageBounds, ReachFilter, reach_page
from graph.questions.verdicts import verdicts
from graph.server.server import Server
from graph.world import World

PROGRAM = Path(sys.executable).with_name("linkreach")
AT = "2026-11-23T00:00:00Z"
SEED = 20261123
BATCH = 100
RATES = (5, 10, 20, 40, 60, 80, 120, 160, 240, 320, 480, 640)


@dataclass(frozen=True)
class Kind:
    """One kind of question: as bytes of HTTP, and as the query that stands behind it."""

    name: str
    http: Callable[[], bytes]
    query: Callable[[], Query[Any]]


@dataclass
class Heard:
    """Statuses and seconds of many answers."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.seconds.append(seconds)

    def line(self) -> str:
        """Percentiles in milliseconds."""
        return " ".join(f"p{percent} {percentile(self.seconds, percent) * 1000:,.1f}" for percent in (50, 95, 99))


def percentile(values: Sequence[float], percent: int) -> float:
    return sorted(values)[-(-percent * len(values) // 100) - 1]


def prepared(home: Path, members: int) -> None:
    """The network, generated and loaded once."""
    files = home / "network"
    environment = {**os.environ, "LINKREACH_HOME": str(home)}
    if not (home / "loaded").exists():
        home.mkdir(parents=True, exist_ok=True)
        shape = ["--members", str(members), "--mean-degree", "48", "--seed", "1"]
        subprocess.run([PROGRAM, "generate", files, *shape], check=True, env=environment)
        subprocess.run([PROGRAM, "load", files, "--rejects", home / "rejects.csv"], check=True, env=environment)
        (home / "loaded").touch()
    subprocess.run([PROGRAM, "neo4j", "start"], check=True, env=environment, stdout=subprocess.DEVNULL)


def kinds(ids: Sequence[str]) -> list[Kind]:
    """The three kinds; HTTP and query draw the same members, each from a generator of its own."""
    at = datetime(2026, 11, 23, tzinfo=UTC)

    def drawing() -> Callable[[int], list[str]]:
        draw = random.Random(SEED)
        return lambda count: draw.sample(ids, count)

    def get(path: str, **asked: Any) -> bytes:
        return f"GET {path}?{urlencode(asked)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    def check(draw: Callable[[int], list[str]]) -> bytes:
        sender, recipient = draw(2)
        return get("/v1/check", sender=sender, recipient=recipient, at=AT)

    def pairs(draw: Callable[[int], list[str]]) -> list[tuple[str, str]]:
        found = draw(2 * BATCH)
        return list(zip(found[:BATCH], found[BATCH:], strict=True))

    def one_pair(draw: Callable[[int], list[str]]) -> tuple[str, str]:
        sender, recipient = draw(2)
        return sender, recipient

    def batch(draw: Callable[[int], list[str]]) -> bytes:
        asked = {"pairs": [{"sender": sender, "recipient": recipient} for sender, recipient in pairs(draw)], "at": AT}
        body = json.dumps(asked).encode()
        head = "POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def both(name: str, http: Callable[..., bytes], query: Callable[[Callable[[int], list[str]]], Query[Any]]) -> Kind:
        one, other = drawing(), drawing()
        return Kind(name, lambda: http(one), lambda: query(other))

    world = World(at, "article")
    page = PageBounds(limit=100, window=WINDOW)
    return [
        both("check", check, lambda draw: verdicts([one_pair(draw)], world).map(lambda found: found[0])),
        both(f"batch of {BATCH}", batch, lambda draw: verdicts(pairs(draw), world)),
        both(
            "reach, a page of 100",
            lambda draw: get(f"/v1/members/{draw(1)[0]}/reach", at=AT, as_tier="business"),
            lambda draw: reach_page(draw(1)[0], replace(world, as_tier="business"), ReachFilter(), page),
        ),
    ]


class Http:
    """Requests over connections that are kept."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def ask(self, request: bytes) -> tuple[int, float]:
        """The status of the answer, and the seconds until it was whole."""
        began = time.perf_counter()
        while self._free:  # one that was not used for some seconds is closed, perhaps at this moment
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                return await self._sent(*self._free.pop(), request), time.perf_counter() - began
        connection = await asyncio.open_connection("127.0.0.1", self._port)
        return await self._sent(*connection, request), time.perf_counter() - began

    async def _sent(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length, head
        await reader.readexactly(int(length[1]))
        self._free.append((reader, writer))
        return int(head[9:12])


async def by_turns(http: Http, address: Address, kind: Kind, count: int) -> None:
    """One question after the other, by HTTP and by the driver; as many before, until both programs run warm."""
    over_http, bare = Heard(), []
    async with neo4j.AsyncGraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    ) as driver:

        async def sent_bare(query: Query[Any]) -> float:
            began = time.perf_counter()
            async with driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
                result = await session.run(query.statement.text, dict(query.parameters))
                _ = [record async for record in result]
            return time.perf_counter() - began

        for number in range(-count, count):
            request, query = kind.http(), kind.query()
            await sent_bare(query)  # so that both read from memory, by a plan that is there
            if number % 2:
                seconds_bare = await sent_bare(query)
                status, seconds = await http.ask(request)
            else:
                status, seconds = await http.ask(request)
                seconds_bare = await sent_bare(query)
            if number >= 0:
                over_http.add(status, seconds)
                bare.append(seconds_bare)
    more = (statistics.median(over_http.seconds) - statistics.median(bare)) * 1000
    driver_line = Heard(seconds=bare).line()
    print(f"{kind.name}: over HTTP {over_http.line()} ms · bare driver {driver_line} ms · {more:+.1f} ms at p50")
    assert {200} == set(over_http.statuses), over_http.statuses


async def at_rate(http: Http, kind: Kind, rate: float, seconds: float) -> tuple[Heard, float]:
    """Sends so many a second; what was heard, and seconds from the last question to the last answer."""
    heard = Heard()

    async def one() -> None:
        heard.add(*await http.ask(kind.http()))

    began = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one()))
    last = time.perf_counter()
    await asyncio.gather(*tasks)
    return heard, time.perf_counter() - last


async def open_loop(http: Http, kind: Kind, seconds: float) -> None:
    """The highest rate of the list that is held: all is answered, and the last answer comes within a second."""
    held: tuple[int, Heard] | None = None
    for rate in RATES:
        heard, after = await at_rate(http, kind, rate, seconds)
        if {200} != set(heard.statuses) or after > 1:
            break
        held = rate, heard
    if held is None:
        print(f"{kind.name}: not even {RATES[0]} a second are held")
        return
    rate, heard = held
    print(f"{kind.name}: holds {rate} a second: {heard.line()} ms")
    heard, after = await at_rate(http, kind, 5 * rate, seconds)
    ended = time.perf_counter()
    well = 0
    while well < 5:
        status, _ = await http.ask(kind.http())
        well = well + 1 if status == 200 else 0
    print(
        f"{kind.name}: at {5 * rate} a second: {dict(sorted(heard.statuses.items()))}, {heard.line()} ms; "
        f"the last answer {after:.1f} s after the last question, well again {time.perf_counter() - ended:.1f} s later"
    )
    assert {200, 429, 503} >= set(heard.statuses), heard.statuses


async def measured(port: int, address: Address, ids: Sequence[str], count: int, seconds: float) -> None:
    for kind in kinds(ids):
        await by_turns(Http(port), address, kind, count)
    for kind in kinds(ids):
        await open_loop(Http(port), kind, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".api-load"))
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--count", type=int, default=200, help="questions of each kind, one after the other")
    parser.add_argument("--seconds", type=float, default=10, help="of each rate of the open loop")
    options = parser.parse_args()
    home = options.home.resolve()
    prepared(home, options.members)
    lines = (home / "network" / "members.csv").read_text("utf-8").splitlines()
    ids = [line.partition(",")[0] for line in lines[1:]]
    running = Server(home).status()
    assert running is not None
    service = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"],
        env={**os.environ, "LINKREACH_HOME": str(home)},
        stderr=(home / "serve.log").open("w+"),
    )
    try:
        while not (bound := re.search(r"127\.0\.0\.1:(\d+)", (home / "serve.log").read_text("utf-8"))):
            time.sleep(0.1)
        print(f"{len(ids):,} members, load of the machine {os.getloadavg()[0]:.1f}")
        asyncio.run(measured(int(bound[1]), running.address, ids, options.count, options.seconds))
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait()
        Server(home).stop()


if __name__ == "__main__":
    main()
