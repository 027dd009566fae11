"""A mixed-integer program, built row by row and solved by HiGHS again and again under other bounds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

_TICK = 0.1  # seconds in which an interruption is noticed
_TO_PRESOLVE = 5e-5  # seconds for each term of a row: HiGHS looks at no clock meanwhile, so it begins only with as many
_FAILED = {
    highspy.HighsModelStatus.kNotset,
    highspy.HighsModelStatus.kLoadError,
    highspy.HighsModelStatus.kModelError,
    highspy.HighsModelStatus.kPresolveError,
    highspy.HighsModelStatus.kSolveError,
    highspy.HighsModelStatus.kPostsolveError,
    highspy.HighsModelStatus.kMemoryLimit,
}


class Clock:
    """What may be used up: seconds from now on, and the patience of whoever waits.

    `watch` is called again and again while something is solved; what it raises ends that at once.
    """

    def __init__(self, seconds: float, watch: Callable[[], None] = lambda: None) -> None:
        self._began, self._seconds = time.monotonic(), seconds
        self._ends = self._began + seconds
        self._interruption = threading.Event()
        self.watch = watch

    @property
    def interrupted(self) -> bool:
        """Whether whoever waits has had enough."""
        return self._interruption.is_set()

    def interrupt(self) -> None:
        """Nothing is left: of this clock, of the one that it is a part of, and of that one's other parts."""
        self._interruption.set()

    def by(self, share: float) -> Clock:
        """The part until this share of all seconds has passed."""
        return self._until(self._began + share * self._seconds)

    def part(self, share: float) -> Clock:
        """This share of the seconds that are left."""
        return self._until(time.monotonic() + share * self.left)

    def _until(self, ends: float) -> Clock:
        part = copy(self)
        part._ends = min(ends, self._ends)
        return part

    @property
    def left(self) -> float:
        """The seconds that are left; none once interrupted."""
        return 0.0 if self.interrupted else max(0.0, self._ends - time.monotonic())


@dataclass(frozen=True, slots=True)
class Solved:
    """The best values that were found, and what no others can exceed (or fall below); `proven`: they are the best."""

    values: Values
    bound: float
    proven: bool


@dataclass(slots=True)
class Program:
    """Variables from 0 up to a bound, and rows that bound sums of them."""

    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _index: list[int] = field(default_factory=list)
    _value: list[float] = field(default_factory=list)

    def variable(self, upper: float, *, whole: bool = False) -> int:
        """A new variable from 0 to `upper`; returns its number."""
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.upper) - 1

    def row(self, terms: Sequence[tuple[int, float]], *, low: float = -inf, high: float = inf) -> int:
        """A new row: the sum of variables by number, each times a value; returns its number."""
        self._starts.append(len(self._index))
        self._index += [number for number, _ in terms]
        self._value += [value for _, value in terms]
        self._low.append(low)
        self._high.append(high)
        return len(self._low) - 1

    def solve(
        self,
        goal: Mapping[int, float],
        clock: Clock,
        *,
        maximise: bool,
        enough: float,
        rows: Mapping[int, tuple[float, float]] | None = None,
        bounds: Mapping[int, tuple[float, float]] | None = None,
        start: Values | None = None,
        all_whole: bool = False,
    ) -> Solved | None:
        """The best values for a goal; None where there are none, or none were found in time.

        `rows` and `bounds` stand in place of those of rows and variables. `enough`: a gap that proves the values best.
        `all_whole`: every variable is a whole number.
        An interruption ends it with the best so far, and is noted on the clock. Raises what `run` raises.
        """
        size = len(self.upper)
        low, upper = np.zeros(size), np.array(self.upper, float)
        for number, (least, most) in (bounds or {}).items():
            low[number], upper[number] = least, most
        row_low, row_high = np.array(self._low, float), np.array(self._high, float)
        for number, (least, most) in (rows or {}).items():
            row_low[number], row_high[number] = least, most
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = size, len(row_low)
        cost = np.zeros(size)
        cost[list(goal)] = list(goal.values())
        program.col_cost_, program.col_lower_, program.col_upper_ = cost, low, upper
        program.row_lower_, program.row_upper_ = row_low, row_high
        program.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.array([*self._starts, len(self._index)], np.int32)
        program.a_matrix_.index_ = np.array(self._index, np.int32)
        program.a_matrix_.value_ = np.array(self._value, float)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[all_whole or each] for each in self.whole]
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        is_chosen = bool((low == upper)[np.array(self.whole, np.bool_)].all())  # then there is little to presolve
        presolves = is_chosen or clock.left > _TO_PRESOLVE * len(self._index)
        for option, value in (
            ("output_flag", False),
            ("presolve", "choose" if presolves else "off"),
            ("threads", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", enough),
            ("time_limit", max(clock.left, _TICK)),
        ):
            solver.setOptionValue(option, value)
        given = None
        if start is not None:
            given = highspy.HighsSolution()
            given.col_value = start.tolist()
        run(solver, program, clock, start=given)
        return _solved(solver)


def run(
    solver: highspy.Highs, program: highspy.HighsLp, clock: Clock, *, start: highspy.HighsSolution | None = None
) -> None:
    """Solves a program in another thread, so that an interruption is heard; it is noted on the clock.

    Raises RuntimeError where HiGHS does not take the program, or fails at it: a defect, and no "there is none".
    """
    if solver.passModel(program) == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refuses a program: passModel is an error")
    if start is not None:
        solver.setSolution(start)
    interrupted, done = threading.Event(), threading.Event()
    ended: list[highspy.HighsStatus] = []

    def look(event: highspy.HighsCallbackEvent) -> None:
        event.interrupt(interrupted.is_set())

    def work() -> None:
        try:
            ended.append(solver.run())
        finally:
            done.set()

    solver.cbMipInterrupt.subscribe(look)
    solver.cbSimplexInterrupt.subscribe(look)
    threading.Thread(target=work, daemon=True).start()
    while not done.is_set():  # and not `join`, which an interruption makes forget that the thread runs
        try:
            done.wait(_TICK)
            clock.watch()
        except KeyboardInterrupt:
            clock.interrupt()
            interrupted.set()
        except BaseException:
            interrupted.set()
            done.wait()
            raise
    status = solver.getModelStatus()
    if highspy.HighsStatus.kError in ended or not ended or status in _FAILED:
        raise RuntimeError(f"HiGHS fails at a program: its status is {solver.modelStatusToString(status)!r}")


def _solved(solver: highspy.Highs) -> Solved | None:
    info, status = solver.getInfo(), solver.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    proven = status == highspy.HighsModelStatus.kOptimal
    return Solved(np.array(solver.getSolution().col_value), info.mip_dual_bound, proven)
