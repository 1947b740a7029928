"""Queries to a SPARQL endpoint: an answer is complete and checked, or it is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from graphkit.model.errors import GraphkitError, QueryError, StoreError, TooCostlyError
from graphkit.model.iris import PREFIXES, iri
from graphkit.store.remote.http import Client, Reply, complaint
from graphkit.store.remote.rewrite import QueryParts, read_parts

Parameters = Sequence[tuple[str, str]]

_OK, _PARTIAL, _BAD_REQUEST, _SERVER_ERROR = 200, 206, 400, 500
# No server is known to cut an answer to fewer rows; every known limit is a round number.
_FEWEST, _ROUND = 50, 50
_DIGITS, _DEEPEST = "0123456789abcdef", 4
_ASKED = {"Accept": "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL endpoint; `whole` lists the numbers of rows of complete answers so far."""

    url: str
    client: Client
    whole: list[int] = field(default_factory=lambda: [_FEWEST - 1], compare=False)

    def truth(self, text: str, parameters: Parameters = ()) -> ox.QueryBoolean:
        """Send an ASK query."""
        return read_truth(self.send(text, parameters))

    def number(self, text: str) -> int:
        """Return the number in the first column of the first row of a SELECT query."""
        return int(next(iter(self.rows(text).solutions()))[0].value)

    def count(self, graph: str) -> int:
        """Return the number of triples of a graph."""
        return self.number(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {iri(graph)} {{ ?s ?p ?o }} }}")

    def rows(self, text: str, parameters: Parameters = ()) -> Rows:
        """Send a SELECT query of ours."""
        return self.all_rows(read_parts(text), parameters)

    def all_rows(self, parts: QueryParts, parameters: Parameters = ()) -> Rows:
        """Send a SELECT query and make sure that the answer is complete: if in doubt, ask for one more row.

        Raises:
            QueryError: The answer is cut, or the endpoint rejects the query.
        """
        answer = read_rows(self.send(parts.text, parameters))
        if parts.limit is not None and answer.count >= parts.limit:
            return answer
        # An answer longer than every complete answer so far may have reached a limit that is not a round number.
        if not answer.cut and answer.count <= max(self.whole):
            return answer
        if answer.count and not self._is_more(replace(parts, offset=parts.offset + answer.count, limit=1), parameters):
            self.whole.append(answer.count)
            return answer
        raise QueryError(
            f"{self.url} gives {answer.count:,} rows and no more, but the answer has more.",
            f"Ask for a part of it: add LIMIT {answer.count} or a condition. "
            "The operator can raise the limit (in Virtuoso: ResultSetMaxRows).",
        )

    def triples(self, graph: str, subjects: Sequence[str] = (), part: str = "") -> Iterator[ox.Triple]:
        """Yield the triples of a graph, or of some subjects; if the server cuts the answer, in parts by a hash."""
        chosen = f"VALUES ?s {{ {' '.join(subjects)} }} " if subjects else ""
        test = f' FILTER(STRSTARTS(MD5(STR({"?o" if subjects else "?s"})), "{part}"))' if part else ""
        try:
            rows = self.rows(f"SELECT ?s ?p ?o {{ {chosen}GRAPH {iri(graph)} {{ ?s ?p ?o{test} }} }}")
        except QueryError:
            if len(part) == _DEEPEST:
                raise
            for digit in _DIGITS:
                yield from self.triples(graph, subjects, part + digit)
        else:
            yield from (ox.Triple(row["s"], row["p"], row["o"]) for row in rows.solutions())

    def _is_more(self, parts: QueryParts, parameters: Parameters) -> bool:
        try:
            return read_rows(self.send(parts.text, parameters)).count > 0
        except TooCostlyError:
            raise
        except QueryError:
            return True  # Virtuoso refuses to sort more rows than a limit

    def send(self, text: str, parameters: Parameters) -> Reply:
        """Send a query and return the answer, which may be cut.

        Raises:
            QueryError: The endpoint rejects the query.
            StoreError: The endpoint refuses the request.
        """
        body = urlencode([("query", text), *parameters]).encode()
        reply = self.client.send("POST", self.url, body, _ASKED)
        if reply.status not in {_OK, _PARTIAL}:
            raise query_error(reply) or complaint(reply)
        return reply


