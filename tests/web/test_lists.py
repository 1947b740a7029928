"""The lists of a large graph, which its build writes: the same pages as counted ones, without a count of statements."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from graphkit.build.generations import find_whole
from graphkit.build.lists import ON_A_PAGE, count_lists
from graphkit.build.pipeline import build
from graphkit.model.iris import BASE, SP, expand
from graphkit.query.questions import read_questions
from graphkit.store import EmbeddedStore, open_store
from graphkit.web.pages import listed, page
from graphkit.web.pages.listed import lists_of
from graphkit.web.pages.paged import PAGED, path_to
from graphkit.web.published import Beside

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.model.generation import Generation
    from graphkit.model.workspace import Workspace


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put few rows on a page, so that the lists of the small workspace have several."""
    for name in ON_A_PAGE:
        monkeypatch.setitem(ON_A_PAGE, name, 3)


@pytest.fixture
def large(small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    """Return a build whose graph counts as a large one."""
    monkeypatch.setattr("graphkit.build.statistics.LARGE", 0)
    place = type(small)(shutil.copytree(small.root, tmp_path / "large", ignore=shutil.ignore_patterns("build")))
    assert build(place).ok
    return place.generation()


def bodies(store: EmbeddedStore) -> dict[str, bytes]:
    """Return the home page and each page of each list."""
    lists = lists_of(store)
    numbers = [
        path_to(name, facet, number)
        for name in PAGED
        for facet, (_, total) in lists.totals.get(name, {"": ("", 0)}).items()
        for number in range(1, -(-total // ON_A_PAGE[name]) + 2)
    ]
    questions = Beside(read_questions([]))
    return {path: page(store, path, "html", questions).body for path in ("index", "about", "schema", *numbers)}


def test_pages_of_written_lists_are_those_of_counted_ones(large: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert large.lists_file.is_file()
    with monkeypatch.context() as patch:
        patch.setattr(listed, "count_lists", None)  # nothing is counted
        written = bodies(open_store(large))
    large.lists_file.unlink()
    assert bodies(open_store(large)) == written
    assert {"entities/2", "statements/2", "sources/2", "statements/denies"} <= written.keys()


def test_a_page_of_a_list_reads_the_rows_of_the_page_only(large: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    plain = EmbeddedStore.query

    def query(self: EmbeddedStore, text: str, *args: object, **named: object) -> object:
        read.append(text)
        return plain(self, text, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(EmbeddedStore, "query", query)
    monkeypatch.setattr("graphkit.web.pages.context._SMALL", 0)
    store = open_store(large)
    for path in ("index", "entities", "sources", "statements", "statements/denies", "disputes"):
        assert page(store, path).status == 200
    assert [text for text in read if "COUNT(" in text or "?s a sp:Statement" in text] == []


def test_lists_of_another_graph_or_damaged_ones_are_counted_again(large: Generation) -> None:
    right = bodies(open_store(large))
    text = large.lists_file.read_text(encoding="utf-8")
    for wrong in ("", "!\n", "! []\n", text.replace(large.sha256, "0" * 64)):
        large.lists_file.write_text(wrong, encoding="utf-8")
        assert bodies(open_store(large)) == right


def test_a_build_with_damaged_lists_is_not_whole(large: Generation) -> None:
    build_folder = large.folder.parent.parent
    assert find_whole(build_folder, large.sha256)
    large.lists_file.write_text("!\n", encoding="utf-8")
    assert find_whole(build_folder, large.sha256) is None


def test_a_small_build_has_no_lists(built_small: Workspace) -> None:
    assert not built_small.generation().lists_file.exists()


def test_a_stance_of_two_words_is_written_as_words() -> None:
    lines = [
        f"<{BASE}statement/{name}> <{expand(relation)}> <{SP}{value}> <{BASE}graph/a> .\n".encode()
        for name, stance in (("a/one", "asserts"), ("a/two", "rulesOut"))
        for relation, value in (("sp:stance", stance), ("rdf:type", "Statement"))
    ]
    totals = count_lists(lines).totals["statements"]
    assert totals == {"": ("all", 2), "asserts": ("asserts", 1), "rules-out": ("rules out", 1)}
