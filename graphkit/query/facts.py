"""Looks for triples and terms in a graph, each of them once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from graphkit.model.did_you_mean import nearest
from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, iri, shorten
from graphkit.query.names import name_index
from graphkit.query.triples import LITERALS, NO_WORD, TYPE, Pattern, Word
from graphkit.store import EmbeddedStore, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from graphkit.store import Store

Found: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"
# A condition or a pair of patterns is checked against at most so many rows: a note may not cost more than the query.
MOST_ROWS = 5_000
_MOST_RANGES = 4
_RANGE = Word("iri", "", PREFIXES["rdfs"] + "range")


class Facts:
    """Answers questions about the triples and terms of a graph.

    Attributes:
        saved: Returns the files of the saved questions.
    """

    def __init__(self, store: Store, saved: Callable[[], Iterable[Path]] = tuple) -> None:
        self.store = store
        self.saved = saved
        self._engine = store.engine if isinstance(store, EmbeddedStore) else None
        self._held: dict[Pattern, bool] = {}

    def holds(self, pattern: Pattern) -> bool:
        """Return whether a triple has the names and literals of a pattern; a broken literal is in no triple."""
        key = pattern._replace(required=True)
        if key not in self._held:
            self._held[key] = next(self.objects(pattern, 1), None) is not None
        return self._held[key]

    def objects(self, pattern: Pattern, most: int) -> Iterator[Found]:
        """Yield the objects of some triples that fit a pattern."""
        try:
            terms = [as_term(word) for word in pattern[:3]]
            place = ox.NamedNode(pattern.graph) if pattern.graph else ox.DefaultGraph()
        except ValueError:
            return
        if self._engine is not None:
            subject, predicate, value = terms
            if isinstance(subject, ox.Literal) or isinstance(predicate, ox.Literal):
                return
            quads = self._engine.quads_for_pattern(subject, predicate, value, place)
            yield from (quad.object for quad in islice(quads, most))
            return
        wanted = " ".join(f"?x{at}" if term is None else str(term) for at, term in enumerate(terms))
        body = f"GRAPH {iri(pattern.graph)} {{ {wanted} }}" if pattern.graph else wanted
        found = self.store.query(f"SELECT * {{ {body} }} LIMIT {most}")
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - of SELECT
        yield from ((row["x2"] if terms[2] is None else terms[2]) for row in found)

    def contains(self, name: str) -> bool:
        """Return whether a name occurs anywhere."""
        node, none = named(name), NO_WORD
        places = (Pattern(node, none, none), Pattern(none, node, none), Pattern(none, none, node))
        return any(map(self.holds, places))

    def is_graph(self, name: str) -> bool:
        """Return whether there is a named graph."""
        return self.holds(Pattern(NO_WORD, NO_WORD, NO_WORD, graph=name))

    def graphs_like(self, name: str) -> list[str]:
        """Return the named graphs whose names are spelled like a name."""
        if self._engine is None:
            return []
        return nearest(name, [graph.value for graph in islice(self._engine.named_graphs(), MOST_ROWS)])

    def is_a(self, name: str, kind: str) -> bool:
        """Return whether a thing has a class, which has a prefix."""
        space, _, local = kind.partition(":")
        return self.holds(Pattern(named(name), TYPE, named(PREFIXES[space] + local)))

    def is_used(self, name: str) -> bool:
        """Return whether a triple has a property."""
        return self.holds(Pattern(NO_WORD, named(name), NO_WORD))

    def is_described(self, name: str) -> bool:
        """Return whether a name is the subject of a triple."""
        return self.holds(Pattern(named(name), NO_WORD, NO_WORD))

    def leads_to_things(self, name: str) -> bool:
        """Return whether the values of a property are things."""
        return self.is_a(name, "owl:ObjectProperty")

    def leads_to(self, name: str, *datatypes: str) -> bool:
        """Return whether the values of a property have one of some datatypes."""
        return any(self.holds(Pattern(named(name), _RANGE, named(datatype))) for datatype in datatypes)

    def is_listed(self, name: str, value: str) -> bool:
        """Return whether a term is one of the closed list to which a property leads, or there is no such list."""
        kinds = self.objects(Pattern(named(name), _RANGE, NO_WORD), _MOST_RANGES)
        ranges = [kind.value for kind in kinds if isinstance(kind, ox.NamedNode)]
        return all(self.holds(Pattern(named(value), TYPE, named(kind))) or not self._is_closed(kind) for kind in ranges)

    def _is_closed(self, kind: str) -> bool:
        query = f"SELECT ?one {{ ?one a {iri(kind)} ; skos:inScheme ?list }} LIMIT 1"
        return next(texts(self.store, query, "one"), None) is not None

    def listed(self, name: str, value: str) -> list[str]:
        """Return the terms of that list that are spelled like another term."""
        near = name_index(self.store, "sp").near(value.removeprefix(PREFIXES["sp"]))
        return [shorten(other) for other in near if self.is_listed(name, other)]

    def fits_none(self, query: str, most: int = MOST_ROWS, **parts: str) -> bool:
        """Return whether none of all rows fits, where these are few enough to be counted."""
        for name, part in {**parts, "LAST": str(most + 1)}.items():
            query = query.replace(name, part)
        try:
            total, fitting = next(texts(self.store, query, "_all", "_fitting"))
        except QueryError:
            return False
        return 0 < int(total) <= most and fitting == "0"


def named(name: str) -> Word:
    """Return an IRI as a word."""
    return Word("iri", "", name)


def as_term(word: Word) -> ox.NamedNode | ox.Literal | None:
    """Return a name or a literal as the engine holds it; None for a variable.

    Raises:
        ValueError: It is no valid term.
    """
    if word.name:
        return ox.NamedNode(word.name)
    if word.kind not in LITERALS:
        return None
    try:
        found = next(iter(ox.parse(f"<x:a> <x:b> {word.text} .", format=ox.RdfFormat.TURTLE))).object
    except SyntaxError as error:
        raise ValueError(word.text) from error
    return found if isinstance(found, ox.Literal) else None
