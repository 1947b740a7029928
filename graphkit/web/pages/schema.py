"""The schema pages: the terms of the graph with direction, meaning, example and number of uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphkit.model.glossary import Term, glossary
from graphkit.model.iris import shorten
from graphkit.store import Store, texts

# The kinds of terms, in the order of the pages.
KINDS = {"property": "Properties", "relation": "Relations", "class": "Classes"}
_ONTOLOGY = "SELECT ?s ?p ?o { GRAPH graph:ontology { ?s ?p ?o } FILTER(isIRI(?s)) }"


def schema_rows(store: Store, uses: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the IRI, the kind and the values of each property, relation and class; `uses` are those of `Lists`."""
    terms = glossary((row[0], row[1], row[2]) for row in texts(store, _ONTOLOGY, "s", "p", "o")).values()
    found = [(term.name, kind, _row(term, uses.get(kind, {}))) for term in terms if (kind := _kind(term))]
    return sorted(found, key=lambda row: list(KINDS).index(row[1]))


def _kind(term: Term) -> str:
    if not term.is_property:
        return "class" if "Class" in term.classes else ""
    return "relation" if "Relation" in term.classes else "property" if term.starts else ""


def _row(term: Term, uses: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": shorten(term.name),
        "starts": ", ".join(term.starts),
        "ends": ", ".join(term.ends),
        "meaning": term.meaning,
        "example": term.example,
        "uses": uses.get(term.name, 0) if uses else "",
    }
