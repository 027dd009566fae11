"""The statements that write a checked chunk into the graph, or remove what it names, some rows at a time.

A load and an answer *as if* run the same ones, so that a change has one meaning (docs/rules.md, section 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

import pyarrow as pa

from graph.driver.connection import Row
from graph.driver.query import Query
from graph.loading.checking import CheckedChunk, removal_rows
from graph.loading.in_graph import going
from graph.loading.instant_columns import instant_texts
from graph.loading.targets import SAYING, TARGETS, said_fields
from graph.model import CONNECTIONS, REMOVALS, Table

ROWS_AT_ONCE = 10_000


def batches(chunk: CheckedChunk) -> Iterator[tuple[int, list[Query[None]]]]:
    """Batches of its rows: how many each has, and what writes them. Every query may be repeated."""
    return _removed(chunk) if chunk.table in REMOVALS else _written(chunk)


def _removed(chunk: CheckedChunk) -> Iterator[tuple[int, list[Query[None]]]]:
    rows = removal_rows(chunk)
    name = chunk.table.name.replace("remove/", "load/remove_")
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        yield len(some), [_query(name, going(chunk.table, some))]


def _written(chunk: CheckedChunk) -> Iterator[tuple[int, list[Query[None]]]]:
    instants = {name for name, column in chunk.columns.items() if pa.types.is_timestamp(column.type)}
    for start in range(0, chunk.rows, ROWS_AT_ONCE):
        columns = {name: _values(column.slice(start, ROWS_AT_ONCE)) for name, column in chunk.columns.items()}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        yield len(rows), [_query(name, parameters) for name, parameters in _writes(chunk.table, rows, instants)]


def _query(name: str, parameters: dict[str, Any]) -> Query[None]:
    return Query(name, decode=lambda _: None, parameters=parameters)


def _values(column: pa.Array) -> list[Any]:
    """The values for the driver, times as text: it takes long over times of its own."""
    values: list[Any] = (instant_texts(column) if pa.types.is_timestamp(column.type) else column).to_pylist()
    return values


def _writes(table: Table, rows: list[Row], instants: Set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements that write these rows, with their parameters; of rows with one key the last stands there."""
    if table == CONNECTIONS:
        rows = [row | {"a": min(row["a"], row["b"]), "b": max(row["a"], row["b"])} for row in rows]
    for target in TARGETS[table]:
        wanted = rows
        hidden = {*target.key, *target.without}
        if target.only is not None:
            name, value = target.only
            wanted = [row for row in rows if row.get(name, table.defaults()[name]) == value]
            hidden.add(name)
        by_key = {
            tuple(row.get(name) for name in target.key): {n: v for n, v in row.items() if n not in hidden}
            for row in wanted
        }
        if by_key:
            parameters: dict[str, Any] = {
                "rows": [
                    {
                        **dict(zip(target.key, key, strict=True)),
                        "values": {name: value for name, value in rest.items() if name not in instants},
                        "instants": [[name, value] for name, value in rest.items() if name in instants],
                    }
                    for key, rest in by_key.items()
                ]
            }
            if not table.refers:
                parameters["defaults"] = table.defaults()
            if table in SAYING:
                parameters["known"] = said_fields(rows[0])
            yield target.statement, parameters
