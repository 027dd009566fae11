"""Draws a network as arrays: who works where, who is connected to whom, who is in which group.

Everybody has a budget of connections with a heavy tail, and spends it from near to far: first in their team, a small
part of their company, where almost everybody knows everybody and triangles come from; then in the company; then among
people of the same industry and place; and what is left with anybody. Each time two members meet by chance in proportion
to what both still have to spend (Chung and Lu, 2002, within blocks as of Holland, Laskey and Leinhardt, 1983).
Companies are few large and many small ones (Axtell, 2001). Groups gather people of an industry or a place, and some
from everywhere, so that they overlap.

Only `Generator.random` over PCG64 is used, each purpose with a stream of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

INDUSTRIES = (
    "Software", "Banking", "Health care", "Education", "Retail", "Construction", "Energy", "Transport",
    "Consulting", "Media", "Agriculture", "Public services",
)  # fmt: skip
LOCATIONS = (
    "Lagos", "Mumbai", "Sao Paulo", "Mexico City", "London", "Jakarta", "Cairo", "Istanbul", "Paris", "Toronto",
    "Berlin", "Nairobi", "Madrid", "Sydney", "Seoul", "Warsaw", "Lima", "Vienna", "Oslo", "Graz",
)  # fmt: skip
SENIORITIES = {"entry": 0.30, "senior": 0.40, "manager": 0.18, "director": 0.08, "executive": 0.04}

_Integers = NDArray[np.int64]
_Floats = NDArray[np.float64]
_Progress = Callable[[str, int, int | None], None]

_DEGREE_EXPONENT = 2.6
_COMPANY_SIZE_EXPONENT = 2.1
_GROUP_SIZE_EXPONENT = 2.2
_MEMBERS_PER_COMPANY = 30
_MEMBERS_PER_GROUP_THERE_IS = 40
_FEWEST_GROUPS = 2 * (len(INDUSTRIES) + len(LOCATIONS))
_MEAN_MEMBERSHIPS = 4.0  # of which some are in one group twice, and count once
_MOST_MEMBERSHIPS = 50
_MEAN_FOLLOWED_PAGES = 1.5
_SHARE_AT_HEADQUARTERS = 0.7
_SHARE_THAT_LEFT = 0.06
_SHARE_WITH_EARLIER_COMPANY = 0.25
_SHARE_OF_GROUPS_WITHOUT_MESSAGING = 0.1

# How much of what is left of a budget is spent in a circle, and on how many of its members at most, as a share of them.
# Above 1: the same two may meet twice, and are connected once.
_SPENT_IN = {"team": (0.7, 2.0), "company": (0.4, 0.5), "field": (0.2, 0.1)}
_SMALLEST_TEAM = 6
_TEAM_PER_MEAN_DEGREE = 0.7
# Some of it is always left to meet anybody, so that the drawing ends with exactly as many connections as asked for.
_LEAST_LEFT = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Members, companies and groups are numbers from 0; an array per column.

    `a[i]` < `b[i]` are connected, each pair once, in order. The other pairs are in order, too, each once.
    """

    members: int
    a: _Integers
    b: _Integers
    company: _Integers
    hired: _Integers
    has_left: NDArray[np.bool_]
    location: _Integers
    seniority: _Integers
    company_industry: _Integers
    company_location: _Integers
    group_topic: _Integers
    group_messaging: NDArray[np.bool_]
    group_members: tuple[_Integers, _Integers]
    earlier_companies: tuple[_Integers, _Integers]
    followed: tuple[_Integers, _Integers]

    @property
    def degrees(self) -> _Integers:
        """How many connections each member has."""
        return np.bincount(self.a, minlength=self.members) + np.bincount(self.b, minlength=self.members)


