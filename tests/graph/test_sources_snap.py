"""SNAP's ego networks, as a newcomer's reading of the files has them, and judged as the oracle judges them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from graph.driver.database import Database
from graph.errors import InvalidInput
from graph.loading import loading
from graph.questions import verdicts
from graph.rules import pack_store, rule_pack
from graph.sources import open_source
from graph.sources.chunks import Reject, Source
from graph.world import World
from tests.rules import oracle_assumed
from tests.rules.agreement import comparable
from tests.rules.case_files import read_pack
from tests.rules.oracle import Network, Pack
from tests.rules.random_networks import NOW
from tests.support import snap
from tests.support.snap import rows, snap_network

PAIRS = 400

EGO = {
    "7.edges": "1 2\n2 1\n",
    "7.circles": "circle0\t1\t3\ncircle1\t7\n",
    "7.featnames": "0 gender;anonymized feature 77\n1 work;employer;id;anonymized feature 5\n",
    "7.feat": "1 1 1\n4 0 0\n",
    "7.egofeat": "0 1\n",
}


def ego(folder: Path, **changes: str) -> Path:
    for name, text in {**EGO, **{f"7.{kind}": text for kind, text in changes.items()}}.items():
        (folder / name).write_text(text)
    return folder


def rejects(source: Source) -> list[Reject]:
    return [reject for chunk in source.chunks() for reject in chunk.rejects]


def test_whoever_stands_in_a_file_is_a_member_and_so_is_the_ego(tmp_path: Path) -> None:
    assert [("7",), ("1",), ("2",), ("3",), ("4",)] == rows(open_source(ego(tmp_path)), "members")


def test_the_ego_is_connected_to_everybody_else_in_its_files(tmp_path: Path) -> None:
    around = [("7", "1"), ("7", "2"), ("7", "3"), ("7", "4")]
    assert [("1", "2"), ("2", "1"), *around] == rows(open_source(ego(tmp_path)), "connections")


def test_a_circle_is_a_group_of_its_ego(tmp_path: Path) -> None:
    source = open_source(ego(tmp_path))
    assert [("7-circle0", "circle0"), ("7-circle1", "circle1")] == rows(source, "groups")
    assert [("1", "7-circle0"), ("3", "7-circle0"), ("7", "7-circle1")] == rows(source, "group_members")


def test_an_employer_is_a_company_and_no_other_feature_is_anything(tmp_path: Path) -> None:
    source = open_source(ego(tmp_path))
    assert [("anonymized feature 5", "anonymized feature 5")] == rows(source, "companies")
    assert [("7", "anonymized feature 5"), ("1", "anonymized feature 5")] == rows(source, "company_members")


def test_egos_share_people_and_employers(tmp_path: Path) -> None:
    for name, text in EGO.items():
        (tmp_path / name.replace("7.", "8.")).write_text(text)
    source = open_source(ego(tmp_path))
    assert [("7",), ("1",), ("2",), ("3",), ("4",), ("8",)] == rows(source, "members")
    assert ["anonymized feature 5"] == [id for id, _ in rows(source, "companies")]
    assert ["7-circle0", "7-circle1", "8-circle0", "8-circle1"] == [id for id, _ in rows(source, "groups")]


def test_a_row_that_cannot_be_read_is_set_aside_and_declares_nobody(tmp_path: Path) -> None:
    source = open_source(ego(tmp_path, edges="1 2 3\n5 5\n1 2\n", feat="8 1\n4 0 2\n", egofeat="1\n"))
    assert [("7",), ("1",), ("2",), ("3",), ("4",)] == rows(source, "members")
    assert [
        Reject("7.edges", 1, "", "1 2 3", "3 cells, where a connection has 2"),
        Reject("7.egofeat", 1, "", "7", "1 features, where 7.featnames has 2"),
        Reject("7.feat", 1, "", "8", "1 features, where 7.featnames has 2"),
        Reject("7.feat", 2, "work;employer;id;anonymized feature 5", "2", "not 0 or 1"),
    ] == rejects(source)


def test_only_white_space_of_ascii_parts_words(tmp_path: Path) -> None:
    source = open_source(ego(tmp_path, circles="\u00a0\nclo\u00a0se 1\n"))
    assert ["7-\u00a0", "7-clo\u00a0se"] == [id for id, _ in rows(source, "groups")]


def test_the_connections_alone_are_an_edge_list(tmp_path: Path) -> None:
    (tmp_path / "7.edges").write_text("1 2\n")
    assert [("1",), ("2",)] == rows(open_source(tmp_path), "members")


@pytest.mark.parametrize("names", ["1 gender\n", "0 gender\n2 work\n", "gender;0\n", "0\n"])
def test_names_of_features_that_are_not_numbered_in_order_are_refused(tmp_path: Path, names: str) -> None:
    with pytest.raises(InvalidInput, match=r"7\.featnames, line \d: should be \d and the name of that feature"):
        open_source(ego(tmp_path, featnames=names))


def test_features_without_their_names_are_refused(tmp_path: Path) -> None:
    (ego(tmp_path) / "7.featnames").unlink()
    with pytest.raises(InvalidInput, match=r"7\.feat needs 7\.featnames beside it"):
        open_source(tmp_path)


def test_a_file_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    (ego(tmp_path) / "7.edges.gz").write_bytes(b"")
    with pytest.raises(InvalidInput, match=r"has both 7\.edges and 7\.edges\.gz: keep one"):
        open_source(tmp_path)


# ── SNAP's own files ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def facebook(tmp_path: Path) -> Path:
    """SNAP's three egos with settings and blocks beside them."""
    if not snap.DATA.is_dir():
        pytest.skip(f"the data of SNAP is not at {snap.DATA}")
    return snap.with_settings(tmp_path)


def test_the_egos_of_snap_load_whole_and_are_judged_as_the_oracle_judges(database: Database, facebook: Path) -> None:
    for name in rule_pack.SHIPPED:
        database.write(pack_store.save_pack(rule_pack.shipped_pack(name)))
    tiers = database.read(pack_store.loaded_tiers())
    report = loading.load(database, open_source(facebook), tiers=tiers, reject=lambda reject: pytest.fail(str(reject)))
    network = snap_network(facebook)
    assert (len(network.members), 45, 32) == tuple(report.loaded[name] for name in ("members", "groups", "companies"))
    pairs = Random(snap.SEED).sample(list(permutations(sorted(network.members), 2)), PAIRS)
    assert [] == differences(database, network, pairs)


def differences(database: Database, network: Network, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs on which the product's verdict is not the oracle's."""
    wrong = []
    for name in rule_pack.SHIPPED:
        pack = Pack.of(read_pack(name))
        found = database.read(verdicts.verdicts(pairs, World(NOW, name)))
        for (sender, recipient), verdict in zip(pairs, found, strict=True):
            if oracle_assumed.verdict(network, pack, sender, recipient, NOW) != comparable(verdict):
                wrong.append((sender, recipient))
    return wrong
