"""`/healthz`, `/readyz` and `/metrics`: for whoever keeps the service running."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from api.http import metrics
from api.http.access import needs
from api.http.service import TheService
from graph.schema import GraphState

router = APIRouter(tags=["operation"])


@router.get("/healthz", summary="Does the service run?")
async def healthz() -> dict[str, str]:
    """Always 200 while it does, whatever the graph does."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can the graph be asked?")
async def readyz(service: TheService) -> dict[str, int | str]:
    """200 with the version of the graph; 503 while Neo4j is away or a load is under way."""
    state: GraphState = service.watch.require_graph()
    return {"status": "ready", "graph_version": state.version}


@router.get(
    "/metrics", summary="Figures for Prometheus", dependencies=[Depends(needs("read"))], response_class=Response
)
async def metrics_text() -> Response:
    """Durations by route and status, requests under way, and whether the graph is ready."""
    return Response(metrics.text(), media_type=metrics.MEDIA_TYPE)
