"""Row 4: the ontology has the metadata that its users need, is the same in each form, and has a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from graphkit.release.ontology import FORMS, PAGE
from graphkit.release.verify.deposit import Deposit, UntriedError
from graphkit.release.verify.graphs import triples_of

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


def check_forms(deposit: Deposit) -> Iterator[str]:
    """Yield the metadata that the ontology lacks, and each form that has other triples than the Turtle file."""
    triples = {quad.triple for quad in triples_of(deposit, "ontology.ttl")}
    heads = {one.subject for one in triples if getattr(one.object, "value", "") == f"{_OWL}Ontology"}
    stated = {re.split("[#/]", one.predicate.value)[-1] for one in triples if one.subject in heads}
    yield from (f"ontology.ttl does not state its {name}." for name in _NEEDED if name not in stated)
    for name, form in FORMS.items():
        if {quad.triple for quad in ox.parse(path=deposit.path(name), format=form)} != triples:
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
