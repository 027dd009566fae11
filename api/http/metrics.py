"""What is measured while the service runs, in the form that Prometheus reads; without ids and without names."""

from __future__ import annotations

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as MEDIA_TYPE

SECONDS = Histogram(
    "linkreach_request_seconds",
    "How long requests took, by route and status.",
    ("method", "route", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120),
)
CONNECTIONS_REFUSED = Counter(
    "linkreach_connections_refused", "Connections that ended before a whole head had come, by reason.", ("reason",)
)
UNDER_WAY = Gauge("linkreach_requests_under_way", "Requests of the API that are being answered.")
GRAPH_READY = Gauge("linkreach_graph_ready", "1 where the graph can be asked, 0 where it is away or being loaded.")
GRAPH_VERSION = Gauge("linkreach_graph_version", "The version of the graph; 0 before the first load.")


def text() -> bytes:
    """All of it, with what the client measures of its own process."""
    return generate_latest(REGISTRY)


__all__ = ["CONNECTIONS_REFUSED", "GRAPH_READY", "GRAPH_VERSION", "MEDIA_TYPE", "SECONDS", "UNDER_WAY", "text"]
