"""Loads over HTTP into a real graph: the same as the command's, one at a time, by those who may."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http import schemas
from api.http.service import Options
from api.keys import SCOPES, KeyFile
from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.loading.load_lock import load_lock
from graph.snapshot.fingerprint import fingerprint
from linkreach.loading import load, source_at
from tests.http.service import PATIENCE, serving

NETWORK = {
    "net/members.csv": "id,name,tier\nada,Ada,free\nben,Ben,business\ncy,Cy,nonsense\n",
    "net/connections.csv": "a,b\nada,ben\nada,cy\n",
    "net/blocks.csv": "member,other\nada,ben\n",
}
UNBLOCKED = {"net/remove/blocks.csv": "member,other\nada,ben\nben,ada\n"}


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    return KeyFile(tmp_path_factory.mktemp("keys") / "api-keys.json")


@pytest.fixture(scope="module")
def client(address: Address, keys: KeyFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    options = Options(address, tmp_path_factory.mktemp("api"), keys=keys, deadline=PATIENCE)
    with serving(options) as running:
        running.client.headers["X-Api-Key"] = keys.new("everything", SCOPES)
        yield running.client


def sent(client: httpx.Client, files: dict[str, str], *, key: str | None = None, **asked: Any) -> httpx.Response:
    named = [("files", (name, text, "text/csv")) for name, text in files.items()]
    headers = {} if key is None else {"X-Api-Key": key}
    return client.post("/v1/loads", params=asked, files=named, headers=headers)


def ended(client: httpx.Client, answer: httpx.Response) -> schemas.Load:
    assert 202 == answer.status_code, answer.text
    while True:
        found = schemas.Load.model_validate(client.get(answer.headers["location"]).json())
        if found.running is None:
            return found
        time.sleep(0.05)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:linkreach:problem:")


def test_a_load_puts_into_the_graph_what_the_command_would(
    client: httpx.Client, database: Database, tmp_path: Path
) -> None:
    found = ended(client, sent(client, NETWORK))
    assert found.finished is not None
    over_http = fingerprint(database)
    database_is_empty = ended(client, sent(client, {"net/members.csv": "id\nzoe\n"}, replace=True))
    assert database_is_empty.finished is not None
    assert over_http != fingerprint(database)
    for name, text in NETWORK.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    by_command = load(database, source_at(tmp_path / "net"), replace=True).report
    assert over_http == fingerprint(database)
    assert (by_command.loaded, by_command.rejected) == (found.finished.loaded, found.finished.rejected)
    assert {"members": 2, "connections": 1, "blocks": 1} == by_command.loaded


def test_a_load_that_runs_elsewhere_keeps_others_out(client: httpx.Client, database: Database) -> None:
    with load_lock(database, emptying=False):
        while not client.get("/readyz").json().get("type", "").endswith(":graph-loading"):
            pass
        assert (503, "graph-loading") == problem(sent(client, NETWORK))
        assert None is not ended(client, sent(client, NETWORK, explain=True)).finished
    assert None is not ended(client, sent(client, NETWORK)).finished


def test_a_load_that_was_cut_short_is_completed_by_another(client: httpx.Client, database: Database) -> None:
    with suppress(ZeroDivisionError), load_lock(database, emptying=False):
        raise ZeroDivisionError
    while client.get("/readyz").json().get("detail", "").find("cut short") < 0:
        pass
    assert None is not ended(client, sent(client, NETWORK)).finished
    while client.get("/readyz").status_code != 200:
        pass
    assert 2 == client.get("/v1/graph").json()["members"]


def test_a_load_whose_files_cannot_be_taken_away_is_a_load(
    client: httpx.Client, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise PermissionError(path)

    monkeypatch.setattr("shutil.rmtree", refused)
    found = ended(client, sent(client, NETWORK))
    monkeypatch.undo()
    assert found.finished is not None, found.failed
    assert {"members": 2, "connections": 1, "blocks": 1} == found.finished.loaded
    assert found.finished.graph_version == database.read(schema.state()).version


def test_a_load_that_fails_leaves_the_graph_as_it_was_and_is_told(client: httpx.Client, database: Database) -> None:
    ended(client, sent(client, NETWORK))
    before = fingerprint(database)
    failed = ended(client, sent(client, {"net/members.csv": "id,tier\nada,nonsense\n"}, replace=True)).failed
    assert failed is not None
    assert "no row of these files can be loaded, so the graph stays as it is" == failed["detail"]
    assert before == fingerprint(database)


def test_whether_a_block_is_there_is_not_told_by_whether_it_can_be_removed(
    client: httpx.Client, database: Database, keys: KeyFile
) -> None:
    ended(client, sent(client, NETWORK))
    before = fingerprint(database)
    failed = ended(client, sent(client, UNBLOCKED, key=keys.new("loader", ["load"]))).failed
    assert failed is not None
    assert "urn:linkreach:problem:scope-needed" == failed["type"]
    assert before == fingerprint(database)
    found = ended(client, sent(client, UNBLOCKED, key=keys.new("auditor", ["load", "audit"])))
    assert found.finished is not None
    assert ({"remove/blocks": 1}, {"remove/blocks": 1}) == (found.finished.loaded, found.finished.rejected)
    rows = client.get(f"/v1/loads/{found.id}/rejected").json()["rows"]
    assert ["not in the graph"] == [row["reason"] for row in rows]
