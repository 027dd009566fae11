"""Lists matched all at once are the oracle's, row for row, and Cypher's; what is written is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.driver.database import Database
from graph.errors import InvalidInput, UnknownEngine, UnknownMember, UnknownTier
from graph.world import World
from linkreach.matching import ENGINES, match, match_in
from linkreach.matching_at_once import MatchedAtOnce
from linkreach.member_lists import member_list
from linkreach.progress import untold
from tests.rules import case_files, oracle_assumed, random_networks
from tests.rules.agreement import match_row
from tests.rules.case_files import Case
from tests.rules.oracle import Network, Pack, instant
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.snapshots import snapshot_of
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

ARTICLE = Pack.of(case_files.read_pack("article"))
AT = "2026-11-23T00:00:00Z"


@pytest.fixture(scope="module", autouse=True)
def several_blocks() -> Iterator[None]:
    """Blocks of some senders, so that more than one is judged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.bulk.matching.PAIRS_AT_ONCE", 40)
        yield


def matched(
    network: Network, pack: Pack, senders: list[str], recipients: list[str], at: datetime, as_tier: str | None = None
) -> MatchedAtOnce:
    world = World(at, pack.name, as_tier)
    return match_in(snapshot_of(network, pack), member_list(senders), member_list(recipients), world)


def assert_rows_are_the_oracles(
    network: Network, pack: Pack, senders: list[str], recipients: list[str], at: datetime, as_tier: str | None = None
) -> None:
    expected = oracle_assumed.match(network, pack, senders, recipients, at, as_tier)
    found = matched(network, pack, senders, recipients, at, as_tier)
    assert expected == [match_row(pair.match) for pair in found]
    assert [*map(str, found.frame.dtypes)] == ["str", "str", "Int64", "bool", "bool", "str", "str", "str", "bool"]
    assert (
        len(expected),
        sum(row["reachable"] for row in expected),
        sum(row["reachable_free"] for row in expected),
    ) == (
        found.size,
        found.reachable,
        found.reachable_free,
    )
    assert len(senders) * len(recipients) == found.size + found.skipped


def test_who_is_gone_by_the_time_that_pairs_are_judged_is_nobody() -> None:
    """Lists are read before the snapshot; a load may have replaced the graph between the two."""
    snapshot = snapshot_of(Network.of({"members": {"a": {}, "b": {}}}), ARTICLE)
    for senders, recipients in ((["a", "gone"], ["b"]), (["a"], ["gone", "b"])):
        found = MatchedAtOnce(snapshot, World(NOW, ARTICLE.name), senders, recipients, (), untold)
        with pytest.raises(UnknownMember, match="no member has the id 'gone'"):
            assert found.frame is None


@pytest.mark.parametrize("case", case_files.answered_cases(), ids=lambda case: case.name)
def test_every_pair_of_a_case_is_the_oracles(case: Case) -> None:
    network, pack, at = Network.of(case.network), Pack.of(case.pack), instant(case.at)
    assert at is not None
    members = sorted(network.members)
    for as_tier in (None, *(tier.name for tier in pack.tiers)):
        assert_rows_are_the_oracles(network, pack, members, members, at, as_tier)


@settings(max_examples=60, deadline=None)
@given(network=random_networks.networks(), pack=random_networks.packs(), data=st.data())
def test_any_lists_of_a_random_network_are_the_oracles(
    network: dict[str, Any], pack: dict[str, Any], data: st.DataObject
) -> None:
    theirs, rules = Network.of(network), Pack.of(pack)
    lists = st.lists(st.sampled_from(sorted(theirs.members)), max_size=12)
    as_tier = data.draw(st.none() | st.sampled_from([tier.name for tier in rules.tiers]))
    assert_rows_are_the_oracles(theirs, rules, data.draw(lists), data.draw(lists), NOW, as_tier)


def test_a_block_of_many_senders_is_read_to_its_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analysis.bulk.matching.PAIRS_AT_ONCE", 1_000)
    network = ldbc_network()
    members = sorted(network.members)
    assert_rows_are_the_oracles(network, ARTICLE, members[:130], members[-7:], NOW)


