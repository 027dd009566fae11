"""A first load by way of an import: the same rejects and the same graph as batch by batch, whatever the rows hold."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from graph.driver import schema
from graph.driver.database import Database
from graph.errors import LoadRunning, ServerFailed
from graph.loading.forgetting import forget, forgotten_hashes, remember
from graph.loading.loading import LoadReport, first_load, load
from graph.model import COMPANY_MEMBERS
from graph.rules import pack_store, rule_pack
from graph.server.artifacts import Release
from graph.server.java import ADMIN_TOOL
from graph.server.server import Server
from graph.snapshot.fingerprint import fingerprint
from graph.sources import open_source
from graph.sources.chunks import Chunk, Note, Reject, Source
from graph.sources.files import File
from graph.sources.settings import SETTINGS
from graph.sources.tables import open_table
from tests.support.paths import ROOT

pytestmark = pytest.mark.usefixtures("newest")

IDS = ["007", "1e5", " a ", "it's", 'say "hi"', "two\nlines", "🦊", "ｚ", "a,b|c;d", "back\\slash", "null"]
PLAIN = [f"m{number}" for number in range(200)]
GROUPS = ["g", "h", 'a "group"']
COMPANIES = ["c", "d", "e,f"]
OTHER_COLUMNS = ["role:type", 'q"uo{t}e', "par(en)", "comma,", "two\nlines", " lead", ":LABEL", "id:ID", "bio"]
TEXTS = ["", "Oslo", 'a "b"', "two\r\nlines", "3", "true", "\\N", "'", " ", "tab\there"]
TIMES = [
    "",
    "2024-02-29",
    "2024-01-01T10:00:00.000001+02:00",
    "0001-01-01",
    "9999-12-31T23:59:59.999999Z",
    "1969-07-20",
]


def write(folder: Path, name: str, header: list[str], rows: list[list[str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of everything awkward, with rows of every kind that is set aside."""
    folder = tmp_path_factory.mktemp("awkward")
    draw = random.Random(7)
    everybody = [*IDS, *PLAIN]

    def member() -> str:
        return draw.choice(everybody)

    header = ["id", "name", "tier", "tier_expires_at", "status", "accepts_inmail", "inmail_credits", *OTHER_COLUMNS]
    members = [
        [
            id,
            draw.choice(TEXTS),
            draw.choice(["", "free", "career"]),
            draw.choice(TIMES),
            draw.choice(["", "active", "closed"]),
            draw.choice(["", "true", "FALSE"]),
            draw.choice(["", "0", "7", str(2**63 - 1)]),
            *(draw.choice(TEXTS) for _ in OTHER_COLUMNS),
        ]
        for id in [*everybody, *IDS]
    ]
    good = members[0][1:]
    bad = [
        ["x1", *good],
        ["x2", *good],
        ["x3", *good],
        ["x4", *good],
        ["x5", *good],
        ["x6", *good],
        ["", *good],
        ["x8"],
    ]
    bad[0][3] = "soon"
    bad[1][4] = "asleep"
    bad[2][6] = "-1"
    bad[3][-1] = "a\0b"
    bad[4][-1] = "x" * 10_000_000
    bad[5][2] = "gold"
    write(folder, "members", header, [*members, *bad])
    write(folder, "groups", ["id", "messaging"], [[id, draw.choice(["", "false"])] for id in GROUPS])
    write(folder, "companies", ["id", "name"], [[id, draw.choice(TEXTS)] for id in COMPANIES])
    connections = [[member(), member(), draw.choice(TIMES)] for _ in range(2_000)]
    write(folder, "connections", ["a", "b", "since"], [*connections, ["x1", "007", ""], ["007", "m1", "never"]])
    write(folder, "group_members", ["member", "group"], [[member(), draw.choice([*GROUPS, "?"])] for _ in range(300)])
    ties = [
        [member(), draw.choice(COMPANIES), draw.choice(["", "works_at", "follows", "likes"]), *draw.choices(TIMES, k=2)]
        for _ in range(1_000)
    ]
    write(folder, "company_members", ["member", "company", "tie", "since", "until"], ties)
    blocks = [[member(), member(), draw.choice(["", "block", "limit"]), draw.choice(TEXTS)] for _ in range(300)]
    write(folder, "blocks", ["member", "other", "kind", "reason"], blocks)
    write(folder, "settings", ["id", "tier", "city"], [[member(), "career", draw.choice(TEXTS)] for _ in range(50)])
    sets = ["", "all", "tier", "tier;groups", "accepts_inmail;connections", "bad"]
    write(folder, "known", ["id", "assumed"], [[member(), draw.choice(sets)] for _ in range(100)])
    undated = [[member(), draw.choice(COMPANIES), draw.choice(["", "works_at", "follows"])] for _ in range(300)]
    write(folder, "undated", ["member", "company", "tie"], undated)
    return folder


