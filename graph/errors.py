"""What can go wrong, for people.

LinkreachError
├── InvalidInput            the question or the file is wrong; asking again unchanged gives the same answer
│   ├── InvalidSetting      a setting whose value is of no use
│   ├── UnknownMember       ids that are not in the graph
│   ├── SeveralMembers      names that mean several members each
│   ├── SameMember          somebody asked about themselves
│   ├── EndAsIntroducer     somebody between two members who is one of them
│   ├── UnknownTier         a tier that the asked pack does not define
│   ├── UndefinedTiers      members are on tiers that the asked pack does not define
│   ├── UnknownPack         a rule pack that is not loaded
│   ├── UnknownChannel      a channel that the asked pack does not have
│   ├── UnknownColumn       a column that members do not have
│   ├── UnknownReport       a report that there is not
│   ├── UnknownEngine       an engine that there is not
│   ├── SampleTooSmall      fewer recipients than two of each tier
│   ├── NotEstimated        a report that counts what a sample of recipients says nothing of
│   ├── UnknownSource       a folder or file of no known format
│   │   ├── NoSuchFormat    a name that is that of no format
│   │   ├── SeveralFormats  a folder with files of several
│   │   ├── OtherFormat     a file that is of another format than the one asked for
│   │   ├── PartOfFolder    one file of a folder that belongs together
│   │   └── Unsure          a file that may be a list of connections or not
│   ├── ForeignFile         a file of a format that is known by name and not read
│   ├── NearlyFits          a name that is a slip of the pen away from one that means something
│   ├── Undecodable         text that is not in its encoding
│   ├── ColumnsNotSaid      a list of connections with more than two columns
│   ├── NothingToLoad       files of which no row can be loaded
│   ├── GraphNotEmpty       what would go, if something else took its place
│   ├── InvalidArchive      a LinkedIn archive that cannot be read
│   ├── UnknownOwners       LinkedIn archives that do not say whose they are
│   ├── ForgottenOwner      a LinkedIn archive of somebody who asked to be forgotten
│   ├── RejectedRow         a row of a change that a load would set aside
│   ├── InvalidTest         a verdict test that is none, or whose question has no answer
│   ├── InvalidPack         a rule pack file that breaks the format
│   ├── InvalidSnapshot     a folder that holds no snapshot that can be read
│   ├── OtherSegments       a snapshot whose segments are those of another column
│   ├── InvalidStatement    a file in cypher/ whose header and text disagree
│   └── TooLarge            a question that this engine refuses at this size
│       ├── TooManyPairs    a graph whose pairs are too many to be judged one by one
│       ├── TooManySegments a column with too many values for a matrix of them
│       └── TooManyRows     a change of more rows than may be supposed at a time
├── ServerError             the embedded server
│   ├── ArtifactsMissing    the server's files are neither cached nor reachable
│   ├── ArtifactsCorrupt    a file of the server is not the one that was locked
│   ├── ServerInUse         another process or user owns this home
│   ├── NotEmbedded         only the embedded server can do this
│   └── ServerFailed        it did not start or did not stop
│       └── ServerSilent    it runs, and does not answer
├── SparkError              the distributed run
│   ├── SparkMissing        PySpark or Java is not there
│   └── SparkFailed         Spark does not start, or a task failed as often as it may
└── DatabaseError           Neo4j answered with an error, or not at all
    ├── NothingLoaded       a graph that no network was ever loaded into
    ├── DatabaseUnavailable nothing answers at the address
    │   └── DatabaseGaveUp  it answers, and can neither read nor write any more
    ├── AccessDenied        the user or the password is refused
    ├── OutOfMemory         the statement needs more memory than the server grants
    ├── DeadlinePassed      no answer within the time that it may take
    ├── LoadRunning         another load has the graph to itself
    ├── GraphLoading        a load is under way, or was cut short
    └── GraphChanged        a load ran while the answer was read

A message says in one line what is the case; what to type or to send is said where somebody types or sends it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

NAMESAKES_AT_MOST = 10


class LinkreachError(Exception):
    """Base of every error that linkreach raises on purpose; `str()` of it is one line for people."""


class InvalidInput(LinkreachError):
    """The question or the file is wrong."""


class InvalidSetting(InvalidInput):
    """A setting whose value is of no use."""

    def __init__(self, setting: str, problem: str) -> None:
        self.setting, self.problem = setting, problem
        super().__init__(f"the setting {setting}: {problem}")


class UnknownMember(InvalidInput):
    """No member has these ids; `places` says of some where they were named."""

    def __init__(self, *members: str, places: Mapping[str, str] | None = None) -> None:
        self.members, self.places = members, places or {}
        if len(members) == 1:
            place = self.places.get(members[0])
            super().__init__(f"{f'{place}: ' if place else ''}no member has the id {members[0]!r}")
        else:
            told = ", ".join(f"{id!r} ({self.places[id]})" if id in self.places else repr(id) for id in members)
            super().__init__(f"no members have the ids {told}")


class Namesake(NamedTuple):
    """One of several members whom a name means; company and location tell them apart, where they are known."""

    id: str
    name: str | None
    company: str | None
    location: str | None

    def __str__(self) -> str:
        told = ", ".join(filter(None, (self.name, self.company, self.location)))
        return f"{self.id!r} ({told})" if told else repr(self.id)


class SeveralMembers(InvalidInput):
    """Names that mean several members each; `places` says of some where they were named."""

    def __init__(self, names: Mapping[str, Sequence[Namesake]], places: Mapping[str, str] | None = None) -> None:
        self.names, self.places = names, places or {}
        super().__init__("; ".join(self._told(name, members) for name, members in names.items()))

    def _told(self, name: str, members: Sequence[Namesake]) -> str:
        place = f"{self.places[name]}: " if name in self.places else ""
        more = " and more" if len(members) > NAMESAKES_AT_MOST else ""
        return f"{place}{name!r} means several members: {', '.join(map(str, members[:NAMESAKES_AT_MOST]))}{more}"


class SameMember(InvalidInput):
    """Sender and recipient are the same member."""

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(f"{member!r} is both sender and recipient: ask about two different members")


class EndAsIntroducer(InvalidInput):
    """Somebody is named as an introducer, or as none, who is a sender or a recipient."""

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(f"{member!r} is a sender or a recipient, over whom no introduction runs")


class UnknownTier(InvalidInput):
    """A tier that the pack does not define."""

    def __init__(self, tier: str, pack: str, tiers: Sequence[str]) -> None:
        self.tier, self.pack, self.tiers = tier, pack, tiers
        super().__init__(f"the pack {pack!r} has no tier {tier!r}: its tiers are {', '.join(tiers)}")


class UndefinedTiers(InvalidInput):
    """Members are on tiers that the pack does not define; `members` counts them by tier."""

    def __init__(self, pack: str, members: Mapping[str, int]) -> None:
        self.pack, self.members = pack, members
        counts = ", ".join(f"{tier!r} (members: {count})" for tier, count in members.items())
        super().__init__(f"the pack {pack!r} does not define the tiers of members in the graph: {counts}")


class UnknownPack(InvalidInput):
    """A rule pack that is not loaded; `loaded` are those that are."""

    def __init__(self, pack: str, loaded: Sequence[str]) -> None:
        self.pack, self.loaded = pack, loaded
        others = f"; loaded are {', '.join(loaded)}" if loaded else ""
        super().__init__(f"no rule pack {pack!r} is loaded{others}")


class UnknownChannel(InvalidInput):
    """A channel that the pack does not have."""

    def __init__(self, channel: str, pack: str, channels: Sequence[str]) -> None:
        self.channel, self.pack, self.channels = channel, pack, channels
        super().__init__(f"the pack {pack!r} has no channel {channel!r}: its channels are {', '.join(channels)}")


class UnknownColumn(InvalidInput):
    """A column that members do not have."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__(f"members have no column {column!r} to make segments by")


