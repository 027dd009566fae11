"""Plans over HTTP: started, followed and kept, read by those who may, and the same as those that are typed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import linkreach
from api.http import schemas
from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.rules.vocabulary import WITHHELD
from tests.http.service import PATIENCE, serving
from tests.support.ldbc import ldbc_network

AT = "2026-11-23T00:00:00Z"
PACK = "linkedin-help"  # by which less is open without any action
NETWORK = ldbc_network()
IDS = sorted(NETWORK.members)
TEAM, TARGETS = IDS[:3], IDS[100:140]


@pytest.fixture(scope="module")
def keys(home: Path) -> dict[str, dict[str, str]]:
    file = KeyFile(home / "api-keys.json")
    scopes = {"reader": ["read", "report"], "auditor": ["read", "report", "audit"], "looker": ["read"]}
    return {name: {"X-Api-Key": file.new(name, each)} for name, each in scopes.items()}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def client(
    module_sample: Database, address: Address, home: Path, keys: dict[str, dict[str, str]]
) -> Iterator[httpx.Client]:
    assert module_sample
    options = Options(address, home, keys=KeyFile(home / "api-keys.json"), deadline=PATIENCE)
    with serving(options) as running:
        running.client.headers.update(keys["reader"])
        yield running.client


def asked(**more: Any) -> dict[str, Any]:
    return {"senders": TEAM, "recipients": TARGETS, "at": AT, **more}


def made(client: httpx.Client, **more: Any) -> schemas.Plan:
    """Starts a plan, and waits until it has ended."""
    answer = client.post("/v1/plans", json=asked(**more))
    assert 202 == answer.status_code, answer.text
    started = schemas.PlanStarted.model_validate(answer.json())
    assert f"/v1/plans/{started.id}" == answer.headers["location"] == started.look_at
    while (found := state(client, started.id)).running is not None:
        time.sleep(0.2)
    return found


def state(client: httpx.Client, number: int) -> schemas.Plan:
    return schemas.Plan.model_validate(client.get(f"/v1/plans/{number}").json())


@pytest.fixture(scope="module")
def plan(client: httpx.Client) -> schemas.Plan:
    """The plan that most tests read; one of the targets is gone or blocks somebody."""
    return made(client, pack=PACK, budget=2, points=5)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def test_a_plan_is_that_of_the_session(client: httpx.Client, plan: schemas.Plan, address: Address) -> None:
    assert plan.finished is not None, plan.failed
    with linkreach.connect(neo4j_uri=address.uri, neo4j_user=address.user, neo4j_password=address.password) as session:
        same = session.plan(TEAM, TARGETS, session.world(at=AT, pack=PACK), linkreach.Wishes(budget=2))
    document = plan.finished.model_dump(mode="json")
    for key in ("recipients", "contacted", "contacted_before", "cost", "optimal", "bound", "one_more"):
        assert same.document[key] == document[key]
    rows = {table: client.get(f"/v1/plans/{plan.id}/{table}").json()["rows"] for table in ("contacts", "actions")}
    assert same.contacts.to_dict("records") == rows["contacts"]
    assert same.actions.to_dict("records") == rows["actions"]
    assert plan.stale is False


def test_coverage_grows_with_the_budget(client: httpx.Client, plan: schemas.Plan) -> None:
    rows = client.get(f"/v1/plans/{plan.id}/coverage").json()["rows"]
    contacted = [row["contacted"] for row in rows]
    assert 2 <= len(rows) <= 5
    assert contacted == sorted(contacted)
    assert (0, plan.finished and plan.finished.contacted_before) == (rows[0]["budget"], contacted[0])


def test_a_list_is_a_file_for_others(client: httpx.Client, plan: schemas.Plan) -> None:
    answer = client.get(f"/v1/plans/{plan.id}/contacts", params={"format": "csv"})
    assert answer.headers["content-disposition"] == 'inline; filename="contacts.csv"'
    assert "recipient,sender,channel,needs" == answer.text.splitlines()[0]


def test_plans_are_listed_and_what_there_is_not_is_said(client: httpx.Client, plan: schemas.Plan) -> None:
    listed = schemas.Plans.model_validate(client.get("/v1/plans").json())
    assert plan.id in [each.id for each in listed.plans]
    assert (404, "unknown-run") == problem(client.get("/v1/plans/999"))
    assert (404, "unknown-run") == problem(client.get("/v1/plans/999/contacts"))


def test_whoever_may_not_know_of_a_block_reads_of_none(client: httpx.Client, keys: dict[str, dict[str, str]]) -> None:
    blocked = next((sender, target) for target, sender in sorted(NETWORK.blocked) if target != sender)
    run = made(client, senders=[blocked[0]], recipients=[blocked[1]], actions=[])
    file = f"/v1/plans/{run.id}/uncovered"
    [told], [all_of_it] = (client.get(file, headers=keys[name]).json()["rows"] for name in ("reader", "auditor"))
    assert not {*told["reasons"].split(";")} & {*WITHHELD}
    assert "UNAVAILABLE" in told["reasons"].split(";")
    assert "BLOCKED_BY_RECIPIENT" in all_of_it["reasons"].split(";")
    assert (403, "scope-needed") == problem(client.post("/v1/plans", json=asked(actions=["unblock"])))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"senders": ["nobody"], "recipients": ["none"]}, (404, "unknown-member")),
        ({"actions": ["dance"]}, (422, "invalid-question")),
        ({"costs": {"upgrade:gold": 1}}, (422, "invalid-question")),
        ({"budget": -1}, (422, "invalid-request")),
        ({"points": 21}, (422, "invalid-request")),
        ({"pack": "none"}, (422, "unknown-pack")),
    ],
)
def test_what_makes_no_sense_is_a_problem(
    client: httpx.Client, more: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert expected == problem(client.post("/v1/plans", json=asked(**more)))


def test_it_takes_the_scope_report_to_start_one(client: httpx.Client, keys: dict[str, dict[str, str]]) -> None:
    assert (403, "scope-needed") == problem(client.post("/v1/plans", json=asked(), headers=keys["looker"]))
