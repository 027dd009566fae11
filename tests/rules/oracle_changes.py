"""Section 7 of the rules, changes, in plain, slow Python, on the rules of `oracle.py`.

Hold it beside the page: first what is removed, then what a load (section 1) and what is assumed (section 6) say.
It imports nothing of the product.

A change is a table of rows by its name, each row with the columns that are there, as in the native files:
`{"members": [{"id": "m1", "tier": "career"}], "remove": {"connections": [{"a": "m1", "b": "m2"}]}}`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.rules.oracle import COMPANY, GROUP, MEMBER, Network, Row, Tie, instant, node, one_of, strength, text

Change = Mapping[str, Any]
Cells = Mapping[str, Any]

LOADED = ("members", "groups", "companies", "connections", "group_members", "company_members", "blocks")
REMOVED = ("connections", "group_members", "company_members", "blocks")


def changed(network: Network, change: Change, tiers: Collection[str]) -> Network:
    """The network that the change makes of this one; `tiers` are the names that any loaded pack defines.

    Where a row would be rejected, a ValueError names it.
    """
    remove = change.get("remove", {})
    if strange := [*(change.keys() - {*LOADED, "remove"}), *(remove.keys() - {*REMOVED})]:
        raise ValueError(f"no table of a change: {sorted(strange)}")
    return loaded(without(network, remove), change, tiers)


# ── What `remove/` names goes ────────────────────────────────────────────────────────────────────


def without(network: Network, remove: Mapping[str, Any]) -> Network:
    """The network without what the rows name, each of which has to fit something that is there."""
    gone: dict[str, set[Any]] = {}
    for table in REMOVED:
        gone[table] = set()
        for row, named in _named(f"remove/{table}", remove.get(table, ())):
            with named:
                found = FITTING[table](network, row)
                if not found:
                    raise ValueError("not in the graph")
                gone[table] |= found
    connections = network.connections - gone["connections"]
    return replace(
        network,
        connections=connections,
        strengths={pair: value for pair, value in network.strengths.items() if pair in connections},
        memberships=network.memberships - gone["group_members"],
        ties=[tie for tie in network.ties if tie not in gone["company_members"]],
        blocked=network.blocked - {(who, whom) for who, whom, kind in gone["blocks"] if kind == "block"},
        limited=network.limited - {(who, whom) for who, whom, kind in gone["blocks"] if kind == "limit"},
    )


def _connections(network: Network, row: Cells) -> set[Any]:
    """In either order."""
    return {frozenset((row["a"], row["b"]))} & network.connections


def _memberships(network: Network, row: Cells) -> set[Any]:
    return {(row["member"], row["group"])} & network.memberships


def _ties(network: Network, row: Cells) -> set[Any]:
    """Those of the kind that the row says, or of any; of stints the one that it says, or every one."""
    kind = one_of("works_at", "follows")(row["tie"]) if row.get("tie") else None
    since = instant(row.get("since"))
    return {
        tie
        for tie in network.ties
        if (tie.member, tie.company) == (row["member"], row["company"])
        and kind in (None, tie.tie)
        and (tie.tie == "follows" or "since" not in row or tie.since == since)
    }


def _blocks(network: Network, row: Cells) -> set[Any]:
    """Block and limit, or the one that the row says."""
    kind = one_of("block", "limit")(row["kind"]) if row.get("kind") else None
    pair = row["member"], row["other"]
    there = {"block": pair in network.blocked, "limit": pair in network.limited}
    return {(*pair, each) for each, is_there in there.items() if is_there and kind in (None, each)}


FITTING: dict[str, Callable[[Network, Cells], set[Any]]] = {
    "connections": _connections,
    "group_members": _memberships,
    "company_members": _ties,
    "blocks": _blocks,
}


# ── Then the rest is loaded ──────────────────────────────────────────────────────────────────────


def loaded(network: Network, tables: Change, tiers: Collection[str]) -> Network:
    """The network after a load of these tables: row by row, nodes before what refers to them."""
    members, groups, companies = {**network.members}, {**network.groups}, {**network.companies}
    connections, strengths = {*network.connections}, {**network.strengths}
    memberships = {*network.memberships}
    ties = {tie.key: tie for tie in network.ties}
    blocks = {"block": {*network.blocked}, "limit": {*network.limited}}

    for row, named in _named("members", tables.get("members", ())):
        with named:
            member = _updated(members, row, MEMBER)
            if "assumed" not in row:
                member["assumed"] = member["assumed"].difference(row)  # it says what they are
            if member["tier"] not in {"", *tiers}:
                raise ValueError(f"no loaded pack defines the tier {member['tier']!r}")
            members[member["id"]] = member
    for row, named in _named("groups", tables.get("groups", ())):
        with named:
            group = _updated(groups, row, GROUP)
            groups[group["id"]] = group
    for row, named in _named("companies", tables.get("companies", ())):
        with named:
            company = _updated(companies, row, COMPANY)
            companies[company["id"]] = company
    for row, named in _named("connections", tables.get("connections", ())):
        with named:
            pair = frozenset((_known(row["a"], members), _known(row["b"], members)))
            _times(row, "since")
            _refuse_oneself(row["a"], row["b"])
            if "strength" in row:
                strengths.pop(pair, None)
                if not _is_empty(row["strength"]):
                    strengths[pair] = strength(row["strength"])
            connections.add(pair)
    for row, named in _named("group_members", tables.get("group_members", ())):
        with named:
            memberships.add((_known(row["member"], members), _known(row["group"], groups)))
            _times(row, "since")
    for row, named in _named("company_members", tables.get("company_members", ())):
        with named:
            ends = _known(row["member"], members), _known(row["company"], companies)
            tie = Tie.of(*ends, row.get("tie") or "works_at", *_times(row, "since", "until"))
            tie = _the_one_meant(tie, row, list(ties.values()))
            ties[tie.key] = tie
    for row, named in _named("blocks", tables.get("blocks", ())):
        with named:
            who, whom = _known(row["member"], members), _known(row["other"], members)
            _times(row, "since")
            _refuse_oneself(who, whom)
            blocks[one_of("block", "limit")(row.get("kind") or "block")].add((who, whom))
    return Network(
        members,
        groups,
        companies,
        connections,
        memberships,
        list(ties.values()),
        blocks["block"],
        blocks["limit"],
        strengths,
    )


def _updated(nodes: Mapping[str, Row], row: Cells, columns: Mapping[str, tuple[Callable[[Any], Any], Any]]) -> Row:
    """The node of the row: columns that are there are set, an empty cell sets the default again."""
    key = text(row["id"])
    if key == "":
        raise ValueError("an empty id")
    updated = {**(nodes.get(key) or node(key, None, columns))}
    for column, cell in row.items():
        if column in columns:
            read, default = columns[column]
            updated[column] = default if _is_empty(cell) else read(cell)
        elif _is_empty(cell):
            updated.pop(column, None)
        else:
            updated[column] = cell
    return updated


def _the_one_meant(tie: Tie, row: Cells, there: list[Tie]) -> Tie:
    """The stint that a row means: the one of its `since`; without that column the only stint, or a new one.

    Without the column `until` a stint that there is keeps its end.
    """
    stints = [each for each in there if each[:3] == tie[:3]]
    if tie.tie == "follows":
        return tie
    if "since" in row:
        stints = [each for each in stints if each.since == tie.since]
    elif len(stints) > 1:
        raise ValueError("several stints, and the row does not say which")
    if not stints:
        return tie
    return stints[0] if "until" not in row else stints[0]._replace(until=tie.until)


def _is_empty(cell: object) -> bool:
    return cell is None or cell == ""


def _known(key: str, nodes: Mapping[str, Row]) -> str:
    if key not in nodes:
        raise ValueError(f"{key!r} is neither in the graph nor in this load")
    return key


def _refuse_oneself(one: str, other: str) -> None:
    if one == other:
        raise ValueError("a relationship of somebody with themselves")


def _times(row: Cells, *columns: str) -> list[Any]:
    """Read these cells; what is no time is refused wherever it stands."""
    return [instant(row.get(column)) for column in columns]


# ── A rejected row is an error that names it ─────────────────────────────────────────────────────


class _Naming:
    """Turns whatever is wrong with a row into a ValueError that says where the row stands."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KeyError):
            raise ValueError(f"{self.place}: {error} is missing, or nothing that it can be") from error
        if isinstance(error, TypeError | ValueError):
            raise ValueError(f"{self.place}: {error}") from error


def _named(table: str, rows: Collection[Cells]) -> Iterator[tuple[Cells, _Naming]]:
    for number, row in enumerate(rows, 1):
        yield row, _Naming(f"{table}, row {number}, {dict(row)}")
