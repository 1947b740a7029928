"""A store behind a SPARQL 1.1 endpoint.

Only SELECT and ASK are sent. CONSTRUCT and DESCRIBE are evaluated here from the rows of a SELECT, because servers cut
their answers silently. In our stores the default graph holds each triple once; servers differ. `graphkit publish`
therefore adds a graph with the union of all graphs, and queries go to that graph: by the parameters of the protocol if
the server supports them, or else by GRAPH.
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
from graphkit.store.remote.endpoint import Endpoint, solutions
from graphkit.store.remote.http import Client, read_address
from graphkit.store.remote.ledger import LEDGER, UNION, read_ledger
from graphkit.store.remote.rewrite import QueryParts, computes_truth, described, read_parts, safe_concat, within
from graphkit.store.syntax import tokens, variables, with_prefixes, with_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import rdflib

    from graphkit.store.protocol import QueryDataset, Results
    from graphkit.store.remote.endpoint import Rows
    from graphkit.store.remote.ledger import Ledger

_TRUE = str(ox.Literal(True))  # noqa: FBT003 - the value


class UnionAccess(enum.Enum):
    """How a query reaches the union of all graphs."""

    PARAMETERS = enum.auto()
    GRAPH = enum.auto()
    PLAIN = enum.auto()


class RemoteStore:
    """A SPARQL 1.1 endpoint, for reading.

    Args:
        url: The address, with user and password if needed.
        hosts: Hosts that a query may make the endpoint call with SERVICE.

    Raises:
        StoreError: The address is invalid.
    """

    def __init__(
        self, url: str, login: tuple[str, str] | None = None, seconds: float = 30.0, hosts: Iterable[str] = ()
    ) -> None:
        shown, password = read_address(url, login)
        self.endpoint = Endpoint(shown, Client(password, seconds))
        self._hosts = frozenset(hosts)

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: QueryDataset | None = None) -> Results:
        """Run a SPARQL query, as `graphkit.store.Store` describes it.

        Raises:
            QueryError: The endpoint rejects the query or cuts the answer.
            TooCostlyError: The query takes too long.
            StoreError: There is no answer, or no complete build on the endpoint.
        """
        text = text.removeprefix("\ufeff")  # the byte-order mark of an editor
        refuse(text, self._hosts)
        if computes_truth(text) and not self._knows_truth:
            raise QueryError(
                f"{self.endpoint.url} returns the truth values that a query computes as the numbers 1 and 0.",
                'Write IF(…, "true", "false") instead.',
            )
        whole = with_prefixes(safe_concat(with_values(text, values or {})))
        with suppress(SyntaxError):  # an endpoint may take more than SPARQL 1.1
            whole = in_query_order(whole)
        parts = read_parts(whole)
        if parts.form == "ask":
            aimed, parameters = self._aimed(parts, dataset)
            truth = self.endpoint.truth(aimed.text, parameters)
            self._check()
            return truth
        if parts.form == "construct":
            return _fill(
                parts.prologue, parts.head, self._rows(replace(parts, form="select", head=_used(parts)), dataset)
            )
        if parts.form == "describe":
            return self._describe(parts, dataset)
        return solutions(self._rows(parts, dataset).raw)

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every graph of the build."""
        for graph in self._graphs:
            name = ox.NamedNode(graph)
            for triple in self.endpoint.triples(graph):
                yield ox.Quad(triple.subject, triple.predicate, triple.object, name)
        self._check()

    def lines(self) -> None:
        """Return None: an endpoint has no file of lines."""

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset, for scripts that need it."""
        return as_rdflib(self.quads())

    def _rows(self, parts: QueryParts, dataset: QueryDataset | None) -> Rows:
        found = self.endpoint.all_rows(*self._aimed(parts, dataset))
        self._check()
        return found

    def _check(self) -> None:
        """Make sure that nothing was published between the first query and this one."""
        if self._access is UnionAccess.PLAIN:
            return
        if not self.endpoint.truth(f"ASK {{ GRAPH {iri(LEDGER)} {{ {self._ledger.stamp} }} }}"):
            raise StoreError(
                f"Another build was published to {self.endpoint.url} meanwhile.",
                "Try again; in Python, open the store again.",
            )

    def _aimed(self, parts: QueryParts, dataset: QueryDataset | None) -> tuple[QueryParts, list[tuple[str, str]]]:
        """Return the query and the parameters that give it the same graphs as an embedded store."""
        access = self._access
        own = bool(parts.datasets.strip()) and dataset is None
        if access is UnionAccess.GRAPH and (own or dataset):
            raise QueryError(
                f"{self.endpoint.url} ignores the graphs that a query names.", "Use GRAPH <…> { … } instead of FROM."
            )
        if own or (access is UnionAccess.PLAIN and dataset is None):
            return parts, []
        if dataset:
            parameters = [("default-graph-uri", graph) for graph in dataset.default]
            return parts, [*parameters, *(("named-graph-uri", graph) for graph in dataset.named)]
        # Virtuoso repeats every named graph in a header, which becomes too long for clients: if GRAPH needs the names,
        # they go into the query itself.
        if access is UnionAccess.GRAPH or any(
            word.lower() == "graph" for kind, word, _ in tokens(parts.body) if kind == "keyword"
        ):
            return within(parts, UNION, self._graphs), []
        return parts, [("default-graph-uri", UNION)]

    def _describe(self, parts: QueryParts, dataset: QueryDataset | None) -> Results:
        # Servers answer DESCRIBE differently; this is the answer of our own engine for graphs without blank nodes.
        names, written = described(parts)
        if names:
            rows = self._rows(replace(parts, form="select", head=" ".join(f"?{name}" for name in names)), dataset)
            terms = {row[name] for row in rows.solutions() for name in names}
            written += sorted(str(term) for term in terms if isinstance(term, ox.NamedNode))
        body = f" VALUES ?s {{ {' '.join(written)} }} ?s ?p ?o "
        asked = QueryParts("select", parts.prologue, "DISTINCT ?s ?p ?o", parts.datasets, body)
        return _fill("", "{ ?s ?p ?o }", self._rows(asked, dataset))

    # --- the content of the endpoint ----------------------------------------------------------------------------------

    @cached_property
    def _knows_truth(self) -> bool:
        [row] = self.endpoint.rows("SELECT (1 = 1 AS ?x) (CONTAINS('ab', 'a') AS ?y) {}").solutions()
        return {str(row[name]) for name in ("x", "y")} == {_TRUE}

    @cached_property
    def _ledger(self) -> Ledger:
        return read_ledger(self.endpoint)

    @cached_property
    def _graphs(self) -> tuple[str, ...]:
        if self._access is not UnionAccess.PLAIN:
            return tuple(sorted(set(self._ledger.graphs) - {UNION}))
        rows = self.endpoint.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
        return tuple(sorted(row[0].value for row in rows.solutions()))

    @cached_property
    def _access(self) -> UnionAccess:
        if not self._ledger.graphs:
            return self._plain()
        if not self._ledger.whole:
            raise StoreError(
                f"{self.endpoint.url} holds a part of a build: publishing is under way or was interrupted.",
                "Type: graphkit publish URL   It sends only the missing graphs.",
            )
        # If the server supports the parameters, a query with the ledger as its default graph sees only the ledger.
        parameters = [("default-graph-uri", LEDGER)]
        try:
            listed = self.endpoint.truth(f"ASK {{ {iri(LEDGER)} ?p ?o }}", parameters)
            other = self.endpoint.truth("ASK { ?s a ?class }", parameters)
        except QueryError:
            return UnionAccess.GRAPH
        return UnionAccess.PARAMETERS if listed and not other else UnionAccess.GRAPH

    def _plain(self) -> UnionAccess:
        """Make sure that the default graph holds each triple of the named graphs once."""
        ask = self.endpoint
        statement = f"?s a {iri(SP + 'Statement')}"
        if not ask.truth(f"ASK {{ {{ {statement} }} UNION {{ GRAPH ?g {{ {statement} }} }} }}"):
            raise StoreError(f"{ask.url} holds no graph that graphkit built.", "Type: graphkit publish URL")
        default = ask.number("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        named = ask.number("SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }")
        if default != named:
            raise StoreError(
                f"The default graph of {ask.url} holds {default:,} triples, and its named graphs {named:,} different "
                "ones: queries would count wrongly.",
                "Type: graphkit publish URL   It adds a graph that holds each triple once.",
            )
        return UnionAccess.PLAIN


def _used(parts: QueryParts) -> str:
    return " ".join(f"?{name}" for name in variables(parts.head)) or "*"


def _fill(prologue: str, template: str, rows: Rows) -> Results:
    """Fill the template of a CONSTRUCT from rows, with our own engine."""
    lines = ("(" + " ".join("UNDEF" if term is None else str(term) for term in row) + ")\n" for row in rows.solutions())
    names = " ".join(f"?{name}" for name in rows.names)
    found = f" VALUES ({names}) {{\n{''.join(lines)}}} " if rows.names else ""
    if not rows.count:
        found = " FILTER(false) "
    return ox.Store().query(QueryParts("construct", prologue, template, "", found).text)
