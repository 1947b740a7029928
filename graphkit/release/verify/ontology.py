"""Row 4: the ontology has the metadata that its users need, is the same in each form, and has a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import cast

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES
from graphkit.release.ontology import FORMS, PAGE, SECOND_HEAD, UNDECLARED
from graphkit.release.verify.deposit import TEXT, Deposit, UntriedError
from graphkit.release.verify.graphs import limited, triples_of
from graphkit.store.embedded import scratch_store

_OWL = "http://www.w3.org/2002/07/owl#"
_NEEDED = (
    "title", "description", "creator", "license", "created", "versionIRI", "versionInfo", "preferredNamespacePrefix",
    "preferredNamespaceUri",
)  # fmt: skip
# The kinds of terms that pyLODE shows.
_SHOWN = {f"{_OWL}{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
_LOADS = re.compile(
    r"<(?:link|script|img|iframe|object|embed)\b[^>]*\b(?:src|href|data)=.(?!data:|#)|@import|url\(.?http"
)
_SPACE = "?head a owl:Ontology ; <http://purl.org/vocab/vann/preferredNamespaceUri> ?space"
_OWN = f"{_SPACE} FILTER(STRSTARTS(STR(?name), STR(?space)))"
_LINK = "VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } ?name a ?kind ."
_PROPERTY = "VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty } ?name a ?kind ."
# The pitfalls of ontologies that need no judgement, after those of OOPS! and the tests of FOOPS!.
PITFALLS = {
    "is a second ontology in the file": SECOND_HEAD,
    "is used without a declaration": UNDECLARED,
    "has no definition": f"{{ {_OWN} ?name rdfs:isDefinedBy ?head MINUS {{ ?name skos:definition ?any }} }}",
    "has no isDefinedBy": f"{{ {_OWN} ?name skos:definition ?any MINUS {{ ?name rdfs:isDefinedBy ?head }} }}",
    "has no domain": f"{{ {_LINK} {_OWN} MINUS {{ ?name rdfs:domain|schema:domainIncludes ?any }} }}",
    "has no range": f"{{ {_LINK} {_OWN} MINUS {{ ?name rdfs:range|schema:rangeIncludes ?any }} }}",
    "has two ranges": "{ ?name rdfs:range ?one, ?other FILTER(?one != ?other) }",
    "is a class without a capital": f"{{ ?name a owl:Class . {_OWN} FILTER(!REGEX(STR(?name), '[#/][A-Z]\\\\w*$')) }}",
    "is a property with a capital": f"{{ {_PROPERTY} {_OWN} FILTER(REGEX(STR(?name), '[#/][A-Z]\\\\w*$')) }}",
    "is a class and a property": f"{{ {_PROPERTY} ?name a owl:Class }}",
    "is a term of others with a definition of ours":
        f"{{ {_SPACE} . ?name skos:definition ?any FILTER(!STRSTARTS(STR(?name), STR(?space))) }}",
    "is deprecated without a successor":
        "{ ?name owl:deprecated true MINUS { ?name dcterms:isReplacedBy ?any } }",
    "is a concept without a scheme": "{ ?name a skos:Concept MINUS { ?name skos:inScheme ?any } }",
    "has a broader concept as a related one": "{ ?name skos:broader ?any ; skos:related ?any }",
}  # fmt: skip


def check_pitfalls(deposit: Deposit) -> Iterator[str]:
    """Yield the terms of the ontology with one of the pitfalls."""
    store = scratch_store(triples_of(deposit, "ontology.ttl"))
    yield from [] if len(store) else ["ontology.ttl has no triples."]
    for fault, pattern in PITFALLS.items():
        found = store.query(f"CONSTRUCT {{ ?name a ?name }} WHERE {pattern}", prefixes=PREFIXES)
        yield from sorted(f"{str(triple)[1:].partition('>')[0]} {fault}." for triple in cast("ox.QueryTriples", found))
    above = TopologicalSorter[str]()
    for quad in store:
        if quad.predicate.value.endswith(("#subClassOf", "#subPropertyOf", "#broader")):
            above.add(str(quad.subject), str(quad.object))
    with suppress(CycleError):
        above.prepare()
        return
    yield "A class, property or concept is above itself."


def check_forms(deposit: Deposit) -> Iterator[str]:
    """Yield the metadata that the ontology lacks, and each form that has other triples than the Turtle file."""
    triples = {quad.triple for quad in triples_of(deposit, "ontology.ttl")}
    heads = {one.subject for one in triples if getattr(one.object, "value", "") == f"{_OWL}Ontology"}
    stated = {re.split("[#/]", one.predicate.value)[-1] for one in triples if one.subject in heads}
    yield from (f"ontology.ttl does not state its {name}." for name in _NEEDED if name not in stated)
    for name, form in FORMS.items():
        quads = limited(ox.parse(path=deposit.path(name), format=form), name, TEXT)
        if {quad.triple for quad in quads} != triples:
            yield f"{name} has other triples than ontology.ttl."


def check_page(deposit: Deposit) -> Iterator[str]:
    """Yield each class and property that the page lacks.

    Raises:
        UntriedError: There is no page.
    """
    if PAGE not in deposit.files:
        raise UntriedError(
            f"{PAGE} is missing: make tools, then graphkit release --pylode build/tools/pylode/bin/pylode"
        )
    text = deposit.text(PAGE)
    if not text:
        yield f"{PAGE} is empty."
    if _LOADS.search(text):
        yield f"{PAGE} loads something from elsewhere."
    body = text.partition("<body")[2]
    kinds = (quad for quad in triples_of(deposit, "ontology.ttl") if getattr(quad.object, "value", "") in _SHOWN)
    names = {getattr(quad.subject, "value", "") for quad in kinds}
    yield from (f"{PAGE} lacks {name}." for name in sorted(names) if f">{name}<" not in body)
