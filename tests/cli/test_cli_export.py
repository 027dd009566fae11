"""What `linkreach export` writes, other libraries read back: members with their reach, and who is connected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from analysis.graph_files import write_graph
from graph.driver.database import Database
from graph.errors import InvalidInput
from graph.questions.names import names
from tests.rules.oracle import gone
from tests.support.ldbc import ldbc_network
from tests.support.paths import GOLDEN
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = "2026-11-23T00:00:00Z"
REACH = pd.read_csv(GOLDEN / "member_reach.csv", dtype={"member": str}, index_col="member")
READ: dict[str, Callable[[Any], nx.Graph[str]]] = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}
CENTRE = "8796093022357"


@pytest.fixture(scope="module")
def sample(module_sample: Database) -> Database:
    return module_sample


def reach_of(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: attributes[name] for name in REACH.columns}


def of_each(graph: nx.Graph[str], attribute: str) -> dict[str, Any]:
    return {member: values.get(attribute) for member, values in graph.nodes(data=True)}


def written(member: str) -> dict[str, Any]:
    return dict(REACH.loc[member].astype(object))


@pytest.mark.parametrize("form", READ)
def test_a_graph_file_has_everybody_with_their_report_and_every_connection(
    sample: Database, linkreach: Typed, desk: Path, form: str
) -> None:
    network = ldbc_network()
    answer = linkreach("export", f"whole.{form}", "--at", AT)
    assert (0, "") == (answer.code, answer.out), answer.err
    assert f"{len(network.members):,} members and {len(network.connections):,} connections are in" in answer.err
    found = READ[form](desk / f"whole.{form}")
    assert {frozenset(pair) for pair in network.connections} == {frozenset(edge) for edge in found.edges}
    assert {member: written(member) for member in network.members} == {
        member: reach_of(found.nodes[member]) for member in found
    }
    left = {member: gone(row) for member, row in network.members.items()}
    assert left == of_each(found, "gone")
    here = found.subgraph([member for member in found if not left[member]])
    assert {member: here.degree[member] for member in here} == {
        member: found.nodes[member]["degree_1"] for member in here
    }
    called = sample.read(names(members=[*network.members]))
    assert {each.id: each.name for each in called} == of_each(found, "label")


@pytest.mark.usefixtures("sample")
def test_parquet_has_a_row_a_member_with_those_after_them_to_whom_they_are_connected(
    linkreach: Typed, desk: Path
) -> None:
    network = ldbc_network()
    assert 0 == linkreach("export", "whole.parquet", "--at", AT).code
    found = pd.read_parquet(desk / "whole.parquet")
    pairs = found.explode("connected_to").dropna(subset="connected_to")[["member", "connected_to"]]
    assert {frozenset(pair) for pair in network.connections} == {
        frozenset(pair) for pair in pairs.itertuples(index=False)
    }
    assert len(network.connections) == len(pairs)
    assert {member: written(member) for member in sorted(network.members)} == {
        str(member): dict(row[REACH.columns]) for member, row in found.astype(object).set_index("member").iterrows()
    }


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(("degree", "form"), [(1, "gexf"), (2, "graphml"), (3, "gexf")])
def test_around_a_member_are_those_near_them_and_their_connections(
    linkreach: Typed, desk: Path, degree: int, form: str
) -> None:
    network = ldbc_network()
    distances = network.distances(CENTRE)
    near = {CENTRE: 0} | {member: steps for member, steps in distances.items() if 0 < steps <= degree}
    answer = linkreach("export", f"near.{form}", "--around", CENTRE, "--degree", str(degree), "--at", AT)
    assert 0 == answer.code, answer.err
    found = READ[form](desk / f"near.{form}")
    assert {member: written(member) for member in near} == {member: reach_of(found.nodes[member]) for member in found}
    assert near == of_each(found, "degree")
    assert {frozenset(pair) for pair in network.connections if near.keys() >= {*pair}} == {
        frozenset(edge) for edge in found.edges
    }


@pytest.mark.usefixtures("sample")
def test_what_cannot_be_exported_is_refused_before_anything_is_written(linkreach: Typed, desk: Path) -> None:
    (desk / "taken.gexf").mkdir()
    for typed, why in (
        (("network.csv",), "network.csv: its name ends in none of .graphml, .gexf, .parquet"),
        (("taken.gexf",), "Is a directory"),
        (("nowhere/network.gexf",), "No such file or directory"),
        (("network.gexf", "--degree", "2"), "say --around ID, too"),
        (("network.gexf", "--around", "nobody"), "no member has the id 'nobody'"),
    ):
        answer = linkreach("export", *typed)
        assert (2, "") == (answer.code, answer.out), typed
        assert why in answer.err
    assert ["taken.gexf"] == [each.name for each in desk.iterdir()]


@pytest.mark.parametrize("format", [".graphml", ".gexf"])
def test_a_text_that_xml_cannot_hold_is_named(tmp_path: Path, format: str) -> None:
    members = pd.DataFrame({"member": ["m1"], "label": ["bell \a"]})
    with (tmp_path / "file").open("wb") as file, pytest.raises(InvalidInput, match=r"'bell \\x07', of the member 'm1'"):
        write_graph(file, format, members, pd.DataFrame({"a": [], "b": []}))


def test_lists_of_neighbours_are_of_a_type_without_a_limit(tmp_path: Path) -> None:
    members = pd.DataFrame({"member": ["a", "b", "c", "d"]})
    with (tmp_path / "file").open("wb") as file:
        write_graph(file, ".parquet", members, pd.DataFrame({"a": [2, 0, 0], "b": [3, 2, 1]}))
    found = parquet.read_table(tmp_path / "file")["connected_to"]
    assert pa.types.is_large_list(found.type)
    assert pa.types.is_large_string(found.type.value_type)
    assert [["c", "b"], [], ["d"], []] == found.to_pylist()


@pytest.mark.parametrize("format", READ)
def test_texts_come_back_as_they_were(tmp_path: Path, format: str) -> None:
    texts = ['<&">', "  two  spaces ", "Zoë 🐈", "a\tb\nc", "nan", ""]
    members = pd.DataFrame({"member": [f"id {text}" for text in texts], "label": texts, "degree": range(6)})
    with (tmp_path / "file").open("wb") as file:
        write_graph(file, f".{format}", members, pd.DataFrame({"a": [0], "b": [5]}))
    found = READ[format](tmp_path / "file")
    assert {f"id {text}": {"label": text, "degree": place} for place, text in enumerate(texts)} == {
        id: {name: values[name] for name in ("label", "degree")} for id, values in found.nodes(data=True)
    }
    assert [("id " + texts[0], "id ")] == [*found.edges]
