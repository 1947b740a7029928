"""The Python examples of docs/academic run on files that the commands of the pages write."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

import pytest
from places import REPOSITORY

from graphkit.release.exports import export

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "docs/academic").glob("*.md"))}
TOOLS = {"python", "r", "gephi", "ucinet", "machine-learning", "triple-stores", "datasette", "repositories"}
EXAMPLES = {name: re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) for name, text in PAGES.items()}
EXPORTS = {
    match for text in PAGES.values() for match in re.findall(r"^graphkit export (\w+) -o (\S+)$", text, re.MULTILINE)
}


@pytest.fixture(scope="module")
def exported(small_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files that the pages name."""
    folder = tmp_path_factory.mktemp("academic")
    for form, path in EXPORTS:
        export(small_graph.store, form, "attributed", folder / path)
    return folder


def test_there_is_a_page_for_each_kind_of_tool() -> None:
    assert PAGES.keys() >= TOOLS
    assert [name for name in TOOLS if not EXAMPLES[name] and "Not tried here" not in PAGES[name]] == []


@pytest.mark.parametrize("name", [name for name, examples in EXAMPLES.items() if examples])
def test_the_examples_of_a_page_run(exported: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(exported)
    names: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries
        for example in EXAMPLES[name]:
            exec(compile(example, f"docs/academic/{name}.md", "exec"), names)  # noqa: S102 - our own pages
