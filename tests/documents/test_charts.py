"""The notebook of charts runs as it is, on the reports of the sample, and draws what it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.support.paths import DOCS, GOLDEN

NOTEBOOK = DOCS / "charts.ipynb"


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    found: nbformat.NotebookNode = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # has no types
    return found


def test_it_is_kept_without_what_a_run_leaves(notebook: nbformat.NotebookNode) -> None:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [([], None)] * len(cells) == [(cell.outputs, cell.execution_count) for cell in cells]


def test_it_draws_three_charts_from_the_reports(
    notebook: nbformat.NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # else it makes one at home
    shutil.copytree(GOLDEN, tmp_path / "reports")
    done = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert ["image/png"] * 3 == [kind for output in outputs for kind in output.data if kind != "text/plain"]
