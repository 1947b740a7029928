"""Compiles the codebook into SKOS concepts and into rules as data, which `ontology/rules/60-coded.rq` applies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphkit.build.nquads import XSD, Node
from graphkit.model.codebook import SIGNS, Codebook, CodingRule, Concept
from graphkit.model.iris import BASE, PREFIXES, SP, concept_iri, digest, entity_iri, expand, graph_iri, iri, literal
from graphkit.model.vocabulary import Vocabulary

CODEBOOK = graph_iri("codebook")
_INTEGER = XSD + "integer"


def compile_codebook(codebook: Codebook, words: Vocabulary, language: str) -> Iterator[str]:
    """Yield the lines of a codebook, with their hash as its version; none if it has no concepts."""
    if not codebook.concepts:
        return
    scheme = Node(BASE + "codebook", CODEBOOK)
    yield scheme.thing("rdf:type", expand("skos:ConceptScheme"))
    yield scheme.text("rdfs:label", "codebook", language="en")
    lines = set(_lines(codebook, words, language))
    yield scheme.text("owl:versionInfo", digest(*sorted(lines)))
    yield from lines


def _lines(codebook: Codebook, words: Vocabulary, language: str) -> Iterator[str]:
    yield from _agreement(codebook, words, language)
    for slug, concept in codebook.concepts.items():
        yield from _concept(Node(concept_iri(slug), CODEBOOK), concept, language)
        for number, rule in enumerate(concept.rules):
            yield from _rule(Node(f"{concept_iri(slug)}/rules/{number}", CODEBOOK), concept_iri(slug), rule, words)
        for name, sign in concept.exceptions.items():
            yield from _exception(concept_iri(slug), name, sign)


def _agreement(codebook: Codebook, words: Vocabulary, language: str) -> Iterator[str]:
    for stance, choice in codebook.agreement.sides.items():
        if stance in words.stances:
            node = Node(f"{BASE}codebook/{stance}", CODEBOOK)
            yield from node.kind("AgreementRule")
            yield node.thing("sp:ofStance", SP + words.stances[stance])
            yield node.text("skos:definition", choice.reason, language=language)
            if choice.side == "withdraw":
                yield node.text("sp:withdraws", "true", datatype=XSD + "boolean")
            else:
                yield node.text("sp:side", str(SIGNS[choice.side]), datatype=_INTEGER)
    for certainty, weighed in codebook.agreement.weights.items():
        if certainty in words.certainties:
            node = Node(f"{BASE}codebook/{certainty}", CODEBOOK)
            yield from node.kind("AgreementRule")
            yield node.thing("sp:ofCertainty", SP + words.certainties[certainty])
            yield node.text("skos:definition", weighed.reason, language=language)
            yield node.text("sp:weight", str(weighed.weight), datatype=_INTEGER)


def _concept(node: Node, concept: Concept, language: str) -> Iterator[str]:
    yield from node.kind("Concept")
    yield node.thing("rdf:type", expand("skos:Concept"))
    yield node.thing("skos:inScheme", BASE + "codebook")
    yield node.text("rdfs:label", concept.label, language=language)
    yield node.text("skos:prefLabel", concept.label, language=language)
    yield node.text("skos:definition", concept.definition, language=language)
    if concept.kind == "fact":
        yield node.text("sp:narrated", "true", datatype=XSD + "boolean")
    for broader in concept.broader:
        yield node.thing("skos:broader", concept_iri(broader))
    for name, statement in (("sp:codedExample", concept.example), ("sp:counterexample", concept.counterexample)):
        if statement:
            yield node.thing(name, PREFIXES["statement"] + statement)


def _exception(concept: str, name: str, sign: str) -> Iterator[str]:
    """Yield the lines about an exception: a rule for one statement, or none if the statement is omitted."""
    statement = PREFIXES["statement"] + name
    yield Node(concept, CODEBOOK).thing("sp:exempts", statement)
    if sign != "omit":
        node = Node(f"{concept}/exceptions/{name}", CODEBOOK)
        yield from _coding_rule(node, concept, sign)
        yield node.thing("sp:matchesStatement", statement)


def _coding_rule(node: Node, concept: str, sign: str) -> Iterator[str]:
    yield from node.kind("CodingRule")
    yield node.thing("sp:codes", concept)
    yield node.text("sp:sign", str(SIGNS[sign]), datatype=_INTEGER)


def _rule(node: Node, concept: str, rule: CodingRule, words: Vocabulary) -> Iterator[str]:
    yield from _coding_rule(node, concept, rule.sign)
    for relation in rule.relation:
        yield node.thing("sp:matchesRelation", SP + words.relations[relation].name)
    for name, (paths, terms) in _conditions(rule, words).items():
        if terms:
            condition = Node(f"{node.subject}/{name}", CODEBOOK)
            yield from condition.kind("CodingCondition")
            yield node.thing("sp:hasCondition", condition.subject)
            for path in paths:
                yield condition.thing("sp:on", SP + path)
            for term in terms:
                yield condition.line(iri(SP + "accepts"), term)


def _conditions(rule: CodingRule, words: Vocabulary) -> dict[str, tuple[tuple[str, ...], list[str]]]:
    """Return the parts of a proposition that each condition looks at, and the terms that it accepts."""
    subject, target = ("subject",), ("object", "alternative")
    return {
        "subject": (subject, _entities(rule.subject)),
        "object": (target, _entities(rule.object)),
        "subjectKind": (subject, _classes(rule.subject_kind, words)),
        "objectKind": (target, _classes(rule.object_kind, words)),
        **{name: _qualifier(name, values, words) for name, values in rule.qualifiers.items()},
    }


def _entities(slugs: Iterable[str]) -> list[str]:
    return [iri(entity_iri(slug)) for slug in slugs]


def _classes(kinds: Iterable[str], words: Vocabulary) -> list[str]:
    return [iri(SP + words.kinds[kind]) for kind in kinds]


def _qualifier(name: str, values: Iterable[str], words: Vocabulary) -> tuple[tuple[str, ...], list[str]]:
    qualifier = words.qualifiers[name]
    return (qualifier.name,), _entities(values) if qualifier.range else [literal(value) for value in values]
