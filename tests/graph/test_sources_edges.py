"""Plain edge lists, and the tiers that a format without tiers is given."""

import gzip
from pathlib import Path

import pytest

from graph.driver.database import Database
from graph.errors import InvalidInput, UnknownSource, Unsure
from graph.generate import sampling
from graph.loading import loading
from graph.sources import open_source
from graph.sources.chunks import Reject, Source
from graph.sources.edges import EdgesSource
from graph.sources.native import NativeSource
from graph.sources.settings import WithTiers

SHARES = {"free": 0.8, "career": 0.12, "business": 0.05, "sales_navigator": 0.03}


def edges(folder: Path, text: str, name: str = "net.edges") -> Source:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return open_source(folder / name, "edges")


def members(source: Source) -> list[str]:
    return [id for chunk in source.chunks() if chunk.table.name == "members" for id in chunk.columns["id"]]


def connections(source: Source) -> list[tuple[str, str]]:
    chunks = [chunk.columns for chunk in source.chunks() if chunk.table.name == "connections"]
    return [pair for columns in chunks for pair in zip(columns["a"], columns["b"], strict=True)]


def places(source: Source, table: str) -> list[int]:
    return [line for chunk in source.chunks() if chunk.table.name == table for line in chunk.lines]


def rejects(source: Source) -> list[Reject]:
    return [reject for chunk in source.chunks() for reject in chunk.rejects]


@pytest.mark.parametrize(
    "text",
    ["a b\nb c\n", "a\tb\nb\tc", " a  \t b \r\n\r\n b c\r\n", "a,b\nb,c\n", "a, b\nb ,c\n", '"a","b"\n"b","c"\n'],
)
def test_a_line_is_a_connection_and_declares_both(tmp_path: Path, text: str) -> None:
    source = edges(tmp_path, text)
    assert ["a", "b", "c"] == members(source)
    assert [("a", "b"), ("b", "c")] == connections(source)


def test_comments_and_empty_lines_say_nothing(tmp_path: Path) -> None:
    source = edges(tmp_path, "# FromNodeId ToNodeId\n%% asym\n\n a b\n  # a c\n")
    assert [("a", "b")] == connections(source)
    assert [4] == places(source, "connections")


def test_ids_are_text(tmp_path: Path) -> None:
    source = edges(tmp_path, '1 01\n1.0 1e0\n"q" ñ,😀\n')
    assert ["1", "01", "1.0", "1e0", '"q"', "ñ,😀"] == members(source)


def test_between_commas_an_id_may_hold_spaces_and_quoted_commas(tmp_path: Path) -> None:
    assert [("Ada Li", "Bo, jr")] == connections(edges(tmp_path, 'Ada Li,"Bo, jr"\n'))


def test_a_byte_order_mark_is_no_part_of_the_first_id(tmp_path: Path) -> None:
    assert ["a", "b"] == members(edges(tmp_path, "\ufeffa b\n"))


def test_gzip_is_read_like_plain_text(tmp_path: Path) -> None:
    (tmp_path / "net.txt.gz").write_bytes(gzip.compress(b"a b\n"))
    assert [("a", "b")] == connections(open_source(tmp_path, "edges"))


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "net.txt.gz").write_bytes(gzip.compress("".join(f"{i} {i + 1}\n" for i in range(9_999)).encode())[:-9])
    with pytest.raises(InvalidInput, match=r"net\.txt\.gz ends too early"):
        open_source(tmp_path, "edges")


def test_a_line_that_is_no_pair_is_set_aside_and_declares_nobody(tmp_path: Path) -> None:
    source = edges(tmp_path, "a b\nx y 0.5\nz\na b\n")
    assert ["a", "b"] == members(source)
    assert [
        Reject("net.edges", 2, "", "x y 0.5", "3 cells, where a connection has 2"),
        Reject("net.edges", 3, "", "z", "1 cells, where a connection has 2"),
    ] == rejects(source)


def test_the_first_line_says_what_separates(tmp_path: Path) -> None:
    source = edges(tmp_path, 'a,b\nc d\n"e,f\n')
    assert ["a", "b"] == members(source)
    assert [
        Reject("net.edges", 2, "", "c d", "1 cells, where a connection has 2"),
        Reject("net.edges", 3, "", '"e,f', "quotes that do not match"),
    ] == rejects(source)


def test_everybody_is_declared_once_however_long_the_file_is(tmp_path: Path) -> None:
    source = edges(tmp_path, "".join(f"hub {i % 7_000}\n" for i in range(25_000)))
    assert ["hub", *map(str, range(7_000))] == members(source)
    assert list(range(1, 25_001)) == places(source, "connections")


def test_bad_rows_are_set_aside_once_and_with_their_line_when_loaded(database: Database, tmp_path: Path) -> None:
    source = edges(tmp_path, f"a b\nc c\nd e\0\nf {'g' * 1_001}\n,h\nb a\na,x b\n")
    found: list[Reject] = []
    report = loading.load(database, source, tiers=set(), reject=found.append)
    assert [(2, "b"), (3, "b"), (4, "b"), (5, "")] == [(reject.line, reject.column) for reject in found]
    assert {"members": 3, "connections": 3} == report.loaded


