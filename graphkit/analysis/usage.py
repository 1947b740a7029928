"""How often the terms of the ontology are used in a graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graphkit.model.iris import SP
from graphkit.store import Store, texts

_RELATIONS = "SELECT ?term (COUNT(*) AS ?n) { ?statement sp:proposition/sp:relation ?term } GROUP BY ?term"
_VALUES = """
SELECT ?term (COUNT(*) AS ?n) {
  VALUES ?p { sp:stance sp:publicity sp:unit sp:bound sp:evidenceStatus sp:kind sp:sourceKind
    sp:certainty sp:basis sp:amountKind sp:amountPer }
  ?thing ?p ?term
} GROUP BY ?term
"""
_QUALIFIERS = "SELECT ?term (COUNT(*) AS ?n) { ?term a sp:Qualifier . ?thing ?term ?value } GROUP BY ?term"
_KINDS = "SELECT ?term (COUNT(*) AS ?n) { GRAPH graph:entities { ?thing a ?term } } GROUP BY ?term"
_ABOVE = "SELECT ?class ?above { GRAPH graph:ontology { ?class rdfs:subClassOf ?above } }"


def uses_of_words(store: Store) -> Mapping[str, int]:
    """Return how often curators used each word: statements of a relation, entities of exactly this kind, by IRI."""
    found = sum((Counter(_counts(store, query)) for query in (_RELATIONS, _VALUES, _QUALIFIERS)), Counter[str]())
    kinds = Counter(_counts(store, _KINDS))
    exact = Counter(kinds)
    for name, above in texts(store, _ABOVE, "class", "above"):
        exact[above] -= kinds[name]
    return found + exact


def _counts(store: Store, query: str) -> dict[str, int]:
    rows = texts(store, query, "term", "n")
    return {term: int(number) for term, number in rows if term.startswith(SP)}
