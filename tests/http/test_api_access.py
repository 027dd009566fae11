"""Who may ask what over HTTP: keys and their scopes, loopback and its hosts, and what is withheld."""

from __future__ import annotations

import json
import re
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
from graph.rules.redaction import STRANGER, Reader
from linkreach.forms import VERDICT
from tests.http.service import PATIENCE, serving, until_ready
from tests.rules import oracle
from tests.support.paths import ROOT

BLOCKED = Verdict(
    *("a", "b", datetime(2026, 11, 23, tzinfo=UTC), "article", "free", None, 0, False, False, True),
    gates=("BLOCKED_BY_RECIPIENT",),
    channels=(),
    certain=True,
    possible=False,
    certain_free=True,
    possible_free=False,
)


class Bound(Enum):
    """What a key that is bound to senders may ask of a route."""

    FREELY = "whatever it likes: it is about nobody's pairs"
    OF_ITS_SENDERS = "about its own senders"
    NOTHING = "nothing: it is about everybody"


SENDER, OTHER = "94", "96"

# Every route, with the scope that it takes (none: no key), what a key that is bound to senders may ask of it, and a
# question about SENDER. A new route wants a row.
ROUTES: dict[tuple[str, str], tuple[str | None, Bound, dict[str, Any]]] = {
    ("GET", "/v1"): ("read", Bound.FREELY, {}),
    ("GET", "/v1/graph"): ("read", Bound.FREELY, {}),
    ("GET", "/v1/members"): ("read", Bound.FREELY, {"params": {"q": "jan"}}),
    ("GET", "/v1/members/{id}"): ("read", Bound.OF_ITS_SENDERS, {}),
    ("GET", "/v1/members/{id}/reach"): ("read", Bound.OF_ITS_SENDERS, {}),
    ("GET", "/v1/members/{id}/reach/counts"): ("read", Bound.OF_ITS_SENDERS, {}),
    ("GET", "/v1/members/{id}/reached-by"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/names"): ("read", Bound.FREELY, {"params": {"member": SENDER}}),
    ("GET", "/v1/groups"): ("read", Bound.FREELY, {}),
    ("GET", "/v1/companies"): ("read", Bound.FREELY, {}),
    ("GET", "/v1/check"): ("read", Bound.OF_ITS_SENDERS, {"params": {"sender": SENDER, "recipient": "95"}}),
    ("POST", "/v1/check"): (
        "read",
        Bound.OF_ITS_SENDERS,
        {"json": {"pairs": [{"sender": "94", "recipient": "95"}, {"sender": SENDER, "recipient": "95"}]}},
    ),
    ("POST", "/v1/match"): (
        "read",
        Bound.OF_ITS_SENDERS,
        {"json": {"pairs": [{"sender": each, "recipient": "95"} for each in ("94", SENDER)], "unlock": True}},
    ),
    ("GET", "/v1/mutuals"): ("read", Bound.OF_ITS_SENDERS, {"params": {"sender": SENDER, "recipient": "95"}}),
    ("GET", "/v1/introductions"): ("read", Bound.OF_ITS_SENDERS, {"params": {"sender": SENDER, "recipient": "95"}}),
    ("GET", "/v1/unlock"): ("read", Bound.OF_ITS_SENDERS, {"params": {"sender": SENDER, "recipient": "95"}}),
    ("POST", "/v1/unlock"): (
        "read",
        Bound.OF_ITS_SENDERS,
        {"json": {"sender": SENDER, "recipient": "95", "change": {}}},
    ),
    ("POST", "/v1/reach"): ("read", Bound.OF_ITS_SENDERS, {"json": {"member": SENDER}}),
    ("GET", "/v1/groups/{id}/bridges"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/companies/{id}/bridges"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/packs"): ("read", Bound.FREELY, {}),
    ("GET", "/v1/reports"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/reports/{name}"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/reports/{name}/runs/{number}"): ("read", Bound.NOTHING, {}),
    ("POST", "/v1/reports/{name}"): ("report", Bound.NOTHING, {}),
    ("GET", "/v1/diffs"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/diffs/{number}"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/diffs/{number}/{table}"): ("read", Bound.NOTHING, {}),
    ("POST", "/v1/diffs"): ("report", Bound.NOTHING, {"json": {"after": {}}}),
    ("GET", "/v1/loads"): ("load", Bound.NOTHING, {}),
    ("POST", "/v1/loads"): ("load", Bound.NOTHING, {"data": {"explain": "true"}, "files": {"file": "a,b"}}),
    ("GET", "/v1/loads/{number}"): ("load", Bound.NOTHING, {}),
    ("GET", "/v1/loads/{number}/rejected"): ("load", Bound.NOTHING, {}),
    ("GET", "/v1/plans"): ("read", Bound.NOTHING, {}),
    ("POST", "/v1/plans"): ("report", Bound.NOTHING, {"json": {"senders": [SENDER], "recipients": ["95"]}}),
    ("GET", "/v1/plans/{number}"): ("read", Bound.NOTHING, {}),
    ("GET", "/v1/plans/{number}/{table}"): ("read", Bound.NOTHING, {}),
    ("GET", "/metrics"): ("read", Bound.NOTHING, {}),
    ("GET", "/healthz"): (None, Bound.FREELY, {}),
    ("GET", "/readyz"): (None, Bound.FREELY, {}),
    ("GET", "/openapi.json"): (None, Bound.FREELY, {}),
    ("GET", "/"): (None, Bound.FREELY, {}),
    ("GET", "/page/{path:path}"): (None, Bound.FREELY, {}),
    ("GET", "/docs"): (None, Bound.FREELY, {}),
    ("GET", "/docs/manual.js"): (None, Bound.FREELY, {}),
    ("GET", "/docs/swagger-ui.css"): (None, Bound.FREELY, {}),
    ("GET", "/docs/swagger-ui-bundle.js"): (None, Bound.FREELY, {}),
}
KEYS = (*SCOPES, "all", "unknown", "none")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("keys") / "api-keys.json")


