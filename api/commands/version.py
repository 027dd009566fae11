"""`linkreach --version`: the program, and the graph and packs that it would answer from."""

from __future__ import annotations

from graph.errors import LinkreachError
from linkreach.health import graph_summary
from linkreach.settings import Settings


def version_line(settings: Settings) -> str:
    """The version of the program, and of the graph with its packs where a server answers; starts none."""
    from importlib.metadata import version

    program = f"linkreach {version('linkreach')}"
    try:
        graph = graph_summary(settings)
    except LinkreachError:  # what is wrong with the server is for linkreach doctor to say
        return program
    if graph is None:
        return program
    packs = [f"packs {', '.join(graph.packs)}"] if graph.packs else []
    return ", ".join([program, f"graph version {graph.version}", *packs])
