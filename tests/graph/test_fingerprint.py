"""Two graphs have one fingerprint exactly if they hold the same network."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.driver.database import Database
from graph.errors import GraphChanged
from graph.loading.loading import load
from graph.rules import pack_store, rule_pack
from graph.snapshot.fingerprint import fingerprint
from graph.sources import open_source

NETWORK = {
    "members": "id,name,tier_expires_at\n\U0001f98a,Ada,2026-01-01\n\uff5a,Bo,\nc,,\n",
    "groups": "id\ng\nh\n",
    "companies": "id\np\n",
    "connections": "a,b,since\n\U0001f98a,\uff5a,2024-01-01\nc,\U0001f98a,\n",
    "group_members": "member,group\nc,g\nc,h\n",
    "company_members": "member,company,since,until\nc,p,2020-01-01,2021-01-01\nc,p,2022-01-01,\n",
    "blocks": "member,other,reason\nc,\U0001f98a,rude\n",
}


def loaded(database: Database, folder: Path, files: dict[str, str]) -> str:
    """The fingerprint after a load of these files."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(database, open_source(folder), tiers=set(), reject=lambda reject: pytest.fail(str(reject)))
    return fingerprint(database)


def changed(database: Database, text: str) -> str:
    database.explain(text, {}, profile=True)
    return fingerprint(database)


def test_the_same_network_in_another_order_by_another_way_has_the_same(database: Database, tmp_path: Path) -> None:
    expected = loaded(database, tmp_path / "once", NETWORK)
    assert expected == loaded(database, tmp_path / "again", NETWORK)
    changed(database, "MATCH (n) DETACH DELETE n")
    database.write(pack_store.save_pack(rule_pack.shipped_pack("article")))
    for name, text in NETWORK.items():
        header, *lines = text.splitlines()
        reordered = {name: "\n".join([header, *reversed(lines)]) + "\n"}
        members = {"members": NETWORK["members"]} if name != "members" else {}
        actual = loaded(database, tmp_path / name, members | reordered)
    assert expected == actual


@pytest.mark.parametrize(
    "change",
    [
        "MATCH (m:Member {id: 'c'}) SET m.name = ''",
        "MATCH (m:Member {id: 'c'}) SET m.open_profile = 'false'",
        "MATCH (m:Member {id: 'c'}) SET m.inmail_credits = 0.0",
        "MATCH (m:Member {name: 'Ada'}) SET m.tier_expires_at = toString(m.tier_expires_at)",
        "MATCH (m:Member {name: 'Ada'}) SET m.tier_expires_at = m.tier_expires_at + duration({microseconds: 1})",
        "MATCH (m:Member {name: 'Ada'}) SET m.tier_expires_at = datetime('2026-01-01T01:00+01:00')",
        "MATCH (g:Group {id: 'g'}) SET g.messaging = false",
        "CREATE (:Company {id: 'q'})",
        "MATCH (g:Group {id: 'h'}) DETACH DELETE g",
        "MATCH (:Member)-[e:WORKS_AT {since: datetime('2022-01-01T00:00Z')}]->() SET e.until = e.since",
        "MATCH (a)-[e:CONNECTED_TO]->(b) WHERE e.since IS NULL DELETE e CREATE (b)-[:CONNECTED_TO]->(a)",
        "MATCH (a)-[e:BLOCKED]->(b) CREATE (a)-[:BLOCKED]->(b)",
        "MATCH (a)-[e:BLOCKED]->(b) DELETE e CREATE (a)-[:LIMITED]->(b)",
    ],
)
def test_any_change_of_the_network_changes_it(database: Database, tmp_path: Path, change: str) -> None:
    assert loaded(database, tmp_path / "net", NETWORK) != changed(database, change)


def test_there_is_none_while_a_load_is_incomplete(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path / "net", NETWORK)
    with pytest.raises(GraphChanged, match="load the same files again"):
        changed(database, "MATCH (state:GraphState) SET state.loading = true")
