"""LinkedIn's archives: who is who, whose they are, and what is read of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InvalidArchive, InvalidInput, UnknownOwners, UnknownSource
from graph.sources import open_source
from graph.sources.chunks import Hints, Reject
from graph.sources.files import Folder
from graph.sources.linkedin.addresses import member_id, named_id
from graph.sources.linkedin.archive import Archive, archive_in
from graph.sources.linkedin.dates import iso_date
from graph.sources.linkedin.messages import person_in_every_conversation, strength
from graph.sources.linkedin.source import LinkedInSource
from tests.support import linkedin as made
from tests.support.linkedin import Files, address, connections, contact, invitation, message, messages, table

ME: Files = {"Invitations.csv": invitation("me")}
BOTH_WAYS = pytest.mark.parametrize("pack", [made.write_folder, made.write_zip])


def source(folder: Path, files: Files, **how: Any) -> LinkedInSource:
    return LinkedInSource(made.write_folder(folder / "mine", files), Hints(**how))


def several(folder: Path, archives: Mapping[str, Files], **how: Any) -> LinkedInSource:
    for name, files in archives.items():
        made.write_folder(folder / "all" / name, files)
    return LinkedInSource(folder / "all", Hints(**how))


def rows(source: LinkedInSource, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    """The rows of a table with these columns, sorted; None where a row does not have one."""
    found: list[tuple[str | None, ...]] = []
    for chunk in source.chunks():
        if chunk.table.name == table:
            cells = [chunk.columns.get(column, [None] * len(chunk.lines)) for column in columns]
            found += zip(*cells, strict=True)
    return sorted(found, key=str)


def notes(source: LinkedInSource) -> dict[str, list[str]]:
    """What is told of each file."""
    told: dict[str, list[str]] = {}
    for note in source.notes():
        told.setdefault(note.file, []).append(note.text)
    return told


def archive_at(path: Path) -> Archive:
    folder = Folder.at(path)
    assert folder is not None
    archive = archive_in(folder, path.name)
    assert archive is not None
    return archive


def rejects(source: LinkedInSource) -> list[Reject]:
    return [reject for chunk in source.chunks() for reject in chunk.rejects]


# ── who is who ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("https://www.linkedin.com/in/ada-muster-1a2b", "ada-muster-1a2b"),
        ("http://de.linkedin.com/IN/Ada-Muster/", "ada-muster"),
        ("www.linkedin.com/in/ada?trk=/in/ben", "ada"),
        ("linkedin.com/in/ada#top", "ada"),
        ("//linkedin.com/in/ada", "ada"),
        ("linkedin.com:443/in/ada", "ada"),
        ("  https://www.linkedin.com/in/ada/de  ", "ada"),
        ("https://www.linkedin.com/mwlite/in/ada", "ada"),
        ("https://www.linkedin.com/in/jos%C3%A9-n%C3%BA%C3%B1ez-9", "josé-núñez-9"),
        ("https://www.linkedin.com/in/jose%CC%81", "josé"),
        ("https://www.linkedin.com/in/jose\u0301", "josé"),
        ("https://www.linkedin.com/in/a%FFb%c3", "a%ffb%c3"),
        ("https://www.linkedin.com/in/50%2525", "50%25"),
        ("https://www.linkedin.com/pub/Ada/1/2b/3/", "pub/ada/1/2b/3"),
        ("linkedin.com/pub/ada/a.b/c", "pub/ada/a.b/c"),
        ("/pub/ada/a.b/c", "pub/ada/a.b/c"),
        ("https://www.linkedin.com/inbox/ada", "inbox/ada"),
        ("https://www.linkedin.com/in/", None),
        ("https://www.linkedin.com/in", None),
        ("https://www.linkedin.com/in//?x=1", None),
        ("https://www.linkedin.com/", None),
        ("www.linkedin.com", None),
        ("ada@example.org", None),
        ("", None),
    ],
)
def test_a_person_is_the_path_of_their_address(text: str, id: str | None) -> None:
    assert id == member_id(text)


@pytest.mark.parametrize(
    "text", ["me-self", "Me-Self", "https://www.linkedin.com/in/Me-Self/", "linkedin.com/in/me-self"]
)
def test_somebody_is_named_by_an_address_or_by_an_id(text: str) -> None:
    assert "me-self" == named_id(text)


def test_two_rows_of_one_name_are_two_people(tmp_path: Path) -> None:
    files = {**ME, "Connections.csv": connections(contact("sam-1", "Sam Lee"), contact("sam-2", "Sam Lee"))}
    assert [("me", None), ("sam-1", "Sam Lee"), ("sam-2", "Sam Lee")] == rows(
        source(tmp_path, files), "members", "id", "name"
    )


@pytest.mark.parametrize("seed", range(5))
def test_archives_of_one_network_give_that_network(tmp_path: Path, seed: int) -> None:
    truth = made.write_archives(tmp_path / "all", seed)
    found = open_source(tmp_path / "all")
    assert isinstance(found, LinkedInSource)
    assert [] == rejects(found)
    assert truth.owners == [found.owners[name] for name in sorted(found.owners)]
    people = {id: (name, company, job) for id, name, company, job in rows(found, "members", *made.ABOUT)}
    assert truth.people == {id: (name, made.plain(company), job or "") for id, (name, company, job) in people.items()}
    since = {(a, b): str(date)[:10] for a, b, date in rows(found, "connections", "a", "b", "since")}
    assert truth.connections == since
    assert {(company,) for company in truth.companies} == {*rows(found, "companies", "id")}


# ── what is read ─────────────────────────────────────────────────────────────────────────────────


@BOTH_WAYS
def test_an_archive_is_told_from_its_connections(tmp_path: Path, pack: Callable[[Path, Files], Path]) -> None:
    path = pack(tmp_path / "Basic_Export", {**ME, "Connections.csv": connections(contact("ada"))})
    assert isinstance(open_source(path), LinkedInSource)


@pytest.mark.parametrize(("lines", "told"), [(0, True), (9, True), (10, False)])
def test_the_heading_stands_within_the_first_ten_lines(tmp_path: Path, lines: int, told: bool) -> None:
    text = 'a "quote that is never closed\n' * lines + table(made.CONNECTIONS, contact("ada"))
    folder = made.write_folder(tmp_path / "mine", {"Connections.csv": "\ufeff" + text})
    assert told is LinkedInSource.recognises(folder)
    if told:
        assert [("ada",), ("me",)] == rows(LinkedInSource(folder, Hints(owner="me")), "members", "id")


def test_connections_of_other_formats_are_not_taken_for_an_archive(tmp_path: Path) -> None:
    folder = made.write_folder(tmp_path / "mine", {"members.csv": "id\na\nb\n", "Connections.csv": "a,b\na,b\n"})
    assert not LinkedInSource.recognises(folder)


def test_an_old_export_without_addresses_is_refused_by_name(tmp_path: Path) -> None:
    heading = [name for name in made.CONNECTIONS if name != "URL"]
    files = {"Connections.csv": table(heading, ["Ada", "Muster", "", "Acme", "Engineer", "05 Sep 2026"])}
    with pytest.raises(
        InvalidArchive, match=r"^mine: its Connections.csv has no column URL.*ask LinkedIn for a new one$"
    ):
        source(tmp_path, files, owner="me")


def test_rows_that_say_nobody_are_set_aside_without_what_stands_in_them(tmp_path: Path) -> None:
    text = connections(contact("ada")) + (
        ",,,,,,\nBen,Only,,ben@example.org,Acme,,05 Sep 2026\n"
        "Cy,Lee,https://www.linkedin.com/in/cy,cy@example.org,Acme, Inc.,Boss,05 Sep 2026\n"
        'Dee,"open,https://www.linkedin.com/in/dee,dee@example.org,Acme,,05 Sep 2026\n'
        "Eve,Lee,https://www.linkedin.com/in/eve,,,,05 Sep 2026\n"
        "Fay,Only,,,,,05 Sep 2026\n"
    )
    found = source(tmp_path, {**ME, "Connections.csv": text})
    place = "mine/Connections.csv"
    assert [
        Reject(place, 7, "", "", "nothing but commas"),
        Reject(place, 8, "URL", "", "no address of a profile"),
        Reject(place, 9, "", "", "8 cells, where the heading has 7"),
        Reject(place, 10, "", "", "quotes that do not match"),
        Reject(place, 12, "URL", "", "no address of a profile"),
    ] == rejects(found)
    assert [("ada",), ("eve",), ("me",)] == rows(found, "members", "id")


def test_an_address_of_mail_is_left_out_wherever_it_stands(tmp_path: Path) -> None:
    row = ["Ada ada@example.org", "Lee", address("ada"), "", "Acme", "Boss <b@a.example>, at @ home", "2026"]
    swallowed = ["Ben", 'x,,y@example.org,"\nCy', address("ben"), "", "z@example.org", "", "2026"]
    found = source(tmp_path, {**ME, "Connections.csv": connections(row, swallowed)})
    assert [
        ("ada", "Ada Lee", "Acme", "Boss <>, at @ home"),
        ("ben", 'Ben x,,,"\nCy', None, None),
        ("me", None, None, None),
    ] == rows(found, "members", *made.ABOUT)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("05 Sep 2026", "2026-09-05T00:00:00Z"),
        ("5 September 2026", "2026-09-05T00:00:00Z"),
        ("7-Feb-22", "2022-02-07T00:00:00Z"),
        ("Jan 2015", "2015-01-01T00:00:00Z"),
        ("2015", "2015-01-01T00:00:00Z"),
        ("Wed Jun 24 12:43:42 UTC 2026", "2026-06-24T12:43:42Z"),
        ("9/5/26, 1:12 AM", "2026-09-05T01:12:00Z"),
        ("9/5/26, 1:12\u202fPM", "2026-09-05T13:12:00Z"),
        ("12/31/26, 12:00 AM", "2026-12-31T00:00:00Z"),
        ("2026-08-31 21:20:46 UTC", "2026-08-31T21:20:46Z"),
        ("2026-08-31", "2026-08-31T00:00:00Z"),
        ("2026-08-31T21:20:46+02:00", "2026-08-31T19:20:46Z"),
        ("31 Feb 2026", None),
        ("13/1/26", None),
        ("9/5/26, 0:12 AM", None),
        ("05 Mayhem 2026", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_read_in_every_form(text: str, iso: str | None) -> None:
    assert iso == iso_date(text)


def test_a_date_that_cannot_be_read_costs_no_connection_and_is_counted(tmp_path: Path) -> None:
    found = source(tmp_path, {**ME, "Connections.csv": connections(contact("ada", on="soon"), contact("ben", on=""))})
    assert [("ada", "me", None), ("ben", "me", None)] == rows(found, "connections", "a", "b", "since")
    assert "1 date not read: these connections have none" in notes(found)["mine/Connections.csv"]


def test_positions_are_stints_and_the_open_one_begun_last_is_the_owners(tmp_path: Path) -> None:
    positions = table(
        made.POSITIONS,
        ["Acme", "Trainee", "secret", "", "Jan 2015", "Dec 2017"],
        ["Globex", "Boss", "secret", "", "2018", ""],
        ["Initech", "Adviser", "", "", "Mar 2017", ""],
        ["Umbrella", "Temp", "", "", "2019", "2020"],
        ["Hooli", "?", "", "", "long ago", ""],
        ["Pied Piper", "?", "", "", "2016", "some day"],
        ["", "Freelancer", "", "", "2016", ""],
    )
    found = source(tmp_path, {**ME, "Connections.csv": connections(contact("ada")), "Positions.csv": positions})
    assert [
        ("acme", "2015-01-01T00:00:00Z", "2017-12-01T00:00:00Z"),
        ("globex", "2018-01-01T00:00:00Z", ""),
        ("hooli", "", ""),
        ("initech", "2017-03-01T00:00:00Z", ""),
        ("umbrella", "2019-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
    ] == rows(found, "company_members", "company", "since", "until")
    assert ("me", "Globex", "Boss") in rows(found, "members", "id", "company", "position")
    assert [
        Reject("mine/Positions.csv", 7, "Finished On", "", "not a date"),
        Reject("mine/Positions.csv", 8, "Company Name", "", "empty"),
    ] == rejects(found)


@pytest.mark.parametrize("name", ["Company Follows.csv", "Company_Follows.csv", "company follows.CSV"])
def test_followed_companies_are_read_under_each_name(tmp_path: Path, name: str) -> None:
    follows = table(made.FOLLOWS, ["Globex", "Wed Jun 24 12:43:42 UTC 2026"], ["Acme", "?"])
    found = source(tmp_path, {**ME, "Connections.csv": connections(contact("ada")), name: follows})
    assert [("me", "acme", "follows", None), ("me", "globex", "follows", "2026-06-24T12:43:42Z")] == rows(
        found, "company_members", "member", "company", "tie", "since"
    )


def test_a_company_is_its_name_and_keeps_the_first_spelling(tmp_path: Path) -> None:
    spellings = [contact("a", company="Acme  Inc"), contact("b", company=" ACME INC"), contact("c", company="acme inc")]
    found = source(tmp_path, {**ME, "Connections.csv": connections(*spellings)})
    assert [("acme inc", "Acme Inc")] == rows(found, "companies", "id", "name")


@BOTH_WAYS
def test_other_files_of_an_archive_are_not_opened(tmp_path: Path, pack: Callable[[Path, Files], Path]) -> None:
    files: Files = {
        **ME,
        "Connections.csv": connections(contact("ada")),
        "Learning.csv": b"\xff\x00",
        "Email.csv": b"\xff",
    }
    assert [("ada",), ("me",)] == rows(LinkedInSource(pack(tmp_path / "mine", files)), "members", "id")


def test_messages_are_not_opened_where_nobody_asks_for_them(tmp_path: Path) -> None:
    files: Files = {**ME, "Connections.csv": connections(contact("ada")), "messages.csv": b"\xff"}
    assert [("ada",), ("me",)] == rows(source(tmp_path, files), "members", "id")
    with pytest.raises(InvalidArchive, match=r"line 1 of messages.csv is not UTF-8"):
        LinkedInSource(tmp_path / "mine", Hints(messages=True))


# ── whose it is ──────────────────────────────────────────────────────────────────────────────────

LISTS_ADA = connections(contact("ada"))
ADA: Files = {"Connections.csv": LISTS_ADA}


def test_the_owner_is_the_one_who_is_named(tmp_path: Path) -> None:
    found = source(tmp_path, {**ME, **ADA}, owner=address("Not-Me"))
    assert [("ada", "not-me")] == rows(found, "connections", "a", "b")


def test_one_owner_cannot_be_named_for_several_archives(tmp_path: Path) -> None:
    made.write_folder(tmp_path / "b", ADA)
    made.write_folder(tmp_path / "a", ADA)
    with pytest.raises(InvalidInput, match="one owner is named, and there are 2 archives: a, b"):
        LinkedInSource(tmp_path, Hints(owner="me"))


def test_owners_are_named_beside_several_archives(tmp_path: Path) -> None:
    made.write_folder(tmp_path / "a", {**ME, **ADA})
    made.write_zip(tmp_path / "b.zip", ADA)
    (tmp_path / "owners.csv").write_text(f"archive,owner\na,ann\nb.zip,{address('Bob')}\n", "utf-8")
    assert {"a": "ann", "b.zip": "bob"} == LinkedInSource(tmp_path).owners


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("archive,owner\nb,me\n", "line 2: there is no archive 'b' beside it, but a"),
        ("archive,owner\na,me\na,you\n", "line 3: the archive 'a' has another owner above"),
        ("archive,owner\na,https://www.linkedin.com/in/\n", "line 2: .* is neither an address nor an id"),
        ("archive,owner\na,me,too\n", "line 2: 3 cells"),
        ("name,owner\na,me\n", "has no column 'archive': owners need it"),
    ],
)
def test_a_wrong_file_of_owners_is_an_error_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    made.write_folder(tmp_path / "a", ADA)
    (tmp_path / "owners.csv").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=problem):
        LinkedInSource(tmp_path)


def test_an_outgoing_invitation_names_the_owner(tmp_path: Path) -> None:
    invitations = invitation("me") + invitation("ada", "INCOMING").partition("\n")[2]
    assert {"mine": "me"} == source(tmp_path, {**ADA, "Invitations.csv": invitations}).owners


def test_outgoing_invitations_of_two_people_are_an_error(tmp_path: Path) -> None:
    invitations = invitation("me") + invitation("you").partition("\n")[2]
    with pytest.raises(InvalidArchive, match=r"^mine: 2 people sent its outgoing invitations$"):
        source(tmp_path, {**ADA, "Invitations.csv": invitations})
    assert {"mine": "me"} == LinkedInSource(tmp_path / "mine", Hints(owner="me")).owners


@pytest.mark.parametrize(
    ("some", "owner"),
    [
        ([message("1", "ada", "me"), message("2", "me", "ben")], "me"),
        ([message("1", "ada", ""), message("1", "me", ""), message("2", "ben", "me")], "me"),
        ([message("1", "ada", "ben"), message("2", "me", "ada"), message("1", "ben", "me")], "me"),
        ([message("1", "ada", "me"), message("2", "sponsor", "")], "me"),
        ([message("1", "ada", "me"), message("2", "ben", "ada")], None),
        ([message("1", "cy", "me")], None),
        ([message("1", "me", "")], None),
        ([], None),
    ],
    ids=["each", "by senders alone", "scattered", "one address", "not in each", "two strangers", "alone", "none"],
)
def test_the_one_stranger_in_every_conversation_is_the_owner(
    tmp_path: Path, some: list[list[str]], owner: str | None
) -> None:
    folder = made.write_folder(tmp_path / "mine", {**ADA, "messages.csv": messages(*some)})
    assert owner == person_in_every_conversation(archive_at(folder), {"ada"})
    if owner is None:
        with pytest.raises(UnknownOwners):
            LinkedInSource(folder)
    else:
        assert {"mine": owner} == LinkedInSource(folder).owners


@pytest.mark.parametrize(
    ("last", "owner"),
    [
        ([], "me"),
        ([message("a", "ben", "ada"), message("a", "me", "ben")], "me"),
        ([message("a", "ben", "ada")], None),
        ([*[message(c, "ben", "ada") for c in "abcd"], *[message(c, "me", "ada") for c in "abc"]], None),
    ],
    ids=["in each message", "in each conversation", "not in each", "not in too many"],
)
def test_of_more_conversations_than_are_held_at_once_none_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: list[list[str]], owner: str | None
) -> None:
    monkeypatch.setattr("graph.sources.linkedin.messages._CONVERSATIONS_AT_ONCE", 3)
    some = [message(str(number % 50), "ada", "me") for number in range(100)]
    folder = made.write_folder(tmp_path / "mine", {**ADA, "messages.csv": messages(*some, *last)})
    assert owner == person_in_every_conversation(archive_at(folder), {"ada"})


def test_a_name_that_one_person_bears_names_an_owner_who_is_known_by_another(tmp_path: Path) -> None:
    mine = {
        "Connections.csv": connections(contact("sam-1", "Sam Lee"), contact("sam-2", "Sam Lee"), contact("cy", "Cy"))
    }
    cys = {
        "Connections.csv": connections(contact("me", "Me Self")),
        "Profile.csv": table(made.PROFILE, ["Cy", "", "", ""]),
    }
    sams = {"Connections.csv": connections(contact("me")), "Profile.csv": table(made.PROFILE, ["Sam", "Lee", "", ""])}
    (tmp_path / "x").mkdir()
    assert {"mine": "me", "cys": "cy"} == several(tmp_path / "1", {"mine": {**ME, **mine}, "cys": cys}).owners
    with pytest.raises(UnknownOwners) as error:
        several(tmp_path / "2", {"mine": {**ME, **mine}, "sams": sams})
    assert ["sams"] == error.value.archives


def test_a_namesake_among_ones_own_contacts_does_not_matter(tmp_path: Path) -> None:
    mine = {**ME, "Connections.csv": connections(contact("sam-1", "Sam Lee"))}
    sams = {
        "Connections.csv": connections(contact("me", "Me"), contact("sam-2", "Sam Lee")),
        "Profile.csv": table(made.PROFILE, ["Sam", "Lee", "", ""]),
    }
    assert {"mine": "me", "sams": "sam-1"} == several(tmp_path, {"mine": mine, "sams": sams}).owners


def test_a_name_tells_nothing_where_the_other_owner_is_a_stranger(tmp_path: Path) -> None:
    mine = {**ME, "Connections.csv": connections(contact("cy", "Cy"))}
    cys = {"Connections.csv": connections(contact("ada")), "Profile.csv": table(made.PROFILE, ["Cy", "", "", ""])}
    with pytest.raises(UnknownOwners):
        several(tmp_path, {"mine": mine, "cys": cys})


def test_owners_who_are_told_by_a_name_tell_of_others(tmp_path: Path) -> None:
    def named(name: str, *contacts: list[str]) -> Files:
        return {"Connections.csv": connections(*contacts), "Profile.csv": table(made.PROFILE, [name, "", "", ""])}

    archives = {
        "1": named("Dee", contact("cy", "Cy")),
        "2": named("Cy", contact("me", "Me"), contact("dee", "Dee")),
        "3": {**ME, "Connections.csv": connections(contact("cy", "Cy"))},
    }
    assert {"1": "dee", "2": "cy", "3": "me"} == several(tmp_path, archives).owners


def test_all_archives_without_an_owner_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownOwners, match=r"^nothing says whose archive a and c is$"):
        several(tmp_path, {"a": ADA, "b": {**ME, **ADA}, "c": ADA})


# ── several archives ─────────────────────────────────────────────────────────────────────────────


def test_the_last_cell_that_is_not_empty_wins_in_the_order_of_names(tmp_path: Path) -> None:
    older = connections(contact("ada", "Ada Old", "Acme", "Trainee", on="2020-01-02"))
    newer = connections(contact("ada", "Ada New", "Globex", "", on="soon"))
    you = {"Invitations.csv": invitation("you")}
    found = several(tmp_path, {"b": {**you, "Connections.csv": newer}, "B": {**ME, "Connections.csv": older}})
    assert ("ada", "Ada New", "Globex", "Trainee") in rows(found, "members", "id", "name", "company", "position")
    assert [("ada", "globex")] == rows(found, "company_members", "member", "company")
    assert [("globex",)] == rows(found, "companies", "id")
    assert [("ada", "me", "2020-01-02T00:00:00Z"), ("ada", "you", None)] == rows(
        found, "connections", "a", "b", "since"
    )


def test_of_a_row_about_an_owner_only_the_connection_counts(tmp_path: Path) -> None:
    you = {
        "Invitations.csv": invitation("you"),
        "Connections.csv": connections(contact("me", "Mister Me", "Acme", "Boss", on="2020-01-02")),
    }
    found = several(tmp_path, {"a": {**ME, **ADA}, "b": you})
    assert ("me", None, None, None) in rows(found, "members", "id", "name", "company", "position")
    assert [("ada", "me", "2026-09-05T00:00:00Z"), ("me", "you", "2020-01-02T00:00:00Z")] == rows(
        found, "connections", "a", "b", "since"
    )
    assert [] == rows(found, "company_members", "member")


def test_what_an_owners_last_archive_has_all_of_is_known(tmp_path: Path) -> None:
    both: Files = {"Positions.csv": table(made.POSITIONS), "Company Follows.csv": table(made.FOLLOWS)}
    nameless = LISTS_ADA + "Ben,Only,,,,,\n"
    archives: dict[str, Files] = {
        "1": {"Invitations.csv": invitation("all"), "Connections.csv": LISTS_ADA + ",,,,,,\n", **both},
        "2": {
            "Invitations.csv": invitation("none"),
            "Connections.csv": nameless,
            "Positions.csv": both["Positions.csv"],
        },
        "3": {"Invitations.csv": invitation("later"), "Connections.csv": nameless},
        "4": {"Invitations.csv": invitation("later"), "Connections.csv": LISTS_ADA},
    }
    assert [
        ("all", "connections;companies", "true"),
        ("later", "connections", "false"),
        ("none", "", "true"),
    ] == [row for row in rows(several(tmp_path, archives), "members", "id", "known", "positions") if row[0] != "ada"]


def test_connections_that_only_earlier_archives_list_are_told_and_go_if_asked(tmp_path: Path) -> None:
    def lists(owner: str, *others: str) -> Files:
        return {"Invitations.csv": invitation(owner), "Connections.csv": connections(*map(contact, others))}

    archives = {"1": lists("me", "ada", "ben", "you"), "2": lists("me", "ada"), "3": lists("you", "me")}
    found = several(tmp_path / "keep", archives)
    assert ({"me": {"ada", "you"}, "you": {"me"}}, {"me": {"ben"}, "you": set()}) == (found.listed, found.earlier)
    assert [("ada", "me"), ("ben", "me"), ("me", "you")] == rows(found, "connections", "a", "b")
    dropped = several(tmp_path / "drop", archives, drop_missing=True)
    assert [("ada", "me"), ("me", "you")] == rows(dropped, "connections", "a", "b")


def test_what_lies_beside_archives_and_is_none_is_named(tmp_path: Path) -> None:
    made.write_folder(tmp_path / "a", {**ME, **ADA})
    made.write_folder(tmp_path / "pictures", {"me.png": b"png"})
    made.write_zip(tmp_path / "other.zip", {"notes.txt": "secret"})
    (tmp_path / "settings.csv").write_text("id,tier\nme,free\n", "utf-8")
    found = LinkedInSource(tmp_path)
    assert found.has_settings
    assert (["not read: no archive of LinkedIn's"], ["a folder, not read: no archive of LinkedIn's (1 file)"]) == (
        notes(found)["other.zip"],
        notes(found)["pictures/"],
    )


def test_settings_and_blocks_name_people_by_address_or_id(tmp_path: Path) -> None:
    files = {
        **ME,
        **ADA,
        "settings.csv": f"id,tier\n{address('ADA')}/,career\nme,free\n",
        "blocks.csv": f"member,other\nme,{address('ada')}\n",
    }
    found = source(tmp_path, files)
    assert [("ada", "career"), ("me", "free")] == rows(found, "settings", "id", "tier")
    assert [("me", "ada")] == rows(found, "blocks", "member", "other")


def test_an_empty_folder_has_no_archive(tmp_path: Path) -> None:
    with pytest.raises(UnknownSource, match=r"there is no Connections.csv of a LinkedIn archive"):
        LinkedInSource(tmp_path)


# ── messages ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("count", "expected"), [(1, 69), (2, 75), (3, 79), (12, 91), (1000, 98), (10**9, 98)])
def test_strength_grows_with_messages_both_ways(count: int, expected: int) -> None:
    assert expected == strength(count)


def test_strength_counts_what_was_sent_to_one_person_both_ways(tmp_path: Path) -> None:
    people = ("both", "sent", "got", "group", "draft")
    some = [
        *[message("1", "me", "both")] * 3,
        *[message("1", "both", "me")] * 2,
        message("2", "me", "sent"),
        message("3", "got", "me"),
        *[message("4", "me", "group ada"), message("4", "group", "me ada")],
        *[message("5", "draft", "me"), message("5", "me", "draft", draft="Yes")],
        message("5", "me", "draft", conversation_draft="Yes"),
    ]
    files = {**ME, "Connections.csv": connections(*map(contact, people)), "messages.csv": messages(*some)}
    found = source(tmp_path, files, messages=True)
    strengths = {b if a == "me" else a: s for a, b, s in rows(found, "connections", "a", "b", "strength")}
    assert {"both": "75", "sent": None, "got": None, "group": None, "draft": None} == strengths
    assert [(None,)] * 5 == rows(LinkedInSource(tmp_path / "mine"), "connections", "strength")


def test_of_two_archives_the_one_with_more_messages_gives_the_strength(tmp_path: Path) -> None:
    def archive(owner: str, other: str, count: int) -> Files:
        some = [message("1", owner, other), message("1", other, owner)] * count
        return {
            "Invitations.csv": invitation(owner),
            "Connections.csv": connections(contact(other)),
            "messages.csv": messages(*some),
        }

    found = several(tmp_path, {"1": archive("me", "you", 3), "2": archive("you", "me", 1)}, messages=True)
    assert [("me", "you", "79")] == rows(found, "connections", "a", "b", "strength")


def test_broken_rows_of_messages_are_counted(tmp_path: Path) -> None:
    text = (
        messages(message("1", "me", "ada"))
        + 'x,"never closed\n'
        + messages(message("1", "ada", "me")).partition("\n")[2]
    )
    found = source(tmp_path, {**ME, **ADA, "messages.csv": text}, messages=True)
    assert [("69",)] == rows(found, "connections", "strength")
    assert ["read: who wrote to whom, but 1 row that cannot be read; no text"] == notes(found)["mine/messages.csv"]


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"Connections.csv": "Vorname,Nachname,URL\n", **ME}, "no line that begins First Name,Last Name"),
        ({"messages.csv": messages(), **ME}, "but no Connections.csv: ask LinkedIn for an archive with connections"),
    ],
)
def test_what_is_nearly_an_archive_is_told_as_one(tmp_path: Path, files: Files, problem: str) -> None:
    with pytest.raises(InvalidArchive, match=problem):
        open_source(made.write_folder(tmp_path / "mine", files))
