"""Lets mutants live, one after the other, and finds out whether a case file notices.

A case notices a mutant of a statement where the answer to something that the case asks is another one.
What it asks is what `tests/rules/test_agreement.py` asks of it, and the answers are those that were proven right there.
A case notices a mutant of a pack only where what is written by hand no longer holds:
everything else is computed from the pack, by the product and by the oracle alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from graph.driver.connection import Address
from graph.driver.database import Database
from graph.driver.query import Query
from graph.errors import DatabaseError, LinkreachError
from graph.questions.reach import ReachCounts
from graph.questions.verdicts import Verdict
from graph.rules import pack_store
from tests.rules import oracle
from tests.rules.agreement import assert_case_agrees, product_pack
from tests.rules.by_hand import assert_written_by_hand, put_case
from tests.rules.case_files import Case
from tests.rules.mutants import cypher, packs
from tests.rules.oracle import Network

KILLED, SURVIVED, REFUSED = "killed", "survived", "refused"

# The statements that notice most.
TELLING = ("reach/verdicts", "report/denials", "reach/reach", "reach/unlock", "reach/reach_page")

Progress = Callable[[str], None]
Q = TypeVar("Q")


class Recorder(Database):
    """A database that remembers what was asked, and what came of it."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self.asked: list[tuple[Query[Any], Any]] = []

    def read(self, query: Query[Any]) -> Any:
        """The answer, as ever."""
        outcome: Any = None
        try:
            outcome = super().read(query)
        except LinkreachError as error:
            outcome = said(error)
            raise
        finally:
            self.asked.append((query, outcome))
        return outcome


@dataclass(frozen=True)
class Proven:
    """A case that holds, what it asked, by statement, and the answers."""

    case: Case
    asked: dict[str, list[tuple[Query[Any], Any]]]

    @cached_property
    def network(self) -> Network:
        """The case's network as the oracle has it."""
        return Network.of(self.case.network)

    def notices(self, database: Database, names: Iterable[str], most: int | None) -> bool:
        """Whether some answer of these statements is another one than it was; `most` bounds the questions of each."""
        return any(
            answer(database, query, self.network) != plain(expected, self.network)
            for name in names
            for query, expected in spread(self.asked.get(name, []), most)
        )


def touched(mutant: cypher.Mutant) -> list[str]:
    """The statements that it is in, those that say most about it first."""
    found = cypher.touched(mutant.file)
    return [*(name for name in TELLING if name in found), *sorted(found - {*TELLING})]


@dataclass(frozen=True)
class Stage:
    """What those are asked that nobody has noticed so far: `most` questions of each statement, None is all.

    `which` of the statements that a mutant is in are asked.
    Neo4j keeps a thousand plans, and to plan anew for each case takes longest: so `at_once` mutants live at a time.
    """

    what: str
    which: slice
    most: int | None
    at_once: int

    def names(self, mutant: cypher.Mutant) -> list[str]:
        """The statements that are asked about a mutant."""
        return touched(mutant)[self.which]


# Nearly every mutant is noticed by one statement, and nearly all others by the next ones.
STAGES = (
    Stage("one statement", slice(0, 1), 40, 400),
    Stage("the next", slice(1, 2), 40, 400),
    Stage("the third", slice(2, 3), 40, 400),
    Stage("the fourth", slice(3, 4), 40, 400),
    Stage("the others", slice(4, None), 40, 60),
    Stage("everything", slice(None), None, 60),
)


