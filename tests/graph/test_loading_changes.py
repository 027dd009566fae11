"""What is to go, what is assumed, and which stint is meant: the same in batches, in a dry run and by an import."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.driver.database import Database
from graph.loading.loading import FileRows, LoadReport, dry_run, load
from graph.model import ASSUMED_FIELDS, ASSUMED_TIES
from graph.sources import open_source
from graph.sources.chunks import Reject
from tests.support.sources import write

TIERS = frozenset({"free", "career"})
PEOPLE = "id\na\nb\nc\n"
YEARS = {year: datetime(year, 1, 1, tzinfo=UTC) for year in range(2019, 2026)}


@pytest.fixture
def loaded(database: Database, tmp_path: Path) -> Any:
    """Loads some files, each time from a folder of their own; checks that a dry run before said the same."""
    count = 0

    def of(**files: str) -> tuple[LoadReport, list[Reject]]:
        nonlocal count
        count += 1
        folder = tmp_path / str(count)
        write(folder, {f"{name.replace('__', '/')}.csv": text for name, text in files.items()})
        tried: list[Reject] = []
        rejects: list[Reject] = []
        expected = dry_run(database, open_source(folder), tiers=TIERS, reject=tried.append)
        report = load(database, open_source(folder), tiers=TIERS, reject=rejects.append)
        assert (expected.files, tried) == (report.files, rejects)
        return report, rejects

    return of


def found(database: Database, text: str) -> list[list[Any]]:
    rows, _ = database.explain(text, {}, profile=True)
    return [[value.to_native() if hasattr(value, "to_native") else value for value in row.values()] for row in rows]


def ties(database: Database, type: str) -> list[list[Any]]:
    return found(
        database, f"MATCH (a)-[e:{type}]->(b) RETURN a.id AS a, b.id AS b, e.since AS since ORDER BY a, b, since"
    )


def reasons(rejects: list[Reject]) -> list[tuple[int, str, str, str]]:
    return [(reject.line, reject.column, reject.value, reject.reason) for reject in rejects]


# ── what is to go ────────────────────────────────────────────────────────────────────────────────

NETWORK = {
    "members": PEOPLE,
    "groups": "id\ng\nh\n",
    "companies": "id\np\nq\n",
    "connections": "a,b\na,b\nb,c\n",
    "group_members": "member,group\na,g\na,h\n",
    "company_members": "member,company,tie,since\na,p,,2020-01-01\na,p,,2021-01-01\na,p,,\na,p,follows,\nb,p,,\n",
    "blocks": "member,other,kind\na,b,block\na,b,limit\nb,c,limit\n",
}


def test_a_connection_goes_whichever_end_comes_first(database: Database, loaded: Any) -> None:
    loaded(**NETWORK)
    report, rejects = loaded(remove__connections="b,a\nc,b\nb,c\na,c\nz,a\n")
    assert [["a", "b", None]] == ties(database, "CONNECTED_TO")
    assert [
        (4, "", "a,c", "not in the graph"),
        (5, "b", "z", "not in the graph"),
    ] == reasons(rejects)
    assert {("remove/connections.csv", "remove/connections"): FileRows(2, 2, 1)} == report.files


def test_a_membership_goes_and_others_stay(database: Database, loaded: Any) -> None:
    loaded(**NETWORK)
    _, rejects = loaded(remove__group_members="member,group\na,g\nb,g\n")
    assert [["a", "h", None]] == ties(database, "MEMBER_OF")
    assert [(3, "", "b,g", "not in the graph")] == reasons(rejects)


@pytest.mark.parametrize(
    ("rows", "stints", "follows", "aside"),
    [
        ("member,company\na,p\n", [], False, []),
        ("member,company,tie\na,p,\n", [], False, []),
        ("member,company,tie\na,p,works_at\n", [], True, []),
        ("member,company,tie\na,p,follows\n", [2020, 2021, None], False, []),
        ("member,company,since\na,p,2020-01-01\n", [2021, None], False, []),
        ("member,company,since\na,p,\n", [2020, 2021], False, []),
        ("member,company,tie,since\na,p,works_at,2020-01-01\na,p,works_at,\n", [2021], True, []),
        ("member,company,tie,since\na,p,follows,2019-01-01\n", [2020, 2021, None], False, []),
        ("member,company,tie,since\na,p,works_at,2019-01-01\n", [2020, 2021, None], True, [2]),
        ("member,company,tie\na,p,follows\na,p,\n", [], False, []),
        ("member,company\na,q\n", [2020, 2021, None], True, [2]),
    ],
)
def test_of_ties_to_a_company_those_go_that_the_row_names(
    database: Database, loaded: Any, rows: str, stints: list[int | None], follows: bool, aside: list[int]
) -> None:
    loaded(**NETWORK)
    _, rejects = loaded(remove__company_members=rows)
    assert [YEARS.get(year or 0) for year in stints] == [t[2] for t in ties(database, "WORKS_AT") if t[0] == "a"]
    assert follows == (["a", "p", None] in ties(database, "FOLLOWS"))
    assert aside == [reject.line for reject in rejects]
    assert [["b", "p", None]] == [tie for tie in ties(database, "WORKS_AT") if tie[0] == "b"]


@pytest.mark.parametrize(
    ("rows", "blocked", "limited"),
    [
        ("member,other\na,b\n", 0, 1),
        ("member,other,kind\na,b,\n", 0, 1),
        ("member,other,kind\na,b,block\n", 0, 2),
        ("member,other,kind\na,b,limit\n", 1, 1),
        ("member,other\nb,a\n", 1, 2),
    ],
)
def test_of_blocks_and_limits_those_go_that_the_row_names(
    database: Database, loaded: Any, rows: str, blocked: int, limited: int
) -> None:
    loaded(**NETWORK)
    loaded(remove__blocks=rows)
    assert (blocked, limited) == (len(ties(database, "BLOCKED")), len(ties(database, "LIMITED")))


def test_what_goes_goes_before_anything_is_added(database: Database, loaded: Any) -> None:
    loaded(**NETWORK)
    loaded(
        remove__connections="a,b\na,b\n",
        remove__company_members="member,company\na,p\n",
        connections="a,b,since\na,b,2022-01-01\n",
        company_members="member,company\na,p\n",
    )
    assert [["a", "b", YEARS[2022]], ["b", "c", None]] == ties(database, "CONNECTED_TO")
    assert [["a", "p", None], ["b", "p", None]] == ties(database, "WORKS_AT")


def test_a_change_done_again_leaves_the_same_graph(database: Database, loaded: Any) -> None:
    change = {"remove__connections": "a,b\na,b\n", "connections": "a,b\na,c\n"}
    loaded(**NETWORK)
    loaded(**change)
    before = ties(database, "CONNECTED_TO")
    _, rejects = loaded(**change)
    assert before == ties(database, "CONNECTED_TO")
    assert [(2, "", "a,b", "not in the graph")] == reasons(rejects)


def test_nothing_is_left_that_could_go_where_the_graph_is_replaced(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path, {"members.csv": PEOPLE, "connections.csv": "a,b\na,b\n"})
    load(database, open_source(folder), tiers=TIERS, reject=lambda reject: pytest.fail(str(reject)))
    write(folder, {"remove/connections.csv": "a,b\na,b\n"})
    rejects: list[Reject] = []
    load(database, open_source(folder), tiers=TIERS, reject=rejects.append, replace=True)
    assert ["not in the graph"] == [reject.reason for reject in rejects]
    assert [["a", "b", None]] == ties(database, "CONNECTED_TO")


# ── which stint is meant ─────────────────────────────────────────────────────────────────────────


def jobs(database: Database) -> list[list[Any]]:
    each = "a.id AS a, b.id AS b, e.since AS since, e.until AS until"
    return found(database, f"MATCH (a)-[e:WORKS_AT]->(b) RETURN {each} ORDER BY a, b, since")


def test_without_the_column_since_the_one_stint_is_meant(database: Database, loaded: Any) -> None:
    dated = "member,company,since,until\na,p,2020-01-01,\nb,p,,\nc,p,2020-01-01,2021-01-01\nc,p,2022-01-01,\n"
    loaded(members=PEOPLE, companies="id\np\nq\n", company_members=dated)
    _, rejects = loaded(
        company_members="member,company,until\na,p,2023-01-01\nb,p,2023-01-01\nc,p,2023-01-01\na,q,\na,q,2024-01-01\n"
    )
    assert [(4, "company", "p", "several stints of the two: a column since has to say which")] == reasons(rejects)
    assert [
        ["a", "p", YEARS[2020], YEARS[2023]],
        ["a", "q", None, YEARS[2024]],
        ["b", "p", None, YEARS[2023]],
        ["c", "p", YEARS[2020], YEARS[2021]],
        ["c", "p", YEARS[2022], None],
    ] == jobs(database)


def test_a_follow_without_the_column_since_keeps_the_one_that_it_has(database: Database, loaded: Any) -> None:
    files = {"members": PEOPLE, "companies": "id\np\n"}
    loaded(**files, company_members="member,company,tie,since\na,p,follows,2020-01-01\n")
    loaded(company_members="member,company,tie\na,p,follows\nb,p,\n")
    assert [["a", "p", YEARS[2020]]] == ties(database, "FOLLOWS")
    assert [["b", "p", None]] == ties(database, "WORKS_AT")


def test_a_stint_that_goes_is_none_of_several(database: Database, loaded: Any) -> None:
    stints = "member,company,since\na,p,2020-01-01\na,p,2021-01-01\n"
    loaded(members=PEOPLE, companies="id\np\n", company_members=stints)
    _, rejects = loaded(
        remove__company_members="member,company,since\na,p,2020-01-01\n",
        company_members="member,company,until\na,p,2022-01-01\n",
    )
    assert [] == rejects
    assert [["a", "p", YEARS[2021], YEARS[2022]]] == jobs(database)


def test_whatever_until_says_of_a_follow_is_ignored(database: Database, loaded: Any) -> None:
    rows = "member,company,tie,since,until\na,p,follows,,soon\nb,p,works_at,,soon\n"
    _, rejects = loaded(members=PEOPLE, companies="id\np\n", company_members=rows)
    assert [(3, "until", "soon", "not a time")] == reasons(rejects)
    assert [["a", "p", None]] == ties(database, "FOLLOWS")


# ── strength ─────────────────────────────────────────────────────────────────────────────────────


def test_strength_is_a_whole_number_from_1_to_100(database: Database, loaded: Any) -> None:
    cells = ["1", "100", "", "0", "101", "0.5", "strong"]
    ids = [f"m{number}" for number in range(len(cells))]
    rows = "".join(f"x,{id},{cell}\n" for id, cell in zip(ids, cells, strict=True))
    _, rejects = loaded(members="\n".join(["id", "x", *ids, ""]), connections=f"a,b,strength\n{rows}")
    assert [(line, "not a whole number from 1 to 100") for line in (5, 6, 7, 8)] == [
        (r.line, r.reason) for r in rejects
    ]
    strengths = "MATCH ()-[e:CONNECTED_TO]->() RETURN e.strength AS strength ORDER BY strength"
    assert [[1], [100], [None]] == found(database, strengths)


def test_an_empty_strength_takes_it_away_and_no_column_leaves_it(database: Database, loaded: Any) -> None:
    loaded(members=PEOPLE, connections="a,b,strength\na,b,7\nb,c,8\n")
    loaded(connections="b,a,strength\nb,a,\n")
    loaded(connections="a,b\nb,c\n")
    strengths = "MATCH (a)-[e:CONNECTED_TO]->() RETURN a.id AS a, e.strength AS strength ORDER BY a"
    assert [["a", None], ["b", 8]] == found(database, strengths)


# ── what is assumed ──────────────────────────────────────────────────────────────────────────────

EVERYTHING = sorted([*ASSUMED_FIELDS, *ASSUMED_TIES])


def assumed(database: Database, id: str = "a") -> list[str] | None:
    [[names]] = found(database, f"MATCH (m:Member {{id: '{id}'}}) RETURN m.assumed AS assumed")
    return names  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("", None),
        ("tier", ["tier"]),
        ("visibility;tier;tier", ["tier", "visibility"]),
        ("all", EVERYTHING),
        ("tier;all", EVERYTHING),
        ("connections;groups;companies;blocks", ["blocks", "companies", "connections", "groups"]),
    ],
)
def test_what_is_assumed_is_a_sorted_list_and_none_where_all_is_known(
    database: Database, loaded: Any, cell: str, names: list[str] | None
) -> None:
    _, rejects = loaded(members=f"id,assumed\na,{cell}\n")
    assert ([], names) == (rejects, assumed(database))


@pytest.mark.parametrize("cell", ["status", "tier;", "Tier", "tier; visibility", "name", "everything"])
def test_another_name_sets_the_row_aside(loaded: Any, cell: str) -> None:
    _, rejects = loaded(members=f"id,assumed\na,{cell}\nb,\n")
    assert [(2, "assumed", cell)] == [row[:3] for row in reasons(rejects)]


def test_a_row_with_the_column_sets_the_set_whatever_else_it_says(database: Database, loaded: Any) -> None:
    loaded(members="id,tier,assumed\na,free,tier;visibility\n")
    assert ["tier", "visibility"] == assumed(database)
    loaded(members="id,visibility,assumed\na,public,groups\n")
    assert ["groups"] == assumed(database)
    loaded(members="id,assumed\na,\n")
    assert assumed(database) is None


def test_a_row_without_the_column_takes_what_it_says_out_of_the_set(database: Database, loaded: Any) -> None:
    loaded(members="id,assumed\na,tier;visibility;connections\nb,tier\n")
    loaded(members="id,name,status\na,Ada,active\n")
    assert ["connections", "tier", "visibility"] == assumed(database)
    loaded(members="id,tier\na,\nb,free\n")
    assert (["connections", "visibility"], None) == (assumed(database), assumed(database, "b"))


def test_settings_do_the_same(database: Database, tmp_path: Path) -> None:
    folder = write(tmp_path, {"net.edges": "1 2\n", "settings.csv": "id,assumed\n1,tier;groups\n2,tier\n"})
    for _ in range(2):
        load(database, open_source(folder), tiers=TIERS, reject=lambda reject: pytest.fail(str(reject)))
        assert ["groups", "tier"] == assumed(database, "1")
    write(folder, {"settings.csv": "id,tier\n1,free\n2,free\n"})
    load(database, open_source(folder), tiers=TIERS, reject=lambda reject: pytest.fail(str(reject)))
    assert (["groups"], None) == (assumed(database, "1"), assumed(database, "2"))


# ── rows that repeat a key ───────────────────────────────────────────────────────────────────────


def test_repeated_keys_are_counted_for_each_file(loaded: Any) -> None:
    report, _ = loaded(
        members="id\na\nb\na\nc\na\n",
        companies="id\np\n",
        connections="a,b\na,b\nb,a\nb,c\n",
        company_members="member,company,tie,since\na,p,,\na,p,,2020-01-01\na,p,,2020-01-01T00:00Z\n"
        "a,p,follows,\na,p,follows,2021-01-01\n",
        blocks="member,other,kind\na,b,\na,b,limit\na,b,block\nb,a,\n",
    )
    assert {"members": 2, "companies": 0, "connections": 1, "company_members": 2, "blocks": 1} == {
        table: rows.repeated for (_, table), rows in report.files.items()
    }
    assert {"members": 5, "companies": 1, "connections": 3, "company_members": 5, "blocks": 4} == report.loaded
