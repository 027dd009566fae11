"""`/v1`: what there is to ask."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from api.http import schemas
from api.http.access import Entrance
from api.http.questions import FormQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from linkreach.forms import Form

router = APIRouter(prefix="/v1", tags=["operation"])


def _document(entrance: Entrance) -> dict[str, Any]:
    route = entrance.route
    assert isinstance(route, APIRoute)
    return {
        "method": ", ".join(sorted(route.methods or ())),
        "path": route.path,
        "question": route.summary,
        "scope": entrance.scope,
        "for_senders": entrance.for_senders,
    }


def _rows(entrance: Entrance) -> Iterator[tuple[Any, ...]]:
    yield tuple(_document(entrance).values())


RESOURCE: Form[Entrance] = Form(
    _document,
    {"method": "str", "path": "str", "question": "str", "scope": "str", "for_senders": "boolean"},
    _rows,
)


@router.get("", summary="What is there to ask?", **answer_of(schemas.Index, statement=False))
async def index(request: Request, asked: Annotated[FormQuestion, Query()], reply: TheReply) -> Response:
    """Every resource, with the scope of the key that it takes; the manual at /docs has their parameters."""
    format = reply.format(asked.format)
    entrances: list[Entrance] = request.app.state.entrances
    return reply.many(format, RESOURCE, entrances, "resources", manual="/docs", version=version("linkreach"))
