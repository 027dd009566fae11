"""Mutants of the packs that ship: each with one number, channel or switch that is another one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graph.rules.rule_pack import SHIPPED
from graph.rules.vocabulary import CHANNELS_BY_NAME
from tests.rules import case_files

Pack = dict[str, Any]

LIMITS = ("monthly_messages", "monthly_inmails", "inmail_grant", "inmail_cap")
OTHERS = {"any": "works_at", "works_at": "any", "message": "request", "request": "message", True: False, False: True}


@dataclass(frozen=True)
class Mutant:
    """The pack of this name with one `change`; `content` is the whole of it."""

    pack: str
    change: str
    content: Pack = field(repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.pack}.toml: {self.change}"


def every_mutant() -> list[Mutant]:
    """All of them, in the order of the packs."""
    return [mutant for name in SHIPPED for mutant in mutants_of(name, case_files.read_pack(name))]


def mutants_of(name: str, pack: Pack) -> Iterator[Mutant]:
    """The mutants of one pack."""
    for switch, value in pack["switches"].items():
        yield _with(name, pack, ("switches", switch), OTHERS[value])
    ranks = [tier["rank"] for tier in pack["tiers"].values()]
    for tier, fields in pack["tiers"].items():
        place = ("tiers", tier)
        yield _with(name, pack, (*place, "rank"), max(ranks) + 1)
        for degree in {*range(4)} - {fields["direct_degree"]}:
            yield _with(name, pack, (*place, "direct_degree"), degree)
        for limit in LIMITS:
            if limit in fields:
                yield _with(name, pack, (*place, limit), fields[limit] + 1)
                yield _with(name, pack, (*place, limit), fields[limit] - 1)
            else:
                yield _with(name, pack, (*place, limit), 0)
        for channel in CHANNELS_BY_NAME:
            granted = [each for each in CHANNELS_BY_NAME if (each in fields["channels"]) != (each == channel)]
            yield _with(name, pack, (*place, "channels"), granted)


def _with(name: str, pack: Pack, place: tuple[str, ...], value: Any) -> Mutant:
    content = copy.deepcopy(pack)
    *way, last = place
    inner = content
    for step in way:
        inner = inner[step]
    before, inner[last] = inner.get(last), value
    return Mutant(name, f"{'.'.join(place)}: {before} => {value}", content)
