"""Graphs in a file, by the readers of networkx: GraphML, GEXF, GML and Pajek.

- A node is a member: its id is the node's own, in GML and Pajek the label, where there is one. Attributes of nodes are
  columns of members, as if they stood in `members.csv`; a `label` that is not the id is the name.
- An edge is a connection, whichever way it points. Of its attributes those count that connections have, `since` and
  `strength`; a weight says nothing that we know.
- Whoever only an edge names is nobody: such an edge is set aside.

A row's line is its number among the nodes or edges. XML that declares entities, or leads to other files, is refused.
`settings` and `blocks` may stand beside the file.
Source: the documentation of networkx, "Reading and writing graphs".
"""

from __future__ import annotations

import io
import re
import shlex
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from graph.errors import ForeignFile, InvalidInput, LinkreachError, UnknownSource
from graph.model import CONNECTIONS, MEMBERS, Table
from graph.sources.chunks import NO_HINTS, Chunk, Hints, Note
from graph.sources.delimited import ROWS_AT_ONCE
from graph.sources.files import File, Folder, only_entry
from graph.sources.foreign import graph_format
from graph.sources.names import folded, matched
from graph.sources.packed import Packed
from graph.sources.settings import files_beside
from graph.sources.tables import unread, unread_within
from graph.sources.text import TextFile, peek
from graph.sources.workbook import number_text

if TYPE_CHECKING:
    import networkx as nx

_PAJEK_EDGES = ("*edges", "*arcs", "*matrix")
_MOST_VERTICES = 10_000_000  # a line is enough to ask for any number
_PAJEK_LISTS = {"*edgeslist": "*edges", "*arcslist": "*arcs"}  # whom the first of a line knows
_NAMESPACES = {
    b"http://www.gexf.net/1.2draft": rb"https?://(www\.)?gexf\.net/(1\.0(draft)?|1\.2|1\.3draft)",
    b"http://gexf.net/1.3": rb"https?://www\.gexf\.net/1\.3",
    b"http://graphml.graphdrawing.org/xmlns": rb"https?://graphml\.graphdrawing\.org/xmlns/(graphml|1\.\d[\w/]*)",
}
_ENDINGS = re.compile(r".+\.(graphml|gexf|gml|net|paj|xml)(\.(gz|bz2|xz|zip))?", re.IGNORECASE)

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class Graph:
    """What a file holds: nodes by id, edges by the ids of their ends, each with attributes; defaults of attributes."""

    nodes: Sequence[tuple[str, Attributes]]
    edges: Sequence[tuple[str, str, Attributes]]
    directed: bool
    node_defaults: Attributes = field(default_factory=dict)
    edge_defaults: Attributes = field(default_factory=dict)
    notes: Sequence[str] = ()


