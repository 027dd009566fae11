"""One meaning: what Cypher answers, pair by pair, as reach and as reports, is what the oracle says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from graph import answers, unlocks
from graph.database import Database
from graph.unlocks import unlock_document
from tests import case_files, random_networks
from tests.agreement import assert_agreement, assert_unlocks_agree, comparable, product_pack, rows_of
from tests.case_files import Case
from tests.ldbc import ldbc_network
from tests.networks import put
from tests.oracle import Network, instant
from tests.random_networks import NOW

CASES = case_files.every_case()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_has_the_verdicts_written_by_hand(case: Case, database: Database, tmp_path: Path) -> None:
    pack = product_pack(case.pack)
    put(database, tmp_path, case.network, pack)
    for line in case.verdicts:
        at, as_tier = instant(line.get("at", case.at)), line.get("as_tier")
        assert at is not None
        question = answers.verdict(line["sender"], line["recipient"], at=at, pack=pack.name, as_tier=as_tier)
        verdict = comparable(database.read(question))
        channels = {each["channel"]: each for each in verdict["channels"]}
        for key in ("tier", "degree", "mutuals", "reachable", "reachable_free", "no_link", "gates"):
            assert line.get(key, verdict[key]) == verdict[key], line
        for key, part in (("channels", "reasons"), ("kinds", "kind")):
            assert line.get(key, {}) == {each: channels[each][part] for each in line.get(key, {})}, line
    for ask, lines, member, other in (
        (answers.reach, case.reaches, "sender", "recipient"),
        (answers.reached_by, case.reached_by, "recipient", "sender"),
    ):
        for line in lines:
            at = instant(line.get("at", case.at))
            assert at is not None
            options: dict[str, Any] = {key: line[key] for key in ("as_tier", "channels", "max_degree") if key in line}
            reached = rows_of(database.read(ask(line[member], at=at, pack=pack.name, **options)), other)
            assert line["rows"] == [[*row.values()] for row in reached], line
    for line in case.unlocks:
        at = instant(line.get("at", case.at))
        assert at is not None
        options = {key: line[key] for key in ("as_tier", "channel", "names") if key in line}
        asked = unlocks.unlock(line["sender"], line["recipient"], at=at, pack=pack.name, **options)
        found = unlock_document(database.read(asked))
        found["actions"] = [[*action.values()] for action in found["actions"]]
        for key in ("actions", "single_action_enough", "other_side"):
            assert line.get(key, found[key]) == found[key], line
    at = instant(case.at)
    assert at is not None
    assert_agreement(database, Network.of(case.network), case.pack, at)


# Networks are small as they are drawn, and every step of shrinking would be a load into a real graph.
@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(network=random_networks.networks(), pack=random_networks.packs())
def test_random_networks_under_random_packs(
    network: dict[str, Any], pack: dict[str, Any], emptied: Callable[[], Database]
) -> None:
    database = emptied()
    with TemporaryDirectory() as folder:
        put(database, Path(folder), network, product_pack(pack))
    assert_agreement(database, Network.of(network), pack, NOW)
    assert_unlocks_agree(database, Network.of(network), pack, NOW, most=3)


@pytest.mark.parametrize("name", ["article", "linkedin-help"])
def test_the_sample_network_pair_by_pair(name: str, sample: Database) -> None:
    pack = case_files.read_pack(name)
    compared = assert_agreement(sample, ldbc_network(), pack, NOW)
    assert 222 * 221 == compared


def test_a_pack_is_what_the_graph_says_not_what_the_file_says(database: Database, tmp_path: Path) -> None:
    """A pack that is loaded again under its name decides from then on."""
    pack = case_files.read_pack("article")
    network = {"members": {"a": {}, "b": {}, "c": {}}, "connections": [["a", "b"], ["b", "c"]]}
    put(database, tmp_path, network, product_pack(pack))
    before = database.read(answers.verdict("a", "c", at=NOW, pack="article"))
    pack["tiers"]["free"]["direct_degree"] = 2
    put(database, tmp_path, network, product_pack(pack))
    after = database.read(answers.verdict("a", "c", at=NOW, pack="article"))
    assert (False, True) == (before.channels[0].open, after.channels[0].open)
