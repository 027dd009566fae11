"""A `change` in the body of a question: supposed for the answer, never committed, and telling nobody of a block."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from select import select
from typing import Any

import httpx
import pytest

from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.snapshot.fingerprint import fingerprint
from tests.http.service import PATIENCE, serving

AT = "2026-11-23T00:00:00Z"
SENDER, RECIPIENT = "8796093022357", "4398046511333"
PAIR = {"sender": SENDER, "recipient": RECIPIENT}
CONNECTED = {"connections": [{"a": SENDER, "b": RECIPIENT}]}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[KeyFile, dict[str, str]]:
    file = KeyFile(tmp_path_factory.mktemp("keys") / "keys.json")
    return file, {
        "stranger": file.new("stranger", ["read"]),
        "sender": file.new("sender", ["read"], senders=[SENDER]),
        "auditor": file.new("auditor", ["read", "audit"]),
    }


@pytest.fixture(scope="module")
def client(
    module_sample: Database,
    address: Address,
    keys: tuple[KeyFile, dict[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[httpx.Client]:
    before = fingerprint(module_sample)
    options = Options(address, tmp_path_factory.mktemp("api"), keys=keys[0], deadline=PATIENCE)
    with serving(options) as running:
        yield running.client
    assert before == fingerprint(module_sample)


@pytest.fixture(params=["stranger", "sender", "auditor"])
def caller(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(client: httpx.Client, keys: tuple[KeyFile, dict[str, str]]) -> Any:
    def ask(path: str, body: dict[str, Any], caller: str = "stranger", timeout: float = PATIENCE) -> httpx.Response:
        headers = {"X-API-Key": keys[1][caller]}
        return client.post(path, json={"at": AT, **body}, headers=headers, timeout=timeout)

    return ask


def test_the_answers_are_those_after_a_load(ask: Any) -> None:
    [now] = ask("/v1/check", {"pairs": [PAIR]}).json()["verdicts"]
    [then] = ask("/v1/check", {"pairs": [PAIR], "change": CONNECTED}).json()["verdicts"]
    assert (2, 1) == (now["degree"], then["degree"])
    assert [True] == [
        row["reachable_free"] for row in ask("/v1/match", {"pairs": [PAIR], "change": CONNECTED}).json()["pairs"]
    ]
    assert ask("/v1/unlock", {**PAIR, "change": CONNECTED}).json()["single_action_enough"]
    reached = ask("/v1/reach", {"member": SENDER, "degree": 1, "limit": 1_000, "change": CONNECTED}).json()["rows"]
    assert RECIPIENT in {row["recipient"] for row in reached}


def test_what_a_load_would_set_aside_is_a_problem_that_names_the_row(ask: Any) -> None:
    answer = ask("/v1/check", {"pairs": [PAIR], "change": {"connections": [{"a": SENDER, "b": "nobody"}]}})
    assert 422 == answer.status_code
    assert "connections, row 1, b: 'nobody'" in answer.json()["detail"]


def test_more_rows_than_may_be_supposed_are_refused(ask: Any) -> None:
    change = {"members": [{"id": f"new{number}"} for number in range(1_001)]}
    answer = ask("/v1/check", {"pairs": [PAIR], "change": change})
    assert (422, "urn:linkreach:problem:too-large") == (answer.status_code, answer.json()["type"])


@pytest.mark.parametrize("where", ["added", "removed"])
def test_blocks_are_supposed_by_those_alone_who_may_know_of_them(where: str, caller: str, ask: Any) -> None:
    """And refused before anything is looked at: the answer is one and the same, whether the block is there or not."""
    rows = {"blocks": [{"member": SENDER, "other": RECIPIENT}]}
    change = rows if where == "added" else {"remove": rows}
    answer = ask("/v1/check", {"pairs": [PAIR], "change": change}, caller)
    if caller == "stranger":
        assert (403, "urn:linkreach:problem:scope-needed") == (answer.status_code, answer.json()["type"])
        garbled = ask("/v1/check", {"pairs": [PAIR], "change": {"blocks": [{"other": 7}], "what": 1}}, caller)
        assert answer.json()["type"] == garbled.json()["type"]
    elif where == "added":
        assert 200 == answer.status_code
    else:
        assert "not in the graph" in answer.json()["detail"]


def test_a_key_bound_to_a_sender_supposes_no_blocks_of_others(ask: Any) -> None:
    change = {"blocks": [{"member": RECIPIENT, "other": SENDER}]}
    assert 403 == ask("/v1/check", {"pairs": [PAIR], "change": change}, "sender").status_code


def test_a_statement_supposes_nothing(ask: Any) -> None:
    answer = ask("/v1/check?format=cypher", {"pairs": [PAIR], "change": CONNECTED})
    assert (422, "urn:linkreach:problem:invalid-question") == (answer.status_code, answer.json()["type"])


def until_written(database: Database, caller: socket.socket) -> None:
    """Waits until a transaction holds the locks of what it has written, or the caller has an answer."""
    locks = "SHOW TRANSACTIONS YIELD activeLockCount AS locks RETURN max(locks) AS most"
    while database.explain(locks, {}, profile=True)[0][0]["most"] < 100 and not select([caller], [], [], 0)[0]:
        pass


def test_a_caller_who_goes_away_leaves_nothing(
    client: httpx.Client, ask: Any, keys: tuple[KeyFile, dict[str, str]], module_sample: Database
) -> None:
    before = fingerprint(module_sample)
    most = {"members": [{"id": f"new{number}"} for number in range(1_000)]}
    request = client.build_request(
        "POST",
        "/v1/check",
        json={"at": AT, "pairs": [PAIR], "change": most},
        headers={"X-API-Key": keys[1]["stranger"]},
    )
    head = f"POST {request.url.path} HTTP/1.1\r\n".encode() + b"".join(
        name + b": " + value + b"\r\n" for name, value in request.headers.raw
    )
    with socket.create_connection((request.url.host, request.url.port), PATIENCE) as caller:
        caller.sendall(head + b"\r\n" + request.read())
        until_written(module_sample, caller)
    assert before == fingerprint(module_sample)
    assert 200 == ask("/v1/check", {"pairs": [PAIR], "change": CONNECTED}).status_code
