"""What an endpoint answers: checked, repaired where a server spells a value in its own way, and never half."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from graphkit.model.errors import GraphkitError, QueryError, StoreError, TooCostlyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphkit.store.remote.http import Reply

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUTH = {"1": "true", "0": "false"}
_PARTIAL, _BAD_REQUEST, _SERVER_ERROR = 206, 400, 500
# Fewer rows than these no server is known to cut an answer to; where one cuts, it is to a round number.
_FEWEST, _ROUND = 50, 50
_NOT_RESULTS = "Is this the address of the query service? It often ends in /sparql or /query."


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT.

    Attributes:
        names: Its variables.
        count: How many rows it has.
        raw: SPARQL 1.1 Query Results JSON.
        cut: Whether the server says that there are more, or the number of rows looks as if there were.
        repaired: Whether the server spells some value in its own way.
    """

    names: tuple[str, ...]
    count: int
    raw: bytes
    cut: bool
    repaired: bool = False

    def solutions(self) -> Iterator[ox.QuerySolution]:
        """Yield the rows."""
        return solutions(self.raw)


def solutions(raw: bytes) -> ox.QuerySolutions:
    """Read rows of SPARQL 1.1 Query Results JSON."""
    found = ox.parse_query_results(raw, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(raw[:100])
    return found


def read_truth(reply: Reply) -> ox.QueryBoolean:
    """Read the answer to an ASK.

    Raises:
        StoreError: It is none.
    """
    if not isinstance(_json(reply).get("boolean"), bool):
        raise _wrong(reply)
    found = ox.parse_query_results(reply.body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(found, ox.QueryBoolean):
        raise _wrong(reply)
    return found


def read_rows(reply: Reply) -> Rows:
    """Read the answer to a SELECT.

    Raises:
        StoreError: It is none.
        TooCostlyError: The server gave up on the way and sent what it had.
    """
    if reply.status == _PARTIAL or "x-sql-state" in reply.headers:
        said = reply.headers.get("x-sql-message", "")
        raise TooCostlyError(f"{reply.url} gives only a part of the answer. {said}".strip(), "Ask for less.")
    answer = _json(reply)
    try:
        names = tuple(str(name) for name in answer["head"]["vars"])
        bindings = answer["results"]["bindings"]
        changed = [_repair(term) for row in bindings for term in row.values()]
        if not {name for row in bindings for name in row} <= set(names):
            raise _wrong(reply)
        raw = json.dumps(answer).encode() if any(changed) else reply.body
        for _ in solutions(raw):  # all of it is read once, so that no one meets a broken row halfway
            pass
    except (KeyError, TypeError, AttributeError, SyntaxError, ValueError) as error:
        raise _wrong(reply) from error
    return Rows(names, len(bindings), raw, _says_cut(reply) or looks_cut(len(bindings)), any(changed))


def _repair(term: dict[str, Any]) -> bool:
    # Virtuoso keeps no truth values, only numbers.
    if term.get("datatype") != _BOOLEAN or term["value"] not in _TRUTH:
        return False
    term["value"] = _TRUTH[term["value"]]
    return True


def _says_cut(reply: Reply) -> bool:
    return bool({"x-sparql-maxrows", "x-truncated"} & set(reply.headers))


def looks_cut(count: int) -> bool:
    """Say whether a number of rows may be a limit of the server: a round one, or a power of two.

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
    """Make an error of what a server says against a query, or nothing where it says something else."""
    text = f"{reply.url} answered {reply.status}: {reply.first_line}"
    if reply.status >= _BAD_REQUEST and _OVER_TIME.search(reply.first_line):
        return TooCostlyError(text, "Ask for less, or ask who runs it for more time.")
    if reply.status == _BAD_REQUEST or (reply.status >= _SERVER_ERROR and _COMPLAINT.search(reply.first_line)):
        return QueryError(text, "The same query may work without --store: then the endpoint cannot take it as it is.")
    return None
