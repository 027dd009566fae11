"""Who may ask what over HTTP: keys and their scopes, loopback and its hosts, and what is withheld."""

from __future__ import annotations

import json
import re
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from api.http.app import BESIDE, RESOURCES, create_app
from api.http.formats import Format
from api.http.reply import TheReply
from api.http.service import Options
from api.keys import SCOPES, KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import InvalidInput
from graph.questions.verdicts import Verdict
from graph.rules.redaction import STRANGER
from linkreach.forms import VERDICT
from tests.http.service import PATIENCE, serving
from tests.rules import oracle
from tests.support.paths import ROOT

BLOCKED = Verdict(
    *("a", "b", datetime(2026, 11, 23, tzinfo=UTC), "article", "free", None, 0, False, False, True),
    gates=("BLOCKED_BY_RECIPIENT",),
    channels=(),
)

# Every route, with what it takes to ask it and the scope for that; none: no key. A new route wants a row.
ROUTES: dict[tuple[str, str], tuple[str | None, dict[str, Any]]] = {
    ("GET", "/v1/members"): ("read", {"params": {"q": "jan"}}),
    ("GET", "/v1/members/{id}"): ("read", {}),
    ("GET", "/v1/members/{id}/reach"): ("read", {}),
    ("GET", "/v1/members/{id}/reach/counts"): ("read", {}),
    ("GET", "/v1/members/{id}/reached-by"): ("read", {}),
    ("GET", "/v1/names"): ("read", {"params": {"member": "94"}}),
    ("GET", "/v1/check"): ("read", {"params": {"sender": "94", "recipient": "96"}}),
    ("POST", "/v1/check"): ("read", {"json": {"pairs": [{"sender": "94", "recipient": "96"}]}}),
    ("GET", "/v1/unlock"): ("read", {"params": {"sender": "94", "recipient": "96"}}),
    ("GET", "/v1/groups/{id}/bridges"): ("read", {}),
    ("GET", "/v1/companies/{id}/bridges"): ("read", {}),
    ("GET", "/v1/packs"): ("read", {}),
    ("GET", "/v1/reports"): ("read", {}),
    ("GET", "/v1/reports/{name}"): ("read", {}),
    ("POST", "/v1/reports/{name}"): ("report", {}),
    ("GET", "/metrics"): ("read", {}),
    ("GET", "/healthz"): (None, {}),
    ("GET", "/readyz"): (None, {}),
    ("GET", "/openapi.json"): (None, {}),
    ("GET", "/"): (None, {}),
    ("GET", "/page/{path:path}"): (None, {}),
    ("GET", "/docs"): (None, {}),
    ("GET", "/docs/manual.js"): (None, {}),
    ("GET", "/docs/swagger-ui.css"): (None, {}),
    ("GET", "/docs/swagger-ui-bundle.js"): (None, {}),
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("keys") / "api-keys.json")


@pytest.fixture(scope="module")
def secrets(keys: KeyFile) -> dict[str, str | None]:
    """A key for each scope, one for all, one that nobody made, and none."""
    made: dict[str, str | None] = {scope: keys.new(scope, [scope]) for scope in SCOPES}
    return made | {"all": keys.new("all", SCOPES), "unknown": "linkreach_nonsense", "none": None}


