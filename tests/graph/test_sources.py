"""Files of every format become the same tables, with the line that each row began on."""

import gzip
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.errors import InvalidInput, UnknownSource
from graph.sources import open_source
from graph.sources.chunks import Reject, Source
from tests.support.sources import notes, rejects, rows

PERSONS = (
    "id|firstName|lastName|gender|birthday|creationDate|locationIP|browserUsed|language|email\n"
    '1|Ada|"Quote|female|0|1284620040602|192.0.2.1|Firefox|en;de|ada@example.org\n'
    "2|Bo|Li|male|0|1284620040602|192.0.2.2|Chrome|zh|bo@example.org\n"
)


def places(source: Source, table: str) -> list[tuple[str, int]]:
    return [(chunk.file, line) for chunk in source.chunks() if chunk.table.name == table for line in chunk.lines]


def native(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def ldbc(folder: Path, files: Iterable[tuple[str, str]] = ()) -> Path:
    for name, text in {"dynamic/person_0_0.csv": PERSONS, **dict(files)}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


# ── native ───────────────────────────────────────────────────────────────────────────────────────


def test_members_alone_are_a_network(tmp_path: Path) -> None:
    assert [{"id": "a"}, {"id": "b"}] == rows(open_source(native(tmp_path, members="id\na\nb\n")), "members")


def test_a_row_is_named_by_its_first_line_whatever_its_cells_hold(tmp_path: Path) -> None:
    source = open_source(
        native(tmp_path, members='id,bio\r\na,"two\r\nlines"\r\n\r\nb,"a ""quote"", a comma"\r\nc,\r\n')
    )
    expected = [{"id": "a", "bio": "two\r\nlines"}, {"id": "b", "bio": 'a "quote", a comma'}, {"id": "c", "bio": ""}]
    assert expected == rows(source, "members")
    assert [("members.csv", 2), ("members.csv", 5), ("members.csv", 6)] == places(source, "members")


def test_lines_go_on_counting_past_a_chunk(tmp_path: Path) -> None:
    source = open_source(native(tmp_path, members="id\n" + "".join(f"m{i}\n" for i in range(25_000))))
    assert [line for _, line in places(source, "members")] == list(range(2, 25_002))


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id\na\n", encoding="utf-8-sig")
    assert [{"id": "a"}] == rows(open_source(tmp_path), "members")


def test_gzip_is_read_like_plain_text(tmp_path: Path) -> None:
    (tmp_path / "members.csv.gz").write_bytes(gzip.compress("id,name\na,Žofia\n".encode()))
    source = open_source(tmp_path)
    assert [{"id": "a", "name": "Žofia"}] == rows(source, "members")
    assert [("members.csv.gz", 2)] == places(source, "members")


def test_parquet_gives_the_same_cells_as_text_would(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=2))
    table = pa.table(
        {
            "id": ["a", "b"],
            "open_profile": [True, None],
            "inmail_credits": pa.array([5, None], pa.int32()),
            "tier": pa.array(["free", "free"]).dictionary_encode(),
            "tier_expires_at": [datetime(2026, 1, 1, 2, tzinfo=zone), None],
            "restricted_until": [date(2026, 1, 1), None],
        }
    )
    pq.write_table(table, tmp_path / "members.parquet")
    source = open_source(tmp_path)
    full = {"id": "a", "open_profile": "true", "inmail_credits": "5", "tier": "free", "restricted_until": "2026-01-01"}
    empty = {"id": "b", "open_profile": "", "inmail_credits": "", "tier": "free", "restricted_until": ""}
    first, second = rows(source, "members")
    assert datetime(2026, 1, 1, tzinfo=UTC) == datetime.fromisoformat(first.pop("tier_expires_at"))
    assert [full, empty | {"tier_expires_at": ""}] == [first, second]
    assert [("members.parquet", 1), ("members.parquet", 2)] == places(source, "members")


