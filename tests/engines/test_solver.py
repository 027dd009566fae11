"""HiGHS, as plans and introductions use it: what it does not take is a defect, and whoever waits is heard."""

from __future__ import annotations

from math import inf
from random import Random

import pytest

from analysis.plans.solver import Clock, Program
from analysis.spreading import Candidate, chosen


def hard() -> Program:
    """A market split, which takes HiGHS longer than anybody waits."""
    draw, program = Random(1), Program()
    variables = [program.variable(1, whole=True) for _ in range(60)]
    for _ in range(6):
        weights = [float(draw.randrange(100)) for _ in variables]
        half = sum(weights) // 2
        over, under = program.variable(half), program.variable(half)
        program.row([*zip(variables, weights, strict=True), (over, -1), (under, 1)], low=half, high=half)
    return program


def misses(program: Program) -> dict[int, float]:
    return {number: 1.0 for number, whole in enumerate(program.whole) if not whole}


def test_a_program_that_highs_refuses_is_no_program_without_a_solution() -> None:
    program = Program()
    one = program.variable(1, whole=True)
    program.row([(one, 1e16)], high=1)
    with pytest.raises(RuntimeError, match="HiGHS refuses"):
        program.solve({one: 1}, Clock(inf), maximise=True, enough=0.5)
    impossible = Program()
    one = impossible.variable(1, whole=True)
    impossible.row([(one, 1)], low=2)
    assert impossible.solve({one: 1}, Clock(inf), maximise=True, enough=0.5) is None


def test_an_interruption_ends_it_with_the_best_so_far() -> None:
    def press_ctrl_c() -> None:
        raise KeyboardInterrupt

    program, clock = hard(), Clock(60, press_ctrl_c)
    solved = program.solve(misses(program), clock, maximise=False, enough=0.5)
    assert (True, False) == (clock.interrupted, solved is not None and solved.proven)


def test_ways_that_nothing_can_be_chosen_among_are_a_defect_and_not_no_ways() -> None:
    with pytest.raises(RuntimeError, match="its status is 'Infeasible'"):
        chosen([Candidate(0, 1, 5)], of_recipient=-1, of_introducer=1)


@pytest.mark.parametrize("end", [KeyboardInterrupt, InterruptedError])
def test_choosing_ways_ends_with_whoever_waits(end: type[BaseException]) -> None:
    def watch() -> None:
        raise end

    draw = Random(1)
    ways = [Candidate(draw.randrange(3_000), draw.randrange(3_000), draw.randrange(10**6)) for _ in range(100_000)]
    with pytest.raises(end):
        chosen(ways, of_recipient=2, of_introducer=2, watch=watch)
