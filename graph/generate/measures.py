"""How much a network is like a real one: the tail of its degrees, its triangles, its hubs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.generate.network import Network

MEMBERS_TO_SAMPLE = 10_000
FEWEST_IN_A_TAIL = 50
_SMALLEST_BEGIN = 6

_Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Measures:
    """Of a network's degrees and triangles.

    `tail_exponent`: of the power law that the degrees from `tail_begins` on follow best.
    `clustering`: the mean, over members, of the share of the pairs of their connections who are connected themselves;
    taken over `clustering_of` members, which is everybody, or above MEMBERS_TO_SAMPLE so many by chance.
    `top_share`: of all ends of connections, the share at the 1 % of members who have most.
    """

    members: int
    connections: int
    mean_degree: float
    median_degree: float
    largest_degree: int
    tail_exponent: float
    tail_begins: int
    clustering: float
    clustering_of: int
    top_share: float


def measure(network: Network, progress: Callable[[str, int, int | None], None] = lambda *_: None) -> Measures:
    """All of them."""
    degrees = network.degrees
    exponent, begins = tail(degrees)
    sample = np.arange(network.members)
    if network.members > MEMBERS_TO_SAMPLE:
        chance = np.random.Generator(np.random.PCG64(network.members)).random(network.members)
        sample = np.sort(np.argsort(chance, kind="stable")[:MEMBERS_TO_SAMPLE])
    return Measures(
        members=network.members,
        connections=len(network.a),
        mean_degree=float(degrees.mean()),
        median_degree=float(np.median(degrees)),
        largest_degree=int(degrees.max()),
        tail_exponent=exponent,
        tail_begins=begins,
        clustering=clustering(network, sample, progress),
        clustering_of=len(sample),
        top_share=top_share(degrees),
    )


def tail(degrees: _Integers) -> tuple[float, int]:
    """The exponent of a power law's tail by maximum likelihood, and the degree that the tail begins at.

    That beginning is the one whose fit is nearest to the degrees by Kolmogorov and Smirnov's distance, among those that
    leave at least FEWEST_IN_A_TAIL members and 1 % of all.
    Source: Clauset, Shalizi and Newman, Power-law distributions in empirical data, SIAM Review 51 (2009), 3.1
    (equation 3.7, good from 6 up) and 3.3.
    """
    values, counts = np.unique(degrees[degrees > 0], return_counts=True)
    members_from = np.cumsum(counts[::-1])[::-1]
    logs_from = np.cumsum((counts * np.log(values))[::-1])[::-1]
    best = (np.inf, np.nan, 0)
    for place in np.flatnonzero(values >= _SMALLEST_BEGIN):
        count = members_from[place]
        if count < max(FEWEST_IN_A_TAIL, len(degrees) / 100):
            break
        begin = values[place] - 0.5
        exponent = 1 + count / (logs_from[place] - count * np.log(begin))
        fitted = ((values[place:] - 0.5) / begin) ** (1 - exponent)
        distance = float(np.abs(members_from[place:] / count - fitted).max())
        best = min(best, (distance, float(exponent), int(values[place])))
    return best[1:]


def clustering(
    network: Network, members: _Integers, progress: Callable[[str, int, int | None], None] = lambda *_: None
) -> float:
    """The mean of the local clustering coefficients of these members; of one with fewer than two connections it is 0.

    Source: Watts and Strogatz, Collective dynamics of small-world networks, Nature 393 (1998).
    """
    begin = _begins(network.a, network.members)  # connections are sorted: each member's larger neighbours
    is_asked = np.zeros(network.members, np.bool_)
    is_asked[members] = True
    to_asked = np.flatnonzero(is_asked[network.b])
    to_asked = to_asked[np.argsort(network.b[to_asked], kind="stable")]
    smaller = network.a[to_asked]
    begin_smaller = _begins(network.b[to_asked], network.members)
    is_near = np.zeros(network.members, np.bool_)
    total = 0.0
    for done, member in enumerate(members, 1):
        near = np.concatenate(
            (
                smaller[begin_smaller[member] : begin_smaller[member + 1]],
                network.b[begin[member] : begin[member + 1]],
            )
        )
        if len(near) > 1:
            lengths = begin[near + 1] - begin[near]
            places = np.arange(lengths.sum()) + np.repeat(begin[near] - np.cumsum(lengths) + lengths, lengths)
            is_near[near] = True
            total += 2 * np.count_nonzero(is_near[network.b[places]]) / (len(near) * (len(near) - 1))
            is_near[near] = False
        if done % 1_000 == 0:
            progress("measuring clustering", done, len(members))
    return float(total / len(members))


def _begins(members: _Integers, count: int) -> _Integers:
    """Where each member's part of a sorted array begins, and behind them all where the last ends."""
    return np.concatenate(([0], np.cumsum(np.bincount(members, minlength=count))))


def top_share(degrees: _Integers) -> float:
    """The share of all ends of connections that the 1 % of members with the most have (at least one member)."""
    most = np.sort(degrees)[::-1][: max(1, len(degrees) // 100)]
    return float(most.sum() / degrees.sum())