def test_a_parquet_of_several_parts_gives_all_its_rows(tmp_path: Path) -> None:
    cells = {"id": [f"m{number}" for number in range(7)], "name": pa.array(["Ada", None, "Ada", "", "Bø", "Cy", "Cy"])}
    table = pa.table({**cells, "company": pa.array(["Acme"] * 7, pa.large_string())})
    pq.write_table(table, tmp_path / "members.parquet", row_group_size=3)
    expected = [
        {"id": id, "name": name or "", "company": "Acme"}
        for id, name, _ in zip(*table.to_pydict().values(), strict=True)
    ]
    assert expected == rows(open_source(tmp_path), "members")


def test_a_parquet_of_long_texts_is_laid_out_in_parts(tmp_path: Path) -> None:
    table = pa.table({"id": [f"m{number}" for number in range(4_000)], "name": ["x" * 20_000] * 3_999 + [None]})
    pq.write_table(table, tmp_path / "members.parquet")
    chunks = [chunk for chunk in open_source(tmp_path).chunks() if chunk.table.name == "members"]
    assert [*range(1, 4_001)] == [line for chunk in chunks for line in chunk.lines]
    assert [2_000, 2_000] == [len(chunk.lines) for chunk in chunks]


@pytest.mark.parametrize("encoded", [True, False])
def test_a_parquet_that_stands_for_far_more_text_than_it_is_is_refused(tmp_path: Path, encoded: bool) -> None:
    table = pa.table({"id": [f"m{number}" for number in range(1_500)], "name": ["x" * 50_000] * 1_500})
    pq.write_table(table, tmp_path / "members.parquet", compression="zstd", use_dictionary=encoded)
    assert (tmp_path / "members.parquet").stat().st_size < 1 << 16
    with pytest.raises(InvalidInput, match=r"1,500 rows hold more than 64 MiB|unpacks to more than"):
        open_source(tmp_path)


def test_a_parquet_column_that_is_no_cell_is_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"], "skills": [["cypher"]]}), tmp_path / "members.parquet")
    with pytest.raises(InvalidInput, match=r"members\.parquet: the column 'skills' is of type list"):
        open_source(tmp_path)


def test_other_columns_stay_on_nodes_and_not_on_relationships(tmp_path: Path) -> None:
    folder = native(tmp_path, members="id,city\na,Oslo\nb,\n", connections="a,b,via\na,b,mail\n")
    source = open_source(folder)
    assert [{"id": "a", "city": "Oslo"}, {"id": "b", "city": ""}] == rows(source, "members")
    assert [{"a": "a", "b": "b"}] == rows(source, "connections")


def test_rows_that_are_no_rows_are_set_aside_and_the_rest_is_read(tmp_path: Path) -> None:
    source = open_source(native(tmp_path, members='id,name\na\nb,B\nc,C,C\nd,"D"d\ne,E\nf,"open\n'))
    assert [{"id": "b", "name": "B"}, {"id": "e", "name": "E"}] == rows(source, "members")
    assert [
        Reject("members.csv", 2, "", "a", "1 cells, where the first line has 2"),
        Reject("members.csv", 4, "", "c,C,C", "3 cells, where the first line has 2"),
        Reject("members.csv", 5, "", 'd,"D"d', "quotes that do not match"),
        Reject("members.csv", 7, "", 'f,"open', "quotes that do not match"),
    ] == rejects(source)


def test_a_cell_of_ten_megabytes_is_one_cell(tmp_path: Path) -> None:
    source = open_source(native(tmp_path, members=f'id,bio\na,"{"x" * 10_000_000}"\nb,B\n'))
    assert ["a", "b"] == [row["id"] for row in rows(source, "members")]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("", "has no first line"),
        ("name", "has no column 'id'"),
        ("id,name,name", "the column 'name' stands there more than once"),
        ("id,,name", "column 2 has no usable name"),
        ("id,a\0b", "column 2 has no usable name"),
    ],
)
def test_a_header_that_cannot_be_used_is_one_line(tmp_path: Path, header: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=rf"members\.csv.*{problem}"):
        open_source(native(tmp_path, members=header))


def test_a_missing_column_of_any_table_is_found_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"blocks\.csv has no column 'other'"):
        open_source(native(tmp_path, members="id\na\n", blocks="member\na\n"))


