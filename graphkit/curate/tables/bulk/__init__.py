"""The bulk build: JSON lines to build/graph.nq and its index, without source files and in constant memory.

The functions of the ordinary route check and compile the rows, chunk by chunk, in one process for each core. Rules,
shapes and checks are not applied: they need the whole graph at once.
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from graphkit.build.compile import compile_corpus, compile_ontology
from graphkit.build.generations import find_whole, new_generation, seal, switch
from graphkit.build.sorted_runs import Runs, write_block
from graphkit.build.statistics import write_statistics
from graphkit.corpus.evidence import check_lengths
from graphkit.corpus.load import load
from graphkit.corpus.references import Links
from graphkit.curate.tables import CannotImportError
from graphkit.curate.tables.bulk.chunks import Chunk, split
from graphkit.curate.tables.bulk.work import ChunkResult, WorkerContext, begin, lines, work
from graphkit.curate.tables.jsonlines import json_table
from graphkit.curate.tables.readers import text_begin
from graphkit.curate.tables.refused import RefusedRows, Spool, refusal
from graphkit.curate.tables.rows import Checker
from graphkit.curate.tables.sources import SourceFiles, source_paths
from graphkit.curate.tables.table import Lines
from graphkit.model.errors import GraphkitError, Location, Problem, StoreError, has_errors, in_order
from graphkit.model.files import replacing_all, scratch_folder
from graphkit.model.vocabulary import read_ontology
from graphkit.store import index_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from graphkit.corpus.load import Loaded
    from graphkit.curate.tables.rows import SourceHead
    from graphkit.curate.tables.table import StatementTable
    from graphkit.model.generation import Generation
    from graphkit.model.records import Source
    from graphkit.model.workspace import Workspace

T = TypeVar("T")

# Slices that one process loads into the index.
_SLICES = 16
# Chunks that wait for a process, for each process.
_WAITING = 2


@dataclass(frozen=True, slots=True)
class BulkBuilt:
    """The result of a bulk build.

    Attributes:
        repeated: How many rows repeat an earlier statement.
    """

    rows: int
    statements: int
    sources: int
    repeated: int
    refused: int
    refused_file: Path
    quads: int


def bulk_build(
    path: Path,
    workspace: Workspace,
    report: Callable[[Problem], None],
    progress: Callable[[str], None] = lambda _text: None,
    processes: int | None = None,
) -> BulkBuilt:
    """Build the graph of a table and of the sources in the workspace.

    Args:
        path: JSON lines in which the rows of a source stand together.
        processes: How many processes check and compile; by default one for each core.

    Raises:
        CannotImportError: The table or the workspace cannot be read, or the table has no rows.
    """
    if path.suffix.lower() != ".jsonl":
        raise GraphkitError(f"--build takes JSON lines, not {path}.", "Save it as .jsonl, or import without --build.")
    if workspace.merges.exists():
        message = f"{workspace.name(workspace.merges)} is not applied by --build."
        raise GraphkitError(message, "Import without --build, and type: graphkit build")
    first = text_begin(path)
    loaded = read_workspace(workspace)
    try:
        with (
            scratch_folder(workspace.build) as folder,
            new_generation(workspace.build) as new,
            RefusedRows(path) as refused,
            Spool() as copies,
        ):
            context = worker_context(path, workspace, loaded, folder)
            run = _BulkRun(context, Runs(folder), report, refused, copies)
            run.add_sources(loaded.corpus.sources)
            _take_all(run, split(path, first), progress, processes or _cores())
            orphans = run.orphans()
            progress("sorting …")
            quads, sha256 = _write_graph(run, new.graph_file, workspace, loaded, orphans)
            built = run.result(quads)
            progress("indexing …")
            index_graph(context, new, sha256)
            _put_in_place(run, workspace, new, sha256)
            return built
    except BrokenProcessPool as error:
        message = "Another program ended one of the processes; nothing was built."
        raise StoreError(message, "Free memory, and try again.") from error
    except OSError as error:
        raise StoreError(f"{workspace.build} cannot be written: {error}", "Free the disk or the folder.") from error


@dataclass(slots=True)
class _BulkRun:
    """A bulk build in progress."""

    context: WorkerContext
    runs: Runs
    report: Callable[[Problem], None]
    refused: RefusedRows
    copies: Spool
    rows: int = 0
    statements: int = 0
    repeated: int = 0
    first_rows: dict[str, int] = field(default_factory=dict)
    heads: dict[str, SourceHead] = field(default_factory=dict)
    without: int = 0

    @property
    def table(self) -> StatementTable:
        """The table, without its rows."""
        return json_table(Lines(io.StringIO()), str(self.context.path))

    def add_sources(self, sources: Mapping[str, Source]) -> None:
        """Add the sources of the workspace itself; the result does not count them."""
        self.without = len(sources)
        with (self.context.folder / "own.nq").open("wb") as file:
            block = write_block(file, ((name, lines(source, self.context.corpus)) for name, source in sources.items()))
        self.runs.add("own.nq", block)

    def scattered(self, result: ChunkResult) -> dict[str, int]:
        """Return the sources of a chunk that an earlier chunk has too, with their first row."""
        return {name: self.first_rows[name] for name in result.first_rows if name in self.first_rows}

    def take(self, result: ChunkResult) -> None:
        """Add the result of a chunk."""
        self.rows += result.rows
        self.statements += result.statements
        self.repeated += result.repeated
        self.first_rows.update((sys.intern(name), row) for name, row in result.first_rows.items())
        self.heads |= result.sources
        for problem in result.problems:
            self.report(problem)
        for text in result.refused:
            self.refuse(text)
        for name, original in result.copies:
            self.copies.add(name, original)
        if result.block:
            self.runs.add(result.file, result.block)

    def refuse(self, text: str) -> None:
        """Keep a row for correction."""
        self.refused.add("", text)
        self.refused.check_path("built")

    def orphans(self) -> frozenset[str]:
        """Refuse the sources whose original is missing, and return them."""
        checker = Checker(self.table, self.context.links, heads=self.heads)
        orphans = set()
        for name, problem in checker.orphans(frozenset(self.runs.names) | frozenset(self.context.source_files.paths)):
            self.report(problem)
            orphans.add(name)
            self.statements -= self.copies.count(name)
            for original in self.copies.texts(name):
                self.refuse(refusal(json.loads(original), [problem]))
        self.without += len(orphans)
        return frozenset(orphans)

    def result(self, quads: int) -> BulkBuilt:
        """Return the result, and free the memory that the index needs next."""
        sources = len(self.runs.names) - self.without
        self.runs.clear()
        self.first_rows.clear()
        refused = self.refused.count()
        return BulkBuilt(self.rows, self.statements, sources, self.repeated, refused, self.refused.path, quads)


def index_graph(context: WorkerContext, new: Generation, sha256: str) -> None:
    """Make the index in one process after the other, each giving its memory back; another counts the triples."""
    with _pool(1, context) as counting:
        counted = _submit(counting, write_statistics, new.statistics_file, new.graph_file, sha256)
        start = 0
        while start >= 0:
            with _pool(1, context) as pool:
                start = _submit(pool, index_file, new.index, new.graph_file, start, _SLICES).result()
        counted.result()


def _take_all(run: _BulkRun, chunks: Iterator[Chunk], progress: Callable[[str], None], processes: int) -> None:
    """Process all chunks, and take their results in order; only a few wait at a time."""
    with _pool(processes, run.context) as pool:
        waiting: deque[tuple[Chunk, Future[ChunkResult]]] = deque()
        for chunk in chunks:
            waiting.append((chunk, _submit(pool, work, chunk, {})))
            if len(waiting) > _WAITING * processes:
                _take_one(run, waiting, pool)
                progress(f"{run.rows:,} rows …")
        while waiting:
            _take_one(run, waiting, pool)
    if not run.rows:
        message = "There are no rows."
        raise CannotImportError(Problem("empty-file", Location(str(run.context.path), 1), message, "fill some in."))


def _take_one(run: _BulkRun, waiting: deque[tuple[Chunk, Future[ChunkResult]]], pool: ProcessPoolExecutor) -> None:
    chunk, future = waiting.popleft()
    result = future.result()
    if scattered := run.scattered(result):
        # Rare: the second pass refuses the rows that stand apart from the others of their source.
        result = _submit(pool, work, chunk, scattered).result()
    run.take(result)


def _write_graph(
    run: _BulkRun, path: Path, workspace: Workspace, loaded: Loaded, orphans: frozenset[str]
) -> tuple[int, str]:
    """Write all lines in their order, and return their number and their hash."""
    other = common_lines(workspace, loaded)
    quads, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for part in run.runs.sorted_parts(other, orphans):
            quads += part.count(b"\n")
            digest.update(part)
            file.write(part)
    return quads, digest.hexdigest()


def common_lines(workspace: Workspace, loaded: Loaded) -> list[str]:
    """Return the lines that belong to no source: the ontology, the dataset and the entities."""
    triples = (
        (str(quad.subject), str(quad.predicate), str(quad.object)) for quad in read_ontology(workspace.vocabularies())
    )
    return [*compile_ontology(triples), *compile_corpus(replace(loaded.corpus, sources={}))]


def _put_in_place(run: _BulkRun, workspace: Workspace, new: Generation, sha256: str) -> None:
    refused = [run.refused.path] if run.refused.count() else []
    seal(new)
    with replacing_all(*refused) as table:
        for path in table:
            run.refused.write(path, run.table)
        # First, so that the import can be repeated after a kill: it would find the rows of an earlier import.
        switch(workspace.build, find_whole(workspace.build, sha256) or new, sha256)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_workspace(workspace: Workspace) -> Loaded:
    """Read the workspace, which must have no errors."""
    loaded = load(workspace)
    problems = [*loaded.problems, *check_lengths(loaded.corpus, loaded.places)]
    if has_errors(problems):
        raise CannotImportError(*in_order(problems))
    return loaded


def worker_context(path: Path, workspace: Workspace, loaded: Loaded, folder: Path) -> WorkerContext:
    """Return the data that every process needs.

    Args:
        folder: The folder of the sorted runs.
    """
    corpus = loaded.corpus
    links = Links(corpus.entities, frozenset(corpus.sources), corpus.vocabulary)
    source_files = SourceFiles(workspace, add=False, paths=source_paths(workspace))
    return WorkerContext(path, corpus, links, source_files, folder)


def _submit(pool: ProcessPoolExecutor, call: Callable[..., T], *arguments: object) -> Future[T]:
    """Submit a call; a process that the pool starts for it does not run the script of the caller again.

    The process also ignores Ctrl-C from its first instruction: otherwise it would print a traceback while its
    interpreter starts. The parent ends it.
    """
    script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        return pool.submit(call, *arguments)
    finally:
        sys.modules["__main__"] = script
        if before is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _pool(processes: int, context: WorkerContext) -> Iterator[ProcessPoolExecutor]:
    """Start processes; none is left after an error or Ctrl-C.

    They are spawned, not forked: a fork would copy the locks of the engine's threads without the threads.
    """
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, spawn, begin, (context,))
    try:
        yield pool
    except BaseException:
        for process in multiprocessing.active_children():
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


__all__ = ["BulkBuilt", "bulk_build", "common_lines", "index_graph", "read_workspace", "worker_context"]
