"""Backup and restore of the embedded server's graph, whole or not at all.

A backup is a dump as Neo4j's own tools write and read it: the network, the rule packs and the graph's state.
Users and passwords are the server's and not in it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from graph.driver import schema
from graph.driver.database import Database
from graph.driver.query import Query
from graph.driver.schema import GraphState
from graph.errors import GraphChanged, GraphNotEmpty, InvalidInput, LoadRunning
from graph.files.private import staging
from graph.files.regular import open_regular
from graph.loading import load_lock
from graph.rules.pack_store import pack_hashes
from graph.rules.rule_pack import is_shipped
from graph.server.server import Server

_log = logging.getLogger(__name__)


def back_up(server: Server, file: Path) -> None:
    """Writes the server's graph into a new file, which only its owner may read; the server runs afterwards.

    Raises InvalidInput where there is such a file, LoadRunning and GraphChanged where the graph is not complete or a
    load begins meanwhile, ServerError and DatabaseError; then there is no file.
    """
    if os.path.lexists(file):
        raise InvalidInput(f"{file} is there already: name a file that is not, or move that one away")
    with (
        staging(file.parent.resolve(), ".linkreach-backup-") as folder,
        Database(server.start().address) as database,
    ):
        before = _settled(database)
        database.move_to(server.dump_graph(folder).address)
        if database.read(schema.state()) != before:
            raise GraphChanged("a load began while the backup was made: let it end, and make another")
        (folder / "neo4j.dump").rename(file)


def _settled(database: Database) -> GraphState:
    """The state of a graph that is complete and that nobody loads."""
    _refuse_while_loading(database)
    state = database.read(schema.state())
    if state.loading:
        raise GraphChanged("a load was cut short, and half a network is no backup: load the same files again first")
    return state


def restore(server: Server, file: Path, *, replace: bool) -> GraphState:
    """Puts the graph of a backup in place of the server's, which stays until the new one is whole.

    `replace`: a graph that is not empty may go.
    Gives the state of the graph, whose version is one that neither of the two has had.
    Raises GraphNotEmpty, LoadRunning, ServerFailed where the file is no sound backup of
    this Neo4j or an older one, and other kinds of ServerError and DatabaseError; then the graph is as it was.
    """
    with open_regular(file):  # what cannot be read is told before a server is started for it
        pass
    with Database(server.start().address) as database:
        _refuse_while_loading(database)
        if not replace:
            _refuse_to_lose_anything(database)
        before = database.read(schema.state())
        database.move_to(server.load_graph(file.resolve()).address)
        schema.apply(database)
        database.write(Query("load/restored", decode=lambda _: None, parameters={"version": before.version}))
        return database.read(schema.state())


def _refuse_to_lose_anything(database: Database) -> None:
    counts = database.read(Query("load/counts", decode=lambda rows: rows[0]))
    packs = [pack for pack in database.read(pack_hashes()).items() if not is_shipped(*pack)]
    nodes = counts["network"] + counts["others"]
    if nodes or packs:
        raise GraphNotEmpty(nodes, len(packs))


def _refuse_while_loading(database: Database) -> None:
    other = database.read(load_lock.loader())
    if other is not None and not other.dead:
        raise LoadRunning(f"a load runs, of {other}: wait until it has ended")
