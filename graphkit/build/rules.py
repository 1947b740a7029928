"""Rules: CONSTRUCT queries that derive triples into a graph of their own.

They apply in the order of their file names, each until it adds nothing more, so that a rule may rest on
those before it; what a rule denies (NOT EXISTS) must be settled by an earlier one. A rule that never rests
on what it adds itself says "Repeat: no" in its head, and applies once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, SP, expand, graph_iri, iri, literal
from graphkit.store.syntax import Header, read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphkit.store import EmbeddedStore

_MAX_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule file.

    Attributes:
        name: Its IRI is made of it.
        text: The CONSTRUCT query.
        header: Title, why, and the graph that it writes into.
    """

    name: str
    text: str
    header: Header

    @property
    def graph(self) -> str:
        """IRI of the graph that the rule writes into."""
        return graph_iri(self.header.fields.get("Into", "derived"))

    @property
    def repeats(self) -> bool:
        """Whether it may rest on what it adds itself."""
        return self.header.fields.get("Repeat") != "no"

    @property
    def iri(self) -> str:
        """IRI of the rule."""
        return PREFIXES["rule"] + self.name


def read_rules(paths: Iterable[Path]) -> list[Rule]:
    """Read rule files, in the order given; a number before the name only orders them."""
    return [Rule(path.stem.lstrip("0123456789").lstrip("-"), *read_query(path)) for path in paths]


def apply_rules(store: EmbeddedStore, rules: Iterable[Rule]) -> None:
    """Apply rules to a store and put what they derive into it.

    Args:
        store: The compiled corpus; it grows.
        rules: In the order in which they apply.

    Raises:
        QueryError: A rule is not a CONSTRUCT query, makes blank nodes, or does not come to an end.
    """
    for rule in rules:
        store.add(_describe(rule))
        known: set[str] = set()
        for _ in range(_MAX_ROUNDS):
            new = _apply(rule, store) - known
            if not new:
                break
            known |= new
            store.add(new)
            if not rule.repeats:
                break
        else:
            raise QueryError(f"The rule {rule.name!r} goes on for ever.", "Make its conditions exclude what it adds.")


def _describe(rule: Rule) -> Iterator[str]:
    graph = graph_iri("ontology")
    facts = [("rdf:type", iri(SP + "Rule"))]
    facts += [
        ("rdfs:label", literal(rule.header.title, language="en")),
        ("skos:definition", literal(rule.header.why, language="en")),
    ]
    for predicate, term in facts:
        yield f"<{rule.iri}> <{expand(predicate)}> {term} <{graph}> .\n"


def _apply(rule: Rule, store: EmbeddedStore) -> set[str]:
    triples = store.query(rule.text)
    if not isinstance(triples, ox.QueryTriples):
        raise QueryError(f"The rule {rule.name!r} is not a CONSTRUCT query.", "Begin it with CONSTRUCT.")
    graph = ox.NamedNode(rule.graph)
    return {_line(rule, ox.Quad(one.subject, one.predicate, one.object, graph)) for one in triples}


def _line(rule: Rule, quad: ox.Quad) -> str:
    if ox.BlankNode in (type(quad.subject), type(quad.object)):
        raise QueryError(f"The rule {rule.name!r} makes blank nodes.", "Name what it makes with IRI(CONCAT(…)).")
    return f"{quad} .\n"
