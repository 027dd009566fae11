"""What the files of one archive say, as far as it is read: no e-mail address, and no text of a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from graph.errors import InvalidArchive
from graph.sources.chunks import Reject
from graph.sources.linkedin.addresses import member_id
from graph.sources.linkedin.archive import CONNECTIONS, Archive, heading
from graph.sources.linkedin.dates import iso_date
from graph.sources.linkedin.rows import decoded_lines
from graph.sources.linkedin.rows import rows as read_rows

PROFILE = "Profile.csv"
POSITIONS = "Positions.csv"
FOLLOWS = "Company Follows.csv"
INVITATIONS = "Invitations.csv"

Rows = Iterator[tuple[int, list[str]]]  # each with the number of its line

_MAIL = re.compile(r"[^\s,;:<>()]+@[^\s,;:<>()]+\.[^\s,;:<>()]+")
_NO_CELLS = "nothing but commas"


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of `Connections.csv`; `since` is ISO 8601, and empty where there is no date that can be read."""

    line: int
    id: str
    name: str
    company: str
    position: str
    since: str


@dataclass(frozen=True, slots=True)
class Position:
    """A stint of the owner; `since` is empty where it is not known, `until` while it lasts."""

    line: int
    company: str
    title: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Follow:
    """A company that the owner follows."""

    line: int
    company: str
    since: str


@dataclass(slots=True)
class Contents:
    """What one archive says.

    `positions` and `follows` are None where the archive has no such file, or one without the column of companies.
    `inviters` are the ids of those who sent its outgoing invitations.
    `without` has files that are not read for want of a column, by the name of that column.
    `rejects` are rows that are set aside, in the order of files; `lost_contacts` counts those that may be connections.
    `unread_dates` counts dates of connections that cannot be read.
    """

    archive: Archive
    name: str = ""
    contacts: list[Contact] = field(default_factory=list)
    positions: list[Position] | None = None
    follows: list[Follow] | None = None
    inviters: set[str] = field(default_factory=set)
    without: dict[str, str] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    lost_contacts: int = 0
    unread_dates: int = 0

    def has(self, file: str) -> bool:
        """Whether a file is there, with the columns that it is read for."""
        return file in self.archive and file not in self.without

    def place(self, file: str) -> str:
        """What people are told of a file of this archive."""
        return self.archive.place(file)

    def set_aside(self, file: str, line: int, column: str, reason: str) -> None:
        """Notes a row without what stands in it: where cells are shifted, that may be an e-mail address."""
        self.rejects.append(Reject(self.place(file), line, column, "", reason))


def read(archive: Archive) -> Contents:
    """All but the messages. Raises InvalidArchive where a file is not whole, or connections have no addresses."""
    contents = Contents(archive)
    _read_connections(contents)
    for _, (first, last) in _rows(contents, PROFILE, "First Name", "Last Name") or ():
        contents.name = _full_name(first, last) or contents.name
    if (rows := _rows(contents, POSITIONS, "Company Name", "Title", "Started On", "Finished On")) is not None:
        contents.positions = list(_positions(contents, rows))
    if (rows := _rows(contents, FOLLOWS, "Organization", "Followed On")) is not None:
        contents.follows = list(_follows(contents, rows))
    for _, (address, direction) in _rows(contents, INVITATIONS, "inviterProfileUrl", "Direction") or ():
        if direction.upper() == "OUTGOING" and (inviter := member_id(address)) is not None:
            contents.inviters.add(inviter)
    return contents


def _read_connections(contents: Contents) -> None:
    columns = ("URL", "First Name", "Last Name", "Company", "Position", "Connected On")
    rows = _rows(contents, CONNECTIONS, *columns)
    if rows is None:
        problem = f"its {CONNECTIONS} has no column URL, as in exports of some years ago: ask LinkedIn for a new one"
        raise InvalidArchive(contents.archive.name, problem)
    for line, (address, first, last, company, position, date) in rows:
        id = member_id(address)
        if id is None:
            contents.set_aside(CONNECTIONS, line, "URL", "no address of a profile")
            continue
        since = iso_date(date)
        contents.unread_dates += bool(date) and since is None
        contents.contacts.append(Contact(line, id, _full_name(first, last), company, position, since or ""))
    contents.lost_contacts = sum(reject.reason != _NO_CELLS for reject in contents.rejects)


def _positions(contents: Contents, rows: Rows) -> Iterator[Position]:
    for line, (company, title, start, end) in rows:
        until = iso_date(end) if end else ""
        if not company:
            contents.set_aside(POSITIONS, line, "Company Name", "empty")
        elif until is None:
            contents.set_aside(POSITIONS, line, "Finished On", "not a date")
        else:
            yield Position(line, company, title, iso_date(start) or "", until)


def _follows(contents: Contents, rows: Rows) -> Iterator[Follow]:
    for line, (company, date) in rows:
        if company:
            yield Follow(line, company, iso_date(date) or "")
        else:
            contents.set_aside(FOLLOWS, line, "Organization", "empty")


def _rows(contents: Contents, file: str, *columns: str) -> Rows | None:
    """The cells of these columns, "" in one that is not there; None where the first of them is not, or no such file."""
    archive = contents.archive
    above, names = (heading(archive, file) if file in archive else None) or (0, [])
    places = [names.index(column.lower()) if column.lower() in names else None for column in columns]
    if places[0] is not None:
        return _cells(contents, file, above, places, len(names))
    if file in archive:
        contents.without[file] = columns[0]
    return None


def _cells(contents: Contents, file: str, above: int, places: Sequence[int | None], width: int) -> Rows:
    with contents.archive.open(file) as binary:
        lines = islice(decoded_lines(binary, contents.archive.name, file), above, None)
        for line, cells in read_rows(lines, above + 1):
            if cells is None:
                contents.set_aside(file, line, "", "quotes that do not match")
            elif not any(cell.strip() for cell in cells):
                contents.set_aside(file, line, "", _NO_CELLS)
            elif len(cells) != width:
                contents.set_aside(file, line, "", f"{len(cells)} cells, where the heading has {width}")
            else:
                yield line, ["" if place is None else _without_mail(cells[place]) for place in places]


def _without_mail(cell: str) -> str:
    """A cell without the e-mail addresses that somebody has put where none belongs."""
    return (_MAIL.sub("", cell) if "@" in cell else cell).strip()


def _full_name(first: str, last: str) -> str:
    return f"{first} {last}".strip()
