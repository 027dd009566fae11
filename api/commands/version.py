"""`linkreach --version`: the program, and the graph and packs that it would answer from."""

from __future__ import annotations

from importlib.metadata import version

from api.connection import address_if_running
from api.settings import Settings
from graph.errors import LinkreachError


def version_line(settings: Settings) -> str:
    """The version of the program, and of the graph with its packs where a server answers; starts none."""
    program = f"linkreach {version('linkreach')}"
    try:
        graph = _graph(settings)
    except LinkreachError:  # what is wrong with the server is for linkreach doctor to say
        return program
    return f"{program}, {graph}" if graph else program


def _graph(settings: Settings) -> str | None:
    address = address_if_running(settings)
    if address is None:
        return None
    from graph.driver import schema
    from graph.driver.database import Database
    from graph.rules import rulepack

    with Database(address, retry_seconds=0) as database:
        state = database.read(schema.state())
        packs = database.read(rulepack.loaded_packs())
    return ", ".join([f"graph version {state.version}", *([f"packs {', '.join(packs)}"] if packs else [])])
