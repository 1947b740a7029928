"""A store behind a SPARQL 1.1 endpoint.

Only SELECT and ASK are sent: CONSTRUCT and DESCRIBE are put together here from the rows of a SELECT, because servers
cut their answers without a word. The default graph of our stores holds each triple once; on a server it is whatever
the server likes. `graphkit publish` therefore loads the union of all graphs as one graph more, and queries are sent to
that one: by the parameters of the protocol where the server heeds them, else by GRAPH.
"""

from __future__ import annotations

import enum
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from graphkit.errors import QueryError, StoreError
from graphkit.gate import refuse
from graphkit.sparql import with_prefixes, with_values
from graphkit.store.answers import Rows, engine_error, read_rows, whole
from graphkit.store.embedded import EmbeddedStore, as_rdflib
from graphkit.store.http import Client, complaint, read_address
from graphkit.store.published import LEDGER, UNION, Ledger, read_ledger
from graphkit.store.shape import Shape, described, read_shape, within
from graphkit.terms import SP, iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import rdflib

    from graphkit.store import Dataset, Results

_OK, _PARTIAL = 200, 206
_JSON = "application/sparql-results+json"
_SIXTEENTHS = "0123456789abcdef"
# Fewer rows than these no server cuts an answer to.
_SMALLEST_CUT = 50


class Way(enum.Enum):
    """How a query is sent to the union of all graphs."""

    PARAMETERS = enum.auto()
    GRAPH = enum.auto()
    PLAIN = enum.auto()