class Hunt:
    """A Neo4j whose graph holds one case after the other."""

    def __init__(self, database: Recorder, empty: Callable[[], object], folder: Path, cases: Sequence[Case]) -> None:
        self._database, self._empty, self._folder, self._cases = database, empty, folder, cases

    def statements(self, mutants: Sequence[cypher.Mutant], say: Progress) -> dict[cypher.Mutant, str]:
        """What became of every mutant."""
        proven = [self._prove(case) for case in self._cases]
        say(f"{len(proven)} cases hold; now for {len(mutants)} mutants")
        fates = dict.fromkeys(mutants, SURVIVED)
        for asked in STAGES:
            left = [mutant for mutant, fate in fates.items() if fate == SURVIVED and asked.names(mutant)]
            done = 0
            for some in batched(left, asked.at_once):
                fates |= self._after(dict.fromkeys(some, SURVIVED), proven, asked)
                done += len(some)
                say(f"{done} of {len(left)} asked {asked.what}; {count(fates)} are left")
        return fates

    def _after(
        self, fates: dict[cypher.Mutant, str], proven: Sequence[Proven], asked: Stage
    ) -> dict[cypher.Mutant, str]:
        """What became of them once each case has asked."""
        for known in proven:
            left = [mutant for mutant, fate in fates.items() if fate == SURVIVED]
            if left:
                self._put(known.case)
            fates |= {mutant: self._fate(mutant, known, asked) for mutant in left}
        return fates

    def _fate(self, mutant: cypher.Mutant, known: Proven, asked: Stage) -> str:
        with cypher.alive(mutant):
            try:
                return KILLED if known.notices(self._database, asked.names(mutant), asked.most) else SURVIVED
            except Refusal:
                return REFUSED

    def packs(self, mutants: Sequence[packs.Mutant], say: Progress) -> dict[packs.Mutant, str]:
        """What became of every mutant of a pack that ships."""
        fates = dict.fromkeys(mutants, SURVIVED)
        for case in self._cases:
            left = [each for each in mutants if each.pack == case.pack["name"] and fates[each] == SURVIVED]
            if left:
                self._put(case)
                assert_written_by_hand(self._database, case)
            for mutant in left:
                if not self._holds(replace(case, pack=mutant.content)):
                    fates[mutant] = KILLED
            say(f"{count(fates)} left after {case.name}")
        return fates

    def _holds(self, case: Case) -> bool:
        self._database.write(pack_store.save_pack(product_pack(case.pack)))
        try:
            assert_written_by_hand(self._database, case)
        except (AssertionError, LinkreachError):
            return False
        return True

    def _prove(self, case: Case) -> Proven:
        self._put(case)
        self._database.asked = []
        assert_written_by_hand(self._database, case)
        assert_case_agrees(self._database, case)
        asked: dict[str, list[tuple[Query[Any], Any]]] = {}
        for query, outcome in self._database.asked:
            asked.setdefault(query.name, []).append((query, outcome))
        return Proven(case, asked)

    def _put(self, case: Case) -> None:
        self._empty()
        put_case(self._database, self._folder, case)


def batched(mutants: Sequence[Q], size: int) -> Iterator[Sequence[Q]]:
    """So many at a time."""
    for start in range(0, len(mutants), size):
        yield mutants[start : start + size]


def spread(questions: Sequence[Q], most: int | None) -> Sequence[Q]:
    """At most so many of them, from the first to the last."""
    return questions if most is None else questions[:: -(-len(questions) // most) or 1]


def count(fates: Mapping[Any, str]) -> int:
    """How many are alive."""
    return sum(fate == SURVIVED for fate in fates.values())


class Refusal(Exception):
    """Neo4j does not take the text for Cypher."""


def answer(database: Database, query: Query[Any], network: Network) -> Any:
    """What comes of a question; raises Refusal."""
    try:
        return plain(database.read(query), network)
    except DatabaseError as error:
        code = getattr(error.__cause__, "code", "")
        if code == "Neo.ClientError.Statement.SyntaxError":
            raise Refusal from error
        return said(error)
    except LinkreachError as error:
        return said(error)
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # rows that no answer can be made of
        return said(error)


def said(error: Exception) -> tuple[str, str]:
    """An error as an outcome."""
    return type(error).__name__, str(error)


def plain(outcome: Any, network: Network) -> Any:
    """An outcome in which any shortest path is as good as another, and the order of channels counts."""
    if isinstance(outcome, list):
        return [plain(each, network) for each in outcome]
    if isinstance(outcome, ReachCounts):
        return outcome, [*outcome.channels]
    if not isinstance(outcome, Verdict):
        return outcome
    channels = []
    for each in outcome.channels:
        path = each.evidence.get("path")
        shortest = path is not None and oracle.is_shortest_path(network, path, outcome.sender, outcome.recipient)
        channels.append(structs.replace(each, evidence={"path": "a shortest one"}) if shortest else each)
    return structs.replace(outcome, channels=tuple(channels))