@pytest.mark.parametrize("name", ["net.edges", "net.edges.gz"])
def test_a_file_called_edges_is_told_from_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"a b\n") if name.endswith(".gz") else b"a b\n")
    assert isinstance(open_source(tmp_path), EdgesSource)
    assert isinstance(open_source(tmp_path / name), EdgesSource)


@pytest.mark.parametrize("name", ["net.txt", "net.tsv", "net.csv"])
@pytest.mark.parametrize(
    ("text", "unmistakable"),
    [("# SNAP\n0\t1\n0\t2\n", True), ("0,1\n", True), ("Ada Li\n", False), ("", False)],
)
def test_other_text_is_an_edge_list_where_it_is_pairs_of_numbers_or_where_one_says_so(
    tmp_path: Path, name: str, text: str, unmistakable: bool
) -> None:
    assert isinstance(edges(tmp_path, text, name), EdgesSource)
    if unmistakable:
        assert isinstance(open_source(tmp_path), EdgesSource)
    else:
        for path in (tmp_path, tmp_path / name):
            with pytest.raises(Unsure, match="may be an edge list or not"):
                open_source(path)


def test_a_known_format_is_no_edge_list(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id\n1\n")
    (tmp_path / "net.edges").write_text("1 2\n")
    assert isinstance(open_source(tmp_path), NativeSource)


def test_of_two_files_none_is_chosen(tmp_path: Path) -> None:
    (tmp_path / "other.edges").write_text("a b\n")
    edges(tmp_path, "a b\n")
    with pytest.raises(UnknownSource, match="has no single edge list"):
        open_source(tmp_path, "edges")


def test_settings_and_blocks_may_stand_beside(database: Database, tmp_path: Path) -> None:
    (tmp_path / "settings.csv").write_text("id,tier,visibility\nb,career,private\nz,free,\n")
    (tmp_path / "blocks.csv").write_text("member,other\na,b\n")
    edges(tmp_path, "a b\n")
    found: list[Reject] = []
    report = loading.load(database, open_source(tmp_path), tiers=SHARES.keys(), reject=found.append)
    assert {"members": 2, "connections": 1, "settings": 1, "blocks": 1} == report.loaded
    assert [Reject("settings.csv", 3, "id", "z", "nobody declares this id")] == found


# ── tiers by shares ──────────────────────────────────────────────────────────────────────────────


def test_shares_are_read_from_text() -> None:
    assert SHARES == sampling.read_shares("free=0.8, career=0.12,business=.05,sales_navigator=0.03")
    assert {"free": 1.0} == sampling.read_shares("free=1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'' is no share of a tier"),
        ("free", "'free' is no share"),
        ("free=0.5,free=0.5", "'free=0.5' is no share of a tier: say each once"),
        ("free=1.5,career=-0.5", "'career=-0.5' is no share"),
        ("free=nan", "'free=nan' is no share"),
        ("free=0.8,career=0.1", "sum to 0.9: they should sum to 1"),
        ("free=1.5", "sum to 1.5"),
    ],
)
def test_shares_that_are_none_are_one_line(text: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        sampling.read_shares(text)


def test_a_tier_hangs_on_the_id_and_the_seed_alone() -> None:
    ids = [f"m{number}" for number in range(1_000)]
    tier = dict(zip(ids, sampling.tiers(ids, SHARES, 1), strict=True))
    some = ids[500:0:-7]
    assert [tier[id] for id in some] == sampling.tiers(some, SHARES, 1)
    assert list(tier.values()) != sampling.tiers(ids, SHARES, 2)


def test_tiers_come_in_their_shares() -> None:
    drawn = sampling.tiers(map(str, range(20_000)), SHARES, 1)
    assert SHARES == {tier: pytest.approx(drawn.count(tier) / len(drawn), abs=0.01) for tier in SHARES}


def test_members_get_the_tiers_and_nothing_else_changes(tmp_path: Path) -> None:
    plain = edges(tmp_path, "a b\nb c\n")
    given = [chunk for chunk in WithTiers(plain, SHARES, 1).chunks() if chunk.table.name == "members"]
    assert [sampling.tiers(["a", "b", "c"], SHARES, 1)] == [chunk.columns["tier"] for chunk in given]
    assert connections(plain) == connections(WithTiers(plain, SHARES, 1))


def test_settings_beside_have_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "settings.csv").write_text("id,tier\na,business\n")
    source = WithTiers(edges(tmp_path, "a b\n"), {"free": 1.0}, 1)
    assert ["members", "connections", "settings"] == [chunk.table.name for chunk in source.chunks()]


def test_a_format_with_tiers_is_given_none(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id\na\n")
    with pytest.raises(InvalidInput, match=r"tiers of their own, in members\.csv: none can be assigned"):
        WithTiers(open_source(tmp_path), SHARES, 1)


def test_a_tier_that_no_pack_defines_is_named(tmp_path: Path) -> None:
    source = WithTiers(edges(tmp_path, "a b\n"), {"free": 0.5, "gold": 0.5}, 1)
    with pytest.raises(InvalidInput, match="no loaded rule pack defines the tier 'gold': use career, free"):
        source.check({"free", "career"})
