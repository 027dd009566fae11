"""As if: the answers that the graph would give after the load of a change, and nothing of it stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from graph.driver import schema
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.driver.query import Graph
from graph.errors import DeadlinePassed, GraphLoading, RejectedRow
from graph.loading import loading
from graph.loading.as_if import as_if
from graph.loading.load_lock import load_lock
from graph.questions.cypher_engine import CypherEngine
from graph.questions.unlocks import unlock, unlock_document
from graph.questions.verdicts import verdicts
from graph.rules import pack_store
from graph.snapshot.fingerprint import fingerprint
from graph.sources.change import Change, change_of
from graph.world import World
from tests.rules import oracle, oracle_changes, random_changes, random_networks
from tests.rules.agreement import assert_reports_are, assert_verdict_agrees, expected_reports, product_pack
from tests.rules.oracle import Network, Pack
from tests.rules.oracle_assumed import verdict
from tests.rules.random_networks import NOW
from tests.support.networks import put

PEOPLE: dict[str, Any] = {"members": {"a": {}, "b": {}, "c": {}}, "connections": [["a", "b"]]}
ADDED = {"connections": [{"a": "b", "b": "c"}]}
ROWS_AT_MOST = 1_000


def supposed(document: dict[str, Any]) -> Change:
    return change_of(random_changes.in_words(document), rows_at_most=ROWS_AT_MOST)


def assert_answers(graph: Graph, network: Network, pack: Pack) -> None:
    """Every verdict, an unlock and every report are the oracle's of that network."""
    world = World(NOW, pack.name)
    pairs = list(permutations(sorted(network.members), 2))
    judged = graph.read(verdicts(pairs, world))
    for (sender, recipient), found in zip(pairs, judged, strict=True):
        assert_verdict_agrees(network, verdict(network, pack, sender, recipient, NOW), found)
    for found in [each for each in judged if not each.reachable][:1]:
        asked = found.sender, found.recipient
        expected = oracle.unlock(network, pack, *asked, NOW, names=2)
        assert expected == unlock_document(graph.read(unlock(*asked, world, names=2)))
    engine = CypherEngine(graph, world, progress=lambda *_: None, force=True)
    assert_reports_are(expected_reports(network, pack, NOW), engine)


@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(data=st.data(), network=random_networks.networks(), pack=random_networks.packs())
def test_as_if_is_what_the_oracle_says_and_what_a_load_makes(
    data: st.DataObject, network: dict[str, Any], pack: dict[str, Any], emptied: Callable[[], Database]
) -> None:
    document = data.draw(random_changes.changes(network))
    database, rules = emptied(), Pack.of(pack)
    with TemporaryDirectory() as folder:
        put(database, Path(folder), network, product_pack(pack))
    tiers = database.read(pack_store.loaded_tiers())
    after = oracle_changes.changed(Network.of(network), document, tiers)
    before = fingerprint(database)
    with as_if(database, supposed(document)) as graph:
        assert_answers(graph, after, rules)
    assert before == fingerprint(database)
    loading.load(database, supposed(document), tiers=tiers, reject=lambda row: pytest.fail(str(row)))
    assert_answers(database, after, rules)


def test_a_row_that_a_load_would_set_aside_is_an_error_that_names_it(people: Database) -> None:
    document = {"connections": [{"a": "b", "b": "c"}, {"a": "c", "b": "z"}]}
    with (
        pytest.raises(RejectedRow, match="connections, row 2, b: 'z': nobody declares this id"),
        as_if(people, supposed(document)),
    ):
        pass
    assert_nothing_stays(people)


def test_while_a_load_runs_nothing_is_supposed(people: Database) -> None:
    with load_lock(people, emptying=False), pytest.raises(GraphLoading), as_if(people, supposed(ADDED)):
        pass


def test_a_load_waits_for_what_is_supposed(people: Database) -> None:
    """And loads then what it has."""
    tiers = people.read(pack_store.loaded_tiers())
    begun, loaded = threading.Event(), threading.Event()

    def load() -> None:
        begun.set()
        loading.load(people, supposed(ADDED), tiers=tiers, reject=lambda row: pytest.fail(str(row)))
        loaded.set()

    loader = threading.Thread(target=load)
    with as_if(people, supposed({"members": [{"id": "d"}]})) as graph:
        loader.start()
        begun.wait()
        graph.read(schema.state())
        assert not loaded.is_set()
    loader.join()
    assert loaded.is_set()


def test_what_is_supposed_for_too_long_ends(people: Database) -> None:
    def ask_on() -> None:
        with as_if(people, supposed(ADDED), seconds=0.2) as graph:
            while True:
                graph.read(schema.state())

    with pytest.raises(DeadlinePassed):
        ask_on()
    assert_nothing_stays(people)


def test_an_error_in_between_leaves_nothing(people: Database) -> None:
    with suppress(InterruptedError), as_if(people, supposed(ADDED)):
        raise InterruptedError
    assert_nothing_stays(people)


HOLDS = """
import sys
from graph.driver.connection import Address
from graph.driver.database import Database
from graph.loading.as_if import as_if
from graph.sources.change import change_of
uri, user, password = sys.stdin.readline().split()
with Database(Address(uri, user, password)) as database:
    with as_if(database, change_of({"connections": [{"a": "b", "b": "c"}]}, rows_at_most=1)):
        print("supposed", flush=True)
        sys.stdin.readline()
"""


def test_a_client_that_is_killed_leaves_nothing_and_holds_nobody_up(people: Database, address: Address) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{address.uri} {address.user} {address.password}\n")
        process.stdin.flush()
        assert "supposed\n" == process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    assert_nothing_stays(people)


def assert_nothing_stays(database: Database) -> None:
    """The network is what it was, and a load finds no lock."""
    assert [{"n": 1}] == database.explain("MATCH ()-[:CONNECTED_TO]->() RETURN count(*) AS n", {}, profile=True)[0]
    version = database.read(schema.state()).version
    with held_by_a_load(database):
        assert version + 1 == database.read(schema.state()).version


@contextmanager
def held_by_a_load(database: Database) -> Iterator[None]:
    with load_lock(database, emptying=False):
        yield


@pytest.fixture
def people(database: Database, tmp_path: Path) -> Database:
    """Three people, two of whom are connected."""
    put(database, tmp_path, PEOPLE, product_pack({**_PACK}))
    return database


_PACK: dict[str, Any] = {
    "name": "any",
    "title": "Any",
    "source": "a test",
    "date": NOW.date(),
    "switches": {"page_ties": "any", "inmail_respects_opt_out": True, "group_kind": "message"},
    "tiers": {"free": {"rank": 0, "direct_degree": 1, "channels": ["direct"]}},
}
