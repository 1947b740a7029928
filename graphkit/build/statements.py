"""Sources and their statements into quads."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote as percent

from graphkit.build.nquads import XSD, Node, classes
from graphkit.build.propositions import compile_proposition
from graphkit.model.dates import bounds
from graphkit.model.iris import EDTF, SP, entity_iri, graph_iri, source_iri, statement_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphkit.model.records import Corpus, Evidence, Source, Statement
    from graphkit.model.vocabulary import Vocabulary


def compile_source(source: Source, corpus: Corpus) -> Iterator[str]:
    """Spell a source document, in its own graph."""
    words = corpus.vocabulary
    node = Node(source_iri(source.id), graph_iri(f"source/{source.id}"))
    kind = words.source_kinds[source.kind]
    yield from node.kind(*classes(kind, words))
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
        yield node.text("sp:retrieved", source.retrieved, datatype=XSD + "date")
    if source.derived_from:
        yield node.thing("prov:wasDerivedFrom", source_iri(source.derived_from))
    if source.capture:
        yield node.text("sp:captureSha256", source.capture.sha256)
        yield node.text("sp:captureCharacters", str(source.capture.characters), datatype=XSD + "integer")


def compile_statement(source: Source, key: str, corpus: Corpus) -> Iterator[str]:
    """Spell one statement with its proposition, evidence and relays."""
    said = source.statements[key]
    words = corpus.vocabulary
    graph = graph_iri(f"source/{source.id}")
    node = Node(statement_iri(source.id, key), graph)
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
    for reading in corpus.readings.get(f"{source.id}/{key}", ()):
        # Whoever compares the graph with the source file finds another name there.
        yield node.text("skos:editorialNote", reading)
    yield from _said(node, said, speaker, source)
    yield from _relays(node, said.via)
    yield from _evidence(node, said.evidence, source)


def _publicity(said: Statement, speaker: str, source: Source, words: Vocabulary) -> str:
    if said.publicity:
        return words.publicity[said.publicity]
    return "selfPublished" if speaker == source.publisher else "asReported"


def _said(node: Node, said: Statement, speaker: str, source: Source) -> Iterator[str]:
    date = said.said or (source.published if speaker == source.publisher else None)
    if date:
        yield node.text("sp:saidDate", date, datatype=EDTF)
        yield from node.days("said", date)
    elif source.published:
        # Nothing says when it was said, but it cannot have been after it was published.
        last = bounds(source.published)[1]
        if last:
            yield node.text("sp:saidLatest", last.isoformat(), datatype=XSD + "date")


def _relays(node: Node, via: Iterable[str]) -> Iterator[str]:
    for position, slug in enumerate(via, 1):
        step = Node(f"{node.subject}/via/{position}", node.graph)
        yield node.thing("sp:via", entity_iri(slug))
        yield node.thing("sp:relay", step.subject)
        yield from step.kind("Relay")
        yield step.text("sp:position", str(position), datatype=XSD + "integer")
        yield step.thing("sp:relayedBy", entity_iri(slug))


def _evidence(statement: Node, evidence: Evidence, source: Source) -> Iterator[str]:
    node = Node(f"{statement.subject}/evidence", statement.graph)
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
        yield node.text("sp:startPosition", str(evidence.at), datatype=XSD + "integer")
    if source.url:
        yield node.text("sp:passageLink", passage_link(source.url, evidence), datatype=XSD + "anyURI")


def passage_link(url: str, evidence: Evidence) -> str:
    """Return the address of the page with a text fragment that marks the passage.

    Syntax: WICG Scroll to Text Fragment, `#:~:text=start,end`.
    """
    words = [percent(part, safe="").replace("-", "%2D") for part in (evidence.starts, evidence.ends) if part]
    return f"{url}{'' if '#' in url else '#'}:~:text={','.join(words)}"
