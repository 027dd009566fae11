"""`/v1/names`: what the members, groups and company pages are called that answers name by id."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.forms import NAMED
from api.http import schemas
from api.http.formats import Format, chosen, statement_of, written
from api.http.questions import NamesQuestion
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.questions.names import names as named

router = APIRouter(prefix="/v1/names", tags=["members"])

_MANUAL = answer_of(schemas.Names)
_MANUAL["responses"][400] = {
    "description": "the address is longer than 64 KiB: refused before linkreach sees it, in plain text",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


@router.get("", summary="What are these called?", **_MANUAL)
async def names(asked: Annotated[NamesQuestion, Query()], request: Request, service: TheService) -> Response:
    """The name of each id that is somebody's or something's; any other is left out."""
    format = chosen(request, asked.format)
    question = named(members=asked.member, groups=asked.group, companies=asked.company)
    if format is Format.CYPHER:
        return statement_of(question)
    found = await service.read(question)
    return written(format, NAMED, found, {"names": [NAMED.document(each) for each in found]})
