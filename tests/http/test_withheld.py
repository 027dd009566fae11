"""What is withheld of blocks over HTTP: whoever may not know who has set one reads the same, whoever it was."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.service import Options
from api.keys import KeyFile
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.http.service import PATIENCE, serving
from tests.rules import case_files, oracle
from tests.rules.agreement import product_pack
from tests.rules.oracle import CHANNELS, Network, Pack
from tests.support.networks import put

PACK = case_files.read_pack("article")
AT = "2026-06-01T00:00:00Z"
SENDER, RECIPIENT = "s", "r"
SCOPES = ("read", "report")

# Two who could do much for each other, and somebody who knows both; who of the two has set what.
NETWORK: dict[str, Any] = {
    "members": {
        SENDER: {"inmail_credits": 1},
        RECIPIENT: {"inmail_credits": 1, "contact_form": True, "comments_open": True},
        "m": {},
        "n": {},
    },
    "connections": [[SENDER, "m"], ["m", RECIPIENT], ["m", "n"]],
    "groups": {"g": {}},
    "group_members": [[SENDER, "g"], [RECIPIENT, "g"], ["n", "g"]],
    "companies": {"c": {}},
    "company_members": [{"member": SENDER, "company": "c"}, {"member": RECIPIENT, "company": "c"}],
}
THEIRS, OWN = {"member": RECIPIENT, "other": SENDER}, {"member": SENDER, "other": RECIPIENT}
BLOCKED: dict[str, list[dict[str, str]]] = {
    "the recipient": [THEIRS],
    "the sender": [OWN],
    "both": [THEIRS, OWN],
    "both, and limits": [THEIRS, OWN, THEIRS | {"kind": "limit"}, OWN | {"kind": "limit"}],
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("keys") / "api-keys.json")


@pytest.fixture(scope="module")
def stranger(keys: KeyFile) -> dict[str, str]:
    return {"X-Api-Key": keys.new("stranger", SCOPES)}


@pytest.fixture(scope="module")
def client(address: Address, keys: KeyFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    options = Options(address, tmp_path_factory.mktemp("api"), keys=keys, deadline=PATIENCE)
    with serving(options) as running:
        yield running.client


def load(database: Database, client: httpx.Client, folder: Path, blocks: list[dict[str, str]]) -> Network:
    """The network with these blocks in the graph, and known to the service."""
    network = {**NETWORK, "blocks": blocks}
    put(database, folder, network, product_pack(PACK))
    version = database.read(schema.state()).version
    while (ready := client.get("/readyz")).status_code != 200 or ready.json()["graph_version"] != version:
        time.sleep(0.1)
    return Network.of(network)


def everything(client: httpx.Client, key: dict[str, str]) -> dict[str, Any]:
    """All that the API says of the two, in either direction, whatever it is asked; without the version of the graph."""
    told: dict[str, Any] = {}

    def ask(path: str, **params: Any) -> None:
        answer = client.get(path, params={"at": AT, **params}, headers=key)
        assert 200 == answer.status_code, answer.text
        document = answer.json()
        document.pop("graph_version", None)
        told[str(answer.request.url)] = document

    for one, other in ((SENDER, RECIPIENT), (RECIPIENT, SENDER)):
        for tier in ("free", "business"):
            pair = {"sender": one, "recipient": other, "as_tier": tier}
            ask("/v1/check", **pair)
            ask("/v1/unlock", **pair)
            ask("/v1/introductions", **pair)
            ask(f"/v1/members/{one}/reach", as_tier=tier)
            ask(f"/v1/members/{one}/reached-by", as_tier=tier)
            ask(f"/v1/members/{one}/reach/counts", as_tier=tier)
            for channel in set(CHANNELS) - {"open_profile"}:
                ask("/v1/unlock", **pair, channel=channel)
                ask(f"/v1/members/{one}/reach", as_tier=tier, channel=channel)
        ask(f"/v1/members/{one}")
        pairs = [{"sender": one, "recipient": other}]
        batch = client.post("/v1/check", json={"pairs": pairs, "at": AT}, headers=key)
        told[f"batch {one}"] = batch.json()
    return told


def report(client: httpx.Client, key: dict[str, str], name: str) -> Any:
    """The rows of a run of a report that is made now."""
    started = client.post(f"/v1/reports/{name}", json={"at": AT}, headers=key)
    while (run := client.get(started.headers["location"], headers=key).json())["running"]:
        time.sleep(0.1)
    assert None is run["failed"]
    return client.get(f"/v1/reports/{name}", headers=key).json()["rows"]


def test_nothing_that_is_told_says_who_has_set_a_block(
    client: httpx.Client, database: Database, stranger: dict[str, str], tmp_path: Path
) -> None:
    told = []
    for number, blocks in enumerate(BLOCKED.values()):
        load(database, client, tmp_path / str(number), blocks)
        reports = {name: report(client, stranger, name) for name in ("denials", "member_reach", "quotas")}
        told.append(everything(client, stranger) | reports)
    assert not {*oracle.UNTOLD, "unblock"} & set(json.dumps(told).split('"'))
    for others in told[1:]:
        assert told[0] == others


@pytest.mark.parametrize("who", BLOCKED)
def test_who_is_bound_reads_of_blocks_of_their_own(
    client: httpx.Client, database: Database, keys: KeyFile, tmp_path: Path, who: str
) -> None:
    network, pack = load(database, client, tmp_path, BLOCKED[who]), Pack.of(PACK)
    at = oracle.instant(AT)
    assert at is not None
    key = {"X-Api-Key": keys.new(who.replace(", ", "-").replace(" ", "-"), ["read"], [SENDER])}
    params = {"sender": SENDER, "recipient": RECIPIENT, "at": AT}
    verdict = client.get("/v1/check", params=params, headers=key).json()
    expected = oracle.verdict(network, pack, SENDER, RECIPIENT, at)
    hidden = oracle.UNTOLD_TO_THE_SENDER
    assert oracle.untold(expected["gates"], hidden) == verdict["gates"]
    assert [oracle.untold(each["reasons"], hidden) for each in expected["channels"]] == [
        each["reasons"] for each in verdict["channels"]
    ]
    unlock = oracle.unlock(network, pack, SENDER, RECIPIENT, at)
    unlock["other_side"] = oracle.untold(unlock["other_side"], hidden)
    assert unlock == client.get("/v1/unlock", params=params, headers=key).json()
    assert ("the sender" == who) == (["unblock"] == [action["action"] for action in unlock["actions"]])
