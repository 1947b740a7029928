"""Compiles the records of a corpus, and the ontology, into lines of N-Quads.

A pure function of one record and the entities: the same code runs in one process, in a pool or on a cluster. There are
no blank nodes; IRIs come from content or from the curator, never from a counter.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphkit.build.nquads import XSD, Node, classes
from graphkit.build.statements import compile_source, compile_statement
from graphkit.model.dataset import DatasetFile
from graphkit.model.iris import BASE, DATASET, EDTF, PREFIXES, SP, digest, entity_iri, expand, graph_iri, source_iri
from graphkit.model.records import Corpus, Entity, Post, Replaced, Tombstone
from graphkit.model.vocabulary import Vocabulary

ENTITIES = graph_iri("entities")
# Predicates whose name differs from the key that curators type.
_LINKS = {"members": "sp:member", "broader": "skos:broader"}


def compile_corpus(corpus: Corpus) -> Iterator[str]:
    """Yield the lines of a corpus, in no particular order and some of them more than once."""
    yield from compile_dataset(corpus.dataset)
    for slug, entity in corpus.entities.items():
        yield from compile_entity(slug, entity, corpus.vocabulary, corpus.dataset.language)
    for slug, replaced in corpus.replaced.items():
        yield from compile_replaced(slug, replaced, corpus.dataset.language)
    for stone in corpus.tombstones:
        yield from compile_tombstone(stone)
    for source in corpus.sources.values():
        yield from compile_source(source, corpus)
        for key in source.statements:
            yield from compile_statement(source, key, corpus)


def compile_dataset(dataset: DatasetFile) -> Iterator[str]:
    """Yield the lines about the dataset as a whole."""
    node = Node(DATASET, ENTITIES)
    yield node.thing("rdf:type", expand("schema:Dataset"))
    yield node.text("dcterms:title", dataset.title, language=dataset.language)
    yield node.text("dcterms:description", dataset.description, language=dataset.language)
    yield node.text("owl:versionInfo", dataset.version)
    yield node.thing("dcterms:license", dataset.licence)
    for creator in dataset.creators:
        yield node.text("dcterms:creator", creator.name)
    if dataset.released:
        yield node.text("dcterms:issued", dataset.released, datatype=XSD + "date")


def compile_entity(slug: str, entity: Entity, words: Vocabulary, language: str) -> Iterator[str]:
    """Yield the lines about an entity."""
    node = Node(entity_iri(slug), ENTITIES)
    yield from node.kind(*classes(words.kinds[entity.kind], words))
    yield node.text("rdfs:label", entity.label, language=language)
    for alias in entity.names[1:]:
        yield node.text("skos:altLabel", alias, language=language)
    yield from _written(node, entity, language)
    yield from _described(node, entity, words, language)
    for key, slugs in entity.links.items():
        for other in slugs:
            yield node.thing(_LINKS.get(key, f"sp:{key}"), entity_iri(other))
    if words.kinds[entity.kind] == "Topic":
        yield from _in_scheme(node, entity, language)
    for post in entity.posts:
        yield from compile_post(node, post)
    if entity.wikidata:
        yield node.thing("skos:exactMatch", PREFIXES["wd"] + entity.wikidata)
    if entity.url:
        yield node.thing("foaf:page", entity.url)


def _described(node: Node, entity: Entity, words: Vocabulary, language: str) -> Iterator[str]:
    if entity.description:
        yield node.text("dcterms:description", entity.description, language=language)
    if entity.size:
        yield node.text("sp:size", str(entity.size), datatype=XSD + "integer")
    if entity.sector:
        yield node.thing("sp:sector", SP + words.sectors[entity.sector])


def _in_scheme(node: Node, topic: Entity, language: str) -> Iterator[str]:
    """Yield the lines that make a topic a concept of the SKOS scheme of the dataset."""
    scheme = Node(BASE + "topics", ENTITIES)
    yield scheme.thing("rdf:type", expand("skos:ConceptScheme"))
    yield scheme.text("rdfs:label", "topics", language="en")
    yield node.thing("rdf:type", expand("skos:Concept"))
    yield node.text("skos:prefLabel", topic.label, language=language)
    yield node.thing("skos:inScheme", scheme.subject)
    if not topic.broader:
        yield node.thing("skos:topConceptOf", scheme.subject)


def compile_post(holder: Node, post: Post) -> Iterator[str]:
    """Yield the lines about a post of an entity; its IRI comes from its content."""
    name = digest(post.role, post.at, post.from_ or "", post.until or "")
    node = Node(f"{holder.subject}/post/{name}", holder.graph)
    yield from node.kind("Post")
    yield holder.thing("sp:post", node.subject)
    yield node.thing("sp:holder", holder.subject)
    yield node.thing("sp:postAt", entity_iri(post.at))
    yield node.text("sp:postRole", post.role)
    if post.speaks:
        yield node.text("sp:speaks", "true", datatype=XSD + "boolean")
    for stem, date in (("from", post.from_), ("until", post.until)):
        if date:
            yield node.text(f"sp:{stem}", date, datatype=EDTF)
            yield from node.days(stem, date)


def _written(node: Node, entity: Entity, language: str) -> Iterator[str]:
    """Yield the names that sources use, as SKOS-XL labels with their source."""
    for source, names in entity.written_as.items():
        for name in names:
            label = Node(f"{node.subject}/name/{digest(name)}", node.graph)
            yield node.thing("skosxl:altLabel", label.subject)
            yield label.thing("rdf:type", expand("skosxl:Label"))
            yield label.text("skosxl:literalForm", name, language=language)
            yield label.thing("dcterms:source", source_iri(source))


def compile_replaced(slug: str, replaced: Replaced, language: str) -> Iterator[str]:
    """Yield the lines about a merged entity, which is only a link to its successor."""
    node = Node(entity_iri(slug), ENTITIES)
    yield node.thing("dcterms:isReplacedBy", entity_iri(replaced.by))
    yield node.text("owl:deprecated", "true", datatype=XSD + "boolean")
    yield node.text("rdfs:label", replaced.label, language=language)
    yield node.text("rdfs:comment", replaced.reason, language=language)
    yield node.text("dcterms:modified", replaced.date, datatype=XSD + "date")


def compile_tombstone(stone: Tombstone) -> Iterator[str]:
    """Yield the lines about an erased or removed thing, which say when and why."""
    node = Node(stone.iri, ENTITIES)
    yield node.text("owl:deprecated", "true", datatype=XSD + "boolean")
    yield node.text("rdfs:label", f"{'removed' if stone.id else 'erased'} {stone.kind}", language="en")
    if stone.id:
        yield node.text("dcterms:identifier", stone.id)
    yield node.text("rdfs:comment", stone.reason)
    yield node.text("dcterms:modified", stone.date, datatype=XSD + "date")