@pytest.mark.usefixtures("sample")
def test_both_engines_write_the_same_bytes(linkreach: Typed, desk: Path) -> None:
    members = sorted(ldbc_network().members)
    (desk / "team.txt").write_text("\n".join(members[:20]), "utf-8")
    (desk / "targets.txt").write_text("\n".join(members[::3]), "utf-8")
    lists = ("--senders", "team.txt", "--recipients", "targets.txt")
    assert 0 == linkreach("snapshot", "saved").code
    for format in ("csv", "jsonl"):
        typed = ("match", *lists, "--at", AT, "--format", format)
        written = [
            linkreach(*typed, *how)
            for how in (("--engine", "cypher"), ("--engine", "local"), ("--snapshot", "saved"), ("--as-tier", "free"))
        ]
        assert {0} == {answer.code for answer in written}, written[-1].err
        assert (written[0].out, written[0].err) == (written[1].out, written[1].err) == (written[2].out, written[2].err)
        assert written[3].out != written[0].out


@pytest.mark.usefixtures("sample")
def test_a_change_is_supposed_by_both_engines(linkreach: Typed, desk: Path) -> None:
    members = sorted(ldbc_network().members)
    change = desk / "change"
    change.mkdir()
    (change / "members.csv").write_text("id,tier\nnew,business\n", "utf-8")
    (change / "connections.csv").write_text("a,b\n" + "".join(f"new,{each}\n" for each in members[:3]), "utf-8")
    (desk / "team.txt").write_text("new\n", "utf-8")
    (desk / "targets.txt").write_text("\n".join(members), "utf-8")
    typed = ("match", "--senders", "team.txt", "--recipients", "targets.txt", "--at", AT, "--change", "change")
    cypher, local = (linkreach(*typed, "--engine", engine) for engine in ("cypher", "local"))
    assert (0, 1 + len(members)) == (cypher.code, len(cypher.out.splitlines())), cypher.err
    assert (cypher.out, cypher.err) == (local.out, local.err)


def test_the_engine_is_chosen_by_size(sample: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    members = member_list(sorted(ldbc_network().members)[:10])
    world = World(NOW, "article")
    assert not isinstance(match(sample, members, members, world), MatchedAtOnce)
    cypher = match(sample, members, members, world, engine="cypher").frame
    monkeypatch.setattr("linkreach.matching.CYPHER_UP_TO", -1_000)
    found = match(sample, members, members, world)
    assert isinstance(found, MatchedAtOnce)
    pd.testing.assert_frame_equal(cypher, found.frame)
    assert not isinstance(match(sample, members, members, world, with_unlocks=True), MatchedAtOnce)


def test_what_the_local_engine_cannot_answer_is_refused() -> None:
    snapshot, world = snapshot_of(ldbc_network(), ARTICLE), World(NOW, "article")
    one, nobody = member_list(["8796093022357"]), member_list(["nobody", "'=none", "8796093022357"])
    with pytest.raises(InvalidInput, match="not by Cypher"):
        match_in(snapshot, one, one, world, engine="cypher")
    with pytest.raises(InvalidInput, match="found by Cypher, and not by the local engine"):
        match_in(snapshot, one, one, world, engine="local", with_unlocks=True)
    with pytest.raises(UnknownEngine, match=f"use one of {', '.join(ENGINES)}"):
        match_in(snapshot, one, one, world, engine="spark")
    with pytest.raises(UnknownTier, match="'gold'"):
        match_in(snapshot, one, one, World(NOW, "article", "gold"))
    with pytest.raises(UnknownMember, match="'nobody', \"'=none\""):
        match_in(snapshot, one, nobody, world)
    found = match_in(snapshot, one, nobody, world, skip_unknown=True)
    assert (("nobody", "'=none"), 0, 1) == (found.unknown, found.size, found.skipped)
    assert [] == [*found]
    assert 0 == len(found.frame)
