"""The web server as it runs, for the command and for tests."""

from __future__ import annotations

from typing import cast

import uvicorn
from fastapi import FastAPI

from api.http.connections import BOUNDS, Bounds, Connections

STOP_SECONDS = 15
_BACKLOG = 256  # so many are taken at once, and more would hold up answers


def server_of(app: FastAPI, *, bounds: Bounds = BOUNDS, stop_seconds: int = STOP_SECONDS) -> uvicorn.Server:
    """A server of the app, with bounds on its connections."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=cast("type", Connections(bounds).protocol),
            ws="none",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=True,
            proxy_headers=False,
            timeout_graceful_shutdown=stop_seconds,
            lifespan="on",
            backlog=_BACKLOG,
        )
    )