class GraphFileSource:
    """One graph in a file of a format, or in the folder in which it stands alone; read when it was opened.

    Raises InvalidInput where the file is not whole, or holds what cannot become members and connections.
    """

    format: ClassVar[str]
    title: ClassVar[str]
    looks_for: ClassVar[str]

    def __init__(self, path: Path, hints: Hints = NO_HINTS) -> None:
        file, folder = _place(path)
        if file is None or graph_format(peek(file)) != self.format:
            raise UnknownSource(f"{path} is not of the format {self.format}: there is no {self.looks_for}")
        self._file = file
        self._graph = self._read(file, hints)
        self._nodes = _Cells(MEMBERS, ("id",), [data for _, data in self._graph.nodes], self._graph.node_defaults, file)
        edges = [data for *_, data in self._graph.edges]
        self._edges = _Cells(CONNECTIONS, ("a", "b"), edges, self._graph.edge_defaults, file)
        self._beside, others = files_beside(folder, hints)
        self._unread: list[Note] = []
        if not path.is_file():
            why = f"the network is in {file.name}"
            self._unread = unread([other for other in others if other.file != file], why)
            self._unread += unread_within(folder, [], why)

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Whether there is one file that begins as those of the format do."""
        file, _ = _place(path)
        return file is not None and graph_format(peek(file)) == cls.format

    def chunks(self) -> Iterator[Chunk]:
        """All rows: nodes, then edges, then settings and blocks."""
        name = self._file.name
        yield from self._nodes.chunks(name, {"id": [id for id, _ in self._graph.nodes]})
        ends = {"a": [a for a, _, _ in self._graph.edges], "b": [b for _, b, _ in self._graph.edges]}
        yield from self._edges.chunks(name, ends)
        for file in self._beside:
            yield from file.chunks()

    def notes(self) -> list[Note]:
        """How the graph is read, and what of it is not."""
        said = [self.title, *self._graph.notes, *self._nodes.notes("nodes"), *self._edges.notes("edges")]
        if self._graph.directed:
            said.append("directed: read as connections, whoever points at whom")
        beside = [note for file in self._beside for note in file.notes()]
        return [Note(self._file.name, text) for text in said] + beside + self._unread

    def _read(self, file: File, hints: Hints) -> Graph:
        try:
            with warnings.catch_warnings(action="ignore"):
                return self._graph_of(file, hints)
        except LinkreachError:
            raise
        except Exception as error:  # whatever the reader stumbles over
            why = " ".join(str(error).split()) or "it ends too early"
            raise InvalidInput(f"{file} cannot be read as {self.title}: {why}") from error

    def _graph_of(self, file: File, hints: Hints) -> Graph:
        raise NotImplementedError


class GraphMLSource(GraphFileSource):
    """GraphML, also as yEd, Gephi and igraph write it."""

    format = "graphml"
    title = "GraphML"
    looks_for = "file that begins with <graphml>"

    def _graph_of(self, file: File, hints: Hints) -> Graph:
        import networkx as nx

        return _of_xml(file, hints, nx.read_graphml)


class GexfSource(GraphFileSource):
    """GEXF, of Gephi."""

    format = "gexf"
    title = "GEXF"
    looks_for = "file that begins with <gexf>"

    def _graph_of(self, file: File, hints: Hints) -> Graph:
        import networkx as nx

        return _of_xml(file, hints, nx.read_gexf)


class GmlSource(GraphFileSource):
    """GML, the Graph Modelling Language."""

    format = "gml"
    title = "GML"
    looks_for = "file that begins with graph ["

    def _graph_of(self, file: File, hints: Hints) -> Graph:
        import networkx as nx

        text = TextFile(file, hints.encoding)
        lines = (line.rstrip("\r\n") for _, line in text.lines())
        graph = nx.parse_gml(_with_parallel_edges(lines), label="id")
        labels = {node: data.pop("label") for node, data in graph.nodes(data=True) if "label" in data}
        if not labels:
            return _of_networkx(graph, [(node, str(node)) for node in graph], text.notes)
        if missing := [node for node in graph if node not in labels]:
            raise InvalidInput(f"{file}: the node {missing[0]} has no label, where others have one")
        _refuse_repeated(file, "label", map(str, labels.values()))
        return _of_networkx(graph, [(node, str(label)) for node, label in labels.items()], text.notes)


class PajekSource(GraphFileSource):
    """Pajek's .net."""

    format = "pajek"
    title = "Pajek"
    looks_for = "file that begins with *Vertices"

    def _graph_of(self, file: File, hints: Hints) -> Graph:
        import networkx as nx

        text = TextFile(file, hints.encoding)
        lines, labels, comments = _pajek_lines(file, text)
        _refuse_repeated(file, "label", labels)
        graph = nx.parse_pajek(lines)
        for label in labels:
            graph.nodes[label].pop("id", None)
        notes = [*text.notes]
        if comments:
            notes.append(f"{comments:,} comment line{'' if comments == 1 else 's'} not read")
        return _of_networkx(graph, [(label, label) for label in labels], notes)


def _of_networkx(graph: nx.Graph[Any], declared: Iterable[tuple[Any, str]], notes: Sequence[str]) -> Graph:
    ids = dict(declared)
    return Graph(
        nodes=[(id, graph.nodes[node]) for node, id in ids.items()],
        edges=[(ids.get(a, str(a)), ids.get(b, str(b)), data) for a, b, data in graph.edges(data=True)],
        directed=graph.is_directed(),
        node_defaults=graph.graph.get("node_default", {}),
        edge_defaults=graph.graph.get("edge_default", {}),
        notes=notes,
    )


def _refuse_repeated(file: File, what: str, values: Iterable[str]) -> None:
    for value, times in Counter(values).most_common(1):
        if times == 1:
            return
        raise InvalidInput(f"{file}: the {what} {value!r} stands for {times} nodes, which would be one member")


# XML


