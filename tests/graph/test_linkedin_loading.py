"""Archives of LinkedIn in the graph: what is assumed, what later loads replace, and what they leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.errors import ForgottenOwner
from graph.loading.forgetting import forget
from graph.loading.loading import LoadReport, dry_run, load
from graph.model import ASSUMED_FIELDS, ASSUMED_TIES
from graph.snapshot.fingerprint import fingerprint
from graph.sources import open_source
from graph.sources.chunks import Hints
from graph.sources.linkedin.source import LinkedInSource
from tests.support import linkedin as made
from tests.support.linkedin import Files, connections, contact, invitation, message, messages, table

EVERYTHING = sorted((*ASSUMED_FIELDS, *ASSUMED_TIES))
LISTS_ADA = connections(contact("ada", "Ada", "Acme", "Engineer"))
BOTH: Files = {"Positions.csv": table(made.POSITIONS), "Company Follows.csv": table(made.FOLLOWS)}


def of(owner: str, text: str = LISTS_ADA, **files: str) -> Files:
    return {"Invitations.csv": invitation(owner), "Connections.csv": text, **files}


def native(folder: Path, **tables: str) -> Path:
    return made.write_folder(folder, {f"{name}.csv": text for name, text in tables.items()})


class Loads:
    """Loads archives or folders, each from a place of its own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder, self._count = database, folder, 0
        self.aside: list[tuple[str, str, str]] = []

    def folder(self, archives: Mapping[str, Files]) -> Path:
        self._count += 1
        for name, files in archives.items():
            made.write_folder(self._folder / str(self._count) / name, files)
        return self._folder / str(self._count)

    def __call__(self, archive: Files | Path, **how: Any) -> LoadReport:
        path = archive if isinstance(archive, Path) else self.folder({"mine": archive})
        source = open_source(path, hints=Hints(**how))
        self.aside = []
        return load(self._database, source, tiers={"free", "career"}, reject=self._reject)

    def _reject(self, reject: Any) -> None:
        self.aside.append((reject.file, reject.value, reject.reason))


@pytest.fixture
def loads(database: Database, tmp_path: Path) -> Loads:
    return Loads(database, tmp_path / "loads")


def column(database: Database, text: str) -> list[Any]:
    rows, _ = database.explain(text, {}, profile=True)
    return [next(iter(row.values())) for row in rows]


def member(database: Database, id: str) -> dict[str, Any]:
    [properties] = column(database, f"MATCH (m:Member {{id: '{id}'}}) RETURN properties(m)")
    return dict(properties)


def assumed(database: Database, id: str) -> list[str] | None:
    return member(database, id).get("assumed")


def jobs(database: Database, id: str) -> list[tuple[str, str | None]]:
    text = f"MATCH (:Member {{id: '{id}'}})-[job:WORKS_AT]->(c) RETURN [c.id, job.source] ORDER BY c.id, job.since"
    return [(company, source) for company, source in column(database, text)]


def ties(database: Database) -> list[str]:
    return column(database, "MATCH (a)-[:CONNECTED_TO]->(b) RETURN a.id + '-' + b.id AS tie ORDER BY tie")


# ── what is assumed ──────────────────────────────────────────────────────────────────────────────


def test_of_new_members_everything_is_assumed_and_owners_know_their_connections(
    database: Database, loads: Loads
) -> None:
    loads(of("me"))
    assert EVERYTHING == assumed(database, "ada")
    assert [name for name in EVERYTHING if name != "connections"] == assumed(database, "me")


def test_owners_know_their_companies_where_positions_and_follows_are_both_there(
    database: Database, loads: Loads
) -> None:
    loads(of("me", LISTS_ADA + "Ben,Only,,,,,\n", **{name: str(text) for name, text in BOTH.items()}))
    assert [name for name in EVERYTHING if name != "companies"] == assumed(database, "me")


def test_of_a_member_whom_the_graph_has_nothing_becomes_assumed(
    database: Database, loads: Loads, tmp_path: Path
) -> None:
    loads(native(tmp_path / "native", members="id,city\nada,Oslo\nme,Delft\n"))
    database.explain("MATCH (m:Member {id: 'me'}) SET m.assumed = ['blocks', 'connections']", {}, profile=True)
    loads(of("me"))
    assert (None, ["blocks"]) == (assumed(database, "ada"), assumed(database, "me"))
    assert ("Oslo", "Ada") == (member(database, "ada")["city"], member(database, "ada")["name"])


def test_a_contact_who_becomes_an_owner_knows_their_connections(database: Database, loads: Loads) -> None:
    loads(of("me"))
    loads(of("ada", connections(contact("me"))))
    assert [name for name in EVERYTHING if name != "connections"] == assumed(database, "ada")
    loads(of("me"))
    assert [name for name in EVERYTHING if name != "connections"] == assumed(database, "ada")


