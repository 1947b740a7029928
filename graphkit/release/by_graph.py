"""Reads sorted N-Quads graph by graph, in constant memory but for the places of the lines.

A file sorted by subject has the lines of a graph in many runs. The first reading notes the place of each run, and the
second reads the runs of one graph after those of another.
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Iterator
from typing import BinaryIO

# The lines of disputes are one run of a quarter of a build.
_PIECE = 1 << 18


def by_graph(file: BinaryIO) -> BinaryIO:
    r"""Return a file with the same lines, those of each graph together, in the order of the names of graphs.

    >>> lines = b"<a:a> <p:p> <o:o> <g:2> .\n<a:b> <p:p> <o:o> <g:1> .\n<a:c> <p:p> <o:o> <g:2> .\n"
    >>> [line[:5] for line in by_graph(io.BytesIO(lines))]
    [b'<a:b>', b'<a:a>', b'<a:c>']
    """
    return io.BufferedReader(_Grouped(file), 1 << 18)


class _Runs:
    """The runs of lines of one graph: the number of the graph, and where each begins and ends."""

    def __init__(self, file: BinaryIO) -> None:
        self.names: dict[bytes, int] = {}
        self.graphs, self.ends = array("I"), array("Q", [0])
        before, at = -1, 0
        for line in file:
            graph = self.names.setdefault(line[line.rindex(b" <") + 1 : -3], len(self.names))
            if graph != before and at:
                self._end(before, at)
            before, at = graph, at + len(line)
        if at:
            self._end(before, at)

    def _end(self, graph: int, at: int) -> None:
        self.graphs.append(graph)
        self.ends.append(at)

    def in_order(self) -> Iterable[int]:
        """Return the numbers of the runs in the order of the names of their graphs."""
        import numpy as np

        ranks = np.argsort([self.names[name] for name in sorted(self.names)]).astype(np.uint32)
        return np.argsort(ranks[np.asarray(self.graphs)], kind="stable")


class _Grouped(io.RawIOBase):
    """A file that is read in the order of its graphs."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._parts = self._read(file)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def _read(self, file: BinaryIO) -> Iterator[bytes]:
        runs = _Runs(file)
        for run in runs.in_order():
            at, end = runs.ends[run], runs.ends[run + 1]
            file.seek(at)
            while part := file.read(min(end - file.tell(), _PIECE)):
                yield part

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
