"""Hostile values in every parameter: nothing is written, nobody outside is asked, and nothing breaks.

`make api-hostile` sends 500 values to each, a run of the tests some of them.
"""

from __future__ import annotations

import json
import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.http.app import create_app
from api.http.service import Options
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.snapshot.fingerprint import fingerprint
from tests.http.service import PATIENCE, serving

SEED = 20261123
MANY = 500

# What an attacker would like to happen; {url} is the listener's.
AIMS = (
    "MATCH (n) DETACH DELETE n",
    "CREATE (:Member {{id: 'evil'}})",
    "LOAD CSV FROM '{url}' AS row RETURN row",
    "CALL apoc.load.json('{url}') YIELD value RETURN value",
    "CALL db.index.fulltext.drop('member_text')",
    "DROP INDEX member_text",
    "SHOW USERS",
    "SET m.tier = 'business'",
    "CALL dbms.listConfig()",
    "FOREACH (x IN [1] | CREATE (:Evil))",
    "name:* OR id:[* TO *]",
    "{url}",
    "file:///etc/passwd",
    "../../../../etc/passwd",
    "<script>fetch('{url}')</script>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM '{url}'>]><a>&x;</a>",
    "${{jndi:ldap://{host}/a}}",
    "{{{{7*7}}}}",
    "; curl {url}",
    "\r\nLocation: {url}\r\nX-Evil: 1",
    "a" * 900,
    "9" * 400,
    "-1e999",
    "NaN",
    "\u0000",
)

pytestmark = pytest.mark.long

# And how it is wrapped so as to get out of where a value stands.
WRAPS = (
    "{0}",
    "' {0} //",
    "' OR 1=1 WITH 1 AS x {0} //",
    '" {0} //',
    "` {0} //",
    "'}}) {0} //",
    "\\' {0} //",
    "\\u0027 {0} //",
    "*/ {0} /*",
    "$pack {0}",
    "1 UNION {0}",
    "') YIELD node {0} //",
    "*:* AND {0}",
    "[{0}]",
    '{{"$ne": "{0}"}}',
    "%27 {0} %2F%2F",
    "\u202e{0}",
    "{0}\ufeff",
    "＇ {0}",
    "😀 {0}",
)


def values(url: str, count: int) -> list[str]:
    """So many of all combinations, the same ones in every run."""
    host = url.removeprefix("http://")
    every = [wrap.format(aim.format(url=url, host=host)) for aim, wrap in product(AIMS, WRAPS)]
    assert MANY == len(set(every))
    return random.Random(SEED).sample(every, count)


@contextmanager
def listener() -> Iterator[tuple[str, list[Any]]]:
    """An address of this machine, and everybody who has connected to it."""
    visitors: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, visitor = server.accept()
                    visitors.append(visitor)
                    connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}", visitors
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def questions(schema: dict[str, Any], value: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with the value in one of its parameters, and what it wants in the others."""
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            parameters = operation.get("parameters", [])
            needed = {each["name"]: "94" for each in parameters if each["in"] == "query" and each.get("required")}
            for each in parameters:
                plain = path.replace("{id}", "94").replace("{name}", "lapse")
                if each["in"] == "path":
                    yield method, path.replace(f"{{{each['name']}}}", quote(value, safe="")), {"params": needed}
                elif each["in"] == "query":
                    yield method, plain, {"params": needed | {each["name"]: value}}
            if "requestBody" in operation:
                for body in bodies(value):
                    yield method, path.replace("{name}", "lapse"), {"content": json.dumps(body)}
            yield method, path.replace("{id}", "94").replace("{name}", "nothing"), {"params": {value: value}}
            accepted = value.encode("ascii", "ignore").decode().translate({10: " ", 13: " ", 0: " "}).strip()
            yield method, path.replace("{id}", "94").replace("{name}", "nothing"), {"headers": {"Accept": accepted}}


def bodies(value: str) -> Iterator[Any]:
    """Bodies with the value in one place."""
    pair = {"sender": "94", "recipient": "96"}
    for name in ("sender", "recipient", value):
        yield {"pairs": [pair | {name: value}]}
    for name in ("as_tier", "at", "pack", "by", value):
        yield {"pairs": [pair], name: value}
        yield {name: value}
    yield value


def test_nothing_is_written_nobody_is_asked_and_nothing_breaks(
    module_sample: Database,
    address: Address,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> None:
    home = tmp_path_factory.mktemp("api")
    before = fingerprint(module_sample)
    sent = 0
    schema = create_app(Options(address, home)).openapi()
    with listener() as (url, visitors), serving(Options(address, home, deadline=PATIENCE)) as service:
        assert counts_a_visit(url, visitors)
        for value in values(url, pytestconfig.getoption("--hostile")):
            for method, path, asked in questions(schema, value):
                answer = service.client.request(method, path, **asked)
                sent += 1
                assert answer.status_code < 500, (method, path, asked, answer.text)
                assert not {"location", "x-evil"} & set(answer.headers) or answer.status_code == 202
        assert 1 == len(visitors)
    assert before == fingerprint(module_sample)
    pytestconfig.get_terminal_writer().write(f"\n{sent:,} requests with hostile values\n")


def counts_a_visit(url: str, visitors: list[Any]) -> bool:
    """Whether a visit is counted: the listener is there to be found."""
    with suppress(httpx.HTTPError):
        httpx.get(url)
    return len(visitors) == 1
