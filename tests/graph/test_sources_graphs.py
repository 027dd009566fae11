"""Graphs in a file: GraphML, GEXF, GML and Pajek become members and connections, and what does not is told."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from graph.errors import InvalidInput, NearlyFits, UnknownSource
from graph.sources import FORMATS, open_source
from graph.sources.chunks import Hints
from graph.sources.graph_files import GraphFileSource
from tests.support.sources import connections, lines, members, notes, rows, write

WRITERS: dict[str, tuple[str, Callable[[Any, Path], None]]] = {
    "graphml": ("net.graphml", nx.write_graphml_xml),
    "gexf": ("net.gexf", nx.write_gexf),
    "gml": ("net.gml", nx.write_gml),
    "pajek": ("net.net", nx.write_pajek),
}
WITH_ATTRIBUTES = ("graphml", "gexf", "gml")


def written(folder: Path, format: str, graph: nx.Graph[str]) -> Path:
    name, writer = WRITERS[format]
    writer(graph, folder / name)
    return folder / name


def friends() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("ada", Tier="business", inmail_credits=5.0, open_profile=True, city="Delft")
    graph.add_node("ben", Tier="free", inmail_credits=2.0, open_profile=False)
    graph.add_edge("ada", "ben", weight=3, strength=40, since="2020-01-01")
    return graph


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("format", WRITERS)
def test_nodes_are_members_and_edges_connections(tmp_path: Path, format: str, named: bool) -> None:
    path = written(tmp_path, format, nx.path_graph(["ada", "ben", "Cy Wu"]))
    for where in (path, tmp_path):
        source = open_source(where, format if named else "auto")
        assert isinstance(source, GraphFileSource)
        assert ["ada", "ben", "Cy Wu"] == members(source)
        assert [("ada", "ben"), ("ben", "Cy Wu")] == connections(source)
        assert ([1, 2, 3], [1, 2]) == (lines(source, "members"), lines(source, "connections"))


@pytest.mark.parametrize("format", WITH_ATTRIBUTES)
def test_attributes_are_columns(tmp_path: Path, format: str) -> None:
    source = open_source(written(tmp_path, format, friends()))
    ada, ben = rows(source, "members")
    assert {"tier": "business", "inmail_credits": "5", "city": "Delft"}.items() <= ada.items()
    assert {"tier": "free", "inmail_credits": "2", "city": ""}.items() <= ben.items()
    assert [{"a": "ada", "b": "ben", "strength": "40", "since": "2020-01-01"}] == rows(source, "connections")
    said = [text for _, text in notes(source)]
    assert "attributes of nodes kept as columns of your own: city" in said
    assert any(text.startswith("attributes of edges not read:") and "weight" in text for text in said)


@pytest.mark.parametrize("format", WITH_ATTRIBUTES)
def test_an_attribute_that_nearly_fits_is_refused(tmp_path: Path, format: str) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("ada", statu="closed")
    with pytest.raises(NearlyFits, match="'statu' means nothing here: did you mean 'status'"):
        open_source(written(tmp_path, format, graph))


@pytest.mark.parametrize("format", WRITERS)
def test_a_directed_graph_is_read_as_connections_and_that_is_told(tmp_path: Path, format: str) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph([("a", "b"), ("b", "a"), ("a", "b")])
    source = open_source(written(tmp_path, format, graph))
    assert [("a", "b"), ("a", "b"), ("b", "a")] == sorted(connections(source))
    assert "directed: read as connections, whoever points at whom" in [text for _, text in notes(source)]


@pytest.mark.parametrize("format", WRITERS)
def test_a_graph_may_be_compressed_and_have_settings_beside(tmp_path: Path, format: str) -> None:
    path = written(tmp_path, format, nx.path_graph(["ada", "ben"]))
    path.write_bytes(gzip.compress(path.read_bytes()))
    write(tmp_path, {"settings.csv": "id,tier\nada,free\n"})
    source = open_source(path)
    assert [("ada", "ben")] == connections(source)
    assert [{"id": "ada", "tier": "free"}] == rows(source, "settings")


@pytest.mark.parametrize("format", WRITERS)
def test_a_file_that_is_cut_short_is_one_line(tmp_path: Path, format: str) -> None:
    path = written(tmp_path, format, nx.path_graph([f"member {number}" for number in range(50)]))
    text = path.read_text("utf-8")
    path.write_text(text[: len(text) // 3 if format == "pajek" else -20], "utf-8")
    with pytest.raises(InvalidInput, match=path.name) as refused:
        open_source(path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("format", WRITERS)
def test_another_file_is_not_of_the_format(tmp_path: Path, format: str) -> None:
    path = write(tmp_path, {"net.xml": "0 1\n"}) / "net.xml"
    with pytest.raises(UnknownSource, match=f"not of the format {format}: there is no file that begins with"):
        open_source(path, format)


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────

NS = 'xmlns="http://graphml.graphdrawing.org/xmlns"'


def graphml(folder: Path, inner: str, before: str = "", attributes: str = 'edgedefault="undirected"') -> Path:
    text = f"<?xml version='1.0'?>\n{before}<graphml {NS}>{inner}</graphml>\n"
    return write(folder, {"net.graphml": text.replace("<graph>", f"<graph {attributes}>")}) / "net.graphml"


def test_a_default_is_the_value_where_there_is_none(tmp_path: Path) -> None:
    key = '<key id="k" for="node" attr.name="status" attr.type="string"><default>closed</default></key>'
    nodes = '<node id="a"/><node id="b"><data key="k">active</data></node>'
    source = open_source(graphml(tmp_path, f"{key}<graph>{nodes}</graph>"))
    assert [{"id": "a", "status": "closed"}, {"id": "b", "status": "active"}] == rows(source, "members")


def test_an_end_that_no_node_has_is_nobody(tmp_path: Path) -> None:
    source = open_source(graphml(tmp_path, '<graph><node id="a"/><edge source="a" target="z"/></graph>'))
    assert (["a"], [("a", "z")]) == (members(source), connections(source))


def test_the_label_is_the_name_where_there_is_no_other(tmp_path: Path) -> None:
    keys = '<key id="l" for="node" attr.name="label" attr.type="string"/>'
    node = '<node id="n0"><data key="l">Ada</data></node>'
    source = open_source(graphml(tmp_path, f"{keys}<graph>{node}</graph>"))
    assert [{"id": "n0", "name": "Ada"}] == rows(source, "members")
    named = keys + '<key id="n" for="node" attr.name="name" attr.type="string"/>'
    both = node.replace("</node>", '<data key="n">Ada L</data></node>')
    source = open_source(graphml(tmp_path, f"{named}<graph>{both}</graph>"))
    assert [{"id": "n0", "name": "Ada L", "label": "Ada"}] == rows(source, "members")


def test_an_attribute_id_is_not_the_id(tmp_path: Path) -> None:
    key = '<key id="k" for="node" attr.name="id" attr.type="string"/>'
    source = open_source(graphml(tmp_path, f'{key}<graph><node id="n0"><data key="k">7</data></node></graph>'))
    assert [{"id": "n0"}] == rows(source, "members")
    assert ("net.graphml", "attribute id of nodes not read: a node has an id of its own") in notes(source)


def test_latin_1_is_read_where_xml_declares_it_or_somebody_names_it(tmp_path: Path) -> None:
    for declared, hints in (("encoding='iso-8859-1'", Hints()), ("", Hints(encoding="latin-1"))):
        text = f"<?xml version='1.0' {declared}?><graphml {NS}><graph><node id='Müller'/></graph></graphml>"
        (tmp_path / "net.graphml").write_bytes(text.encode("latin-1"))
        assert ["Müller"] == members(open_source(tmp_path / "net.graphml", hints=hints))


LAUGHS = '<!DOCTYPE graphml [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
ELSEWHERE = '<!DOCTYPE graphml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(("before", "node"), [(LAUGHS, "&b;"), (ELSEWHERE, "&x;")], ids=["entities", "other files"])
def test_xml_that_declares_entities_or_leads_elsewhere_is_refused(tmp_path: Path, before: str, node: str) -> None:
    path = graphml(tmp_path, f'<graph><node id="a">{node}</node></graph>', before)
    with pytest.raises(InvalidInput, match="declares entities or leads to other files, and is not read"):
        open_source(path)


@pytest.mark.parametrize(
    ("inner", "problem"),
    [
        ('<graph><node id="a"/><node id="a"/></graph>', "the id 'a' stands for 2 nodes"),
        ('<graph><node id="a"/></graph><graph><node id="b"/></graph>', "the node 'b' stands in a graph of its own"),
        (
            '<graph><node id="a"><graph><node id="b"/></graph></node></graph>',
            "the node 'a' holds a graph of its own",
        ),
        ('<graph><node id="a"/><hyperedge/></graph>', "has hyperedges"),
        ('<graph><node id="a"><data key="x">1</data></node></graph>', "cannot be read as GraphML: .* no key x"),
    ],
)
def test_what_would_be_lost_is_refused(tmp_path: Path, inner: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=rf"net\.graphml.*{problem}"):
        open_source(graphml(tmp_path, inner))


# ── GML ──────────────────────────────────────────────────────────────────────────────────────────


def gml(folder: Path, *lines: str) -> Path:
    return write(folder, {"net.gml": "\n".join(['Creator "somebody"', "graph", "[", *lines, "]", ""])}) / "net.gml"


def test_gml_may_be_utf_8_and_repeat_edges_without_saying_so(tmp_path: Path) -> None:
    nodes = ['node [ id 1 label "Zoë" ]', 'node [ id 2 label "Ben" ]']
    source = open_source(gml(tmp_path, *nodes, "edge [ source 1 target 2 ]", "edge [ source 2 target 1 ]"))
    assert ["Zoë", "Ben"] == members(source)
    assert 2 == len(connections(source))


def test_nodes_of_gml_without_labels_are_their_numbers(tmp_path: Path) -> None:
    source = open_source(gml(tmp_path, "node [ id 1 ]", "node [ id 2 ]", "edge [ source 1 target 2 ]"))
    assert [("1", "2")] == connections(source)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (['node [ id 1 label "Sam" ]', 'node [ id 2 label "Sam" ]'], "the label 'Sam' stands for 2 nodes"),
        (['node [ id 1 label "Sam" ]', "node [ id 2 ]"], "the node 2 has no label, where others have one"),
        (["node [ id 1 ]", "edge [ source 1 target 3 ]"], "cannot be read as GML: edge #0 has undefined target 3"),
    ],
)
def test_gml_that_would_be_misread_is_refused(tmp_path: Path, lines: list[str], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        open_source(gml(tmp_path, *lines))


# ── Pajek ────────────────────────────────────────────────────────────────────────────────────────


def pajek(folder: Path, text: str) -> Path:
    return write(folder, {"net.net": text}) / "net.net"


def test_vertices_of_pajek_that_are_not_listed_are_their_numbers(tmp_path: Path) -> None:
    source = open_source(pajek(tmp_path, '% c\n*Vertices 4\n2 "Ada Li"\n3\n*Arcs :1 "friends"\n1 2\n*Edges\n2 3\n'))
    assert ["1", "Ada Li", "3", "4"] == members(source)
    assert [("1", "Ada Li"), ("Ada Li", "3")] == connections(source)
    assert ("net.net", "1 comment line not read") in notes(source)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('*Vertices 2\n1 "Sam"\n2 "Sam"\n*Edges\n1 2\n', "the label 'Sam' stands for 2 nodes"),
        ("*Vertices 2\n*Edges\n1 2\n*Partition\n1\n2\n", r"line 4: \*partition is not read"),
        ("*Vertices 5 2\n*Edges\n1 3\n", "is a Pajek network of two kinds"),
        ("*Vertices 2\n*Vertices 2\n*Edges\n1 2\n", r"a network of one kind has \*Vertices once"),
        ("*Vertices 2\n1 a\n7 b\n*Edges\n1 2\n", "the vertex 7 is none of 1 to 2"),
        ("*Vertices 9999999999\n*Edges\n1 2\n", "line 1: more than 10,000,000 vertices are not read"),
        ("*Edges\n1 2\n", r"has no \*Vertices"),
        ('*Vertices 1\n1 "open\n*Edges\n', "cannot be read as Pajek: No closing quotation"),
    ],
)
def test_pajek_that_would_be_misread_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=rf"net\.net.*{problem}"):
        open_source(pajek(tmp_path, text))


def test_every_format_has_a_probe_and_says_what_it_looks_for() -> None:
    foreign = ["graphml", "gexf", "gml", "pajek"]
    assert [*FORMATS] == ["native", "ldbc", "snap-ego", "linkedin", "edges", "konect", *foreign]
    assert all(callable(format.recognises) and format.looks_for for format in FORMATS.values())


@pytest.mark.parametrize("section", ["*Edgeslist", "*Arcslist"])
def test_lists_of_pajek_are_a_connection_each(tmp_path: Path, section: str) -> None:
    path = write(tmp_path, {"net.net": f"*Vertices 3\n1 ada\n2 ben\n3 cy\n{section}\n1 2 3\n"}) / "net.net"
    assert [("ada", "ben"), ("ada", "cy")] == connections(open_source(path))


@pytest.mark.parametrize(
    ("root", "namespace"),
    [
        ("gexf", "http://www.gexf.net/1.3"),
        ("gexf", "http://www.gexf.net/1.2"),
        ("graphml", "http://graphml.graphdrawing.org/xmlns/graphml"),
    ],
)
def test_namespaces_are_read_as_programs_write_them(tmp_path: Path, root: str, namespace: str) -> None:
    nodes, edges = '<node id="a"/><node id="b"/>', '<edge id="0" source="a" target="b"/>'
    if root == "gexf":
        nodes, edges = f"<nodes>{nodes}</nodes>".replace("/>", ' label=""/>'), f"<edges>{edges}</edges>"
    text = f'<{root} xmlns="{namespace}"><graph edgedefault="undirected">{nodes}{edges}</graph></{root}>'
    assert [("a", "b")] == connections(open_source(write(tmp_path, {"net.xml": text}) / "net.xml"))


def test_nodes_within_others_are_told(tmp_path: Path) -> None:
    inner = '<node id="g" yfiles.foldertype="group"><graph edgedefault="undirected"><node id="a"/></graph></node>'
    xmlns = "http://graphml.graphdrawing.org/xmlns"
    text = f'<graphml xmlns="{xmlns}"><graph edgedefault="undirected">{inner}</graph></graphml>'
    source = open_source(write(tmp_path, {"net.graphml": text}) / "net.graphml")
    assert ["g", "a"] == sorted(members(source), reverse=True)
    assert ("net.graphml", "1 node stands within others: all are members") in notes(source)
