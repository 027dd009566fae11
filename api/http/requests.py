"""What happens to every request: its id, who may ask at all, how much at once, and its line in the log.

Plain ASGI and nothing of the framework, so that what is refused costs next to nothing.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from urllib.parse import unquote_to_bytes, urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import metrics
from api.http.problems import (
    BODY_TOO_LARGE,
    FOREIGN_HOST,
    FOREIGN_ORIGIN,
    INTERNAL,
    OVERLOADED,
    UNREADABLE_BODY,
    Problem,
    defect,
    response,
)
from api.loopback import is_loopback

BODY_BYTES = 1 << 20
UNDER_WAY = 64
_BODY_SECONDS = 10.0
_SEND_SECONDS = 30.0

_log = structlog.get_logger("linkreach.http")


class Requests:
    """The outermost layer. `keyless`: only this machine asks, and says so in the header `Host`."""

    def __init__(self, app: ASGIApp, *, keyless: bool) -> None:
        self._app = app
        self._keyless = keyless
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or hands on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, send)
        asks = scope["path"].startswith("/v1/")
        self._under_way += asks
        metrics.UNDER_WAY.set(self._under_way)
        try:
            await self._answer(request, receive)
        except Exception as error:
            if request.status is not None:  # cut the answer short: whoever reads it must not take it for whole
                request.cause = request.cause or f"{type(error).__name__}: {error}"
                raise
            _log.exception("defect", request_id=request.id)
            await request.refuse(defect())
        finally:
            self._under_way -= asks
            request.tell()

    async def _answer(self, request: _Request, receive: Receive) -> None:
        scope = request.scope
        try:
            self._admit(request)
            body = await _body(scope, receive)
        except Problem as problem:
            await request.refuse(problem)
            return
        except ClientDisconnect:
            return
        # An id may hold a slash: what is encoded stays so until a route has been found.
        scope["path"] = unquote_to_bytes(
            scope["raw_path"].replace(b"%25", b"%2525").replace(b"%2F", b"%252F").replace(b"%2f", b"%252F")
        ).decode("utf-8", "replace")
        await self._app(scope, _replayed(body, receive), request.send)

    def _admit(self, request: _Request) -> None:
        if self._keyless:
            _refuse_other_sites(request.scope)
        if self._under_way > UNDER_WAY:
            raise Problem(OVERLOADED, f"{UNDER_WAY} requests are under way already: try again a little later")


def _refuse_other_sites(scope: Scope) -> None:
    """A browser on this machine may be sent here by any site; with keys that is no danger, as none comes along."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not is_loopback(_name(host) or ""):
        raise Problem(FOREIGN_HOST, "bound to loopback, this answers to localhost alone")
    origin = headers.get("origin")
    if scope["method"] not in ("GET", "HEAD") and origin not in (None, f"http://{host}", f"https://{host}"):
        raise Problem(FOREIGN_ORIGIN, "a page of another site asked in your name")


def _name(host: str) -> str | None:
    """The name in a header `Host`, without the port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


class _Request:
    """One request, and what is told of it in the end: no values of a question, for they may be names."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.id = uuid.uuid4().hex
        self.scope = scope
        self.status: int | None = None
        self.cause: str | None = None
        self._send = send
        self._began = time.perf_counter()
        self.state = scope.setdefault("state", {})
        self.state["id"] = self.id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._require_reader(message["status"])
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.id
            headers["X-Content-Type-Options"] = "nosniff"
            headers.setdefault("Cache-Control", "no-store")
        async with asyncio.timeout(_SEND_SECONDS):  # whoever takes nothing holds up nobody
            await self._send(message)

    def _require_reader(self, status: int) -> None:
        """An answer of the API that `api.http.reply` has not written might name a block to whoever reads it."""
        if status < 300 and self.scope["path"].startswith("/v1/") and "written_for" not in self.state:
            raise RuntimeError("a route has answered by itself, and not through its reply")

    async def refuse(self, problem: Problem) -> None:
        await response(problem, self.id)(self.scope, _nothing, self.send)

    def tell(self) -> None:
        seconds = time.perf_counter() - self._began
        route = getattr(self.scope.get("route"), "path", "none")
        status = self.status or 499  # the caller went away
        metrics.SECONDS.labels(self.scope["method"], route, status).observe(seconds)
        log = _log.error if status == INTERNAL.status else _log.info
        told = {"key": self.state.get("key"), "cause": self.cause or self.state.get("cause")}
        log(
            "request",
            request_id=self.id,
            method=self.scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            **{name: value for name, value in told.items() if value is not None},
        )


async def _body(scope: Scope, receive: Receive) -> bytes:
    if scope["method"] in ("GET", "HEAD"):
        return b""
    parts: list[bytes] = []
    left = BODY_BYTES
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                parts.append(message.get("body", b""))
                left -= len(parts[-1])
                if left < 0:
                    raise Problem(BODY_TOO_LARGE, f"a body has at most {BODY_BYTES:,} bytes")
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError as error:
        raise Problem(UNREADABLE_BODY, "the body did not come to its end in time") from error


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


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
