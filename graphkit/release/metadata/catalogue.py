"""dcat.ttl for data catalogues, and void.ttl with the numbers of the graph."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graphkit.model.iris import BASE, DATASET
from graphkit.release.metadata.facts import Facts
from graphkit.release.metadata.triples import agent_iri, checksum, named, triple, turtle

_MEDIA = "https://www.iana.org/assignments/media-types/"


def dcat(facts: Facts) -> str:
    """Return the release as a dataset of DCAT 3; each data file is a distribution with its size and hash."""
    return turtle(_dcat(facts))


def void(facts: Facts) -> str:
    """Return the numbers of the graph in VoID."""
    return turtle(_void(facts))


def _number(number: int) -> ox.Literal:
    # xsd:nonNegativeInteger would not survive every store.
    return ox.Literal(str(number), datatype=named("xsd:integer"))


def _about(facts: Facts) -> Iterator[ox.Triple]:
    dataset = facts.dataset
    for name, text in (("dcterms:title", dataset.title), ("dcterms:description", dataset.description)):
        yield triple(DATASET, name, ox.Literal(text, language=dataset.language))
    yield triple(DATASET, "owl:versionInfo", ox.Literal(dataset.version))
    yield triple(DATASET, "dcterms:license", ox.NamedNode(dataset.licence))
    yield triple(DATASET, "dcterms:issued", ox.Literal(facts.released, datatype=named("xsd:date")))
    yield triple(DATASET, "dcterms:identifier", ox.Literal(facts.address))
    for number, creator in enumerate(dataset.creators, 1):
        agent = agent_iri(creator, number)
        yield triple(DATASET, "dcterms:creator", ox.NamedNode(agent))
        yield triple(agent, "rdf:type", named("foaf:Agent"))
        yield triple(agent, "foaf:name", ox.Literal(creator.name))


def _dcat(facts: Facts) -> Iterator[ox.Triple]:
    yield triple(DATASET, "rdf:type", named("dcat:Dataset"))
    yield from _about(facts)
    yield triple(DATASET, "dcat:version", ox.Literal(facts.dataset.version))
    for subject in facts.dataset.subjects:
        yield triple(DATASET, "dcat:keyword", ox.Literal(subject, language=facts.dataset.language))
    for file in facts.files:
        name = f"{BASE}release/{facts.dataset.version}/{file.name}"
        yield triple(DATASET, "dcat:distribution", ox.NamedNode(name))
        yield triple(name, "rdf:type", named("dcat:Distribution"))
        yield triple(name, "dcterms:title", ox.Literal(file.name))
        yield triple(name, "dcat:accessURL", ox.NamedNode(name))
        yield triple(name, "dcat:mediaType", ox.NamedNode(_MEDIA + file.media))
        # DCAT-AP accepts this type alone; the graph itself has none that stores would rewrite.
        size = ox.Literal(str(file.size), datatype=named("xsd:nonNegativeInteger"))
        yield triple(name, "dcat:byteSize", size)
        yield triple(name, "dcterms:license", ox.NamedNode(facts.dataset.licence))
        yield from checksum(name, file.sha256)


def _void(facts: Facts) -> Iterator[ox.Triple]:
    counts = facts.content.graph
    yield triple(DATASET, "rdf:type", named("void:Dataset"))
    yield from _about(facts)
    for name, number in (
        ("void:triples", counts.triples),
        ("void:distinctSubjects", counts.subjects),
        ("void:classes", len(counts.classes)),
        ("void:properties", len(counts.predicates)),
    ):
        yield triple(DATASET, name, _number(number))
    for kind, key, members, found in (
        ("class", "void:class", "void:entities", counts.classes),
        ("property", "void:property", "void:triples", counts.predicates),
    ):
        for number, (iri, count) in enumerate(sorted(found.items()), 1):
            part = f"{DATASET}/void/{kind}/{number}"
            yield triple(DATASET, f"void:{kind}Partition", ox.NamedNode(part))
            yield triple(part, key, ox.NamedNode(iri))
            yield triple(part, members, _number(count))
