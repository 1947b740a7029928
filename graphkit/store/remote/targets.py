"""Two ways to write graphs to a server, Graph Store Protocol and SPARQL Update; and a test for changed values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import pyoxigraph as ox

from graphkit.model.iris import PREFIXES, graph_iri, iri
from graphkit.store.remote.endpoint import Endpoint
from graphkit.store.remote.http import Client, complaint

_NONE, _NO_CONTENT_BELOW = 404, 300
# Lines in a request: servers read files of any size, but they compile a query.
_FILE, _QUERY = 20_000, 500


class Target(Protocol):
    """A destination for graphs."""

    @property
    def url(self) -> str:
        """The address."""

    def put(self, graph: str, lines: Sequence[str]) -> None:
        """Replace a graph by lines of N-Triples."""

    def drop(self, graph: str) -> None:
        """Remove a graph, if it exists."""


def _parts(lines: Iterable[str], size: int) -> Iterator[str]:
    left = iter(lines)
    while part := "".join(islice(left, size)):
        yield part


@dataclass(frozen=True, slots=True)
class GraphStore:
    """A server with the SPARQL 1.1 Graph Store Protocol."""

    url: str
    client: Client

    def put(self, graph: str, lines: Sequence[str]) -> None:
        """Replace a graph by lines of N-Triples: PUT for the first part of a long graph, POST for the others."""
        for number, part in enumerate(_parts(lines, _FILE)):
            self._send("POST" if number else "PUT", graph, part)

    def drop(self, graph: str) -> None:
        """Remove a graph, if it exists."""
        self._send("DELETE", graph)

    def _send(self, method: str, graph: str, text: str = "") -> None:
        mark = "&" if urlsplit(self.url).query else "?"
        address = f"{self.url}{mark}graph={quote(graph, safe='')}"
        headers = {"Content-Type": "application/n-triples"} if text else {}
        reply = self.client.send(method, address, text.encode(), headers)
        gone = method == "DELETE" and reply.status == _NONE
        if reply.status >= _NO_CONTENT_BELOW and not gone:
            raise complaint(reply)


@dataclass(frozen=True, slots=True)
class Updates:
    """A server with SPARQL Update."""

    url: str
    client: Client

    def put(self, graph: str, lines: Sequence[str]) -> None:
        """Replace a graph by lines of N-Triples, a short graph in one request."""
        first = f"DROP SILENT GRAPH {iri(graph)} ;\n"
        for part in _parts(lines, _QUERY):
            self.update(f"{first}INSERT DATA {{ GRAPH {iri(graph)} {{\n{part}}} }}")
            first = ""

    def drop(self, graph: str) -> None:
        """Remove a graph, if it exists."""
        self.update(f"DROP SILENT GRAPH {iri(graph)}")

    def update(self, text: str) -> None:
        """Send an update."""
        reply = self.client.send("POST", self.url, text.encode(), {"Content-Type": "application/sparql-update"})
        if reply.status >= _NO_CONTENT_BELOW:
            raise complaint(reply)


def candidates(url: str, server: str, client: Client) -> list[Target]:
    """Return the addresses at which a server may accept graphs, the likeliest first.

    Args:
        url: The query address.
        server: The Server header.

    >>> [target.url for target in candidates("http://x/sparql", "Virtuoso/07.20", None)]
    ['http://x/sparql-graph-crud-auth', 'http://x/sparql-auth']
    """
    if "virtuoso" in server.lower():
        plain = url.removesuffix("-auth")
        return [GraphStore(plain + "-graph-crud-auth", client), Updates(plain + "-auth", client)]
    parts = urlsplit(url)
    folder, _, last = parts.path.rpartition("/")
    beside = last in {"sparql", "query"}

    def sibling(name: str) -> str:
        return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{name}", "", ""))

    stores = [sibling("data"), sibling("store")] if beside else []  # Fuseki, Oxigraph
    if "/repositories/" in url:  # GraphDB, RDF4J
        stores.append(url + "/rdf-graphs/service")
    updates = [sibling("update")] if beside else [url + "/statements"] if "/repositories/" in url else []
    return [
        *(GraphStore(store, client) for store in stores),
        *(Updates(address, client) for address in [*updates, url]),
    ]


PROBE = graph_iri("probe")
_LITERAL = re.compile(r'("(?:[^"\\]|\\.)*")(\^\^<[^>]*>|@[A-Za-z0-9-]+)? \.\n$')
# Texts of each language, and values of each datatype; nearly all values, because a server may change just one.
_TEXTS, _VALUES = 40, 20_000


def probe_lines(lines: Iterable[str]) -> list[str]:
    r"""Choose literals from N-Triples: those with a datatype, some of each language, and texts beyond ASCII.

    >>> len(probe_lines(['<x:a> <x:b> "1.50"^^<x:decimal> .\n', "<x:a> <x:b> <x:c> .\n"]))
    1
    """
    kinds: Counter[str] = Counter()
    chosen: dict[str, None] = {}
    for line in lines:
        found = _LITERAL.search(line)
        if not found or found[0] in chosen:
            continue
        kind = found[2] or ""
        kind += " odd" if not found[1].isascii() or "\\" in found[1] else ""
        if kinds[kind] < (_VALUES if kind.startswith("^^") else _TEXTS):
            kinds[kind] += 1
            chosen[found[0]] = None
    value = iri(PREFIXES["rdf"] + "value")
    return [f"{iri(f'{PROBE}/{number}')} {value} {literal}" for number, literal in enumerate(chosen)]


def rewritten(endpoint: Endpoint, lines: Sequence[str]) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Return the values that the server changed, each as sent and as received, and whether some were repaired."""
    rows = endpoint.rows(f"SELECT ?s ?o {{ GRAPH {iri(PROBE)} {{ ?s ?p ?o }} }}")
    back = {str(row["s"]): str(row["o"]) for row in rows.solutions()}
    sent = {
        str(triple.subject): str(triple.object) for triple in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES)
    }
    odd = ((text, back.get(name, "nothing")) for name, text in sent.items() if back.get(name) != text)
    return tuple(sorted(odd)), rows.repaired
