"""The bulk engine's tables of what differs between two worlds, from sums over all blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.bulk.bits import BITS
from analysis.bulk.differences import GAINED, LOST, DifferenceTally, Reach, count_differences
from analysis.bulk.tally import Code
from analysis.bulk.two_worlds import PlacedWorlds, TwoWorlds
from analysis.columns import framed
from analysis.differences import DIRECTIONS, TABLES, Differences, Totals
from graph.rules.vocabulary import MESSAGING_CODES, NOT_IN_NETWORK, UNAVAILABLE, WITHHELD

DifferenceCounter = Callable[[TwoWorlds], DifferenceTally]

# The order of causes: that of the rules, and what is of two networks last.
REASONS = (*MESSAGING_CODES, NOT_IN_NETWORK.code)
WITHHELD_REASONS = tuple(
    UNAVAILABLE.code if code == WITHHELD[0] else code for code in REASONS if code not in WITHHELD[1:]
)


def blocks_of(worlds: TwoWorlds, targets: int = BITS) -> range:
    """Where blocks of that many targets begin."""
    return range(0, len(worlds.targets), targets)


def differences_of(
    placed: PlacedWorlds, counter: DifferenceCounter = lambda worlds: count_differences(worlds, blocks_of(worlds))
) -> Differences:
    """What differs between two worlds; `counter` counts, on this machine or on many."""
    tally = counter(placed.worlds)
    counts = tally.counts[placed.place_of].astype(np.int64)
    gained, lost = counts[:, Reach.GAINED], counts[:, Reach.BEFORE] - counts[:, Reach.AFTER] + counts[:, Reach.GAINED]
    by_gained = counts[:, Reach.BY_GAINED]
    members = pd.DataFrame(
        {
            "member": placed.ids.to_pandas().astype("str"),
            "reach_before": counts[:, Reach.BEFORE],
            "reach_after": counts[:, Reach.AFTER],
            "gained": gained,
            "lost": lost,
            "reached_by_before": counts[:, Reach.BY_BEFORE],
            "reached_by_after": counts[:, Reach.BY_AFTER],
            "reached_by_gained": by_gained,
            "reached_by_lost": counts[:, Reach.BY_BEFORE] - counts[:, Reach.BY_AFTER] + by_gained,
        }
    )
    totals = (members["reach_before"], members["reach_after"], members["gained"], members["lost"])
    return Differences(
        totals=Totals(*(int(each.sum()) for each in totals)),
        members=framed(members, TABLES["diff_members"].columns),
        causes=_causes(tally, REASONS),
        withheld_causes=_causes(tally, WITHHELD_REASONS),
        segments=_segments(tally, placed.segments),
    )


def _causes(tally: DifferenceTally, reasons: Sequence[str]) -> pd.DataFrame:
    rows = [
        (direction, reason, *map(int, tally.causes[number, Code[reason]]))
        for number, direction in enumerate(DIRECTIONS)
        for reason in reasons
        if tally.causes[number, Code[reason], 0]
    ]
    columns = TABLES["diff_causes"].columns
    return framed(pd.DataFrame(rows, columns=[column.name for column in columns]), columns)


def _segments(tally: DifferenceTally, names: Sequence[str]) -> pd.DataFrame:
    senders, recipients = np.nonzero(tally.segments.sum(axis=0))
    named = np.array(names, object)
    frame = pd.DataFrame(
        {
            "sender_segment": named[senders],
            "recipient_segment": named[recipients],
            "gained": tally.segments[GAINED, senders, recipients],
            "lost": tally.segments[LOST, senders, recipients],
        }
    )
    return framed(frame, TABLES["diff_segments"].columns)
