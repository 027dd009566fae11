"""Workbooks are read as their sheets, and a cell as what is shown of it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from graph.errors import ForeignFile, InvalidInput
from graph.sources import open_source, workbook
from graph.sources.chunks import Hints, Reject
from tests.support.sources import connections, lines, members, notes, rejects, rows, write
from tests.support.workbooks import Cell, Sheets, write_ods, write_xlsx

PEOPLE: Sheets = {"Sheet1": [["ID", "Name"], ["a", "Ada"], ["b", None]]}
WRITTEN = {"xlsx": write_xlsx, "ods": write_ods}
Write = Callable[[Path, Sheets], Path]


@pytest.fixture(params=WRITTEN)
def write_book(request: pytest.FixtureRequest) -> Write:
    return WRITTEN[str(request.param)]


def book(folder: Path, name: str, write_book: Write, sheets: Sheets) -> Path:
    return write_book(folder / f"{name}.{'xlsx' if write_book is write_xlsx else 'ods'}", sheets)


def test_a_workbook_that_is_called_as_a_table_is_that_table(tmp_path: Path, write_book: Write) -> None:
    path = book(tmp_path, "Members", write_book, PEOPLE)
    for where in (tmp_path, path):
        assert [{"id": "a", "name": "Ada"}, {"id": "b", "name": ""}] == rows(open_source(where), "members")


def test_the_sheets_of_a_workbook_are_tables_by_their_names(tmp_path: Path, write_book: Write) -> None:
    sheets: Sheets = {
        "Connections": [["a", "b"], ["x", "y"]],
        "members": [["id"], ["x"], ["y"]],
        "remove connections": [["a", "b"], ["x", "z"]],
        "Notes": [["by the way"]],
        "empty": [],
    }
    path = book(tmp_path, "network", write_book, sheets)
    for where in (tmp_path, path):
        source = open_source(where)
        assert ["x", "y"] == members(source)
        assert [("x", "y")] == connections(source)
        assert [{"a": "x", "b": "z"}] == rows(source, "remove/connections")
        assert [(f"{path.name}#Notes", "not read: no table is called so")] == notes(source)


def test_a_cell_is_what_is_shown_of_it(tmp_path: Path, write_book: Write) -> None:
    header = ["id", "inmail_credits", "tier_expires_at", "open_profile", "score", "code"]
    sheet: list[list[Cell]] = [[*header], ["007", 5, date(2026, 1, 2), True, 0.5, 12.0]]
    path = book(tmp_path, "members", write_book, {"s": sheet})
    assert [dict(zip(header, ["007", "5", "2026-01-02", "true", "0.5", "12"], strict=True))] == rows(
        open_source(path), "members"
    )


def test_a_row_is_named_by_its_number_and_one_without_cells_is_none(tmp_path: Path, write_book: Write) -> None:
    sheet: list[list[Cell]] = [[None, None], ["id", "name"], [None, None], ["a", "A"], [None, None], ["b", "B"]]
    path = book(tmp_path, "members", write_book, {"s": sheet})
    assert [4, 6] == lines(open_source(path), "members")


def test_an_id_that_has_lost_its_digits_is_set_aside(tmp_path: Path, write_book: Write) -> None:
    large = 1234567890123456789
    sheet: list[list[Cell]] = [["id", "name"], [4398046511333, "kept"], [large, "lost"], [str(large), "text"]]
    source = open_source(book(tmp_path, "members", write_book, {"s": sheet}))
    assert ["4398046511333", str(large)] == members(source)
    [lost] = rejects(source)
    assert (3, "id", "a number of more than 15 digits, which a workbook rounds: make it text") == (
        lost.line,
        lost.column,
        lost.reason,
    )


def test_a_cell_past_the_last_column_sets_its_row_aside(tmp_path: Path, write_book: Write) -> None:
    source = open_source(book(tmp_path, "members", write_book, {"s": [["id"], ["a"], ["b", "what?"]]}))
    assert ["a"] == members(source)
    reason = "2 cells, where the first line has 1"
    assert [Reject(source_name(write_book), 3, "", "b,what?", reason)] == rejects(source)


def source_name(write_book: Write) -> str:
    return "members.xlsx" if write_book is write_xlsx else "members.ods"


def test_a_sheet_that_nearly_fits_and_one_that_is_there_twice_are_refused(tmp_path: Path, write_book: Write) -> None:
    sheets = {"members": [["id"], ["a"]], "conections": [["a", "b"]]}
    with pytest.raises(InvalidInput, match=r"the sheet '.*#conections' means nothing here: did you mean 'connections'"):
        open_source(book(tmp_path, "net", write_book, sheets))
    (tmp_path / "both").mkdir()
    book(tmp_path / "both", "net", write_book, {"members": [["id"], ["a"]]})
    with pytest.raises(InvalidInput, match="has both"):
        open_source(write(tmp_path / "both", {"members.csv": "id\nb\n"}))


def test_which_sheet_is_meant_is_not_guessed(tmp_path: Path, write_book: Write) -> None:
    path = book(tmp_path, "members", write_book, {"one": [["id"], ["a"]], "two": [["id"], ["b"]]})
    with pytest.raises(InvalidInput, match=r"which sheet has the members\? its sheets: one, two"):
        open_source(path)


def test_an_edge_list_may_be_a_sheet(tmp_path: Path, write_book: Write) -> None:
    known = book(tmp_path, "net", write_book, {"s": [["Source", "Target"], ["ada", "ben"], [1, 2]]})
    assert [("ada", "ben"), ("1", "2")] == connections(open_source(known, "edges"))
    other = book(tmp_path, "other", write_book, {"s": [["who", "when", "whom"], ["ada", "2020-01-01", "ben"]]})
    with pytest.raises(InvalidInput, match=r"has 3 columns \(who, when, whom\), and which two are connected"):
        open_source(other, "edges")
    large = book(tmp_path, "large", write_book, {"s": [["Source", "Target"], [1234567890123456789, "ben"]]})
    assert ["a number of more than 15 digits, which a workbook rounds: make it text"] == [
        reject.reason for reject in rejects(open_source(large, "edges"))
    ]
    hints = Hints(columns={"a": 1, "b": 3, "since": 2})
    assert [{"a": "ada", "b": "ben", "since": "2020-01-01"}] == rows(open_source(other, hints=hints), "connections")


# ── workbooks that cannot be read ────────────────────────────────────────────────────────────────

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def test_a_workbook_with_a_password_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "members.xlsx").write_bytes(OLE + bytes(1_000) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(InvalidInput, match=r"members\.xlsx is a workbook with a password, which is not read"):
        open_source(tmp_path)
    with zipfile.ZipFile(tmp_path / "net.ods", "w") as zip:
        zip.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        zip.writestr("content.xml", b"\x01\x02")
        zip.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    with pytest.raises(InvalidInput, match=r"net\.ods is a workbook with a password, which is not read"):
        open_source(tmp_path / "net.ods")


def test_a_broken_workbook_beside_an_edge_list_is_none_of_its_business(tmp_path: Path) -> None:
    (tmp_path / "other.xlsx").write_bytes(OLE)
    write_xlsx(tmp_path / "settings.xlsx", {"Sheet1": [["id", "tier"], [1, "free"]]})
    with zipfile.ZipFile(tmp_path / "broken.xlsx", "w") as zip:
        zip.writestr("xl/workbook.xml", "<x/>")
    source = open_source(write(tmp_path, {"net.edges": "1 2\n"}) / "net.edges")
    assert [{"id": "1", "tier": "free"}] == rows(source, "settings")


def test_an_old_workbook_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "members.xls").write_bytes(OLE + bytes(1_000))
    for format in ("auto", "edges"):
        with pytest.raises(InvalidInput, match=r"members\.xls is an old workbook or document \(\.xls, \.doc\)"):
            open_source(tmp_path / "members.xls", format)


def test_a_broken_workbook_is_one_line(tmp_path: Path, write_book: Write) -> None:
    path = book(tmp_path, "members", write_book, PEOPLE)
    with zipfile.ZipFile(path) as zip:
        parts = {name: zip.read(name) for name in zip.namelist()}
    with zipfile.ZipFile(path, "w") as zip:
        for name, data in parts.items():
            zip.writestr(name, data if name in ("mimetype", "xl/workbook.xml") else data[: len(data) // 2])
    with pytest.raises(InvalidInput, match="is a workbook that is not whole: open it and save it again"):
        open_source(path)


@pytest.mark.parametrize("part", ["mimetype", "META-INF/manifest.xml"])
def test_a_workbook_with_a_part_that_cannot_be_unpacked_is_one_line(tmp_path: Path, part: str) -> None:
    parts = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": "<x/>",
        "META-INF/manifest.xml": "<manifest/>",
    }
    path = tmp_path / "members.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, text in parts.items():
            zip.writestr(name, text)
    before, head, data = path.read_bytes().partition(part.encode())
    path.write_bytes(before + head + b"\xff\xff\xff" + data[3:])
    with pytest.raises(InvalidInput, match=r"members\.ods"):
        open_source(path)


def test_a_workbook_that_unpacks_to_more_than_could_be_meant_is_one_line(
    tmp_path: Path, write_book: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST_WORKBOOK", 100)
    with pytest.raises(InvalidInput, match="unpacks to more than"):
        open_source(book(tmp_path, "members", write_book, PEOPLE))


def test_a_document_is_no_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "members.docx", "w") as zip:
        zip.writestr("[Content_Types].xml", "<x/>")
        zip.writestr("word/document.xml", "<x/>")
    with pytest.raises(InvalidInput, match=r"members\.docx is a document of an office program, which is not read"):
        open_source(tmp_path / "members.docx", "edges")


def test_titles_above_the_header_of_a_sheet_are_told_and_left_out(tmp_path: Path, write_book: Write) -> None:
    titles: list[list[Cell]] = [["Everybody", None], [None, "of 2024"]]
    sheets: Sheets = {"members": [*titles, ["id", "name"], ["a", "Ada"]], "connections": [["a", "b"], ["a", "b"]]}
    source = open_source(book(tmp_path, "network", write_book, sheets))
    assert [{"id": "a", "name": "Ada"}] == rows(source, "members")
    assert ["what stands above the heading is not read (Everybody; of 2024)"] == [text for _, text in notes(source)]


def test_titles_above_an_edge_list_in_a_sheet_are_told_and_left_out(tmp_path: Path, write_book: Write) -> None:
    path = book(tmp_path, "net", write_book, {"Sheet1": [["Friends"], ["Source", "Target"], ["ada", "ben"]]})
    assert [("ada", "ben")] == connections(open_source(path))


def test_a_matrix_in_a_sheet_is_no_edge_list(tmp_path: Path, write_book: Write) -> None:
    path = book(tmp_path, "net", write_book, {"Sheet1": [[None, "ada", "ben"], ["ada", 0, 1], ["ben", 1, 0]]})
    with pytest.raises(ForeignFile, match="a matrix of who knows whom"):
        open_source(path)


def test_a_row_of_totals_is_no_member(tmp_path: Path, write_book: Write) -> None:
    source = open_source(
        book(tmp_path, "members", write_book, {"Sheet1": [["id", "name"], ["a", "Ada"], ["Total", 1]]})
    )
    assert ["a"] == members(source)
    assert [3] == [reject.line for reject in rejects(source)]


def test_a_hidden_sheet_is_told(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "net.xlsx", {"members": [["id"], ["a"]], "blocks": [["member", "other"]]})
    with zipfile.ZipFile(path) as zip:
        parts = {name: zip.read(name) for name in zip.namelist()}
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="blocks"', b'name="blocks" state="hidden"')
    with zipfile.ZipFile(path, "w") as zip:
        for name, part in parts.items():
            zip.writestr(name, part)
    assert ("net.xlsx#blocks", "a hidden sheet, read like any other") in notes(open_source(path))
