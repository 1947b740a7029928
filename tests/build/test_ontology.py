"""The ontology is whole: every term says what it is, and nothing uses a term that is not there."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import rdflib
from places import REPOSITORY
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from graphkit.model.iris import SP
from graphkit.model.vocabulary import read_ontology, vocabulary
from graphkit.model.workspace import Workspace
from graphkit.store.syntax import read_header

ONTOLOGY = REPOSITORY / "ontology"
SPACE = rdflib.Namespace(SP)
SCHEMA = rdflib.Namespace("https://schema.org/")
QUERIES = sorted(ONTOLOGY.rglob("*.rq"))


def read(*names: str) -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in names:
        graph.parse(ONTOLOGY / name)
    return graph


TERMS = read("core.ttl", "relations.ttl", "vocab.ttl")
RELATIONS = sorted(one for one in TERMS.subjects(RDF.type, SPACE.Relation) if isinstance(one, rdflib.URIRef))
OURS = sorted({one for one in TERMS.subjects() if isinstance(one, rdflib.URIRef) and str(one).startswith(SP)})


@pytest.mark.parametrize("term", OURS, ids=lambda term: str(term).rpartition("#")[2])
def test_every_term_has_label_definition_and_example(term: rdflib.URIRef) -> None:
    for wanted in (RDFS.label, SKOS.definition, SKOS.example, RDFS.isDefinedBy):
        assert len(list(TERMS.objects(term, wanted))) == 1, wanted


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda term: str(term).rpartition("#")[2])
def test_every_relation_is_described_as_data(relation: rdflib.URIRef) -> None:
    assert TERMS.value(relation, SPACE.polarity) in {SPACE.supportive, SPACE.critical, SPACE.neutral}
    assert TERMS.value(relation, SPACE.singleValued) is not None
    for end, several in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes)):
        one, more = list(TERMS.objects(relation, end)), list(TERMS.objects(relation, several))
        assert (len(one), bool(more)) in {(1, False), (0, True)}
        assert len(more) != 1
    if (relation, RDF.type, OWL.ObjectProperty) in TERMS:
        assert TERMS.value(relation, SPACE.inverseLabel) is not None


def test_the_relations_of_the_card_are_there() -> None:
    names = {str(relation).removeprefix(SP) for relation in RELATIONS}
    assert names >= {
        "funded", "criticised", "consulted", "claimedConsulted", "denied", "launched", "operates", "oversees",
        "collects", "targets", "profiles", "usesDataFrom", "listed", "requestedInformation", "disclosed", "reported",
        "revealed", "praised", "reviewed", "employs", "speaksFor", "metWith", "holdsToAccount", "informs",
        "contributesTo", "prevents",
    }  # fmt: skip


def test_no_two_relations_read_alike() -> None:
    labels = defaultdict(list)
    for relation in RELATIONS:
        for wanted in (RDFS.label, SPACE.inverseLabel):
            labels[str(TERMS.value(relation, wanted))].append(relation)
    assert {label: set(same) for label, same in labels.items() if len(set(same)) > 1 and label != "None"} == {}


@pytest.mark.parametrize("name", ["core.ttl", "alignments.ttl", "shapes.ttl"])
def test_the_files_say_what_version_and_licence_they_have(name: str) -> None:
    graph = read(name)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    for wanted in (OWL.versionIRI, DCTERMS.license, DCTERMS.creator, DCTERMS.title):
        assert graph.value(header, wanted) is not None, wanted


@pytest.mark.parametrize("name", ["core.ttl", "relations.ttl", "vocab.ttl", "alignments.ttl"])
def test_what_goes_into_the_graph_has_no_blank_nodes(name: str) -> None:
    assert not [one for one in read(name).all_nodes() if isinstance(one, rdflib.BNode)]


def test_alignments_speak_only_of_terms_that_are_there() -> None:
    aligned = {one for one in read("alignments.ttl").subjects() if str(one).startswith(SP)}
    assert aligned <= set(OURS)


def test_no_concept_is_broader_than_itself_and_each_has_a_scheme() -> None:
    for concept in TERMS.subjects(RDF.type, SKOS.Concept):
        assert TERMS.value(concept, SKOS.inScheme) is not None
    assert list(TERMS.query("SELECT ?x { ?x skos:broader+ ?x }")) == []


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_queries_use_only_terms_that_are_there(path: str) -> None:
    from pathlib import Path

    text = Path(path).read_text(encoding="utf-8")
    used = {SPACE[name] for name in re.findall(r"\bsp:([A-Za-z0-9]+)", text)}
    assert used <= set(OURS)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_queries_say_what_they_are_for(path: str) -> None:
    from pathlib import Path

    header = read_header(Path(path).read_text(encoding="utf-8"))
    assert header.title
    assert header.why
    wanted = {"rules": {"Into"}, "checks": {"Problem", "Solution", "Level"}, "questions": set()}
    assert wanted[Path(path).parent.name] <= set(header.fields)


def test_there_are_at_least_fifteen_questions() -> None:
    assert len(Workspace(REPOSITORY).questions()) >= 15


def test_abstract_classes_are_not_offered() -> None:
    words = vocabulary(read_ontology(Workspace(REPOSITORY).vocabularies()))
    assert not {"entity", "speaker", "agent", "undertaking"} & set(words.kinds)
    assert "source" not in words.source_kinds
    assert {"public-body", "organisation", "office", "person", "group", "programme"} <= set(words.kinds)