def _of_xml(file: File, hints: Hints, read: Callable[[io.BytesIO], nx.Graph[Any]]) -> Graph:
    """A graph of XML, looked through for what could do harm, or would be lost without a word, before it is read."""
    if hints.encoding is None:
        with Packed(file).open() as binary:
            data = binary.read()
    else:
        with TextFile(file, hints.encoding).open() as text:
            data = re.sub(r'(<\?xml[^>]*?) encoding=["\'][^"\']*["\']', r"\1", text.read(), count=1).encode()
    ids, edges, graphs, within = _looked_through(file, io.BytesIO(data))
    _refuse_repeated(file, "id", ids)
    graph = read(io.BytesIO(_with_known_namespace(data)))
    if lost := [id for id in ids if id not in graph]:
        raise InvalidInput(
            f"{file}: the node {lost[0]!r} stands in a graph of its own or within another node: take it out"
        )
    if graphs > 1 and graph.number_of_edges() < edges:
        raise InvalidInput(f"{file} holds {graphs} graphs: save each as a file of its own")
    notes = Packed(file).notes
    if within:
        notes.append(f"{within:,} node{' stands' if within == 1 else 's stand'} within others: all are members")
    return _of_networkx(graph, [(id, id) for id in ids], notes)


def _with_known_namespace(data: bytes) -> bytes:
    """The same with the namespaces that the readers know: programs write them in more ways than there are versions."""
    for known, others in _NAMESPACES.items():
        data = re.sub(rb"(xmlns(?::\w+)?=[\"'])" + others + rb"(?=[\"'])", rb"\1" + known, data, count=1)
    return data


