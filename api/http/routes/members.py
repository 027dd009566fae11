"""`/v1/members`: who there is, and what is known of one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.access import TheCaller
from api.http.formats import Format
from api.http.ids import PathId
from api.http.problems import UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER
from api.http.questions import Question, SearchQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.questions import members
from linkreach.forms import FOUND, PROFILE

router = APIRouter(prefix="/v1/members", tags=["members"])


@router.get("", summary="Which members does a text mean?", **answer_of(schemas.Members))
async def search(asked: Annotated[SearchQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """The member whose id it is, then those whose ids begin so, then those with all its words in name or id."""
    format = reply.format(asked.format)
    question = members.search(asked.q, most=asked.limit)
    if format is Format.CYPHER:
        return reply.statement(question)
    found = await service.read(question)
    return reply.many(format, FOUND, found, "members")


@router.get(
    "/{id}",
    summary="What is known of one member?",
    **answer_of(schemas.Member, UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER),
)
async def member(
    id: PathId, asked: Annotated[Question, Query()], caller: TheCaller, reply: TheReply, service: TheService
) -> Response:
    """Every column, the effective tier, and the groups and pages that the member shares with others."""
    caller.require(id)
    format = reply.format(asked.format)
    question = members.profile(id, asked.world(service.default_pack))
    if format is Format.CYPHER:
        return reply.statement(question)
    found = await service.read(question)
    return reply.one(format, PROFILE, found)
