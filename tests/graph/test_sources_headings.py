"""Edge lists of other people: headings, counts, further columns, comments, and formats that say what they are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import ColumnsNotSaid, ForeignFile, InvalidInput, OtherFormat, UnknownSource
from graph.sources import open_source
from graph.sources.chunks import Hints, Reject
from graph.sources.headings import Heading, heading
from tests.support.sources import connections, lines, members, notes, rejects, rows, write

NUMBERS = [("0", "1"), ("1", "2")]
NAMES = [("ada", "ben"), ("ben", "cy")]


def net(folder: Path, text: str, name: str = "net.csv") -> Path:
    return write(folder, {name: text}) / name


# ── headings ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "first",
    [
        "Source,Target",
        "source,target",
        "from,to",
        "node_1,node_2",
        "id_1,id_2",
        "id1,id2",
        "user,friend",
        "FromNodeId,ToNodeId",
        "User ID,Friend ID",
        "Von,Nach",
        "Absender,Empfänger",
        "Expéditeur,Destinataire",
        "Employee,Colleague",
        "follower,followee",
        "Person A,Person B",
        "from_email,to_email",
        "sender,receiver",
        "name,friend",
        "src,dst",
    ],
)
def test_a_known_heading_is_one_over_numbers_and_over_names(first: str) -> None:
    a, b = first.split(",")
    for others in (NUMBERS, NAMES, []):
        assert Heading.KNOWN is heading([a, b], (a, b), others, "net")


@pytest.mark.parametrize(
    ("first", "over_numbers", "over_names"),
    [
        ("ada,ben", Heading.OVER_NUMBERS, Heading.NONE),
        ("a,b", Heading.OVER_NUMBERS, Heading.DOUBTFUL),
        ("U,V", Heading.OVER_NUMBERS, Heading.DOUBTFUL),
        ("Mitglied,Freund", Heading.OVER_NUMBERS, Heading.NONE),
        ("0,ben", Heading.OVER_NUMBERS, Heading.NONE),
        ("0,1", Heading.NONE, Heading.NONE),
        ("employee_id,manager", Heading.OVER_NUMBERS, Heading.DOUBTFUL),
        ("who,friend", Heading.OVER_NUMBERS, Heading.DOUBTFUL),
        ("id,name", Heading.PEOPLE, Heading.PEOPLE),
        ("Id,Label", Heading.PEOPLE, Heading.PEOPLE),
        ("name,email", Heading.PEOPLE, Heading.PEOPLE),
        ("id,age", Heading.PEOPLE, Heading.PEOPLE),
        ("member,tier", Heading.PEOPLE, Heading.PEOPLE),
        ("user_id,user_name", Heading.PEOPLE, Heading.PEOPLE),
        ("First Name,Last Name", Heading.PEOPLE, Heading.PEOPLE),
    ],
)
def test_another_first_line_is_what_the_rest_makes_of_it(
    first: str, over_numbers: Heading, over_names: Heading
) -> None:
    a, b = first.split(",")
    assert over_numbers is heading([a, b], (a, b), NUMBERS, "net")
    assert over_names is heading([a, b], (a, b), NAMES, "net")


def test_ids_that_are_made_of_such_words_are_ids() -> None:
    assert Heading.NONE is heading(["user1", "user2"], ("user1", "user2"), [("user2", "user3")], "net")


def test_the_names_of_the_native_format_are_a_heading_in_a_file_called_connections() -> None:
    assert Heading.KNOWN is heading(["a", "b"], ("a", "b"), NAMES, "Connections")
    assert Heading.DOUBTFUL is heading(["a", "b"], ("a", "b"), NAMES, "net")


def test_letters_are_ids_among_letters_and_alone() -> None:
    assert Heading.NONE is heading(["a", "b"], ("a", "b"), [("c", "dee")], "net")
    assert Heading.NONE is heading(["a", "b"], ("a", "b"), [], "net")


def test_a_heading_is_told_and_left_out(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "# a list\nSource;Target\nada;ben\n"))
    assert (["ada", "ben"], [3]) == (members(source), lines(source, "connections"))
    assert ("net.csv", "line 2 is a heading (Source, Target), and no connection") in notes(source)


def test_a_heading_alone_is_a_list_of_nobody(tmp_path: Path) -> None:
    assert [] == members(open_source(net(tmp_path, "Source,Target\n")))


def test_a_first_line_of_names_that_is_no_heading_is_told_as_a_connection(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "Ada Li,Ben Om\n"), "edges")
    assert ("net.csv", "line 1 is a connection (Ada Li – Ben Om)") in notes(source)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,name\nada,Ada\n", r"is a table of people \(id,name\), and no list of connections"),
        ("id,name,tier\nada,Ada,free\n", r"is a table of people \(id,name,tier\)"),
        ("Id,Name,Friends\nada,Ada,2\n", r"is a table of people \(Id,Name,Friends\)"),
        ("person,kennt\nada,ben\n", r"line 1 looks like names of columns \(person,kennt\)"),
        ("kennt,whom\n" + "1,2\n" * 20 + "1,b\n", r"line 1 looks like names of columns \(kennt,whom\)"),
        ("4 3\n0 1\n1 2\n2 3\n", "the first line, 4 3, counts the members and connections of the rest"),
        ("# c\n3,2\na,b\nb,c\n", "the first line, 3 2, counts the members and connections of the rest"),
    ],
)
@pytest.mark.parametrize("format", ["auto", "edges"])
def test_a_first_line_that_may_be_something_else_is_refused(
    tmp_path: Path, text: str, problem: str, format: str
) -> None:
    with pytest.raises(InvalidInput, match=rf"net\.csv.*{problem}"):
        open_source(net(tmp_path, text), format)


@pytest.mark.parametrize("text", ["4 2\n0 1\n1 2\n2 3\n", "5 3\n0 1\n1 2\n2 3\n", "1 2\n2 3\n", "0 1\n"])
def test_a_first_line_that_does_not_count_the_rest_is_a_connection(tmp_path: Path, text: str) -> None:
    assert text.count("\n") == len(connections(open_source(net(tmp_path, text))))


def test_a_list_may_begin_with_any_number_of_empty_lines(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "\n" * 60_000 + " " * 60_000 + "0 1\n", "net.edges"))
    assert ([("0", "1")], [60_001]) == (connections(source), lines(source, "connections"))


# ── further columns ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("0 1 0.5\n1 2 0.7\n", (1, 2)),
        ("ada -> ben\nben -> cy\n", (1, 3)),
        ("Id,Source,Target\n1,ada,ben\n", (2, 3)),
        ("weight,from,to\n1,ada,ben\n", (2, 3)),
    ],
)
def test_the_columns_that_may_be_members_are_said(tmp_path: Path, text: str, likely: tuple[int, int]) -> None:
    with pytest.raises(ColumnsNotSaid) as refused:
        open_source(net(tmp_path, text))
    assert likely == refused.value.likely


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("0 1 0.5\n1 2 0.7\n", ""),
        ("0;1;0,5\n1;2;0,7\n", ""),
        ("Source,Target,Type,Weight\nada,ben,Undirected,1\n", r" \(Source, Target, Type, Weight\)"),
        ("0 1 {'weight': 1, 'since': 2}\n1 2 {'weight': 3}\n", ""),
    ],
)
@pytest.mark.parametrize("format", ["auto", "edges"])
def test_what_a_third_column_says_is_not_guessed(tmp_path: Path, text: str, names: str, format: str) -> None:
    with pytest.raises(ColumnsNotSaid, match=rf"has [34] columns{names}, and which two are connected is not guessed"):
        open_source(net(tmp_path, text), format)


def test_columns_that_are_named_are_read_and_the_others_told(tmp_path: Path) -> None:
    text = "when,from,weight,to,how\n2020-01-01,ada,3,ben,70\n,ben,4,cy,\nsoon,cy,1,dee,5\n"
    hints = Hints(columns={"a": 2, "b": 4, "since": 1, "strength": 5})
    source = open_source(net(tmp_path, text), hints=hints)
    assert [
        {"a": "ada", "b": "ben", "since": "2020-01-01", "strength": "70"},
        {"a": "ben", "b": "cy", "since": "", "strength": ""},
        {"a": "cy", "b": "dee", "since": "soon", "strength": "5"},
    ] == rows(source, "connections")
    assert ["ada", "ben", "cy"] == members(source)
    assert ("net.csv", "column 3 not read: nobody says what it holds") in notes(source)
    assert ("net.csv", "line 1 is a heading (when, from, weight, to, how), and no connection") in notes(source)


def test_a_line_with_fewer_cells_than_the_others_is_set_aside(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "0 1 5\n1 2\n2 3 6\n"), hints=Hints(columns={"a": 1, "b": 2}))
    assert [("0", "1"), ("2", "3")] == connections(source)
    assert [Reject("net.csv", 2, "", "1 2", "2 cells, where the first lines have 3")] == rejects(source)


def test_columns_may_be_named_of_what_networkx_writes(tmp_path: Path) -> None:
    text = "0 1 {'weight': 1, 'kind': 'a b'}\n1 2 {}\n"
    assert NUMBERS == connections(open_source(net(tmp_path, text), hints=Hints(columns={"a": 1, "b": 2})))


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="has 2 columns, so that since cannot be in column 4"):
        open_source(net(tmp_path, "0 1\n"), hints=Hints(columns={"a": 1, "b": 2, "since": 4}))


def test_columns_are_named_of_edge_lists_alone(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="columns are told of an edge list"):
        open_source(write(tmp_path, {"members.csv": "id\na\n"}), "native", Hints(columns={"a": 1, "b": 2}))


@pytest.mark.parametrize("text", ["0 1 {}\n1 2 {}\n", "0,1,\n1,2,\n", "0\t1\t\n1\t2\t\n", "0;1;;\n1;2;;\n"])
def test_cells_at_the_end_that_say_nothing_are_none(tmp_path: Path, text: str) -> None:
    assert NUMBERS == connections(open_source(net(tmp_path, text)))


# ── comments ─────────────────────────────────────────────────────────────────────────────────────


def test_comment_lines_are_counted_and_those_that_look_like_connections_too(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "# from a to b\n#ada,ben\n%cy,ben\nben,dee\n"), "edges")
    assert [("ben", "dee")] == connections(source)
    said = "3 comment lines not read (begin with # or %; 2 of them would be a connection: such an id has to be quoted)"
    assert ("net.csv", said) in notes(source)


def test_an_id_that_begins_with_a_comment_sign_is_read_where_it_is_quoted(tmp_path: Path) -> None:
    assert [("#ada", "ben")] == connections(open_source(net(tmp_path, '"#ada",ben\n'), "edges"))


def test_a_heading_among_comments_is_no_id(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "#source,target\n1,2\n"))
    assert ("net.csv", "1 comment line not read (begins with # or %)") in notes(source)


# ── formats that say what their columns hold ─────────────────────────────────────────────────────


def test_konect_is_told_by_its_first_line(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "% asym posweighted\n% 3 3 3\n1 2 5 1082040961\n2 3 1 0\n3 1\n", "out.friends"))
    assert [
        {"a": "1", "b": "2", "since": "2004-04-15T14:56:01+00:00"},
        {"a": "2", "b": "3", "since": ""},
        {"a": "3", "b": "1", "since": ""},
    ] == rows(source, "connections")
    assert [
        ("out.friends", "KONECT, asym posweighted"),
        ("out.friends", "directed: read as connections, whoever names whom"),
        ("out.friends", "column 3 not read: a weight"),
        ("out.friends", "2 comment lines not read (begin with # or %)"),
    ] == notes(source)


@pytest.mark.parametrize(
    ("first", "problem"),
    [
        ("% bip unweighted", r"a KONECT network of two kinds \(bip\)"),
        ("% sym signed", "a KONECT network of signed edges"),
        ("% asym dynamic", "a KONECT network of dynamic edges"),
    ],
)
@pytest.mark.parametrize("format", ["auto", "edges"])
def test_konect_of_something_else_than_connections_is_refused(
    tmp_path: Path, first: str, problem: str, format: str
) -> None:
    with pytest.raises(ForeignFile, match=problem):
        open_source(net(tmp_path, f"{first}\n1 2 1\n", "out.net"), format)


@pytest.mark.parametrize("field", ["pattern", "integer", "real"])
def test_matrix_market_is_told_by_its_first_line(tmp_path: Path, field: str) -> None:
    values = ["", "", ""] if field == "pattern" else [" 5", " 1.5", " 0"]
    entries = "".join(f"{pair}{value}\n" for pair, value in zip(["2 1", "3 2", "3 1"], values, strict=True))
    text = f"%%MatrixMarket matrix coordinate {field} symmetric\n% c\n3 3 3\n{entries}"
    source = open_source(net(tmp_path, text, "net.mtx"))
    all_three = [("2", "1"), ("3", "2"), ("3", "1")]
    assert (all_three if field == "pattern" else all_three[:2]) == connections(source)
    zero = [] if field == "pattern" else ["a value of 0, which is no connection"]
    assert zero == [reject.reason for reject in rejects(source)]
    assert ("net.mtx", f"Matrix Market, {field} symmetric: 3 entries") in notes(source)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("%%MatrixMarket matrix array real general\n2 2\n0\n1\n1\n0\n", r"is Matrix Market \(matrix array\)"),
        ("%%MatrixMarket matrix coordinate real general\n2 3 1\n1 3 1\n", "is a matrix of 2 × 3"),
        ("%%MatrixMarket matrix coordinate real general\n1 2\n", "the line of sizes is missing"),
        ("%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 2\n", "says that it has 2 entries, and has 1"),
    ],
)
def test_a_matrix_of_something_else_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        open_source(net(tmp_path, text, "net.mtx"))


# ── formats that are known by name and not read ──────────────────────────────────────────────────

FOREIGN = {
    "DOT": "/* c */ strict graph net {\n  ada -- ben;\n}\n",
    "DOT, of digraphs": 'digraph "x y" {\nada -> ben\n}\n',
    "METIS": "3 2\n2\n1 3\n2\n",
    "METIS, with comments": "% c\n4 3 0\n2\n1 3 4\n2\n2\n",
    "an adjacency list": "ada ben cy\nben cy dee\ncy\n",
    "an adjacency list, with commas": "ada,ben,cy\nben,cy\ncy,dee,ada,ben\n",
    "an adjacency list, with colons": "ada: ben cy\nben: cy\n",
    "an adjacency list, of several lines": "ada 2\nben {}\ncy {}\nben 1\ncy {}\ncy 0\n",
    "JSON": '{"nodes": [{"id": "ada"}], "links": []}\n',
    "JSON, a list": '[\n  {"source": "ada"}\n]\n',
    "JSON, by lines": '{"a": "ada", "b": "ben"}\n{"a": "ben", "b": "cy"}\n',
    "DIMACS": "c a comment\np edge 3 2\ne 1 2\ne 2 3\n",
    "XML": '<?xml version="1.0"?>\n<network><node id="a"/></network>\n',
    "HTML": "<!DOCTYPE html>\n<html><body>Not found</body></html>\n",
    "GDF": "nodedef>name VARCHAR\nada\nedgedef>node1 VARCHAR,node2 VARCHAR\nada,ben\n",
    "DL": "dl n=3 format=edgelist1\nlabels:\nada,ben,cy\ndata:\n1 2\n",
    "RDF": "<http://x/a> <http://x/knows> <http://x/b> .\n",
    "the Trivial Graph Format": "1 ada\n2 ben\n#\n1 2\n",
    "a matrix": ",ada,ben\nada,0,1\nben,1,0\n",
    "a file for neo4j-admin": ":START_ID,:END_ID,:TYPE\nada,ben,KNOWS\n",
    "LinkedIn": "Notes:\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\nAda,M,x,,,,1 Jan 26\n",
    "LinkedIn, saved by a spreadsheet": "First Name;Last Name;URL;Connected On\nAda;M;x;1 Jan 26\n",
    "a list of pairs in brackets": "(ada, ben)\n(ben, cy)\n",
    "vCards": "BEGIN:VCARD\nFN:Ada\nEND:VCARD\n",
}


@pytest.mark.parametrize("format", ["auto", "edges"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_format_that_is_not_read_is_named_with_what_to_do(tmp_path: Path, kind: str, format: str) -> None:
    name = kind.partition(",")[0].removeprefix("an ").removeprefix("a ")
    with pytest.raises(ForeignFile, match=rf"net\.csv is .*{name}.*, which is not read: \w+ "):
        open_source(net(tmp_path, FOREIGN[kind]), format)


BYTES = {
    "a SQLite database": b"SQLite format 3\0" + bytes(100),
    "a PDF": b"%PDF-1.7\n1 0 obj\n",
    "Zstandard": b"\x28\xb5\x2f\xfd" + bytes(100),
    "a tar archive": bytes(257) + b"ustar\x0000" + bytes(300),
    "a 7z archive": b"7z\xbc\xaf\x27\x1c" + bytes(50),
    "an Arrow file": b"ARROW1\0\0" + bytes(50),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(50),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "an array of NumPy": b"\x93NUMPY\x01\0" + bytes(50),
}


@pytest.mark.parametrize("format", ["auto", "edges"])
@pytest.mark.parametrize("kind", BYTES)
def test_what_is_no_text_is_named(tmp_path: Path, kind: str, format: str) -> None:
    (tmp_path / "net.txt").write_bytes(BYTES[kind])
    with pytest.raises(ForeignFile, match=rf"net\.txt is .*{kind}, which is not read"):
        open_source(tmp_path / "net.txt", format)


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("graphml", "<?xml version='1.0'?>\n<graphml><graph/></graphml>"),
        ("gexf", "<gexf><graph/></gexf>"),
        ("gml", 'Creator "x"\ngraph [\n]\n'),
        ("pajek", "*Vertices 3\n1 2\n"),
    ],
)
def test_a_graph_is_no_edge_list(tmp_path: Path, format: str, text: str) -> None:
    with pytest.raises(OtherFormat, match=rf"net\.csv is of the format {format}, and not edges"):
        open_source(net(tmp_path, text), "edges")


def test_a_parquet_of_people_is_no_edge_list(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["ada"], "name": ["Ada"]}), tmp_path / "people.parquet")
    with pytest.raises(InvalidInput, match=r"is a table of people \(id,name\)"):
        open_source(tmp_path / "people.parquet")


def test_parquet_is_an_edge_list_where_its_columns_say_so(tmp_path: Path) -> None:
    path = tmp_path / "net.parquet"
    pq.write_table(pa.table({"source": [1, 2], "target": [2, 3]}), path)
    assert [("1", "2"), ("2", "3")] == connections(open_source(path, "edges"))
    pq.write_table(pa.table({"x": ["ada"], "y": ["ben"], "z": [0.5]}), path)
    with pytest.raises(ColumnsNotSaid, match=r"net\.parquet has 3 columns \(x, y, z\)"):
        open_source(path, "edges")
    assert [("ben", "ada")] == connections(open_source(path, hints=Hints(columns={"a": 2, "b": 1})))


# ── what stands around the lines ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("titles", ["Friends of 2024\n", "Friends of 2024,\n,\n", "made by hand\nin 2024,\n"])
def test_what_stands_above_a_known_heading_is_told_and_left_out(tmp_path: Path, titles: str) -> None:
    source = open_source(net(tmp_path, f"{titles}Source,Target\nada,ben\n"))
    assert [("ada", "ben")] == connections(source)
    assert any(text.startswith("what stands above the heading is not read (") for _, text in notes(source))


def test_a_connection_above_a_heading_is_one(tmp_path: Path) -> None:
    assert [("ada", "ben"), ("ben", "cy")] == connections(open_source(net(tmp_path, "ada,ben\nben,cy\n"), "edges"))


@pytest.mark.parametrize("nobody", ["NULL", "N/A", "nan", "None", "NA", "Total"])
def test_a_cell_that_stands_for_nobody_is_no_member(tmp_path: Path, nobody: str) -> None:
    source = open_source(net(tmp_path, f"Source,Target\nada,ben\n{nobody},7\n"))
    assert ["ada", "ben"] == members(source)
    assert [Reject("net.csv", 3, "", f"{nobody},7", f"{nobody} stands for nobody")] == rejects(source)


def test_ids_that_are_one_number_and_two_texts_are_told(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "source,target\n1,2.0\n2,3.0\n3,04\n"))
    assert ["1", "2.0", "2", "3.0", "3", "04"] == members(source)
    assert ("net.csv", "2.0 is another member than 2: ids are text, and no numbers (2 such)") in notes(source)


def test_a_list_of_single_cells_is_no_edge_list(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"net\.csv has one cell a line, and a connection has two"):
        open_source(net(tmp_path, "ada\nben\ncy\n"))


def test_a_survey_of_several_people_a_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(ForeignFile, match="a list of several people a line"):
        open_source(net(tmp_path, "Respondent,Contact 1,Contact 2\nada,ben,cy\nben,ada,\n"))


@pytest.mark.parametrize("first", ["Vorname,Nachname,URL,Firma,Seit", "ada,ben,https://example.org,acme,2024"])
def test_people_with_profiles_of_linkedin_are_named_whatever_the_heading(tmp_path: Path, first: str) -> None:
    text = f"{first}\nada,muster,https://www.linkedin.com/in/ada,Acme,2024\n"
    with pytest.raises(ForeignFile, match="a list of people from LinkedIn"):
        open_source(net(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    ["ada\tben,cy\nben\tada\ncy\tada\n", 'name,friends\nada,"ben; cy"\nben,ada\ncy,ada\n', "ada: ben, cy\nben: ada\n"],
)
def test_several_in_a_cell_are_an_adjacency_list(tmp_path: Path, text: str) -> None:
    with pytest.raises(ForeignFile, match="an adjacency list"):
        open_source(net(tmp_path, text), "edges")


def test_names_with_commas_are_no_lists(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "Li, Ada\tOm, Ben\nOm, Ben\tPo, Cy\n"), "edges")
    assert [("Li, Ada", "Om, Ben"), ("Om, Ben", "Po, Cy")] == connections(source)


def test_a_heading_that_comes_again_is_no_connection(tmp_path: Path) -> None:
    source = open_source(net(tmp_path, "Source,Target\nada,ben\nSource,Target\nben,cy\n"))
    assert ["ada", "ben", "cy"] == members(source)
    assert [Reject("net.csv", 3, "", "Source,Target", "the heading once more")] == rejects(source)


def test_konect_may_be_named(tmp_path: Path) -> None:
    assert [("1", "2")] == connections(open_source(net(tmp_path, "% sym unweighted\n1 2\n"), "konect"))
    with pytest.raises(UnknownSource, match="is not of the format konect"):
        open_source(net(tmp_path, "1 2\n"), "konect")
