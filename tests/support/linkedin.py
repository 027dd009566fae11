"""Data archives as LinkedIn makes them, with what matters for reading them, and archives of a known network."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

PREAMBLE = (
    'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing.\n'
    'You will only see those of ""connections"" who allow it."\n\n'
)
CONNECTIONS = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
PROFILE = ("First Name", "Last Name", "Maiden Name", "Headline")
POSITIONS = ("Company Name", "Title", "Description", "Location", "Started On", "Finished On")
FOLLOWS = ("Organization", "Followed On")
INVITATIONS = ("From", "To", "Sent At", "Message", "Direction", "inviterProfileUrl", "inviteeProfileUrl")
MESSAGES = (
    "CONVERSATION ID",
    "CONVERSATION TITLE",
    "FROM",
    "SENDER PROFILE URL",
    "TO",
    "RECIPIENT PROFILE URLS",
    "DATE",
    "SUBJECT",
    "CONTENT",
    "FOLDER",
    "ATTACHMENTS",
    "IS MESSAGE DRAFT",
    "IS CONVERSATION DRAFT",
)

ABOUT = ("id", "name", "company", "position")

Files = Mapping[str, str | bytes]


def table(heading: Sequence[str], *rows: Sequence[str]) -> str:
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([heading, *rows])
    return text.getvalue()


def address(slug: str) -> str:
    return f"https://www.linkedin.com/in/{slug}"


def contact(slug: str, name: str = "", company: str = "", position: str = "", on: str = "05 Sep 2026") -> list[str]:
    """A row of `Connections.csv`, with an e-mail address."""
    first, _, last = (name or slug).partition(" ")
    return [first, last, address(slug), f"secret-of-{slug}@example.org", company, position, on]


def connections(*rows: Sequence[str]) -> str:
    return PREAMBLE + table(CONNECTIONS, *rows)


def invitation(inviter: str, direction: str = "OUTGOING") -> str:
    row = ["A", "B", "3/14/25, 2:37 PM", "secret text", direction, address(inviter), address("somebody")]
    return table(INVITATIONS, row)


def message(
    conversation: str, sender: str, recipients: str, *, draft: str = "No", conversation_draft: str = "No"
) -> list[str]:
    """A row of `messages.csv`; several recipients are separated by spaces."""
    to = ",".join(map(address, recipients.split()))
    who = address(sender) if sender else ""
    texts = ["2026-09-30 08:12:40 UTC", "secret subject", "secret\ntext", "INBOX", ""]
    return [conversation, "", sender, who, recipients, to, *texts, draft, conversation_draft]


def messages(*rows: Sequence[str]) -> str:
    return table(MESSAGES, *rows)


def write_folder(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def write_zip(path: Path, files: Files, within: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, content in files.items():
            zip.writestr(within + name, content)
    return path


# Archives of a known network


@dataclass(slots=True)
class Truth:
    """What the archives of a network show: name, company and position of people, dates of connections, companies."""

    people: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    connections: dict[tuple[str, str], str] = field(default_factory=dict)
    companies: set[str] = field(default_factory=set)
    owners: list[str] = field(default_factory=list)


_FIRST = ("Ada", "Sam", "José", "Zoë", "Ingrid", "Łukasz", "Mei", "Olu")
_LAST = ("Lee", "Muster", "Núñez", "Å", "O'Neil", "van der Berg")
_COMPANIES = ("Acme, Inc.", "Café GmbH", "Globex", 'The "Quotes"', "Initech  Ltd", "Straße AG", "日本商事")


def write_archives(folder: Path, seed: int, people: int = 300, contacts: int = 80) -> Truth:
    """Five archives of one network, each packed in its way and its owner told in its way; addresses in every form."""
    draw = random.Random(seed)
    truth = Truth()
    ids = [_id(draw, number) for number in range(people)]
    about = {id: _person(draw) for id in ids}
    truth.owners = ids[:5]
    for number, owner in enumerate(truth.owners):
        about[owner] = (f"Owner Number-{number}", "Globex", "Founder")
    for owner in truth.owners:
        met = [*draw.sample(ids[5:], contacts), *(each for each in truth.owners if each != owner)]
        for other in met:
            a, b = sorted((owner, other))
            truth.connections.setdefault((a, b), f"20{draw.randrange(10, 26)}-0{draw.randrange(1, 10)}-17")
    packed: list[Callable[[str, Files], object]] = [
        lambda name, files: write_folder(folder / name, files),
        lambda name, files: write_zip(folder / f"{name}.zip", files),
        lambda name, files: write_zip(folder / f"{name}.zip", files, within=f"{name}/"),
        lambda name, files: write_folder(folder / name, files),
        lambda name, files: write_zip(folder / f"{name}.zip", files),
    ]
    for number, (owner, pack) in enumerate(zip(truth.owners, packed, strict=True)):
        others = [other for pair in truth.connections if owner in pair for other in pair if other != owner]
        rows = [_row(draw, other, about[other], truth, owner) for other in others]
        draw.shuffle(rows)
        name, company, position = about[owner]
        first, _, last = name.partition(" ")
        files = {
            "Connections.csv": connections(*rows),
            "Profile.csv": table(PROFILE, [first, last, "", ""]),
            "Positions.csv": table(POSITIONS, [company, position, "secret text", "", "Jan 2015", ""]),
            "Learning.csv": "Content Title,Content Saved\nX,No\n",
        }
        if number in (1, 4):
            files["Invitations.csv"] = table(INVITATIONS, ["", "", "", "", "OUTGOING", variant(draw, owner), ""])
        elif number == 2:
            ends = [(other, variant(draw, owner), variant(draw, other)) for other in draw.sample(others, 9)]
            rows = [[other, "", "", a, "", b, "", "", "secret text", "", "", "No", "No"] for other, a, b in ends]
            files["messages.csv"] = messages(*rows)
        pack(f"archive-{number}", files)
        for id in (owner, *others):
            name, company, position = about[id]
            truth.people[id] = (name, plain(company), position)
    (folder / "owners.csv").write_text(f"archive,owner\narchive-0,{variant(draw, truth.owners[0])}\n", "utf-8")
    truth.companies = {company for _, company, _ in truth.people.values() if company}
    return truth


def plain(company: str | None) -> str:
    """A company as it is told from others."""
    return " ".join((company or "").split()).casefold()


def variant(draw: random.Random, id: str) -> str:
    """An address of a person, in one of the many forms that an address may have."""
    segment = unicodedata.normalize(draw.choice(("NFC", "NFD")), id)
    segment = draw.choice((str, str.upper))(segment)
    segment = draw.choice((segment, quote(segment, safe="%")))
    scheme = draw.choice(("https://", "http://", "HTTPS://", "", "//"))
    host = draw.choice(("www.linkedin.com", "linkedin.com", "de.linkedin.com", "WWW.LinkedIn.com"))
    middle = draw.choice(("/in/", "/IN/", "/mwlite/in/"))
    return f"{scheme}{host}{middle}{segment}{draw.choice(('', '/', '/de', '?trk=x', '/?a=/in/b', '#top'))}"


def _id(draw: random.Random, number: int) -> str:
    return draw.choice(("ada-{}", "sam-lee-{}", "josé-núñez-{}", "x%ff-{}", "日本-{}", "{}")).format(number)


def _person(draw: random.Random) -> tuple[str, str, str]:
    name = f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"
    return name, draw.choice((*_COMPANIES, "")), draw.choice(("CEO, Founder", "Engineer 🚀", ""))


def _row(draw: random.Random, other: str, person: tuple[str, str, str], truth: Truth, owner: str) -> list[str]:
    name, company, position = person
    first, _, last = name.partition(" ")
    since = truth.connections[min(owner, other), max(owner, other)]
    company = draw.choice((company, company.upper(), company.replace(" ", "  ")))
    return [first, last, variant(draw, other), f"secret-{draw.random()}@example.org", company, position, since]