# ── later loads ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", [1, 2])
def test_archives_of_a_network_give_that_network_and_again_change_nothing(
    database: Database, loads: Loads, tmp_path: Path, seed: int
) -> None:
    truth = made.write_archives(tmp_path / "all", seed)
    loads(tmp_path / "all")
    people = column(database, "MATCH (m:Member) RETURN [m.id, m.name, m.company, m.position]")
    assert truth.people == {id: (name, made.plain(company), job or "") for id, name, company, job in people}
    assert sorted(map("-".join, truth.connections)) == ties(database)
    assert sorted(truth.companies) == column(database, "MATCH (c:Company) RETURN c.id ORDER BY c.id")
    before = fingerprint(database)
    loads(tmp_path / "all")
    assert before == fingerprint(database)


def test_archives_one_after_the_other_give_what_they_give_together(
    database: Database, emptied: Callable[[], Database], loads: Loads, tmp_path: Path
) -> None:
    made.write_archives(tmp_path / "all", 3)
    loads(tmp_path / "all")
    together = fingerprint(database)
    source = open_source(tmp_path / "all")
    assert isinstance(source, LinkedInSource)
    emptied()
    for archive, owner in sorted(source.owners.items()):
        loads(tmp_path / "all" / archive, owner=owner)
    assert together == fingerprint(database)


def test_a_contacts_row_says_nothing_of_somebody_whose_own_export_was_loaded(database: Database, loads: Loads) -> None:
    positions = table(made.POSITIONS, ["Initech", "Boss", "", "", "2020", ""])
    profile = table(made.PROFILE, ["Ada", "Herself", "", ""])
    loads(of("ada", connections(contact("me")), **{"Positions.csv": positions, "Profile.csv": profile}))
    before = member(database, "ada")
    loads(of("me"))
    assert (before, [("initech", None)]) == (member(database, "ada"), jobs(database, "ada"))


def test_a_contacts_job_takes_the_place_of_the_one_before(database: Database, loads: Loads) -> None:
    loads(of("me"))
    loads(of("me", connections(contact("ada", "Ada", "Globex"))))
    assert [("globex", "contact")] == jobs(database, "ada")
    assert ("Globex", "Engineer") == (member(database, "ada")["company"], member(database, "ada")["position"])
    loads(of("me", connections(contact("ada", "Ada"))))
    assert [("globex", "contact")] == jobs(database, "ada")


def test_a_job_that_another_source_gave_stays(database: Database, loads: Loads, tmp_path: Path) -> None:
    companies = "id,name\nacme,ACME\ninitech,Initech\n"
    works = "member,company,since\nada,acme,\nada,initech,2020-01-01\n"
    loads(native(tmp_path / "native", members="id\nada\n", companies=companies, company_members=works))
    loads(of("me"))
    assert [("acme", None), ("initech", None)] == jobs(database, "ada")
    loads(of("me", connections(contact("ada", "Ada", "Globex"))))
    assert [("acme", None), ("globex", "contact"), ("initech", None)] == jobs(database, "ada")


def test_the_stints_of_an_owner_take_the_place_of_what_a_contacts_row_said(database: Database, loads: Loads) -> None:
    loads(of("me"))
    loads(of("ada", connections(contact("me"))))
    assert [("acme", "contact")] == jobs(database, "ada")
    positions = table(made.POSITIONS, ["Initech", "Boss", "", "", "2020", ""])
    loads(of("ada", connections(contact("me")), **{"Positions.csv": positions}))
    assert [("initech", None)] == jobs(database, "ada")


def test_a_stint_that_has_ended_since_ends(database: Database, loads: Loads) -> None:
    for end, expected in [("", [None]), ("Mar 2026", ["2026-03-01T00:00:00Z"])]:
        positions = table(made.POSITIONS, ["Acme", "Boss", "", "", "2020", end])
        loads(of("me", **{"Positions.csv": positions}))
        text = "MATCH (:Member {id: 'me'})-[job:WORKS_AT]->() RETURN toString(job.until)"
        assert expected == column(database, text)


def test_the_name_of_a_company_once_given_stays(database: Database, loads: Loads) -> None:
    loads(of("me", connections(contact("ada", company="ACME"))))
    loads(of("me", connections(contact("ada", company="Acme"))))
    assert ["ACME"] == column(database, "MATCH (c:Company) RETURN c.name")


