"""The query API: every resource in every form, cursors, and what goes wrong, on the sample network."""

from __future__ import annotations

import asyncio
import base64
import csv
import gc
import io
import json
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import neo4j
import pandas as pd
import pytest
import structlog
from starlette.requests import Request
from starlette.routing import Route

from api.http import problems, schemas
from api.http.access import Admission, Entrance
from api.http.app import create_app
from api.http.difference_runs import DifferenceRunner
from api.http.formats import Format
from api.http.loads import LoadRunner
from api.http.plan_runs import PlanRunner
from api.http.problems import KINDS, kind_of
from api.http.reply import Reply
from api.http.report_runs import ReportRunner
from api.http.requests import Requests
from api.http.service import Options, Service
from api.http.warming import warm_up
from api.http.watch import Watch
from graph import errors
from graph.driver import schema
from graph.driver.async_database import AsyncDatabase
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.errors import GraphChanged, LinkreachError
from graph.questions.reach import Reached, reach_page
from graph.rules.pack_store import save_pack
from graph.rules.redaction import STRANGER
from graph.rules.rule_pack import RulePack, shipped_pack
from graph.world import World
from linkreach.forms import REACHED
from tests.http.service import PATIENCE, Serving, serving

AT = "2026-11-23T00:00:00Z"
DENIED = {"sender": "8796093022357", "recipient": "4398046511333", "at": AT}
REACHING = "96"


@pytest.fixture(scope="module")
def service(module_sample: Database, address: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    assert module_sample
    with serving(Options(address, tmp_path_factory.mktemp("api"), deadline=PATIENCE)) as running:
        yield running


@pytest.fixture(scope="module")
def client(service: Serving) -> httpx.Client:
    return service.client


def problem(answer: httpx.Response) -> tuple[int, str]:
    """The status and the kind of a problem, which names the request and hides the cause."""
    assert "application/problem+json" == answer.headers["content-type"]
    document = answer.json()
    assert answer.status_code == document["status"]
    assert answer.headers["x-request-id"] == document["request_id"]
    assert not {"bolt", "neo4j", "Traceback", "password"} & set(document["detail"].lower().split())
    return answer.status_code, document["type"].removeprefix("urn:linkreach:problem:")


# Resources


def test_a_verdict_is_the_one_of_the_command_line(client: httpx.Client, linkreach: Any) -> None:
    answer = client.get("/v1/check", params=DENIED)
    schemas.Verdict.model_validate(answer.json())
    typed = linkreach("check", DENIED["sender"], DENIED["recipient"], "--at", AT, "--format", "json")
    assert json.loads(typed.out) == answer.json()


@pytest.mark.parametrize("format", ["csv", "jsonl"])
@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("/v1/check", ("check", DENIED["sender"], DENIED["recipient"])),
        ("/v1/unlock", ("unlock", DENIED["sender"], DENIED["recipient"])),
    ],
)
def test_text_is_that_of_the_command_line(
    client: httpx.Client, linkreach: Any, path: str, command: tuple[str, ...], format: str
) -> None:
    answer = client.get(path, params={**DENIED, "format": format})
    typed = linkreach(*command, "--at", AT, "--format", format)
    expected = typed.out if format == "csv" else typed.out.replace(": ", ":").replace(", ", ",")
    assert expected == answer.text


def test_an_unlock_names_what_the_sender_could_do(client: httpx.Client) -> None:
    answer = client.get("/v1/unlock", params={**DENIED, "channel": "direct", "names": 0})
    found = schemas.Unlock.model_validate(answer.json())
    assert ("direct", True) == (found.channel, found.single_action_enough)
    assert {"upgrade"} <= {action.action for action in found.actions}


def test_a_batch_has_its_verdicts_in_order_and_a_problem_where_there_is_none(client: httpx.Client) -> None:
    one = {key: DENIED[key] for key in ("sender", "recipient")}
    unknown, same = one | {"recipient": "nobody"}, one | {"recipient": one["sender"]}
    answer = client.post("/v1/check", json={"pairs": [one, unknown, same, one], "at": AT})
    found = schemas.Verdicts.model_validate(answer.json()).verdicts
    assert [schemas.Verdict, schemas.Unjudged, schemas.Unjudged, schemas.Verdict] == [type(each) for each in found]
    verdict = client.get("/v1/check", params=DENIED).json()
    assert [verdict, verdict] == [answer.json()["verdicts"][place] for place in (0, 3)]
    assert [404, 422] == [each.status for each in found if isinstance(each, schemas.Unjudged)]


def test_a_batch_comes_in_the_form_that_its_address_asks_for(client: httpx.Client) -> None:
    body = {"pairs": [{key: DENIED[key] for key in ("sender", "recipient")}], "at": AT}
    one = client.get("/v1/check", params={**DENIED, "format": "csv"})
    many = client.post("/v1/check", params={"format": "csv"}, json=body)
    assert (200, one.text) == (many.status_code, many.text)
    for params in ({"format": "xml"}, {"as_tier": "free"}):
        assert (422, "invalid-request") == problem(client.post("/v1/check", params=params, json=body))


