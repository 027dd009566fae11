"""The sample network: LDBC's own files, and settings that its seed draws again."""

import pytest

from graph import sample
from graph.driver.database import Database
from graph.loading.loading import load
from graph.sources import open_source
from graph.sources.chunks import Reject
from tests.support.paths import SHARED

ORIGINAL = SHARED / "data" / "ldbc-snb-interactive"
TIERS = frozenset({"free", "career", "business", "sales_navigator"})


def test_drawing_the_settings_and_blocks_again_changes_nothing() -> None:
    assert sample.drawn_files() == {
        name: (sample.FOLDER / name).read_bytes().decode("utf-8") for name in ("settings.csv", "blocks.csv")
    }


def test_the_files_of_ldbc_are_unchanged_and_come_with_licence_and_notice() -> None:
    if not ORIGINAL.is_dir():
        pytest.skip(f"the data of LDBC is not at {ORIGINAL}")
    ours = [*sample.FOLDER.glob("dynamic/*"), *sample.FOLDER.glob("static/*"), *sample.FOLDER.glob("*.txt")]
    assert 10 == len(ours)
    for path in ours:
        assert (ORIGINAL / path.relative_to(sample.FOLDER)).read_bytes() == path.read_bytes()


def test_the_sample_loads_without_a_rejected_row(database: Database) -> None:
    rejects: list[Reject] = []
    report = load(database, open_source(sample.FOLDER), tiers=TIERS, reject=rejects.append)
    assert [] == rejects
    assert {
        "members": 222,
        "groups": 17,
        "group_members": 476,
        "companies": 359,
        "connections": 825,
        "company_members": 485,
        "settings": 222,
        "blocks": 18,
    } == report.loaded
