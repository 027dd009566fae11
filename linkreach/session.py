"""A session: everything that can be asked and done, a method each (docs/how-to/notebooks.md).

What a method needs is imported when it is called: a command starts in the time that its own work takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from graph.errors import InvalidInput, NothingLoaded
from graph.instants import read_instant
from graph.world import World
from linkreach.connection import address, embedded_server
from linkreach.progress import Progress, untold
from linkreach.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from graph.driver.database import Database
    from graph.driver.query import Graph, Query
    from graph.driver.schema import GraphState
    from graph.generate.generator import Measures
    from graph.loading.forgetting import ForgottenHash
    from graph.questions.introductions import Introductions, WayFilter
    from graph.questions.members import Found
    from graph.questions.places import Company, Group
    from graph.questions.reach import ReachFilter
    from graph.questions.unlocks import Unlock
    from graph.questions.verdicts import Verdict
    from graph.rules.loaded_pack import LoadedPack
    from graph.rules.pack_changes import PackChange
    from graph.rules.rule_pack import RulePack
    from graph.server.server import Server
    from graph.snapshot.snapshot import Snapshot
    from graph.sources.change import Change
    from graph.sources.chunks import Source
    from linkreach.differing import Differed
    from linkreach.exporting import Around, Exported
    from linkreach.forgetting import ForgottenMember
    from linkreach.introducing import TeamIntroductions
    from linkreach.loading import Loaded
    from linkreach.matching import Matched
    from linkreach.matching_at_once import MatchedAtOnce
    from linkreach.naming import Names
    from linkreach.planning import Invested, Planned, Wishes
    from linkreach.reach_sets import Senders
    from linkreach.reporting import EngineChoice, Reported
    from linkreach.rows import ReachRows
    from linkreach.testing import CheckedFile

T = TypeVar("T")


def connect(**given: Any) -> Session:
    """A session on the graph that the settings mean: `LINKREACH_…` of the environment, and before them what is given.

    Nothing is started or asked before the first question. Raises InvalidSetting.
    """
    return Session(Settings.read(given))


class Session:
    """Asks and fills one graph; a context manager.

    Raises LinkreachError and its kinds: ServerError where the embedded server does not start, DatabaseError where
    Neo4j does not answer, InvalidInput where a question makes no sense.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets the connection go; the embedded server stays up."""
        self._open.close()

    @property
    def network(self) -> Database:
        """The graph, for questions about the network in it: a home without any is not set up for them.

        Raises NothingLoaded.
        """
        if self._is_empty_home:
            raise NothingLoaded
        return self.database

    @property
    def _is_empty_home(self) -> bool:
        return self.settings.neo4j_uri is None and self.server.is_empty

    @cached_property
    def database(self) -> Database:
        """The graph, open for queries; the embedded server is started where it is meant and does not run."""
        from graph.driver.database import Database

        database = self._open.enter_context(Database(address(self.settings)))
        if self.settings.neo4j_uri is not None:
            database.verify()
        return database

    def world(
        self,
        *,
        at: datetime | str | None = None,
        pack: str | None = None,
        as_tier: str | None = None,
        change: Path | Change | None = None,
        snapshot: Path | None = None,
    ) -> World:
        """What questions are asked under: by default now, to the second, by the pack of the settings.

        `change`, or the folder of one, is supposed and never loaded (docs/rules.md, section 7).
        A world of a saved `snapshot` has by default the pack that it was saved with.
        Raises InvalidInput where `at` is a text that is no time, and what `read_change` raises.
        """
        if isinstance(at, str):
            try:
                at = read_instant(at)
            except ValueError as error:
                raise InvalidInput(f"{at!r} is no time, as 2026-11-23 and 2026-11-23T09:30:00Z are") from error
        if isinstance(change, Path):
            from graph.sources.change import read_change

            change = read_change(change)
        default = self.settings.pack if snapshot is None else ""
        return World(at or datetime.now(UTC).replace(microsecond=0), pack or default, as_tier, change, snapshot)

    @contextmanager
    def asking(self, world: World) -> Iterator[Graph]:
        """The graph that a world is about, for several questions."""
        from linkreach.asking import asking

        with asking(self.network, world) as graph:
            yield graph

    def _answer(self, question: Callable[..., Query[T]], world: World, *members: str) -> T:
        from linkreach.naming import answered

        with self.asking(world) as graph:
            return answered(graph, question, *members)

    # Questions

    def check(self, sender: str, recipient: str, world: World | None = None) -> Verdict:
        """The verdict on a pair (docs/rules.md, section 3)."""
        from graph.questions.verdicts import verdict

        asked = world or self.world()
        return self._answer(lambda one, other: verdict(one, other, asked), asked, sender, recipient)

    def match(
        self,
        senders: Path | Sequence[str],
        recipients: Path | Sequence[str],
        world: World | None = None,
        *,
        column: str | None = None,
        engine: str = "auto",
        snapshot: Path | None = None,
        unlocks: bool = False,
        introductions: bool = False,
        skip_unknown: bool = False,
        progress: Progress = untold,
    ) -> Matched | MatchedAtOnce:
        """Every sender with every recipient, each list a file with an id or a name a line, or ids and names.

        `column`: the one of a file with a heading that has them.
        `engine`: `cypher` judges pair by pair, `local` all at once, also those of a saved `snapshot`, which has ids
        alone, and `auto` takes whichever is done sooner.
        `unlocks`, `introductions`: each pair that is not reachable with what would open it, each with its best way.
        `skip_unknown`: who is nobody is left out, and told in the answer, instead of an error.
        Raises InvalidInput where the engine does not find what is asked for, UnknownMember with all who are nobody, and
        with `introductions` GraphChanged where a load ran meanwhile.
        """
        from linkreach.matching import Matched, match, match_in
        from linkreach.member_lists import member_list

        lists = member_list(senders, column), member_list(recipients, column)
        asked = world or self.world()
        if introductions and (snapshot is not None or engine == "local"):
            raise InvalidInput("introductions are found by Cypher, and not by the local engine or in a snapshot")
        how: dict[str, Any] = {
            "engine": "cypher" if introductions else engine,
            "with_unlocks": unlocks,
            "skip_unknown": skip_unknown,
            "progress": progress,
        }
        if snapshot is not None:
            from graph.snapshot.snapshot import Snapshot

            return match_in(Snapshot.open(snapshot), *lists, asked, **how)
        if not introductions:
            return match(self.network, *lists, asked, **how)
        from linkreach.asking import of_one_graph
        from linkreach.introducing import best_of_pairs

        with of_one_graph(self.network):
            found = match(self.network, *lists, asked, **how)
            assert isinstance(found, Matched)  # Cypher judges pair by pair
            pairs = [(each.match.sender, each.match.recipient) for each in found.pairs]
            return found.with_introductions(best_of_pairs(self.network, pairs, asked, progress=progress))

    def reach(self, member: str, world: World | None = None, wanted: ReachFilter | None = None) -> ReachRows:
        """Everybody whom a member reaches, nearest first, then by id."""
        from graph.questions.reach import ReachFilter, reach
        from linkreach.rows import ReachRows

        asked = world or self.world()
        found = self._answer(lambda one: reach(one, asked, wanted or ReachFilter()), asked, member)
        return ReachRows("recipient", tuple(found))

    def reached_by(self, member: str, world: World | None = None, wanted: ReachFilter | None = None) -> ReachRows:
        """Everybody who reaches a member, like `reach`."""
        from graph.questions.reach import ReachFilter, reached_by
        from linkreach.rows import ReachRows

        asked = world or self.world()
        found = self._answer(lambda one: reached_by(one, asked, wanted or ReachFilter()), asked, member)
        return ReachRows("sender", tuple(found))

    def unlock(
        self,
        sender: str,
        recipient: str,
        world: World | None = None,
        *,
        channel: str | None = None,
        names: int = 10,
    ) -> Unlock:
        """What the sender could do to open the pair, or one channel; at most `names` others to connect with."""
        from graph.questions.unlocks import unlock

        asked = world or self.world()
        return self._answer(
            lambda one, other: unlock(one, other, asked, channel=channel, names=names), asked, sender, recipient
        )

    def introduce(
        self, sender: str, recipient: str, world: World | None = None, wanted: WayFilter | None = None
    ) -> Introductions:
        """Over whom one member could be introduced to another, the strongest way first (docs/rules.md, section 9)."""
        from graph.questions.introductions import WayFilter, introductions

        asked, ways = world or self.world(), wanted or WayFilter()

        def question(sender: str, recipient: str, *named: str) -> Query[Introductions]:
            return introductions(sender, recipient, asked, ways.naming(named))

        return self._answer(question, asked, sender, recipient, *ways.named)

    def introduce_team(
        self,
        senders: Path | Sequence[str],
        recipients: Path | Sequence[str],
        world: World | None = None,
        wanted: WayFilter | None = None,
        *,
        column: str | None = None,
        at_most: int | None = None,
        skip_unknown: bool = False,
        progress: Progress = untold,
    ) -> TeamIntroductions:
        """The best ways to each recipient over all senders, each list a file or a sequence as in `match`.

        `at_most`: nobody is asked first for more ways than that; the ways are then chosen together.
        """
        from graph.questions.introductions import WayFilter
        from linkreach.introducing import introduce_team
        from linkreach.member_lists import member_list

        lists = member_list(senders, column), member_list(recipients, column)
        asked, ways = world or self.world(), wanted or WayFilter()
        return introduce_team(
            self.network, *lists, asked, ways, at_most=at_most, skip_unknown=skip_unknown, progress=progress
        )

    # Names

    def find(self, text: str, *, most: int = 20) -> list[Found]:
        """Members by id or by words of the name, the best fit first."""
        from graph.questions.members import search

        return self.network.read(search(text, most=most))

    def find_groups(self, text: str, *, most: int = 20) -> list[Group]:
        """Groups, like `find`."""
        from graph.questions.places import search_groups

        return self.network.read(search_groups(text, most=most))

    def find_companies(self, text: str, *, most: int = 20) -> list[Company]:
        """Company pages, like `find`."""
        from graph.questions.places import search_companies

        return self.network.read(search_companies(text, most=most))

    def names(
        self,
        world: World | None = None,
        *,
        members: Iterable[str] = (),
        groups: Iterable[str] = (),
        companies: Iterable[str] = (),
    ) -> Names:
        """What these are called; who has no name is left out."""
        from linkreach.naming import names_of

        with self.asking(world or self.world()) as graph:
            return names_of(graph, members=members, groups=groups, companies=companies)

    def with_names(self, frame: pd.DataFrame, world: World | None = None) -> pd.DataFrame:
        """The frame with a column `…_name` after each of its columns sender, recipient and member."""
        from linkreach.naming import with_names

        with self.asking(world or self.world()) as graph:
            return with_names(graph, frame)

    def plan(
        self,
        senders: Path | Sequence[str],
        recipients: Path | Sequence[str],
        world: World | None = None,
        wishes: Wishes | None = None,
        *,
        column: str | None = None,
        skip_unknown: bool = False,
        out: Path | None = None,
        raw: bool = False,
        with_names: bool = False,
        progress: Progress = untold,
    ) -> Planned:
        """Whom each sender should contact by which channel, and what to buy or do before, with a proof or a bound.

        The files of the plan are written into the folder `out`, `with_names` as the method of that name has it.
        An interruption ends it with the best so far. `skip_unknown`: as `match` has it.
        """
        from linkreach.member_lists import member_list
        from linkreach.planning import Wishes, plan

        lists = member_list(senders, column), member_list(recipients, column, may_be_empty=True)
        asked = world or self.world()
        return plan(
            self.network,
            *lists,
            asked,
            wishes or Wishes(),
            skip_unknown=skip_unknown,
            out=out,
            raw=raw,
            named=partial(self.with_names, world=asked) if with_names else None,
            progress=progress,
        )

    def invest(
        self,
        senders: Path | Sequence[str],
        recipients: Path | Sequence[str],
        count: int,
        world: World | None = None,
        wishes: Wishes | None = None,
        *,
        column: str | None = None,
        skip_unknown: bool = False,
        progress: Progress = untold,
    ) -> Invested:
        """Which `count` joins, follows and upgrades bring most contacts, one after the other and all together."""
        from linkreach.member_lists import member_list
        from linkreach.planning import Wishes, invest

        lists = member_list(senders, column), member_list(recipients, column, may_be_empty=True)
        return invest(
            self.network,
            *lists,
            world or self.world(),
            wishes or Wishes(),
            count,
            skip_unknown=skip_unknown,
            progress=progress,
        )

    # Everybody

    def report(
        self, name: str, world: World | None = None, *, by: str = "tier", choice: EngineChoice | None = None
    ) -> pd.DataFrame:
        """One report as a frame, with its declared columns."""
        return self.reports([name], world, by=by, choice=choice).frames[name]

    def reports(
        self,
        names: Sequence[str],
        world: World | None = None,
        *,
        by: str = "tier",
        choice: EngineChoice | None = None,
        snapshot: Path | None = None,
        out: Path | None = None,
        raw: bool = False,
        with_names: bool = False,
        progress: Progress = untold,
    ) -> Reported:
        """Reports by name, of the graph or of a saved `snapshot`, with their files in `out`.

        `choice` says what computes them, and from how many recipients where that is not from all.
        `with_names`: as the method of that name has it.
        """
        from linkreach.reporting import EngineChoice, report_engine, run_reports, snapshot_engine

        choice, asked = choice or EngineChoice(), world or self.world()
        make_engine = (
            partial(report_engine, self.network, asked, by=by, choice=choice)
            if snapshot is None
            else partial(snapshot_engine, snapshot, asked, choice=choice)
        )
        named = partial(self.with_names, world=asked) if with_names else None
        return run_reports(make_engine, names, sample=choice.sample, out=out, raw=raw, named=named, progress=progress)

    def diff(
        self,
        before: World,
        after: World,
        *,
        by: str = "tier",
        is_free: bool = False,
        choice: EngineChoice | None = None,
        out: Path | None = None,
        pairs: Path | None = None,
        beside: Path | None = None,
        examples: bool = False,
        raw: bool = False,
        progress: Progress = untold,
    ) -> Differed:
        """What differs between two worlds, of the graph or of snapshots, with its tables in the folder `out`.

        A pack is named, or is a file, which need not be loaded. `pairs`: a Parquet or CSV file for every pair.
        `beside`: another file that may be in `out`. `examples`: some of the pairs are in the answer.
        """
        from linkreach.differing import comparison, differ, require_room
        from linkreach.reporting import EngineChoice

        require_room(out, pairs, beside)
        compared = comparison(lambda: self.network, before, after, by=by, is_free=is_free, progress=progress)
        return differ(
            compared,
            choice=choice or EngineChoice(),
            out=out,
            pairs=pairs,
            raw=raw,
            examples=examples,
            progress=progress,
        )

    def test(
        self, paths: Sequence[Path], world: World | None = None, *, progress: Progress = untold
    ) -> list[CheckedFile]:
        """What verdict tests expect, in files or all files of folders, next to what comes; a check that fails is told.

        Those that bring a network are asked of a server that is started for them and thrown away.
        Raises InvalidTest, with file and line, where a file is none or a question has no answer.
        """
        from linkreach.testing import run_tests
        from linkreach.verdict_tests import read_tests

        return run_tests(read_tests(paths), lambda: self.network, world or self.world(), progress=progress)

    def reach_sets(
        self,
        file: Path,
        senders: Senders,
        world: World | None = None,
        *,
        max_degree: int | None = None,
        with_names: bool = False,
        progress: Progress = untold,
    ) -> int:
        """Writes whom many senders reach, a row a pair, into a Parquet file; returns how many pairs."""
        from linkreach.reach_sets import write_reach_sets

        return write_reach_sets(
            self.network,
            file,
            senders,
            world or self.world(),
            max_degree=max_degree,
            with_names=with_names,
            progress=progress,
        )

    def export(
        self, file: Path, world: World | None = None, *, around: Around | None = None, progress: Progress = untold
    ) -> Exported:
        """Writes the network, or what is `around` a member, as GraphML, GEXF or Parquet, by the name of the file."""
        from linkreach.exporting import export

        return export(self.network, file, world or self.world(), around=around, progress=progress)

    def snapshot(
        self, world: World | None = None, *, by: str = "tier", out: Path | None = None, progress: Progress = untold
    ) -> Snapshot:
        """The graph as it is, as arrays, with the world's pack; kept in the folder `out`, or by `snapshot.save` later.

        `by`: the column of members that makes segments. Raises InvalidSnapshot where `out` holds anything else, and
        InvalidInput where the world is another than the graph: of a change, or of a snapshot.
        """
        from graph.snapshot.projection import project
        from graph.snapshot.snapshot import require_place

        asked = world or self.world()
        if asked.change is not None or asked.snapshot is not None:
            raise InvalidInput("a snapshot is of the graph as it is, without a change")
        if out is not None:
            require_place(out)
        snapshot = project(self.network, asked, by=by, progress=progress)
        if out is not None:
            snapshot.save(out)
        return snapshot

    # What the graph holds

    def load(
        self,
        source: Path | Source,
        *,
        rejects: Path | None = None,
        replace: bool = False,
        progress: Progress = untold,
    ) -> Loaded:
        """Loads a network from a path, or from what `source_at` made of one; bad rows go into the file `rejects`."""
        from linkreach.loading import first_load, load, source_at

        network = source_at(source) if isinstance(source, Path) else source
        if self._is_empty_home:
            loaded = first_load(self.server, network, rejects=rejects, progress=progress)
            if loaded is not None:
                return loaded
        server = self.server if self.settings.neo4j_uri is None else None
        return load(self.database, network, rejects=rejects, replace=replace, server=server, progress=progress)

    def dry_run(
        self, source: Source, *, rejects: Path | None = None, replace: bool = False, progress: Progress = untold
    ) -> Loaded:
        """What `load` would load and set aside; the graph stays as it is."""
        from linkreach.loading import dry_run

        return dry_run(self.database, source, rejects=rejects, replace=replace, progress=progress)

    def forget(self, members: Sequence[str]) -> list[ForgottenMember]:
        """Takes members out of the graph, all or none, so that no load brings them back; returns who they were.

        Each is an id, or the whole name of one member: a part of it is no name here.
        """
        from linkreach.forgetting import forget

        return forget(self.database, members)

    def forgotten(self) -> list[ForgottenHash]:
        """The hashes of everybody who was forgotten, the latest last."""
        from graph.loading.forgetting import forgotten_hashes

        return self.database.read(forgotten_hashes())

    def remember(self, hash: str) -> None:
        """Lets later loads bring back whom a hash is of; raises InvalidInput where there is no such hash."""
        from graph.loading.forgetting import remember

        remember(self.database, hash)

    @staticmethod
    def generate(
        out: Path, *, members: int = 10_000, mean_degree: float = 48, seed: int = 1, progress: Progress = untold
    ) -> Measures:
        """Makes up a network like a real one, as files in a new folder."""
        from graph.generate.generator import generate

        return generate(out, members=members, mean_degree=mean_degree, seed=seed, progress=progress)

    def packs(self) -> list[LoadedPack]:
        """The rule packs in the graph, by name."""
        from graph.questions.diagnosis import loaded_packs

        return self.database.read(loaded_packs())

    def pack_text(self, name: str, *, shipped: bool = False) -> str:
        """The text of the pack in the graph, or else of the one that ships; raises UnknownPack.

        `shipped`: of the one that ships, whatever the graph has; nothing is started for it.
        """
        from linkreach.packs import text_of_pack

        return text_of_pack(name, None if shipped or self._is_empty_home else self.database)

    def pack_changes(self, old: str, new: str) -> list[PackChange]:
        """What the text of a pack says otherwise than that of another; each is a name, or a file.

        Nothing is started for it: a name is that of a pack in a graph that runs, or of one that ships.
        Raises UnknownPack and InvalidPack.
        """
        from graph.rules.pack_changes import pack_changes
        from linkreach.connection import running_graph
        from linkreach.packs import pack_meant

        with running_graph(self.settings) as graph:
            return pack_changes(pack_meant(old, graph), pack_meant(new, graph))

    @property
    def is_loaded(self) -> bool:
        """Whether a network is there to be asked; nothing is started for it."""
        from graph.driver import schema
        from linkreach.connection import running_graph

        with running_graph(self.settings) as graph:
            return graph is not None and graph.read(schema.state()).version > 0

    def load_pack(self, file: Path) -> RulePack:
        """Puts the pack of a file into the graph, in place of any of its name; raises InvalidPack."""
        from graph.driver import schema
        from graph.rules.pack_store import save_pack
        from graph.rules.rule_pack import read_pack

        pack = read_pack(file)
        schema.apply(self.database)
        self.database.write(save_pack(pack))
        return pack

    # The embedded server

    @property
    def server(self) -> Server:
        """The embedded server, running or not; raises NotEmbedded where the settings name another one."""
        return embedded_server(self.settings)

    def backup(self, file: Path) -> None:
        """Writes the graph of the embedded server into a new file."""
        from graph.server.backup import back_up

        back_up(self.server, file)

    def restore(self, file: Path, *, replace: bool = False) -> GraphState:
        """Puts the graph of a backup in place of the embedded server's; returns its state."""
        from graph.server.backup import restore

        return restore(self.server, file, replace=replace)
