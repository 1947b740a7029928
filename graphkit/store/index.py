"""The disposable index of `build/graph.nq`.

The default graph of a store holds every triple of every named graph once: Oxigraph's own union of graphs
would count a triple once for each graph that it is in.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, BinaryIO, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# How many bytes of lines are read at a time.
_PART = 1 << 20


def fill(store: ox.Store, lines: Iterable[str]) -> None:
    """Load N-Quads lines into their graphs and into the union."""
    whole = [line.encode() for line in lines]
    store.bulk_load(b"".join(whole), format=ox.RdfFormat.N_QUADS)
    store.bulk_load(b"".join(_triples(whole)), format=ox.RdfFormat.N_TRIPLES)


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    # The graph name is the last term of a line and has no space in it.
    return (line[: line.rindex(b" <")] + b" .\n" for line in lines)


# The engine keeps what one bulk_load reads until all of it is sorted: 1.7 GB at 2.5 million quads, 0.3 GB in slices
# of a quarter of a million, in the same time.
_SLICE = 250_000


def index_file(folder: Path, path: Path) -> None:
    """Make a store on disk of a file of N-Quads that we wrote, in constant memory."""
    store = ox.Store(folder)
    for form in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES):
        with path.open("rb") as file:
            part = _Slice(file, union=form == ox.RdfFormat.N_TRIPLES)
            while not part.ended:
                store.bulk_load(cast("IO[bytes]", part), format=form, lenient=True)
                part = _Slice(file, union=part.union)
    store.flush()


class _Slice:
    """So many lines of N-Quads as a file of their own.

    Args:
        file: The lines.
        union: Whether they come as N-Triples, for the union of all graphs.
    """

    def __init__(self, file: BinaryIO, *, union: bool) -> None:
        self.file = file
        self.union = union
        self.left = _SLICE
        self.text, self.at = b"", 0
        self._fill()
        self.ended = not self.text

    def _fill(self) -> None:
        lines = self.file.readlines(_PART) if self.left > 0 else []
        self.left -= len(lines)
        self.text, self.at = b"".join(_triples(lines) if self.union else lines), 0

    def read(self, size: int = -1) -> bytes:
        """Return at most so many bytes."""
        if self.at >= len(self.text):
            self._fill()
        part = self.text[self.at : self.at + size] if size >= 0 else self.text[self.at :]
        self.at += len(part)
        return part
