"""The bulk build: JSON lines to build/graph.nq and its index, without source files and in constant memory.

The functions of the ordinary route check and compile the rows, chunk by chunk, in one process for each core. The stages
after that are those of `graphkit build`.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from graphkit.build.compiled import add_sources, common_lines, on_disk
from graphkit.build.finish import Finishing
from graphkit.build.generations import new_generation, switch
from graphkit.build.sorted_runs import Runs
from graphkit.corpus.evidence import check_lengths
from graphkit.corpus.load import Loaded, load
from graphkit.corpus.references import Links
from graphkit.curate.tables import CannotImportError
from graphkit.curate.tables.bulk.chunks import Chunk, split
from graphkit.curate.tables.bulk.work import ChunkResult, WorkerContext, begin, provide, work
from graphkit.curate.tables.jsonlines import json_table
from graphkit.curate.tables.readers import text_begin
from graphkit.curate.tables.refused import RefusedRows, Spool, refusal
from graphkit.curate.tables.rows import Checker, SourceHead
from graphkit.curate.tables.sources import SourceFiles, source_paths
from graphkit.curate.tables.table import Lines, StatementTable
from graphkit.model.errors import GraphkitError, Location, Problem, StoreError, has_errors, in_order
from graphkit.model.files import replacing_all, scratch_folder
from graphkit.model.generation import Generation
from graphkit.model.iris import PREFIXES
from graphkit.model.processes import hidden_script
from graphkit.model.records import Source
from graphkit.model.workspace import Workspace

T = TypeVar("T")

# Chunks that wait for a process, for each process.
_WAITING = 2


@dataclass(frozen=True, slots=True)
class BulkBuilt:
    """The result of a bulk build.

    Attributes:
        repeated: How many rows repeat an earlier statement.
        more: How many problems of rows were not reported: of each part of the table, the first 100 of each
            code are.
        counts: Kind of thing to its number in the graph; empty if nothing was built.
        problems: The warnings of shapes and checks.
    """

    rows: int
    statements: int
    sources: int
    repeated: int
    refused: int
    refused_file: Path
    more: int
    counts: Mapping[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def bulk_build(  # noqa: PLR0913 - only the first three are needed
    path: Path,
    workspace: Workspace,
    report: Callable[[Problem], None],
    progress: Callable[[str], None] = lambda _text: None,
    *,
    processes: int | None = None,
    seconds: float | None = None,
) -> BulkBuilt:
    """Build the graph of a table and of the sources in the workspace; nothing is built if all rows are refused.

    Args:
        path: JSON lines in which the rows of a source stand together.
        processes: How many processes check and compile; by default one for each core.
        seconds: The time limit of a rule and of a check; by default it grows with the graph.

    Raises:
        CannotImportError: The table or the workspace cannot be read, or the table has no rows.
    """
    if path.suffix.lower() != ".jsonl":
        raise GraphkitError(f"--build takes JSON lines, not {path}.", "Save it as .jsonl, or import without --build.")
    if workspace.merges.exists():
        message = f"{workspace.name(workspace.merges)} is not applied by --build."
        raise GraphkitError(message, "Import without --build, and type: graphkit build")
    first, before = text_begin(path), _stamp(path)
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
            if _stamp(path) != before:
                raise StoreError(f"{path} was changed while it was read.", "Wait until it is complete, and repeat.")
            orphans = run.orphans()
            if refused.count() == run.rows:
                with _refused_table(run):
                    return run.result()
            progress("sorting …")
            compiled = on_disk(run.runs, common_lines(workspace, loaded), orphans)
            places, built = {**loaded.places, **run.places()}, run.result()
            stages = Finishing(workspace, compiled, places, [], seconds, lambda stage: progress(f"{stage} …"))
            finished = stages.write(new)
            if has_errors(finished.problems):
                raise CannotImportError(*finished.problems)
            _put_in_place(run, workspace, finished.generation or new, finished.sha256)
            return replace(built, counts=finished.counts, problems=finished.problems)
    except BrokenProcessPool as error:
        message = "Another program ended one of the processes; nothing was built."
        raise StoreError(message, "Free memory, and try again.") from error
    except OSError as error:
        raise StoreError(f"{workspace.build} cannot be written: {error}", "Free the disk or the folder.") from error


def _stamp(path: Path) -> tuple[int, int]:
    """Return what differs after a change of a file: its size, and the time of the change."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


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
    more: int = 0
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
        add_sources(self.runs, self.context.corpus)

    def scattered(self, result: ChunkResult) -> dict[str, int]:
        """Return the sources of a chunk that an earlier chunk has too, with their first row."""
        return {name: self.first_rows[name] for name in result.first_rows if name in self.first_rows}

    def take(self, result: ChunkResult) -> None:
        self.rows += result.rows
        self.statements += result.statements
        self.repeated += result.repeated
        self.first_rows.update((sys.intern(name), row) for name, row in result.first_rows.items())
        self.heads |= result.sources
        for problem in result.problems:
            self.report(problem)
        self.more += result.more
        if result.refused:
            with (self.context.folder / result.refused_file).open("rb") as file:
                file.seek(result.refused.start)
                while file.tell() < result.refused.stop:
                    self.refused.add("", file.readline().decode())
            self.refused.check_path("built")
        for name, original in result.copies:
            self.copies.add(name, original)
        if result.block:
            self.runs.add(result.file, result.block)

    def orphans(self) -> frozenset[str]:
        """Refuse the sources whose original is missing, and return them."""
        checker = Checker(self.table, self.context.links, heads=self.heads)
        orphans = set()
        for name, problem in checker.orphans(frozenset(self.runs.names) | frozenset(self.context.source_files.paths)):
            self.report(problem)
            orphans.add(name)
            self.statements -= self.copies.count(name)
            for original in self.copies.texts(name):
                self.refused.add("", refusal(json.loads(original), [problem]))
                self.refused.check_path("built")
        self.without += len(orphans)
        return frozenset(orphans)

    def places(self) -> dict[str, Location]:
        """Return the first row of each source as the location of the source and of its statements."""
        table = str(self.context.path)
        rows = [(name, Location(table, row)) for name, row in self.first_rows.items()]
        return {f"{PREFIXES[kind]}{name}": place for name, place in rows for kind in ("source", "statement")}

    def result(self) -> BulkBuilt:
        """Return the result, and free the memory that the index needs next."""
        sources = len(self.runs.names) - self.without
        self.runs.clear()
        self.first_rows.clear()
        refused = self.refused.count()
        return BulkBuilt(self.rows, self.statements, sources, self.repeated, refused, self.refused.path, self.more)


