"""`/v1/packs`: the rule packs that a question can be asked by."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.http import schemas
from api.http.formats import Format
from api.http.questions import FormQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.questions.diagnosis import loaded_packs
from linkreach.forms import PACK

router = APIRouter(prefix="/v1/packs", tags=["packs and reports"])


@router.get("", summary="Which rule packs are there?", **answer_of(schemas.Packs))
async def packs(asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """Every pack in the graph, with its tiers by rank and what each of them grants."""
    format = reply.format(asked.format)
    question = loaded_packs()
    if format is Format.CYPHER:
        return reply.statement(question)
    found = await service.read(question)
    return reply.many(format, PACK, found, "packs", default=service.default_pack)
