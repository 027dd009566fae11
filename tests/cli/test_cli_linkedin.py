"""Own exports at the command line: load, load again, drop what is missing, forget, and take that back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.driver.database import Database
from tests.support import linkedin as made
from tests.support.linkedin import Files, connections, contact, invitation, message, messages, table
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

ME: Files = {
    "Connections.csv": connections(contact("ada", "Ada Muster", "Acme"), contact("ben", on="soon")) + ",Only,,,,,\n",
    "Invitations.csv": invitation("me"),
    "Profile.csv": table(made.PROFILE, ["Me", "Self", "", ""]),
    "messages.csv": messages(message("1", "me", "ada"), message("1", "ada", "me")),
}


def column(database: Database, text: str) -> list[object]:
    return [next(iter(row.values())) for row in database.explain(text, {}, profile=True)[0]]


@pytest.mark.usefixtures("database")
def test_a_load_says_whose_the_archives_are_and_what_is_not_in_them(linkreach: Typed, desk: Path) -> None:
    made.write_zip(desk / "all" / "mine.zip", ME)
    made.write_folder(desk / "all" / "notes", {"a.txt": ""})
    answer = linkreach("load", "all", "--messages")
    assert [
        "file read as loaded set aside not read, and what else to know",
        "mine.zip/Profile.csv members 1 0",
        "mine.zip/Connections.csv members 2 1 the archive of Me Self (me)",
        "1 date not read: these connections have none",
        "mine.zip/Connections.csv companies 1 0",
        "mine.zip/Connections.csv connections 2 0",
        "mine.zip/Connections.csv company_members 1 0",
        "mine.zip/Invitations.csv – read for whose the archive is",
        "mine.zip/messages.csv – read: who wrote to whom; no text",
        "notes/ – a folder, not read: no archive of LinkedIn's (1 file)",
    ] == [" ".join(line.split()) for line in answer.out.splitlines()]
    assert [
        "3 people are known from 1 archive; connections among those who are no owners are not in an archive",
        "tier, credits and counts of the owners are assumed: settings.csv beside the archives can say them",
        "the rejected rows are in linkreach-rejects.csv",
    ] == answer.err.splitlines()[1:]
    aside = "file,line,column,value,reason\nmine.zip/Connections.csv,8,URL,,no address of a profile\n"
    assert aside == (desk / "linkreach-rejects.csv").read_text("utf-8")


def test_what_is_no_longer_listed_is_told_and_taken_away_if_asked(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    made.write_folder(desk / "old", ME)
    made.write_folder(desk / "new", {**ME, "Connections.csv": connections(contact("ada"))})
    (desk / "new" / "settings.csv").write_text("id,tier\nme,free\n", "utf-8")
    ties = "MATCH (a)-[:CONNECTED_TO]->(b) RETURN a.id + '-' + b.id AS tie ORDER BY tie"
    assert 0 == linkreach("load", "old").code
    tried = linkreach("load", "new", "--dry-run")
    assert ("1 connection no longer listed: kept" in tried.out, tried.err.splitlines()[-1]) == (
        True,
        "--drop-missing takes away the connections that are no longer listed",
    )
    assert tried.out == linkreach("load", "new").out
    assert ["ada-me", "ben-me"] == column(database, ties)
    dropped = linkreach("load", "new", "--drop-missing")
    assert ("1 connection no longer listed: taken away" in dropped.out, "--drop-missing" in dropped.err) == (
        True,
        False,
    )
    [gone] = [line for line in dropped.out.splitlines() if "remove/connections" in line]
    assert ["new/Connections.csv", "remove/connections", "1", "0"] == gone.split()[:4]
    assert ["ada-me"] == column(database, ties)


def test_who_is_forgotten_does_not_come_back_until_that_is_taken_back(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    made.write_folder(desk / "mine", ME)
    people = "MATCH (m:Member) RETURN m.id ORDER BY m.id"
    assert 0 == linkreach("load", "mine").code
    forgotten = linkreach("forget", "ada")
    assert (0, 64 + 1) == (forgotten.code, len(forgotten.out))
    assert 0 == linkreach("load", "mine").code
    assert ["ben", "me"] == column(database, people)
    rejects = (desk / "linkreach-rejects.csv").read_text("utf-8")
    assert ("asked to be forgotten" in rejects, "ada" in rejects) == (True, False)
    assert linkreach("forget", "--list").out.startswith(forgotten.out.strip())
    assert Answer(2, "", "linkreach: mine: its owner asked to be forgotten\n") == (
        linkreach("forget", "Me Self") and linkreach("load", "mine")
    )
    for line in linkreach("forget", "--list").out.splitlines():
        assert 0 == linkreach("forget", "--undo", line.split()[0]).code
    assert "" == linkreach("forget", "--list").out
    assert 0 == linkreach("load", "mine").code
    assert ["ada", "ben", "me"] == column(database, people)


def test_nobody_is_forgotten_on_a_guess_and_who_was_is_told_by_name_and_id(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    people = connections(contact("ada", "Ada Muster"), contact("eva1", "Eva Muster"), contact("eva2", "Eva Muster"))
    made.write_folder(desk / "mine", {**ME, "Connections.csv": people})
    assert 0 == linkreach("load", "mine").code
    find = "linkreach find TEXT looks for members by name"
    assert Answer(2, "", f"linkreach: no member has the id 'Ada'; {find}\n") == linkreach("forget", "Me Self", "Ada")
    several = linkreach("forget", "ada", "Eva Muster")
    assert (2, "") == (several.code, several.out)
    assert several.err.startswith("linkreach: 'Eva Muster' means several members: 'eva1' (Eva Muster")
    forgotten = linkreach("forget", "ada  MUSTER ", "eva1", "ada")
    assert (0, 2) == (forgotten.code, len(forgotten.out.splitlines()))
    assert ["forgotten: 'ada' (Ada Muster)", "forgotten: 'eva1' (Eva Muster)"] == forgotten.err.splitlines()[:2]
    assert ["eva2", "me"] == column(database, "MATCH (m:Member) RETURN m.id ORDER BY m.id")
    again = linkreach("forget", "ada")
    assert (forgotten.out.splitlines()[0], "forgotten: 'ada'") == (again.out.strip(), again.err.splitlines()[0])


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("words", [(), ("ada", "--list"), ("--list", "--undo", "0" * 64)])
def test_forget_does_one_thing_at_a_time(linkreach: Typed, words: tuple[str, ...]) -> None:
    answer = linkreach("forget", *words)
    assert (2, "name members, or say --list, or --undo HASH" in answer.err) == (answer.code, True)


def test_an_owner_who_cannot_be_told_can_be_named_in_three_ways(
    linkreach: Typed, database: Database, desk: Path
) -> None:
    made.write_folder(desk / "mine", {"Connections.csv": ME["Connections.csv"]})
    answer = linkreach("load", "mine")
    assert (2, "", 1) == (answer.code, answer.out, len(answer.err.splitlines()))
    assert answer.err.startswith("linkreach: nothing says whose archive mine is; say --owner ADDRESS")
    assert all(way in answer.err for way in ("--owner", "owners.csv", "Invitations.csv or messages.csv"))
    assert [] == column(database, "MATCH (n) RETURN n")
    assert 0 == linkreach("load", "mine", "--owner", "www.linkedin.com/in/Me/").code
    assert ["me"] == column(database, "MATCH (m:Member {own_export: true}) RETURN m.id")


@pytest.mark.usefixtures("database")
def test_what_is_of_archives_alone_is_refused_elsewhere(linkreach: Typed, desk: Path) -> None:
    made.write_folder(desk / "native", {"members.csv": "id\na\n"})
    told = "there is no Connections.csv of a LinkedIn archive"
    assert Answer(2, "", f"linkreach: native is not of the format linkedin: {told}\n") == (
        linkreach("load", "native", "--messages")
    )
    told = "owners and messages are of archives of LinkedIn, and native is to be read as native"
    assert Answer(2, "", f"linkreach: {told}\n") == linkreach("load", "native", "--owner", "me", "--from", "native")
    told = "columns are told of an edge list, and native is to be read as linkedin"
    assert Answer(2, "", f"linkreach: {told}\n") == (
        linkreach("load", "native", "--drop-missing", "--columns", "a=1,b=2")
    )
    made.write_folder(desk / "mine", ME)
    drawn = linkreach("load", "mine", "--assign-tiers", "free=1")
    assert (2, "linkreach: tiers that are drawn would pass for known ones: settings.csv says those that are\n") == (
        drawn.code,
        drawn.err,
    )


def test_addresses_of_mail_and_texts_are_nowhere(linkreach: Typed, database: Database, desk: Path) -> None:
    """In the graph, in rejects, in what is printed, and in errors, with broken files of every kind."""
    secret = "SECRET-ada@example.org SECRET-text"
    row = ["Ada", "Muster", made.address("ada"), secret, "Acme", "Boss", "05 Sep 2026"]
    shifted = ["Ben", "Lee, Jr", "", "", *row[2:]]
    broken = ["Cy", 'Lee"', made.address("cy"), secret, "Acme", "Boss", "soon"]
    texts = [
        ["1", secret, "me", made.address("me"), "ada", made.address("ada"), "", secret, secret, "", "", "No", "No"]
    ]
    files: dict[str, str] = {
        "Connections.csv": made.PREAMBLE
        + secret
        + "\n"
        + table(made.CONNECTIONS, row, shifted, ["", secret, "", secret, "", "", ""])
        + ",".join(broken)
        + f'\nDee,"open,{made.address("dee")},{secret},,,\n'
        + f"Eve,Lee,,{secret},Acme,Boss,soon\n",
        "Invitations.csv": table(
            made.INVITATIONS, ["A", "B", "", secret, "OUTGOING", made.address("me"), ""], [secret]
        ),
        "Positions.csv": table(made.POSITIONS, ["Acme", "Boss", secret, "", "2020", secret], ["Acme", secret]),
        "Company Follows.csv": table(made.FOLLOWS, ["", secret], ["Acme", secret]),
        "messages.csv": messages(*texts) + f'1,"{secret}\n' + f"{secret},{secret}\n",
        "Email Addresses.csv": f"Email Address\n{secret}\n",
    }
    made.write_zip(desk / "mine.zip", files)
    seen = [linkreach("load", "mine.zip", "--messages"), linkreach("load", "mine.zip", "--messages", "--dry-run")]
    assert [0, 0] == [answer.code for answer in seen]
    for name, text in files.items():
        for broken_bytes in (f"{secret}\xe9".encode("latin-1"), b"x" * 2_000_000 + secret.encode()):
            made.write_zip(desk / "broken.zip", {**files, name: text.encode() + broken_bytes})
            seen.append(linkreach("load", "broken.zip", "--messages", "--rejects", "broken.csv"))
    assert {0, 2} == {answer.code for answer in seen}
    everything = [
        *seen,
        column(database, "MATCH (n) RETURN properties(n)"),
        column(database, "MATCH ()-[e]->() RETURN properties(e)"),
    ]
    written = [path.read_bytes() for path in desk.iterdir() if path.suffix != ".zip"]
    assert written
    assert "SECRET" not in repr([everything, written])
