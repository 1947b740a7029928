"""The interface that the embedded index and remote endpoints share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import BinaryIO

    import rdflib

Results: TypeAlias = "ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean"


@dataclass(frozen=True, slots=True)
class QueryDataset:
    """The graphs of a query, as in the SPARQL 1.1 Protocol.

    Attributes:
        default: IRIs of the graphs whose union is the default graph.
        named: IRIs of the graphs that GRAPH can match.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store(Protocol):
    """A graph that can be queried: the embedded index or a remote endpoint."""

    def query(self, text: str, values: Mapping[str, str] | None = None, dataset: QueryDataset | None = None) -> Results:
        """Run a SPARQL query.

        Args:
            text: SELECT, ASK, CONSTRUCT or DESCRIBE; the prefixes of `graphkit.model.iris` are declared.
            values: Variable name to the term that it is bound to, in N-Triples syntax.
            dataset: The graphs to query; by default all, with their union as the default graph.
        """

    def quads(self) -> Iterable[ox.Quad]:
        """Return every quad of every named graph."""

    def lines(self) -> BinaryIO | None:
        """Open the quads as a file of sorted N-Quads; None if there is no such file."""

    def to_rdflib(self) -> rdflib.Dataset:
        """Return the same graphs as an rdflib dataset."""


def texts(store: Store, query: str, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the named columns of a SELECT query of ours as text; "" for unbound variables."""
    found = store.query(query)
    if not isinstance(found, ox.QuerySolutions):
        raise TypeError(query)
    for row in found:
        yield tuple("" if row[name] is None else row[name].value for name in names)


def text_of(term: str) -> str:
    r"""Return the IRI, the text, or the label of the blank node, of a term that is written as in N-Triples.

    >>> text_of("<https://example.org/>"), text_of('"trust"@en'), text_of('"a \\"list\\""')
    ('https://example.org/', 'trust', 'a "list"')
    """
    if term[0] != '"':
        return term.strip("<>")
    if "\\" in term:
        (triple,) = ox.parse(f"<a:> <a:> {term} .", format=ox.RdfFormat.N_TRIPLES)
        return str(getattr(triple.object, "value", ""))
    return term[1 : term.rindex('"')]
