"""Writes what the tutorial begins with, docs/tutorial/: archives of five colleagues in a made-up network, and lists.

`python -m tests.documents.tutorial_archives` writes them anew, byte for byte the same.
"""

from __future__ import annotations

import csv
import shutil
import zipfile
from collections import defaultdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from graph.generate.generator import generate
from tests.support import linkedin
from tests.support.paths import ROOT

FOLDER = ROOT / "docs" / "tutorial"
SEED = 11
MEMBERS = 2_000
DEGREES = (150, 110, 90, 60, 45)  # about so many connections has each of the five
SELLERS = 2  # the last of them
KNOWN, UNKNOWN = 40, 2
_EARLIEST = (1980, 1, 1, 0, 0, 0)

Rows = list[dict[str, str]]


def write(folder: Path) -> None:
    """The archives in `team/`, the names of those who sell, and of those who are to be reached."""
    with TemporaryDirectory() as made:
        network = Path(made) / "network"
        generate(network, members=MEMBERS, mean_degree=24, seed=SEED)
        members = {row["id"]: row for row in rows(network / "members.csv")}
        companies = {row["id"]: row["name"] for row in rows(network / "companies.csv")}
        works = {
            row["member"]: companies[row["company"]]
            for row in rows(network / "company_members.csv")
            if row["tie"] == "works_at" and not row["until"]
        }
        ties: defaultdict[str, list[str]] = defaultdict(list)
        for row in rows(network / "connections.csv"):
            ties[row["a"]].append(row["b"])
            ties[row["b"]].append(row["a"])
    draw = Random(SEED)
    sole = sole_names(members)
    owners = [owner_of(count, ties, sole) for count in DEGREES]
    shutil.rmtree(folder, ignore_errors=True)
    for owner in owners:
        first, _, last = members[owner]["name"].partition(" ")
        contacts = [contact(members[other], works.get(other, ""), draw) for other in ties[owner]]
        files = {
            "Connections.csv": linkedin.connections(*contacts),
            "Profile.csv": linkedin.table(linkedin.PROFILE, [first, last, "", ""]),
            "Invitations.csv": linkedin.table(
                linkedin.INVITATIONS, ["", "", "", "", "OUTGOING", linkedin.address(slug(members[owner])), ""]
            ),
            "messages.csv": messages(owner, ties[owner], members, draw),
        }
        write_zip(folder / "team" / f"Complete_LinkedInDataExport_{first}.zip", files)
    settings = [[slug(members[owner]), "free", "0"] for owner in owners]
    (folder / "team" / "settings.csv").write_text(linkedin.table(("id", "tier", "inmail_credits"), *settings), "utf-8")
    known = sorted({other for owner in owners for other in ties[owner]} & sole - {*owners})
    strangers = sorted(sole - {*known, *owners})
    targets = [*draw.sample(known, KNOWN), *draw.sample(strangers, UNKNOWN)]
    for name, some in (("sellers.txt", owners[-SELLERS:]), ("targets.txt", targets)):
        (folder / name).write_text("".join(members[each]["name"] + "\n" for each in some), "utf-8")


def rows(file: Path) -> Rows:
    with file.open(encoding="utf-8", newline="") as text:
        return [*csv.DictReader(text)]


def sole_names(members: dict[str, dict[str, str]]) -> set[str]:
    """Those whose name nobody else has."""
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for id, row in members.items():
        by_name[row["name"]].append(id)
    return {ids[0] for ids in by_name.values() if len(ids) == 1}


def owner_of(count: int, ties: dict[str, list[str]], sole: set[str]) -> str:
    """Who has about so many connections."""
    return min(sole, key=lambda id: (abs(len(ties[id]) - count), id))


def slug(member: dict[str, str]) -> str:
    return f"{member['name'].lower().replace(' ', '-')}-{int(member['id'][1:]):04x}"


def contact(member: dict[str, str], company: str, draw: Random) -> list[str]:
    first, _, last = member["name"].partition(" ")
    on = f"{draw.randint(1, 28):02} {draw.choice(('Jan', 'Mar', 'Jun', 'Sep'))} 20{draw.randint(12, 25)}"
    return [first, last, linkedin.address(slug(member)), "", company, member["seniority"].title(), on]


def messages(owner: str, contacts: list[str], members: dict[str, dict[str, str]], draw: Random) -> str:
    """Some of the contacts wrote and were answered, more or less often."""
    written = []
    for other in draw.sample(contacts, len(contacts) // 2):
        for _ in range(draw.randint(1, 8)):
            one, to = draw.sample([slug(members[owner]), slug(members[other])], 2)
            row = linkedin.message(f"{owner}-{other}", one, to)
            row[7:9] = ["", "Hello!"]
            written.append(row)
    return linkedin.messages(*written)


def write_zip(path: Path, files: dict[str, str]) -> None:
    """Like one of LinkedIn's, but of no time, so that the same files give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, content in files.items():
            zip.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    write(FOLDER)
