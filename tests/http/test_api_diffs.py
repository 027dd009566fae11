"""Differences over HTTP: started, followed and kept, read by those who may, and the same as those that are typed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http import schemas
from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.rules.vocabulary import WITHHELD
from tests.http.service import PATIENCE, serving
from tests.rules import case_files, oracle_differences
from tests.rules.oracle import Pack, World, instant
from tests.rules.oracle_changes import changed
from tests.support.ldbc import ldbc_network
from tests.support.paths import GOLDEN

AT = "2026-06-01T00:00:00Z"
GOLDEN_DIFFERENCES = GOLDEN.with_name("golden_differences")
ARTICLE = Pack.of(case_files.read_pack("article"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def keys(home: Path) -> dict[str, dict[str, str]]:
    file = KeyFile(home / "api-keys.json")
    scopes = {"reader": ["read", "report"], "auditor": ["read", "report", "audit"], "looker": ["read"]}
    return {name: {"X-Api-Key": file.new(name, each)} for name, each in scopes.items()}


@pytest.fixture(scope="module")
def client(
    module_sample: Database, address: Address, home: Path, keys: dict[str, dict[str, str]]
) -> Iterator[httpx.Client]:
    assert module_sample
    options = Options(address, home, keys=KeyFile(home / "api-keys.json"), deadline=PATIENCE)
    with serving(options) as running:
        running.client.headers.update(keys["reader"])
        yield running.client


def made(client: httpx.Client, headers: dict[str, str] | None = None, **asked: Any) -> schemas.Diff:
    """Starts a difference, and waits until it has ended."""
    answer = client.post("/v1/diffs", json={"before": {"at": AT}, "after": {}, **asked}, headers=headers)
    assert 202 == answer.status_code, answer.text
    started = schemas.DiffStarted.model_validate(answer.json())
    assert f"/v1/diffs/{started.id}" == answer.headers["location"] == started.look_at
    while (found := state(client, started.id)).running is not None:
        time.sleep(0.2)
    return found


def state(client: httpx.Client, number: int) -> schemas.Diff:
    return schemas.Diff.model_validate(client.get(f"/v1/diffs/{number}").json())


@pytest.fixture(scope="module")
def packs(client: httpx.Client) -> schemas.Diff:
    """The difference that most tests read: of the two packs that ship."""
    return made(client, after={"pack": "linkedin-help"})


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_a_difference_is_that_of_the_command_line(
    client: httpx.Client, packs: schemas.Diff, keys: dict[str, dict[str, str]]
) -> None:
    for table in ("members", "causes", "segments"):
        answer = client.get(f"/v1/diffs/{packs.id}/{table}", params={"format": "csv"}, headers=keys["auditor"])
        assert (GOLDEN_DIFFERENCES / f"diff_{table}.csv").read_text("utf-8") == answer.text
    assert packs.finished is not None
    assert ("article", "linkedin-help", False) == (
        packs.finished.before.pack,
        packs.finished.after.pack,
        packs.finished.same,
    )


def test_those_who_are_touched_most_can_be_read_first(client: httpx.Client, packs: schemas.Diff) -> None:
    everybody = client.get(f"/v1/diffs/{packs.id}/members").json()["rows"]
    most = client.get(f"/v1/diffs/{packs.id}/members", params={"most": 5}).json()["rows"]

    def touched(row: dict[str, Any]) -> int:
        return sum(row[key] for key in ("gained", "lost", "reached_by_gained", "reached_by_lost"))

    assert sorted(everybody, key=lambda row: (-touched(row), row["member"]))[:5] == most


def test_some_pairs_of_those_who_change_most_are_kept(client: httpx.Client, packs: schemas.Diff) -> None:
    network = ldbc_network()
    at = instant(AT)
    assert at is not None
    worlds = World(network, ARTICLE, at), World(network, Pack.of(case_files.read_pack("linkedin-help")), at)
    expected = {(row["sender"], row["recipient"]): row for row in oracle_differences.pairs(*worlds)}
    rows = client.get(f"/v1/diffs/{packs.id}/pairs").json()["rows"]
    assert 0 < len(rows) <= 1_000
    for row in rows:
        whole = expected[row["sender"], row["recipient"]]
        assert {**whole, "reasons": ""} == {**row, "reasons": ""}
        assert set(whole["reasons"].split(";")) - {*WITHHELD} == set(row["reasons"].split(";")) - {"UNAVAILABLE"}


def test_what_the_world_after_does_not_say_is_as_before(client: httpx.Client) -> None:
    found = made(client, before={"at": AT, "as_tier": "career"}, after={"as_tier": None}, free=True)
    assert found.finished is not None
    assert (AT, AT) == (found.finished.before.at, found.finished.after.at)
    assert ("career", None) == (found.finished.before.as_tier, found.finished.after.as_tier)
    same = made(client)
    assert same.finished is not None
    assert same.finished.same
    assert [] == client.get(f"/v1/diffs/{same.id}/causes").json()["rows"]


def test_a_change_is_supposed_in_the_world_after(client: httpx.Client) -> None:
    network = ldbc_network()
    leaver = sorted(network.members)[0]
    change = {"members": [{"id": leaver, "status": "closed"}]}
    found = made(client, after={"change": change})
    at = instant(AT)
    assert at is not None
    after = World(changed(network, change, {tier.name for tier in ARTICLE.tiers}), ARTICLE, at)
    assert found.finished is not None
    assert oracle_differences.totals(World(network, ARTICLE, at), after) == found.finished.totals.model_dump()
    assert found.finished.after.change is not None


def test_those_who_may_not_know_of_blocks_read_one_reason_for_all(
    client: httpx.Client, keys: dict[str, dict[str, str]]
) -> None:
    network = ldbc_network()
    who, whom = sorted(network.blocked)[0]
    change = {"remove": {"blocks": [{"member": who, "other": whom}]}}
    asked = {"before": {"at": AT}, "after": {"change": change}}
    assert (403, "scope-needed") == problem(client.post("/v1/diffs", json=asked))
    found = made(client, keys["auditor"], **asked)
    reasons = {
        name: {row["reason"] for row in client.get(f"/v1/diffs/{found.id}/causes", headers=headers).json()["rows"]}
        for name, headers in keys.items()
    }
    assert {"UNAVAILABLE"} == reasons["reader"] == reasons["looker"]
    assert reasons["auditor"] <= {*WITHHELD}


def test_differences_are_listed_the_newest_first(client: httpx.Client, packs: schemas.Diff) -> None:
    found = schemas.Diffs.model_validate(client.get("/v1/diffs").json()).diffs
    assert sorted((each.id for each in found), reverse=True) == [each.id for each in found]
    assert packs in found


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"after": {"pack": "nowhere"}}, (422, "unknown-pack")),
        ({"after": {"pack": "/etc/passwd.toml"}}, (422, "unknown-pack")),
        ({"after": {"as_tier": "gold"}}, (422, "unknown-tier")),
        ({"after": {}, "by": "shoe_size"}, (422, "invalid-question")),
        ({"after": {"change": {"connections": [{"a": "1", "b": "nobody"}]}}}, (422, "invalid-question")),
        ({"after": {"chnage": {}}}, (422, "invalid-request")),
        ({"before": {}}, (422, "invalid-request")),
    ],
)
def test_a_mistake_is_a_problem_and_starts_nothing(
    client: httpx.Client, asked: dict[str, Any], expected: tuple[int, str]
) -> None:
    before = client.get("/v1/diffs").json()
    assert expected == problem(client.post("/v1/diffs", json=asked))
    assert before == client.get("/v1/diffs").json()


def test_what_is_not_there_is_a_problem(client: httpx.Client, packs: schemas.Diff) -> None:
    assert (404, "unknown-run") == problem(client.get("/v1/diffs/9999"))
    assert (404, "unknown-run") == problem(client.get("/v1/diffs/9999/causes"))
    assert (422, "invalid-request") == problem(client.get(f"/v1/diffs/{packs.id}/secrets"))


def test_who_may_only_read_starts_none(client: httpx.Client, keys: dict[str, dict[str, str]]) -> None:
    assert (403, "scope-needed") == problem(client.post("/v1/diffs", json={"after": {}}, headers=keys["looker"]))
