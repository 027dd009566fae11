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
│   ├── InvalidArchive      a LinkedIn archive that cannot be read
│   ├── UnknownOwners       LinkedIn archives that do not say whose they are
│   ├── ForgottenOwner      a LinkedIn archive of somebody who asked to be forgotten
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


class InvalidArchive(InvalidInput):
    """A LinkedIn archive that cannot be read; `archive` is its name."""

    def __init__(self, archive: str, problem: str) -> None:
        self.archive, self.problem = archive, problem
        super().__init__(f"{archive}: {problem}")


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
