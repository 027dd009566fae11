"""Names of files and columns: what fits is taken, what nearly fits is refused, and what is not read is told."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import ForeignFile, FurtherWithin, InvalidInput, NearlyFits, UnknownSource
from graph.sources import open_source
from graph.sources.names import nearest, stem
from tests.support.sources import notes, rows, write

TABLES = ["members", "groups", "companies", "connections", "group_members", "company_members", "blocks"]
COLUMNS = ["id", "name", "tier", "tier_expires_at", "status", "visibility", "accepts_inmail", "inmail_credits"]


@pytest.mark.parametrize(
    "file", ["members.csv", "Members.CSV", "MEMBERS.tsv", "members.txt", "members.csv.gz", "members", "Mem-bers.psv"]
)
def test_a_file_is_called_as_its_table_whatever_its_case_and_ending(tmp_path: Path, file: str) -> None:
    assert [{"id": "a"}] == rows(open_source(write(tmp_path, {file: "id\na\n"})), "members")


@pytest.mark.parametrize("file", ["group_members.csv", "Group Members.csv", "group-members.csv", "GroupMembers.tsv"])
def test_spaces_hyphens_and_underscores_in_the_name_of_a_file_are_none(tmp_path: Path, file: str) -> None:
    folder = write(tmp_path, {"members.csv": "id\na\n", "groups.csv": "id\ng\n", file: "member,group\na,g\n"})
    assert [{"member": "a", "group": "g"}] == rows(open_source(folder), "group_members")


@pytest.mark.parametrize("header", ["ID,Tier,Tier Expires At", "Id,TIER,tier-expires-at", "id,tier,TierExpiresAt"])
def test_columns_are_taken_whatever_way_they_are_written(tmp_path: Path, header: str) -> None:
    source = open_source(write(tmp_path, {"members.csv": f"{header}\na,free,2026-01-01\n"}))
    assert [{"id": "a", "tier": "free", "tier_expires_at": "2026-01-01"}] == rows(source, "members")


def test_columns_of_parquet_are_taken_so_too(tmp_path: Path) -> None:
    pq.write_table(pa.table({"Id": ["a"], "STATUS": ["closed"]}), tmp_path / "members.parquet")
    assert [{"id": "a", "status": "closed"}] == rows(open_source(tmp_path), "members")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Teir", "tier"),
        ("tiers", "tier"),
        ("statu", "status"),
        ("Stauts", "status"),
        ("visibilty", "visibility"),
        ("tier_expires", "tier_expires_at"),
        ("accept_inmail", "accepts_inmail"),
        ("title", None),
        ("state", None),
        ("time", None),
        ("location", None),
        ("industry", None),
        ("email", None),
        ("ids", None),
    ],
)
def test_a_column_is_near_to_one_that_is_a_slip_of_the_pen_away(name: str, meant: str | None) -> None:
    assert meant == nearest(name, COLUMNS)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("member", "members"),
        ("conections", "connections"),
        ("company", "companies"),
        ("GroupMember", "group_members"),
        ("groups_members", "group_members"),
        ("members_backup", None),
        ("contacts", None),
        ("people", None),
        ("settings", None),
    ],
)
def test_a_file_is_near_to_a_table_so_too(name: str, meant: str | None) -> None:
    assert meant == nearest(name, TABLES)


@pytest.mark.parametrize(
    ("file", "table"),
    [("a/Members.csv.gz", "Members"), ("x.csv", "x"), ("x.tar.gz", "x.tar"), ("x.v2.csv", "x.v2"), ("x", "x")],
)
def test_the_stem_of_a_file_has_neither_folder_nor_endings(file: str, table: str) -> None:
    assert table == stem(file)


def test_a_column_that_nearly_fits_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, {"members.csv": "id,statu\na,closed\n"})
    with pytest.raises(NearlyFits, match=r"members\.csv: the column 'statu' .*: did you mean 'status'\?"):
        open_source(folder)


def test_a_column_that_nearly_fits_is_ones_own_where_the_other_is_there_too(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"members.csv": "id,name,names\na,Ada,2\n"}))
    assert [{"id": "a", "name": "Ada", "names": "2"}] == rows(source, "members")
    assert [("members.csv", "kept as a column of your own: 'names'")] == notes(source)


def test_two_ways_to_write_one_column_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="'Tier' and 'tier' are both the column 'tier', keep one"):
        open_source(write(tmp_path, {"members.csv": "id,Tier,tier\na,free,free\n"}))


@pytest.mark.parametrize("file", ["member.csv", "Conections.tsv", "company.csv"])
def test_a_file_that_nearly_fits_is_refused(tmp_path: Path, file: str) -> None:
    with pytest.raises(NearlyFits, match=r"the file '.*' means nothing here: did you mean '.*'\?"):
        open_source(write(tmp_path, {"members.csv" if file[0] != "m" else "groups.csv": "id\na\n", file: "id\na\n"}))


def test_settings_that_nearly_fit_beside_an_edge_list_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, {"net.edges": "1 2\n", "setting.csv": "id,tier\n1,free\n"})
    with pytest.raises(NearlyFits, match=r"'setting\.csv' means nothing here: did you mean 'settings'\?"):
        open_source(folder / "net.edges")


def test_every_column_of_a_relationship_that_is_not_read_is_told(tmp_path: Path) -> None:
    files = {
        "members.csv": "id\na\nb\n",
        "connections.csv": "a,b,weight,status\na,b,1,pending\n",
        "blocks.csv": "member,other,type\na,b,limit\n",
    }
    assert [
        ("connections.csv", "columns 'weight', 'status' not read: connections have no such columns"),
        ("blocks.csv", "column 'type' not read: blocks have no such column"),
    ] == notes(open_source(write(tmp_path, files)))


def test_every_file_and_folder_beside_that_is_not_read_is_told(tmp_path: Path) -> None:
    files = {"members.csv": "id\na\n", "notes.md": "x", "settings.csv": "id\na\n", "old/members.csv": "id\nz\n"}
    source = open_source(write(tmp_path, {**files, ".DS_Store": "x", "old/deep/x.csv": "x"}))
    assert ["a"] == [row["id"] for row in rows(source, "members")]
    assert [
        ("notes.md", "not read: no table is called so"),
        ("settings.csv", "not read: no table is called so"),
        ("old/", "a folder, not read: only remove/ is looked into (1 file and 1 folder)"),
        (".*", "1 hidden file, not read"),
    ] == notes(source)


def test_two_files_of_one_table_are_refused_whatever_their_names(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"has both Members\.tsv and members\.csv: keep one"):
        open_source(write(tmp_path, {"members.csv": "id\na\n", "Members.tsv": "id\na\n"}))


def test_a_heading_for_neo4j_admin_is_named(tmp_path: Path) -> None:
    for file, header in (("members.csv", "id:ID(Member),name,:LABEL"), ("connections.csv", ":START_ID,:END_ID,:TYPE")):
        with pytest.raises(ForeignFile, match=rf"{file} is a file for neo4j-admin \({header[:3]}.*name its columns"):
            open_source(write(tmp_path, {"members.csv": "id\na\n", file: f"{header}\na,b,c\n"}))


def test_a_change_is_a_folder_of_tables_of_which_none_is_required(tmp_path: Path) -> None:
    for file, text in (("connections.csv", "a,b\nx,y\n"), ("blocks.csv", "member,other\nx,y\n")):
        folder = write(tmp_path / file, {file: text})
        assert 1 == len(rows(open_source(folder), file.removesuffix(".csv")))


def test_an_edge_list_that_is_called_as_a_table_is_an_edge_list(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"connections.txt": "0 1\n1 2\n"}))
    assert ["0", "1", "2"] == [row["id"] for row in rows(source, "members")]


# ── what is to go ────────────────────────────────────────────────────────────────────────────────


def test_a_folder_remove_is_read_first_as_rows_that_are_to_go(tmp_path: Path) -> None:
    files = {
        "members.csv": "id\na\n",
        "Remove/connections.csv": "b,a\nx,y\n",
        "Remove/Company Members.tsv": "member\tcompany\ttie\nx\tc\t\n",
    }
    source = open_source(write(tmp_path, files))
    tables = [(chunk.table.name, chunk.file) for chunk in source.chunks()]
    assert [
        ("remove/connections", "Remove/connections.csv"),
        ("remove/company_members", "Remove/Company Members.tsv"),
        ("members", "members.csv"),
    ] == tables
    assert [{"a": "y", "b": "x"}] == rows(source, "remove/connections")


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("remove/members.csv", r"remove holds remove/members\.csv, and only connections, group_members"),
        ("remove/notes.txt", r"remove holds remove/notes\.txt"),
        ("remove/more/connections.csv", "remove holds more"),
        ("remove/conections.csv", "did you mean 'connections'"),
        ("removed/connections.csv", "the folder 'removed' means nothing here: did you mean 'remove'"),
    ],
)
def test_anything_else_that_is_to_go_is_refused(tmp_path: Path, file: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        open_source(write(tmp_path, {"members.csv": "id\na\n", file: "a,b\nx,y\n"}))


def test_a_folder_of_nothing_but_what_is_to_go_is_a_change(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"remove/blocks.csv": "member,other\nx,y\n"}))
    assert [{"member": "x", "other": "y"}] == rows(source, "remove/blocks")


@pytest.mark.parametrize("titles", ["Everybody\n", "Everybody;\n;of 2024\n"])
def test_titles_above_a_header_are_told_and_left_out(tmp_path: Path, titles: str) -> None:
    source = open_source(write(tmp_path, {"members.csv": f"{titles}id;name\na;Ada\n"}))
    assert [{"id": "a", "name": "Ada"}] == rows(source, "members")
    assert any(text.startswith("what stands above the heading is not read (Everybody") for _, text in notes(source))


def test_a_row_as_long_as_the_first_line_is_no_header(tmp_path: Path) -> None:
    files = {"members.csv": "id\na\nb\n", "connections.csv": "from,to\na,b\n"}
    with pytest.raises(InvalidInput, match="has no column 'a'"):
        open_source(write(tmp_path, files))


def test_where_spaces_follow_separators_cells_have_none_around_them(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, {"members.csv": "id , name\na , Ada\n"}))
    assert [{"id": "a", "name": "Ada"}] == rows(source, "members")


def test_a_pointer_of_git_lfs_is_named(tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    with pytest.raises(ForeignFile, match="a pointer of Git LFS"):
        open_source(write(tmp_path, {"members.csv": pointer}))


@pytest.mark.parametrize("within", ["net", "data/of/2024"])
def test_a_folder_further_within_is_named(tmp_path: Path, within: str) -> None:
    write(tmp_path, {f"{within}/members.csv": "id\na\n"})
    with pytest.raises(FurtherWithin, match=f"{tmp_path / within} in it is native: load that folder"):
        open_source(tmp_path)


def test_the_only_file_of_a_folder_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    with pytest.raises(ForeignFile, match=r"members\.json is JSON"):
        open_source(write(tmp_path, {"members.json": '[{"id": "a"}]'}))


def test_a_folder_of_no_format_is_told_with_what_it_holds(tmp_path: Path) -> None:
    with pytest.raises(UnknownSource, match=r"it holds edges\.csv, nodes\.csv, and there is no members\.csv"):
        open_source(write(tmp_path, {"nodes.csv": "Id,Label\n1,Ada\n", "edges.csv": "Source,Target\n1,2\n"}))
