"""Which introductions to ask for, where nobody is to be asked too often: chosen together, for the best total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

import highspy
import numpy as np

from analysis.plans.solver import Clock, run


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way that can be chosen: whom it leads to, who is asked first, and how strong it is, in millionths."""

    recipient: int
    introducer: int
    strength: int


def chosen(
    candidates: Sequence[Candidate],
    *,
    of_recipient: int,
    of_introducer: int,
    watch: Callable[[], None] = lambda: None,
) -> list[int]:
    """The places of candidates whose strengths add up to the most, with at most so many of each.

    Each counts for one recipient and one introducer, so the linear program has a solution in whole numbers where it is
    best (a transportation problem), and the simplex method ends in such a one.
    `watch` is called again and again meanwhile; what it raises ends that. Raises RuntimeError where HiGHS does not
    solve it: a defect.
    """
    if not candidates:
        return []
    recipients = {each: row for row, each in enumerate(dict.fromkeys(each.recipient for each in candidates))}
    introducers = {
        each: row for row, each in enumerate(dict.fromkeys(each.introducer for each in candidates), len(recipients))
    }
    count = len(candidates)
    rows = [row for each in candidates for row in (recipients[each.recipient], introducers[each.introducer])]
    limits = [of_recipient] * len(recipients) + [of_introducer] * len(introducers)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, len(limits)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.array([each.strength for each in candidates], np.float64)
    program.col_lower_, program.col_upper_ = np.zeros(count), np.ones(count)
    program.row_lower_, program.row_upper_ = np.zeros(len(limits)), np.array(limits, np.float64)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.arange(0, 2 * count + 1, 2, dtype=np.int32)
    program.a_matrix_.index_ = np.array(rows, np.int32)
    program.a_matrix_.value_ = np.ones(2 * count)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("solver", "simplex")
    clock = Clock(inf, watch)
    run(solver, program, clock)
    if clock.interrupted:  # the best so far is no answer here
        raise KeyboardInterrupt
    if (status := solver.getModelStatus()) != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"HiGHS does not choose among ways: its status is {solver.modelStatusToString(status)!r}")
    return np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5).tolist()
