"""The vocabulary is that of the rules: of their page, of the statements, and of the oracle, all written by hand."""

from __future__ import annotations

import re

from graph.driver.statements import fragment
from graph.model import MEMBERS
from graph.rules import vocabulary
from tests.rules import oracle
from tests.support.paths import DOCS

RULES = fragment("rules").text
KINDS = re.compile(r"\[('message'[^\]]*)\] AS (\w+)")
CHANNEL = re.compile(r"^ {7}(\w+): \[(.*?)\](?=,?$)", re.MULTILINE | re.DOTALL)
REQUIREMENT = re.compile(r"code: '(\w+)'|(\w+)")
IN_WORDS = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \|", re.MULTILINE)


def test_the_codes_stand_in_the_order_of_the_statements_and_of_the_oracle() -> None:
    codes = re.findall(r"'([A-Z]+(?:_[A-Z]+)+)'", RULES.partition("AS codes")[0])
    assert [*vocabulary.CODES] == codes
    assert [*oracle.CODES] == codes


def test_the_gates_deny_what_they_deny_in_the_statements_and_in_the_oracle() -> None:
    gates = [(gate.reason.code, tuple(map(str, gate.denies))) for gate in vocabulary.GATES]
    stated = dict(re.findall(r"\{code: '(\w+)', holds: .+, denies: (\w+)\}", RULES))
    lists = {
        name: tuple(re.findall("'([^']+)'", text))
        for text, name in re.findall(r"\[('message'[^\]]*)\] AS (\w+)", RULES)
    }
    assert gates == [(code, lists[name]) for code, name in stated.items()]
    assert gates == [(code, tuple(denies)) for code, (denies, _) in oracle.GATES.items()]


def test_the_channels_require_what_they_require_in_the_statements_and_in_the_oracle() -> None:
    channels = {channel.name: list(channel.requires) for channel in vocabulary.CHANNELS}
    named = {name: code for code, name in re.findall(r"\{met: \w+, code: '(\w+)'\} AS (\w+)", RULES)}
    requirements = RULES.partition("WITH *, {")[2].partition("} AS requirements")[0]
    stated = {
        name: [code or named[known] for code, known in REQUIREMENT.findall(text) if code or known in named]
        for name, text in CHANNEL.findall(requirements)
    }
    assert channels == stated
    assert channels == {name: list(channel.requires) for name, channel in oracle.CHANNELS.items()}


def test_the_kinds_are_those_of_the_oracle() -> None:
    assert {each.name: each.kind for each in vocabulary.CHANNELS} == {
        name: channel.kind for name, channel in oracle.CHANNELS.items()
    }
    assert (tuple(oracle.FREE), tuple(oracle.MESSAGING)) == (vocabulary.FREE, vocabulary.MESSAGING)


def test_the_words_are_those_of_the_page_of_the_rules() -> None:
    section = (DOCS / "rules.md").read_text("utf-8").partition("\n## 3. ")[2].partition("\n## 4. ")[0]
    words = dict(IN_WORDS.findall(section))
    reasons = (*vocabulary.REASONS, *(gate.reason for gate in vocabulary.GATES), vocabulary.UNAVAILABLE)
    assert {each.code: each.words for each in reasons} == {each.code: words.get(each.code) for each in reasons}


def test_every_sentence_is_about_these_two_people() -> None:
    reasons = (*vocabulary.REASONS, *(gate.reason for gate in vocabulary.GATES), vocabulary.UNAVAILABLE)
    sentences = [text for each in reasons for text in (each.sentence, each.with_tier, *each.by_setting.values())]
    names = [each.format(sender="Ada", recipient="Ben", tier="Career") for each in sentences]
    assert [] == [each for each in names if "{" in each or "`" in each]


def test_a_setting_has_a_sentence_for_every_value_that_leaves_somebody_out() -> None:
    for each in (reason for reason in vocabulary.REASONS if reason.setting):
        column = MEMBERS.column(each.setting)
        assert column is not None
        open_to_all = {"anyone", "public"}
        assert {*column.choices} - open_to_all == {*each.by_setting}
