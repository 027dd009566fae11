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
from graph.rules.vocabulary import WITHHELD
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
    started = schemas.RunStarted.model_validate(answer.json())
    assert f"/v1/reports/{name}/runs/{started.id}" == answer.headers["location"] == started.look_at
    return finished(client, name)


def one(client: httpx.Client, name: str, number: int) -> schemas.Run:
    return schemas.Run.model_validate(client.get(f"/v1/reports/{name}/runs/{number}").json())


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


def test_who_may_not_know_of_a_block_reads_one_row_for_all_codes(
    client: httpx.Client, run: dict[str, Any], keys: dict[str, dict[str, str]]
) -> None:
    assert run
    rows = {row["reason"]: row for row in client.get("/v1/reports/denials").json()["rows"]}
    told = {row["reason"]: row for row in client.get("/v1/reports/denials", headers=keys["auditor"]).json()["rows"]}
    each, any = [told.pop(code)["pairs"] for code in WITHHELD], rows.pop("UNAVAILABLE")["pairs"]
    assert told == rows
    assert 0 < max(each) <= any <= sum(each)


@pytest.mark.parametrize(
    ("path", "report", "key"), [("groups", "group_bridges", "group"), ("companies", "page_bridges", "page")]
)
def test_a_bridge_is_the_row_of_the_last_run(
    client: httpx.Client, run: dict[str, Any], path: str, report: str, key: str
) -> None:
    for row in client.get(f"/v1/reports/{report}").json()["rows"][:3]:
        bridge = schemas.Bridge.model_validate(client.get(f"/v1/{path}/{row[key]}/bridges").json())
        assert run[report].finished == bridge.finished
        assert {"id": row.pop(key), **row} == bridge.model_dump(exclude={"finished", "stale"})
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
    runs = home / "reports" / "segment_matrix"
    last = max(int(each.name.removeprefix("run-")) for each in runs.glob("run-*"))
    (runs / f"run-{last + 1}").touch()  # a file in the way
    after = made(client, "segment_matrix")
    assert before == after.finished
    assert after.failed is not None
    assert (500, "urn:linkreach:problem:internal") == (after.failed["status"], after.failed["type"])
    failed = one(client, "segment_matrix", last + 1)
    assert (None, None, after.failed) == (failed.running, failed.finished, failed.failed)
    again = made(client, "segment_matrix", by="gender")
    assert None is again.failed
    assert again.finished == one(client, "segment_matrix", last + 2).finished  # no number is given twice
    assert 404 == client.get(f"/v1/reports/segment_matrix/runs/{last + 1}").status_code


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


def test_a_run_is_followed_where_it_said_until_it_has_finished(client: httpx.Client) -> None:
    started = client.post("/v1/reports/quotas", json={"at": AT})
    address = started.headers["location"]
    while (found := schemas.Run.model_validate(client.get(address).json())).running is not None:
        time.sleep(0.2)
    assert found.finished == state(client, "quotas").finished
    assert ("quotas", started.json()["id"], None) == (found.report, found.id, found.failed)
    assert f"report,id,state\nquotas,{found.id},finished\n" == client.get(address, params={"format": "csv"}).text
    for path, status, kind in (
        ("/v1/reports/quotas/runs/999", 404, "unknown-run"),
        ("/v1/reports/nothing/runs/1", 404, "unknown-report"),
        ("/v1/reports/quotas/runs/0", 422, "invalid-request"),
        ("/v1/reports/quotas/runs/1_0", 422, "invalid-request"),
    ):
        answer = client.get(path)
        assert (status, f"urn:linkreach:problem:{kind}") == (answer.status_code, answer.json()["type"])


