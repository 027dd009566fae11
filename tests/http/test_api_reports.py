"""Reports over HTTP: runs that are started, kept whole, and read in every form, by those who may."""

from __future__ import annotations

import io
import json
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from filelock import FileLock

from analysis.reports import REPORTS
from analysis.runs import Runs
from api.http import schemas
from api.http.service import Options
from api.keys import KeyFile
from graph.driver.connection import Address
from graph.driver.database import Database
from tests.http.service import PATIENCE, serving
from tests.support.paths import GOLDEN

AT = "2026-11-23T00:00:00Z"
FORMS = ("json", "jsonl", "csv", "parquet")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def keys(home: Path) -> dict[str, dict[str, str]]:
    """The headers of one who reads and runs, and of one who may know of blocks, too."""
    file = KeyFile(home / "api-keys.json")
    return {
        "reader": {"X-Api-Key": file.new("reader", ["read", "report"])},
        "auditor": {"X-Api-Key": file.new("auditor", ["read", "audit"])},
    }


@pytest.fixture(scope="module")
def client(
    module_sample: Database, address: Address, home: Path, keys: dict[str, dict[str, str]]
) -> Iterator[httpx.Client]:
    assert module_sample
    options = Options(address, home, keys=KeyFile(home / "api-keys.json"), deadline=PATIENCE)
    with serving(options) as running:
        running.client.headers.update(keys["reader"])
        yield running.client


def state(client: httpx.Client, name: str) -> schemas.Report:
    answer = schemas.Reports.model_validate(client.get("/v1/reports").json())
    return next(report for report in answer.reports if report.name == name)


def finished(client: httpx.Client, name: str) -> schemas.Report:
    """Waits until no run of the report is under way."""
    while (found := state(client, name)).running is not None:
        time.sleep(0.2)
    return found


def made(client: httpx.Client, name: str, **asked: Any) -> schemas.Report:
    answer = client.post(f"/v1/reports/{name}", json={"at": AT, **asked})
    assert 202 == answer.status_code, answer.text
    schemas.RunStarted.model_validate(answer.json())
    assert "/v1/reports" == answer.headers["location"]
    return finished(client, name)


@pytest.fixture(scope="module")
def run(client: httpx.Client) -> dict[str, schemas.Report]:
    """The reports that other tests read, each run once."""
    return {name: made(client, name) for name in ("group_bridges", "page_bridges", "denials", "tier_reach")}


def test_every_report_is_listed_with_its_question_and_columns(client: httpx.Client) -> None:
    found = schemas.Reports.model_validate(client.get("/v1/reports").json()).reports
    assert [(each.name, each.question) for each in REPORTS.values()] == [(each.name, each.question) for each in found]


@pytest.mark.parametrize("name", ["group_bridges", "tier_reach"])
def test_a_run_is_the_report_of_the_command_line(client: httpx.Client, run: dict[str, Any], name: str) -> None:
    assert (GOLDEN / f"{name}.csv").read_text("utf-8") == client.get(
        f"/v1/reports/{name}", params={"format": "csv"}
    ).text
    assert run[name].finished is not None
    assert (AT, "article") == (run[name].finished.at, run[name].finished.pack)


def test_every_form_of_a_report_has_the_same_rows(client: httpx.Client, run: dict[str, Any]) -> None:
    whole = schemas.ReportRows.model_validate(client.get("/v1/reports/tier_reach").json())
    assert run["tier_reach"].finished == whole.finished
    lines = client.get("/v1/reports/tier_reach", params={"format": "jsonl"}).text.splitlines()
    assert whole.rows == [json.loads(line) for line in lines]
    frame = pd.read_parquet(io.BytesIO(client.get("/v1/reports/tier_reach", params={"format": "parquet"}).content))
    assert whole.rows == frame.astype(object).where(frame.notna(), None).to_dict("records")


def test_a_report_without_rows_has_its_columns(client: httpx.Client, run: dict[str, Any], home: Path) -> None:
    assert run
    last = Runs(home / "reports").last("page_bridges")
    assert last is not None
    later = last.folder.with_name("run-9999")
    shutil.copytree(last.folder, later)
    try:
        for file in later.glob("*.parquet"):
            pd.read_parquet(file).iloc[:0].to_parquet(file, index=False)
        forms = {form: client.get("/v1/reports/page_bridges", params={"format": form}) for form in FORMS}
        assert {200} == {answer.status_code for answer in forms.values()}
        assert [] == schemas.ReportRows.model_validate(forms["json"].json()).rows
        assert "" == forms["jsonl"].text
        assert "page,members,pairs,pairs_no_degree,pairs_only_here\n" == forms["csv"].text
        assert 0 == len(pd.read_parquet(io.BytesIO(forms["parquet"].content)))
    finally:
        shutil.rmtree(later)


