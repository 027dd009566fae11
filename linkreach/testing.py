"""Runs verdict tests: what is expected of pairs and members, next to what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import UNSET

from graph.driver import schema
from graph.driver.database import Database
from graph.driver.query import Graph
from graph.errors import InvalidInput, InvalidTest
from graph.instants import read_instant
from graph.loading import loading
from graph.loading.as_if import as_if
from graph.questions.batch import Unjudged, judge
from graph.questions.reach import ReachFilter, reach, reached_by
from graph.questions.verdicts import Verdict
from graph.rules.pack_store import save_pack
from graph.rules.rule_pack import SHIPPED, RulePack, is_file, read_pack, shipped_pack
from graph.rules.vocabulary import MESSAGING
from graph.server.artifacts import NEO4J
from graph.server.server import Server
from graph.sources.chunks import Reject
from graph.world import World
from linkreach.asking import asking
from linkreach.loading import source_at
from linkreach.packs import pack_meant
from linkreach.progress import Progress, untold
from linkreach.verdict_tests import OF_A_VERDICT, Check, CheckFile

OPEN, NOT_OF_THE_PACK = "open", "not of the pack"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that came otherwise than expected, in words."""

    what: str
    expected: str
    came: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was made: where it stands, what it is about, and how it fails, if it does."""

    line: int
    title: str
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file whose checks were made, in their order."""

    path: Path
    checks: tuple[Checked, ...]


def run_tests(
    files: Sequence[CheckFile], graph: Callable[[], Database], world: World, *, progress: Progress = untold
) -> list[CheckedFile]:
    """Makes the checks of all files; `graph` is asked for where a file brings no network.

    `world`: pack and instant of files that name none.
    Raises InvalidTest where a question has no answer.
    """
    done, total = 0, sum(len(file.tests.checks) for file in files)
    checked: list[CheckedFile] = []
    with ExitStack() as stack:
        sandbox: Database | None = None
        for file in files:
            if file.tests.network is None:
                database, pack = graph(), _pack(file, world)
            else:
                sandbox = sandbox or stack.enter_context(thrown_away())
                database, pack = sandbox, _fill(sandbox, file, world)
            checks: list[Checked] = []
            for group in _of_one_world(file):
                checks += _make(file, group, database, world, pack)
                done += len(group)
                progress("checks", done, total)
            checked.append(CheckedFile(file.path, tuple(sorted(checks, key=lambda check: check.line))))
    return checked


@contextmanager
def thrown_away() -> Iterator[Database]:
    """An empty graph on a server of its own, of which nothing is left afterwards."""
    with TemporaryDirectory(prefix="linkreach-test-") as home:
        server = Server(Path(home), NEO4J.keeping_plans())
        try:
            with Database(server.start().address) as database:
                schema.apply(database)
                yield database
        finally:
            server.stop()


def _pack(file: CheckFile, world: World) -> RulePack | str:
    """The pack that a file asks, or the name of one that is loaded."""
    with _at(file, "$.pack"):
        given = file.pack()
        if given is not None:
            return given
    if isinstance(file.tests.pack, str):
        return file.tests.pack
    return read_pack(Path(world.pack)) if is_file(world.pack) else world.pack


def _fill(database: Database, file: CheckFile, world: World) -> str:
    """Puts the network of a file into a graph, in place of any other, and its pack; returns the pack's name."""
    found = _pack(file, world)
    with _at(file, "$.pack"):
        pack = pack_meant(found, None) if isinstance(found, str) else found
    packs = (*map(shipped_pack, SHIPPED), pack)
    for each in packs:
        database.write(save_pack(each))
    with _at(file, "$.network"):
        source = file.network() or source_at(file.beside(str(file.tests.network)))

        def refuse(reject: Reject) -> None:
            row = f"line {reject.line}" if isinstance(file.tests.network, str) else f"row {reject.line}"
            column = f", {reject.column}" if reject.column else ""
            raise InvalidInput(f"{reject.file}, {row}{column}: {reject.value!r}: {reject.reason}")

        tiers = {tier for each in packs for tier in each.tiers}  # packs of other files may be in the graph, too
        loading.dry_run(database, source, tiers=tiers, reject=refuse, replace=True)
        loading.load(database, source, tiers=tiers, reject=refuse, replace=True)
    return pack.name


def _of_one_world(file: CheckFile) -> list[list[int]]:
    """The numbers of the checks, those together that are asked of one world."""
    groups: dict[str, list[int]] = {}
    for number, check in enumerate(file.tests.checks):
        groups.setdefault(repr((check.at, check.as_tier, check.change)), []).append(number)
    return [*groups.values()]