@pytest.fixture(scope="module")
def client(
    module_sample: Database, address: Address, keys: KeyFile, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A service that takes keys."""
    assert module_sample
    options = Options(address, tmp_path_factory.mktemp("api"), keys=keys, deadline=PATIENCE)
    with serving(options) as running:
        yield running.client


def headers(secret: str | None) -> dict[str, str]:
    return {} if secret is None else {"X-Api-Key": secret}


def test_every_route_has_a_row_in_the_table(address: Address, tmp_path: Path) -> None:
    routers = [*(router for router, _ in RESOURCES), *BESIDE]
    routes = [route for router in routers for route in router.routes]
    assert set(ROUTES) == {("GET", "/openapi.json")} | {
        (method, route.path) for route in routes if isinstance(route, APIRoute) for method in route.methods or ()
    }
    app = create_app(Options(address, tmp_path))
    described = {(method.upper(), path) for path, ways in app.openapi()["paths"].items() for method in ways}
    assert described <= set(ROUTES)


@pytest.mark.parametrize("keyless", [True, False])
def test_the_manual_says_whether_a_key_is_needed(
    address: Address, keys: KeyFile, tmp_path: Path, keyless: bool
) -> None:
    schema = create_app(Options(address, tmp_path, keys=None if keyless else keys)).openapi()
    by_key: list[dict[str, list[str]]] = [{"APIKeyHeader": []}, *([{}] if keyless else [])]
    for path, ways in schema["paths"].items():
        for method, operation in ways.items():
            scope, _ = ROUTES[method.upper(), path]
            assert operation.get("security") == (by_key if scope else None)


@pytest.mark.parametrize("key", [*SCOPES, "all", "unknown", "none"])
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: str(part))
def test_a_route_is_for_keys_with_its_scope(
    client: httpx.Client, secrets: dict[str, str | None], method: str, path: str, key: str
) -> None:
    scope, asked = ROUTES[method, path]
    address = path.replace("{id}", "94").replace("{name}", "gatekeepers")
    answer = client.request(method, address, headers=headers(secrets[key]), **asked)
    if scope is None or key in (scope, "all"):
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
    else:
        assert (401 if key in ("unknown", "none") else 403) == answer.status_code


# Keys


def test_a_key_is_kept_as_a_hash_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    secret = file.new("dashboard", ["audit", "read"])
    assert secret not in file.path.read_text("utf-8")
    assert 0o600 == stat.S_IMODE(file.path.stat().st_mode)
    found = file.find(secret)
    assert found is not None
    assert ("dashboard", ("read", "audit")) == (found.name, found.scopes)
    assert None is file.find(secret[:-1])


def test_a_removed_key_opens_nothing_at_once(client: httpx.Client, keys: KeyFile) -> None:
    secret = keys.new("short-lived", ["read"])
    assert 200 == client.get("/v1/packs", headers=headers(secret)).status_code
    keys.remove("short-lived")
    assert 401 == client.get("/v1/packs", headers=headers(secret)).status_code


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [("a", ["write"], "no scope 'write'"), ("a b", ["read"], "no name of a key"), ("twice", ["read"], "already")],
)
def test_a_key_that_cannot_be_is_refused(tmp_path: Path, name: str, scopes: list[str], words: str) -> None:
    file = KeyFile(tmp_path / "keys.json")
    file.new("twice", ["read"])
    with pytest.raises(InvalidInput, match=words):
        file.new(name, scopes)


def test_keys_are_made_listed_and_removed_by_commands(linkreach: Any) -> None:
    made = linkreach("key", "new", "dashboard", "--scope", "read", "--scope", "report")
    secret = made.out.strip()
    assert (0, True) == (made.code, secret.startswith("linkreach_"))
    assert ["dashboard", "read,", "report"] == linkreach("key", "list").out.split()[2:]
    assert secret not in linkreach("key", "list").out
    assert 0 == linkreach("key", "remove", "dashboard").code
    assert 2 == linkreach("key", "remove", "dashboard").code


def test_a_service_for_others_does_not_start_without_keys(linkreach: Any) -> None:
    answer = linkreach("serve", "--host", "0.0.0.0")
    assert 2 == answer.code
    assert "linkreach key new NAME --scope read" in answer.err


def test_keys_may_be_required_on_loopback_too(linkreach: Any) -> None:
    answer = linkreach("serve", "--require-key")
    assert (2, "") == (answer.code, answer.out)
    assert "a key is required, and there are no keys in " in answer.err


def test_a_broken_file_of_keys_is_a_defect_that_strangers_read_nothing_of(
    client: httpx.Client, keys: KeyFile, secrets: dict[str, str | None]
) -> None:
    whole = keys.path.read_bytes()
    keys.path.write_bytes(b"[")
    try:
        answer = client.get("/v1/packs", headers=headers(secrets["read"]))
    finally:
        keys.path.write_bytes(whole)
    assert (500, "urn:linkreach:problem:internal") == (answer.status_code, answer.json()["type"])
    assert str(keys.path) not in answer.text


def test_two_who_make_keys_at_once_get_both(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = list(pool.map(lambda name: KeyFile(tmp_path / "keys.json").new(name, ["read"]), "abcdefgh"))
    assert all(map(KeyFile(tmp_path / "keys.json").find, secrets))


def test_a_port_that_is_taken_is_one_line(linkreach: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = linkreach("serve", "--port", str(port))
    assert (2, "") == (answer.code, answer.out)
    assert re.fullmatch(
        rf"linkreach: cannot listen on 127.0.0.1, port {port} \(.+\): choose others with --host and --port\n",
        answer.err,
    )


# Loopback


@pytest.fixture(scope="module")
def local(
    module_sample: Database, address: Address, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    assert module_sample
    with serving(Options(address, tmp_path_factory.mktemp("local"), deadline=PATIENCE)) as running:
        yield running.client


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("localhost:8000", 200), ("127.0.0.1", 200), ("127.0.0.2", 200), ("[::1]:8000", 200)]
    + [
        (host, 421)
        for host in ("example.org", "localhost.example.org", "127.0.0.1.example.org", "", "[", "@localhost.")
    ],
)
def test_on_loopback_only_this_machine_is_answered(local: httpx.Client, host: str, status: int) -> None:
    assert status == local.get("/v1/packs", headers={"Host": host}).status_code


def test_a_page_of_another_site_starts_nothing(local: httpx.Client) -> None:
    answer = local.post("/v1/reports/lapse", headers={"Origin": "https://example.org"})
    assert (403, "urn:linkreach:problem:foreign-origin") == (answer.status_code, answer.json()["type"])


def test_with_keys_a_proxy_may_call_the_host_what_it_likes(
    client: httpx.Client, secrets: dict[str, str | None]
) -> None:
    asked = {"pairs": [{"sender": "94", "recipient": "96"}]}
    at_a_proxy = {"Origin": "https://reach.example.org", "Host": "inside:8000"}
    assert 200 == client.post("/v1/check", json=asked, headers=headers(secrets["read"]) | at_a_proxy).status_code


# What is withheld


@pytest.mark.parametrize(
    "codes",
    [
        [],
        ["NOT_IN_TIER"],
        ["BLOCKED_BY_RECIPIENT"],
        ["LIMITED_BY_RECIPIENT"],
        ["RECIPIENT_GONE", "BLOCKED_BY_RECIPIENT", "BLOCKED_BY_SENDER", "LIMITED_BY_RECIPIENT"],
        ["NO_SHARED_GROUP", "SENDER_GONE", "SENDER_RESTRICTED", "LIMITED_BY_RECIPIENT"],
        ["SENDER_TEMPORARILY_LIMITED", "LIMITED_BY_RECIPIENT"],
        [*oracle.CODES],
    ],
)
def test_one_code_stands_for_both_where_the_first_of_them_stands(codes: list[str]) -> None:
    assert tuple(oracle.untold(codes)) == STRANGER.codes(codes)


def test_a_route_that_answers_by_itself_answers_nobody(address: Address, keys: KeyFile, tmp_path: Path) -> None:
    """What its reader may read is decided where answers are written, so a route that goes around that is a defect."""
    forgetful = APIRouter(prefix="/v1")

    @forgetful.get("/forgetful")
    async def forget() -> Response:
        return JSONResponse({"reasons": ["BLOCKED_BY_RECIPIENT"]})

    @forgetful.get("/mindful")
    async def mind(reply: TheReply) -> Response:
        return reply.one(Format.JSON, VERDICT, BLOCKED)

    app = create_app(Options(address, tmp_path, keys=keys, deadline=PATIENCE))
    app.include_router(forgetful)
    secret = keys.new("stranger", ["read"])
    with serving(app) as running:
        answer = running.client.get("/v1/forgetful", headers=headers(secret))
        assert (500, "urn:linkreach:problem:internal") == (answer.status_code, answer.json()["type"])
        assert "BLOCKED" not in answer.text
        assert ["UNAVAILABLE"] == running.client.get("/v1/mindful", headers=headers(secret)).json()["gates"]


def test_a_block_is_told_to_those_who_audit_alone(
    client: httpx.Client, secrets: dict[str, str | None], keys: KeyFile
) -> None:
    """Everybody whom somebody of the sample has blocked or limited asks in every way that shows reasons."""
    auditor = headers(keys.new("auditor", ["read", "audit"]))
    told: set[str] = set()
    for sender, recipient in _blocks():
        asked = {"sender": sender, "recipient": recipient, "at": "2026-06-01"}
        for path in ("/v1/check", "/v1/unlock"):
            withheld_text = client.get(path, params=asked, headers=headers(secrets["read"])).text
            whole = client.get(path, params=asked, headers=auditor).json()
            assert not {"BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT"} & set(withheld_text.split('"'))
            assert _untold(whole) == json.loads(withheld_text)
            told |= set(json.dumps(whole).split('"'))
        pairs = [{"sender": sender, "recipient": recipient}]
        batch = client.post("/v1/check", json={"pairs": pairs}, headers=headers(secrets["read"]))
        assert not {"BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT"} & set(batch.text.split('"'))
    assert {"BLOCKED_BY_RECIPIENT", "LIMITED_BY_RECIPIENT"} <= told


def _untold(answer: Any) -> Any:
    """The same answer with what the oracle tells of its codes."""
    if isinstance(answer, dict):
        return {
            key: oracle.untold(value) if key in ("reasons", "gates", "other_side") else _untold(value)
            for key, value in answer.items()
        }
    return [_untold(each) for each in answer] if isinstance(answer, list) else answer


def _blocks() -> list[tuple[str, str]]:
    """Pairs in which the recipient has blocked or limited the sender."""
    lines = (ROOT / "graph" / "sample" / "blocks.csv").read_text("utf-8").splitlines()
    cells = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    return [(row["other"], row["member"]) for row in cells]