def test_a_match_is_that_of_the_command_line(client: httpx.Client, linkreach: Any, desk: Path) -> None:
    senders, recipients = (DENIED["sender"], "94"), (DENIED["recipient"], "96")
    for name, ids in (("team", senders), ("targets", recipients)):
        (desk / name).write_text("\n".join(ids) + "\n", encoding="utf-8")
    typed = linkreach("match", "--senders", "team", "--recipients", "targets", "--unlock", "--at", AT)
    pairs = [{"sender": sender, "recipient": recipient} for sender in senders for recipient in recipients]
    body = {"pairs": pairs, "unlock": True, "at": AT}
    assert typed.out == client.post("/v1/match", params={"format": "csv"}, json=body).text
    found = schemas.Matched.model_validate(client.post("/v1/match", json=body).json()).pairs
    assert pairs == [{"sender": each.sender, "recipient": each.recipient} for each in found]
    assert all(each.reachable or each.unlock for each in found)


def test_the_introductions_of_a_match_are_those_of_the_command_line(
    client: httpx.Client, linkreach: Any, desk: Path
) -> None:
    senders, recipients = (DENIED["sender"], "94"), (DENIED["recipient"], "96")
    for name, ids in (("team", senders), ("targets", recipients)):
        (desk / name).write_text("\n".join(ids) + "\n", encoding="utf-8")
    typed = linkreach("match", "--senders", "team", "--recipients", "targets", "--introductions", "--at", AT)
    pairs = [{"sender": sender, "recipient": recipient} for sender in senders for recipient in recipients]
    body = {"pairs": pairs, "introductions": True, "at": AT}
    assert typed.out == client.post("/v1/match", params={"format": "csv"}, json=body).text
    for each in schemas.Matched.model_validate(client.post("/v1/match", json=body).json()).pairs:
        asked = {"sender": each.sender, "recipient": each.recipient, "at": AT}
        best = client.get("/v1/introductions", params=asked).json()["ways"][0]
        assert (each.introduction, each.introduction_strength) == (";".join(best["members"][1:-1]), best["strength"])
    assert (422, "invalid-request") == problem(client.post("/v1/match", json={**body, "pairs": pairs * 26}))


def test_mutuals_are_those_that_the_verdict_counts(client: httpx.Client) -> None:
    asked = {key: DENIED[key] for key in ("sender", "recipient")}
    found = schemas.Mutuals.model_validate(client.get("/v1/mutuals", params=asked).json())
    some = schemas.Mutuals.model_validate(client.get("/v1/mutuals", params={**asked, "limit": 2}).json())
    ids = [each.id for each in found.mutuals]
    assert sorted(ids) == ids
    assert client.get("/v1/check", params=DENIED).json()["mutuals"] == len(ids)
    assert (ids[:2], len(ids) - 2) == ([each.id for each in some.mutuals], some.more)
    assert (404, "unknown-member") == problem(client.get("/v1/mutuals", params={**asked, "recipient": "nobody"}))


def test_introductions_are_those_of_the_command_line(client: httpx.Client, linkreach: Any) -> None:
    sender, recipient = DENIED["sender"], DENIED["recipient"]
    asked = {"sender": sender, "recipient": recipient, "at": AT}
    typed = linkreach("introduce", sender, recipient, "--at", AT)
    assert typed.out == client.get("/v1/introductions", params={**asked, "format": "csv"}).text
    found = schemas.Introductions.model_validate(client.get("/v1/introductions", params=asked).json())
    best = found.ways[0].members[1]
    assert 10 == len(found.ways)
    without = client.get("/v1/introductions", params={**asked, "without": [best, found.ways[1].members[1]]}).json()
    assert found.ways[2].members == without["ways"][0]["members"]
    through = client.get("/v1/introductions", params={**asked, "through": best, "limit": 3, "every_way": True}).json()
    assert [True] * 3 == [best in way["members"] for way in through["ways"]]
    assert (422, "invalid-question") == problem(client.get("/v1/introductions", params={**asked, "through": sender}))
    assert (404, "unknown-member") == problem(client.get("/v1/introductions", params={**asked, "without": "nobody"}))


def test_what_is_loaded_is_counted(client: httpx.Client) -> None:
    found = schemas.Overview.model_validate(client.get("/v1/graph").json())
    assert (222, 825) == (found.members, found.connections)
    for each in found.examples:
        assert client.get(f"/v1/members/{each.id}").json()["name"] == each.name