def test_runs_stand_in_the_order_in_which_they_began_and_not_in_that_of_clocks(
    client: httpx.Client, home: Path
) -> None:
    """Also the tenth behind the ninth, and one that began before a clock was set back."""
    made(client, "lapse")
    runs = Runs(home / "reports")
    first = runs.last("lapse")
    assert first is not None
    tomorrow = json.loads((first.folder / "manifest.json").read_text("utf-8")) | {"finished_at": "2099-01-01T00:00:00Z"}
    first.folder.rename(first.folder.with_name("run-9"))
    (first.folder.with_name("run-9") / "manifest.json").write_text(json.dumps(tomorrow), "utf-8")
    later = made(client, "lapse").finished
    assert later is not None
    assert later.finished_at < tomorrow["finished_at"]
    last = Runs(home / "reports").last("lapse")
    assert last is not None
    assert "run-10" == last.folder.name


BROKEN = {
    "cut short": b'{"at": "20',
    "empty": b"",
    "no object": b"[]",
    "of nothing": b"{}",
    "no text": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "no time": b'{"graph_version": 1, "pack": "article", "at": "soon", "finished_at": "2026-01-01T00:00:00Z"}',
}


@pytest.mark.parametrize("manifest", [*BROKEN.values(), None], ids=[*BROKEN, "rows"])
def test_a_broken_run_spoils_no_list_and_the_one_before_is_read(
    client: httpx.Client, run: dict[str, schemas.Report], home: Path, manifest: bytes | None
) -> None:
    whole = Runs(home / "reports").last("group_bridges")
    assert whole is not None
    broken = whole.folder.with_name("run-99")
    shutil.copytree(whole.folder, broken)
    if manifest is None:
        (broken / "redacted.parquet").write_bytes(b"PAR1")
    else:
        (broken / "manifest.json").write_bytes(manifest)
    try:
        assert run["group_bridges"].finished == state(client, "group_bridges").finished
        assert 200 == client.get("/v1/reports/group_bridges").status_code
        assert 404 == client.get("/v1/reports/group_bridges/runs/99").status_code
    finally:
        shutil.rmtree(broken)


def test_what_is_no_run_is_in_nobodys_way(client: httpx.Client, run: dict[str, schemas.Report], home: Path) -> None:
    folder = home / "reports" / "page_bridges"
    for name in ("run-", "run-x", "run-1e3", "run--1", "part-x"):
        (folder / name).mkdir()
    (folder / "run-1000").touch()
    try:
        assert run["page_bridges"].finished == state(client, "page_bridges").finished
        assert None is not made(client, "page_bridges").finished
        assert not (folder / "part-x").exists()
    finally:
        (folder / "run-1000").unlink()
        for name in ("run-", "run-x", "run-1e3", "run--1"):
            (folder / name).rmdir()


def test_a_run_from_a_sample_has_errors_and_says_who_was_drawn(client: httpx.Client) -> None:
    before = state(client, "lapse").finished
    done = made(client, "lapse", sample=100, seed=3).finished
    assert done is not None
    assert done != before
    assert done.sample is not None
    assert (100, 3, 100) == (done.sample.size, done.sample.seed, sum(each.drawn for each in done.sample.strata))
    rows = client.get("/v1/reports/lapse").json()["rows"]
    assert ["member", "tier", "expires_at", "direct_now", "direct_now_se", "direct_after", "direct_after_se"] == [
        *rows[0]
    ]
    text = client.get("/v1/reports/lapse", params={"format": "csv"}).text
    written = [line.split(",")[4] for line in text.splitlines()[1:]]
    assert [row["direct_now_se"] for row in rows] == [float(error) for error in written]


def test_a_sample_that_says_nothing_is_refused_and_one_too_small_fails(client: httpx.Client) -> None:
    refused = client.post("/v1/reports/denials", json={"at": AT, "sample": 100})
    assert (422, "urn:linkreach:problem:invalid-question") == (refused.status_code, refused.json()["type"])
    assert refused.json()["detail"].startswith("denials is not estimated from a sample")
    failed = made(client, "quotas", sample=1).failed
    assert failed is not None
    assert "a sample of 1 has not two recipients of each tier: it takes 8" == failed["detail"]
