"""Section 11 in the oracle, estimates, written by hand from the rules."""

from __future__ import annotations

from itertools import combinations, product
from math import sqrt
from statistics import mean, pvariance

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules import case_files, oracle_estimates, oracle_reports, random_networks
from tests.rules.oracle import Network, Pack, gone
from tests.rules.oracle_estimates import estimate, sizes
from tests.rules.random_networks import NOW

ARTICLE = Pack.of(case_files.read_pack("article"))


def network_of(**tiers: int) -> Network:
    """So many members of each tier, named for it and numbered."""
    return Network.of(
        {"members": {f"{tier}{n}": {"tier": tier} for tier, count in tiers.items() for n in range(count)}}
    )


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (5, (2, 2, 1, 0)),  # two of each tier that has two, one of that which has one
        (6, (3, 2, 1, 0)),  # one more: 0.8 and 0.2
        (7, (4, 2, 1, 0)),  # two more: 1.6 and 0.4
        (8, (4, 3, 1, 0)),  # three: 2.4 and 0.6
        (9, (5, 3, 1, 0)),  # four: 3.2 and 0.8
        (10, (6, 3, 1, 0)),  # five: 4 and 1
        (15, (10, 4, 1, 0)),  # everybody
        (99, (10, 4, 1, 0)),
    ],
)
def test_the_rest_is_drawn_in_proportion_to_who_is_left(n: int, expected: tuple[int, ...]) -> None:
    """Ten free, four career, one business: eight and two are left."""
    assert expected == tuple(sizes(network_of(free=10, career=4, business=1), ARTICLE, NOW, n).values())


def test_equal_remainders_go_to_the_lower_rank() -> None:
    """Whatever the names and the order of members."""
    network = network_of(sales_navigator=7, career=7, business=7)
    assert (0, 3, 2, 2) == tuple(sizes(network, ARTICLE, NOW, 7).values())
    assert (0, 3, 3, 2) == tuple(sizes(network, ARTICLE, NOW, 8).values())


def test_where_nobody_is_left_nobody_more_is_drawn() -> None:
    assert [(2, 1, 0, 0)] * 2 == [tuple(sizes(network_of(free=2, career=1), ARTICLE, NOW, n).values()) for n in (3, 4)]


def test_fewer_than_two_of_each_tier_are_refused() -> None:
    with pytest.raises(ValueError, match="5"):
        sizes(network_of(free=10, career=4, business=1), ARTICLE, NOW, 4)


def test_tiers_are_those_in_effect_of_members_who_are_not_gone() -> None:
    """A tier that lapsed is the base tier, and so is an empty one."""
    network = Network.of(
        {
            "members": {
                "a": {},
                "b": {"tier": "business", "tier_expires_at": "2026-01-01"},
                "c": {"tier": "business", "status": "closed"},
                "d": {"tier": "business", "status": "restricted"},
                "e": {"tier": "free"},
            }
        }
    )
    found = oracle_estimates.by_tier(network, ARTICLE, NOW)
    assert {"free": {"a", "b", "e"}, "career": set(), "business": {"d"}, "sales_navigator": set()} == found


def test_an_estimate_is_the_sum_over_tiers() -> None:
    """Four of eight others drawn, one within: 2. Both of two, one within: 1, and that is known."""
    network = network_of(free=9, career=2)
    drawn = ["free1", "free2", "free3", "free4", "career0", "career1"]
    found = estimate(network, ARTICLE, NOW, drawn, "free0", lambda other: other in ("free1", "free8", "career1"))
    # The spread of 1 in 4 is 4/3 · 1/4 · 3/4 = 1/4; its variance 8² · (1 - 4/8) · 1/4 / 4 = 2.
    assert pytest.approx((3, sqrt(2))) == found


def test_the_member_asked_about_is_none_of_the_others() -> None:
    """Drawn themselves, they leave three drawn of eight others."""
    network = network_of(free=9)
    drawn = ["free0", "free1", "free2", "free3"]
    found = estimate(network, ARTICLE, NOW, drawn, "free0", lambda other: other in ("free0", "free1"))
    # 8/3 · 1; 3/2 · 1/3 · 2/3 = 1/3; 64 · (1 - 3/8) · 1/3 / 3 = 40/9.
    assert pytest.approx((8 / 3, sqrt(40 / 9))) == found


