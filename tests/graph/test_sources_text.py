"""Text as people have it: whatever separates, whatever its encoding, and with quotes that do not match."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.errors import InvalidInput, Undecodable
from graph.sources import open_source, text
from graph.sources.chunks import Hints, Reject
from tests.support.sources import connections, lines, members, notes, rejects, rows, write

# ── what separates ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("id,name\na,Ada\nb,Ben\n", None),
        ("id;name\na;Ada\nb;Ben\n", "semicolons"),
        ("id\tname\na\tAda\nb\tBen\n", "tabs"),
        ("id|name\na|Ada\nb|Ben\n", "vertical bars"),
        ("id  name\na   Ada\nb \t Ben\n", "white space"),
        ("id; name\na; Ada\nb; Ben\n", "semicolons and a space"),
        ("id, name\na, Ada\nb, Ben\n", "commas and a space"),
        ("sep=;\nid;name\na;Ada\nb;Ben\n", "semicolons (sep=)"),
        ('"sep=|"\r\nid|name\r\na|Ada\r\nb|Ben\r\n', "vertical bars (sep=)"),
        ('id\tname\nx\t"X" Y\na\tAda\nb\tBen\n', "tabs"),
        ('id;name\n"a";"Ada"\n"b";Ben\n', "semicolons"),
    ],
)
def test_the_cells_of_a_table_are_told_apart_and_it_is_said_how(tmp_path: Path, table: str, name: str | None) -> None:
    source = open_source(write(tmp_path, {"members.csv": table}))
    assert [{"id": "a", "name": "Ada"}, {"id": "b", "name": "Ben"}] == rows(source, "members")
    assert ([("members.csv", f"separated by {name}")] if name else []) == notes(source)


def test_the_lines_are_those_of_the_file_after_a_line_that_says_what_separates(tmp_path: Path) -> None:
    assert [3] == lines(open_source(write(tmp_path, {"members.csv": "sep=;\nid;name\na;Ada\n"})), "members")


def test_the_names_of_columns_say_what_separates_and_no_row_does(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"members.csv": "id,bio\na;b;c,x\nb;c;d,y\n"}))
    assert ["a;b;c", "b;c;d"] == members(source)


def test_an_only_column_has_nothing_to_separate(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"members.csv": "id\nAda Li\na;b\nc,d\n"}))
    assert ["Ada Li", "a;b"] == members(source)
    assert [Reject("members.csv", 4, "", "c,d", "2 cells, where the first line has 1")] == rejects(source)


def test_a_space_that_follows_only_some_separators_is_part_of_the_cell(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"members.csv": "id;name\na; Ada\nb;Ben\n"}))
    assert [" Ada", "Ben"] == [row["name"] for row in rows(source, "members")]


def test_settings_are_told_apart_so_too(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"net.edges": "1 2\n", "Settings.tsv": "id\ttier\n1\tfree\n"}))
    assert [{"id": "1", "tier": "free"}] == rows(source, "settings")


@pytest.mark.parametrize(
    ("edges", "name"),
    [
        ("ada;ben\nben;cy\n", "semicolons"),
        ("ada; ben\nben; cy\n", "semicolons"),
        ("ada|ben\nben|cy\n", "vertical bars"),
        ("sep=;\nada;ben\nben;cy\n", "semicolons (sep=)"),
        ('"ada";"ben"\nben;cy\n', "semicolons"),
        ("ada,ben\nben,cy\n", "commas"),
        ("ada\tben\nben\tcy\n", "tabs"),
        ("ada   ben\nben cy\n", "white space"),
    ],
)
def test_the_ids_of_an_edge_list_are_told_apart(tmp_path: Path, edges: str, name: str) -> None:
    source = open_source(write(tmp_path, {"net.edges": edges}))
    assert [("ada", "ben"), ("ben", "cy")] == connections(source)
    assert f"separated by {name}" in dict(map(reversed, notes(source)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edges", "pairs"),
    [
        ("Ada Li, PhD\tBen Om\nBen Om\tCy Wu, MBA\n", [("Ada Li, PhD", "Ben Om"), ("Ben Om", "Cy Wu, MBA")]),
        ("Li, Ada;Om, Ben\nOm, Ben;Wu, Cy\n", [("Li, Ada", "Om, Ben"), ("Om, Ben", "Wu, Cy")]),
        ("Ada Li,Ben Om\n", [("Ada Li", "Ben Om")]),
        ("a;b c;d\ne f;g\n", [("a;b", "c;d"), ("e", "f;g")]),
    ],
)
def test_what_every_line_has_once_separates_and_not_what_names_hold(
    tmp_path: Path, edges: str, pairs: list[tuple[str, str]]
) -> None:
    assert pairs == connections(open_source(write(tmp_path, {"net.edges": edges})))


# ── encodings ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_read_by_its_mark_and_else_as_utf_8(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "members.csv").write_bytes("id,name\na,Žofia 🦊\n".encode(encoding))
    assert [{"id": "a", "name": "Žofia 🦊"}] == rows(open_source(tmp_path), "members")


def test_big_endian_utf_16_has_a_mark_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "net.edges").write_bytes(b"\xfe\xff" + "ž 2\n".encode("utf-16-be"))
    assert ["ž", "2"] == members(open_source(tmp_path))


def test_another_encoding_is_read_where_it_is_named_and_a_mark_comes_before_it(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes("id,name\na,Müller\n".encode("cp1252"))
    (tmp_path / "connections.csv").write_bytes("a,b\na,ü\n".encode("utf-16"))
    source = open_source(tmp_path, hints=Hints(encoding="cp1252"))
    assert ["Müller"] == [row["name"] for row in rows(source, "members")]
    assert [("a", "ü")] == connections(source)
    assert [("members.csv", "read as CP1252"), ("connections.csv", "read as UTF-16")] == notes(source)


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "undefined", ""])
def test_what_is_no_encoding_of_text_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=r"is no encoding of text|not UTF-8") as refused:
        open_source(write(tmp_path, {"members.csv": "id\na\n"}), hints=Hints(encoding=name or "\0"))
    assert "\n" not in str(refused.value)


def test_half_a_character_of_utf_16_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes("\ufeffid\na\n\ud800".encode("utf-16-le", "surrogatepass"))
    with pytest.raises(Undecodable, match=r"members\.csv, line 3: not UTF-16"):
        open_source(tmp_path)


def test_utf_16_without_its_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes("id,name\na,Ada\n".encode("utf-16-le"))
    with pytest.raises(InvalidInput, match=r"members\.csv is no text, or UTF-16 without its mark"):
        open_source(tmp_path)
    assert ["a"] == members(open_source(tmp_path, hints=Hints(encoding="utf-16-le")))


def test_a_line_that_is_too_long_is_refused_with_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST_LINE", 1 << 21)
    with pytest.raises(InvalidInput, match=r"members\.csv, line 3: longer than 2 MiB"):
        open_source(write(tmp_path, {"members.csv": f"id,name\na,\nb,{'x' * (4 << 20)}\nc,\n"}))


# ── quotes ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("later", ["", 'm500,"N, 500"\n', 'm500,"N500\n', 'm500,""\n'])
def test_a_quote_that_is_never_closed_loses_its_row_and_no_other(tmp_path: Path, later: str) -> None:
    many = "".join(f"m{number},N{number}\n" for number in range(500))
    source = open_source(write(tmp_path, {"members.csv": f'id,name\nada,"Ada\n{many}{later}z,Z\n'}))
    lost = 2 if later.count('"') == 1 else 1
    assert 500 + bool(later) + 1 + 1 - lost == len(rows(source, "members"))
    assert [2, 503][:lost] == [reject.line for reject in rejects(source)]
    assert Reject("members.csv", 2, "", 'ada,"Ada', "quotes that do not match") == rejects(source)[0]
    assert {"id": "z", "name": "Z"} == rows(source, "members")[-1]


def test_a_quote_that_is_open_for_a_thousand_lines_was_never_meant_to_be(tmp_path: Path) -> None:
    many = "".join(f"m{number},N{number}\n" for number in range(2_000))
    source = open_source(write(tmp_path, {"members.csv": f'id,name\nada,"Ada\n{many}z,Z"\n'}))
    assert 2_001 == len(rows(source, "members"))
    assert [2] == [reject.line for reject in rejects(source)]


def test_rows_go_on_past_the_end_of_what_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.sources.delimited._CHARACTERS_AT_ONCE", 16)
    table = 'id,bio\na,"one\ntwo\nthree\nfour\nfive"\nb,"open\nc,C\nd,"q"\ne,E\n' + "f,F\n" * 20
    source = open_source(write(tmp_path, {"members.csv": table}))
    found = rows(source, "members")
    assert ["a", "c", "d", "e", *["f"] * 20] == [row["id"] for row in found]
    assert "one\ntwo\nthree\nfour\nfive" == found[0]["bio"]
    assert [2, 8, 9, 10, *range(11, 31)] == lines(source, "members")
    assert [Reject("members.csv", 7, "", 'b,"open', "quotes that do not match")] == rejects(source)


def test_ends_of_lines_of_old_macs_end_lines(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"members.csv": 'id,name\ra,Ada\rb,"B"\r'}))
    assert ["a", "b"] == members(source)