def _looked_through(file: File, binary: io.BytesIO) -> tuple[list[str], int, int, int]:
    """The ids of all nodes, and how many edges, graphs and nodes within other nodes there are.

    Raises InvalidInput where a node is in a graph of another node that is no group of yEd's: the reader leaves it out.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    ids: list[str] = []
    edges = graphs = within = 0
    open_nodes: list[tuple[str, bool]] = []  # each with whether it is a group
    steps = iterparse(binary, ("start", "end"), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    try:
        for event, element in steps:
            what = element.tag.rpartition("}")[2]
            if event == "start":
                if what == "node":
                    open_nodes.append((element.get("id", ""), element.get("yfiles.foldertype") == "group"))
                elif what == "graph" and open_nodes and not open_nodes[-1][1]:
                    raise InvalidInput(f"{file}: the node {open_nodes[-1][0]!r} holds a graph of its own: take it out")
                continue
            match what:
                case "node":
                    ids.append(element.get("id", ""))
                    open_nodes.pop()
                    within += bool(open_nodes)
                case "edge":
                    edges += 1
                case "graph":
                    graphs += 1
                case "hyperedge":
                    raise InvalidInput(f"{file} has hyperedges: a connection is between two")
            element.clear()
    except DefusedXmlException as error:
        raise InvalidInput(f"{file} declares entities or leads to other files, and is not read") from error
    except ParseError as error:
        raise InvalidInput(f"{file} is not whole: {error}") from error
    return ids, edges, graphs, within


# GML and Pajek, made fit for the readers


def _with_parallel_edges(lines: Iterable[str]) -> Iterator[str]:
    """GML whose header says that edges may repeat, which many files leave out."""
    begun = said = False
    for line in lines:
        begun = begun or bool(re.match(r"\s*graph\b", line, re.IGNORECASE))
        if begun and not said and "[" in line:
            said = True
            head, bracket, rest = line.partition("[")
            yield f"{head}{bracket}"
            yield "multigraph 1"
            line = rest
        if line.strip():
            yield line


def _pajek_lines(file: File, text: TextFile) -> tuple[list[str], list[str], int]:
    """The lines that the reader understands, the labels of the vertices, and how many lines are comments.

    Vertices that are not listed get their number as label; what the reader would take for edges is refused.
    """
    comments = vertices = 0
    listed: dict[str, str] = {}
    body: list[str] = []
    section = ""
    for number, line in text.bare_lines():
        if line.startswith("%"):
            comments += 1
        elif line.startswith("*"):
            section, *rest = line.lower().split()
            if section == "*vertices":
                if len(rest) == 2 and not vertices:
                    raise ForeignFile(str(file), "a Pajek network of two kinds", "members are of one kind")
                if body or vertices or len(rest) != 1 or not rest[0].isdigit():
                    raise InvalidInput(f"{file}, line {number}: a network of one kind has *Vertices once, and a number")
                vertices = int(rest[0])
                if vertices > _MOST_VERTICES:
                    raise InvalidInput(f"{file}, line {number}: more than {_MOST_VERTICES:,} vertices are not read")
            elif section in (*_PAJEK_EDGES, *_PAJEK_LISTS):
                body.append(_PAJEK_LISTS.get(section, section))
            elif section != "*network":
                raise InvalidInput(f"{file}, line {number}: {section} is not read: save the network with *Edges")
        elif section == "*vertices":
            listed[line.split()[0]] = line
        elif section in _PAJEK_LISTS:
            first, *others = line.split()
            body += [f"{first} {other}" for other in others]
        elif section:
            body.append(line)
    if not vertices:
        raise InvalidInput(f"{file} has no *Vertices")
    if not any(line in _PAJEK_EDGES for line in body):
        raise InvalidInput(f"{file} has no {', '.join(_PAJEK_EDGES)}: is it whole?")
    strange = next((vertex for vertex in listed if not vertex.isdigit() or not 1 <= int(vertex) <= vertices), None)
    if strange is not None:
        raise InvalidInput(f"{file}: the vertex {strange} is none of 1 to {vertices}")
    named = (listed.get(str(number), str(number)) for number in range(1, vertices + 1))
    labelled = [line if len(line.split()) > 1 else f'{line} "{line}"' for line in named]
    labels = [shlex.split(line)[1] for line in labelled]
    return [f"*Vertices {vertices}", *labelled, *body], labels, comments


# Cells


class _Cells:
    """Attributes as columns of a table; `ids` are its columns that are no attributes."""

    def __init__(
        self, table: Table, ids: Sequence[str], rows: Sequence[Attributes], defaults: Attributes, file: File
    ) -> None:
        self._table, self._rows, self._defaults = table, rows, defaults
        names = list(dict.fromkeys(name for row in rows for name in row))
        names += [name for name in defaults if rows and name not in names]
        self._own_id = [name for name in names if folded(name) == "id"]
        self._no_cells = [name for name in names if any(isinstance(row.get(name), (dict, list, tuple)) for row in rows)]
        self._label = "label" in names and table == MEMBERS and "name" not in map(folded, names)
        kept = [name for name in names if name not in (*self._own_id, *self._no_cells)]
        called = ["name" if self._label and name == "label" else name for name in kept]
        self._columns = matched(str(file), [*ids, *called], table)
        by_place = [*ids, *kept]
        self._attributes = {name: by_place[place] for name, place in self._columns.places.items() if place >= len(ids)}

    def chunks(self, file: str, ids: Mapping[str, Sequence[str]]) -> Iterator[Chunk]:
        """The rows in their order, at least one chunk."""
        for start in range(0, max(len(self._rows), 1), ROWS_AT_ONCE):
            some = self._rows[start : start + ROWS_AT_ONCE]
            cells = {name: list(column[start : start + ROWS_AT_ONCE]) for name, column in ids.items()}
            for name, attribute in self._attributes.items():
                default = self._defaults.get(attribute)
                cells[name] = [_text(row.get(attribute, default)) for row in some]
            yield Chunk(self._table, file, range(start + 1, start + 1 + len(some)), cells, [])

    def notes(self, what: str) -> list[str]:
        """Which attributes are not read, or read as something else."""
        said = []
        if self._label:
            said.append("the label of a node is read as the name")
        if self._columns.own:
            said.append(f"attributes of {what} kept as columns of your own: {', '.join(self._columns.own)}")
        if self._columns.unread:
            said.append(f"attributes of {what} not read: {', '.join(self._columns.unread)}")
        if self._no_cells:
            said.append(f"attributes of {what} not read, as they are no texts or numbers: {', '.join(self._no_cells)}")
        if self._own_id and self._table == MEMBERS:
            said.append(f"attribute {', '.join(self._own_id)} of nodes not read: a node has an id of its own")
        return said


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return number_text(value)
        case _:
            return str(value)


def _place(path: Path) -> tuple[File | None, Folder]:
    """The file that may be a graph, and the folder in which it stands."""
    whole = Folder.at(path)
    if whole is None:
        beside = Folder.at(path.parent)
        assert beside is not None
        return only_entry(path) or File(path, path.name), beside
    found = [file for file in whole.files if _ENDINGS.fullmatch(file.name)]
    return (found[0] if len(found) == 1 else None), whole
