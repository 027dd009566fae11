"""A slip of the pen in the rules does not go unnoticed: the case files tell each mutant from the original.

`make mutants` lets every mutant live; `--mutants N` so many of each kind, drawn from a seed; a plain run none.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from graph.driver.connection import Address
from graph.driver.database import Database
from tests.bench.servers import say
from tests.rules import case_files
from tests.rules.mutants import cypher, packs
from tests.rules.mutants.hunt import KILLED, REFUSED, SURVIVED, Hunt, Recorder

LIST = Path(__file__).parent / "mutants" / "equivalent.toml"
SEED = 20261123
CYPHER, PACKS = cypher.every_mutant(), packs.every_mutant()

M = TypeVar("M", cypher.Mutant, packs.Mutant)


@pytest.fixture(scope="module")
def equivalent() -> set[str]:
    """The mutants that are listed as equivalent, as they are printed."""
    entries = tomllib.loads(LIST.read_text("utf-8"))["equivalent"]
    return {
        f"{entry['file']}: {change}" + (f"    in    {entry['in']}" if "in" in entry else "")
        for entry in entries
        for change in entry["changes"]
    }


@pytest.fixture
def hunt(address: Address, emptied: Callable[[], Database], tmp_path: Path) -> Iterator[Hunt]:
    """The case files, those with the most verdicts first."""
    cases = sorted(case_files.every_case(), key=lambda case: -len(case.verdicts))
    with Recorder(address) as database:
        yield Hunt(database, emptied, tmp_path, cases)


def drawn(mutants: list[M], config: pytest.Config, equivalent: set[str]) -> list[M]:
    """All of them, or as many as were asked for of those that are to be noticed."""
    count = config.getoption("--mutants")
    if count == "all":
        return mutants
    return Random(SEED).sample([each for each in mutants if str(each) not in equivalent], int(count))


def named(fates: Mapping[M, str]) -> dict[str, str]:
    """The fates by what the mutants are called."""
    return {str(mutant): fate for mutant, fate in fates.items()}


def test_every_mutant_that_is_listed_as_equivalent_is_one(equivalent: set[str]) -> None:
    assert set() == equivalent - {str(mutant) for mutant in (*CYPHER, *PACKS)}


@pytest.mark.own_command
@pytest.mark.parametrize("kind", ["statements", "packs"])
def test_the_cases_notice_every_mutant_but_those_that_are_equivalent(
    kind: str, hunt: Hunt, equivalent: set[str], pytestconfig: pytest.Config
) -> None:
    if pytestconfig.getoption("--mutants") == "0":
        pytest.skip("planning a mutant takes seconds: make mutants lets them live")
    fates: dict[str, str] = {}
    if kind == "statements":
        fates |= named(hunt.statements(drawn(CYPHER, pytestconfig, equivalent), say))
    else:
        fates |= named(hunt.packs(drawn(PACKS, pytestconfig, equivalent), say))
    survived = {mutant for mutant, fate in fates.items() if fate == SURVIVED}
    counts = Counter(fates.values())
    say(
        f"{kind}: {len(fates)} mutants, {counts[KILLED]} noticed, {counts[REFUSED]} refused by Neo4j, "
        f"{len(survived & equivalent)} equivalent, {len(survived - equivalent)} not noticed"
    )
    for mutant in sorted(survived - equivalent):
        say(f"not noticed: {mutant}")
    assert [] == sorted(survived - equivalent)
    assert [] == sorted(equivalent & {mutant for mutant, fate in fates.items() if fate != SURVIVED})
