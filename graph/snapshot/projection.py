"""Reads a snapshot from Neo4j: pages of members side by side, each a record of columns, one list of ties a member."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.driver import schema
from graph.driver.connection import Row
from graph.driver.database import Database
from graph.driver.query import Query
from graph.driver.schema import GraphState
from graph.errors import GraphLoading
from graph.loading import load_lock
from graph.model import ASSUMED
from graph.questions.cypher_engine import verify_column
from graph.questions.diagnosis import askable_pack
from graph.questions.members import size
from graph.rules.loaded_pack import LoadedPack
from graph.snapshot.snapshot import GROUPS, MEMBERS, PAGES, TIES, Snapshot, assumed_bits, refuse_undefined_tiers
from graph.world import World

MEMBERS_A_PAGE = 5_000
READERS = 3  # Neo4j answers each on a thread of its own; while it answers two, a third is decoded here
TRIES = 3
_SECONDS_BETWEEN_TRIES = 2.0

# Instants that neither come nor have been: outside of what Neo4j can store.
_ALWAYS, _NEVER = 2**63 - 1, -(2**63) + 1
_NO_INSTANT = {"tier_expires_at": _ALWAYS, "restricted_until": _NEVER}

_SIMPLE_TIES = TIES.keys() - {"works_at"}  # a stint has an end, too
_STINTS = pa.list_(pa.list_(pa.int64(), 3))
_STRENGTHS = pa.list_(pa.list_(pa.int64(), 2))

Progress = Callable[[str, int, int], None]
Integers = NDArray[np.int64]
Part = dict[str, pa.Array]
RowNumbers = Callable[[Integers], Integers]


def project(
    database: Database,
    world: World,
    *,
    by: str = "tier",
    pack: LoadedPack | None = None,
    progress: Progress = lambda *_: None,
    tries: int = TRIES,
) -> Snapshot:
    """The graph as it is now, with the pack of a world; `by` is the column of members that makes segments.

    `pack`: one that takes the place of the world's, and need not be in the graph.
    `progress` is told what is read, how many members have been, and of how many.
    Where a load runs meanwhile the graph is read again, `tries` times in all.
    Raises UnknownPack, UnknownTier, UndefinedTiers, UnknownColumn, and GraphLoading where loads leave no time.
    """
    verify_column(database, by)
    for left in reversed(range(tries)):
        before = database.read(schema.state())
        if not before.loading:
            snapshot = _whole(database, before, world, by, pack, progress)
            if snapshot is not None:
                return snapshot
        elif (loader := database.read(load_lock.loader())) is None or loader.dead:
            break
        if left:
            time.sleep(_SECONDS_BETWEEN_TRIES)
    raise GraphLoading


def _whole(
    database: Database, state: GraphState, world: World, by: str, pack: LoadedPack | None, progress: Progress
) -> Snapshot | None:
    """The snapshot of a state; None where it did not last until all was read."""
    try:
        snapshot = _read(database, state.version, pack or database.read(askable_pack(world)), by, progress)
    except Exception:  # pages of two states need not fit together
        if database.read(schema.state()) == state:
            raise
        return None
    return snapshot if database.read(schema.state()) == state else None


def _read(database: Database, version: int, pack: LoadedPack, by: str, progress: Progress) -> Snapshot:
    groups = database.read(_table("snapshot/groups", [pa.field("node", pa.int64()), *GROUPS]))
    pages = database.read(_table("snapshot/pages", [pa.field("node", pa.int64()), *PAGES]))
    with _garbage_left():
        parts = [*_parts_of_members(database, by, progress)]
    rows = {
        "members": _row_numbers(pa.chunked_array([part["node"] for part in parts], pa.int64())),
        "groups": _row_numbers(groups["node"]),
        "pages": _row_numbers(pages["node"]),
    }
    for part in parts:
        _tie_to_rows(part, rows)
    members = pa.table([_whole_column(field, parts) for field in MEMBERS], MEMBERS)
    refuse_undefined_tiers(members, pack)
    return Snapshot(
        version=version,
        pack=pack,
        by=by,
        members=members,
        groups=groups.select(GROUPS.names),
        pages=pages.select(PAGES.names),
    )


def _table(name: str, fields: list[pa.Field]) -> Query[pa.Table]:
    return Query(name, decode=lambda rows: pa.table(rows[0], pa.schema(fields)))


def _parts_of_members(database: Database, by: str, progress: Progress) -> Iterator[Part]:
    """The columns of members by id, a page of them at a time; ends of ties as Neo4j numbers them."""

    def page(after: str) -> Part:
        parameters = {"after": after, "most": MEMBERS_A_PAGE, "by": by, "always": _ALWAYS, "never": _NEVER}
        row: Row = database.read(Query("snapshot/members", decode=lambda rows: rows[0], parameters=parameters))
        return {name: _column(name, values) for name, values in row.items()}

    total, done = database.read(size()), 0
    progress("reading the graph", done, total)
    readers = ThreadPoolExecutor(READERS)
    try:
        for columns in readers.map(page, _page_starts(database)):
            yield columns
            done += len(columns["id"])
            progress("reading the graph", done, max(done, total))
    finally:
        readers.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Pages are millions of lists and numbers without a cycle; to look for one takes a sixth of the time."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _page_starts(database: Database) -> Iterator[str]:
    """What comes before each page: nothing, and then the last id of the page before."""
    after: str | None = ""
    while after is not None:
        yield after
        after = database.read(
            Query(
                "snapshot/page_end",
                decode=lambda rows: rows[0]["id"] if rows else None,
                parameters={"after": after, "most": MEMBERS_A_PAGE},
            )
        )


def _column(name: str, values: list[Any]) -> pa.Array:
    if name == "node" or name in _NO_INSTANT:
        return pa.array(values, pa.int64())
    if name == ASSUMED:
        return assumed_bits(pa.array(values, pa.list_(pa.string())))
    if name == "works_at":
        return pa.array(values, _STINTS)
    if name == "strength":
        return pa.array(values, _STRENGTHS)
    kind = MEMBERS.field(name).type
    if name in _SIMPLE_TIES:
        return pa.array(values, pa.large_list(pa.int64()) if pa.types.is_large_list(kind) else pa.list_(pa.int64()))
    return pa.array(values, kind.value_type if pa.types.is_dictionary(kind) else kind)


def _tie_to_rows(part: Part, rows: Mapping[str, RowNumbers]) -> None:
    """Puts rows in place of Neo4j's numbers, the ties of each member in their order; memory is that of a part."""
    del part["node"]
    for name in _SIMPLE_TIES:
        lists = part[name]
        ends = rows[TIES[name]](lists.flatten().to_numpy())
        if name == "connected_to":
            part["strength"] = _strengths(lists, ends, part["strength"], rows["members"])
        part[name] = _lists_like(lists, pa.array(ends[np.lexsort([ends, _owners(lists)])], pa.int32()))
    stints = part["works_at"]
    page, since, until = pc.list_flatten(stints.flatten()).to_numpy().reshape(-1, 3).T
    pages = rows["pages"](page)
    in_order = np.lexsort([since, until, pages, _owners(stints)])
    part["works_at"] = _lists_like(stints, pa.array(pages[in_order], pa.int32()))
    part["works_since"] = _lists_like(stints, _instants(pa.array(since[in_order]), _NEVER))
    part["works_until"] = _lists_like(stints, _instants(pa.array(until[in_order]), _ALWAYS))


