"""Rules: CONSTRUCT queries that derive triples into graphs of their own.

Rules run in the order of their file names, each until it adds nothing more, so a rule may use the results of earlier
rules. A pattern in NOT EXISTS must be complete before its rule runs. A rule that never uses its own results has
"Repeat: no" in its header, and runs once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, SP, expand, graph_iri, iri, literal
from graphkit.store.syntax import Header, line_and_column, point, read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphkit.store import EmbeddedStore

_MAX_ROUNDS = 50
# A blank node as the subject or the object of a line of N-Triples.
_BLANK = re.compile(r"^_:| _:\S+ \.$")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule file; the name is part of its IRI."""

    path: Path
    name: str
    text: str
    header: Header

    @property
    def graph(self) -> str:
        """The IRI of the graph that the rule writes into."""
        return graph_iri(self.header.fields.get("Into", "derived"))

    @property
    def repeats(self) -> bool:
        """Whether the rule may use its own results."""
        return self.header.fields.get("Repeat") != "no"

    @property
    def iri(self) -> str:
        """The IRI of the rule."""
        return PREFIXES["rule"] + self.name


def read_rules(paths: Iterable[Path]) -> list[Rule]:
    """Read rule files; the number before a name gives the order and is not part of the name."""
    return [Rule(path, path.stem.lstrip("0123456789").lstrip("-"), *read_query(path)) for path in paths]


def apply_rule(rule: Rule, store: EmbeddedStore) -> set[str]:
    """Apply a rule to a store, add its results to it, and return them.

    Raises:
        QueryError: The rule is not a CONSTRUCT query, makes blank nodes, names a bad graph, or does not end.
    """
    known: set[str] = set()
    for _ in range(_MAX_ROUNDS):
        new = _apply(rule, store) - known
        if not new:
            return known
        store.add(new)
        known |= new
        if not rule.repeats:
            return known
    raise QueryError(
        f"The rule {rule.name!r} does not end after {_MAX_ROUNDS} rounds.",
        "Make its conditions exclude its results.",
    )


def describe(rule: Rule) -> Iterator[str]:
    """Yield the lines about a rule."""
    graph = graph_iri("ontology")
    properties = [
        ("rdf:type", iri(SP + "Rule")),
        ("rdfs:label", literal(rule.header.title, language="en")),
        ("skos:definition", literal(rule.header.why, language="en")),
    ]
    for predicate, term in properties:
        yield f"<{rule.iri}> <{expand(predicate)}> {term} <{graph}> .\n"


def _apply(rule: Rule, store: EmbeddedStore) -> set[str]:
    triples = store.query(rule.text)
    if not isinstance(triples, ox.QueryTriples):
        raise QueryError(f"The rule {rule.name!r} is not a CONSTRUCT query.", "Begin it with CONSTRUCT.")
    try:
        graph = ox.NamedNode(rule.graph)
    except ValueError as error:
        at = rule.text.index("Into:")
        message = f"{rule.header.fields['Into']!r} cannot name a graph."
        raise QueryError(
            point(rule.text, *line_and_column(rule.text, at), message), "Write a word: # Into: derived"
        ) from error
    return set(_in_graph(rule, triples.serialize(format=ox.RdfFormat.N_TRIPLES) or b"", graph))


def _in_graph(rule: Rule, triples: bytes, graph: ox.NamedNode) -> Iterator[str]:
    """Yield triples as lines of N-Quads: no object is made for a quad, only text."""
    end = f" {graph} .\n"
    for line in triples.decode().rstrip("\n").split("\n") if triples else ():
        if _BLANK.search(line):
            raise QueryError(f"The rule {rule.name!r} makes blank nodes.", "Name its results with IRI(CONCAT(…)).")
        yield line.removesuffix(" .") + end
