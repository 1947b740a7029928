"""A compiled graph as sorted lines of N-Quads: in memory, or on disk if it is large."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from graphkit.build.codebook import compile_codebook
from graphkit.build.compile import compile_corpus
from graphkit.build.nquads import ontology_lines
from graphkit.build.sorted_runs import Runs, write_block
from graphkit.build.statements import compile_source, compile_statement
from graphkit.corpus.load import Loaded
from graphkit.model.records import Corpus, Source
from graphkit.model.workspace import Workspace

# A graph with more quads is kept on disk: in memory, it takes about half a kilobyte for each quad.
MOST_IN_MEMORY = 100_000
# Lines that are read or written at a time.
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Compiled:
    """The lines of a graph before the rules, each once.

    Attributes:
        data: The lines, or the file that holds them.
    """

    data: bytes | Path
    quads: int

    def lines(self) -> Iterator[bytes]:
        """Yield the lines in their order."""
        return read_lines(self.data)


def read_lines(data: bytes | Path) -> Iterator[bytes]:
    """Yield lines in memory or in a file."""
    if isinstance(data, bytes):
        yield from data.splitlines(keepends=True)
    else:
        with data.open("rb") as file:
            yield from file


def merged(*runs: Iterable[bytes]) -> Iterator[bytes]:
    r"""Merge sorted lines, each once.

    >>> list(merged([b"a\n", b"c\n"], [b"a\n", b"b\n"]))
    [b'a\n', b'b\n', b'c\n']
    """
    last = b""
    for line in heapq.merge(*runs):
        if line != last:
            yield line
            last = line


class Sink(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


def write_lines(lines: Iterator[bytes], to: Sink) -> tuple[int, str]:
    """Write lines, and return their number and their hash."""
    quads, digest = 0, hashlib.sha256()
    while block := list(islice(lines, _BLOCK)):
        data = b"".join(block)
        quads += len(block)
        digest.update(data)
        to.write(data)
    return quads, digest.hexdigest()


def compile_lines(workspace: Workspace, loaded: Loaded) -> set[str]:
    """Return the lines of the ontology and the corpus, each once."""
    return {*common_lines(workspace, loaded), *source_lines(loaded.corpus)}


def source_lines(corpus: Corpus) -> Iterator[str]:
    """Yield the lines of the sources and their statements."""
    return (line for source in corpus.sources.values() for line in lines_of(source, corpus))


def common_lines(workspace: Workspace, loaded: Loaded) -> list[str]:
    """Return the lines that belong to no source."""
    return [*ontology_lines(workspace.vocabularies()), *record_lines(loaded)]


def record_lines(loaded: Loaded) -> list[str]:
    """Return the lines of the dataset, the entities and the codebook."""
    corpus = loaded.corpus
    coding = compile_codebook(loaded.codebook, corpus.vocabulary, corpus.dataset.language)
    return [*compile_corpus(replace(corpus, sources={})), *coding]


def lines_of(source: Source, corpus: Corpus) -> Iterator[str]:
    """Yield the lines of a source and its statements."""
    yield from compile_source(source, corpus)
    for key in source.statements:
        yield from compile_statement(source, key, corpus)


def in_memory(lines: Iterable[str]) -> Compiled:
    """Return lines in any order as a compiled graph in memory."""
    ordered = sorted(set(lines))
    return Compiled("".join(ordered).encode(), len(ordered))


def on_disk(runs: Runs, other: Iterable[str], left_out: frozenset[str] = frozenset()) -> Compiled:
    """Return sorted runs and other lines as a compiled graph; it is read into memory if it is small.

    Args:
        left_out: Sources that are not in the graph.
    """
    path = runs.folder / "compiled.nq"
    quads = 0
    with path.open("wb") as file:
        for part in runs.sorted_parts(other, left_out):
            quads += part.count(b"\n")
            file.write(part)
    return of_file(path, quads)


def of_file(path: Path, quads: int) -> Compiled:
    """Return a file of sorted lines as a compiled graph; it is read into memory if it is small."""
    return Compiled(path if quads > MOST_IN_MEMORY else path.read_bytes(), quads)


def add_sources(runs: Runs, corpus: Corpus) -> None:
    """Add the sources of a workspace to sorted runs."""
    with (runs.folder / "own.nq").open("wb") as file:
        block = write_block(file, ((name, lines_of(source, corpus)) for name, source in corpus.sources.items()))
    runs.add("own.nq", block)
