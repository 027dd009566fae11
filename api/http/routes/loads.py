"""`/v1/loads`: networks that are sent as files, what became of them, and the rows that were set aside."""

from __future__ import annotations

import pathlib
from collections.abc import AsyncGenerator, Iterator
from dataclasses import asdict, astuple
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import iterate_in_threadpool

from api.http import schemas
from api.http.access import TheCaller
from api.http.loads import Load, Sent
from api.http.mistakes import mistakes, wrong
from api.http.problems import (
    BODY_TOO_LARGE,
    LOAD_UNDER_WAY,
    NO_ROOM,
    TOO_LARGE,
    UNKNOWN_LOAD,
    UNREADABLE_BODY,
    Problem,
)
from api.http.questions import FormQuestion, LoadQuestion, Number, RejectsQuestion
from api.http.reply import TheReply
from api.http.schemas import answer_of
from api.http.service import Service, TheService
from api.http.uploads import received
from graph.loading.rejects import read_rejects
from graph.sources.chunks import Reject
from linkreach.forms import Form

_STATES = ("running", "finished", "failed")
_ROWS_AT_ONCE = 1_000

LISTED: Form[Load] = Form(
    Load.document,
    {"id": "Int64", "explain": "boolean", "since": "str", "state": "str"},
    lambda load: iter([_row(load.document())]),
)


def _row(document: dict[str, Any]) -> tuple[Any, ...]:
    state = next(name for name in _STATES if document[name] is not None)
    return document["id"], document["explain"], document["since"], state


def _files(load: Load) -> Iterator[tuple[Any, ...]]:
    for each in load.finished["files"] if load.finished is not None else ():
        yield each["file"], each["table"], each["loaded"], each["rejected"], ";".join(each["notes"])


READ_FILES: Form[Load] = Form(
    Load.document, {"file": "str", "table": "str", "loaded": "Int64", "rejected": "Int64", "notes": "str"}, _files
)
REJECTED: Form[Reject] = Form(
    asdict,
    {"file": "str", "line": "Int64", "column": "str", "value": "str", "reason": "str"},
    lambda row: iter([astuple(row)]),
)

_FILES = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "The files, of any field; those of a folder have its name before theirs. "
                            "What may be asked in the address may also stand here, as a field.",
                        }
                    },
                }
            }
        },
    }
}

router = APIRouter(prefix="/v1/loads", tags=["loads"])
starting = APIRouter(prefix="/v1/loads", tags=["loads"])


@router.get("", summary="Which networks were sent?", **answer_of(schemas.Loads, statement=False))
async def loads(asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService) -> Response:
    """The last ten loads of this service since it was started, and how much may be sent at once."""
    format = reply.format(asked.format)
    most = {"bytes_at_most": service.options.upload_bytes, "files_at_most": service.options.upload_files}
    return reply.many(format, LISTED, service.loads.all(), "loads", **most)


Numbered = Annotated[Number, Path(ge=1, description="The `id` of the load.")]


@router.get("/{number}", summary="What has become of a load?", **answer_of(schemas.Load, UNKNOWN_LOAD, statement=False))
async def load(
    number: Numbered, asked: Annotated[FormQuestion, Query()], reply: TheReply, service: TheService
) -> Response:
    """Whether it is under way, finished or failed, and each file: what it was read as, and what of it was not.

    As JSON lines, CSV or Parquet it is a row for each file and table.
    """
    format = reply.format(asked.format)
    return reply.one(format, READ_FILES, _load(number, service))


@router.get(
    "/{number}/rejected",
    summary="Which rows were set aside?",
    **answer_of(schemas.RejectedRows, UNKNOWN_LOAD, LOAD_UNDER_WAY, statement=False),
)
async def rejected(
    number: Numbered, asked: Annotated[RejectsQuestion, Query()], reply: TheReply, service: TheService
) -> Response:
    """File, line, and what is wrong, in the order of the files. It is streamed."""
    format = reply.format(asked.format)
    found = _load(number, service)
    if found.is_under_way:
        raise Problem(LOAD_UNDER_WAY, f"load {number} has not ended yet: then its rows are there")
    most = None if asked.limit == "all" else int(asked.limit)
    answer = reply.stream(format, REJECTED, _rows(found.rejected, most), "rows", {"load": number})
    answer.headers["Content-Disposition"] = f'inline; filename="rejected.{format}"'
    return answer


@starting.post(
    "",
    summary="Load a network, or say what it would be read as",
    openapi_extra=_FILES,
    **answer_of(schemas.LoadStarted, UNREADABLE_BODY, BODY_TOO_LARGE, TOO_LARGE, NO_ROOM, status=202),
)
async def start(
    request: Request,
    asked: Annotated[LoadQuestion, Query()],
    caller: TheCaller,
    reply: TheReply,
    service: TheService,
) -> Response:
    """Takes the files of a form, and starts a load of them, as `linkreach load` would, or with `explain` only looks.

    They are gone as soon as they were read, and also where the request is cut short.
    What is wrong with them stands in the load that has failed; a member `wants` names the parameter that would help.
    """
    reply.format(None)

    async def receive(folder: pathlib.Path) -> Sent:
        upload = await received(request, folder, files_at_most=service.options.upload_files)
        question = _with_fields(asked, upload.fields)
        if not question.explain:
            await service.require_no_load()
        return Sent(
            upload.path,
            question.source_format,
            question.hints,
            explain=question.explain,
            replace=question.replace,
            knows_blocks=caller.reader.audits,
        )

    begun = await service.loads.start(receive)
    location = f"/v1/loads/{begun.number}"
    return reply.started(
        {"id": begun.number, "running": begun.under_way, "look_at": location},
        location,
    )


def _with_fields(asked: LoadQuestion, fields: dict[str, str]) -> LoadQuestion:
    """What the address asks, and the fields of the form; raises Problem."""
    in_address = asked.model_dump(by_alias=True, exclude_unset=True)
    if twice := [name for name in fields if name in in_address]:
        raise wrong([{"where": f"body.{name}", "problem": "is in the address, too"} for name in twice])
    try:
        return LoadQuestion.model_validate({**in_address, **fields})
    except ValidationError as error:
        raise mistakes([{**each, "loc": ("body", *each["loc"])} for each in error.errors()]) from error


def _load(number: int, service: Service) -> Load:
    found = service.loads.numbered(number)
    if found is None:
        raise Problem(UNKNOWN_LOAD, f"there is no load {number}, or none any more: the last ten are kept")
    return found


async def _rows(file: pathlib.Path | None, most: int | None) -> AsyncGenerator[list[Reject]]:
    rows = islice(() if file is None else read_rejects(file), most)
    async for some in iterate_in_threadpool(_in_pieces(rows)):
        yield some


def _in_pieces(rows: Iterator[Reject]) -> Iterator[list[Reject]]:
    while some := [*islice(rows, _ROWS_AT_ONCE)]:
        yield some
