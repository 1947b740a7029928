"""The schema page: the properties of the graph with direction, meaning, example and number of uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphkit.analysis.usage import uses_of_properties, uses_of_words
from graphkit.model.glossary import Term, glossary
from graphkit.model.iris import shorten
from graphkit.query.questions import Question
from graphkit.store import Store, texts
from graphkit.web.pages.context import DatasetMetadata

_ONTOLOGY = "SELECT ?s ?p ?o { GRAPH graph:ontology { ?s ?p ?o } FILTER(isIRI(?s)) }"


def schema_values(store: Store, _questions: Mapping[str, Question], _site: DatasetMetadata) -> dict[str, Any]:
    """Return the values of the schema page."""
    terms = glossary((row[0], row[1], row[2]) for row in texts(store, _ONTOLOGY, "s", "p", "o")).values()
    statements, triples = uses_of_words(store), uses_of_properties(store)
    properties = [term for term in terms if term.is_property]
    relations = [_row(term, statements) for term in properties if "Relation" in term.classes]
    others = [_row(term, triples) for term in properties if "Relation" not in term.classes and term.starts]
    classes = [_row(term, statements) for term in terms if "Class" in term.classes]
    return {"title": "Schema", "relations": relations, "others": others, "classes": classes}


def _row(term: Term, uses: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": shorten(term.name),
        "starts": ", ".join(term.starts),
        "ends": ", ".join(term.ends),
        "meaning": term.meaning,
        "example": term.example,
        "uses": uses.get(term.name, 0),
    }