def test_what_a_later_archive_leaves_open_stays(database: Database, loads: Loads) -> None:
    both = messages(message("1", "me", "ada"), message("1", "ada", "me"))
    loads(of("me", **{"messages.csv": both}), messages=True)
    text = "MATCH ()-[tie:CONNECTED_TO]->() RETURN [toString(tie.since), tie.strength]"
    assert [["2026-09-05T00:00:00Z", 69]] == column(database, text)
    later = messages(message("1", "me", "ada"))
    loads(of("me", connections(contact("ada", on="soon")), **{"messages.csv": later}), messages=True)
    assert [["2026-09-05T00:00:00Z", 69]] == column(database, text)
    assert ("Ada", "Acme") != (member(database, "ada")["name"], member(database, "ada")["company"])
    assert ("ada", "Acme") == (member(database, "ada")["name"], member(database, "ada")["company"])


def test_connections_that_are_no_longer_listed_are_counted_and_go_if_asked(database: Database, loads: Loads) -> None:
    loads(of("me", connections(*map(contact, ("ada", "ben", "cy")))))
    assert {} == loads(of("cy", connections(contact("me"), contact("dee")))).missing
    newer = loads.folder({"1": of("me", connections(contact("ada"))), "2": of("cy", connections(contact("me")))})
    tried = dry_run(database, open_source(newer), tiers={"free"}, reject=lambda _: None)
    assert {"me": 1, "cy": 1} == tried.missing == loads(newer).missing
    assert ["ada-me", "ben-me", "cy-dee", "cy-me"] == ties(database)
    assert {"me": 1, "cy": 1} == loads(newer, drop_missing=True).missing
    assert ["ada-me", "cy-me"] == ties(database)
    assert {} == loads(newer, drop_missing=True).missing


def test_a_replacement_misses_nothing_of_the_graph_before(database: Database, loads: Loads) -> None:
    loads(of("me", connections(contact("ada"), contact("ben"))))
    source = open_source(loads.folder({"mine": of("me")}))
    tried = dry_run(database, source, tiers=set(), reject=lambda _: None, replace=True)
    done = load(database, source, tiers=set(), reject=lambda _: None, replace=True)
    assert ({}, {}, ["ada-me"]) == (tried.missing, done.missing, ties(database))


def test_settings_beside_the_archives_have_the_last_word(database: Database, loads: Loads) -> None:
    folder = loads.folder({"mine": of("me")})
    (folder / "settings.csv").write_text(f"id,tier\n{made.address('ME')},career\n", "utf-8")
    loads(folder)
    assert "career" == member(database, "me")["tier"]


def test_a_load_that_was_cut_short_is_completed_by_loading_again(
    database: Database, loads: Loads, tmp_path: Path
) -> None:
    made.write_archives(tmp_path / "all", 4)
    loads(tmp_path / "all")
    whole = fingerprint(database)
    tables = ["members", "companies", "connections", "company_members"]
    for table_name in tables:
        database.explain("MATCH (n:Member|Company) DETACH DELETE n", {}, profile=True)

        def stop(table: str, _: int, at: str = table_name) -> None:
            if table == at:
                raise InterruptedError(table)

        with pytest.raises(InterruptedError):
            load(database, open_source(tmp_path / "all"), tiers=set(), reject=lambda _: None, progress=stop)
        loads(tmp_path / "all")
        assert whole == fingerprint(database)


# ── who asked to be forgotten ────────────────────────────────────────────────────────────────────


def test_rows_about_somebody_forgotten_are_set_aside_by_every_source(
    database: Database, loads: Loads, tmp_path: Path
) -> None:
    loads(of("me", connections(contact("ada", "Ada", "Acme"), contact("ben"))))
    forget(database, ["ada"])
    assert ["ben-me"] == ties(database)
    loads(of("me", connections(contact("ada", "Ada", "Acme"), contact("ben"))))
    assert [("mine/Connections.csv", "", "asked to be forgotten")] * 3 == loads.aside
    loads(
        native(
            tmp_path / "native",
            members="id\nada\ncy\n",
            connections="a,b\ncy,ada\nada,ada\n",
            blocks="member,other\ncy,ada\n",
        )
    )
    assert [
        ("members.csv", "", "asked to be forgotten"),
        ("connections.csv", "", "asked to be forgotten"),
        ("connections.csv", "", "asked to be forgotten"),
        ("blocks.csv", "", "asked to be forgotten"),
    ] == loads.aside
    assert ["ben", "cy", "me"] == column(database, "MATCH (m:Member) RETURN m.id ORDER BY m.id")


def test_an_archive_of_somebody_forgotten_is_refused_and_changes_nothing(database: Database, loads: Loads) -> None:
    loads(of("me"))
    forget(database, ["me"])
    before = (database.read(schema.state()), fingerprint(database))
    with pytest.raises(ForgottenOwner, match=r"^mine: its owner asked to be forgotten$"):
        loads(of("me"))
    with pytest.raises(ForgottenOwner):
        dry_run(database, open_source(loads.folder({"x": of("me")})), tiers=set(), reject=lambda _: None)
    assert before == (database.read(schema.state()), fingerprint(database))