def test_who_may_not_know_of_a_block_reads_one_row_for_both_codes(
    client: httpx.Client, run: dict[str, Any], keys: dict[str, dict[str, str]]
) -> None:
    assert run
    rows = {row["reason"]: row for row in client.get("/v1/reports/denials").json()["rows"]}
    told = {row["reason"]: row for row in client.get("/v1/reports/denials", headers=keys["auditor"]).json()["rows"]}
    blocked, limited = told.pop("BLOCKED_BY_RECIPIENT"), told.pop("LIMITED_BY_RECIPIENT")
    either = rows.pop("UNAVAILABLE")
    assert told == rows
    assert max(blocked["pairs"], limited["pairs"]) <= either["pairs"] <= blocked["pairs"] + limited["pairs"]
    assert either["pairs"] > 0


@pytest.mark.parametrize(
    ("path", "report", "key"), [("groups", "group_bridges", "group"), ("companies", "page_bridges", "page")]
)
def test_a_bridge_is_the_row_of_the_last_run(
    client: httpx.Client, run: dict[str, Any], path: str, report: str, key: str
) -> None:
    for row in client.get(f"/v1/reports/{report}").json()["rows"][:3]:
        bridge = schemas.Bridge.model_validate(client.get(f"/v1/{path}/{row[key]}/bridges").json())
        assert run[report].finished == bridge.finished
        assert {"id": row.pop(key), **row} == bridge.model_dump(exclude={"finished"})
    assert 404 == client.get(f"/v1/{path}/nobody/bridges").status_code


def test_a_report_without_a_run_is_said_to_have_none(client: httpx.Client) -> None:
    answer = client.get("/v1/reports/quotas")
    assert (404, "urn:linkreach:problem:no-run") == (answer.status_code, answer.json()["type"])


def test_one_run_of_a_report_at_a_time_in_any_process(client: httpx.Client, home: Path) -> None:
    (home / "reports").mkdir(exist_ok=True)
    with FileLock(home / "reports" / "lapse.lock"):
        answer = client.post("/v1/reports/lapse")
        assert (409, "urn:linkreach:problem:run-under-way") == (answer.status_code, answer.json()["type"])
    assert made(client, "lapse").finished


def test_runs_of_different_reports_wait_for_each_other(client: httpx.Client) -> None:
    names = ["member_reach", "lapse", "gatekeepers"]
    for name in names:
        assert 202 == client.post(f"/v1/reports/{name}", json={"at": AT}).status_code
    runs = [finished(client, name).finished for name in names]
    ends = [run.finished_at for run in runs if run is not None]
    assert len(names) == len(ends)
    assert sorted(ends) == ends


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"pack": "none"}, "unknown-pack"),
        ({"at": "soon"}, "invalid-request"),
        ({"by": "shoe_size"}, "invalid-question"),
    ],
)
def test_a_run_that_cannot_be_made_is_refused_at_once(client: httpx.Client, asked: dict[str, str], kind: str) -> None:
    answer = client.post("/v1/reports/gatekeepers", json=asked)
    assert (422, f"urn:linkreach:problem:{kind}") == (answer.status_code, answer.json()["type"])
    assert None is state(client, "gatekeepers").running


def test_what_a_run_is_made_from_stands_in_the_body_alone(client: httpx.Client) -> None:
    answer = client.post("/v1/reports/gatekeepers", params={"pack": "none"}, json={"at": AT})
    assert (422, "urn:linkreach:problem:invalid-request") == (answer.status_code, answer.json()["type"])


def test_a_run_that_fails_leaves_the_last_one_and_says_so(client: httpx.Client, home: Path) -> None:
    before = made(client, "segment_matrix").finished
    in_the_way = home / "reports" / "segment_matrix" / "part-that-is-no-folder"
    in_the_way.touch()
    after = made(client, "segment_matrix")
    assert before == after.finished
    assert after.failed is not None
    assert (500, "urn:linkreach:problem:internal") == (after.failed["status"], after.failed["type"])
    in_the_way.unlink()
    assert None is made(client, "segment_matrix", by="gender").failed


def test_runs_are_their_owners_alone_and_what_was_cut_short_goes(
    client: httpx.Client, run: dict[str, Any], home: Path
) -> None:
    assert run
    folder = home / "reports" / "tier_reach"
    assert 0o700 == stat.S_IMODE((home / "reports").stat().st_mode)
    (folder / "part-cut-short").mkdir()
    assert None is not Runs(home / "reports").last("tier_reach")
    made(client, "tier_reach")
    assert [] == list(folder.glob("part-*"))
    made(client, "tier_reach")
    assert 2 == len(list(folder.glob("run-*")))
