"""`/v1/graph`: what is loaded."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.formats import Format
from api.http.questions import FormQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.questions.members import overview
from linkreach.forms import OVERVIEW

router = APIRouter(prefix="/v1/graph", tags=["members"])


@router.get("", summary="What is loaded?", **answer_of(schemas.Overview))
async def graph(asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """How many members, connections, groups and company pages there are, and a few members to begin with."""
    format = reply.format(asked.format)
    question = overview()
    if format is Format.CYPHER:
        return reply.statement(question)
    return reply.one(format, OVERVIEW, await service.read(question))
