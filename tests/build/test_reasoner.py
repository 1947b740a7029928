"""An OWL reasoner finds the plain triples consistent with the ontology."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import owlrl  # type: ignore[import-untyped]
import rdflib
from places import REPOSITORY
from rdflib.namespace import OWL, RDF, RDFS

from graphkit.model.iris import BASE, SP, graph_iri

if TYPE_CHECKING:
    from graphkit.graph import Graph

SPACE = rdflib.Namespace(SP)
_OF_CLASSES = (RDFS.subClassOf, OWL.disjointWith)
_OF_RELATIONS = (RDFS.subPropertyOf, RDFS.domain, RDFS.range)


def ontology() -> rdflib.Graph:
    found = rdflib.Graph()
    for name in ("core.ttl", "relations.ttl"):
        found.parse(REPOSITORY / "ontology" / name)
    return found


def consistent(flat: rdflib.Graph, kinds: rdflib.Graph) -> bool:
    """Return whether OWL 2 RL finds no contradiction between some plain triples, the kinds of things, and the ontology.

    Things with different names are different, and a single-valued relation is functional. Labels and relations that do
    not occur are left out, because they only make the reasoner slower.
    """
    terms, graph = ontology(), rdflib.Graph()
    graph += flat
    graph += kinds
    for name in set(flat.predicates()):
        for property_ in _OF_RELATIONS:
            graph += terms.triples((name, property_, None))
        if (name, SPACE.singleValued, rdflib.Literal(True)) in terms:
            graph.add((name, RDF.type, OWL.FunctionalProperty))
    for predicate in _OF_CLASSES:
        graph += terms.triples((None, predicate, None))
    functional = set(graph.subjects(RDF.type, OWL.FunctionalProperty))
    for subject, relation in set(flat.subject_predicates()):
        for one, other in combinations(flat.objects(subject, relation) if relation in functional else (), 2):
            graph.add((one, OWL.differentFrom, other))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    return not list(graph.objects(None, owlrl.Namespaces.ERRNS.error))


def parts(graph: Graph) -> tuple[rdflib.Graph, rdflib.Graph]:
    """Return the plain triples of the weakest policy, which contains all others, and the kinds of its entities."""
    dataset, kinds = graph.to_rdflib(), rdflib.Graph()
    flat = dataset.graph(rdflib.URIRef(graph_iri("flat/attributed")))
    entities = dataset.graph(rdflib.URIRef(graph_iri("entities")))
    for end in {end for triple in flat for end in (triple[0], triple[2]) if str(end).startswith(BASE)}:
        kinds += entities.triples((end, RDF.type, None))
    return flat, kinds


def test_the_plain_triples_of_our_data_are_consistent(ours_graph: Graph) -> None:
    flat, kinds = parts(ours_graph)
    assert len(flat) > 100
    assert consistent(flat, kinds)


def test_a_second_value_of_a_single_valued_relation_is_inconsistent(small_graph: Graph) -> None:
    flat, kinds = parts(small_graph)
    assert consistent(flat, kinds)
    edtf = rdflib.URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
    scheme = rdflib.URIRef(BASE + "id/scheme")
    for year in ("2011", "2012"):
        flat.add((scheme, SPACE.launchedOn, rdflib.Literal(year, datatype=edtf)))
    assert not consistent(flat, kinds)


def test_an_entity_in_the_place_of_a_proposition_is_inconsistent(small_graph: Graph) -> None:
    flat, kinds = parts(small_graph)
    flat.add((rdflib.URIRef(BASE + "id/force"), SPACE.denied, rdflib.URIRef(BASE + "id/scheme")))
    assert not consistent(flat, kinds)