def _take_all(run: _BulkRun, chunks: Iterator[Chunk], progress: Callable[[str], None], processes: int) -> None:
    """Process all chunks, and take their results in order; one chunk takes less time than the start of a process."""
    begun = list(islice(chunks, 2))
    if begun[1:]:
        _take_from_processes(run, chain(begun, chunks), progress, processes)
    elif begun:
        provide(run.context)
        run.take(work(begun[0], {}))
    if not run.rows:
        message = "There are no rows."
        raise CannotImportError(Problem("empty-file", Location(str(run.context.path), 1), message, "fill some in."))


def _take_from_processes(
    run: _BulkRun, chunks: Iterable[Chunk], progress: Callable[[str], None], processes: int
) -> None:
    """Process chunks in several processes; only a few chunks wait at a time."""
    with _pool(processes, run.context) as pool:
        waiting: deque[tuple[Chunk, Future[ChunkResult]]] = deque()
        for chunk in chunks:
            waiting.append((chunk, _submit(pool, work, chunk, {})))
            if len(waiting) > _WAITING * processes:
                _take_one(run, waiting, pool)
                progress(f"{run.rows:,} rows …")
        while waiting:
            _take_one(run, waiting, pool)


def _take_one(run: _BulkRun, waiting: deque[tuple[Chunk, Future[ChunkResult]]], pool: ProcessPoolExecutor) -> None:
    chunk, future = waiting.popleft()
    result = future.result()
    if scattered := run.scattered(result):
        # Rare: the second pass refuses the rows that stand apart from the others of their source.
        result = _submit(pool, work, chunk, scattered).result()
    run.take(result)


def _put_in_place(run: _BulkRun, workspace: Workspace, new: Generation, sha256: str) -> None:
    with _refused_table(run):
        # First, so that the import can be repeated after a kill: it would find the rows of an earlier import.
        switch(workspace.build, new, sha256)


@contextmanager
def _refused_table(run: _BulkRun) -> Iterator[None]:
    """Write the refused rows; they are in their place after the block."""
    with replacing_all(*[run.refused.path] * bool(run.refused.count())) as table:
        for path in table:
            run.refused.write(path, run.table)
        yield


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
    """Return the data that every process needs."""
    corpus = loaded.corpus
    links = Links(corpus.entities, frozenset(corpus.sources), corpus.vocabulary)
    source_files = SourceFiles(workspace, add=False, paths=source_paths(workspace))
    return WorkerContext(path, corpus, links, source_files, folder)


def _submit(pool: ProcessPoolExecutor, call: Callable[..., T], *arguments: object) -> Future[T]:
    """Submit a call; a process that the pool starts for it ignores Ctrl-C from its first instruction.

    Otherwise it would print a traceback while its interpreter starts. The parent ends it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if hasattr(signal, "pthread_sigmask") else None
    try:
        with hidden_script():
            return pool.submit(call, *arguments)
    finally:
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


__all__ = ["BulkBuilt", "bulk_build", "read_workspace", "worker_context"]