def test_text_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes("id,name\na,Žofia\nb,Zo".encode() + b"\xebl\n")
    with pytest.raises(InvalidInput, match=r"members\.csv, line 3: not UTF-8"):
        open_source(tmp_path)


def test_text_that_ends_within_a_character_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_bytes("id\nŽ".encode()[:-1])
    with pytest.raises(InvalidInput, match=r"members\.csv, line 2: not UTF-8"):
        open_source(tmp_path)


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f"m{i}\n" for i in range(9_999)).encode())
    (tmp_path / "members.csv.gz").write_bytes(whole[:-9])
    with pytest.raises(InvalidInput, match=r"members\.csv\.gz ends too early"):
        open_source(tmp_path)


def test_a_parquet_of_other_bytes_than_utf_8_is_refused_with_its_column(tmp_path: Path) -> None:
    latin = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\3\0\0\0"), pa.py_buffer(b"Bj\xf8"))
    pq.write_table(pa.table({"id": ["a"], "name": latin}), tmp_path / "members.parquet")
    with pytest.raises(InvalidInput, match=r"members\.parquet: the column 'name' holds bytes that are not UTF-8"):
        open_source(tmp_path)


def test_a_parquet_that_is_damaged_inside_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "members.parquet"
    pq.write_table(pa.table({"id": [f"m{number}" for number in range(1000)]}), path)
    whole = bytearray(path.read_bytes())
    whole[40:200] = bytes(160)
    path.write_bytes(whole)
    with pytest.raises(InvalidInput, match=r"members\.parquet"):
        open_source(tmp_path)


def test_a_truncated_parquet_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "members.parquet")
    whole = (tmp_path / "members.parquet").read_bytes()
    (tmp_path / "members.parquet").write_bytes(whole[:-9])
    with pytest.raises(InvalidInput, match=r"members\.parquet is not a whole Parquet file"):
        open_source(tmp_path)


@pytest.mark.parametrize("name", ["members.csv", "members.csv.gz", "members.parquet"])
def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(InvalidInput, match=r"members\..* is a folder"):
        open_source(tmp_path)


def test_two_files_of_one_table_are_refused(tmp_path: Path) -> None:
    (tmp_path / "members.csv.gz").write_bytes(gzip.compress(b"id\na\n"))
    with pytest.raises(InvalidInput, match=r"has both members\.csv and members\.csv\.gz: keep one"):
        open_source(native(tmp_path, members="id\nb\n"))


# ── LDBC ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_a_member_without_mail_and_address(tmp_path: Path) -> None:
    ada, _ = rows(open_source(ldbc(tmp_path)), "members")
    assert {
        "id": "1",
        "name": 'Ada "Quote',
        "gender": "female",
        "birthday": "0",
        "creationDate": "1284620040602",
        "browserUsed": "Firefox",
        "language": "en;de",
    } == ada


def test_a_location_is_the_name_of_the_place(tmp_path: Path) -> None:
    files = {
        "dynamic/person_isLocatedIn_place_0_0.csv": "Person.id|Place.id\n1|7\n2|8\n3|7\n",
        "static/place_0_0.csv": "id|name|url|type\n7|Graz|http://example.org|city\n",
    }
    source = open_source(ldbc(tmp_path, files.items()))
    assert ["Graz", ""] == [row["location"] for row in rows(source, "members")]
    file = "dynamic/person_isLocatedIn_place_0_0.csv"
    assert [
        Reject(file, 3, "Place.id", "8", "no place has this id"),
        Reject(file, 4, "Person.id", "3", "nobody declares this id"),
    ] == rejects(source)


def test_people_who_know_each_other_are_connected_since_then(tmp_path: Path) -> None:
    file = "Person.id|Person.id|creationDate\n1|2|1278777892244\n2|1|2010-07-10T16:04:52.244+0000\n"
    source = open_source(ldbc(tmp_path, [("dynamic/person_knows_person_0_0.csv", file)]))
    assert [
        {"a": "1", "b": "2", "since": "2010-07-10T16:04:52.244000+00:00"},
        {"a": "2", "b": "1", "since": "2010-07-10T16:04:52.244+0000"},
    ] == rows(source, "connections")