def stream_of(seed: int, purpose: str) -> np.random.Generator:
    """The random numbers of a seed for one purpose, whatever is drawn for others."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *purpose.encode()])))


def draw_network(members: int, mean_degree: float, seed: int, progress: _Progress) -> Network:
    """The network of a seed."""
    everybody = np.arange(members)
    stream = partial(stream_of, seed)

    companies = members // _MEMBERS_PER_COMPANY
    size = np.minimum(_power_law(companies, _COMPANY_SIZE_EXPONENT), companies**0.6)
    size = size[_shuffled(stream("sizes"), companies)]
    popularity = 1 / np.arange(1, len(LOCATIONS) + 1)
    places = stream("places")
    company_location = _chosen(places, popularity, companies)
    company_industry = (stream("industries").random(companies) * len(INDUSTRIES)).astype(np.int64)
    company = _chosen(stream("companies"), size, members)
    moved = places.random(members) >= _SHARE_AT_HEADQUARTERS
    location = np.where(moved, _chosen(places, popularity, members), company_location[company])
    industry = company_industry[company]

    circles = {
        "team": _teams(company, max(_SMALLEST_TEAM, round(_TEAM_PER_MEAN_DEGREE * mean_degree)), stream("teams")),
        "company": company,
        "field": industry * len(LOCATIONS) + location,
    }
    budget = _budgets(members, mean_degree)[_shuffled(stream("budgets"), members)]
    a, b = _connections(circles, budget, round(members * mean_degree / 2), stream("connections"), progress)

    topic, messaging, memberships = _groups(industry, location, stream("groups"))
    careers, pages = stream("careers"), stream("pages")
    had_another = np.flatnonzero(careers.random(members) < _SHARE_WITH_EARLIER_COMPANY)
    follower = np.repeat(everybody, _counts(pages, members, _MEAN_FOLLOWED_PAGES))
    return Network(
        members=members,
        a=a,
        b=b,
        company=company,
        hired=2015 + (stream("hired").random(members) * 10).astype(np.int64),
        has_left=careers.random(members) < _SHARE_THAT_LEFT,
        location=location,
        seniority=_chosen(stream("seniorities"), np.array(list(SENIORITIES.values())), members),
        company_industry=company_industry,
        company_location=company_location,
        group_topic=topic,
        group_messaging=messaging,
        group_members=memberships,
        earlier_companies=(had_another, _chosen(careers, size, len(had_another))),
        followed=_each_once(follower, _chosen(pages, size, len(follower)), companies),
    )


def _power_law(n: int, exponent: float) -> _Floats:
    """Values from 1 up whose density falls by this exponent: its quantiles, so that no draw moves the tail."""
    return np.asarray((1 - (np.arange(n) + 0.5) / n) ** (-1 / (exponent - 1)), dtype=np.float64)


def _budgets(members: int, mean_degree: float) -> _Floats:
    """Expected degrees of this mean, the smallest first.

    Above about sqrt(members x mean_degree) two of the largest would have to meet more than once (Chung and Lu).
    """
    largest = min(members / 3, 2 * np.sqrt(members * mean_degree))
    budget = _power_law(members, _DEGREE_EXPONENT) - 0.7
    for _ in range(50):
        budget = np.minimum(budget * (mean_degree / budget.mean()), largest)
    return budget


def _teams(company: _Integers, size: int, stream: np.random.Generator) -> _Integers:
    """A number of the team for each member: the company's members in parts of about this size."""
    order = np.lexsort((stream.random(len(company)), company))
    staff = np.bincount(company)
    rank = np.arange(len(company)) - np.repeat(np.cumsum(staff) - staff, staff)
    parts = np.maximum(1, np.round(staff / size)).astype(np.int64)
    team = np.empty(len(company), np.int64)
    of = company[order]
    team[order] = (np.cumsum(parts) - parts)[of] + rank * parts[of] // staff[of]
    return team


