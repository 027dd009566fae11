"""Rows become the graph: what is right is there, what is wrong is set aside, and loading again changes nothing."""

import csv
import stat
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import neo4j.time
import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.driver.statements import names, statement
from graph.errors import InvalidInput
from graph.loading.loading import NODES_AT_ONCE, LoadReport, dry_run, load
from graph.loading.rejects import LONGEST_VALUE, RejectsFile
from graph.rules import pack_store, rule_pack
from graph.sources import open_source
from graph.sources.chunks import Reject

TIERS = frozenset({"free", "career"})
DEFAULTS = {
    "tier": "",
    "status": "active",
    "visibility": "public",
    "accepts_from": "anyone",
    "accepts_inmail": True,
    "open_profile": False,
    "contact_info": "nobody",
    "contact_form": False,
    "comments_open": False,
    "inmail_credits": 0,
    "messages_sent": 0,
    "inmails_sent": 0,
}


def native(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in {"members": "id\na\nb\nc\n", **files}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def loaded(database: Database, folder: Path) -> tuple[LoadReport, list[Reject]]:
    rejects: list[Reject] = []
    return load(database, open_source(folder), tiers=TIERS, reject=rejects.append), rejects


def read(database: Database, text: str) -> list[dict[str, Any]]:
    rows, _ = database.explain(text, {}, profile=True)
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def plain(value: Any) -> Any:
    match value:
        case neo4j.time.DateTime():
            return value.to_native()
        case dict():
            return {name: plain(inner) for name, inner in value.items()}
        case _:
            return value


def member(database: Database, id: str) -> dict[str, Any]:
    [row] = read(database, f"MATCH (m:Member {{id: '{id}'}}) RETURN properties(m) AS properties")
    properties: dict[str, Any] = row["properties"]
    return properties


def edges(database: Database, type: str) -> list[tuple[str, str, dict[str, Any]]]:
    text = f"MATCH (a)-[e:{type}]->(b) RETURN a.id AS a, b.id AS b, properties(e) AS e ORDER BY a, b, e.since"
    return [(row["a"], row["b"], row["e"]) for row in read(database, text)]


def everything(database: Database) -> list[dict[str, Any]]:
    nodes = (
        "MATCH (n) WHERE NOT n:GraphState RETURN elementId(n) AS id, labels(n) AS what, properties(n) AS p ORDER BY id"
    )
    relationships = "MATCH ()-[e]->() RETURN elementId(e) AS id, type(e) AS what, properties(e) AS p ORDER BY id"
    return read(database, nodes) + read(database, relationships)


# ── members, groups, companies ───────────────────────────────────────────────────────────────────


def test_a_new_member_has_every_default(database: Database, tmp_path: Path) -> None:
    loaded(database, native(tmp_path / "net", members="id\n007\n"))
    assert {"id": "007", **DEFAULTS} == member(database, "007")


def test_the_cells_of_a_row_are_values(database: Database, tmp_path: Path) -> None:
    row = "a,Ada,career,2026-11-23T01:00+01:00,private,FALSE,7,Oslo"
    text = f"id,name,tier,tier_expires_at,visibility,accepts_inmail,inmail_credits,city\n{row}\n"
    loaded(database, native(tmp_path / "net", members=text))
    assert {
        **DEFAULTS,
        "id": "a",
        "name": "Ada",
        "tier": "career",
        "tier_expires_at": datetime(2026, 11, 23, tzinfo=UTC),
        "visibility": "private",
        "accepts_inmail": False,
        "inmail_credits": 7,
        "city": "Oslo",
    } == member(database, "a")


@pytest.mark.parametrize("id", ["1e5", " a ", "it's", 'say "hi"', "two\nlines", "🦊", "a,b|c;d"])
def test_an_id_is_text_whatever_it_looks_like(database: Database, tmp_path: Path, id: str) -> None:
    quoted = '"' + id.replace('"', '""') + '"'
    report, rejects = loaded(
        database, native(tmp_path / "net", members=f"id\n{quoted}\nz\n", connections=f"a,b\n{quoted},z\n")
    )
    assert ({"members": 2, "connections": 1}, []) == (report.loaded, rejects)
    assert {id, "z"} == {row["id"] for row in read(database, "MATCH (m:Member) RETURN m.id AS id")}


def test_a_later_load_leaves_absent_columns_and_resets_empty_cells(database: Database, tmp_path: Path) -> None:
    first = "id,name,status,inmail_credits,tier_expires_at,city\na,Ada,closed,7,2026-01-01,Oslo\n"
    loaded(database, native(tmp_path / "net", members=first))
    loaded(database, native(tmp_path / "net", members="id,status,tier_expires_at,city\na,,,\n"))
    assert {**DEFAULTS, "id": "a", "name": "Ada", "inmail_credits": 7} == member(database, "a")


def test_of_rows_with_one_id_the_last_wins(database: Database, tmp_path: Path) -> None:
    rows = "".join(f"m{i},Somebody\n" for i in range(10_001))
    report, _ = loaded(database, native(tmp_path / "net", members=f"id,name\na,first\na,second\n{rows}a,last\n"))
    assert {"members": 10_004} == report.loaded
    assert "last" == member(database, "a")["name"]
    loaded(database, native(tmp_path / "net", members="id,name\na,first\na,second\n"))
    assert "second" == member(database, "a")["name"]


def test_groups_and_companies_have_their_defaults_and_other_columns(database: Database, tmp_path: Path) -> None:
    folder = native(tmp_path / "net", groups="id,topic\ng,chess\n", companies="id,name\nc,Acme\n")
    loaded(database, folder)
    text = "MATCH (n:Group|Company) RETURN properties(n) AS p ORDER BY n.id"
    assert [{"id": "c", "name": "Acme"}, {"id": "g", "topic": "chess", "messaging": True}] == [
        row["p"] for row in read(database, text)
    ]


# ── relationships ────────────────────────────────────────────────────────────────────────────────


def test_a_connection_is_stored_once_from_the_smaller_id_to_the_larger(database: Database, tmp_path: Path) -> None:
    members = "id\n10\n9\nZ\na\n\U0001f98a\n\uff5a\n"
    pairs = "a,b,since\n9,10,2024-01-01\n10,9,2025-01-01\na,Z,\n\U0001f98a,\uff5a,\n"
    report, _ = loaded(database, native(tmp_path / "net", members=members, connections=pairs))
    assert 4 == report.loaded["connections"]
    assert [
        ("10", "9", {"since": datetime(2025, 1, 1, tzinfo=UTC)}),
        ("Z", "a", {}),
        ("\uff5a", "\U0001f98a", {}),
    ] == edges(database, "CONNECTED_TO")


def test_two_stints_at_one_company_are_two_and_one_without_a_start_is_its_own(
    database: Database, tmp_path: Path
) -> None:
    rows = "a,c,2020-01-01,2021-01-01\na,c,2022-01-01,\na,c,,2019-01-01\na,c,,2019-06-01\n"
    folder = native(tmp_path / "net", companies="id\nc\n", company_members=f"member,company,since,until\n{rows}")
    loaded(database, folder)
    stints = [
        ("a", "c", {"since": datetime(2020, 1, 1, tzinfo=UTC), "until": datetime(2021, 1, 1, tzinfo=UTC)}),
        ("a", "c", {"since": datetime(2022, 1, 1, tzinfo=UTC)}),
        ("a", "c", {"until": datetime(2019, 6, 1, tzinfo=UTC)}),
    ]
    assert stints == edges(database, "WORKS_AT")
    later = "member,company,since,until\na,c,2022-01-01,2023-01-01\na,c,,\n"
    loaded(database, native(tmp_path / "net", company_members=later))
    assert [
        stints[0],
        ("a", "c", {"since": datetime(2022, 1, 1, tzinfo=UTC), "until": datetime(2023, 1, 1, tzinfo=UTC)}),
        ("a", "c", {}),
    ] == edges(database, "WORKS_AT")


def test_to_follow_a_page_has_no_end(database: Database, tmp_path: Path) -> None:
    rows = "a,c,follows,2020-01-01,2021-01-01\na,c,follows,2022-01-01,\nb,c,,,\n"
    text = f"member,company,tie,since,until\n{rows}"
    loaded(database, native(tmp_path / "net", companies="id\nc\n", company_members=text))
    assert [("a", "c", {"since": datetime(2022, 1, 1, tzinfo=UTC)})] == edges(database, "FOLLOWS")
    assert [("b", "c", {})] == edges(database, "WORKS_AT")


def test_blocks_and_limits_go_from_who_to_whom(database: Database, tmp_path: Path) -> None:
    rows = "a,b,,2024-01-01,ignored\nb,a,limit,,rude\na,b,limit,2024-01-01,\n"
    loaded(database, native(tmp_path / "net", blocks=f"member,other,kind,since,reason\n{rows}"))
    since = {"since": datetime(2024, 1, 1, tzinfo=UTC)}
    assert [("a", "b", since)] == edges(database, "BLOCKED")
    assert [("a", "b", since), ("b", "a", {"reason": "rude"})] == edges(database, "LIMITED")


def test_a_relationship_may_name_ids_of_an_earlier_load(database: Database, tmp_path: Path) -> None:
    loaded(database, native(tmp_path / "net", members="id\na\nb\n", groups="id\ng\n"))
    later = native(tmp_path / "net", members="id\nc\n", connections="a,b\na,c\n", group_members="member,group\nb,g\n")
    _, rejects = loaded(database, later)
    assert [] == rejects
    assert [("a", "c", {})] == edges(database, "CONNECTED_TO")
    assert [("b", "g", {})] == edges(database, "MEMBER_OF")


# ── rejects ──────────────────────────────────────────────────────────────────────────────────────


def test_bad_members_are_set_aside_with_their_lines_and_the_rest_is_loaded(database: Database, tmp_path: Path) -> None:
    rows = [
        "good,active,0,2026-01-01,",
        "unknown,asleep,0,,",
        "negative,active,-1,,",
        "no-time,active,0,soon,",
        "nul,active,0,,a\0b",
        f"long,active,0,,{'x' * 10_000_000}",
        ",active,0,,",
        "short",
        "fine,,,,",
    ]
    text = "id,status,inmail_credits,tier_expires_at,bio\n" + "\n".join(rows) + "\n"
    report, rejects = loaded(database, native(tmp_path / "net", members=text))
    assert ({"members": 2}, {"members": 7}) == (report.loaded, report.rejected)
    assert [
        (3, "status", "asleep", "not one of active, restricted, deactivated, closed"),
        (4, "inmail_credits", "-1", "not a whole number from 0 to 9223372036854775807"),
        (5, "tier_expires_at", "soon", "not a time"),
        (6, "bio", "a\0b", "holds a NUL character"),
        (7, "bio", "x" * 10_000_000, "longer than 100,000 characters"),
        (8, "id", "", "empty"),
        (9, "", "short", "1 cells, where the first line has 5"),
    ] == [(reject.line, reject.column, reject.value, reject.reason) for reject in rejects]
    ids = read(database, "MATCH (m:Member) RETURN m.id AS id ORDER BY id")
    assert ["fine", "good"] == [row["id"] for row in ids]


def test_bad_relationships_are_set_aside(database: Database, tmp_path: Path) -> None:
    folder = native(
        tmp_path / "net",
        members="id,tier\na,free\nb,gold\nc,\n",
        groups="id\ng\n",
        connections="a,b\na,a\na,b\na,c\na,\n",
        group_members="member,group\na,g\na,h\nx,g\n",
        company_members="member,company,tie\na,p,likes\na,p,\n",
        blocks="member,other,kind\nc,c,limit\nc,a,mute\nc,x,\n",
    )
    report, rejects = loaded(database, folder)
    strange, alone = "nobody declares this id", "a relationship of somebody with themselves"
    assert [
        Reject("members.csv", 3, "tier", "gold", "not one of career, free"),
        Reject("connections.csv", 2, "b", "a", alone),
        Reject("connections.csv", 3, "b", "b", strange),
        Reject("connections.csv", 5, "b", "", "empty"),
        Reject("group_members.csv", 3, "group", "h", strange),
        Reject("group_members.csv", 4, "member", "x", strange),
        Reject("company_members.csv", 2, "tie", "likes", "not one of works_at, follows"),
        Reject("company_members.csv", 3, "company", "p", strange),
        Reject("blocks.csv", 2, "other", "c", alone),
        Reject("blocks.csv", 3, "kind", "mute", "not one of block, limit"),
        Reject("blocks.csv", 4, "other", "x", strange),
    ] == rejects
    assert {
        "members": 2,
        "groups": 1,
        "connections": 1,
        "group_members": 1,
        "company_members": 0,
        "blocks": 0,
    } == report.loaded


def test_settings_declare_nobody(database: Database, tmp_path: Path) -> None:
    folder = native(tmp_path / "net", settings="id,tier,city\n1,career,Oslo\n2,free,Rome\n")
    (folder / "members.csv").unlink()
    (folder / "dynamic").mkdir()
    person = "id|firstName|lastName\n1|Ada|Lund\n"
    (folder / "dynamic" / "person_0_0.csv").write_text(person)
    report, rejects = loaded(database, folder)
    assert [Reject("settings.csv", 3, "id", "2", "nobody declares this id")] == rejects
    assert ({"members": 1, "settings": 1}, {"members": 0, "settings": 1}) == (report.loaded, report.rejected)
    assert {**DEFAULTS, "id": "1", "name": "Ada Lund", "tier": "career", "city": "Oslo"} == member(database, "1")


def test_the_rejects_file_is_private_and_cuts_long_values(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    with RejectsFile(path) as file:
        file.add(Reject("members.csv", 7, "bio", "x" * 10_000, "longer than 100,000 characters"))
        file.add(Reject("members.csv", 8, "", 'a "b",\nc', "quotes that do not match"))
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    with path.open(encoding="utf-8", newline="") as text:
        assert [
            ["file", "line", "column", "value", "reason"],
            ["members.csv", "7", "bio", "x" * LONGEST_VALUE, "longer than 100,000 characters"],
            ["members.csv", "8", "", 'a "b",\nc', "quotes that do not match"],
        ] == list(csv.reader(text))


def test_without_rejects_there_is_no_rejects_file(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    with RejectsFile(path) as file:
        file.add(Reject("members.csv", 7, "", "", "quotes that do not match"))
    with RejectsFile(path):
        pass
    assert not path.exists()


def test_a_load_that_fails_leaves_the_rejects_of_an_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    with RejectsFile(path) as file:
        file.add(Reject("members.csv", 7, "", "", "quotes that do not match"))
    before = path.read_bytes()
    with pytest.raises(InterruptedError), RejectsFile(path):
        raise InterruptedError
    assert before == path.read_bytes()


def test_rejects_never_replace_another_file(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text("id\na\n")
    with pytest.raises(InvalidInput, match="choose another name"), RejectsFile(path):
        pass
    assert "id\na\n" == path.read_text()


def test_rejects_that_cannot_be_written_are_told_before_the_first_one(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidInput, match=r"cannot be written .*: No such file"),
        RejectsFile(tmp_path / "nowhere" / "rejects.csv"),
    ):
        pytest.fail("something was loaded")


def test_rejects_go_into_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.touch()
    with RejectsFile(path) as file:
        file.add(Reject("members.csv", 7, "", "", "quotes that do not match"))
    assert "members.csv,7,,,quotes that do not match" == path.read_text().splitlines()[1]


# ── the load as a whole ──────────────────────────────────────────────────────────────────────────

FILES = {
    "members": "id,name,tier,tier_expires_at,city\na,Ada,career,2026-01-01,Oslo\nb,Bo,,,\nc,,free,,Rome\n",
    "groups": "id,name\ng,Chess\n",
    "companies": "id\np\n",
    "connections": "a,b,since\nb,a,2024-01-01\na,b,2024-01-02\nc,a,\n",
    "group_members": "member,group\na,g\nb,g\n",
    "company_members": "member,company,tie,since\na,p,,\na,p,,2020-01-01\nb,p,follows,\n",
    "blocks": "member,other,kind,reason\na,c,block,\nc,a,limit,rude\n",
}


def test_the_same_files_again_change_nothing(database: Database, tmp_path: Path) -> None:
    folder = native(tmp_path / "net", **FILES)
    loaded(database, folder)
    before = everything(database)
    report, rejects = loaded(database, folder)
    assert before == everything(database)
    assert 5 + 9 == len(before)
    assert (15, []) == (sum(report.loaded.values()), rejects)


def test_each_load_has_a_version_of_its_own(database: Database, tmp_path: Path) -> None:
    before = database.read(schema.state())
    folder = native(tmp_path / "net")
    versions = [loaded(database, folder)[0].version for _ in range(2)]
    assert [before.version + 1, before.version + 2] == versions
    assert schema.GraphState(versions[-1], loading=False) == database.read(schema.state())


def test_a_load_that_was_cut_short_shows_and_the_next_one_completes_it(database: Database, tmp_path: Path) -> None:
    folder = native(tmp_path / "net", **FILES)
    source = open_source(folder)
    (folder / "connections.csv").unlink()
    with pytest.raises(InvalidInput, match=r"connections\.csv cannot be read"):
        load(database, source, tiers=TIERS, reject=lambda _: None)
    assert database.read(schema.state()).loading
    loaded(database, native(tmp_path / "net", **FILES))
    assert not database.read(schema.state()).loading
    assert 5 + 9 == len(everything(database))


def test_to_replace_is_to_start_from_an_empty_graph_with_the_packs_that_it_has(
    database: Database, tmp_path: Path
) -> None:
    database.write(pack_store.save_pack(rule_pack.shipped_pack("article")))
    loaded(database, native(tmp_path / "net", **FILES))
    source = open_source(native(tmp_path / "net", members="id\na\nz\n", connections="a,b\na,z\na,b\n"))
    rejects: list[Reject] = []
    report = load(database, source, tiers=TIERS, reject=rejects.append, replace=True)
    assert ({"members": 2, "connections": 1}, 2) == (report.loaded, report.version)
    assert [Reject("connections.csv", 3, "b", "b", "nobody declares this id")] == rejects
    assert {"article"} == database.read(pack_store.pack_hashes()).keys()
    assert {"id": "a", **DEFAULTS} == member(database, "a")
    network = "MATCH (n:Member|Group|Company) OPTIONAL MATCH (n)-[e]->() RETURN n.id AS id, type(e) AS e ORDER BY id"
    assert [{"id": "a", "e": "CONNECTED_TO"}, {"id": "z", "e": None}] == read(database, network)


@pytest.mark.parametrize("connections", ["", "a,b\n"])
def test_nothing_takes_the_place_of_no_network(database: Database, tmp_path: Path, connections: str) -> None:
    loaded(database, native(tmp_path / "net", **FILES))
    before = (everything(database), database.read(schema.state()))
    source = open_source(native(tmp_path / "net", members="id\n", connections=f"a,b\n{connections}"))
    with pytest.raises(InvalidInput, match="no row of these files can be loaded, so the graph stays as it is"):
        load(database, source, tiers=TIERS, reject=lambda _: None, replace=True)
    assert before == (everything(database), database.read(schema.state()))


def test_a_replacement_that_was_cut_short_is_completed_by_the_next_load(database: Database, tmp_path: Path) -> None:
    many = "id\n" + "".join(f"m{number}\n" for number in range(NODES_AT_ONCE + 1))
    loaded(database, native(tmp_path / "net", members=many))
    folder = native(tmp_path / "net", **FILES)

    def stop(what: str, _: int) -> None:
        raise InterruptedError(what)

    with pytest.raises(InterruptedError, match="what was there"):
        load(database, open_source(folder), tiers=TIERS, reject=lambda _: None, progress=stop, replace=True)
    assert [{"left": 1}] == read(database, "MATCH (m:Member) RETURN count(m) AS left")
    loaded(database, folder)
    assert 5 + 9 == len(everything(database))


def test_a_dry_run_says_what_a_load_would_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    loaded(database, native(tmp_path / "net", **FILES))
    before = (everything(database), database.read(schema.state()))
    folder = native(
        tmp_path / "net",
        members="id,status\nd,\ne,asleep\n",
        connections="a,b\nd,a\nd,e\n",
        blocks="member,other\nd,x\n",
    )
    rejects: list[Reject] = []
    tried = dry_run(database, open_source(folder), tiers=TIERS, reject=rejects.append)
    assert before == (everything(database), database.read(schema.state()))
    report, really = loaded(database, folder)
    assert (tried.loaded, tried.rejected, rejects) == (report.loaded, report.rejected, really)
    assert {"members": 1, "connections": 1, "blocks": 0} == report.loaded


def test_a_dry_run_of_a_replacement_knows_nobody_of_the_graph(database: Database, tmp_path: Path) -> None:
    loaded(database, native(tmp_path / "net", **FILES))
    source = open_source(native(tmp_path / "net", members="id\nd\n", connections="a,b\nd,a\n"))
    rejects: list[Reject] = []
    dry_run(database, source, tiers=TIERS, reject=rejects.append, replace=True)
    assert [Reject("connections.csv", 2, "b", "a", "nobody declares this id")] == rejects


def test_progress_tells_every_row_once(database: Database, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    folder = native(tmp_path / "net", connections="a,b\na,b\na,a\n")
    load(
        database,
        open_source(folder),
        tiers=TIERS,
        reject=lambda _: None,
        progress=lambda table, rows: told.append((table, rows)),
    )
    rows: Counter[str] = Counter()
    for table, count in told:
        rows[table] += count
    assert {"members": 3, "connections": 2} == rows


BATCHES = [name for name in names() if name.startswith("load/") and {"rows", "ids"} & statement(name).parameters.keys()]


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_reads_no_more_than_an_index_leads_to(database: Database, name: str) -> None:
    _, plan = database.explain(statement(name).text, {"rows": [], "ids": [], "defaults": {}})
    assert [] == [operator for operator in operators(plan) if "Scan" in operator]
    assert any("UniqueIndexSeek" in operator for operator in operators(plan))


def operators(plan: dict[str, Any]) -> list[str]:
    return [plan["operatorType"], *(operator for child in plan.get("children", []) for operator in operators(child))]
