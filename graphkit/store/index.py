"""The disposable index of `build/graph.nq`.

The default graph of a store holds every triple of every named graph once: Oxigraph's own union of graphs
would count a triple once for each graph that it is in.
"""

from __future__ import annotations

import sys
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
    store.bulk_load(b"".join([*whole, *_triples(whole)]), format=ox.RdfFormat.N_QUADS)


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    # The graph name is the last term of a line and has no space in it.
    return (line[: line.rindex(b" <")] + b" .\n" for line in lines)


# The engine keeps what one bulk_load reads until all of it is sorted: 1.7 GB at 2.5 million quads, 0.3 GB in slices
# of a quarter of a million, in the same time.
_SLICE = 250_000


def index_file(folder: Path, path: Path) -> None:
    """Make a store on disk of a file of N-Quads that we wrote, in constant memory."""
    for union in (False, True):
        index_part(folder, path, 0, union=union)


def index_part(folder: Path, path: Path, start: int, *, union: bool, slices: int = sys.maxsize) -> int:
    """Load a part of a file of N-Quads that we wrote into a store on disk.

    The memory of a process grows a little with each slice: a large file is loaded by several, one after the other.

    Args:
        folder: The store.
        path: The file.
        start: Where in the file to begin.
        union: Whether its triples go into the union of all graphs, or its quads into their graphs.
        slices: After so many slices of a quarter of a million lines it ends.

    Returns:
        Where the next part begins, or -1 at the end of the file.
    """
    store = ox.Store(folder)
    form = ox.RdfFormat.N_TRIPLES if union else ox.RdfFormat.N_QUADS
    with path.open("rb") as file:
        file.seek(start)
        part = _Slice(file, union=union)
        while not part.ended and slices:
            store.bulk_load(cast("IO[bytes]", part), format=form, lenient=True)
            slices -= 1
            start = file.tell()
            part = _Slice(file, union=union)
    store.flush()
    return -1 if part.ended else start


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
