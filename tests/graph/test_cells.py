"""Cells are read strictly: a value, a default, or a reason."""

from datetime import UTC, datetime

import pytest

from graph.loading.cells import values
from graph.model import BLOCKS, CONNECTIONS, GROUPS, MEMBERS, Column

TIERS = frozenset({"free", "career"})


def column(name: str) -> Column:
    found = MEMBERS.column(name) or CONNECTIONS.column(name) or GROUPS.column(name) or BLOCKS.column(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        ("id", "007", "007"),
        ("id", " a\n\"b' 🦊", " a\n\"b' 🦊"),
        ("id", "x" * 1_000, "x" * 1_000),
        ("name", "x" * 100_000, "x" * 100_000),
        ("tier", "career", "career"),
        ("status", "deactivated", "deactivated"),
        ("open_profile", "TRUE", True),
        ("accepts_inmail", "False", False),
        ("inmail_credits", "0", 0),
        ("inmail_credits", "007", 7),
        ("messages_sent", "9223372036854775807", 2**63 - 1),
        ("tier_expires_at", "2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("tier_expires_at", "2026-11-23T08:30", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("tier_expires_at", "2026-11-23 08:30:59.1234567Z", datetime(2026, 11, 23, 8, 30, 59, 123456, UTC)),
        ("restricted_until", "2026-11-23T01:00:00+02:00", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("since", "2026-11-23T01:00:00-0330", datetime(2026, 11, 23, 4, 30, tzinfo=UTC)),
    ],
)
def test_a_good_cell_is_its_value(name: str, cell: str, value: object) -> None:
    assert ([value], {}) == values(column(name), [cell], TIERS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", None),
        ("tier", ""),
        ("status", "active"),
        ("visibility", "public"),
        ("contact_info", "nobody"),
        ("accepts_inmail", True),
        ("comments_open", False),
        ("messaging", True),
        ("inmails_sent", 0),
        ("tier_expires_at", None),
        ("kind", "block"),
    ],
)
def test_an_empty_cell_is_the_default(name: str, value: object) -> None:
    assert ([value], {}) == values(column(name), [""], TIERS)


NO_COUNT = "not a whole number from 0 to 9223372036854775807"


@pytest.mark.parametrize(
    ("name", "cell", "reason"),
    [
        ("id", "", "empty"),
        ("id", "x" * 1_001, "longer than 1,000 characters"),
        ("id", "a\0b", "holds a NUL character"),
        ("name", "x" * 100_001, "longer than 100,000 characters"),
        ("name", "\0", "holds a NUL character"),
        ("tier", "gold", "not one of career, free"),
        ("tier", "Free", "not one of career, free"),
        ("visibility", "Public", "not one of public, network, connections, private"),
        ("status", " active", "not one of active, restricted, deactivated, closed"),
        ("open_profile", "yes", "not true or false"),
        ("open_profile", "1", "not true or false"),
        ("inmail_credits", "-1", NO_COUNT),
        ("inmail_credits", "+1", NO_COUNT),
        ("inmail_credits", "1.0", NO_COUNT),
        ("inmail_credits", "٣", NO_COUNT),
        ("inmail_credits", "9223372036854775808", NO_COUNT),
        ("inmail_credits", "9" * 5_000, NO_COUNT),
        ("since", "yesterday", "not a time"),
        ("since", "2026-02-30", "not a time"),
        ("since", "2026-11-23T24:00", "not a time"),
        ("since", "2026-11-23T10:00:60Z", "not a time"),
        ("since", "20261123", "not a time"),
        ("since", "1284620040602", "not a time"),
        ("since", "0001-01-01T00:00+01:00", "not a time"),
        ("since", "2026-11-23 ", "not a time"),
    ],
)
def test_a_bad_cell_is_a_reason_and_never_a_guess(name: str, cell: str, reason: str) -> None:
    assert ([None], {0: reason}) == values(column(name), [cell], TIERS)


def test_a_bad_cell_leaves_its_neighbours_alone() -> None:
    assert ([1, None, 3], {1: NO_COUNT}) == values(column("inmail_credits"), ["1", "two", "3"], TIERS)


def test_without_a_loaded_pack_only_the_empty_tier_is_known() -> None:
    assert (["", None], {1: "no loaded rule pack defines a tier"}) == values(column("tier"), ["", "free"], frozenset())
