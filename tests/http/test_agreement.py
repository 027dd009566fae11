"""One meaning over HTTP, too: API, command line and oracle say the same, at every size of a page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from api.http.service import Options
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.http.service import PATIENCE, Serving, serving
from tests.rules import case_files, oracle
from tests.rules.agreement import PAGE_SIZES, hidden
from tests.rules.by_hand import put_case
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, Row
from tests.support.terminal import Answer

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def service(address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(Options(address, tmp_path_factory.mktemp("api"), deadline=PATIENCE)) as running:
        yield running


@pytest.mark.parametrize("case", case_files.answered_cases(), ids=lambda case: case.name)
def test_api_command_line_and_oracle_say_the_same(
    case: Case,
    database: Database,
    service: Serving,
    linkreach: Callable[..., Answer],
    tmp_path: Path,
) -> None:
    put_case(database, tmp_path / "network", case)
    while not (ready := service.client.get("/readyz")).is_success or not is_now(ready, database):
        time.sleep(0.1)  # the service has yet to see that the graph is another one
    network, pack, at = Network.of(case.network), Pack.of(case.pack), oracle.instant(case.at)
    assert at is not None
    asked = {"at": case.at, "pack": pack.name}
    options = ("--at", case.at, "--pack", pack.name)
    pairs = list(permutations(sorted(network.members), 2))
    body = {"pairs": [{"sender": sender, "recipient": recipient} for sender, recipient in pairs], **asked}
    verdicts = service.client.post("/v1/check", json=body).json()["verdicts"]
    for (sender, recipient), verdict in zip(pairs, verdicts, strict=True):
        expected = oracle.verdict(network, pack, sender, recipient, at)
        assert {**expected, **hidden(expected)} == told(verdict)
    for verdict in verdicts[:1]:
        typed = linkreach("check", verdict["sender"], verdict["recipient"], *options, "--format", "json")
        assert json.loads(typed.out) == verdict
    everybody = sorted(network.members)
    for member in everybody:
        for path, other, expect in (
            ("reach", "recipient", oracle.reach),
            ("reached-by", "sender", oracle.reached_by),
        ):
            rows = expect(network, pack, member, at)
            by_id = sorted(rows, key=lambda row: str(row[other]))
            for size in PAGE_SIZES:
                assert by_id == paged(service.client, member, path, {**asked, "limit": size or "all"}), size
            if member == everybody[0]:
                typed = linkreach(path, member, *options, "--format", "json")
                assert rows == [flat(row) for row in json.loads(typed.out)]


def is_now(ready: httpx.Response, database: Database) -> bool:
    """Whether what the service has seen is the graph as it is."""
    return bool(ready.json()["graph_version"] == database.read(schema.state()).version)


def paged(client: httpx.Client, member: str, path: str, asked: dict[str, Any]) -> list[Row]:
    """All pages of a list, one after the other."""
    answer = client.get(f"/v1/members/{quote(member, safe='')}/{path}", params=asked)
    rows = [flat(row) for row in answer.json()["rows"]]
    while answer.json()["next"]:
        answer = client.get(answer.links["next"]["url"])
        rows += [flat(row) for row in answer.json()["rows"]]
    return rows


def flat(row: Row) -> Row:
    """A row of reach as the oracle has it."""
    return {**row, "channels": ";".join(row["channels"])}


def told(verdict: Row) -> Row:
    """A verdict as the oracle has it: groups and pages outside, and no other evidence."""
    evidence = {each["channel"]: each["evidence"] for each in verdict["channels"]}
    return {
        **verdict,
        "channels": [{key: each[key] for key in each if key != "evidence"} for each in verdict["channels"]],
        "groups": evidence.get("group", {}).get("groups", []),
        "pages": evidence.get("company_page", {}).get("pages", []),
    }
