"""Pieces of parts: lines and rows of tables, cut and merged in the tasks; the JVM moves them as compressed bytes.

The parts are cut by the lines alone, never by the cluster: the hashes of propositions into equal ranges, and names of
sources at equal distances. Each part is sorted, and so are the parts: one after the other they are the graph before
rules.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from typing import TYPE_CHECKING

from graphkit.build.sorted_runs import PROPOSITION, SOURCE, STATEMENT
from graphkit.curate.tables.spark.packed import packed_batch, unsqueeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa
    from pyspark import Broadcast

    from graphkit.curate.tables.spark.work import SourceTables

# Bytes of the lines that a task holds at once, and of the rows in which a part is written.
_BATCH, _ROW = 16_000_000, 1_000_000
# The tables about propositions; the others are about sources and their statements.
_HASHED = ("propositions", "alternatives")
# The ends of the files.
NEWLINE = b"\n"
PARQUET_END = b"PAR1"
# The columns of pieces, and of parts, in a data frame of Spark.
PIECES = "part string, data binary"


@dataclass(frozen=True)
class Cuts:
    """The borders between parts.

    Attributes:
        count: How many parts the propositions have, and at most the sources, and at most the statements.
        names: Names of sources, fewer than `count`.
    """

    count: int
    names: Sequence[str] = ()

    @cached_property
    def _edges(self) -> dict[str, list[str]]:
        # A name that goes on with a hyphen is before the name itself with a slash, and after it with a bracket.
        return {end: sorted(f"{name}{end}" for name in self.names) for end in ">/"}

    def hashed(self, name: str) -> int:
        """Return the part of a proposition among those of propositions."""
        return int(name[:8], 16) * self.count >> 32

    def named(self, name: str) -> int:
        """Return the part of a source, whose name ends with ">", or of its statements, whose name ends with "/"."""
        return bisect_right(self._edges[name[-1]], name)

    def part(self, key: str) -> str:
        """Return the part of the lines that begin with some characters."""
        first = 0
        for prefix, among in ((PROPOSITION, self.hashed), (SOURCE, self.named), (STATEMENT, self.named)):
            # Lines that belong to no source are before, between and after the others.
            if key < prefix:
                break
            if key.startswith(prefix):
                return f"{first + 1 + among(key[len(prefix) :]):08d}"
            first += 1 + self.count
        return f"{first:08d}"

    def row(self, table: str, name: str) -> str:
        """Return the part of a row of a table."""
        among = self.hashed(name[2:]) if table in _HASHED else self.named(f"{name.partition('/')[0]}/")
        return f"{table}-{among:05d}"


def _key(lines: bytes) -> str:
    """Return the characters of the first line that decide about its part."""
    subject = lines[: lines.index(b" ")].decode()
    if not subject.startswith(STATEMENT):
        return subject
    return f"{STATEMENT}{subject[len(STATEMENT) :].partition('/')[0]}/"


# --- before the shuffle -------------------------------------------------------------------------------


def line_pieces(cuts: Cuts, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut the lines of compiled sources into pieces of the parts."""
    for sources in _sources_of(batches):
        propositions, *others = zip(*map(_regions, sources), strict=True)
        yield packed_batch(cut_lines(cuts, [*_runs(cuts, _sorted(propositions)), *chain(*others)]), PIECES)


def other_pieces(cuts: Cuts, lines: Iterable[str]) -> list[tuple[str, bytes]]:
    """Cut lines that belong to no source into pieces of the parts."""
    ordered = sorted({line.encode() for line in lines})
    return list(cut_lines(cuts, (b"".join(some) for _, some in groupby(ordered, _key))))


