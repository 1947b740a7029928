"""Columns kept beside a large build give the same networks as reading the build again."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from graphkit.analysis.discourse import kinds
from graphkit.analysis.discourse.kinds import KINDS
from graphkit.analysis.discourse.reading import Reader, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphkit.analysis.discourse.projection import Projection
    from graphkit.graph import Graph
    from graphkit.store.embedded import EmbeddedStore


@pytest.fixture
def folder(small_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let the small build count as a large one, and return its folder."""
    monkeypatch.setattr(kinds, "SMALLEST", 0)
    store: EmbeddedStore = small_graph.store  # type: ignore[assignment]
    assert store.generation
    yield store.generation.folder
    for path in store.generation.folder.glob("columns-*"):
        path.unlink()


def content(found: Projection) -> tuple[object, ...]:
    ties = [(*tie, found.contributions(*tie[:2])) for tie in found.ties()]
    return found.rows, found.columns, ties, found.iris, found.notes, found.left_out, found.coded.scale


@pytest.mark.parametrize("kind", KINDS)
def test_kept_columns_give_the_same_network(
    small_graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    readings = [
        Reading(actor=actor, dates=dates, stances=stances)
        for actor, dates, stances in itertools.product(
            ("organisation", "kind"), ("certain", "published"), ({}, {"plans": "withdraw"})
        )
    ]
    read = [content(small_graph.projection(kind, reading)) for reading in readings]
    assert len(list(folder.glob("columns-*.npz"))) == len(readings)
    monkeypatch.delattr(Reader, "columns")  # nothing is read again
    assert [content(small_graph.projection(kind, reading)) for reading in readings] == read


def test_a_kept_file_that_is_damaged_is_written_again(small_graph: Graph, folder: Path) -> None:
    read = content(small_graph.projection("relay"))
    (path,) = folder.glob("columns-*.npz")
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"junk", whole.replace(b'"iris"', b'"irix"')):
        path.write_bytes(damaged)
        assert content(small_graph.projection("relay")) == read
        assert path.read_bytes() == whole


def test_a_small_build_keeps_no_columns(small_graph: Graph, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    small_graph.projection("relay")
    assert not list(folder.glob("columns-*"))