@pytest.fixture(scope="module")
def secrets(keys: KeyFile) -> dict[str, str | None]:
    """A key for each scope, one for all, one that nobody made, and none."""
    made: dict[str, str | None] = {scope: keys.new(scope, [scope]) for scope in SCOPES}
    return made | {"all": keys.new("all", SCOPES), "unknown": "linkreach_nonsense", "none": None}


@pytest.fixture(scope="module")
def bound(keys: KeyFile) -> dict[str, str]:
    """Keys that are bound to SENDER, one for each scope and one for all."""
    made = {scope: keys.new(f"bound-{scope}", [scope], [SENDER]) for scope in SCOPES}
    return made | {"all": keys.new("bound-all", SCOPES, [SENDER])}


@pytest.fixture(scope="module")
def client(
    module_sample: Database, address: Address, keys: KeyFile, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A service that takes keys."""
    assert module_sample
    options = Options(address, tmp_path_factory.mktemp("api"), keys=keys, deadline=PATIENCE)
    with serving(options) as running:
        until_ready(running.client)
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
            scope, *_ = ROUTES[method.upper(), path]
            assert operation.get("security") == (by_key if scope else None)


def asked(method: str, path: str, sender: str = SENDER) -> dict[str, Any]:
    """A question to a route about a sender, as arguments of a client."""
    *_, question = ROUTES[method, path]
    address = path.replace("{id}", sender).replace("{name}", "gatekeepers").replace("{number}", "1")
    address = address.replace("{table}", "causes")
    about: dict[str, Any] = json.loads(
        re.sub(rf'"(sender|member)": "{SENDER}"', rf'"\1": "{sender}"', json.dumps(question))
    )
    if "pairs" in about.get("json", {}):
        about["json"]["pairs"][0]["sender"] = SENDER  # one other among many is enough
    return {"method": method, "url": address, **about}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: str(part))
def test_a_route_is_for_keys_with_its_scope(
    client: httpx.Client, secrets: dict[str, str | None], method: str, path: str, key: str
) -> None:
    scope, *_ = ROUTES[method, path]
    answer = client.request(**asked(method, path), headers=headers(secrets[key]))
    if scope is None or key in (scope, "all"):
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
    else:
        assert (401 if key in ("unknown", "none") else 403) == answer.status_code


@pytest.mark.parametrize("sender", [SENDER, OTHER])
@pytest.mark.parametrize("key", [*SCOPES, "all"])
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda part: str(part))
def test_a_key_that_is_bound_asks_for_its_senders_alone(
    client: httpx.Client, bound: dict[str, str], method: str, path: str, key: str, sender: str
) -> None:
    scope, may, _ = ROUTES[method, path]
    answer = client.request(**asked(method, path, sender), headers=headers(bound[key]))
    own = may is Bound.FREELY or (may is Bound.OF_ITS_SENDERS and sender == SENDER)
    if scope is None or (key in (scope, "all") and own):
        assert answer.status_code not in (401, 403)
        assert answer.status_code < 500
    else:
        assert 403 == answer.status_code
        missing = "scope-needed" if key not in (scope, "all") else "beyond-senders"
        assert f"urn:linkreach:problem:{missing}" == answer.json()["type"]


@pytest.mark.parametrize("format", Format)
def test_no_form_of_an_answer_leads_around_that(client: httpx.Client, bound: dict[str, str], format: str) -> None:
    for method, path in ROUTES:
        scope, may, _ = ROUTES[method, path]
        if scope is not None and may is not Bound.FREELY:
            question = asked(method, path, OTHER)
            question["params"] = {**question.get("params", {}), "format": format}
            assert 403 == client.request(**question, headers=headers(bound["all"])).status_code


@pytest.mark.parametrize("member", ["a/b", "a%2Fb", "nobody"])
def test_no_id_in_an_address_leads_around_keys(
    client: httpx.Client, secrets: dict[str, str | None], bound: dict[str, str], member: str
) -> None:
    """Neither one that holds a slash nor one that nobody has: who may not ask is not told whether somebody is there."""
    for path in (
        "/v1/members/{id}",
        "/v1/members/{id}/reach",
        "/v1/members/{id}/reached-by",
        "/v1/groups/{id}/bridges",
    ):
        address = path.replace("{id}", quote(member, safe=""))
        for secret, status in ((bound["all"], 403), (secrets["report"], 403), (None, 401)):
            assert status == client.get(address, headers=headers(secret)).status_code


def test_what_nobody_has_listed_is_open_to_nobody(client: httpx.Client) -> None:
    for method, path in (
        ("GET", "/v1/nothing"),
        ("DELETE", "/v1/check"),
        ("GET", "/v1/members/a/b/c"),
        ("GET", "/v1/"),
    ):
        assert 401 == client.request(method, path).status_code


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
    ("name", "scopes", "senders", "words"),
    [
        ("a", ["write"], [], "no scope 'write'"),
        ("a b", ["read"], [], "no name of a key"),
        ("twice", ["read"], [], "already"),
        ("a", ["read"], ["m1", ""], "no member has an empty id"),
    ],
)
def test_a_key_that_cannot_be_is_refused(
    tmp_path: Path, name: str, scopes: list[str], senders: list[str], words: str
) -> None:
    file = KeyFile(tmp_path / "keys.json")
    file.new("twice", ["read"])
    with pytest.raises(InvalidInput, match=words):
        file.new(name, scopes, senders)


def test_a_key_is_bound_to_somebody_or_to_nobody(tmp_path: Path) -> None:
    """An empty list in the file is neither, and opens nothing."""
    file = KeyFile(tmp_path / "keys.json")
    bound, free = file.new("bound", ["read"], ["m2", "m1", "m2"]), file.new("free", ["read"])
    assert [("m2", "m1"), None] == [key and key.senders for key in (file.find(bound), file.find(free))]
    file.path.write_text(file.path.read_text("utf-8").replace('"m2",', "").replace('"m1"', ""), "utf-8")
    with pytest.raises(InvalidInput, match="no file of keys"):
        file.find(bound)


def test_keys_are_made_listed_and_removed_by_commands(linkreach: Any) -> None:
    made = linkreach("key", "new", "dashboard", "--scope", "read", "--scope", "report")
    secret = made.out.strip()
    assert (0, True) == (made.code, secret.startswith("linkreach_"))
    assert 0 == linkreach("key", "new", "desk", "--scope", "read", "--sender", "m1", "--sender", "m 2").code
    lines = [line.split() for line in linkreach("key", "list").out.splitlines()]
    assert [["dashboard", "read,", "report"], ["desk", "read", "m1,", "m", "2"]] == lines[1:]
    assert 0 == linkreach("key", "remove", "desk").code
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


FOREIGN = (403, "urn:linkreach:problem:foreign-origin")


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "same-origin, cross-site"},
    ],
)
def test_a_page_of_another_site_is_told_nothing_and_starts_nothing(local: httpx.Client, sent: dict[str, str]) -> None:
    for method, path in (("POST", "/v1/reports/lapse"), ("GET", "/v1/members?q=jan"), ("GET", "/metrics")):
        answer = local.request(method, path, headers=sent)
        assert FOREIGN == (answer.status_code, answer.json()["type"])
    assert 403 == local.head("/v1/packs", headers=sent).status_code
    assert 200 == local.get("/", headers=sent).status_code


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_page_itself_and_an_address_that_was_typed_are_answered(local: httpx.Client, site: str) -> None:
    assert 200 == local.get("/v1/packs", headers={"Sec-Fetch-Site": site}).status_code


def test_with_keys_a_page_of_another_site_may_ask_who_has_one(
    client: httpx.Client, secrets: dict[str, str | None]
) -> None:
    sent = {"Sec-Fetch-Site": "cross-site", **headers(secrets["read"])}
    assert 200 == client.get("/v1/packs", headers=sent).status_code


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/page/main.js", "/page/nothing", "/docs", "/openapi.json", "/healthz", "/metrics", "/nothing"),
        *("/v1", "/v1/nothing", "/v1/members/96/reach?limit=all", "/v1/members/nobody"),
    ],
)
def test_no_answer_may_be_shown_or_run_by_another_site(local: httpx.Client, path: str) -> None:
    told = local.get(path).headers
    assert ("same-origin", "nosniff") == (told["cross-origin-resource-policy"], told["x-content-type-options"])
    assert "frame-ancestors 'none'" in told["content-security-policy"]


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
        ["BLOCKED_BY_SENDER"],
        ["RECIPIENT_GONE", "BLOCKED_BY_RECIPIENT", "BLOCKED_BY_SENDER", "LIMITED_BY_RECIPIENT"],
        ["NO_SHARED_GROUP", "SENDER_GONE", "SENDER_RESTRICTED", "LIMITED_BY_RECIPIENT"],
        ["SENDER_TEMPORARILY_LIMITED", "LIMITED_BY_RECIPIENT"],
        [*oracle.CODES],
    ],
)
def test_one_code_stands_for_all_where_the_first_of_them_stands(codes: list[str]) -> None:
    assert tuple(oracle.untold(codes)) == STRANGER.codes(codes, "s")
    own = Reader(senders=frozenset({"s"}))
    assert tuple(oracle.untold(codes, oracle.UNTOLD_TO_THE_SENDER)) == own.codes(codes, "s")
    assert tuple(oracle.untold(codes)) == own.codes(codes, "r")


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


def test_no_block_of_the_sample_is_told_to_strangers(
    client: httpx.Client, secrets: dict[str, str | None], keys: KeyFile
) -> None:
    """Everybody who has blocked or limited somebody asks, and whom they have, in every way that shows reasons."""
    auditor, stranger = headers(keys.new("auditor", ["read", "audit"])), headers(secrets["read"])
    told: set[str] = set()
    for pair in _blocks():
        for sender, recipient in (pair, pair[::-1]):
            params = {"sender": sender, "recipient": recipient, "at": "2026-06-01"}
            verdict, unlock = (client.get(path, params=params, headers=auditor).json() for path in ASKING)
            texts = [client.get(path, params=params, headers=stranger).text for path in ASKING]
            batch = {"pairs": [{"sender": sender, "recipient": recipient}], "at": "2026-06-01"}
            texts.append(client.post("/v1/check", json=batch, headers=stranger).text)
            assert not {*oracle.UNTOLD, "unblock"} & set("".join(texts).split('"'))
            assert [_untold(verdict), _unlock_untold(unlock, verdict)] == [json.loads(text) for text in texts[:2]]
            told |= set(json.dumps([verdict, unlock]).split('"'))
    assert {*oracle.UNTOLD, "unblock"} <= told


ASKING = ("/v1/check", "/v1/unlock")


def _untold(answer: Any) -> Any:
    """The same answer with what the oracle tells of its codes."""
    if isinstance(answer, dict):
        return {
            key: oracle.untold(value) if key in ("reasons", "gates") else _untold(value)
            for key, value in answer.items()
        }
    return [_untold(each) for each in answer] if isinstance(answer, list) else answer


def _unlock_untold(answer: Any, verdict: Any) -> Any:
    """The same answer without `unblock`, and with a block on the other side, whoever has set it."""
    messaging = [each for each in verdict["channels"] if each["kind"] in oracle.MESSAGING]
    blocks = {code for each in messaging for code in each["reasons"]} & oracle.UNTOLD
    actions = [each for each in answer["actions"] if each["action"] != "unblock"]
    return {
        **answer,
        "actions": actions,
        "single_action_enough": verdict["reachable"] or bool(actions),
        "other_side": oracle.untold({*answer["other_side"], *(set() if verdict["reachable"] else blocks)}),
    }


def _blocks() -> list[tuple[str, str]]:
    """Pairs in which the recipient has blocked or limited the sender."""
    lines = (ROOT / "graph" / "sample" / "blocks.csv").read_text("utf-8").splitlines()
    cells = [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]
    return [(row["other"], row["member"]) for row in cells]
