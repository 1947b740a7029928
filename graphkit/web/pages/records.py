"""What the graph says of things, by subject: the one form from which every page is made.

Plain triples of the flat graphs are left out: they are somebody's claim, and a page always tells whose.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from graphkit.model.iris import BASE, PREFIXES, SP, graph_iri, iri, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphkit.store import Store

Node: TypeAlias = "ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple"
Record: TypeAlias = "Mapping[str, tuple[Node, ...]]"

_FLAT = graph_iri("flat/")
_PART = 2_000
_QUERY = "SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {0} }} ?s ?p ?o }}"
# Only entities have plain triples; to ask of each triple in which graph it is costs as much as to read it.
_QUERY_ENTITIES = """
SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {0} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(!STRSTARTS(STR(?g), "FLAT")) }}
""".replace("FLAT", _FLAT)

# From a statement to all that its reader needs; a thing that is only mentioned is read, but not followed.
_FOLLOWED = frozenset(
    (
        "sp:speaker", "sp:stance", "sp:proposition", "sp:source", "sp:publicity", "sp:evidence", "sp:relay",
        "sp:relayedBy", "sp:evidenceStatus", "sp:subject", "sp:relation", "sp:object", "sp:sourceKind",
        "dcterms:publisher", "dcterms:creator", "prov:wasDerivedFrom", "sp:kind", "sp:rule", "sp:party", "sp:about",
        "sp:affirmedBy", "sp:deniedBy", "sp:member", "skos:broader", "sp:speaksFor", "sp:issuedBy", "sp:jurisdiction",
        "skosxl:altLabel", "dcterms:source", "rdf:type", "oa:hasSource",
    )
)  # fmt: skip
# Who published a source is a part of how it is cited.
_MENTIONED = frozenset(("dcterms:publisher",))
_LEAVES = (PREFIXES["id"], PREFIXES["source"], SP)


def read_quads(quads: Iterable[ox.Quad]) -> dict[str, Record]:
    """Read what the graph says of everything, in one pass over its quads."""
    found: dict[str, dict[str, set[Node]]] = {}
    for quad in quads:
        if not str(getattr(quad.graph_name, "value", "")).startswith(_FLAT):
            name = getattr(quad.subject, "value", "")
            found.setdefault(name, {}).setdefault(_curie(quad.predicate.value), set()).add(quad.object)
    return {name: _sorted(record) for name, record in found.items()}


def read_around(store: Store, things: Iterable[str]) -> dict[str, Record]:
    """Read what the graph says of some things, and of all that a page about them names.

    Args:
        store: Where it is.
        things: IRIs.
    """
    roots = set(things)
    found: dict[str, Record] = {}
    wanted = set(roots)
    while wanted:
        new = _read(store, wanted)
        found |= {name: new.get(name, {}) for name in wanted}
        wanted = {
            term.value
            for name, record in new.items()
            for predicate in (_MENTIONED if _is_leaf(name) and name not in roots else _FOLLOWED) & record.keys()
            for term in record[predicate]
            if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)
        } - found.keys()
    return {name: record for name, record in found.items() if record}


def _read(store: Store, names: set[str]) -> dict[str, Record]:
    entities = {name for name in names if name.startswith(PREFIXES["id"])}
    found: dict[str, dict[str, set[Node]]] = {}
    for query, some in ((_QUERY_ENTITIES, sorted(entities)), (_QUERY, sorted(names - entities))):
        for start in range(0, len(some), _PART):
            for row in store.query(query.format(" ".join(map(iri, some[start : start + _PART])))):  # type: ignore[union-attr]
                subject, predicate, value = row
                record = found.setdefault(subject.value, {})
                record.setdefault(_curie(predicate.value), set()).add(value)
    return {name: _sorted(record) for name, record in found.items()}


def _is_leaf(name: str) -> bool:
    """Say whether a thing is only mentioned: an entity, a source or a word of the vocabulary."""
    return any(name.startswith(space) and "/" not in name[len(space) :] for space in _LEAVES)


def _sorted(record: Mapping[str, set[Node]]) -> Record:
    return {key: tuple(terms if len(terms) == 1 else sorted(terms, key=str)) for key, terms in sorted(record.items())}


@cache
def _curie(predicate: str) -> str:
    return shorten(predicate)


def full(curie: str) -> str:
    """Return the IRI of a predicate of a record."""
    prefix, colon, local = curie.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else curie


def words(record: Record | None, name: str) -> list[str]:
    """Return the values of a predicate as text."""
    return [str(getattr(term, "value", term)) for term in (record or {}).get(name, ())]


def word(record: Record | None, name: str) -> str:
    """Return the first value of a predicate as text, "" if there is none."""
    return next(iter(words(record, name)), "")