class UnknownReport(InvalidInput):
    """A report that there is not."""

    def __init__(self, report: str, reports: Sequence[str]) -> None:
        self.report, self.reports = report, reports
        super().__init__(f"there is no report {report!r}: there are {', '.join(reports)}")


class UnknownEngine(InvalidInput):
    """An engine that there is not."""

    def __init__(self, engine: str, engines: Sequence[str]) -> None:
        self.engine, self.engines = engine, engines
        super().__init__(f"there is no engine {engine!r}: use one of {', '.join(engines)}")


class SampleTooSmall(InvalidInput):
    """Fewer recipients than the tiers need: two of each that two members are on."""

    def __init__(self, asked: int, needed: int) -> None:
        self.asked, self.needed = asked, needed
        super().__init__(f"a sample of {asked:,} has not two recipients of each tier: it takes {needed:,}")


class NotEstimated(InvalidInput):
    """A report that counts what a sample of recipients says nothing of; `estimated` are those that it does."""

    def __init__(self, report: str, estimated: Sequence[str]) -> None:
        self.report, self.estimated = report, tuple(estimated)
        super().__init__(f"{report} is not estimated from a sample: {', '.join(estimated)} are")


class UnknownSource(InvalidInput):
    """A folder or file of no known format."""


class NoSuchFormat(UnknownSource):
    """A name that is that of no format."""

    def __init__(self, name: str, formats: Sequence[str]) -> None:
        self.name, self.formats = name, tuple(formats)
        super().__init__(f"{name!r} is no format: there are {', '.join(formats)}")


