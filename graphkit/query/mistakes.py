"""Patterns and conditions that are valid SPARQL and cannot match in a graph of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphkit.model.did_you_mean import nearest, with_near
from graphkit.model.iris import PREFIXES, shorten
from graphkit.model.text import shortened
from graphkit.query.absences import absences, labels_in_any_case
from graphkit.query.facts import named
from graphkit.query.mismatches import mismatch
from graphkit.query.patterns import Asked, is_look_up, read_query_parts
from graphkit.query.propositions import unasserted
from graphkit.query.triples import LITERALS, NO_WORD, Comparison, Pattern, short_literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphkit.query.facts import Facts
    from graphkit.store import QueryDataset

_LONGEST = 90
_LABEL = PREFIXES["rdfs"] + "label"
# Namespaces whose terms a graph of ours may lack: a query with one of them finds nothing.
_VOCABULARIES = tuple(
    PREFIXES[name] for name in ("dcterms", "foaf", "org", "owl", "prov", "rdfs", "schema", "skos", "sp")
)
# Properties with which other graphs name things.
_NAMES = frozenset(
    PREFIXES[space] + name
    for space, name in (("foaf", "name"), ("schema", "name"), ("dcterms", "title"), ("skos", "prefLabel"))
)


def mistakes(
    graph: Facts,
    text: str,
    given: Collection[str] = (),
    dataset: QueryDataset | None = None,
    *,
    empty: bool | None = False,
) -> list[str]:
    """Say why parts of a query that are valid SPARQL find nothing.

    Args:
        given: Variables that get their values from outside.
        dataset: The graphs that the request names.
        empty: Whether the answer is empty; None if its reason is known.
    """
    if not empty and is_look_up(text):
        return []
    asked = read_query_parts(text)
    found = list(dict.fromkeys(_mistakes(graph, asked, given)))
    if found or empty is None or not (empty or _counts(asked)):
        return found
    return list(dict.fromkeys(absences(graph, asked, dataset, empty=empty)))


def _counts(asked: Asked) -> bool:
    """Return whether a query counts what it finds, so that it has a row also if it finds nothing."""
    words = {word.text.lower() for word in asked.words if word.kind == "keyword"}
    return "count" in words and "group" not in words


def _mistakes(graph: Facts, asked: Asked, given: Collection[str]) -> Iterator[str]:
    yield from _other_namespaces(asked)
    for pattern in asked.patterns:
        yield from _of_pattern(graph, pattern)
    yield from _of_conditions(graph, asked)
    bound = sorted({word.text[1:] for word in asked.words if word.kind == "variable"} - {*asked.unbound})
    for name in asked.unbound:
        if name not in given:
            message = f"?{shortened(name, _LONGEST)} has no value: no pattern of the query contains it."
            yield with_near(message, [f"?{near}" for near in nearest(name, bound)[:1]])


def _other_namespaces(asked: Asked) -> Iterator[str]:
    for prefix, space in asked.declared.items():
        ours = next(
            (known for known in (PREFIXES.get(prefix, ""), *PREFIXES.values()) if _bare(space) == _bare(known)), space
        )
        if space != ours:
            yield f"The query declares {prefix}: as <{shortened(space, _LONGEST)}>; in this graph it is <{ours}>."


def _bare(space: str) -> str:
    return space.partition("://")[2].rstrip("/#")


def _of_pattern(graph: Facts, pattern: Pattern) -> Iterator[str]:
    name, value = pattern.predicate.name, pattern.object
    if not name or pattern.predicate.text == "a":
        return
    if not graph.is_used(name):
        yield from _unused(graph, pattern)
    elif value.kind in LITERALS:
        yield from _no_value(graph, name, Comparison("", "=", value))
    elif value.name.startswith(PREFIXES["sp"]) and not graph.is_listed(name, value.name):
        yield with_near(f"{shorten(name)} never leads to {shorten(value.name)}.", graph.listed(name, value.name)[:3])


def _unused(graph: Facts, pattern: Pattern) -> Iterator[str]:
    name = pattern.predicate.name
    short = shortened(shorten(name), _LONGEST)
    if graph.is_a(name, "sp:Stance"):
        yield f"{short} is a stance, not a property: write ?statement sp:stance {short}."
    elif graph.is_a(name, "owl:Class"):
        yield f"{short} is a class, not a property: write ?thing a {short}."
    elif pattern.required and (message := unasserted(graph, pattern)):
        yield message
    elif pattern.required and _is_known(graph, name):
        hint = " Names of things are in rdfs:label." if name in _NAMES else ""
        yield f"No triple of the graph has the property {short}.{hint}"


def _is_known(graph: Facts, name: str) -> bool:
    """Return whether a property is of a vocabulary that graphs have, and defined if it is ours."""
    is_ours = name.startswith(PREFIXES["sp"])
    return name.startswith(_VOCABULARIES) and (not is_ours or graph.is_described(name))


def _no_value(graph: Facts, name: str, compared: Comparison) -> Iterator[str]:
    """Say why a property cannot have a value of a type."""
    value = compared.value
    short, shown = shortened(shorten(name), _LONGEST), shortened(short_literal(value.text), _LONGEST)
    if name == _LABEL and value.kind == "string" and not graph.holds(Pattern(NO_WORD, named(_LABEL), value)):
        label = next(labels_in_any_case(graph, value.text[1:-1]), f"{shown}@en")
        yield f"No label is {shown} without a language; labels are written as {label}."
    elif graph.leads_to_things(name):
        instead = "give the id of a thing (id:…), or compare its rdfs:label"
        yield f"{short} never leads to a text such as {shown}: {instead}."
    elif message := mismatch(graph, name, compared):
        yield message


def _of_conditions(graph: Facts, asked: Asked) -> Iterator[str]:
    leading = {
        pattern.object.text[1:]: pattern.predicate.name
        for pattern in asked.patterns
        if pattern.object.kind == "variable" and pattern.predicate.name
    }
    things = {pattern.subject.text[1:] for pattern in asked.patterns if pattern.subject.kind == "variable"}
    for compared in asked.comparisons:
        if compared.variable[1:] in leading:
            yield from _no_value(graph, leading[compared.variable[1:]], compared)
    for function, variable in asked.calls:
        if variable in things or (variable in leading and graph.leads_to_things(leading[variable])):
            yield f"?{variable} is a thing, not a text: write {function}(STR(?{variable}) …), or use its rdfs:label."
