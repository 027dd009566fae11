"""What the bulk engine is measured next to: how many members each of them has at degree 1 to 3, by other means.

All of them get the connections of members who are not gone, in arrays or in a graph, before any clock runs.
A peer answers for some members at a time, and says what it found, so that it is held to the same answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import graphblas
import igraph
import neo4j
import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from analysis.bulk.network import Network
from graph.driver.database import Database
from graph.questions.reach import reach
from graph.world import World

Integers = NDArray[np.int64]

# Members of whom nothing runs over (docs/rules.md, section 2).
GONE = ["deactivated", "closed"]

# Step by step, each member met once a step; a pattern of three steps (`SHORTEST 1`) took many times as long.
_REACHED = """
    MATCH (m:Member {id: $id})-[:CONNECTED_TO]-(a:Member)
    WHERE NOT m.status IN $gone AND NOT a.status IN $gone
    WITH m, collect(DISTINCT a) AS first
    UNWIND first AS a
    MATCH (a)-[:CONNECTED_TO]-(b:Member)
    WHERE NOT b.status IN $gone
    WITH m, first, collect(DISTINCT b) AS second
    UNWIND first + second AS b
    WITH DISTINCT m, b
    MATCH (b)-[:CONNECTED_TO]-(c:Member)
    WHERE c <> m AND NOT c.status IN $gone
    RETURN count(DISTINCT c) AS reached
"""
_EDGES = "MATCH (a:Member)-[:CONNECTED_TO]->(b:Member) RETURN a.id AS a, b.id AS b"
_GDS_PROJECT = """
    MATCH (a:Member)-[:CONNECTED_TO]->(b:Member)
    WHERE NOT a.status IN $gone AND NOT b.status IN $gone
    RETURN gds.graph.project($name, a, b, {}, {undirectedRelationshipTypes: ['*']}) AS graph
"""
_GDS_PASS = "CALL gds.closeness.harmonic.stats($name, {concurrency: $threads}) YIELD computeMillis RETURN computeMillis"


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to count: `reached(places)` says how many are at degree 1 to 3, of `at_once` members at a time."""

    name: str
    at_once: int
    reached: Callable[[Integers], Integers]


def in_memory(network: Network) -> Iterator[Peer]:
    """The libraries that read the connections from memory, each made when its turn comes."""
    size = len(network.traits)
    starts, neighbours = network.starts, network.neighbours[: network.starts[-1]].astype(np.int64)

    ends = np.repeat(np.arange(size), np.diff(starts))
    once = ends < neighbours
    graph = igraph.Graph(n=size, edges=np.column_stack([ends[once], neighbours[once]]))
    yield Peer(
        f"igraph {igraph.__version__} neighborhood_size(order=3)",
        100,
        lambda places: np.array(graph.neighborhood_size(places.tolist(), order=3, mindist=1)),
    )

    adjacent = graphblas.Matrix.from_csr(starts, neighbours, True, ncols=size, dtype=bool)

    def by_graphblas(places: Integers) -> Integers:
        rows = np.arange(len(places))
        seen = graphblas.Matrix.from_coo(rows, places, True, nrows=len(places), ncols=size, dtype=bool)
        frontier = seen.dup()
        for _ in range(3):
            frontier(~seen.S, replace=True) << graphblas.semiring.any_pair(frontier @ adjacent)
            seen(frontier.S) << True
        counted: Integers = seen.reduce_rowwise("count").new().to_dense(fill_value=0) - 1
        return counted

    yield Peer(f"python-graphblas {graphblas.__version__} any_pair, 512 rows", 512, by_graphblas)

    products = scipy.sparse.csr_array((np.ones(len(neighbours), bool), neighbours, starts), shape=(size, size))

    def by_scipy(places: Integers) -> Integers:
        within = products[places]
        for _ in range(2):
            within = within + within @ products
        with_oneself = np.asarray(within[np.arange(len(places)), places]).ravel()
        others: Integers = np.diff(within.indptr) - with_oneself
        return others

    yield Peer(f"SciPy {scipy.__version__} sparse products", 64, by_scipy)


def by_all_the_rules(database: Database, ids: list[str], at: datetime, pack: str) -> Peer:
    """The product's own statement of whom a member reaches, which is more than degrees."""

    def by_rules(places: Integers) -> Integers:
        asked = (reach(ids[place], World(at, pack)) for place in places)
        return np.array([len(database.read(question)) for question in asked])

    return Peer("Cypher by all the rules, a member a statement", 1, by_rules)


class Graph:
    """A loaded graph, asked by statements that know nothing of the engine."""

    def __init__(self, driver: neo4j.Driver) -> None:
        self._driver = driver

    def per_member(self, ids: list[str]) -> Peer:
        """Cypher for a member; `ids[place]` is the member's id."""

        def by_cypher(places: Integers) -> Integers:
            return np.array([self._ask(_REACHED, id=ids[place], gone=GONE)[0]["reached"] for place in places])

        return Peer("Cypher, a member a statement", 1, by_cypher)

    def edges_a_second(self, at_most: float) -> float:
        """Reads every connection, a row each, as long as there are seconds for."""
        with self._driver.session(default_access_mode=neo4j.READ_ACCESS) as session:
            began, read = time.perf_counter(), 0
            for _ in session.run(_EDGES):
                read += 1
                if time.perf_counter() - began > at_most:
                    break
            return read / (time.perf_counter() - began)

    def gds_version(self) -> str | None:
        """The version of GDS on the server, None where it has none."""
        found = self._ask("SHOW FUNCTIONS YIELD name WHERE name = 'gds.version' RETURN name")
        return str(self._ask("RETURN gds.version() AS version")[0]["version"]) if found else None

    def gds_all_pairs(self, threads: int) -> float:
        """Seconds of GDS's own bit-parallel pass over all pairs, at every distance and not at three alone."""
        self._ask(_GDS_PROJECT, name="bench", gone=GONE)
        try:
            return float(self._ask(_GDS_PASS, name="bench", threads=threads)[0]["computeMillis"]) / 1000
        finally:
            self._ask("CALL gds.graph.drop($name) YIELD graphName", name="bench")

    def _ask(self, text: str, **parameters: Any) -> list[neo4j.Record]:
        return self._driver.execute_query(text, parameters).records
