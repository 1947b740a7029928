"""Remarks on a query: a graph is closed, so a name that it does not contain is a mistake that would find nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from graphkit.model.did_you_mean import with_near
from graphkit.model.iris import BASE, POLICIES, PREFIXES, expand, graph_iri, iri, shorten
from graphkit.model.text import shortened
from graphkit.query.absences import absences
from graphkit.query.facts import Facts
from graphkit.query.mistakes import mistakes
from graphkit.query.names import completion, described, name_index
from graphkit.query.patterns import SCHEME, read_query_parts
from graphkit.query.questions import bind
from graphkit.query.triples import TYPE, short_literal
from graphkit.store import EmbeddedStore, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from graphkit.query.questions import Question
    from graphkit.store import QueryDataset, Store

_SPACES = ("sp", "id", "source", "statement", "proposition", "dispute", "graph", "flat", "rule")
# Also the addresses under our base with the other scheme.
_OURS = (*(PREFIXES[name] for name in _SPACES), BASE, BASE.replace("https:", "http:", 1))
# Everything that may be a name of ours, also in comments and texts: most queries need no closer look.
_NAME = re.compile(rf"\b(?:{'|'.join(_SPACES)}):[\w%\\:.-]+")
_BRACKETS = re.compile(r"(?:\bprefix\b[^<]*|\bbase\b[^<]*)?<(?![ =])[^<>\s\"{}|^`\\]*>", re.IGNORECASE)
_DECLARATION = re.compile(r"prefix\s+(\w*):\s*<(\S*)>", re.IGNORECASE)
_HEAD = re.compile(r"(?:#[^\r\n]*|\s+)*")
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


def remarks(  # noqa: PLR0913 - only the first three are needed
    store: Store,
    question: Question,
    given: Mapping[str, str],
    dataset: QueryDataset | None = None,
    *,
    empty: bool = False,
    saved: Callable[[], Iterable[Path]] = tuple,
) -> list[str]:
    """Return what a reader should know: names that the graph does not contain, completed names, why nothing is found.

    Args:
        given: Name of each parameter to the text that the user typed.
        dataset: The graphs that the request names.
        empty: Whether the answer has no rows, or is no.
        saved: Returns the files of the saved questions, so that one can be proposed.
    """
    graph = Facts(store, saved)
    completed = (
        f"{name}: {shortened(text)!r} is the beginning of {shortened(label)} ({thing})."
        for name, text in given.items()
        for label, _, thing in described(store, completion(store, text))
    )
    names = unknown_names(store, question.text)
    classes = _classes(question.text) if names else set()
    unknown = [_unknown(store, name, is_class=name in classes) for name in names]
    wrong: list[str] = []
    if not question.is_saved:
        bound = {*given, *question.header.parameters}
        wrong = mistakes(graph, question.text, bound, dataset, empty=None if unknown else empty)
    elif empty and not unknown:
        wrong = _unanswered(graph, question, given, dataset)
    return [*completed, *[*unknown, *wrong][:_MOST]]


def _unanswered(graph: Facts, question: Question, given: Mapping[str, str], dataset: QueryDataset | None) -> list[str]:
    """Say why a saved question has no rows: a part of it that nothing fits, or the values of its parameters."""
    store, terms = graph.store, bind(question, given, graph.store)
    found = absences(graph, read_query_parts(question.text), dataset, empty=not terms)
    if found or not terms:
        return found or [f"Nothing in the graph answers {question.name}."]
    things = [term[1:-1] for term in terms.values() if term.startswith("<")]
    labels = {
        f"<{name}>": shortened(row[0] or row[2]) for name, row in zip(things, described(store, things), strict=True)
    }
    values = " and ".join(f"{labels.get(term) or short_literal(term)} as {name}" for name, term in terms.items())
    known = (
        f"{' and '.join(labels.values())} {'is' if len(labels) == 1 else 'are'} in the graph, but no"
        if labels
        else "No"
    )
    empty = " ".join(f"{name}=" for name in terms)
    return [f"{known} row of {question.name} has {values}. Without a value, the question is about all: {empty}"]


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
        return bool(SCHEME.match(name)) and (not name.startswith(_OURS) or _contains(store, name))
    found = _DECLARATION.fullmatch(word)
    if not found:
        return False
    name, space = found.groups()
    return PREFIXES[name] == space if name in PREFIXES else ":" in space and not space.startswith((BASE, *_OURS))


def _classes(text: str) -> set[str]:
    """Return the names that are classes in a query: by their place, or else as they begin with a capital."""
    asked = read_query_parts(text)
    used = {pattern.object.name for pattern in asked.patterns if pattern.predicate.name == TYPE.name}
    properties = {pattern.predicate.name for pattern in asked.patterns}
    capital = {name for word in asked.words if (name := word.name).removeprefix(PREFIXES["sp"])[:1].isupper()}
    return used | (capital - properties)


def _unknown(store: Store, name: str, *, is_class: bool) -> str:
    short, space = shorten(name), shorten(name).partition(":")[0]
    local = name.removeprefix(PREFIXES[space]) if space in PREFIXES else name.rpartition("/")[2]
    kinds = {
        "id": "entity",
        "sp": "class" if is_class else "property",
        "graph": "named graph",
        "flat": "named graph",
    }
    kind = kinds.get(space, space if space in PREFIXES else "IRI")
    named = kind == "IRI" or space in {"id", "source", "sp"}
    near = name_index(store, space if space in PREFIXES else "id").near(local) if named else ()
    # A class is not a substitute for a property.
    alike = [other for other in map(shorten, near) if space != "sp" or other[3].isupper() == is_class]
    shown = [shortened(other, _LONGEST) for other in alike[:3]]
    return with_near(f"The graph has no {kind} {shortened(short, _LONGEST)}.", shown)


def own_names(text: str) -> Iterator[str]:
    """Yield the IRIs of our namespaces in a query, where they must be in the graph.

    A template of CONSTRUCT, a constant column and another endpoint may use any names.

    >>> list(map(shorten, own_names("CONSTRUCT { ?a sp:mine ?b } { ?a sp:funded ?b } # sp:paid")))
    ['sp:funded']
    """
    return (word.name for word in read_query_parts(text).words if word.name.startswith(_OURS))
