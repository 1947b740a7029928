"""Parts of the network: as cut from the whole network, but read from few statements, with what is hidden counted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graphkit.analysis import parts
from graphkit.analysis.network import network
from graphkit.analysis.parts import around, network_behind, network_near, with_edges
from graphkit.analysis.properties import read_linked
from graphkit.analysis.subjects import find, statements_of
from graphkit.model.iris import DEFAULT_POLICY, POLICIES, PREFIXES, iri
from graphkit.store import EmbeddedStore, Store, texts
from graphkit.view.diagrams import Asked, make

if TYPE_CHECKING:
    import networkx as nx
    import pytest

    from graphkit.graph import Graph


def nodes_and_edges(drawing: nx.MultiDiGraph[str]) -> tuple[dict[str, Any], dict[tuple[str, str, str], Any]]:
    """Return everything that a picture shows, whatever its order."""
    return dict(drawing.nodes.items()), {(a, b, key): data for a, b, key, data in drawing.edges(keys=True, data=True)}


def assert_same(part: nx.MultiDiGraph[str], cut: nx.MultiDiGraph[str]) -> None:
    """Fail unless a part that was read by itself is the same as one that was cut from the whole network."""
    assert nodes_and_edges(part) == nodes_and_edges(cut)
    shown = {name for _, _, data in cut.edges(data=True) for name in data["statements"]}
    shown |= {name for node in cut for name in cut.graph["undrawn"].get(node, ())}
    assert part.graph["undrawn"] == {node: some for node, some in cut.graph["undrawn"].items() if node in cut}
    assert [one for one in part.graph["disputes"] if any(name in shown for _, name in one.sides())] == [
        one for one in cut.graph["disputes"] if any(name in shown for _, name in one.sides())
    ]
    sides = {name for one in part.graph["disputes"] for _, name in one.sides()}
    for name in shown | sides:
        assert part.graph["evidence"][name] == cut.graph["evidence"][name]
    for name in ("title", "version", "licence", "policy", "total"):
        assert part.graph[name] == cut.graph[name], name


def resting_on(whole: nx.MultiDiGraph[str], statements: set[str]) -> nx.MultiDiGraph[str]:
    """Return the edges that rest on some statements."""
    return with_edges(whole, lambda data: not statements.isdisjoint(data["statements"]))


@cache
def network_of(graph: Graph, policy: str) -> nx.MultiDiGraph[str]:
    return network(graph.store, policy)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_part_is_the_same_as_one_that_is_cut_from_the_whole_network(ours_graph: Graph, data: st.DataObject) -> None:
    whole = network_of(ours_graph, policy := data.draw(st.sampled_from(POLICIES)))
    centre, hops = data.draw(st.sampled_from(sorted(whole))), data.draw(st.integers(1, 3))
    assert_same(network_near(ours_graph.store, policy, [centre], hops), around(whole, [centre], hops))


def test_every_part_of_a_small_graph_is_the_same_from_its_lines_and_from_its_index(small_graph: Graph) -> None:
    whole = network(small_graph.store)
    for store in (small_graph.store, EmbeddedStore(small_graph.store.engine)):  # type: ignore[attr-defined]
        for centre in whole:
            assert_same(network_near(store, DEFAULT_POLICY, [centre]), around(whole, [centre], 1))


def test_the_relations_of_a_source_have_the_statements_of_others_too(ours_graph: Graph) -> None:
    whole, others = network(ours_graph.store), 0
    for (name,) in list(texts(ours_graph.store, "SELECT DISTINCT ?s { ?x sp:source ?s } ORDER BY ?s", "s"))[::12]:
        own = statements_of(ours_graph.store, find(ours_graph.store, name))
        part = network_behind(ours_graph.store, DEFAULT_POLICY, own)
        assert_same(part, resting_on(whole, own))
        others += len({name for *_, data in part.edges(data=True) for name in data["statements"]} - own)
    assert others


def test_the_view_of_an_entity_reads_its_statements_and_those_that_contradict_them(
    ours_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: set[str] = set()

    def spied(store: Store, *given: Any) -> Any:  # noqa: ANN401 - as read_linked
        found = read_linked(store, *given)
        read.update(found.subjects("sp:gist"))
        return found

    monkeypatch.setattr(parts, "read_linked", spied)
    monkeypatch.delattr(parts, "network")
    drawing = make("ego", ours_graph.store, Asked(about="ben-kinsella-trust"))
    shown = {name for *_, data in drawing.edges(data=True) for name in data["statements"]}
    shown |= {name for some in drawing.graph["undrawn"].values() for name in some}
    sides = {name for one in drawing.graph["disputes"] for _, name in one.sides()}
    assert shown <= read <= shown | sides
    assert len(read) < drawing.graph["total"] / 4


def test_statements_about_a_neighbour_only_are_counted_where_they_are_too_many_to_list(
    ours_graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_MOST_ALONE", 3)
    drawing = make("ego", ours_graph.store, Asked(about="gangs-matrix"))
    centre = PREFIXES["id"] + "gangs-matrix"
    near = " ".join(iri(name) for name in drawing if name != centre)
    query = "SELECT DISTINCT ?s {{ VALUES ?e {{ {} }} {} MINUS {{ ?p sp:object ?o }} }}"
    pattern = "?s sp:proposition ?p . ?p sp:subject ?e"
    hidden = {name for (name,) in texts(ours_graph.store, query.format(near, pattern), "s")}
    assert list(drawing.graph["undrawn"]) == [centre]
    assert drawing.graph["unlisted"] == len(hidden) > 3
    hint = f" Not listed: {len(hidden):,} statements about one of its neighbours only."
    assert drawing.graph["lead"] == f"Within 1 step of {drawing.nodes[centre]['label']}.{hint}"
