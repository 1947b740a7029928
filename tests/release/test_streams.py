"""Rows that are read region by region are those of the whole graph at once."""

from __future__ import annotations

import csv
import gc
import tracemalloc
import weakref
from typing import TYPE_CHECKING

import pytest

from graphkit.analysis.network import network
from graphkit.analysis.properties import read_everything
from graphkit.release.exports import export
from graphkit.release.flat_network import FlatNetwork
from graphkit.release.tables.rows import Rows
from graphkit.release.tables.streams import StreamedRows
from graphkit.store import in_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph
    from graphkit.store import Store


@pytest.mark.parametrize("lines", [1, 300, 1_000_000])
def test_every_table_has_the_rows_of_the_whole_graph_whatever_is_read_at_once(
    questions: tuple[Graph, Checked], monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    monkeypatch.setattr("graphkit.release.tables.streams._LINES", lines)
    monkeypatch.setattr("graphkit.release.tables.rows._PART", 7)
    store = questions[0].store
    whole = Rows(read_everything(store))
    with StreamedRows.open(store) as streamed:
        assert whole.tables == streamed.tables
        for table in whole.tables:
            expected, found = list(whole.of(table)), list(streamed.of(table))
            assert sorted(map(str, found)) == sorted(map(str, expected)), table.name
            assert len(set(found)) == len(found)


def without_lines(store: Store) -> Store:
    lines = store.lines()
    assert lines is not None
    with lines:
        return in_memory(line.decode() for line in lines)


@pytest.mark.parametrize("lines", [1, 300, 1_000_000])
def test_a_network_has_the_edges_of_the_whole_graph_whatever_is_read_at_once(
    questions: tuple[Graph, Checked], monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    monkeypatch.setattr("graphkit.release.tables.streams._LINES", lines)
    monkeypatch.setattr("graphkit.release.flat_network._SMALL", 0)
    store = questions[0].store
    for policy in ("attributed", "verified"):
        with FlatNetwork.open(store, policy) as streamed, FlatNetwork.open(without_lines(store), policy) as whole:
            assert (list(streamed), len(streamed)) == (list(whole), len(whole))
            assert (streamed.nodes, streamed.about) == (whole.nodes, whole.about)
            assert [*streamed.nodes] == [*whole.nodes]


def test_rows_that_were_written_leave_memory_at_once(small_graph: Graph) -> None:
    rows = Rows(read_everything(small_graph.store))
    kept = weakref.ref(rows)
    gc.disable()
    try:
        for table in rows.tables:
            assert list(rows.of(table)) is not None
        del rows
        assert kept() is None
    finally:
        gc.enable()


def test_the_edges_of_a_network_are_not_all_in_memory(ours_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphkit.release.tables.streams._LINES", 500)
    monkeypatch.setattr("graphkit.release.flat_network._SMALL", 0)
    most = {name: peak(make) for name, make in (
        ("network", lambda: network(ours_graph.store)),
        ("export", lambda: edge_count(ours_graph.store)),
    )}  # fmt: skip
    assert most["export"] < most["network"] * 0.75


def edge_count(store: Store) -> int:
    with FlatNetwork.open(store, "attributed") as flat:
        return len(flat)


def peak(make: Callable[[], object]) -> int:
    make()
    tracemalloc.start()
    try:
        make()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_store_without_lines_has_the_same_rows(coded_graph: Graph) -> None:
    store = coded_graph.store
    with StreamedRows.open(without_lines(store)) as other, StreamedRows.open(store) as streamed:
        for table in streamed.tables:
            found = list(other.of(table))
            assert sorted(map(str, found)) == sorted(map(str, streamed.of(table))), table.name


def test_networks_of_large_graphs_are_left_out(
    small_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphkit.release.tables.files.LARGEST_NETWORK", 3)
    names = {path.stem for path in export(small_graph.store, "tables", "attributed", tmp_path / "t")}
    assert {"statements", "propositions", "datapackage"} <= names
    assert not {"nodes", "edges", "edge_statements"} & names


@pytest.mark.parametrize("lines", [1, 300])
def test_events_are_those_of_the_whole_graph_whatever_is_read_at_once(
    questions: tuple[Graph, Checked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: int
) -> None:
    store = questions[0].store
    whole = export(without_lines(store), "dna-csv", "attributed", tmp_path / "whole.csv")
    monkeypatch.setattr("graphkit.release.tables.streams._LINES", lines)
    parts = export(store, "dna-csv", "attributed", tmp_path / "parts.csv")
    assert parts[0].read_bytes() == whole[0].read_bytes()
    with parts[0].open(encoding="utf-8", newline="") as file:
        concepts = {row["statement_id"]: row["concept"] for row in csv.DictReader(file, delimiter=";")}
    # Another source takes it back.
    assert concepts["daily-2020/asked-286"] == ""


def test_events_are_not_all_in_memory(ours_graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most = {}
    for lines in (500, 1_000_000):
        monkeypatch.setattr("graphkit.release.tables.streams._LINES", lines)
        most[lines] = peak(lambda: export(ours_graph.store, "dna-csv", "attributed", tmp_path / "a.csv"))
    assert most[500] < most[1_000_000] * 0.6


def test_a_claim_about_a_claim_has_the_label_of_both(ours_graph: Graph) -> None:
    for name in ("statements", "propositions"):
        with StreamedRows.open(ours_graph.store) as rows:
            table = next(one for one in rows.tables if one.name == name)
            names = [column.name for column in table.columns]
            found = [dict(zip(names, row, strict=True)) for row in rows.of(table)]
        about = [row["object_label"] for row in found if str(row["object"]).startswith("p_")]
        assert about, name
        assert all(about), name
