"""`/v1/members/{id}/reach` and `/reached-by`: everybody on the other end of one member's channels, by id."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.forms import COUNTS, REACHED, REACHING, Form
from api.http import schemas
from api.http.cursors import Cursor, question_hash, read_cursor
from api.http.formats import Format, chosen, statement_of, streamed, written
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
from api.http.schemas import answer_of
from api.http.service import Service, TheService
from graph.driver.database import Query as GraphQuery
from graph.questions import answers
from graph.questions.answers import EVERYTHING, Page, Reached
from graph.questions.counts import reach_counts

router = APIRouter(prefix="/v1/members/{id}", tags=["members"])

Asked = Annotated[ReachQuestion, Query()]

WINDOW = 2_000  # members that a page looks at, at most

_PROBLEMS = (UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER, UNKNOWN_CHANNEL, CURSOR_OF_ANOTHER_QUESTION, GRAPH_CHANGED)


@router.get("/reach", summary="Whom does a member reach?", **answer_of(schemas.Reach, *_PROBLEMS))
async def reach(id: PathId, asked: Asked, request: Request, service: TheService) -> Response:
    """Everybody whom the member reaches, with the open channels; a page of them, or all in a stream."""
    return await _answer(answers.reach_page, REACHED, id, asked, request, service)


@router.get(
    "/reach/counts",
    summary="How many does a member reach?",
    **answer_of(schemas.Counts, UNKNOWN_MEMBER, UNKNOWN_PACK, UNKNOWN_TIER),
)
async def counts(
    id: PathId, asked: Annotated[CountsQuestion, Query()], request: Request, service: TheService
) -> Response:
    """How many others, on one tier: in all, free, and by each channel of the pack."""
    format = chosen(request, asked.format)
    question = reach_counts(id, at=asked.instant(), pack=service.pack(asked.pack), as_tier=asked.as_tier)
    if format is Format.CYPHER:
        return statement_of(question)
    answer = await service.read(question)
    return written(format, COUNTS, [answer], COUNTS.document(answer))


@router.get("/reached-by", summary="Who reaches a member?", **answer_of(schemas.ReachedBy, *_PROBLEMS))
async def reached_by(id: PathId, asked: Asked, request: Request, service: TheService) -> Response:
    """Everybody who reaches the member; `as_tier` asks as if every sender were on that tier."""
    return await _answer(answers.reached_by_page, REACHING, id, asked, request, service)


async def _answer(
    ask: Callable[..., GraphQuery[Page]],
    form: Form[Reached],
    id: str,
    asked: ReachQuestion,
    request: Request,
    service: Service,
) -> Response:
    format = chosen(request, asked.format)
    cursor = None if asked.cursor is None else read_cursor(asked.cursor)
    at = asked.instant() if cursor is None or asked.at is not None else cursor.at
    question: dict[str, Any] = {
        "at": at,
        "pack": service.pack(asked.pack),
        "as_tier": asked.as_tier,
        "channels": asked.channel,
        "max_degree": asked.degree,
    }
    hash = question_hash(ask.__name__, id, question)
    version = service.watch.require_graph().version
    if cursor is not None:
        cursor.check(hash, version)
    after = "" if cursor is None else cursor.after
    limit, window = (EVERYTHING, EVERYTHING) if asked.limit == "all" else (asked.limit, WINDOW)
    query = ask(id, after=after, limit=limit, window=window, **question)
    if format is Format.CYPHER:
        return statement_of(query)
    if asked.limit == "all":
        pieces = _rows(service.stream(query))
        first: Sequence[Reached] = await anext(
            pieces, []
        )  # so that what is wrong with the question is said in the status
        rest = {"next": None, "graph_version": version}
        return streamed(format, form, _again(first, pieces), "rows", rest)
    page = await service.read(query)
    if cursor is not None and page.version is not None:
        cursor.check(hash, page.version)  # a load that was over before the watch looked
    next = None
    if page.after is not None and page.version is not None:
        next = Cursor(page.after, page.version, at, hash).text()
    document = {
        "rows": [form.document(row) for row in page.rows],
        "next": next,
        "graph_version": page.version or version,
    }
    answer = written(format, form, page.rows, document)
    if next is not None:
        answer.headers["Link"] = f'<{_address(request, next)}>; rel="next"'
    return answer


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


def _address(request: Request, cursor: str) -> str:
    """The same question from the cursor on, as a reference to this host."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.scope['raw_path'].decode()}?{urlencode([*asked, ('cursor', cursor)])}"
