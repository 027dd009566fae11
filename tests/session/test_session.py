"""The public interface: its names, its types, and that a session answers what the command line answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from pathlib import Path

import pytest

import linkreach
from analysis.files import csv_text
from graph.driver.database import Database
from graph.rules.rule_pack import shipped_pack
from tests.support.networks import put
from tests.support.paths import ROOT
from tests.support.terminal import Answer

AT = "2026-11-23"
PAIR = ("8796093022357", "4398046511333")


@pytest.fixture
def command(request: pytest.FixtureRequest) -> Callable[..., Answer]:
    """Types a command: the fixture of the name of the package."""
    typed: Callable[..., Answer] = request.getfixturevalue("linkreach")
    return typed


def test_every_public_name_is_listed_and_there() -> None:
    assert len({*linkreach.__all__}) == len(linkreach.__all__)
    assert [] == [name for name in linkreach.__all__ if getattr(linkreach, name, None) is None]
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        linkreach.nonsense  # noqa: B018  # it is the access that fails


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "linkreach" / "py.typed").is_file()


def test_importing_it_imports_nothing_that_is_slow() -> None:
    slow = {"fastapi", "neo4j", "numba", "pandas", "pyarrow", "rich", "typer"}
    code = f"import sys, linkreach; linkreach.connect(); print(sorted({slow!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


def test_a_world_is_one_frozen_value() -> None:
    world = linkreach.World(datetime(2026, 11, 23, tzinfo=UTC), "article", "career")
    assert 1 == len({world, linkreach.World(datetime(2026, 11, 23, tzinfo=UTC), "article", "career")})
    with pytest.raises(FrozenInstanceError):
        world.pack = "other"  # type: ignore[misc]  # that it cannot be set is what is shown


@pytest.mark.usefixtures("desk")
def test_a_session_answers_what_the_command_line_answers(sample: Database, command: Callable[..., Answer]) -> None:
    assert sample
    with linkreach.connect() as session:
        world = session.world(at=AT, as_tier="career")
        asked = ("--at", AT, "--as-tier", "career")
        verdict = json.loads(command("check", *PAIR, *asked, "--format", "json").out)
        assert verdict["reachable"] == session.check(*PAIR, world).reachable
        reached = command("reach", PAIR[0], *asked).out
        assert reached == csv_text(session.reach(PAIR[0], world).frame)
        assert command("reached-by", PAIR[0], *asked).out == csv_text(session.reached_by(PAIR[0], world).frame)
        now = session.world(at=AT)
        found = json.loads(command("unlock", *PAIR, "--at", AT, "--format", "json").out)["actions"]
        assert [each["action"] for each in found] == [each.action for each in session.unlock(*PAIR, now).actions]
        assert ["article", "linkedin-help"] == [pack.name for pack in session.packs()]
        tiers = session.report("tier_reach", now)
        assert ["free", "career", "business", "sales_navigator"] == tiers["tier"].tolist()


@pytest.mark.usefixtures("desk")
def test_everybody_who_is_nobody_is_named_at_once(sample: Database, tmp_path: Path) -> None:
    assert sample
    targets = tmp_path / "targets.txt"
    targets.write_text("94\nnobody\n96\nno one\n", encoding="utf-8")
    with linkreach.connect() as session, pytest.raises(linkreach.InvalidInput) as refused:
        session.match(["94", "ghost"], targets)
    assert f"no members have the ids 'ghost', 'nobody' ({targets}, line 2), 'no one' ({targets}, line 4)" == str(
        refused.value
    )


@pytest.mark.usefixtures("desk", "sample")
def test_a_snapshot_is_of_the_graph_and_of_no_other_world(tmp_path: Path) -> None:
    change = tmp_path / "change"
    (change / "remove").mkdir(parents=True)
    (change / "remove" / "connections.csv").write_text("a,b\n", "utf-8")
    with linkreach.connect() as session:
        for world in (session.world(change=change), session.world(snapshot=tmp_path / "old")):
            with pytest.raises(linkreach.InvalidInput, match="a snapshot is of the graph as it is"):
                session.snapshot(world, out=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.usefixtures("desk")
def test_pairs_and_their_introductions_are_of_one_graph(database: Database, tmp_path: Path) -> None:
    network = {"members": {"a": {}, "b": {}, "c": {}}, "connections": [["a", "b"], ["b", "c"]]}
    put(database, tmp_path, network, shipped_pack("article"))

    def load_again(*_: object) -> None:
        put(database, tmp_path, {**network, "connections": [["a", "c"]]}, shipped_pack("article"))

    with linkreach.connect() as session:
        assert session.match(["a"], ["c"], introductions=True).introduced
        with pytest.raises(linkreach.DatabaseError, match="the graph was loaded while it was asked"):
            session.match(["a"], ["c"], introductions=True, progress=load_again)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"neo4j_uri": "http://localhost"}, "the setting neo4j_uri: 'http://localhost' is no address of a Neo4j"),
        ({"neo4j_uri": "bolt://localhost:0"}, "the setting neo4j_uri"),
    ],
)
def test_a_setting_of_no_use_is_named(given: dict[str, str], problem: str) -> None:
    with pytest.raises(linkreach.InvalidInput, match=problem):
        linkreach.connect(**given)