_BOOLEAN = PREFIXES["xsd"] + "boolean"
_TRUTH = {"1": "true", "0": "false"}
_NOT_RESULTS = "Is this the address of the query service? It often ends in /sparql or /query."


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT query.

    Attributes:
        raw: SPARQL 1.1 Query Results JSON.
        cut: Whether the server reports that it cut the answer, or the number of rows suggests it.
        repaired: Whether a value was converted back from the server's own form.
    """

    names: tuple[str, ...]
    count: int
    raw: bytes
    cut: bool
    repaired: bool = False

    def solutions(self) -> Iterator[ox.QuerySolution]:
        """Parse the rows."""
        return solutions(self.raw)


def solutions(raw: bytes) -> ox.QuerySolutions:
    """Parse rows of SPARQL 1.1 Query Results JSON."""
    found = ox.parse_query_results(raw, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(raw[:100])
    return found


def read_truth(reply: Reply) -> ox.QueryBoolean:
    """Parse the answer to an ASK query.

    Raises:
        StoreError: The body is not a SPARQL result.
    """
    if not isinstance(_json(reply).get("boolean"), bool):
        raise _wrong(reply)
    found = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QueryBoolean):
        raise _wrong(reply)
    return found


def read_rows(reply: Reply) -> Rows:
    """Parse the answer to a SELECT query.

    Raises:
        StoreError: The body is not a SPARQL result.
        TooCostlyError: The server stopped and sent a part of the answer.
    """
    if reply.status == _PARTIAL or "x-sql-state" in reply.headers:
        message = reply.headers.get("x-sql-message", "")
        raise TooCostlyError(f"{reply.url} gives only a part of the answer. {message}".strip(), "Ask for less.")
    answer = _json(reply)
    try:
        names = tuple(str(name) for name in answer["head"]["vars"])
        bindings = answer["results"]["bindings"]
        changed = [_repair(term) for row in bindings for term in row.values()]
        if not {name for row in bindings for name in row} <= set(names):
            raise _wrong(reply)
        raw = json.dumps(answer).encode() if any(changed) else reply.body
        for _ in solutions(raw):  # parse everything once, so that a broken row is found before the first is used
            pass
    except (KeyError, TypeError, AttributeError, SyntaxError, ValueError) as error:
        raise _wrong(reply) from error
    return Rows(names, len(bindings), raw, _says_cut(reply) or looks_cut(len(bindings)), any(changed))


def _repair(term: dict[str, Any]) -> bool:
    # Virtuoso stores truth values as numbers.
    if term.get("datatype") != _BOOLEAN or term["value"] not in _TRUTH:
        return False
    term["value"] = _TRUTH[term["value"]]
    return True


def _says_cut(reply: Reply) -> bool:
    return bool({"x-sparql-maxrows", "x-truncated"} & set(reply.headers))


def looks_cut(count: int) -> bool:
    """Return whether a number of rows may be a limit of the server: a round number or a power of two.

    >>> looks_cut(10_000), looks_cut(1_024), looks_cut(10_017), looks_cut(7)
    (True, True, False, False)
    """
    return count >= _FEWEST and (count % _ROUND == 0 or count & (count - 1) == 0)


def _json(reply: Reply) -> dict[str, Any]:
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise _wrong(reply) from error
    if not isinstance(answer, dict):
        raise _wrong(reply)
    return answer


def _wrong(reply: Reply) -> StoreError:
    kind = reply.headers.get("content-type", "no type").partition(";")[0]
    return StoreError(
        f"{reply.url} answered {reply.status} with {kind}, not with SPARQL results: {reply.first_line}", _NOT_RESULTS
    )


_COMPLAINT = re.compile(r"SP0\d\d|SR353|syntax|pars(?:e|ing)|malformed|SPARQL", re.IGNORECASE)
_OVER_TIME = re.compile(r"S1T00|time.?out|timed out|exceeded.*time|time.*exceed", re.IGNORECASE)


def query_error(reply: Reply) -> GraphkitError | None:
    """Return the error for a query that the server rejects, or None if the server reports something else."""
    text = f"{reply.url} answered {reply.status}: {reply.first_line}"
    if reply.status >= _BAD_REQUEST and _OVER_TIME.search(reply.first_line):
        return TooCostlyError(text, "Ask for less, or ask the operator for more time.")
    if reply.status == _BAD_REQUEST or (reply.status >= _SERVER_ERROR and _COMPLAINT.search(reply.first_line)):
        return QueryError(text, "Try it without --store: if it works there, the endpoint does not support it.")
    return None