def test_only_forums_called_groups_are_groups(tmp_path: Path) -> None:
    files = {
        "dynamic/forum_0_0.csv": "id|title|creationDate\n5|Wall of Ada|0\n6|Group for Chess|0\n7|Album 0 of Ada|0\n",
        "dynamic/forum_hasMember_person_0_0.csv": "Forum.id|Person.id|joinDate\n5|2|0\n6|1|0\n8|1|0\n",
    }
    source = open_source(ldbc(tmp_path, files.items()))
    assert [{"id": "6", "name": "Group for Chess", "creationDate": "0"}] == rows(source, "groups")
    since = "1970-01-01T00:00:00+00:00"
    assert [
        {"member": "1", "group": "6", "since": since},
        {"member": "1", "group": "8", "since": since},
    ] == rows(source, "group_members")
    assert [("dynamic/forum_hasMember_person_0_0.csv", 3), ("dynamic/forum_hasMember_person_0_0.csv", 4)] == places(
        source, "group_members"
    )


def test_companies_are_those_that_somebody_works_at(tmp_path: Path) -> None:
    files = {
        "static/organisation_0_0.csv": "id|type|name|url\n1|company|Acme|u\n2|company|Idle|u\n3|university|Alma|u\n",
        "dynamic/person_workAt_organisation_0_0.csv": "Person.id|Organisation.id|workFrom\n1|1|2009\n1|3|later\n",
    }
    source = open_source(ldbc(tmp_path, files.items()))
    assert [{"id": "1", "name": "Acme", "url": "u"}] == rows(source, "companies")
    assert [
        {"member": "1", "company": "1", "since": "2009-01-01"},
        {"member": "1", "company": "3", "since": "later"},
    ] == rows(source, "company_members")


def test_parts_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    header = PERSONS.splitlines()[0]
    folder = ldbc(tmp_path, [("dynamic/person_2_0.csv", f"{header}\n3{'|x' * 9}\n")])
    (folder / "dynamic" / "person_10_0.csv.gz").write_bytes(gzip.compress(f"{header}\n4{'|x' * 9}\n".encode()))
    assert ["1", "2", "3", "4"] == [row["id"] for row in rows(open_source(folder), "members")]


def test_settings_and_blocks_may_stand_beside(tmp_path: Path) -> None:
    folder = native(ldbc(tmp_path), settings="id,tier\n1,career\n", blocks="member,other\n1,2\n")
    source = open_source(folder)
    assert [{"id": "1", "tier": "career"}] == rows(source, "settings")
    assert [{"member": "1", "other": "2"}] == rows(source, "blocks")


def test_an_unexpected_header_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"its first line should begin with Person\.id\|Person\.id\|creationDate"):
        open_source(ldbc(tmp_path, [("dynamic/person_knows_person_0_0.csv", "a,b\n")]))


