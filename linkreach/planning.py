"""An outreach plan: whom each of a team should contact by which channel, and what to buy or do before."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.files import change_told
from analysis.plans.facts import Facts, facts
from analysis.plans.files import (
    actions_frame,
    contacts_frame,
    require_room_for_plan,
    uncovered_frame,
    write_plan,
)
from analysis.plans.plan import Found, Plan, find_plan
from analysis.plans.solver import Clock
from analysis.plans.task import USUAL, Made, Task, require_tiers
from analysis.plans.what_if import Investment, Point, Price, coverage, investments, prices
from graph.driver import schema
from graph.errors import GraphChanged, InvalidInput
from graph.files.regular import read_text
from graph.instants import instant_text
from graph.questions.diagnosis import askable_pack
from graph.questions.verdicts import matches
from graph.rules.vocabulary import CHANNELS_BY_NAME
from graph.snapshot.projection import project
from graph.sources.change import ROWS_AT_MOST, change_of
from graph.world import World
from linkreach.asking import asking, supposed
from linkreach.matching import PAIRS_AT_ONCE
from linkreach.member_lists import MemberList, members_of
from linkreach.progress import Progress, untold

if TYPE_CHECKING:
    import pandas as pd

    from graph.driver.database import Database
    from graph.driver.query import Graph

SECONDS = 60.0
_PRICES = 0.9  # of the seconds have passed when prices are asked, where a coverage comes after them
_BYTES_AT_MOST = 1 << 28
_KEPT = ("recipient", "sender", "channel")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a plan may do, and for how much (docs/rules.md, section 10).

    `seconds` bound the search, with all that is asked beside the plan.

    `keep`: a file of contacts made before, with the columns recipient, sender and channel.
    """

    budget: float | None = None
    costs: Mapping[str, float] = field(default_factory=dict)
    actions: Sequence[str] = USUAL
    free: bool = False
    keep: Path | Sequence[Made] = ()
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise InvalidInput(f"{self.seconds:g} seconds are no time to look for a plan: give it more than 0")
        self.task((), ())

    def task(self, senders: Sequence[str], recipients: Sequence[str], made: Sequence[Made] = ()) -> Task:
        """The task for these members; raises InvalidInput."""
        return Task(senders, recipients, self.actions, self.costs, self.budget, self.free, made)


