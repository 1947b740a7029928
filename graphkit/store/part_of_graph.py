"""The part of a large graph that rules read, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from graphkit.store.embedded import EmbeddedStore

# Bytes of a file that are loaded at a time: the engine never gives all of the memory back that a large part takes.
_READ = 2_000_000


class PartialStore(EmbeddedStore):
    """Triples with some predicates, each once and in no graph, and some whole graphs.

    Args:
        predicates: The predicates of what is added, in angle brackets; they may change.
        graphs: The IRIs of the graphs that are kept whole, also by name.
    """

    def __init__(self, predicates: Collection[bytes], graphs: Collection[str]) -> None:
        super().__init__(ox.Store())
        self.predicates = predicates
        self._graphs = graphs

    def load(self, path: Path) -> None:
        """Add the triples of a file of N-Quads that we wrote; large results of rules go beside it."""
        self.scratch = str(path.parent)
        with path.open("rb") as file:
            while lines := file.readlines(_READ):
                self.add_union(self._read(lines))

    def _add_part(self, graph: ox.NamedNode, triples: bytes) -> None:
        if graph.value in self._graphs:
            super()._add_part(graph, triples)
        elif read := b"".join(self._read(triples.splitlines(keepends=True))):
            self._store.bulk_load(read, format=ox.RdfFormat.N_TRIPLES, lenient=True)

    def _read(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines that rules read."""
        return (line for line in lines if line.split(b" ", 2)[1] in self.predicates)
