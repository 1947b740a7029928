"""Sources, statements and propositions into quads; the IRI of a proposition comes from its content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote as percent

from graphkit.build.nquads import XSD, Node, classes
from graphkit.build.sentences import named, narrowing, sentence
from graphkit.corpus.statement_links import full_name
from graphkit.model.dates import bounds
from graphkit.model.iris import (
    EDTF,
    PREFIXES,
    SP,
    digest,
    entity_iri,
    graph_iri,
    iri,
    literal,
    proposition_iri,
    source_iri,
    statement_iri,
)
from graphkit.model.records import (
    Alternatives,
    Amount,
    Corpus,
    Evidence,
    LookUp,
    Proposition,
    Source,
    Statement,
    StatementRef,
)
from graphkit.model.vocabulary import Vocabulary


def compile_source(source: Source, corpus: Corpus) -> Iterator[str]:
    """Yield the lines about a source document, in its own graph."""
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
    if source.licence:
        yield node.thing("dcterms:license", source.licence)
    if source.retrieved:
        yield node.text("sp:retrieved", source.retrieved, datatype=XSD + "date")
    if source.derived_from:
        yield node.thing("prov:wasDerivedFrom", source_iri(source.derived_from))
    if source.capture:
        yield node.text("sp:captureSha256", source.capture.sha256)
        yield node.text("sp:captureCharacters", str(source.capture.characters), datatype=XSD + "integer")
    yield from compile_groups(source)


def compile_statement(source: Source, key: str, corpus: Corpus) -> Iterator[str]:
    """Yield the lines about a statement with its proposition, evidence and relays."""
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
    yield node.thing("sp:certainty", SP + words.certainties[said.how_certain])
    yield node.thing("sp:basis", SP + words.bases[said.basis])
    if said.stance in _PLANS:
        shown = _target(said, source, corpus)[1]
        planned = sentence(said, shown, corpus, planned=True)
        yield node.text("sp:plannedSentence", planned, language=corpus.dataset.language)
    if said.hedge:
        yield node.text("sp:hedge", said.hedge)
    if said.corrects:
        yield node.thing("sp:corrects", PREFIXES["statement"] + full_name(said.corrects, source.id))
    if said.reason:
        yield node.thing("sp:reason", statement_iri(source.id, said.reason))
    for reading in corpus.readings.get(f"{source.id}/{key}", ()):
        # The source file names another entity.
        yield node.text("skos:editorialNote", reading)
    yield from _said(node, said, speaker, source)
    yield from _relays(node, said.via)
    yield from _evidence(node, said.evidence, source, corpus.looked_up.get(f"{source.id}/{key}"))


_PLANS = frozenset({"plans", "rules-out"})


def compile_groups(source: Source) -> Iterator[str]:
    """Yield the lines that group the statements of a source that were coded from one passage."""
    passages: dict[str, list[str]] = {}
    for key, said in source.statements.items():
        passages.setdefault(said.evidence.sha256, []).append(key)
    for passage, keys in passages.items():
        typed = next((name for key in keys if (name := source.statements[key].group)), "")
        shared = typed or (passage[:_GROUP_DIGITS] if len(keys) > 1 else "")
        for key in keys if shared else ():
            node = Node(statement_iri(source.id, key), graph_iri(f"source/{source.id}"))
            yield node.text("sp:group", source.statements[key].group or shared)


_GROUP_DIGITS = 16


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
        # The date is unknown, but the statement cannot be later than its publication.
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


def _evidence(statement: Node, evidence: Evidence, source: Source, looked_up: LookUp | None) -> Iterator[str]:
    node = Node(f"{statement.subject}/evidence", statement.graph)
    yield statement.thing("sp:evidence", node.subject)
    yield from node.kind("Evidence")
    yield node.thing("oa:hasSource", source_iri(source.id))
    yield node.text("sp:starts", evidence.starts)
    if evidence.ends:
        yield node.text("sp:ends", evidence.ends)
    yield node.text("sp:sha256", evidence.sha256)
    if looked_up:
        yield node.text("sp:lookedUpOn", looked_up.date, datatype=XSD + "date")
    if looked_up and looked_up.capture:
        yield node.text("sp:lookedUpIn", looked_up.capture)
        yield node.text("sp:startPosition", str(looked_up.position), datatype=XSD + "integer")
    yield node.thing("sp:evidenceStatus", SP + (looked_up.status if looked_up else "unverified"))
    if source.url:
        yield node.text("sp:passageLink", passage_link(source.url, evidence), datatype=XSD + "anyURI")


def compile_proposition(said: Proposition, source: Source, corpus: Corpus) -> tuple[str, str, list[str]]:
    """Return the IRI of a proposition, its sentence, and the lines about it and the propositions inside it."""
    relation = corpus.vocabulary.relations[said.relation]
    target, shown, lines = _target(said, source, corpus)
    label = sentence(said, shown, corpus)
    name = proposition_iri(said.subject, relation.name, target, *_narrowed(said))
    node = Node(name, graph_iri(f"source/{source.id}"))
    lines += node.kind("Proposition")
    lines += [
        node.thing("sp:subject", entity_iri(said.subject)),
        node.thing("sp:relation", SP + relation.name),
        node.text("rdfs:label", label, language=corpus.dataset.language),
    ]
    if isinstance(said.object, Alternatives):
        lines += [node.thing("sp:alternative", entity_iri(slug)) for slug in said.object.entities]
    elif target:
        lines.append(node.line(iri(SP + ("object" if said.value is None else "value")), target))
    if said.amount:
        lines += _amount(node, said.amount, corpus.vocabulary)
        lines.append(node.text("sp:quantity", _quantity(said, said.amount, target)))
    if target or said.amount:
        number = said.amount.number if said.amount else ""
        lines.append(node.text("sp:frame", digest(said.subject, said.relation, target, number)))
    if said.value is not None and relation.datatype == EDTF:
        lines += node.days("value", said.value)
    lines += _qualifiers(node, said, corpus.vocabulary)
    if said.qualifiers:
        lines.append(node.text("sp:narrowing", narrowing(said, corpus), language=corpus.dataset.language))
    if said.scope:
        lines.append(node.text("sp:scope", said.scope))
    if said.when:
        lines.append(node.text("sp:validTime", said.when, datatype=EDTF))
        lines += node.days("valid", said.when)
    return name, label, lines


def _narrowed(said: Proposition) -> Iterator[str]:
    """Yield the parts of a proposition besides its ends, for its IRI; the newer ones only if they are present."""
    yield from (said.scope or "", said.when or "")
    if said.amount:
        yield from (said.amount.number, said.amount.unit, said.amount.bound)
        yield from (f"{key}={value}" for key, value in said.amount.further.items())
    yield from (f"{key}: {value}" for key, value in sorted(said.qualifiers.items()))


def _quantity(said: Proposition, amount: Amount, target: str) -> str:
    """Return the key of the quantity that an amount measures: figures with the same key must agree at one time."""
    also = {key: value for key, value in amount.further.items() if key not in {"to", "of"}}
    if amount.of and target != iri(entity_iri(amount.of)):
        also["of"] = amount.of
    further = (f"{key}={value}" for key, value in sorted({**also, **said.qualifiers}.items()))
    return digest(said.subject, said.relation, target, said.scope or "", amount.unit, *further)


def _qualifiers(node: Node, said: Proposition, words: Vocabulary) -> Iterator[str]:
    for key, value in said.qualifiers.items():
        qualifier = words.qualifiers[key]
        name = f"sp:{qualifier.name}"
        yield node.thing(name, entity_iri(value)) if qualifier.range else node.text(name, value)


def _target(said: Proposition, source: Source, corpus: Corpus) -> tuple[str, str, list[str]]:
    """Return the object or value as a term and as text, and the lines about it."""
    target = said.object
    if isinstance(target, StatementRef):
        target = source.statements[target.statement]
    if isinstance(target, Proposition):
        name, sentence, lines = compile_proposition(target, source, corpus)
        return iri(name), f"“{sentence}”", lines
    if isinstance(target, Alternatives):
        return " ".join(sorted(iri(entity_iri(slug)) for slug in target.entities)), named(target, corpus), []
    if target is not None:
        return iri(entity_iri(target)), named(target, corpus), []
    if said.value is None:
        return "", "", []
    datatype = corpus.vocabulary.relations[said.relation].datatype
    value = str(said.value)
    return literal(value, datatype="" if datatype == XSD + "string" else datatype), value, []


def _amount(node: Node, amount: Amount, words: Vocabulary) -> Iterator[str]:
    decimal = XSD + "decimal"
    yield node.text("sp:amount", amount.number, datatype=decimal)
    yield node.thing("sp:unit", SP + words.units[amount.unit].name)
    yield node.thing("sp:bound", SP + words.bounds[amount.bound])
    if amount.to:
        yield node.text("sp:amountTo", amount.to, datatype=decimal)
    if amount.of:
        yield node.thing("sp:amountOf", entity_iri(amount.of))
    if amount.base:
        yield node.thing("sp:amountBase", entity_iri(amount.base))
    if amount.per:
        period = words.periods.get(amount.per)
        yield node.thing("sp:amountPer", SP + period if period else entity_iri(amount.per))
    if amount.kind:
        yield node.thing("sp:amountKind", SP + words.amount_kinds[amount.kind])
    least, most = amount.limits
    if least:
        yield node.text("sp:amountMin", least, datatype=decimal)
    if most:
        yield node.text("sp:amountMax", most, datatype=decimal)


def passage_link(url: str, evidence: Evidence) -> str:
    """Return the address of a page with a text fragment that marks the passage, `#:~:text=start,end`."""
    words = [percent(part, safe="").replace("-", "%2D") for part in (evidence.starts, evidence.ends) if part]
    return f"{url}{'' if '#' in url else '#'}:~:text={','.join(words)}"