def _connections(
    circles: dict[str, _Integers], budget: _Floats, wanted: int, stream: np.random.Generator, progress: _Progress
) -> tuple[_Integers, _Integers]:
    members = len(budget)
    pairs = np.empty(0, np.int64)
    left = budget.copy()
    for name, circle in circles.items():
        share, most = _SPENT_IN[name]
        spent = np.minimum(share * left, most * (np.bincount(circle)[circle] - 1))
        left -= spent
        pairs = _with(pairs, _met(circle, spent, stream), wanted, stream)
        progress("drawing connections", len(pairs), wanted)
    everybody = np.zeros(members, np.int64)
    while len(pairs) < wanted:
        degrees = np.bincount(pairs // members, minlength=members) + np.bincount(pairs % members, minlength=members)
        left = np.maximum(budget - degrees, _LEAST_LEFT * budget)
        missing = wanted - len(pairs)
        pairs = _with(pairs, _met(everybody, left * (2.1 * missing / left.sum()), stream), wanted, stream)
        progress("drawing connections", len(pairs), wanted)
    return pairs // members, pairs % members


def _met(circle: _Integers, spent: _Floats, stream: np.random.Generator) -> _Integers:
    """Pairs of members of one circle, each as the number smaller x members + larger; some more than once.

    Who spends k goes to k / 2 meetings, and is met at another k / 2 on average.
    """
    members = len(circle)
    order = np.argsort(circle, kind="stable")
    circle, spent = circle[order], spent[order]
    until = np.cumsum(spent)
    sizes = np.bincount(circle)
    last = np.cumsum(sizes) - 1
    begin = np.concatenate(([0.0], until))[last + 1 - sizes]
    total = until[np.maximum(last, 0)] - begin
    goes = np.repeat(np.arange(members), np.floor(spent / 2 + stream.random(members)).astype(np.int64))
    of = circle[goes]
    meets = np.searchsorted(until, begin[of] + stream.random(len(goes)) * total[of], side="right")
    one, other = order[goes], order[np.minimum(meets, last[of])]
    pairs = np.minimum(one, other) * members + np.maximum(one, other)
    met: _Integers = pairs[one != other]
    return met


def _with(pairs: _Integers, new: _Integers, most: int, stream: np.random.Generator) -> _Integers:
    """The pairs and the new ones, sorted, each once, and no more than so many: of the new ones chance takes some."""
    new = np.unique(new)
    if len(pairs):
        there = pairs[np.minimum(np.searchsorted(pairs, new), len(pairs) - 1)] == new
        new = new[~there]
    if len(new) > most - len(pairs):
        new = new[_shuffled(stream, len(new))[: most - len(pairs)]]
    together = np.concatenate((pairs, new))
    together.sort(kind="stable")
    return together


def _groups(
    industry: _Integers, location: _Integers, stream: np.random.Generator
) -> tuple[_Integers, NDArray[np.bool_], tuple[_Integers, _Integers]]:
    """The topic of each group (an industry, or beyond those a location), whether it has messaging, and memberships."""
    members = len(industry)
    topics = len(INDUSTRIES) + len(LOCATIONS)
    groups = max(_FEWEST_GROUPS, members // _MEMBERS_PER_GROUP_THERE_IS)
    topic = np.sort(np.arange(groups) % topics)
    popularity = np.minimum(_power_law(groups, _GROUP_SIZE_EXPONENT), groups**0.5)[_shuffled(stream, groups)]
    until = np.cumsum(popularity)
    last = np.cumsum(np.bincount(topic)) - 1
    begin = np.concatenate(([0.0], until[last[:-1]]))

    member = np.repeat(np.arange(members), _counts(stream, members, _MEAN_MEMBERSHIPS))
    why = stream.random(len(member))
    of = np.where(why < 0.5, industry[member], len(INDUSTRIES) + location[member])
    anything = why >= 0.8
    low = np.where(anything, 0.0, begin[of])
    high = np.where(anything, until[-1], until[last[of]])
    joined = np.minimum(
        np.searchsorted(until, low + stream.random(len(member)) * (high - low), side="right"), groups - 1
    )
    messaging = stream.random(groups) >= _SHARE_OF_GROUPS_WITHOUT_MESSAGING
    return topic, messaging, _each_once(member, joined, groups)


def _counts(stream: np.random.Generator, n: int, mean: float) -> _Integers:
    """How many each of n has: many few, few many, and about this mean."""
    return np.minimum(np.floor(-np.log1p(-stream.random(n)) * (mean + 0.5)), _MOST_MEMBERSHIPS).astype(np.int64)


def _each_once(left: _Integers, right: _Integers, rights: int) -> tuple[_Integers, _Integers]:
    pairs = np.unique(left * rights + right)
    return pairs // rights, pairs % rights


def _chosen(stream: np.random.Generator, weights: _Floats, n: int) -> _Integers:
    """Places of weights, each as often as its weight says."""
    until = np.cumsum(weights)
    places: _Integers = np.minimum(np.searchsorted(until, stream.random(n) * until[-1], side="right"), len(weights) - 1)
    return places


def _shuffled(stream: np.random.Generator, n: int) -> _Integers:
    return np.argsort(stream.random(n), kind="stable")
