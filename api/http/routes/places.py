"""`/v1/groups` and `/v1/companies`: which of them there are, and which a text means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.cursors import Cursor, list_hash, next_page, read_cursor
from api.http.formats import Format
from api.http.problems import CURSOR_OF_ANOTHER_QUESTION, GRAPH_CHANGED
from api.http.questions import PlacesQuestion
from api.http.reply import Reply, TheReply
from api.http.schemas import answer_of
from api.http.service import Service, TheService
from graph.driver.query import Query as GraphQuery
from graph.questions import places
from graph.questions.places import Place, PlacePage
from linkreach.forms import COMPANY, GROUP, Form

router = APIRouter(prefix="/v1", tags=["members"])

Asked = Annotated[PlacesQuestion, Query()]
Search = Callable[..., GraphQuery[list[Place]]]
AskPage = Callable[..., GraphQuery[PlacePage[Place]]]

_PROBLEMS = (CURSOR_OF_ANOTHER_QUESTION, GRAPH_CHANGED)


@router.get("/groups", summary="Which groups are there, or does a text mean?", **answer_of(schemas.Groups, *_PROBLEMS))
async def groups(asked: Asked, reply: TheReply, service: TheService) -> Response:
    """Without `q` all of them by id, a page at a time; with it those that it means, the best fit first."""
    return await _answer(places.search_groups, places.group_page, GROUP, "groups", asked, reply, service)


@router.get(
    "/companies",
    summary="Which company pages are there, or does a text mean?",
    **answer_of(schemas.Companies, *_PROBLEMS),
)
async def companies(asked: Asked, reply: TheReply, service: TheService) -> Response:
    """Without `q` all of them by id, a page at a time; with it those that it means, the best fit first."""
    return await _answer(places.search_companies, places.company_page, COMPANY, "companies", asked, reply, service)


async def _answer(
    search: Search[Place],
    ask_page: AskPage[Place],
    form: Form[Place],
    key: str,
    asked: PlacesQuestion,
    reply: Reply,
    service: Service,
) -> Response:
    format = reply.format(asked.format)
    cursor = None if asked.cursor is None else read_cursor(asked.cursor)
    hash = list_hash(key, asked.q)
    if cursor is not None:
        cursor.check_question(hash)
    if asked.q is not None:
        found = search(asked.q, most=asked.limit)
        if format is Format.CYPHER:
            return reply.statement(found)
        rows: list[Place] = await service.read(found)
        return reply.many(format, form, rows, key, next=None)
    query = ask_page("" if cursor is None else cursor.after, limit=asked.limit)
    if format is Format.CYPHER:
        return reply.statement(query)
    page = await service.read(query)
    version = await service.version_of(page.version)
    if cursor is not None:
        cursor.check_version(version)
    next = None if page.after is None else Cursor(page.after, version, None, hash).text()
    return next_page(reply.many(format, form, page.rows, key, next=next), reply.request, next)