def cut_lines(cuts: Cuts, runs: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield pieces of the parts of some runs of sorted lines, each of one part."""
    import pyarrow as pa

    found: dict[str, list[bytes]] = {}
    for run in runs:
        found.setdefault(cuts.part(_key(run)), []).append(run)
    for part, some in found.items():
        yield part, _packed(pa.record_batch([pa.array(some, pa.binary())], ["lines"]))


def _runs(cuts: Cuts, lines: Sequence[bytes]) -> Iterator[bytes]:
    """Cut the sorted lines of propositions between parts."""
    at = 0
    while at < len(lines):
        part = cuts.part(_key(lines[at]))
        end = bisect_right(lines, part, at, key=lambda line: cuts.part(_key(line)))
        yield b"".join(lines[at:end])
        at = end


def row_pieces(
    cuts: Cuts, tables: Broadcast[SourceTables], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Make rows of tables of compiled sources, and cut them into pieces of the parts of the tables."""
    for sources in _sources_of(batches):
        propositions, *others = zip(*map(_regions, sources), strict=True)
        lines = [*_sorted(propositions), *b"".join(chain(*others)).splitlines(keepends=True)]
        pieces = (piece for name, rows in tables.value.rows(lines) for piece in _cut_rows(cuts, name, rows))
        yield packed_batch(pieces, PIECES)


def _cut_rows(cuts: Cuts, table: str, rows: pa.RecordBatch) -> Iterator[tuple[str, bytes]]:
    at = 0
    for part, some in groupby(rows.column(0).to_pylist(), lambda name: cuts.row(table, name)):
        length = sum(1 for _ in some)
        yield part, _packed(rows.slice(at, length))
        at += length


def _sources_of(batches: Iterable[pa.RecordBatch]) -> Iterator[list[bytes]]:
    """Yield the lines of some sources at a time."""
    waiting: list[bytes] = []
    size = 0
    for batch in batches:
        for data in batch.column(0).to_pylist():
            waiting.append(unsqueeze(data))
            size += len(waiting[-1])
            if size > _BATCH:
                yield waiting
                waiting, size = [], 0
    if waiting:
        yield waiting


def _regions(lines: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the lines about the propositions, about a source and about its statements, of sorted lines."""
    source, statement = (_find(lines, f"\n{prefix}".encode()) for prefix in (SOURCE, STATEMENT))
    return lines[:source], lines[source:statement], lines[statement:]


def _find(lines: bytes, start: bytes) -> int:
    """Return where the first line begins that follows a line end in some bytes."""
    return 0 if lines.startswith(start[1:]) else lines.find(start) + 1 or len(lines)


def _sorted(pieces: Iterable[bytes]) -> list[bytes]:
    """Return the lines of sorted pieces, sorted."""
    lines = [line for piece in sorted(pieces) for line in piece.splitlines(keepends=True)]
    lines.sort()
    return lines


def _packed(rows: pa.RecordBatch) -> bytes:
    """Return rows as compressed bytes."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_stream(sink, rows.schema, options=options) as stream:
        stream.write_batch(rows)
    return bytes(sink.getvalue())


def _unpacked(pieces: Iterable[bytes]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    options = pa.ipc.IpcReadOptions(use_threads=False)
    return (rows for piece in pieces for rows in pa.ipc.open_stream(piece, options=options))


# --- after the shuffle --------------------------------------------------------------------------------


def merged_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Merge the pieces of each part; its name gets its size, the number of its lines and its hash."""

    def merge(part: str, pieces: list[bytes]) -> tuple[str, Iterable[bytes]]:
        runs = [run for rows in _unpacked(pieces) for run in rows.column(0).to_pylist()]
        # Several sources may be about one proposition; all other runs have one source each.
        if runs[0].startswith(PROPOSITION.encode()):
            runs = [line for line, _ in groupby(_sorted(runs))]
        data = b"".join(sorted(runs))
        name = f"{part}-{len(data)}-{data.count(NEWLINE)}-{hashlib.sha256(data).hexdigest()}"
        return name, _rows(data)

    return _merged(merge, batches)


def _rows(data: bytes) -> Iterator[bytes]:
    """Yield the rows of a text file, without the ends that its writer adds."""
    at = 0
    while at < len(data):
        end = data.find(NEWLINE, at + _ROW)
        yield data[at : len(data) - 1 if end < 0 else end]
        at = len(data) if end < 0 else end + 1


def merged_rows(tables: Broadcast[SourceTables], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Make a Parquet file of the pieces of each part of a table."""

    def merge(part: str, pieces: list[bytes]) -> tuple[str, Iterable[bytes]]:
        data = tables.value.file(part.partition("-")[0], list(_unpacked(pieces)))
        return part, [data.removesuffix(PARQUET_END)]

    return _merged(merge, batches)


def _merged(
    merge: Callable[[str, list[bytes]], tuple[str, Iterable[bytes]]], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Merge the pieces of each part into a file, without its end, which its writer adds."""
    rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    for part, some in groupby(rows, lambda row: row[0]):
        name, texts = merge(part, [data for _, data in some])
        yield from (packed_batch([(name, text)], PIECES) for text in texts)


__all__ = [
    "PARQUET_END",
    "PIECES",
    "Cuts",
    "cut_lines",
    "line_pieces",
    "merged_lines",
    "merged_rows",
    "row_pieces",
]