class SeveralFormats(UnknownSource):
    """A folder that has files of several formats."""

    def __init__(self, place: str, formats: Sequence[str]) -> None:
        self.place, self.formats = place, tuple(formats)
        super().__init__(f"{place} has files of {' and '.join(formats)}")


class OtherFormat(UnknownSource):
    """A file that is of another format than the one asked for."""

    def __init__(self, file: str, format: str, asked: str) -> None:
        self.file, self.format, self.asked = file, format, asked
        super().__init__(f"{file} is of the format {format}, and not {asked}")


class PartOfFolder(UnknownSource):
    """One file of a folder that belongs together."""

    def __init__(self, file: str, format: str, folder: str) -> None:
        self.file, self.format, self.folder = file, format, folder
        super().__init__(f"{file} is one file of a {format} folder: load the folder, {folder}")


class FurtherWithin(UnknownSource):
    """A folder of no known format, with one further within that is of a format."""

    def __init__(self, place: str, format: str, folder: str) -> None:
        self.place, self.format, self.folder = place, format, folder
        super().__init__(f"{place} is of no known format, and {folder} in it is {format}: load that folder")


class Unsure(UnknownSource):
    """A file that may be a list of connections or not."""

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(f"{file} may be an edge list or not")


class ForeignFile(InvalidInput):
    """A file of a format that is known by name and not read; `instead` says what can be done about it."""

    def __init__(self, file: str, format: str, instead: str) -> None:
        self.file, self.format, self.instead = file, format, instead
        super().__init__(f"{file} is {format}, which is not read: {instead}")


class NearlyFits(InvalidInput):
    """A name that is a slip of the pen away from one that means something."""

    def __init__(self, where: str, what: str, name: str, meant: str) -> None:
        self.where, self.name, self.meant = where, name, meant
        super().__init__(f"{where}: {what} {name!r} means nothing here: did you mean {meant!r}?")


class Unmarked(InvalidInput):
    """What is no text in UTF-8, and may be some in UTF-16."""

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(f"{file} is no text, or UTF-16 without its mark")


class Undecodable(InvalidInput):
    """Text that is not in its encoding, from `line` on."""

    def __init__(self, file: str, line: int, encoding: str) -> None:
        self.file, self.line, self.encoding = file, line, encoding
        super().__init__(f"{file}, line {line}: not {encoding.upper()}")


class ColumnsNotSaid(InvalidInput):
    """A list of connections with more than two columns, of which nobody said which two are the members.

    `likely` are the numbers of two columns that may be, counted from 1.
    """

    def __init__(self, file: str, cells: int, names: Sequence[str], likely: tuple[int, int] = (1, 2)) -> None:
        self.file, self.cells, self.names, self.likely = file, cells, tuple(names), likely
        called = f" ({', '.join(names)})" if names else ""
        super().__init__(f"{file} has {cells} columns{called}, and which two are connected is not guessed")


class NothingToLoad(InvalidInput):
    """Files of which no row can be loaded; the graph is as it was."""

    def __init__(self) -> None:
        super().__init__("no row of these files can be loaded, so the graph stays as it is")


class GraphNotEmpty(InvalidInput):
    """What would go if another graph took the place of this one: nodes, and rule packs that do not ship."""

    def __init__(self, nodes: int, packs: int) -> None:
        self.nodes, self.packs = nodes, packs
        there = {"nodes": nodes, "rule packs of your own": packs}
        told = " and ".join(f"{count:,} {what}" for what, count in there.items() if count)
        super().__init__(f"the graph has {told}, which would go")


class InvalidArchive(InvalidInput):
    """A LinkedIn archive that cannot be read; `archive` is its name."""

    def __init__(self, archive: str, problem: str) -> None:
        self.archive, self.problem = archive, problem
        super().__init__(f"{archive}: {problem}")


class SeveralOwners(InvalidArchive):
    """A LinkedIn archive by which several people could be its owner, `people` of them."""

    def __init__(self, archive: str, people: int) -> None:
        self.people = people
        super().__init__(archive, f"{people} people sent its outgoing invitations")


