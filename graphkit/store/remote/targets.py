"""Two ways to put graphs on a server: the Graph Store Protocol and SPARQL Update."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from graphkit.model.iris import iri
from graphkit.store.remote.http import complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphkit.store.remote.http import Client

_NONE, _NO_CONTENT_BELOW = 404, 300
# Lines in a request: servers read a file of any size, but a query is compiled.
_FILE, _QUERY = 20_000, 500


class Target(Protocol):
    """Where graphs are put."""

    @property
    def url(self) -> str:
        """Its address."""

    def put(self, graph: str, lines: Sequence[str]) -> None:
        """Replace a graph by lines of N-Triples."""

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there."""


def _parts(lines: Iterable[str], size: int) -> Iterator[str]:
    left = iter(lines)
    while part := "".join(islice(left, size)):
        yield part


@dataclass(frozen=True, slots=True)
class GraphStore:
    """A server that takes graphs by the SPARQL 1.1 Graph Store Protocol.

    Attributes:
        url: Its address.
        client: What speaks HTTP to it.
    """

    url: str
    client: Client

    def put(self, graph: str, lines: Sequence[str]) -> None:
        """Replace a graph by lines of N-Triples, the first part of a long one by PUT, the others by POST."""
        for number, part in enumerate(_parts(lines, _FILE)):
            self._send("POST" if number else "PUT", graph, part)

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there."""
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
    """A server that takes SPARQL Update.

    Attributes:
        url: Its address.
        client: What speaks HTTP to it.
    """

    url: str
    client: Client

    def put(self, graph: str, lines: Sequence[str]) -> None:
        """Replace a graph by lines of N-Triples, a short one at once."""
        first = f"DROP SILENT GRAPH {iri(graph)} ;\n"
        for part in _parts(lines, _QUERY):
            self._send(f"{first}INSERT DATA {{ GRAPH {iri(graph)} {{\n{part}}} }}")
            first = ""

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there."""
        self._send(f"DROP SILENT GRAPH {iri(graph)}")

    def _send(self, text: str) -> None:
        reply = self.client.send("POST", self.url, text.encode(), {"Content-Type": "application/sparql-update"})
        if reply.status >= _NO_CONTENT_BELOW:
            raise complaint(reply)


def candidates(url: str, server: str, client: Client) -> list[Target]:
    """Return where a server may take graphs, the likeliest first.

    Args:
        url: Where it answers queries.
        server: What it calls itself.
        client: What speaks HTTP to it.

    >>> [one.url for one in candidates("http://x/sparql", "Virtuoso/07.20", None)]
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
    takers = [sibling("update")] if beside else [url + "/statements"] if "/repositories/" in url else []
    return [*(GraphStore(one, client) for one in stores), *(Updates(one, client) for one in [*takers, url])]
