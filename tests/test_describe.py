"""What programs of others read first: it is RDF, it is true, and it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from graphkit.describe import examples, service, void
from graphkit.query import read_questions
from graphkit.store import texts
from graphkit.terms import PREFIXES

if TYPE_CHECKING:
    from graphkit.graph import Graph

ADDRESS = "https://example.org/sparql"
SH, VOID, SD = (rdflib.Namespace(PREFIXES[name]) for name in ("sh", "void", "sd"))


def read(triples: list[ox.Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")


@pytest.fixture(scope="module")
def described(small_graph: Graph) -> rdflib.Graph:
    return read(void(small_graph.store, ADDRESS))


def test_no_node_is_nameless(small_graph: Graph) -> None:
    questions = read_questions(small_graph.workspace.questions()).values()
    whole = [*service(small_graph.store, ADDRESS), *void(small_graph.store, ADDRESS), *examples(questions, ADDRESS)]
    assert all(not isinstance(term, ox.BlankNode) for one in whole for term in (one.subject, one.object))


def test_the_service_names_its_graphs(small_graph: Graph) -> None:
    graph = read(service(small_graph.store, ADDRESS))
    assert (rdflib.URIRef(ADDRESS), SD.endpoint, rdflib.URIRef(ADDRESS)) in graph
    names = {str(name) for name in graph.objects(None, SD.name)}
    assert names == {row[0] for row in texts(small_graph.store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "g")}


def test_the_counts_are_those_of_the_graph(small_graph: Graph, described: rdflib.Graph) -> None:
    parts = described.query(
        "SELECT ?class ?n { ?dataset a void:Dataset ; void:classPartition [ void:class ?class ; void:entities ?n ] }",
        initNs={"void": VOID},
    )
    counted = {str(row[0]): int(str(row[1])) for row in parts}  # type: ignore[index]
    asked = texts(small_graph.store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c", "c", "n")
    assert counted == {name: int(number) for name, number in asked}
    assert counted[PREFIXES["sp"] + "Statement"] > 0


def test_an_editor_learns_which_properties_a_class_has(described: rdflib.Graph) -> None:
    found = described.query(
        "SELECT ?target { ?part void:class sp:Statement ; void:propertyPartition ?p . "
        "?p void:property sp:speaker ; void:classPartition/void:class ?target }",
        initNs={"void": VOID, "sp": rdflib.Namespace(PREFIXES["sp"])},
    )
    assert PREFIXES["sp"] + "Entity" in {str(row[0]) for row in found}  # type: ignore[index]


def test_prefixes_are_declared(described: rdflib.Graph) -> None:
    assert {str(one) for one in described.objects(None, SH.prefix)} == set(PREFIXES)


def test_every_question_runs_anywhere(small_graph: Graph) -> None:
    questions = read_questions(small_graph.workspace.questions())
    graph = read(examples(questions.values(), ADDRESS))
    texts_ = [str(one) for name in ("select", "ask", "construct") for one in graph.objects(None, SH[name])]
    assert len(texts_) == len(questions)
    bare = ox.Store()
    for text in texts_:
        prepareQuery(text)
        bare.query(text)
