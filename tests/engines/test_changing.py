"""A snapshot that is changed is the one that the graph would give after the load of the change."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import InvalidInput
from graph.snapshot.changing import changed
from graph.sources.change import change_of
from tests.rules import oracle_changes, random_changes, random_networks
from tests.rules.oracle import Network, Pack
from tests.rules.oracle_changes import Change
from tests.rules.test_oracle_changes import BEFORE, CORNERS, REJECTED, TIERS
from tests.support.snapshots import snapshot_of

PACK = Pack.of(
    {
        "name": "any",
        "switches": {"page_ties": "any", "inmail_respects_opt_out": True, "group_kind": "message"},
        "tiers": {name: {"rank": rank, "direct_degree": 1, "channels": []} for rank, name in enumerate(TIERS)},
    }
)
ROWS_AT_MOST = 1_000


def assert_changed(network: Network, change: Change, pack: Pack, tiers: Any, by: str = "tier") -> None:
    expected = snapshot_of(oracle_changes.changed(network, change, tiers), pack, by)
    asked = change_of(random_changes.in_words(change), rows_at_most=ROWS_AT_MOST)
    found = changed(snapshot_of(network, pack, by), asked)
    for table in ("members", "groups", "pages"):
        assert getattr(expected, table).to_pylist() == getattr(found, table).to_pylist()


@pytest.mark.parametrize("corner", CORNERS)
def test_a_corner(corner: str) -> None:
    before, change, _ = CORNERS[corner]
    assert_changed(Network.of(before), change, PACK, TIERS)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), network=random_networks.networks(), pack=random_networks.packs())
def test_a_random_change(data: st.DataObject, network: dict[str, Any], pack: dict[str, Any]) -> None:
    change = data.draw(random_changes.changes(network))
    by = data.draw(st.sampled_from(["tier", "open_profile", "inmail_credits", "status"]))
    assert_changed(Network.of(network), change, Pack.of(pack), {"t0", "t1", "t2"}, by)


@pytest.mark.parametrize("mistake", REJECTED)
def test_a_row_that_a_load_would_set_aside_is_an_error_that_names_it(mistake: str) -> None:
    change, problem = REJECTED[mistake]
    with pytest.raises(InvalidInput) as error:
        changed(snapshot_of(Network.of(BEFORE), PACK), change_of(change, rows_at_most=ROWS_AT_MOST))
    place = re.sub(r"\.\*.*", "", problem).strip()
    assert place.rstrip(",") in str(error.value) or re.search(problem, str(error.value))