def _make(
    file: CheckFile, numbers: Sequence[int], database: Database, world: World, pack: RulePack | str
) -> Iterator[Checked]:
    """Makes checks that are asked of one world."""
    first = file.tests.checks[numbers[0]]
    said = first.at or file.tests.at
    with _at(file, f"$.checks[{numbers[0]}].change"):
        change = file.change(numbers[0])
    asked = replace(
        world,
        at=read_instant(said) if said else world.at,
        pack=pack if isinstance(pack, str) else pack.name,
        as_tier=first.as_tier or world.as_tier,
        change=change,
    )
    with _at(file, f"$.checks[{numbers[0]}]"):
        opened = asking(database, asked) if isinstance(pack, str) else as_if(database, change, pack=pack)
        with opened as graph:
            yield from _answered(file, numbers, graph, asked)


def _answered(file: CheckFile, numbers: Sequence[int], graph: Graph, world: World) -> Iterator[Checked]:
    checks = file.tests.checks
    pairs = {
        number: (str(checks[number].sender), str(checks[number].recipient))
        for number in numbers
        if checks[number].member is None
    }
    verdicts = dict(zip(pairs, judge(graph, [*pairs.values()], world), strict=True)) if pairs else {}
    for number in numbers:
        check, place = checks[number], f"$.checks[{number}]"
        with _at(file, place):
            if number in verdicts:
                failures = _of_a_pair(check, _judged(verdicts[number]))
            else:
                failures = _of_a_member(check, graph, world)
            yield Checked(file.line_of(place), check.title, tuple(failures))


def _judged(verdict: Verdict | Unjudged) -> Verdict:
    if isinstance(verdict, Unjudged):
        raise verdict.error
    return verdict


def _of_a_pair(check: Check, verdict: Verdict) -> Iterator[Failure]:
    came_of = {name: getattr(verdict, name) for name in OF_A_VERDICT}
    for channel, key in (("group", "groups"), ("company_page", "pages")):
        came_of[key] = next((each.evidence.get(key, []) for each in verdict.channels if each.channel == channel), [])
    for key, came in came_of.items():
        expected = getattr(check, key)
        if expected is not UNSET and _listed(came) != expected:
            reasons = f" ({', '.join(_reasons(verdict))})" if key == "reachable" and expected else ""
            yield Failure(key, _word(expected), f"{_word(came)}{reasons}")
    of_channels: dict[str, dict[str, Any]] = {
        "channels": {each.channel: OPEN if each.open else list(each.reasons) for each in verdict.channels},
        "kinds": {each.channel: each.kind for each in verdict.channels},
        "rests_on": {each.channel: list(each.rests_on) for each in verdict.channels},
    }
    for key, came in of_channels.items():
        for channel, expected in (getattr(check, key) or {}).items():
            if came.get(channel, NOT_OF_THE_PACK) != expected:
                what = channel if key == "channels" else f"{key}, {channel}"
                yield Failure(what, _word(expected), _word(came.get(channel, NOT_OF_THE_PACK)))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _reasons(verdict: Verdict) -> list[str]:
    """Why a pair is not reachable: every reason of its channels of kind message, request and paid, once."""
    return list(dict.fromkeys(code for each in verdict.channels if each.kind in MESSAGING for code in each.reasons))


def _of_a_member(check: Check, graph: Graph, world: World) -> Iterator[Failure]:
    for key, question in (("reach", reach), ("reached_by", reached_by)):
        expected = getattr(check, key)
        if expected is UNSET:
            continue
        came = {each.member for each in graph.read(question(str(check.member), world, ReachFilter()))}
        missing, more = sorted({*expected} - came), sorted(came - {*expected})
        if missing or more:
            told = [f"not {_some(missing)}"] * bool(missing) + [f"also {_some(more)}"] * bool(more)
            yield Failure(key, _some(sorted(expected)), " and ".join(told))


@contextmanager
def _at(file: CheckFile, place: str) -> Iterator[None]:
    """Says of whatever is wrong where in the file it was asked."""
    try:
        yield
    except InvalidTest:
        raise
    except InvalidInput as error:
        raise InvalidTest(file.path, file.line_of(place), str(error)) from error


def _word(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case list() | tuple():
            return ", ".join(map(str, value)) or "none"
        case _:
            return str(value)


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return (", ".join(ids[:_SHOWN]) or "nobody") + more
