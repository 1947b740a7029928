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
from itertools import groupby
from typing import TYPE_CHECKING, Any

from graphkit.build.sorted_runs import PROPOSITION, SOURCE, STATEMENT
from graphkit.curate.tables.spark.packed import squeeze, unsqueeze

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa
    from pyspark import Broadcast

    from graphkit.curate.tables.spark.work import SourceTables

# Bytes of the lines that a task holds at once, and of the rows in which a part is written.
_BATCH, _ROW = 16_000_000, 4_000_000
# The tables about propositions; the others are about sources and their statements.
_HASHED = ("propositions", "alternatives")
# The bytes at the end of a Parquet file.
PARQUET_END = b"PAR1"
# The columns of pieces, and of the rows of parts, in a data frame of Spark.
PIECES, ROWS = "part string, data binary", "part string, at int, data binary"


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


def _key(line: str) -> str:
    """Return the characters of a line that decide about its part."""
    subject = line[: line.index(" ")]
    if not subject.startswith(STATEMENT):
        return subject
    return f"{STATEMENT}{subject[len(STATEMENT) :].partition('/')[0]}/"


# --- before the shuffle -------------------------------------------------------------------------------


def line_pieces(cuts: Cuts, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Cut the lines of compiled sources into pieces of the parts."""
    return map(_piece_batch, (cut_lines(cuts, lines) for lines in _lines_of(batches)))


def cut_lines(cuts: Cuts, lines: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """Cut sorted lines into pieces."""
    found, at = [], 0
    while at < len(lines):
        part = cuts.part(_key(lines[at].decode()))
        # The parts are sorted as well.
        end = bisect_right(lines, part, at, key=lambda line: cuts.part(_key(line.decode())))
        found.append((part, squeeze(b"".join(lines[at:end]))))
        at = end
    return found


def row_pieces(
    cuts: Cuts, tables: Broadcast[SourceTables], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Make rows of tables of compiled sources, and cut them into pieces of the parts of the tables."""
    for lines in _lines_of(batches):
        yield _piece_batch(piece for name, rows in tables.value.rows(lines) for piece in _cut_rows(cuts, name, rows))


def _cut_rows(cuts: Cuts, table: str, rows: pa.RecordBatch) -> Iterator[tuple[str, bytes]]:
    import pyarrow as pa

    at = 0
    for part, some in groupby(rows.column(0).to_pylist(), lambda name: cuts.row(table, name)):
        length = sum(1 for _ in some)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
            stream.write_batch(rows.slice(at, length))
        yield part, sink.getvalue().to_pybytes()
        at += length


def _lines_of(batches: Iterable[pa.RecordBatch]) -> Iterator[list[bytes]]:
    """Yield the sorted lines of some sources at a time."""
    waiting: list[bytes] = []
    size = 0
    for batch in batches:
        for data in batch.column(0).to_pylist():
            waiting.append(unsqueeze(data))
            size += len(waiting[-1])
            if size > _BATCH:
                yield _sorted(waiting)
                waiting, size = [], 0
    if waiting:
        yield _sorted(waiting)


def _sorted(pieces: Iterable[bytes]) -> list[bytes]:
    """Return the lines of sorted pieces, sorted."""
    lines = [line for piece in sorted(pieces) for line in piece.splitlines(keepends=True)]
    lines.sort()
    return lines


def _piece_batch(pieces: Iterable[tuple[str, bytes]]) -> pa.RecordBatch:
    return _batch(("part", "data"), pieces)


def _batch(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> pa.RecordBatch:
    import pyarrow as pa

    some = list(rows)
    columns = zip(*some, strict=True) if some else ((),) * len(names)
    kinds = {"part": pa.string(), "at": pa.int32(), "data": pa.binary()}
    arrays = [pa.array(column, kinds[name]) for name, column in zip(names, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names)


# --- after the shuffle --------------------------------------------------------------------------------


def merged_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Merge the pieces of each part; its name gets its size, the number of its lines and its hash."""

    def merge(part: str, pieces: list[bytes]) -> tuple[str, Iterable[bytes]]:
        lines = [line for line, _ in groupby(_sorted(map(unsqueeze, pieces)))]
        data = b"".join(lines)
        return f"{part}-{len(data)}-{len(lines)}-{hashlib.sha256(data).hexdigest()}", _rows(lines)

    return _merged(merge, batches)


def _rows(lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the rows of a text file whose writer adds the last line end of each."""
    every = max(1, _ROW * len(lines) // max(1, sum(map(len, lines))))
    for at in range(0, len(lines), every):
        yield b"".join(lines[at : at + every])[:-1]


def merged_rows(tables: Broadcast[SourceTables], batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Make a Parquet file of the pieces of each part of a table, without its end, which its writer adds."""
    import pyarrow as pa

    def merge(part: str, pieces: list[bytes]) -> tuple[str, Iterable[bytes]]:
        rows = [batch for piece in pieces for batch in pa.ipc.open_stream(piece)]
        return part, [tables.value.file(part.partition("-")[0], rows).removesuffix(PARQUET_END)]

    return _merged(merge, batches)


def _merged(
    merge: Callable[[str, list[bytes]], tuple[str, Iterable[bytes]]], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    rows = (row for batch in batches for row in zip(*(column.to_pylist() for column in batch.columns), strict=True))
    for part, some in groupby(rows, lambda row: row[0]):
        name, data = merge(part, [row[1] for row in some])
        for at, one in enumerate(data):
            yield _batch(("part", "at", "data"), [(name, at, one)])


__all__ = [
    "PARQUET_END",
    "PIECES",
    "ROWS",
    "Cuts",
    "cut_lines",
    "line_pieces",
    "merged_lines",
    "merged_rows",
    "row_pieces",
]
