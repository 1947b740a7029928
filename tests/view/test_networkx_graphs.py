"""Graphs of networkx, numpy and pandas go into a pyvis network as they are, or with a message that names what to do."""

from __future__ import annotations

import re
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from graphkit.model.errors import ExportError
from graphkit.view.vis.network import OfflineNetwork


@pytest.fixture
def picture() -> OfflineNetwork:
    empty: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        title="Empty", dataset="https://example.org/d", version="1", licence="", policy="attributed", total=0, drawn=0,
        evidence={},
    )  # fmt: skip
    return OfflineNetwork(empty)


def graph_of(*edges: tuple[Any, Any]) -> nx.Graph[Any]:
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_edges_from(edges)
    return graph


@pytest.mark.parametrize(
    "edge",
    [
        (np.int64(1), np.int64(2)),
        (np.int32(1), np.uint8(2)),
        (1.0, np.float64(2)),
        (np.str_("1"), np.str_("2")),
        ("1", "2"),
        ("1", 2),
        tuple(pd.DataFrame({"a": [1], "b": [2]}).iloc[0]),
        (10**30, -1),
    ],
)
def test_ids_of_other_packages_are_drawn(picture: OfflineNetwork, edge: tuple[Any, Any]) -> None:
    picture.from_nx(graph_of(edge))
    assert len(picture.nodes) == 2
    page = picture.generate_html()
    assert all(re.search(rf'"label":"?{int(end)}"?,', page) for end in edge)


@pytest.mark.parametrize("node", [(0, 1), 1.5, float("nan"), pd.Timestamp("2021-01-01"), frozenset({1})])
def test_other_ids_are_refused_by_name(picture: OfflineNetwork, node: object) -> None:
    with pytest.raises(ExportError, match="cannot be the id of a node") as caught:
        picture.from_nx(graph_of((node, "b")))
    assert repr(node) in str(caught.value)
    assert "relabel_nodes" in str(caught.value)


def test_ids_of_digits_stay_text_and_are_found_either_way(picture: OfflineNetwork) -> None:
    picture.add_nodes(["1", "2", 3], label=["one", "two", "three"])
    picture.add_edge("1", 2)
    picture.add_edges([(np.int64(1), "3", 4)])
    assert [(edge["from"], edge["to"]) for edge in picture.edges] == [("1", "2"), ("1", 3)]


def test_a_graph_is_not_changed_and_its_numbers_may_be_text(picture: OfflineNetwork) -> None:
    graph = graph_of(("a", "b"), ("b", "c"))
    graph.nodes["a"]["size"] = "20"
    graph.edges["a", "b"]["weight"] = np.float64(2.5)
    graph.add_node("alone")
    before = nx.node_link_data(graph, edges="links")
    picture.from_nx(graph, node_size_transf=lambda size: 2 * size)
    assert nx.node_link_data(graph, edges="links") == before
    assert {node["id"]: node["size"] for node in picture.nodes} == {"a": 40, "b": 20, "c": 20, "alone": 20}
    assert [edge["width"] for edge in picture.edges] == [2.5, 1]


@pytest.mark.parametrize("value", ["big", None, float("inf"), [1]])
def test_a_size_that_is_no_number_is_refused_by_name(picture: OfflineNetwork, value: object) -> None:
    graph = graph_of(("a", "b"))
    graph.nodes["b"]["size"] = value
    with pytest.raises(ExportError, match=r"size of node 'b' is .* not a number"):
        picture.from_nx(graph)


def test_a_table_in_place_of_a_graph_is_refused(picture: OfflineNetwork) -> None:
    with pytest.raises(ExportError, match="DataFrame is not a networkx graph"):
        picture.from_nx(pd.DataFrame({"a": [1]}))
    with pytest.raises(ExportError, match="label has 1 values for 2 nodes"):
        picture.add_nodes([1, 2], label=["one"])
