"""Members who are forgotten go for good, and what stays of them is a hash that only this graph can make."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.errors import GraphLoading, InvalidInput, LoadRunning, UnknownMember
from graph.loading.forgetting import forget, forgotten, forgotten_hashes, remember
from graph.loading.load_lock import load_lock
from graph.loading.loading import load
from graph.sources import open_source
from graph.sources.chunks import Reject

PEOPLE = "id,name\nada,Ada\nben,Ben\ncy,Cy\n"


def loaded(database: Database, folder: Path, **how: Any) -> list[Reject]:
    (folder / "members.csv").write_text(PEOPLE, "utf-8")
    (folder / "connections.csv").write_text("a,b\nada,ben\nben,cy\n", "utf-8")
    rejects: list[Reject] = []
    load(database, open_source(folder), tiers=set(), reject=rejects.append, **how)
    return rejects


def everything(database: Database) -> str:
    nodes, _ = database.explain("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties", {}, profile=True)
    edges, _ = database.explain("MATCH ()-[e]->() RETURN type(e) AS type", {}, profile=True)
    return json.dumps([nodes, edges], default=str)


def test_a_member_goes_with_all_their_ties_and_a_hash_stays(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path)
    version = database.read(schema.state()).version
    [hash] = forget(database, ["ben"])
    assert "ben" not in everything(database).lower()
    assert "CONNECTED_TO" not in everything(database)
    assert [hash] == [each.hash for each in database.read(forgotten_hashes())]
    assert schema.GraphState(version + 1, loading=False) == database.read(schema.state())


def test_the_hash_of_an_id_is_another_in_every_graph(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path)
    [first] = forget(database, ["ben"])
    database.explain("MATCH (n) DETACH DELETE n", {}, profile=True)
    loaded(database, tmp_path)
    assert [first] != forget(database, ["ben"])


def test_forgetting_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path)
    first = forget(database, ["ben", "ben"])
    before = database.read(forgotten_hashes())
    assert first == forget(database, ["ben"])
    assert before == database.read(forgotten_hashes())


def test_who_is_unknown_is_an_error_and_nobody_is_forgotten(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path)
    before = everything(database)
    with pytest.raises(UnknownMember, match="dee"):
        forget(database, ["ben", "dee"])
    assert before == everything(database)


def test_a_replacement_of_the_network_forgets_nobody_anew(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path)
    forget(database, ["ben"])
    assert 3 == len(loaded(database, tmp_path, replace=True))
    assert "ben" in database.read(forgotten())


def test_a_hash_that_is_taken_back_lets_the_member_return(database: Database, tmp_path: Path) -> None:
    loaded(database, tmp_path)
    [hash] = forget(database, ["ben"])
    remember(database, hash)
    assert [] == loaded(database, tmp_path)
    assert [] == database.read(forgotten_hashes())
    with pytest.raises(InvalidInput, match=f"nobody was forgotten under the hash '{hash}'"):
        remember(database, hash)


def test_nobody_is_forgotten_while_a_load_runs_or_after_one_that_was_cut_short(
    database: Database, tmp_path: Path
) -> None:
    loaded(database, tmp_path)
    with load_lock(database, emptying=False), pytest.raises(LoadRunning):
        forget(database, ["ben"])
    with pytest.raises(InterruptedError), load_lock(database, emptying=False):
        raise InterruptedError
    with pytest.raises(GraphLoading):
        forget(database, ["ben"])
    loaded(database, tmp_path)
    assert 1 == len(forget(database, ["ben"]))
