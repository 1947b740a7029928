"""Properties of the things in a graph, from which statements, disputes, networks and pages are made.

The lines of a build on this machine are read in one pass, because joins in the engine take five times as long. An
endpoint is queried for one property after the other, or only for a few things and the things linked to them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile
from operator import methodcaller
from typing import Any, BinaryIO

import pyoxigraph as ox

from graphkit.model.iris import BASE, POLICIES, PREFIXES, SP, expand, graph_iri, iri, shorten
from graphkit.store import Store, text_of, texts

Triple = tuple[str, str, str]
# Most subjects have one value: a list for each would be a million objects for the garbage collector to visit.
Values = dict[str, str | list[str]]

# The properties that statements, disputes and networks need.
OF_NETWORKS = (
    "sp:subject", "sp:relation", "sp:object", "sp:narrowing", "sp:scope", "sp:polarity", "sp:speaker", "sp:stance",
    "sp:gist", "sp:plannedSentence",
    "sp:source", "sp:publicity", "sp:proposition", "sp:evidence", "sp:saidDate", "sp:saidLatest", "sp:hedge",
    "sp:certainty", "sp:basis", "sp:corrects", "sp:reason",
    "sp:position", "sp:starts", "sp:ends", "sp:startPosition", "sp:evidenceStatus", "sp:passageLink", "rdfs:label",
    "dcterms:title", "prov:wasDerivedFrom", "sp:toldIn", "sp:performedIn", "sp:criticises", "sp:amount", "sp:voice",
    "sp:relay", "sp:relayedBy", "skos:altLabel", "sp:kind",
    "sp:rule", "sp:party", "sp:about", "sp:disagreement", "sp:affirmedBy", "sp:deniedBy", "skos:definition",
    "owl:versionInfo", "dcterms:license", "dcterms:issued", "rdf:type",
)  # fmt: skip
# Networks need the classes of nodes only, and some endpoints limit the number of rows.
_CLASSES = "SELECT ?s ?o WHERE { { ?s a sp:Entity } UNION { ?s a sp:Proposition } ?s a ?o }"
_TYPE = f"<{expand('rdf:type')}>".encode()
_NODES = tuple(f"<{PREFIXES[name]}".encode() for name in ("id", "source", "proposition"))

# The named graphs of plain triples. These triples are claims, not properties: a page must name their speakers.
_FLAT = {f"<{graph_iri('flat/')}{policy}>".encode(): policy for policy in POLICIES}
_PLAIN = "SELECT ?s ?p ?o WHERE { GRAPH <%s> { ?s ?p ?o } FILTER(isIRI(?o)) }"
_NOTHING: Values = {}


@dataclass(frozen=True, slots=True)
class Properties:
    """Properties of things.

    Attributes:
        values: Property, as a CURIE, to subject to its value, written as in N-Triples; to a sorted list of several.
        plain: Policy to the triples between two things that are plain under it, of the things that were read.
    """

    values: Mapping[str, Values]
    plain: Mapping[str, set[Triple]] = field(default_factory=dict)

    def __contains__(self, subject: str) -> bool:
        return any(subject in found for found in self.values.values())

    def subjects(self, name: str) -> KeysView[str]:
        """Return the things that have a property."""
        return self.values.get(name, {}).keys()

    def terms(self, subject: str, name: str) -> list[str]:
        """Return the values of a property, written as in N-Triples."""
        found = self.values.get(name, {}).get(subject, [])
        return [found] if isinstance(found, str) else found

    def all(self, subject: str, name: str) -> list[str]:
        """Return the values of a property as text."""
        return [text_of(term) for term in self.terms(subject, name)]

    def one(self, subject: str, name: str) -> str:
        """Return the first value of a property as text, "" if there is none."""
        return _first(self.values.get(name, _NOTHING).get(subject))

    def things(self, name: str) -> set[str]:
        """Return the things to which a property leads."""
        found = self.values.get(name, _NOTHING).values()
        terms = (term for some in found for term in ([some] if isinstance(some, str) else some))
        return {term[1:-1] for term in terms if term[0] == "<"}

    def column(self, name: str, subjects: Iterable[str]) -> list[str]:
        """Return the first value of a property of each of some things as text, "" for those without one."""
        terms = map(self.values.get(name, _NOTHING).get, subjects)
        return [term[1:-1] if term.__class__ is str and term[0] == "<" else _first(term) for term in terms]

    def record(self, subject: str) -> dict[str, list[str]]:
        """Return all properties of a thing, sorted by name, with their values as in N-Triples."""
        return {name: self.terms(subject, name) for name in sorted(self.values) if subject in self.values[name]}

    def label(self, subject: str) -> str:
        """Return the label of a thing: its own, its gist or its CURIE."""
        return self.one(subject, "rdfs:label") or self.one(subject, "sp:gist") or shorten(subject)


class _Layered(dict[str, "str | list[str]"]):
    """The values of a property in a layer, and behind them those of other layers; its keys are those of the layer."""

    def __init__(self, values: Values, behind: Values) -> None:
        super().__init__(values)
        self.behind: Values = _Layered(values.behind, behind) if isinstance(values, _Layered) else behind

    # As of a dictionary, but two lookups cost half as much as those of `collections.ChainMap`.
    def get(self, subject: str, default: Any = None) -> Any:  # noqa: ANN401 - as of a dictionary
        found = super().get(subject)
        return self.behind.get(subject, default) if found is None else found


def layered(first: Properties, behind: Properties) -> Properties:
    """Return the properties of some things, and behind them those of other things.

    Only `terms`, `all`, `one` and `label` see the things behind.
    """
    both = {
        name: _Layered(values, behind.values[name]) if name in behind.values else values
        for name, values in first.values.items()
    }
    return Properties({**behind.values, **both})


def _first(found: str | list[str] | None) -> str:
    if not found:
        return ""
    term = found if isinstance(found, str) else found[0]
    return term[1:-1] if term[0] == "<" else text_of(term)


def language_of(terms: Iterable[str]) -> str:
    """Return the language of the first text that has one; "" if none has.

    >>> language_of(['"2019"', '"Trust"@en'])
    'en'
    """
    return next((term.rpartition("@")[2] for term in terms if term[0] == '"' and term[-1] not in '">'), "")


def read_properties(store: Store, names: Iterable[str] = OF_NETWORKS, policies: Sequence[str] = POLICIES) -> Properties:
    """Read properties of the whole graph: by default those that statements, disputes and networks need."""
    lines, names = store.lines(), dict.fromkeys(names)
    if lines is None:
        return _ask(store, names, policies)
    with lines:
        return scan(lines, names, policies)


def has_lines(store: Store) -> bool:
    """Return whether the store has the lines of the graph, so that reading all of them is fast."""
    lines = store.lines()
    if lines:
        lines.close()
    return bool(lines)


def read_everything(store: Store) -> Properties:
    """Read all properties of all things."""
    lines = store.lines()
    if lines is None:
        return scan(f"{line} .\n".encode() for line in sorted(map(str, store.quads())))
    with lines:
        return scan(lines)


def scan(lines: Iterable[bytes], names: Iterable[str] = (), policies: Sequence[str] = POLICIES) -> Properties:
    """Read sorted lines of N-Quads.

    Args:
        names: The properties to read, as CURIEs, and the classes of nodes only; everything by default.
        policies: The policies whose plain triples to read.
    """
    found: dict[bytes, Values] = {iri(expand(name)).encode(): {} for name in names}
    plain: dict[str, set[Triple]] = {name: set() for name in policies}
    ends = tuple(graph + b" .\n" for graph, policy in _FLAT.items() if policy in policies)
    shared: dict[bytes, str] = {}  # a million statements have the same speakers and stances
    chosen, last, name = bool(found), b"", ""
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        values = found.get(predicate)
        if chosen and (
            not rest.endswith(ends) if values is None else predicate == _TYPE and not subject.startswith(_NODES)
        ):
            continue
        if subject != last:
            last, name = subject, subject.decode().strip("<>")
        value, graph, _ = rest.rsplit(b" ", 2)
        if policy := _FLAT.get(graph):
            if policy in plain and value.startswith(b"<"):
                plain[policy].add((name, predicate[1:-1].decode(), value[1:-1].decode()))
        elif values is not None:
            term = shared.get(value) or value.decode()
            if value.startswith(b"<"):
                shared[value] = term
            if (known := values.setdefault(name, term)) is not term:
                values[name] = _joined(known, term)
        elif not chosen:
            found[predicate] = {name: value.decode()}
    return Properties({_curie(name[1:-1].decode()): values for name, values in found.items() if values}, plain)


def in_flat_graph(line: bytes) -> bool:
    """Return whether a line of N-Quads is in a graph of plain triples."""
    return line.rsplit(b" ", 2)[1] in _FLAT


def _add(values: Values, subject: str, term: str) -> None:
    values[subject] = _joined(values[subject], term) if subject in values else term


def _joined(known: str | list[str], term: str) -> str | list[str]:
    # Several graphs may contain the same triple; their lines are neighbours.
    several = known if isinstance(known, list) else [known]
    return known if several[-1] == term else [*several, term]


@cache
def _curie(predicate: str) -> str:
    return shorten(predicate)


def full(curie: str) -> str:
    """Return the IRI of a property."""
    prefix, colon, local = curie.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else curie


def _ask(store: Store, names: Iterable[str], policies: Sequence[str]) -> Properties:
    values: dict[str, Values] = {}
    for name in names:
        query = _CLASSES if name == "rdf:type" else f"SELECT ?s ?o WHERE {{ ?s {name} ?o }}"
        pairs = sorted({(text_of(str(row[0])), str(row[1])) for row in store.query(query)})  # type: ignore[union-attr]
        for subject, term in pairs:
            _add(values.setdefault(name, {}), subject, term)
    plain = {name: texts(store, _PLAIN % graph_iri(f"flat/{name}"), "s", "p", "o") for name in policies}
    return Properties(values, {name: {(s, p, o) for s, p, o in rows} for name, rows in plain.items()})


_PART = 2_000
# Bytes: of lines that are read one by one, and first step of a search for the next thing of a sorted list.
_NEAR, _STEP = 4_096, 1 << 16
# More than there are graphs of plain triples, which are no properties.
_REPEATS = 2 * len(POLICIES)
# It comes after every character of a name.
AFTER = b"\xff"
_QUERY = "SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {0} }} ?s ?p ?o }}"
# Only entities have plain triples; finding the graph of a triple costs as much as reading it.
_QUERY_ENTITIES = "SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {0} }} GRAPH ?g {{ ?s ?p ?o }} }}"
# The properties by which a dispute or a statement leads to the things that its readers need.
FROM_STATEMENTS = frozenset(
    (
        "sp:speaker", "sp:voice", "sp:proposition", "sp:source", "sp:evidence", "sp:relay", "sp:relayedBy", "sp:kind",
        "sp:rule", "sp:party", "sp:affirmedBy", "sp:deniedBy", "sp:disagreement", "prov:wasDerivedFrom",
    )
)  # fmt: skip
# What is followed from an entity, source or term outside the given things: citations name publisher and original.
_FROM_LEAVES = {"dcterms:publisher", "prov:wasDerivedFrom"}
_LEAVES = (PREFIXES["id"], PREFIXES["source"], SP)


def read_linked(store: Store, things: Iterable[str], followed: frozenset[str] = FROM_STATEMENTS) -> Properties:
    """Read all properties of some things, and of the things to which their properties lead.

    Args:
        followed: The properties to follow; from an entity, source or term, only if it is in `things`.
    """
    roots, done = set(things), set[str]()
    whole = Properties({}, {name: set() for name in POLICIES})
    wanted = roots
    while wanted:
        found = _read(store, wanted)
        whole = joined(whole, found)
        done |= wanted
        wanted = {end for name in followed for end in _ends(found, name, roots)} - done
    return whole


def joined(one: Properties, other: Properties) -> Properties:
    """Return the properties of some things and of others."""
    names = dict.fromkeys((*one.values, *other.values))
    return Properties(
        {name: {**one.values.get(name, _NOTHING), **other.values.get(name, _NOTHING)} for name in names},
        {policy: one.plain.get(policy, set()) | other.plain.get(policy, set()) for policy in POLICIES},
    )


def _ends(found: Properties, name: str, roots: set[str]) -> Iterator[str]:
    """Yield the things of ours to which a property leads, from those things from which it is followed."""
    for subject in found.subjects(name):
        if name in _FROM_LEAVES or subject in roots or not _is_leaf(subject):
            yield from (term[1:-1] for term in found.terms(subject, name) if term.startswith(f"<{BASE}"))


def _read(store: Store, names: set[str]) -> Properties:
    """Read all properties of some things: the lines of a build are found eight times as fast as in its index."""
    lines = store.lines()
    if lines is None:
        return _look_up(store, names)
    with lines:
        return scan(_about(lines, names))


def _about(lines: BinaryIO, names: Iterable[str]) -> Iterator[bytes]:
    """Yield the lines about some things; of those with the same triple the first ones, since thousands may have it."""
    at = 0
    for subject in sorted(f"{iri(name)} ".encode() for name in names):
        lines.seek(at := first_line(lines, subject, at))
        last, times = b"", 0
        for line in takewhile(methodcaller("startswith", subject), lines):
            yield line
            triple = line[: line.rindex(b" <") + 1]
            last, times = triple, times + 1 if triple == last else 0
            if times > _REPEATS:
                lines.seek(first_line(lines, triple + AFTER, lines.tell()))


def first_line(lines: BinaryIO, start: bytes, low: int = 0) -> int:
    """Return the offset of the first line that is not before some bytes, by bisection; the lines are sorted.

    Args:
        low: Where a line begins before which it is not; it is looked for near this first.
    """
    high, step = (sys.maxsize, _STEP) if low else (lines.seek(0, os.SEEK_END), sys.maxsize)
    while high - low > _NEAR:
        lines.seek(middle := min((low + high) // 2, low + step))
        rest, line = lines.readline(), lines.readline()
        if line and line < start:
            low, step = middle + len(rest) + len(line), 2 * step
        else:
            high = middle
    lines.seek(low)
    return low + sum(map(len, takewhile(start.__gt__, lines)))


def _look_up(store: Store, names: set[str]) -> Properties:
    entities = {name for name in names if name.startswith(PREFIXES["id"])}
    found: set[Triple] = set()
    plain: dict[str, set[Triple]] = {name: set() for name in POLICIES}
    for query, some in ((_QUERY_ENTITIES, sorted(entities)), (_QUERY, sorted(names - entities))):
        for start in range(0, len(some), _PART):
            for row in store.query(query.format(" ".join(map(iri, some[start : start + _PART])))):  # type: ignore[union-attr]
                subject, name, term, *graphs = row
                policy = _FLAT.get(str(graphs[0]).encode()) if graphs else None
                if policy is None:
                    found.add((subject.value, _curie(name.value), str(term)))
                elif isinstance(term, ox.NamedNode):
                    plain[policy].add((subject.value, name.value, term.value))
    values: dict[str, Values] = {}
    for subject, name, term in sorted(found):
        _add(values.setdefault(name, {}), subject, term)
    return Properties(values, plain)


def _is_leaf(name: str) -> bool:
    return any(name.startswith(space) and "/" not in name[len(space) :] for space in _LEAVES)
