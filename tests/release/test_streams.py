"""Rows that are read region by region are those of the whole graph at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphkit.analysis.properties import read_everything
from graphkit.release.exports import export
from graphkit.release.tables.rows import Rows
from graphkit.release.tables.streams import StreamedRows
from graphkit.store import in_memory

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph


@pytest.mark.parametrize("lines", [1, 300, 1_000_000])
def test_every_table_has_the_rows_of_the_whole_graph_whatever_is_read_at_once(
    questions: tuple[Graph, Checked], monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    monkeypatch.setattr("graphkit.release.tables.streams._LINES", lines)
    store = questions[0].store
    whole, streamed = Rows(read_everything(store)), StreamedRows(store)
    assert whole.tables == streamed.tables
    for table in whole.tables:
        expected, found = list(whole.of(table)), list(streamed.of(table))
        assert sorted(map(str, found)) == sorted(map(str, expected)), table.name
        assert len(set(found)) == len(found)


def test_a_store_without_lines_has_the_same_rows(coded_graph: Graph) -> None:
    lines = coded_graph.store.lines()
    assert lines is not None
    with lines:
        other = in_memory(line.decode() for line in lines)
    streamed = StreamedRows(coded_graph.store)
    for table in streamed.tables:
        found = list(StreamedRows(other).of(table))
        assert sorted(map(str, found)) == sorted(map(str, streamed.of(table))), table.name


def test_networks_of_large_graphs_are_left_out(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.release.tables.files.LARGEST_NETWORK", 3)
    names = {path.stem for path in export(small_graph.store, "tables", "attributed", tmp_path / "t")}
    assert {"statements", "propositions", "datapackage"} <= names
    assert not {"nodes", "edges", "edge_statements"} & names
