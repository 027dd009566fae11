"""Snapshots: what is read from the graph, of one version of it, and what lies in files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import feather

from graph.driver.database import Database
from graph.errors import GraphLoading, InvalidInput, InvalidSnapshot
from graph.snapshot.projection import project
from graph.snapshot.snapshot import FORMAT, Snapshot
from graph.world import World
from tests.rules import case_files
from tests.rules.agreement import product_pack
from tests.rules.by_hand import put_case
from tests.rules.oracle import Network, Pack
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.networks import put
from tests.support.snapshots import snapshot_of
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

ARTICLE = case_files.read_pack("article")
PARTS = ("members", "groups", "pages")


def same(one: Snapshot, other: Snapshot) -> bool:
    return all(getattr(one, part).to_pylist() == getattr(other, part).to_pylist() for part in PARTS)


@pytest.mark.parametrize("by", ["tier", "visibility"])
def test_a_projection_of_the_sample_is_the_network_of_its_files(by: str, sample: Database) -> None:
    found = project(sample, World(NOW, "article"), by=by)
    assert same(snapshot_of(ldbc_network(), Pack.of(ARTICLE), by), found)
    assert (1, len(ldbc_network().connections), by) == (found.version, found.connections, found.by)


@pytest.mark.parametrize("case", case_files.answered_cases()[::7], ids=lambda case: case.name)
def test_a_projection_of_a_case_is_the_network_of_the_case(
    case: case_files.Case, database: Database, tmp_path: Path
) -> None:
    put_case(database, tmp_path, case)
    expected = snapshot_of(Network.of(case.network), Pack.of(case.pack))
    assert same(expected, project(database, World(NOW, case.pack["name"])))


def test_a_load_meanwhile_makes_the_projection_read_again(database: Database, tmp_path: Path) -> None:
    put(database, tmp_path, {"members": {"a": {}, "b": {}}}, product_pack(ARTICLE))
    more = {"members": {"c": {}}, "groups": {"g": {}}, "group_members": [["a", "g"]]}  # the groups were read before
    loads: Iterator[dict[str, Any]] = iter([more])

    def load_once(*_: object) -> None:
        if network := next(loads, None):
            put(database, tmp_path, network, product_pack(ARTICLE))

    found = project(database, World(NOW, "article"), progress=load_once)
    assert (2, ["a", "b", "c"]) == (found.version, found.members["id"].to_pylist())
    assert [[0], [], []] == found.members["groups"].to_pylist()


def test_loads_without_an_end_are_told(database: Database, tmp_path: Path) -> None:
    def load(*_: object) -> None:
        put(database, tmp_path, {"members": {"a": {}}}, product_pack(ARTICLE))

    load()
    with pytest.raises(GraphLoading, match="a load is under way"):
        project(database, World(NOW, "article"), progress=load, tries=2)


def test_a_connection_takes_12_bytes_at_most_and_a_member_200(sample: Database) -> None:
    members = project(sample, World(NOW, "article"), by="visibility").members
    connections = members["connected_to"].combine_chunks().values
    assert connections.nbytes <= 12 * len(connections)
    assert members.nbytes - connections.nbytes <= 200 * members.num_rows + _of_ties(members)


def _of_ties(members: pa.Table) -> int:
    """The sample's members are in many groups and tied to many pages: four bytes each, eight for a time."""
    return sum(
        members[name].combine_chunks().values.nbytes for name in ("groups", "works_at", "works_until", "follows")
    )


# Files


def test_what_is_saved_is_what_is_opened(tmp_path: Path) -> None:
    snapshot = snapshot_of(ldbc_network(), Pack.of(ARTICLE), "visibility")
    for _ in range(2):  # the second takes the place of the first
        snapshot.save(tmp_path / "saved")
    opened = Snapshot.open(tmp_path / "saved")
    assert same(snapshot, opened)
    assert (snapshot.version, snapshot.pack, snapshot.by) == (opened.version, opened.pack, opened.by)
    assert ["saved"] == [path.name for path in tmp_path.iterdir()]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InvalidSnapshot, match="holds something else"):
        snapshot_of(ldbc_network(), Pack.of(ARTICLE)).save(tmp_path)
    assert ["mine.txt"] == [path.name for path in tmp_path.iterdir()]


def test_a_snapshot_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    snapshot, folder = snapshot_of(ldbc_network(), Pack.of(ARTICLE)), tmp_path / "saved"
    snapshot.save(folder)
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(InvalidSnapshot, match="holds something else"):
        snapshot.save(folder)
    assert same(snapshot, Snapshot.open(folder))
    assert "mine" == (folder / "mine.txt").read_text()


def test_a_snapshot_is_renewed_in_the_folder_that_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot, folder = snapshot_of(ldbc_network(), Pack.of(ARTICLE)), tmp_path / "saved"
    snapshot.save(folder)
    monkeypatch.chdir(folder)
    snapshot.save(Path())
    assert same(snapshot, Snapshot.open(folder))
    assert ["saved"] == [path.name for path in tmp_path.iterdir()]


@pytest.mark.parametrize("spoilt", ["nothing", "format", "half", "rows"])
def test_a_snapshot_that_cannot_be_read_is_one_line(spoilt: str, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    if spoilt != "nothing":
        snapshot_of(ldbc_network(), Pack.of(ARTICLE)).save(folder)
    match spoilt:
        case "format":
            about = folder / "snapshot.json"
            about.write_text(about.read_text().replace(f'"format": {FORMAT}', '"format": 0'))
        case "half":
            members = folder / "members.arrow"
            members.write_bytes(members.read_bytes()[:1000])
        case "rows":
            pages = feather.read_table(folder / "pages.arrow", memory_map=False)
            feather.write_feather(pages.slice(0, 1), folder / "pages.arrow", compression="uncompressed")
    with pytest.raises(InvalidSnapshot, match=str(folder)) as told:
        Snapshot.open(folder)
    assert "\n" not in str(told.value)


@pytest.mark.usefixtures("sample")
def test_a_report_of_a_saved_snapshot_is_that_of_the_graph(linkreach: Typed, desk: Path) -> None:
    assert 0 == linkreach("snapshot", "saved", "--by", "visibility").code
    at = ("--at", "2026-06-01")
    assert 0 == linkreach("report", "all", "--out", "again", "--snapshot", "saved", *at).code
    assert 0 == linkreach("report", "all", "--out", "first", "--by", "visibility", "--engine", "local", *at).code
    assert [path.read_bytes() for path in sorted((desk / "first").iterdir())] == [
        path.read_bytes() for path in sorted((desk / "again").iterdir())
    ]
    refused = linkreach("report", "all", "--out", "third", "--snapshot", "saved", "--engine", "cypher")
    assert (2, "") == (refused.code, refused.out)
    assert not (desk / "third").exists()


def test_a_column_that_nobody_has_is_an_error(database: Database, tmp_path: Path) -> None:
    put(database, tmp_path, {"members": {"a": {}}}, product_pack(ARTICLE))
    with pytest.raises(InvalidInput, match="no column 'colour'"):
        project(database, World(NOW, "article"), by="colour")
