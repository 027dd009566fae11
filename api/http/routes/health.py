"""`/healthz`, `/readyz` and `/metrics`: for whoever keeps the service running."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from api.http import metrics
from api.http.problems import (
    BEYOND_SENDERS,
    FOREIGN_HOST,
    FOREIGN_ORIGIN,
    GRAPH_AWAY,
    GRAPH_LOADING,
    GRAPH_WARMING,
    KEY_NEEDED,
    SCOPE_NEEDED,
)
from api.http.schemas import Health, Ready, problems_of
from api.http.service import TheService

router = APIRouter(tags=["operation"])
figures = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Does the service run?", response_model=Health, responses=problems_of(FOREIGN_HOST))
async def healthz() -> Health:
    """Always 200 while it does, whatever the graph does."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Can the graph be asked?",
    response_model=Ready,
    responses=problems_of(FOREIGN_HOST, GRAPH_AWAY, GRAPH_LOADING, GRAPH_WARMING),
)
async def readyz(service: TheService) -> Ready:
    """200 with the version of the graph; 503 while it is away or being loaded, and until first answers are quick."""
    return Ready(status="ready", graph_version=service.watch.require_warm_graph().version)


@figures.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=PlainTextResponse,
    responses=problems_of(KEY_NEEDED, SCOPE_NEEDED, BEYOND_SENDERS, FOREIGN_HOST, FOREIGN_ORIGIN),
)
async def metrics_text() -> Response:
    """Durations by route and status, requests under way, and whether the graph is ready."""
    return Response(metrics.text(), media_type=metrics.MEDIA_TYPE)
