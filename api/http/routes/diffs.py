"""`/v1/diffs`: which pairs are gained and lost between two worlds, as runs that are started, followed and kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import pandas as pd
from fastapi import APIRouter, Path, Query, Response

from analysis.difference_runs import file_of
from analysis.runs import Run
from api.http import schemas
from api.http.access import TheCaller
from api.http.changes import read_change
from api.http.difference_runs import NAME
from api.http.problems import (
    BODY_TOO_LARGE,
    INVALID_QUESTION,
    RUN_UNDER_WAY,
    UNKNOWN_PACK,
    UNKNOWN_RUN,
    UNKNOWN_TIER,
    UNREADABLE_BODY,
    Problem,
)
from api.http.questions import DiffQuestion, DiffRowsQuestion, FormQuestion, NoQuestion, Number
from api.http.reply import TheReply
from api.http.run_answers import RUN, as_rows, run_document, run_documents
from api.http.schemas import answer_of
from api.http.service import TheService

TOUCHED = ["gained", "lost", "reached_by_gained", "reached_by_lost"]

TableName = Literal["members", "causes", "segments", "pairs"]
DiffId = Annotated[Number, Path(ge=1, description="The `id` of the difference.")]

router = APIRouter(prefix="/v1/diffs", tags=["differences"])
starting = APIRouter(prefix="/v1/diffs", tags=["differences"])


@router.get("", summary="Which differences are there?", **answer_of(schemas.Diffs, statement=False))
async def diffs(asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """The one under way, the last ten that have finished, and the last that failed; the newest first."""
    format = reply.format(asked.format)
    return reply.many(format, RUN, run_documents(service, service.diff_runs, NAME), "diffs")


@router.get(
    "/{number}", summary="What has become of a difference?", **answer_of(schemas.Diff, UNKNOWN_RUN, statement=False)
)
async def diff(
    number: DiffId, asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService
) -> Response:
    """Whether it is under way, finished or failed; both worlds, and how many pairs are gained and lost."""
    format = reply.format(asked.format)
    found = run_document(service, service.diff_runs, NAME, number)
    if found is None:
        raise _unknown(number)
    return reply.one(format, RUN, found)


@router.get(
    "/{number}/{table}",
    summary="Who is touched, why, and between whom?",
    **answer_of(schemas.DiffRows, UNKNOWN_RUN, statement=False),
)
async def diff_rows(
    number: DiffId,
    table: Annotated[TableName, Path(description="`pairs` are some of the members who gain or lose most.")],
    asked: Annotated[DiffRowsQuestion, Query()],
    reply: TheReply,
    service: TheService,
) -> Response:
    """The rows of a table of a finished difference, as the command `diff` writes them."""
    format = reply.format(asked.format)
    run = service.diff_runs.runs.numbered(NAME, number)
    if run is None:
        raise _unknown(number)
    form, rows = as_rows(_pieces(run, file_of(table, reply.reader), asked.most if table == "members" else None))
    rest = {"diff": number, "table": table, "stale": service.is_stale(run)}
    return reply.stream(format, form, rows, "rows", rest)


@starting.post(
    "",
    summary="What would change?",
    **answer_of(
        schemas.DiffStarted,
        *(UNKNOWN_PACK, UNKNOWN_TIER, INVALID_QUESTION, RUN_UNDER_WAY, UNREADABLE_BODY, BODY_TOO_LARGE),
        status=202,
    ),
)
async def start_diff(
    _: Annotated[NoQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
    asked: DiffQuestion,
) -> Response:
    """Starts to compare two worlds, one difference at a time. What the world after does not say is as before."""
    reply.format(None)
    service.watch.require_graph()
    before = asked.before.world(service.default_pack, change=read_change(asked.before.change, caller))
    after = asked.after.after(before, read_change(asked.after.change, caller))
    number = await service.diff_runs.start(before, after, by=asked.by, is_free=asked.free)
    location = f"/v1/diffs/{number}"
    running = service.diff_runs.state(NAME)["running"]
    return reply.started({"id": number, "running": running, "look_at": location}, location)


def _unknown(number: int) -> Problem:
    return Problem(UNKNOWN_RUN, f"there is no difference {number}, or none any more: the last ten are kept")


def _pieces(run: Run, file: str, most: int | None) -> Iterator[pd.DataFrame]:
    """The rows of a table; of members with `most` those who are touched most, first."""
    if most is None:
        return run.pieces_of(file)
    members = pd.concat(run.pieces_of(file), ignore_index=True)
    touched = members[TOUCHED].sum(axis=1).sort_values(ascending=False, kind="stable")
    return iter([members.loc[touched[touched > 0].index[:most]]])