@pytest.mark.parametrize(
    ("part", "id"), [("%5C.", "."), ("%5C..", ".."), ("%5C%5C..", "\\.."), ("%5Ca", "\\a"), ("%5C...", "\\...")]
)
def test_an_id_of_dots_is_no_way_up(client: httpx.Client, part: str, id: str) -> None:
    answer = client.get(f"/v1/members/{part}")
    assert (404, "unknown-member") == problem(answer)
    assert f"no member has the id {id!r}" == answer.json()["detail"]


def test_a_batch_by_a_tier_that_nobody_defines_is_one_problem(client: httpx.Client) -> None:
    pairs = [{key: DENIED[key] for key in ("sender", "recipient")}]
    assert (422, "unknown-tier") == problem(client.post("/v1/check", json={"pairs": pairs, "as_tier": "gold"}))
    assert (422, "unknown-pack") == problem(client.post("/v1/check", json={"pairs": pairs, "pack": "none"}))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("6597069766672", "6597069766672"),
        ("Jan Zakrzewski", "6597069766672"),
        ("zakrz jan", "6597069766672"),
        ("659706976667", "6597069766672"),
    ],
)
def test_members_are_found_by_id_by_its_beginning_and_by_words(client: httpx.Client, text: str, first: str) -> None:
    found = schemas.Members.model_validate(client.get("/v1/members", params={"q": text}).json()).members
    assert first == found[0].id


SYNTAX = ['"', "a*b?", "name:jan~5 OR *:*", "+-&&||!(){}[]^\\/", "AND", "jan AND", "\x00", "😀"]


@pytest.mark.parametrize("text", SYNTAX)
def test_no_text_is_read_as_the_syntax_of_the_index(client: httpx.Client, text: str) -> None:
    answer = client.get("/v1/members", params={"q": text})
    assert 200 == answer.status_code
    assert len(schemas.Members.model_validate(answer.json()).members) < 20


def test_what_is_known_of_a_member(client: httpx.Client) -> None:
    found = schemas.Member.model_validate(client.get("/v1/members/4398046511325", params={"at": AT}).json())
    assert ("Li Zhang", "sales_navigator", False) == (found.name, found.effective_tier, found.gone)
    assert AT < found.properties["tier_expires_at"]
    assert (404, "unknown-member") == problem(client.get("/v1/members/nobody"))


def test_packs_are_described_with_what_their_tiers_grant(client: httpx.Client) -> None:
    found = schemas.Packs.model_validate(client.get("/v1/packs").json()).packs
    assert ["article", "linkedin-help"] == [pack.name for pack in found]
    assert [1, 2, 3, 3] == [tier.direct_degree for tier in found[0].tiers]


def test_what_there_is_to_ask_is_listed(client: httpx.Client) -> None:
    answer = client.get("/v1")
    listed = {(each.method, each.path): each for each in schemas.Index.model_validate(answer.json()).resources}
    described = {
        (method.upper(), path): operation["summary"]
        for path, ways in client.get("/openapi.json").json()["paths"].items()
        for method, operation in ways.items()
        if "security" in operation
    }
    assert described == {way: each.question for way, each in listed.items()}
    assert ("report", False) == (listed["POST", "/v1/reports/{name}"].scope, listed["GET", "/v1/reports"].for_senders)


@pytest.mark.parametrize(
    ("kind", "model", "size"), [("groups", schemas.Groups, 5), ("companies", schemas.Companies, 100)]
)
def test_groups_and_companies_are_listed_page_by_page(client: httpx.Client, kind: str, model: Any, size: int) -> None:
    whole = getattr(model.model_validate(client.get(f"/v1/{kind}", params={"limit": 1000}).json()), kind)
    page = client.get(f"/v1/{kind}", params={"limit": size})
    ids = [row["id"] for row in page.json()[kind]]
    while page.json()["next"]:
        page = client.get(page.links["next"]["url"])
        ids += [row["id"] for row in page.json()[kind]]
    assert sorted(ids) == ids
    assert len({*ids}) == len(ids) > 2 * size
    assert [each.id for each in whole] == ids[:1000]
    rows = csv.DictReader(io.StringIO(client.get(f"/v1/{kind}", params={"limit": 1000, "format": "csv"}).text))
    assert [(each.id, each.name or "") for each in whole] == [(row["id"], row["name"]) for row in rows]


@pytest.mark.parametrize("kind", ["groups", "companies"])
def test_groups_and_companies_are_found_by_id_by_its_beginning_and_by_words(client: httpx.Client, kind: str) -> None:
    named = next(row for row in client.get(f"/v1/{kind}").json()[kind] if row["name"])
    for text in (named["id"], named["name"], named["name"].lower()[:-1]):
        found = client.get(f"/v1/{kind}", params={"q": text, "limit": 100}).json()
        assert named in found[kind]
        assert None is found["next"]
    assert named == client.get(f"/v1/{kind}", params={"q": named["id"]}).json()[kind][0]
    assert named["id"][:2] == client.get(f"/v1/{kind}", params={"q": named["id"][:2]}).json()[kind][0]["id"][:2]
    for text in SYNTAX:
        assert 200 == client.get(f"/v1/{kind}", params={"q": text}).status_code


