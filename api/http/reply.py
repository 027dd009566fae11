"""The one way out of the API: each answer in the form that was asked for, and as its reader may read it.

Whoever may not know of a block must not read of one, whatever a route does (docs/api.md, "Keys").
So no route writes an answer by itself: what was not written here, `api.http.requests` does not let out.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import StreamingResponse
from msgspec import json
from starlette.types import Receive, Scope, Send

from api.http.access import TheCaller
from api.http.formats import MEDIA_TYPES, Format, chosen, parts, whole
from graph.driver.browser_text import browser_text
from graph.driver.query import Query
from graph.rules.redaction import Reader
from linkreach.forms import Form

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """Writes the answer to one request, for one reader."""

    request: Request
    reader: Reader

    def format(self, asked: Format | None) -> Format:
        """The form that was asked for, by the parameter or the header; raises Problem where there is no such form."""
        return chosen(self.request, asked)

    def one(self, format: Format, form: Form[T], answer: T) -> Response:
        """A single answer."""
        told = self._told(answer)
        return self._answer(whole(format, form, [told], form.document(told)), format)

    def many(self, format: Format, form: Form[T], answers: Sequence[T], key: str, **rest: Any) -> Response:
        """Answers as a whole; JSON has them as the list `key`, followed by `rest`."""
        told = [self._told(answer) for answer in answers]
        document = {key: [form.document(answer) for answer in told], **rest} if format is Format.JSON else None
        return self._answer(whole(format, form, told, document), format)

    def stream(
        self, format: Format, form: Form[T], pieces: AsyncGenerator[Sequence[T]], key: str, rest: dict[str, Any]
    ) -> Response:
        """Answers piece by piece, in constant memory."""
        self._seal()
        return _Stream(parts(format, form, self._told_pieces(pieces), key, rest), MEDIA_TYPES[format])

    def statement(self, *queries: Query[Any]) -> Response:
        """The queries of an answer as Neo4j Browser runs them, instead of what they would find."""
        return self._answer("\n".join(map(browser_text, queries)).encode(), Format.CYPHER)

    def started(self, document: dict[str, Any], location: str) -> Response:
        """Something has begun that takes long: 202, and where to look."""
        self._seal()
        return Response(json.encode(document), 202, {"Location": location}, MEDIA_TYPES[Format.JSON])

    def _answer(self, content: bytes, format: Format) -> Response:
        self._seal()
        return Response(content, media_type=MEDIA_TYPES[format])

    def _seal(self) -> None:
        """Tells `api.http.requests` that the answer was written for its reader."""
        self.request.state.written_for = self.reader

    def _told(self, answer: T) -> T:
        read_by: Any = getattr(answer, "read_by", None)
        return answer if read_by is None else read_by(self.reader)

    async def _told_pieces(self, pieces: AsyncGenerator[Sequence[T]]) -> AsyncGenerator[Sequence[T]]:
        async with aclosing(pieces):
            async for piece in pieces:
                yield [self._told(answer) for answer in piece]


class _Stream(StreamingResponse):
    """Ends its parts, and with them the query behind, when nobody takes them any more; a framework leaves that open."""

    def __init__(self, parts: AsyncGenerator[bytes], media_type: str) -> None:
        super().__init__(parts, media_type=media_type)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._parts):
            await super().__call__(scope, receive, send)


async def reply_of(request: Request, caller: TheCaller) -> Reply:
    """The reply to this request."""
    return Reply(request, caller.reader)


TheReply = Annotated[Reply, Depends(reply_of)]
