"""RDF exports. Named graphs keep sources and policies apart; Turtle has no named graphs and holds one policy."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from graphkit.model.files import replacing
from graphkit.model.iris import DATASET, POLICIES, PREFIXES, SP, expand, graph_iri
from graphkit.release.tables.streams import temporary_file
from graphkit.store import Store

if TYPE_CHECKING:
    import sqlite3

_PART = 10_000
# The lines of disputes are one run of a quarter of a build.
_PIECE = 1 << 18


def write_turtle(store: Store, policy: str, path: Path) -> list[Path]:
    """Write the union of all graphs, with the plain triples of one policy, and name that policy."""
    kept = store.lines()
    if kept is not None:
        return _streamed(kept, policy, path)
    others = {graph_iri(f"flat/{name}") for name in POLICIES if name != policy}
    triples = {quad.triple for quad in store.quads() if str(getattr(quad.graph_name, "value", "")) not in others}
    note = ox.Triple(ox.NamedNode(DATASET), ox.NamedNode(expand("dcterms:conformsTo")), ox.NamedNode(SP + policy))
    return _write(path, ox.serialize(sorted({*triples, note}, key=str), format=ox.RdfFormat.TURTLE, prefixes=PREFIXES))


def _streamed(lines: BinaryIO, policy: str, path: Path) -> list[Path]:
    """Write the same from the sorted lines of a build, in constant memory."""
    with lines, replacing(path) as beside:
        triples = chain.from_iterable(map(_triples, _parts(_flat_lines(lines, policy))))
        ox.serialize(triples, beside, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    return [path]


def _flat_lines(lines: Iterable[bytes], policy: str) -> Iterator[bytes]:
    """Yield the lines without their graphs, each once; the same triple in several graphs is on neighbouring lines."""
    others = tuple(f" <{graph_iri(f'flat/{name}')}> .\n".encode() for name in POLICIES if name != policy)
    note = f"<{DATASET}> <{expand('dcterms:conformsTo')}> <{SP}{policy}> .\n".encode()
    bare = (line[: line.rindex(b" <")] + b" .\n" for line in lines if not line.endswith(others))
    return (line for line, _ in groupby(merge(bare, [note])))


def _parts(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    return iter(lambda: list(islice(lines, _PART)), [])


def _triples(lines: list[bytes]) -> Iterator[ox.Triple]:
    quads = ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return (quad.triple for quad in quads)


def write_trig(store: Store, _policy: str, path: Path) -> list[Path]:
    """Write all named graphs as TriG; each policy has its own graph."""
    return _quads(store, path, ox.RdfFormat.TRIG)


def write_nquads(store: Store, _policy: str, path: Path) -> list[Path]:
    """Write all named graphs as sorted N-Quads: the bytes of `build/graph.nq`."""
    with sorted_lines(store) as lines, replacing(path) as beside, beside.open("wb") as file:
        shutil.copyfileobj(lines, file)
    return [path]


def sorted_lines(store: Store) -> BinaryIO:
    """Return the sorted N-Quads of a store: those of its build, or made in memory."""
    return store.lines() or io.BytesIO("".join(sorted(f"{quad} .\n" for quad in store.quads())).encode())


def write_jsonld(store: Store, _policy: str, path: Path) -> list[Path]:
    """Write all named graphs as JSON-LD that needs no remote context."""
    return _quads(store, path, ox.RdfFormat.JSON_LD)


def _quads(store: Store, path: Path, form: ox.RdfFormat) -> list[Path]:
    """Write each graph as one block: from the sorted lines of a build in constant memory, else sorted in memory."""
    kept = store.lines()
    if kept is None:
        quads = sorted(store.quads(), key=lambda quad: (str(quad.graph_name), str(quad)))
        return _write(path, ox.serialize(quads, format=form, prefixes=PREFIXES))
    with kept, by_graph(kept) as lines, replacing(path) as beside:
        parsed = ox.parse(lines, format=ox.RdfFormat.N_QUADS, lenient=True)
        ox.serialize(parsed, beside, format=form, prefixes=PREFIXES)
    return [path]


def _write(path: Path, whole: bytes | None) -> list[Path]:
    with replacing(path) as beside:
        beside.write_bytes(whole or b"")
    return [path]


@contextmanager
def by_graph(file: BinaryIO) -> Iterator[BinaryIO]:
    r"""Yield a file with the same lines, those of each graph together, in the order of the names of graphs.

    >>> lines = b"<a:a> <p:p> <o:o> <g:2> .\n<a:b> <p:p> <o:o> <g:1> .\n<a:c> <p:p> <o:o> <g:2> .\n"
    >>> with by_graph(io.BytesIO(lines)) as grouped:
    ...     [line[:5] for line in grouped]
    [b'<a:b>', b'<a:a>', b'<a:c>']
    """
    with temporary_file() as runs:
        yield io.BufferedReader(_Grouped(file, runs), 1 << 18)


def _runs(file: BinaryIO) -> Iterator[tuple[bytes, int, int]]:
    """Yield the end of neighbouring lines of one graph, and where these lines begin and end; the first run is empty."""
    start, end, tail = 0, 0, b"\0"
    for line in file:
        if not line.endswith(tail):
            yield tail, start, end
            start, tail = end, line[line.rindex(b" <") :]
        end += len(line)
    yield tail, start, end


def _of_graphs(file: BinaryIO, runs: sqlite3.Connection) -> Iterator[bytes]:
    """Yield the lines of each graph in large pieces; most runs are shorter than the buffer of a file."""
    raw, pieces = getattr(file, "raw", file), io.BytesIO()
    runs.execute("CREATE TABLE runs (graph, start, end)")
    runs.executemany("INSERT INTO runs VALUES (?, ?, ?)", _runs(file))
    for start, end in runs.execute("SELECT start, end FROM runs ORDER BY graph, start"):
        raw.seek(start)
        left = end - start
        while part := raw.read(min(left, _PIECE)):
            left -= pieces.write(part)
            if pieces.tell() >= _PIECE:
                yield pieces.getvalue()
                pieces = io.BytesIO()
    yield pieces.getvalue()


class _Grouped(io.RawIOBase):
    """A file that is read in the order of its graphs."""

    def __init__(self, file: BinaryIO, runs: sqlite3.Connection) -> None:
        super().__init__()
        self._parts = _of_graphs(file, runs)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
