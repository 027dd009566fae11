"""`/docs`: the manual of the API, Swagger UI on the schema that the app makes of itself, all of it served from here."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def manual() -> FileResponse:
    """The page."""
    return FileResponse(_HERE / "index.html", headers=_HEADERS)


@router.get("/docs/swagger-ui-bundle.js")
@router.get("/docs/swagger-ui.css")
@router.get("/docs/manual.js")
async def asset(request: Request) -> FileResponse:
    """A file of the page."""
    return FileResponse(_HERE / request.url.path.rpartition("/")[2], headers=_HEADERS)
