"""`/v1/groups/{id}/bridges` and `/v1/companies/{id}/bridges`: what one group or page joins, from the last report."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool

from api.http import schemas
from api.http.ids import PathId
from api.http.problems import NO_RUN, UNKNOWN_COMPANY, UNKNOWN_GROUP, Kind, Problem
from api.http.questions import FormQuestion
from api.http.reply import Reply, TheReply
from api.http.schemas import answer_of
from api.http.service import Service, TheService
from linkreach.forms import BRIDGE

router = APIRouter(prefix="/v1", tags=["bridges"])

Asked = Annotated[FormQuestion, Query()]


@router.get(
    "/groups/{id}/bridges",
    summary="Whom does a group bring together?",
    **answer_of(schemas.Bridge, UNKNOWN_GROUP, NO_RUN, statement=False),
)
async def group(id: PathId, asked: Asked, reply: TheReply, service: TheService) -> Response:
    """The group's row of the last finished report group_bridges, with its date."""
    return await _row("group_bridges", "group", UNKNOWN_GROUP, id, asked, reply, service)


@router.get(
    "/companies/{id}/bridges",
    summary="Whom does a company page bring together?",
    **answer_of(schemas.Bridge, UNKNOWN_COMPANY, NO_RUN, statement=False),
)
async def company(id: PathId, asked: Asked, reply: TheReply, service: TheService) -> Response:
    """The page's row of the last finished report page_bridges, with its date."""
    return await _row("page_bridges", "page", UNKNOWN_COMPANY, id, asked, reply, service)


async def _row(
    report: str, key: str, unknown: Kind, id: str, asked: FormQuestion, reply: Reply, service: Service
) -> Response:
    format = reply.format(asked.format)
    run = service.report_runs.runs.last(report)
    if run is None:
        raise Problem(NO_RUN, f"no run of {report} has finished yet: POST /v1/reports/{report} starts one")
    row: dict[str, Any] | None = await run_in_threadpool(run.row, key, id)
    if row is None:
        raise Problem(unknown, f"the last run of {report} has no {key} with the id {id!r}")
    bridge = {"id": row.pop(key), **row, "finished": dict(run.manifest), "stale": service.is_stale(run)}
    return reply.one(format, BRIDGE, bridge)
