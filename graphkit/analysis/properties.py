"""What networks are made of, read at once and joined here: the engine takes five times as long to join it.

From a build on this machine the lines of the graph itself are read, from an endpoint one property after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from graphkit.model.iris import POLICIES, PREFIXES, expand, graph_iri
from graphkit.store import Store, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Triple = tuple[str, str, str]
T = TypeVar("T")

# What a subject has one of at most, and what it may have several of.
_ONE = (
    "sp:subject", "sp:relation", "sp:object", "sp:scope", "sp:polarity", "sp:speaker", "sp:stance", "sp:gist",
    "sp:source", "sp:publicity", "sp:proposition", "sp:evidence", "sp:saidDate", "sp:saidLatest", "sp:hedge",
    "sp:position", "sp:starts", "sp:ends", "sp:startPosition", "sp:evidenceStatus", "sp:passageLink", "rdfs:label",
    "dcterms:title",
)  # fmt: skip
_MANY = ("sp:toldIn", "sp:evaluates", "sp:voice", "sp:relay", "sp:relayedBy", "skos:altLabel")

_CLASS = "rdf:type"
# Of all that has a class only these are drawn, and not each server gives as many rows as there are.
_CLASSES = "SELECT ?s ?o WHERE { { ?s a sp:Entity } UNION { ?s a sp:Proposition } ?s a ?o }"
_DRAWN = tuple(f"<{PREFIXES[name]}".encode() for name in ("id", "source", "proposition"))
_FLAT = f" <{graph_iri('flat/')}".encode()
_PLAIN = "SELECT ?s ?p ?o WHERE { GRAPH <%s> { ?s ?p ?o } FILTER(isIRI(?o)) }"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a graph says, by property.

    Attributes:
        values: Property (as a CURIE) to subject to its value as text; the first if there are several.
        lists: Property to subject to its values, sorted.
        plain: Policy to the triples between two things that are plain under it.
    """

    # Two mappings: lists for all would be a million objects, which the garbage collector looks at again and again.
    values: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, Mapping[str, list[str]]]
    plain: Mapping[str, set[Triple]]

    def all(self, subject: str, name: str) -> list[str]:
        """Return the values of a property that a subject may have several of."""
        return self.lists[name].get(subject, [])

    def one(self, subject: str, name: str) -> str:
        """Return the value of a property that it has one of at most, "" without it."""
        return self.values[name].get(subject, "")


def read_facts(store: Store) -> Facts:
    """Read what networks are made of."""
    lines = store.lines()
    if lines is None:
        return _ask(store)
    with lines:
        return _scan(lines)


def _ask(store: Store) -> Facts:
    """Read from an engine."""
    values: dict[str, dict[str, str]] = {name: {} for name in _ONE}
    for name, one in values.items():
        for subject, value in _pairs(store, f"SELECT ?s ?o WHERE {{ ?s {name} ?o }}"):
            one.setdefault(subject, value)
    lists: dict[str, dict[str, list[str]]] = {name: {} for name in (*_MANY, _CLASS)}
    for name, found in lists.items():
        query = _CLASSES if name == _CLASS else f"SELECT ?s ?o WHERE {{ ?s {name} ?o }}"
        for subject, value in _pairs(store, query):
            found.setdefault(subject, []).append(value)
    plain = {name: texts(store, _PLAIN % graph_iri(f"flat/{name}"), "s", "p", "o") for name in POLICIES}
    return Facts(values, lists, {name: {(s, p, o) for s, p, o in rows} for name, rows in plain.items()})


def _pairs(store: Store, query: str) -> list[tuple[str, ...]]:
    return sorted(set(texts(store, query, "s", "o")))


def _scan(lines: Iterable[bytes]) -> Facts:
    """Read lines of N-Quads, sorted: those of one subject stand together."""
    values: dict[str, dict[str, str]] = {name: {} for name in _ONE}
    lists: dict[str, dict[str, list[str]]] = {name: {} for name in (*_MANY, _CLASS)}
    plain: dict[str, set[Triple]] = {name: set() for name in POLICIES}
    single, several = _by_term(values), _by_term(lists)
    kind, last, name = f"<{expand(_CLASS)}>".encode(), b"", ""
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        if subject != last:
            last, name = subject, _iri(subject)
        if predicate in single:
            single[predicate].setdefault(name, _value(rest, line))
        elif predicate in several:
            if predicate != kind or subject.startswith(_DRAWN):
                several[predicate].setdefault(name, []).append(_value(rest, line))
        elif _FLAT in rest and rest.startswith(b"<"):
            policy = rest[rest.rindex(_FLAT) + len(_FLAT) : rest.rindex(b">")].decode()
            plain[policy].add((name, _iri(predicate), _iri(rest)))
    for found in lists.values():
        for subject_name, given in found.items():
            found[subject_name] = sorted(set(given))  # several graphs may say the same
    return Facts(values, lists, plain)


def _by_term(found: Mapping[str, T]) -> dict[bytes, T]:
    return {f"<{expand(name)}>".encode(): one for name, one in found.items()}


def _iri(term: bytes) -> str:
    return term[1 : term.index(b">")].decode() if term.startswith(b"<") else term.partition(b" ")[0].decode()


def _value(rest: bytes, line: bytes) -> str:
    """Return the object of a line: neither a datatype nor the name of a graph holds a quotation mark."""
    if not rest.startswith(b'"'):
        return _iri(rest)
    text = rest[1 : rest.rindex(b'"')]
    if b"\\" in text:
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
        return str(getattr(quad.object, "value", ""))
    return text.decode()
