"""What differs between two worlds is what the oracle finds by looking at every pair in both, whatever the blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.bulk import flips
from analysis.bulk.difference_engine import blocks_of, differences_of
from analysis.bulk.differences import DifferenceTally, count_differences
from analysis.bulk.two_worlds import CountedWorld, PlacedWorlds, TwoWorlds, build_two_worlds
from analysis.columns import Unit
from analysis.differences import PAIRS, TABLES, Differences, Limit, Totals
from graph.errors import InvalidInput, TooManySegments
from graph.rules.redaction import AUDITOR, STRANGER, Reader
from tests.rules import case_files, random_changes, random_networks
from tests.rules import oracle_differences as expected
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, Row, World, instant
from tests.rules.oracle_changes import changed
from tests.rules.random_networks import NOW, TIMES
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of

ARTICLE = Pack.of(case_files.read_pack("article"))
HELP = Pack.of(case_files.read_pack("linkedin-help"))


@dataclass(frozen=True)
class Counted:
    """What the bulk engine says of two worlds."""

    placed: PlacedWorlds
    differences: Differences

    def rows(self, reader: Reader) -> dict[str, list[Row]]:
        frames = self.differences.frames(reader)
        return {
            name: [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]
            for name, frame in frames.items()
        }

    @property
    def pairs(self) -> list[Row]:
        members = self.differences.members
        changes = (members["gained"] + members["lost"]).to_numpy("int64")
        return [row for batch in flips.flips(self.placed, changes) for row in batch.to_pylist()]


def counted(
    before: World, after: World, *, is_free: bool = False, by: str = "tier", targets: int = 512, threads: int = 1
) -> Counted:
    """Both worlds, counted at once in blocks of so many targets."""

    def counter(worlds: TwoWorlds) -> DifferenceTally:
        return count_differences(worlds, blocks_of(worlds, targets), targets=targets, threads=threads)

    one, other = (
        CountedWorld(snapshot_of(world.network, world.pack, by), world.at, world.as_tier) for world in (before, after)
    )
    placed = build_two_worlds(one, other, by=by, is_free=is_free)
    return Counted(placed, differences_of(placed, counter))


def assert_agreement(before: World, after: World, is_free: bool = False, **options: Any) -> Counted:
    """Totals, every table as each reader reads it, and every pair."""
    found = counted(before, after, is_free=is_free, **options)
    assert expected.totals(before, after, is_free) == found.differences.totals._asdict()
    tables = {
        "diff_members": expected.members(before, after, is_free),
        "diff_causes": expected.causes(before, after, is_free),
        "diff_segments": expected.segments(before, after, is_free, options.get("by", "tier")),
    }
    assert tables == found.rows(AUDITOR)
    withheld = expected.causes(before, after, is_free, withheld=True)
    assert {**tables, "diff_causes": withheld} == found.rows(STRANGER)
    assert expected.pairs(before, after, is_free) == found.pairs
    return found


def other_network(draw: st.DrawFn, network: dict[str, Any]) -> Network:
    """The same one, that one after a change, or quite another one."""
    before = Network.of(network)
    match draw(st.sampled_from(["same", "changed", "other"])):
        case "same":
            return before
        case "changed":
            return changed(before, draw(random_changes.changes(network)), {"t0", "t1", "t2"})
        case _:
            return Network.of(draw(random_networks.networks()))


@st.composite
def two_worlds(draw: st.DrawFn) -> tuple[World, World]:
    network = draw(random_networks.networks())
    packs = [draw(random_networks.packs())]
    packs.append(draw(random_networks.packs()) if draw(st.booleans()) else packs[0])
    tiers = st.sampled_from([None, "t0", "t1", "t2"])
    instants = TIMES.map(lambda at: at or NOW)
    before = World(Network.of(network), Pack.of(packs[0]), draw(instants), draw(tiers))
    return before, World(other_network(draw, network), Pack.of(packs[1]), draw(instants), draw(tiers))


@settings(max_examples=80, deadline=None)
@given(worlds=two_worlds(), is_free=st.booleans(), targets=st.integers(1, 9), threads=st.integers(1, 3))
def test_two_random_worlds(worlds: tuple[World, World], is_free: bool, targets: int, threads: int) -> None:
    with pytest.MonkeyPatch.context() as limits:
        limits.setattr(flips, "PAIRS_AT_ONCE", targets)
        limits.setattr(flips, "ROWS_AT_ONCE", targets)
        assert_agreement(*worlds, is_free, targets=targets, threads=threads)


@pytest.mark.parametrize("case", case_files.answered_cases(), ids=lambda case: case.name)
def test_the_network_of_a_case_on_every_tier(case: Case) -> None:
    network, pack, at = Network.of(case.network), Pack.of(case.pack), instant(case.at)
    assert at is not None
    for tier in pack.tiers:
        assert_agreement(World(network, pack, at), World(network, pack, at, tier.name))


@pytest.mark.parametrize("is_free", [False, True])
def test_the_sample_under_another_pack(is_free: bool) -> None:
    network = ldbc_network()
    found = assert_agreement(World(network, ARTICLE, NOW), World(network, HELP, NOW), is_free, targets=100)
    assert found.differences.totals.lost > 0 < found.differences.totals.gained


def test_segments_of_a_column_are_those_before_or_else_after() -> None:
    before = {"members": {"a": {"city": "Lyon"}, "b": {}, "gone": {"city": "Oslo"}}, "connections": [["a", "b"]]}
    after = {"members": {"a": {"city": "Rome"}, "b": {}, "new": {"city": "Bern"}}, "connections": [["a", "new"]]}
    one, other = (World(Network.of(network), ARTICLE, NOW) for network in (before, after))
    found = assert_agreement(one, other, by="city")
    assert ["", "Bern", "Lyon"] == sorted({*found.differences.segments["sender_segment"]})


def test_too_many_segments_are_refused() -> None:
    network = Network.of({"members": {f"m{number}": {"city": f"c{number}"} for number in range(1_001)}})
    world = World(network, ARTICLE, NOW)
    with pytest.raises(TooManySegments, match="'city' makes 1,001 segments"):
        counted(world, world, by="city")


def test_what_is_the_same_in_both_worlds_is_kept_and_counted_once() -> None:
    network = ldbc_network()
    worlds = counted(World(network, ARTICLE, NOW), World(network, ARTICLE, NOW, "business")).placed.worlds
    assert [True, True] == worlds.same.tolist()
    apart = {name for name in worlds.before._fields if getattr(worlds.before, name) is not getattr(worlds.after, name)}
    assert {"traits"} == apart
    for table, same in (("connections", [False, True]), ("memberships", [True, False])):
        fewer = {**vars(network), table: {*sorted(getattr(network, table))[1:]}}
        other = counted(World(network, ARTICLE, NOW), World(Network(**fewer), HELP, NOW)).placed.worlds
        assert same == other.same.tolist()


def test_worlds_are_kept_in_files_and_come_back(tmp_path: Any) -> None:
    network = ldbc_network()
    worlds = counted(World(network, ARTICLE, NOW), World(network, HELP, NOW)).placed.worlds
    worlds.save(tmp_path)
    opened = TwoWorlds.open(tmp_path)
    kept, found = ([*each.before, *each.after, *each[2:]] for each in (worlds, opened))
    for one, other in zip(kept, found, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not (tmp_path / "after-neighbours.npy").exists()


def test_an_interruption_ends_the_count() -> None:
    network = ldbc_network()
    worlds = counted(World(network, ARTICLE, NOW), World(network, HELP, NOW)).placed.worlds
    told: list[int] = []

    def interrupt(done: int, _: int) -> None:
        told.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        count_differences(worlds, blocks_of(worlds, 2), targets=2, threads=2, progress=interrupt)
    assert [1] == told


# The tables, and limits


@pytest.mark.parametrize("table", [*TABLES.values(), PAIRS], ids=lambda table: table.name)
def test_a_table_says_what_a_row_and_each_column_is(table: Any) -> None:
    names = [column.name for column in table.columns]
    assert len({*names}) == len(names)
    assert [] == [column.name for column in table.columns if not (column.meaning and isinstance(column.unit, Unit))]
    assert table.title
    assert table.key
    assert table.order


TOTALS = Totals(reachable_before=200, reachable_after=202, gained=3, lost=1)
NOBODY = Totals(0, 1, 1, 0)


@pytest.mark.parametrize(
    ("text", "totals", "is_exceeded"),
    [
        ("gained>2", TOTALS, True),
        ("gained>3", TOTALS, False),
        ("lost>0", TOTALS, True),
        (" lost > 0.4 % ", TOTALS, True),
        ("lost>0.5%", TOTALS, False),
        ("gained>1.5%", TOTALS, False),
        ("gained>1.49%", TOTALS, True),
        ("gained>100%", NOBODY, True),
        ("lost>0%", NOBODY, False),
        ("gained>1", NOBODY, False),
    ],
)
def test_a_limit_is_exceeded_by_more(text: str, totals: Totals, is_exceeded: bool) -> None:
    assert is_exceeded == Limit.read(text).is_exceeded(totals)


@pytest.mark.parametrize("text", ["", "lost", "lost>", "lost>=1", "lost<1", "kept>1", "lost>-1", "lost>1 pair", "5%"])
def test_a_limit_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no limit of gained or lost pairs"):
        Limit.read(text)


def test_instants_are_those_of_each_world() -> None:
    network = Network.of(
        {
            "members": {"a": {"tier": "business", "tier_expires_at": "2026-07-01"}, "b": {}, "c": {}},
            "connections": [["a", "b"], ["b", "c"]],
        }
    )
    later = datetime.fromisoformat("2026-07-01T00:00:00Z")
    found = assert_agreement(World(network, ARTICLE, NOW), World(network, ARTICLE, later))
    assert Totals(5, 4, 0, 1) == found.differences.totals
