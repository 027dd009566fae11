"""A snapshot as it would be after the load of a change (docs/rules.md, section 7).

Members that the change touches are taken out, changed one by one, with ties by id, and put back;
of all others only the numbers of the rows that their ties lead to may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from graph.instants import instant_text
from graph.loading.changes import checked_change
from graph.loading.checking import CheckedChunk, removal_rows
from graph.loading.presence import Pair, Since
from graph.loading.targets import said_fields
from graph.model import (
    ASSUMED,
    ASSUMED_NAMES,
    BLOCKS,
    COMPANIES,
    COMPANY_MEMBERS,
    CONNECTIONS,
    GROUP_MEMBERS,
    GROUPS,
    MEMBERS,
    REMOVED_BLOCKS,
    REMOVED_COMPANY_MEMBERS,
    REMOVED_CONNECTIONS,
    REMOVED_GROUP_MEMBERS,
    Table,
)
from graph.snapshot import snapshot as schemas
from graph.snapshot.snapshot import Snapshot
from graph.sources.change import Change

Integers = NDArray[np.int64]
Stint = tuple[str, datetime | None]

_EVER = datetime(1, 1, 1, tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)
_TIED = {"connected_to": "members", "groups": "groups", "follows": "pages", "blocked": "members", "limited": "members"}
_BITS = {name: 1 << place for place, name in enumerate(ASSUMED_NAMES)}


def changed(snapshot: Snapshot, change: Change) -> Snapshot:
    """The snapshot as if the change were loaded; the snapshot itself stays as it is.

    Raises RejectedRow where a load into a graph with this snapshot's pack alone would set a row aside.
    """
    draft = _Draft(snapshot)
    for chunk in checked_change(change, {*snapshot.pack.tiers}, draft):
        draft.apply(chunk)
    return draft.snapshot()


@dataclass(slots=True)
class _Member:
    """A member taken out: `values` of the columns that hold one, and whom and what they are tied to, by id.

    Each tie has the strength that it was given, or 0.
    """

    values: dict[str, Any]
    ties: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in _TIED})
    stints: dict[Stint, datetime | None] = field(default_factory=dict)


class _Draft:
    """A snapshot that is being changed; implements `Presence` of what is in it so far."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._tables = {name: getattr(snapshot, name) for name in ("members", "groups", "pages")}
        self._ids: dict[str, list[str]] = {name: table["id"].to_pylist() for name, table in self._tables.items()}
        self._rows = {name: {id: row for row, id in enumerate(ids)} for name, ids in self._ids.items()}
        self._members: dict[str, _Member] = {}
        self._messaging: dict[str, bool] = {}
        self._new_pages: dict[str, None] = {}

    # What is there

    def ids(self, table: str, ids: list[str], /) -> Sequence[str]:
        """Those of the ids that a row of this table has."""
        rows = self._rows[{MEMBERS.name: "members", GROUPS.name: "groups", COMPANIES.name: "pages"}[table]]
        out = self._members if table == MEMBERS.name else {}
        return [id for id in ids if id in rows or id in out]

    def stints(self, pairs: Sequence[Pair], /) -> dict[Pair, set[Since]]:
        """When the stints of a member at a company began, of those pairs that have any."""
        self._take_out(member for member, _ in pairs)
        found: dict[Pair, set[Since]] = {}
        for member, company in pairs:
            for page, since in self._members[member].stints:
                if page == company:
                    found.setdefault((member, company), set()).add(None if since is None else _microseconds(since))
        return found

    def holds(self, removal: Table, rows: Sequence[dict[str, Any]], /) -> set[int]:
        """The places of those rows that name a relationship which is there."""
        return {place for place, row in enumerate(rows) if any(True for _ in self._named(removal, row))}

    # What is to go

    def apply(self, chunk: CheckedChunk) -> None:
        """Does what the rows of a checked chunk say."""
        match chunk.table:
            case table if table in (
                REMOVED_CONNECTIONS,
                REMOVED_GROUP_MEMBERS,
                REMOVED_COMPANY_MEMBERS,
                REMOVED_BLOCKS,
            ):
                for row in removal_rows(chunk):
                    for ties, key in list(self._named(table, row)):
                        del ties[key]
            case table if table == MEMBERS:
                self._add_members(chunk)
            case table if table == GROUPS:
                for row in _each(chunk):
                    before = self._messaging.get(row["id"], self._messaging_of(row["id"]))
                    self._messaging[row["id"]] = row.get("messaging", before)
            case table if table == COMPANIES:
                self._new_pages |= dict.fromkeys(id for id in _column(chunk, "id") if id not in self._rows["pages"])
            case table if table == CONNECTIONS:
                for row in _each(chunk):
                    ends = row["a"], row["b"]
                    ties = self._ties(min(ends), "connected_to")
                    ties[max(ends)] = (row["strength"] or 0) if "strength" in row else ties.get(max(ends), 0)
            case table if table == GROUP_MEMBERS:
                for member, group in zip(_column(chunk, "member"), _column(chunk, "group"), strict=True):
                    self._ties(member, "groups")[group] = 0
            case table if table == COMPANY_MEMBERS:
                self._add_ties_to_companies(chunk)
            case table if table == BLOCKS:
                default = BLOCKS.defaults()["kind"]
                for row in _each(chunk):
                    kind = "blocked" if row.get("kind", default) == "block" else "limited"
                    self._ties(row["member"], kind)[row["other"]] = 0

    def _named(self, removal: Table, row: Mapping[str, Any]) -> Iterable[tuple[Any, Any]]:
        """The relationships that a row names: what holds each, and its key there."""
        ties: list[tuple[str, str, str]] = []
        if removal == REMOVED_CONNECTIONS:
            ties = [(row["a"], "connected_to", row["b"])]
        elif removal == REMOVED_GROUP_MEMBERS:
            ties = [(row["member"], "groups", row["group"])]
        elif removal == REMOVED_BLOCKS:
            kinds = {None: ("blocked", "limited"), "block": ("blocked",), "limit": ("limited",)}[row["kind"]]
            ties = [(row["member"], kind, row["other"]) for kind in kinds]
        elif removal == REMOVED_COMPANY_MEMBERS:
            if row["tie"] in (None, "follows"):
                ties = [(row["member"], "follows", row["company"])]
            if row["tie"] in (None, "works_at"):
                stints = self._member(row["member"]).stints
                for page, since in stints:
                    named = "since" not in row or row["since"] == (None if since is None else _text(since))
                    if page == row["company"] and named:
                        yield stints, (page, since)
        for member, name, other in ties:
            held = self._ties(member, name)
            if other in held:
                yield held, other

    # What is to come

    def _add_members(self, chunk: CheckedChunk) -> None:
        self._take_out(_column(chunk, "id"))
        known = sum(_BITS[name] for name in said_fields(chunk.columns))
        by = self._snapshot.by
        for row in _each(chunk):
            values = self._member(row["id"]).values
            if by in row:
                values["segment"] = _segment(row[by])
            if ASSUMED in row:
                values[ASSUMED] = sum(_BITS[name] for name in row.pop(ASSUMED) or ())
            else:
                values[ASSUMED] &= ~known
            values.update({name: value for name, value in row.items() if name in values})

    def _add_ties_to_companies(self, chunk: CheckedChunk) -> None:
        default = COMPANY_MEMBERS.defaults()["tie"]
        for row in _each(chunk):
            member = self._member(row["member"])
            if row.get("tie", default) == "follows":
                member.ties["follows"][row["company"]] = 0
            else:
                stint = row["company"], row.get("since")
                member.stints[stint] = row["until"] if "until" in row else member.stints.get(stint)

    def _messaging_of(self, group: str) -> bool:
        row = self._rows["groups"].get(group)
        return True if row is None else bool(self._tables["groups"]["messaging"][row].as_py())

    # Members

    def _member(self, id: str) -> _Member:
        self._take_out([id])
        return self._members[id]

    def _ties(self, member: str, name: str) -> dict[str, int]:
        return self._member(member).ties[name]

    def _take_out(self, ids: Iterable[str]) -> None:
        """Sees to it that these members are out; those that are not there begin with the defaults."""
        missing = [id for id in dict.fromkeys(ids) if id not in self._members]
        rows = [(id, self._rows["members"][id]) for id in missing if id in self._rows["members"]]
        for id in missing:
            self._members[id] = _Member(self._defaults(id))
        if not rows:
            return
        taken = self._tables["members"].take(pa.array([row for _, row in rows])).to_pylist()
        for (id, _), row in zip(rows, taken, strict=True):
            member = self._members[id]
            member.values = {name: row[name] for name in member.values}
            member.ties = {name: {self._ids[table][place]: 0 for place in row[name]} for name, table in _TIED.items()}
            member.ties["connected_to"] = dict(zip(member.ties["connected_to"], row["strength"], strict=True))
            member.stints = {
                (self._ids["pages"][page], since): until
                for page, since, until in zip(row["works_at"], row["works_since"], row["works_until"], strict=True)
            }

    def _defaults(self, id: str) -> dict[str, Any]:
        defaults = MEMBERS.defaults()
        by = MEMBERS.column(self._snapshot.by)
        values = {name: defaults.get(name) for name in schemas.MEMBERS.names if MEMBERS.column(name)}
        return {**values, "id": id, ASSUMED: 0, "segment": _segment(None if by is None else by.default)}

    # The snapshot again

    def snapshot(self) -> Snapshot:
        """What became of it."""
        groups, groups_at = self._placed("groups", self._messaging)
        pages, pages_at = self._placed("pages", self._new_pages)
        members, members_at = self._placed("members", self._members)
        places = {
            "members": {id: place for place, id in enumerate(members)},
            "groups": {id: place for place, id in enumerate(groups)},
            "pages": {id: place for place, id in enumerate(pages)},
        }
        moved = {"members": members_at, "groups": groups_at, "pages": pages_at}
        rows_before = len(self._ids["members"])
        again = {id: rows_before + number for number, id in enumerate(self._members)}
        order = pa.array([again.get(id, self._rows["members"].get(id)) for id in members], pa.int64())
        rows = [_row(member, places) for member in self._members.values()]
        columns = []
        for column in schemas.MEMBERS:
            kept = self._tables["members"][column.name].combine_chunks()
            if (table := schemas.TIES.get(column.name)) is not None:
                kept = _led(kept, moved[table])
            columns.append(_joined(kept, [row[column.name] for row in rows], column.type).take(order))
        messaging = [self._messaging[id] if id in self._messaging else self._messaging_of(id) for id in groups]
        return replace(
            self._snapshot,
            members=pa.table(columns, schemas.MEMBERS),
            groups=pa.table({"id": groups, "messaging": messaging}, schemas.GROUPS),
            pages=pa.table({"id": pages}, schemas.PAGES),
        )

    def _placed(self, table: str, touched: Iterable[str]) -> tuple[list[str], Integers | None]:
        """The ids of a table, new ones with them, in order; and where each row is now, None where all stayed."""
        before = self._ids[table]
        new = [id for id in touched if id not in self._rows[table]]
        if not new:
            return before, None
        ids = sorted([*before, *new])
        place = {id: number for number, id in enumerate(ids)}
        return ids, np.array([place[id] for id in before], np.int64)


