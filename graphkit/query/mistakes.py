"""Patterns and conditions that are valid SPARQL and cannot match in a graph of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphkit.model.did_you_mean import nearest, with_near
from graphkit.model.iris import PREFIXES, iri, shorten
from graphkit.model.text import shortened
from graphkit.query.absences import absences
from graphkit.query.names import name_index
from graphkit.query.patterns import Asked, is_look_up, read_query_parts
from graphkit.query.triples import Pattern, Word
from graphkit.store import texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from graphkit.store import QueryDataset, Store

_LONGEST = 90
_LABEL = PREFIXES["rdfs"] + "label"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
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
    store: Store,
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
    found = list(dict.fromkeys(_mistakes(store, asked, given)))
    if found or empty is None or not (empty or _counts(asked)):
        return found
    return list(dict.fromkeys(absences(store, asked, dataset, empty=empty)))


def _counts(asked: Asked) -> bool:
    """Return whether a query counts what it finds, so that it has a row also if it finds nothing."""
    words = {word.text.lower() for word in asked.words if word.kind == "keyword"}
    return "count" in words and "group" not in words


def _mistakes(store: Store, asked: Asked, given: Collection[str]) -> Iterator[str]:
    yield from _other_namespaces(asked)
    kinds = _Kinds(store)
    for pattern in asked.patterns:
        yield from _of_pattern(kinds, pattern)
    yield from _of_conditions(kinds, asked)
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


class _Kinds:
    """Answers questions about the terms of a graph, each of them once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, bool] = {}

    def holds(self, pattern: str) -> bool:
        """Return whether a pattern with the variable ?x occurs."""
        if pattern not in self._known:
            self._known[pattern] = next(texts(self._store, f"SELECT ?x {{ {pattern} }} LIMIT 1", "x"), None) is not None
        return self._known[pattern]

    def is_a(self, name: str, kind: str) -> bool:
        return self.holds(f"VALUES ?x {{ {iri(name)} }} ?x a {kind}")

    def is_used(self, name: str) -> bool:
        return self.holds(f"?x {iri(name)} ?y")

    def leads_to_things(self, name: str) -> bool:
        return self.is_a(name, "owl:ObjectProperty")

    def leads_to_days(self, name: str) -> bool:
        return self.holds(f"{iri(name)} rdfs:range ?x FILTER(?x = xsd:date)")

    def is_listed(self, name: str, value: str) -> bool:
        """Return whether a term is one of the closed list to which a property leads, or there is no such list."""
        closed = f"{iri(name)} rdfs:range ?x . ?one a ?x ; skos:inScheme ?list"
        return not self.holds(f"{closed} FILTER NOT EXISTS {{ {iri(value)} a ?x }}")

    def listed(self, name: str, value: str) -> list[str]:
        """Return the terms of that list that are spelled like another term."""
        near = name_index(self._store, "sp").near(value.removeprefix(PREFIXES["sp"]))
        return [shorten(other) for other in near if self.is_listed(name, other)]


def _of_pattern(kinds: _Kinds, pattern: Pattern) -> Iterator[str]:
    name, value = pattern.predicate.name, pattern.object
    if not name or pattern.predicate.text == "a":
        return
    if not kinds.is_used(name):
        yield from _unused(kinds, pattern)
    elif value.kind in {"string", "number"}:
        yield from _no_value(kinds, name, value)
    elif value.name.startswith(PREFIXES["sp"]) and not kinds.is_listed(name, value.name):
        yield with_near(f"{shorten(name)} never leads to {shorten(value.name)}.", kinds.listed(name, value.name)[:3])


def _unused(kinds: _Kinds, pattern: Pattern) -> Iterator[str]:
    name = pattern.predicate.name
    short = shortened(shorten(name), _LONGEST)
    if kinds.is_a(name, "sp:Stance"):
        yield f"{short} is a stance, not a property: write ?statement sp:stance {short}."
    elif kinds.is_a(name, "owl:Class"):
        yield f"{short} is a class, not a property: write ?thing a {short}."
    elif pattern.required and _is_known(kinds, name):
        hint = " Names of things are in rdfs:label." if name in _NAMES else ""
        yield f"No triple of the graph has the property {short}.{hint}"


def _is_known(kinds: _Kinds, name: str) -> bool:
    """Return whether a property is of a vocabulary that graphs have, and defined if it is ours."""
    is_ours = name.startswith(PREFIXES["sp"])
    return name.startswith(_VOCABULARIES) and (not is_ours or kinds.holds(f"{iri(name)} ?p ?x"))


def _no_value(kinds: _Kinds, name: str, value: Word) -> Iterator[str]:
    """Say why a property cannot have a value without a language and a datatype."""
    short, shown = shortened(shorten(name), _LONGEST), shortened(value.text, _LONGEST)
    if name == _LABEL and not kinds.holds(f"?x rdfs:label {value.text}"):
        yield f"No label is {shown} without a language; labels are written as {shown}@en."
    elif kinds.leads_to_things(name):
        instead = "give the id of a thing (id:…), or compare its rdfs:label"
        yield f"{short} never leads to a text such as {shown}: {instead}."
    elif kinds.leads_to_days(name):
        day = value.text if _DAY.fullmatch(value.text[1:-1]) else '"2020-12-31"'
        yield f"{short} leads to days, and {shown} is none: write {day}^^xsd:date."


def _of_conditions(kinds: _Kinds, asked: Asked) -> Iterator[str]:
    leading = {
        pattern.object.text[1:]: pattern.predicate.name
        for pattern in asked.patterns
        if pattern.object.kind == "variable"
    }
    things = {pattern.subject.text[1:] for pattern in asked.patterns if pattern.subject.kind == "variable"}
    for variable, value in asked.comparisons:
        if variable in leading:
            yield from _no_value(kinds, leading[variable], value)
    for function, variable in asked.calls:
        if variable in things or (variable in leading and kinds.leads_to_things(leading[variable])):
            yield f"?{variable} is a thing, not a text: write {function}(STR(?{variable}) …), or use its rdfs:label."