def test_a_cursor_of_another_list_is_refused(client: httpx.Client) -> None:
    cursor = client.get("/v1/groups", params={"limit": 1}).json()["next"]
    for path, more in (("/v1/companies", {}), ("/v1/groups", {"q": "a"}), (f"/v1/members/{REACHING}/reach", {})):
        answer = client.get(path, params={"cursor": cursor, **more})
        assert (422, "cursor-of-another-question") == problem(answer)


# Forms


@pytest.mark.parametrize(("other", "path"), [("recipient", "reach"), ("sender", "reached-by")])
def test_every_form_of_reach_says_the_same(client: httpx.Client, other: str, path: str) -> None:
    address = f"/v1/members/{REACHING}/{path}"
    document = client.get(address, params={"at": AT, "limit": "all"}).json()["rows"]
    assert len(document) > 50
    for limit in ("all", "1000"):
        asked: dict[str, str] = {"at": AT, "limit": limit}
        assert document == client.get(address, params=asked).json()["rows"]
        lines = client.get(address, params={**asked, "format": "jsonl"}).text.splitlines()
        assert document == [json.loads(line) for line in lines]
        rows = csv.DictReader(io.StringIO(client.get(address, params={**asked, "format": "csv"}).text))
        assert [[row[other], ";".join(row["channels"])] for row in document] == [
            [row[other], row["channels"]] for row in rows
        ]
        frame = pd.read_parquet(io.BytesIO(client.get(address, params={**asked, "format": "parquet"}).content))
        assert [row[other] for row in document] == frame[other].tolist()
        assert [row["degree"] or 0 for row in document] == frame["degree"].fillna(0).tolist()


