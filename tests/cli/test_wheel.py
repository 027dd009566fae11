"""The wheel as somebody has it who never saw the clone: in an empty environment, used from another folder.

To install all that it needs takes a minute, so a plain run leaves it out: `make test-wheel`, or `pytest --wheel`.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest
from hatchling.builders.wheel import WheelBuilder

from analysis.reports import REPORTS
from tests.support.paths import ROOT


class Installed:
    """An environment that has the wheel and what it needs, and an empty folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.environment, self.desk = folder / "environment", folder / "desk"
        self.desk.mkdir()
        around = ("LINKREACH_", "PYTHON", "PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT", "VIRTUAL_ENV")
        self.variables = {name: value for name, value in os.environ.items() if not name.startswith(around)}

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs a program of the environment."""
        program, *arguments = words
        return subprocess.run(
            [self.environment / "bin" / program, *arguments],
            cwd=self.desk,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    if not pytestconfig.getoption("--wheel"):
        pytest.skip("make test-wheel installs the wheel into an empty environment")
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    installed = Installed(folder)
    subprocess.run([sys.executable, "-m", "venv", installed.environment], env=installed.variables, check=True)
    done = installed.run("pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel)
    assert 0 == done.returncode, done.stderr
    return installed


@pytest.fixture(scope="module")
def demo(installed: Installed) -> Iterator[subprocess.CompletedProcess[str]]:
    """The whole job there, whose server stays."""
    try:
        yield installed.run("linkreach", "demo", "--keep")
    finally:
        installed.run("linkreach", "--home", "linkreach-demo/home", "neo4j", "stop")


def test_nothing_of_the_clone_is_in_reach(installed: Installed) -> None:
    code = (
        "import analysis, api, cypher, graph\nfor package in (analysis, api, cypher, graph): print(package.__path__[0])"
    )
    places = installed.run("python", "-c", code).stdout.splitlines()
    assert ["analysis", "api", "cypher", "graph", "linkreach"] == [Path(place).name for place in places]
    assert all(Path(place).is_relative_to(installed.environment) for place in places)


def test_it_says_its_version(installed: Installed) -> None:
    assert f"linkreach {version('linkreach')}\n" == installed.run("linkreach", "--version").stdout


def test_the_demo_does_the_whole_job(demo: subprocess.CompletedProcess[str], installed: Installed) -> None:
    assert 0 == demo.returncode, demo.stderr
    written = {path.stem for path in (installed.desk / "linkreach-demo" / "reports").glob("*.csv")}
    assert {"member_reach", "tier_reach", "group_bridges"} == written


def test_every_report_can_be_made(demo: subprocess.CompletedProcess[str], installed: Installed) -> None:
    assert 0 == demo.returncode
    for engine in ("local", "cypher"):
        words = f"linkreach --home linkreach-demo/home report all --out {engine} --engine {engine} --at 2026-11-23"
        done = installed.run(*shlex.split(words))
        assert 0 == done.returncode, done.stderr
    reports = [
        {path.name: path.read_bytes() for path in (installed.desk / engine).glob("*.csv")}
        for engine in ("local", "cypher")
    ]
    assert {f"{name}.csv" for name in REPORTS} == set(reports[0])
    assert reports[0] == reports[1]


def test_the_service_has_its_page_its_manual_and_its_answers(
    demo: subprocess.CompletedProcess[str], installed: Installed
) -> None:
    assert 0 == demo.returncode
    serving = subprocess.Popen(
        [installed.environment / "bin" / "linkreach", "--home", "linkreach-demo/home", "serve", "--port", "0"],
        cwd=installed.desk,
        env=installed.variables,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert serving.stderr is not None
        found = next(match for line in serving.stderr if (match := re.search(r"http://127\.0\.0\.1:\d+", line)))
        with httpx.Client(base_url=found[0], timeout=120) as client:
            pages = [client.get(path).status_code for path in ("/", "/page/main.js", "/docs", "/docs/manual.js")]
            verdict = client.get("/v1/check", params={"sender": "8796093022357", "recipient": "4398046511333"})
    finally:
        serving.send_signal(signal.SIGINT)
        serving.communicate()
    assert [200] * 4 == pages
    assert 200 == verdict.status_code, verdict.text