@dataclass(frozen=True, slots=True)
class Asked:
    """The task of who is in the lists, each member in it once.

    `twice`: how often members stood in their list again. `unknown`: the ids that were left out, for nobody has them.
    """

    task: Task
    twice: int
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that was checked by Cypher, and what it was made from.

    `uncertain`: how many of its pairs are reachable only as far as is known (docs/rules.md, section 6).
    `prices`: what one thing more would bring. `coverage`: how many the same task contacts at up to so many budgets.
    """

    found: Found
    asked: Asked
    world: World
    graph_version: int
    pack_hash: str
    uncertain: int
    prices: tuple[Price, ...]
    coverage: tuple[Point, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.found.plan

    @property
    def contacts(self) -> pd.DataFrame:
        """Columns: recipient, sender, channel, needs."""
        return contacts_frame(self.plan)

    @property
    def actions(self) -> pd.DataFrame:
        """Columns: sender, action, id, count, cost."""
        return actions_frame(self.plan)

    @property
    def uncovered(self) -> pd.DataFrame:
        """Columns: recipient, reasons."""
        return uncovered_frame(self.plan)

    @property
    def document(self) -> dict[str, Any]:
        """The plan in figures, as `plan.json` has it."""
        plan, task = self.plan, self.asked.task
        return {
            "recipients": plan.recipients,
            "contacted": len(plan.contacts),
            "contacted_before": plan.before,
            "contacted_again": plan.again,
            "uncertain": self.uncertain,
            "cost": float(plan.cost),
            "budget": plan.budget,
            "inmails": plan.inmails,
            "optimal": plan.optimal,
            "bound": plan.bound,
            "least_cost": float(plan.least_cost),
            "interrupted": plan.interrupted,
            "senders": len(task.senders),
            "actions": [*task.actions],
            "costs": dict(task.costs),
            "free": task.free,
            "one_more": [_price(each) for each in self.prices],
            "at": instant_text(self.world.at),
            "pack": self.world.pack,
            "pack_hash": self.pack_hash,
            "graph_version": self.graph_version,
            **change_told(self.world),
        }


@dataclass(frozen=True, slots=True)
class Invested:
    """Which single actions bring most contacts, and how many are contacted without any."""

    asked: Asked
    before: int
    investments: tuple[Investment, ...]


def plan(
    database: Database,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    wishes: Wishes,
    *,
    points: int = 0,
    skip_unknown: bool = False,
    out: Path | None = None,
    raw: bool = False,
    named: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
    progress: Progress = untold,
) -> Planned:
    """The best plan that is found in time, checked by Cypher against the graph as it would be.

    `points`: at how many budgets its coverage is asked.
    Raises what `asked_for` raises, GraphChanged where a load ran meanwhile, and what `project` raises.
    """
    if out is not None:
        require_room_for_plan(out)
    with asking(database, world) as graph:
        asked = asked_for(graph, senders, recipients, world, wishes, skip_unknown=skip_unknown)
    about = _facts(database, asked.task, world, progress)
    clock = _clock(wishes.seconds, progress)
    found = find_plan(about, asked.task, clock, _told(progress))
    until = clock.by(_PRICES) if points else clock
    more = () if clock.interrupted else tuple(_prices(found, asked.task, until, progress))
    points_found = tuple(coverage(found, points, clock)) if points else ()
    uncertain = _replay(database, found.plan, world, about.version, progress)
    planned = Planned(found, asked, world, about.version, about.pack.hash, uncertain, more, points_found)
    if out is None:
        return planned
    return replace(planned, files=tuple(write_plan(out, planned.plan, planned.document, raw=raw, named=named)))


def invest(
    database: Database,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    wishes: Wishes,
    count: int,
    *,
    skip_unknown: bool = False,
    progress: Progress = untold,
) -> Invested:
    """Which `count` single actions bring most contacts, one after the other and all together; raises like `plan`."""
    if count < 1:
        raise InvalidInput(f"{count} actions are none to choose: ask for 1 or more")
    with asking(database, world) as graph:
        asked = asked_for(graph, senders, recipients, world, wishes, skip_unknown=skip_unknown)
    about = _facts(database, asked.task, world, progress)
    _told(progress)("choosing actions")
    before, chosen = investments(about, asked.task, count, _clock(wishes.seconds, progress))
    return Invested(asked, before, tuple(chosen))


def asked_for(
    graph: Graph,
    senders: MemberList,
    recipients: MemberList,
    world: World,
    wishes: Wishes,
    *,
    skip_unknown: bool = False,
) -> Asked:
    """What is to be planned for whom.

    Raises UnknownMember with all ids that are nobody's, unless those of the lists are to be skipped, InvalidInput, also
    where the world has a tier to ask as, and what `askable_pack` raises.
    """
    if world.as_tier is not None:
        raise InvalidInput("a plan buys tiers, and is of those that senders have: ask without a tier")
    made, places = _made(wishes.keep)
    named = tuple(id for each in made for id in (each.recipient, each.sender))
    pack = graph.read(askable_pack(world))
    (senders, recipients, kept), unknown = members_of(
        graph, senders, recipients, MemberList(named, places), skip_unknown=skip_unknown, needed=named
    )
    known = iter(kept.ids)
    made = [Made(next(known), next(known), each.channel) for each in made]
    team, targets = tuple(dict.fromkeys(senders.ids)), tuple(dict.fromkeys(recipients.ids))
    task = wishes.task(team, targets, made)
    require_tiers(task, pack.tiers)
    return Asked(task, len(senders.ids) + len(recipients.ids) - len(team) - len(targets), unknown)


def _facts(database: Database, task: Task, world: World, progress: Progress) -> Facts:
    """The facts about those who are asked about, but those who were contacted before."""
    snapshot = supposed(project(database, world, progress=progress), world)
    again = {each.recipient for each in task.made}
    _told(progress)("looking at all pairs")
    left = [id for id in task.recipients if id not in again]
    return facts(snapshot, world.at, task.senders, left)


def _made(keep: Path | Sequence[Made]) -> tuple[list[Made], dict[str, str]]:
    """Contacts that were made before, and where each member is named first; raises InvalidInput and OSError."""
    if not isinstance(keep, Path):
        return [*keep], {}
    try:
        lines = csv.DictReader(io.StringIO(read_text(keep, _BYTES_AT_MOST, "utf-8-sig"), newline=""))
        rows = [*lines]
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{keep} is no UTF-8 text") from error
    except csv.Error as error:
        raise InvalidInput(f"{keep}: {error}") from error
    if missing := [name for name in _KEPT if name not in (lines.fieldnames or ())]:
        raise InvalidInput(f"{keep} has no column {missing[0]}: contacts have {', '.join(_KEPT)}")
    made: list[Made] = []
    places: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        recipient, sender, channel = (row[name] or "" for name in _KEPT)
        if channel not in CHANNELS_BY_NAME:
            raise InvalidInput(f"{keep}, row {number}: {channel!r} is no channel")
        made.append(Made(recipient, sender, channel))
        for id in (recipient, sender):
            places.setdefault(id, f"{keep}, row {number}")
    return made, places


def _replay(database: Database, plan: Plan, world: World, version: int, progress: Progress) -> int:
    """Checks every contact by Cypher, in the graph as it would be; a channel that is closed is a defect of ours.

    Returns how many of them are not certain.
    """
    done = change_of(plan.change, rows_at_most=ROWS_AT_MOST) if plan.change else None
    closed: list[str] = []
    uncertain = 0
    with asking(database, world, then=done) as graph:
        for start in range(0, len(plan.contacts), PAIRS_AT_ONCE):
            progress("checking contacts", start, len(plan.contacts))
            some = plan.contacts[start : start + PAIRS_AT_ONCE]
            judged = graph.read(matches([(each.sender, each.recipient) for each in some], world))
            uncertain += sum(not each.certain for each in judged)
            closed += [
                f"{each.sender} to {each.recipient} by {each.channel}"
                for each, match in zip(some, judged, strict=True)
                if each.channel not in match.channels
            ]
    if database.read(schema.state()).version != version:
        raise GraphChanged("a load ran while a plan was made, which is of a graph that is no more")
    if closed:
        raise RuntimeError(f"a plan does not come true: {len(closed)} contacts are closed, the first {closed[0]}")
    return uncertain


def _prices(found: Found, task: Task, clock: Clock, progress: Progress) -> Iterator[Price]:
    for number, price in enumerate(prices(found, task, clock)):
        progress("asking what one more would bring", number, None)
        yield price


def _price(price: Price) -> dict[str, Any]:
    return {
        "what": price.what,
        "tier": price.tier,
        "contacted": price.contacted,
        "saved": None if price.saved is None else float(price.saved),
        "proven": price.proven,
    }


def _told(progress: Progress) -> Callable[[str], None]:
    """Tells what is being done, of which nobody knows how long it takes."""
    return lambda what: progress(what, 0, None)


def _clock(seconds: float, progress: Progress) -> Clock:
    return Clock(seconds, lambda: progress("solving", 0, None))