def bi(folder: Path, *, packed: bool = False) -> Path:
    """What LDBC's generator writes today: a folder for each entity, in parts, with quotes."""
    tables = {
        "static/Place": "id|name|url|type|PartOfPlaceId\n7|Graz|u|City|\n",
        "static/Organisation": "id|type|name|url|LocationPlaceId\n1|Company|Acme|u|7\n2|University|Alma|u|7\n",
        "static/Tag": "id|name\n1|chess\n",
        "dynamic/Person": "creationDate|id|firstName|lastName|gender|locationIP|LocationCityId|language|email\n"
        '2010-01-03T15:10:31.499+00:00|14|Ada|"M|N"|female|1.2.3.4|7|en;de|ada@example.org\n'
        "2010-01-03T15:10:31.499+00:00|16|Ben|O|male|1.2.3.4|9|en|\n",
        "dynamic/Person_knows_Person": "creationDate|Person1Id|Person2Id\n2010-07-30T15:19:53.298+00:00|14|16\n",
        "dynamic/Person_workAt_Company": "creationDate|PersonId|CompanyId|workFrom\n2010-01-03|14|1|2009\n",
        "dynamic/Forum": "creationDate|id|title|ModeratorPersonId\n2010-01-01|5|Wall of Ada|14\n"
        "2010-01-01|6|Group for Chess|14\n",
        "dynamic/Forum_hasMember_Person": "creationDate|ForumId|PersonId\n2010-02-01|5|14\n2010-02-01|6|16\n",
    }
    for name, text in tables.items():
        part = folder / "initial_snapshot" / name / f"part-00000-abc-c000.csv{'.gz' if packed else ''}"
        part.parent.mkdir(parents=True)
        part.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
        (part.parent / "_SUCCESS").touch()
    return folder


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("where", ["", "initial_snapshot"])
def test_what_the_generator_writes_today_is_read_like_interactive_v1(tmp_path: Path, packed: bool, where: str) -> None:
    source = open_source(bi(tmp_path, packed=packed) / where)
    ada, ben = rows(source, "members")
    assert {"id": "14", "name": "Ada M|N", "location": "Graz", "gender": "female", "language": "en;de"}.items() <= (
        ada.items()
    )
    assert ("16", "") == (ben["id"], ben["location"])
    assert not {"email", "locationIP"} & ada.keys()
    since = "2010-07-30T15:19:53.298+00:00"
    assert [{"a": "14", "b": "16", "since": since}] == rows(source, "connections")
    assert [{"member": "14", "company": "1", "since": "2009-01-01"}] == rows(source, "company_members")
    assert [("1", "Acme")] == [(row["id"], row["name"]) for row in rows(source, "companies")]
    assert [("6", "Group for Chess")] == [(row["id"], row["name"]) for row in rows(source, "groups")]
    assert [{"member": "16", "group": "6", "since": "2010-02-01"}] == rows(source, "group_members")


def test_what_of_ldbc_is_not_read_is_told(tmp_path: Path) -> None:
    source = open_source(bi(tmp_path) / "initial_snapshot")
    assert [
        ("static/Place/part-00000-abc-c000.csv", "read: where members are"),
        ("dynamic/Person/part-00000-abc-c000.csv", "columns not read: locationIP, email"),
        ("dynamic/Forum/part-00000-abc-c000.csv", "1 row not read: walls and albums"),
        ("dynamic/Forum_hasMember_Person/part-00000-abc-c000.csv", "1 row not read: of walls and albums"),
        (
            "static/Organisation/part-00000-abc-c000.csv",
            "1 row not read: universities, and companies that nobody works at",
        ),
        ("static/Tag/", "a folder, not read: no part of the network of persons (2 files)"),
    ] == notes(source)


def test_a_part_without_a_column_is_one_line(tmp_path: Path) -> None:
    part = bi(tmp_path) / "initial_snapshot" / "dynamic" / "Person" / "part-00000-abc-c000.csv"
    part.write_text("creationDate|id|firstName\n2010-01-03|14|Ada\n")
    with pytest.raises(InvalidInput, match=r"part-00000-abc-c000\.csv: its first line has no lastName"):
        open_source(tmp_path)


# ── which format ─────────────────────────────────────────────────────────────────────────────────


def test_a_folder_of_no_known_format_says_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UnknownSource, match=r"no known format: there is no members\.csv .* dynamic/person_0_0\.csv"):
        open_source(tmp_path)


def test_a_folder_of_two_formats_is_not_guessed(tmp_path: Path) -> None:
    folder = native(ldbc(tmp_path), members="id\na\n")
    with pytest.raises(UnknownSource, match="has files of native and ldbc"):
        open_source(folder)
    assert ["a"] == [row["id"] for row in rows(open_source(folder, "native"), "members")]
    assert ["1", "2"] == [row["id"] for row in rows(open_source(folder, "ldbc"), "members")]


@pytest.mark.parametrize(
    ("name", "format", "problem"),
    [
        ("nowhere", "auto", "there is nothing at"),
        ("members.csv", "auto", "is one file of a native folder"),
        ("", "ldbc", "not of the format ldbc"),
        ("", "orkut", "is no format: there are auto, native, ldbc"),
    ],
)
def test_a_wrong_path_or_format_is_one_line(tmp_path: Path, name: str, format: str, problem: str) -> None:
    with pytest.raises(UnknownSource, match=problem):
        open_source(native(tmp_path, members="id\na\n") / name, format)
