"""Section 7 in the oracle, changes: what each makes of a graph, written by hand from the rules."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings

from tests.rules import random_networks
from tests.rules.oracle import Network, Row
from tests.rules.oracle_changes import changed

TIERS = ("t0", "t1", "t2", "free", "career", "business", "sales_navigator")

PEOPLE: dict[str, Any] = {"a": {}, "b": {}, "c": {}}


def stint(since: str | None = None, until: str | None = None, **cells: str) -> Row:
    return {"member": "a", "company": "x", **cells, **({"since": since} if since else {}), "until": until}


# What is there before, a change, and what is there after. Where a table is not named, it stays as it is.
CORNERS: dict[str, tuple[Row, Row, Row]] = {
    "nothing": ({}, {}, {}),
    "columns that are there are set, the others left": (
        {"members": {"a": {"tier": "career", "visibility": "private", "city": "Lyon"}}},
        {"members": [{"id": "a", "tier": "business"}]},
        {"members": {"a": {"tier": "business", "visibility": "private", "city": "Lyon"}}},
    ),
    "an empty cell sets the default again": (
        {"members": {"a": {"tier": "career", "visibility": "private", "inmail_credits": 3, "city": "Lyon"}}},
        {"members": [{"id": "a", "tier": "", "visibility": None, "inmail_credits": "", "city": ""}]},
        {"members": {"a": {}}},
    ),
    "a new member has the defaults": (
        {"members": {"a": {"visibility": "private"}}},
        {"members": [{"id": "b", "status": "restricted"}]},
        {"members": {"a": {"visibility": "private"}, "b": {"status": "restricted"}}},
    ),
    "of rows with one key the last wins": (
        {"members": PEOPLE},
        {"members": [{"id": "a", "tier": "career"}, {"id": "a", "tier": "business"}]},
        {"members": {**PEOPLE, "a": {"tier": "business"}}},
    ),
    "a row with the column assumed sets the set": (
        {"members": {"a": {"assumed": "tier;blocks"}, "b": {"assumed": "all"}, "c": {}}},
        {
            "members": [
                {"id": "a", "tier": "career", "assumed": "groups"},
                {"id": "b", "assumed": ""},
                {"id": "c", "assumed": "all"},
            ]
        },
        {"members": {"a": {"tier": "career", "assumed": "groups"}, "b": {}, "c": {"assumed": "all"}}},
    ),
    "a row without it takes the fields of its columns out of the set, also where a cell is empty": (
        {"members": {"a": {"tier": "career", "assumed": "tier;visibility;blocks"}}},
        {"members": [{"id": "a", "tier": "", "visibility": "public", "status": "active"}]},
        {"members": {"a": {"assumed": "blocks"}}},
    ),
    "of all, too": (
        {"members": {"a": {"assumed": "all"}}},
        {
            "members": [
                {
                    "id": "a",
                    "tier": "career",
                    "visibility": "",
                    "accepts_from": "",
                    "accepts_inmail": "",
                    "open_profile": "",
                    "contact_info": "",
                    "contact_form": "",
                    "comments_open": "",
                    "inmail_credits": "",
                }
            ]
        },
        {
            "members": {
                "a": {
                    "tier": "career",
                    "assumed": "messages_sent;inmails_sent;connections;groups;companies;blocks",
                }
            }
        },
    ),
    "more connections, groups, companies and blocks say nothing of whether there are more": (
        {
            "members": {"a": {"assumed": "all"}, "b": {}},
            "groups": {"g": {}},
            "companies": {"x": {}},
        },
        {
            "connections": [{"a": "a", "b": "b"}],
            "group_members": [{"member": "a", "group": "g"}],
            "company_members": [{"member": "a", "company": "x"}],
            "blocks": [{"member": "a", "other": "b"}],
        },
        {
            "connections": [["a", "b"]],
            "group_members": [["a", "g"]],
            "company_members": [{"member": "a", "company": "x"}],
            "blocks": [{"member": "a", "other": "b"}],
        },
    ),
    "groups and companies": (
        {"groups": {"g": {"messaging": False, "name": "G"}}, "companies": {"x": {"name": "X"}}},
        {
            "groups": [{"id": "g", "name": "H"}, {"id": "h", "messaging": "false"}],
            "companies": [{"id": "x", "name": ""}, {"id": "y"}],
        },
        {
            "groups": {"g": {"messaging": False, "name": "H"}, "h": {"messaging": False}},
            "companies": {"x": {}, "y": {}},
        },
    ),
    "a connection is one, in whatever order": (
        {"members": PEOPLE, "connections": [["a", "b"]]},
        {"connections": [{"a": "b", "b": "a"}, {"a": "c", "b": "a"}]},
        {"connections": [["a", "b"], ["a", "c"]]},
    ),
    "strength is set, left and taken back": (
        {
            "members": PEOPLE,
            "connections": [
                {"a": "a", "b": "b", "strength": 10},
                {"a": "a", "b": "c", "strength": 20},
                {"a": "b", "b": "c", "strength": 30},
            ],
        },
        {
            "connections": [
                {"a": "b", "b": "a", "strength": 11},
                {"a": "c", "b": "a", "since": "2020-01-01"},
                {"a": "b", "b": "c", "strength": ""},
            ]
        },
        {
            "connections": [
                {"a": "a", "b": "b", "strength": 11},
                {"a": "a", "b": "c", "strength": 20},
                {"a": "b", "b": "c"},
            ]
        },
    ),
    "another since is another stint": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01", "2012-01-01"), stint()]},
        {"company_members": [stint("2020-01-01", ""), {**stint("2010-01-01", "2013-01-01")}]},
        {"company_members": [stint("2010-01-01", "2013-01-01"), stint(), stint("2020-01-01")]},
    ),
    "an empty since is the stint without": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01", "2012-01-01")]},
        {"company_members": [{**stint(), "since": ""}]},
        {"company_members": [stint("2010-01-01", "2012-01-01"), stint()]},
    ),
    "without the column until the end stays": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01", "2012-01-01")]},
        {"company_members": [{"member": "a", "company": "x", "since": "2010-01-01T00:00:00Z"}]},
        {"company_members": [stint("2010-01-01", "2012-01-01")]},
    ),
    "without the column since none is there yet": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [{"member": "b", "company": "x"}]},
        {"company_members": [{"member": "a", "company": "x", "until": "2025-01-01"}]},
        {"company_members": [{"member": "b", "company": "x"}, stint(None, "2025-01-01")]},
    ),
    "without the column since the one stint of the two is meant": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01")]},
        {"company_members": [{"member": "a", "company": "x", "until": "2025-01-01"}]},
        {"company_members": [stint("2010-01-01", "2025-01-01")]},
    ),
    "a follow is no stint": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01"), stint(tie="follows")]},
        {"company_members": [{"member": "a", "company": "x", "tie": "", "until": "2025-01-01"}]},
        {"company_members": [stint("2010-01-01", "2025-01-01"), stint(tie="follows")]},
    ),
    "somebody follows a page once": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01"), stint("2015-01-01")]},
        {"company_members": [stint(tie="follows"), stint("2020-01-01", "2021-01-01", tie="follows")]},
        {"company_members": [stint("2010-01-01"), stint("2015-01-01"), stint(tie="follows")]},
    ),
    "a block and a limit are two": (
        {"members": PEOPLE, "blocks": [{"member": "a", "other": "b"}]},
        {"blocks": [{"member": "a", "other": "b", "kind": "limit"}, {"member": "b", "other": "a", "kind": ""}]},
        {
            "blocks": [
                {"member": "a", "other": "b"},
                {"member": "b", "other": "a"},
                {"member": "a", "other": "b", "kind": "limit"},
            ]
        },
    ),
    "what refers to a row may stand before it": (
        {},
        {
            "group_members": [{"member": "a", "group": "g"}],
            "connections": [{"a": "a", "b": "b"}],
            "groups": [{"id": "g"}],
            "members": [{"id": "a"}, {"id": "b"}],
        },
        {
            "members": {"a": {}, "b": {}},
            "groups": {"g": {}},
            "group_members": [["a", "g"]],
            "connections": [["a", "b"]],
        },
    ),
    "connections are removed in either order, with their strength": (
        {"members": PEOPLE, "connections": [{"a": "a", "b": "b", "strength": 10}, ["a", "c"], ["b", "c"]]},
        {"remove": {"connections": [{"a": "b", "b": "a"}, {"a": "a", "b": "c", "since": "1999-01-01"}]}},
        {"connections": [["b", "c"]]},
    ),
    "what is removed goes first": (
        {"members": PEOPLE, "connections": [{"a": "a", "b": "b", "strength": 10}]},
        {"connections": [{"a": "a", "b": "b"}], "remove": {"connections": [{"a": "a", "b": "b"}]}},
        {"connections": [["a", "b"]]},
    ),
    "somebody leaves a group": (
        {"members": PEOPLE, "groups": {"g": {}, "h": {}}, "group_members": [["a", "g"], ["a", "h"], ["b", "g"]]},
        {"remove": {"group_members": [{"member": "a", "group": "g"}]}},
        {"group_members": [["a", "h"], ["b", "g"]]},
    ),
    "a row twice is one": (
        {"members": PEOPLE, "connections": [["a", "b"], ["b", "c"]]},
        {"remove": {"connections": [{"a": "a", "b": "b"}, {"a": "a", "b": "b"}]}},
        {"connections": [["b", "c"]]},
    ),
    "a stint that is left is the one that a row without since means": (
        {"members": PEOPLE, "companies": {"x": {}}, "company_members": [stint("2010-01-01"), stint("2015-01-01")]},
        {
            "company_members": [{"member": "a", "company": "x", "until": "2025-01-01"}],
            "remove": {"company_members": [stint("2010-01-01")]},
        },
        {"company_members": [stint("2015-01-01", "2025-01-01")]},
    ),
}

TIES = [stint(), stint("2010-01-01", "2012-01-01"), stint("2015-01-01"), stint(tie="follows")]

# Which of `TIES` a row takes away.
REMOVED_TIES: dict[str, tuple[Row, list[int]]] = {
    "the keys alone: every tie": ({}, [0, 1, 2, 3]),
    "an empty tie: any": ({"tie": ""}, [0, 1, 2, 3]),
    "every stint": ({"tie": "works_at"}, [0, 1, 2]),
    "the follow": ({"tie": "follows"}, [3]),
    "a since names a stint, and the follow goes where the tie is not named": ({"since": "2010-01-01"}, [1, 3]),
    "with an empty tie, too": ({"since": "2010-01-01", "tie": ""}, [1, 3]),
    "an empty since: the stint without": ({"since": ""}, [0, 3]),
    "that stint alone": ({"tie": "works_at", "since": ""}, [0]),
    "one stint, an instant in other words": ({"tie": "works_at", "since": "2015-01-01T01:00:00+01:00"}, [2]),
    "of a follow no since is read": ({"tie": "follows", "since": "1999-01-01"}, [3]),
    "a since that no stint has leaves the follow": ({"since": "1999-01-01"}, [3]),
    "an until is not read": ({"tie": "works_at", "since": "2010-01-01", "until": "1999-01-01"}, [1]),
}

BLOCKS = [{"member": "a", "other": "b"}, {"member": "a", "other": "b", "kind": "limit"}, {"member": "b", "other": "a"}]
REMOVED_BLOCKS: dict[str, tuple[Row, list[int]]] = {
    "the keys alone: both": ({}, [0, 1]),
    "an empty kind: any": ({"kind": ""}, [0, 1]),
    "the block": ({"kind": "block"}, [0]),
    "the limit": ({"kind": "limit"}, [1]),
}

BEFORE: Row = {
    "members": {**PEOPLE},
    "groups": {"g": {}},
    "companies": {"x": {}, "y": {}},
    "connections": [["a", "b"]],
    "company_members": [stint("2010-01-01"), stint("2015-01-01"), {"member": "b", "company": "x"}],
    "blocks": [{"member": "a", "other": "b"}],
}

# A change that cannot be, and what its error names.
REJECTED: dict[str, tuple[Row, str]] = {
    "an unknown value": ({"members": [{"id": "a"}, {"id": "b", "visibility": "hidden"}]}, "members, row 2, .*hidden"),
    "a tier that no pack defines": ({"members": [{"id": "a", "tier": "gold"}]}, "members, row 1, .*gold"),
    "a name that cannot be assumed": ({"members": [{"id": "a", "assumed": "status"}]}, "members, row 1"),
    "a count below 0": ({"members": [{"id": "a", "inmail_credits": -1}]}, "members, row 1"),
    "no instant": ({"members": [{"id": "a", "restricted_until": "soon"}]}, "members, row 1"),
    "no id": ({"members": [{"name": "A"}]}, "members, row 1"),
    "an empty id": ({"members": [{"id": ""}]}, "members, row 1"),
    "an id that is a number": ({"members": [{"id": 7}]}, "members, row 1"),
    "a group of no flag": ({"groups": [{"id": "g", "messaging": "perhaps"}]}, "groups, row 1"),
    "an empty company": ({"companies": [{"id": ""}]}, "companies, row 1"),
    "an unknown end": ({"connections": [{"a": "a", "b": "z"}]}, "connections, row 1, .*'z'"),
    "an unknown beginning": ({"connections": [{"a": "z", "b": "a"}]}, "connections, row 1, .*'z'"),
    "themselves": ({"connections": [{"a": "a", "b": "a"}]}, "connections, row 1, .*themselves"),
    "a strength of 0": ({"connections": [{"a": "a", "b": "b", "strength": 0}]}, "connections, row 1"),
    "a strength of 101": ({"connections": [{"a": "a", "b": "b", "strength": "101"}]}, "connections, row 1"),
    "half a strength": ({"connections": [{"a": "a", "b": "b", "strength": 2.5}]}, "connections, row 1"),
    "a connection since never": ({"connections": [{"a": "a", "b": "b", "since": "ever"}]}, "connections, row 1"),
    "an unknown group": ({"group_members": [{"member": "a", "group": "z"}]}, "group_members, row 1, .*'z'"),
    "an unknown member": ({"group_members": [{"member": "z", "group": "g"}]}, "group_members, row 1, .*'z'"),
    "an unknown company": ({"company_members": [{"member": "a", "company": "z"}]}, "company_members, row 1, .*'z'"),
    "an unknown tie": ({"company_members": [{"member": "a", "company": "x", "tie": "owns"}]}, "company_members, row 1"),
    "which of several stints": (
        {"company_members": [{"member": "a", "company": "x"}]},
        "company_members, row 1, .*several",
    ),
    "an unknown other": ({"blocks": [{"member": "a", "other": "z"}]}, "blocks, row 1, .*'z'"),
    "an unknown kind": ({"blocks": [{"member": "a", "other": "c", "kind": "mute"}]}, "blocks, row 1"),
    "blocking oneself": ({"blocks": [{"member": "a", "other": "a"}]}, "blocks, row 1, .*themselves"),
    "a connection that is not there": (
        {"remove": {"connections": [{"a": "a", "b": "b"}, {"a": "a", "b": "c"}]}},
        "remove/connections, row 2, .*not in the graph",
    ),
    "a member that is not there": ({"remove": {"connections": [{"a": "a", "b": "z"}]}}, "row 1, .*not in the graph"),
    "a membership that is not there": (
        {"remove": {"group_members": [{"member": "a", "group": "g"}]}},
        "remove/group_members, row 1, .*not in the graph",
    ),
    "a tie that is not there": ({"remove": {"company_members": [{"member": "a", "company": "y"}]}}, "not in the graph"),
    "a follow that is not there": (
        {"remove": {"company_members": [{"member": "a", "company": "x", "tie": "follows"}]}},
        "remove/company_members, row 1, .*not in the graph",
    ),
    "a stint that is not there": (
        {"remove": {"company_members": [{"member": "b", "company": "x", "since": "2010-01-01"}]}},
        "remove/company_members, row 1, .*not in the graph",
    ),
    "a tie of no kind": ({"remove": {"company_members": [{"member": "a", "company": "x", "tie": "owns"}]}}, "row 1"),
    "a limit that is not there": (
        {"remove": {"blocks": [{"member": "a", "other": "b", "kind": "limit"}]}},
        "remove/blocks, row 1, .*not in the graph",
    ),
    "a block the other way round": ({"remove": {"blocks": [{"member": "b", "other": "a"}]}}, "not in the graph"),
    "a row without its key": ({"remove": {"connections": [{"a": "a"}]}}, "remove/connections, row 1"),
    "members are not removed": ({"remove": {"members": [{"id": "a"}]}}, "members"),
    "no other table": ({"friends": []}, "friends"),
}


def contents(network: Network) -> Row:
    """All that is in a network, to be compared."""
    found: Row = {field.name: getattr(network, field.name) for field in fields(network)}
    return {**found, "ties": sorted(found["ties"], key=str)}


def after(before: Mapping[str, Any], change: Mapping[str, Any]) -> Row:
    return contents(changed(Network.of(before), change, TIERS))


@pytest.mark.parametrize("corner", CORNERS)
def test_a_change_makes_what_the_rules_say(corner: str) -> None:
    before, change, expected = CORNERS[corner]
    assert contents(Network.of({**before, **expected})) == after(before, change)


@pytest.mark.parametrize("corner", REMOVED_TIES)
def test_a_row_takes_away_the_ties_that_it_names(corner: str) -> None:
    cells, gone = REMOVED_TIES[corner]
    before = {"members": PEOPLE, "companies": {"x": {}, "y": {}}}
    others = [{"member": "b", "company": "x"}, {"member": "a", "company": "y", "since": "2010-01-01"}]
    left = [tie for number, tie in enumerate(TIES) if number not in gone]
    row = {"member": "a", "company": "x", **cells}
    assert contents(Network.of({**before, "company_members": [*left, *others]})) == after(
        {**before, "company_members": [*TIES, *others]}, {"remove": {"company_members": [row]}}
    )


@pytest.mark.parametrize("corner", REMOVED_BLOCKS)
def test_a_row_takes_away_the_block_or_limit_that_it_names(corner: str) -> None:
    cells, gone = REMOVED_BLOCKS[corner]
    left = [row for number, row in enumerate(BLOCKS) if number not in gone]
    assert contents(Network.of({"members": PEOPLE, "blocks": left})) == after(
        {"members": PEOPLE, "blocks": BLOCKS}, {"remove": {"blocks": [{"member": "a", "other": "b", **cells}]}}
    )


@pytest.mark.parametrize("corner", REJECTED)
def test_a_rejected_row_is_an_error_that_names_it(corner: str) -> None:
    change, named = REJECTED[corner]
    with pytest.raises(ValueError, match=named):
        after(BEFORE, change)


def test_what_is_in_the_graph_and_not_in_the_load_is_known() -> None:
    """An id may be of either; and the network that was given stays as it was."""
    network = Network.of(BEFORE)
    untouched = deepcopy(contents(network))
    change = {
        "members": [{"id": "d"}, {"id": "a", "tier": "career"}],
        "connections": [{"a": "a", "b": "d", "strength": 7}],
        "company_members": [{"member": "b", "company": "x", "until": "2025-01-01"}],
        "remove": {"connections": [{"a": "a", "b": "b"}], "blocks": [{"member": "a", "other": "b"}]},
    }
    assert {frozenset("ad")} == changed(network, change, TIERS).connections
    assert untouched == contents(network)


# ── Random networks ──────────────────────────────────────────────────────────────────────────────

some = settings(max_examples=60, deadline=None)


def tables(case: Mapping[str, Any]) -> Row:
    """The rows of a case as a change."""
    return {
        **{
            name: [{"id": id, **cells} for id, cells in case[name].items()]
            for name in ("members", "groups", "companies")
        },
        "connections": case["connections"],
        "group_members": [{"member": member, "group": group} for member, group in case["group_members"]],
        "company_members": [{"since": "", "until": "", **row} for row in case["company_members"]],
        "blocks": case["blocks"],
    }


@some
@given(random_networks.networks())
def test_a_change_of_an_empty_graph_is_a_load(case: Row) -> None:
    """And the same rows again change nothing."""
    once = changed(Network.of({}), tables(case), TIERS)
    assert contents(Network.of(case)) == contents(once)
    everything_said = {**tables(case), "members": [{"assumed": "", **row} for row in tables(case)["members"]]}
    assert contents(once) == contents(changed(once, everything_said, TIERS))


@some
@given(random_networks.networks())
def test_what_was_loaded_can_be_removed(case: Row) -> None:
    """Every relationship by its own row: what is left is the nodes."""
    relationships = ("connections", "group_members", "company_members", "blocks")
    rows = {name: rows for name, rows in tables(case).items() if name in relationships}
    nodes = {name: cells for name, cells in case.items() if name not in relationships}
    assert contents(Network.of(nodes)) == contents(changed(Network.of(case), {"remove": rows}, TIERS))
