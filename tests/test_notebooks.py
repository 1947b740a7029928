"""Notebooks: stored clean, and they run from top to bottom on our own data."""

from __future__ import annotations

import ast
import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def code_cells(notebook: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_it_is_a_notebook(notebook: Path) -> None:
    nbformat.validate(nbformat.read(notebook, as_version=4))


def test_it_is_stored_without_outputs(notebook: Path) -> None:
    for cell in code_cells(notebook):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        assert not cell["metadata"]


def test_it_imports_nothing_but_graphkit(notebook: Path) -> None:
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            if isinstance(node, ast.Import):
                assert [name.name for name in node.names] == ["graphkit"]
            assert not isinstance(node, ast.ImportFrom | ast.FunctionDef | ast.ClassDef)


def test_every_cell_is_introduced(notebook: Path) -> None:
    kinds = [cell["cell_type"] for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]]
    assert kinds[0] == "markdown"
    assert kinds[-1] == "markdown"
    assert ("code", "code") not in pairwise(kinds), "prose between any two cells of code"


@pytest.mark.slow
def test_it_runs_from_top_to_bottom(
    notebook: Path, ours: tuple[Graph, Checked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHKIT_WORKSPACE", str(ours[0].workspace.root))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shutil.copy(notebook, tmp_path)
    copy = nbformat.read(tmp_path / notebook.name, as_version=4)
    client = NotebookClient(copy, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [output for cell in copy.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"], "not even a warning"
    last = [cell.source.splitlines()[-1] for cell in copy.cells if cell.cell_type == "code" and not cell.outputs]
    assert len(last) <= 1, f"a cell that shows nothing, other than the import, is of no use: {last}"