class UnknownOwners(InvalidInput):
    """LinkedIn archives that do not say whose they are; `archives` are their names."""

    def __init__(self, archives: Sequence[str]) -> None:
        self.archives = archives
        super().__init__(f"nothing says whose archive {' and '.join(archives)} is")


class ForgottenOwner(InvalidInput):
    """A LinkedIn archive of somebody who asked to be forgotten; `archive` is its name."""

    def __init__(self, archive: str) -> None:
        self.archive = archive
        super().__init__(f"{archive}: its owner asked to be forgotten")


class RejectedRow(InvalidInput):
    """A row of a change that a load would set aside; `place` names it, `column` "": the row itself."""

    def __init__(self, place: str, column: str, value: str, reason: str) -> None:
        self.place, self.column, self.value, self.reason = place, column, value, reason
        super().__init__(f"{place}, {column}: {value!r}: {reason}" if column else f"{place}: {value}: {reason}")


class InvalidTest(InvalidInput):
    """A verdict test that is none, or whose question has no answer; `line` counts from 1."""

    def __init__(self, file: Path, line: int, problem: str) -> None:
        self.file, self.line, self.problem = file, line, problem
        super().__init__(f"{file}:{line}: {problem}")


class InvalidPack(InvalidInput):
    """A rule pack file that breaks the format."""


class InvalidSnapshot(InvalidInput):
    """A folder that holds no snapshot that can be read."""


class OtherSegments(InvalidInput):
    """A snapshot whose segments are those of another column than the one asked for."""

    def __init__(self, snapshot: Path, by: str, asked: str) -> None:
        self.snapshot, self.by, self.asked = snapshot, by, asked
        super().__init__(f"the snapshot {snapshot} has the segments of {by!r}, and not those of {asked!r}")


class InvalidStatement(InvalidInput):
    """A file in `cypher/` whose header and text disagree."""


class TooLarge(InvalidInput):
    """A question that this engine refuses at this size."""


class TooManyRows(TooLarge):
    """A change of more rows than may be supposed at a time."""

    def __init__(self, change: str, most: int) -> None:
        self.change, self.most = change, most
        super().__init__(f"{change} has more than {most:,} rows")


class TooManyPairs(TooLarge):
    """A graph with more than `most` members, whose pairs are too many to be judged one by one."""

    def __init__(self, members: int, most: int) -> None:
        self.members, self.most = members, most
        super().__init__(
            f"{members:,} members make {members * (members - 1):,} pairs, too many to judge one by one above {most:,}"
        )


class TooManySegments(TooLarge):
    """A column of members with more values than a matrix of them can show."""

    def __init__(self, column: str, segments: int, most: int) -> None:
        self.column, self.segments, self.most = column, segments, most
        super().__init__(f"{column!r} makes {segments:,} segments, above {most:,}: choose a coarser column")


class ServerError(LinkreachError):
    """The embedded server."""


class ArtifactsMissing(ServerError):
    """The server's files are neither cached nor reachable."""


class ArtifactsCorrupt(ServerError):
    """A file of the server is not the one that was locked."""


class ServerInUse(ServerError):
    """Another process or user owns this home."""


class NotEmbedded(ServerError):
    """Only the embedded server can do this, and another one is asked."""


class ServerFailed(ServerError):
    """The server did not start or did not stop."""


class ServerSilent(ServerFailed):
    """The server runs, and does not answer."""


class SparkError(LinkreachError):
    """The distributed run."""


class SparkMissing(SparkError):
    """PySpark or Java is not there."""


class SparkFailed(SparkError):
    """Spark does not start, or a task failed as often as it may."""


class DatabaseError(LinkreachError):
    """Neo4j answered with an error, or not at all."""


class NothingLoaded(DatabaseError):
    """A graph that no network was ever loaded into."""

    def __init__(self) -> None:
        super().__init__("no network was ever loaded")


class DatabaseUnavailable(DatabaseError):
    """Nothing answers at the address."""


class DatabaseGaveUp(DatabaseUnavailable):
    """It answers, and can neither read nor write any more, as when its disk is full."""


class AccessDenied(DatabaseError):
    """The user or the password is refused."""


class OutOfMemory(DatabaseError):
    """The statement needs more memory than the server grants."""


class DeadlinePassed(DatabaseError):
    """No answer within the time that it may take."""


class LoadRunning(DatabaseError):
    """Another load has the graph to itself."""


class GraphLoading(DatabaseError):
    """A load is under way, or was cut short."""

    def __init__(self) -> None:
        super().__init__("a load is under way, or was cut short: let it end, or run it again, then ask again")


class GraphChanged(DatabaseError):
    """A load ran while the answer was read."""
