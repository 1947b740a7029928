"""The one room that talks to a database or an endpoint.

Everything right of the build sees only a `Store`, so that it works alike on the embedded store and on any
SPARQL 1.1 endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox

from graphkit.store.embedded import EmbeddedStore, in_memory, open_store
from graphkit.store.index import fill, index_file, index_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import BinaryIO

    import rdflib

__all__ = [
    "Dataset", "EmbeddedStore", "Results", "Store", "fill", "in_memory", "index_file", "index_part", "open_store",
    "texts",
]  # fmt: skip

Results: TypeAlias = "ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query sees, as the SPARQL 1.1 Protocol names them.

    Attributes:
        default: IRIs of the graphs whose union is the default graph.
        named: IRIs of the graphs that GRAPH reaches.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store(Protocol):
    """What everything right of the build sees."""

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: Dataset | None = None) -> Results:
        """Ask a SPARQL query; the default graph is the union of all graphs."""

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every named graph."""

    def lines(self) -> BinaryIO | None:
        """Open its quads as sorted lines of N-Quads, where they are at hand; None elsewhere."""

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset."""


def texts(store: Store, query: str, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the named columns of a SELECT query of our own as text, "" where nothing is bound."""
    found = store.query(query)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(query)
    for row in found:
        yield tuple("" if row[name] is None else row[name].value for name in names)
