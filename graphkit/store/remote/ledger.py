"""The ledger that `graphkit publish` keeps on a server beside the graphs of a build and their union.

The ledger is a small graph that lists our graphs and the content of each when it was sent. It marks the build as
complete only after the last graph has arrived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphkit.model.iris import PREFIXES, graph_iri, iri, literal
from graphkit.store.remote.endpoint import Endpoint

UNION = graph_iri("union")
LEDGER = graph_iri("published")

_HOLDS = PREFIXES["dcterms"] + "identifier"
_WHOLE = PREFIXES["dcterms"] + "hasVersion"
PENDING = "pending"
_READ = f"SELECT ?g ?p ?o {{ GRAPH {iri(LEDGER)} {{ ?g ?p ?o }} }}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The graphs of a build on a server.

    Attributes:
        graphs: The IRI of each graph to a hash of its lines, or to "pending" while it is being replaced.
        whole: A hash of the whole build; "" while it is incomplete.
    """

    graphs: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""

    @property
    def stamp(self) -> str:
        """The triple that marks the build as complete."""
        return triple(LEDGER, _WHOLE, self.whole)

    def lines(self) -> list[str]:
        """Return the ledger as N-Triples."""
        entries = [triple(graph, _HOLDS, entry) for graph, entry in sorted(self.graphs.items())]
        return [*entries, *([self.stamp] if self.whole else [])]


def triple(subject: str, predicate: str, text: str) -> str:
    """Write a triple whose object is text."""
    return f"{iri(subject)} {iri(predicate)} {literal(text)} .\n"


def read_ledger(endpoint: Endpoint) -> Ledger:
    """Read the ledger of a server; it is empty if nothing was published."""
    graphs: dict[str, str] = {}
    whole = ""
    for row in endpoint.rows(_READ).solutions():
        graph, predicate, text = (row[number].value for number in range(3))
        if predicate == _HOLDS:
            # Two entries for one graph contradict each other.
            graphs[graph] = PENDING if graph in graphs else text
        elif predicate == _WHOLE:
            whole = text
    return Ledger(graphs, whole)