def _row(member: _Member, places: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    stints = (
        sorted(
            (places["pages"][page], until or _NEVER, since or _EVER, until, since)
            for (page, since), until in member.stints.items()
        )
        if member.stints
        else []
    )
    connections = sorted((places["members"][id], strength) for id, strength in member.ties["connected_to"].items())
    return {
        **member.values,
        **{name: sorted(places[table][id] for id in member.ties[name]) for name, table in _TIED.items()},
        "strength": [strength for _, strength in connections],
        "works_at": [stint[0] for stint in stints],
        "works_until": [stint[3] for stint in stints],
        "works_since": [stint[4] for stint in stints],
    }


def _led(lists: pa.Array, moved: Integers | None) -> pa.Array:
    """Lists of rows, of a table whose rows have moved."""
    if moved is None:
        return lists
    values = pa.array(moved[lists.values.to_numpy()], lists.type.value_type)
    return type(lists).from_arrays(lists.offsets, values)


def _joined(kept: pa.Array, values: list[Any], kind: pa.DataType) -> pa.Array:
    """A column, with further values behind it."""
    if not pa.types.is_dictionary(kind):
        return pa.concat_arrays([kept, pa.array(values, kind)])
    words = kept.dictionary.to_pylist()
    known = {*words}
    words += [word for word in dict.fromkeys(values) if word not in known]
    number = {word: place for place, word in enumerate(words)}
    further = pa.array([number[value] for value in values], kind.index_type)
    return pa.DictionaryArray.from_arrays(pa.concat_arrays([kept.indices, further]), pa.array(words, kind.value_type))


def _each(chunk: CheckedChunk) -> Iterable[dict[str, Any]]:
    columns = {name: column.to_pylist() for name, column in chunk.columns.items()}
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _column(chunk: CheckedChunk, name: str) -> list[Any]:
    values: list[Any] = chunk.columns[name].to_pylist()
    return values


def _segment(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return instant_text(value)
        case _:
            return str(value)


def _microseconds(at: datetime) -> int:
    return int(pc.cast(pa.scalar(at, pa.timestamp("us", "UTC")), pa.int64()).as_py())


def _text(at: datetime) -> str:
    """As `graph.loading.instant_columns` writes it."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
