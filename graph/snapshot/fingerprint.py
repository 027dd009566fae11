"""The fingerprint of a network: two graphs have the same one exactly if they hold the same network.

It is the SHA-256 of a text: a line for each member, then for each group, then for each company, in the order of ids by
code point, each with all properties and with all relationships that begin there, sorted.
Element ids, the version of the graph and rule packs do not count; a pack has a hash of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from graph.driver import schema
from graph.driver.connection import Row
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import GraphChanged

_LABELS = ("members", "groups", "companies")


def fingerprint(database: Database, progress: Callable[[str, int], None] = lambda *_: None) -> str:
    """The fingerprint in hexadecimal, read in constant memory; `progress` is told how many nodes of a kind are done.

    Raises GraphChanged where a load runs, was cut short, or ran meanwhile.
    """
    before = database.read(schema.state())
    if before.loading:
        raise GraphChanged("a load is under way, or was cut short: let it end, or load the same files again")
    digest = hashlib.sha256()
    for label in _LABELS:
        done = 0
        for lines in database.stream(Query(f"fingerprint/{label}", decode=partial(_lines, label))):
            digest.update("".join(lines).encode())
            done += len(lines)
            progress(label, done)
    if database.read(schema.state()) != before:
        raise GraphChanged("the graph was loaded while its fingerprint was taken: take it again")
    return digest.hexdigest()


def _lines(label: str, rows: Sequence[Row]) -> list[str]:
    return [_text([label, row["id"], sorted(row["properties"]), _sorted(row["edges"])]) + "\n" for row in rows]


def _sorted(edges: list[tuple[str, list[tuple[str, list[Any]]]]]) -> list[tuple[str, list[str]]]:
    return sorted(
        (type, sorted(_text([other, sorted(properties)]) for other, properties in of_type)) for type, of_type in edges
    )


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr)
