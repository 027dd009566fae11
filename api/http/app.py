"""The app: its resources, and what lives as long as it does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI

from api import page
from api.http import docs, problems
from api.http.access import needs
from api.http.report_runs import ReportRunner
from api.http.requests import Requests
from api.http.routes import bridges, check, health, members, names, packs, reach, reports
from api.http.schemas import describe
from api.http.service import Options, Service
from api.http.warming import first_questions
from api.http.watch import Watch
from graph.driver.async_database import AsyncDatabase

# What takes a key, with the scope that it takes.
RESOURCES = (
    (members.router, "read"),
    (reach.router, "read"),
    (check.router, "read"),
    (names.router, "read"),
    (bridges.router, "read"),
    (packs.router, "read"),
    (reports.router, "read"),
    (reports.starting, "report"),
    (health.figures, "read"),
)

# What takes none: whether the service runs, and files for people that hold no data.
BESIDE: tuple[APIRouter, ...] = (health.router, docs.router, page.router)


def create_app(options: Options) -> FastAPI:
    """An app that answers from one Neo4j, over one driver that lives as long as the app."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncDatabase(
            options.address, deadline=options.deadline, connections=options.at_once + 4
        ) as database:
            watch = Watch(database, first_questions(options.pack))
            report_runs = ReportRunner(options.address, options.home / "reports")
            app.state.service = Service(options, database, watch, report_runs)
            async with watch.watching():
                yield
                await report_runs.stop()

    app = FastAPI(
        title="linkreach",
        summary="Who can reach whom in a professional network, by which channel, and why not.",
        version=version("linkreach"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    problems.handle(app, [each for router in (*(router for router, _ in RESOURCES), *BESIDE) for each in router.routes])
    describe(app, keyless=options.keys is None)
    for router, scope in RESOURCES:
        app.include_router(router, dependencies=[Depends(needs(scope))])
    for open_router in BESIDE:
        app.include_router(open_router)
    app.add_middleware(Requests, keyless=options.keys is None)
    return app
