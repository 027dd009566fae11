"""`/v1/introductions`: over whom could one member be introduced to another?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.access import TheCaller
from api.http.formats import Format
from api.http.naming import answered
from api.http.problems import INVALID_QUESTION, SAME_MEMBER, SEVERAL_MEMBERS, UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER
from api.http.questions import IntroductionsQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.driver.query import Query as GraphQuery
from graph.questions.introductions import Introductions, WayFilter
from graph.questions.introductions import introductions as ways_between
from linkreach.forms import INTRODUCTIONS

router = APIRouter(prefix="/v1", tags=["pairs"])


@router.get(
    "/introductions",
    summary="Over whom could one member be introduced to another?",
    **answer_of(
        schemas.Introductions,
        UNKNOWN_MEMBER,
        SEVERAL_MEMBERS,
        UNKNOWN_PACK,
        UNKNOWN_TIER,
        SAME_MEMBER,
        INVALID_QUESTION,
    ),
)
async def introductions(
    asked: Annotated[IntroductionsQuestion, Query()], caller: TheCaller, reply: TheReply, service: TheService
) -> Response:
    """The ways over one or two introducers, the strongest first; everybody on one can write to the next."""
    caller.require(asked.sender)
    format = reply.format(asked.format)
    world = asked.world(service.default_pack)
    wanted = WayFilter(asked.limit, tuple(asked.through), tuple(asked.without), asked.every_way)

    def question(sender: str, recipient: str, *named: str) -> GraphQuery[Introductions]:
        return ways_between(sender, recipient, world, wanted.naming(named))

    members = asked.sender, asked.recipient, *wanted.named
    if format is Format.CYPHER:
        return reply.statement(question(*members))
    found = await answered(service, caller, world, service.asking(question, world), *members)
    return reply.one(format, INTRODUCTIONS, found)
