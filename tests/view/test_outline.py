"""The network of a large graph in outline: the same groups, with the details of the statements that are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from builds import Lines
from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.analysis import outline as outlined
from graphkit.analysis import parts
from graphkit.analysis.network import network
from graphkit.analysis.outline import Evidence, edges_of, outline
from graphkit.analysis.paths import evidence_path
from graphkit.model.iris import POLICIES, PREFIXES, graph_iri
from graphkit.view.diagrams import Asked, flows, make
from graphkit.view.page import groups
from graphkit.view.page.groups import overview

if TYPE_CHECKING:
    from graphkit.build.pipeline import Checked
    from graphkit.graph import Graph
    from graphkit.store import Store


def page_of(whole: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a network of networkx
    """Return everything that the page of a network in groups shows."""
    found = overview(whole)
    nodes, edges = dict(found.network.nodes.items()), list(found.network.edges(data=True))
    return nodes, edges, found.packed, found.kinds, found.polarities, found.statuses, found.network.graph


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_the_groups_of_an_outline_are_those_of_all_statements(
    questions: tuple[Graph, Checked], data: st.DataObject
) -> None:
    """Of a graph without some of its sources."""
    with questions[0].store.lines() as lines:  # type: ignore[union-attr]
        every = [line.decode() for line in lines]
    sources = sorted({line.rsplit(" ", 2)[1] for line in every if f"<{graph_iri('source/')}" in line})
    left_out = set(data.draw(st.lists(st.sampled_from(sources), max_size=len(sources) - 1)))
    store = Lines(line for line in every if line.rsplit(" ", 2)[1] not in left_out)
    policy = data.draw(st.sampled_from(POLICIES))
    assert page_of(outline(store, policy)) == page_of(network(store, policy))


@pytest.mark.parametrize("name", ["small_graph", "ours_graph"])
def test_an_outline_has_the_edges_and_the_evidence_of_the_network(request: pytest.FixtureRequest, name: str) -> None:
    store: Store = request.getfixturevalue(name).store
    short, whole = outline(store), network(store)
    assert list(short.nodes.items()) == list(whole.nodes.items())
    assert list(short.edges(keys=True, data=True)) == list(whole.edges(keys=True, data=True))
    evidence = short.graph["evidence"]
    assert isinstance(evidence, Evidence)
    assert evidence.some(evidence) == whole.graph["evidence"]
    assert len(evidence) == short.graph["total"] == whole.graph["total"]
    assert short.graph["drawn"] == whole.graph["drawn"]


def test_a_large_graph_is_drawn_from_its_outline_and_only_shown_statements_are_read(
    ours_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlined, "_LARGE", 0)
    monkeypatch.setattr(outlined, "MOST_EDGES", 100)
    monkeypatch.setattr(groups, "_MOST_RELATIONS", 1)
    read: set[str] = set()
    original = Evidence.some

    def spied(evidence: Evidence, names: Any) -> Any:  # noqa: ANN401 - as the original
        found = original(evidence, names)
        read.update(found)
        return found

    monkeypatch.setattr(Evidence, "some", spied)
    drawing = make("entities", ours_graph.store, Asked(grouped=True))
    assert isinstance(drawing.graph["evidence"], Evidence)
    overview(drawing)
    assert 0 < len(read) < drawing.graph["total"] / 5
    assert not isinstance(make("entities", ours_graph.store, Asked()).graph["evidence"], Evidence)


@pytest.mark.parametrize(
    ("kind", "asked"), [("flows", Asked(grouped=True)), ("ego", Asked(about="met", hops=2, grouped=True))]
)
def test_flows_and_wide_views_of_a_large_graph_are_made_from_its_outline(
    ours_graph: Graph, monkeypatch: pytest.MonkeyPatch, kind: str, asked: Asked
) -> None:
    monkeypatch.setattr(outlined, "_LARGE", 0)
    monkeypatch.setattr(outlined, "MOST_EDGES", 1)
    monkeypatch.setattr(parts, "_MOST_FOUND", 1)
    whole = make(kind, ours_graph.store, replace(asked, grouped=False))
    assert not isinstance(whole.graph["evidence"], Evidence)  # where each edge is drawn, all statements are listed
    part = make(kind, ours_graph.store, asked)
    assert isinstance(part.graph["evidence"], Evidence)
    assert list(part.edges(keys=True, data=True)) == list(whole.edges(keys=True, data=True))
    assert (part.graph["total"], part.graph["drawn"]) == (whole.graph["total"], whole.graph["drawn"])


def test_a_path_in_a_large_graph_reads_only_the_statements_on_it(
    ours_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = (f"{PREFIXES['id']}met", f"{PREFIXES['id']}liberty")
    hops = evidence_path(edges_of(ours_graph.store, "attributed"), *ends)
    monkeypatch.setattr(outlined, "_LARGE", 0)
    large = edges_of(ours_graph.store, "attributed")
    assert isinstance(large.graph["evidence"], Evidence)
    assert evidence_path(large, *ends) == hops


def test_a_sum_is_compared_with_sums_between_the_same_two_only(
    ours_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    contains, compared = flows._Sum.contains, list[tuple[str, ...]]()  # noqa: SLF001 - what grew with the square

    def spied(one: Any, other: Any) -> bool:  # noqa: ANN401 - as the original
        compared.append((*one[:2], *other[:2]))
        return contains(one, other)

    monkeypatch.setattr(flows._Sum, "contains", spied)  # noqa: SLF001
    make("flows", ours_graph.store, Asked(grouped=True))
    assert compared
    assert all(names[:2] == names[2:] for names in compared)
