"""What happens to every request: its id, who may ask at all, how much at once, and its line in the log.

Plain ASGI and nothing of the framework, so that what is refused costs next to nothing:
who asks is looked at first, then whether there is a place, and only then is a body waited for.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote_to_bytes

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import metrics
from api.http.access import Admission, is_of_the_api
from api.http.headers import EVERY_ANSWER
from api.http.problems import BODY_TOO_LARGE, INTERNAL, OVERLOADED, UNREADABLE_BODY, Problem, defect, response
from api.http.uploads import is_form

BODY_BYTES = 1 << 20
UNDER_WAY = 64
BODIES_AWAITED = 16
_BODY_SECONDS = 10.0  # of a body that is awaited, and between the pieces of an upload
_FRAMED = 2  # times its bytes, an upload may come
_SEND_SECONDS = 30.0

_log = structlog.get_logger("linkreach.http")


class Requests:
    """The outermost layer; `admission` says who may ask what."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission
        self._under_way = 0
        self._awaited: dict[_Request, asyncio.Timeout] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or hands on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, send)
        try:
            await self._answer(request, receive)
        except _HeadTold:
            pass
        except Exception as error:
            if request.status is not None:  # cut the answer short: whoever reads it must not take it for whole
                request.cause = request.cause or f"{type(error).__name__}: {error}"
                raise
            _log.exception("defect", request_id=request.id)
            await request.refuse(defect())
        finally:
            request.tell()

    async def _answer(self, request: _Request, receive: Receive) -> None:
        try:
            entrance = self._admission.admit(request.scope)
            upload_bytes = None if entrance is None else entrance.upload_bytes
            if request.body_length > (upload_bytes or BODY_BYTES):
                raise _too_large(upload_bytes or BODY_BYTES)
            if upload_bytes is not None and not is_form(Headers(scope=request.scope)):
                raise Problem(UNREADABLE_BODY, "files are sent as a form: multipart/form-data")
            with self._place(request):
                if upload_bytes is not None:
                    coming = _upload(request, receive, upload_bytes)
                else:
                    body = b"" if entrance is None else await self._body(request, receive)
                    coming = _replayed(body, receive)
                await self._app(request.scope, coming, request.send)
        except Problem as problem:
            await request.refuse(problem)
        except ClientDisconnect:
            return

    @contextmanager
    def _place(self, request: _Request) -> Iterator[None]:
        asks = is_of_the_api(request.scope["path"])
        if asks and self._under_way >= UNDER_WAY:
            raise Problem(OVERLOADED, f"{UNDER_WAY} requests are under way already: try again a little later")
        self._under_way += asks
        metrics.UNDER_WAY.set(self._under_way)
        try:
            yield
        finally:
            self._under_way -= asks
            metrics.UNDER_WAY.set(self._under_way)

    async def _body(self, request: _Request, receive: Receive) -> bytes:
        """The whole body; of too many that are awaited, the one that has been for longest is given up."""
        if request.scope["method"] == "GET":
            return b""
        parts: list[bytes] = []
        left = BODY_BYTES
        try:
            async with asyncio.timeout(_BODY_SECONDS) as patience:
                self._await(request, patience)
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientDisconnect
                    parts.append(message.get("body", b""))
                    left -= len(parts[-1])
                    if left < 0:
                        raise _too_large(BODY_BYTES)
                    if not message.get("more_body", False):
                        request.is_read = True
                        return b"".join(parts)
        except TimeoutError as error:
            raise Problem(UNREADABLE_BODY, "the body did not come to its end in time") from error
        finally:
            self._awaited.pop(request, None)

    def _await(self, request: _Request, patience: asyncio.Timeout) -> None:
        if len(self._awaited) >= BODIES_AWAITED:
            self._awaited.pop(next(iter(self._awaited))).reschedule(asyncio.get_running_loop().time())
        self._awaited[request] = patience


class _HeadTold(OSError):
    """Raised where the head of an answer was all that was asked for; to a framework the caller has gone."""


class _Request:
    """One request, and what is told of it in the end: no values of a question, for they may be names.

    To everything below, a HEAD is the GET whose head it asks for.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        self.id = uuid.uuid4().hex
        self.method: str = scope["method"]
        self.state = scope.setdefault("state", {})
        self.state["id"] = self.id
        self.scope: Scope = {
            **scope,
            "method": "GET" if self.method == "HEAD" else self.method,
            # An id may hold a slash: what is encoded stays so until a route has been found.
            "path": unquote_to_bytes(
                scope["raw_path"].replace(b"%25", b"%2525").replace(b"%2F", b"%252F").replace(b"%2f", b"%252F")
            ).decode("utf-8", "replace"),
        }
        headers = Headers(scope=scope)
        self.body_length = int(headers.get("content-length", 0))
        self.is_read = not self.body_length and "transfer-encoding" not in headers
        self.status: int | None = None
        self.cause: str | None = None
        self._send = send
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._require_reader(message["status"])
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.id
            for name, value in EVERY_ANSWER.items():
                headers.setdefault(name, value)
            if not self.is_read:  # what still comes of the body is nobody's business
                headers["Connection"] = "close"
        is_enough = self.method == "HEAD" and message.get("more_body", False)
        async with asyncio.timeout(_SEND_SECONDS):  # whoever takes nothing holds up nobody
            await self._send({**message, "more_body": False} if is_enough else message)
        if is_enough:
            raise _HeadTold

    def _require_reader(self, status: int) -> None:
        """An answer of the API that `api.http.reply` has not written might name a block to whoever reads it."""
        if status < 300 and is_of_the_api(self.scope["path"]) and "written_for" not in self.state:
            raise RuntimeError("a route has answered by itself, and not through its reply")

    async def refuse(self, problem: Problem) -> None:
        await response(problem, self.id)(self.scope, _nothing, self.send)

    def tell(self) -> None:
        seconds = time.perf_counter() - self._began
        route = getattr(self.scope.get("route"), "path", "none")
        status = self.status or 499  # the caller went away
        metrics.SECONDS.labels(self.method, route, status).observe(seconds)
        log = _log.error if status == INTERNAL.status else _log.info
        told = {"key": self.state.get("key"), "cause": self.cause or self.state.get("cause")}
        log(
            "request",
            request_id=self.id,
            method=self.method,
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            **{name: value for name, value in told.items() if value is not None},
        )


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once, and then what comes: that the caller goes away."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _upload(request: _Request, receive: Receive, most: int) -> Receive:
    """A body piece by piece as it comes, of so many bytes at most; the next one is waited for for a while."""
    request.state["body_bytes"] = _FRAMED * most
    left = most

    async def next_piece() -> Message:
        nonlocal left
        if request.is_read:
            return await receive()
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                message = await receive()
        except TimeoutError as error:
            raise Problem(UNREADABLE_BODY, "the body has stopped coming") from error
        left -= len(message.get("body", b""))
        if left < 0:
            raise _too_large(most)
        request.is_read = message["type"] == "http.request" and not message.get("more_body", False)
        return message

    return next_piece


def _too_large(most: int) -> Problem:
    return Problem(BODY_TOO_LARGE, f"a body has at most {most:,} bytes")


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
