"""A generated network is like a real one, the same for the same seed, and loads whole."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from api.main import run
from graph.driver.database import Database
from graph.errors import InvalidInput
from graph.generate.generator import generate
from graph.generate.measures import clustering, measure, tail, top_share
from graph.generate.network import Network, draw_network
from graph.loading import loading
from graph.sources import open_source

TIERS = frozenset({"free", "career", "business", "sales_navigator"})
FILES = ["blocks", "companies", "company_members", "connections", "group_members", "groups", "members"]


@cache
def drawn(members: int, mean_degree: float, seed: int = 1) -> Network:
    return draw_network(members, mean_degree, seed, lambda *_: None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand members as files."""
    folder = tmp_path_factory.mktemp("generated") / "new"
    generate(folder, members=1_000, mean_degree=12, seed=1)
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sizes(rows: list[dict[str, str]], column: str) -> list[int]:
    """How many rows each value has, the most first."""
    return sorted(Counter(row[column] for row in rows).values(), reverse=True)


# ── like a real one ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("members", "mean_degree"), [(1_000, 10), (1_000, 24), (1_000, 48), (10_000, 10), (10_000, 48)]
)
def test_it_has_a_heavy_tail_triangles_and_hubs(members: int, mean_degree: float) -> None:
    measures = measure(drawn(members, mean_degree))
    assert members * mean_degree / 2 == measures.connections
    assert 2 <= measures.tail_exponent <= 3.5
    assert 0.1 <= measures.clustering <= 0.4
    assert 0.05 <= measures.top_share <= 0.25
    assert measures.median_degree < measures.mean_degree < measures.largest_degree / 5


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_so_it_has_with_other_seeds(seed: int) -> None:
    measures = measure(drawn(1_000, 24, seed))
    assert 2 <= measures.tail_exponent <= 3.5
    assert 0.1 <= measures.clustering <= 0.4


def test_people_of_one_company_are_connected_far_more_often_than_by_chance() -> None:
    network = drawn(10_000, 48)
    within = np.mean(network.company[network.a] == network.company[network.b])
    by_chance = np.sum((np.bincount(network.company) / network.members) ** 2)
    assert within > 10 * by_chance


def test_every_pair_is_connected_once_and_nobody_with_themselves() -> None:
    network = drawn(10_000, 48)
    assert np.all(network.a < network.b)
    assert len(network.a) == len(np.unique(network.a * network.members + network.b))


