"""Files that are their owner's alone, whatever the umask, and what killed processes leave of them."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.cache import is_trusted
from graph.files.private import create_private, make_private_folder, require_room, staging, take_place, write_private
from graph.files.regular import open_regular, read_text, read_whole, require_replaceable
from tests.support.paths import ROOT

PREFIX = ".linkreach-"


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct, autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_folders_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    with create_private(tmp_path / "a" / "file") as file:
        file.write(b"mine")
    write_private(tmp_path / "a" / "small", b"mine")
    assert [0o700, 0o700] == [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")]
    assert [0o600, 0o600] == [mode(tmp_path / "a" / "file"), mode(tmp_path / "a" / "small")]


def test_no_link_is_followed_where_something_is_made(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch(mode=0o600)
    for name in ("file", "small.part", "small"):
        (tmp_path / name).symlink_to(theirs)
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "file")
    write_private(tmp_path / "small", b"mine")
    assert (b"", b"mine") == (theirs.read_bytes(), (tmp_path / "small").read_bytes())
    assert not (tmp_path / "small").is_symlink()
    (tmp_path / "folder").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError):
        make_private_folder(tmp_path / "folder")


STAGES = """
import sys
from pathlib import Path
from graph.files.private import staging
with staging(Path(sys.argv[1])) as stage:
    (stage / "half").touch()
    print(stage, flush=True)
    input()
"""


def test_what_a_killed_process_staged_goes_with_the_next_and_what_a_living_one_stages_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STAGES, str(tmp_path)]

    def stager() -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    (killed, left), (living, held) = stager(), stager()
    assert left.exists()
    killed.kill()
    killed.communicate()
    with staging(tmp_path) as own:
        assert {held, own} == {*tmp_path.iterdir()}
    living.communicate("\n")
    assert [] == [*tmp_path.iterdir()]


REPLACES = """
import os, sys
from pathlib import Path
from graph.files.private import staging, take_place
there = Path(sys.argv[1])
with staging(there) as stage:
    (stage / "new").mkdir()
    def killed(event, about):
        if event == "os.rename" and Path(about[0]) == stage / "new":
            os._exit(9)
    sys.addaudithook(killed)
    take_place(stage / "new", there / "mine")
"""


def test_a_folder_stays_where_the_one_in_its_place_does_not_come(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    make_private_folder(mine / "old")
    with pytest.raises(FileNotFoundError), staging(tmp_path) as stage:
        take_place(stage / "nowhere", mine)
    assert [mine / "old"] == [*mine.iterdir()]
    killed = subprocess.run([sys.executable, "-c", REPLACES, str(tmp_path)], cwd=ROOT, check=False)
    assert (9, False) == (killed.returncode, mine.exists())
    with staging(tmp_path):
        assert [mine / "old"] == [*mine.iterdir()]
    assert [mine] == [*tmp_path.iterdir()]
    with staging(tmp_path) as stage:
        make_private_folder(stage / "new")
        take_place(stage / "new", mine)
    assert [mine] == [*tmp_path.iterdir()]
    assert [] == [*mine.iterdir()]


def test_the_staging_folders_of_a_prefix_are_those_whose_names_begin_so(tmp_path: Path) -> None:
    for name in ("[1]-left", "1-theirs"):
        make_private_folder(tmp_path / name)
    with staging(tmp_path, "[1]-"):
        assert {"1-theirs"} == {path.name for path in tmp_path.iterdir() if not path.name.startswith("[1]-")}
        assert not (tmp_path / "[1]-left").exists()


def test_a_folder_that_is_tried_stays_as_it_is(tmp_path: Path) -> None:
    require_room(tmp_path / "a" / "b")
    assert [] == [*tmp_path.iterdir()]
    (tmp_path / "file").touch(mode=0o600)
    with pytest.raises(NotADirectoryError):
        require_room(tmp_path / "file" / "b")


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o720])
def test_what_others_may_write_to_is_not_run(mode: int, tmp_path: Path) -> None:
    make_private_folder(tmp_path / "kernels")
    (tmp_path / "kernels").chmod(mode)
    assert not is_trusted(tmp_path / "kernels")


def test_what_is_a_link_or_anothers_or_can_be_replaced_is_not_run(tmp_path: Path) -> None:
    kernels = tmp_path / "open" / "kernels"
    make_private_folder(kernels)
    assert is_trusted(kernels)
    (tmp_path / "link").symlink_to(kernels)
    assert not is_trusted(tmp_path / "link")
    (tmp_path / "open").chmod(0o777)
    assert not is_trusted(kernels)
    (tmp_path / "open").chmod(0o1777)
    assert is_trusted(kernels)
    if os.geteuid() == 0:
        os.chown(kernels, 65534, 65534)
        assert not is_trusted(kernels)


# What is no file


@pytest.fixture
def no_files(tmp_path: Path) -> Iterator[dict[Path, str]]:
    pipe, link, listener = tmp_path / "pipe", tmp_path / "link", socket.socket(socket.AF_UNIX)
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    listener.bind(str(tmp_path / "socket"))
    yield {
        pipe: "a pipe",
        link: "a pipe",
        tmp_path / "socket": "a socket",
        Path("/dev/zero"): "a device",
        Path("/dev/null"): "a device",
    }
    listener.close()


def test_what_is_no_file_is_refused_at_once(no_files: dict[Path, str], tmp_path: Path) -> None:
    for path, kind in no_files.items():
        for use in (open_regular, require_replaceable, lambda path: read_whole(path, 10)):
            with pytest.raises(OSError, match=f"it is {kind} and no file"):
                use(path)
    for use in (open_regular, require_replaceable, lambda path: read_whole(path, 10)):
        with pytest.raises(IsADirectoryError):
            use(tmp_path)
    require_replaceable(tmp_path / "nothing")


def test_a_short_file_has_a_longest_length(tmp_path: Path) -> None:
    with create_private(tmp_path / "sparse") as file:
        file.truncate(2**40)
    with pytest.raises(OSError, match="longer than 10 bytes"):
        read_whole(tmp_path / "sparse", 10)


def test_what_a_shell_hands_over_is_read_once() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"a\r\nb")
    os.close(writing)
    assert "a\nb" == read_text(Path(f"/dev/fd/{reading}"), 10)
    os.close(reading)
