"""`/v1/members/{id}/reach` and `/reached-by`: everybody on the other end of one member's channels, by id."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.access import TheCaller
from api.http.cursors import Cursor, next_page, question_hash, read_cursor
from api.http.formats import Format
from api.http.ids import PathId
from api.http.problems import (
    CURSOR_OF_ANOTHER_QUESTION,
    GRAPH_CHANGED,
    UNKNOWN_CHANNEL,
    UNKNOWN_MEMBER,
    UNKNOWN_PACK,
    UNKNOWN_TIER,
)
from api.http.questions import CountsQuestion, ReachQuestion
from api.http.reply import Reply, TheReply
from api.http.schemas import answer_of
from api.http.service import Service, TheService
from graph.driver.query import Query as GraphQuery
from graph.questions.reach import (
    EVERYTHING,
    Page,
    PageBounds,
    Reached,
    ReachFilter,
    reach_counts,
    reach_page,
    reached_by_page,
)
from graph.world import World
from linkreach.forms import COUNTS, REACHED, REACHING, Form

router = APIRouter(prefix="/v1/members/{id}", tags=["members"])
reverse = APIRouter(prefix="/v1/members/{id}", tags=["members"])

Asked = Annotated[ReachQuestion, Query()]
AskPage = Callable[[str, World, ReachFilter, PageBounds], GraphQuery[Page]]

WINDOW = 2_000  # members that a page looks at, at most

_PROBLEMS = (UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER, UNKNOWN_CHANNEL, CURSOR_OF_ANOTHER_QUESTION, GRAPH_CHANGED)


@router.get("/reach", summary="Whom does a member reach?", **answer_of(schemas.Reach, *_PROBLEMS))
async def reach(id: PathId, asked: Asked, caller: TheCaller, reply: TheReply, service: TheService) -> Response:
    """Everybody whom the member reaches, with the open channels; a page of them, or all in a stream."""
    caller.require(id)
    return await _answer(reach_page, REACHED, id, asked, reply, service)


@router.get(
    "/reach/counts",
    summary="How many does a member reach?",
    **answer_of(schemas.Counts, UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER),
)
async def counts(
    id: PathId, asked: Annotated[CountsQuestion, Query()], caller: TheCaller, reply: TheReply, service: TheService
) -> Response:
    """How many others, on one tier: in all, free, and by each channel of the pack."""
    caller.require(id)
    format = reply.format(asked.format)
    question = reach_counts(id, asked.world(service.default_pack))
    if format is Format.CYPHER:
        return reply.statement(question)
    return reply.one(format, COUNTS, await service.read(question))


@reverse.get("/reached-by", summary="Who reaches a member?", **answer_of(schemas.ReachedBy, *_PROBLEMS))
async def reached_by(id: PathId, asked: Asked, reply: TheReply, service: TheService) -> Response:
    """Everybody who reaches the member; `as_tier` asks as if every sender were on that tier."""
    return await _answer(reached_by_page, REACHING, id, asked, reply, service)


async def _answer(
    ask: AskPage, form: Form[Reached], id: str, asked: ReachQuestion, reply: Reply, service: Service
) -> Response:
    format = reply.format(asked.format)
    cursor = None if asked.cursor is None else read_cursor(asked.cursor)
    world = asked.world(service.default_pack, at=None if cursor is None else cursor.at)
    wanted = ReachFilter(tuple(asked.channel or ()), asked.degree, asked.possible)
    after = "" if cursor is None else cursor.after
    everything = asked.limit == "all"
    bounds = PageBounds(after, EVERYTHING, EVERYTHING) if everything else PageBounds(after, int(asked.limit), WINDOW)
    query = ask(id, world, wanted, bounds)
    hash = question_hash(query.name, id, world, wanted)
    if cursor is not None:
        cursor.check_question(hash)
    if format is Format.CYPHER:
        return reply.statement(query)
    if everything:
        version = await service.version_of(None)
        if cursor is not None:
            cursor.check_version(version)
        pieces = _rows(service.stream(query, version))
        # The first is read here, so that what is wrong with the question is said in the status.
        first: Sequence[Reached] = await anext(pieces, [])
        return reply.stream(format, form, _again(first, pieces), "rows", {"next": None, "graph_version": version})
    page = await service.read(query)
    version = await service.version_of(page.version)
    if cursor is not None:
        cursor.check_version(version)
    next = None if page.after is None else Cursor(page.after, version, world.at, hash).text()
    answer = reply.many(format, form, page.rows, "rows", next=next, graph_version=version)
    return next_page(answer, reply.request, next)


async def _rows(pages: AsyncGenerator[Page]) -> AsyncGenerator[Sequence[Reached]]:
    async with aclosing(pages):
        async for page in pages:
            yield [*page.rows]  # a tuple would be taken apart by anext with a default


async def _again(
    first: Sequence[Reached], rest: AsyncGenerator[Sequence[Reached]]
) -> AsyncGenerator[Sequence[Reached]]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece
