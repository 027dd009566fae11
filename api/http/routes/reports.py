"""`/v1/reports`: the last finished run of each report, and new runs. Reading never computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from analysis.estimates import Sample
from analysis.reports import REPORTS, Report
from api.http import schemas
from api.http.formats import Format
from api.http.problems import (
    BODY_TOO_LARGE,
    NO_RUN,
    RUN_UNDER_WAY,
    UNKNOWN_PACK,
    UNKNOWN_REPORT,
    UNKNOWN_RUN,
    UNKNOWN_TIER,
    UNREADABLE_BODY,
    Problem,
)
from api.http.questions import FormQuestion, NoQuestion, Number, RunQuestion, now
from api.http.reply import TheReply
from api.http.run_answers import as_rows, state_of
from api.http.schemas import answer_of
from api.http.service import Service, TheService
from graph.instants import read_instant
from graph.questions.report_queries import first_block, report_queries
from graph.world import World
from linkreach.forms import REPORT, Form
from linkreach.reporting import require_estimated


@dataclass(frozen=True, slots=True)
class Listed:
    """A report, and what there is of it: the last finished run, the one under way, and how the last one failed."""

    report: Report
    state: dict[str, Any]


LISTED: Form[Listed] = Form(
    lambda listed: REPORT.document(listed.report) | listed.state,
    REPORT.columns,
    lambda listed: REPORT.rows(listed.report),
)

RUN: Form[dict[str, Any]] = Form(
    dict,
    {"report": "str", "id": "Int64", "state": "str"},
    lambda run: iter([(run["report"], run["id"], state_of(run))]),
)

router = APIRouter(prefix="/v1/reports", tags=["packs and reports"])
starting = APIRouter(prefix="/v1/reports", tags=["packs and reports"])


@router.get("", summary="Which reports are there?", **answer_of(schemas.Reports, statement=False))
async def reports(asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """Every report with its question, its last finished run, the one under way, and how the last one failed."""
    format = reply.format(asked.format)
    found = [Listed(each, _state(each, service)) for each in REPORTS.values()]
    return reply.many(format, LISTED, found, "reports")


@router.get(
    "/{name}",
    summary="What did the last run of a report find?",
    **answer_of(schemas.ReportRows, UNKNOWN_REPORT, NO_RUN),
)
async def report(name: str, asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """The rows of the last finished run, and what it was made from. It is streamed, and never computes."""
    format = reply.format(asked.format)
    run = service.report_runs.runs.last(_report(name).name)
    if format is Format.CYPHER:
        made = {} if run is None else dict(run.manifest)
        at = read_instant(made["at"]) if made else now()
        block = await service.read(first_block())
        return reply.statement(
            *report_queries(_report(name).frames, block, World(at, made.get("pack") or service.default_pack))
        )
    if run is None:
        raise Problem(NO_RUN, f"no run of {name} has finished yet: POST /v1/reports/{name} starts one")
    form, rows = as_rows(run.pieces(reply.reader))
    rest = {"report": name, "finished": dict(run.manifest), "stale": service.is_stale(run)}
    answer = reply.stream(format, form, rows, "rows", rest)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.{format}"'
    return answer


@router.get(
    "/{name}/runs/{number}",
    summary="What has become of a run?",
    **answer_of(schemas.Run, UNKNOWN_REPORT, UNKNOWN_RUN, statement=False),
)
async def one_run(
    name: str,
    number: Annotated[Number, Path(ge=1, description="The `id` of the run.")],
    asked: Annotated[FormQuestion, Query()],
    reply: TheReply,
    service: TheService,
) -> Response:
    """Whether it is under way, finished or failed; its rows, where it is the last one, are those of the report.

    Of each report the last two runs are kept.
    """
    format = reply.format(asked.format)
    state = service.report_runs.run_state(_report(name).name, number)
    if state is None:
        raise Problem(UNKNOWN_RUN, f"there is no run {number} of {name}, or none any more: the last two are kept")
    return reply.one(format, RUN, state)


@starting.post(
    "/{name}",
    summary="Run a report",
    **answer_of(
        schemas.RunStarted,
        *(UNKNOWN_REPORT, UNKNOWN_PACK, UNKNOWN_TIER, RUN_UNDER_WAY, UNREADABLE_BODY, BODY_TOO_LARGE),
        status=202,
    ),
)
async def run(
    name: str,
    _: Annotated[NoQuestion, Query()],
    reply: TheReply,
    service: TheService,
    asked: RunQuestion | None = None,
) -> Response:
    """Starts a run, one at a time for each report. The last finished run stays until this one has finished."""
    reply.format(None)
    report = _report(name)
    service.watch.require_graph()
    asked = asked or RunQuestion()
    sample = None if asked.sample is None else Sample(asked.sample, asked.seed)
    if sample is not None:
        require_estimated(report)
    number = await service.report_runs.start(report, asked.world(service.default_pack), by=asked.by, sample=sample)
    location = f"/v1/reports/{name}/runs/{number}"
    running = service.report_runs.state(name)["running"]
    return reply.started({"report": name, "id": number, "running": running, "look_at": location}, location)


def _state(report: Report, service: Service) -> dict[str, Any]:
    last = service.report_runs.runs.last(report.name)
    return service.report_runs.state(report.name) | {"stale": service.is_stale(last)}


def _report(name: str) -> Report:
    if name not in REPORTS:
        raise Problem(UNKNOWN_REPORT, f"there is no report {name!r}: use one of {', '.join(REPORTS)}")
    return REPORTS[name]
