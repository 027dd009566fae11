"""The service as it runs: a real server on a port of this machine, and a client that asks it."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import structlog
import uvicorn
from fastapi import FastAPI

from api.http.app import create_app
from api.http.connections import BOUNDS, Bounds
from api.http.server import server_of
from api.http.service import Options

PATIENCE = 300.0  # a server that has just started makes its plans, which takes long on a busy machine


@dataclass(frozen=True)
class Serving:
    """A running service: its app, and a client of it."""

    server: uvicorn.Server
    client: httpx.Client
    port: int


def until_ready(client: httpx.Client) -> None:
    """Waits until the first questions have been asked."""
    while client.get("/readyz").status_code != 200:
        time.sleep(0.1)


@contextmanager
def serving(served: Options | FastAPI, bounds: Bounds = BOUNDS) -> Iterator[Serving]:
    """Serves an app, or the one of these options, from a thread until the end of the block.

    What it logs stays apart from what commands answer.
    """
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.__stderr__))
    app = create_app(served) if isinstance(served, Options) else served
    listener = socket.create_server(("127.0.0.1", 0))  # whoever asks before the app is up waits, and is not turned away
    port = listener.getsockname()[1]
    server = server_of(app, bounds=bounds, stop_seconds=5)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield Serving(server, client, port)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
