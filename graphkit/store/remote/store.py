"""A store behind a SPARQL 1.1 endpoint.

Only SELECT and ASK are sent: CONSTRUCT and DESCRIBE are put together here from the rows of a SELECT, because servers
cut their answers without a word. The default graph of our stores holds each triple once; on a server it is whatever
the server likes. `graphkit publish` therefore loads the union of all graphs as one graph more, and queries are sent to
that one: by the parameters of the protocol where the server heeds them, else by GRAPH.
"""

from __future__ import annotations

import enum
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.model.errors import QueryError, StoreError
from graphkit.model.iris import SP, iri
from graphkit.store.embedded import as_rdflib, in_query_order
from graphkit.store.guard import refuse
from graphkit.store.remote.answers import solutions
from graphkit.store.remote.endpoint import Endpoint
from graphkit.store.remote.http import Client, read_address
from graphkit.store.remote.ledger import LEDGER, UNION, read_ledger
from graphkit.store.remote.rewrite import Shape, described, read_shape, safe_concat, within
from graphkit.store.remote.truths import computes_truth
from graphkit.store.syntax import tokens, variables, with_prefixes, with_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import rdflib

    from graphkit.store.protocol import Dataset, Results
    from graphkit.store.remote.answers import Rows
    from graphkit.store.remote.ledger import Ledger

_DIGITS, _DEEPEST = "0123456789abcdef", 4


_TRUE = str(ox.Literal(True))  # noqa: FBT003 - the value


class Way(enum.Enum):
    """How a query reaches the union of all graphs."""

    PARAMETERS = enum.auto()
    GRAPH = enum.auto()
    PLAIN = enum.auto()


