"""Records into quads, spelled as N-Quads lines.

A pure function of one record and the entity table: the same code runs in one process, in a pool or on
a cluster. No blank nodes; IRIs come from content or from the curator, never from a counter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote as percent

from graphkit.dates import bounds
from graphkit.model import Corpus, Dataset, Entity, Evidence, Proposition, Source, Statement, StatementRef, Vocabulary
from graphkit.terms import (
    BASE,
    EDTF,
    PREFIXES,
    SP,
    entity_iri,
    expand,
    graph_iri,
    iri,
    literal,
    proposition_iri,
    source_iri,
    statement_iri,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_XSD = PREFIXES["xsd"]
_TYPE = iri(expand("rdf:type"))
_LABEL = iri(expand("rdfs:label"))
ENTITIES = graph_iri("entities")


@dataclass(frozen=True, slots=True)
class _Node:
    """A subject in a graph; each method spells one line about it."""

    subject: str
    graph: str

    def line(self, predicate: str, term: str) -> str:
        return f"<{self.subject}> {predicate} {term} <{self.graph}> .\n"

    def thing(self, name: str, value: str) -> str:
        return self.line(iri(expand(name)), iri(value))

    def text(self, name: str, value: str, *, language: str = "", datatype: str = "") -> str:
        return self.line(iri(expand(name)), literal(value, language=language, datatype=datatype))

    def kind(self, *names: str) -> Iterator[str]:
        for name in names:
            yield self.line(_TYPE, iri(SP + name))

    def days(self, stem: str, text: str) -> Iterator[str]:
        first, last = bounds(text)
        if first:
            yield self.text(f"sp:{stem}Earliest", first.isoformat(), datatype=_XSD + "date")
        if last:
            yield self.text(f"sp:{stem}Latest", last.isoformat(), datatype=_XSD + "date")


def compile_corpus(corpus: Corpus) -> Iterator[str]:
    """Spell everything that was read.

    Yields:
        N-Quads lines, in no particular order; the same line may come more than once.
    """
    yield from compile_dataset(corpus.dataset)
    for slug, entity in corpus.entities.items():
        yield from compile_entity(slug, entity, corpus.vocabulary, corpus.dataset.language)
    for source in corpus.sources.values():
        yield from compile_source(source, corpus)
        for key in source.statements:
            yield from compile_statement(source, key, corpus)


def compile_dataset(dataset: Dataset) -> Iterator[str]:
    """Spell the facts about the dataset as a whole."""
    node = _Node(BASE + "dataset", ENTITIES)
    yield node.thing("rdf:type", expand("schema:Dataset"))
    yield node.text("dcterms:title", dataset.title, language=dataset.language)
    yield node.text("dcterms:description", dataset.description, language=dataset.language)
    yield node.text("owl:versionInfo", dataset.version)
    yield node.thing("dcterms:license", dataset.licence)
    for creator in dataset.creators:
        yield node.text("dcterms:creator", creator)
    if dataset.released:
        yield node.text("dcterms:issued", dataset.released, datatype=_XSD + "date")


def compile_entity(slug: str, entity: Entity, words: Vocabulary, language: str) -> Iterator[str]:
    """Spell an entity: its names and its place among the others."""
    node = _Node(entity_iri(slug), ENTITIES)
    yield from node.kind(*_classes(words.kinds[entity.kind], words))
    yield node.text("rdfs:label", entity.label, language=language)
    for alias in entity.aliases:
        yield node.text("skos:altLabel", alias, language=language)
    if entity.description:
        yield node.text("dcterms:description", entity.description, language=language)
    if entity.size:
        yield node.text("sp:size", str(entity.size), datatype=_XSD + "integer")
    for name, slugs in _links(entity):
        for other in slugs:
            yield node.thing(name, entity_iri(other))
    if entity.wikidata:
        yield node.thing("skos:exactMatch", PREFIXES["wd"] + entity.wikidata)
    if entity.url:
        yield node.thing("foaf:page", entity.url)


def _links(entity: Entity) -> list[tuple[str, tuple[str, ...]]]:
    return [
        ("sp:member", entity.members),
        ("skos:broader", entity.broader),
        ("sp:speaksFor", entity.speaks_for),
        ("sp:issuedBy", entity.issued_by),
    ]


def _classes(name: str, words: Vocabulary) -> list[str]:
    # The classes above are spelled out, so that nobody needs a reasoner to ask for all organisations.
    return sorted(words.ancestors[name] & words.ancestors.keys())


def compile_source(source: Source, corpus: Corpus) -> Iterator[str]:
    """Spell a source document, in its own graph."""
    words = corpus.vocabulary
    node = _Node(source_iri(source.id), graph_iri(f"source/{source.id}"))
    kind = words.source_kinds[source.kind]
    yield from node.kind(*_classes(kind, words))
    yield node.thing("sp:sourceKind", SP + kind)
    yield node.text("rdfs:label", source.title, language=source.language)
    yield node.text("dcterms:title", source.title, language=source.language)
    yield node.thing("dcterms:publisher", entity_iri(source.publisher))
    for author in source.authors:
        yield node.thing("dcterms:creator", entity_iri(author))
    if source.url:
        yield node.thing("schema:url", source.url)
    if source.published:
        yield node.text("sp:published", source.published, datatype=EDTF)
        yield from node.days("published", source.published)
    if source.retrieved:
        yield node.text("sp:retrieved", source.retrieved, datatype=_XSD + "date")
    if source.derived_from:
        yield node.thing("prov:wasDerivedFrom", source_iri(source.derived_from))
    if source.capture:
        yield node.text("sp:captureSha256", source.capture.sha256)
        yield node.text("sp:captureCharacters", str(source.capture.characters), datatype=_XSD + "integer")


def compile_statement(source: Source, key: str, corpus: Corpus) -> Iterator[str]:
    """Spell one statement with its proposition, evidence and relays."""
    said = source.statements[key]
    words = corpus.vocabulary
    graph = graph_iri(f"source/{source.id}")
    node = _Node(statement_iri(source.id, key), graph)
    speaker = said.speaker or source.publisher
    proposition, _, lines = compile_proposition(said, source, corpus)
    yield from lines
    yield from node.kind("Statement")
    yield node.thing("sp:speaker", entity_iri(speaker))
    yield node.thing("sp:stance", SP + words.stances[said.stance])
    yield node.thing("sp:proposition", proposition)
    yield node.thing("sp:source", source_iri(source.id))
    yield node.text("sp:gist", said.gist, language=corpus.dataset.language)
    yield node.thing("sp:publicity", SP + _publicity(said, speaker, source, words))
    if said.hedge:
        yield node.text("sp:hedge", said.hedge)
    yield from _said(node, said, speaker, source)
    yield from _relays(node, said.via)
    yield from _evidence(node, said.evidence, source)


def _publicity(said: Statement, speaker: str, source: Source, words: Vocabulary) -> str:
    if said.publicity:
        return words.publicity[said.publicity]
    return "selfPublished" if speaker == source.publisher else "asReported"


def _said(node: _Node, said: Statement, speaker: str, source: Source) -> Iterator[str]:
    date = said.said or (source.published if speaker == source.publisher else None)
    if date:
        yield node.text("sp:saidDate", date, datatype=EDTF)
        yield from node.days("said", date)
    elif source.published:
        # Nothing says when it was said, but it cannot have been after it was published.
        last = bounds(source.published)[1]
        if last:
            yield node.text("sp:saidLatest", last.isoformat(), datatype=_XSD + "date")


def _relays(node: _Node, via: Iterable[str]) -> Iterator[str]:
    for position, slug in enumerate(via, 1):
        step = _Node(f"{node.subject}/via/{position}", node.graph)
        yield node.thing("sp:via", entity_iri(slug))
        yield node.thing("sp:relay", step.subject)
        yield from step.kind("Relay")
        yield step.text("sp:position", str(position), datatype=_XSD + "integer")
        yield step.thing("sp:relayedBy", entity_iri(slug))


def _evidence(statement: _Node, evidence: Evidence, source: Source) -> Iterator[str]:
    node = _Node(f"{statement.subject}/evidence", statement.graph)
    yield statement.thing("sp:evidence", node.subject)
    yield from node.kind("Evidence")
    yield node.thing("oa:hasSource", source_iri(source.id))
    yield node.text("sp:starts", evidence.starts)
    if evidence.ends:
        yield node.text("sp:ends", evidence.ends)
    yield node.text("sp:sha256", evidence.sha256)
    # A position can only come from a capture: without one, nobody has looked the passage up.
    yield node.thing("sp:evidenceStatus", SP + ("unverified" if evidence.at is None else "verified"))
    if evidence.at is not None:
        yield node.text("sp:startPosition", str(evidence.at), datatype=_XSD + "integer")
    if source.url:
        yield node.text("sp:passageLink", passage_link(source.url, evidence), datatype=_XSD + "anyURI")


def passage_link(url: str, evidence: Evidence) -> str:
    """Return the address of the page with a text fragment that marks the passage.

    Syntax: WICG Scroll to Text Fragment, `#:~:text=start,end`.
    """
    words = [percent(part, safe="").replace("-", "%2D") for part in (evidence.starts, evidence.ends) if part]
    return f"{url}{'' if '#' in url else '#'}:~:text={','.join(words)}"


def compile_proposition(said: Proposition, source: Source, corpus: Corpus) -> tuple[str, str, list[str]]:
    """Spell a proposition and those inside it.

    Returns:
        Its IRI, made from its content; how it reads; and the lines about it.
    """
    relation = corpus.vocabulary.relations[said.relation]
    target, shown, lines = _target(said, source, corpus)
    sentence = _sentence(said, relation.label, shown, corpus.entities)
    name = proposition_iri(said.subject, relation.name, target, said.scope or "", said.when or "")
    node = _Node(name, graph_iri(f"source/{source.id}"))
    lines += node.kind("Proposition")
    lines += [
        node.thing("sp:subject", entity_iri(said.subject)),
        node.thing("sp:relation", SP + relation.name),
        node.line(iri(SP + ("object" if said.value is None else "value")), target),
        node.text("rdfs:label", sentence, language=corpus.dataset.language),
    ]
    if said.value is not None and relation.datatype == EDTF:
        lines += node.days("value", said.value)
    if said.scope:
        lines.append(node.text("sp:scope", said.scope))
    if said.when:
        lines.append(node.text("sp:validTime", said.when, datatype=EDTF))
        lines += node.days("valid", said.when)
    return name, sentence, lines


def _target(said: Proposition, source: Source, corpus: Corpus) -> tuple[str, str, list[str]]:
    """Return the object or value as a term, how it reads, and the lines about it."""
    target = said.object
    if isinstance(target, StatementRef):
        target = source.statements[target.statement]
    if isinstance(target, Proposition):
        name, sentence, lines = compile_proposition(target, source, corpus)
        return iri(name), f"“{sentence}”", lines
    if target is not None:
        return iri(entity_iri(target)), corpus.entities[target].label, []
    datatype = corpus.vocabulary.relations[said.relation].datatype
    value = str(said.value)
    return literal(value, datatype="" if datatype == _XSD + "string" else datatype), value, []


def _sentence(said: Proposition, relation: str, shown: str, entities: Mapping[str, Entity]) -> str:
    narrowed = ", ".join(part for part in (said.scope, said.when) if part)
    sentence = f"{entities[said.subject].label} {relation} {shown}"
    return f"{sentence} ({narrowed})" if narrowed else sentence


def compile_ontology(quads: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Spell the triples of the ontology, in its graph."""
    graph = graph_iri("ontology")
    for subject, predicate, target in quads:
        yield f"{subject} {predicate} {target} <{graph}> .\n"
