"""Files of discourse networks: each gives the network again, with labels as typed and the statements of each tie."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import numpy as np
import pyarrow.parquet as pq
import pytest

from graphkit.analysis.discourse.coded import coded
from graphkit.analysis.discourse.kinds import KINDS
from graphkit.analysis.discourse.projection import Projection, project
from graphkit.analysis.discourse.record import recompute
from graphkit.analysis.discourse.settings import Projecting
from graphkit.analysis.discourse.trace import Contribution, Trace
from graphkit.model.errors import ExportError, QueryError
from graphkit.release.projections import FORMATS, contents, read, write

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph


def same(one: Projection, other: Projection) -> None:
    """Require that two networks are equal."""
    assert (one.rows, one.columns, one.left_out) == (other.rows, other.columns, other.left_out)
    assert (one.kind, one.settings) == (other.kind, other.settings)
    np.testing.assert_array_equal(one.to_matrix(), other.to_matrix())


@pytest.mark.parametrize("kind", KINDS)
def test_the_json_file_alone_recomputes_the_network(ours_graph: Graph, kind: str, tmp_path: Path) -> None:
    found = ours_graph.projection(kind, min_row=2, isolates=True, duplicates="document")
    (path,) = write(found, tmp_path / "network.json", "json")
    same(read(path), found)
    about = json.loads(path.read_text(encoding="utf-8"))
    assert {"graphkit", "settings", "left_out", "counted"} <= set(about)
    assert about["notes"]["graph"] == ours_graph.workspace.generation().sha256
    assert {"statements", "reading"} <= set(about["notes"])
    said = {name for name in found.coded.ids if not name.startswith("http")}
    assert sum(about["notes"]["evidence"].values()) == len(said)
    assert len(about["ties"]) == len(list(found.ties()))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ["actor-concept", "actor-actor", "relay"])
def test_a_file_of_each_format_recomputes_the_network(small_graph: Graph, form: str, kind: str, tmp_path: Path) -> None:
    found = small_graph.projection(kind, isolates=True, min_column=2)
    path, *others = write(found, tmp_path / f"network{FORMATS[form]}", form)
    if form in {"json", "graphml", "gexf", "parquet"}:
        for other in others:
            other.unlink()
    same(read(path), found)


WRONG_ROW = (
    '{"kind": "", "coded": [["1", "A", "C", true, "", "soon", ""]], "settings": {},'
    ' "qualifier": "boolean", "scale": null}'
)


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"coded": [], "settings": {"colour": 1}, "scale": null}', WRONG_ROW, WRONG_ROW[:-1]]
)
def test_another_record_cannot_be_recomputed(text: str) -> None:
    with pytest.raises(QueryError, match="not the record of a network"):
        recompute(text)


@pytest.mark.parametrize("name", ["a.json", "a.csv", "a.graphml", "a.gexf", "a.parquet"])
@pytest.mark.parametrize("content", [b"", b"<graphml/>", b"\xff"])
def test_another_file_cannot_be_recomputed(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(QueryError, match=r"not the (file|record) of a network"):
        read(path)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


STRANGE = [
    "NA",
    "=1+1",
    '"',
    "a;b",
    "a\u202eb",
    "x" * 10_000,
    "a\nb",
    "a\rb\tc",
    "a\u2028b",
    "Ünïcode",
    "<&>",
    "]]>",
    "1",
]


def strange(mode: str) -> Projection:
    names = [str(number) for number in range(len(STRANGE))]
    said = coded(names, STRANGE, ["NA"] * len(STRANGE), [True] * len(STRANGE))
    return project(said, Projecting(mode=mode, aggregation="subtract"))


def labels_in(form: str, files: dict[str, bytes]) -> set[str]:
    """Return the labels of the rows in the files of a network."""
    main = next(iter(files.values()))
    if form in {"dl", "pajek"}:
        return {row[2] for row in rows(files["-key.csv"])[1:]}
    if form in {"matrix", "edges"}:
        return {row[0] for row in rows(main)[1:]} | ({row[1] for row in rows(main)[1:]} if form == "edges" else set())
    if form == "json":
        return set(json.loads(main)["rows"])
    if form == "parquet":
        table = pq.read_table(io.BytesIO(main))
        return {*table["source"].to_pylist(), *table["target"].to_pylist()}
    graph: Any = (nx.parse_graphml(main.decode())) if form == "graphml" else nx.read_gexf(io.BytesIO(main))
    return {data["label"] for _, data in graph.nodes(data=True)}


@pytest.mark.parametrize("mode", ["two-mode", "actors"])
@pytest.mark.parametrize("form", FORMATS)
def test_labels_are_in_every_file_as_typed(form: str, mode: str, tmp_path: Path) -> None:
    found = strange(mode)
    files = contents(found, form)
    assert labels_in(form, files) == set(STRANGE)
    same(read(write(found, tmp_path / f"a{FORMATS[form]}", form)[0]), found)
    if form in {"dl", "pajek"}:
        assert next(iter(files.values())).isascii()


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_a_character_that_xml_cannot_hold_is_an_error_of_xml_only(form: str) -> None:
    found = project(coded(["1"], ["a\x01"], ["C"], [True]))
    with pytest.raises(ExportError, match=r"XML cannot hold the character U\+0001"):
        contents(found, form)
    assert b"a\x01" in contents(found, "edges")[".csv"]


def test_a_tie_has_its_ids_or_they_are_in_a_second_file(small_graph: Graph) -> None:
    found = small_graph.projection("actor-concept")
    edges, _ = contents(found, "edges").values()
    assert all(len(row[-1].split()) == int(row[3]) for row in rows(edges)[1:])
    assert ["Force", "carries out profiling", "0", "2", "1", "1"] in [row[:-1] for row in rows(edges)]
    few, trace, _ = contents(found, "edges", 1).values()
    assert [row[-1] == "" for row in rows(few)[1:]] == [int(row[3]) > 1 for row in rows(few)[1:]]
    sums: dict[tuple[str, str], float] = {}
    for row in rows(trace)[1:]:
        sums[row[0], row[1]] = sums.get((row[0], row[1]), 0) + float(row[-1])
    assert sums == {(found.rows[row], found.columns[column]): weight for row, column, weight in found.ties()}


def test_the_statements_of_a_tie_are_found_once(ours_graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    found, asked = ours_graph.projection("actor-actor"), list[tuple[int, int]]()
    plain = Trace.of

    def of(trace: Trace, row: int, column: int) -> tuple[Contribution, ...]:
        asked.append((row, column))
        return plain(trace, row, column)

    monkeypatch.setattr(Trace, "of", of)
    contents(found, "edges", 1_000)
    assert asked == [(row, column) for row, column, _ in found.ties()]


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_has_a_tie_without_its_statements(small_graph: Graph, form: str) -> None:
    files = contents(small_graph.projection("actor-actor"), form, 0)
    assert form == "json" or len(rows(files["-statements.csv"])) > 1


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_graphml_and_gexf_have_settings_and_statements(small_graph: Graph, form: str, tmp_path: Path) -> None:
    found = small_graph.projection("actor-actor")
    (path,) = write(found, tmp_path / f"network.{form}", form)
    graph: Any = nx.read_graphml(path) if form == "graphml" else nx.read_gexf(path)
    ((_, _, data),) = graph.edges(data=True)
    assert (data["weight"], data["statements"], len(data["ids"].split())) == (-2, 3, 3)
    if form == "graphml":
        assert igraph.Graph.Read_GraphML(str(path)).es["weight"] == [-2]


def test_parquet_has_the_ids_as_lists(small_graph: Graph) -> None:
    table = pq.read_table(io.BytesIO(contents(small_graph.projection("actor-actor"), "parquet")[".parquet"]))
    assert table.column_names == ["source", "target", "weight", "statements", "positive", "negative", "ids"]
    assert [len(ids) for ids in table["ids"].to_pylist()] == table["statements"].to_pylist() == [3]


def test_pajek_has_directed_ties_as_arcs_and_two_modes_one_after_the_other(small_graph: Graph, tmp_path: Path) -> None:
    (relay, *_), (two, *_), (one, *_) = (
        write(small_graph.projection(kind), tmp_path / f"{kind}.net", "pajek")
        for kind in ("relay", "actor-concept", "actor-actor")
    )
    found = small_graph.projection("relay")
    graph = nx.read_pajek(relay)
    assert graph.is_directed()
    ties = {(f"n{row + 1}", f"n{column + 1}", weight) for row, column, weight in found.ties()}
    assert set(graph.edges(data="weight")) == ties
    lines = two.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "*Vertices 9 3"
    assert lines[4] == '4 "c1"'
    assert "2 4 0" in lines, "a tie that cancels out stays"
    assert nx.read_pajek(one).number_of_edges() == 1


def test_dl_has_ties_without_direction_both_ways(small_graph: Graph) -> None:
    text = contents(small_graph.projection("actor-actor"), "dl")[".dl"].decode()
    assert text == "dl n=3 format=edgelist1\nlabels:\nn1,n2,n3\ndata:\n1 2 -2\n2 1 -2\n"
    two = contents(small_graph.projection("actor-concept"), "dl")[".dl"].decode().splitlines()
    assert two[:4] == ["dl nr=3 nc=6 format=edgelist2", "row labels:", "r1,r2,r3", "column labels:"]


def test_an_unknown_format_is_an_error(small_graph: Graph) -> None:
    with pytest.raises(QueryError, match="no format 'xls'"):
        contents(small_graph.projection("relay"), "xls")


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"parquet"}))
def test_a_weight_that_dna3_leaves_undefined_is_written_or_refused(form: str) -> None:
    said = coded(["1", "2"], ["A", "B"], ["C", "C"], [1, 1], qualifier="integer")
    found = project(said, Projecting(mode="actors", aggregation="subtract", compat="dna3"))
    if form == "pajek":
        with pytest.raises(ExportError, match="Pajek cannot hold it"):
            contents(found, form)
        return
    text = next(iter(contents(found, form).values())).decode()
    assert {"json": "null", "dl": "1 2 na"}.get(form, "nan") in text
    if form == "json":
        assert np.isnan(recompute(text).to_matrix()[0, 1])


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_network_has_a_file_too(small_graph: Graph, form: str, tmp_path: Path) -> None:
    found = small_graph.projection("relay", start="2050")
    assert found.reason
    same(read(write(found, tmp_path / f"a{FORMATS[form]}", form)[0]), found)


def test_nothing_is_left_of_files_that_cannot_be_written(small_graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "a-network.json").mkdir()
    with pytest.raises(ExportError, match="cannot be written"):
        write(small_graph.projection("relay"), tmp_path / "a.csv", "edges")
    assert [path.name for path in tmp_path.iterdir()] == ["a-network.json"]
