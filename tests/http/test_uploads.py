"""Files that are sent: every byte arrives, they are their owner's alone as long as they are there, and then are gone.

Nothing of this asks a graph: the files are only looked at (`explain`).
"""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.http import schemas
from api.http.loads import AT_HAND, KEPT
from api.http.problems import Problem
from api.http.service import Options
from api.http.uploads import Upload
from graph.driver.connection import Address
from tests.http.service import PATIENCE, serving
from tests.http.test_connections import answer, connected
from tests.support import linkedin

BOUNDARY = b"--between"
MEMBERS = "id,name\nada,Ada\nben,Ben\n"
CONNECTIONS = "a,b\nada,ben\nben,cy\n"
FOLDER = {"net/members.csv": MEMBERS, "net/connections.csv": CONNECTIONS}


def form(files: Sequence[tuple[str, bytes]], fields: Sequence[tuple[str, str]] = ()) -> bytes:
    """A form as a browser sends it."""
    parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in fields]
    parts += [f'name="f"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode() + data for name, data in files]
    framed = [b"--" + BOUNDARY + b"\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts]
    return b"".join(framed) + b"--" + BOUNDARY + b"--\r\n"


TYPE = f"multipart/form-data; boundary={BOUNDARY.decode()}"


def head(length: int, *, address: str = "/v1/loads?explain=true", kind: str = TYPE) -> bytes:
    lines = (f"POST {address} HTTP/1.1", "Host: localhost", f"Content-Type: {kind}", f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode()


# A form and its files


def received(folder: Path, pieces: Sequence[bytes], *, files_at_most: int = 100) -> Upload:
    with Upload(Headers({"content-type": TYPE}), folder, files_at_most) as upload:
        for piece in pieces:
            upload.feed(piece)
        upload.require_end()
    return upload


# What looks like the end of a file, and is none.
PARTS = st.sampled_from(
    [b"\r", b"\n", b"\r\n", b"-", b"--", BOUNDARY, b"\r\n--", b"\r\n--" + BOUNDARY[:-1], b"\0", b"a,b\n", b"\xff"]
)
DATA = st.lists(PARTS | st.binary(max_size=20), max_size=12).map(b"".join).filter(lambda data: BOUNDARY not in data)


@given(files=st.lists(DATA, min_size=1, max_size=4), cuts=st.lists(st.integers(1, 60), min_size=1, max_size=50))
def test_every_byte_of_every_file_arrives_wherever_the_form_is_cut(
    tmp_path_factory: pytest.TempPathFactory, files: list[bytes], cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("sent")
    whole = form([(f"{number}.csv", data) for number, data in enumerate(files)])
    pieces: list[bytes] = []
    while whole:
        size = cuts[len(pieces) % len(cuts)]
        pieces.append(whole[:size])
        whole = whole[size:]
    received(folder, pieces)
    assert files == [(folder / f"{number}.csv").read_bytes() for number in range(len(files))]


def test_a_form_that_ends_early_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    whole = form([("a.csv", b"a,b\r\n1,2\r\n"), ("b.csv", b"")])
    for end in range(whole.rindex(b"--")):
        with pytest.raises(Problem, match="not whole"):
            received(tmp_path / str(end), [whole[:end]])


NAMES_THAT_LEAD_ELSEWHERE = [
    "../a.csv",
    "/etc/a.csv",
    "net/../../a.csv",
    "net//a.csv",
    "./a.csv",
    "net/",
    "",
    "net\\\\a.csv",
    "c:a.csv",
    "a\tb.csv",
    "a" * 256,
    "a/" * 20 + "a.csv",
]


@pytest.mark.parametrize("name", NAMES_THAT_LEAD_ELSEWHERE)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Problem, match="is no name that a file can have here"):
        received(tmp_path / "sent", [form([(name, b"a")])])
    assert [tmp_path / "sent"] == [*tmp_path.rglob("*")]


@pytest.mark.parametrize("names", [("a.csv", "a.csv"), ("a", "a/b.csv"), ("a/b.csv", "a")])
def test_two_files_of_one_name_are_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    with pytest.raises(Problem, match="twice"):
        received(tmp_path / "sent", [form([(name, b"a") for name in names])])


def test_what_was_sent_is_the_one_file_or_folder_that_all_is_in(tmp_path: Path) -> None:
    sent = {
        "one": ["a.csv"],
        "folder": ["net/members.csv", "net/remove/blocks.csv"],
        "several": ["a.zip", "b.zip"],
        "both": ["net/a.csv", "b.csv"],
    }
    found = {
        case: received(tmp_path / case, [form([(name, b"") for name in names])]).path for case, names in sent.items()
    }
    assert found == {
        "one": tmp_path / "one" / "a.csv",
        "folder": tmp_path / "folder" / "net",
        "several": tmp_path / "several",
        "both": tmp_path / "both",
    }


# A service that takes them


@pytest.fixture(scope="module")
def no_graph() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield Address(f"bolt://127.0.0.1:{listener.getsockname()[1]}", "neo4j", "")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this process keeps what it keeps for a while."""
    folder = tmp_path_factory.mktemp("tmp")
    with pytest.MonkeyPatch.context() as environment:
        environment.setattr("tempfile.tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def client(no_graph: Address, home: Path, elsewhere: Path) -> Iterator[httpx.Client]:
    assert elsewhere
    with serving(Options(no_graph, home, upload_files=20)) as running:
        yield running.client


def sent(client: httpx.Client, files: dict[str, Any], **asked: str) -> httpx.Response:
    named = [("files", (name, data, "text/csv")) for name, data in files.items()]
    return client.post("/v1/loads", params={"explain": "true", **asked}, files=named)


def looked_at(client: httpx.Client, files: dict[str, Any], **asked: str) -> schemas.Load:
    """What the files would be read as."""
    answer = sent(client, files, **asked)
    assert 202 == answer.status_code, answer.text
    started = schemas.LoadStarted.model_validate(answer.json())
    assert f"/v1/loads/{started.id}" == answer.headers["location"] == started.look_at
    while (load := schemas.Load.model_validate(client.get(started.look_at).json())).running is not None:
        time.sleep(0.05)
    return load


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:linkreach:problem:")


def left(home: Path) -> list[Path]:
    """The files that were sent and are still there."""
    return [path for path in (home / "loads").rglob("*") if path.is_file() and "sent" in path.parts]


def test_a_folder_is_told_table_by_table_as_the_command_does(client: httpx.Client, home: Path) -> None:
    load = looked_at(client, {**FOLDER, "net/notes.txt": "hello"})
    assert load.finished is not None
    assert [
        ("members.csv", "members", 2, 0),
        ("connections.csv", "connections", 2, 0),
        ("notes.txt", None, 0, 0),
    ] == [(each.file, each.table, each.loaded, each.rejected) for each in load.finished.files]
    assert (None, True) == (load.finished.graph_version, load.explain)
    assert [] == left(home)


def test_the_first_and_the_last_byte_of_a_large_file_count(client: httpx.Client, home: Path, elsewhere: Path) -> None:
    """It is larger than any body of a question may be, and its last line has no end."""
    count = 200_000
    rows = [f"m{number:06},{'x' * 30}" for number in range(count)]
    data = "\n".join(["id,note", *rows]).encode()
    assert len(data) > 1 << 22
    for body in (data, BytesIO(data)):
        load = looked_at(client, {"net/members.csv": body})
        assert load.finished is not None
        assert (count, 0) == (load.finished.loaded["members"], load.finished.rejected["members"])
    load = looked_at(client, {"net/members.csv": data[:-1] + b"\xff"})
    assert load.failed is not None
    assert f"net/members.csv, line {count + 1}: not UTF-8" == load.failed["detail"]
    assert [] == left(home)
    assert [] == [*elsewhere.iterdir()]


def test_an_upload_without_a_length_is_read_as_it_comes(client: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        whole = form([("net/members.csv", b"id\n" + b"".join(b"m%d\n" % number for number in range(500_000)))])
        for at in range(0, len(whole), 10_000):
            yield whole[at : at + 10_000]

    answer = client.post("/v1/loads?explain=true", content=pieces(), headers={"Content-Type": TYPE})
    assert 202 == answer.status_code
    while (load := client.get(answer.headers["location"]).json())["running"]:
        time.sleep(0.05)
    assert {"members": 500_000} == load["finished"]["loaded"]


def test_a_zip_is_read_as_its_files(client: httpx.Client) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as zip:
        for name, text in FOLDER.items():
            zip.writestr(name, text)
    load = looked_at(client, {"net.zip": packed.getvalue()})
    assert load.finished is not None
    assert {"members": 2, "connections": 2} == load.finished.loaded


def test_what_is_asked_may_stand_in_the_address_or_in_the_form_and_once(client: httpx.Client) -> None:
    files = {"files": ("net.txt", "ada ben 1\nben cy 2\n")}
    answer = client.post("/v1/loads", data={"explain": "true", "columns": "a=1,b=2"}, files=files)
    assert 202 == answer.status_code, answer.text
    twice = client.post("/v1/loads?explain=true", data={"explain": "true"}, files=files)
    assert (422, "invalid-request") == problem(twice)
    assert "body.explain is in the address, too" == twice.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ({"from": "rubbish"}, "from must be auto, or one of native, ldbc"),
        ({"columns": "a=x"}, "columns 'a=x' names no column: say a=1 for the first one"),
        ({"colums": "a=1,b=2"}, "colums is not asked for here"),
        ({"explain": "perhaps"}, "explain "),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(client: httpx.Client, asked: dict[str, str], detail: str) -> None:
    in_address = sent(client, {"a.csv": ""}, **asked)
    in_form = client.post("/v1/loads", data={"explain": "true", **asked}, files={"files": ("a.csv", "")})
    for place, told in {"query": in_address, "body": in_form}.items():
        assert (422, "invalid-request") == problem(told)
        assert f"{place}.{detail}" in told.json()["detail"]


def archive(*contacts: str, inviter: str = "") -> bytes:
    """A LinkedIn archive, whose owner is told by an invitation, or not at all."""
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("Connections.csv", linkedin.connections(*(linkedin.contact(slug) for slug in contacts)))
        if inviter:
            file.writestr("Invitations.csv", linkedin.invitation(inviter))
    return zipped.getvalue()


WANTING: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "encoding": ({"net/members.csv": "id,name\nada,Ren\xe9\n".encode("latin-1")}, {"parameter": "encoding"}),
    "columns": (
        {"net.txt": "ada ben 0.5\nben cy 0.7\n"},
        {"parameter": "columns", "columns": 3, "names": [], "likely": [1, 2]},
    ),
    "from": ({"net.txt": "ada ben\nben cy\n"}, {"parameter": "from", "one_of": ["edges"]}),
    "owner": ({"ben.zip": archive("ada", "eve")}, {"parameter": "owner", "archives": ["ben.zip"]}),
}
HELPING = {"encoding": "latin-1", "columns": "a=1,b=2", "from": "edges", "owner": linkedin.address("ben")}


@pytest.mark.parametrize("wanted", WANTING)
def test_a_problem_of_files_says_what_would_help_and_that_helps(client: httpx.Client, home: Path, wanted: str) -> None:
    files, wants = WANTING[wanted]
    failed = looked_at(client, files).failed
    assert failed is not None
    assert ("urn:linkreach:problem:unreadable-files", 422, wants) == (
        failed["type"],
        failed["status"],
        failed["wants"],
    )
    assert str(home) not in failed["detail"]
    assert None is not looked_at(client, files, **{wanted: HELPING[wanted]}).finished


def test_of_several_archives_a_file_among_them_says_whose_they_are(client: httpx.Client) -> None:
    files = {"ada.zip": archive("ben", "cy", inviter="ada"), "ben.zip": archive("ada", "eve")}
    failed = looked_at(client, files).failed
    assert failed is not None
    assert {"parameter": "owner", "archives": ["ben.zip"]} == failed["wants"]
    found = looked_at(client, {**files, "owners.csv": "archive,owner\nben.zip,ben\n"}, messages="true").finished
    assert found is not None
    assert schemas.OwnExports(archives=2, people=4, has_settings=False, missing=0) == found.own_exports
    assert "secret" not in found.model_dump_json()


def test_loose_files_of_an_archive_have_no_name_of_ours(client: httpx.Client) -> None:
    files = {"Connections.csv": linkedin.connections(linkedin.contact("ben")), "Learning.csv": "Content Title\nX\n"}
    failed = looked_at(client, files).failed
    assert failed is not None
    assert ("nothing says whose archive what was sent is", ["what was sent"]) == (
        failed["detail"],
        failed["wants"]["archives"],
    )
    assert None is not looked_at(client, files, owner="ada").finished


@pytest.mark.parametrize(
    ("files", "detail"),
    [
        ({"group_members.csv": "member,group\na,g\n"}, "group_members.csv"),
        ({"a.zip": b"PK\3\4 and no more"}, "a.zip is not a whole zip"),
        ({"net/member.csv": "id\na\n"}, "did you mean 'members'?"),
        ({"empty.csv": ""}, "empty.csv"),
    ],
)
def test_a_problem_of_files_names_them_as_they_were_sent(
    client: httpx.Client, home: Path, files: dict[str, Any], detail: str
) -> None:
    failed = looked_at(client, files).failed
    assert failed is not None
    assert detail in failed["detail"]
    assert str(home) not in failed["detail"]
    assert ".load-" not in failed["detail"]


def test_rows_that_are_set_aside_are_read_as_they_came(client: httpx.Client) -> None:
    rows = "".join(f"ada{number},ben{number},strong,\n" for number in range(150))
    load = looked_at(
        client,
        {"net/members.csv": MEMBERS, "net/connections.csv": "a,b,strength,since\nada,ada,,\nada,ben,-1,\n" + rows},
    )
    address = f"/v1/loads/{load.id}/rejected"
    found = schemas.RejectedRows.model_validate(client.get(address).json())
    assert (100, load.id) == (len(found.rows), found.load)
    first, second = found.rows[:2]
    assert ("connections.csv", 2, "b", "ada") == (first.file, first.line, first.column, first.value)
    assert ("connections.csv", 3, "strength", "-1") == (second.file, second.line, second.column, second.value)
    assert load.finished is not None
    every = client.get(address, params={"format": "csv", "limit": "all"}).text.splitlines()
    assert sum(load.finished.rejected.values()) + 1 == len(every)
    assert every[2].startswith("connections.csv,3,strength,'-1,")
    whole = looked_at(client, FOLDER)
    assert [] == client.get(f"/v1/loads/{whole.id}/rejected").json()["rows"]


def test_the_last_loads_are_listed_and_older_ones_are_gone(client: httpx.Client, home: Path) -> None:
    loads = [looked_at(client, {"net/members.csv": "id\n\n"}) for _ in range(KEPT + 2)]
    listed = schemas.Loads.model_validate(client.get("/v1/loads").json())
    assert [*reversed([load.id for load in loads])][:KEPT] == [load.id for load in listed.loads]
    assert (1 << 30, 20) == (listed.bytes_at_most, listed.files_at_most)
    assert (404, "unknown-load") == problem(client.get(f"/v1/loads/{loads[0].id}"))
    assert (404, "unknown-load") == problem(client.get(f"/v1/loads/{loads[0].id}/rejected"))
    assert KEPT == len([*(home / "loads").glob(".load-*")])
    rows = client.get(f"/v1/loads/{loads[-1].id}", params={"format": "csv"}).text
    assert rows.startswith("file,table,loaded,rejected,notes\nmembers.csv,members,0,")


# Who may, and how much


def test_what_is_no_form_or_has_no_file_is_refused(client: httpx.Client, home: Path) -> None:
    plain = {"Content-Type": "application/json"}
    assert (400, "unreadable-body") == problem(client.post("/v1/loads", content=b"{}", headers=plain))
    assert (400, "unreadable-body") == problem(
        client.post("/v1/loads?explain=true", content=b"{}", headers={"Content-Type": "multipart/form-data"})
    )
    no_file = client.post("/v1/loads?explain=true", content=form([]), headers={"Content-Type": TYPE})
    assert (422, "invalid-request") == problem(no_file)
    broken = client.post("/v1/loads?explain=true", content=b"hello", headers={"Content-Type": TYPE})
    assert (400, "unreadable-body") == problem(broken)
    assert [] == left(home)


def test_a_page_of_another_site_sends_nothing(client: httpx.Client) -> None:
    for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/v1/loads?explain=true", files={"f": ("a.csv", "id\n")}, headers=headers)
        assert (403, "foreign-origin") == problem(answer)


def test_more_files_than_may_be_are_refused(client: httpx.Client, home: Path) -> None:
    answer = sent(client, {f"net/{number}.csv": "" for number in range(21)})
    assert (422, "too-large") == problem(answer)
    assert [] == left(home)


def test_more_bytes_than_may_be_are_refused_before_they_come_and_while_they_do(
    no_graph: Address, tmp_path: Path
) -> None:
    most = 1_000
    with serving(Options(no_graph, tmp_path, upload_bytes=most)) as running:
        with connected(running.port, head(most + 1)) as connection:
            assert (413, "body-too-large") == answer(connection)[:2]
        chunked = head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
        body = form([("a.csv", b"a" * most)])
        with connected(running.port, chunked + b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n") as connection:
            assert (413, "body-too-large") == answer(connection)[:2]
        room = most - len(form([("edges.csv", b"")]))
        assert None is not looked_at_exactly(running.client, room).finished
        assert [] == left(tmp_path)


def looked_at_exactly(client: httpx.Client, size: int) -> schemas.Load:
    """A form of as many bytes as may be, whose file has this size."""
    body = form([("edges.csv", b"a,b\n" + b"a," + b"c" * (size - 6))])
    answer = client.post("/v1/loads?explain=true&from=edges", content=body, headers={"Content-Type": TYPE})
    assert 202 == answer.status_code, answer.text
    while (load := schemas.Load.model_validate(client.get(answer.headers["location"]).json())).running is not None:
        time.sleep(0.05)
    return load


def test_files_that_cannot_be_kept_are_told_so(no_graph: Address, tmp_path: Path) -> None:
    (tmp_path / "loads").touch()
    with serving(Options(no_graph, tmp_path)) as running:
        assert (507, "no-room") == problem(sent(running.client, FOLDER))


# From the first byte to the last


@contextmanager
def half_sent(port: int, data: bytes) -> Iterator[socket.socket]:
    """A connection over which a file was begun."""
    whole = form([("net/members.csv", data + b"the rest")])
    until = whole.index(b"the rest")
    with connected(port, head(len(whole)) + whole[:until]) as connection:
        yield connection


def wait_for(home: Path, sizes: list[int]) -> list[Path]:
    """The files that have come, once they have these sizes."""
    while True:
        with suppress(FileNotFoundError):
            files = left(home)
            if sizes == [file.stat().st_size for file in files]:
                return files


def test_what_has_come_is_its_owners_alone_and_is_gone_where_the_rest_does_not_come(
    client: httpx.Client, home: Path, elsewhere: Path
) -> None:
    data = b"id\n" + b"m\n" * (1 << 19)
    wait_for(home, [])
    with half_sent(client.base_url.port or 0, data):
        while not (found := left(home)) or found[0].stat().st_size < 1 << 19:
            pass
        (file,) = found
        assert data.startswith(file.read_bytes())
        assert 0o600 == stat.S_IMODE(file.stat().st_mode)
        for folder in file.parents:
            if home in folder.parents:
                assert 0o700 == stat.S_IMODE(folder.stat().st_mode)
        assert [] == [*elsewhere.iterdir()]
    wait_for(home, [])
    assert [] == [*elsewhere.iterdir()]


def test_uploads_that_never_end_leave_no_more_behind_than_may_be_at_hand(no_graph: Address, tmp_path: Path) -> None:
    with serving(Options(no_graph, tmp_path)) as running:
        with ExitStack() as open:
            for _ in range(AT_HAND):
                open.enter_context(half_sent(running.port, b"id\n"))
            while len([*(tmp_path / "loads").glob(".load-*")]) < AT_HAND:
                pass
            refused = sent(running.client, FOLDER)
            assert (503, "overloaded") == problem(refused)
        while [*(tmp_path / "loads").glob(".load-*")]:
            pass
        assert None is not looked_at(running.client, FOLDER).finished


def test_nothing_is_left_when_the_service_ends(no_graph: Address, tmp_path: Path) -> None:
    with serving(Options(no_graph, tmp_path)) as running:
        looked_at(running.client, {"net/members.csv": "id\n\n"})
        assert [*(tmp_path / "loads").iterdir()]
    assert [] == [*(tmp_path / "loads").iterdir()]


@pytest.mark.own_command
def test_what_a_killed_service_left_is_gone_when_the_next_one_starts(no_graph: Address, tmp_path: Path) -> None:
    environment = {**os.environ, "LINKREACH_HOME": str(tmp_path), "LINKREACH_NEO4J_URI": no_graph.uri}
    command = [str(Path(sys.executable).with_name("linkreach")), "serve", "--port", "0"]
    environment["LINKREACH_NEO4J_PASSWORD"] = "none"

    @contextmanager
    def served() -> Iterator[tuple[subprocess.Popen[str], int]]:
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as service:
            try:
                assert service.stderr is not None
                line = next(line for line in service.stderr if "listening on" in line)
                yield service, int(line.partition("127.0.0.1:")[2].partition("/")[0])
            finally:
                service.kill()

    with served() as (service, port), half_sent(port, b"id\n" + b"m\n" * (1 << 16)):
        while not left(tmp_path):
            pass
        service.kill()
        service.wait()
    assert left(tmp_path)
    with served() as (_, port):
        while httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE).status_code != 200:
            pass
        assert [] == [*(tmp_path / "loads").iterdir()]
