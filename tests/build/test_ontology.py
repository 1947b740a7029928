"""The ontology is whole: every term says what it is, and nothing uses a term that is not there."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import rdflib
import yaml
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


def test_every_term_has_label_definition_and_example() -> None:
    wanted = (RDFS.label, SKOS.definition, SKOS.example, RDFS.isDefinedBy)
    wrong = [(term, one) for term in OURS for one in wanted if len(list(TERMS.objects(term, one))) != 1]
    assert wrong == []
    assert len(OURS) > 200


def missing(relation: rdflib.URIRef) -> list[str]:
    """Return the parts of the description of a relation that are missing or wrong."""
    counts = {
        end: (len(list(TERMS.objects(relation, end))), len(list(TERMS.objects(relation, several))))
        for end, several in ((RDFS.domain, SCHEMA.domainIncludes), (RDFS.range, SCHEMA.rangeIncludes))
    }
    is_link = (relation, RDF.type, OWL.ObjectProperty) in TERMS
    parts = {
        "polarity": TERMS.value(relation, SPACE.polarity) in {SPACE.supportive, SPACE.critical, SPACE.neutral},
        "singleValued": TERMS.value(relation, SPACE.singleValued) is not None,
        # one class as it is, or at least two to choose from
        **{str(end): one + bool(more) == 1 and more != 1 for end, (one, more) in counts.items()},
        "inverseLabel": not is_link or TERMS.value(relation, SPACE.inverseLabel) is not None,
    }
    return [part for part, present in parts.items() if not present]


def test_every_relation_is_described_as_data() -> None:
    assert {relation: parts for relation in RELATIONS if (parts := missing(relation))} == {}
    assert len(RELATIONS) > 25


def test_the_relations_of_the_card_are_there() -> None:
    names = {str(relation).removeprefix(SP) for relation in RELATIONS}
    successors = {str(old).removeprefix(SP): str(new) for old, new in TERMS.subject_objects(DCTERMS.isReplacedBy)}
    card = {
        "funded", "criticised", "consulted", "claimedConsulted", "denied", "launched", "operates", "oversees",
        "collects", "targets", "profiles", "usesDataFrom", "listed", "requestedInformation", "disclosed", "reported",
        "revealed", "praised", "reviewed", "employs", "speaksFor", "metWith", "holdsToAccount", "informs",
        "contributesTo", "prevents",
    }  # fmt: skip
    assert card - names == {"reported", "revealed", "holdsToAccount", "profiles"}
    assert all(successors[name].removeprefix(SP) in names for name in card - names)


def test_each_replaced_relation_has_a_successor_and_is_no_relation() -> None:
    replaced = set(TERMS.subjects(RDF.type, SPACE.ReplacedRelation))
    assert replaced
    assert not replaced & set(RELATIONS)
    assert {relation for relation in replaced if TERMS.value(relation, DCTERMS.isReplacedBy) not in RELATIONS} == set()


def test_critical_and_supportive_relations_evaluate_an_end() -> None:
    toned = {r for r in RELATIONS if TERMS.value(r, SPACE.polarity) != SPACE.neutral}
    assert {r for r in toned if TERMS.value(r, SPACE.evaluates) not in {SPACE.subject, SPACE.object}} == set()
    assert {r for r in set(RELATIONS) - toned if TERMS.value(r, SPACE.evaluates)} == set()


def test_the_hierarchy_of_relations_connects_relations_without_a_cycle() -> None:
    pairs = [(a, b) for a, b in TERMS.subject_objects(RDFS.subPropertyOf) if str(a).startswith(SP)]
    assert len(pairs) > 10
    assert {a for pair in pairs for a in pair} <= set(RELATIONS)
    assert list(TERMS.query("SELECT ?x { ?x rdfs:subPropertyOf+ ?x }", initNs={"rdfs": RDFS})) == []


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
    concepts = list(TERMS.subjects(RDF.type, SKOS.Concept))
    assert [concept for concept in concepts if TERMS.value(concept, SKOS.inScheme) is None] == []
    assert list(TERMS.query("SELECT ?x { ?x skos:broader+ ?x }")) == []


def test_queries_use_only_terms_that_are_there() -> None:
    used = {path.name: re.findall(r"\bsp:([A-Za-z0-9]+)", path.read_text(encoding="utf-8")) for path in QUERIES}
    assert {
        name: strange for name, terms in used.items() if (strange := {SPACE[one] for one in terms} - set(OURS))
    } == {}


def test_queries_say_what_they_are_for() -> None:
    wanted = {"rules": {"Into", "Cost"}, "checks": {"Problem", "Solution", "Level"}, "questions": set()}
    headers = {path: read_header(path.read_text(encoding="utf-8")) for path in QUERIES}
    assert len(QUERIES) > 40
    assert [path for path, header in headers.items() if not (header.title and header.why)] == []
    assert [path for path, header in headers.items() if not wanted[path.parent.name] <= set(header.fields)] == []


def test_there_are_at_least_fifteen_questions() -> None:
    assert len(Workspace(REPOSITORY).questions()) >= 15


def test_abstract_classes_are_not_offered() -> None:
    words = vocabulary(read_ontology(Workspace(REPOSITORY).vocabularies()))
    assert not {"entity", "speaker", "agent", "undertaking"} & set(words.kinds)
    assert "source" not in words.source_kinds
    assert {"public-body", "organisation", "office", "person", "group", "programme"} <= set(words.kinds)


def test_our_topics_form_a_scheme_of_at_most_fifteen_top_concepts() -> None:
    topics = yaml.safe_load((REPOSITORY / "data/entities/topics.yaml").read_text(encoding="utf-8"))["entities"]
    tops = {slug for slug, topic in topics.items() if "broader" not in topic}
    assert 0 < len(tops) <= 15
    assert {slug for slug, topic in topics.items() if slug not in tops and len(topic["broader"]) != 1} == set()
    assert {broader for topic in topics.values() for broader in topic.get("broader", ())} >= tops, "no loose topic"