def test_a_form_may_be_asked_for_by_the_header(client: httpx.Client) -> None:
    for accept, expected in (
        ("*/*", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/html, application/jsonl;q=0.5", "application/jsonl"),
        ("application/vnd.apache.parquet, */*;q=0.1", "application/vnd.apache.parquet"),
    ):
        answer = client.get("/v1/check", params=DENIED, headers={"Accept": accept})
        assert expected == answer.headers["content-type"]
    assert (406, "not-acceptable") == problem(client.get("/v1/packs", headers={"Accept": "image/png"}))
    assert (406, "not-acceptable") == problem(client.get("/v1/packs", headers={"Accept": "nonsense"}))


def test_nobody_reached_is_a_table_without_rows(client: httpx.Client) -> None:
    asked = {"as_tier": "free", "channel": "direct", "degree": "1", "at": AT}
    address = "/v1/members/4398046511325/reach"
    for limit in ("all", "5"):
        assert {"rows": [], "next": None} == {
            key: value
            for key, value in client.get(address, params={**asked, "limit": limit}).json().items()
            if key != "graph_version"
        }
        table = client.get(address, params={**asked, "limit": limit, "format": "csv"}).text
        assert "recipient,degree,channels,certain\n" == table
        parquet = client.get(address, params={**asked, "limit": limit, "format": "parquet"}).content
        assert ["recipient", "degree", "channels", "certain"] == list(pd.read_parquet(io.BytesIO(parquet)).columns)


# Cursors


def test_pages_follow_each_other_in_every_form_and_end(client: httpx.Client) -> None:
    address = f"/v1/members/{REACHING}/reach"
    whole = client.get(address, params={"at": AT, "limit": "all"}).json()["rows"]
    page = client.get(address, params={"at": AT, "limit": 50})
    rows = page.json()["rows"]
    while page.json()["next"]:
        assert page.links["next"]["url"].endswith(page.json()["next"])
        page = client.get(page.links["next"]["url"])
        rows += page.json()["rows"]
    assert whole == rows


def test_a_cursor_keeps_the_instant_of_a_question_that_names_none(client: httpx.Client) -> None:
    page = client.get(f"/v1/members/{REACHING}/reach", params={"limit": 1}).json()
    answer = client.get(f"/v1/members/{REACHING}/reach", params={"limit": 1, "cursor": page["next"]})
    assert 200 == answer.status_code


@pytest.mark.parametrize(
    ("path", "changed"),
    [("reach", {"as_tier": "free"}), ("reach", {"at": "2026-11-24"}), ("reached-by", {}), ("reach", {"degree": 2})],
)
def test_a_cursor_of_another_question_is_refused(client: httpx.Client, path: str, changed: dict[str, str]) -> None:
    cursor = client.get(f"/v1/members/{REACHING}/reach", params={"at": AT, "limit": 1}).json()["next"]
    answer = client.get(f"/v1/members/{REACHING}/{path}", params={"at": AT, **changed, "cursor": cursor})
    assert (422, "cursor-of-another-question") == problem(answer)


DEEP = base64.urlsafe_b64encode(b'{"x":' + b"[" * 2_900).decode().rstrip("=")


@pytest.mark.parametrize("cursor", ["x", "e30", "bm9uc2Vuc2U", "é", "=" * 9, DEEP])
def test_what_was_never_handed_out_is_no_cursor(client: httpx.Client, cursor: str) -> None:
    answer = client.get(f"/v1/members/{REACHING}/reach", params={"cursor": cursor})
    assert (422, "cursor-of-another-question") == problem(answer)


def another(name: str) -> RulePack:
    """The pack that ships under this name with another text, and with it another hash."""
    pack = shipped_pack(name)
    return pack.model_copy(update={"text": f"{pack.text}\n# another one\n"})


@pytest.fixture
def replaced(module_sample: Database) -> Iterator[Callable[[], None]]:
    """Replaces the pack of the service; in the end it is the one that ships again."""
    yield lambda: module_sample.write(save_pack(another("article")))
    module_sample.write(save_pack(shipped_pack("article")))


def test_a_pack_that_is_replaced_ends_a_list_and_the_same_pack_again_does_not(
    client: httpx.Client, module_sample: Database, replaced: Callable[[], None]
) -> None:
    asked = [
        (f"/v1/members/{REACHING}/reach", {"at": AT, "limit": "1"}),
        (f"/v1/members/{REACHING}/reached-by", {"limit": "1"}),
        ("/v1/groups", {"limit": "1"}),
    ]
    pages = [(path, {**params, "cursor": client.get(path, params=params).json()["next"]}) for path, params in asked]
    module_sample.write(save_pack(shipped_pack("article")))
    assert {200} == {client.get(path, params=params).status_code for path, params in pages}
    replaced()
    for path, params in pages:
        assert (409, "graph-changed") == problem(client.get(path, params=params))
    for path, params in pages[:2]:
        assert (409, "graph-changed") == problem(client.get(path, params={**params, "limit": "all"}))


def test_a_list_that_begins_on_a_new_graph_goes_on_at_once(client: httpx.Client, replaced: Callable[[], None]) -> None:
    """Also before the service has looked whether it is another one."""
    replaced()
    page = client.get(f"/v1/members/{REACHING}/reach", params={"at": AT, "limit": 1})
    assert 200 == client.get(page.links["next"]["url"]).status_code


def test_behind_the_last_row_a_list_of_another_graph_ends_too(
    client: httpx.Client, replaced: Callable[[], None]
) -> None:
    """A page without rows says nothing of its graph."""
    params: dict[str, Any] = {"at": AT, "limit": 50}
    while (page := client.get(f"/v1/members/{REACHING}/reach", params=params).json())["next"]:
        params["cursor"] = page["next"]
    end = json.loads(base64.urlsafe_b64decode(params["cursor"] + "==")) | {"after": "~"}
    params["cursor"] = base64.urlsafe_b64encode(json.dumps(end).encode()).decode().rstrip("=")
    assert [] == client.get(f"/v1/members/{REACHING}/reach", params=params).json()["rows"]
    replaced()
    assert (409, "graph-changed") == problem(client.get(f"/v1/members/{REACHING}/reach", params=params))


def test_a_stream_does_not_outlive_its_pack(
    module_sample: Database, address: Address, tmp_path: Path, replaced: Callable[[], None]
) -> None:
    version = module_sample.read(schema.state()).version

    async def streamed() -> None:
        async with AsyncDatabase(address, deadline=PATIENCE, connections=4) as database:
            watch = Watch(database, partial(warm_up, database, "none"))
            worker = ThreadPoolExecutor(1)
            service = Service(
                Options(address, tmp_path),
                database,
                module_sample,
                watch,
                ReportRunner(address, tmp_path, worker),
                DifferenceRunner(address, tmp_path, worker),
                LoadRunner(address, tmp_path),
                PlanRunner(address, tmp_path, worker),
            )
            async with watch.watching():
                pieces = service.stream(
                    reach_page(REACHING, World(datetime(2026, 11, 23, tzinfo=UTC), "article")), version
                )
                assert (await anext(pieces)).rows
                await asyncio.to_thread(replaced)
                async for _ in pieces:
                    pass

    with pytest.raises(GraphChanged):
        asyncio.run(streamed())


# What goes wrong


@pytest.mark.parametrize(
    ("path", "asked", "expected"),
    [
        ("/v1/check", {"sender": "nobody", "recipient": "96"}, (404, "unknown-member")),
        ("/v1/check", {"sender": "96", "recipient": "96"}, (422, "same-member")),
        ("/v1/check", {**DENIED, "as_tier": "gold"}, (422, "unknown-tier")),
        ("/v1/check", {**DENIED, "pack": "none"}, (422, "unknown-pack")),
        ("/v1/check", {**DENIED, "at": "yesterday"}, (422, "invalid-request")),
        ("/v1/check", {**DENIED, "at": "9999-12-31"}, (422, "invalid-request")),
        ("/v1/check", {**DENIED, "as-tier": "free"}, (422, "invalid-request")),
        ("/v1/check", {**DENIED, "format": "xml"}, (422, "invalid-request")),
        ("/v1/check", {"sender": "96"}, (422, "invalid-request")),
        ("/v1/unlock", {**DENIED, "channel": "pigeon"}, (422, "unknown-channel")),
        ("/v1/members/96/reach", {"channel": "pigeon", "limit": "all"}, (422, "unknown-channel")),
        ("/v1/members/nobody/reach", {"limit": "all"}, (404, "unknown-member")),
        ("/v1/members/nobody/reached-by", {}, (404, "unknown-member")),
        ("/v1/members/96/reach", {"degree": "4"}, (422, "invalid-request")),
        ("/v1/members/96/reach", {"limit": "1001"}, (422, "invalid-request")),
        ("/v1/members/96/reach", {"limit": "0"}, (422, "invalid-request")),
        ("/v1/members/96/reach", {"sender": "96"}, (422, "invalid-request")),
        ("/v1/members", {"q": ""}, (422, "invalid-request")),
        ("/v1/groups/g/bridges", {}, (404, "no-run")),
        ("/v1/reports/pairs", {}, (404, "unknown-report")),
        ("/v1/nothing", {}, (404, "not-found")),
    ],
)
def test_what_is_wrong_is_said(
    client: httpx.Client, path: str, asked: dict[str, str], expected: tuple[int, str]
) -> None:
    assert expected == problem(client.get(path, params=asked))


# Python reads all of these as numbers, and would ask another question than whoever mistyped one.
@pytest.mark.parametrize("text", ["1_0", "1.0", "+1", " 1", "1 ", "01", "1e1", "١", "0x1", "", "True", "9" * 5_000])
def test_a_number_is_written_in_digits_alone(client: httpx.Client, text: str) -> None:
    for path, name in (
        ("/v1/members/96/reach", "limit"),
        ("/v1/members/96/reach", "degree"),
        ("/v1/members?q=jan", "limit"),
        ("/v1/groups", "limit"),
        ("/v1/unlock?sender=96&recipient=94", "names"),
    ):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}{urlencode({name: text})}")
        assert (422, "invalid-request") == problem(answer)
        assert f"query.{name}" == answer.json()["mistakes"][0]["where"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/check?sender=96&recipient=94&recipient=95", "recipient"),
        ("/v1/check?sender=96&sender=96&recipient=94", "sender"),
        ("/v1/check?sender=96&recipient=94&format=json&format=csv", "format"),
        ("/v1/unlock?sender=96&recipient=94&channel=direct&channel=group", "channel"),
        ("/v1/members/96/reach?at=2026-11-23&at=", "at"),
        ("/v1/members?q=jan&q=li", "q"),
        ("/v1/packs?format=csv&format=csv", "format"),
        ("/v1/reports?nothing=1&nothing=2", "nothing"),
    ],
)
def test_what_is_said_twice_is_refused(client: httpx.Client, path: str, name: str) -> None:
    answer = client.get(path)
    assert (422, "invalid-request") == problem(answer)
    assert [{"where": f"query.{name}", "problem": "is there more than once"}] == answer.json()["mistakes"]


