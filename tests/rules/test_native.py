"""A native folder of our own: what is wrong in it is set aside, and on the rest the product and the oracle agree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from graph.driver.database import Database
from tests.rules import case_files
from tests.rules.agreement import assert_agreement
from tests.rules.random_networks import NOW
from tests.support.networks import read_native
from tests.support.terminal import Answer

FOLDER = Path(__file__).parent / "native"
EXPECTED = FOLDER / "expected-rejects.csv"
MEMBERS = 100

# Of each table, rows that are loaded and rows that are set aside; one member has two rows.
ROWS = {
    "members": (MEMBERS + 1, 13),
    "groups": (8, 3),
    "companies": (20, 2),
    "connections": (135, 6),
    "group_members": (131, 5),
    "company_members": (159, 5),
    "blocks": (8, 4),
}


def test_every_bad_row_is_set_aside_and_every_pair_of_the_rest_is_judged_as_the_oracle_does(
    linkreach: Callable[..., Answer], database: Database, desk: Path
) -> None:
    answer = linkreach("load", FOLDER, "--rejects", "aside.csv")
    assert 0 == answer.code
    assert [[f"{name}.csv", name, str(loaded), str(aside)] for name, (loaded, aside) in ROWS.items()] == [
        line.split()[:4] for line in answer.out.splitlines() if line.partition(".csv ")[0] in ROWS
    ]
    assert EXPECTED.read_bytes() == (desk / "aside.csv").read_bytes()

    compared = assert_agreement(database, read_native(FOLDER, EXPECTED), case_files.read_pack("article"), NOW)
    assert MEMBERS * (MEMBERS - 1) == compared