def test_companies_and_groups_are_few_large_and_many_small_ones_and_groups_overlap(folder: Path) -> None:
    for name, column in (("company_members", "company"), ("group_members", "group")):
        by_size = sizes(table(folder, name), column)
        assert by_size[0] > 3 * by_size[len(by_size) // 2]
    assert sizes(table(folder, "group_members"), "member")[len(table(folder, "members")) // 3] >= 3


def test_tiers_settings_and_blocks_have_every_value(folder: Path) -> None:
    members = table(folder, "members")
    assert TIERS == {row["tier"] for row in members}
    assert {"public", "network", "connections", "private"} == {row["visibility"] for row in members}
    assert {"active", "restricted", "deactivated", "closed"} == {row["status"] for row in members}
    assert {"block", "limit"} == {row["kind"] for row in table(folder, "blocks")}
    assert {"true", "false"} == {row["messaging"] for row in table(folder, "groups")}
    ties = table(folder, "company_members")
    assert {("works_at", True), ("works_at", False), ("follows", False)} == {(t["tie"], t["until"] != "") for t in ties}


def test_people_and_companies_have_names_and_few_share_theirs(folder: Path) -> None:
    for name in ("members", "companies"):
        names = [row["name"] for row in table(folder, name)]
        assert len(names) * 0.9 < len(set(names))
        assert all(re.fullmatch(r"\w+ \w[\w ]*", each) for each in names)


# ── the files ────────────────────────────────────────────────────────────────────────────────────


def test_the_files_load_whole(folder: Path, database: Database) -> None:
    report = loading.load(database, open_source(folder), tiers=TIERS, reject=lambda reject: pytest.fail(str(reject)))
    assert {name: len(table(folder, name)) for name in FILES} == report.loaded


def test_rows_stand_there_once(folder: Path) -> None:
    keys = {
        "members": ["id"],
        "connections": ["a", "b"],
        "group_members": ["member", "group"],
        "company_members": ["member", "company", "tie", "since"],
        "blocks": ["member", "other"],
    }
    for name, columns in keys.items():
        assert {1} == set(Counter(tuple(row[column] for column in columns) for row in table(folder, name)).values())


def test_the_order_of_ids_as_text_is_not_that_of_their_numbers(folder: Path) -> None:
    ids = [row["id"] for row in table(folder, "members")]
    assert 1_000 == len(set(ids))
    assert sorted(ids) != ids


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", members=1_000, mean_degree=12, seed=1)
    generate(tmp_path / "other", members=1_000, mean_degree=12, seed=2)
    assert [f"{name}.csv" for name in FILES] == sorted(path.name for path in folder.iterdir())
    for name in FILES:
        bytes_ = (folder / f"{name}.csv").read_bytes()
        assert bytes_ == (tmp_path / "again" / f"{name}.csv").read_bytes()
        assert bytes_ != (tmp_path / "other" / f"{name}.csv").read_bytes()


@pytest.mark.parametrize(
    ("members", "mean_degree", "problem"),
    [
        (999, 12, "999 members: say 1,000 to 10,000,000"),
        (10_000_001, 12, "10,000,001 members"),
        (1_000, 9.5, "a mean degree of 9.5: among 1,000 members, say 10 to 50"),
        (1_000, 51, "say 10 to 50"),
        (100_000, 101, "say 10 to 100"),
    ],
)
def test_a_number_out_of_its_range_is_one_line(tmp_path: Path, members: int, mean_degree: float, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        generate(tmp_path / "new", members=members, mean_degree=mean_degree, seed=1)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InvalidInput, match="is there already: name a new folder"):
        generate(tmp_path, members=1_000, mean_degree=12, seed=1)
    assert ["mine.txt"] == [path.name for path in tmp_path.iterdir()]


def test_the_command_says_how_it_came_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new"
    assert 0 == run(["generate", str(out), "--members", "1000", "--mean-degree", "12", "--seed", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert [
        "members",
        "connections",
        "degree: mean, median, most",
        "tail exponent",
        "clustering",
        "share of the top 1 %",
    ] == [line[:28].strip() for line in lines]
    assert 6_000 == len(table(out, "connections"))


# ── the measures ─────────────────────────────────────────────────────────────────────────────────


def network_of(pairs: list[tuple[int, int]], members: int) -> Network:
    """A network that has these connections and nothing else."""
    a, b = np.array(pairs).T
    none = np.empty(0, np.int64)
    no_flags, no_pairs = none.astype(bool), (none, none)
    return Network(
        members, a, b, none, none, no_flags, none, none, none, none, none, no_flags, no_pairs, no_pairs, no_pairs
    )


def test_clustering_is_the_mean_share_of_connected_pairs_around_a_member() -> None:
    triangle_with_a_tail = network_of([(0, 1), (0, 2), (1, 2), (2, 3)], 5)
    assert pytest.approx((1 + 1 + 1 / 3 + 0 + 0) / 5) == clustering(triangle_with_a_tail, np.arange(5))
    assert pytest.approx(1 / 3) == clustering(triangle_with_a_tail, np.array([2]))


def test_the_exponent_of_a_power_law_is_found_again() -> None:
    uniform = np.random.Generator(np.random.PCG64(1)).random(50_000)
    degrees = np.floor(9.5 * (1 - uniform) ** (-1 / 1.5) + 0.5).astype(np.int64)
    exponent, begins = tail(degrees)
    assert pytest.approx(2.5, abs=0.05) == exponent
    assert begins < 20


def test_degrees_without_a_heavy_tail_have_a_steep_one() -> None:
    uniform = np.random.Generator(np.random.PCG64(1)).random((50_000, 48))
    assert tail(np.sum(uniform < 0.5, axis=1))[0] > 5


def test_the_top_share_is_that_of_one_in_a_hundred() -> None:
    assert 0.5 == top_share(np.array([198, *[2] * 99]))
    assert measure(network_of([(0, 1)], 2)).top_share == 0.5


def test_above_ten_thousand_members_clustering_is_sampled_and_says_so() -> None:
    exact, sampled = measure(drawn(10_000, 10)), measure(drawn(12_000, 10))
    assert (10_000, 10_000) == (exact.clustering_of, sampled.clustering_of)
    assert clustering(drawn(12_000, 10), np.arange(12_000)) == pytest.approx(sampled.clustering, abs=0.02)
