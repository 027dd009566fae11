"""The command line for people who know names, and for networks of which not everything is known."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import linkreach as product
from graph.driver.database import Database
from graph.rules.rule_pack import shipped_pack
from tests.support.networks import put
from tests.support.people import NETWORK
from tests.support.terminal import Answer

Typed = Callable[..., Answer]

AT = ("--at", "2026-11-23")
FIND = "linkreach find TEXT looks for members by name"


@pytest.fixture(scope="module", autouse=True)
def people(emptied: Callable[[], Database], tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = emptied()
    put(database, tmp_path_factory.mktemp("people"), NETWORK, shipped_pack("article"))
    return database


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def lists(desk: Path, senders: str, recipients: str) -> tuple[str, ...]:
    (desk / "team.txt").write_text(senders, encoding="utf-8")
    (desk / "targets.txt").write_text(recipients, encoding="utf-8")
    return ("--senders", "team.txt", "--recipients", "targets.txt", *AT)


# A name for an id


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("m4", "m4"),
        ("Conan O'Brien", "m4"),
        ("CONAN  o'brien ", "m4"),
        ("o'brien", "m4"),
        ("O'Brien, Conan", "m4"),
        ("Ada Byron King", "m3"),
        ("king ada", "m3"),
        ("王小明", "m5"),
        ("J.R.R. Tolkien", "m7"),
        ("=ZOË ÅNGSTRÖM", "m8"),
        ("Wei Li", "Li Wei"),
        ("Li Wei", "Li Wei"),
    ],
)
def test_a_name_that_means_one_member_stands_for_the_id_and_an_id_comes_first(
    text: str, id: str, linkreach: Typed
) -> None:
    by_id = linkreach("check", id, "nameless", *AT, "--format", "json")
    assert id == json.loads(by_id.out)["sender"]
    assert by_id == linkreach("check", text, "nameless", *AT, "--format", "json")


@pytest.mark.parametrize(
    "question", [("check", "m1", "m4"), ("unlock", "m1", "m7"), ("reach", "m4"), ("reached-by", "m4")], ids=" ".join
)
def test_every_question_takes_names(question: tuple[str, ...], linkreach: Typed) -> None:
    names = {"m4": "conan o'brien", "m7": "Tolkien"}
    assert linkreach(*question, *AT) == linkreach(*(names.get(word, word) for word in question), *AT)


def test_a_name_of_several_lists_them_with_what_tells_them_apart(linkreach: Typed) -> None:
    told = "'m1' (Ada Byron, Analytical Engines, London), 'm2' (Ada Byron, Globex)"
    line = f"linkreach: 'ada byron' means several members: {told}; say which by id\n"
    assert Answer(2, "", line) == linkreach("check", "ada byron", "m4")


def test_of_many_of_one_name_ten_are_listed(linkreach: Typed) -> None:
    listed = ", ".join(f"'x{number:02}' (Max Muster)" for number in range(10))
    line = f"linkreach: 'max' means several members: {listed} and more; say which by id\n"
    assert Answer(2, "", line) == linkreach("reach", "max")


@pytest.mark.parametrize("text", ["Conan O'Bri", "m", "", "Ada Lovelace", '"', "*"])
def test_neither_a_beginning_nor_some_of_the_words_means_anybody(text: str, linkreach: Typed) -> None:
    assert Answer(2, "", f"linkreach: no member has the id {text!r}; {FIND}\n") == linkreach("reach", text)


def test_two_names_of_one_member_are_one_member(linkreach: Typed) -> None:
    line = "linkreach: 'm4' is both sender and recipient: ask about two different members\n"
    assert Answer(2, "", line) == linkreach("check", "Conan O'Brien", "o'brien")


def test_a_member_whom_a_change_brings_has_a_name_there(linkreach: Typed, desk: Path) -> None:
    (desk / "change").mkdir()
    (desk / "change" / "members.csv").write_text("id,name\nnew,Grace Hopper\n", encoding="utf-8")
    (desk / "change" / "connections.csv").write_text("a,b\nm1,new\n", encoding="utf-8")
    answer = linkreach("check", "m1", "grace hopper", "--change", "change", *AT, "--format", "table")
    assert (0, "") == (answer.code, answer.err)
    assert "Ada Byron (m1, career) can reach Grace Hopper (new)" == answer.out.splitlines()[0]
    named = linkreach("reach", "m1", "--degree", "1", "--change", "change", *AT, "--names")
    assert ["Conan O'Brien", "Grace Hopper"] == [row["recipient_name"] for row in rows(named.out)]
    assert 2 == linkreach("check", "m1", "grace hopper").code


# Lists


def test_lists_hold_names_and_ids(linkreach: Typed, desk: Path) -> None:
    by_id = linkreach("match", *lists(desk, "m1\nm7\n", "m4\nm8\nLi Wei\n"))
    by_name = linkreach("match", *lists(desk, "m1\ntolkien\n", "Conan O'Brien\r\n'=Zoë Ångström\nLi Wei\n"))
    assert 0 == by_id.code
    assert by_id == by_name


def test_a_list_may_be_a_column_of_a_table(linkreach: Typed, desk: Path) -> None:
    plain = linkreach("match", *lists(desk, "m1\n", "m4\nm8\n"))
    table = lists(desk, "m1\n", "Name;ID\nx;m4\ny;m8\n")
    assert plain == linkreach("match", *table, "--column", "id")
    line = "linkreach: targets.txt has no column 'member': it has 'Name', 'ID'\n"
    assert Answer(2, "", line) == linkreach("match", *table, "--column", "member")
    advice = "where the first line is a heading, --column NAME says which column the members are in\n"
    assert linkreach("match", *table).err.endswith(f"'y;m8' (targets.txt, line 3); {advice}")


def test_every_name_of_several_is_listed_at_once_with_its_place(linkreach: Typed, desk: Path) -> None:
    asked = lists(desk, "m4\nada byron\n", "m8\nwei\n")
    several = (
        "team.txt, line 2: 'ada byron' means several members: "
        "'m1' (Ada Byron, Analytical Engines, London), 'm2' (Ada Byron, Globex); "
        "targets.txt, line 2: 'wei' means several members: 'Li Wei' (Wei Li), 'm9' (Li Wei)"
    )
    assert Answer(2, "", f"linkreach: {several}; say which by id\n") == linkreach("match", *asked)
    assert Answer(2, "", f"linkreach: {several}; say which by id\n") == linkreach("match", *asked, "--skip-unknown")


def test_who_is_nobody_is_skipped_beside_names(linkreach: Typed, desk: Path) -> None:
    answer = linkreach("match", *lists(desk, "o'brien\n", "m8\nGrace Hopper\n"), "--skip-unknown")
    assert [("m4", "m8")] == [(row["sender"], row["recipient"]) for row in rows(answer.out)]
    assert answer.err.endswith("1 ids skipped, which are no member's: 'Grace Hopper'\n")


@pytest.mark.usefixtures("desk")
def test_a_session_takes_names_too() -> None:
    with product.connect() as session:
        world = session.world(at="2026-11-23")
        verdict = session.check("tolkien", "o'brien", world)
        assert ("m7", "m4") == (verdict.sender, verdict.recipient)
        matched = session.match(["m1"], ["Tolkien", "o'brien"], world)
        assert ["m7", "m4"] == [pair.match.recipient for pair in matched.pairs]
        assert ["m7"] == [each.id for each in session.find("tolk")]
        with pytest.raises(product.InvalidInput, match="'max' means several members"):
            session.reach("max", world)


# Find


def test_find_lists_members_by_words_or_their_beginnings_or_by_id(linkreach: Typed) -> None:
    answer = linkreach("find", "ada", "byr")
    assert (0, "") == (answer.code, answer.err)
    assert ["id,name,tier,status,company,location"] == answer.out.splitlines()[:1]
    assert {"m1": "Analytical Engines", "m2": "Globex", "m3": "Globex"} == {
        row["id"]: row["company"] for row in rows(answer.out)
    }
    assert ["m4"] == [row["id"] for row in rows(linkreach("find", "m4").out)]
    assert ["m4"] == [row["id"] for row in rows(linkreach("find", "o'br").out)]
    assert "m3" == rows(linkreach("find", "ada", "byron", "king").out)[0]["id"]


def test_find_says_the_same_in_every_form(linkreach: Typed) -> None:
    whole = json.loads(linkreach("find", "byron", "--format", "json").out)
    assert whole == [json.loads(line) for line in linkreach("find", "byron", "--format", "jsonl").out.splitlines()]
    assert rows(linkreach("find", "byron").out) == [{name: cell or "" for name, cell in row.items()} for row in whole]
    table = linkreach("find", "byron", "--format", "table").out.splitlines()
    assert ["id", "name", "company", "place", "tier", "status"] == table[0].split()
    assert [each["id"] for each in whole] == [line.split()[0] for line in table[1:]]
    assert any("London" in line and "Analytical Engines" in line for line in table)


def test_find_lists_the_first_and_says_that_there_are_more(linkreach: Typed) -> None:
    assert (12, "") == (len(rows(linkreach("find", "muster").out)), linkreach("find", "muster").err)
    answer = linkreach("find", "muster", "--limit", 5)
    assert 5 == len(rows(answer.out))
    assert "these are the first 5: --limit N lists more\n" == answer.err


def test_find_finds_groups_and_company_pages_too(linkreach: Typed) -> None:
    assert "id,name,messaging\ng1,Engineers of note,true\n" == linkreach("find", "engin", "--kind", "group").out
    assert "id,name\nc1,Globex\n" == linkreach("find", "globex", "--kind", "company").out
    table = linkreach("find", "globex", "--kind", "company", "--format", "table").out.splitlines()
    assert [["id", "name"], ["c1", "Globex"]] == [line.split() for line in table]


def test_whom_nothing_fits_is_said(linkreach: Typed) -> None:
    assert Answer(0, "id,name,tier,status,company,location\n", "nobody fits\n") == linkreach("find", "lovelace")
    assert "nothing fits\n" == linkreach("find", "lovelace", "--kind", "group").err


# Names beside ids


@pytest.mark.parametrize(
    ("question", "named"),
    [
        (("check", "m1", "m4"), {"sender_name": "sender", "recipient_name": "recipient"}),
        (("reach", "m1"), {"recipient_name": "recipient"}),
        (("reached-by", "m4"), {"sender_name": "sender"}),
    ],
    ids=["check", "reach", "reached-by"],
)
def test_names_stand_after_the_ids_of_a_csv(question: tuple[str, ...], named: dict[str, str], linkreach: Typed) -> None:
    plain, with_names = (linkreach(*question, *AT, *more) for more in ((), ("--names",)))
    found = rows(with_names.out)
    heading = with_names.out.splitlines()[0].split(",")
    for name, id in named.items():
        assert heading.index(id) + 1 == heading.index(name)
        assert all(row[name] == called(row[id]) for row in found)
    without = [{column: cell for column, cell in row.items() if column not in named} for row in found]
    assert without == rows(plain.out)
    assert plain.err == with_names.err
    whole = linkreach(*question, *AT, "--format", "json")
    assert whole == linkreach(*question, *AT, "--format", "json", "--names")


def called(id: str) -> str:
    """The name of a member as CSV has it, guarded like every other cell."""
    name: str = NETWORK["members"][id].get("name", "")
    return f"'{name}" if name.startswith("=") else name


def test_names_of_a_match_may_be_left_raw(linkreach: Typed, desk: Path) -> None:
    asked = lists(desk, "m1\nnameless\n", "m4\nm8\n")
    found = rows(linkreach("match", *asked, "--names").out)
    assert [("Ada Byron", "Conan O'Brien"), ("Ada Byron", "'=Zoë Ångström")] == [
        (row["sender_name"], row["recipient_name"]) for row in found[:2]
    ]
    assert {""} == {row["sender_name"] for row in found[2:]}
    assert ["sender", "sender_name", "recipient", "recipient_name", "degree"] == [*found[0]][:5]
    raw = rows(linkreach("match", *asked, "--names", "--raw").out)
    assert "=Zoë Ångström" == raw[1]["recipient_name"]


@pytest.mark.parametrize("name", ["member_reach", "gatekeepers", "quotas", "certainty", "unknowns", "tier_reach"])
def test_reports_of_members_can_have_names(name: str, linkreach: Typed, desk: Path) -> None:
    linkreach("report", name, "--out", "plain", *AT)
    answer = linkreach("report", name, "--out", "named", "--names", *AT)
    assert 0 == answer.code
    plain, named = ((desk / out / f"{name}.csv").read_text("utf-8") for out in ("plain", "named"))
    if name == "tier_reach":
        assert plain == named
        return
    assert ["member", "member_name"] == named.splitlines()[0].split(",")[:2]
    found = rows(named)
    assert [called(row["member"]) for row in found] == [row.pop("member_name") for row in found]
    assert found == rows(plain)


def test_a_snapshot_has_no_names(linkreach: Typed) -> None:
    linkreach("snapshot", "today")
    answer = linkreach("report", "gatekeepers", "--snapshot", "today", "--out", "r", "--names")
    assert Answer(2, "", "linkreach: a snapshot has no names: leave out --names\n") == answer


def test_sets_of_many_senders_take_names_and_can_have_them(linkreach: Typed, desk: Path) -> None:
    asked = ("--member", "Ada Byron King", "--member", "m1", "--member", "king", *AT)
    assert 0 == linkreach("reach-sets", "plain.parquet", *asked).code
    assert 0 == linkreach("reach-sets", "named.parquet", *asked, "--names").code
    plain, named = (pd.read_parquet(desk / f"{name}.parquet") for name in ("plain", "named"))
    assert ["sender", "sender_name", "recipient", "recipient_name", "degree", "channels"] == [*named.columns]
    assert {"m1", "m3"} == {*named["sender"]}
    names = [NETWORK["members"][id].get("name") for id in named["recipient"]]
    assert names == named["recipient_name"].tolist()
    assert plain.equals(named.drop(columns=["sender_name", "recipient_name"]))
    line = "'ada byron' means several members"
    assert line in linkreach("reach-sets", "other.parquet", "--member", "ada byron").err


def test_tables_for_people_have_names_beside_ids(linkreach: Typed, desk: Path) -> None:
    def table(*question: object) -> list[str]:
        return linkreach(*question, *AT, "--format", "table").out.splitlines()

    verdict = table("check", "m1", "m7")
    assert "Ada Byron (m1, career) can reach J.R.R. Tolkien (m7)" == verdict[0]
    assert any(line.split()[-4:] == ["Engineers", "of", "note", "(g1)"] for line in verdict)
    assert "nameless (free) cannot reach Conan O'Brien (m4)" == table("check", "nameless", "m4")[0]
    assert ["recipient", "name", "degree", "channels"] == table("reach", "m3")[0].split()
    assert any(line.split()[:3] == ["m1", "Ada", "Byron"] for line in table("reach", "m3"))
    matched = table("match", *lists(desk, "m1\n", "m4\n")[:4])
    assert matched[1].startswith("Ada Byron (m1)   Conan O'Brien (m4)   1 ")
    unlocked = [" ".join(line.split()) for line in table("unlock", "nameless", "m7")]
    assert {"join Engineers of note (g1)", "connect J.R.R. Tolkien (m7)"} <= {*unlocked}


# What is not known


def test_reach_says_what_is_certain_and_lists_what_is_possible_where_that_is_asked_for(linkreach: Typed) -> None:
    known = ["m4,1,direct,true", "m8,2,direct,false", "m3,,group,true", "m7,,group,true"]
    assert Answer(0, text("recipient,degree,channels,certain", *known), "4 members are reached\n") == linkreach(
        "reach", "m1", *AT
    )
    answer = linkreach("reach", "m1", "--possible", *AT)
    assert text("recipient,degree,channels,certain", *known, "m9,,,false") == answer.out
    assert (0, "4 members are reached, and 1 more possibly\n") == (answer.code, answer.err)
    assert {"recipient": "m9", "degree": None, "channels": [], "certain": False} == json.loads(
        linkreach("reach", "m1", "--possible", *AT, "--format", "json").out
    )[-1]
    assert answer == linkreach("reach", "m1", "--possible", "--channel", "direct", "--channel", "group", *AT)
    assert (
        text("recipient,degree,channels,certain", *known[:2])
        == linkreach("reach", "m1", "--possible", "--degree", 3, *AT).out
    )


def text(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_reached_by_does_so_too(linkreach: Typed) -> None:
    assert text("sender,degree,channels,certain") == linkreach("reached-by", "m9", *AT).out
    answer = linkreach("reached-by", "m9", "--possible", *AT)
    assert text("sender,degree,channels,certain", "m1,,,false", "m3,,,false", "m7,,,false") == answer.out
    assert "0 members reach them, and 3 more possibly\n" == answer.err


def test_match_says_of_each_pair_whether_it_is_certain(linkreach: Typed, desk: Path) -> None:
    asked = lists(desk, "m1\n", "m4\nm8\nm9\nm2\n")
    answer = linkreach("match", *asked)
    assert "certain" == answer.out.splitlines()[0].split(",")[-1]
    assert [("true", "true"), ("true", "false"), ("false", "false"), ("false", "true")] == [
        (row["reachable"], row["certain"]) for row in rows(answer.out)
    ]
    possible = linkreach("match", *asked, "--possible")
    assert answer.out == possible.out
    assert answer.err + "1 more possibly, by what is not known\n" == possible.err


def test_a_verdict_for_people_says_in_words_what_it_rests_on(linkreach: Typed) -> None:
    def told(recipient: str) -> str:
        """The table without its line breaks: what is long goes on in the next line."""
        return " ".join(linkreach("check", "m1", recipient, *AT, "--format", "table").out.split())

    resting = "if the recipient takes messages from connections of connections, which is not known"
    assert told("m8").startswith(f"Ada Byron (m1, career) can reach =Zoë Ångström (m8), {resting} degree 2")
    path = "Ada Byron (m1) – Conan O'Brien (m4) – =Zoë Ångström (m8)"
    assert f"direct message open {path}; {resting} group" in told("m8")
    unless = "unless the sender and the recipient share a group with messaging, which is not known"
    assert told("m9").startswith(f"Ada Byron (m1, career) cannot reach Li Wei (m9), {unless} no link")
    assert f"group message denied NO_SHARED_GROUP; {unless} company_page" in told("m9")
    assert told("m4").startswith("Ada Byron (m1, career) can reach Conan O'Brien (m4) degree 1")


def test_tables_say_what_is_certain_where_not_everything_is(linkreach: Typed) -> None:
    def table(*question: object) -> list[list[str]]:
        return [line.split() for line in linkreach(*question, *AT, "--format", "table").out.splitlines()]

    assert ["recipient", "name", "degree", "channels", "certain"] == table("reach", "m1", "--possible")[0]
    assert ["m9", "Li", "Wei", "possibly", "no"] == table("reach", "m1", "--possible")[-1]
    assert ["recipient", "name", "degree", "channels"] == table("reach", "m3")[0]