def test_one_drawn_of_more_has_no_error() -> None:
    """Two are drawn of three, the member among them; of two or of one, who is drawn is all there is."""
    network = network_of(free=3, career=2, business=1)
    drawn = ["free0", "free1", "career0", "career1", "business0"]
    everybody = {*network.members}
    assert (5.0, None) == estimate(network, ARTICLE, NOW, drawn, "free0", everybody.__contains__)
    assert (5.0, 0.0) == estimate(network, ARTICLE, NOW, drawn, "career0", everybody.__contains__)
    assert (5.0, 0.0) == estimate(network, ARTICLE, NOW, drawn, "business0", everybody.__contains__)


def test_each_estimated_column_has_a_twin() -> None:
    """Right behind it; what needs no sample has none."""
    row = oracle_estimates.member_reach(network_of(free=3), ARTICLE, NOW, ["free0", "free1", "free2"])[0]
    columns = "degree_2,degree_3,direct_as_free,direct_as_career,direct_as_business,direct_as_sales_navigator,"
    columns += "open_direct,open_group,open_company_page,open_contact_info,open_contact_form,open_comment,open_inmail,"
    columns += "open_invite,reach_now,reach_now_free,reached_by_now,reached_by_now_free"
    twins = [name for column in columns.split(",") for name in (column, f"{column}_se")]
    assert ["member", "tier", "effective_tier", "degree_1", *twins] == [*row]


def test_the_report_counts_those_drawn_for_those_who_are_not() -> None:
    """Of four others b and c are drawn, so that each of them stands for two."""
    network = Network.of(
        {
            "members": {m: {} for m in "abcde"},
            "connections": [["a", "b"], ["b", "c"], ["b", "d"], ["d", "e"]],
        }
    )
    row = oracle_estimates.member_reach(network, ARTICLE, NOW, ["b", "c"])[0]
    expected = {"member": "a", "degree_1": 1, "degree_2": 2, "degree_3": 0, "direct_as_free": 2, "direct_as_career": 4}
    expected |= {"open_direct": 2, "open_inmail": 0, "reach_now": 2, "reach_now_free": 2, "reached_by_now": 2}
    assert expected == {column: row[column] for column in expected}
    # 1 of 2: the spread is 1/2; 16 · (1 - 2/4) · 1/2 / 2 = 2.
    errors = {"degree_2_se": sqrt(2), "degree_3_se": 0, "direct_as_career_se": 0, "reach_now_se": sqrt(2)}
    assert pytest.approx(errors) == {column: row[column] for column in errors}


def test_the_mean_of_all_samples_is_the_count_and_the_error_is_theirs() -> None:
    """Every way to draw three of five and two of four; the member asked about is in neither tier."""
    network = network_of(free=5, career=4, business=1)
    within = {"free0", "free1", "career0", "career1", "career2"}
    samples = product(
        combinations([f"free{n}" for n in range(5)], 3), combinations([f"career{n}" for n in range(4)], 2)
    )
    found = [estimate(network, ARTICLE, NOW, {*a, *b}, "business0", within.__contains__) for a, b in samples]
    counts = [each.value for each in found]
    assert len(within) == pytest.approx(mean(counts))
    assert pvariance(counts) == pytest.approx(mean(each.se**2 for each in found if each.se is not None))


@settings(max_examples=40, deadline=None)
@given(st.builds(Network.of, random_networks.networks()), st.builds(Pack.of, random_networks.packs()))
def test_a_sample_of_everybody_is_the_report(network: Network, pack: Pack) -> None:
    """With errors of 0."""
    everybody = [m for m, row in network.members.items() if not gone(row)]
    rows = oracle_estimates.member_reach(network, pack, NOW, everybody)
    counts = [{key: value for key, value in row.items() if not key.endswith("_se")} for row in rows]
    assert oracle_reports.member_reach(network, pack, NOW) == counts
    assert {0.0} == {value for row in rows for key, value in row.items() if key.endswith("_se")}
    assert len(everybody) == sum(sizes(network, pack, NOW, max(len(everybody), 6)).values())
