"""Measures what attackers without a key cost a caller who has one, as `make api-attack` does.

The caller asks one question after the other, alone and beside each attack; more than twice as long is too much.
The service has the sample network, in a folder that stays; `--program` measures another linkreach than this one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import psutil

from tests.http.load import Heard, percentile

PROGRAM = Path(sys.executable).with_name("linkreach")
SLOW_HEADS = 3_000
ENDLESS_HEADS = 20
BODIES = 200
ROUNDS = 5  # of alone and beside in turn: what else a machine does changes
FILES = 1_024  # that a process may have open, as most systems have it
ASK = "/v1/check?sender=8796093022357&recipient=4398046511333&at=2026-11-23"
HEAD = b"GET /v1/packs HTTP/1.1\r\nHost: localhost\r\n"

Attack = Callable[[int], Awaitable[None]]


async def a_moment() -> None:
    """Attackers know nothing of each other."""
    await asyncio.sleep(random.uniform(0.5, 1.5))


async def slow_head(port: int) -> None:
    """A head of which a field comes every few seconds; from the start again, where it is cut off."""
    while True:
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HEAD)
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(5):
                        await reader.readexactly(1)
                        break
                writer.write(b"A: b\r\n")
            writer.close()
        await a_moment()


async def endless_head(port: int) -> None:
    """A head that goes on as fast as it is taken."""
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(HEAD + b"A: ")
            while not writer.is_closing():
                writer.write(b"a" * (1 << 16))
                await writer.drain()
        await a_moment()


async def awaited_body(port: int) -> None:
    """A question whose body never comes."""
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
            await reader.read()
            writer.close()
        await a_moment()


ATTACKS: dict[str, tuple[int, Attack]] = {
    f"{SLOW_HEADS:,} slow heads": (SLOW_HEADS, slow_head),
    f"{ENDLESS_HEADS} endless heads": (ENDLESS_HEADS, endless_head),
    f"{BODIES} bodies that never come": (BODIES, awaited_body),
}


class Caller:
    """Somebody with a key, who asks one question after the other, each over a connection of its own."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        head = f"GET {ASK} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nConnection: close\r\n\r\n"
        self._request = head.encode()

    async def ask(self) -> int:
        """The status of the answer; 0 where there is none within ten seconds."""
        try:
            async with asyncio.timeout(10):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.write(self._request)
                answer = await reader.read()
                writer.close()
                return int(answer[9:12] or 0)
        except (OSError, TimeoutError):
            return 0

    async def asks_for(self, seconds: float) -> Heard:
        """What is heard in so many seconds, at most twenty times in each."""
        heard = Heard()
        ends = time.perf_counter() + seconds
        while (began := time.perf_counter()) < ends:
            status = await self.ask()
            heard.add(status, time.perf_counter() - began)
            await asyncio.sleep(max(0.0, 0.05 - (time.perf_counter() - began)))
        return heard


async def attacked(attack: str, port: int) -> None:
    """Attacks until it is ended: a process of its own, as attackers have their own machines."""
    count, one = ATTACKS[attack]
    await asyncio.gather(*(one(port) for _ in range(count)))


def add(heard: Heard, more: Heard) -> None:
    heard.statuses += more.statuses
    heard.seconds += more.seconds


async def measured(service: subprocess.Popen[str], port: int, key: str, seconds: float) -> bool:
    """Prints a line for each attack; returns whether each was borne."""
    caller = Caller(port, key)
    while await caller.ask() != 200:  # until it is up and its plans are made
        await asyncio.sleep(0.5)
    await caller.asks_for(seconds)  # until Neo4j has compiled what it runs
    borne = True
    process = psutil.Process(service.pid)
    for attack in ATTACKS:
        alone, beside, most = Heard(), Heard(), 0
        for _ in range(ROUNDS):
            add(alone, await caller.asks_for(seconds / ROUNDS))
            attacker = subprocess.Popen(
                [sys.executable, "-m", "tests.http.attack", "--as", attack, "--port", str(port)]
            )
            try:
                await asyncio.sleep(2)
                add(beside, await caller.asks_for(seconds / ROUNDS))
                most = max(most, process.memory_info().rss)
            finally:
                attacker.kill()
                attacker.wait()
            await asyncio.sleep(1)
        before, after = (percentile(each.seconds, 95) for each in (alone, beside))
        borne &= after < 2 * before and {200} == set(beside.statuses)
        print(
            f"{attack}: alone {alone.line()} ms, beside {beside.line()} ms: p95 × {after / before:.1f}; "
            f"{dict(sorted(beside.statuses.items()))}; {most >> 20} MiB at most",
            flush=True,
        )
    return borne


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".api-attack"))
    parser.add_argument("--program", type=Path, default=PROGRAM, help="another linkreach, to be measured")
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement")
    parser.add_argument("--as", dest="attack", choices=ATTACKS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.attack:
        asyncio.run(attacked(options.attack, options.port))
    home = options.home.resolve()
    environment = {**os.environ, "LINKREACH_HOME": str(home)}

    def linkreach(*arguments: object) -> str:
        typed = [options.program, *map(str, arguments)]
        return subprocess.run(typed, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout

    if not (home / "loaded").exists():
        home.mkdir(parents=True, exist_ok=True)
        from graph.sample import FOLDER

        linkreach("load", FOLDER, "--rejects", home / "rejects.csv")
        (home / "loaded").touch()
    linkreach("neo4j", "start")
    name = f"caller-{time.time_ns()}"
    key = linkreach("key", "new", name, "--scope", "read").strip()
    service = subprocess.Popen(
        [options.program, "serve", "--port", "0", "--require-key"],
        env=environment,
        stderr=(home / "serve.log").open("w"),
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES)),
    )
    try:
        while not (bound := re.search(r"127\.0\.0\.1:(\d+)", (home / "serve.log").read_text("utf-8"))):
            time.sleep(0.1)
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        borne = asyncio.run(measured(service, int(bound[1]), key, options.seconds))
        print(f"load of the machine {os.getloadavg()[0]:.1f}; {'each is borne' if borne else 'not each is borne'}")
    finally:
        service.send_signal(signal.SIGTERM)
        try:
            service.wait(30)
        except subprocess.TimeoutExpired:
            service.kill()
        linkreach("key", "remove", name)
        linkreach("neo4j", "stop")


if __name__ == "__main__":
    main()
