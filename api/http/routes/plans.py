"""`/v1/plans`: outreach plans, as runs that are started, followed and kept."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from analysis.plans.runs import file_of
from analysis.plans.task import Made
from analysis.runs import Run
from api.http import schemas
from api.http.access import Caller, TheCaller
from api.http.plan_runs import NAME
from api.http.problems import (
    BODY_TOO_LARGE,
    INVALID_QUESTION,
    RUN_UNDER_WAY,
    SCOPE_NEEDED,
    UNKNOWN_MEMBER,
    UNKNOWN_PACK,
    UNKNOWN_RUN,
    UNKNOWN_TIER,
    UNREADABLE_BODY,
    Problem,
)
from api.http.questions import FormQuestion, NoQuestion, Number, PlanQuestion
from api.http.reply import TheReply
from api.http.run_answers import RUN, as_rows, run_document, run_documents
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.rules.vocabulary import Action
from linkreach.planning import Wishes

TableName = Literal["contacts", "actions", "uncovered", "coverage"]
PlanId = Annotated[Number, Path(ge=1, description="The `id` of the plan.")]

router = APIRouter(prefix="/v1/plans", tags=["plans"])
starting = APIRouter(prefix="/v1/plans", tags=["plans"])


@router.get("", summary="Which plans are there?", **answer_of(schemas.Plans, statement=False))
async def plans(asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """The one under way, the last twenty that have finished, and the last that failed; the newest first."""
    format = reply.format(asked.format)
    return reply.many(format, RUN, run_documents(service, service.plan_runs, NAME), "plans")


@router.get("/{number}", summary="What has become of a plan?", **answer_of(schemas.Plan, UNKNOWN_RUN, statement=False))
async def plan(
    number: PlanId, asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService
) -> Response:
    """Whether it is under way, finished or failed; how many are contacted, at what cost, and how sure that is."""
    format = reply.format(asked.format)
    found = run_document(service, service.plan_runs, NAME, number)
    if found is None:
        raise _unknown(number)
    return reply.one(format, RUN, found)


@router.get(
    "/{number}/{table}",
    summary="Who contacts whom, after what, and who is left?",
    **answer_of(schemas.PlanRows, UNKNOWN_RUN, statement=False),
)
async def plan_rows(
    number: PlanId,
    table: Annotated[TableName, Path(description="`coverage`: recipients contacted by budget, a solved point each.")],
    asked: Annotated[FormQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
) -> Response:
    """The rows of a list of a finished plan, as the command `plan` writes them."""
    format = reply.format(asked.format)
    run = service.plan_runs.runs.numbered(NAME, number)
    if run is None:
        raise _unknown(number)
    _require_blocks_known(run, caller)
    form, rows = as_rows(run.pieces_of(file_of(table, reply.reader)))
    rest = {"plan": number, "table": table, "stale": service.is_stale(run)}
    answer = reply.stream(format, form, rows, "rows", rest)
    answer.headers["Content-Disposition"] = f'inline; filename="{table}.{format}"'
    return answer


@starting.post(
    "",
    summary="Who should contact whom, and after what?",
    **answer_of(
        schemas.PlanStarted,
        *(UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER, INVALID_QUESTION),
        *(RUN_UNDER_WAY, UNREADABLE_BODY, BODY_TOO_LARGE),
        status=202,
    ),
)
async def start_plan(
    _: Annotated[NoQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
    asked: PlanQuestion,
) -> Response:
    """Starts to look for the best plan, one plan at a time; the best one that is found in time is kept."""
    reply.format(None)
    service.watch.require_graph()
    if Action.UNBLOCK in asked.actions and not caller.reader.audits:
        raise Problem(SCOPE_NEEDED, "whether somebody has blocked somebody is told with the scope audit alone")
    made = [Made(each.recipient, each.sender, each.channel) for each in asked.keep]
    wishes = Wishes(asked.budget, asked.costs, asked.actions, asked.free, made, asked.seconds)
    world = asked.world(service.default_pack)
    number = await service.plan_runs.start(asked.senders, asked.recipients, world, wishes, points=asked.points)
    location = f"/v1/plans/{number}"
    running = service.plan_runs.state(NAME)["running"]
    return reply.started({"id": number, "running": running, "look_at": location}, location)


def _unknown(number: int) -> Problem:
    return Problem(UNKNOWN_RUN, f"there is no plan {number}, or none any more: the last twenty are kept")


def _require_blocks_known(run: Run, caller: Caller) -> None:
    if Action.UNBLOCK in run.manifest["actions"] and not caller.reader.audits:
        raise Problem(SCOPE_NEEDED, "this plan takes blocks away, of which the scope audit alone reads")
