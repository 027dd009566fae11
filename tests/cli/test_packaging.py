"""What is installed: names that nobody else has, every data file, and a command line that starts quickly."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.support.paths import ROOT

PACKAGES = ("analysis", "api", "cypher", "graph", "linkreach")
SLOW_TO_IMPORT = ("fastapi", "neo4j", "numba", "pandas", "pyarrow", "structlog", "uvicorn")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel."""
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_every_file_of_the_packages_is_in_the_wheel(wheel: set[str]) -> None:
    here = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
    }
    assert here == {name for name in wheel if not name.startswith("linkreach-")}
    assert {".cypher", ".csv", ".lock", ".py", ".toml", ".txt"} <= {Path(name).suffix for name in here}


def test_the_licences_travel_with_the_wheel(wheel: set[str]) -> None:
    licences = {name.partition("/licenses/")[2] for name in wheel if ".dist-info/licenses/" in name}
    assert licences == {
        "LICENSE",
        "api/http/docs/LICENSE",
        "api/http/docs/NOTICE",
        "api/http/docs/swagger-ui-bundle.js.LICENSE.txt",
        "api/page/static/vendor/chart.js/LICENSE.md",
        "api/page/static/vendor/cytoscape/LICENSE",
        "api/page/static/vendor/lit-html/LICENSE",
        "graph/sample/LICENSE.txt",
        "graph/sample/NOTICE.txt",
    }


@pytest.mark.parametrize("name", [*PACKAGES, "tests"])
def test_no_other_distribution_ships_a_package_of_our_name(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"linkreach"}


def test_help_imports_neither_the_driver_nor_anything_else_that_is_slow() -> None:
    code = f"""
import sys
from api.main import main
try:
    main(["--help"])
finally:
    print("slow:", sorted(set({SLOW_TO_IMPORT!r}) & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "slow: []") == (done.returncode, done.stderr.strip())
    assert "Usage: linkreach" in done.stdout


def test_the_oracle_imports_nothing_of_the_product() -> None:
    code = f"import sys, tests.rules.oracle_reports; print(sorted({set(PACKAGES)!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
