"""The reference has every command, setting, endpoint and reason, because it is written from them."""

from __future__ import annotations

import pytest

from analysis.reports import REPORTS
from graph.driver.statements import names
from tests.documents.reference import PAGES, lifting, page_words
from tests.rules import case_files, oracle
from tests.rules.oracle import Network, Pack
from tests.support.paths import DOCS, ROOT


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_reference_is_that_of_its_registry(name: str, renew: bool) -> None:
    """`--renew` writes it."""
    path, text = DOCS / "reference" / name, PAGES[name]()
    if renew:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_the_words_of_the_page_are_those_of_the_vocabulary(renew: bool) -> None:
    """`--renew` writes them."""
    path = ROOT / "api" / "page" / "static" / "vocabulary.js"
    if renew:
        path.write_text(page_words(), "utf-8")
    assert page_words() == path.read_text("utf-8")


def test_every_report_and_every_statement_has_a_place() -> None:
    reports, statements = ((DOCS / name).read_text("utf-8") for name in ("reports.md", "statements.md"))
    assert [] == [name for name in REPORTS if f"\n## {name}\n" not in reports]
    assert [] == [name for name in names() if f"\n| `{name}` |" not in statements]


def test_the_rules_name_the_actions_that_lift_a_reason() -> None:
    """An action that opens a channel has lifted all that denied it; asked about every pair that a case asks about."""
    found: dict[str, set[str]] = {code: set() for code in oracle.CODES}
    for case in case_files.every_case():
        network, pack = Network.of(case.network), Pack.of(case.pack)
        asked = {
            (each["sender"], each["recipient"], each.get("at", case.at), each.get("as_tier"))
            for each in [*case.verdicts, *case.unlocks]
        }
        for sender, recipient, at, tier in asked:
            moment = oracle.instant(at)
            assert moment is not None
            pair = oracle.pair_of(network, pack, sender, recipient, moment, tier)
            for channel, codes in oracle.judge(pair).items():
                if codes:
                    answer = oracle.unlock(network, pack, sender, recipient, moment, tier, channel)
                    for code in codes:
                        found[code] |= {action["action"] for action in answer["actions"]}
    assert found == {code: set(lifting(code)) for code in oracle.CODES}
