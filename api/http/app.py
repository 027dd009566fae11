"""The app: its resources, and what lives as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI

from api.http import docs, problems
from api.http.access import needs
from api.http.requests import Requests
from api.http.routes import check, health, members, reach
from api.http.service import Options, Service
from api.http.watch import Watch
from graph.async_database import AsyncDatabase

# What other programs ask; each of these takes a key with the scope `read`.
RESOURCES = (check.router, members.router, reach.router)

# What stands beside it: for whoever runs the service, and for people. Its files hold no data and take no key.
BESIDE: tuple[APIRouter, ...] = (health.router, docs.router)


def create_app(options: Options) -> FastAPI:
    """An app that answers from one Neo4j, over one driver that lives as long as the app."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncDatabase(
            options.address, deadline=options.deadline, connections=options.at_once + 4
        ) as database:
            watch = Watch(database)
            app.state.service = Service(options, database, watch, asyncio.Semaphore(options.at_once))
            async with watch.watching():
                yield

    app = FastAPI(
        title="linkreach",
        summary="Who can reach whom in a professional network, by which channel, and why not.",
        version=version("linkreach"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    problems.handle(app)
    for router in RESOURCES:
        app.include_router(router, dependencies=[Depends(needs("read"))])
    for router in BESIDE:
        app.include_router(router)
    app.add_middleware(Requests, on_loopback=options.keys is None)
    return app
