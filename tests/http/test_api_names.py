"""Names in place of ids over HTTP: what the command line makes of them, the API does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from api.http import schemas
from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.rules.rule_pack import shipped_pack
from graph.rules.vocabulary import FACTS
from tests.http.service import PATIENCE, serving
from tests.support.networks import put
from tests.support.people import NETWORK

AT = "2026-11-23T00:00:00Z"
ADAS = "'m1' (Ada Byron, Analytical Engines, London), 'm2' (Ada Byron, Globex)"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("keys") / "api-keys.json")


@pytest.fixture(scope="module")
def client(
    emptied: Callable[[], Database], address: Address, keys: KeyFile, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    put(emptied(), tmp_path_factory.mktemp("people"), NETWORK, shipped_pack("article"))
    options = Options(address, tmp_path_factory.mktemp("api"), keys=keys, deadline=PATIENCE)
    with serving(options) as running:
        running.client.headers["X-Api-Key"] = keys.new("reader", ["read"])
        yield running.client


def kind(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:linkreach:problem:")


@pytest.mark.parametrize("path", ["check", "unlock", "mutuals"])
def test_a_name_that_means_one_member_stands_for_the_id(path: str, client: httpx.Client) -> None:
    by_id, by_name = (
        client.get(f"/v1/{path}", params={"at": AT, "sender": sender, "recipient": recipient})
        for sender, recipient in (("m7", "m4"), ("tolkien", "O'Brien, Conan"))
    )
    assert 200 == by_id.status_code
    assert by_id.json() == by_name.json()


def test_an_id_comes_before_a_name(client: httpx.Client) -> None:
    asked = {"at": AT, "recipient": "m4"}
    assert "Li Wei" == client.get("/v1/check", params={**asked, "sender": "Li Wei"}).json()["sender"]


def test_a_name_of_several_is_a_problem_that_lists_them(client: httpx.Client) -> None:
    answer = client.get("/v1/check", params={"sender": "ada byron", "recipient": "m4"})
    assert (422, "several-members") == kind(answer)
    assert f"'ada byron' means several members: {ADAS}" == answer.json()["detail"]


def test_who_is_nobody_is_named_all_at_once(client: httpx.Client) -> None:
    answer = client.get("/v1/check", params={"sender": "Grace Hopper", "recipient": "nobody"})
    assert (404, "unknown-member") == kind(answer)
    assert "no members have the ids 'Grace Hopper', 'nobody'" == answer.json()["detail"]


def pair(sender: str, recipient: str) -> dict[str, str]:
    return {"sender": sender, "recipient": recipient}


def test_the_pairs_of_a_match_may_be_of_names(client: httpx.Client) -> None:
    by_id, by_name = (
        client.post("/v1/match", json={"at": AT, "unlock": True, "pairs": pairs})
        for pairs in (
            [pair("m1", "m4"), pair("m7", "m9")],
            [pair("m1", "o'brien"), pair("J.R.R. Tolkien", "m9")],
        )
    )
    assert 200 == by_id.status_code
    assert by_id.json() == by_name.json()
    several = client.post("/v1/match", json={"pairs": [pair("ada byron", "m4"), pair("m1", "max")]})
    assert (422, "several-members") == kind(several)
    assert several.json()["detail"].startswith(f"'ada byron' means several members: {ADAS}; 'max' means several")
    nobody = client.post("/v1/match", json={"pairs": [pair("one", "m4"), pair("m1", "two")]})
    assert "no members have the ids 'one', 'two'" == nobody.json()["detail"]


def test_in_a_batch_of_verdicts_each_pair_stands_for_itself(client: httpx.Client) -> None:
    pairs = [pair("m1", "m4"), pair("m1", "tolkien"), pair("ada byron", "m4"), pair("m1", "nobody"), pair("m4", "m4")]
    found = client.post("/v1/check", json={"at": AT, "pairs": pairs}).json()["verdicts"]
    schemas.Verdicts.model_validate({"verdicts": found})
    assert ["m4", "m7"] == [each["recipient"] for each in found[:2]]
    assert client.get("/v1/check", params={"at": AT, **pair("m1", "m7")}).json() == found[1]
    assert [422, 404, 422] == [each["status"] for each in found[2:]]
    assert f"'ada byron' means several members: {ADAS}" == found[2]["detail"]


def test_a_member_whom_a_change_brings_has_a_name_there(client: httpx.Client) -> None:
    change = {"members": [{"id": "new", "name": "Grace Hopper"}], "connections": [{"a": "m1", "b": "new"}]}
    asked = {"at": AT, "change": change}
    [verdict] = client.post("/v1/check", json={**asked, "pairs": [pair("m1", "grace hopper")]}).json()["verdicts"]
    assert ("new", 1) == (verdict["recipient"], verdict["degree"])
    [row] = client.post("/v1/match", json={**asked, "pairs": [pair("m1", "grace hopper")]}).json()["pairs"]
    assert row["reachable"]
    assert 200 == client.post("/v1/unlock", json={**asked, **pair("m7", "grace hopper")}).status_code
    reached = client.post("/v1/reach", json={**asked, "member": "grace hopper", "degree": 1}).json()["rows"]
    assert ["m1"] == [row["recipient"] for row in reached]
    assert (404, "unknown-member") == kind(client.get("/v1/check", params=pair("m1", "grace hopper")))


def test_a_key_that_is_bound_to_senders_names_them_by_id(client: httpx.Client, keys: KeyFile) -> None:
    """No name of theirs opens the way to somebody else: `Wei Li` is the name of another, and nobody's id."""
    bound = {"X-Api-Key": keys.new("bound", ["read"], senders=["m1", "Wei Li"])}
    asked = {"at": AT, "recipient": "o'brien"}
    assert 200 == client.get("/v1/check", params={**asked, "sender": "m1"}, headers=bound).status_code
    for sender in ("Ada Byron King", "Wei Li"):
        answer = client.get("/v1/check", params={**asked, "sender": sender}, headers=bound)
        assert (403, "beyond-senders") == kind(answer)
        batch = client.post("/v1/match", json={"pairs": [pair(sender, "m4")]}, headers=bound)
        assert (403, "beyond-senders") == kind(batch)
        batch = client.post("/v1/check", json={"pairs": [pair(sender, "m4")]}, headers=bound)
        assert (403, "beyond-senders") == kind(batch)


def test_whom_a_member_possibly_reaches_is_listed_where_that_is_asked_for(client: httpx.Client) -> None:
    def asked(**more: Any) -> Iterator[list[dict[str, Any]]]:
        yield client.get("/v1/members/m1/reach", params={"at": AT, **more}).json()["rows"]
        yield client.post("/v1/reach", json={"at": AT, "member": "m1", **more}).json()["rows"]

    possibly: dict[str, Any] = {"recipient": "m9", "degree": None, "channels": [], "certain": False}
    assert [False, False] == [possibly in rows for rows in asked()]
    assert [True, True] == [possibly in rows for rows in asked(possible=True)]
    senders = client.get("/v1/members/m9/reached-by", params={"at": AT, "possible": "true"}).json()["rows"]
    assert ["m1", "m3", "m7"] == [row["sender"] for row in senders]


def test_the_manual_has_words_for_every_fact_that_an_answer_can_rest_on(client: httpx.Client) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]["Channel"]["properties"]["rests_on"]
    assert [fact.name for fact in FACTS] == schema["items"]["enum"]
    assert [] == [fact.name for fact in FACTS if f"`{fact.name}`: {fact.words}" not in schema["items"]["description"]]