class RemoteStore:
    """A SPARQL 1.1 endpoint, for reading.

    Args:
        url: Its address, with user and password where it wants them.
        login: User and password that are known otherwise.
        seconds: After so long a request is given up.
        hosts: Those that a query may have called with SERVICE; none by default.

    Raises:
        StoreError: It is not the address of an endpoint.
    """

    def __init__(
        self, url: str, login: tuple[str, str] | None = None, seconds: float = 30.0, hosts: Iterable[str] = ()
    ) -> None:
        self.url, password = read_address(url, login)
        self.client = Client(password, seconds)
        self._hosts = frozenset(hosts)

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: Dataset | None = None) -> Results:
        """Ask a SPARQL query.

        Args:
            text: SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes of `graphkit.terms` are known.
            values: Variable name to the term that it stands for, spelled in N-Triples.
            dataset: The graphs to ask; by default those of the build, their union being the default graph.

        Raises:
            QueryError: The endpoint does not take it for SPARQL, or gives only a part of the answer.
            TooCostlyError: It takes too long.
            StoreError: There is no answer, or no whole build on the endpoint.
        """
        refuse(text, self._hosts)
        shape = read_shape(with_prefixes(with_values(text, values or {})))
        if shape.form == "ask":
            answer = self._send(*self._aimed(shape, dataset), "boolean").raw
            return ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
        if shape.form == "construct":
            return _construct(shape, self._rows(replace(shape, form="select", head=_named(shape)), dataset))
        if shape.form == "describe":
            return self._describe(shape, dataset)
        answer = self._rows(shape, dataset).raw
        return ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every graph of the build."""
        for graph in self._graphs:
            name = ox.NamedNode(graph)
            for row in self._pages(graph):
                yield ox.Quad(row["s"], row["p"], row["o"], name)

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset."""
        return as_rdflib(self.quads())

    # --- what is sent ------------------------------------------------------------------------------------------------

    def _aimed(self, shape: Shape, dataset: Dataset | None) -> tuple[str, list[tuple[str, str]]]:
        """Return the query and the parameters that make it see what an embedded store would show it."""
        if dataset is None and shape.datasets.strip():
            if self._way is Way.GRAPH:
                raise QueryError(
                    f"{self.url} does not heed which graphs a query names with FROM.", "Use GRAPH <…> { … } instead."
                )
            return shape.text, []
        if dataset is None and self._way is Way.PLAIN:
            return shape.text, []
        if dataset is None and self._way is Way.GRAPH:
            return within(shape, UNION, self._graphs).text, []
        if dataset is not None and self._way is Way.GRAPH:
            raise QueryError(f"{self.url} does not heed which graphs a query is sent to.", "Use GRAPH <…> { … } instead.")
        default, named = (dataset.default, dataset.named) if dataset else ((UNION,), self._graphs)
        return shape.text, [
            *(("default-graph-uri", one) for one in default), *(("named-graph-uri", one) for one in named)
        ]  # fmt: skip

    def _send(self, text: str, parameters: Iterable[tuple[str, str]], kind: str) -> Rows:
        from urllib.parse import urlencode

        body = urlencode([("query", text), *parameters]).encode()
        headers = {"Accept": _JSON, "Content-Type": "application/x-www-form-urlencoded"}
        reply = self.client.send("POST", self.url, body, headers)
        if reply.status not in {_OK, _PARTIAL}:
            raise engine_error(reply) or complaint(reply)
        return read_rows(reply, kind)

    def _rows(self, shape: Shape, dataset: Dataset | None) -> Rows:
        """Ask for rows, and make sure that they are all."""
        answer = self._send(*self._aimed(shape, dataset), "results")
        count = answer.count
        if shape.limit is not None and count >= shape.limit:
            return answer
        if answer.cut or whole(count, _SMALLEST_CUT):
            more = replace(shape, offset=shape.offset + count, limit=1)
            try:
                further = self._send(*self._aimed(more, dataset), "results").count
            except QueryError:
                further = 1  # Virtuoso sorts so many rows and no more
            if further:
                raise QueryError(
                    f"{self.url} gives {count:,} rows and no more of them; the answer has more.",
                    f"Ask for a part: LIMIT {count} or a condition. Who runs it can raise the limit "
                    "(Virtuoso: ResultSetMaxRows).",
                )
        return answer

    def _describe(self, shape: Shape, dataset: Dataset | None) -> Results:
        # What DESCRIBE gives is left to each server: here it is what our own engine gives where nothing is blank.
        names, written = described(shape)
        if shape.where and names:
            rows = self._rows(replace(shape, form="select", head=" ".join(f"?{name}" for name in names)), dataset)
            written += sorted({str(one[name]) for one in rows.solutions() for name in names if _is_iri(one[name])})
        body = f" VALUES ?s {{ {' '.join(written)} }} ?s ?p ?o "
        asked = Shape("select", shape.prologue, "DISTINCT ?s ?p ?o", shape.datasets, body)
        made = Shape("construct", "", "{ ?s ?p ?o }", "", "")
        return _construct(made, self._rows(asked, dataset))

    # --- what is there -----------------------------------------------------------------------------------------------

    @cached_property
    def _ledger(self) -> Ledger:
        return read_ledger(lambda text: self._send(text, (), "results").solutions())

    @cached_property
    def _graphs(self) -> tuple[str, ...]:
        if self._way is not Way.PLAIN:
            return tuple(sorted(set(self._ledger.graphs) - {UNION}))
        rows = self._rows(read_shape("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"), None)
        return tuple(sorted(one["g"].value for one in rows.solutions()))

    @cached_property
    def _way(self) -> Way:
        if not self._ledger.graphs:
            return self._plain()
        if not self._ledger.finished:
            raise StoreError(
                f"{self.url} holds a part of a build: it is being published, or that was interrupted.",
                "Type: graphkit publish URL   It sends only what is missing.",
            )
        # What is counted: the ledger as default graph, and as the only named graph; nothing else, if it is heeded.
        both = "SELECT ?g (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g"
        parameters = [("default-graph-uri", LEDGER), ("named-graph-uri", LEDGER)]
        try:
            rows = list(self._send(both, parameters, "results").solutions())
        except QueryError:
            return Way.GRAPH
        heeded = {(one["g"].value if one["g"] else "", one["n"].value) for one in rows}
        number = str(len(self._ledger.graphs) + 1)
        return Way.PARAMETERS if heeded == {("", number), (LEDGER, number)} else Way.GRAPH

    def _plain(self) -> Way:
        """Make sure that the default graph holds each triple of the named graphs once."""
        if not self._truth(f"ASK {{ {{ ?s a <{SP}Statement> }} UNION {{ GRAPH ?g {{ ?s a <{SP}Statement> }} }} }}"):
            raise StoreError(f"{self.url} holds no graph that graphkit built.", "Type: graphkit publish URL")
        default = self._number("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        named = self._number("SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } } }")
        if default != named:
            raise StoreError(
                f"The default graph of {self.url} holds {default:,} triples and its named graphs {named:,} different "
                "ones: queries would count wrong.",
                "Type: graphkit publish URL   It adds a graph in which each triple is once.",
            )
        return Way.PLAIN

    def _truth(self, text: str) -> bool:
        return bool(ox.parse_query_results(self._send(text, (), "boolean").raw, format=ox.QueryResultsFormat.JSON))

    def _number(self, text: str) -> int:
        return int(next(iter(self._send(text, (), "results").solutions()))["n"].value)

    def _pages(self, graph: str, part: str = "") -> Iterator[ox.QuerySolution]:
        """Yield the triples of a graph; where the server cuts, by subjects whose hashes begin alike."""
        test = f' FILTER(STRSTARTS(MD5(STR(?s)), "{part}"))' if part else ""
        try:
            text = f"SELECT ?s ?p ?o {{ GRAPH {iri(graph)} {{ ?s ?p ?o{test} }} }}"
            shape = read_shape(text)
            if self._way is Way.PLAIN:
                yield from self._rows(shape, None).solutions()
            else:
                yield from self._whole(shape).solutions()
        except QueryError:
            if len(part) == len(_SIXTEENTHS) // 4:
                raise
            for one in _SIXTEENTHS:
                yield from self._pages(graph, part + one)


def _is_iri(term: object) -> bool:
    return isinstance(term, ox.NamedNode)


def _named(shape: Shape) -> str:
    from graphkit.sparql import variables

    return " ".join(f"?{name}" for name in variables(shape.head)) or "*"


def _construct(shape: Shape, rows: Rows) -> ox.QueryTriples:
    """Fill a template from rows, with our own engine."""
    names = [name for name in rows.names]
    lines = (
        "(" + " ".join("UNDEF" if one[name] is None else str(one[name]) for name in names) + ")"
        for one in rows.solutions()
    )
    head = " ".join(f"?{name}" for name in names)
    body = f" VALUES ({head}) {{ {chr(10).join(lines)} }} " if rows.count else " FILTER(false) "
    made = EmbeddedStore(ox.Store()).query(replace(shape, form="construct", datasets="", body=body, order="", limit=None, offset=0, values="", where=True).text)
    assert isinstance(made, ox.QueryTriples)  # noqa: S101 - it is a CONSTRUCT
    return made