class RemoteStore:
    """A SPARQL 1.1 endpoint, for reading.

    Args:
        url: Its address, with user and password where it wants them.
        login: User and password that are known otherwise.
        seconds: After so long a request is given up.
        hosts: Those that the endpoint may be told to call with SERVICE; none by default.

    Raises:
        StoreError: It is not the address of an endpoint.
    """

    def __init__(
        self, url: str, login: tuple[str, str] | None = None, seconds: float = 30.0, hosts: Iterable[str] = ()
    ) -> None:
        shown, password = read_address(url, login)
        self.endpoint = Endpoint(shown, Client(password, seconds))
        self._hosts = frozenset(hosts)

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: Dataset | None = None) -> Results:
        """Ask a SPARQL query.

        Args:
            text: SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes of `graphkit.model.iris` are known.
            values: Variable name to the term that it stands for, spelled in N-Triples.
            dataset: The graphs to ask; by default those of the build, their union being the default graph.

        Raises:
            QueryError: The endpoint does not take it for SPARQL, or gives only a part of the answer.
            TooCostlyError: It takes too long.
            StoreError: There is no answer, or no whole build on the endpoint.
        """
        refuse(text, self._hosts)
        if computes_truth(text) and not self._knows_truth:
            raise QueryError(
                f"{self.endpoint.url} gives the truth values that a query computes as the numbers 1 and 0.",
                'Write IF(…, "true", "false") instead.',
            )
        whole = with_prefixes(safe_concat(with_values(text, values or {})))
        with suppress(SyntaxError):  # an endpoint may take more than SPARQL 1.1
            whole = in_query_order(whole)
        shape = read_shape(whole)
        if shape.form == "ask":
            aimed, parameters = self._aimed(shape, dataset)
            truth = self.endpoint.truth(aimed.text, parameters)
            self._check()
            return truth
        if shape.form == "construct":
            return _fill(
                shape.prologue, shape.head, self._rows(replace(shape, form="select", head=_used(shape)), dataset)
            )
        if shape.form == "describe":
            return self._describe(shape, dataset)
        return solutions(self._rows(shape, dataset).raw)

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every graph of the build."""
        for graph in self._graphs:
            name = ox.NamedNode(graph)
            for triple in self._triples(graph):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, name)
        self._check()

    def lines(self) -> None:
        """Return nothing: an endpoint keeps no lines."""

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset, for scripts that expect one."""
        return as_rdflib(self.quads())

    def _rows(self, shape: Shape, dataset: Dataset | None) -> Rows:
        found = self.endpoint.all_rows(*self._aimed(shape, dataset))
        self._check()
        return found

    def _check(self) -> None:
        """Make sure, after the fact, that what was asked is what was there when we first looked."""
        if self._way is Way.PLAIN:
            return
        if not self.endpoint.truth(f"ASK {{ GRAPH {iri(LEDGER)} {{ {self._ledger.stamp} }} }}"):
            raise StoreError(
                f"Something else was published to {self.endpoint.url} meanwhile.",
                "Ask again; in Python, open it again.",
            )

    def _aimed(self, shape: Shape, dataset: Dataset | None) -> tuple[Shape, list[tuple[str, str]]]:
        """Return the query and the parameters that make it see what an embedded store would show it."""
        way = self._way
        own = bool(shape.datasets.strip()) and dataset is None
        if way is Way.GRAPH and (own or dataset):
            raise QueryError(
                f"{self.endpoint.url} does not heed which graphs a query names.", "Use GRAPH <…> { … } instead of FROM."
            )
        if own or (way is Way.PLAIN and dataset is None):
            return shape, []
        if dataset:
            parameters = [("default-graph-uri", one) for one in dataset.default]
            return shape, [*parameters, *(("named-graph-uri", one) for one in dataset.named)]
        # Virtuoso repeats every named graph in a header of its own, more of them than a client can read: where GRAPH
        # needs them they are told in the query itself.
        if way is Way.GRAPH or any(
            word.lower() == "graph" for kind, word, _ in tokens(shape.body) if kind == "keyword"
        ):
            return within(shape, UNION, self._graphs), []
        return shape, [("default-graph-uri", UNION)]

    def _describe(self, shape: Shape, dataset: Dataset | None) -> Results:
        # What DESCRIBE gives is left to each server: here it is what our own engine gives where nothing is blank.
        names, written = described(shape)
        if names:
            rows = self._rows(replace(shape, form="select", head=" ".join(f"?{name}" for name in names)), dataset)
            terms = {one[name] for one in rows.solutions() for name in names}
            written += sorted(str(term) for term in terms if isinstance(term, ox.NamedNode))
        body = f" VALUES ?s {{ {' '.join(written)} }} ?s ?p ?o "
        asked = Shape("select", shape.prologue, "DISTINCT ?s ?p ?o", shape.datasets, body)
        return _fill("", "{ ?s ?p ?o }", self._rows(asked, dataset))

    # --- what is there ------------------------------------------------------------------------------------------------

    @cached_property
    def _knows_truth(self) -> bool:
        [row] = self.endpoint.rows("SELECT (1 = 1 AS ?x) (CONTAINS('ab', 'a') AS ?y) {}").solutions()
        return {str(row[name]) for name in ("x", "y")} == {_TRUE}

    @cached_property
    def _ledger(self) -> Ledger:
        return read_ledger(self.endpoint)

    @cached_property
    def _graphs(self) -> tuple[str, ...]:
        if self._way is not Way.PLAIN:
            return tuple(sorted(set(self._ledger.graphs) - {UNION}))
        rows = self.endpoint.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return tuple(sorted(one[0].value for one in rows.solutions()))

    @cached_property
    def _way(self) -> Way:
        if not self._ledger.graphs:
            return self._plain()
        if not self._ledger.whole:
            raise StoreError(
                f"{self.endpoint.url} holds a part of a build: it is being published, or that was interrupted.",
                "Type: graphkit publish URL   It sends only what is missing.",
            )
        # With the ledger as the default graph, what it says is there, and nothing else is, where that is heeded.
        parameters = [("default-graph-uri", LEDGER)]
        try:
            told = self.endpoint.truth(f"ASK {{ {iri(LEDGER)} ?p ?o }}", parameters)
            other = self.endpoint.truth("ASK { ?s a ?class }", parameters)
        except QueryError:
            return Way.GRAPH
        return Way.PARAMETERS if told and not other else Way.GRAPH

    def _plain(self) -> Way:
        """Make sure that the default graph holds each triple of the named graphs once."""
        ask = self.endpoint
        said = f"?s a {iri(SP + 'Statement')}"
        if not ask.truth(f"ASK {{ {{ {said} }} UNION {{ GRAPH ?g {{ {said} }} }} }}"):
            raise StoreError(f"{ask.url} holds no graph that graphkit built.", "Type: graphkit publish URL")
        default = ask.number("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        named = ask.number("SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }")
        if default != named:
            raise StoreError(
                f"The default graph of {ask.url} holds {default:,} triples, and its named graphs {named:,} different "
                "ones: queries would count wrong.",
                "Type: graphkit publish URL   It adds a graph in which each triple is once.",
            )
        return Way.PLAIN

    def _triples(self, graph: str, part: str = "") -> Iterator[ox.Triple]:
        """Yield the triples of a graph; where the server cuts, by subjects whose hashes begin alike."""
        test = f' FILTER(STRSTARTS(MD5(STR(?s)), "{part}"))' if part else ""
        try:
            rows = self.endpoint.rows(f"SELECT ?s ?p ?o {{ GRAPH {iri(graph)} {{ ?s ?p ?o{test} }} }}")
        except QueryError:
            if len(part) == _DEEPEST:
                raise
            for digit in _DIGITS:
                yield from self._triples(graph, part + digit)
        else:
            yield from (ox.Triple(row["s"], row["p"], row["o"]) for row in rows.solutions())


def _used(shape: Shape) -> str:
    return " ".join(f"?{name}" for name in variables(shape.head)) or "*"


def _fill(prologue: str, template: str, rows: Rows) -> Results:
    """Fill the template of a CONSTRUCT from rows, with our own engine."""
    lines = ("(" + " ".join("UNDEF" if term is None else str(term) for term in row) + ")\n" for row in rows.solutions())
    names = " ".join(f"?{name}" for name in rows.names)
    found = f" VALUES ({names}) {{\n{''.join(lines)}}} " if rows.names else ""
    if not rows.count:
        found = " FILTER(false) "
    return ox.Store().query(Shape("construct", prologue, template, "", found).text)