def test_what_is_a_list_may_be_said_several_times(client: httpx.Client) -> None:
    assert 200 == client.get("/v1/members/96/reach?channel=direct&channel=group").status_code
    assert 2 == len(client.get("/v1/names?member=94&member=96").json()["names"])


@pytest.mark.parametrize(
    ("path", "asked", "mistake"),
    [
        ("/v1/check", {"sender": "96"}, "query.recipient is missing"),
        ("/v1/check", {**DENIED, "as-tier": "free"}, "query.as-tier is not asked for here"),
        ("/v1/check", {**DENIED, "at": "yesterday"}, "query.at say 2026-11-23 or 2026-11-23T09:30:00Z"),
        (
            "/v1/check",
            {**DENIED, "format": "xml"},
            "query.format must be one of 'json', 'jsonl', 'csv', 'parquet' or 'cypher'",
        ),
        ("/v1/check", {**DENIED, "pack": "p" * 101}, "query.pack must have at most 100 characters"),
        ("/v1/members", {"q": ""}, "query.q must have at least 1 characters"),
        ("/v1/members/96/reach", {"limit": "some"}, "query.limit say a number from 1 to 1,000, or all"),
        ("/v1/members/96/reach", {"degree": "4"}, "query.degree must be at most 3"),
        ("/v1/members/96/reach", {"degree": "-1"}, "query.degree must be at least 1"),
        ("/v1/members/96/reach", {"degree": "1_0"}, "query.degree say a whole number, in digits"),
        ("/v1/members/96/reach", {"channel": ["direct"] * 10}, "query.channel must have at most 9 items"),
    ],
)
def test_mistakes_are_told_in_our_words(client: httpx.Client, path: str, asked: dict[str, Any], mistake: str) -> None:
    answer = client.get(path, params=asked)
    assert (422, "invalid-request") == problem(answer)
    assert mistake == answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        (b"{", "body.1 is not JSON"),
        (b"", "body is missing"),
        (b"[]", "body must be an object"),
        (b'{"pairs": {}}', "body.pairs must be a list"),
        (b'{"pairs": []}', "body.pairs must have at least 1 items"),
        (b'{"pairs": [1]}', "body.pairs.0 must be an object"),
        (b'{"pairs": [1], "at": "2026-11-23", "pairs": [2]}', "body.pairs is there more than once"),
        (b'{"pairs": [{"sender": "a", "sender": "a", "recipient": "b"}]}', "body.sender is there more than once"),
        (b'{"pairs": [{"sender": 1, "recipient": "b"}]}', "body.pairs.0.sender must be a text"),
        (b'{"pairs": [{"sender": "a", "recipient": ""}]}', "body.pairs.0.recipient must have at least 1 characters"),
    ],
)
def test_mistakes_of_a_body_too(client: httpx.Client, body: bytes, mistake: str) -> None:
    answer = client.post("/v1/check", content=body, headers={"Content-Type": "application/json"})
    assert (422, "invalid-request") == problem(answer)
    assert mistake == answer.json()["detail"]


