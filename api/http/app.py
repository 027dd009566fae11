"""The app: its resources, and what lives as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import APIRouter, Depends, FastAPI

from api import page
from api.http import docs
from api.http.access import Admission, Entrance, in_the_manual
from api.http.difference_runs import DifferenceRunner
from api.http.handlers import handle
from api.http.loads import LoadRunner
from api.http.plan_runs import PlanRunner
from api.http.questions import said_once
from api.http.report_runs import ReportRunner
from api.http.requests import Requests
from api.http.routes import (
    bridges,
    check,
    diffs,
    graph,
    health,
    index,
    introductions,
    loads,
    members,
    names,
    packs,
    places,
    plans,
    reach,
    reports,
)
from api.http.schemas import describe
from api.http.service import Options, Service
from api.http.warming import warm_up
from api.http.watch import Watch
from graph.driver.async_database import AsyncDatabase
from graph.driver.database import Database

# What takes a key, with the scope that it takes.
RESOURCES = (
    (index.router, "read"),
    (graph.router, "read"),
    (check.router, "read"),
    (introductions.router, "read"),
    (members.router, "read"),
    (reach.router, "read"),
    (reach.reverse, "read"),
    (names.router, "read"),
    (places.router, "read"),
    (bridges.router, "read"),
    (packs.router, "read"),
    (reports.router, "read"),
    (reports.starting, "report"),
    (diffs.router, "read"),
    (diffs.starting, "report"),
    (loads.router, "load"),
    (loads.starting, "load"),
    (plans.router, "read"),
    (plans.starting, "report"),
    (health.figures, "read"),
)

# What a key may ask that is bound to senders: about them, each route sees to that, and whom and what there is.
FOR_SENDERS = (
    index.router,
    graph.router,
    check.router,
    introductions.router,
    members.router,
    reach.router,
    names.router,
    places.router,
    packs.router,
)

# What takes none: whether the service runs, and files for people that hold no data.
BESIDE: tuple[APIRouter, ...] = (health.router, docs.router, page.router)


def create_app(options: Options) -> FastAPI:
    """An app that answers from one Neo4j, over one driver that lives as long as the app."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            trials = stack.enter_context(Database(options.address, retry_seconds=0))
            database = await stack.enter_async_context(
                AsyncDatabase(options.address, deadline=options.deadline, connections=options.at_once + 4)
            )
            watch = Watch(database, partial(warm_up, database, options.pack))
            worker = stack.enter_context(ThreadPoolExecutor(1))
            report_runs = ReportRunner(options.address, options.home / "reports", worker)
            diff_runs = DifferenceRunner(options.address, options.home / "diffs", worker)
            load_runner = LoadRunner(options.address, options.home / "loads")
            plan_runs = PlanRunner(options.address, options.home / "plans", worker)
            app.state.service = Service(
                options, database, trials, watch, report_runs, diff_runs, load_runner, plan_runs
            )
            async with watch.watching():
                yield
                await load_runner.stop()
                await asyncio.gather(report_runs.stop(), diff_runs.stop(), plan_runs.stop())

    app = FastAPI(
        title="linkreach",
        summary="Who can reach whom in a professional network, by which channel, and why not.",
        version=version("linkreach"),
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    entrances = [
        Entrance(route, scope, router in FOR_SENDERS, options.upload_bytes if router is loads.starting else None)
        for router, scope in RESOURCES
        for route in router.routes
    ]
    handle(app, [*(each.route for each in entrances), *(route for router in BESIDE for route in router.routes)])
    describe(app, keyless=options.keys is None)
    app.state.entrances = entrances
    for router, _ in RESOURCES:
        app.include_router(router, dependencies=[in_the_manual, Depends(said_once)])
    for open_router in BESIDE:
        app.include_router(open_router)
    app.add_middleware(Requests, admission=Admission(options.keys, entrances))
    return app
