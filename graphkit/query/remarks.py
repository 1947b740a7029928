"""Remarks on a query: a graph is closed, so a name that it does not contain is a mistake that would find nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from graphkit.model.iris import BASE, POLICIES, PREFIXES, expand, graph_iri, iri, shorten
from graphkit.model.text import shortened
from graphkit.query.names import completion, described, name_index
from graphkit.store import EmbeddedStore, texts
from graphkit.store.syntax import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphkit.query.questions import Question
    from graphkit.store import Store

_SPACES = ("sp", "id", "source", "statement", "proposition", "dispute", "graph", "flat", "rule")
_OURS = tuple(PREFIXES[name] for name in _SPACES)
# Everything that may be a name of ours, also in comments and texts: most queries need no closer look.
_NAME = re.compile(rf"\b(?:{'|'.join(_SPACES)}):[\w%\\:.-]+")
_BRACKETS = re.compile(r"(?:\bprefix\b[^<]*|\bbase\b[^<]*)?<(?![ =])[^<>\s\"{}|^`\\]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"prefix\s+(\w*):\s*<(\S*)>", re.IGNORECASE)
_HEAD = re.compile(r"(?:#[^\r\n]*|\s+)*")
_SCHEME = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")
# A build has these graphs only if they are not empty.
_GRAPHS = frozenset(
    map(
        graph_iri, ("ontology", "entities", "codebook", "coding", "derived", *(f"flat/{policy}" for policy in POLICIES))
    )
)
_KNOWN = """
SELECT ?name { VALUES ?name { NAMES } FILTER(
  EXISTS { ?name ?p ?o } || EXISTS { ?s ?name ?o } || EXISTS { ?s ?p ?name } || EXISTS { GRAPH ?name { ?s ?p ?o } }
) }
"""
# So that all remarks on a query fit into 2 KB.
_MOST, _LONGEST = 4, 90
_MOST_KEPT = 50_000
# IRIs that were found in a store; nothing is ever removed from one.
_KEPT: WeakKeyDictionary[EmbeddedStore, set[str]] = WeakKeyDictionary()


def remarks(store: Store, question: Question, given: Mapping[str, str]) -> list[str]:
    """Return a sentence for each name in a query that the graph does not contain, and for each name that was completed.

    Args:
        given: Name of each parameter to the text that the user typed.
    """
    completed = (
        f"{name}: {shortened(text)!r} is the beginning of {shortened(label)} ({thing})."
        for name, text in given.items()
        for label, _, thing in described(store, completion(store, text))
    )
    unknown = [_unknown(store, name) for name in unknown_names(store, question.text)]
    return [*completed, *[*unknown, *_mistaken(store, question.text)][:_MOST]]


# A property with a text as its value; the term after it has no language and no datatype.
_TEXT = re.compile(r"\b((?:sp|rdfs):[a-z]\w*)\s+(\"[^\"\\\r\n]*\"|'[^'\\\r\n]*')(?![@^\"'])")
_PREDICATE = re.compile(r"[?:]\w[\w-]*\s+(sp:[a-z]\w*)\s+[?\[]")


def _mistaken(store: Store, text: str) -> list[str]:
    """Say why patterns that are valid SPARQL cannot match."""
    if _DECLARATION.search(text):  # its prefixes may be others than ours
        return []
    found = {name: value for name, value in _TEXT.findall(text) if _leads_to_no_text(store, name, value)}
    stances = [name for name in dict.fromkeys(_PREDICATE.findall(text)) if _is_a(store, name, "sp:Stance")]
    return [
        *(_no_text(shortened(name, _LONGEST), shortened(value, _LONGEST)) for name, value in found.items()),
        *(f"{name} is a stance, not a property: write ?statement sp:stance {name}." for name in stances),
    ]


def _leads_to_no_text(store: Store, name: str, value: str) -> bool:
    if name == "rdfs:label":
        return not any(texts(store, f"SELECT ?x {{ ?x rdfs:label {value} }} LIMIT 1", "x"))
    return _is_a(store, name, "owl:ObjectProperty")


def _no_text(name: str, value: str) -> str:
    if name == "rdfs:label":
        return f"No label is {value} without a language; labels are written as {value}@en."
    return f"{name} never leads to a text such as {value}: give the id of a thing (id:…), or compare its rdfs:label."


def _is_a(store: Store, name: str, kind: str) -> bool:
    return any(texts(store, f"SELECT ?x {{ VALUES ?x {{ {iri(expand(name))} }} ?x a {kind} }}", "x"))


def unknown_names(store: Store, text: str) -> list[str]:
    """Return the IRIs of our namespaces in a query that the graph does not contain, at most four."""
    if isinstance(store, EmbeddedStore) and _is_plain(text, store):
        return []
    names = dict.fromkeys(own_names(text))
    return _missing(store, names)[:_MOST] if names else []


def _missing(store: Store, names: Iterable[str]) -> list[str]:
    if isinstance(store, EmbeddedStore):
        return [name for name in names if not _contains(store, name)]
    return sorted({*names} - {*_GRAPHS, *_asked(store, names)})


def _asked(store: Store, names: Iterable[str]) -> list[str]:
    """Ask an endpoint which of some names it contains."""
    query = _KNOWN.replace("NAMES", " ".join(map(iri, names)))
    return [row[0] for row in texts(store, query, "name")]


def _contains(store: EmbeddedStore, name: str) -> bool:
    """Return whether a graph has an IRI in any place."""
    kept = _KEPT.setdefault(store, set(_GRAPHS))
    if name not in kept:
        try:
            node = ox.NamedNode(name)
        except ValueError:
            return False
        find, union = store.engine.quads_for_pattern, ox.DefaultGraph()
        places = ((node, None, None, union), (None, node, None, union), (None, None, node, union))
        if all(next(find(*place), None) is None for place in (*places, (None, None, None, node))):
            return False
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept.add(name)
    return True


def _is_plain(text: str, store: EmbeddedStore) -> bool:
    """Return whether everything in a query that may be a name of ours is in the graph, so that it needs no parsing."""
    body = text[_end_of_head(text) :]
    names = all(_contains(store, expand(word.rstrip("."))) for word in _NAME.findall(body))
    return names and ("<" not in body or all(_is_usual(word, store) for word in _BRACKETS.findall(body)))


def _end_of_head(text: str) -> int:
    head = _HEAD.match(text)
    return head.end() if head else 0


def _is_usual(word: str, store: EmbeddedStore) -> bool:
    """Return whether an IRI is foreign or in the graph, or a declaration leaves the meaning of our prefixes alone."""
    if word.startswith("<"):
        name = word[1:-1]
        return bool(_SCHEME.match(name)) and (not name.startswith(_OURS) or _contains(store, name))
    found = _DECLARATION.fullmatch(word)
    if not found:
        return False
    name, space = found.groups()
    return PREFIXES[name] == space if name in PREFIXES else ":" in space and not space.startswith((BASE, *_OURS))


def _unknown(store: Store, name: str) -> str:
    short, space = shorten(name), shorten(name).partition(":")[0]
    local = name.removeprefix(PREFIXES.get(space, BASE))
    kinds = {
        "id": "entity",
        "sp": "class" if local[:1].isupper() else "property",
        "graph": "named graph",
        "flat": "named graph",
    }
    near = name_index(store, space).near(local) if space in {"id", "source", "sp"} else ()
    # A class is not a substitute for a property.
    alike = [other for other in map(shorten, near) if space != "sp" or other[3].isupper() == local[:1].isupper()]
    nearest = f"; nearest: {', '.join(shortened(other, _LONGEST) for other in alike[:3])}" if alike else ""
    return f"The graph has no {kinds.get(space, space)} {shortened(short, _LONGEST)}{nearest}."


def own_names(text: str) -> Iterator[str]:
    """Yield the IRIs of our namespaces in a query, where they must be in the graph.

    A template of CONSTRUCT, a constant column and another endpoint may use any names.

    >>> list(map(shorten, own_names("CONSTRUCT { ?a sp:mine ?b } { ?a sp:funded ?b } # sp:paid")))
    ['sp:funded']
    """
    prefixes, base = dict(PREFIXES), BASE
    words = [("", "", 0), *tokens(text), ("", "", 0)]
    skipped, nesting = 0, 0
    last = ""
    for number, (kind, word, _) in enumerate(words[1:-1], start=1):
        before, after = words[number - 1][1].lower(), words[number + 1][1]
        if kind == "keyword":
            last = word.lower() if word.lower() != "silent" else last
        if word == "{":
            nesting += 1
            skipped = skipped or (nesting if last in {"construct", "service"} else 0)
            last = ""
        elif word == "}":
            skipped = 0 if skipped == nesting else skipped
            nesting -= 1
        elif before == "prefix" and kind == "prefixed":
            prefixes[word[:-1]] = _absolute(base, after)
        elif before == "base" and kind == "iri":
            base = _absolute(base, word)
        elif not skipped and not (before == "(" and after.lower() == "as") and last != "prefix":
            name = _iri(kind, word, prefixes, base)
            if name.startswith(_OURS):
                yield name
        if kind == "iri" and last == "prefix":
            last = ""


def _iri(kind: str, word: str, prefixes: Mapping[str, str], base: str) -> str:
    """Return the IRI of a token; "" if it is none."""
    if kind == "prefixed":
        prefix, _, local = word.partition(":")
        return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in prefixes and local else ""
    return _absolute(base, word) if kind == "iri" and "\\" not in word else ""


def _absolute(base: str, word: str) -> str:
    """Return the IRI in angle brackets."""
    name = word[1:-1]
    return name if _SCHEME.match(name) else urljoin(base, name)
