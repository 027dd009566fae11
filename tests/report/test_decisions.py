"""What is told of differences and plans in sentences, of networks in which it is plain to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.report.difference import difference_findings, difference_page
from api.report.leading import Called, no_names
from api.report.plan import names_in_plan, plan_findings, plan_page
from graph.world import World
from linkreach.differing import Differed, comparison, differ
from linkreach.naming import Names
from linkreach.planning import Wishes
from tests.rules.case_files import read_pack
from tests.rules.oracle import Network, Pack
from tests.rules.random_networks import NOW
from tests.support.plans import planned
from tests.support.snapshots import snapshot_of

ARTICLE = Pack.of(read_pack("article"))
NAMES = Names(members={"s": "Ada", "r1": "Bea"}, groups={"g": "Chess"})

# By linkedin-help InMail is for paid tiers: s loses both.
TWO_PACKS = {"members": {"s": {"inmail_credits": 1}, "r1": {}, "r2": {}}}


def differed(folder: Path, *, after: str) -> Differed:
    snapshot_of(Network.of(TWO_PACKS), ARTICLE).save(folder)
    worlds = (World(NOW, pack, snapshot=folder) for pack in ("article", after))
    return differ(comparison(lambda: pytest.fail("no graph is asked"), *worlds), examples=True)


def test_what_two_worlds_gain_and_lose_is_told_in_numbers(tmp_path: Path) -> None:
    found = differed(tmp_path / "saved", after="linkedin-help")
    finding, tables = difference_findings(found, Called(NAMES))
    assert [
        "Reachable: 2 pairs before, 0 after.",
        "Lost: 2 pairs, 100.0 % of those before.",
        "Gained: no pair.",
    ] == finding
    assert {
        "diff_members": [
            "1 of 3 members reach others than before; most changes for Ada (s) (0 gained, 2 lost).",
            (
                "2 of 3 members are reached by others than before; "
                "most changes for Bea (r1) (0 gained, 1 lost) and r2 (0 gained, 1 lost)."
            ),
        ],
        "diff_causes": [
            (
                "Most is lost by NOT_IN_TIER (the effective tier does not grant this channel): "
                "2 pairs, 2 of them by it alone."
            )
        ],
        "diff_segments": ["Most changes from free to free: 0 gained, 2 lost."],
    } == tables
    page = difference_page(found, ask_names=lambda **_: NAMES, links={})
    rows = {section.name: section.rows for section in page.sections}
    assert ["Ada (s)", "2", "0", "0", "2"] == rows["diff_members"][0][:5]
    assert ["Ada (s)", "Bea (r1)", "lost", "inmail", "NOT_IN_TIER"] == rows["diff_pairs"][0]
    plots = {section.name: [each.caption for each in section.plots] for section in page.sections}
    assert ["Pairs that are lost, by what denies them after"] == plots["diff_causes"]
    assert [[2], [0]] == [
        [series.values[place] for series in page.sections[0].plots[0].series if series.label == "Reaches no longer"]
        for place in (0, 1)
    ]


def test_two_worlds_that_are_the_same_are_told_and_not_drawn(tmp_path: Path) -> None:
    page = difference_page(differed(tmp_path / "saved", after="article"), ask_names=no_names, links={})
    assert ["Nothing differs: the two worlds are the same."] == page.finding
    assert [[], [], [], []] == [[*section.plots] for section in page.sections]


def test_a_plan_is_told_by_who_contacts_whom_what_it_costs_and_who_is_left() -> None:
    network = Network.of(
        {
            "members": {"s": {}, "t": {}, "r1": {}, "r2": {}, "r3": {"accepts_from": "nobody"}},
            "connections": [["s", "r1"]],
            "groups": {"g": {}},
            "group_members": [["r2", "g"]],
        }
    )
    found = planned(network, ARTICLE, ["s", "t"], ["r1", "r2", "r3"], Wishes(actions=("join",), costs={"join": 2.5}))
    called = names_in_plan(found.plan, lambda **_: NAMES)
    finding, lists = plan_findings(found, called)
    assert [
        "2 of 3 recipients contacted; 1 without any action.",
        "Cost 2.5: 1 × join.",
        "Optimal: no plan contacts more, and none that contacts as many costs less.",
    ] == finding[:3]
    assert [
        "One more InMail credit: 1 recipient more.",
        *(f"One more seat of {tier}: nothing." for tier in ("career", "business", "sales_navigator")),
    ] == finding[3:]
    assert ["Contacts are made by Ada (s) (2).", "Channels: Direct message (1) and Group message (1)."] == lists[
        "contacts"
    ]
    assert ["What costs most: Ada (s): join the group Chess (g) (2.5)."] == lists["actions"]
    assert lists["uncovered"][0].startswith("1 recipient is not contacted; most often: ")
    page = plan_page(found, ask_names=lambda **_: NAMES, links={})
    rows = {section.name: section.rows for section in page.sections}
    assert [
        ["Bea (r1)", "Ada (s)", "Direct message", ""],
        ["r2", "Ada (s)", "Group message", "join the group Chess (g)"],
    ] == rows["contacts"]
    assert [["Ada (s)", "join the group Chess (g)", "1", "2.5"]] == rows["actions"]
    contacts, actions, _ = (section.plots[0] for section in page.sections)
    assert (["Ada"], [[1], [1]]) == (contacts.labels, [each.values for each in contacts.series])
    assert (["Ada: join the group Chess (g)"], [[2.5]]) == (actions.labels, [each.values for each in actions.series])


def test_a_plan_without_anybody_is_told_and_not_drawn() -> None:
    found = planned(Network.of({"members": {"s": {}}}), ARTICLE, ["s"], [])
    page = plan_page(found, ask_names=no_names, links={})
    assert ["Nobody is left to contact: the plan is empty."] == page.finding
    assert [[], [], []] == [[*section.plots] for section in page.sections]