@dataclass(frozen=True)
class WithSettings:
    """A native folder with settings beside it, some of what is assumed, and ties to companies without times."""

    folder: Path

    def chunks(self) -> Iterator[Chunk]:
        yield from open_source(self.folder).chunks()
        yield from open_table(File.at(self.folder / "known.csv"), SETTINGS).chunks()
        yield from open_table(File.at(self.folder / "undated.csv"), COMPANY_MEMBERS).chunks()
        yield from open_table(File.at(self.folder / "settings.csv"), SETTINGS).chunks()

    def notes(self) -> list[Note]:
        return []


@dataclass(frozen=True)
class Loaded:
    report: LoadReport
    rejects: list[Reject]
    fingerprint: str


def loaded(database: Database, source: Source, **how: Any) -> Loaded:
    for name in rule_pack.SHIPPED:
        database.write(pack_store.save_pack(rule_pack.shipped_pack(name)))
    rejects: list[Reject] = []
    tiers = database.read(pack_store.loaded_tiers())
    report = load(database, source, tiers=tiers, reject=rejects.append, **how)
    return Loaded(report, rejects, fingerprint(database))


@pytest.fixture
def imported(mortal: Server) -> Iterator[Database]:
    """A graph to import into, whatever it holds."""
    with Database(mortal.start().address) as database:
        schema.apply(database)
        yield database


def shown(database: Database, what: str) -> list[dict[str, Any]]:
    rows, _ = database.explain(f"SHOW {what} YIELD name, type ORDER BY name", {}, profile=True)
    return rows


def graph(database: Database) -> list[dict[str, Any]]:
    rows, _ = database.explain(
        "MATCH (n) RETURN labels(n) AS labels, count(n) AS count ORDER BY labels", {}, profile=True
    )
    return rows


def test_the_rejects_and_the_graph_are_those_of_a_load_in_batches(
    database: Database, imported: Database, mortal: Server, folder: Path
) -> None:
    in_batches = loaded(database, WithSettings(folder))
    at_once = loaded(imported, WithSettings(folder), server=mortal, import_from=1, replace=True)
    assert in_batches.rejects == at_once.rejects
    assert (in_batches.report.loaded, in_batches.report.rejected) == (at_once.report.loaded, at_once.report.rejected)
    assert in_batches.fingerprint == at_once.fingerprint
    assert graph(database) == graph(imported)
    assert database.read(pack_store.pack_hashes()) == imported.read(pack_store.pack_hashes())
    assert schema.GraphState(at_once.report.version, loading=False) == imported.read(schema.state())
    assert at_once.fingerprint == loaded(imported, WithSettings(folder)).fingerprint
    (folder / "later").mkdir(exist_ok=True)
    write(folder / "later", "members", ["id"], [["one more"]])
    assert {"members": 1} == loaded(imported, open_source(folder / "later")).report.loaded
    assert [each["count"] + (each["labels"] == ["Member"]) for each in graph(database)] == [
        each["count"] for each in graph(imported)
    ]
    assert shown(database, "CONSTRAINTS") == shown(imported, "CONSTRAINTS")
    assert shown(database, "INDEXES") == shown(imported, "INDEXES")


