"""The containers, as a user types it: up, load, ask over HTTP, report, restart, all still there, down."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import ROOT

COPIED = (
    *(".dockerignore", "Dockerfile", "LICENSE", "Makefile", "README.md"),
    *("constraints.txt", "docker-compose.yml", "pyproject.toml"),
    *("analysis", "api", "cypher", "graph", "linkreach"),
)
PAIR = ("8796093022357", "4398046511333")
PATIENCE = 300  # seconds until a container that starts is given up; a slow machine is no failure


@dataclass(frozen=True)
class Project:
    """A clone in a folder of its own, with ports and a name of its own."""

    folder: Path
    environment: dict[str, str]

    def typed(self, *command: str) -> str:
        """What a command says on standard output; one that fails fails the test."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert 0 == done.returncode, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def compose(self, *arguments: str) -> str:
        """The answer of docker compose."""
        return self.typed(*compose(), *arguments)

    def asked(self, path: str, key: str | None = None) -> tuple[int, Any]:
        """Status and document of the API, once it answers; where it says to try again, it is asked again."""
        url = f"http://127.0.0.1:{self.environment['LINKREACH_PORT']}{path}"
        request = urllib.request.Request(url, headers={} if key is None else {"X-Api-Key": key})
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(request) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503 or time.monotonic() > deadline:
                    return error.code, json.load(error)
            except OSError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.5)

    @property
    def key(self) -> str:
        """The first key, from its file."""
        return (self.folder / "secrets" / "api_key").read_text(encoding="ascii").strip()


def compose() -> list[str]:
    """Docker compose as this machine has it."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return ["docker", "compose"] if plugin.returncode == 0 else ["docker-compose"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def project(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The clone, up; it goes with everything that it made."""
    if not pytestconfig.getoption("--compose"):
        pytest.skip("the containers are run by make test-compose")
    if (
        shutil.which("docker") is None
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no container engine answers")
    folder = tmp_path_factory.mktemp("clone")
    for name in COPIED:
        here = ROOT / name
        if here.is_dir():
            shutil.copytree(here, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(here, folder / name)
    ports = {name: str(free_port()) for name in ("NEO4J_HTTP_PORT", "NEO4J_BOLT_PORT", "LINKREACH_PORT")}
    own = {"COMPOSE_PROJECT_NAME": f"linkreach-test-{os.getpid()}", "LINKREACH_BUILD_NETWORK": "host"}
    project = Project(folder, {**os.environ, **ports, **own})
    try:
        project.typed("make", "up")
        yield project
    finally:
        project.compose("down", "--volumes")


@pytest.fixture(scope="module")
def loaded(project: Project) -> Project:
    """The clone with the sample network in its graph."""
    counts = project.compose("run", "--rm", "-T", "linkreach", "load", "/sample")
    assert re.search(r"^settings\.csv +settings +222 +0$", counts, re.MULTILINE)
    return project


def test_what_it_keeps_secret_is_in_a_folder_that_only_its_owner_enters(project: Project) -> None:
    assert 0o700 == (project.folder / "secrets").stat().st_mode & 0o777
    assert 0o600 == (project.folder / "secrets" / "api_key").stat().st_mode & 0o777


def test_the_image_has_no_way_to_build_and_nobodys_root(project: Project) -> None:
    questions = (
        "id -u",
        "touch /here 2>/dev/null || echo read only",
        "command -v gcc cc make || echo no compiler",
        "python -m pip --version 2>/dev/null || echo no pip",
    )
    run = ("run", "--rm", "-T", "--no-deps", "--entrypoint", "sh", "api", "-c", "; ".join(questions))
    assert ["10001", "read only", "no compiler", "no pip"] == project.compose(*run).splitlines()


def test_nothing_listens_beyond_this_machine(project: Project) -> None:
    containers = project.compose("ps", "-q").split()
    ports = json.loads(project.typed("docker", "inspect", *containers))
    bound = {
        binding["HostIp"]
        for container in ports
        for bindings in container["NetworkSettings"]["Ports"].values()
        for binding in bindings or []
    }
    assert {"127.0.0.1"} == bound


def test_over_http_a_key_is_needed_and_the_verdict_is_that_of_the_command(loaded: Project) -> None:
    path = f"/v1/check?sender={PAIR[0]}&recipient={PAIR[1]}&at=2026-11-23T00:00:00Z"
    assert 401 == loaded.asked(path)[0]
    status, verdict = loaded.asked(path, loaded.key)
    assert (200, 2, 16, False) == (status, verdict["degree"], verdict["mutuals"], verdict["reachable"])


def test_reports_lie_in_the_folder_of_whoever_asked(loaded: Project) -> None:
    loaded.compose("run", "--rm", "-T", "linkreach", "report", "tier_reach", "--out", "/reports")
    assert ["manifest.json", "tier_reach.csv"] == sorted(path.name for path in (loaded.folder / "reports").iterdir())
    assert {os.getuid()} == {path.stat().st_uid for path in (loaded.folder / "reports").iterdir()}


def test_after_a_restart_the_graph_and_the_key_are_still_there(loaded: Project) -> None:
    key = loaded.key
    loaded.typed("make", "down")
    loaded.typed("make", "up")
    assert key == loaded.key
    status, member = loaded.asked(f"/v1/members/{PAIR[0]}", key)
    assert (200, PAIR[0]) == (status, member["id"])
