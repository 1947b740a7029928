"""Rules: CONSTRUCT queries that derive triples into graphs of their own.

Rules run in the order of their file names, each until it adds nothing more, so a rule may use the results of earlier
rules. A pattern in NOT EXISTS must be complete before its rule runs. A rule that never uses its own results has
"Repeat: no" in its header, and runs once.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar

import pyoxigraph as ox

from graphkit.model.errors import QueryError
from graphkit.model.iris import PREFIXES, SP, expand, graph_iri, iri, literal
from graphkit.store import EmbeddedStore, in_graph, parts_of, slices
from graphkit.store.syntax import Header, line_and_column, point, read_query

T = TypeVar("T")
_MAX_ROUNDS = 50
# Bytes of results that stay in memory.
_IN_MEMORY = 32_000_000
# A blank node as the subject or the object of a line of N-Triples.
_BLANK = re.compile(rb"^_:| _:\S+ \.$", re.MULTILINE)
# A rule without any of these makes no blank nodes; its results are not searched.
_MAKES_BLANK = re.compile(r"_:|\[|\bbnode\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Applied(Generic[T]):
    """A rule that was applied.

    Attributes:
        kept: What was kept of its results.
        rounds: How often the rule was run.
        seconds: How long it took, with the time to add its results to the graph.
    """

    kept: T
    rounds: int
    seconds: float


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
        return graph_iri(self.into)

    @property
    def into(self) -> str:
        """The name of that graph."""
        return self.header.fields.get("Into", "derived")

    @property
    def cost(self) -> str:
        """The part of the graph on which the time of the rule depends, as its header states it."""
        return self.header.fields.get("Cost", "")

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


def apply_rule(rule: Rule, store: EmbeddedStore, keep: Callable[[Iterable[bytes]], T]) -> Applied[T]:
    """Apply a rule to a store, and add its results to it.

    Args:
        keep: Takes the results as N-Quads, each line once, in parts of whole lines; it has to read all of them.

    Raises:
        QueryError: The rule is not a CONSTRUCT query, makes blank nodes, names a bad graph, or does not end.
    """
    began, graph = time.perf_counter(), _graph(rule)
    parts, rounds = _to_the_end(rule, store) if rule.repeats else (store.add_to(graph, results(rule, store)), 1)
    return Applied(keep(parts), rounds, time.perf_counter() - began)


def count_lines(parts: Iterable[bytes]) -> int:
    """Return the number of lines: all that is kept of the results of a rule that is measured."""
    return sum(part.count(b"\n") for part in parts)


def _to_the_end(rule: Rule, store: EmbeddedStore) -> tuple[Iterable[bytes], int]:
    """Run a rule until it adds nothing more; return its results and the number of rounds."""
    graph = _graph(rule)
    known: set[bytes] = set()
    for rounds in range(1, _MAX_ROUNDS + 1):
        new = {line for part in results(rule, store) for line in part.splitlines(keepends=True)} - known
        if not new:
            return [in_graph(graph, b"".join(known))], rounds
        deque(store.add_to(graph, slices(b"".join(new))), maxlen=0)
        known |= new
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


def _graph(rule: Rule) -> ox.NamedNode:
    try:
        return ox.NamedNode(rule.graph)
    except ValueError as error:
        at = rule.text.index("Into:")
        message = f"{rule.header.fields['Into']!r} cannot name a graph."
        raise QueryError(
            point(rule.text, *line_and_column(rule.text, at), message), "Write a word: # Into: derived"
        ) from error


def results(rule: Rule, store: EmbeddedStore) -> Iterator[bytes]:
    """Run a rule once; yield its results as N-Triples, in parts of whole lines.

    No object is made for a triple, only text. All of it is written before the first part is yielded, because parts are
    added to the store; a file takes more than 32 MB of it.
    """
    triples = store.query(rule.text)
    if not isinstance(triples, ox.QueryTriples):
        raise QueryError(f"The rule {rule.name!r} is not a CONSTRUCT query.", "Begin it with CONSTRUCT.")
    may_be_blank = _MAKES_BLANK.search(rule.text)
    with SpooledTemporaryFile(_IN_MEMORY, dir=store.scratch) as file:
        triples.serialize(file, format=ox.RdfFormat.N_TRIPLES)
        del triples  # the engine frees what it holds
        file.seek(0)
        for part in parts_of(file):
            if may_be_blank and _BLANK.search(part):
                raise QueryError(f"The rule {rule.name!r} makes blank nodes.", "Name its results with IRI(CONCAT(…)).")
            yield part
