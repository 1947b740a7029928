"""dcat.ttl for data catalogues, and void.ttl with the numbers of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from graphkit.model.iris import BASE, PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.release.metadata.facts import Facts

    Value: TypeAlias = "ox.NamedNode | ox.Literal"

_OWN = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
}
_MEDIA = "https://www.iana.org/assignments/media-types/"
_DATASET = BASE + "dataset"


def dcat(facts: Facts) -> str:
    """Return the release as a dataset of DCAT 3; each data file is a distribution with its size and hash."""
    return _turtle(_dcat(facts))


def void(facts: Facts) -> str:
    """Return the numbers of the graph in VoID."""
    return _turtle(_void(facts))


def _turtle(triples: Iterator[ox.Triple]) -> str:
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={**PREFIXES, **_OWN}) or b"").decode()


def _name(curie: str) -> ox.NamedNode:
    prefix, _, local = curie.partition(":")
    return ox.NamedNode(_OWN[prefix] + local if prefix in _OWN else expand(curie))


def _triple(subject: str, curie: str, value: Value) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), _name(curie), value)


def _number(number: int) -> ox.Literal:
    # xsd:nonNegativeInteger would not survive every store.
    return ox.Literal(str(number), datatype=_name("xsd:integer"))


def _about(facts: Facts) -> Iterator[ox.Triple]:
    dataset = facts.dataset
    for name, text in (("dcterms:title", dataset.title), ("dcterms:description", dataset.description)):
        yield _triple(_DATASET, name, ox.Literal(text, language=dataset.language))
    yield _triple(_DATASET, "owl:versionInfo", ox.Literal(dataset.version))
    yield _triple(_DATASET, "dcterms:license", ox.NamedNode(dataset.licence))
    yield _triple(_DATASET, "dcterms:issued", ox.Literal(facts.released, datatype=_name("xsd:date")))
    yield _triple(_DATASET, "dcterms:identifier", ox.Literal(facts.address))
    for number, creator in enumerate(dataset.creators, 1):
        # People and bodies without an id of their own get one here, because a release has no blank nodes.
        agent = f"https://orcid.org/{creator.orcid}" if creator.orcid else f"{_DATASET}/creator/{number}"
        yield _triple(_DATASET, "dcterms:creator", ox.NamedNode(agent))
        yield _triple(agent, "rdf:type", _name("foaf:Agent"))
        yield _triple(agent, "foaf:name", ox.Literal(creator.name))


def _dcat(facts: Facts) -> Iterator[ox.Triple]:
    yield _triple(_DATASET, "rdf:type", _name("dcat:Dataset"))
    yield from _about(facts)
    yield _triple(_DATASET, "dcat:version", ox.Literal(facts.dataset.version))
    for subject in facts.dataset.subjects:
        yield _triple(_DATASET, "dcat:keyword", ox.Literal(subject, language=facts.dataset.language))
    for file in facts.files:
        name = f"{BASE}release/{facts.dataset.version}/{file.name}"
        yield _triple(_DATASET, "dcat:distribution", ox.NamedNode(name))
        yield _triple(name, "rdf:type", _name("dcat:Distribution"))
        yield _triple(name, "dcterms:title", ox.Literal(file.name))
        yield _triple(name, "dcat:accessURL", ox.NamedNode(name))
        yield _triple(name, "dcat:mediaType", ox.NamedNode(_MEDIA + file.media))
        yield _triple(name, "dcat:byteSize", _number(file.size))
        yield _triple(name, "dcterms:license", ox.NamedNode(facts.dataset.licence))
        yield from _checksum(name, file.sha256)


def _checksum(name: str, sha256: str) -> Iterator[ox.Triple]:
    check = f"{name}#sha256"
    yield _triple(name, "spdx:checksum", ox.NamedNode(check))
    yield _triple(check, "rdf:type", _name("spdx:Checksum"))
    yield _triple(check, "spdx:algorithm", _name("spdx:checksumAlgorithm_sha256"))
    yield _triple(check, "spdx:checksumValue", ox.Literal(sha256, datatype=_name("xsd:hexBinary")))


def _void(facts: Facts) -> Iterator[ox.Triple]:
    counts = facts.content.graph
    yield _triple(_DATASET, "rdf:type", _name("void:Dataset"))
    yield from _about(facts)
    for name, number in (
        ("void:triples", counts.triples),
        ("void:distinctSubjects", counts.subjects),
        ("void:classes", len(counts.classes)),
        ("void:properties", len(counts.predicates)),
    ):
        yield _triple(_DATASET, name, _number(number))
    for kind, key, members, found in (
        ("class", "void:class", "void:entities", counts.classes),
        ("property", "void:property", "void:triples", counts.predicates),
    ):
        for number, (iri, count) in enumerate(sorted(found.items()), 1):
            part = f"{_DATASET}/void/{kind}/{number}"
            yield _triple(_DATASET, f"void:{kind}Partition", ox.NamedNode(part))
            yield _triple(part, key, ox.NamedNode(iri))
            yield _triple(part, members, _number(count))