def test_what_is_not_ours_in_a_graph_is_never_replaced(
    imported: Database, mortal: Server, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    imported.explain("CREATE (:Note {text: 'mine'})", {}, profile=True)
    with caplog.at_level("INFO", "graph"):
        loaded(imported, open_source(folder), server=mortal, import_from=1, replace=True)
    assert [] == caplog.messages
    notes, _ = imported.explain("MATCH (note:Note) DELETE note RETURN count(note) AS notes", {}, profile=True)
    assert [{"notes": 1}] == notes


def test_who_was_forgotten_stays_so_after_an_import(imported: Database, mortal: Server, folder: Path) -> None:
    loaded(imported, open_source(folder))
    [hash] = forget(imported, ["007"])
    before = imported.read(forgotten_hashes())
    done = loaded(imported, open_source(folder), server=mortal, import_from=1, replace=True)
    assert ([hash], before) == ([each.hash for each in before], imported.read(forgotten_hashes()))
    assert "asked to be forgotten" in {reject.reason for reject in done.rejects}
    rows, _ = imported.explain("MATCH (m:Member {id: '007'}) RETURN m.id AS id", {}, profile=True)
    assert [] == rows
    remember(imported, hash)


def test_an_import_that_fails_is_one_line_and_leaves_the_graph(
    imported: Database, mortal: Server, folder: Path
) -> None:
    before = loaded(imported, open_source(folder)).fingerprint
    with mortal.import_folder() as files:
        (files / "Member.csv").write_text('":ID(Member)","born:datetime"\n1,soon\n', encoding="utf-8")
        with pytest.raises(ServerFailed, match=r"could not import the network; its last words: .*soon") as failed:
            mortal.replace_graph(files, ["--id-type=integer", "--nodes=Member=./Member.csv"])
    assert "\n" not in str(failed.value)
    with Database(mortal.start().address) as database:
        assert before == fingerprint(database)


def test_who_has_lost_the_graph_replaces_nothing(imported: Database, mortal: Server, folder: Path) -> None:
    before = loaded(imported, open_source(folder), replace=True).fingerprint
    served = mortal.status()

    def lose(*_: object) -> None:
        """Somebody elsewhere takes over while the files are read."""
        text = """
            MATCH (state:GraphState)-[:LOADED_BY]->(loader:Loader)
            SET loader.id = 'theirs', loader.machine = 'elsewhere'
        """
        imported.explain(text, {}, profile=True)

    tiers = imported.read(pack_store.loaded_tiers())
    with pytest.raises(LoadRunning, match="taken over"):
        load(
            imported,
            open_source(folder),
            tiers=tiers,
            reject=lambda _: None,
            progress=lose,
            server=mortal,
            import_from=1,
            replace=True,
        )
    assert served == mortal.status()
    imported.explain("MATCH (state:GraphState)-[:LOADED_BY]->(loader) DETACH DELETE loader", {}, profile=True)
    imported.explain("MATCH (state:GraphState) SET state.loading = false", {}, profile=True)
    assert before == fingerprint(imported)


# Into a home without a graph


@pytest.fixture
def home(tmp_path: Path, release: Release) -> Iterator[Server]:
    """A home that no server was ever set up in."""
    server = Server(tmp_path / "home", release)
    yield server
    server.stop()


def begun(server: Server, source: Source, **how: Any) -> tuple[LoadReport | None, list[Reject]]:
    rejects: list[Reject] = []
    packs = [rule_pack.shipped_pack(name) for name in rule_pack.SHIPPED]
    return first_load(server, source, packs=packs, reject=rejects.append, **how), rejects


def test_a_home_that_begins_with_a_network_has_the_graph_of_a_load_in_batches(
    database: Database, home: Server, folder: Path
) -> None:
    in_batches = loaded(database, WithSettings(folder))
    report, rejects = begun(home, WithSettings(folder), import_from=1)
    assert report is not None
    assert (in_batches.report.files, in_batches.rejects) == (report.files, rejects)
    with Database(home.start().address) as at_once:
        assert in_batches.fingerprint == fingerprint(at_once)
        assert graph(database) == graph(at_once)
        assert database.read(pack_store.pack_hashes()) == at_once.read(pack_store.pack_hashes())
        assert schema.GraphState(report.version, loading=False) == at_once.read(schema.state())
        assert shown(database, "CONSTRAINTS") == shown(at_once, "CONSTRAINTS")
        assert shown(database, "INDEXES") == shown(at_once, "INDEXES")


def test_a_small_network_is_no_reason_to_import_and_nothing_of_it_is_set_aside_twice(
    home: Server, folder: Path
) -> None:
    assert (None, []) == begun(home, WithSettings(folder))
    assert home.is_empty
    assert not home.folder.exists()


def test_where_the_import_is_killed_the_home_stays_without_a_graph_and_without_a_server(
    home: Server, folder: Path
) -> None:
    def is_a_tool(process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return ADMIN_TOOL in process.cmdline()
        return False

    def kill_the_tool() -> None:
        while not (tools := [*filter(is_a_tool, psutil.Process().children())]):
            time.sleep(0.01)
        tools[0].kill()

    with ThreadPoolExecutor() as pool:
        killer = pool.submit(kill_the_tool)
        with pytest.raises(ServerFailed, match="could not import the network"):
            begun(home, open_source(folder), import_from=1)
        killer.result(10)
    assert (home.is_empty, home.status()) == (True, None)
    assert begun(home, open_source(folder), import_from=1)[0] is not None


def test_who_finds_that_another_command_set_the_home_up_meanwhile_changes_nothing(home: Server, folder: Path) -> None:
    def set_up(*_: object) -> None:
        home.start()

    with pytest.raises(LoadRunning, match="meanwhile"):
        begun(home, open_source(folder), import_from=1, progress=set_up)
    with Database(home.start().address) as database:
        assert [] == graph(database)


# Killed at any point of the way

SAID = (
    "writing the files of the import",
    "stopping Neo4j for the import",
    "importing the network",
    "starting Neo4j",
)
LOADER = """
import logging, sys
from pathlib import Path
from graph.driver.database import Database
from graph.loading.loading import load
from graph.model import COMPANY_MEMBERS
from graph.server.server import Server
from graph.sources import open_source
home, folder = map(Path, sys.argv[1:])
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
server = Server(home)
with Database(server.start().address) as database:
    load(
        database, open_source(folder), tiers={"free", "career"}, reject=lambda _: None,
        server=server, import_from=1, replace=True,
    )
"""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "last_line" in metafunc.fixturenames:
        every = metafunc.config.getoption("--kill-points") >= 100
        metafunc.parametrize("last_line", SAID if every else SAID[2:3])


def test_killed_after_any_of_its_steps_the_next_load_ends_in_the_same_graph(
    imported: Database, mortal: Server, folder: Path, last_line: str
) -> None:
    expected = loaded(imported, open_source(folder), replace=True).fingerprint
    command = [sys.executable, "-c", LOADER, str(mortal.folder.parent), str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as loader:
        assert loader.stdout is not None
        while not loader.stdout.readline().startswith(last_line):
            assert loader.poll() is None
        loader.kill()
    with Database(mortal.start().address) as database:
        assert database.read(schema.state()).loading
        assert expected == loaded(database, open_source(folder), server=mortal, import_from=1).fingerprint
