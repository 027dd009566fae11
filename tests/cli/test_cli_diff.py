"""`linkreach diff` as it is typed: its tables, what they are made from, snapshots, pack files, limits, mistakes."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.questions.diagnosis import loaded_pack
from graph.rules import pack_store
from graph.rules.rule_pack import SHIPPED, read_pack, shipped_pack
from tests.rules import case_files, oracle_differences
from tests.rules.oracle import Network, Pack, Row, World, instant
from tests.rules.oracle_changes import changed
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.networks import put, write_change
from tests.support.paths import GOLDEN
from tests.support.snapshots import snapshot_of
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = "2026-06-01T00:00:00Z"
ASKED = ("diff", "--out", "diff", "--at", AT)
GOLDEN_DIFFERENCES = GOLDEN.with_name("golden_differences")
ARTICLE = Pack.of(case_files.read_pack("article"))
HELP = Pack.of(case_files.read_pack("linkedin-help"))
TABLES = ("diff_members", "diff_causes", "diff_segments")


@pytest.fixture(scope="module")
def sample(module_sample: Database) -> Database:
    return module_sample


def worlds(**after: str) -> tuple[World, World]:
    """The sample before and after, as the oracle has them."""
    network = ldbc_network()
    packs = {"article": ARTICLE, "linkedin-help": HELP}
    before, later = (instant(at) for at in (AT, after.get("at", AT)))
    assert before is not None
    assert later is not None
    return (
        World(network, ARTICLE, before),
        World(network, packs[after.get("pack", "article")], later, after.get("as_tier")),
    )


def csv_of(rows: Iterable[Row]) -> str:
    """Rows as a file, written by other hands."""
    rows, text = [*rows], io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_the_difference_of_two_packs_on_the_sample_is_the_golden_one(
    linkreach: Typed, sample: Database, renew: bool
) -> None:
    """`--renew` writes it, once it is what the oracle says."""
    answer = linkreach(*ASKED, "--to-pack", "linkedin-help")
    assert 0 == answer.code, answer.err
    files = [f"diff/{name}.csv" for name in TABLES]
    assert [*files, "diff/manifest.json"] == answer.out.splitlines()[-4:]
    found = {Path(file).name: Path(file).read_bytes() for file in files}
    if renew:
        two = worlds(pack="linkedin-help")
        for name in TABLES:
            rows = getattr(oracle_differences, name.removeprefix("diff_"))(*two)
            assert csv_of(rows) == found[f"{name}.csv"].decode()
        for name, content in found.items():
            (GOLDEN_DIFFERENCES / name).write_bytes(content)
    assert {path.name: path.read_bytes() for path in GOLDEN_DIFFERENCES.iterdir()} == found
    world = {"graph_version": sample.read(schema.state()).version, "at": AT, "as_tier": None, "members": 222}
    manifest = json.loads(Path("diff/manifest.json").read_text("utf-8"))
    totals = manifest.pop("totals")
    assert {
        "program_version": version("linkreach"),
        "engine": "local",
        "before": {**world, "pack": "article", "pack_hash": shipped_pack("article").hash},
        "after": {**world, "pack": "linkedin-help", "pack_hash": shipped_pack("linkedin-help").hash},
        "free": False,
        "by": "tier",
        "rows": {name: found[f"{name}.csv"].count(b"\n") - 1 for name in TABLES},
    } == manifest
    assert totals["gained"] - totals["lost"] == totals["reachable_after"] - totals["reachable_before"]


@pytest.mark.usefixtures("sample")
def test_what_differs_is_said_in_words(linkreach: Typed) -> None:
    before, after = worlds(pack="linkedin-help")
    totals = oracle_differences.totals(before, after)
    lines = linkreach(*ASKED, "--to-pack", "linkedin-help").out.splitlines()
    assert [
        f"before  {totals['reachable_before']:,} pairs reachable: pack article, at {AT}",
        f"after   {totals['reachable_after']:,} pairs reachable: pack linkedin-help, at {AT}",
    ] == lines[:2]
    for line, direction, verb in ((lines[2], "gained", "denied before by "), (lines[3], "lost", "by ")):
        rows = [row for row in oracle_differences.causes(before, after) if row["direction"] == direction]
        largest = sorted(rows, key=lambda row: -row["pairs"])[0]
        assert line.startswith(
            f"{totals[direction]:,} pairs {direction}: {largest['pairs']:,} {verb}{largest['reason']}"
        )
        assert min(5, len(rows)) == len(re.findall(verb, line))


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_every_pair_is_in_a_file(linkreach: Typed, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.bulk.flips.ROWS_AT_ONCE", 1_000)
    expected = oracle_differences.pairs(*worlds(as_tier="career"), is_free=True)
    for _ in range(2):  # the second time over the first
        answer = linkreach(*ASKED, "--to-as-tier", "career", "--free", "--pairs", f"diff/pairs.{suffix}")
        assert (0, f"diff/pairs.{suffix}") == (answer.code, answer.out.splitlines()[-1]), answer.err
    file = Path(f"diff/pairs.{suffix}")
    if suffix == "parquet":
        assert expected == parquet.read_table(file).to_pylist()
    else:
        assert csv_of(expected) == file.read_text("utf-8")


def test_a_pack_that_is_not_loaded_is_asked_by_its_file(linkreach: Typed, sample: Database) -> None:
    text = shipped_pack("article").text.replace('"article"', '"mine"').replace("direct_degree = 2", "direct_degree = 3")
    Path("mine.toml").write_text(text, encoding="utf-8")
    mine = case_files.read_pack("article")
    mine["tiers"]["career"]["direct_degree"] = 3
    before, after = worlds()
    after = World(after.network, Pack.of(mine), after.at)
    for asked, expected in (
        (("--to-pack", "mine.toml"), (before, after)),
        (("--pack", "./mine.toml", "--to-pack", "article"), (after, before)),
    ):
        answer = linkreach(*ASKED, *asked)
        assert 0 == answer.code, answer.err
        assert csv_of(oracle_differences.causes(*expected)) == Path("diff/diff_causes.csv").read_text("utf-8")
    assert ["article", "linkedin-help"] == [*sample.read(pack_store.pack_hashes())]


def test_a_pack_by_name_is_the_one_in_the_graph_in_both_worlds(linkreach: Typed, sample: Database) -> None:
    text = shipped_pack("article").text.replace("direct_degree = 2", "direct_degree = 3")
    Path("own.toml").write_text(text, encoding="utf-8")
    own = read_pack(Path("own.toml"))
    sample.write(pack_store.save_pack(own))
    try:
        answer = linkreach(*ASKED, "--pack", "linkedin-help", "--to-pack", "article")
    finally:
        sample.write(pack_store.save_pack(shipped_pack("article")))
    assert 0 == answer.code, answer.err
    manifest = json.loads(Path("diff/manifest.json").read_text("utf-8"))
    assert [shipped_pack("linkedin-help").hash, own.hash] == [
        manifest[each]["pack_hash"] for each in ("before", "after")
    ]


def test_a_pack_is_the_same_in_the_graph_and_from_its_file(sample: Database, tmp_path: Path) -> None:
    for name in SHIPPED:
        file = tmp_path / f"{name}.toml"
        file.write_text(shipped_pack(name).text, encoding="utf-8")
        assert sample.read(loaded_pack(name)) == read_pack(file).as_loaded()


def test_snapshots_are_compared_by_ids_and_by_their_own_packs(linkreach: Typed, desk: Path) -> None:
    """No Neo4j is asked."""
    may = {"members": {"a": {"city": "Lyon"}, "b": {}, "old": {}}, "connections": [["a", "b"], ["a", "old"]]}
    june = {"members": {"a": {}, "b": {}, "new": {"city": "Bern"}}, "connections": [["a", "new"]]}
    one, other = Network.of(may), Network.of(june)
    snapshot_of(one, ARTICLE, "city").save(desk / "may")
    snapshot_of(other, HELP, "city").save(desk / "june")
    nowhere = ("--neo4j-uri", "bolt://127.0.0.1:1")
    for asked, after in (
        ((), World(other, HELP, NOW)),
        (("--pack", "article"), World(other, ARTICLE, NOW)),
        (("--to-pack", "article", "--to-as-tier", "business"), World(other, ARTICLE, NOW, "business")),
    ):
        for by in ("city", "tier"):
            answer = linkreach(*nowhere, *ASKED, "--snapshot", "may", "--to-snapshot", "june", "--by", by, *asked)
            assert 0 == answer.code, answer.err
            before = World(one, ARTICLE, NOW)
            for name in ("members", "causes"):
                rows = getattr(oracle_differences, name)(before, after)
                assert csv_of(rows) == Path(f"diff/diff_{name}.csv").read_text("utf-8")
            segments = oracle_differences.segments(before, after, by=by)
            assert csv_of(segments) == Path("diff/diff_segments.csv").read_text("utf-8")


@pytest.mark.usefixtures("sample")
def test_a_tier_is_taken_back(linkreach: Typed) -> None:
    answer = linkreach(*ASKED, "--as-tier", "business", "--to-as-tier", "own")
    assert 0 == answer.code, answer.err
    manifest = json.loads(Path("diff/manifest.json").read_text("utf-8"))
    assert ["business", None] == [manifest[world]["as_tier"] for world in ("before", "after")]
    after, before = worlds(as_tier="business")
    assert oracle_differences.totals(before, after) == manifest["totals"]


@pytest.mark.usefixtures("sample")
def test_two_worlds_that_are_the_same_have_no_differences(linkreach: Typed) -> None:
    answer = linkreach(*ASKED, "--fail-if", "lost>0", "--fail-if", "gained>0%")
    assert 0 == answer.code, answer.err
    assert "nothing differs: the two worlds are the same" in answer.out.splitlines()
    assert "direction,reason,pairs,pairs_alone\n" == Path("diff/diff_causes.csv").read_text("utf-8")
    assert "sender_segment,recipient_segment,gained,lost\n" == Path("diff/diff_segments.csv").read_text("utf-8")


@pytest.mark.usefixtures("sample")
def test_a_limit_that_is_exceeded_ends_with_1(linkreach: Typed) -> None:
    asked = (*ASKED, "--to-pack", "linkedin-help")
    answer = linkreach(*asked, "--fail-if", "lost>1%", "--fail-if", "gained>1000000")
    assert (1, "beyond the limit: lost>1%\n") == (answer.code, answer.err)
    assert Path("diff/diff_causes.csv").exists()
    assert 0 == linkreach(*asked, "--fail-if", "lost>100%").code


@pytest.mark.usefixtures("sample")
def test_the_same_difference_twice_gives_the_same_bytes(linkreach: Typed) -> None:
    runs = []
    for threads in (1, 2):
        linkreach("diff", "--out", f"diff{threads}", "--at", AT, "--to-at", "2027-01-01", "--threads", threads)
        runs.append({path.name: path.read_bytes() for path in Path(f"diff{threads}").iterdir()})
    assert runs[0] == runs[1]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("--fail-if", "lost"), "'lost' is no limit of gained or lost pairs"),
        (("--to-pack", "mine"), "no rule pack 'mine' is loaded; loaded are article, linkedin-help"),
        (("--to-pack", "missing.toml"), "missing.toml: cannot be read"),
        (("--to-pack", "wrong.toml"), "wrong.toml: tiers.free.direct_degree: Input should be less than or equal to 3"),
        (("--to-pack", "other.toml"), "does not define the tiers of members in the graph: 'business' (members: "),
        (("--to-as-tier", "gold"), "the pack 'article' has no tier 'gold'"),
        (("--by", "shoe_size"), "members have no column 'shoe_size'"),
        (("--snapshot", "nowhere"), "nowhere holds no snapshot that can be read"),
        (("--to-snapshot", "small", "--by", "gender"), "has the segments of 'tier', and not those of 'gender'"),
        (("--snapshot", "small", "--pack", "mine"), "no rule pack 'mine' is loaded; loaded are article, linkedin-help"),
        (("--pairs", "pairs.txt"), "pairs.txt: pairs are written as Parquet or CSV"),
        (("--change", "nowhere"), "there is no change at nowhere"),
        (("--change", "rejected"), "connections.csv, line 2, a: '1': nobody declares this id"),
        (("--change", "rejected", "--snapshot", "small"), "connections.csv, line 2, a: '1': nobody declares this id"),
        (("--engine", "cypher"), "a difference is counted by the local engine or Spark"),
        (("--engine", "abacus"), "there is no engine 'abacus'"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(
    linkreach: Typed, desk: Path, asked: tuple[str, ...], problem: str
) -> None:
    text = shipped_pack("article").text
    Path("wrong.toml").write_text(text.replace("direct_degree = 1", "direct_degree = 9"), encoding="utf-8")
    Path("other.toml").write_text(text.replace("[tiers.business]", "[tiers.gold]"), encoding="utf-8")
    snapshot_of(Network.of({"members": {"a": {}}}), ARTICLE).save(desk / "small")
    write_change(desk / "rejected", {"connections": [{"a": "1", "b": "2"}]})
    answer = linkreach(*ASKED, *asked)
    assert (2, "") == (answer.code, answer.out)
    assert problem in answer.err
    assert 1 == answer.err.count("\n")
    assert {"wrong.toml", "other.toml", "small", "rejected"} == {path.name for path in desk.iterdir()}


def test_a_folder_that_holds_something_else_is_refused(linkreach: Typed, desk: Path) -> None:
    (desk / "diff").mkdir()
    (desk / "diff" / "diary.txt").touch()
    answer = linkreach(*ASKED)
    assert (2, "") == (answer.code, answer.out)
    assert "linkreach: diff holds something else than a difference: choose another folder\n" == answer.err


# linkreach pack diff


def changes_of(lines: list[str]) -> list[list[str]]:
    """The rows of the table of changes."""
    return [line.split() for line in lines[1:] if line.startswith(("pack", "switches", "tiers."))]


def test_what_a_pack_changes_is_said_tier_by_tier_and_switch_by_switch(linkreach: Typed, desk: Path) -> None:
    """Without a graph; costs, limits, and tiers that come and go, too."""
    text = shipped_pack("article").text.replace('"article"', '"mine"')
    for old, new in (
        ('group_kind = "message"', 'group_kind = "request"'),
        ("direct_degree = 2", "direct_degree = 3\nmonthly_inmails = 5\ncosts = { upgrade = 2.5 }"),
        ("[tiers.business]", "[tiers.gold]"),
    ):
        text = text.replace(old, new)
    Path("mine.toml").write_text(text, encoding="utf-8")
    answer = linkreach("--neo4j-uri", "bolt://127.0.0.1:1", "pack", "diff", "article", "mine.toml")
    assert 2 == answer.code  # that graph does not answer
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("LINKREACH_NEO4J_URI")
        answer = linkreach("pack", "diff", "article", "mine.toml")
    assert (0, "no graph is there to look for whom it changes\n") == (answer.code, answer.err)
    found = changes_of(answer.out.splitlines())
    assert [
        ["pack", "name", "article", "mine"],
        ["switches", "group_kind", "message", "request"],
        ["tiers.career", "direct_degree", "2", "3"],
        ["tiers.career", "monthly_inmails", "5"],
        ["tiers.career", "costs.upgrade", "2.5"],
        ["tiers.business", "rank", "2"],
        ["tiers.business", "direct_degree", "3"],
        ["tiers.business", "channels.direct", "granted"],
    ] == found[:8]
    assert ["tiers.gold", "rank", "2"] in found
    assert {"tiers.business", "tiers.gold"} == {row[0] for row in found[5:]}
    assert not (desk / "diff").exists()


@pytest.mark.usefixtures("sample")
def test_whom_a_pack_flips_is_what_a_difference_says(linkreach: Typed) -> None:
    text = shipped_pack("article").text
    Path("mine.toml").write_text(text.replace("direct_degree = 2", "direct_degree = 3"), encoding="utf-8")
    answer = linkreach("pack", "diff", "article", "mine.toml", "--at", AT, "--out", "flips", "--fail-if", "gained>0")
    assert (1, "beyond the limit: gained>0\n") == (answer.code, answer.err)
    assert [["tiers.career", "direct_degree", "2", "3"]] == changes_of(answer.out.splitlines())
    same = linkreach(*ASKED, "--to-pack", "mine.toml")
    assert [line.replace("diff/", "flips/", 1) for line in same.out.splitlines()] == answer.out.splitlines()[-8:]
    for name in (*(f"{name}.csv" for name in TABLES), "manifest.json"):
        assert Path("diff", name).read_bytes() == Path("flips", name).read_bytes()


def test_a_snapshot_is_enough_to_look_for_whom_a_pack_changes(linkreach: Typed, desk: Path) -> None:
    network = {"members": {"s": {"inmail_credits": 1}, "r": {}}}
    snapshot_of(Network.of(network), ARTICLE).save(desk / "small")
    nowhere = pytest.MonkeyPatch()
    nowhere.delenv("LINKREACH_NEO4J_URI")
    try:
        answer = linkreach("pack", "diff", "article", "linkedin-help", "--snapshot", "small", "--at", AT)
    finally:
        nowhere.undo()
    assert (0, "") == (answer.code, answer.err)
    assert ["no pair gained", "1 pair lost: 1 by NOT_IN_TIER alone"] == answer.out.splitlines()[-2:]


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("article", "mine"), "no rule pack 'mine' is loaded; loaded are article, linkedin-help"),
        (("missing.toml", "article"), "missing.toml: cannot be read"),
        (("article", "article", "--fail-if", "more"), "'more' is no limit"),
    ],
)
def test_packs_that_cannot_be_compared_are_one_line(linkreach: Typed, asked: tuple[str, ...], problem: str) -> None:
    answer = linkreach("pack", "diff", *asked)
    assert (2, "", 1) == (answer.code, answer.out, answer.err.count("\n"))
    assert problem in answer.err


@pytest.mark.usefixtures("sample")
def test_a_pack_and_itself_say_the_same(linkreach: Typed) -> None:
    answer = linkreach("pack", "diff", "article", "article", "--at", AT)
    assert 0 == answer.code
    assert ["the two packs say the same", ""] == answer.out.splitlines()[:2]
    assert "nothing differs: the two worlds are the same" == answer.out.splitlines()[-1]


# Graphs of their own, after all that ask the sample


def test_the_world_after_may_be_as_if_a_change_were_loaded(
    linkreach: Typed, database: Database, tmp_path: Path, desk: Path
) -> None:
    """Somebody leaves, somebody new comes, a group loses a member; of the graph, and of a snapshot of it."""
    tables = {
        "members": {"a": {"tier": "business"}, "b": {}, "c": {"inmail_credits": 1}, "leaver": {}},
        "connections": [["a", "b"], ["b", "c"], ["a", "leaver"]],
        "groups": {"g": {}},
        "group_members": [["a", "g"], ["c", "g"]],
    }
    change = {
        "members": [{"id": "new", "status": "active"}, {"id": "leaver", "status": "closed"}],
        "connections": [{"a": "new", "b": "c"}],
        "remove": {"group_members": [{"member": "a", "group": "g"}]},
    }
    put(database, tmp_path / "network", tables, shipped_pack("article"))
    write_change(desk / "change", change)
    network, at = Network.of(tables), instant(AT)
    assert at is not None
    before = World(network, ARTICLE, at)
    after = World(changed(network, change, {tier.name for tier in ARTICLE.tiers}), ARTICLE, at)
    version_before = database.read(schema.state()).version
    linkreach("snapshot", "snapshot")
    for asked in ((), ("--snapshot", "snapshot")):
        answer = linkreach(*ASKED, "--change", "change", *asked)
        assert 0 == answer.code, answer.err
        assert answer.out.splitlines()[1].endswith(f"at {AT}, as if change were loaded")
        for name in TABLES:
            rows = getattr(oracle_differences, name.removeprefix("diff_"))(before, after)
            assert csv_of(rows) == Path(f"diff/{name}.csv").read_text("utf-8")
        manifest = json.loads(Path("diff/manifest.json").read_text("utf-8"))
        assert [None, "change"] == [manifest[world].get("change", {}).get("name") for world in ("before", "after")]
    assert version_before == database.read(schema.state()).version


def test_a_cell_that_a_spreadsheet_would_run_is_guarded(linkreach: Typed, database: Database, tmp_path: Path) -> None:
    network = {"members": {"=1+1": {}, "b": {"inmail_credits": 1}}}
    put(database, tmp_path, network, shipped_pack("article"))
    put(database, tmp_path, network, shipped_pack("linkedin-help"))
    for raw, cell in (((), "'=1+1"), (("--raw",), "=1+1")):
        answer = linkreach(*ASKED, "--to-pack", "linkedin-help", "--pairs", "pairs.csv", *raw)
        assert 0 == answer.code, answer.err
        assert cell == Path("diff/diff_members.csv").read_text("utf-8").splitlines()[1].split(",")[0]
        assert f"b,{cell},lost,inmail,NOT_IN_TIER" == Path("pairs.csv").read_text("utf-8").splitlines()[1]
