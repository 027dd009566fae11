"""`/`: the page for people (docs/page.md); plain files, which ask the API under `/v1` like any other program."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from fastapi import APIRouter, Request, Response
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"

# Said here, for what a system calls these suffixes differs, and no browser runs a module of another type.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)
_files = StaticFiles(directory=STATIC)


@router.get("/")
async def page(request: Request) -> Response:
    """The page."""
    return await _file("index.html", request)


@router.get("/page/{path:path}")
async def part(path: str, request: Request) -> Response:
    """A file of the page."""
    return await _file(path, request)


async def _file(path: str, request: Request) -> Response:
    answer = await _files.get_response(path, request.scope)
    answer.headers.update(_HEADERS)
    answer.headers["Content-Type"] = _MEDIA_TYPES.get(PurePosixPath(path).suffix, "text/plain; charset=utf-8")
    return answer
