"""Other people's files as they are typed: every one loads right, or one line says what it is and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from api.main import run
from graph.driver.database import Database
from tests.support.paths import SHARED
from tests.support.sources import write
from tests.support.terminal import Answer

INPUTS = SHARED / "inputs"
Typed = Callable[..., Answer]


@pytest.fixture
def explain(capsys: pytest.CaptureFixture[str]) -> Typed:
    """What a file would be read as, which no server is needed for."""

    def typed(*arguments: object) -> Answer:
        capsys.readouterr()
        code = run(["load", "--explain", *map(str, arguments)])
        return Answer(code, *capsys.readouterr())

    return typed


def table(answer: Answer) -> list[list[str]]:
    """The rows of the table, without headings: file, read as, rows, set aside, a note; more notes after it."""
    headings, *lines = answer.out.splitlines()
    starts = [headings.index(word) for word in ("file", "read as", "not read")]
    numbers = re.compile(r"\s*([\d,]+)\s+([\d,]+)\s*")
    rows = []
    for line in lines:
        file, read_as = line[: starts[1]].strip(), line[starts[1] :].split("   ")[0].strip()
        counts = numbers.match(line[starts[1] + len(read_as) :]) if read_as not in ("", "–") else None
        rows.append([file, read_as, *(counts.groups() if counts else ("", "")), line[starts[2] :].strip()])
    return rows


# ── every small input that shows a kind ──────────────────────────────────────────────────────────

PERSONAL = "columns not read: locationIP, email"
READ: dict[str, list[list[str]]] = {
    "04b-file-name-tsv/in": [
        ["members.csv", "members", "2", "0", ""],
        ["connections.tsv", "connections", "1", "0", "separated by tabs"],
    ],
    "05-column-case/in": [
        ["members.csv", "members", "2", "0", ""],
        ["connections.csv", "connections", "1", "0", ""],
    ],
    "05d-rel-column-typo/in": [
        ["members.csv", "members", "2", "0", ""],
        ["companies.csv", "companies", "1", "0", ""],
        ["company_members.csv", "company_members", "2", "0", ""],
        ["blocks.csv", "blocks", "1", "0", "column 'type' not read: blocks have no such column"],
    ],
    "06-semicolon-native/in": [["members.csv", "members", "1", "0", "separated by semicolons"]],
    "09b-networkx-default/net.edgelist": [
        ["net.edgelist", "members", "3", "0", "separated by white space"],
        ["net.edgelist", "connections", "2", "0", ""],
    ],
    "10-konect/out.friends": [
        ["out.friends", "members", "4", "0", "KONECT, sym unweighted"],
        ["", "", "", "", "2 comment lines not read (begin with # or %)"],
        ["out.friends", "connections", "3", "0", ""],
    ],
    "12-graphml/net.graphml": [
        ["net.graphml", "members", "3", "0", "GraphML"],
        ["net.graphml", "connections", "2", "0", ""],
    ],
    "12c-pajek/net.net": [
        ["net.net", "members", "3", "0", "Pajek"],
        ["net.net", "connections", "2", "0", ""],
    ],
    "15c-unbalanced-quote/in": [["members.csv", "members", "500", "1", ""]],
    "17-ldbc-bi/in": [
        ["initial_snapshot/dynamic/Person/part-00000-aa-c000.csv", "members", "2", "0", PERSONAL],
        ["initial_snapshot/dynamic/Person_knows_Person/part-00000-bb-c000.csv", "connections", "1", "0", ""],
        ["initial_snapshot/static/Place/part-00000-cc-c000.csv", "–", "", "", "read: where members are"],
    ],
    "28-weights-native/in": [
        ["members.csv", "members", "2", "0", ""],
        ["connections.csv", "connections", "0", "1", "column 'status' not read: connections have no such column"],
    ],
    **{
        f"08-header-in-edge-list/{number}": [
            [file, "members", "4", "0", f"separated by {separator}"],
            ["", "", "", "", f"line 1 is a heading ({names}), and no connection"],
            [file, "connections", "3", "0", ""],
        ]
        for number, file, separator, names in (
            (0, "lastfm_edges.csv", "commas", "node_1, node_2"),
            (1, "git_edges.csv", "commas", "id_1, id_2"),
            (2, "edges.csv", "commas", "Source, Target"),
            (3, "friends.txt", "white space", "user, friend"),
            (4, "net.tsv", "tabs", "from, to"),
        )
    },
    **{
        f"13-compressed/{file}": [
            [file, "members", "51", "0", how],
            ["", "", "", "", "separated by white space"],
            [file, "connections", "50", "0", ""],
        ]
        for file, how in (
            ("net.txt.bz2", "unpacked (bz2)"),
            ("net.txt.xz", "unpacked (xz)"),
            ("net2.txt", "unpacked (gzip)"),
            ("net3.txt.GZ", "unpacked (gzip)"),
            ("plain.txt.gz", "not compressed, whatever its name says"),
        )
    },
    "13-compressed/net.zip": [
        ["net.txt", "members", "51", "0", "separated by white space"],
        ["net.txt", "connections", "50", "0", ""],
    ],
}
LIKE_CONNECTIONS = "2 of them would be a connection: such an id has to be quoted"
READ_AS_EDGES: dict[str, list[list[str]]] = {
    "06c-semicolon-space-edges/net.csv": [
        ["net.csv", "members", "3", "0", "separated by semicolons"],
        ["", "", "", "", "line 1 is a connection (ada – ben)"],
        ["net.csv", "connections", "2", "0", ""],
    ],
    "06f-tsv-names-with-commas/net.tsv": [
        ["net.tsv", "members", "3", "0", "separated by tabs"],
        ["", "", "", "", "line 1 is a connection (Ada Li, PhD – Ben Om)"],
        ["net.tsv", "connections", "2", "0", ""],
    ],
    "18-ids-like-comments/net.csv": [
        ["net.csv", "members", "2", "0", "separated by commas"],
        ["", "", "", "", "line 3 is a connection (ben – dee)"],
        ["", "", "", "", f"2 comment lines not read (begin with # or %; {LIKE_CONNECTIONS})"],
        ["net.csv", "connections", "1", "0", ""],
    ],
    "31-dash-ids/net.txt": [
        ["net.txt", "members", "3", "0", "separated by white space"],
        ["", "", "", "", "line 1 is a connection (-aB3 – zQ_9)"],
        ["net.txt", "connections", "2", "0", ""],
    ],
}
REFUSED = {
    "08b-count-line/net.txt": "the first line, 4 3, counts the members and connections of the rest",
    "09-weighted/out.txt": "has 3 columns, and which two are connected is not guessed; say which they are, as in",
    "15-neo4j-admin/in": "members.csv is a file for neo4j-admin (id:ID(Member), name, tier, :LABEL), which is not read",
    "24-xlsx/in": "members.xlsx is a workbook that is not whole",
    "24c-two-column-members/people.csv": "is a table of people (id,name), and no list of connections",
}
OF_LINKEDIN = ("01-linkedin-archive-folder", "02-linkedin-connections-only")  # graph.sources.linkedin has its own tests


def test_every_small_input_is_tried_here() -> None:
    tried = {path.partition("/")[0] for path in (*READ, *READ_AS_EDGES, *REFUSED, *OF_LINKEDIN)}
    assert {path.name for path in INPUTS.iterdir() if path.is_dir()} == tried


@pytest.mark.parametrize("path", READ)
def test_an_input_that_says_what_it_is_is_read_as_that(explain: Typed, path: str) -> None:
    answer = explain(INPUTS / path)
    assert (0, "") == (answer.code, answer.err)
    assert READ[path] == table(answer)


@pytest.mark.parametrize("path", READ_AS_EDGES)
def test_an_input_that_may_be_an_edge_list_is_one_where_somebody_says_so(explain: Typed, path: str) -> None:
    line = f"{INPUTS / path} may be an edge list or not; where each line is a connection, say --from edges"
    assert Answer(2, "", f"linkreach: {line}\n") == explain(INPUTS / path)
    answer = explain(INPUTS / path, "--from", "edges")
    assert (0, "") == (answer.code, answer.err)
    assert READ_AS_EDGES[path] == table(answer)


@pytest.mark.parametrize("path", REFUSED)
@pytest.mark.parametrize("more", [(), ("--from", "edges")], ids=["auto", "edges"])
def test_an_input_that_is_not_read_is_one_line_whatever_it_is_said_to_be(
    explain: Typed, path: str, more: tuple[str, ...]
) -> None:
    answer = explain(INPUTS / path, *more)
    assert (2, "", 1) == (answer.code, answer.out, answer.err.count("\n"))
    assert more or REFUSED[path] in answer.err


def test_a_hint_that_is_followed_leads_to_what_is_meant(explain: Typed) -> None:
    answer = explain(INPUTS / "09-weighted/out.txt", "--columns", "a=1,b=2")
    assert [
        ["out.txt", "members", "3", "0", "separated by white space"],
        ["", "", "", "", "column 3 not read: nobody says what it holds"],
        ["out.txt", "connections", "2", "0", ""],
    ] == table(answer)


# ── what is typed wrongly ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ("a=1", "which column holds b? Say a=1,b=2"),
        ("a=1,b", "'b' names no column: say b=1 for the first one"),
        ("a=0,b=1", "'a=0' names no column"),
        ("a=1,b=1", "'b=1': say each name and each column once"),
        ("a=1,a=2,b=3", "'a=2': say each name and each column once"),
        ("a=1,b=2,sinc=3", "connections have no column 'sinc': did you mean 'since'?"),
        ("a=1,b=2,weight=3", "connections have no column 'weight', but a, b, since, strength"),
        ("", "connections have no column ''"),
    ],
)
def test_columns_that_are_none_are_one_line(explain: Typed, tmp_path: Path, columns: str, problem: str) -> None:
    answer = explain(write(tmp_path, {"net.edges": "1 2\n"}), "--columns", columns)
    assert (2, "") == (answer.code, answer.out)
    assert answer.err.startswith(f"linkreach: --columns: {problem}")


@pytest.mark.parametrize(
    ("files", "arguments", "line"),
    [
        ({"members.csv": "id\na\xff\n"}, (), "members.csv, line 2: not UTF-8; say which encoding it has (--encoding"),
        ({"members.csv": "id\na\n"}, ("--encoding", "x"), "'x' is no encoding of text"),
        (
            {"members.csv": "id\na\n"},
            ("--from", "x"),
            "'x' is no format: there are auto, native, ldbc, snap-ego, linkedin, edges",
        ),
        ({"members.csv": "id\na\n", "dynamic/person_0_0.csv": "id\n"}, (), "native and ldbc; say which with --from"),
        ({"net.txt": "graph [\n]\n"}, ("--from", "edges"), "of the format gml, and not edges; leave --from out, or"),
    ],
    ids=["not decodable", "encoding", "format", "two formats", "another format"],
)
def test_an_error_says_what_to_type(
    explain: Typed, tmp_path: Path, files: dict[str, str], arguments: tuple[str, ...], line: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    answer = explain(tmp_path, *arguments)
    assert (2, "", 1) == (answer.code, answer.out, answer.err.count("\n"))
    assert line in answer.err


@pytest.mark.parametrize("command", [("check", "-aB3", "x"), ("reach", "-z"), ("unlock", "a", "--b")])
def test_an_id_that_begins_with_a_dash_is_told_where_it_stands(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert 2 == run(list(command))
    assert "; an id that begins with - stands after --; see: linkreach " in capsys.readouterr().err


# ── loads ────────────────────────────────────────────────────────────────────────────────────────


def test_an_explanation_needs_no_graph_and_changes_none(
    linkreach: Typed, database: Database, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk, {"members.csv": "id,tier,status\na,gold,\nb,,asleep\nc\n", "connections.csv": "a,b\na,x\nx,a\na,a\n"})
    monkeypatch.setenv("LINKREACH_NEO4J_URI", "bolt://localhost:1")
    answer = linkreach("load", "--explain", ".")
    repeats = "1 row repeats a key: the last one counts"
    assert [
        ["members.csv", "members", "1", "2", ""],
        ["connections.csv", "connections", "2", "1", repeats],
    ] == table(answer)
    assert 0 == answer.code
    assert 0 == linkreach("load", "--explain", ".", "--rejects", "aside.csv").code
    assert ["members.csv,3", "members.csv,4", "connections.csv,4"] == [
        ",".join(line.split(",")[:2]) for line in (desk / "aside.csv").read_text("utf-8").splitlines()[1:]
    ]
    monkeypatch.undo()
    assert [{"n": 0}] == database.explain("MATCH (n:Member) RETURN count(n) AS n", {}, profile=True)[0]


@pytest.mark.usefixtures("database")
def test_a_load_tells_of_every_file_what_became_of_it(linkreach: Typed, desk: Path) -> None:
    files = {
        "members.csv": "id;name;tier;city\nada;Ada;business;Delft\nada;Ada;free;Delft\nben;Ben;carer;Ghent\ncy;Cy;;\n",
        "connections.csv": "a,b,since,weight\nada,cy,,1\ncy,ada,,2\nada,ben,,3\n",
        "notes.md": "by the way\n",
    }
    write(desk / "net", files)
    answer = linkreach("load", "net")
    assert 0 == answer.code
    assert [
        ["members.csv", "members", "3", "1", "1 row repeats a key: the last one counts"],
        ["", "", "", "", "separated by semicolons"],
        ["", "", "", "", "kept as a column of your own: 'city'"],
        ["connections.csv", "connections", "2", "1", "1 row repeats a key: the last one counts"],
        ["", "", "", "", "column 'weight' not read: connections have no such column"],
        ["notes.md", "–", "", "", "not read: no table is called so"],
    ] == table(answer)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("members", "line"),
    [("id,tier\na,gold\n", "nothing could be loaded"), ("id,tier\n", "there is nothing to load")],
)
@pytest.mark.parametrize("more", [(), ("--dry-run",)], ids=["load", "dry run"])
def test_a_load_of_nothing_ends_with_2(
    linkreach: Typed, desk: Path, members: str, line: str, more: tuple[str, ...]
) -> None:
    write(desk, {"members.csv": members})
    answer = linkreach("load", ".", *more)
    assert 2 == answer.code
    assert answer.err.endswith(f"{line}\n")


def test_a_closed_member_is_closed_whatever_way_the_column_is_written(linkreach: Typed, database: Database) -> None:
    assert 0 == linkreach("load", INPUTS / "05-column-case/in").code
    assert 1 == linkreach("check", "ada", "ben").code
    assert [{"id": "ben", "status": "closed", "tier": "free"}] == database.explain(
        "MATCH (m:Member {id: 'ben'}) RETURN m.id AS id, m.status AS status, m.tier AS tier", {}, profile=True
    )[0]


@pytest.mark.usefixtures("database")
def test_a_change_takes_away_first_and_then_adds(linkreach: Typed, desk: Path) -> None:
    write(desk / "net", {"members.csv": "id\na\nb\nc\n", "connections.csv": "a,b\na,b\nb,c\n"})
    assert 0 == linkreach("load", "net").code
    write(desk / "change", {"remove/connections.csv": "a,b\nb,a\na,c\na,b\n", "connections.csv": "a,b\na,c\n"})
    answer = linkreach("load", "change", "--rejects", "aside.csv")
    assert [
        ["remove/connections.csv", "remove/connections", "2", "1", "1 row repeats a key: the last one counts"],
        ["connections.csv", "connections", "1", "0", ""],
    ] == table(answer)
    assert ['remove/connections.csv,3,,"a,c",not in the graph'] == (desk / "aside.csv").read_text().splitlines()[1:]
    degrees = [linkreach("check", "a", other, "--format", "csv").out.splitlines()[1] for other in ("b", "c")]
    assert 2 == len(degrees)