def _whole_column(field: pa.Field, parts: Sequence[Part]) -> pa.Array:
    """A column of all parts as one, typed as a snapshot has it; the parts lose it."""
    columns = [part.pop(field.name) for part in parts]
    if field.name in _NO_INSTANT:
        columns = [_instants(column, _NO_INSTANT[field.name]) for column in columns]
    if not pa.types.is_dictionary(field.type):
        return pa.concat_arrays(columns)
    encoded = pa.chunked_array(columns, field.type.value_type).dictionary_encode().combine_chunks()
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(field.type.index_type), encoded.dictionary)


def _instants(microseconds: pa.Array, nothing: int) -> pa.Array:
    """Instants, null where `nothing` stands for none."""
    known_ones = pc.if_else(pc.equal(microseconds, nothing), pa.scalar(None, pa.int64()), microseconds)
    return known_ones.cast(pa.timestamp("us", "UTC"))


def _strengths(connections: pa.Array, ends: Integers, given: pa.Array, rows: RowNumbers) -> pa.Array:
    """A number for each connection, in the order of its rows; `ends`: the rows that the connections lead to.

    `given` has a list for each member: the other end, as Neo4j numbers it, and a number.
    """
    pairs = pc.list_flatten(given.flatten()).to_numpy().reshape(-1, 2)
    owners = _owners(connections)
    size = int(ends.max(initial=0)) + 1
    keys = np.sort(owners * size + ends)
    strengths = np.zeros(len(keys), np.int8)
    strengths[np.searchsorted(keys, _owners(given) * size + rows(pairs[:, 0]))] = pairs[:, 1]
    return _lists_like(connections, pa.array(strengths))


def _owners(lists: pa.Array) -> Integers:
    """The row of the list that each of the values is in."""
    lengths = np.diff(lists.offsets.to_numpy())
    return np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)


def _lists_like(lists: pa.Array, values: pa.Array) -> pa.Array:
    """Lists of the same lengths with other values."""
    kind = pa.LargeListArray if pa.types.is_large_list(lists.type) else pa.ListArray
    return kind.from_arrays(lists.offsets, values)


def _row_numbers(nodes: pa.ChunkedArray) -> RowNumbers:
    """From Neo4j's numbers, which may be of any size, to row numbers."""
    index = pd.Index(nodes.to_numpy())
    return lambda wanted: index.get_indexer(wanted).astype(np.int64)
