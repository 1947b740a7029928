"""The descriptions for programs: they are RDF, their counts are right, and their queries run."""

from __future__ import annotations

from shutil import copyfile
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from graphkit.build.statistics import count
from graphkit.model.generation import Generation
from graphkit.model.iris import PREFIXES
from graphkit.query.questions import read_questions
from graphkit.store import texts
from graphkit.web.describe import examples, service, void
from graphkit.web.server.jobs import DataFormat, describe_graph

if TYPE_CHECKING:
    from pathlib import Path

    from graphkit.graph import Graph

ADDRESS = "https://example.org/sparql"
RDF = PREFIXES["rdf"]
SH, VOID, SD = (rdflib.Namespace(PREFIXES[name]) for name in ("sh", "void", "sd"))


def read(triples: list[ox.Triple]) -> rdflib.Graph:
    return rdflib.Graph().parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")


@pytest.fixture(scope="module")
def described(small_graph: Graph) -> rdflib.Graph:
    return read(void(count(small_graph.workspace.graph_file), ADDRESS))


def test_there_are_no_blank_nodes(small_graph: Graph) -> None:
    questions = read_questions(small_graph.workspace.questions()).values()
    whole = [
        *service(small_graph.store, ADDRESS),
        *void(count(small_graph.workspace.graph_file), ADDRESS),
        *examples(questions, ADDRESS),
    ]
    assert all(not isinstance(term, ox.BlankNode) for triple in whole for term in (triple.subject, triple.object))


def test_the_service_names_its_graphs(small_graph: Graph) -> None:
    graph = read(service(small_graph.store, ADDRESS))
    assert (rdflib.URIRef(ADDRESS), SD.endpoint, rdflib.URIRef(ADDRESS)) in graph
    names = {str(name) for name in graph.objects(None, SD.name)}
    assert names == {row[0] for row in texts(small_graph.store, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "g")}


def test_the_number_of_instances_of_each_class_is_right(small_graph: Graph, described: rdflib.Graph) -> None:
    parts = described.query(
        "SELECT ?class ?n { ?dataset a void:Dataset ; void:classPartition [ void:class ?class ; void:entities ?n ] }",
        initNs={"void": VOID},
    )
    counted = {str(row[0]): int(str(row[1])) for row in parts}  # type: ignore[index]
    asked = texts(small_graph.store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c", "c", "n")
    assert counted == {name: int(number) for name, number in asked}
    assert counted[PREFIXES["sp"] + "Statement"] > 0


def test_the_partitions_match_the_counts_of_the_engine(small_graph: Graph, described: rdflib.Graph) -> None:
    parts = described.query(
        "SELECT ?class ?p ?n { ?part void:class ?class ; void:propertyPartition ?has . "
        "?has void:property ?p ; void:triples ?n }",
        initNs={"void": VOID},
    )
    counted = {(str(row[0]), str(row[1])): int(str(row[2])) for row in parts}  # type: ignore[index]
    query = "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p"
    asked = {(cls, prop): int(number) for cls, prop, number in texts(small_graph.store, query, "c", "p", "n")}
    assert counted == asked


def test_a_triple_of_several_graphs_counts_once(tmp_path: Path) -> None:
    triples = [
        f"<x:a> <{RDF}type> <x:C>",
        '<x:a> <x:p> "1 <2> \\" ."',
        '<x:a> <x:p> "drei"@de',
        f'<x:a> <x:q> "1"^^<{PREFIXES["xsd"]}integer>',
        "<x:b> <x:p> <x:a>",
    ]
    lines = [*(f"{triple} <x:g1> ." for triple in triples), f"{triples[0]} <x:g2> ."]
    (tmp_path / "graph.nq").write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    found = count(tmp_path / "graph.nq")
    assert (found.triples, found.entities, found.classes) == (5, 1, {"<x:C>": 1})
    assert found.parts["<x:C>", "<x:p>"] == 2
    assert found.parts["<x:C>", "<x:p>", f"<{PREFIXES['xsd']}string>"] == 1
    assert found.parts["<x:C>", "<x:p>", f"<{RDF}langString>"] == 1
    assert found.parts["<x:C>", "<x:q>", f"<{PREFIXES['xsd']}integer>"] == 1


def test_the_partitions_name_the_classes_that_a_property_leads_to(described: rdflib.Graph) -> None:
    found = described.query(
        "SELECT ?target { ?part void:class sp:Statement ; void:propertyPartition ?p . "
        "?p void:property sp:speaker ; void:classPartition/void:class ?target }",
        initNs={"void": VOID, "sp": rdflib.Namespace(PREFIXES["sp"])},
    )
    assert PREFIXES["sp"] + "Entity" in {str(row[0]) for row in found}  # type: ignore[index]


def test_all_prefixes_are_declared(described: rdflib.Graph) -> None:
    assert {str(prefix) for prefix in described.objects(None, SH.prefix)} == set(PREFIXES)


def test_every_example_runs_on_other_engines(small_graph: Graph) -> None:
    questions = read_questions(small_graph.workspace.questions())
    graph = read(examples(questions.values(), ADDRESS))
    queries = [str(text) for name in ("select", "ask", "construct") for text in graph.objects(None, SH[name])]
    assert len(queries) == len(questions)
    bare = ox.Store()
    for text in queries:
        bare.query(text)
    for text in queries[::5]:  # rdflib answers all of them in test_graph.py
        prepareQuery(text)


def test_a_build_without_statistics_has_the_same_description(small_graph: Graph, tmp_path: Path) -> None:
    """Earlier versions of graphkit wrote none."""
    form = DataFormat("nt", "application/n-triples", gzip=False)
    built, old = small_graph.workspace.generation(), Generation(tmp_path)
    copyfile(built.graph_file, old.graph_file)
    counted, read = (describe_graph(small_graph.store, found, ADDRESS, form) for found in (old, built))
    assert built.statistics_file.is_file()
    assert counted == read
