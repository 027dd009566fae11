"""`/v1/names`: what the members, groups and company pages are called that answers name by id."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.formats import Format
from api.http.problems import HEAD_TOO_LARGE
from api.http.questions import NamesQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.questions.names import names as named
from linkreach.forms import NAMED

router = APIRouter(prefix="/v1/names", tags=["members"])


@router.get("", summary="What are these called?", **answer_of(schemas.Names, HEAD_TOO_LARGE))
async def names(asked: Annotated[NamesQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """The name of each id that is somebody's or something's; any other is left out."""
    format = reply.format(asked.format)
    question = named(members=asked.member, groups=asked.group, companies=asked.company)
    if format is Format.CYPHER:
        return reply.statement(question)
    found = await service.read(question)
    return reply.many(format, NAMED, found, "names")
