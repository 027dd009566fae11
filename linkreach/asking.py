"""What a question is read from: the graph as it is, or as it would be after a change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from graph.driver import schema
from graph.errors import GraphChanged
from graph.world import World

if TYPE_CHECKING:
    from graph.driver.database import Database
    from graph.driver.query import Graph
    from graph.snapshot.snapshot import Snapshot
    from graph.sources.change import Change


@contextmanager
def asking(
    database: Database, world: World, *, then: Change | None = None, seconds: float | None = None
) -> Iterator[Graph]:
    """The graph that a world is about; with a change, for as long as the block lasts, and at most `seconds`.

    `then`: another change, after the world's. Raises RejectedRow, GraphLoading and DeadlinePassed.
    """
    if world.change is None and then is None:
        yield database
        return
    from graph.loading.as_if import SECONDS, as_if

    with as_if(database, world.change, then, seconds=seconds or SECONDS) as graph:
        yield graph


@contextmanager
def of_one_graph(database: Database) -> Iterator[None]:
    """For an answer that is read in parts: raises GraphChanged at the end where a load began or ended meanwhile."""
    before = database.read(schema.state())
    yield
    if database.read(schema.state()) != before:
        raise GraphChanged("the graph was loaded while it was asked: ask again")


def supposed(snapshot: Snapshot, world: World) -> Snapshot:
    """The snapshot that a world is about; raises RejectedRow."""
    if world.change is None:
        return snapshot
    from graph.snapshot.changing import changed

    return changed(snapshot, world.change)
