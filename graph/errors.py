"""What can go wrong, for people.

LinkreachError
├── InvalidInput            the question or the file is wrong; asking again unchanged gives the same answer
│   ├── UnknownMember       an id that is not in the graph
│   ├── SameMember          somebody asked about themselves
│   ├── UnknownTier         a tier that the asked pack does not define
│   ├── UnknownPack         a rule pack that is not loaded
│   ├── UnknownChannel      a channel that the asked pack does not have
│   ├── UnknownColumn       a column that members do not have
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
│   ├── InvalidPack         a rule pack file that breaks the format
│   ├── InvalidSnapshot     a folder that holds no snapshot that can be read
│   ├── InvalidStatement    a file in cypher/ whose header and text disagree
│   └── TooLarge            a question that this engine refuses at this size
├── ServerError             the embedded server
│   ├── ArtifactsMissing    the server's files are neither cached nor reachable
│   ├── ArtifactsCorrupt    a file of the server is not the one that was locked
│   ├── ServerInUse         another process owns this home
│   └── ServerFailed        it did not start or did not stop
├── SparkError              the distributed run
│   ├── SparkMissing        PySpark or Java is not there
│   └── SparkFailed         Spark does not start, or a task failed as often as it may
└── DatabaseError           Neo4j answered with an error, or not at all
    ├── DatabaseUnavailable nothing answers at the address
    ├── AccessDenied        the user or the password is refused
    ├── OutOfMemory         the statement needs more memory than the server grants
    ├── DeadlinePassed      no answer within the time that it may take
    ├── LoadRunning         another load has the graph to itself
    └── GraphChanged        a load ran while the answer was read

Every message says what happened and what to do about it, in one line.
"""

from __future__ import annotations

from collections.abc import Sequence


class LinkreachError(Exception):
    """Base of every error that linkreach raises on purpose; `str()` of it is one line for people."""


class InvalidInput(LinkreachError):
    """The question or the file is wrong."""


class UnknownMember(InvalidInput):
    """No member has this id."""

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(f"no member has the id {member!r}")


class SameMember(InvalidInput):
    """Sender and recipient are the same member."""

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(f"{member!r} is both sender and recipient: ask about two different members")


class UnknownTier(InvalidInput):
    """A tier that the pack does not define."""


class UnknownPack(InvalidInput):
    """A rule pack that is not loaded."""


class UnknownChannel(InvalidInput):
    """A channel that the pack does not have."""


class UnknownColumn(InvalidInput):
    """A column that members do not have."""


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


class InvalidPack(InvalidInput):
    """A rule pack file that breaks the format."""


class InvalidSnapshot(InvalidInput):
    """A folder that holds no snapshot that can be read."""


class InvalidStatement(InvalidInput):
    """A file in `cypher/` whose header and text disagree."""


class TooLarge(InvalidInput):
    """A question that this engine refuses at this size."""


class ServerError(LinkreachError):
    """The embedded server."""


class ArtifactsMissing(ServerError):
    """The server's files are neither cached nor reachable."""


class ArtifactsCorrupt(ServerError):
    """A file of the server is not the one that was locked."""


class ServerInUse(ServerError):
    """Another process owns this home."""


class ServerFailed(ServerError):
    """The server did not start or did not stop."""


class SparkError(LinkreachError):
    """The distributed run."""


class SparkMissing(SparkError):
    """PySpark or Java is not there."""


class SparkFailed(SparkError):
    """Spark does not start, or a task failed as often as it may."""


class DatabaseError(LinkreachError):
    """Neo4j answered with an error, or not at all."""


class DatabaseUnavailable(DatabaseError):
    """Nothing answers at the address."""


class AccessDenied(DatabaseError):
    """The user or the password is refused."""


class OutOfMemory(DatabaseError):
    """The statement needs more memory than the server grants."""


class DeadlinePassed(DatabaseError):
    """No answer within the time that it may take."""


class LoadRunning(DatabaseError):
    """Another load has the graph to itself."""


class GraphChanged(DatabaseError):
    """A load ran while the answer was read."""