@pytest.mark.parametrize(
    ("path", "name", "values", "mistake"),
    [
        ("/v1/unlock", "names", (True, "1", 1.5), "must be a whole number"),
        ("/v1/reach", "degree", (True, "1"), "must be a whole number"),
        ("/v1/reach", "limit", (True, "1"), "must be a whole number"),
        ("/v1/reach", "possible", (0, 1, "true", "yes"), "must be true or false"),
        ("/v1/match", "unlock", (0, "true"), "must be true or false"),
        ("/v1/match", "introductions", (0, "no"), "must be true or false"),
        ("/v1/diffs", "free", (1, "false"), "must be true or false"),
        ("/v1/reports/denials", "seed", (False, "1"), "must be a whole number"),
        ("/v1/plans", "free", (0, "off"), "must be true or false"),
        ("/v1/plans", "points", (True, "2"), "must be a whole number"),
        ("/v1/plans", "budget", (True, "2"), "must be a number"),
        ("/v1/plans", "seconds", (True, "2"), "must be a number"),
        ("/v1/check", "at", (2026, 20261123, True), "say 2026-11-23 or 2026-11-23T09:30:00Z"),
    ],
)
def test_in_json_a_number_is_no_text_and_no_truth(
    client: httpx.Client, path: str, name: str, values: tuple[Any, ...], mistake: str
) -> None:
    for value in values:
        told = {each["where"]: each["problem"] for each in client.post(path, json={name: value}).json()["mistakes"]}
        assert mistake == told[f"body.{name}"], (path, name, value)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", (422, "invalid-request")),
        (b"\xff", (400, "unreadable-body")),
        (b'{"pairs": [{"sender": "\\ud800", "recipient": "b"}]}', (422, "invalid-request")),
        (b'{"pairs": []}', (422, "invalid-request")),
        (json.dumps({"pairs": [{"sender": "a", "recipient": "b"}] * 1001}).encode(), (422, "invalid-request")),
        (b'{"pairs": "' + b"x" * (1 << 20) + b'"}', (413, "body-too-large")),
    ],
)
def test_a_body_that_is_none_is_refused(client: httpx.Client, body: bytes, expected: tuple[int, str]) -> None:
    answer = client.post("/v1/check", content=body, headers={"Content-Type": "application/json"})
    assert expected == problem(answer)


def test_what_is_told_of_a_request_names_nobody(client: httpx.Client) -> None:
    with structlog.testing.capture_logs() as told:
        client.get("/v1/check", params={"sender": "alice", "recipient": "bob", "at": "2026-11-23"})
        client.get("/v1/check", params={"sender": "alice", "recipient": "alice"})
        client.get("/v1/members/alice")
        client.get("/v1/members/96/reach", params={"as_tier": "alice"})
    lines = [line for line in told if line["event"] == "request"]
    assert ["unknown-member", "same-member", "unknown-member", "unknown-tier"] == [line["cause"] for line in lines]
    assert "alice" not in str(told)


def test_a_caller_that_goes_away_before_its_body_is_there_starts_nothing() -> None:
    told: list[str] = []

    async def app(*_: Any) -> None:
        told.append("asked")

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        told.append(message["type"])

    path = "/v1/reports/lapse"
    headers = [(b"host", b"localhost"), (b"content-length", b"2")]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "headers": headers}
    entrance = Entrance(Route("/v1/reports/{name}", app, methods=["POST"]), "report", for_senders=False)
    asyncio.run(Requests(app, Admission(None, [entrance]))(scope, receive, send))
    assert [] == told


