"""The answers in words, of every verdict that the oracle gives on the case files: what is not known is never a no."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
from msgspec import ValidationError, convert

from api.mcp.problems import problem_of
from api.mcp.question import Conclusion
from api.mcp.tools import TOOLS, Check, Match
from api.mcp.words import Speaker, concluded_of_channel, match_words, reach_words, verdict_words
from graph import errors
from graph.instants import read_instant
from graph.questions.reach import Reached
from graph.questions.verdicts import Match as MatchedInShort
from graph.questions.verdicts import Verdict
from graph.rules.vocabulary import CHANNELS_BY_NAME, MESSAGING
from graph.world import World
from linkreach.matching import Matched, MatchedPair
from linkreach.naming import Names
from linkreach.rows import ReachRows
from tests.rules import oracle, oracle_assumed
from tests.rules.case_files import Case, answered_cases
from tests.rules.oracle import Network, Pack, Row

AT = read_instant("2026-06-01")
WORLD = World(AT, "article")


def unnamed(**_ids: Any) -> Names:
    return Names()


def as_product_has_it(row: Row) -> Verdict:
    """A verdict of the oracle as the product's, with its evidence where the product has it."""
    evidence: dict[str, dict[str, Any]] = {
        "group": {"groups": row["groups"]} if row["groups"] else {},
        "company_page": {"pages": row["pages"]} if row["pages"] else {},
    }
    channels = [{**each, "evidence": evidence.get(each["channel"], {})} for each in row["channels"]]
    fields = {key: value for key, value in row.items() if key not in ("groups", "pages")}
    return convert({**fields, "channels": channels}, Verdict)


@pytest.mark.parametrize("case", answered_cases(), ids=lambda case: case.name)
def test_what_is_not_known_is_never_told_as_no(case: Case) -> None:
    network, pack, at = Network.of(case.network), Pack.of(case.pack), oracle.instant(case.at)
    assert at is not None
    for sender, recipient in permutations(sorted(network.members), 2):
        row = oracle_assumed.verdict(network, pack, sender, recipient, at)
        verdict = as_product_has_it(row)
        first, _, *lines, last = verdict_words(verdict, unnamed).split("\n")
        if row["reachable"]:
            assert first.startswith("Yes: " if row["certain"] else "Yes, by what is stored: ")
        else:
            assert first.startswith("Not known: " if row["possible"] else "No: ")
        for channel, line in zip((each for each in verdict.channels if each.kind in MESSAGING), lines, strict=False):
            title = CHANNELS_BY_NAME[channel.channel].title
            assert line.startswith(f"- {title}: {STATES[concluded_of_channel(channel)]}"), line
        assert last.startswith(f"By the rule pack {pack.name}, at ")
        assert not {"{sender}", "{recipient}"} & {*re.findall(r"{\w+}", "".join([first, *lines]))}


STATES = {
    Conclusion.YES: "open",
    Conclusion.YES_BY_WHAT_IS_STORED: "open by what is stored",
    Conclusion.NOT_KNOWN: "not known. It is denied unless ",
    Conclusion.NO: "denied. ",
}


def test_people_stand_in_the_words_by_name_with_their_id_once() -> None:
    names = Names(members={"s": "Ada", "r": "Bea"})
    case = next(each for each in answered_cases() if each.name == "second-degree-needs-a-tier")
    network, pack = Network.of(case.network), Pack.of(case.pack)
    verdict = as_product_has_it(oracle_assumed.verdict(network, pack, "s", "r", AT, "free"))
    first, *rest = Speaker(names).verdict(verdict).split("\n")
    assert "Ada (s) on the tier free" in first
    assert "Bea (r)." in first
    assert any(
        line.startswith("- Direct message: denied. Bea is farther away than Ada's tier reaches") for line in rest
    )


def test_what_is_not_known_of_a_channel_is_told_as_far_as_there_are_words_for_it() -> None:
    channel = {"channel": "group", "kind": "message", "open": False, "evidence": {}, "rests_on": ["groups"]}
    case = next(each for each in answered_cases() if each.name == "second-degree-needs-a-tier")
    row = oracle_assumed.verdict(Network.of(case.network), Pack.of(case.pack), "s", "r", AT, "free")
    for reasons, told in (
        (["NO_SHARED_GROUP"], "Group message: not known. It is denied unless "),
        (["TIER_TOO_LOW"], "Group message: not known.\n"),
    ):
        verdict = as_product_has_it({**row, "channels": [{**channel, "reasons": reasons}]})
        assert f"\n- {told}" in verdict_words(verdict, unnamed)


def test_characters_that_are_not_seen_are_written_out() -> None:
    assert "Ada\\x1b[2J (m1)" == Speaker(Names(members={"m1": "Ada\x1b[2J"})).member("m1")


def test_a_match_counts_what_is_not_known_apart() -> None:
    pairs = [
        MatchedInShort("a", "b", 1, True, True, ("direct",), (), True),
        MatchedInShort("a", "c", None, False, False, (), ("OUT_OF_NETWORK",), False),
        MatchedInShort("a", "d", None, False, False, (), ("OUT_OF_NETWORK",), True),
    ]
    told = match_words(Matched(tuple(map(MatchedPair, pairs)), skipped=1), WORLD, unnamed).split("\n")
    assert "Can the sender reach the recipient? Of 3 pairs, yes: 1; not known: 1; no: 1." == told[0]
    assert ["- a to b: yes (Direct message)", "- a to c: not known", "- a to d: no (OUT_OF_NETWORK)"] == told[2:5]


def test_whom_somebody_possibly_reaches_is_told_apart() -> None:
    rows = (Reached("b", 1, ("direct",), True), Reached("c", 2, ("group",), False), Reached("d", None, (), False))
    told = reach_words("a", ReachRows("recipient", rows), WORLD, unnamed).split("\n")
    expected = "a reaches 2 members by what is stored (1 of them for certain), and possibly 1 more, which is not known."
    assert expected == told[0]
    assert "- d, no known degree: not known" == told[3]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: str(tool.tool))
def test_a_tool_has_a_schema_of_what_is_asked_and_of_what_is_told(tool: Any) -> None:
    assert ("object", False) == (tool.input_schema()["type"], tool.input_schema()["additionalProperties"])
    assert "answer" in tool.output_schema()["required"]
    assert tool.description()
    assert tool.title


def test_what_is_not_asked_as_the_schema_has_it_is_refused() -> None:
    with pytest.raises(ValidationError, match="recipient"):
        convert({"sender": "a"}, Check)
    with pytest.raises(ValidationError, match="unknown field `as_teir`"):
        convert({"sender": "a", "recipient": "b", "as_teir": "free"}, Check)
    with pytest.raises(ValidationError, match="length >= 1"):
        convert({"senders": [], "recipients": ["b"]}, Match)


def test_what_an_assistant_cannot_mend_is_for_people() -> None:
    problem = problem_of(errors.DatabaseUnavailable("nothing answers at bolt://localhost"))
    assert "graph-away" == problem.kind
    assert problem.send.startswith("Nothing: ")
