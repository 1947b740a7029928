"""Names that users type: the entities, sources and terms that they mean, and values of parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, SLUG, expand, iri, is_iri, literal, shorten
from graphkit.model.names import NameIndex, quoted, resolve
from graphkit.store import texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphkit.store import Store

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"-?\d+", re.ASCII)
# No IRI of a graph is longer.
_LONGEST = 2_000
# The namespaces whose things have names.
_SPACES = ("id", "source", "sp")

_THINGS = "SELECT ?thing ?name { ?thing a sp:Entity ; rdfs:label|skos:altLabel ?name }"
_TERMS = "SELECT ?thing ?name { GRAPH graph:ontology { ?thing rdfs:label ?name } }"
# The label and the most specific class of each thing.
_DESCRIBED = """
SELECT ?thing ?label ?kind {{
  VALUES ?thing {{ {0} }}
  ?thing rdfs:label ?label .
  OPTIONAL {{
    ?thing a ?class . ?class rdfs:label ?kind .
    FILTER NOT EXISTS {{ ?thing a ?below . ?below rdfs:subClassOf ?class }}
  }}
}}
"""
# The names in a build never change.
_INDEXES: WeakKeyDictionary[Store, dict[str, NameIndex]] = WeakKeyDictionary()


def name_index(store: Store, prefix: str) -> NameIndex:
    """Return the names of the entities (`id`), the sources (`source`) or the terms (`sp`) of a graph."""
    kept = _INDEXES.setdefault(store, {}) if getattr(store, "generation", None) else {}
    if prefix not in kept:
        kept.update(_terms(store) if prefix == "sp" else _things(store))
    return kept[prefix]


def _terms(store: Store) -> dict[str, NameIndex]:
    return {"sp": NameIndex(_with_ids(texts(store, _TERMS, "thing", "name"), PREFIXES["sp"]))}


def _things(store: Store) -> dict[str, NameIndex]:
    rows = list(texts(store, _THINGS, "thing", "name"))
    return {prefix: NameIndex(_with_ids(rows, PREFIXES[prefix])) for prefix in ("id", "source")}


def _with_ids(rows: Iterable[tuple[str, ...]], space: str) -> Iterator[tuple[str, str]]:
    """Yield the things in a namespace with each of their names and with their ids."""
    for thing, name in rows:
        if thing.startswith(space):
            yield thing, name
            yield thing, thing[len(space) :]


def find_thing(store: Store, text: str, *prefixes: str) -> str:
    """Return the IRI of the thing that a name means.

    Args:
        text: A label, an alias or an id, in any case, or the beginning of the name of one thing only.
        prefixes: The kinds of things, as in `name_index`, the preferred one first.

    Raises:
        AmbiguousNameError: Several things have the name.
        NotFoundError: None has it.
    """
    found = resolve(text, [name_index(store, prefix) for prefix in prefixes], lambda some: described(store, some))
    return current(store, found)


def described(store: Store, things: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the label, the kind and the id of each of some things, in their order."""
    rows: dict[str, tuple[str, str]] = {}
    query = _DESCRIBED.format(" ".join(map(iri, things)))
    for thing, label, kind in texts(store, query, "thing", "label", "kind") if things else ():
        rows[thing] = min(rows.get(thing, (label, kind)), (label, kind))
    for thing in things:
        label, kind = rows.get(thing, ("", ""))
        yield label, kind, shorten(thing).removeprefix("id:")


def current(store: Store, name: str) -> str:
    """Return the IRI of the entity that a name was merged into, or the name itself: merged names stay valid."""
    merged = texts(store, f"SELECT ?now {{ {iri(name)} dcterms:isReplacedBy ?now }}", "now")
    return next((row[0] for row in merged), name)


def near_things(store: Store, text: str, *prefixes: str) -> list[str]:
    """Return the IRIs of the things whose names are spelled like a text."""
    return [thing for prefix in prefixes for thing in name_index(store, prefix).near(text)]


def term(text: str, prefix: str, store: Store) -> str:
    """Turn text that a user typed into a term in N-Triples syntax.

    `met` and `id:met` are entities, and so is `Metropolitan Police`; `<…>` is an IRI, `"…"` text, `2019-06-01` a day,
    `15` a number.

    Args:
        prefix: The namespace of a name that has none, such as id.

    Raises:
        QueryError: It is none of these.
        AmbiguousNameError: Several things have that name.
        NotFoundError: The graph contains nothing with that name.
    """
    if text.startswith('"'):
        return literal(text[1:].removesuffix('"'))
    if _DAY.fullmatch(text):
        return literal(text, datatype=PREFIXES["xsd"] + "date")
    if _NUMBER.fullmatch(text):
        return literal(text, datatype=PREFIXES["xsd"] + "integer")
    return iri(thing(text, store, prefix))


def thing(text: str, store: Store, prefix: str = "id") -> str:
    """Return the IRI of a thing that a user typed: an id, a CURIE, an IRI, a label or an alias.

    Raises:
        QueryError: It is in angle brackets and no IRI.
        AmbiguousNameError: Several things have that name.
        NotFoundError: The graph contains nothing with that name.
    """
    typed = text.strip()
    full = typed[1:-1] if typed.startswith("<") else expand(typed if ":" in typed else f"{prefix}:{typed}")
    if is_iri(full) and len(full) <= _LONGEST:
        now = _known(store, full)
        if now:
            return now
    elif typed.startswith("<"):
        hint = 'Type a name, an id such as met, <an IRI>, "text", a day or a number.'
        raise QueryError(f"{quoted(text)} is not a valid term.", hint)
    space, _, name = shorten(full).partition(":")
    if ":" in typed and space in _SPACES:
        return find_thing(store, name, space)
    return find_thing(store, text, *(("sp",) if prefix == "sp" else ("id", "source")))


def completion(store: Store, text: str) -> list[str]:
    """Return the IRI of the entity or source with a name that a text begins; nothing if it is a whole name."""
    typed = text.strip()
    if not typed or typed[0] in '"<' or ":" in typed or _DAY.fullmatch(typed) or _NUMBER.fullmatch(typed):
        return []
    if SLUG.fullmatch(typed) and _known(store, PREFIXES["id"] + typed):
        return []
    indexes = [name_index(store, prefix) for prefix in ("id", "source")]
    if any(index.exact(typed) for index in indexes):
        return []
    return next(([*found] for index in indexes if len(found := index.beginning(typed)) == 1), [])


def _known(store: Store, full: str) -> str:
    """Return an IRI that the graph contains, or the one that replaced it; "" if it contains neither."""
    known = (
        f"{{ SELECT (1 AS ?known) {{ {{ {iri(full)} ?p ?o }} UNION {{ ?s ?p {iri(full)} }} }} LIMIT 1 }} "
        f"OPTIONAL {{ {iri(full)} dcterms:isReplacedBy ?now }}"
    )
    found = next(texts(store, f"SELECT ?now {{ {known} }}", "now"), None)
    return (found[0] or full) if found else ""
