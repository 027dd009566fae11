"""The vocabulary is that of the rules: of their page, of the statements, and of the oracle, all written by hand."""

from __future__ import annotations

import re

import pytest

from graph.driver.statements import fragment
from graph.model import ASSUMED_NAMES, MEMBERS
from graph.rules import vocabulary
from tests.rules import oracle, oracle_assumed
from tests.support.paths import DOCS

RULES = fragment("rules").text
GATE = re.compile(r"\{code: '(\w+)', holds: .+?denies: (\w+)\}", re.DOTALL)
NAMED = re.compile(r"\{code: '(\w+)', on: [^{}]+\} AS (\w+)")
CHANNEL = re.compile(r"^ {7}(\w+): \[(.*?)(?=^ {7}\w+: \[|^ {5}\})", re.MULTILINE | re.DOTALL)
REQUIREMENT = re.compile(r"codes: \[([^\]]+)\]|code: ('\w+')|\b(\w+)\b")
IN_WORDS = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \|", re.MULTILINE)


def test_the_codes_stand_in_the_order_of_the_statements_and_of_the_oracle() -> None:
    codes = re.findall(r"'([A-Z]+(?:_[A-Z]+)+)'", RULES.partition("AS codes")[0])
    assert [*vocabulary.CODES] == codes
    assert [*oracle.CODES] == codes


def test_the_gates_deny_what_they_deny_in_the_statements_and_in_the_oracle() -> None:
    gates = [(gate.reason.code, tuple(map(str, gate.denies))) for gate in vocabulary.GATES]
    stated = dict(GATE.findall(RULES))
    lists = {
        name: tuple(re.findall("'([^']+)'", text))
        for text, name in re.findall(r"\[('message'[^\]]*)\] AS (\w+)", RULES)
    }
    assert gates == [(code, lists[name]) for code, name in stated.items()]
    assert gates == [(code, tuple(denies)) for code, (denies, _) in oracle.GATES.items()]


def test_the_channels_require_what_they_require_in_the_statements_and_in_the_oracle() -> None:
    channels = {channel.name: list(channel.requires) for channel in vocabulary.CHANNELS}
    named = {name: code for code, name in NAMED.findall(RULES)}
    requirements = RULES.partition("WITH *, {\n")[2].partition("\n     } AS requirements")[0] + "\n     }"
    stated = {
        name: [
            code
            for codes, one, known in REQUIREMENT.findall(text)
            for code in ([named[known]] if known in named else re.findall(r"'(\w+)'", codes or one))
        ]
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


def test_the_facts_stand_in_the_order_of_the_statements_and_of_the_oracle() -> None:
    facts = re.findall(r"'([a-z_.]+)'", fragment("certainty").text.partition("] AS facts")[0])
    assert facts == [fact.name for fact in vocabulary.FACTS]
    assert [*oracle_assumed.FACTS] == facts


def test_a_fact_is_assumed_under_the_name_that_the_report_unknowns_gives_it() -> None:
    for fact in vocabulary.FACTS:
        either = {of: name for name, of in oracle_assumed.OF_EITHER_SIDE.items()}
        assert either.get(fact.name, fact.name.partition(".")[2]) == fact.assumed
        assert fact.assumed in ASSUMED_NAMES


def test_every_condition_is_about_these_two_people() -> None:
    clauses = [
        clause.format(sender="Ada", recipient="Ben")
        for fact in vocabulary.FACTS
        for clause in (fact.condition, *fact.by_degree.values(), fact.while_open)
    ]
    assert [] == [each for each in clauses if "{" in each or each.endswith(".")]


def test_a_fact_decides_what_it_decides_in_the_oracle() -> None:
    decides = {code: [fact.name for fact in vocabulary.FACTS if code in fact.codes] for code in vocabulary.CODES}
    assert decides.pop("OUT_OF_NETWORK") == decides["TIER_TOO_LOW"]  # they are one requirement
    assert decides == {code: [*facts] for code, facts in oracle_assumed.FACTS_OF.items()}


@pytest.mark.parametrize(
    ("facts", "channel", "degree", "said"),
    [
        ("recipient.accepts_from", "direct", 2, "if Ben takes messages from connections of connections"),
        ("recipient.accepts_from", "group", None, "if Ben takes messages from anyone"),
        ("degree recipient.visibility", "direct", 2, "if Ben shows their profile to Ada"),
        ("degree", "invite", None, "if Ada and Ben are not connected"),
        ("sender.tier", "direct", 2, "if Ada is on this tier"),
        (
            "sender.messages_sent recipient.accepts_from",
            "direct",
            1,
            "if Ada has messages left this month and Ben takes messages from their connections",
        ),
        ("", "direct", 1, ""),
    ],
)
def test_an_open_channel_is_so_if_all_that_it_rests_on_holds(
    facts: str, channel: str, degree: int | None, said: str
) -> None:
    clause = vocabulary.resting(facts.split(), channel, open=True, degree=degree)
    assert said == clause.format(sender="Ada", recipient="Ben")


@pytest.mark.parametrize(
    ("facts", "channel", "reasons", "said"),
    [
        ("degree", "direct", "OUT_OF_NETWORK", "unless a shorter way than is known joins Ada and Ben"),
        (
            "degree sender.tier",
            "direct",
            "TIER_TOO_LOW",
            "unless a shorter way than is known joins Ada and Ben or Ada is on another tier",
        ),
        (
            "sender.tier sender.inmails_sent sender.inmail_credits",
            "inmail",
            "NO_INMAIL_CREDITS INMAIL_LIMIT_REACHED",
            "unless Ada has an InMail credit, and Ada is on another tier or Ada has InMails left this month",
        ),
        (
            "recipient.tier recipient.open_profile",
            "open_profile",
            "NO_OPEN_PROFILE",
            "unless Ben is on a tier above the lowest or Ben has an open profile",
        ),
        ("", "group", "NO_SHARED_GROUP", ""),
    ],
)
def test_a_denied_channel_is_so_unless_for_each_reason_something_holds(
    facts: str, channel: str, reasons: str, said: str
) -> None:
    clause = vocabulary.resting(facts.split(), channel, open=False, degree=None, reasons=reasons.split())
    assert said == clause.format(sender="Ada", recipient="Ben")