@pytest.mark.parametrize("format", [Format.JSON, Format.JSONL, Format.CSV, Format.PARQUET])
def test_a_stream_ends_when_nobody_takes_it_any_more(format: Format) -> None:
    ended: list[bool] = []

    async def endless() -> AsyncGenerator[list[Reached]]:
        try:
            while True:
                yield [Reached("a", 1, ("direct",), certain=True)]
        finally:
            ended.append(True)

    async def answered() -> bool:
        taken = asyncio.Event()

        async def went_away() -> Any:
            await taken.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            await asyncio.sleep(0)
            if message["type"] == "http.response.body":
                taken.set()

        scope = {"type": "http", "asgi": {"spec_version": "2.0"}}
        reply = Reply(Request(scope | {"state": {}}), STRANGER)
        await reply.stream(format, REACHED, endless(), "rows", {})(scope, went_away, send)
        return bool(ended)

    gc.disable()  # which would end it, too, but later
    try:
        assert asyncio.run(answered())
    finally:
        gc.enable()


def test_a_method_that_a_resource_does_not_have_is_told_with_those_that_it_has(client: httpx.Client) -> None:
    both = "GET, HEAD, POST"
    for path, methods in (("/v1/check", both), ("/v1/reports/quotas", both), ("/v1/mutuals", "GET, HEAD")):
        answer = client.delete(path)
        assert (405, "method-not-allowed") == problem(answer)
        assert methods == answer.headers["allow"]


def _kinds(base: type[LinkreachError]) -> Iterator[type[LinkreachError]]:
    yield base
    for each in base.__subclasses__():
        yield from _kinds(each)


def _made(error: type[LinkreachError], text: str) -> LinkreachError:
    """An error of this kind that says the text, whatever its fields are."""
    made = error.__new__(error)
    Exception.__init__(made, text)
    return made


def test_every_error_of_ours_is_a_kind_of_problem_and_none_of_the_inside_is_told() -> None:
    for error in _kinds(LinkreachError):
        kind = kind_of(_made(error, "bolt://secret"))
        assert (kind.status >= 500) == (not issubclass(error, errors.InvalidInput)), error
        if kind.status >= 500:
            assert "secret" not in problems.problem_of(_made(error, "bolt://secret")).detail


def test_kinds_of_problems_have_a_type_of_their_own() -> None:
    assert len(KINDS) == len({kind.type for kind in KINDS.values()})


# The manual


def test_the_manual_describes_every_answer_and_every_problem(address: Address, tmp_path: Path) -> None:
    schema = create_app(Options(address, tmp_path)).openapi()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (path, method)
            assert operation["description"], (path, method)
            for status, described in operation["responses"].items():
                assert described["description"], (path, method, status)
                if status.startswith(("4", "5")):
                    assert [problems.MEDIA_TYPE] == list(described["content"]), (path, method, status)


def test_the_manual_is_served_from_here_alone(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for address in ("/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css", "/docs/manual.js", "/openapi.json"):
        assert 200 == client.get(address).status_code
    assert "//" not in page.text.replace("<!doctype", "")


# The watch


def test_the_watch_outlives_a_graph_that_it_cannot_make_sense_of(
    client: httpx.Client, module_sample: Database, address: Address
) -> None:
    version = module_sample.read(schema.state()).version
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for given, status, seen in ((None, 200, 0), ("a text", 503, None), (version, 200, version)):
            driver.execute_query("MATCH (state:GraphState) SET state.version = $given", given=given)
            while ((ready := client.get("/readyz")).status_code, ready.json().get("graph_version")) != (status, seen):
                time.sleep(0.1)


# Ids


def test_an_id_in_a_path_may_hold_anything(client: httpx.Client) -> None:
    for id, written in (("a/b", "a%2Fb"), ("a%2Fb", "a%252Fb"), ("é ?#", "%C3%A9%20%3F%23"), ("100%", "100%25")):
        answer = client.get(f"/v1/members/{written}")
        assert f"no member has the id {id!r}" == answer.json()["detail"]


# HEAD


@pytest.mark.parametrize(
    "path",
    [
        *("/v1", "/v1/packs", f"/v1/members/{REACHING}/reach?limit=all&at={AT}", "/v1/members/nobody"),
        *("/", "/page/main.js", "/docs", "/openapi.json", "/healthz"),
    ],
)
def test_the_head_of_an_answer_is_that_of_the_answer(client: httpx.Client, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert (whole.status_code, b"") == (head.status_code, head.content)
    changing = {"date", "x-request-id", "transfer-encoding"}
    assert {name: value for name, value in whole.headers.items() if name not in changing} == {
        name: value for name, value in head.headers.items() if name not in changing
    }
    assert 200 == client.get("/v1").status_code  # over the same connection
