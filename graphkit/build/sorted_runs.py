"""An external sort of N-Quads lines that uses their structure.

Lines about a source or its statements begin with its name: each source is sorted by itself, and the sources are read
back in the order of their names. Lines about propositions begin with a hash, and go into buckets by its first digits.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graphkit.model.iris import PREFIXES

PROPOSITION, SOURCE, STATEMENT = (f"<{PREFIXES[name]}" for name in ("proposition", "source", "statement"))
_BUCKETS = tuple(f"{number:02x}" for number in range(256))


class Span(NamedTuple):
    """The lines of a source in a file: first those about the source, then those about its statements."""

    file: int
    offset: int
    source: int
    statements: int


@dataclass(frozen=True, slots=True)
class RunBlock:
    """The lines of some sources in a file.

    Attributes:
        offset: Offset of the first line.
        sources: Id of each source, with the lengths of the lines about it and about its statements, in order.
        buckets: Offsets of the buckets of propositions, and the end of the last bucket.
    """

    offset: int
    sources: list[tuple[str, int, int]]
    buckets: array[int]


def write_block(file: BinaryIO, sources: Iterable[tuple[str, Iterable[str]]]) -> RunBlock:
    """Append the lines of some sources to a file, sorted within each source and bucket."""
    begin = file.seek(0, 2)
    lengths: list[tuple[str, int, int]] = []
    propositions: list[str] = []
    for name, lines in sources:
        whole = sorted(set(lines))
        first, last = bisect_left(whole, SOURCE), bisect_left(whole, STATEMENT)
        propositions += whole[:first]
        lengths.append((name, file.write(_joined(whole[first:last])), file.write(_joined(whole[last:]))))
    propositions.sort()
    return RunBlock(begin, lengths, _write_buckets(file, propositions))


def _write_buckets(file: BinaryIO, lines: list[str]) -> array[int]:
    ends = [bisect_left(lines, PROPOSITION + digits) for digits in _BUCKETS] + [len(lines)]
    offsets = array("Q", [file.tell()])
    for first, last in pairwise(ends):
        file.write(_joined(lines[first:last]))
        offsets.append(file.tell())
    return offsets


def _joined(lines: list[str]) -> bytes:
    return "".join(lines).encode()


@dataclass(slots=True)
class Runs:
    """The sorted runs on disk.

    Args:
        names: Id of a source to its number.
        spans: The lines of each source, as four numbers: file, offset, and the lengths of the lines about the source
            and about its statements. It is an array because a million sources would be a million objects.
    """

    folder: Path
    files: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    spans: array[int] = field(default_factory=lambda: array("Q"))
    buckets: list[tuple[int, array[int]]] = field(default_factory=list)

    def add(self, name: str, block: RunBlock) -> None:
        """Add a block in one of the files."""
        if name not in self.files:
            self.files.append(name)
        number, offset = self.files.index(name), block.offset
        for source, about, said in block.sources:
            self.names[sys.intern(source)] = len(self.names)
            self.spans.extend((number, offset, about, said))
            offset += about + said
        self.buckets.append((number, block.buckets))

    def sorted_parts(self, other: Iterable[str], left_out: frozenset[str]) -> Iterator[bytes]:
        """Yield all lines in sorted order, in parts."""
        rest = sorted(set(other))
        cuts = [0, *(bisect_left(rest, prefix) for prefix in (PROPOSITION, SOURCE, STATEMENT)), len(rest)]
        before, after_propositions, after_sources, after = (rest[a:b] for a, b in pairwise(cuts))
        files = [(self.folder / name).open("rb") for name in self.files]
        try:
            yield _joined(before)
            yield from self._propositions(files, left_out)
            yield _joined(after_propositions)
            yield from (_read(files[span.file], span.offset, span.source) for span in self._in_order(">", left_out))
            yield _joined(after_sources)
            yield from (
                _read(files[span.file], span.offset + span.source, span.statements)
                for span in self._in_order("/", left_out)
            )
            yield _joined(after)
        finally:
            for file in files:
                file.close()

    def clear(self) -> None:
        """Free the memory after the last line is read."""
        self.names.clear()
        self.spans = array("Q")
        self.buckets.clear()

    def _in_order(self, end: str, left_out: frozenset[str]) -> Iterator[Span]:
        names = sorted((f"{name}{end}", number) for name, number in self.names.items() if name not in left_out)
        return (Span(*self.spans[4 * number : 4 * number + 4]) for _, number in names)

    def _propositions(self, files: Sequence[BinaryIO], left_out: frozenset[str]) -> Iterator[bytes]:
        graphs = {f"<{PREFIXES['graph']}source/{name}>".encode() for name in left_out}
        for bucket in range(len(_BUCKETS)):
            parts = (_read(files[number], at[bucket], at[bucket + 1] - at[bucket]) for number, at in self.buckets)
            lines = b"".join(parts).splitlines(keepends=True)
            if graphs:
                lines = [line for line in lines if line.rsplit(b" ", 2)[1] not in graphs]
            lines.sort()
            yield b"".join(lines)


def _read(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
