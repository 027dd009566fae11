"""Before anything is asked: what a connection may cost, and what waits for nothing and nobody."""

from __future__ import annotations

import json
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from api.http.connections import Bounds
from api.http.requests import BODIES_AWAITED, BODY_BYTES, UNDER_WAY
from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from tests.http.service import PATIENCE, serving

GET = b"GET /v1 HTTP/1.1\r\nHost: localhost\r\n"
IN_A_MOMENT = 0.2
MANY = UNDER_WAY + 2


@contextmanager
def connected(port: int, sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        yield connection


def answer(connection: socket.socket) -> tuple[int, str, bytes]:
    """Status, kind of the problem or '' and body of the next answer; 0 where the connection ends without one."""
    with connection.makefile("rb") as file:
        try:
            status = file.readline()
        except ConnectionError:
            status = b""
        if not status:
            return 0, "", b""
        headers = {}
        while (line := file.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            headers[name.strip().lower()] = value.strip()
        body = file.read(int(headers.get(b"content-length", 0)))
    is_problem = headers[b"content-type"] == b"application/problem+json"
    kind = json.loads(body)["type"].removeprefix("urn:linkreach:problem:") if is_problem else ""
    if is_problem:
        assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
        assert json.loads(body)["request_id"] == headers[b"x-request-id"].decode()
    return int(status.split()[1]), kind, body


def is_over(connection: socket.socket) -> bool:
    """Whether the other side ends the connection without a further word; waits until it does, or speaks."""
    try:
        return connection.recv(1) == b""
    except ConnectionError:
        return True


@pytest.fixture(scope="module")
def no_graph() -> Iterator[Address]:
    """Nothing of this asks the graph, so there is only somebody who listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Address(f"bolt://127.0.0.1:{listener.getsockname()[1]}", "neo4j", "")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("keys") / "keys.json")


@pytest.fixture(scope="module")
def port(no_graph: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A service for this machine."""
    with serving(Options(no_graph, tmp_path_factory.mktemp("api"))) as running:
        yield running.port


@pytest.fixture(scope="module")
def keyed(no_graph: Address, tmp_path_factory: pytest.TempPathFactory, keys: KeyFile) -> Iterator[int]:
    """A service for others."""
    with serving(Options(no_graph, tmp_path_factory.mktemp("api"), keys=keys)) as running:
        yield running.port


def post(length: int = 2, key: str | None = None, path: str = "/v1/check", body: bytes = b"") -> bytes:
    """A question with a body, of which only so much is sent."""
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", f"Content-Length: {length}"]
    lines += [] if key is None else [f"X-Api-Key: {key}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


# Heads


HEADS = {
    "a long field": GET + b"A: " + b"a" * (1 << 16) + b"\r\n\r\n",
    "many fields": GET + b"A: b\r\n" * 101 + b"\r\n",
    "a long address": b"GET /v1?member=" + b"a" * (1 << 16) + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a field without end": GET + b"A: " + b"a" * (1 << 20),
    "fields without end": GET + b"A: b\r\n" * (1 << 18),
    "an address without end": b"GET /" + b"a" * (1 << 20),
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_head_above_64_kib_is_refused(port: int, head: bytes) -> None:
    with connected(port) as connection:
        try:
            connection.sendall(head)
        except ConnectionError:
            return  # refused before it was all there
        assert (431, "head-too-large") == answer(connection)[:2]
        assert is_over(connection)


def test_a_head_of_almost_64_kib_is_read(port: int) -> None:
    with connected(port, GET + b"A: " + b"a" * 65_000 + b"\r\n\r\n") as connection:
        assert 200 == answer(connection)[0]


def test_what_is_no_request_is_told_so(port: int) -> None:
    with connected(port, b"hello\r\n\r\n") as connection:
        assert (400, "unreadable-head") == answer(connection)[:2]
        assert is_over(connection)


@pytest.mark.parametrize("asks_before", [False, True])
@pytest.mark.parametrize(
    ("sent", "told"),
    [(GET, (408, "head-too-slow")), (b"G", (408, "head-too-slow")), (b"", (0, "")), (b"\r\n\r\n", (0, ""))],
    ids=["almost whole", "begun", "nothing", "empty lines"],
)
def test_a_head_that_does_not_come_ends_the_connection(
    no_graph: Address, tmp_path: Path, sent: bytes, told: tuple[int, str], asks_before: bool
) -> None:
    with (
        serving(Options(no_graph, tmp_path), Bounds(head_seconds=IN_A_MOMENT)) as running,
        connected(running.port) as connection,
    ):
        if asks_before:
            connection.sendall(GET + b"\r\n")
            assert 200 == answer(connection)[0]
        connection.sendall(sent)
        assert told == answer(connection)[:2]
        assert is_over(connection)


def test_a_body_framed_without_end_ends_the_connection(port: int) -> None:
    head = b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    for frame in (b"2;a=" + b"a" * (1 << 22), b"0\r\n" + b"A: b\r\n" * (1 << 20)):
        with connected(port, head) as connection:
            try:
                connection.sendall(frame)
            except ConnectionError:
                continue
            assert is_over(connection)


def test_what_follows_a_body_is_no_part_of_the_head(keyed: int, keys: KeyFile) -> None:
    key = keys.new("late", ["read"]).encode()
    head = b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
    with connected(keyed, head + b"\r\n2\r\n{}\r\n0\r\nX-Api-Key: " + key + b"\r\n\r\n") as connection:
        assert (401, "key-needed") == answer(connection)[:2]
    with connected(keyed, head + b"X-Api-Key: " + key + b"\r\n\r\n2\r\n{}\r\n0\r\nA: b\r\n\r\n") as connection:
        assert (422, "invalid-request") == answer(connection)[:2]


# Connections


def test_of_too_many_connections_the_one_gives_way_that_has_waited_longest(no_graph: Address, tmp_path: Path) -> None:
    with (
        serving(Options(no_graph, tmp_path), Bounds(connections=3)) as running,
        connected(running.port, GET) as first,
        connected(running.port, GET) as second,
        connected(running.port) as third,
        connected(running.port, GET + b"\r\n") as fourth,
    ):
        assert 200 == answer(fourth)[0]
        assert is_over(first)
        second.sendall(b"\r\n")
        third.sendall(GET + b"\r\n")
        assert (200, 200) == (answer(second)[0], answer(third)[0])


def test_one_who_was_answered_stays_longer_than_one_who_never_asked(no_graph: Address, tmp_path: Path) -> None:
    with (
        serving(Options(no_graph, tmp_path), Bounds(of_one_address=2)) as running,
        connected(running.port, GET + b"\r\n") as kept,
    ):
        assert 200 == answer(kept)[0]
        with connected(running.port) as silent, connected(running.port, GET + b"\r\n") as other:
            assert 200 == answer(other)[0]
            assert is_over(silent)
            kept.sendall(GET + b"\r\n")
            assert 200 == answer(kept)[0]


def test_whoever_is_being_answered_gives_way_to_nobody(no_graph: Address, tmp_path: Path, keys: KeyFile) -> None:
    key = keys.new("slow", ["read"])
    with (
        serving(Options(no_graph, tmp_path, keys=keys), Bounds(connections=1)) as running,
        connected(running.port, post(key=key)) as asking,
    ):
        with connected(running.port, GET + b"\r\n") as other:
            assert 0 == answer(other)[0]
        asking.sendall(b"{}")
        assert (422, "invalid-request") == answer(asking)[:2]


def test_whoever_takes_a_file_slowly_gives_way_to_who_has_a_key(
    no_graph: Address, tmp_path: Path, keys: KeyFile
) -> None:
    key = keys.new("quick", ["read"])
    large = b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with (
        serving(Options(no_graph, tmp_path, keys=keys), Bounds(connections=1)) as running,
        connected(running.port, large) as taking,
    ):
        assert b"HTTP/1.1 200" == taking.recv(12)
        with connected(running.port, GET + f"X-Api-Key: {key}\r\n\r\n".encode()) as asking:
            assert 200 == answer(asking)[0]


# Bodies


@pytest.mark.parametrize(
    ("length", "scope", "path", "told"),
    [
        (2, None, "/v1/check", (401, "key-needed")),
        (2, "nonsense", "/v1/check", (401, "key-needed")),
        (2, "report", "/v1/check", (403, "scope-needed")),
        (2, "read", "/v1/nothing", (404, "not-found")),
        (2, "read", "/v1/packs", (405, "method-not-allowed")),
        (2, None, "/nothing", (404, "not-found")),
        (2, None, "/", (405, "method-not-allowed")),
        (BODY_BYTES + 1, "read", "/v1/check", (413, "body-too-large")),
    ],
)
def test_what_is_refused_anyway_waits_for_no_body(
    keyed: int, keys: KeyFile, length: int, scope: str | None, path: str, told: tuple[int, str]
) -> None:
    key = keys.new(uuid.uuid4().hex, [scope]) if scope in ("read", "report") else scope
    with connected(keyed, post(length, key, path)) as connection:
        assert told == answer(connection)[:2]
        assert is_over(connection)


def test_bodies_that_never_come_take_no_place_from_others(keyed: int, keys: KeyFile) -> None:
    """Not even those of somebody with a key: whose body is awaited for longest gives way."""
    key = keys.new("read", ["read"])
    with ExitStack() as open:
        waiting = [open.enter_context(connected(keyed, post(key=key))) for _ in range(MANY)]
        assert {(400, "unreadable-body")} == {answer(each)[:2] for each in waiting[:-BODIES_AWAITED]}
        with connected(keyed, GET + f"X-Api-Key: {key}\r\n\r\n".encode()) as asking:
            assert 200 == answer(asking)[0]
        with connected(keyed, post(key=key, body=b"{}")) as asking:
            assert (422, "invalid-request") == answer(asking)[:2]
        waiting[-1].sendall(b"{}")
        assert (422, "invalid-request") == answer(waiting[-1])[:2]
