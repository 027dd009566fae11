"""The server is made of the locked files, all of them, and of nothing else."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from graph.errors import ArtifactsCorrupt, ArtifactsMissing
from graph.server import artifacts
from graph.server.artifacts import NEO4J, RELEASES, Release


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filled store of this test alone: links to the user's files, which the test may replace but not write to."""
    artifacts.class_path(NEO4J)
    users = artifacts.store()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    own = artifacts.store()
    assert tmp_path in own.parents
    for jar in artifacts.locked(NEO4J):
        (own / jar.path).parent.mkdir(parents=True, exist_ok=True)
        (own / jar.path).symlink_to(users / jar.path)
    return own


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.version)
def test_the_lock_holds_the_coordinates_each_file_once_and_no_address(release: Release) -> None:
    jars = artifacts.locked(release)
    locked = [jar.coordinate.replace(":jar:", ":") for jar in jars]
    assert set(release.coordinates) <= set(locked)
    assert len(locked) == len(set(locked))
    assert all(len(bytes.fromhex(jar.sha256)) == 32 for jar in jars)
    assert "://" not in release.lock.read_text(encoding="utf-8")


def test_the_class_path_is_what_is_locked(own_store: Path) -> None:
    stray = own_store / "org" / "stray.jar"
    stray.touch()
    assert [own_store / jar.path for jar in artifacts.locked(NEO4J)] == artifacts.class_path(NEO4J)


def test_a_flipped_byte_is_refused(own_store: Path) -> None:
    jar = own_store / artifacts.locked(NEO4J)[100].path
    content = bytearray(jar.read_bytes())
    content[len(content) // 2] ^= 1
    jar.unlink()
    jar.write_bytes(content)
    with pytest.raises(ArtifactsCorrupt, match="delete it and try again") as refused:
        artifacts.class_path(NEO4J)
    assert str(refused.value).startswith(str(jar))
    assert "\n" not in str(refused.value)


def test_only_what_is_missing_is_fetched(own_store: Path, caplog: pytest.LogCaptureFixture) -> None:
    smallest = min((own_store / jar.path for jar in artifacts.locked(NEO4J)), key=lambda path: path.stat().st_size)
    smallest.unlink()
    with caplog.at_level("INFO", "graph"):
        assert smallest in artifacts.class_path(NEO4J)
    assert not smallest.is_symlink()
    assert f"fetching Neo4j {NEO4J.version}: 1 of 1 files" in caplog.messages


def test_an_empty_store_without_network_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = f"http://127.0.0.1:{listener.getsockname()[1]}"
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, closed)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ArtifactsMissing, match="connect this machine to the network once") as missing:
        artifacts.class_path(NEO4J)
    assert str(artifacts.store()) in str(missing.value)
    assert "\n" not in str(missing.value)
    assert ["fetch.lock"] == [entry.name for entry in artifacts.store().iterdir()]
