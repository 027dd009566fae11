"""The service as it runs: a real server on a port of this machine, and a client that asks it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import structlog
import uvicorn
from fastapi import FastAPI

from api.http.app import create_app
from api.http.service import Options

PATIENCE = 300.0  # a server that has just started makes its plans, which takes long on a busy machine


@dataclass(frozen=True)
class Serving:
    """A running service: its app, and a client of it."""

    server: uvicorn.Server
    client: httpx.Client
    port: int


@contextmanager
def serving(served: Options | FastAPI) -> Iterator[Serving]:
    """Serves an app, or the one of these options, from a thread until the end of the block.

    What it logs stays apart from what commands answer.
    """
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.__stderr__))
    app = create_app(served) if isinstance(served, Options) else served
    config = uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    socket = config.bind_socket()
    socket.listen()  # whoever asks before the app is up has to wait, and is not turned away
    port = socket.getsockname()[1]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield Serving(server, client, port)
    finally:
        server.should_exit = True
        thread.join()
        socket.close()
