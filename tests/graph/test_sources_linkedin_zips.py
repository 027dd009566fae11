"""Zips that are broken, or made to do harm: one line each, and nothing of them is unpacked."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from graph.errors import InvalidInput, UnknownOwners, UnknownSource
from graph.sources import open_source
from graph.sources.chunks import Hints, Note
from graph.sources.linkedin.rows import LONGEST_ROW
from graph.sources.linkedin.source import LinkedInSource
from tests.support.linkedin import Files, connections, contact, invitation, write_folder, write_zip

FILES: Files = {
    "Connections.csv": connections(*(contact(f"person-{number}", f"Ada {number}") for number in range(200))),
    "Invitations.csv": invitation("me"),
    "Learning.csv": "a,b\n",
}
DIRECTORY = b"PK\x01\x02"  # the signature of an entry in a zip's directory, at its end
FLAGS, METHOD, SHRUNK, SIZE = 8, 10, 20, 24  # where they stand in that entry


def patched(path: Path, **fields: tuple[str, int, int]) -> Path:
    """The zip with a field of each entry in its directory overwritten: its form, its place, and the value."""
    data = bytearray(path.read_bytes())
    place = data.find(DIRECTORY)
    while place >= 0:
        for form, offset, value in fields.values():
            struct.pack_into(form, data, place + offset, value)
        place = data.find(DIRECTORY, place + 1)
    path.write_bytes(data)
    return path


def truncated(folder: Path) -> Path:
    path = write_zip(folder / "mine.zip", FILES)
    path.write_bytes(path.read_bytes()[:-40])
    return path


def damaged(folder: Path) -> Path:
    path = write_zip(folder / "mine.zip", FILES)
    data = bytearray(path.read_bytes())
    data[300:310] = b"\0" * 10
    path.write_bytes(data)
    return path


def encrypted(folder: Path) -> Path:
    return patched(write_zip(folder / "mine.zip", FILES), flags=("<H", FLAGS, 1))


def of_an_unknown_method(folder: Path) -> Path:
    return patched(write_zip(folder / "mine.zip", FILES), method=("<H", METHOD, 9))


def bomb(folder: Path) -> Path:
    return write_zip(folder / "mine.zip", {**FILES, "messages.csv": b"0" * 40_000_000})


def larger_than_it_may_be(folder: Path) -> Path:
    sizes = {"shrunk": ("<I", SHRUNK, 1 << 30), "size": ("<I", SIZE, 1 << 30)}
    return patched(write_zip(folder / "mine.zip", FILES), **sizes)


def climbing(folder: Path) -> Path:
    return write_zip(folder / "mine.zip", {**FILES, "../../evil.csv": "x"})


def climbing_backwards(folder: Path) -> Path:
    return write_zip(folder / "mine.zip", {**FILES, "a\\..\\..\\evil.csv": "x"})


def of_windows(folder: Path) -> Path:
    return write_zip(folder / "mine.zip", {f"Export\\{name}": text for name, text in FILES.items()})


def absolute(folder: Path) -> Path:
    return write_zip(folder / "mine.zip", {**FILES, "/etc/evil.csv": "x"})


def nested(folder: Path) -> Path:
    inner = write_zip(folder / "inner" / "Basic_Export.zip", FILES)
    return write_zip(folder / "mine.zip", {"Basic_Export.zip": inner.read_bytes()})


def nested_beside_files(folder: Path) -> Path:
    inner = write_zip(folder / "inner" / "x.zip", FILES)
    return write_zip(folder / "mine.zip", {**FILES, "x.ZIP": inner.read_bytes()})


def of_two_archives(folder: Path) -> Path:
    return write_zip(folder / "mine.zip", {f"{home}/{name}": text for home in "ab" for name, text in FILES.items()})


def with_a_file_twice(folder: Path) -> Path:
    path = write_zip(folder / "mine.zip", FILES)
    with zipfile.ZipFile(path, "a") as zip:
        zip.writestr("connections.CSV", FILES["Connections.csv"])
    return path


def with_an_endless_line(folder: Path) -> Path:
    noise = random.Random(1).randbytes(LONGEST_ROW).hex()
    return write_zip(folder / "mine.zip", {**FILES, "Connections.csv": str(FILES["Connections.csv"]) + noise})


def not_utf8(folder: Path) -> Path:
    text = str(FILES["Connections.csv"]).encode() + b"Jos\xe9,secret,,,,,\n"
    return write_zip(folder / "mine.zip", {**FILES, "Connections.csv": text})


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (truncated, "mine.zip is not a whole zip: copy or download it again"),
        (damaged, "mine.zip/Connections.csv is not whole: copy or download it again"),
        (encrypted, "mine.zip is protected by a password: unpack it, and load the folder"),
        (of_an_unknown_method, "mine.zip/Connections.csv is not whole: copy or download it again"),
        (bomb, "mine.zip/messages.csv unpacks to more than 200 times its size, and is not read"),
        (larger_than_it_may_be, "mine.zip holds more than 2 GiB: unpack it, and load the folder"),
        (climbing, "mine.zip holds '../../evil.csv', which leads out of it"),
        (climbing_backwards, r"mine.zip holds 'a\\..\\..\\evil.csv', which leads out of it"),
        (
            of_windows,
            r"mine.zip holds 'Export\\Connections.csv', a name with backslashes: unpack it, and load the folder",
        ),
        (absolute, "mine.zip holds '/etc/evil.csv', which leads out of it"),
        (nested, "mine.zip holds Basic_Export.zip, a zip within a zip: unpack it, and load the folder"),
        (nested_beside_files, "mine.zip holds x.ZIP, a zip within a zip: unpack it, and load the folder"),
        (with_a_file_twice, "mine.zip: it holds Connections.csv 2 times, where an archive has one"),
        (with_an_endless_line, "mine.zip: line 206 of Connections.csv is longer than 1,048,576 bytes"),
        (not_utf8, "mine.zip: line 206 of Connections.csv is not UTF-8: load the archive as it was downloaded"),
    ],
)
@pytest.mark.parametrize("format", ["auto", "linkedin"])
def test_a_zip_that_is_not_right_is_refused_in_one_line(
    tmp_path: Path, made: Callable[[Path], Path], line: str, format: str
) -> None:
    path = made(tmp_path / "there")
    with pytest.raises(InvalidInput) as error:
        open_source(path, format)
    assert line == str(error.value).removeprefix(f"{path.parent}/")


def test_one_broken_zip_among_others_is_refused(tmp_path: Path) -> None:
    write_zip(tmp_path / "there" / "good.zip", FILES)
    truncated(tmp_path / "there")
    with pytest.raises(InvalidInput, match=r"/mine.zip is not a whole zip: copy or download it again$"):
        open_source(tmp_path / "there")


def test_a_broken_zip_alone_in_a_folder_says_so(tmp_path: Path) -> None:
    truncated(tmp_path / "there")
    with pytest.raises(InvalidInput, match=r"/mine.zip is not a whole zip"):
        open_source(tmp_path / "there")


def test_a_zip_that_is_no_archive_is_named_among_archives(tmp_path: Path) -> None:
    write_zip(tmp_path / "there" / "good.zip", FILES)
    write_zip(tmp_path / "there" / "tools.zip", {"a.txt": "", "b.txt": ""})
    found = LinkedInSource(tmp_path / "there")
    assert ["good.zip"] == [*found.owners]
    assert Note("tools.zip", "not read: no archive of LinkedIn's") in found.notes()


def test_a_zip_may_hold_several_archives(tmp_path: Path) -> None:
    path = of_two_archives(tmp_path)
    assert {"a": "me", "b": "me"} == LinkedInSource(path).owners


def test_a_zip_of_connections_alone_is_an_archive(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "mine.zip", {"Connections.csv": FILES["Connections.csv"]})
    with pytest.raises(UnknownOwners):
        open_source(path)
    assert {"mine.zip": "me"} == LinkedInSource(path, Hints(owner="me")).owners


def test_an_edge_list_beside_an_archive_is_not_taken_for_a_part_of_it(tmp_path: Path) -> None:
    write_zip(tmp_path / "mine.zip", FILES)
    (tmp_path / "friends.csv").write_text("ada,ben\n", "utf-8")
    with pytest.raises(UnknownSource, match="may be an edge list or not"):
        open_source(tmp_path / "friends.csv")


def test_a_file_of_an_archive_leads_to_the_archive(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mine", FILES)
    with pytest.raises(UnknownSource, match="one file of a linkedin folder: load the folder"):
        open_source(folder / "Connections.csv")


def test_a_broken_zip_beside_files_of_another_format_does_not_matter(tmp_path: Path) -> None:
    truncated(tmp_path)
    (tmp_path / "members.csv").write_text("id\na\n", "utf-8")
    assert 1 == sum(len(chunk.lines) for chunk in open_source(tmp_path).chunks())


def test_what_macos_adds_to_a_zip_does_not_matter(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "mine.zip", {**FILES, "__MACOSX/._Connections.csv": b"\0"})
    assert {"mine.zip": "me"} == LinkedInSource(path).owners


def test_nothing_is_unpacked(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "mine.zip", FILES, within="export/")
    assert 201 == sum(len(chunk.lines) for chunk in open_source(path).chunks() if chunk.table.name == "members")
    assert [path] == list(tmp_path.iterdir())


def test_damage_anywhere_is_an_error_of_ours_or_does_not_matter(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "mine.zip", {name: str(text)[:600] for name, text in FILES.items()})
    whole = path.read_bytes()
    draw = random.Random(19)
    for _ in range(1_000):
        data = bytearray(whole)
        for _ in range(draw.randrange(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        path.write_bytes(data[: draw.choice((len(data), draw.randrange(4, len(data))))])
        with suppress(InvalidInput):
            LinkedInSource(path, Hints(messages=True))
