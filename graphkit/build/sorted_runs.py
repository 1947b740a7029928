"""Lines on disk, on their way to be sorted: what belongs together is written together.

Lines about a source or its statements begin with its name: sorted by themselves, they only have to be put in the
order of the names. Lines about propositions begin with a hash, and are dealt out by its first digits.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from graphkit.model.iris import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

PROPOSITION, SOURCE, STATEMENT = (f"<{PREFIXES[name]}" for name in ("proposition", "source", "statement"))
_BUCKETS = tuple(f"{number:02x}" for number in range(256))


class Place(NamedTuple):
    """Where the lines of a source are: those about it, and right after them those about its statements."""

    file: int
    offset: int
    source: int
    statements: int


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of some sources in a file.

    Attributes:
        offset: Where they begin.
        sources: Id to the lengths of the lines about the source and about its statements, in order.
        buckets: Where each bucket of propositions begins, and where the last one ends.
    """

    offset: int
    sources: list[tuple[str, int, int]]
    buckets: array[int]


def write_block(file: BinaryIO, sources: Iterable[tuple[str, Iterable[str]]]) -> Block:
    """Write the lines of some sources, sorted as far as that can be done here.

    Args:
        file: Where to; they are put at its end.
        sources: The id of each source and its lines.
    """
    begin = file.seek(0, 2)
    lengths: list[tuple[str, int, int]] = []
    propositions: list[str] = []
    for name, lines in sources:
        whole = sorted(set(lines))
        first, last = bisect_left(whole, SOURCE), bisect_left(whole, STATEMENT)
        propositions += whole[:first]
        lengths.append((name, file.write(_joined(whole[first:last])), file.write(_joined(whole[last:]))))
    propositions.sort()
    return Block(begin, lengths, _write_buckets(file, propositions))


def _write_buckets(file: BinaryIO, lines: list[str]) -> array[int]:
    ends = [bisect_left(lines, PROPOSITION + digits) for digits in _BUCKETS] + [len(lines)]
    places = array("Q", [file.tell()])
    for first, last in pairwise(ends):
        file.write(_joined(lines[first:last]))
        places.append(file.tell())
    return places


def _joined(lines: list[str]) -> bytes:
    return "".join(lines).encode()


@dataclass(slots=True)
class Runs:
    """What has been written so far.

    Args:
        folder: Where the files are.
        names: Id of a source to its number.
        places: Where its lines are, four numbers for each: of which file, the offset, and the lengths of the lines
            about it and about its statements. An array: a million sources would be a million objects.
    """

    folder: Path
    files: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    places: array[int] = field(default_factory=lambda: array("Q"))
    buckets: list[tuple[int, array[int]]] = field(default_factory=list)

    def add(self, name: str, block: Block) -> None:
        """Take note of a block in one of the files."""
        if name not in self.files:
            self.files.append(name)
        number, offset = self.files.index(name), block.offset
        for source, about, said in block.sources:
            self.names[sys.intern(source)] = len(self.names)
            self.places.extend((number, offset, about, said))
            offset += about + said
        self.buckets.append((number, block.buckets))

    def sorted_parts(self, other: Iterable[str], lost: frozenset[str]) -> Iterator[bytes]:
        """Yield all lines in their order, in parts.

        Args:
            other: Lines about anything else.
            lost: Sources of which nothing is kept.
        """
        rest = sorted(set(other))
        cuts = [0, *(bisect_left(rest, prefix) for prefix in (PROPOSITION, SOURCE, STATEMENT)), len(rest)]
        before, after_propositions, after_sources, after = (rest[a:b] for a, b in pairwise(cuts))
        files = [(self.folder / name).open("rb") for name in self.files]
        try:
            yield _joined(before)
            yield from self._propositions(files, lost)
            yield _joined(after_propositions)
            yield from (_read(files[at.file], at.offset, at.source) for at in self._in_order(">", lost))
            yield _joined(after_sources)
            yield from (_read(files[at.file], at.offset + at.source, at.statements) for at in self._in_order("/", lost))
            yield _joined(after)
        finally:
            for file in files:
                file.close()

    def forget(self) -> None:
        """Let go of everything, once all lines are in their order."""
        self.names.clear()
        self.places = array("Q")
        self.buckets.clear()

    def _in_order(self, end: str, lost: frozenset[str]) -> Iterator[Place]:
        names = sorted((f"{name}{end}", number) for name, number in self.names.items() if name not in lost)
        return (Place(*self.places[4 * number : 4 * number + 4]) for _, number in names)

    def _propositions(self, files: Sequence[BinaryIO], lost: frozenset[str]) -> Iterator[bytes]:
        graphs = {f"<{PREFIXES['graph']}source/{name}>".encode() for name in lost}
        for bucket in range(len(_BUCKETS)):
            parts = (_read(files[run], at[bucket], at[bucket + 1] - at[bucket]) for run, at in self.buckets)
            lines = b"".join(parts).splitlines(keepends=True)
            if graphs:
                lines = [line for line in lines if line.rsplit(b" ", 2)[1] not in graphs]
            lines.sort()
            yield b"".join(lines)


def _read(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)
