"""The Python of the documents runs as it stands there, and so does the notebook."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from graph.driver.database import Database
from tests.support.paths import DOCS

PAGE = DOCS / "how-to" / "notebooks.md"
NOTEBOOK = DOCS / "charts.ipynb"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    found: nbformat.NotebookNode = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]  # has no types
    return found


@pytest.mark.usefixtures("desk")
def test_the_examples_of_the_page_run_in_order(database: Database) -> None:
    assert database
    printed = io.StringIO()
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(printed):
        for block in BLOCK.findall(PAGE.read_text("utf-8")):
            exec(compile(block, PAGE.name, "exec"), names)
    names["session"].close()
    said = printed.getvalue()
    assert ["222", "False [('TIER_TOO_LOW',)]", "True"] == said.splitlines()[:3]
    assert "['recipient', 'degree', 'channels', 'certain']" in said
    assert "no member has the id 'nobody'" in said


def test_it_is_kept_without_what_a_run_leaves(notebook: nbformat.NotebookNode) -> None:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [([], None)] * len(cells) == [(cell.outputs, cell.execution_count) for cell in cells]


@pytest.mark.usefixtures("desk")
def test_it_loads_the_sample_asks_and_draws_three_charts(
    database: Database, notebook: nbformat.NotebookNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # else it makes one at home
    done = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    cells = [cell for cell in done.cells if cell.cell_type == "code"]
    assert 10 == len(cells)
    kinds = [kind for cell in cells for output in cell.outputs for kind in output.get("data", {})]
    assert 3 == kinds.count("image/png")
    assert [] == [output for cell in cells for output in cell.outputs if output.output_type == "error"]
