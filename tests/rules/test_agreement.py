"""One meaning: what Cypher answers, pair by pair, as reach and as reports, is what the oracle says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from graph.driver.database import Database
from graph.questions import verdicts
from graph.world import World
from tests.rules import case_files, random_networks
from tests.rules.agreement import assert_agreement, assert_case_agrees, assert_unlocks_agree, product_pack
from tests.rules.by_hand import assert_written_by_hand, put_case
from tests.rules.case_files import Case
from tests.rules.oracle import Network
from tests.rules.random_networks import NOW
from tests.support.ldbc import ldbc_network
from tests.support.networks import put

CASES = case_files.every_case()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_has_the_verdicts_written_by_hand(case: Case, database: Database, tmp_path: Path) -> None:
    put_case(database, tmp_path, case)
    assert_written_by_hand(database, case)
    assert_case_agrees(database, case)


# Networks are small as they are drawn, and every step of shrinking would be a load into a real graph.
@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
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
    before = database.read(verdicts.verdict("a", "c", World(NOW, "article")))
    pack["tiers"]["free"]["direct_degree"] = 2
    put(database, tmp_path, network, product_pack(pack))
    after = database.read(verdicts.verdict("a", "c", World(NOW, "article")))
    assert (False, True) == (before.channels[0].open, after.channels[0].open)
