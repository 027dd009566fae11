"""`/v1/packs`: the rule packs that a question can be asked by."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.forms import PACK
from api.http import schemas
from api.http.formats import Format, chosen, statement_of, written
from api.http.questions import FormQuestion
from api.http.schemas import answer_of
from api.http.service import TheService
from graph.rules import rulepack

router = APIRouter(prefix="/v1/packs", tags=["packs and reports"])


@router.get("", summary="Which rule packs are there?", **answer_of(schemas.Packs))
async def packs(asked: Annotated[FormQuestion, Query()], request: Request, service: TheService) -> Response:
    """Every pack in the graph, with its tiers by rank and what each of them grants."""
    format = chosen(request, asked.format)
    question = rulepack.described_packs()
    if format is Format.CYPHER:
        return statement_of(question)
    found = await service.read(question)
    document = {"packs": [PACK.document(each) for each in found], "default": service.pack(None)}
    return written(format, PACK, found, document)
