"""Whatever a curator's file holds, checking it tells problems and never falls over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from places import REPOSITORY

from graphkit.corpus.parse import dataset, entities, source
from graphkit.corpus.yaml_tree import parse_tree
from graphkit.model.errors import Problem
from graphkit.model.workspace import Workspace, init_workspace

if TYPE_CHECKING:
    from pathlib import Path

SEED = (REPOSITORY / "graphkit/model/starter/data/sources/example-gazette-2021.yaml").read_text(encoding="utf-8")
PIECES = [
    "", " ", "\t", "\n", "\n\n", ":", ": ", "- ", "[", "]", "{", "}", "{}", "[]", "null", "~", "''", '"', "'",
    "|", ">", "&a", "*a", "!!str ", "---\n", "...\n", "#", "%", "@", "`", "?", "? ", "<<: ",
    "é", "\u0301", "\u202e", "\x00", "\x1b", "\ufeff", "0x1F", "1e400", "-1", "true", "2020-02-30", "2020-01-01",
    "a" * 3000, "statements:", "object: {statement: paid}", "object: {subject: a}", "object: [a]",
    "evidence: x", "evidence: {starts: [a]}", "at: -1", "at: 99999999999999999999", "via: a", "via: [[a]]",
    "when: 9999999",
]  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> str:
    """Return the starter's source with some pieces put in, taken out or put in the place of others."""
    text = SEED
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 5, 40])))
        text = text[:start] + draw(st.sampled_from(PIECES) | st.text(max_size=4)) + text[end:]
    return text


@given(text=broken() | st.text(max_size=200))
@example(text="statements: {a: {object: {statement: a}, subject: a, relation: claimed}}")
@settings(max_examples=150)
def test_every_text_is_read_or_refused(text: str) -> None:
    tree, problems = parse_tree(text, "x.yaml")
    assert all(isinstance(problem, Problem) for problem in problems)
    for read in (dataset, entities, source):
        record, wrong = read(tree)
        assert record is not None or wrong or tree.root is None
        assert all(problem.location.file == "x.yaml" and problem.location.line >= 1 for problem in wrong)
        assert all(problem.message and problem.solution for problem in wrong)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return init_workspace(tmp_path_factory.mktemp("fuzz") / "w")


@given(text=broken())
@settings(max_examples=30)
def test_every_source_file_is_checked_without_a_crash(place: Workspace, text: str) -> None:
    from graphkit.build.pipeline import check

    path: Path = place.data / "sources/example-gazette-2021.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = check(place)
    assert found.ok == (not any(problem.level == "error" for problem in found.problems))
    if found.ok:
        assert found.lines
