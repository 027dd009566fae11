"""Compressed files, told by their first bytes; zips, and the limits that keep them from doing harm."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from graph.errors import InvalidInput, LinkreachError
from graph.sources import files, open_source
from tests.support.sources import connections, members, notes, rows, write

PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
EDGES = b"1 2\n2 3\n"


def zipped(path: Path, entries: Mapping[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, data in entries.items():
            zip.writestr(name, data)
    return path


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("name", ["net.txt", "net.txt.gz", "net.txt.GZ", "net.txt.bz2", "net.txt.xz"])
def test_a_compressed_file_is_read_whatever_its_name(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / name).write_bytes(PACK[kind](EDGES))
    source = open_source(tmp_path / name)
    assert ["1", "2", "3"] == members(source)
    assert (name, f"unpacked ({kind})") in notes(source)


@pytest.mark.parametrize("name", ["net.txt.gz", "net.txt.GZ", "net.txt.bz2", "net.txt.zip"])
def test_a_plain_file_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(EDGES)
    source = open_source(tmp_path / name)
    assert ["1", "2", "3"] == members(source)
    assert (name, "not compressed, whatever its name says") in notes(source)


def test_what_is_compressed_twice_is_read_and_four_times_is_refused(tmp_path: Path) -> None:
    (tmp_path / "twice.edges.gz").write_bytes(gzip.compress(lzma.compress(EDGES)))
    source = open_source(tmp_path / "twice.edges.gz")
    assert ["1", "2", "3"] == members(source)
    assert ("twice.edges.gz", "unpacked (xz in gzip)") in notes(source)
    data = EDGES
    for _ in range(4):
        data = gzip.compress(data)
    (tmp_path / "often.edges.gz").write_bytes(data)
    with pytest.raises(InvalidInput, match="compressed more than 3 times over"):
        open_source(tmp_path / "often.edges.gz")


@pytest.mark.parametrize("kind", PACK)
def test_tables_may_be_compressed(tmp_path: Path, kind: str) -> None:
    (tmp_path / "members.csv").write_bytes(PACK[kind]("id,name\na,Žofia\n".encode()))
    assert [{"id": "a", "name": "Žofia"}] == rows(open_source(tmp_path), "members")


@pytest.mark.parametrize("kind", PACK)
def test_what_is_cut_short_is_refused(tmp_path: Path, kind: str) -> None:
    whole = PACK[kind]("".join(f"{i} {i + 1}\n" for i in range(9_999)).encode())
    (tmp_path / "net.edges").write_bytes(whole[:-9])
    with pytest.raises(InvalidInput, match=r"net\.edges (ends too early|is not whole)"):
        open_source(tmp_path)


def test_what_unpacks_to_far_more_than_it_is_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (files, "graph.sources.packed"):
        name = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{name}.SHRUNK_COUNTS_FROM", 1 << 20)
    (tmp_path / "net.edges.gz").write_bytes(gzip.compress(b"1 2\n" * (1 << 20)))
    with pytest.raises(InvalidInput, match=r"net\.edges\.gz unpacks to more than 200 times its size, and is not read"):
        open_source(tmp_path / "net.edges.gz")
    zipped(tmp_path / "net.zip", {"net.edges": b"1 2\n" * (1 << 20)})
    with pytest.raises(InvalidInput, match=r"net\.zip/net\.edges unpacks to more than 200 times its size"):
        open_source(tmp_path / "net.zip")


# ── zips ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_zip_of_one_file_is_that_file(tmp_path: Path) -> None:
    source = open_source(zipped(tmp_path / "net.zip", {"net.txt": EDGES}))
    assert [("1", "2"), ("2", "3")] == connections(source)


@pytest.mark.parametrize("top", ["", "my network/", "a/b/"])
def test_a_zip_of_several_files_is_the_folder_of_them(tmp_path: Path, top: str) -> None:
    files: dict[str, bytes | str] = {
        "members.csv": "id\na\nb\n",
        "connections.csv.gz": gzip.compress(b"a,b\na,b\n"),
        "notes.md": "x",
    }
    packed: dict[str, bytes | str] = {f"{top}{name}": data for name, data in files.items()}
    packed["__MACOSX/._members.csv"] = "x"
    source = open_source(zipped(tmp_path / "net.zip", packed))
    assert ["a", "b"] == members(source)
    assert [("a", "b")] == connections(source)
    assert ("notes.md", "not read: no table is called so") in notes(source)


def test_a_zip_may_hold_what_is_to_go(tmp_path: Path) -> None:
    entries = {"net/members.csv": "id\na\n", "net/remove/connections.csv": "a,b\nx,y\n"}
    assert [{"a": "x", "b": "y"}] == rows(open_source(zipped(tmp_path / "n.zip", entries)), "remove/connections")


def test_other_formats_may_be_zipped(tmp_path: Path) -> None:
    ldbc = {"dynamic/person_0_0.csv": "id|firstName|lastName\n1|Ada|L\n", "static/place_0_0.csv": "id|name\n"}
    assert ["1"] == members(open_source(zipped(tmp_path / "ldbc.zip", ldbc)))
    ego = {"x/7.edges": "1 2\n", "x/7.circles": "c\t1\n"}
    assert ["7", "1", "2"] == members(open_source(zipped(tmp_path / "ego.zip", ego)))


def test_a_table_may_be_a_zip_of_one_file(tmp_path: Path) -> None:
    zipped(tmp_path / "members.csv.zip", {"anything.csv": "id\na\n"})
    assert ["a"] == members(open_source(tmp_path))


def encrypted(path: Path) -> None:
    data = bytearray(zipped(path, {"net.txt": EDGES, "b": "b"}).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            data[place + flags] |= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    path.write_bytes(zipped(path, {"net.txt": EDGES * 100}).read_bytes()[:-30])


def damaged(path: Path) -> None:
    data = bytearray(zipped(path, {"net.txt": os.urandom(100)}).read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(data)


def huge(path: Path) -> None:
    data = bytearray(zipped(path, {"net.txt": EDGES, "b": "b"}).read_bytes())
    place = data.find(b"PK\x01\x02")
    data[place + 20 : place + 28] = struct.pack("<II", 1 << 30, (1 << 31) + 1)
    path.write_bytes(data)


def holding(entries: Mapping[str, bytes | str]) -> Callable[[Path], object]:
    return lambda path: zipped(path, entries)


HARMFUL: dict[str, tuple[Callable[[Path], object], str]] = {
    "a password": (encrypted, "is protected by a password"),
    "cut short": (cut_short, "is not a whole zip"),
    "damaged": (damaged, "is not whole"),
    "too large": (huge, "holds more than 2 GiB"),
    "a way up": (holding({"../net.txt": EDGES}), r"holds '\.\./net\.txt', which leads out of it"),
    "an absolute path": (holding({"/net.txt": EDGES}), "leads out of it"),
    "a drive": (holding({"C:net.txt": EDGES}), "leads out of it"),
    "backslashes": (holding({"a\\..\\net.txt": EDGES}), "leads out of it"),
    "a zip among others": (holding({"inner.zip": b"x", "b": "b"}), "a zip within a zip"),
    "nothing": (holding({}), "is an empty zip"),
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_a_zip_that_is_broken_or_could_do_harm_is_one_line(tmp_path: Path, kind: str) -> None:
    made, problem = HARMFUL[kind]
    made(tmp_path / "net.zip")
    with pytest.raises(LinkreachError, match=problem) as refused:
        list(open_source(tmp_path / "net.zip").chunks())
    assert "\n" not in str(refused.value)


def test_a_zip_within_a_zip_is_told_by_its_bytes_too(tmp_path: Path) -> None:
    zipped(tmp_path / "net.zip", {"net.txt": _bytes_of_a_zip()})
    with pytest.raises(InvalidInput, match="is a zip of several files, or within another, which is not read"):
        open_source(tmp_path / "net.zip")


def _bytes_of_a_zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as zip:
        zip.writestr("net.txt", EDGES)
    return data.getvalue()


# ── what is no file ──────────────────────────────────────────────────────────────────────────────


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "net.edges")
    with pytest.raises(InvalidInput, match=r"net\.edges is a pipe or a device, and no file"):
        open_source(tmp_path / "net.edges")
    os.mkfifo(tmp_path / "members.csv")
    with pytest.raises(InvalidInput, match=r"members\.csv is a pipe or a device, and no file"):
        open_source(tmp_path)


def test_a_device_is_refused_at_once() -> None:
    with pytest.raises(InvalidInput, match="/dev/zero is a pipe or a device"):
        open_source(Path("/dev/zero"))


def test_a_pipe_beside_what_is_read_is_told_and_not_looked_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    source = open_source(write(tmp_path, {"members.csv": "id\na\n"}))
    assert [("pipe", "not read: no table is called so")] == notes(source)
