"""What counting relies on in a snapshot's tables; where it did not hold, the kernel would read what is not its own.

That each array is whole in itself (offsets, indices of dictionaries, UTF-8) is Arrow's own `validate(full=True)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.model import MEMBERS, STRONGEST, Type
from graph.rules.loaded_pack import LoadedPack
from graph.rules.vocabulary import CHANNELS_BY_NAME

_MAY_BE_NONE = ("tier_expires_at", "restricted_until")
_OF_STINTS = ("works_since", "works_until")
_BESIDE = {"works_since": "works_at", "works_until": "works_at", "strength": "connected_to"}
_OF_OTHERS = ("connected_to", "blocked", "limited")
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)


def verify_pack(pack: LoadedPack) -> None:
    """Raises ValueError where the pack is none that the rules could read."""
    ranks = [tier.rank for tier in pack.tier_rules]
    if not ranks or ranks != sorted(set(ranks)):
        raise ValueError("the tiers of the pack are not in the order of their ranks")
    if len(set(pack.tiers)) < len(ranks):
        raise ValueError("two tiers of the pack have one name")
    if unknown := pack.kinds.keys() - CHANNELS_BY_NAME.keys():
        raise ValueError(f"the pack has a channel {min(unknown)!r} that there is not")
    for tier in pack.tier_rules:
        if not 0 <= tier.direct_degree <= 3 or not set(tier.grants) <= pack.kinds.keys():
            raise ValueError(f"the tier {tier.name!r} grants what no tier can")


def verify_tables(
    members: pa.Table, groups: pa.Table, pages: pa.Table, *, tiers: Sequence[str], ties: Mapping[str, str]
) -> None:
    """Raises ValueError where a row says what none can; `ties`: the table whose rows each list of members leads to."""
    tables = {"members": members, "groups": groups, "pages": pages}
    for name, table in tables.items():
        _verify_values(name, table)
        ids = table["id"]
        if not pc.all(pc.less(ids.slice(0, max(len(ids) - 1, 0)), ids.slice(1))).as_py() and len(ids) > 1:
            raise ValueError(f"the ids of {name} are not in order")
    for name, other in ties.items():
        _verify_rows(name, members[name], len(tables[other]))
    for name in _OF_OTHERS:
        _verify_others(name, members[name])
    for name, ties_of in _BESIDE.items():
        lengths = (pc.list_value_length(members[each]).cast(pa.int64()) for each in (ties_of, name))
        if not pc.all(pc.equal(*lengths), min_count=0).as_py():
            raise ValueError(f"{ties_of} and {name} are of different lengths")
    strengths = pc.min_max(pc.list_flatten(members["strength"])).as_py()
    if strengths["min"] is not None and not 0 <= strengths["min"] <= strengths["max"] <= STRONGEST:
        raise ValueError("a connection has a strength that there is not")
    for column in (*(members[name] for name in _MAY_BE_NONE), *(pc.list_flatten(members[name]) for name in _OF_STINTS)):
        _verify_instants(column)
    for column in MEMBERS.columns:
        if column.type is Type.COUNT and (pc.min(members[column.name]).as_py() or 0) < 0:
            raise ValueError(f"a count in {column.name} is below 0")
        if column.type is Type.NAMES:
            _verify_sets(column.name, members[column.name], len(column.choices))
        if column.type is Type.CHOICE:
            _verify_choices(column.name, members[column.name], column.choices)
    _verify_choices("tier", members["tier"], ("", *tiers))


def _verify_values(table: str, rows: pa.Table) -> None:
    """Nothing is missing, and lists hold all that lies behind them, and nothing twice."""
    for name in rows.column_names:
        column = rows[name]
        if name not in _MAY_BE_NONE and column.null_count:
            raise ValueError(f"a value of {name} in {table} is missing")
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type) and chunk.dictionary.null_count:
                raise ValueError(f"a value of {name} in {table} is missing")
            if pa.types.is_list(chunk.type) or pa.types.is_large_list(chunk.type):
                if len(chunk.flatten()) != len(chunk.values):
                    raise ValueError(f"the lists of {name} in {table} leave values out")
                if name in rows.column_names and name not in _OF_STINTS and chunk.values.null_count:
                    raise ValueError(f"a value of {name} in {table} is missing")


def _verify_rows(name: str, lists: pa.ChunkedArray, size: int) -> None:
    rows = pc.min_max(pc.list_flatten(lists)).as_py()
    if rows["min"] is not None and not 0 <= rows["min"] <= rows["max"] < size:
        raise ValueError(f"{name} leads to rows that are not there")


def _verify_others(name: str, lists: pa.ChunkedArray) -> None:
    """Nobody is tied to themselves, and a connection is kept by the one whose id is smaller."""
    first = 0
    for chunk in lists.chunks:
        lengths = np.diff(chunk.offsets.to_numpy())
        owners: NDArray[np.int32] = np.repeat(np.arange(first, first + len(lengths), dtype=np.int32), lengths)
        others = chunk.values.to_numpy()
        if (others <= owners).any() if name == "connected_to" else (others == owners).any():
            raise ValueError(f"{name} leads where it cannot")
        first += len(lengths)


def _verify_instants(instants: pa.ChunkedArray) -> None:
    microseconds = pc.min_max(instants.cast(pa.int64())).as_py()
    limits = (int(pa.scalar(each, instants.type).value) for each in (_FIRST, _LAST))
    if microseconds["min"] is not None and not next(limits) <= microseconds["min"] <= microseconds["max"] <= next(
        limits
    ):
        raise ValueError("an instant is outside of the calendar")


def _verify_sets(name: str, column: pa.ChunkedArray, names: int) -> None:
    bits = pc.min_max(column).as_py()
    if bits["min"] is not None and not 0 <= bits["min"] <= bits["max"] < 1 << names:
        raise ValueError(f"{name} has a set of names that there are not")


def _verify_choices(name: str, column: pa.ChunkedArray, choices: Sequence[str]) -> None:
    for chunk in column.chunks:
        if unknown := set(chunk.dictionary.to_pylist()) - set(choices):
            raise ValueError(f"{name} has a value {min(unknown)!r} that there is not")
